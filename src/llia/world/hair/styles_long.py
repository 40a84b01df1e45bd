"""Hair that hangs: long, wavy, layered, bobs, with fringes or under a headband."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from llia.world.form.mesh import Floats, Matter, add_sheet, smoothstep, unit
from llia.world.hair.locks import DOWN, Sitter, Wave, add_locks, along_skin, grow
from llia.world.hair.scalp import CENTRE, Roots, hairline, place_roots, scatter_roots
from llia.world.hair.styles import add_cap

LONG_ENDS = (-10.5, -21.0)  # cm: where long hair ends for length 0 and 1
BOB_ENDS = (-4.5, -9.5)
PARTING_ROOTS, PARTING_SPREAD, PARTING_END = 64, 0.9, 86.0  # how many, cm to either side, degrees upwards
SKULL_RADIUS = 9.3  # cm, over the forehead
CAP_SHADE = 1.05  # lighter than under short hair: it shows in the parting
CROWN_ELEVATION = 80.0  # degrees: hair that is bare to here has a cap and a parting
LAYERS_FROM = -1.5  # cm: the height that the shortest, face-framing locks come near
HEADBAND_ARCH = 0.45  # how the edges of a headband sink into the hair
WAVES_FROM = 0.35  # of hair.wave: below it long hair is straight


@dataclass(frozen=True)
class Hang:
    """How a head of hanging hair is cut."""

    end_y: float  # cm, of the longest locks
    waviness: float = 0.0  # 0 straight .. 1
    inward: float = 0.0  # tips turned to the neck, as a bob's are
    outward: float = 0.0  # tips flicked away, as layers are
    back: float = 0.0  # combed back from the forehead


def long(sitter: Sitter) -> None:
    """Long and mostly straight."""
    hang(sitter, Hang(end_of(sitter, LONG_ENDS), natural_wave(sitter)))


def wavy(sitter: Sitter) -> None:
    """Long in waves."""
    hang(sitter, Hang(end_of(sitter, LONG_ENDS), 0.75 + 0.5 * sitter.hair.wave))


def layered(sitter: Sitter) -> None:
    """Long, in steps that frame the face and flick outwards."""
    hang(sitter, Hang(end_of(sitter, LONG_ENDS), 0.6 * natural_wave(sitter), outward=1.0))


def bob(sitter: Sitter) -> None:
    """Jaw to collar, turned in."""
    hang(sitter, Hang(end_of(sitter, BOB_ENDS), 0.7 * natural_wave(sitter), inward=1.0))


def fringe_bob(sitter: Sitter) -> None:
    """A bob with a fringe."""
    bob(sitter)
    add_fringe(sitter)


def fringe_long(sitter: Sitter) -> None:
    """Long hair with a fringe."""
    long(sitter)
    add_fringe(sitter)


def headband(sitter: Sitter) -> None:
    """Long hair held back by a band."""
    hang(sitter, Hang(end_of(sitter, LONG_ENDS), natural_wave(sitter), back=0.6))
    add_headband(sitter)


def end_of(sitter: Sitter, ends: tuple[float, float]) -> float:
    """-> the height at which the hair ends for this person's length."""
    return ends[0] + (ends[1] - ends[0]) * sitter.hair.length


def natural_wave(sitter: Sitter) -> float:
    """-> the waviness that this person's hair has of itself."""
    return max(0.0, (sitter.hair.wave - WAVES_FROM) / (1 - WAVES_FROM))


def hang(sitter: Sitter, cut: Hang, below: float = 90.0) -> None:
    """Three layers: a broad one beneath that fills, the long one, and a shorter, looser one above.

    Under a hat only what grows below an elevation, in degrees, is there.
    """
    for layer, count, segments in ((beneath, 84, 8), (outer, 420, 10), (above, 120, 9)):
        roots = scatter_roots(sitter.skull, count, sitter.rng)
        roots = roots.keep(roots.elevation < below)
        layer(sitter, cut, roots, segments + round(2 * min(cut.waviness, 1)))  # waves take more pieces to bend in
    if below > CROWN_ELEVATION:
        add_cap(sitter, 0.3, shade=CAP_SHADE, parting=parting(sitter))
        add_parting(sitter, cut)


