"""What a face does by itself, frame by frame: when it blinks, where it looks, when it nods, how its head sways.

A process by chance, of the draws and shapes that the world's people have (`head/habits.py`). It is a function of seed,
frame number and what the frames so far were told; what it must remember is a plain record, passed in and returned.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from llia.config import State
from llia.head import habits
from llia.head.habits import FRAME_S, Blink
from llia.head.shape import ease
from llia.stream.gestures import LONG_AGO_S, STILL, Ear, Moment, Neck, Turns, attend, beat, listen

ByState = tuple[float, float, float]  # in the order of State: speaking, listening, idle

FOR_LIDS, FOR_EYES = 11, 12  # what a random stream is for stands beside its seed
HAND_OVER_FRAMES = 6  # from one state to the next
BLINK_AHEAD_S = habits.CLOSE_S[1] + habits.HOLD_S / 2  # lids begin to close so long before they are closed
EYES_LEAD_HEAD_S = 0.15  # of each of two smoothers
LIDS_DROOP, LIDS_OPEN = 0.008, 0.03  # of eyeBlink in a frame: what is faster is a blink
HELD_S = 2.0
PAUSE_FRAMES, NEW_SENTENCE_FRAMES = 3, 8  # of silence of the own voice: calls for a blink; what follows is new
ACTIVITY, BLINK_PACE = 0.92, 1.05  # of the world's people, in the mean
NO_BLINK = Blink(LONG_AGO_S, *habits.CLOSE_S)


@dataclass(frozen=True)
class Reflexes:
    """How much of it is laid over motion: nothing at 0, what people do at 1."""

    blinks: ByState  # share of them; the motion's own blinks fade as much
    gaze: ByState  # how far the eyes go from where the motion has them to where they would go by themselves
    nods: ByState  # share of beats, nods and tilts
    sway: ByState  # its size
    calm: ByState  # how much is taken from the motion's own turns of the head about where it is held


NONE, ALL = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
OFF, FULL = Reflexes(NONE, NONE, NONE, NONE, NONE), Reflexes(ALL, ALL, ALL, ALL, NONE)
# What the learned motion lacks of each.
SHARES = Reflexes(blinks=ALL, gaze=ALL, nods=(0.2, 1.0, 0.0), sway=NONE, calm=(0.15, 0.5, 0.65))


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
        if now_s > self.moved_s + habits.SACCADE_S / 2:
            return self.aim
        share = float(ease(-habits.SACCADE_S / 2, habits.SACCADE_S / 2, now_s - self.moved_s))
        yaw, pitch = ((1 - share) * was + share * aim for was, aim in zip(self.before, self.aim, strict=True))
        return yaw, pitch


@dataclass(frozen=True)
class Lids:
    """The last blink begun, and when others are due."""

    blink: Blink = NO_BLINK
    next_s: float = 0.0  # by themselves; drawn in the first frame
    called_s: float = math.inf  # by a pause, a glance, or a blink that comes twice
    own_s: float = LONG_AGO_S  # when the motion itself had them shut

    @property
    def due_s(self) -> float:
        return min(self.next_s, self.called_s)

    def shut(self, now_s: float) -> float:
        """-> how far they are closed by a blink, 1 wholly."""
        return float(self.blink(now_s)) if now_s < self.blink.end_s else 0.0


@dataclass(frozen=True)
class Bearing:
    """How the motion itself holds lids and head when nothing happens: it, slowly followed."""

    lids: tuple[float, float]
    head: Turns  # radians


@dataclass(frozen=True)
class ReflexState:
    """All that must be remembered."""

    state: State | None = None
    since_s: float = 0.0  # when that began, or another sentence
    share: ByState = (0.0, 0.0, 0.0)  # how far in each state, straight from 0 to 1
    ears: tuple[Ear, Ear] = (Ear(), Ear())
    eyes: Eyes = Eyes()
    lids: Lids = Lids()
    neck: Neck = STILL
    bearing: Bearing | None = None


def advance(last: ReflexState, moment: Moment, amount: Reflexes) -> ReflexState:
    """What was remembered, and the next frame -> what is remembered then."""
    own, other = (listen(ear, loudness) for ear, loudness in zip(last.ears, moment.loudness, strict=True))
    begins = moment.state != last.state or (own.quiet == 0 and last.ears[0].quiet >= NEW_SENTENCE_FRAMES)
    since_s = moment.now_s if begins else last.since_s
    eyes = look(last.eyes, moment, since_s)
    leaps = eyes.moved_s > last.eyes.moved_s and math.dist(eyes.aim, eyes.before) > habits.WIDE
    neck = last.neck
    if moment.state == State.SPEAKING:
        neck = beat(neck, own, moment, amount.nods[moment.state])
    elif moment.state == State.LISTENING:
        neck = attend(neck, other, moment, amount.nods[moment.state], begins=moment.state != last.state)
    return ReflexState(
        state=moment.state,
        since_s=since_s,
        share=hand_over(last.share, moment.state),
        ears=(own, other),
        eyes=eyes,
        lids=wink(last.lids, moment, amount.blinks[moment.state], paused=own.has_stopped(PAUSE_FRAMES), leaps=leaps),
        neck=replace(neck, beats=tuple(one for one in neck.beats if one.end_s > moment.now_s)),
        bearing=last.bearing,
    )


def bear(bearing: Bearing | None, lids: Sequence[float], head: Sequence[float]) -> Bearing:
    """-> how they are held after one more frame, in which the motion has lids and head so."""
    if bearing is None:
        return Bearing((lids[0], lids[1]), (head[0], head[1], head[2]))
    left, right = (
        was + min(max(now - was, -LIDS_OPEN), LIDS_DROOP) for was, now in zip(bearing.lids, lids, strict=True)
    )
    pace = FRAME_S / HELD_S
    yaw, pitch, roll = (was + pace * (now - was) for was, now in zip(bearing.head, head, strict=True))
    return Bearing((left, right), (yaw, pitch, roll))


def hand_over(share: ByState, state: State) -> ByState:
    """-> one step nearer to being in that state only."""
    step = 1 / HAND_OVER_FRAMES
    speaking, listening, idle = (
        min(max(float(one == state), was - step), was + step) for one, was in enumerate(share)
    )  # fmt: skip
    return speaking, listening, idle


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
    if moment.number == 0:
        lids = replace(lids, next_s=moment.chance(FOR_LIDS).uniform(0, habits.FIRST_WAIT_S))
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
