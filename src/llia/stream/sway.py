"""A seed and times -> how the head sways: smooth noise that anyone can ask for anywhere, and nobody has to remember.

The world draws such noise for a whole track at once. Here each knot of the curve is drawn from its own number.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from llia.config import State
from llia.head.habits import (
    PITCH_SPEAKING,
    PITCH_SWAY,
    ROLL_LISTENING,
    ROLL_SPEAKING,
    ROLL_SWAY,
    YAW_DRIFT,
    YAW_SPEAKING,
    YAW_SWAY,
)

Doubles = NDArray[np.float64]

KNOTS_PER_CYCLE, SPARE_KNOTS_PER_S = 2, 1 / 6  # as many as the world has in half a minute
# A cubic spline through its knots: what each adds to the coefficients about it falls by this factor from one to the
# next, so that beyond some it is nothing.
POLE, REACH = 3**0.5 - 2, 8
SPREAD = 3**0.5  # of four even chances together, over that of a normal one
YAW, PITCH, ROLL = range(3)
# Which turn, in which state, or in any; how far in degrees and up to what frequency.
SWAYS: tuple[tuple[int, State | None, tuple[float, float]], ...] = (
    (YAW, None, YAW_SWAY), (YAW, None, YAW_DRIFT), (YAW, State.SPEAKING, YAW_SPEAKING),
    (PITCH, None, PITCH_SWAY), (PITCH, State.SPEAKING, PITCH_SPEAKING),
    (ROLL, None, ROLL_SWAY), (ROLL, State.SPEAKING, ROLL_SPEAKING), (ROLL, State.LISTENING, ROLL_LISTENING),
)  # fmt: skip


def sway(seed: int, now_s: Doubles, share: Doubles) -> Doubles:
    """A seed, times that grow, [T], and how far the person is in each state, [T 3] -> yaw, pitch and roll, degrees."""
    turn = np.zeros((len(now_s), 3))
    for number, (axis, state, (degrees, upper_hz)) in enumerate(SWAYS):
        strength = degrees if state is None else degrees * share[:, state]
        turn[:, axis] += strength * noise((seed, number), now_s, upper_hz)
    return turn


def noise(key: tuple[int, int], now_s: Doubles, upper_hz: float) -> Doubles:
    """Which noise, and times that grow, [T] -> about unit size, without anything much above a frequency."""
    place = now_s * (KNOTS_PER_CYCLE * upper_hz + SPARE_KNOTS_PER_S)
    first, last = int(place[0]) - 1, int(place[-1]) + 2  # knots whose curves reach into these times
    drawn = knots(key, first - REACH + 1, last - first + 1 + 2 * REACH)
    weight = -(3**0.5) * np.abs(POLE) ** np.abs(np.arange(-REACH, REACH + 1)) * (-1.0) ** (np.arange(2 * REACH + 1) + 1)
    coefficients = np.convolve(drawn, weight, mode="valid")
    away = np.abs(place[:, None] - np.arange(first, last + 1))  # T K
    return np.asarray((cubic(away) * coefficients).sum(1))


def cubic(away: Doubles) -> Doubles:
    """Distances from a knot -> the cubic B-spline there."""
    near = 2 / 3 - away**2 + away**3 / 2
    far = np.maximum(2 - away, 0) ** 3 / 6
    return np.where(away < 1, near, far)


def knots(key: tuple[int, int], first: int, count: int) -> Doubles:
    """-> values of about normal spread, each belonging to its number, [count]."""
    drawn = np.random.Philox(key=np.array(key, np.uint64), counter=[first + 2 * REACH, 0, 0, 0]).random_raw(4 * count)
    even = drawn.reshape(count, 4) / 2.0**64  # a counter gives four numbers
    return np.asarray(SPREAD * (even.sum(1) - 2))
