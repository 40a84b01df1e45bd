"""A likeness and one more picture by the same camera -> the motion there; films of it, frame by frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from llia.head.likeness import Likeness
from llia.head.motion import Motion
from llia.portrait.find import UNSURE, Found, Sights, find, look_again, look_finely
from llia.portrait.fit import expect, face_side, follow

Picture = NDArray[np.uint8]
NUM_BLIND_LOOKS = 2  # before the fine one, where no last frame says where the face stands


def track(picture: Picture, sights: Sights, likeness: Likeness, last: Motion | None = None) -> Motion | None:
    """A picture in which the likeness's square lies as in the portrait, and the last frame's motion if there is one ->
    the motion, [66]; None where no face is seen."""
    start = likeness.motion if last is None else last
    face = expected(likeness, start)
    if last is None:
        face = look_again(picture, sights.first, [face], NUM_BLIND_LOOKS)[0]
    face = look_finely(picture, sights, face)
    if face.doubt >= UNSURE:
        faces = find(picture, sights)
        if not faces:
            return None
        face = faces[0]
    return follow(likeness, face.points, face.sigma, start)


def expected(likeness: Likeness, motion: Motion) -> Found:
    """-> where the likeness's points stand in the picture, in a motion."""
    places = expect(likeness, motion)
    return Found(places, np.full(len(places), face_side(places)), 0.0)
