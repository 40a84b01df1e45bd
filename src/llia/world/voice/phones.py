"""What a speaking program says of its sound -> phones: contiguous, in IPA, each beginning when the mouth acts."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

PAUSE, BREATH = "", "#breath"
VOICELESS_STOPS = tuple("ptkcqʈ")  # affricates begin with them too
STRESS_MARKS = {"ˈ": 1, "ˌ": 2}
SAME_LETTER = str.maketrans({"ε": "ɛ"})  # a Greek epsilon in espeak-ng's Danish
SHORTEST_S = 1e-4
MOST_OF_PREVIOUS = 0.5  # of the previous phone that a moved start may take


@dataclass(frozen=True)
class Phone:
    """One sound of speech. `ipa` is "" for a pause, "#breath" for a breath; `stress` 1 is primary, 2 secondary."""

    start_s: float
    end_s: float
    ipa: str
    stress: int = 0

    @property
    def is_sound(self) -> bool:
        return bool(self.ipa) and not self.ipa.startswith("#")


@dataclass(frozen=True)
class Take:
    """One sentence as a speaking program gave it: phones contiguous from 0 to the end of the sound."""

    sound: NDArray[np.float32]
    rate_hz: int
    phones: tuple[Phone, ...]
    words: tuple[float, ...]  # when each begins, s

    @property
    def duration_s(self) -> float:
        return len(self.sound) / self.rate_hz


def split_stress(ipa: str) -> tuple[str, int]:
    """ "ˈɛ" -> "ɛ", 1"""
    stress = max((STRESS_MARKS[letter] for letter in ipa if letter in STRESS_MARKS), default=0)
    return "".join(letter for letter in ipa if letter not in STRESS_MARKS).translate(SAME_LETTER), stress


def sounds(ipa: str) -> bool:
    """Is there a letter in it that stands for a sound of its own, not only a mark on its neighbour?"""
    return any(unicodedata.category(letter) in {"Ll", "Lo"} for letter in ipa)


def chain(starts: Sequence[tuple[float, str, int]], duration_s: float) -> tuple[Phone, ...]:
    """(start, IPA, stress) in order -> phones without gaps from 0 to the end; marks and pauses join what is before."""
    kept: list[tuple[float, str, int]] = [(0.0, PAUSE, 0)]
    for start_s, ipa, stress in starts:
        if ipa and not sounds(ipa):
            continue
        if ipa == PAUSE and kept[-1][1] == PAUSE:
            continue
        kept.append((min(max(start_s, kept[-1][0]), duration_s), ipa, stress))
    ends = [start_s for start_s, _, _ in kept[1:]] + [duration_s]
    phones = [
        Phone(start_s, end_s, ipa, stress)
        for (start_s, ipa, stress), end_s in zip(kept, ends, strict=True)
        if end_s - start_s > SHORTEST_S
    ]
    return close_gaps(phones, duration_s)


def close_gaps(phones: Sequence[Phone], duration_s: float) -> tuple[Phone, ...]:
    """Phones in order with slivers dropped between them -> each lasting until the next begins, 0 to the end."""
    starts = [0.0] + [phone.start_s for phone in phones[1:]]
    ends = [*starts[1:], duration_s]
    return tuple(replace(p, start_s=a, end_s=b) for p, a, b in zip(phones, starts, ends, strict=True))


def move_starts(phones: Sequence[Phone], earlier_s: dict[str, float]) -> tuple[Phone, ...]:
    """Phones whose starts are late by a known time, by their first letter -> phones that begin when the mouth acts."""
    starts = [phones[0].start_s] if phones else []
    for before, phone in pairwise(phones):
        room_s = MOST_OF_PREVIOUS * (phone.start_s - starts[-1])
        assert room_s >= 0, f"phones out of order: {before}, {phone}"
        shift_s = earlier_s.get(phone.ipa[:1], 0.0)
        starts.append(phone.start_s - min(shift_s, room_s))
    ends = [*starts[1:], phones[-1].end_s] if phones else []
    return tuple(replace(p, start_s=a, end_s=b) for p, a, b in zip(phones, starts, ends, strict=True))
