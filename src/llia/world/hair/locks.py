"""Roots and a field of directions -> locks of hair: lines grown over head, neck and shoulders, then ribbons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from llia.world.form.mesh import Floats, Matter, Mesh, follow_by_height, smoothstep, tone, unit
from llia.world.form.section import section
from llia.world.hair.scalp import CENTRE, Bools, Roots, Skull
from llia.world.people.person import Hair, Person

# Where the locks stand and how far along they are (0 root .. 1 tip) -> the way they want to go, n 3.
Direction = Callable[[Floats, float], Floats]

DOWN = np.array([0, -1, 0], np.float32)
SPINE = np.array([0, 0, 1], np.float32)  # from a place of the neck to where it counts from
SIDEWAYS = np.array([1, 0, 1], np.float32)
NECK_TOP = -3.0  # cm: below it a lock no longer lies on the skull
NECK_REACH = 1.3  # cm that hair keeps from the outline of neck and chest
LIFT_REACH = 0.9  # cm off the skin for a lift of one
SHOULDER_TOP = -11.5  # cm: below it hair gives way to the front or the back, above it to the side as well
FACE_DEPTH = 6.5  # cm: below the temples, side hair stays behind this
# Eyes and brows of the mean face, where no lock may be: half width, bottom, top, and behind it in z.
EYE_WINDOW = (6.0, 1.2, 5.0, 3.0)
# Share of the half width of the cheeks that stays free of hair, and between which heights.
CHEEK_WINDOW = (0.72, -7.5, 1.2, 5.0)
SEEDS = 60_000
GREY_SPREAD = 0.15  # between locks, where half of the hair is grey


@dataclass(frozen=True)
class Wave:
    """A lock's own waviness."""

    amplitude: Floats  # n, cm
    pace: Floats  # n, radians over 6 cm
    phase: Floats  # n, radians


@dataclass(frozen=True)
class Sitter:
    """One person in the barber's chair: all that a style needs."""

    mesh: Mesh
    person: Person
    skull: Skull
    rng: np.random.Generator

    @property
    def hair(self) -> Hair:
        return self.person.hair

    def between(self, low: float, high: float, count: int) -> Floats:
        """-> numbers drawn evenly."""
        return self.rng.uniform(low, high, count).astype(np.float32)

    def lock_seeds(self, count: int) -> Floats:
        """-> a seed for each lock's frayed edge and strands."""
        return self.rng.integers(0, SEEDS, count).astype(np.float32)

    def shades(self, count: int, mean: float = 1.0) -> Floats:
        """-> tones of locks: light and dark ones, and more or less grey ones about the person's own share."""
        shade = np.clip(self.rng.normal(mean, 0.12 * mean, count), 0.6 * mean, 1.35 * mean)
        grey = self.hair.grey
        spread = GREY_SPREAD * 4 * grey * (1 - grey)
        return tone(shade, grey + spread * self.rng.normal(0, 1, count))


def along_skin(points: Floats, wanted: ArrayLike) -> Floats:
    """-> the wanted directions turned into the skull's surface, unit length."""
    out = unit(points - CENTRE)
    way = np.broadcast_to(np.asarray(wanted, np.float32), points.shape)
    return unit(way - out * np.einsum("ij,ij->i", way, out)[:, None])


