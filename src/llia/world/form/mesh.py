"""Pieces of hair, cloth and metal in -> the arrays of one mesh, and the few solids that pieces are made of.

What the four numbers `aux` of a vertex mean, by the matter of its triangles:

| matter | aux |
|---|---|
| HAIR | across the lock -1..1 (within +-0.5 its edges are whole), along it 0 root .. 1 tip, the lock's seed, tone |
| CAP | place of the strand, cm round the head, coverage 0..1 (below 1 stippled), the cell's seed, tone |
| CLOTH | x and y of the weave in cm, trim 0..1 (a seam or a hem: up to 0.28 darker), 0 |
| HAT | x and y of the weave in cm, trim 0..1, ribs 0..1 (how strongly knitted: ribs run along y, 7 radians a cm in x) |
| TORSO, GLASS, METAL | x, y in cm, 0, 0 |

Tone is one number for two things: `tone = shade + 2 * tenths`. Shade (0 to below 2, 1 is plain) multiplies the lock's
colour; tenths (whole, 0 to 10) say how far that colour has gone grey first. To read it, from one vertex, never
interpolated (a lock has one tone): `tenths = floor(tone / 2)`, `shade = tone - 2 * tenths`, and the colour is
`mix(hair, GREY_HAIR, (tenths / 10) ** 2) * shade` with GREY_HAIR below, linear; squared, because a little grey light
already covers dark hair.

The skin of TORSO meets the neck: it takes the neck's normals by `neck_blend`, more and more upwards. Whoever bakes
occlusion gives neck and torso one and the same there, so that no tone step shows between the two meshes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from llia.head.shape import Material, ease

Floats = NDArray[np.float32]
Follow = float | Floats | Callable[[Floats], Floats]

GREY_HAIR = (0.46, 0.45, 0.44)  # linear rgb
SHADES_PER_TENTH = 2.0
NECK_BLEND_Y = (-19.0, -14.4)  # cm: below the first a torso's occlusion is its own, above the second the neck's


class Matter(IntEnum):
    """What a triangle of the world is made of; goes on from the head's `Material`."""

    HAIR = 8
    CAP = 9
    CLOTH = 10
    TORSO = 11
    GLASS = 12
    METAL = 13
    HAT = 14


@dataclass(frozen=True)
class Geometry:
    """What a mesh comes to: n vertices, N triangles."""

    vertices: Floats  # n 3, cm at rest
    normals: Floats  # n 3
    tangents: Floats  # n 3, along the lock; 0 where nothing runs along
    aux: Floats  # n 4, see above
    follow: Floats  # n, 1 moves with the head, 0 with the torso
    triangles: NDArray[np.int32]  # N 3, into these vertices
    material: NDArray[np.uint8]  # N, Matter


class Mesh:
    """Grows by pieces; `arrays` gives the whole."""

    def __init__(self) -> None:
        self._pieces: list[Geometry] = []
        self._size = 0

    def add(
        self,
        matter: Matter | Material,
        vertices: ArrayLike,
        triangles: ArrayLike,
        *,
        normals: ArrayLike,
        follow: Follow,
        aux: ArrayLike | None = None,
        tangents: ArrayLike | None = None,
    ) -> None:
        """One piece more. `follow` is one number, one per vertex, or a function of the vertices."""
        points = np.asarray(vertices, np.float32)
        faces = np.asarray(triangles, np.int32)
        weights = follow(points) if callable(follow) else np.broadcast_to(np.asarray(follow, np.float32), len(points))
        self._pieces.append(
            Geometry(
                vertices=points,
                normals=np.asarray(normals, np.float32),
                tangents=np.zeros_like(points) if tangents is None else np.asarray(tangents, np.float32),
                aux=weave(points) if aux is None else np.asarray(aux, np.float32),
                follow=np.asarray(weights, np.float32),
                triangles=faces + np.int32(self._size),
                material=np.full(len(faces), matter, np.uint8),
            )
        )
        self._size += len(points)

    def arrays(self) -> Geometry:
        """-> all pieces as one, in the order in which they were added."""
        assert self._pieces, "expected a mesh with at least one piece"
        names = Geometry.__dataclass_fields__
        return Geometry(**{name: np.concatenate([getattr(piece, name) for piece in self._pieces]) for name in names})


def unit(vectors: NDArray[np.floating]) -> Floats:
    """-> the same directions with length 1; [..., 3]."""
    length = np.sqrt(np.einsum("...i,...i->...", vectors, vectors))
    return np.asarray(vectors / (length + 1e-9)[..., None], np.float32)


def smoothstep(low: float, high: float, value: ArrayLike) -> Floats:
    """-> 0 at low, 1 at high, smooth between; low may be the greater."""
    return np.asarray(ease(low, high, np.asarray(value, np.float32)), np.float32)


def follow_by_height(points: Floats) -> Floats:
    """-> how far things hung on the head follow it: wholly above y = -7, not at all below -15."""
    return smoothstep(-15.0, -7.0, points[:, 1])


