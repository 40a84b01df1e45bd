"""How a person is lit: a key, a fill, a rim and the sky, drawn as photographers and rooms place them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from llia.world.chance import stream
from llia.world.colour import linear
from llia.world.people.person import Background, Lighting

Range = tuple[float, float]


@dataclass(frozen=True)
class Setup:
    """Ranges that one kind of light is drawn from: degrees, strengths, and warmth from -1 (cool) to 1."""

    share: float
    azimuth: Range  # of the key, to either side
    elevation: Range
    key: Range
    fill: Range
    rim: Range
    sky: Range
    warmth: Range
    colour: float = 1.0  # how far warmth moves the key's colour


SETUPS: dict[str, Setup] = {
    "studio": Setup(0.60, (18, 55), (22, 48), (1.35, 1.85), (0.22, 0.50), (0.3, 1.3), (0.22, 0.36), (-1, 1)),
    "soft": Setup(0.10, (5, 35), (25, 60), (0.85, 1.15), (0.40, 0.65), (0.2, 0.6), (0.45, 0.62), (-1, 0.6)),
    "side": Setup(0.08, (58, 82), (12, 36), (1.45, 1.85), (0.22, 0.42), (0.2, 0.9), (0.24, 0.36), (-1, 1)),
    "back": Setup(0.06, (25, 60), (20, 45), (0.80, 1.10), (0.35, 0.55), (1.6, 2.4), (0.38, 0.50), (-1, 1)),
    "lamp": Setup(0.08, (25, 70), (0, 30), (1.35, 1.75), (0.20, 0.38), (0.1, 0.8), (0.20, 0.32), (0.6, 1), 2.6),
    "window": Setup(0.08, (35, 72), (10, 38), (1.30, 1.70), (0.24, 0.42), (0.1, 0.7), (0.30, 0.42), (-1, -0.5), 1.5),
}

# Very light skin looks chalky under a stronger key, and is exposed a little shorter.
CHALK_TONES, CHALK_KEYS, CHALK_EXPOSURES = (0.0, 2.6), (1.32, 1.8), (0.87, 1.0)
DARK_LIFT, EXPOSURE = 0.44, 0.86  # a fair photographer opens up for darker skin
TONES = 9.0
KEY_WARM = np.array([0.07, 0.0, -0.09])
FILL_WARM = np.array([-0.05, 0.0, 0.07])
SKY_TINT, GROUND_TINT = np.array([0.96, 1.0, 1.05]), np.array([1.08, 0.98, 0.90])
GROUND_SHARE = 0.62


def background_tint(background: Background) -> NDArray[np.float64]:
    """-> the colour that a background throws on its surroundings, mean 1, [3]."""
    mean = (linear(background.colour) + linear(background.second_colour)) / 2
    return np.asarray(mean / (mean.mean() + 1e-3), np.float64)


def light_person(tone: float, background: Background, seed: int) -> Lighting:
    """A skin tone, what stands behind, and a seed -> the light; fill and rim take the background's colour."""
    rng = stream(seed, "lighting")
    names = list(SETUPS)
    shares = np.array([setup.share for setup in SETUPS.values()])
    setup = SETUPS[names[rng.choice(len(names), p=shares / shares.sum())]]
    side = int(rng.choice((-1, 1)))
    azimuth = side * rng.uniform(*setup.azimuth)
    warmth = rng.uniform(*setup.warmth)
    key_strength = rng.uniform(*setup.key)
    key_strength = min(key_strength, float(np.interp(tone, CHALK_TONES, CHALK_KEYS)))
    tint = background_tint(background)
    sky = rng.uniform(*setup.sky)
    fill = (1 + FILL_WARM * warmth) * rng.uniform(*setup.fill) * (0.6 + 0.4 * tint)
    rim = np.ones(3) * rng.uniform(*setup.rim) * (0.5 + 0.5 * tint)
    exposure = (EXPOSURE + DARK_LIFT * tone / TONES) * float(np.interp(tone, CHALK_TONES, CHALK_EXPOSURES))
    exposure *= rng.uniform(0.95, 1.07)
    return Lighting(
        key_azimuth=azimuth,
        key_elevation=rng.uniform(*setup.elevation),
        key=triple((1 + KEY_WARM * warmth * setup.colour) * key_strength),
        fill_azimuth=-azimuth * rng.uniform(0.8, 1.3) if abs(azimuth) < 58 else -azimuth * rng.uniform(0.4, 0.8),
        fill_elevation=rng.uniform(0, 15),
        fill=triple(fill),
        rim_azimuth=180 - side * rng.uniform(-60, 60),
        rim_elevation=rng.uniform(20, 45),
        rim=triple(rim),
        sky=triple(sky * (0.7 + 0.3 * tint) * SKY_TINT),
        ground=triple(sky * GROUND_SHARE * GROUND_TINT),
        exposure=exposure,
    )


def triple(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """[3] -> the same as plain floats."""
    red, green, blue = (float(value) for value in values)
    return red, green, blue