def grow(
    skull: Skull,
    roots: Roots,
    direction: Direction,
    length: ArrayLike,
    lift: ArrayLike,
    *,
    segments: int = 9,
    gravity: float = 0.0,
    stiffness: float = 0.5,
    clearance: float = 0.25,
    hug: float = 0.0,
    wave: Wave | None = None,
    side: Floats | None = None,
    over_ears: bool = False,
) -> Floats:
    """Roots -> lines of points, [n, segments + 1, 3].

    Each step turns towards the direction (less the stiffer), is pushed off the skull by clearance and lift, drawn back
    to it by `hug`, and kept off neck and shoulders. With `side` (+-1 each) locks stay on that side of the face.
    """
    count = len(roots)
    length = np.broadcast_to(np.asarray(length, np.float32), count)
    lift = np.broadcast_to(np.asarray(lift, np.float32), count)
    step = (length / segments)[:, None]
    points = roots.points.copy()
    heading = unit(direction(points, 0.0) + roots.normals * lift[:, None])
    line = [points]
    for k in range(1, segments + 1):
        t = k / segments
        wanted = unit(direction(points, t) + DOWN * (gravity * t))
        heading = unit(heading * stiffness + wanted * (1 - stiffness))
        points = np.asarray(points + heading * step, np.float32)
        shell = clearance + lift * LIFT_REACH * min(1.0, t * 2.2)
        points = lay_on_skull(skull, points, np.asarray(shell, np.float32), hug, over_ears=over_ears)
        if side is not None:
            points = keep_to_side(skull, points, side)
        points = lay_on_torso(skull, points, lift)
        line.append(points if wave is None else curl(points, heading, length, t, wave))
    return np.stack(line, 1)


def lay_on_skull(skull: Skull, points: Floats, shell: Floats, hug: float, *, over_ears: bool) -> Floats:
    """-> points no nearer to the skull than their shell, and drawn back to it; below the jaw they are let be."""
    out = points - CENTRE
    distance = np.linalg.norm(out, axis=1)
    wanted = skull.radius(points, over_ears=over_ears) + shell
    move = np.maximum(wanted - distance, 0) - hug * np.maximum(distance - wanted - 0.15, 0)
    move *= smoothstep(NECK_TOP - 1, NECK_TOP + 1, points[:, 1])
    return np.asarray(points + out * (move / distance)[:, None], np.float32)


def keep_to_side(skull: Skull, points: Floats, side: Floats) -> Floats:
    """-> points that hang in front of the face moved outwards, to their own side of it, and back from the cheeks."""
    width = skull.face_width(points) + 0.15
    like_mean = skull.mean_face(points)
    before = (points[:, 2] > 0) & (like_mean[:, 1] < 10.5) & (np.abs(points[:, 0]) < width + 3)
    x = points[:, 0] * side
    moved = points.copy()
    moved[:, 0] = np.where(before, x + (np.maximum(x, width) - x) * 0.85, x) * side
    low = before & (like_mean[:, 1] < 6)
    moved[:, 2] = np.where(low, np.minimum(points[:, 2], FACE_DEPTH), points[:, 2])
    return moved


def lay_on_torso(skull: Skull, points: Floats, lift: Floats) -> Floats:
    """-> points below the jaw pushed out of neck and shoulders, to the front or the back of them."""
    y = points[:, 1]
    if y.min() > NECK_TOP:
        return points
    half_width, half_depth, middle = section(y, skull.shoulders)
    reach = NECK_REACH + 0.45 * lift + skull.bulk * np.exp(-(((y + 12.5) / 2.5) ** 2))
    width, depth = half_width + reach, half_depth + reach
    across, ahead = points[:, 0] / width, (points[:, 2] - middle) / depth
    inside = np.hypot(across, ahead)
    low = smoothstep(NECK_TOP, NECK_TOP - 2.5, y)
    # About the neck outwards, from the shoulders down to the front or the back.
    scale = 1 + (1 / np.maximum(inside, 0.2) - 1) * low * (inside < 1)
    around = np.stack([points[:, 0] * scale, y, (points[:, 2] - middle) * scale + middle], 1)
    face_of_chest = np.sqrt(np.maximum(1 - across**2, 0.02)) * depth * np.where(ahead > 0, 1, -1)
    step = np.clip(face_of_chest + middle - points[:, 2], -1.6, 1.6) * (inside < 1)
    laid = np.stack([points[:, 0], y, points[:, 2] + step], 1)
    share = smoothstep(SHOULDER_TOP + 1, SHOULDER_TOP - 1, y)[:, None]
    return np.asarray(around * (1 - share) + laid * share, np.float32)


