"""Lines -> round cords of hair, many at once: locs, box braids, and plaits of three strands."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from llia.world.form.mesh import Floats, Matter, follow_by_height, quads, unit
from llia.world.hair.locks import Sitter, clear_of_face

WHOLE_EDGE = 0.5  # aux across a cord stays within this: nothing eats its edges
CORD_RANGE = (0.3, 0.78)  # aux along a cord: past the dark root, short of the frayed tip
STRANDS = 3
TURNS_PER_CM = 0.30  # of a plait's strands about each other


def add_cords(
    sitter: Sitter, lines: Floats, radius: ArrayLike, tones: ArrayLike, *, sides: int = 4, knots: float = 0.0,
    guard_face: bool = True,
) -> None:  # fmt: skip
    """Lines (n m 3) -> closed cords that narrow a little at the tip; knots make them bumpy (0..1)."""
    thick = np.broadcast_to(np.asarray(radius, np.float32), len(lines))
    shades = np.broadcast_to(np.asarray(tones, np.float32), len(lines))
    if guard_face:
        clear = clear_of_face(sitter.skull, lines, 2 * thick)
        lines, thick, shades = lines[clear], thick[clear], shades[clear]
    count, steps, _ = lines.shape
    along = unit(np.gradient(lines, axis=1))
    across = unit(np.cross(along, np.array([0.15, 0.2, 1.0])))
    over = np.cross(across, along)
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    rim = np.cos(angle)[:, None] * across[:, :, None] + np.sin(angle)[:, None] * over[:, :, None]
    t = np.linspace(0, 1, steps)
    bumps = 1 + 0.22 * knots * np.sin(2.4 * np.arange(steps) + sitter.rng.uniform(0, 6, (count, 1)))
    shape = thick[:, None] * bumps * np.interp(t, [0, 0.08, 0.85, 1], [0.7, 1, 0.9, 0.35])
    points = lines[:, :, None] + rim * shape[..., None, None]
    aux = np.empty((count, steps, sides, 4), np.float32)
    aux[..., 0] = WHOLE_EDGE * np.cos(angle)
    aux[..., 1] = np.interp(t, [0, 1], CORD_RANGE)[:, None]
    aux[..., 2] = sitter.lock_seeds(count)[:, None, None]
    aux[..., 3] = shades[:, None, None]
    one = quads(steps, sides, closed=True)
    triangles = (one + (np.arange(count, dtype=np.int32) * (steps * sides))[:, None, None]).reshape(-1, 3)
    sitter.mesh.add(
        Matter.HAIR, points.reshape(-1, 3), triangles, normals=unit(rim.reshape(-1, 3)), follow=follow_by_height,
        aux=aux.reshape(-1, 4), tangents=np.repeat(along.reshape(-1, 3), sides, 0),
    )  # fmt: skip


def add_plait(sitter: Sitter, line: Floats, radius: float, tones: ArrayLike) -> None:
    """One line -> three strands plaited about it, narrowing to the tip."""
    along = unit(np.gradient(line, axis=0))
    across = unit(np.cross(along, np.array([0.1, 0.1, 1.0])))
    over = np.cross(across, along)
    walked = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    size = radius * np.interp(np.linspace(0, 1, len(line)), [0, 0.1, 0.7, 1], [0.8, 1, 0.85, 0.5])
    strands = []
    for k in range(STRANDS):
        turn = 2 * np.pi * (TURNS_PER_CM * walked + k / STRANDS)
        sideways, outwards = size * np.sin(turn), 0.55 * size * np.sin(2 * turn)
        strands.append(line + across * sideways[:, None] + over * outwards[:, None])
    thick = np.full(STRANDS, 0.62 * radius, np.float32)
    add_cords(sitter, np.stack(strands).astype(np.float32), thick, tones, sides=6, guard_face=False)
