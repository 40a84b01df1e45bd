"""The guide's kernels: where each pixel comes from in the portrait, and a smooth fill where no head says so."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from numba import njit

from llia.head.shape import Bytes, Floats, Ints

# Some kernels are in float32 from end to end: numba widens to float64 as soon as a Python number joins in.
KERNEL: dict[str, Any] = {"cache": True, "nogil": True, "fastmath": True, "error_model": "numpy"}
F = np.float32
ZERO, HALF, ONE = F(0), F(0.5), F(1)


class Channel(IntEnum):
    """What the painter is told of each pixel. Between the edges of a pixel all are averaged."""

    FLOW_X = 0  # place in the portrait less place in the picture, in sides of the picture
    FLOW_Y = 1
    SKIN = 2  # shares of the pixel
    HOLLOW = 3  # of mouth and eyes
    GUMS = 4  # and tongue
    TEETH = 5
    EYE = 6  # its white
    IRIS = 7
    LASH = 8
    HEAD = 9  # sum of the seven; the rest is hair, body and background
    SEEN = 10  # share that the portrait shows
    NORMAL_X = 11  # in the world's axes, zero off the head
    NORMAL_Y = 12
    NORMAL_Z = 13
    IRIS_X = 14  # on the eyeball, from the middle of the iris, in eye radii; zero off the eyes
    IRIS_Y = 15
    RIGID_X = 16  # what to add to the flow of things that only follow the head, as glasses do; zero off the head
    RIGID_Y = 17


NUM_CHANNELS = len(Channel)
MATTERS = slice(int(Channel.SKIN), int(Channel.LASH) + 1)
NUM_MATTERS = int(Channel.HEAD - Channel.SKIN)
FLOW_X, FLOW_Y, SKIN, HEAD, SEEN, NORMAL_X, IRIS_X, RIGID_X = (
    int(Channel.FLOW_X), int(Channel.FLOW_Y), int(Channel.SKIN), int(Channel.HEAD), int(Channel.SEEN),
    int(Channel.NORMAL_X), int(Channel.IRIS_X), int(Channel.RIGID_X),
)  # fmt: skip
EYE_CLASS, IRIS_CLASS, LASH_CLASS = (int(kind - Channel.SKIN) for kind in (Channel.EYE, Channel.IRIS, Channel.LASH))
IRIS_RADIUS = 0.455  # in eye radii
RIGID_GAIN = 32.0  # brings the difference of both flows to about the size of the other channels
UNSEEN, NOTHING = 16, 255  # added to the class of a pixel that the portrait does not show; the class of no head

DEPTH_DOUBT = 0.997  # a point this share as near as what the portrait shows there is still shown
HIDDEN = np.float32(9)  # marks flow that the fill is to replace: the portrait does not show what is there
SHOULDER_WEIGHT = 0.9  # of the shoulders against the head, in the fill
STILL_WEIGHT = 0.05  # of standing still, anywhere about them


@njit(cache=True, nogil=True, fastmath=True)
def carry_pixels(
    screen: Floats, triangles: Ints, ids: Ints, depth: Floats, kind: Bytes, home: Floats, nearest: Floats,
    around: Bytes, rigid: Floats, normals: Floats, iris: Floats, flow: Floats, matter: Bytes, channels: Floats,
    field: Floats,
) -> None:  # fmt: skip
    """The head as drawn -> flow of its pixels, their `matter`, means in `channels`, sums of flow and cover in `field`.

    `home` has each vertex in the portrait: x and y in sides, 1 / depth; `nearest` the portrait's own 1 / depth, the
    least of each pixel's surroundings, so that slopes do not hide themselves; `around` a bit for each class that the
    portrait shows there or beside, for lids lie on eyes and lips on teeth, nearer than depth can tell; `rigid` takes a
    place here to the portrait as if the face had kept its expression, [3 4].
    """
    size, step, cell = ids.shape[0], ids.shape[0] // channels.shape[1], ids.shape[0] // field.shape[0]
    map_size, share, cell_share = nearest.shape[0], 1.0 / (step * step), 1.0 / (cell * cell)
    channels[:] = 0
    field[:] = 0
    for y in range(size):
        for x in range(size):
            t, matter[y, x] = ids[y, x], NOTHING
            if t < 0:
                continue
            of = kind[t]
            a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
            w0, w1, w2 = home_weights(screen, home, a, b, c, x + 0.5, y + 0.5)
            u = w0 * home[a, 0] + w1 * home[b, 0] + w2 * home[c, 0]
            v = w0 * home[a, 1] + w1 * home[b, 1] + w2 * home[c, 1]
            near = w0 * home[a, 2] + w1 * home[b, 2] + w2 * home[c, 2]
            dx, dy = u - (x + 0.5) / size, v - (y + 0.5) / size
            flow[y, x, 0], flow[y, x, 1] = dx, dy
            row, column = y // step, x // step
            if of == EYE_CLASS:
                out = w0 * iris[a, 0] + w1 * iris[b, 0] + w2 * iris[c, 0]
                over = w0 * iris[a, 1] + w1 * iris[b, 1] + w2 * iris[c, 1]
                channels[IRIS_X, row, column] += share * out
                channels[IRIS_X + 1, row, column] += share * over
                if out * out + over * over < IRIS_RADIUS * IRIS_RADIUS:
                    of = IRIS_CLASS
            matter[y, x] = of
            channels[SKIN + of, row, column] += share
            channels[HEAD, row, column] += share
            faced = of == LASH_CLASS or (home[b, 0] - home[a, 0]) * (home[c, 1] - home[a, 1]) < (
                home[c, 0] - home[a, 0]
            ) * (home[b, 1] - home[a, 1])
            shown = faced and 0 <= u < 1 and 0 <= v < 1
            if shown:
                across, up = int(u * map_size), int(v * map_size)
                shown = near >= nearest[up, across] * DEPTH_DOUBT and (around[up, across] >> kind[t]) & 1 == 1
            if shown:
                channels[SEEN, row, column] += share
                field[y // cell, x // cell, 0] += dx * cell_share
                field[y // cell, x // cell, 1] += dy * cell_share
                field[y // cell, x // cell, 2] += cell_share
            else:
                flow[y, x, 0], matter[y, x] = HIDDEN, of + UNSEEN
            for axis in range(3):
                normal = w0 * normals[a, axis] + w1 * normals[b, axis] + w2 * normals[c, axis]
                channels[NORMAL_X + axis, row, column] += share * normal
            stiff_u, stiff_v = place_stiff(rigid, x, y, depth[y, x])
            channels[RIGID_X, row, column] += share * RIGID_GAIN * (stiff_u - u)
            channels[RIGID_X + 1, row, column] += share * RIGID_GAIN * (stiff_v - v)


@njit(cache=True, nogil=True, fastmath=True, inline="always")
def place_stiff(rigid: Floats, x: int, y: int, near: float) -> tuple[float, float]:
    """A pixel and its 1 / depth -> its place in the portrait if the face had kept its expression."""
    across, down, ahead = (
        rigid[0, 0] * x + rigid[0, 1] * y + rigid[0, 2] + rigid[0, 3] * near,
        rigid[1, 0] * x + rigid[1, 1] * y + rigid[1, 2] + rigid[1, 3] * near,
        rigid[2, 0] * x + rigid[2, 1] * y + rigid[2, 2] + rigid[2, 3] * near,
    )
    return across / ahead, down / ahead


@njit(cache=True, nogil=True, fastmath=True)
def home_weights(
    screen: Floats, home: Floats, a: int, b: int, c: int, x: float, y: float
) -> tuple[float, float, float]:
    """A triangle and a point of the picture -> the weights of its corners' places in the portrait."""
    x0, y0, x1, y1, x2, y2 = screen[a, 0], screen[a, 1], screen[b, 0], screen[b, 1], screen[c, 0], screen[c, 1]
    area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    w0 = ((x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)) / area
    w1 = ((x0 - x2) * (y - y2) - (x - x2) * (y0 - y2)) / area
    w2 = 1 - w0 - w1
    # equal steps in the picture are not equal on the triangle, nor those in the portrait
    w0, w1, w2 = w0 * screen[a, 2] / home[a, 2], w1 * screen[b, 2] / home[b, 2], w2 * screen[c, 2] / home[c, 2]
    total = w0 + w1 + w2
    return w0 / total, w1 / total, w2 / total


