"""Hair that is tied: bun, ponytail, braids."""

from __future__ import annotations

import numpy as np

from llia.world.form.mesh import Floats, Matter, add_ball, smooth_line, smoothstep, tone, unit
from llia.world.hair.cords import add_cords, add_plait
from llia.world.hair.locks import Sitter, add_locks, along_skin, grow, lay_on_torso
from llia.world.hair.scalp import CENTRE, Roots, hairline, place_roots, scatter_roots, towards
from llia.world.hair.styles import CAP_SHADE, add_cap

KNOT_OUT = 1.4  # cm off the skin
HIGH_BUN, LOW_BUN, PONYTAIL = 75.0, 27.0, 39.0  # elevations of the knots at the back of the head
BUN_LOCKS, TAIL_LOCKS, WISPS, BOX_BRAIDS = 90, 150, 12, 84
PLAIT_ENDS = (-15.0, -21.0)  # cm
BOX_ENDS = (-9.0, -19.0)
TUFT_FALL = np.array([0, -1.6, 0.1])  # cm, of the tuft at a plait's end


def bun(sitter: Sitter) -> None:
    """Combed to a knot, high or low, with a coil of hair."""
    knot = place_knot(sitter, HIGH_BUN if sitter.hair.bun_high else LOW_BUN)
    comb_to(sitter, knot)
    coil(sitter, knot)


def ponytail(sitter: Sitter) -> None:
    """Combed to a knot at the back, the tail over one shoulder."""
    knot = place_knot(sitter, PONYTAIL)
    comb_to(sitter, knot)
    rng, side, count = sitter.rng, sitter.hair.part_side, TAIL_LOCKS
    start = knot + rng.normal(0, 0.7, (count, 3)).astype(np.float32)
    spread = rng.normal(0, 0.06, count)
    out = unit(
        np.stack(
            [rng.normal(0, 0.5, count) + 0.55 * side, rng.uniform(0.2, 0.9, count), rng.uniform(-1, -0.2, count)], 1
        )
    )
    roots = Roots(start, out, np.zeros(count, np.float32), np.zeros(count, np.float32))

    def direction(points: Floats, t: float) -> Floats:
        x = points[:, 0]
        way = [(0.62 - 0.4 * t) * side + spread, 0.5 - 2.2 * t + 0 * x, 0 * x - 0.4 + 0.9 * t]
        return np.stack(way, 1).astype(np.float32)

    length = sitter.between(13, 16 + 8 * sitter.hair.length, count)
    lines = grow(sitter.skull, roots, direction, length, sitter.between(0.8, 2.2, count), segments=10, gravity=0.6)
    add_locks(sitter, lines, sitter.between(1.0, 1.7, count), sitter.shades(count), taper=0.35)


def braids(sitter: Sitter) -> None:
    """Two plaits over the shoulders, or many thin ones all round: by the person's seed."""
    if sitter.rng.random() < 0.5:
        plaits(sitter)
    else:
        box_braids(sitter)


def plaits(sitter: Sitter) -> None:
    """Parted in the middle and plaited behind each ear."""
    add_cap(sitter, 0.35, shade=1.05, parting=0.0)
    count = 520
    roots = scatter_roots(sitter.skull, count, sitter.rng)
    side = np.where(roots.points[:, 0] > 0, 1.0, -1.0).astype(np.float32)
    ends = {s: behind_ear(sitter, s) for s in (-1, 1)}
    target = np.where(side[:, None] > 0, ends[1], ends[-1])

    def direction(points: Floats, t: float) -> Floats:
        return along_skin(points, target - points) + unit(target - points) * (0.2 * t)

    length = np.linalg.norm(target - roots.points, axis=1) * 1.15
    lines = grow(sitter.skull, roots, direction, length, sitter.between(0.15, 0.4, count), segments=9, hug=0.4)
    add_locks(sitter, lines, sitter.between(1.0, 1.7, count), sitter.shades(count), taper=0.6)
    add_wisps(sitter, 8)
    end = PLAIT_ENDS[0] + (PLAIT_ENDS[1] - PLAIT_ENDS[0]) * sitter.hair.length
    for s, start in ends.items():
        way = np.array(
            [start, (s * 8.0, -5.5, -0.5), (s * 8.6, -10.0, 2.5), (s * 8.4, -14.0, 5.5), (s * 7.6, end, 8.0)]
        )
        line = lay_on_torso(sitter.skull, smooth_line(way, 30), np.full(30, 1.4, np.float32))
        radius = 0.75 + 0.25 * sitter.hair.volume
        add_plait(sitter, line, radius, sitter.shades(3))
        tuft = np.repeat(line[None, -4:], 14, 0) + sitter.rng.normal(0, 0.25, (14, 1, 3)).astype(np.float32)
        fall = np.linspace(0, 1, 4)[:, None] * (sitter.rng.normal(0, 0.3, (14, 1, 3)) + TUFT_FALL)
        add_locks(sitter, (tuft + fall).astype(np.float32), 0.8, sitter.shades(14), taper=0.3)


def behind_ear(sitter: Sitter, side: int) -> Floats:
    """-> where a plait begins."""
    way = towards(side * 118, -28)
    return sitter.skull.off_skin(way, 0.7)


