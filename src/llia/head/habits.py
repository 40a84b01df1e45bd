"""How often, how far and in what shape people blink, look about, nod and sway, by state: draws and curves, one table.

The world acts whole tracks by it, the stream goes by it frame after frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from llia.config import Clock, State
from llia.head.shape import ease

Array = Any  # of times in seconds, or one of them

FRAME_S = 1 / Clock().frames_per_second

# ---- blinks: more of them in speech; at pauses of the own voice and with wide glances besides
CLOSE_S, HOLD_S, OPEN_S = (0.06, 0.08), 0.03, (0.13, 0.17)
MEAN_WAIT_S = {State.SPEAKING: 2.6, State.LISTENING: 3.4, State.IDLE: 3.8}
LEAST_WAIT_S, SHORTEST_WAIT_S, FIRST_WAIT_S = 0.6, 0.7, 2.5
DOUBLE_SHARE, DOUBLE_S = 0.10, 0.28
PAUSE_SHARE, PAUSE_LAG_S, PAUSE_S = 0.35, 0.06, 0.10
GLANCE_SHARE, GLANCE_LAG_S = 0.30, 0.02
APART_S = 0.24  # a new blink waits for the last one to open

# ---- gaze, degrees; spreads unless it is said otherwise
AVERTED_SHARE = {State.SPEAKING: 0.22, State.LISTENING: 0.08, State.IDLE: 0.33}
MOST_AVERTED_SHARE = 0.7
AVERTED_YAW, AVERTED_PITCH = 9.0, 5.0
AVERTED_UP = {State.SPEAKING: 2.0, State.LISTENING: -1.0, State.IDLE: -1.0}
ON_CAMERA_YAW, ON_CAMERA_PITCH = 1.3, 0.9
AVERTED_S, LONG_AVERTED_S = (0.3, 1.0), (0.5, 2.2)  # the idle look longer at what is not there
FIXATION_S, LEAST_FIXATION_S = 0.75, 0.25
THINKING_SHARE, THINKING_S = 0.35, (0.4, 0.9)  # looking away as a turn begins
SACCADE_S = 0.06
DRIFT_YAW, DRIFT_PITCH, DRIFT_HZ = 0.25, 0.2, 2.5
WIDE = 10.0  # a saccade that may bring a blink
EYES_COUNTER, GAZE_LIMIT_YAW, GAZE_LIMIT_PITCH = 0.85, 24.0, 15.0  # eyes stay on their target while the head turns
HEAD_OF_NECK = 0.86  # of a turn to the side; the torso does the rest
FOLLOWS_GAZE_YAW, FOLLOWS_GAZE_PITCH = 0.25, 0.20  # and the head goes after the eyes

# ---- beats on stressed vowels of the own voice, degrees
BEATS_APART_S, BEAT_SHARE = 0.32, 0.5
BEAT_DEGREES, BEAT_LEAD_S, BEAT = (1.8, 4.6), 0.10, (0.14, 0.02, 0.26)
BEAT_QUIET, BEAT_LOUD = 0.6, 0.5
FLICK_SHARE, FLICK_DEGREES = 0.30, 2.2

# ---- what a listener does: at a pause of the other voice, after its emphasis, and just so
NOD_HZ, NOD_DEGREES, NOD_DECAY, MOST_NODS = (1.7, 2.6), (3.0, 6.2), 0.45, 3
TILT, TILT_DEGREES = (0.5, 1.2, 0.7), 4.0
Odds = Mapping[str, float]
AT_PAUSE: Odds = {"nod": 0.68, "smile": 0.18, "raise": 0.05, "tilt": 0.03}
AT_EMPHASIS: Odds = {"nod": 0.16, "smile": 0.06, "raise": 0.30, "tilt": 0.06}
AT_LEISURE: Odds = {"nod": 0.40, "smile": 0.24, "raise": 0.14, "tilt": 0.22}
REACTION_S, LEISURE_S, REACTIONS_APART_S = (0.10, 0.35), (2.0, 5.0), 0.45
AFTER_S = {"nod": 0.0, "smile": 0.4, "raise": 0.3, "tilt": 0.5}
QUIET = 0.10  # of its loudness, where a voice pauses
EMPHASIS_OVER, EMPHASIS_APART_S = 0.85, 0.9

# ---- sway of the head: size in degrees and upper frequency; always, while speaking, while listening
YAW_SWAY, YAW_DRIFT, YAW_SPEAKING = (3.2, 0.35), (1.8, 0.15), (1.6, 1.1)
PITCH_SWAY, PITCH_SPEAKING = (1.6, 0.30), (1.2, 1.3)
ROLL_SWAY, ROLL_SPEAKING, ROLL_LISTENING = (1.7, 0.28), (0.8, 0.9), (1.5, 0.20)


def swell(now_s: Array, start_s: float, rise_s: float, hold_s: float, fall_s: float) -> Array:
    """Times -> a rise, a hold and a fall, at most 1."""
    end_s = start_s + rise_s + hold_s + fall_s
    return ease(0, 1, np.clip((now_s - start_s) / rise_s, 0, 1) * np.clip((end_s - now_s) / fall_s, 0, 1))


# ---- blinks


@dataclass(frozen=True)
class Blink:
    """Lids that close and open once."""

    closed_s: float  # when they are closed
    close_s: float
    open_s: float

    @property
    def end_s(self) -> float:
        return self.closed_s + HOLD_S / 2 + self.open_s

    def __call__(self, now_s: Array) -> Array:
        """Times -> where the lids are, 1 closed."""
        return swell(now_s, self.closed_s - self.close_s - HOLD_S / 2, self.close_s, HOLD_S, self.open_s)


def draw_blink(rng: np.random.Generator, closed_s: float) -> Blink:
    return Blink(closed_s, rng.uniform(*CLOSE_S), rng.uniform(*OPEN_S))


def wait_for_blink(rng: np.random.Generator, state: State, pace: float) -> float:
    """-> seconds until lids close again by themselves."""
    return max(SHORTEST_WAIT_S, rng.exponential(MEAN_WAIT_S[state] / pace) + LEAST_WAIT_S)


def frame_time(time_s: float) -> float:
    """A time -> the middle of the picture it falls in, so that one picture shows the lids closed."""
    return float((np.floor(time_s / FRAME_S) + 0.5) * FRAME_S)


# ---- gaze


@dataclass(frozen=True)
class Fixation:
    """Where the eyes rest, degrees from the camera, and for how long."""

    yaw: float
    pitch: float
    held_s: float


def draw_fixation(rng: np.random.Generator, state: State, averts: float, *, turn_begins: bool) -> Fixation:
    """A state, a factor on how often the gaze leaves, and whether the person just begins to speak -> where it goes."""
    thinking = turn_begins and rng.random() < THINKING_SHARE
    away = min(AVERTED_SHARE[state] * averts, MOST_AVERTED_SHARE)
    if thinking or rng.random() < away:
        aim = rng.normal(0, AVERTED_YAW), rng.normal(AVERTED_UP[state], AVERTED_PITCH)
        return Fixation(
            *aim, rng.uniform(*(THINKING_S if thinking else LONG_AVERTED_S if state == State.IDLE else AVERTED_S))
        )
    aim = rng.normal(0, ON_CAMERA_YAW), rng.normal(0, ON_CAMERA_PITCH)
    return Fixation(*aim, rng.exponential(FIXATION_S) + LEAST_FIXATION_S)


# ---- gestures of the head


@dataclass(frozen=True)
class Nods:
    """One nod or some, each lower than the last."""

    start_s: float
    number: int
    hz: float
    degrees: float

    @property
    def lasts_s(self) -> float:
        return self.number / self.hz

    @property
    def end_s(self) -> float:
        return self.start_s + self.lasts_s

    def __call__(self, now_s: Array) -> Array:
        """Times -> how far down the head is, degrees."""
        share = np.clip((now_s - self.start_s) / self.lasts_s, 0, 1)
        wave = (1 - np.cos(2 * np.pi * share * self.number)) / 2
        return self.degrees * wave * (1 - NOD_DECAY * share)


def draw_nods(rng: np.random.Generator, start_s: float) -> Nods:
    return Nods(start_s, int(rng.integers(1, MOST_NODS + 1)), rng.uniform(*NOD_HZ), rng.uniform(*NOD_DEGREES))


def choose(odds: Odds, chance: float) -> str | None:
    """Odds of gestures that sum to at most 1, and a number from 0 to 1 -> one of them, or none."""
    for gesture, share in odds.items():
        chance -= share
        if chance < 0:
            return gesture
    return None


def beat_degrees(rng: np.random.Generator, loudness: float) -> float:
    """How loud the voice is, 1 loud -> the size of a beat."""
    return (BEAT_QUIET + BEAT_LOUD * loudness) * rng.uniform(*BEAT_DEGREES)