def neck_blend(points: Floats) -> Floats:
    """-> how much of the neck's own normal and occlusion the torso's skin takes here; n."""
    return smoothstep(*NECK_BLEND_Y, points[:, 1])


def tone(shade: NDArray[np.floating], grey: NDArray[np.floating] | float = 0.0) -> Floats:
    """-> aux tone of locks with a shade (1 is plain) that are so far grey (0..1)."""
    return np.asarray(np.clip(shade, 0.3, 1.9) + SHADES_PER_TENTH * np.round(np.clip(grey, 0, 1) * 10), np.float32)


def weave(points: Floats) -> Floats:
    """-> the plain aux of anything: x and y, no trim; n 4."""
    aux = np.zeros((len(points), 4), np.float32)
    aux[:, :2] = points[:, :2]
    return aux


def surface_normals(vertices: Floats, triangles: NDArray[np.integer]) -> Floats:
    """-> area-weighted normals of the vertices."""
    a, b, c = (vertices[triangles[:, corner]] for corner in range(3))
    face = np.cross(b - a, c - a)
    places = triangles.T.ravel()  # all first corners, all second, all third
    total = [np.bincount(places, np.tile(face[:, axis], 3), len(vertices)) for axis in range(3)]
    return unit(np.stack(total, 1))


def quads(rows: int, columns: int, *, closed: bool) -> NDArray[np.int32]:
    """-> two triangles for each cell of a grid of vertices in row order; closed joins the last column to the first."""
    index = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns)
    right = np.roll(index, -1, 1) if closed else index[:, 1:]
    left = index if closed else index[:, :-1]
    a, b, c, d = left[:-1].ravel(), right[:-1].ravel(), right[1:].ravel(), left[1:].ravel()
    return np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])


def add_sheet(
    mesh: Mesh,
    matter: Matter,
    points: NDArray[np.floating],
    *,
    closed: bool,
    outward_from: ArrayLike,
    follow: Follow,
    aux: ArrayLike | None = None,
) -> None:
    """A grid of points (rows, columns, 3) as one surface, its normals turned away from a point."""
    rows, columns, _ = points.shape
    vertices = np.asarray(points, np.float32).reshape(-1, 3)
    triangles = quads(rows, columns, closed=closed)
    normals = surface_normals(vertices, triangles)
    inward = np.einsum("ij,ij->i", normals, vertices - np.asarray(outward_from, np.float32)) < 0
    normals[inward] *= -1
    mesh.add(matter, vertices, triangles, normals=normals, follow=follow, aux=aux)


def add_tube(
    mesh: Mesh,
    matter: Matter,
    line: NDArray[np.floating],
    radius: ArrayLike,
    *,
    follow: Follow,
    sides: int = 6,
    flatness: float = 1.0,
    aux: ArrayLike | None = None,
) -> None:
    """A round bar along a line of points; the radius may vary along it, flatness squeezes it upright."""
    along = unit(np.gradient(line, axis=0))
    across = unit(np.cross(along, np.array([0, 1.0, 0.02])))
    over = np.cross(across, along)
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    rim = np.cos(angle)[:, None] * across[:, None] + np.sin(angle)[:, None] * over[:, None] * flatness
    thick = np.broadcast_to(np.asarray(radius, np.float32), len(line))[:, None, None]
    points = (line[:, None] + rim * thick).reshape(-1, 3)
    mesh.add(
        matter, points, quads(len(line), sides, closed=True), normals=unit(rim.reshape(-1, 3)), follow=follow, aux=aux,
        tangents=np.repeat(along, sides, 0),
    )  # fmt: skip


def add_ball(
    mesh: Mesh,
    matter: Matter,
    centre: ArrayLike,
    radius: ArrayLike,
    *,
    follow: Follow,
    aux: ArrayLike = (0, 1, 0, 0.75),
    columns: int = 14,
    rows: int = 8,
) -> None:
    """A ball, or an egg where the radius has three numbers; aux is the same at all its vertices."""
    height = np.linspace(-1.5, 1.5, rows)[:, None]  # radians; just short of the poles
    round_ = np.linspace(0, 2 * np.pi, columns, endpoint=False)[None]
    flat = np.cos(height)
    way = np.stack([flat * np.cos(round_), np.sin(height) + 0 * round_, flat * np.sin(round_)], -1).reshape(-1, 3)
    mesh.add(
        matter, np.asarray(centre) + way * np.asarray(radius), quads(rows, columns, closed=True), normals=way,
        follow=follow, aux=np.broadcast_to(np.asarray(aux, np.float32), (len(way), 4)),
        tangents=unit(np.cross(way, [0, 1, 0.01])),
    )  # fmt: skip


def smooth_line(points: ArrayLike, count: int) -> Floats:
    """-> `count` points evenly along a Catmull-Rom curve through the given ones."""
    knots = np.asarray(points, np.float64)
    knots = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    place = np.linspace(0, len(knots) - 3 - 1e-6, count)
    start = place.astype(int)
    t = (place - start)[:, None]
    a, b, c, d = (knots[start + k] for k in range(4))
    curve = 2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    return np.asarray(curve / 2, np.float32)
