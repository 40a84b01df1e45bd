"""The outline of neck and shoulders at a height: what clothes are laid on and what the neck must stay inside."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Height, half width, half depth and middle in z of the horizontal section, cm.
SECTIONS = np.array(
    [
        (-40.0, 21.5, 11.5, -1.5),
        (-30.0, 21.8, 11.2, -1.5),
        (-25.0, 21.6, 10.8, -1.6),
        (-21.0, 20.8, 10.2, -1.8),
        (-18.5, 19.2, 9.6, -2.0),
        (-16.8, 16.6, 9.0, -2.2),
        (-15.2, 12.6, 8.3, -2.3),
        (-13.6, 9.2, 7.4, -2.2),
        (-12.2, 7.4, 6.7, -1.9),
        (-11.0, 6.6, 6.3, -1.4),
        (-9.0, 6.3, 6.1, -0.6),
        (-5.0, 6.3, 6.0, 0.4),
    ]
)
NECK_FOOT, SHOULDERS_FROM = -11.8, -16.0  # above the first, shoulders change nothing; below the second, all

Doubles = NDArray[np.float64]


def section(height: ArrayLike, shoulders: float) -> tuple[Doubles, Doubles, Doubles]:
    """Heights in cm and how broad the shoulders are (1 is usual) -> half width, half depth, middle in z."""
    heights, widths, depths, middles = SECTIONS.T
    height = np.asarray(height, np.float64)
    broad = np.interp(height, (SHOULDERS_FROM, NECK_FOOT), (shoulders, 1.0))
    width = np.interp(height, heights, widths) * broad
    return width, np.interp(height, heights, depths), np.interp(height, heights, middles)
