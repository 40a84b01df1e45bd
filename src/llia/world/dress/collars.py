"""Collars: a rolled neck, a shirt's collar with its placket, a hood."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from llia.world.dress.tailor import Cut, outline, woven
from llia.world.form.mesh import Floats, Matter, add_ball, add_sheet, add_tube, smooth_line, smoothstep
from llia.world.form.section import section

AXIS = (0.0, -12.0, -1.8)  # collars face away from it
COLUMNS = 60

# A rolled neck from inside over the rim and down again: height between foot and rim, cm off the neck.
ROLL = (
    (0.55, 0.15),
    (0.9, 0.3),
    (1.0, 0.62),
    (0.93, 0.98),
    (0.7, 1.22),
    (0.45, 1.28),
    (0.2, 1.34),
    (0.02, 1.3),
    (0.0, 0.8),
)
ROLL_FOOT_Y, ROLL_RIM_FRONT_Y, ROLL_RIM_BACK_Y = -12.7, -8.9, -7.6

# The leaf of a shirt's collar: from the fold (0) to its edge (1), cm off the body there.
LEAF = (
    (-0.35, 0.15),
    (-0.08, 0.35),
    (0.0, 0.62),
    (0.12, 0.92),
    (0.4, 1.1),
    (0.78, 1.2),
    (0.85, 1.16),
    (0.94, 1.25),
    (1.0, 1.2),
    (1.01, 0.55),
)
TRIMS = {-4: 0.8, -2: 0.3, -1: 2.4}  # which of these rows are darker: the stitching, the border, the shadow below it
OPENING = -0.03  # radians from the front at which each half begins: they overlap a little
# Where the collar folds, from the open button up to the nape: radians from the front, cm.
COLLAR_FOLD = ((0.0, 0.3, 0.9, 3.1416), (-15.6, -13.2, -11.4, -9.7))
BUTTON_YS = (-17.2, -21.6, -26.0)


def neck_follow(points: Floats) -> Floats:
    """-> how far the neck itself follows the head at this height: a collar goes with it."""
    return smoothstep(-16.0, -7.0, points[:, 1])


def around(cut: Cut, turn: NDArray[np.floating], y: NDArray[np.floating], out: NDArray[np.floating]) -> Floats:
    """-> points about the neck: angle from the front, height, cm off the body."""
    width, depth, middle = section(y, cut.clothes.shoulders)
    points = np.stack([np.sin(turn) * (width + out), y, np.cos(turn) * (depth + out) + middle], -1)
    return np.asarray(points, np.float32)


def roll(cut: Cut) -> None:
    """Folded over once, with soft rings where it gives."""
    turn = np.linspace(0, 2 * np.pi, COLUMNS, endpoint=False)
    ahead = 0.5 + 0.5 * np.cos(turn)
    rim = ROLL_RIM_BACK_Y + (ROLL_RIM_FRONT_Y - ROLL_RIM_BACK_Y) * ahead
    rim = rim + cut.rng.uniform(-0.5, 0.3)
    slack, phase = cut.rng.uniform(0.06, 0.2), cut.rng.uniform(0, 6)
    rows = []
    for height, out in ROLL:
        y = ROLL_FOOT_Y + (rim - ROLL_FOOT_Y) * height + 0.12 * np.sin(2 * turn + phase)
        give = slack * np.sin(3.2 * y + 1.5 * np.sin(turn + phase)) * (out > 0.9)
        # Above the shoulders the section narrows upwards like a cone; a collar goes straight up.
        straight = np.maximum(y, ROLL_FOOT_Y + 0.8)
        row = around(cut, turn, straight, out + give)
        row[:, 1] = y
        rows.append(row)
    points = np.array(rows)
    aux = woven(points)
    aux[:, 0] = np.tile(turn * 7.5, len(rows))  # its ribs go round
    add_sheet(cut.mesh, Matter.CLOTH, points, closed=True, outward_from=AXIS, follow=neck_follow, aux=aux)


def shirt(cut: Cut) -> None:
    """Two leaves that fold over a stand, a placket and its buttons."""
    for side in (-1, 1):
        angle = OPENING + (np.pi - OPENING) * np.linspace(0, 1, 26) ** 1.4
        at_point = np.exp(-(((angle - OPENING) / 0.38) ** 2))
        fold_y = np.interp(angle, *COLLAR_FOLD)
        drop = 2.9 - 0.9 * at_point + cut.rng.uniform(-0.15, 0.25) + 0.5 * smoothstep(0.6, 2.4, angle)
        lift, reach = cut.rng.uniform(0.0, 0.3), cut.rng.uniform(0.36, 0.46)
        rows = []
        for t, out in LEAF:
            # The point runs outwards from the opening and stands off a little; nothing about it is straight.
            turn = angle + reach * at_point * max(t, 0) ** 1.2
            off = out + lift * at_point * max(t, 0) ** 2 + 0.05 * np.sin(5 * angle + side) * t
            rows.append(outline(cut, side * turn, fold_y - drop * t, off))
        points = np.array(rows)
        trim = np.zeros(points.shape[:2])
        for row, dark in TRIMS.items():
            trim[row] = dark
        add_sheet(
            cut.mesh, Matter.CLOTH, points, closed=False, outward_from=AXIS, follow=0.0, aux=woven(points, trim.ravel())
        )
    add_placket(cut)


def add_placket(cut: Cut) -> None:
    """The strip down the front with its buttons."""
    y = np.linspace(-15.35, -38, 14)
    _, depth, middle = section(y, cut.clothes.shoulders)
    z = depth + middle + 0.55 + 0.25 * np.sin(y * 0.5 + cut.clothes.fold) * smoothstep(-15, -22, y) + 0.12
    columns = np.array([-1.25, -1.1, 0.0, 1.1, 1.25])
    sunk = np.array([0.12, 0.0, 0.0, 0.0, 0.12])
    points = np.stack([np.broadcast_to(columns, (14, 5)), np.broadcast_to(y[:, None], (14, 5)), z[:, None] - sunk], -1)
    trim = np.tile([1.0, 0.25, 0.0, 0.25, 1.0], 14)
    add_sheet(
        cut.mesh,
        Matter.CLOTH,
        points,
        closed=False,
        outward_from=(0.0, -24.0, -2.0),
        follow=0.0,
        aux=woven(points, trim),
    )
    for height in BUTTON_YS:
        place = (0.0, height, float(np.interp(height, y[::-1], z[::-1])) + 0.05)
        add_ball(
            cut.mesh, Matter.CLOTH, place, (0.42, 0.42, 0.16), follow=0.0, aux=(0, height, 1, 0), columns=10, rows=5
        )


def hood(cut: Cut) -> None:
    """A thick roll about the neck, higher and fuller behind, its ends crossing in front, and two strings."""
    turn = np.linspace(-np.pi, np.pi, 57)
    away = np.abs(turn)
    fullness = smoothstep(0.7, 2.8, away)
    y = -14.6 + 1.6 * smoothstep(0, 1.4, away) + 0.9 * fullness
    line = np.stack([np.sin(turn) * (8.3 + 0.8 * fullness), y, np.cos(turn) * (7.9 + 0.5 * fullness) - 1.9], 1)
    radius = 1.15 + 0.75 * smoothstep(0.2, 1.6, away) + 0.5 * fullness
    creases = 0.12 * np.sin(turn * 6 + cut.clothes.fold)
    add_tube(
        cut.mesh, Matter.CLOTH, line, radius + creases, follow=0.0, sides=10,
        aux=woven(np.repeat(line, 10, 0), np.tile([0, 0, 0, 0, 0.0, 0, 0, 0, 0, 0], len(line))),
    )  # fmt: skip
    for side in (-1, 1):
        end = cut.rng.uniform(-21.5, -18.5)
        swing = cut.rng.normal(0, 0.3)
        string = smooth_line([(side * 2.1, -14.9, 7.2), (side * 2.4, -16.0, 8.3), (side * 2.3 + swing, end, 9.1)], 12)
        string[:, 2] = np.maximum(string[:, 2], chest_z(cut, string) + 0.25)
        add_tube(cut.mesh, Matter.CLOTH, string, 0.2, follow=0.0, sides=5, aux=woven(np.repeat(string, 5, 0), 0.9))


def chest_z(cut: Cut, points: Floats) -> Floats:
    """-> z of the cloth's front at these x and y."""
    width, depth, middle = section(points[:, 1], cut.clothes.shoulders)
    across = np.clip(points[:, 0] / (width + 0.55), -0.99, 0.99)
    return np.asarray((depth + 0.55) * np.sqrt(1 - across**2) + middle + 0.25, np.float32)
