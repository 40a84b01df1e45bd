"""A situation -> when and how the lids close: often while speaking, seldom in anger, at pauses, with wide glances."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from llia.config import State
from llia.head.habits import (
    APART_S,
    DOUBLE_S,
    DOUBLE_SHARE,
    FIRST_WAIT_S,
    GLANCE_LAG_S,
    GLANCE_SHARE,
    PAUSE_LAG_S,
    PAUSE_S,
    PAUSE_SHARE,
    draw_blink,
    frame_time,
    wait_for_blink,
)
from llia.world.acting.curves import Doubles, times
from llia.world.acting.situation import Situation


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
        lids = np.maximum(lids, draw_blink(rng, time_s)(times(len(lids))))
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
        time_s += wait_for_blink(rng, State(int(situation.state[step])), pace * situation.feelings.blinks[step])
    for before, after in pairwise(situation.phones):
        pausing = (after.ipa == "" and after.end_s - after.start_s > PAUSE_S) or after.start_s - before.end_s > PAUSE_S
        if pausing and rng.random() < PAUSE_SHARE * situation.feelings.blinks[situation.step(before.end_s)]:
            wanted.append(before.end_s + PAUSE_LAG_S)
    wanted.extend(time_s + GLANCE_LAG_S for time_s in glances if rng.random() < GLANCE_SHARE)
    return wanted
