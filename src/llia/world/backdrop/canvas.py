"""Flat shapes on a picture, placed in shares of its side, so that a painting is the same at every size."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]

SHIFT = 4  # OpenCV takes places in sixteenths of a pixel
SMALL_SIGMA_PX = 2.5  # blur that is cheap; wider ones are made of it on a smaller picture
DISC_ANGLES = np.linspace(0, 2 * np.pi, 20, endpoint=False)
CIRCLE = np.stack((np.cos(DISC_ANGLES), np.sin(DISC_ANGLES)), 1)


def fill(image: Floats, points: ArrayLike, colour: ArrayLike) -> None:
    """A convex outline of x, y in shares of the side, painted into the picture."""
    pixels = np.asarray(points, np.float64) * image.shape[0] - 0.5
    fixed = np.rint(pixels * (1 << SHIFT)).astype(np.int32)
    cv2.fillConvexPoly(image, fixed, np.asarray(colour).tolist(), cv2.LINE_8, SHIFT)


def box(image: Floats, left: float, top: float, right: float, bottom: float, colour: ArrayLike) -> None:
    """A rectangle by its borders."""
    side = image.shape[0]
    x0, x1 = (round(min(max(value, 0.0), 1.0) * side) for value in (left, right))
    y0, y1 = (round(min(max(value, 0.0), 1.0) * side) for value in (top, bottom))
    image[y0:y1, x0:x1] = np.asarray(colour, np.float32)


def ellipse(image: Floats, x: float, y: float, radii: Sequence[float], turn: float, colour: ArrayLike) -> None:
    """An ellipse by its middle, its two radii and a turn in radians."""
    cos, sin = math.cos(turn), math.sin(turn)
    axes = np.array(((radii[0] * cos, radii[0] * sin), (-radii[1] * sin, radii[1] * cos)))
    fill(image, CIRCLE @ axes + (x, y), colour)


def soften(image: Floats, sigma: float) -> Floats:
    """A picture and a blur in shares of its side -> the blurred picture; wide blurs are made on a smaller one."""
    side = image.shape[0]
    sigma_px = sigma * side
    shrink = 1
    while sigma_px / shrink > 2 * SMALL_SIGMA_PX and side // (2 * shrink) >= 2:
        shrink *= 2
    small = image if shrink == 1 else cv2.resize(image, (side // shrink, side // shrink), interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), max(sigma_px / shrink, 0.3), borderType=cv2.BORDER_REPLICATE)
    if shrink > 1:
        blurred = cv2.resize(blurred, (side, side), interpolation=cv2.INTER_CUBIC)
    return np.asarray(blurred, np.float32)
