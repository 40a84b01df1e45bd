"""What a person is in the middle of: who speaks when, how loud, in which mood. Gestures are drawn from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from llia.config import State
from llia.world.acting.curves import CURVE_HZ, Doubles, Longs, smooth
from llia.world.acting.emotion import Feelings
from llia.world.people.person import Manner
from llia.world.voice.phones import Phone

STATE_TAPS = 41  # states hand over to each other in four tenths of a second


@dataclass(frozen=True)
class Stretch:
    """A stretch of time in one state."""

    start_s: float
    end_s: float
    state: State


@dataclass(frozen=True)
class Situation:
    """All that behaviour depends on; curves at 100 Hz."""

    num_steps: int
    stretches: tuple[Stretch, ...]
    state: Longs  # n
    share: Doubles  # n 3, how far in each state, eased
    phones: tuple[Phone, ...]  # of the own voice
    words: tuple[float, ...]
    own_loudness: Doubles  # n
    other_loudness: Doubles  # n
    feelings: Feelings
    manner: Manner

    @property
    def duration_s(self) -> float:
        return (self.num_steps - 1) / CURVE_HZ

    def step(self, at_s: float) -> int:
        """A time -> its step, held within the track."""
        return min(max(int(at_s * CURVE_HZ), 0), self.num_steps - 1)


def states_of(stretches: tuple[Stretch, ...], num_steps: int) -> tuple[Longs, Doubles]:
    """Stretches -> the state of each step, [n], and the eased share of every state, [n 3]."""
    state = np.full(num_steps, int(State.IDLE))
    for stretch in stretches:
        state[int(stretch.start_s * CURVE_HZ) : int(stretch.end_s * CURVE_HZ) + 1] = stretch.state
    return state, smooth((state[:, None] == np.arange(len(State))).astype(float), STATE_TAPS)
