"""A person and their head at rest -> clothes and the skin they leave bare, added to a mesh."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from llia.head.shape import Material, RestHead, load_head, vertex_normals
from llia.world.dress import collars
from llia.world.dress.tailor import AXIS, BODY_OUT, SQUARENESS, Cut, outline, outwards, woven
from llia.world.form.mesh import Floats, Matter, Mesh, neck_blend, quads, smoothstep, surface_normals, unit
from llia.world.form.section import section
from llia.world.people.person import Neckline, Person

Doubles = NDArray[np.float64]

# How far each collar stands off the neck, cm: hair makes way for it.
COLLAR_BULK: dict[Neckline, float] = {"crew": 0.2, "scoop": 0.0, "vee": 0.1, "roll": 0.9, "shirt": 0.9, "hood": 2.4}

COLUMNS = 64
SHELL_ROWS = 15
SETTLED = 0.08  # of the way down, over which the cloth goes from its border to its usual distance off the body
NECKLINE_Y, HEM_Y = -12.6, -40.0
# The knitted band at the neckline: cm below its edge, cm off the body in front and behind, and at the sides, where it
# clings to the neck.
BAND = ((0.0, 0.15, -0.50), (0.05, 0.55, -0.15), (0.3, 0.78, 0.10), (0.85, 0.76, 0.28), (1.1, 0.60, 0.36))
BARE_EDGE = ((0.0, 0.3, 0.1), (0.4, 0.55, 0.3))  # of cloth that a collar covers
VEE = 1.7  # how the sides of a V neck run: the body widens downwards, so straight ones would look upright
BARE_ROWS = 14
BARE_TOP, BARE_FOOT = -12.6, -26.0
NESTLE_Y = (-16.2, -13.0)  # between these heights the chest's skin closes on the neck and goes with it
SEAM_HALF_WIDTH, SEAM_OUT = 0.11, 0.05  # cm
SEAM_TOP, SEAM_FOOT = -15.6, -27.0  # cm: the line where a sleeve is set in


@dataclass(frozen=True)
class Shape:
    """The neckline's edge: height of the cloth's upper border by angle from the front, radians."""

    edge: Callable[[Doubles], Doubles]
    band: bool  # whether a knitted band runs along it
    collar: Callable[[Cut], None] | None = None


SHAPES: dict[Neckline, Shape] = {
    "crew": Shape(lambda away: NECKLINE_Y + 1.2 - 2.4 * np.exp(-((away / 0.9) ** 2)), True),
    "scoop": Shape(lambda away: NECKLINE_Y + 0.5 - 4.3 * np.exp(-((away / 0.7) ** 2)), True),
    "vee": Shape(lambda away: NECKLINE_Y + 0.7 - 5.2 * np.clip(1 - away / 1.05, 0, 1) ** VEE, True),
    "roll": Shape(lambda away: NECKLINE_Y + 1.4 + 0 * away, False, collars.roll),
    "shirt": Shape(lambda away: np.interp(away, *collars.COLLAR_FOLD) - 0.2, False, collars.shirt),
    "hood": Shape(lambda away: NECKLINE_Y - 2.0 * np.exp(-((away / 0.85) ** 2)), True, collars.hood),
}


def dress(mesh: Mesh, person: Person, rest: RestHead, rng: np.random.Generator) -> None:
    """Adds the shell of the clothes, their collar and seams, and the skin of chest and shoulders."""
    cut = Cut(mesh, person.clothes, rng)
    shape = SHAPES[person.clothes.neckline]
    add_shell(cut, shape)
    add_bare_skin(cut, rest)
    add_seams(cut)
    if shape.collar is not None:
        shape.collar(cut)


def add_shell(cut: Cut, shape: Shape) -> None:
    """The cloth from the neckline down."""
    turn = np.linspace(0, 2 * np.pi, COLUMNS, endpoint=False)
    away = np.abs((turn + np.pi) % (2 * np.pi) - np.pi)
    edge = shape.edge(away)
    slim = 1 - 0.6 * np.sin(turn) ** 2  # where the body flares to the shoulders a band would stand off
    rows, trims = [], []
    border = BAND if shape.band else BARE_EDGE
    for down, out, aside in border:
        rows.append(outline(cut, turn, edge - down * slim, out + (aside - out) * np.sin(turn) ** 2))
        trims.append(float(shape.band and down < 1))
    top = edge - border[-1][0] * slim
    *_, (_, last_out, last_aside) = border
    last = last_out + (last_aside - last_out) * np.sin(turn) ** 2
    for share in (np.arange(1, SHELL_ROWS) / (SHELL_ROWS - 1)) ** 1.5:
        off = last + (BODY_OUT - last) * min(1, share / SETTLED)
        rows.append(outline(cut, turn, top * (1 - share) + HEM_Y * share, off))
        trims.append(0.0)
    points = np.array(rows).reshape(-1, 3).astype(np.float32)
    triangles = quads(len(rows), COLUMNS, closed=True)
    normals = outwards(points, surface_normals(points, triangles))
    aux = woven(points, np.repeat(trims, COLUMNS))
    cut.mesh.add(Matter.CLOTH, points, triangles, normals=normals, follow=0.0, aux=aux)


def add_bare_skin(cut: Cut, rest: RestHead) -> None:
    """Chest and shoulders under the neckline; near the neck they have the neck's own normals."""
    turn = np.linspace(0, 2 * np.pi, COLUMNS, endpoint=False)
    rows = []
    for y in np.linspace(BARE_TOP, BARE_FOOT, BARE_ROWS):
        width, depth, middle = section(y, cut.clothes.shoulders)
        slim = np.interp(y, [-18, -15.5, -13], [0.97, 0.93, 0.84])
        rows.append(
            np.stack([np.sin(turn) * width * slim, np.full(COLUMNS, y), np.cos(turn) * depth * slim + middle], -1)
        )
    points = np.array(rows).reshape(-1, 3).astype(np.float32)
    nestle = smoothstep(*NESTLE_Y, points[:, 1])
    neck, neck_normals, neck_follow = near_neck(rest, points)
    points += (neck - points) * nestle[:, None]
    triangles = quads(BARE_ROWS, COLUMNS, closed=True)
    normals = surface_normals(points, triangles)
    if np.einsum("ij,ij->", normals, points - AXIS) < 0:
        triangles, normals = np.ascontiguousarray(triangles[:, ::-1]), -normals
    blend = neck_blend(points)[:, None]
    normals = unit(normals * (1 - blend) + neck_normals * blend)
    cut.mesh.add(Matter.TORSO, points, triangles, normals=normals, follow=neck_follow * nestle)


