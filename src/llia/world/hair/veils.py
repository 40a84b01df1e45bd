"""A hijab: cloth about the face, pleats from it to the shoulders; close or loose, by the person's seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from llia.head.shape import Material, load_head
from llia.world.dress.tailor import SQUARENESS
from llia.world.form.mesh import Floats, Matter, add_sheet, follow_by_height, smoothstep
from llia.world.form.section import section
from llia.world.hair.locks import Sitter
from llia.world.hair.scalp import CENTRE, CHEEKS, CHIN, look_up, map_radii

COLUMNS = 84
DRAPE_ROWS = 20
CLOTH_OUT = 1.7  # cm that the veil lies off the body: over what is worn below it
FOREHEAD_Y = 10.6  # cm: the upper edge of the opening

# Rings about the face from its opening backwards: cm added to half the face's width, to half its height, and to the
# middle's height; z of the ring, or how far it lies before the face where there is none; cm off the skin.
RINGS: tuple[tuple[float, float, float, float | None, float, float], ...] = (
    (-0.75, -0.25, 0.0, None, 0.25, 0.30),
    (-0.30, 0.15, 0.0, None, 0.95, 0.95),
    (0.35, 0.55, 0.1, None, 0.60, 1.10),
    (0.95, 0.95, 0.2, None, -0.60, 1.15),
    (1.90, 2.00, 0.6, 2.2, 0.0, 1.20),
    (2.15, 2.60, 0.9, -1.8, 0.0, 1.10),
    (1.60, 2.40, 1.0, -5.6, 0.0, 1.00),
    (-0.40, 0.90, 1.0, -9.2, 0.0, 1.00),
    (-4.00, -3.60, 1.0, -11.2, 0.0, 1.00),
    (-6.80, -8.60, 1.0, -11.8, 0.0, 1.00),
)
FACE_FRONT = ((-9, -6, -2, 4, 8, 10, 12), (6.8, 7.2, 6.2, 5.4, 6.6, 7.6, 7.4))  # z of the opening by height
DRAPE_HEIGHTS = (-24.0, -20.0, -17.0, -14.5, -12.5, -10.5, -8.0, -4.0, 0.0)
DRAPE_WIDTHS = (22.5, 21.3, 18.2, 14.0, 10.9, 9.4, 8.7, 8.2, 7.8)
DRAPE_DEPTHS = (12.8, 12.3, 11.4, 10.3, 9.5, 9.0, 8.9, 8.3, 7.6)


@dataclass(frozen=True)
class Fall:
    """How the cloth falls."""

    room: float  # cm between cloth and jaw
    pleats: float  # size of the folds
    low: float  # cm that the drape hangs lower under the chin
    lean: float  # radians the folds slant to one shoulder
    phase: float


def hijab(sitter: Sitter) -> None:
    """Cloth about face and neck, over the shoulders."""
    loose = sitter.rng.random() < 0.5
    fall = Fall(
        room=0.75 if loose else 0.25,
        pleats=sitter.rng.uniform(1.6, 2.2) if loose else sitter.rng.uniform(0.9, 1.4),
        low=sitter.rng.uniform(0.8, 1.6) if loose else 0.0,
        lean=sitter.rng.uniform(0.25, 0.6) * sitter.hair.part_side,
        phase=sitter.rng.uniform(0, 2 * np.pi),
    )
    add_hood(sitter, fall)
    add_drape(sitter, fall)


def add_hood(sitter: Sitter, fall: Fall) -> None:
    """The part about the head, ring by ring from the face's opening to the back."""
    head, vertices = load_head(), sitter.skull.vertices
    radii = map_radii(vertices[head.part <= Material.SCALP])
    width = np.abs(vertices[head.landmarks[list(CHEEKS)], 0]).mean() + 0.5 * fall.room
    chin_y = vertices[head.landmarks[CHIN], 1]
    middle, half = (chin_y - 0.9 - fall.room + FOREHEAD_Y) / 2, (FOREHEAD_Y - chin_y + 0.9 + fall.room) / 2
    turn = np.linspace(0, 2 * np.pi, COLUMNS, endpoint=False)
    rows = []
    for k, (wider, higher, up, z, ahead, off) in enumerate(RINGS):
        x, y = np.sin(turn) * max(width + wider, 0.4), middle + up + np.cos(turn) * max(half + higher, 0.4)
        depth = np.full(COLUMNS, z) if z is not None else np.interp(y, *FACE_FRONT) + ahead - 0.14 * np.abs(x)
        # Pleats run from under the chin up past the cheeks; the top is drawn tight.
        tight = 0.25 + 0.75 * smoothstep(0.75, -0.4, np.cos(turn))
        fold = fall.pleats * tight * pleat(turn * 9 + k * (0.5 + fall.lean) + fall.phase) * min(1.0, k / 3)
        point = np.stack([x * (1 + 0.02 * fold), y + 0.25 * fold, depth + 0.35 * fold], 1).astype(np.float32)
        distance = np.linalg.norm(point - CENTRE, axis=1)
        least = look_up(radii, point) + off + 0.4 * (fold + fall.pleats * tight)
        share = smoothstep(-7.5, -1.5, point[:, 1])
        reach = np.maximum(distance, least) if z is None else least
        rows.append(CENTRE + (point - CENTRE) * (1 + (reach / distance - 1) * share)[:, None])
    add_sheet(
        sitter.mesh, Matter.HAT, np.array(rows), closed=True, outward_from=CENTRE, follow=follow_by_height,
        aux=hems(np.array(rows), 1),
    )  # fmt: skip