def beneath(sitter: Sitter, cut: Hang, roots: Roots, segments: int) -> None:
    """Broad dark locks with whole edges: no gap shows skin or background through the hair."""
    low = roots.keep(roots.elevation < 40)
    length = lengths(sitter, cut, low) * 0.9
    lines = comb(sitter, cut, low, length, np.full(len(low), 0.25, np.float32), segments, waviness=0.5, inward=0.4)
    add_locks(sitter, lines, 3.0, sitter.shades(len(low), 0.7), taper=0.75, edge=0.6)


def outer(sitter: Sitter, cut: Hang, roots: Roots, segments: int) -> None:
    """The layer that gives the cut its length; its ends are uneven."""
    count = len(roots)
    uneven = 0.17 - 0.07 * cut.inward
    length = lengths(sitter, cut, roots) * (1.05 - uneven * sitter.between(0, 1, count) ** 2)
    lift = sitter.between(0.5, 1.0, count) * sitter.hair.volume * 0.8  # uneven ones stand off at the outline
    lines = comb(sitter, cut, roots, length, lift, segments)
    taper = 0.5 + 0.35 * cut.inward
    add_locks(sitter, lines, sitter.between(1.3, 2.2, count), sitter.shades(count), taper=taper)


def above(sitter: Sitter, cut: Hang, roots: Roots, segments: int) -> None:
    """A shorter, narrower layer on top that breaks the smooth surface and gives volume."""
    high = roots.keep(roots.elevation > 5)
    count = len(high)
    length = lengths(sitter, cut, high) * sitter.between(0.5, 0.88, count)
    lift = sitter.between(0.75, 1.15, count) * sitter.hair.volume * 0.8
    lines = comb(sitter, cut, high, length, lift, segments, waviness=1.15)
    add_locks(sitter, lines, sitter.between(0.7, 1.3, count), sitter.shades(count, 1.06), taper=0.3)


def add_parting(sitter: Sitter, cut: Hang) -> None:
    """Roots along the parting, where scattered ones leave a bare strip; densest at its front."""
    front = float(hairline(np.zeros(1), sitter.hair)[0])
    elevation = front + (PARTING_END - front) * sitter.between(0.0, 1.0, PARTING_ROOTS) ** 1.5
    beside = parting(sitter) + sitter.rng.normal(0, PARTING_SPREAD, PARTING_ROOTS)
    azimuth = np.degrees(np.arcsin(np.clip(beside / (SKULL_RADIUS * np.cos(np.radians(elevation))), -1, 1)))
    elevation = np.maximum(elevation, hairline(azimuth, sitter.hair))
    roots = place_roots(sitter.skull, azimuth, elevation)
    length = lengths(sitter, cut, roots) * sitter.between(0.6, 0.95, PARTING_ROOTS)
    lift = sitter.between(0.5, 1.0, PARTING_ROOTS) * sitter.hair.volume * 0.8
    lines = comb(sitter, cut, roots, length, lift, 10)
    add_locks(sitter, lines, 1.2, sitter.shades(PARTING_ROOTS), taper=0.4)


def parting(sitter: Sitter) -> float:
    """-> x of the parting, cm."""
    return sitter.hair.part_x * sitter.hair.part_side


def lengths(sitter: Sitter, cut: Hang, roots: Roots) -> Floats:
    """-> the length that brings each lock to the cut's end; face-framing steps where the cut is layered."""
    x, y = roots.points[:, 0], roots.points[:, 1]
    end = np.full(len(roots), cut.end_y)
    if cut.outward:
        # From the chin at the temples in steps to the full length behind; from the crown some fall short again.
        step = np.interp(np.abs(roots.azimuth), [20, 50, 70, 95, 140], [0.22, 0.30, 0.50, 0.72, 1.0])
        short = smoothstep(45, 70, roots.elevation) * (sitter.rng.random(len(roots)) < 0.5)
        end = LAYERS_FROM + (cut.end_y - LAYERS_FROM) * step * (1 - 0.45 * short)
    return np.asarray(np.maximum(4, (y - end) * 1.12 + np.abs(x - parting(sitter)) * 0.35), np.float32)