@njit(cache=True, nogil=True, fastmath=True)
def fill_field(screen: Floats, triangles: Ints, ids: Ints, num_shell: int, home: Floats, pyramid: Floats) -> None:
    """Sums of the head's flow and shell and shoulders as drawn, both by cells -> a flow everywhere, in `pyramid[0]`.

    Push and pull: known cells are averaged into coarser and coarser ones, and what is not known is filled from them.
    The border is certain of its flow, none or a shoulder's. In the shell, where hair is, the head's flow goes on
    undisturbed; outside it, each cell draws a little towards standing still.
    """
    field, size = pyramid[0], pyramid.shape[1]
    for y in range(size):
        for x in range(size):
            left, t = 1 - field[y, x, 2], ids[y, x]
            weight, dx, dy = STILL_WEIGHT, 0.0, 0.0
            if 0 <= t < num_shell:
                weight = 0.0
            elif t >= 0:
                a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
                w0, w1, w2 = home_weights(screen, home, a, b, c, x + 0.5, y + 0.5)
                weight = SHOULDER_WEIGHT
                dx = w0 * home[a, 0] + w1 * home[b, 0] + w2 * home[c, 0] - (x + 0.5) / size
                dy = w0 * home[a, 1] + w1 * home[b, 1] + w2 * home[c, 1] - (y + 0.5) / size
            if x == 0 or y == 0 or x == size - 1 or y == size - 1:
                weight = 1.0
            field[y, x, 0] += left * weight * dx
            field[y, x, 1] += left * weight * dy
            field[y, x, 2] += left * weight
    for level in range(1, len(pyramid)):
        fine, coarse = pyramid[level - 1], pyramid[level]
        for y in range(size >> level):
            for x in range(size >> level):
                for k in range(3):
                    coarse[y, x, k] = (
                        fine[2 * y, 2 * x, k] + fine[2 * y, 2 * x + 1, k]
                        + fine[2 * y + 1, 2 * x, k] + fine[2 * y + 1, 2 * x + 1, k]
                    )  # fmt: skip
                limit = max(coarse[y, x, 2], 1.0)
                for k in range(3):
                    coarse[y, x, k] /= limit
    for level in range(len(pyramid) - 2, -1, -1):
        fine, coarse = pyramid[level], pyramid[level + 1]
        for y in range(size >> level):
            for x in range(size >> level):
                rest = 1 - fine[y, x, 2]
                if rest > 0:
                    for k in range(2):
                        filled = sample(coarse, size >> (level + 1), 0.5 * (x + 0.5), 0.5 * (y + 0.5), k)
                        fine[y, x, k] += rest * filled


