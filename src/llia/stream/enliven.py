"""Motion as it was made, and what its frames were told -> the same with reflexes laid over it; the same on any cut."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.config import Emotion, State
from llia.data.sound import power_of
from llia.head import habits
from llia.head.arkit import eye_look
from llia.head.expressions import AVERTS, BLINKS, ENERGY, GAZE_DEGREES
from llia.head.lids import EYELID_WEIGHTS, close_lids
from llia.head.measures import SHAPE_NAMES, Span, shape_growth
from llia.head.motion import GAZE, HEAD_TURN, LIDS, MOTION_INDEX
from llia.head.shape import ease
from llia.stream.gestures import Moment
from llia.stream.reflexes import ACTIVITY, ByState, Reflexes, ReflexState, advance, bear
from llia.stream.sway import drift, sway
from llia.stream.voices import USUAL_LEVEL

Array = NDArray[Any]
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

LOUD = 2.5  # times the usual, which counts every sound: a voice at its loud vowels
SHUT = 0.5  # of eyeBlink: the motion itself closes the lids
EYES = ("eye_left", "eye_right")


def by_feeling(table: dict[Emotion, float], neutral: float) -> Doubles:
    return np.array([table.get(one, neutral) for one in Emotion])


@dataclass(frozen=True)
class Told:
    """What some frames were told besides sound."""

    seed: int
    first: int  # number of the first of them
    state: Array  # T, of State
    emotion: Floats  # T 5
    loudness: Floats  # 2 T, of both voices, 1 is loud
    liveliness: float = 1.0


@dataclass(frozen=True)
class Moves:
    """What reflexes do, frame by frame; angles in degrees."""

    blink: Doubles  # T, 1 closed
    opened: Doubles  # T 2, of the lids' own closing that is taken back
    aim: Doubles  # T 2, where the eyes look from the camera
    share: Doubles  # T, how far they go there, from where the motion has them
    turn: Doubles  # T 3, of the head, to be added


def enliven(
    motion: Floats, told: Told, shape: Floats, amount: Reflexes, state: ReflexState
) -> tuple[Floats, ReflexState]:
    """Motion, [T 66], what it was told, what the face measures at rest, SHAPE_NAMES, [4], how much of the reflexes,
    and what they remember -> the motion with them, and what they remember afterwards."""
    moves, state = follow(motion, told, amount, state)
    return lay_over(motion, moves, shape), state


def follow(motion: Floats, told: Told, amount: Reflexes, state: ReflexState) -> tuple[Moves, ReflexState]:
    """-> what reflexes do in these frames, and what they remember afterwards."""
    averts, blinks, energy, up = (
        (told.emotion * by_feeling(table, neutral)).sum(1)
        for table, neutral in ((AVERTS, 1.0), (BLINKS, 1.0), (ENERGY, 1.0), (GAZE_DEGREES, 0.0))
    )
    lids, head = motion[:, LIDS].astype(np.float64), motion[:, HEAD_TURN].astype(np.float64)
    blink, (opened, aim, slow), (turn, held, share) = (
        np.zeros(len(motion)), np.zeros((3, len(motion), 2)), np.zeros((3, len(motion), 3))
    )  # fmt: skip
    for frame in range(len(motion)):
        bearing = bear(state.bearing, lids[frame].tolist(), head[frame].tolist())
        own = np.maximum(lids[frame] - bearing.lids, 0)
        opened[frame] = mix(ease(0, 1, np.array(state.share)), amount.blinks) * own
        moment = Moment(
            told.seed, told.first + frame, State(int(told.state[frame])), float(averts[frame]), float(blinks[frame]),
            (float(told.loudness[0, frame]), float(told.loudness[1, frame])),
            shut=bool((lids[frame] - opened[frame]).mean() > SHUT),
        )  # fmt: skip
        state = replace(advance(state, moment, amount), bearing=bearing)
        now = moment.now_s
        blink[frame], aim[frame], share[frame] = state.lids.shut(now), state.eyes.at(now), state.share
        turn[frame], slow[frame], held[frame] = state.neck.turn(now), state.eyes.slow[2:], bearing.head
    share = ease(0, 1, share)
    gaze, size, calm = (mix(share, of_each)[:, None] for of_each in (amount.gaze, amount.sway, amount.calm))
    now_s = np.arange(told.first, told.first + len(motion), dtype=np.float64) * habits.FRAME_S + habits.FRAME_S / 2
    turn = (turn + size * sway(told.seed, now_s, share)) * (ACTIVITY * told.liveliness * energy[:, None])
    turn *= [habits.HEAD_OF_NECK, 1, 1]
    turn[:, :2] += gaze * [habits.FOLLOWS_GAZE_YAW, -habits.FOLLOWS_GAZE_PITCH] * slow
    turn -= calm * np.degrees(head - held)
    aim += drift(told.seed, now_s)
    aim[:, 1] += up
    return Moves(blink, opened, aim, gaze[:, 0], turn), state


def mix(share: Doubles, of_each: ByState) -> Doubles:
    """How far in each state, [... 3], and what holds in each -> what holds, [...]."""
    return np.asarray((share * of_each).sum(-1))


def lay_over(motion: Floats, moves: Moves, shape: Floats) -> Floats:
    """-> the motion with the head turned on, eyes that stay on their target meanwhile, lids that follow and blink."""
    moved = motion.astype(np.float64)
    moved[:, HEAD_TURN] += np.radians(moves.turn)
    # Eyes turn against the head. Up is positive for them, down for it.
    against = np.array([-habits.EYES_COUNTER / habits.HEAD_OF_NECK, habits.EYES_COUNTER])
    held = motion[:, GAZE] + against * np.radians(moves.turn[:, :2])
    limit = np.radians([habits.GAZE_LIMIT_YAW, habits.GAZE_LIMIT_PITCH])
    wanted = np.clip(np.radians(moves.aim) + against * moved[:, HEAD_TURN][:, :2], -limit, limit)
    moved[:, GAZE] = held + moves.share[:, None] * (wanted - held)
    before, after = eye_look(motion[:, GAZE]), eye_look(moved[:, GAZE])
    for name, weight in after.items():
        own = motion[:, MOTION_INDEX[name]]
        followed = np.maximum(own + weight - before[name], np.minimum(own, 0))
        moved[:, MOTION_INDEX[name]] = followed + moves.share * (weight - followed)
    moved[:, LIDS] -= moves.opened
    blink_eyes(moved, moves.blink, shape)
    return moved.astype(np.float32)


def blink_eyes(motion: Doubles, blink: Doubles, shape: Floats) -> None:
    """Closes the lids in place where they blink, and nowhere opens what the motion itself has closed further."""
    closed = motion.copy()
    left, right = (Span(float(shape[place]), shape_growth()[place]) for place in map(SHAPE_NAMES.index, EYES))
    close_lids(closed, blink, left, right)
    for side, span in (("Left", left), ("Right", right)):
        lids = [MOTION_INDEX[name + side] for name in (*EYELID_WEIGHTS, "eyeBlink")]
        further = span(closed) < span(motion)
        motion[:, lids] = np.where(further[:, None], closed[:, lids], motion[:, lids])


def loudness(windows: Floats, mel_steps_per_frame: int) -> Floats:
    """Windows of both voices at the usual loudness, 2 T 1+A M -> how loud the newest frame in each is, 2 T."""
    power = power_of(windows[:, :, -mel_steps_per_frame:]).sum(-1).mean(-1)
    return np.asarray(np.sqrt(power / np.exp(USUAL_LEVEL)) / LOUD, np.float32)
