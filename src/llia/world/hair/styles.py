"""Short hair, one small function a style, and the thin cap of hair that lies under every style."""

from __future__ import annotations

import numpy as np

from llia.world.form.mesh import Floats, Matter, quads, smoothstep, surface_normals, tone, unit
from llia.world.hair.locks import Sitter, add_locks, along_skin, grow
from llia.world.hair.scalp import CENTRE, hairline, place_roots, scatter_roots

CAP_COLUMNS = 60
CAP_STEPS = (-1.0, 0.5, 2.0, 3.5, 6.0, 11.0, 20.0)  # degrees above the hairline; the rest is spread to the crown
CAP_CROWN_ROWS = 5
CAP_COVERAGE = (-1.0, 3.5)  # degrees above its border over which the cap thickens from nothing to whole
CAP_SHADE = 0.62
HEAD_RADIUS = 8.0  # cm: turns an azimuth into centimetres
CAP_SEED_STEP = 13
GRAIN = (1.0, 0.6)  # how fast the cap's strands change round the head and upwards
ASIDE_AND_DOWN = np.array([0.0, -0.5, 0.0])  # how the strands of a parted cap fall
SKIN_GAP = 0.12  # cm between skin and cap
CROWN = np.array([0.0, 13.5, -3.5], np.float32)  # where short hair whirls


def add_cap(
    sitter: Sitter,
    thickness: float,
    *,
    shade: float = CAP_SHADE,
    density: float = 1.0,
    bald_crown: float = 0.0,
    parting: float | None = None,
) -> None:
    """A shell of hair from the hairline to the crown, thin at its border; skin may show through it.

    From a parting (x in cm) its strands run to both sides, and shine as the locks beside it do.
    """
    azimuth = np.linspace(-180, 180, CAP_COLUMNS, endpoint=False)
    line = hairline(azimuth, sitter.hair)
    rows = [line + step for step in CAP_STEPS]
    for k in range(1, CAP_CROWN_ROWS + 1):
        rows.append(rows[len(CAP_STEPS) - 1] + (89.0 - rows[len(CAP_STEPS) - 1]) * (k / CAP_CROWN_ROWS))
    elevation = np.stack(rows)
    roots = place_roots(sitter.skull, np.broadcast_to(azimuth, elevation.shape), elevation)
    above = (elevation - line).ravel()
    points = roots.points + roots.normals * (SKIN_GAP + thickness * smoothstep(0, 14, above))[:, None]
    coverage = density * smoothstep(*CAP_COVERAGE, above) * (1 - bald_crown * smoothstep(35, 60, elevation.ravel()))
    degrees = np.tile(azimuth, len(rows)) * GRAIN[0] + elevation.ravel() * GRAIN[1]
    strand = np.radians(degrees) * HEAD_RADIUS
    tones = np.broadcast_to(tone(np.array(shade), sitter.hair.grey), len(points))
    seeds = np.arange(len(points)) * CAP_SEED_STEP  # strands are cut anew in every cell
    aux = np.stack([strand, coverage, seeds, tones], 1)
    triangles = quads(len(rows), CAP_COLUMNS, closed=True)
    strands = np.cross(np.cross(roots.normals, [0, 1, 0.2]), roots.normals)
    if parting is not None:
        strands = along_skin(points, np.sign(points[:, :1] - parting) * np.array([1.0, 0.0, 0.0]) + ASIDE_AND_DOWN)
    sitter.mesh.add(
        Matter.CAP, points, triangles, normals=away_from_centre(points, surface_normals(points, triangles)),
        follow=1.0, aux=aux, tangents=unit(strands),
    )  # fmt: skip


def away_from_centre(points: Floats, normals: Floats) -> Floats:
    """-> the normals, those that point inwards turned round."""
    inward = np.einsum("ij,ij->i", normals, points - CENTRE) < 0
    return np.where(inward[:, None], -normals, normals)


def crop(sitter: Sitter) -> None:
    """Short all round, brushed from the crown."""
    count = 820
    add_cap(sitter, 0.35)
    whirl(sitter, count, sitter.between(2.4, 3.0 + 1.2 * sitter.hair.length, count), off_skin=0.16)


def pixie(sitter: Sitter) -> None:
    """Short with a longer top that falls into the forehead."""
    count = 720
    add_cap(sitter, 0.5)
    whirl(sitter, count, sitter.between(3.4, 4.6 + 2.0 * sitter.hair.length, count), off_skin=0.03, front=1.25)


