"""What people wear on their heads: beanie, cap, turban, with the hair that shows below. (Veils: veils.py.)"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from llia.world.form.mesh import Floats, Matter, add_ball, add_sheet, quads, smoothstep, surface_normals, unit
from llia.world.hair.locks import Sitter, add_locks, along_skin, grow
from llia.world.hair.scalp import CENTRE, place_roots, scatter_roots
from llia.world.hair.styles import away_from_centre
from llia.world.hair.styles_long import LONG_ENDS, Hang, end_of, hang, natural_wave

DOME_COLUMNS, DOME_ROWS = 72, 12
WEAVE_RADIUS = 9.0  # cm: turns an azimuth into centimetres of cloth

# Lower borders: elevation in degrees at azimuths from the nose to the nape.
BORDER_AZIMUTHS = (0, 40, 75, 100, 130, 180)
BEANIE_BORDER = (36, 33, 20, 10, -4, -10)
CAP_BORDER = (35, 32, 20, 16, 6, 0)
TURBAN_BORDER = (33, 28, 8, 0, -14, -20)

CUFF = ((0.0, 0.25), (-0.5, 0.8), (0.5, 1.2), (3.5, 1.3), (7.0, 1.2), (9.5, 0.95), (9.5, 0.3))  # degrees up, cm out
BRIM_REACH, BRIM_HALF_ARC, BRIM_ROWS = 6.8, 58.0, 7  # cm forward, degrees to each side
CAP_SEAMS = 6
WRAPS = 7

Lift = Callable[[Floats, Floats, Floats], Floats]  # azimuth, elevation, height above the border -> cm off the skin


def border(azimuth: NDArray[np.floating], line: tuple[int, ...]) -> Floats:
    """-> the elevation of a cover's lower edge."""
    return np.asarray(np.interp(np.abs(azimuth), BORDER_AZIMUTHS, line), np.float32)


def add_dome(sitter: Sitter, line: tuple[int, ...], lift: Lift, *, ribs: float = 0.0, seams: int = 0) -> None:
    """A cover of the skull above a line, as far off the skin as `lift` says."""
    azimuth = np.linspace(-180, 180, DOME_COLUMNS, endpoint=False, dtype=np.float32)
    edge = border(azimuth, line)
    share = np.linspace(0, 1, DOME_ROWS)[:, None] ** 1.25
    elevation = (edge + (89.0 - edge) * share).ravel().astype(np.float32)
    around = np.tile(azimuth, DOME_ROWS)
    roots = place_roots(sitter.skull, around, elevation)
    off = lift(around, elevation, elevation - np.tile(edge, DOME_ROWS))
    out = unit(roots.normals + unit(roots.points - CENTRE))
    points = roots.points + out * off[:, None]
    aux = np.zeros((len(points), 4), np.float32)
    aux[:, 0], aux[:, 1], aux[:, 3] = np.radians(around) * WEAVE_RADIUS, points[:, 1], ribs
    if seams:
        every = DOME_COLUMNS // seams
        aux[:, 2] = np.tile(np.arange(DOME_COLUMNS) % every == 0, DOME_ROWS)
    triangles = quads(DOME_ROWS, DOME_COLUMNS, closed=True)
    normals = away_from_centre(points, surface_normals(points, triangles))
    sitter.mesh.add(Matter.HAT, points, triangles, normals=normals, follow=1.0, aux=aux)


def beanie(sitter: Sitter) -> None:
    """Knitted, with a turned-up cuff; loose at the crown."""
    slouch = sitter.rng.uniform(0.0, 1.6)

    def lift(azimuth: Floats, elevation: Floats, above: Floats) -> Floats:
        behind = smoothstep(70, 150, np.abs(azimuth)) * smoothstep(15, 45, elevation)
        loose = 0.35 * smoothstep(50, 85, elevation) + behind
        return np.asarray(0.55 + 0.9 * smoothstep(25, 80, elevation) + slouch * loose, np.float32)

    add_dome(sitter, BEANIE_BORDER, lift, ribs=1.0)
    azimuth = np.linspace(-180, 180, DOME_COLUMNS, endpoint=False, dtype=np.float32)
    edge = border(azimuth, BEANIE_BORDER)
    rows, aux = [], []
    for up, out in CUFF:
        roots = place_roots(sitter.skull, azimuth, edge + up)
        rows.append(roots.points + unit(roots.points - CENTRE) * out)
        around = np.radians(azimuth) * WEAVE_RADIUS
        aux.append(np.stack([around, rows[-1][:, 1], 0 * around, 0 * around + 1], 1))
    add_sheet(
        sitter.mesh, Matter.HAT, np.stack(rows), closed=True, outward_from=CENTRE, follow=1.0, aux=np.concatenate(aux)
    )
    add_hair_below(sitter)


