"""Files of a speaker kept from training -> their sound, and the truth of what they say and of a mouth that says it.

`shoot/keeping.py` makes the files; reading them needs no voice, so that every machine can measure on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from llia.config import Clock
from llia.head.motion import Motion
from llia.world.voice.phones import Phone

GOLDEN_VOICES: dict[str, str] = {
    "slt": "flite:slt", "italian_man": "festival:pc_diphone", "catalan_woman": "festival:upc_ca_ona_hts",
}  # fmt: skip


@dataclass(frozen=True)
class Golden:
    """One kept speaker. The face is the mean head's, moved in the plainest manner: what the sound asks for."""

    voice: str
    text: str
    sound: NDArray[np.float32]  # S at 16 kHz, S = F * 640
    phones: tuple[Phone, ...]
    motion: Motion  # F 66, kept in half precision
    lip_gap: NDArray[np.float32]  # F, cm, of the motion before it was rounded
    viseme: NDArray[np.int8]  # F, place in visemes.NAMES
    state: NDArray[np.int8]  # F, of State
    parted: NDArray[np.bool_]  # F, where a breath opens the lips


def load_golden(folder: Path, name: str) -> Golden:
    """The folder and a kept speaker's name ("slt", "italian_man", "catalan_woman") -> sound and truth."""
    if name not in GOLDEN_VOICES:
        raise ValueError(f"expected one of {', '.join(GOLDEN_VOICES)}, got {name!r}")
    sound, rate_hz = soundfile.read(folder / f"{name}.flac", dtype="float32")
    assert rate_hz == Clock().sample_rate_hz, f"expected {Clock().sample_rate_hz} Hz, got {rate_hz}"
    with np.load(folder / f"{name}.npz") as truth:
        columns = (truth["start_s"], truth["end_s"], truth["ipa"], truth["stress"])
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return Golden(
            voice=str(truth["voice"]),
            text=str(truth["text"]),
            sound=sound,
            phones=tuple(Phone(*row) for row in rows),
            motion=truth["motion"].astype(np.float32),
            lip_gap=truth["lip_gap"],
            viseme=truth["viseme"],
            state=truth["state"],
            parted=truth["parted"],
        )
