"""What age does to the shape of a face: cheeks sink, jowls and bags form, temples hollow, lips thin."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from llia.head.shape import Material, load_head
from llia.world.chance import stream

Floats = NDArray[np.float32]
Triple = tuple[float, float, float]


class Sag(NamedTuple):
    """A place of the mean head (x to either side), how far around it, and where it goes at eighty; cm."""

    place: Triple
    reach: Triple
    shift: Triple  # x is outwards


SAGS = (
    Sag((4.4, -5.9, 6.8), (1.7, 1.3, 2.4), (0.28, -0.42, 0.18)),  # jowl
    Sag((4.0, -1.0, 9.0), (1.8, 1.6, 2.0), (0.00, -0.25, -0.16)),  # cheek
    Sag((3.5, -1.9, 9.8), (0.8, 1.3, 1.2), (-0.10, -0.12, 0.20)),  # roll beside the nose and mouth
    Sag((3.0, 1.75, 9.2), (1.2, 0.42, 1.5), (0.00, -0.06, 0.17)),  # bag below the eye
    Sag((2.4, 0.7, 10.0), (1.2, 0.45, 1.5), (0.00, 0.00, -0.13)),  # trough below the bag
    Sag((6.4, 5.6, 5.5), (1.4, 1.8, 2.2), (-0.28, 0.00, -0.10)),  # temple
    Sag((5.5, -2.8, 6.5), (1.2, 1.3, 2.2), (-0.22, 0.00, -0.10)),  # hollow of the cheek
    Sag((0.0, 0.2, 13.0), (1.3, 1.2, 1.3), (0.00, -0.24, 0.04)),  # tip of the nose
    Sag((8.4, -1.5, 0.0), (1.0, 1.6, 2.5), (0.06, -0.38, 0.00)),  # ear lobe
    Sag((5.0, 5.2, 8.0), (1.6, 0.9, 2.0), (0.00, -0.24, 0.00)),  # outer brow
    Sag((4.0, 4.15, 8.6), (1.1, 0.40, 1.2), (0.00, -0.13, 0.08)),  # hood of the lid
    Sag((2.6, -3.7, 10.0), (0.8, 0.6, 1.2), (0.00, -0.05, -0.04)),  # corner of the mouth
    Sag((0.0, -9.4, 7.2), (3.2, 1.5, 2.6), (0.00, -0.42, 0.12)),  # below the chin
)
FROM_AGE = 0.15
PERSONAL = (0.8, 1.9)
PARTING_Y, UPPER_LIP, LOWER_LIP = -3.38, 0.87, 1.0  # cm: where the lips meet, how high each is
LIP_HALF_WIDTH, LIP_FRONT_Z = 2.7, 8.5
THINNING = 0.42  # of the lips' height, about half of it at their border


@cache
def sag_fields() -> Floats:
    """-> how each sag moves each vertex of the head at eighty, [sags V 3]."""
    head = load_head()
    soft = (head.part <= Material.SOCKET) | (head.part == Material.LASH)
    side = np.where(head.mean[:, 0] < 0, -1.0, 1.0)
    distance = head.mean * np.stack([side, np.ones_like(side), np.ones_like(side)], 1)
    fields = []
    for sag in SAGS:
        near = np.exp(-0.5 * (((distance - sag.place) / sag.reach) ** 2).sum(1)) * soft
        shift = np.tile(np.array(sag.shift), (len(side), 1))
        shift[:, 0] *= side
        fields.append(near[:, None] * shift)
    return np.array(fields, np.float32)


@cache
def thinning_field() -> Floats:
    """-> how the heights of the lips' vertices shrink towards their parting, [V]."""
    head = load_head()
    x, y, z = head.mean.T
    above = y - PARTING_Y
    share = above / np.where(above > 0, UPPER_LIP, LOWER_LIP)
    near = np.exp(-((x / LIP_HALF_WIDTH) ** 4)) * (z > LIP_FRONT_Z) * (head.part <= Material.SCALP)
    return np.asarray(-THINNING * above * np.exp(-(share**2) / 1.5) * near, np.float32)


def slacken(vertices: Floats, age: float, seed: int) -> None:
    """Age into a head's vertices at rest, [V 3]; who sags where differs by person."""
    amount = max(0.0, (age - FROM_AGE) / (1 - FROM_AGE)) ** 1.2
    if amount == 0:
        return
    personal = stream(seed, "slackness").uniform(*PERSONAL, len(SAGS)).astype(np.float32)
    vertices += np.tensordot(personal * np.float32(amount), sag_fields(), 1)
    vertices[:, 1] += thinning_field() * np.float32(amount)
