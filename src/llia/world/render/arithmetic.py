"""Arithmetic of the shading kernels, in float32 from end to end.

numba widens float32 to float64 as soon as a Python number joins in, which halves the speed; so the kernels take every
number from a name of this kind.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

Single = Any  # a float32 inside a kernel, whatever numpy calls the result of its arithmetic

# Fast mathematics gives the same bits on the same machine; division by zero is kept out by the formulas themselves.
KERNEL: dict[str, Any] = {"cache": True, "nogil": True, "fastmath": True, "error_model": "numpy"}

F = np.float32
ZERO, ONE, TWO, THREE, HALF, QUARTER = F(0), F(1), F(2), F(3), F(0.5), F(0.25)
TINY = F(1e-9)

NOISE_STEP, NOISE_SEED = 374761, 668265
HASH_SCALE = F(1 / 2147483647)


@njit(**KERNEL)
def clip(x: Single, low: Single, high: Single) -> Single:
    """x, kept between low and high."""
    return min(max(x, low), high)


@njit(**KERNEL)
def smooth(low: Single, high: Single, x: Single) -> Single:
    """0 at low, 1 at high, smooth between; low may be the greater."""
    t = min(max((x - low) / (high - low), ZERO), ONE)
    return t * t * (THREE - TWO * t)


@njit(**KERNEL)
def wrap(cosine: Single, amount: Single) -> Single:
    """The cosine to a light -> diffuse light that reaches `amount` beyond the shadow edge."""
    return max(ZERO, (cosine + amount) / (ONE + amount))


@njit(**KERNEL)
def mix(a: Single, b: Single, share: Single) -> Single:
    return a + (b - a) * share


@njit(**KERNEL)
def unit(x: Single, y: Single, z: Single) -> tuple[Single, Single, Single]:
    scale = ONE / (math.sqrt(x * x + y * y + z * z) + TINY)
    return x * scale, y * scale, z * scale


@njit(**KERNEL)
def power(x: Single, exponent: int) -> Single:
    """x to a whole exponent, by squaring."""
    result = ONE
    while exponent > 0:
        if exponent & 1:
            result *= x
        x *= x
        exponent >>= 1
    return result


@njit(**KERNEL)
def scatter(n: int) -> Single:
    """A whole number -> one in [0, 1] that looks random."""
    n = ((n << 13) ^ n) & 0xFFFFFFFF
    return F((n * (n * n * 15731 + 789221) + 1376312589) & 0x7FFFFFFF) * HASH_SCALE


@njit(**KERNEL)
def noise(x: Single, seed: int) -> Single:
    """Smooth noise along a line, in [0, 1]."""
    floor = math.floor(x)
    t = x - F(floor)
    t = t * t * (THREE - TWO * t)
    start = int(floor) * NOISE_STEP + seed * NOISE_SEED
    return mix(scatter(start), scatter(start + NOISE_STEP), t)
