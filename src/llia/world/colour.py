"""Colours: "#rrggbb" as records hold them, linear light as shading needs them, OKLab to mix them as eyes do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]

# The sRGB curve (IEC 61966-2-1).
TOE_SRGB, TOE_LINEAR, TOE_SLOPE = 0.04045, 0.0031308, 12.92
GAMMA, GAMMA_OFFSET = 2.4, 0.055

# Linear sRGB -> cone responses -> OKLab (Ottosson 2020).
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
DARKEST, LIGHTEST = 0.15, 0.97  # of kindred colours, in OKLab
FROM_LAB = np.linalg.inv(TO_LAB)
FROM_CONES = np.linalg.inv(TO_CONES)


def decode_srgb(values: ArrayLike) -> Floats:
    """sRGB in [0, 1], any shape -> linear light, the same shape."""
    value = np.asarray(values, np.float64)
    lifted = (np.maximum(value, 0) + GAMMA_OFFSET) / (1 + GAMMA_OFFSET)
    return np.where(value <= TOE_SRGB, value / TOE_SLOPE, lifted**GAMMA).astype(np.float32)


def encode_srgb(light: ArrayLike) -> Floats:
    """Linear light, any shape -> sRGB clipped to [0, 1], the same shape."""
    value = np.clip(np.asarray(light, np.float64), 0, 1)
    lifted = (1 + GAMMA_OFFSET) * np.maximum(value, TOE_LINEAR) ** (1 / GAMMA) - GAMMA_OFFSET
    return np.where(value <= TOE_LINEAR, value * TOE_SLOPE, lifted).astype(np.float32)


@cache
def linear(colour: str) -> Floats:
    """A colour written as "#rrggbb" -> linear light, [3], not to be written to."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError(f"expected a colour such as #a07e56, got {colour!r}")
    light = decode_srgb(np.frombuffer(bytes.fromhex(colour[1:]), np.uint8) / 255)
    light.flags.writeable = False
    return light


def hexadecimal(light: ArrayLike) -> str:
    """Linear light, [3] -> "#rrggbb", clipped to what that can say."""
    return "#" + bytes(np.round(encode_srgb(light) * 255).astype(np.uint8)).hex()


def to_oklab(light: ArrayLike) -> NDArray[np.float64]:
    """Linear light, [..., 3] -> OKLab (lightness, green to red, blue to yellow), [..., 3]."""
    cones = np.asarray(light, np.float64) @ TO_CONES.T
    return np.asarray(np.cbrt(cones) @ TO_LAB.T)


def from_oklab(lab: ArrayLike) -> Floats:
    """OKLab, [..., 3] -> linear light, never below zero, [..., 3]."""
    cones = (np.asarray(lab, np.float64) @ FROM_LAB.T) ** 3
    return np.maximum(cones @ FROM_CONES.T, 0).astype(np.float32)


def mix(first: ArrayLike, second: ArrayLike, share: float) -> Floats:
    """Two linear colours and the second's share -> the colour that looks between them, [3]."""
    return from_oklab(to_oklab(first) * (1 - share) + to_oklab(second) * share)


def kindred(
    colours: Sequence[str], count: int, rng: np.random.Generator, *, hue: float, light: float, chroma: float
) -> Floats:
    """Some colours -> `count` akin to any of them: hue turned by about `hue` radians, the rest shifted; [count, 3]."""
    table = to_oklab([linear(colour) for colour in colours])
    lightness, a, b = table[rng.integers(len(colours), size=count)].T
    angle = np.arctan2(b, a) + rng.normal(0, hue, count)
    strength = np.maximum(np.hypot(a, b) + rng.uniform(-0.5, 1, count) * chroma, 0)
    lightness = np.clip(lightness + rng.normal(0, light, count), DARKEST, LIGHTEST)
    return from_oklab(np.stack((lightness, strength * np.cos(angle), strength * np.sin(angle)), 1))


def near(colour: str, rng: np.random.Generator, *, hue: float, light: float, chroma: float) -> Floats:
    """A colour -> one akin to it, as `kindred` draws them, [3]."""
    return np.asarray(kindred((colour,), 1, rng, hue=hue, light=light, chroma=chroma)[0], np.float32)
