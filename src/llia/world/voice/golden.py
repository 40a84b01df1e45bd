"""Speakers that no training may hear -> sound and truth in files, made once: every machine can measure on them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from llia.config import Clock
from llia.world.voice.passage import merge, say_passage
from llia.world.voice.phones import PAUSE, Phone
from llia.world.voice.speech import RATE_HZ, find_voice
from llia.world.voice.texts import sentences

GOLDEN_VOICES: dict[str, str] = {
    "slt": "flite:slt", "italian_man": "festival:pc_diphone", "catalan_woman": "festival:upc_ca_ona_hts",
}  # fmt: skip
SECONDS = 60
SEED = 7
MOST_SENTENCES = 4


@dataclass(frozen=True)
class Recording:
    """One kept speaker: sound at 16 kHz and its phones."""

    voice: str
    text: str
    sound: NDArray[np.float32]
    phones: tuple[Phone, ...]


def keep_golden(folder: Path) -> None:
    """Writes NAME.flac and NAME.npz for each kept speaker; needs flite and festival with the voices."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, voice in GOLDEN_VOICES.items():
        recording = record(voice)
        soundfile.write(folder / f"{name}.flac", recording.sound, RATE_HZ, subtype="PCM_16")
        np.savez_compressed(
            folder / f"{name}.npz",
            voice=np.array(recording.voice),
            text=np.array(recording.text),
            start_s=np.array([phone.start_s for phone in recording.phones]),
            end_s=np.array([phone.end_s for phone in recording.phones]),
            ipa=np.array([phone.ipa for phone in recording.phones]),
            stress=np.array([phone.stress for phone in recording.phones], np.int8),
        )


def record(voice_name: str) -> Recording:
    """A voice -> at least a minute of held-out sentences in passages, ending with a whole frame."""
    voice, rng = find_voice(voice_name), np.random.default_rng(SEED)
    texts = sentences(voice.language, held_out=True)
    waiting: list[str] = []
    sounds: list[NDArray[np.float32]] = []
    phones: list[Phone] = []
    said: list[str] = []
    num_samples = 0
    while num_samples < SECONDS * RATE_HZ:
        passage: list[str] = []
        for _ in range(int(rng.integers(1, MOST_SENTENCES + 1))):
            waiting = waiting or [texts[place] for place in rng.permutation(len(texts))]
            passage.append(waiting.pop())
        spoken = say_passage(voice, passage, rng)
        at_s = num_samples / RATE_HZ
        phones += [Phone(at_s + p.start_s, at_s + p.end_s, p.ipa, p.stress) for p in spoken.phones]
        sounds.append(spoken.sound)
        said.append(spoken.text)
        num_samples += len(spoken.sound)
    missing = -num_samples % Clock().samples_per_frame
    sounds.append(np.zeros(missing, np.float32))
    phones.append(Phone(num_samples / RATE_HZ, (num_samples + missing) / RATE_HZ, PAUSE))
    return Recording(voice_name, " ".join(said), np.concatenate(sounds), merge(phones))


def load_golden(folder: Path, name: str) -> Recording:
    """The folder and a kept speaker's name ("slt", "italian_man", "catalan_woman") -> sound and phones."""
    if name not in GOLDEN_VOICES:
        raise ValueError(f"expected one of {', '.join(GOLDEN_VOICES)}, got {name!r}")
    sound, rate_hz = soundfile.read(folder / f"{name}.flac", dtype="float32")
    assert rate_hz == RATE_HZ, f"expected {RATE_HZ} Hz, got {rate_hz}"
    with np.load(folder / f"{name}.npz") as truth:
        columns = (truth["start_s"], truth["end_s"], truth["ipa"], truth["stress"])
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return Recording(str(truth["voice"]), str(truth["text"]), sound, tuple(Phone(*row) for row in rows))
