"""Gaze and blinks -> the lids of a face, just as far as this person's must go."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.head.arkit import eye_look
from llia.head.measures import Span
from llia.head.motion import MOTION_INDEX

Array = NDArray[np.floating[Any]]

SHUT_EYES_CM = -0.01
LEAST_BLINK, MOST_BLINK = 0.6, 1.35
EYELID_WEIGHTS = ("eyeWide", "eyeSquint")


def follow_gaze(face: Array, gaze: Array) -> None:
    """Lets lids follow the gaze, [n 2] in radians, in place."""
    for name, weight in eye_look(gaze).items():
        face[:, MOTION_INDEX[name]] += weight


def close_lids(face: Array, blink: Array, eye_left: Span, eye_right: Span) -> None:
    """Closes the lids in place where they blink, [n], 1 closed."""
    for side, span in (("Left", eye_left), ("Right", eye_right)):
        for name in EYELID_WEIGHTS:
            face[:, MOTION_INDEX[name + side]] *= 1 - blink
        place = MOTION_INDEX["eyeBlink" + side]
        face[:, place] *= 1 - blink
        aperture = span(face)
        needed = np.clip((aperture - SHUT_EYES_CM) / -float(span.per_weight[place]), LEAST_BLINK, MOST_BLINK)
        face[:, place] += blink * needed
