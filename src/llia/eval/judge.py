"""The judge: networks like sight's, of another seed and other people, that only measure what others have made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.eval.metrics import lip_gaps
from llia.head.likeness import Crop
from llia.portrait.find import FACE_SHARE, Found, Picture, Sights, look, look_again, look_closer


@dataclass(frozen=True)
class Reading:
    """What the judge reads in one picture."""

    points: NDArray[np.floating[Any]]  # 68 2, in the picture's pixels
    sigma: NDArray[np.floating[Any]]  # 68
    lip_gap: float  # in outer-eye distances


def ask(judge: Sights, picture: Picture, box: tuple[float, float, float, float]) -> Reading:
    """A picture and roughly where the face is: left, top, right, bottom -> what the judge reads there."""
    found: Found = look(picture, judge.first, [crop_of_box(box)])[0]
    found = look_closer(picture, judge, look_again(picture, judge.first, [found])[0])
    points = found.points[:68]
    return Reading(points, found.sigma[:68], float(lip_gaps(points)))


def crop_of_box(box: tuple[float, float, float, float]) -> Crop:
    """-> the square about a box in which a first network expects a face."""
    left, top, right, bottom = box
    side = max(right - left, bottom - top) / FACE_SHARE
    if not side > 0:
        raise ValueError(f"expected a box with left, top, right, bottom, got {box}; give one about the face")
    return Crop((left + right) / 2, (top + bottom) / 2, side)