def near_neck(rest: RestHead, points: Floats) -> tuple[Floats, Floats, Floats]:
    """-> place, normal and follow of the neck nearest to each of these points: [n 3], [n 3], [n]."""
    head = load_head()
    normals = np.empty_like(rest.vertices)
    vertex_normals(rest.vertices, head.triangles, normals)
    neck = (head.part <= Material.SCALP) & (rest.vertices[:, 1] < -11) & (rest.vertices[:, 1] > -15.5)
    distance, near = cKDTree(rest.vertices[neck]).query(points, k=4)
    weight = 1 / (distance + 0.1)
    weight /= weight.sum(1, keepdims=True)
    place, normal = (np.einsum("nk,nkc->nc", weight, values[neck][near]) for values in (rest.vertices, normals))
    follow = np.einsum("nk,nk->n", weight, rest.follow[neck][near])
    return place.astype(np.float32), unit(normal), follow.astype(np.float32)


def add_seams(cut: Cut) -> None:
    """The line where each sleeve is set in: a thin dark strip over shoulder and armhole."""
    y = np.linspace(SEAM_TOP, SEAM_FOOT, 18)
    share = np.interp(y, [SEAM_FOOT, -22, -18, SEAM_TOP], [0.72, 0.70, 0.76, 0.90])
    power = np.interp(y, *SQUARENESS) / 2
    turn = np.arcsin(np.clip(share, 0, 1) ** power)
    for side in (-1, 1):
        for front in (True, False):
            angle = side * (turn if front else np.pi - turn)
            line = outline(cut, angle, y, BODY_OUT + SEAM_OUT)
            add_strip(cut, line)


def add_strip(cut: Cut, line: Floats) -> None:
    """A seam along a line on the cloth."""
    along = unit(np.gradient(line, axis=0))
    out = unit(line - AXIS)
    across = unit(np.cross(along, out))
    points = np.stack([line - across * SEAM_HALF_WIDTH, line + across * SEAM_HALF_WIDTH], 1).reshape(-1, 3)
    normal = outwards(points, np.repeat(unit(np.cross(across, along)), 2, 0))
    triangles = quads(len(line), 2, closed=False)
    cut.mesh.add(Matter.CLOTH, points, triangles, normals=normal, follow=0.0, aux=woven(points, 1.0))
