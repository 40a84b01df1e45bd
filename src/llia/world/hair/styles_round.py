"""Hair that stands by itself: curls, afro, locs."""

from __future__ import annotations

import numpy as np

from llia.world.form.mesh import Floats, unit
from llia.world.hair.cords import add_cords
from llia.world.hair.locks import Sitter, Wave, add_locks, along_skin, grow
from llia.world.hair.scalp import CENTRE, Roots, rise, scatter_roots
from llia.world.hair.styles import add_cap
from llia.world.hair.styles_tied import fall

CURLS, FUZZ, LOCS = 880, 1350, 88
AFRO_HEIGHT = 1.7  # cm of afro for a volume of one
SHELL_SHARE = 0.6  # of that height is solid
LOC_ENDS = (1.0, -15.0)  # cm


def curly(sitter: Sitter) -> None:
    """Loose curls."""
    add_cap(sitter, 0.9)
    roots = scatter_roots(sitter.skull, CURLS, sitter.rng)
    start = roots.points

    def direction(points: Floats, t: float) -> Floats:
        x, y, z = points.T
        whirl = [np.sin(y * 0.9 + start[:, 2] * 2 + 7 * t), np.cos(x * 1.1 + start[:, 1] * 1.5 + 7 * t) - 0.4]
        return unit(points - CENTRE) * 0.2 + along_skin(points, np.stack([*whirl, np.sin(z + 7 * t)], 1))

    length = sitter.between(3.4, 5.0 + 2.2 * sitter.hair.length, CURLS) * (0.45 + 0.55 * rise(roots, sitter.hair))
    lift = sitter.between(0.4, 1.2, CURLS) * (0.6 + 0.5 * sitter.hair.volume)
    pace = sitter.between(7.5, 9.5, CURLS) * (6 / np.maximum(length, 2)).astype(np.float32)
    wave = Wave(sitter.between(0.3, 0.5, CURLS), pace, sitter.between(0, 2 * np.pi, CURLS))
    lines = grow(sitter.skull, roots, direction, length, lift, segments=9, stiffness=0.45, wave=wave)
    width = sitter.between(0.5, 0.85, CURLS)
    add_locks(sitter, lines, width, sitter.shades(CURLS), taper=0.85, roundness=1.0)


def afro(sitter: Sitter) -> None:
    """A round cloud: a whole shell within, and short crinkled locks that begin just under its surface."""
    height = AFRO_HEIGHT * sitter.hair.volume * (0.8 + 0.4 * sitter.hair.length)
    add_cap(sitter, SHELL_SHARE * height)
    skin = scatter_roots(sitter.skull, FUZZ, sitter.rng)
    depth = sitter.between(0.4, 0.8, FUZZ) * height * rise(skin, sitter.hair)
    start = skin.points + skin.normals * depth[:, None]
    roots = Roots(start, skin.normals, skin.azimuth, skin.elevation)

    def direction(points: Floats, t: float) -> Floats:
        x, y, z = points.T
        whirl = [np.sin(y * 1.3 + start[:, 2] * 3 + 9 * t), np.cos(x * 1.7 + start[:, 1] * 2 + 8 * t) - 0.2]
        return unit(points - CENTRE) * 0.9 + along_skin(points, np.stack([*whirl, np.sin(z * 1.5 + 7 * t)], 1))

    length = sitter.between(0.8, 1.2, FUZZ) * (0.3 * height + 0.9)
    pace = sitter.between(6, 9, FUZZ) * (6 / np.maximum(length, 2)).astype(np.float32)
    wave = Wave(sitter.between(0.2, 0.45, FUZZ), pace, sitter.between(0, 2 * np.pi, FUZZ))
    lift = sitter.between(0.1, 0.5, FUZZ)
    lines = grow(sitter.skull, roots, direction, length, lift, segments=5, stiffness=0.3, wave=wave)
    width = sitter.between(0.45, 0.8, FUZZ)
    add_locks(sitter, lines, width, sitter.shades(FUZZ), taper=0.8, roundness=1.0)


def locs(sitter: Sitter) -> None:
    """Round cords from all over the head, jaw-length to chest."""
    add_cap(sitter, 0.3)
    roots = scatter_roots(sitter.skull, LOCS, sitter.rng)
    end = LOC_ENDS[0] + (LOC_ENDS[1] - LOC_ENDS[0]) * sitter.hair.length
    lines = fall(sitter, roots, end, lift=1.3, waviness=0.35, segments=10)
    radius = sitter.between(0.42, 0.62, len(roots))
    add_cords(sitter, lines, radius, sitter.shades(len(roots)), sides=5, knots=0.5)
