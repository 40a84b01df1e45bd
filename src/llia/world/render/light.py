"""How a person is lit -> the arrays that shading reads."""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from llia.world.people.person import Lighting

Floats = NDArray[np.float32]

NEARLY_UP = 0.95
USUAL_EXPOSURE = 0.9  # where nothing is held back


class Lamp(IntEnum):
    """Rows of the array of lights: where each comes from (a unit vector) and its linear colour."""

    KEY_WAY = 0
    KEY = 1
    FILL_WAY = 2
    FILL = 3
    RIM_WAY = 4
    RIM = 5
    SKY = 6
    GROUND = 7


def light_rows(lighting: Lighting) -> Floats:
    """-> the rows of `Lamp`, [8 3]."""
    rows = np.zeros((len(Lamp), 3), np.float32)
    rows[Lamp.KEY_WAY] = direction(lighting.key_azimuth, lighting.key_elevation)
    rows[Lamp.FILL_WAY] = direction(lighting.fill_azimuth, lighting.fill_elevation)
    rows[Lamp.RIM_WAY] = direction(lighting.rim_azimuth, lighting.rim_elevation)
    rows[Lamp.KEY], rows[Lamp.FILL], rows[Lamp.RIM] = lighting.key, lighting.fill, lighting.rim
    rows[Lamp.SKY], rows[Lamp.GROUND] = lighting.sky, lighting.ground
    return rows


def direction(azimuth: float, elevation: float) -> Floats:
    """Degrees from straight ahead (towards the person's left positive) and above -> a unit vector, [3]."""
    side, rise = math.radians(azimuth), math.radians(elevation)
    flat = math.cos(rise)
    return np.array([math.sin(side) * flat, math.sin(rise), math.cos(side) * flat], np.float32)


def held_back(lighting: Lighting, share: float) -> np.float32:
    """-> what to multiply the colour of things by that would glow where the exposure is long for dark skin: eyes,
    teeth, white hair, white cloth. A share of 1 takes all of the longer exposure away."""
    return np.float32(min(1.0, (USUAL_EXPOSURE / lighting.exposure) ** share))


def light_basis(way: ArrayLike) -> Floats:
    """A direction to a light -> right, up and towards it as rows, [3 3]."""
    forward = np.asarray(way, np.float64)
    forward = forward / np.linalg.norm(forward)
    up = (0.0, 1.0, 0.0) if abs(forward[1]) < NEARLY_UP else (1.0, 0.0, 0.0)
    right = np.cross(up, forward)
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(forward, right), forward]).astype(np.float32)
