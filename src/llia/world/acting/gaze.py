"""A situation -> where the eyes look: fixations and saccades, mostly on the camera; degrees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from llia.config import State
from llia.head.habits import DRIFT_HZ, DRIFT_PITCH, DRIFT_YAW, SACCADE_S, THINKING_S, WIDE, draw_fixation
from llia.world.acting.curves import CURVE_HZ, Doubles, noise, smooth
from llia.world.acting.situation import Situation

SACCADE_TAPS = round(SACCADE_S * CURVE_HZ) + 1
FOLLOW_TAPS = 61


@dataclass(frozen=True)
class Gaze:
    """Where the eyes aim in the world, degrees, at 100 Hz; the slow part that the head follows; wide saccades."""

    yaw: Doubles
    pitch: Doubles
    slow_yaw: Doubles
    slow_pitch: Doubles
    glances: list[float]


def aim_gaze(situation: Situation, rng: np.random.Generator) -> Gaze:
    """A situation -> the gaze, relative to the camera."""
    target = np.zeros((situation.num_steps, 2))
    glances: list[float] = []
    turns = [stretch.start_s for stretch in situation.stretches if stretch.state == State.SPEAKING]
    time_s = 0.0
    last = np.zeros(2)
    while time_s < situation.duration_s:
        step = situation.step(time_s)
        state = State(int(situation.state[step]))
        turn_begins = any(0 <= time_s - turn_s < THINKING_S[0] for turn_s in turns)
        fixation = draw_fixation(rng, state, situation.feelings.averts[step], turn_begins=turn_begins)
        aim = np.array([fixation.yaw, fixation.pitch])
        if np.hypot(*(aim - last)) > WIDE:
            glances.append(time_s)
        target[int(time_s * CURVE_HZ) :] = aim
        last = aim
        time_s += fixation.held_s
    aimed = smooth(target, SACCADE_TAPS)
    slow = smooth(smooth(target, FOLLOW_TAPS), FOLLOW_TAPS)
    return Gaze(
        yaw=aimed[:, 0] + DRIFT_YAW * noise(rng, situation.num_steps, DRIFT_HZ),
        pitch=aimed[:, 1] + DRIFT_PITCH * noise(rng, situation.num_steps, DRIFT_HZ) + situation.feelings.gaze_pitch,
        slow_yaw=slow[:, 0],
        slow_pitch=slow[:, 1],
        glances=glances,
    )