def add_drape(sitter: Sitter, fall: Fall) -> None:
    """The part from the jaw over neck and shoulders, with folds that swing from one shoulder to the other."""
    chin_y = sitter.skull.vertices[load_head().landmarks[CHIN], 1]
    turn = np.linspace(0, 2 * np.pi, COLUMNS, endpoint=False)
    ahead = np.cos(turn)
    upper = np.where(ahead > 0, chin_y + 0.5 - 0.5 * (1 - np.abs(np.sin(turn))), np.interp(ahead, [-1, 0], [0.0, -3.0]))
    rows = []
    for t in np.linspace(0, 1, DRAPE_ROWS):
        y = upper * (1 - t) - 24.0 * t
        width, depth = (np.interp(y, DRAPE_HEIGHTS, sizes) for sizes in (DRAPE_WIDTHS, DRAPE_DEPTHS))
        broad, deep, _ = section(y, sitter.skull.shoulders)
        width, depth = np.maximum(width, broad + CLOTH_OUT), np.maximum(depth, deep + CLOTH_OUT)
        power = 2 / np.interp(y, *SQUARENESS)
        across, along = (np.sign(part) * np.abs(part) ** power for part in (np.sin(turn), ahead))
        x = across * width
        swing = 1.15 * (y + fall.low) + 0.045 * x**2 + fall.lean * 0.8 * x + fall.phase
        size = np.interp(y, [-24, -11, chin_y, 0], [0.8, 0.85, 0.15, 0.1]) * fall.pleats
        fold = size * np.where(ahead > -0.2, pleat(swing), pleat(turn * 7 + y * 0.3))
        loose = 0.4 * fall.room * np.exp(-(((y + 10) / 3) ** 2))
        fold = fold + loose
        rows.append(np.stack([across * (width + fold), y, along * (depth + fold) - 1.2], 1))
    add_sheet(
        sitter.mesh, Matter.HAT, np.array(rows), closed=True, outward_from=(0, -12, -2), aux=hems(np.array(rows), 0),
        follow=lambda points: smoothstep(-13.5, -4, points[:, 1]),
    )  # fmt: skip


def pleat(phase: NDArray[np.floating]) -> NDArray[np.floating]:
    """-> folds with broad backs and narrow valleys, -1..1."""
    return np.asarray(1 - 2 * np.abs(np.sin(0.5 * phase)) ** 0.7)


def hems(points: NDArray[np.floating], rows: int) -> Floats:
    """-> aux of a sheet whose first rows are its hem."""
    flat = points.reshape(-1, 3)
    aux = np.zeros((len(flat), 4), np.float32)
    aux[:, 0], aux[:, 1] = flat[:, 0], flat[:, 1] * 0.5 + flat[:, 0] * 0.3
    aux[: rows * points.shape[1], 2] = 0.8
    return aux
