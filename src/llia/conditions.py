"""All that a clip of motion is made from, and which of it may be missing: numpy in the product, tensors in training."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

Array = Any  # numpy's or torch's

NUM_STATISTICS = 2  # log of the head's mean speed and of its spread over the clip, beside what is usual


class Given(IntEnum):
    """The conditions that may be missing, each replaced by something learned."""

    PAST = 0
    REFERENCE = 1
    OWN = 2
    OTHER = 3
    STATE = 4
    EMOTION = 5
    STATISTICS = 6


@dataclass(frozen=True)
class Conditions:
    """All that a clip is made from but the noisy clip itself."""

    past: Array  # B P 66, motion; where new frames go on from
    seen: Array  # B P 66, the same as it is told, perhaps with a little noise
    reference: Array  # B 66, motion of the portrait
    portrait: Array  # B N D, its tokens
    own: Array  # B T N D, sound tokens
    other: Array  # B T N D
    state: Array  # B T, of State
    emotion: Array  # B T 5, intensities
    statistics: Array  # B 2
    given: Array  # B 7, 1 where a condition is there, in the order of Given
