"""What a face does by itself, frame by frame: when it blinks, where it looks, when it nods, how its head sways.

A process by chance, of the draws and shapes that the world's people have (`head/habits.py`). It is a function of seed,
frame number and what the frames so far were told; what it must remember is a plain record, passed in and returned.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from llia.config import State
from llia.head import habits
from llia.head.habits import FRAME_S, Blink, Nods, Odds
from llia.head.shape import ease

Turns = tuple[float, float, float]  # yaw, pitch, roll, degrees
ByState = tuple[float, float, float]  # in the order of State: speaking, listening, idle

FOR_LIDS, FOR_EYES, FOR_BEATS, FOR_REACTIONS = 11, 12, 13, 14  # what a random stream is for stands beside its seed
LONG_AGO_S = -100.0
HAND_OVER_FRAMES = 6  # from one state to the next
BLINK_AHEAD_S = habits.CLOSE_S[1] + habits.HOLD_S / 2  # lids begin to close so long before they are closed
EYES_LEAD_HEAD_S = 0.15  # of each of two smoothers
# A beat goes with a syllable that begins: of a loud voice, and times what was before it.
SYLLABLE, RISE = 0.35, 1.5
PAUSE_FRAMES, BREAK_FRAMES = 3, 4  # a pause that calls for a blink of the speaker, or for a listener's nod
VOICED_SHARE, VOICED_FRAMES = 0.33, 10
BEAT_SHARE = 0.4  # of such syllables
ACTIVITY, BLINK_PACE = 0.92, 1.05  # of the world's people, in the mean
NO_BLINK, NO_NODS = Blink(LONG_AGO_S, *habits.CLOSE_S), Nods(LONG_AGO_S, 1, 1.0, 0.0)


@dataclass(frozen=True)
class Reflexes:
    """How much of it is laid over motion: nothing at 0, what people do at 1."""

    blinks: ByState  # share of them
    gaze: ByState  # how far the eyes go from where the motion has them to where they would go by themselves
    nods: ByState  # share of beats, nods and tilts
    sway: ByState  # its size


NONE, ALL = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
OFF, FULL = Reflexes(NONE, NONE, NONE, NONE), Reflexes(ALL, ALL, ALL, ALL)
# What the learned motion lacks of each.
SHARES = Reflexes(blinks=ALL, gaze=ALL, nods=ALL, sway=ALL)


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
class Eyes:
    """Where they look, degrees from the camera, and looked before."""

    before: tuple[float, float] = (0.0, 0.0)
    aim: tuple[float, float] = (0.0, 0.0)
    moved_s: float = LONG_AGO_S
    next_s: float = 0.0
    slow: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)  # yaw and pitch smoothed, and once more

    def at(self, now_s: float) -> tuple[float, float]:
        """-> where they are on the way from one to the other."""
        share = float(ease(-habits.SACCADE_S / 2, habits.SACCADE_S / 2, now_s - self.moved_s))
        yaw, pitch = ((1 - share) * was + share * aim for was, aim in zip(self.before, self.aim, strict=True))
        return yaw, pitch


@dataclass(frozen=True)
class Lids:
    """The last blink begun, and when others are due."""

    blink: Blink = NO_BLINK
    next_s: float = habits.FIRST_WAIT_S / 2  # by themselves
    called_s: float = math.inf  # by a pause, a glance, or a blink that comes twice
    own_s: float = LONG_AGO_S  # when the motion itself had them shut

    @property
    def due_s(self) -> float:
        return min(self.next_s, self.called_s)


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
        if now_s < self.nods.start_s + self.nods.lasts_s:
            turn[1] = self.nods(now_s)
        for one in self.beats:
            turn += one(now_s)
        return turn


@dataclass(frozen=True)
class ReflexState:
    """All that must be remembered."""

    state: State | None = None
    since_s: float = 0.0
    share: ByState = (0.0, 0.0, 0.0)  # how far in each state, straight from 0 to 1
    ears: tuple[Ear, Ear] = (Ear(), Ear())
    eyes: Eyes = Eyes()
    lids: Lids = Lids()
    neck: Neck = Neck()


def advance(last: ReflexState, moment: Moment, amount: Reflexes) -> ReflexState:
    """What was remembered, and the next frame -> what is remembered then."""
    since_s = last.since_s if moment.state == last.state else moment.now_s
    own, other = (listen(ear, loudness) for ear, loudness in zip(last.ears, moment.loudness, strict=True))
    eyes = look(last.eyes, moment, since_s)
    leaps = eyes.moved_s > last.eyes.moved_s and math.dist(eyes.aim, eyes.before) > habits.WIDE
    neck = last.neck
    if moment.state == State.SPEAKING:
        neck = beat(neck, own, moment, amount.nods[moment.state])
    elif moment.state == State.LISTENING:
        neck = attend(neck, other, moment, amount.nods[moment.state], begins=since_s == moment.now_s)
    return ReflexState(
        state=moment.state,
        since_s=since_s,
        share=hand_over(last.share, moment.state),
        ears=(own, other),
        eyes=eyes,
        lids=wink(last.lids, moment, amount.blinks[moment.state], paused=own.has_stopped(PAUSE_FRAMES), leaps=leaps),
        neck=replace(neck, beats=tuple(one for one in neck.beats if one.end_s > moment.now_s)),
    )


def hand_over(share: ByState, state: State) -> ByState:
    """-> one step nearer to being in that state only."""
    step = 1 / HAND_OVER_FRAMES
    speaking, listening, idle = (
        min(max(float(one == state), was - step), was + step) for one, was in enumerate(share)
    )  # fmt: skip
    return speaking, listening, idle


def listen(ear: Ear, loudness: float) -> Ear:
    """-> the ear after one more frame."""
    silent = loudness < habits.QUIET
    return Ear(
        before=(ear.before[1], ear.now),
        now=loudness,
        quiet=ear.quiet + 1 if silent else 0,
        voiced=ear.voiced + ((not silent) - ear.voiced) / VOICED_FRAMES,
    )


def look(eyes: Eyes, moment: Moment, since_s: float) -> Eyes:
    """-> the eyes after one more frame; they leap where a fixation ends, half a saccade before and after."""
    if eyes.next_s - habits.SACCADE_S / 2 <= moment.now_s:
        turn_begins = moment.state == State.SPEAKING and eyes.next_s - since_s < habits.THINKING_S[0]
        fixation = habits.draw_fixation(
            moment.chance(FOR_EYES), moment.state, moment.averts, turn_begins=turn_begins
        )  # fmt: skip
        aim = (fixation.yaw, fixation.pitch)
        eyes = replace(eyes, before=eyes.aim, aim=aim, moved_s=eyes.next_s, next_s=eyes.next_s + fixation.held_s)
    pace = FRAME_S / EYES_LEAD_HEAD_S
    yaw, pitch, slow_yaw, slow_pitch = eyes.slow
    yaw, pitch = yaw + pace * (eyes.aim[0] - yaw), pitch + pace * (eyes.aim[1] - pitch)
    slow_yaw, slow_pitch = slow_yaw + pace * (yaw - slow_yaw), slow_pitch + pace * (pitch - slow_pitch)
    return replace(eyes, slow=(yaw, pitch, slow_yaw, slow_pitch))


def wink(lids: Lids, moment: Moment, amount: float, *, paused: bool, leaps: bool) -> Lids:
    """-> the lids after one more frame: a blink that is due soon begins, unless the last one has just been."""
    now_s = moment.now_s
    if moment.shut:
        lids = replace(lids, own_s=now_s, next_s=max(lids.next_s, now_s + habits.SHORTEST_WAIT_S))
    if not (paused or leaps or lids.due_s - BLINK_AHEAD_S <= now_s):
        return lids
    rng = moment.chance(FOR_LIDS)
    if (paused and rng.random() < habits.PAUSE_SHARE * moment.blinks) or (leaps and rng.random() < habits.GLANCE_SHARE):
        lids = replace(lids, called_s=min(lids.called_s, now_s + FRAME_S))
    due_s = lids.due_s
    if due_s - BLINK_AHEAD_S > now_s:
        return lids
    if due_s == lids.next_s:
        called_s = due_s + habits.DOUBLE_S if rng.random() < habits.DOUBLE_SHARE else lids.called_s
        wait_s = habits.wait_for_blink(rng, moment.state, BLINK_PACE * moment.blinks)
        lids = replace(lids, next_s=due_s + wait_s, called_s=called_s)
    else:
        lids = replace(lids, called_s=math.inf)
    blink = habits.draw_blink(rng, habits.frame_time(max(due_s, now_s + FRAME_S)))
    apart_s = blink.closed_s - max(lids.blink.closed_s, lids.own_s)
    return replace(lids, blink=blink) if apart_s > habits.APART_S and rng.random() < amount else lids


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
