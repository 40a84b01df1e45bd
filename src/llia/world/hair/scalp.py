"""A person's head at rest -> the ground hair grows on: hairline, roots, how far the skin is in every direction."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from llia.head.shape import Material, RestHead, load_head
from llia.world.form.mesh import Floats, smoothstep, unit
from llia.world.people.person import Hair, Person

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]

CENTRE = np.array([0, 4, 0], np.float32)  # of the skull; directions are seen from here
MAP_ROWS, MAP_COLUMNS = 36, 72  # elevations and azimuths of the map of radii, 5 degrees each
MAP_BLUR = 0.7
UNSEEN_RADIUS = 9.0  # cm, where no skin lies in a direction

# The hairline: at these azimuths (0 the nose, 90 the ear, 180 the nape) its elevation is base[which] + offset.
HAIRLINE_AZIMUTHS = (0, 25, 42, 58, 72, 84, 96, 110, 130, 180)
FRONT, TEMPLE, SIDE, NAPE, FIXED = range(5)
HAIRLINE_POINTS = (
    (FRONT, 0.0), (FRONT, -0.5), (TEMPLE, 4.0), (TEMPLE, -4.0), (FIXED, 10.0), (SIDE, 0.0), (FIXED, 4.0),
    (FIXED, -20.0), (NAPE, 6.0), (NAPE, 0.0),
)  # fmt: skip
# What a receding hairline loses at the same azimuths, in degrees: an island keeps the middle.
RECEDED = (5.0, 10.0, 18.0, 15.0, 5.0, 0.0, 0.0, 0.0, 0.0, 0.0)

# Ears of the mean head: outwards of x, below y, before z. No hair grows there, and short hair ignores them.
EAR_X, EAR_TOP, EAR_BACK = 7.7, 5.0, -2.8
EAR_SHELL_X = 8.0  # beyond it lies the shell itself, which sticks out of the skull

# The mean face, which the hair must leave free: height -> half width, cm; the person's own is scaled to it.
FACE_HEIGHTS = (-9.0, -4.0, 2.0, 6.0, 8.5, 10.5)
FACE_WIDTHS = (7.2, 7.4, 7.3, 6.4, 4.2, 0.0)
CHEEKS, EYES, CHIN = (1, 15), tuple(range(36, 48)), 8  # landmarks


@dataclass(frozen=True)
class Ground:
    """The skin of the mean head that hair can grow on, in an order in which neighbours follow each other."""

    triangles: Ints  # n 3, vertices of the head
    azimuth: Floats  # n, degrees, of the middles
    elevation: Floats
    tree: cKDTree  # of the directions of the middles


@dataclass(frozen=True)
class Roots:
    """Where locks begin: on the person's skin; azimuth and elevation are those of the same place on the mean head."""

    points: Floats  # n 3
    normals: Floats  # n 3
    azimuth: Floats  # n, degrees
    elevation: Floats

    def __len__(self) -> int:
        return len(self.points)

    def keep(self, chosen: Bools | NDArray[np.intp]) -> Roots:
        """-> the chosen roots."""
        return Roots(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Skull:
    """One person's head as hair sees it."""

    vertices: Floats  # V 3, at rest
    normals: Floats
    hair: Hair
    shoulders: float
    bulk: float  # cm that the collar adds about the neck
    radii: Floats  # MAP_ROWS MAP_COLUMNS, of the skin without the ears
    radii_over_ears: Floats
    face_scale: float  # of the person's face to the mean one, sideways
    face_heights: Floats  # chin, eyes and crown, cm

    def radius(self, points: Floats, *, over_ears: bool = False) -> Floats:
        """-> how far the skin is from the centre in the direction of these points, n."""
        return look_up(self.radii_over_ears if over_ears else self.radii, points)

    def off_skin(self, way: Floats, out: float) -> Floats:
        """-> the place that far off the skin in one direction from the centre, [3]."""
        return np.asarray(CENTRE + way * (self.radius(CENTRE + way[None])[0] + out), np.float32)

    def mean_face(self, points: Floats) -> Floats:
        """-> the same places beside the mean head's face, [..., 3]."""
        mean = mean_face_heights()
        y = points[..., 1]
        same = np.interp(y, self.face_heights, mean)
        same = same + np.minimum(y - self.face_heights[0], 0) + np.maximum(y - self.face_heights[-1], 0)
        return np.stack([points[..., 0] / self.face_scale, same, points[..., 2]], -1).astype(np.float32)

    def face_width(self, points: Floats) -> Floats:
        """-> half the width of the face at the height of these points, in the person's own cm."""
        heights = self.mean_face(points)[..., 1]
        return np.asarray(np.interp(heights, FACE_HEIGHTS, FACE_WIDTHS) * self.face_scale, np.float32)


def directions(points: NDArray[np.floating]) -> tuple[Floats, Floats]:
    """Points -> azimuth and elevation about the skull's centre, in degrees."""
    x, y, z = np.moveaxis(np.asarray(points, np.float32) - CENTRE, -1, 0)
    return np.degrees(np.arctan2(x, z)), np.degrees(np.arctan2(y, np.hypot(x, z)))


def towards(azimuth: ArrayLike, elevation: ArrayLike) -> Floats:
    """Degrees -> unit vectors from the skull's centre, [..., 3]."""
    a, e = np.radians(np.asarray(azimuth, np.float32)), np.radians(np.asarray(elevation, np.float32))
    a, e = np.broadcast_arrays(a, e)
    return np.stack([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)], -1).astype(np.float32)


