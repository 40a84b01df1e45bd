"""A body at rest -> how open each of its vertices lies to the sky around it, from a few depth maps."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from llia.world.render.arithmetic import KERNEL, ONE, ZERO, F, Single
from llia.world.render.shadow import draw_depth, look_from

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

NUM_WAYS = 14
MAP_SIZE = 112
HALF_WIDTH_CM = 26.0
LOWEST = -0.75  # the directions' heights go from 1 down to this
BEHIND = -0.75  # directions from farther behind than this light nothing that is seen
GOLDEN_ANGLE = 2.399963
BIAS_CM = F(0.9)
GRAZING = F(0.02)
UNKNOWN = 0.5  # for vertices that no direction reached
REACHED = 0.2
NINTH = F(1 / 9)


def bake_occlusion(points: Floats, normals: Floats, casters: Ints, num_culled: int) -> Floats:
    """-> 0 (buried) to 1 (open) for each vertex, [n]."""
    open_, weight = np.zeros(len(points), np.float32), np.zeros(len(points), np.float32)
    depth, seen = np.empty((MAP_SIZE, MAP_SIZE), np.float32), np.empty_like(points)
    for way in spread_ways():
        view = look_from(way, HALF_WIDTH_CM, MAP_SIZE)
        draw_depth(points, view, casters, num_culled, seen, depth)
        add_open(seen, normals, way, depth, open_, weight)
    return np.where(weight > REACHED, open_ / np.maximum(weight, REACHED), UNKNOWN).astype(np.float32)


def spread_ways() -> list[Floats]:
    """-> directions spread evenly over the upper and front part of the sphere."""
    ways = []
    for k in range(NUM_WAYS):
        height = 1 - (k + 0.5) / NUM_WAYS * (1 - LOWEST)
        flat, angle = math.sqrt(max(0.0, 1 - height * height)), k * GOLDEN_ANGLE
        way = np.array([flat * math.cos(angle), height, flat * math.sin(angle)], np.float32)
        if way[2] > BEHIND:
            ways.append(way)
    return ways


@njit(**KERNEL)
def add_open(seen: Floats, normals: Floats, way: Floats, depth: Floats, open_: Floats, weight: Floats) -> None:
    """One direction's depth map -> what it adds to the vertices that face it."""
    size = depth.shape[0]
    for i in range(len(seen)):
        cosine = normals[i, 0] * way[0] + normals[i, 1] * way[1] + normals[i, 2] * way[2]
        if cosine <= GRAZING:
            continue
        weight[i] += cosine
        column, row = int(seen[i, 0]), int(seen[i, 1])
        if column < 1 or row < 1 or column >= size - 1 or row >= size - 1:
            open_[i] += cosine
            continue
        limit: Single = seen[i, 2] + BIAS_CM
        free = ZERO
        for y in range(row - 1, row + 2):
            for x in range(column - 1, column + 2):
                if depth[y, x] < limit:
                    free += ONE
        open_[i] += cosine * free * NINTH