def box_braids(sitter: Sitter) -> None:
    """Thin plaits from all over the head, falling to the sides."""
    add_cap(sitter, 0.25)
    roots = scatter_roots(sitter.skull, BOX_BRAIDS, sitter.rng)
    end = BOX_ENDS[0] + (BOX_ENDS[1] - BOX_ENDS[0]) * sitter.hair.length
    lines = fall(sitter, roots, end, lift=0.9, waviness=0.0, segments=14)
    radius = sitter.between(0.34, 0.44, len(roots))
    add_cords(sitter, lines, radius, sitter.shades(len(roots)), knots=1.0)


def fall(sitter: Sitter, roots: Roots, end: float, *, lift: float, waviness: float, segments: int) -> Floats:
    """-> lines of cords that fall from a parting, off the face, to about the same height."""
    count = len(roots)
    middle = sitter.hair.part_x * sitter.hair.part_side
    sway = sitter.rng.uniform(0, 6, (2, count))

    def direction(points: Floats, t: float) -> Floats:
        x, y, z = points.T
        top = smoothstep(8, 12.5, y)
        cheek = ((z > 2) & (y < 11)).astype(np.float32)
        away, own = np.sign(x - middle + 1e-3), np.sign(x)
        wave = waviness * np.sin(5 * t + sway)
        fallen = np.stack([away * top, -1.3 * (1 - 0.75 * top), -0.25 * top], 1)
        aside = np.stack([cheek * own * 0.9 + wave[0], 0 * x, wave[1] - 1.1 * cheek], 1)
        return np.asarray(along_skin(points, fallen) * 0.85 + fallen * 0.15 + aside, np.float32)

    x, y, _ = roots.points.T
    length = np.maximum((y - end) * 1.1 + np.abs(x - middle) * 0.35, 4) * sitter.between(0.86, 1.04, count)
    lifts = lift * sitter.between(0.6, 1.4, count) * (0.5 + 0.5 * sitter.hair.volume)
    side = np.where(x > middle, 1.0, -1.0).astype(np.float32)
    return grow(
        sitter.skull, roots, direction, length, lifts, segments=segments, gravity=0.9, stiffness=0.35, clearance=0.5,
        hug=0.5, side=side, over_ears=True,
    )  # fmt: skip


def place_knot(sitter: Sitter, elevation: float) -> Floats:
    """-> a place off the back of the skull, on its middle."""
    way = towards(180, elevation)
    return sitter.skull.off_skin(way, KNOT_OUT)


def comb_to(sitter: Sitter, knot: Floats) -> None:
    """All hair tight to the knot, and a few wisps that got away."""
    add_cap(sitter, 0.2)
    count = 560
    roots = scatter_roots(sitter.skull, count, sitter.rng)

    def direction(points: Floats, t: float) -> Floats:
        return along_skin(points, knot - points) + unit(knot - points) * (0.15 * t)

    length = np.linalg.norm(roots.points - knot, axis=1) * 1.12
    lift = sitter.between(0.18, 0.3 + 0.1 * sitter.hair.volume, count)
    lines = grow(sitter.skull, roots, direction, length, lift, segments=8, hug=0.5)
    add_locks(sitter, lines, sitter.between(0.8, 1.4, count), sitter.shades(count), taper=0.5)
    add_wisps(sitter, WISPS)


def add_wisps(sitter: Sitter, count: int) -> None:
    """Thin locks that hang before the ears."""
    azimuth = sitter.rng.choice([-1, 1], count) * sitter.between(60, 74, count)
    roots = place_roots(sitter.skull, azimuth, hairline(azimuth, sitter.hair) + sitter.between(0.5, 5, count))

    def direction(points: Floats, t: float) -> Floats:
        x = points[:, 0]
        return np.stack([np.sign(x) * (0.35 - 0.3 * t), 0 * x - 1, 0 * x - 0.1 * t], 1).astype(np.float32)

    lines = grow(
        sitter.skull, roots, direction, sitter.between(3, 7, count), 0.4, segments=7,
        side=np.sign(azimuth).astype(np.float32), over_ears=True,
    )  # fmt: skip
    add_locks(sitter, lines, 0.42, sitter.shades(count, 1.1), taper=0.2)


def coil(sitter: Sitter, knot: Floats) -> None:
    """The bun itself: locks wound about a ball."""
    rng, radius = sitter.rng, sitter.hair.bun_radius
    out = unit(knot - CENTRE)
    first = unit(np.cross(out, [1, 0, 0.01]))
    second = np.cross(out, first)
    centre = knot + out * radius * 0.5
    t = np.linspace(0, 1.3, 8)
    start, height = rng.uniform(0, 2 * np.pi, (BUN_LOCKS, 1)), rng.uniform(-1.2, 1.4, (BUN_LOCKS, 1))
    turn, up = start + 2 * t, height + 0.25 * np.sin(3 * t + start)
    flat = np.cos(up)[..., None]
    way = flat * (np.cos(turn)[..., None] * first + np.sin(turn)[..., None] * second)
    way = way + np.sin(up)[..., None] * out * 0.85
    lines = (centre + radius * way * rng.uniform(0.93, 1.03, (BUN_LOCKS, 1, 1))).astype(np.float32)
    width = sitter.between(1.0, 1.6, BUN_LOCKS) * radius / 3.2
    add_locks(sitter, lines, width, sitter.shades(BUN_LOCKS), taper=0.6, centre=centre, guard_face=False)
    shade = float(tone(np.array(CAP_SHADE), sitter.hair.grey))
    add_ball(sitter.mesh, Matter.CAP, centre, radius * 0.93, follow=1.0, aux=(0, 1, 0, shade))