def curl(points: Floats, heading: Floats, length: Floats, t: float, wave: Wave) -> Floats:
    """-> the points moved sideways and outwards as their waves have it at t."""
    out = unit(points - CENTRE)
    across = unit(np.cross(heading, out))
    turn = wave.pace * t * length / 6
    size = wave.amplitude * min(1.0, t * 2)
    sideways, outwards = size * np.sin(turn + wave.phase), 0.5 * size * np.cos(turn + wave.phase * 1.3)
    return points + across * sideways[:, None] + out * outwards[:, None]


def clear_of_face(skull: Skull, lines: Floats, width: Floats) -> Bools:
    """-> which locks, with their width, hang before neither the eyes nor the cheeks."""
    like_mean = skull.mean_face(lines)
    y, z = like_mean[..., 1], like_mean[..., 2]
    x = np.abs(like_mean[..., 0]) - width[:, None] / 2
    half, bottom, top, behind = EYE_WINDOW
    before_eyes = (x < half) & (y > bottom) & (y < top + width[:, None] / 2) & (z > behind)
    share, low, high, back = CHEEK_WINDOW
    before_cheeks = (x < share * np.interp(y, *cheek_table())) & (y > low) & (y < high) & (z > back)
    return np.asarray(~(before_eyes | before_cheeks).any(1))


def cheek_table() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """-> heights and half widths of the mean face from chin to brows."""
    return (-9.0, -7.5, -4.0, 2.0, 6.0), (2.0, 4.0, 7.0, 7.3, 7.3)


def add_locks(
    sitter: Sitter,
    lines: Floats,
    width: ArrayLike,
    tones: ArrayLike,
    *,
    taper: float = 0.35,
    roundness: float = 0.75,
    edge: float = 1.0,
    centre: NDArray[np.floating] = CENTRE,
    guard_face: bool = True,
) -> None:
    """Lines of points (n m 3) -> ribbons that face away from the centre; those before the face are left out.

    Width is the lock's in cm, taper the share of it left at the tip; a lower `edge` keeps the edges whole.
    """
    wide = np.broadcast_to(np.asarray(width, np.float32), len(lines))
    shades = np.broadcast_to(np.asarray(tones, np.float32), len(lines))
    if guard_face:
        clear = clear_of_face(sitter.skull, lines, wide)
        lines, wide, shades = lines[clear], wide[clear], shades[clear]
    count, steps, _ = lines.shape
    if count == 0:
        return
    along = unit(np.gradient(lines, axis=1))
    out = unit(lines - np.asarray(centre, np.float32))
    low = lines[..., 1:2] < -2
    from_spine = (lines + SPINE) * 0.2 * SIDEWAYS
    out = unit(np.where(low, out + from_spine, out))
    across = unit(np.cross(along, out))
    normal = np.cross(across, along)
    t = np.linspace(0, 1, steps, dtype=np.float32)
    half = (0.5 * wide[:, None] * np.interp(t, [0, 0.15, 0.6, 1], [0.7, 1, 0.95, taper]))[..., None]
    points = np.stack([lines - across * half, lines + across * half], 2).reshape(-1, 3)
    normals = unit(np.stack([normal - across * roundness, normal + across * roundness], 2)).reshape(-1, 3)
    aux = np.empty((count, steps, 2, 4), np.float32)
    aux[..., 0] = np.array([-edge, edge])
    aux[..., 1] = t[:, None]
    aux[..., 2] = sitter.lock_seeds(count)[:, None, None]
    aux[..., 3] = shades[:, None, None]
    index = np.arange(points.shape[0], dtype=np.int32).reshape(count, steps, 2)
    a, b = index[:, :-1, 0].ravel(), index[:, :-1, 1].ravel()
    triangles = np.concatenate([np.stack([a, b, b + 2], 1), np.stack([a, b + 2, a + 2], 1)])
    sitter.mesh.add(
        Matter.HAIR, points, triangles, normals=normals, follow=follow_by_height, aux=aux.reshape(-1, 4),
        tangents=np.repeat(along.reshape(-1, 3), 2, 0),
    )  # fmt: skip
