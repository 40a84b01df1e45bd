"""What passes between the threads of a stream: clips to be made, frames to be painted, frames that leave."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from llia.head.motion import Motion
from llia.stream.painting import Picture
from llia.stream.session import Direction, StreamState

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Frame:
    """What leaves together."""

    number: int
    generation: int
    motion: Motion  # as it was made; the picture shows no more of it than a head can do
    picture: Picture
    sound: Floats  # of the own voice while this frame is shown
    held: bool = False  # picture and motion are those of an earlier frame


@dataclass(frozen=True)
class Wanted:
    """A frame to be painted."""

    number: int
    generation: int
    motion: Motion
    smaller: int = 0  # steps down from the size that was asked for
    since_s: float = 0.0  # when somebody began to paint it


@dataclass(frozen=True)
class Clip:
    """A clip to be made."""

    generation: int
    before: StreamState
    direction: Direction
    length: int


@dataclass(frozen=True)
class Made:
    """A clip of which not all frames are taken, and the state before it."""

    before: StreamState
    direction: Direction
    motion: Floats  # T 66, as the networks made it


def without_sound(state: StreamState) -> StreamState:
    """-> the same without samples that wait, for whoever keeps these apart."""
    return replace(state, waiting=state.waiting[:, :0].copy())
