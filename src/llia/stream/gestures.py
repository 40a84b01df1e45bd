"""What both voices do, frame by frame -> gestures of the head: a speaker's beats, a listener's nods and tilts."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from llia.config import State
from llia.head import habits
from llia.head.habits import FRAME_S, Nods, Odds

Turns = tuple[float, float, float]  # yaw, pitch, roll, degrees

FOR_BEATS, FOR_REACTIONS = 13, 14  # what a random stream is for stands beside its seed
LONG_AGO_S = -100.0
NO_NODS = Nods(LONG_AGO_S, 1, 1.0, 0.0)
# A beat goes with a syllable that begins: of a loud voice, and times what was before it.
SYLLABLE, RISE = 0.35, 1.5
BEAT_SHARE = 0.4  # of such syllables
BREAK_FRAMES = 4  # a pause that calls for a listener's nod
VOICED_SHARE, VOICED_FRAMES = 0.33, 10


@dataclass(frozen=True)
class Moment:
    """One frame, as reflexes are told of it."""

    seed: int
    number: int
    state: State
    averts: float  # factors of how people feel
    blinks: float
    loudness: tuple[float, float]  # of own and other voice, in the newest frame that is heard; 1 is loud
    shut: bool  # whether the motion itself closes the lids

    @property
    def now_s(self) -> float:
        return (self.number + 0.5) * FRAME_S

    def chance(self, what_for: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, what_for, self.number])


@dataclass(frozen=True)
class Ear:
    """What is remembered of a voice."""

    before: tuple[float, float] = (0.0, 0.0)  # how loud the two frames before were
    now: float = 0.0
    quiet: int = 0  # frames
    voiced: float = 0.0  # share of the frames lately

    @property
    def has_syllable(self) -> bool:
        return self.now > SYLLABLE and self.now > RISE * min(self.before)

    def has_stopped(self, num_frames: int) -> bool:
        return self.quiet == num_frames and self.voiced > VOICED_SHARE


@dataclass(frozen=True)
class Beat:
    """The head turned for a moment."""

    start_s: float
    turns: Turns
    rise_hold_fall_s: tuple[float, float, float]

    @property
    def end_s(self) -> float:
        return self.start_s + sum(self.rise_hold_fall_s)

    def __call__(self, now_s: float) -> NDArray[np.float64]:
        size = float(habits.swell(now_s, self.start_s, *self.rise_hold_fall_s))
        return size * np.array(self.turns)


@dataclass(frozen=True)
class Neck:
    """Gestures of the head."""

    beats: tuple[Beat, ...] = ()  # that are not over
    nods: Nods = NO_NODS
    beat_s: float = LONG_AGO_S  # the last one that there might have been
    emphasis_s: float = LONG_AGO_S
    leisure_s: float = math.inf  # when a listener stirs next without a reason
    called_s: float = math.inf  # when a listener answers to what was heard
    odds: Odds = field(default_factory=dict)
    free_s: float = 0.0

    def turn(self, now_s: float) -> NDArray[np.float64]:
        """-> yaw, pitch and roll of all gestures, degrees, [3]."""
        turn = np.zeros(3)
        if now_s < self.nods.end_s:
            turn[1] = self.nods(now_s)
        for one in self.beats:
            turn += one(now_s)
        return turn


STILL = Neck()


def listen(ear: Ear, loudness: float) -> Ear:
    """-> the ear after one more frame."""
    silent = loudness < habits.QUIET
    return Ear(
        before=(ear.before[1], ear.now),
        now=loudness,
        quiet=ear.quiet + 1 if silent else 0,
        voiced=ear.voiced + ((not silent) - ear.voiced) / VOICED_FRAMES,
    )


def beat(neck: Neck, own: Ear, moment: Moment, amount: float) -> Neck:
    """-> the neck after one more frame of speech: it beats with some of the syllables."""
    now_s = moment.now_s
    if not own.has_syllable or now_s - neck.beat_s <= habits.BEATS_APART_S:
        return neck
    neck, rng = replace(neck, beat_s=now_s), moment.chance(FOR_BEATS)
    if rng.random() >= BEAT_SHARE:
        return neck
    degrees = habits.beat_degrees(rng, min(own.now, 1.0))
    flick = rng.normal(0, habits.FLICK_DEGREES) if rng.random() < habits.FLICK_SHARE else 0.0
    if rng.random() >= amount:
        return neck
    # It has been under way since the last frame: the voice is known only so far ahead.
    return replace(neck, beats=(*neck.beats, Beat(now_s - FRAME_S, (flick, degrees, 0.0), habits.BEAT)))


def attend(neck: Neck, other: Ear, moment: Moment, amount: float, *, begins: bool) -> Neck:
    """-> the neck after one more frame of listening: it answers to pauses and emphasis, and stirs without a reason."""
    now_s = moment.now_s
    paused = other.has_stopped(BREAK_FRAMES)
    raised = other.now > habits.EMPHASIS_OVER and now_s - neck.emphasis_s > habits.EMPHASIS_APART_S
    if not (begins or paused or raised or now_s >= min(neck.leisure_s, neck.called_s)):
        return neck
    rng = moment.chance(FOR_REACTIONS)
    if begins:
        return replace(neck, leisure_s=now_s + rng.uniform(*habits.LEISURE_S) / 2, called_s=math.inf)
    if paused or raised:
        called_s, odds = now_s + rng.uniform(*habits.REACTION_S), habits.AT_PAUSE if paused else habits.AT_EMPHASIS
        return replace(neck, called_s=called_s, odds=odds, emphasis_s=now_s if raised else neck.emphasis_s)
    if now_s >= neck.called_s:
        return react(replace(neck, called_s=math.inf), neck.odds, now_s, rng, amount)
    return react(replace(neck, leisure_s=now_s + rng.uniform(*habits.LEISURE_S)), habits.AT_LEISURE, now_s, rng, amount)


def react(neck: Neck, odds: Odds, start_s: float, rng: np.random.Generator, amount: float) -> Neck:
    """-> the neck with a gesture, if one is drawn and the last one is over."""
    gesture = habits.choose(odds, rng.random())
    if gesture is None or start_s < neck.free_s:
        return neck
    nods, tilt = habits.draw_nods(rng, start_s), rng.normal(0, habits.TILT_DEGREES)
    lasts_s = nods.lasts_s if gesture == "nod" else habits.AFTER_S[gesture]
    neck = replace(neck, free_s=start_s + lasts_s + habits.REACTIONS_APART_S)
    if rng.random() >= amount:
        return neck
    if gesture == "nod":
        return replace(neck, nods=nods)
    if gesture == "tilt":
        return replace(neck, beats=(*neck.beats, Beat(start_s, (0.0, 0.0, tilt), habits.TILT)))
    return neck  # brows and corners of the mouth are left to the motion