def hairline(azimuth: NDArray[np.floating], hair: Hair) -> Floats:
    """Azimuths in degrees -> the elevation at which this person's hair begins there."""
    bases = (*hair.hairline, 0.0)
    line = np.array([bases[which] + offset for which, offset in HAIRLINE_POINTS])
    if hair.style == "receding":
        line = line + np.array(RECEDED)
    return np.asarray(np.interp(np.abs(azimuth), HAIRLINE_AZIMUTHS, line), np.float32)


@cache
def load_ground() -> Ground:
    """-> the mean head's skin where hair can grow, ears left out."""
    head = load_head()
    skin = head.triangles[head.material <= Material.SCALP]
    middle = head.mean[skin].mean(1)
    ear = (np.abs(middle[:, 0]) > EAR_X) & (middle[:, 1] < EAR_TOP) & (middle[:, 2] > EAR_BACK)
    azimuth, elevation = directions(middle)
    above = (elevation > -60) & ~ear
    band = (elevation // 8).astype(int)
    sweep = np.where(band % 2 == 0, azimuth, -azimuth)  # there and back, so that neighbours stay neighbours
    order = np.lexsort((sweep, band))
    order = order[above[order]]
    tree = cKDTree(unit(middle[order] - CENTRE))
    return Ground(skin[order], azimuth[order], elevation[order], tree)


@cache
def mean_face_heights() -> tuple[float, float, float]:
    """-> heights of chin, eyes and crown of the mean head."""
    return face_heights(load_head().mean)


def face_heights(vertices: Floats) -> tuple[float, float, float]:
    """A head's vertices -> heights of chin, eyes and crown."""
    head = load_head()
    marks = vertices[head.landmarks, 1]
    return float(marks[CHIN]), float(marks[list(EYES)].mean()), float(vertices[head.part <= Material.SCALP, 1].max())


def measure_skull(person: Person, rest: RestHead, normals: Floats, bulk: float) -> Skull:
    """A person's head at rest with its normals, and the collar's bulk -> what hair needs to know of it."""
    head = load_head()
    skin = head.part <= Material.SCALP
    shell = (np.abs(head.mean[:, 0]) > EAR_SHELL_X) & (head.mean[:, 1] < EAR_TOP)
    cheeks = head.landmarks[list(CHEEKS)]
    scale = np.abs(rest.vertices[cheeks, 0]).mean() / np.abs(head.mean[cheeks, 0]).mean()
    middles = rest.vertices[load_ground().triangles].mean(1)
    return Skull(
        vertices=rest.vertices,
        normals=np.asarray(normals, np.float32),
        hair=person.hair,
        shoulders=person.clothes.shoulders,
        bulk=bulk,
        radii=map_radii(np.concatenate([rest.vertices[skin & ~shell], middles])),
        radii_over_ears=map_radii(np.concatenate([rest.vertices[skin], middles])),
        face_scale=float(scale),
        face_heights=np.array(face_heights(rest.vertices), np.float32),
    )


def map_radii(points: Floats) -> Floats:
    """Points of a skin -> the largest radius in each direction, smoothed, gaps filled from around."""
    azimuth, elevation = directions(points)
    column = np.clip((azimuth + 180) / (360 / MAP_COLUMNS), 0, MAP_COLUMNS - 1).astype(int)
    row = np.clip((elevation + 90) / (180 / MAP_ROWS), 0, MAP_ROWS - 1).astype(int)
    radii = np.zeros((MAP_ROWS, MAP_COLUMNS), np.float32)
    np.maximum.at(radii, (row, column), np.linalg.norm(points - CENTRE, axis=1))
    for _ in range(MAP_ROWS):
        known = radii > 0
        if known.all():
            break
        wide = np.pad(np.pad(radii, ((0, 0), (1, 1)), mode="wrap"), ((1, 1), (0, 0)), mode="edge")
        around = np.stack([wide[r : r + MAP_ROWS, c : c + MAP_COLUMNS] for r in range(3) for c in range(3)])
        mean = around.sum(0) / np.maximum((around > 0).sum(0), 1)
        radii = np.where(known, radii, mean)
    radii = np.where(radii > 0, radii, UNSEEN_RADIUS)
    return np.asarray(gaussian_filter(radii, MAP_BLUR, mode=("nearest", "wrap")), np.float32)


def look_up(radii: Floats, points: Floats) -> Floats:
    """-> the map's radius in the direction of each point, between its cells linearly."""
    azimuth, elevation = directions(points)
    x = (azimuth + 180) / (360 / MAP_COLUMNS) - 0.5
    y = np.clip((elevation + 90) / (180 / MAP_ROWS) - 0.5, 0, MAP_ROWS - 1.001)
    column, row = np.floor(x).astype(int), y.astype(int)
    right, up = x - column, y - row
    first, second = column % MAP_COLUMNS, (column + 1) % MAP_COLUMNS
    low = radii[row, first] * (1 - right) + radii[row, second] * right
    high = radii[row + 1, first] * (1 - right) + radii[row + 1, second] * right
    return np.asarray(low * (1 - up) + high * up, np.float32)


def scatter_roots(skull: Skull, count: int, rng: np.random.Generator, margin: float = 0.0) -> Roots:
    """-> roots spread evenly over the skin that lies above the hairline by a margin in degrees."""
    ground = load_ground()
    fertile = ground.elevation > hairline(ground.azimuth, skull.hair) + margin
    triangles = ground.triangles[fertile]
    a, b, c = (skull.vertices[triangles[:, corner]] for corner in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    share = np.cumsum(area) / area.sum()
    chosen = np.minimum(np.searchsorted(share, (np.arange(count) + rng.random(count)) / count), len(triangles) - 1)
    second, third = rng.random((2, count))
    folded = second + third > 1
    second, third = np.where(folded, 1 - second, second), np.where(folded, 1 - third, third)
    return roots_at(skull, triangles[chosen], np.stack([1 - second - third, second, third], 1).astype(np.float32))


def roots_at(skull: Skull, triangles: Ints, share: Floats) -> Roots:
    """-> the places within these triangles that the shares (n 3) of their corners name."""
    mean = load_head().mean
    points, normals, on_mean = (
        np.einsum("nk,nkc->nc", share, table[triangles]) for table in (skull.vertices, skull.normals, mean)
    )
    return Roots(points, unit(normals), *directions(on_mean))


def place_roots(skull: Skull, azimuth: ArrayLike, elevation: ArrayLike) -> Roots:
    """Directions on the mean head, in degrees -> the same places of the person's skin."""
    ground, mean = load_ground(), load_head().mean
    way = towards(azimuth, elevation).reshape(-1, 3)
    _, near = ground.tree.query(way, k=10)
    corners = mean[ground.triangles[near]] - CENTRE  # n k 3 3
    # Shares of the corners at which each ray meets each triangle's plane: the smallest share tells how far outside.
    faces = np.stack([np.cross(corners[..., (i + 1) % 3, :], corners[..., (i + 2) % 3, :]) for i in range(3)], 2)
    share = np.einsum("nkic,nc->nki", faces, way)
    share /= share.sum(-1, keepdims=True) + 1e-12
    best = np.argmax(share.min(-1), 1)
    each = np.arange(len(way))
    kept = np.clip(share[each, best], 0, 1)
    kept /= kept.sum(1, keepdims=True)
    return roots_at(skull, ground.triangles[near[each, best]], kept.astype(np.float32))


def rise(roots: Roots, hair: Hair, degrees: float = 14.0) -> Floats:
    """-> 0 on the hairline, 1 that many degrees above it."""
    return smoothstep(0, degrees, roots.elevation - hairline(roots.azimuth, hair))
