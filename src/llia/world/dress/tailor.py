"""The body's outline at a height -> points that cloth is laid on: what wardrobe and collars both cut from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from llia.world.form.mesh import Floats, Mesh, smoothstep
from llia.world.form.section import section
from llia.world.people.person import Clothes

BODY_OUT = 0.55  # cm that cloth lies off the body
# The section is a super-ellipse: its exponent by height.
SQUARENESS = ((-40.0, -18.0, -13.0), (2.6, 2.3, 2.0))
AXIS = np.array([0, -20, -2], np.float32)  # clothes face away from it


@dataclass(frozen=True)
class Cut:
    """The clothes to be made, and where to."""

    mesh: Mesh
    clothes: Clothes
    rng: np.random.Generator


def outline(cut: Cut, turn: NDArray[np.floating], y: NDArray[np.floating], out: ArrayLike) -> Floats:
    """Angles from the front and heights -> points of the cloth that far off the body, folds included."""
    width, depth, middle = section(y, cut.clothes.shoulders)
    power = 2 / np.interp(y, *SQUARENESS)
    x = np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** power
    z = np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** power
    folds = 0.25 * np.sin(turn * 7 + y * 0.5 + cut.clothes.fold) * smoothstep(-15, -22, y)
    # Cloth is drawn from the armpits up to the neck.
    pulled = 0.16 * np.sin(2.1 * y + 0.8 * np.abs(x) * width + 2 * cut.clothes.fold) * smoothstep(-16, -20, y)
    pulled = pulled * np.exp(-(((np.abs(x) - 0.68) / 0.2) ** 2))
    out = np.asarray(out)
    points = np.stack([x * (width + out), y, z * (depth + out) + middle + folds + pulled], -1)
    return np.asarray(points, np.float32)


def woven(points: NDArray[np.floating], trim: ArrayLike = 0.0) -> Floats:
    """-> aux of cloth, its pattern seen from the front."""
    flat = points.reshape(-1, 3)
    aux = np.zeros((len(flat), 4), np.float32)
    aux[:, :2], aux[:, 2] = flat[:, :2], trim
    return aux


def outwards(points: Floats, normals: Floats) -> Floats:
    """-> normals that point away from the body."""
    inward = np.einsum("ij,ij->i", normals, points - AXIS) < 0
    return np.where(inward[:, None], -normals, normals)
