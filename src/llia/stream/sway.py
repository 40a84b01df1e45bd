"""A seed and times -> how head and gaze sway: smooth noise that can be asked for anywhere, with nothing to remember.

The world draws such noise for a whole track at once. Here each knot of the curve is drawn from its own number.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from llia.config import State
from llia.head.habits import (
    DRIFT_HZ,
    DRIFT_PITCH,
    DRIFT_YAW,
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
# A cubic spline through its knots: what one adds to the coefficients about it falls by this factor from each to the
# next, so that beyond some there is nothing to add.
POLE, REACH = 3**0.5 - 2, 6
TOUCHED = np.arange(-1, 3)  # a time lies on the curves of the two knots before it and the two after it
BEFORE_THE_FIRST = 2 * REACH  # counters have no sign
SPREAD = 3**0.5  # of a normal chance over that of four even ones together
YAW, PITCH, ROLL = range(3)
# Which turn, in which state, or in any; how far in degrees and up to what frequency.
SWAYS: tuple[tuple[int, State | None, tuple[float, float]], ...] = (
    (YAW, None, YAW_SWAY), (YAW, None, YAW_DRIFT), (YAW, State.SPEAKING, YAW_SPEAKING),
    (PITCH, None, PITCH_SWAY), (PITCH, State.SPEAKING, PITCH_SPEAKING),
    (ROLL, None, ROLL_SWAY), (ROLL, State.SPEAKING, ROLL_SPEAKING), (ROLL, State.LISTENING, ROLL_LISTENING),
)  # fmt: skip
UPPER_HZ = tuple(upper_hz for _, _, (_, upper_hz) in SWAYS)
FIRST_OF_GAZE = len(SWAYS)


def sway(seed: int, now_s: Doubles, share: Doubles) -> Doubles:
    """A seed, times that grow, [T], and how far the person is in each state, [T 3] -> yaw, pitch and roll, degrees."""
    turn = np.zeros((len(now_s), 3))
    if not len(now_s):
        return turn
    for (axis, state, (degrees, _)), wave in zip(SWAYS, noises(seed, 0, now_s, UPPER_HZ), strict=True):
        turn[:, axis] += degrees * wave if state is None else degrees * share[:, state] * wave
    return turn


def drift(seed: int, now_s: Doubles) -> Doubles:
    """A seed, times that grow, [T] -> how far eyes drift from where they rest, yaw and pitch, degrees, [T 2]."""
    if not len(now_s):
        return np.zeros((0, 2))
    return noises(seed, FIRST_OF_GAZE, now_s, (DRIFT_HZ, DRIFT_HZ)).T * [DRIFT_YAW, DRIFT_PITCH]


def noises(seed: int, number: int, now_s: Doubles, upper_hz: Sequence[float]) -> Doubles:
    """A number for the first of them, times that grow, [T] -> smooth noises of about unit size, each without much above
    its frequency, [N T]."""
    place = (KNOTS_PER_CYCLE * np.array(upper_hz)[:, None] + SPARE_KNOTS_PER_S) * now_s  # N T
    before = np.floor(place).astype(np.int64)
    first = before[:, :1] + TOUCHED[0]
    count = int((before - first).max()) + 1 + TOUCHED[-1]
    drawn = np.stack(
        [knots(seed, number, one - REACH, count + 2 * REACH) for number, one in enumerate(first[:, 0], number)]
    )
    weight = 3**0.5 * POLE ** np.abs(np.arange(-REACH, REACH + 1))
    coefficients = (np.lib.stride_tricks.sliding_window_view(drawn, len(weight), axis=1) * weight).sum(-1)  # N K
    touched = (before - first)[..., None] + TOUCHED  # N T 4
    of_these = np.take_along_axis(coefficients[:, None], touched, axis=2)
    return np.asarray((cubic(np.abs((place - before)[..., None] - TOUCHED)) * of_these).sum(-1))


def cubic(away: Doubles) -> Doubles:
    """Distances from a knot -> the cubic B-spline there."""
    near, far = 2 / 3 - away**2 + away**3 / 2, np.maximum(2 - away, 0) ** 3 / 6
    return np.where(away < 1, near, far)


def knots(seed: int, number: int, first: int, count: int) -> Doubles:
    """Which noise -> its values of about normal spread, each belonging to its place, [count]."""
    chance = np.random.Philox(key=np.array([seed, number], np.uint64), counter=[first + BEFORE_THE_FIRST, 0, 0, 0])
    even = chance.random_raw(4 * count).reshape(count, 4) / 2.0**64  # a counter gives four numbers
    return np.asarray(SPREAD * (even.sum(1) - 2))
