"""A situation -> head, gaze, lids, brows, smile and torso at 100 Hz: all of the motion but the mouth's speech."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from llia.config import State
from llia.head.habits import (
    EYES_COUNTER,
    FOLLOWS_GAZE_PITCH,
    FOLLOWS_GAZE_YAW,
    GAZE_LIMIT_PITCH,
    GAZE_LIMIT_YAW,
    HEAD_OF_NECK,
    PITCH_SPEAKING,
    PITCH_SWAY,
    ROLL_LISTENING,
    ROLL_SPEAKING,
    ROLL_SWAY,
    YAW_DRIFT,
    YAW_SPEAKING,
    YAW_SWAY,
)
from llia.head.shape import ease
from llia.world.acting.blinks import blink_curve
from llia.world.acting.curves import Doubles, add_bump, noise, times
from llia.world.acting.gaze import Gaze, aim_gaze
from llia.world.acting.nods import Gestures, draw_gestures
from llia.world.acting.situation import Situation
from llia.world.chance import stream

LIMIT_YAW, LIMIT_PITCH, LIMIT_ROLL = 24.0, 15.0, 12.0
SHIFT_X, SHIFT_Z, SHIFT_HZ = 0.25, 0.35, 0.3
TORSO_FOLLOWS_YAW, TORSO_FOLLOWS_ROLL = 0.22, 0.12
TORSO_YAW, TORSO_ROLL, TORSO_HZ = 1.2, 0.5, 0.15
BREATH_HEIGHT, BREATH_PITCH, BREATH_OF_HEAD = 0.13, -0.35, 0.4
SIGH_SHARE, SIGH_SIZE, SIGH = 0.3, 0.22, (1.2, 0.3, 1.8)
# Now and then the whole person sits differently.
POSTURE_S, POSTURE_YAW, POSTURE_ROLL, POSTURE_PITCH, POSTURE_X = (5.0, 13.0), 2.6, 1.4, 1.0, 0.30
POSTURE_RISE_S = (0.7, 1.6)
SMILE_WAVES, SMILE_HZ, SMILE_BOUNDS, MOST_SMILE = 0.4, 0.2, (-1.0, 1.5), 0.75
MOST_BROW, MOST_FROWN = 1.1, 0.6
LIP_PRESS_SHARE, LIP_PRESS, LIP_PRESS_SIZE = 0.5, (0.25, 0.20, 0.35), (0.15, 0.40)
QUIET_PRESS_EVERY_S = 6.0
# No face is ever quite still: brows, lids and lips have a tone that wanders. Size, upper frequency, bounds.
BROW_TONE, LID_TONE, LIP_TONE, TONE_BOUNDS = (0.05, 0.22), (0.05, 0.15), (0.06, 0.12), (-0.3, 1.7)


@dataclass(frozen=True)
class Behaviour:
    """What a person does besides speaking, at 100 Hz. Angles in degrees, shifts in cm, the rest 0 to about 1."""

    yaw: Doubles
    pitch: Doubles
    roll: Doubles
    shift: Doubles  # n 3
    gaze_yaw: Doubles  # relative to the head
    gaze_pitch: Doubles
    torso_yaw: Doubles
    torso_roll: Doubles
    torso_height: Doubles
    brow: Doubles
    frown: Doubles
    smile: Doubles
    press: Doubles
    lids: Doubles  # how much wider than at rest
    blink: Doubles
    blinks_s: list[float]  # when the lids are closed


def behave(situation: Situation, seed: int) -> Behaviour:
    """A situation and a seed -> what the person does; each part draws from a stream of its own."""

    def draw(name: str) -> np.random.Generator:
        return stream(seed, name)

    gaze = aim_gaze(situation, draw("gaze"))
    gestures = draw_gestures(situation, draw("beats"), draw("reactions"))
    blink, blinks_s = blink_curve(situation, gaze.glances, draw("blinks"))
    posture = shift_posture(situation, draw("posture"))
    breath = breathe(situation, draw("breath"))
    yaw, pitch, roll = turn_head(situation, gestures, gaze, posture, draw("sway"))
    pitch = pitch + BREATH_PITCH * breath
    yaw, pitch, roll = hold(yaw, LIMIT_YAW), hold(pitch, LIMIT_PITCH), hold(roll, LIMIT_ROLL)

    rng = draw("torso")
    steps = situation.num_steps
    height = BREATH_HEIGHT * breath + situation.feelings.torso_height
    shift = np.stack(
        [
            SHIFT_X * noise(rng, steps, SHIFT_HZ) + POSTURE_X * posture[:, 3],
            BREATH_OF_HEAD * height,
            SHIFT_Z * noise(rng, steps, SHIFT_HZ) + situation.feelings.shift_z,
        ],
        axis=1,
    )
    manner = situation.manner
    tone = draw("tone")

    def wander(band: tuple[float, float]) -> Doubles:
        return band[0] * noise(tone, steps, band[1]).clip(*TONE_BOUNDS)

    waves = SMILE_WAVES * noise(draw("smile"), steps, SMILE_HZ).clip(*SMILE_BOUNDS)
    return Behaviour(
        yaw=HEAD_OF_NECK * yaw,
        pitch=pitch,
        roll=roll,
        shift=shift,
        # The eyes stay on their target while the head turns.
        gaze_yaw=np.clip(gaze.yaw - EYES_COUNTER * yaw, -GAZE_LIMIT_YAW, GAZE_LIMIT_YAW),
        gaze_pitch=np.clip(gaze.pitch + EYES_COUNTER * pitch, -GAZE_LIMIT_PITCH, GAZE_LIMIT_PITCH),
        torso_yaw=TORSO_FOLLOWS_YAW * yaw + TORSO_YAW * noise(rng, steps, TORSO_HZ),
        torso_roll=TORSO_FOLLOWS_ROLL * roll + TORSO_ROLL * noise(rng, steps, TORSO_HZ),
        torso_height=height,
        brow=(gestures.brow + wander(BROW_TONE)).clip(0, MOST_BROW),
        frown=gestures.frown.clip(0, MOST_FROWN),
        smile=(manner.smile * (1 - SMILE_WAVES + waves) + gestures.smile).clip(0, MOST_SMILE),
        press=(press_lips(situation, draw("press")) + wander(LIP_TONE)).clip(0, None),
        lids=wander(LID_TONE),
        blink=blink,
        blinks_s=blinks_s,
    )


def hold(angle: Doubles, limit: float) -> Doubles:
    """An angle -> the same, softly held within a limit."""
    return np.asarray(limit * np.tanh(angle / limit))


def turn_head(
    situation: Situation, gestures: Gestures, gaze: Gaze, posture: Doubles, rng: np.random.Generator
) -> tuple[Doubles, Doubles, Doubles]:
    """-> yaw, pitch and roll of the head before the limits, degrees."""
    speaking, listening = situation.share[:, State.SPEAKING], situation.share[:, State.LISTENING]
    manner, feelings = situation.manner, situation.feelings
    steps = situation.num_steps

    def sway(band: tuple[float, float]) -> Doubles:
        return band[0] * noise(rng, steps, band[1])

    activity = manner.activity * feelings.energy
    yaw = sway(YAW_SWAY) + sway(YAW_DRIFT) + speaking * sway(YAW_SPEAKING) + gestures.yaw
    pitch = sway(PITCH_SWAY) + speaking * sway(PITCH_SPEAKING) + gestures.pitch
    roll = sway(ROLL_SWAY) + speaking * sway(ROLL_SPEAKING) + listening * sway(ROLL_LISTENING) + gestures.roll
    return (
        activity * yaw + posture[:, 0] + FOLLOWS_GAZE_YAW * gaze.slow_yaw + np.degrees(manner.rest_yaw),
        activity * pitch
        + posture[:, 1]
        - FOLLOWS_GAZE_PITCH * gaze.slow_pitch
        + np.degrees(manner.rest_pitch)
        + feelings.pitch,
        activity * roll + posture[:, 2] + np.degrees(manner.rest_roll),
    )


def shift_posture(situation: Situation, rng: np.random.Generator) -> Doubles:
    """-> yaw, pitch, roll (degrees) and a share of sideways shift that change now and then, [n 4]."""
    now = times(situation.num_steps)
    posture = np.zeros((situation.num_steps, 4))
    spread = np.array([POSTURE_YAW, POSTURE_PITCH, POSTURE_ROLL, 1.0]) * situation.manner.activity
    last = np.zeros(4)
    time_s = rng.uniform(0, POSTURE_S[1])
    while time_s < situation.duration_s:
        following = spread * rng.normal(0, 1, 4)
        rising = ease(0, 1, (now - time_s) / rng.uniform(*POSTURE_RISE_S))
        posture += rising[:, None] * (following - last)
        last = following
        time_s += rng.uniform(*POSTURE_S)
    return posture


def breathe(situation: Situation, rng: np.random.Generator) -> Doubles:
    """-> breathing, -1 to 1, a deep one now and then while nothing is asked."""
    cycles = times(situation.num_steps) * situation.manner.breath_hz + rng.random()
    breath = np.sin(2 * np.pi * cycles)
    for stretch in situation.stretches:
        if stretch.state == State.IDLE and rng.random() < SIGH_SHARE:
            add_bump(breath, SIGH_SIZE / BREATH_HEIGHT, rng.uniform(stretch.start_s, stretch.end_s), *SIGH)
    return breath


def press_lips(situation: Situation, rng: np.random.Generator) -> Doubles:
    """-> lips pressed for a moment, 0 to 1, in stretches without speech."""
    press = np.zeros(situation.num_steps)
    for stretch in situation.stretches:
        if stretch.state == State.SPEAKING:
            continue
        num_chances = 1 + int((stretch.end_s - stretch.start_s) / QUIET_PRESS_EVERY_S)
        share = LIP_PRESS_SHARE if stretch.state == State.IDLE else LIP_PRESS_SHARE / 2
        for _ in range(num_chances):
            time_s, size = rng.uniform(stretch.start_s, stretch.end_s), rng.uniform(*LIP_PRESS_SIZE)
            if rng.random() < share and time_s + sum(LIP_PRESS) < stretch.end_s:
                add_bump(press, size, time_s, *LIP_PRESS)
    return press
