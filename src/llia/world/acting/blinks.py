"""A situation -> when and how the lids close: often while speaking, seldom in anger, at pauses, with wide glances."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from llia.config import State
from llia.world.acting.curves import Doubles, bump
from llia.world.acting.mouth import FRAME_S
from llia.world.acting.situation import Situation

CLOSE_S, HOLD_S, OPEN_S = (0.06, 0.08), 0.03, (0.13, 0.17)
MEAN_WAIT_S = {State.SPEAKING: 2.6, State.LISTENING: 3.4, State.IDLE: 3.8}
LEAST_WAIT_S, SHORTEST_WAIT_S, FIRST_WAIT_S = 0.6, 0.7, 2.5
DOUBLE_SHARE, DOUBLE_S = 0.10, 0.28
PAUSE_SHARE, PAUSE_LAG_S, PAUSE_S = 0.35, 0.06, 0.10
GLANCE_SHARE, GLANCE_LAG_S = 0.30, 0.02
APART_S = 0.24  # a new blink waits for the last one to open


def blink_curve(
    situation: Situation, glances: Sequence[float], rng: np.random.Generator
) -> tuple[Doubles, list[float]]:
    """Where the lids are, 1 closed, at 100 Hz; and the times at which they are closed. Glances are wide saccades."""
    closed = [frame_time(time_s) for time_s in sorted(wanted_times(situation, glances, rng))]
    kept: list[float] = []
    for time_s in closed:
        if time_s < situation.duration_s and (not kept or time_s - kept[-1] > APART_S):
            kept.append(time_s)
    lids = np.zeros(situation.num_steps)
    for time_s in kept:
        close_s, open_s = rng.uniform(*CLOSE_S), rng.uniform(*OPEN_S)
        where, values = bump(len(lids), time_s - close_s - HOLD_S / 2, close_s, HOLD_S, open_s)
        lids[where] = np.maximum(lids[where], values)
    return lids, kept


def wanted_times(situation: Situation, glances: Sequence[float], rng: np.random.Generator) -> list[float]:
    """When lids would close: by themselves, at pauses of the own voice, with glances."""
    wanted: list[float] = []
    pace = situation.manner.blink_pace
    time_s = rng.uniform(0, FIRST_WAIT_S)
    while time_s < situation.duration_s:
        wanted.append(time_s)
        if rng.random() < DOUBLE_SHARE:
            wanted.append(time_s + DOUBLE_S)
        step = situation.step(time_s)
        mean_s = MEAN_WAIT_S[State(int(situation.state[step]))] / (pace * situation.feelings.blinks[step])
        time_s += max(SHORTEST_WAIT_S, rng.exponential(mean_s) + LEAST_WAIT_S)
    for before, after in pairwise(situation.phones):
        pausing = (after.ipa == "" and after.end_s - after.start_s > PAUSE_S) or after.start_s - before.end_s > PAUSE_S
        if pausing and rng.random() < PAUSE_SHARE * situation.feelings.blinks[situation.step(before.end_s)]:
            wanted.append(before.end_s + PAUSE_LAG_S)
    wanted.extend(time_s + GLANCE_LAG_S for time_s in glances if rng.random() < GLANCE_SHARE)
    return wanted


def frame_time(time_s: float) -> float:
    """A time -> the middle of the picture it falls in, so that one picture shows the lids closed."""
    return float((np.floor(time_s / FRAME_S) + 0.5) * FRAME_S)
