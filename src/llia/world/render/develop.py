"""Light of the points -> the picture: a filmic curve on every point, their sum in each pixel, sRGB bytes."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from llia.world.colour import encode_srgb
from llia.world.render.arithmetic import HALF, KERNEL, ONE, ZERO, F, Single

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]

# The curve v (a v + b) / (v (c v + d) + e): a soft shoulder, a short toe.
SHOULDER, TOE, BEND, SLOPE, FLOOR = F(1.506), F(0.10), F(1.458), F(0.62), F(0.10)
STEPS = 4096  # of the table from tone to sRGB
LAST_STEP = F(STEPS)
RED_ROW = 17


def srgb_table() -> Bytes:
    """-> the sRGB byte of each step of tone, [STEPS + 1]."""
    tone = np.linspace(0, 1, STEPS + 1)
    return np.asarray(encode_srgb(tone) * 255 + 0.5, np.uint8)


def tone_map(light: Floats) -> Floats:
    """Linear light with its exposure, any shape -> tone in [0, 1]; what the kernels do, for whole arrays."""
    value = np.maximum(light, 0)
    curve = value * (SHOULDER * value + TOE) / (value * (BEND * value + SLOPE) + FLOOR)
    return np.asarray(np.clip(curve, 0, 1), np.float32)


@njit(**KERNEL)
def lay_background(background: Floats, empty: Floats, out: Floats) -> None:
    """Tone of the background and how much of each pixel shows it -> `out`, [size size 3]."""
    for y in range(out.shape[0]):
        for x in range(out.shape[1]):
            for k in range(3):
                out[y, x, k] = background[y, x, k] * empty[y, x]


@njit(**KERNEL)
def add_points(begin: int, end: int, place: Ints, share: Floats, spots: Floats, exposure: Single, out: Floats) -> None:
    """Colours of points -> added to their pixels, `out` [size * size 3]."""
    for n in range(begin, end):
        pixel = place[n]
        for k in range(3):
            value = max(spots[RED_ROW + k, n - begin] * exposure, ZERO)
            tone = value * (SHOULDER * value + TOE) / (value * (BEND * value + SLOPE) + FLOOR)
            out[pixel, k] += min(tone, ONE) * share[n]


@njit(**KERNEL)
def print_picture(tone: Floats, table: Bytes, out: Bytes) -> None:
    """Tone, [n 3] -> sRGB bytes, [n 3]."""
    for n in range(len(tone)):
        for k in range(3):
            out[n, k] = table[int(min(max(tone[n, k], ZERO), ONE) * LAST_STEP + HALF)]
