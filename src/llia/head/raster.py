"""Triangles to pixels: which triangle each pixel shows, and any values of its corners carried over the picture."""

from __future__ import annotations

import math
from enum import IntEnum
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from llia.head.shape import Bytes, Floats, Ints

NOTHING = -1  # in the picture of triangle numbers, where there is only background
FLAT = 1e-9  # a triangle of less area, in square pixels, shows nothing
PARALLEL = 1e-12


class Style(IntEnum):
    """How a triangle is drawn. The last three are cut out by what `cut` holds at its corners."""

    SOLID = 0
    CULLED = 1  # not drawn from behind
    LOCK = 2  # of hair: cut = across -1..1, along 0..1, seed; the edges and the tip are eaten by noise
    STIPPLE = 3  # of lashes: cut = how far outwards, 0..1, and where along the lid; strands of uneven length
    COVER = 4  # of stubble: cut = -, share of the scalp covered; grains in space
    SKIPPED = 5


SOLID, CULLED, LOCK, STIPPLE, COVER, SKIPPED = (int(style) for style in Style)


def empty_buffers(height_px: int, width_px: int) -> tuple[Floats, Ints]:
    """-> room for depth and triangle numbers, as `rasterize` wants them."""
    return np.empty((height_px, width_px), np.float32), np.empty((height_px, width_px), np.int32)


@njit(cache=True, nogil=True)
def grain(n: int) -> float:
    """A whole number -> a number in [0, 1) that looks random."""
    n = (n << 13) ^ n
    n &= 0xFFFFFFFF
    return ((n * (n * n * 15731 + 789221) + 1376312589) & 0x7FFFFFFF) / 2147483648.0


@njit(cache=True, nogil=True)
def noise_along(x: float, seed: int) -> float:
    """A smooth random function of one variable, in [0, 1)."""
    cell = math.floor(x)
    t = x - cell
    low, high = grain(cell * 374761 + seed * 668265), grain((cell + 1) * 374761 + seed * 668265)
    return low + (high - low) * t * t * (3 - 2 * t)


@njit(cache=True, nogil=True)
def is_cut_out(style: int, u: float, v: float, seed: int) -> bool:
    """Whether a point of a triangle is left out."""
    if style == LOCK:
        edge = abs(u)
        if edge <= 0.55 and v <= 0.8:
            return False
        noise = noise_along(u * 7.0 + 11.0, seed)
        return edge > 0.55 + 0.45 * noise or v > 0.80 + 0.2 * noise
    if style == STIPPLE:
        return u > 0.14 and u > 0.14 + 0.44 * noise_along(v * 22.0, 5) ** 2
    return v < 0.98 and grain(int(u * 23.0) * 7919 + seed) > v


@njit(cache=True, nogil=True, fastmath=True)
def rasterize(screen: Floats, triangles: Ints, style: Bytes, cut: Floats, depth: Floats, ids: Ints) -> None:
    """Projected vertices [n 3] and triangles -> 1 / depth and number of the nearest triangle, into `depth`, `ids`."""
    height, width = ids.shape
    depth[:] = 0
    ids[:] = NOTHING
    for t in range(len(triangles)):
        kind = style[t]
        if kind == SKIPPED:
            continue
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        x0, y0, x1, y1, x2, y2 = screen[a, 0], screen[a, 1], screen[b, 0], screen[b, 1], screen[c, 0], screen[c, 1]
        left, right = max(0, math.ceil(min(x0, x1, x2) - 0.5)), min(width - 1, math.floor(max(x0, x1, x2) - 0.5))
        top, bottom = max(0, math.ceil(min(y0, y1, y2) - 0.5)), min(height - 1, math.floor(max(y0, y1, y2) - 0.5))
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if left > right or top > bottom or abs(area) < FLAT or (kind == CULLED and area > 0):
            continue
        # weights of the first two corners, and what a step to the right adds to them and to 1 / depth
        step0, step1 = (y1 - y2) / area, (y2 - y0) / area
        z0, z1, z2 = screen[a, 2], screen[b, 2], screen[c, 2]
        step_z = step0 * (z0 - z2) + step1 * (z1 - z2)
        for y in range(top, bottom + 1):
            px, py = left + 0.5, y + 0.5
            w0 = ((x2 - x1) * (py - y1) - (px - x1) * (y2 - y1)) / area
            w1 = ((x0 - x2) * (py - y2) - (px - x2) * (y0 - y2)) / area
            first, last = 0.0, float(right - left)
            for w, step in ((w0, step0), (w1, step1), (1 - w0 - w1, -step0 - step1)):
                if step > PARALLEL:
                    first = max(first, -w / step)
                elif step < -PARALLEL:
                    last = min(last, -w / step)
                elif w < 0:
                    last = -1.0
            begin, end = math.ceil(first - 1e-4), math.floor(last + 1e-4)
            z = w0 * z0 + w1 * z1 + (1 - w0 - w1) * z2 + begin * step_z
            for k in range(begin, end + 1):
                x = left + k
                if z > depth[y, x]:
                    hidden = False
                    if kind >= LOCK:
                        v0, v1 = w0 + k * step0, w1 + k * step1
                        v2 = 1 - v0 - v1
                        u = v0 * cut[a, 0] + v1 * cut[b, 0] + v2 * cut[c, 0]
                        v = v0 * cut[a, 1] + v1 * cut[b, 1] + v2 * cut[c, 1]
                        hidden = is_cut_out(kind, u, v, int(cut[a, 2]))
                    if not hidden:
                        depth[y, x] = z
                        ids[y, x] = t
                z += step_z


@njit(cache=True, nogil=True, fastmath=True)
def corner_weights(screen: Floats, a: int, b: int, c: int, px: float, py: float) -> tuple[float, float, float]:
    """A triangle and a point of the picture -> the weights of its corners there, as seen in perspective."""
    x0, y0, x1, y1, x2, y2 = screen[a, 0], screen[a, 1], screen[b, 0], screen[b, 1], screen[c, 0], screen[c, 1]
    area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    if abs(area) < FLAT:
        return 1.0, 0.0, 0.0
    w0 = min(max(((x2 - x1) * (py - y1) - (px - x1) * (y2 - y1)) / area, 0.0), 1.0)
    w1 = min(max(((x0 - x2) * (py - y2) - (px - x2) * (y0 - y2)) / area, 0.0), 1.0 - w0)
    w0, w1, w2 = w0 * screen[a, 2], w1 * screen[b, 2], (1 - w0 - w1) * screen[c, 2]
    total = w0 + w1 + w2
    return w0 / total, w1 / total, w2 / total


@njit(cache=True, nogil=True, fastmath=True)
def interpolate_into(screen: Floats, triangles: Ints, ids: Ints, values: Floats, out: Floats) -> None:
    """Values of the vertices, [n K] -> of the pixels, into `out`, [H W K]; untouched where nothing is shown."""
    height, width = ids.shape
    for y in range(height):
        for x in range(width):
            t = ids[y, x]
            if t < 0:
                continue
            a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
            w0, w1, w2 = corner_weights(screen, a, b, c, x + 0.5, y + 0.5)
            for k in range(values.shape[1]):
                out[y, x, k] = w0 * values[a, k] + w1 * values[b, k] + w2 * values[c, k]


def interpolate(screen: Floats, triangles: Ints, ids: Ints, values: NDArray[Any]) -> Floats:
    """Values of the vertices, [n K] -> of the pixels, [H W K], zero where nothing is shown."""
    out = np.zeros((*ids.shape, values.shape[1]), np.float32)
    interpolate_into(screen, triangles, ids, np.ascontiguousarray(values, np.float32), out)
    return out
