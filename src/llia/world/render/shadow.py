"""Triangles and a direction -> how far the light reaches: depth maps seen from the light, for shadows and occlusion."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from llia.world.render.arithmetic import HALF, KERNEL, ONE, TINY, ZERO, F, Single
from llia.world.render.light import light_basis

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

MIDDLE = (0.0, -2.0, 2.0)  # cm: what the maps are centred on
EMPTY = F(-1e9)
SOFTNESS = F(2.5)  # 1 / cm over which a shadow's edge fades in depth
NINTH = F(1 / 9)
BORDER_LOW, BORDER_HIGH = F(2.5), F(3.5)  # texels at the map's border that are taken for lit


@dataclass(frozen=True)
class LightView:
    """How a depth map is seen: x y z = basis @ point * scale + shift, x and y in texels, z in cm."""

    basis: Floats  # 3 3
    scale: float  # texels in a cm
    shift: tuple[float, float]  # texels


def look_from(way: Floats, half_width_cm: float, size: int) -> LightView:
    """-> the view of a map of size x size texels from a light far away in that direction."""
    basis = light_basis(way)
    scale = size / 2 / half_width_cm
    x, y, _ = basis @ np.array(MIDDLE, np.float32)
    return LightView(basis, scale, (float(size / 2 - x * scale), float(size / 2 - y * scale)))


def draw_depth(points: Floats, view: LightView, casters: Ints, num_culled: int, seen: Floats, depth: Floats) -> None:
    """Points and the triangles that cast shadows (the first num_culled only where they face the light) -> `depth`,
    [S S]; `seen` [n 3] takes the points as the light sees them."""
    project_light(points, view.basis, F(view.scale), F(view.shift[0]), F(view.shift[1]), seen)
    fill_depth(seen, casters, num_culled, depth)


@njit(**KERNEL)
def project_light(points: Floats, basis: Floats, scale: Single, shift_x: Single, shift_y: Single, out: Floats) -> None:
    for i in range(len(points)):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        out[i, 0] = (basis[0, 0] * x + basis[0, 1] * y + basis[0, 2] * z) * scale + shift_x
        out[i, 1] = (basis[1, 0] * x + basis[1, 1] * y + basis[1, 2] * z) * scale + shift_y
        out[i, 2] = basis[2, 0] * x + basis[2, 1] * y + basis[2, 2] * z


@njit(**KERNEL)
def fill_depth(seen: Floats, casters: Ints, num_culled: int, depth: Floats) -> None:
    """Nearest depth of each texel's centre; larger is nearer to the light."""
    size = depth.shape[0]
    limit = F(size - 1)
    depth[:] = EMPTY
    for t in range(len(casters)):
        a, b, c = casters[t, 0], casters[t, 1], casters[t, 2]
        x0, x1, x2 = seen[a, 0], seen[b, 0], seen[c, 0]
        left = math.ceil(max(min(x0, x1, x2) - HALF, ZERO))
        right = math.floor(min(max(x0, x1, x2) - HALF, limit))
        if left > right:
            continue
        y0, y1, y2 = seen[a, 1], seen[b, 1], seen[c, 1]
        top = math.ceil(max(min(y0, y1, y2) - HALF, ZERO))
        bottom = math.floor(min(max(y0, y1, y2) - HALF, limit))
        if top > bottom:
            continue
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if (t < num_culled and area < ZERO) or abs(area) < TINY:
            continue
        scale = ONE / area
        step0, step1 = (y1 - y2) * scale, (y2 - y0) * scale
        z0, z1, z2 = seen[a, 2], seen[b, 2], seen[c, 2]
        start_x = F(left) + HALF
        for row in range(int(top), int(bottom) + 1):
            y = F(row) + HALF
            w0 = ((x2 - x1) * (y - y1) - (start_x - x1) * (y2 - y1)) * scale
            w1 = ((x0 - x2) * (y - y2) - (start_x - x2) * (y0 - y2)) * scale
            for column in range(int(left), int(right) + 1):
                w2 = ONE - w0 - w1
                if w0 >= ZERO and w1 >= ZERO and w2 >= ZERO:
                    z = w0 * z0 + w1 * z1 + w2 * z2
                    if z > depth[row, column]:
                        depth[row, column] = z
                w0 += step0
                w1 += step1


@njit(**KERNEL)
def lit_share(depth: Floats, x: Single, y: Single, z: Single) -> Single:
    """A place in the map -> how much of the light arrives: three by three soft comparisons, smooth between texels."""
    edge = F(depth.shape[0]) - BORDER_HIGH
    if x < BORDER_LOW or y < BORDER_LOW or x > edge or y > edge:
        return ONE
    column, row = int(x - HALF), int(y - HALF)
    across, down = x - HALF - F(column), y - HALF - F(row)
    total = ZERO
    for j in range(4):
        line = ZERO
        for i in range(4):
            share = min(max((z - depth[row + j - 1, column + i - 1]) * SOFTNESS + ONE, ZERO), ONE)
            if i == 0:
                share *= ONE - across
            elif i == 3:
                share *= across
            line += share
        if j == 0:
            line *= ONE - down
        elif j == 3:
            line *= down
        total += line
    return total * NINTH
