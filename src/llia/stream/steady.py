"""What keeps a long stream what it was: made motion -> the same, its head drawn towards where the portrait has it; and
the past as it is told, with a little noise. Each can be left out; nothing has to be remembered for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from llia.config import State
from llia.head.habits import FRAME_S
from llia.head.motion import HEAD_SHIFT, HEAD_TURN
from llia.head.scale import TORSO, MotionScale

Floats = NDArray[np.float32]

HELD: tuple[int, ...] = tuple(range(HEAD_TURN.start, HEAD_SHIFT.stop)) + tuple(range(TORSO.start, TORSO.stop))
ANCHOR_S = 30.0  # in which what a head is off by falls to a third, beside all that it does by itself
RETURN_EVERY_S, RETURN_S, RETURN_PACE_S = 12.0, 2.5, 0.5  # an idle head turns back so often, for so long, so fast
FOR_PAST = 31  # what a random stream is for stands beside its seed


@dataclass(frozen=True)
class Steadiness:
    """How much of each measure: nothing at 0, as described at 1."""

    corruption: float = 0.0  # spread of the noise that the past is told with; in training it was up to .2
    anchoring: float = 0.0  # always: the mean of head and torso, in half a minute
    returning: float = 0.0  # in idle: now and then, all of the way


UNHELD = Steadiness()


def hold(
    made: Floats, last: Floats, reference: Floats, states: NDArray[np.int64], first: int, amount: Steadiness
) -> Floats:
    """Motion, [T 66], the frame before it, [66], where the portrait has it, [66], and the state and number of the
    frames -> the motion, drawn back by what the frame before was off, more and more."""
    if not (amount.anchoring or amount.returning):
        return made
    pace = FRAME_S * (amount.anchoring / ANCHOR_S + amount.returning * returns(states, first) / RETURN_PACE_S)
    drawn = 1 - np.cumprod(1 - np.minimum(pace, 1))
    held, channels = made.copy(), list(HELD)
    held[:, channels] -= (drawn[:, None] * (last - reference)[channels]).astype(np.float32)
    return held


def returns(states: NDArray[np.int64], first: int) -> NDArray[np.float64]:
    """States and number of some frames -> how far each is in a return: from 0 to 1 at its middle and down again."""
    since_s = np.mod((first + np.arange(len(states)) + 0.5) * FRAME_S, RETURN_EVERY_S)
    swing = np.sin(np.pi * np.clip(since_s / RETURN_S, 0, 1)) ** 2
    return np.asarray(np.where(states == State.IDLE, swing, 0.0), np.float64)


def corrupt(past: Floats, scale: MotionScale, seed: int, first: int, strength: float) -> Floats:
    """The past, [1 P 66], and the number of the frame that follows -> the past as training told it: each frame and all
    of them a little off."""
    if not strength:
        return past
    size = scale.near[past.shape[1] - 1] * scale.slow + scale.spread * (1 - scale.slow)
    rng = np.random.default_rng([seed, FOR_PAST, first])
    noise = rng.standard_normal(past.shape, np.float32) + rng.standard_normal(past[:, :1].shape, np.float32)
    return np.asarray(past + strength * size * noise, np.float32)
