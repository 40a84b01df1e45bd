"""Curves and outlines on the unwrapped face -> soft covers to mix a colour in with; drawn fine, then averaged."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from llia.world.face.chart import FRAME

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

FINE = 4  # drawn at so many times the texture's size
SHIFT = 4  # OpenCV takes places in sixteenths of a pixel
BLUR_REACH = 2.6  # of a blur, in sigmas
FULL = 255


@dataclass(frozen=True)
class Cover:
    """A part of a texture and how much of a paint lies on each of its pixels."""

    rows: slice
    columns: slice
    share: Floats  # h w, or h w k


def curve(points: ArrayLike, count: int = 60) -> Doubles:
    """A few points, [n 2] -> the smooth curve through them (Catmull-Rom), [count 2]."""
    inner = np.asarray(points, np.float64)
    padded = np.vstack([2 * inner[0] - inner[1], inner, 2 * inner[-1] - inner[-2]])
    at = np.linspace(0, len(inner) - 1 - 1e-9, count)
    start = at.astype(int)
    t = (at - start)[:, None]
    a, b, c, d = (padded[start + k] for k in range(4))
    return np.asarray(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))


def normals_along(line: Doubles) -> Doubles:
    """A curve, [n 2] -> the unit normals along it, to the right of its course as seen on the page, [n 2]."""
    ahead = np.empty_like(line)
    ahead[1:-1] = line[2:] - line[:-2]
    ahead[0], ahead[-1] = line[1] - line[0], line[-1] - line[-2]
    length = np.sqrt(ahead[:, 0] ** 2 + ahead[:, 1] ** 2) + 1e-9
    return np.stack([-ahead[:, 1] / length, ahead[:, 0] / length], 1)


def ribbon(line: Doubles, width: Doubles | float) -> Doubles:
    """A curve, [n 2], and its width there -> the outline of that band, [2n 2]."""
    half = np.asarray(width, np.float64).reshape(-1, 1) / 2
    across = normals_along(line) * half
    return np.concatenate([line + across, (line - across)[::-1]])


@cache
def taper(count: int, ends: float = 0.15) -> Doubles:
    """-> a profile along a curve: `ends` at both ends, 1 in the middle, [count]."""
    return np.asarray(ends + (1 - ends) * np.sin(np.linspace(0, np.pi, count)) ** 0.7)


def bounds(points: Doubles, margin: float, size_px: int) -> tuple[slice, slice]:
    """Points of FRAME and a margin -> the rows and columns of a texture that hold them."""
    scale = size_px / FRAME
    low = np.floor((points.min(0) - margin) * scale).astype(int)
    high = np.ceil((points.max(0) + margin) * scale).astype(int)
    left, top = np.clip(low, 0, size_px - 1)
    right, bottom = np.clip(high, 1, size_px)
    return slice(int(top), int(max(bottom, top + 1))), slice(int(left), int(max(right, left + 1)))


def cover_shapes(
    shapes: list[Doubles], size_px: int, *, blur: float = 0.0, strengths: list[float] | None = None
) -> Cover:
    """Outlines in FRAME pixels, a blur in the same, how strong each is -> their cover."""
    rows, columns = bounds(np.vstack(shapes), BLUR_REACH * blur + 1, size_px)
    scale, height, width = size_px / FRAME, rows.stop - rows.start, columns.stop - columns.start
    finer = max(1, min(FINE, round(2 * FINE / (1 + blur * scale))))
    drawn = np.zeros((height * finer, width * finer), np.uint8)
    corner = np.array([columns.start, rows.start])
    for number, shape in enumerate(shapes):
        value = FULL if strengths is None else round(FULL * strengths[number])
        fixed = np.rint(((shape * scale - corner) * finer - 0.5) * (1 << SHIFT)).astype(np.int32)
        cv2.fillPoly(drawn, [fixed], (value,), cv2.LINE_AA, SHIFT)
    return Cover(rows, columns, average(drawn, width, height, blur * scale))


def cover_line(line: Doubles, width: Doubles | float, size_px: int, *, blur: float = 0.0) -> Cover:
    """A curve and its width in FRAME pixels -> its cover."""
    return cover_shapes([ribbon(line, width)], size_px, blur=blur)


def cover_hairs(hairs: Doubles, widths: Doubles, values: NDArray[np.uint8], area: Doubles, size_px: int) -> Cover:
    """Short curves [n 3 2] with widths [n] and values [n k] (the first is cover), inside an area -> values, [h w k]."""
    rows, columns = bounds(area, 2, size_px)
    scale, height, width = size_px / FRAME, rows.stop - rows.start, columns.stop - columns.start
    drawn = np.zeros((height * FINE, width * FINE, values.shape[1]), np.uint8)
    corner = np.array([columns.start, rows.start])
    fixed = np.rint(((hairs * scale - corner) * FINE - 0.5) * (1 << SHIFT)).astype(np.int32)
    thick = np.maximum(np.rint(widths * scale * FINE), 1).astype(int)
    for line, thickness, value in zip(fixed, thick.tolist(), values.tolist(), strict=True):
        cv2.polylines(drawn, [line], False, value, thickness, cv2.LINE_8, SHIFT)
    return Cover(rows, columns, average(drawn, width, height, 0))


def average(drawn: NDArray[np.uint8], width: int, height: int, blur_px: float) -> Floats:
    """A fine drawing -> the texture's pixels in [0, 1], blurred."""
    small = cv2.resize(drawn, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32) / FULL
    if blur_px > 0:
        small = np.asarray(cv2.GaussianBlur(small, (0, 0), blur_px), small.dtype)
    return np.asarray(small, np.float32)


def lay(texture: Floats, cover: Cover, colour: ArrayLike, strength: float) -> None:
    """A cover of one colour [3] (or of a colour for each pixel) mixed into the texture's first three channels."""
    part = texture[cover.rows, cover.columns, :3]
    part += (np.asarray(colour, np.float32) - part) * (cover.share * np.float32(strength))[..., None]


def stain(texture: Floats, cover: Cover, factor: ArrayLike, strength: float) -> None:
    """The texture's colour multiplied by `factor`, [3], where and as far as a cover lies."""
    part = texture[cover.rows, cover.columns, :3]
    part *= 1 + (np.asarray(factor, np.float32) - 1) * (cover.share * np.float32(strength))[..., None]


def dull(texture: Floats, cover: Cover, strength: float) -> None:
    """The texture's gloss taken away where a cover lies; a negative strength adds some."""
    texture[cover.rows, cover.columns, 3] *= 1 - np.float32(strength) * cover.share