def comb(
    sitter: Sitter, cut: Hang, roots: Roots, length: Floats, lift: Floats, segments: int, *, waviness: float = 1.0,
    inward: float = 0.0,
) -> Floats:  # fmt: skip
    """-> lines that part, fall over the ears and stay off the face."""
    middle, rng, count = parting(sitter), sitter.rng, len(roots)
    wave = None
    if cut.waviness > 0:
        together = roots.points @ np.array([0.35, 0.1, 0.3], np.float32)  # neighbours wave alike
        size = sitter.between(0.75, 1.4, count) * cut.waviness * waviness
        pace = np.full(count, sitter.between(3.8, 5.2, 1)[0], np.float32)
        wave = Wave(size, pace, (together + rng.normal(0, 0.5, count)).astype(np.float32))

    def direction(points: Floats, t: float) -> Floats:
        away = np.sign(points[:, 0] - middle + 1e-3)
        top = smoothstep(7.0, 12.5, points[:, 1])
        # Over the top to the sides and down; cheeks are passed on the way back and out.
        cheek = ((points[:, 2] > 3) & (points[:, 1] < 8)).astype(np.float32)
        nothing = 0 * top
        fall = np.stack([away * top, -1.3 * (1 - 0.75 * top), nothing - cut.back * (0.4 + top)], 1)
        wanted = along_skin(points, fall) * 0.9 + fall * 0.1
        own = np.sign(points[:, 0])
        wanted += cheek[:, None] * np.stack([own * 0.9, nothing, nothing - 1.1], 1)
        late = float(smoothstep(0.68, 0.95, t))
        spread = (0.14 * sitter.hair.volume * (1 - cut.inward) - inward) * smoothstep(2, -4, points[:, 1])
        wanted[:, 0] += own * spread
        turn = cut.outward * 0.9 - cut.inward * 0.55
        tips = np.stack([own * turn, nothing + 0.35 * cut.outward, nothing - 0.5 * cut.outward], 1)
        return np.asarray(wanted + late * tips, np.float32)

    return grow(
        sitter.skull, roots, direction, length, lift, segments=segments, gravity=0.9, stiffness=0.3, clearance=0.55,
        hug=0.75, wave=wave, side=np.where(roots.points[:, 0] > middle, 1.0, -1.0).astype(np.float32), over_ears=True,
    )  # fmt: skip


def add_fringe(sitter: Sitter) -> None:
    """Locks from the front of the hairline down over the forehead, two from each root."""
    scattered = scatter_roots(sitter.skull, 580, sitter.rng, margin=-1.0)
    front = (np.abs(scattered.azimuth) < 46) & (scattered.points[:, 2] > 3) & (scattered.elevation < 64)
    once = scattered.keep(front)
    roots = once.keep(np.repeat(np.arange(len(once)), 2))
    count = len(roots)
    jitter = sitter.rng.normal(0, 0.25, (count, 3)).astype(np.float32)
    roots = Roots(roots.points + jitter, roots.normals, roots.azimuth, roots.elevation)
    x, y, z = roots.points.T
    length = (y - sitter.hair.fringe_y) * 1.1 + np.maximum(0, 9 - z) * 0.75
    length = np.maximum(length * sitter.between(0.92, 1.06, count) + np.abs(x) * 0.12, 1.5)
    sweep = sitter.hair.fringe_sweep * sitter.hair.part_side

    def direction(points: Floats, t: float) -> Floats:
        ahead = 0.9 * (1 - smoothstep(5, 9, points[:, 2]))
        fall = np.stack([sweep + points[:, 0] * 0.03, 0 * ahead - 0.9, ahead], 1)
        return along_skin(points, fall) + DOWN * np.float32(0.25 * t)

    lines = grow(sitter.skull, roots, direction, length, sitter.between(0.45, 0.95, count), segments=7, hug=0.6)
    add_locks(sitter, lines, sitter.between(0.8, 1.4, count), sitter.shades(count, 1.03), taper=0.45)


def add_headband(sitter: Sitter) -> None:
    """A band over the crown from ear to ear, above the hair."""
    across = np.linspace(-1, 1, 41)
    # Its ends go under the hair behind the ears.
    lift = (1.0 + 0.55 * sitter.hair.volume) * (1 - 1.3 * smoothstep(0.62, 0.85, np.abs(across)))
    rows = []
    for offset in (-1.25, -1.1, -0.55, 0.0, 0.55, 1.1, 1.25):
        turn = np.radians(across * 100)
        way = unit(np.stack([np.sin(turn), np.cos(turn), np.full(len(across), 0.32 + offset * 0.085)], 1))
        off = sitter.skull.radius(CENTRE + way * 9, over_ears=True) + lift - HEADBAND_ARCH * offset**4
        rows.append(CENTRE + way * off[:, None])
    add_sheet(sitter.mesh, Matter.HAT, np.stack(rows), closed=False, outward_from=CENTRE, follow=1.0)