def cap(sitter: Sitter) -> None:
    """Six panels, a button and a brim."""

    def lift(azimuth: Floats, elevation: Floats, above: Floats) -> Floats:
        front = np.exp(-((azimuth / 55) ** 2)) * smoothstep(2, 25, above) * smoothstep(88, 60, elevation)
        return 0.5 + 0.6 * smoothstep(0, 40, above) + 0.9 * front

    add_dome(sitter, CAP_BORDER, lift, seams=CAP_SEAMS)
    top = place_roots(sitter.skull, 0.0, 89.0)
    add_ball(
        sitter.mesh, Matter.HAT, top.points[0] + [0, 1.15, 0], (0.45, 0.3, 0.45), follow=1.0, aux=(0, 0, 0.6, 0),
        columns=10, rows=5,
    )  # fmt: skip
    azimuth = np.linspace(-BRIM_HALF_ARC, BRIM_HALF_ARC, 25, dtype=np.float32)
    roots = place_roots(sitter.skull, azimuth, border(azimuth, CAP_BORDER) + 1.0)
    base = roots.points + unit(roots.points - CENTRE) * 0.5
    across = azimuth / BRIM_HALF_ARC
    rows, trims = [], []
    for t in np.linspace(0, 1, BRIM_ROWS):
        forward = BRIM_REACH * t * np.sqrt(np.maximum(1 - across**2, 0))
        dropped = 0.10 * forward + 1.1 * across**2 * t
        rows.append(base + np.stack([0 * across, -dropped, forward], 1))
        trims.append(np.full(len(azimuth), float(t > 0.9)))
    points = np.stack(rows).astype(np.float32)
    aux = np.zeros((points.shape[0] * points.shape[1], 4), np.float32)
    aux[:, :2], aux[:, 2] = points.reshape(-1, 3)[:, [0, 2]], 0.5 * np.concatenate(trims)
    add_sheet(sitter.mesh, Matter.HAT, points, closed=False, outward_from=(0.0, -60.0, 6.0), follow=1.0, aux=aux)
    add_hair_below(sitter)


def turban(sitter: Sitter) -> None:
    """Long cloth wound about the head, crossing over the forehead."""

    def lift(azimuth: Floats, elevation: Floats, above: Floats) -> Floats:
        return 0.6 + 1.3 * smoothstep(5, 45, above)

    add_dome(sitter, TURBAN_BORDER, lift)
    turn = np.linspace(0, 2 * np.pi, 57)
    azimuth = np.degrees(turn) - 180
    for k in range(WRAPS):
        # Each winding leans the other way from the last and lies higher; the last lies lowest at the front.
        lean = (17 if k % 2 == 0 else -17) * (1 - 0.08 * k)
        height = np.linspace(5, 33, WRAPS)[k]
        sag = border(azimuth, TURBAN_BORDER) * (1 - k / WRAPS) + 34 * (k / WRAPS)
        elevation = np.minimum(sag + height * 0.8 + lean * np.sin(turn), 78)
        roots = place_roots(sitter.skull, azimuth, np.maximum(elevation, border(azimuth, TURBAN_BORDER) + 3))
        off = 1.0 + 0.9 * smoothstep(20, 50, roots.elevation) + 0.12 * np.sin(3 * turn + k)
        line = roots.points + unit(roots.points - CENTRE) * off[:, None]
        line[-1] = line[0]
        radius = 1.45 + 0.15 * np.sin(2 * turn + 2 * k)
        aux = np.zeros((len(line) * 8, 4), np.float32)
        aux[:, 0] = np.repeat(azimuth, 8)
        aux[:, 2] = np.tile([0.0, 0.35, 0.0, 0.0, 0.0, 0.35, 0.0, 0.0], len(line))
        add_wrap(sitter, line.astype(np.float32), radius, aux)


def add_wrap(sitter: Sitter, line: Floats, radius: NDArray[np.floating], aux: Floats) -> None:
    """One winding: a band, flat against the skull, with a fold along its middle."""
    out = unit(line - CENTRE)
    along = unit(np.gradient(line, axis=0))
    across = unit(np.cross(out, along))
    angle = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    rim = np.cos(angle)[:, None] * across[:, None] + 0.55 * np.sin(angle)[:, None] * out[:, None]
    points = (line[:, None] + rim * radius[:, None, None]).reshape(-1, 3)
    normal = np.cos(angle)[:, None] * across[:, None] + np.sin(angle)[:, None] / 0.55 * out[:, None]
    sitter.mesh.add(
        Matter.HAT, points, quads(len(line), 8, closed=True), normals=unit(normal.reshape(-1, 3)), follow=1.0, aux=aux
    )


def add_hair_below(sitter: Sitter) -> None:
    """The hair that a cover leaves to be seen: hanging, or short about the ears and nape."""
    if sitter.hair.under_cover:
        hang(sitter, Hang(end_of(sitter, LONG_ENDS), natural_wave(sitter)), below=22.0)
        return
    scattered = scatter_roots(sitter.skull, 420, sitter.rng)
    roots = scattered.keep(scattered.elevation < 14)

    def direction(points: Floats, t: float) -> Floats:
        return along_skin(points, np.array([0, -1, -0.25]))

    lines = grow(sitter.skull, roots, direction, sitter.between(1.6, 2.4, len(roots)), 0.2, segments=4)
    add_locks(sitter, lines, sitter.between(0.6, 1.0, len(roots)), sitter.shades(len(roots)))
