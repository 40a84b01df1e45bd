"""A portrait's motion, frame by frame -> which frames look so much like the last one painted that it is shown again.

What can be seen moves is told by the 150 points that sight knows. No picture is shown for long, and the first frame of
all that is made anew is painted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from llia.head.likeness import Likeness, project
from llia.head.shape import load_head

Floats = NDArray[np.float32]

MOST_IN_A_ROW = 2  # frames that show the picture of one before


@dataclass(frozen=True)
class Still:
    """What the last picture shows, and for how many frames it has been shown since."""

    places: Floats | None = None  # 150 2, in sides of the picture
    num_frames: int = 0


def new_pictures(motions: Floats, likeness: Likeness, least: float, still: Still) -> tuple[list[bool], Still]:
    """Motion, [T 66], whose, and how far something has to move to be seen, in sides of the picture -> which frames need
    a picture of their own, and what is shown after them. At 0 all do, and nothing is reckoned."""
    if least <= 0:
        return [True] * len(motions), still
    needed = []
    for motion in motions:
        places = project(likeness.pose(motion)[load_head().sight], likeness.camera, 1)[:, :2]
        same = still.places is not None and still.num_frames < MOST_IN_A_ROW and moved(still.places, places) < least
        still = Still(still.places, still.num_frames + 1) if same else Still(places)
        needed.append(not same)
    return needed, still


def moved(places: Floats, others: Floats) -> float:
    """-> how far the point went that went furthest."""
    return float(np.linalg.norm(others - places, axis=1).max())