@njit(cache=True, nogil=True, fastmath=True)
def sample(field: Floats, size: int, x: float, y: float, k: int) -> float:
    """A field of size x size cells, a place in cells from its corner and a channel -> the value there, bilinear."""
    last = size - 1
    x, y = min(max(x - 0.5, 0.0), last), min(max(y - 0.5, 0.0), last)
    left, top = min(int(x), last - 1), min(int(y), last - 1)
    s, t = x - left, y - top
    upper = field[top, left, k] * (1 - s) + field[top, left + 1, k] * s
    lower = field[top + 1, left, k] * (1 - s) + field[top + 1, left + 1, k] * s
    value: float = upper * (1 - t) + lower * t
    return value


@njit(**KERNEL)
def spread_flow(ids: Ints, field: Floats, nearest: Floats, flow: Floats, channels: Floats) -> None:
    """The filled field -> flow where there is no head or it is hidden, and the mean flow into `channels`; off the head
    what is not of it in the portrait either is seen."""
    size, step, last = len(ids), len(ids) // channels.shape[1], len(field) - 1
    share, scale, side, map_size = ONE / F(step * step), F(len(field)) / F(size), ONE / F(size), F(len(nearest))
    wide = widen(field, size)
    channels[FLOW_X : FLOW_Y + 1] = 0
    for y in range(size):
        down = min(max((F(y) + HALF) * scale - HALF, ZERO), F(last))
        top = min(int(down), last - 1)
        part, upper, lower, row = down - F(top), wide[top], wide[top + 1], y // step
        for x in range(size):
            of_head = ids[y, x] >= 0
            if not of_head or flow[y, x, 0] >= HIDDEN:
                dx = upper[x, 0] + (lower[x, 0] - upper[x, 0]) * part
                dy = upper[x, 1] + (lower[x, 1] - upper[x, 1]) * part
                flow[y, x, 0], flow[y, x, 1] = dx, dy
                u, v = dx + (F(x) + HALF) * side, dy + (F(y) + HALF) * side
                inside = ZERO <= u < ONE and ZERO <= v < ONE
                if not of_head and inside and nearest[int(v * map_size), int(u * map_size)] == ZERO:
                    channels[SEEN, row, x // step] += share
            channels[FLOW_X, row, x // step] += share * flow[y, x, 0]
            channels[FLOW_Y, row, x // step] += share * flow[y, x, 1]


@njit(**KERNEL)
def widen(field: Floats, size: int) -> Floats:
    """A field of cells -> its first two channels as wide as the picture, still a row for each row of cells, [h S 2]."""
    wide, last, scale = np.empty((len(field), size, 2), np.float32), field.shape[1] - 1, F(field.shape[1]) / F(size)
    for x in range(size):
        across = min(max((F(x) + HALF) * scale - HALF, ZERO), F(last))
        left = min(int(across), last - 1)
        part = across - F(left)
        for row in range(len(field)):
            for k in range(2):
                wide[row, x, k] = field[row, left, k] + (field[row, left + 1, k] - field[row, left, k]) * part
    return wide


@njit(cache=True, nogil=True)
def least_around(depth: Floats, out: Floats) -> None:
    """1 / depth of a picture -> the least of each pixel and its neighbours that show anything, into `out`."""
    height, width = depth.shape
    for y in range(height):
        for x in range(width):
            least = depth[y, x]
            for row in range(max(0, y - 1), min(height, y + 2)):
                for column in range(max(0, x - 1), min(width, x + 2)):
                    if 0 < depth[row, column] < least:
                        least = depth[row, column]
            out[y, x] = least


@njit(cache=True, nogil=True)
def kinds_around(ids: Ints, kind: Bytes, out: Bytes) -> None:
    """Triangle numbers of a picture and the class of each triangle -> a bit for each class that a pixel or one of its
    neighbours shows, into `out`."""
    height, width = ids.shape
    for y in range(height):
        for x in range(width):
            bits = 0
            for row in range(max(0, y - 1), min(height, y + 2)):
                for column in range(max(0, x - 1), min(width, x + 2)):
                    if ids[row, column] >= 0:
                        bits |= 1 << kind[ids[row, column]]
            out[y, x] = bits
