"""A voice and a text -> an utterance: 16 kHz sound, and every phone with its exact time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import soxr
from numpy.typing import NDArray

from llia.config import Clock
from llia.world.voice import espeak, festival, flite
from llia.world.voice.phones import BREATH, PAUSE, Phone, Take, close_gaps
from llia.world.voice.voices import Voice, draw_voice, find_voice, missing_voices, voices

__all__ = [
    "BREATH", "PAUSE", "Phone", "Utterance", "Voice", "draw_voice", "find_voice", "level", "missing_voices", "say",
    "voices",
]  # fmt: skip

RATE_HZ = Clock().sample_rate_hz
LOUDNESS, PEAK = 0.08, 0.97  # root mean square where there is speech; the highest sample that is let through
WINDOW_S, QUIET = 0.02, 0.1  # windows below this share of the loudest are silence
# How an utterance differs from the voice's usual: espeak-ng's own units, shares for the others.
RATE_WPM, PITCH_SPREAD, RANGE_SPREAD = (135, 200), 9, 14
HUMAN_STRETCH = (0.88, 1.16)


@dataclass(frozen=True)
class Utterance:
    """Speech with its truth: phones are contiguous from 0 to the end of the sound."""

    sound: NDArray[np.float32]  # S, 16 kHz, in [-1, 1]
    phones: tuple[Phone, ...]
    words: tuple[float, ...]  # when each begins, s
    text: str
    voice: str

    @property
    def duration_s(self) -> float:
        return len(self.sound) / RATE_HZ


def say(voice: Voice | str, text: str, rng: np.random.Generator | None = None) -> Utterance:
    """A voice (or its name), a text, and chance for rate and pitch (none: as usual) -> the utterance.

    The same voice, text and state of rng give the same samples and phones, whatever was said before.
    """
    if isinstance(voice, str):
        voice = find_voice(voice)
    if not text.strip():
        raise ValueError("expected a text to say, got none")
    if voice.program == "espeak":
        take = say_with_espeak(voice, text, rng)
    else:
        stretch = 1.0 if rng is None else float(rng.uniform(*HUMAN_STRETCH))
        speak = flite.speak if voice.program == "flite" else festival.speak
        take = speak(text, voice.own_name, stretch=stretch)
    if not any(phone.is_sound for phone in take.phones):
        raise ValueError(f"expected a text that {voice.name} can say, of language {voice.language!r}, got {text!r}")
    return settle(take, text, voice.name)


def say_with_espeak(voice: Voice, text: str, rng: np.random.Generator | None) -> Take:
    """-> a take of espeak-ng at a rate, pitch and range drawn about the voice's own."""
    if rng is None:
        return espeak.speak(text, voice.own_name)
    rate = int(rng.integers(*RATE_WPM))
    pitch = int(np.clip(50 + PITCH_SPREAD * rng.standard_normal(), 20, 80))
    pitch_range = int(np.clip(50 + RANGE_SPREAD * rng.standard_normal(), 15, 95))
    return espeak.speak(text, voice.own_name, rate=rate, pitch=pitch, pitch_range=pitch_range)


def settle(take: Take, text: str, voice: str) -> Utterance:
    """A take at any rate and loudness -> an utterance at 16 kHz and the usual loudness, times untouched."""
    sound = take.sound if take.rate_hz == RATE_HZ else soxr.resample(take.sound, take.rate_hz, RATE_HZ)
    sound = level(np.ascontiguousarray(sound, np.float32))
    duration_s = len(sound) / RATE_HZ
    phones = [replace(phone, end_s=min(phone.end_s, duration_s)) for phone in take.phones if phone.start_s < duration_s]
    return Utterance(sound, close_gaps(phones, duration_s), take.words, text, voice)


def level(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sound -> the same at the usual loudness where it is not silent, peaks held below 1."""
    window = int(WINDOW_S * RATE_HZ)
    whole = len(sound) // window * window
    powers = (sound[:whole].reshape(-1, window).astype(np.float64) ** 2).mean(1) if whole else np.zeros(1)
    strengths = np.sqrt(powers)
    loud = strengths > QUIET * strengths.max(initial=0.0)
    if not loud.any():
        return sound
    gain = LOUDNESS / np.sqrt(powers[loud].mean())
    highest = float(np.abs(sound).max()) * gain
    factor = np.float32(gain * min(1.0, PEAK / highest))
    return sound * factor
