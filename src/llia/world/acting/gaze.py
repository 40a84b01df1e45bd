"""A situation -> where the eyes look: fixations and saccades, mostly on the camera; degrees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from llia.config import State
from llia.world.acting.curves import CURVE_HZ, Doubles, noise, smooth
from llia.world.acting.situation import Situation

AVERTED_SHARE = {State.SPEAKING: 0.22, State.LISTENING: 0.08, State.IDLE: 0.33}
MOST_AVERTED_SHARE = 0.7
AVERTED_YAW, AVERTED_PITCH = 9.0, 5.0  # spreads
AVERTED_UP = {State.SPEAKING: 2.0, State.LISTENING: -1.0, State.IDLE: -1.0}
ON_CAMERA_YAW, ON_CAMERA_PITCH = 1.3, 0.9
AVERTED_S, LONG_AVERTED_S = (0.3, 1.0), (0.5, 2.2)  # the idle look longer at what is not there
FIXATION_S, LEAST_FIXATION_S = 0.75, 0.25
THINKING_SHARE, THINKING_S = 0.35, (0.4, 0.9)  # looking away as a turn begins
SACCADE_TAPS = 7  # about 50 ms
DRIFT_YAW, DRIFT_PITCH, DRIFT_HZ = 0.25, 0.2, 2.5
WIDE = 10.0  # a saccade that may bring a blink
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
        thinking = any(0 <= time_s - turn_s < THINKING_S[0] for turn_s in turns) and rng.random() < THINKING_SHARE
        away = min(AVERTED_SHARE[state] * situation.feelings.averts[step], MOST_AVERTED_SHARE)
        if thinking or rng.random() < away:
            aim = np.array([rng.normal(0, AVERTED_YAW), rng.normal(AVERTED_UP[state], AVERTED_PITCH)])
            longest = THINKING_S if thinking else LONG_AVERTED_S if state == State.IDLE else AVERTED_S
            held_s = rng.uniform(*longest)
        else:
            aim = np.array([rng.normal(0, ON_CAMERA_YAW), rng.normal(0, ON_CAMERA_PITCH)])
            held_s = rng.exponential(FIXATION_S) + LEAST_FIXATION_S
        if np.hypot(*(aim - last)) > WIDE:
            glances.append(time_s)
        target[int(time_s * CURVE_HZ) :] = aim
        last = aim
        time_s += held_s
    aimed = smooth(target, SACCADE_TAPS)
    slow = smooth(smooth(target, FOLLOW_TAPS), FOLLOW_TAPS)
    return Gaze(
        yaw=aimed[:, 0] + DRIFT_YAW * noise(rng, situation.num_steps, DRIFT_HZ),
        pitch=aimed[:, 1] + DRIFT_PITCH * noise(rng, situation.num_steps, DRIFT_HZ) + situation.feelings.gaze_pitch,
        slow_yaw=slow[:, 0],
        slow_pitch=slow[:, 1],
        glances=glances,
    )