def whirl(sitter: Sitter, count: int, length: Floats, off_skin: float, front: float = 1.0) -> None:
    """Locks that run away from the crown; those over the forehead are longer by `front`."""
    roots = scatter_roots(sitter.skull, count, sitter.rng)
    before = (roots.elevation > 40) & (np.abs(roots.azimuth) < 60)
    sway = np.array([0.35 * sitter.hair.part_side, 0, 0.35], np.float32)

    def direction(points: Floats, t: float) -> Floats:
        return along_skin(points, unit(points - CROWN) + sway) + unit(points - CENTRE) * off_skin

    lift = sitter.between(0.25, 0.6, count) * (0.6 + 0.4 * sitter.hair.volume)
    lines = grow(sitter.skull, roots, direction, np.where(before, length * front, length), lift, segments=5)
    add_locks(sitter, lines, sitter.between(0.55, 1.15, count), sitter.shades(count), taper=0.25)


def side_part(sitter: Sitter) -> None:
    """Parted, combed to both sides over short sides."""
    count = 540
    add_cap(sitter, 0.6)
    roots = scatter_roots(sitter.skull, count, sitter.rng)
    side, apart = sitter.hair.part_side, sitter.hair.part_x
    away = np.where(roots.points[:, 0] * side > apart, 1.0, -1.0)[:, None] * side
    over = np.concatenate([away, 0 * away, 0.15 + 0 * away], 1)

    def direction(points: Floats, t: float) -> Floats:
        top = smoothstep(7, 12, points[:, 1])[:, None]
        return along_skin(points, over * top + np.array([0, -1, -0.25]) * (1 - top))

    top = smoothstep(18, 45, roots.elevation) * (np.abs(roots.azimuth) < 150)
    length = 2.6 + top * sitter.between(3.6, 5.2 + 2.0 * sitter.hair.length, count)
    lift = 0.35 + top * sitter.between(0.4, 0.9, count) * sitter.hair.volume * 0.8
    lines = grow(sitter.skull, roots, direction, length, lift, segments=7, hug=0.55, stiffness=0.35)
    add_locks(sitter, lines, sitter.between(1.0, 1.7, count), sitter.shades(count), taper=0.25)


def quiff(sitter: Sitter) -> None:
    """Swept up and back from the forehead over short sides."""
    count = 540
    add_cap(sitter, 0.6)
    roots = scatter_roots(sitter.skull, count, sitter.rng)
    on_top = smoothstep(6.5, 11, roots.points[:, 1])[:, None]
    lean = 0.25 * sitter.hair.part_side

    def direction(points: Floats, t: float) -> Floats:
        back = np.array([lean, 0.55 * (1 - t), -1.0 + 0.25 * t]) * on_top + np.array([0, -1, -0.5]) * (1 - on_top)
        return along_skin(points, back) + unit(points - CENTRE) * on_top * (0.35 * (1 - t))

    top = smoothstep(18, 45, roots.elevation) * (np.abs(roots.azimuth) < 150)
    length = 2.6 + top * sitter.between(3.6, 5.2 + 2.0 * sitter.hair.length, count)
    lift = 0.35 + top * sitter.between(0.7, 1.4, count) * sitter.hair.volume
    lines = grow(sitter.skull, roots, direction, length, lift, segments=7, hug=0.55, stiffness=0.35)
    add_locks(sitter, lines, sitter.between(1.0, 1.7, count), sitter.shades(count), taper=0.25)


def buzz(sitter: Sitter) -> None:
    """Shorn: only the cap."""
    add_cap(sitter, 0.12, shade=0.75, density=0.86)


def receding(sitter: Sitter) -> None:
    """Short, the temples high and the crown thin."""
    count = 760
    add_cap(sitter, 0.15, bald_crown=0.5)
    roots = scatter_roots(sitter.skull, count, sitter.rng)
    thick = 1 - 0.55 * smoothstep(40, 62, roots.elevation)
    roots = roots.keep(sitter.rng.random(count) < thick)
    count = len(roots)

    def direction(points: Floats, t: float) -> Floats:
        top = smoothstep(8, 12, points[:, 1])[:, None]
        return along_skin(points, np.array([0.3, 0, -1.0]) * top + np.array([0, -1, -0.45]) * (1 - top))

    length = sitter.between(1.8, 2.6 + 1.6 * sitter.hair.length, count)
    lines = grow(sitter.skull, roots, direction, length, sitter.between(0.05, 0.2, count), segments=5, hug=0.6)
    add_locks(sitter, lines, sitter.between(0.5, 0.9, count), sitter.shades(count), taper=0.2)


def bald(sitter: Sitter) -> None:
    """Nothing at all."""
