"""Sentences -> one utterance: pauses of natural length between them, and an audible breath in some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from llia.world.voice.phones import BREATH, PAUSE, Phone
from llia.world.voice.speech import LOUDNESS, RATE_HZ, Utterance, say
from llia.world.voice.voices import Voice, find_voice

PAUSE_S = (0.15, 0.70)
PAUSE_MEDIAN_S, PAUSE_SPREAD = 0.36, 0.45  # of the logarithm
EDGE_S = (0.10, 0.35)  # silence before the first sentence and after the last
BREATH_S, BREATH_SHARE, FIRST_BREATH_SHARE = (0.25, 0.45), 0.5, 0.4
BREATH_AFTER_S, BREATH_BEFORE_S = (0.04, 0.14), (0.05, 0.10)  # silence on both sides of a breath
BREATH_DB, BREATH_PEAK_AT = (-30.0, -20.0), (0.55, 0.75)  # under speech; where in its time it is loudest
# The throat of an average man breathing in: resonance Hz, width Hz, strength.
RESONANCES = ((650, 260, 0.7), (1650, 320, 1.0), (2650, 420, 0.8), (3900, 700, 0.45), (5600, 1500, 0.2))
WOMAN_SHARPER = 0.18
KEEP_BEFORE_S, KEEP_AFTER_S, FADE_S = 0.03, 0.07, 0.008  # of a sentence's own silence
SENTENCE_DB = 1.2  # how much louder or softer one sentence is than another (standard deviation)


def say_passage(voice: Voice | str, sentences: Sequence[str], rng: np.random.Generator) -> Utterance:
    """A voice (or its name), sentences and chance -> one utterance with pauses and breaths between them."""
    if isinstance(voice, str):
        voice = find_voice(voice)
    if not sentences:
        raise ValueError("expected sentences to say, got none")
    sounds: list[NDArray[np.float32]] = []
    phones: list[Phone] = []
    words: list[float] = []
    for place, sentence in enumerate(sentences):
        gap, gap_phones = draw_pause(voice, rng, first=place == 0)
        spoken = trim(say(voice, sentence, rng))
        gain = np.float32(10 ** (min(SENTENCE_DB * rng.standard_normal(), SENTENCE_DB) / 20))
        append(sounds, phones, gap, gap_phones)
        words += [len_s(sounds) + start_s for start_s in spoken.words]
        append(sounds, phones, spoken.sound * gain, spoken.phones)
    last = np.zeros(to_samples(rng.uniform(*EDGE_S)), np.float32)
    append(sounds, phones, last, (Phone(0.0, len(last) / RATE_HZ, PAUSE),))
    sound = np.clip(np.concatenate(sounds), -1, 1)
    return Utterance(sound, merge(phones), tuple(words), " ".join(sentences), voice.name)


def append(
    sounds: list[NDArray[np.float32]], phones: list[Phone], sound: NDArray[np.float32], more: Sequence[Phone]
) -> None:
    """Adds sound and its phones, which count from its beginning, to what is there."""
    at_s = len_s(sounds)
    phones += [replace(phone, start_s=at_s + phone.start_s, end_s=at_s + phone.end_s) for phone in more]
    sounds.append(sound)


def len_s(sounds: Sequence[NDArray[np.float32]]) -> float:
    """-> how long they are together."""
    return sum(map(len, sounds)) / RATE_HZ


def to_samples(duration_s: float) -> int:
    """Seconds -> whole samples."""
    return round(duration_s * RATE_HZ)


def merge(phones: Sequence[Phone]) -> tuple[Phone, ...]:
    """Phones end to end -> the same with neighbouring pauses made one, each beginning exactly where the last ends."""
    merged: list[Phone] = []
    for phone in phones:
        if merged and phone.ipa == PAUSE == merged[-1].ipa:
            merged[-1] = replace(merged[-1], end_s=phone.end_s)
        else:
            merged.append(replace(phone, start_s=merged[-1].end_s if merged else 0.0))
    return tuple(merged)


def trim(utterance: Utterance) -> Utterance:
    """-> the utterance with only a breath's worth of silence left around it, faded in and out."""
    sounding = [phone for phone in utterance.phones if phone.is_sound]
    first = max(0, to_samples(sounding[0].start_s - KEEP_BEFORE_S))
    last = min(len(utterance.sound), to_samples(sounding[-1].end_s + KEEP_AFTER_S))
    start_s, end_s = first / RATE_HZ, last / RATE_HZ
    sound = utterance.sound[first:last].copy()
    fade = np.linspace(0, 1, min(to_samples(FADE_S), len(sound)), dtype=np.float32)
    sound[: len(fade)] *= fade
    sound[len(sound) - len(fade) :] *= fade[::-1]
    kept = [phone for phone in utterance.phones if phone.end_s > start_s and phone.start_s < end_s]
    phones = [
        replace(phone, start_s=max(phone.start_s, start_s) - start_s, end_s=min(phone.end_s, end_s) - start_s)
        for phone in kept
    ]
    words = tuple(max(0.0, word_s - start_s) for word_s in utterance.words)
    return replace(utterance, sound=sound, phones=tuple(phones), words=words)


def draw_pause(voice: Voice, rng: np.random.Generator, *, first: bool) -> tuple[NDArray[np.float32], tuple[Phone, ...]]:
    """-> the sound of a pause before a sentence, silent or with a breath, and its phones."""
    duration_s = float(np.clip(PAUSE_MEDIAN_S * np.exp(PAUSE_SPREAD * rng.standard_normal()), *PAUSE_S))
    if first:
        duration_s = float(rng.uniform(*EDGE_S))
    breathes = rng.random() < (FIRST_BREATH_SHARE if first else BREATH_SHARE)
    if not breathes:
        silence = np.zeros(to_samples(duration_s), np.float32)
        return silence, (Phone(0.0, len(silence) / RATE_HZ, PAUSE),)
    before = np.zeros(to_samples(rng.uniform(*BREATH_AFTER_S)), np.float32)
    breath = draw_breath(voice, float(rng.uniform(*BREATH_S)), rng)
    after = np.zeros(to_samples(rng.uniform(*BREATH_BEFORE_S)), np.float32)
    sounds: list[NDArray[np.float32]] = []
    phones: list[Phone] = []
    for sound, ipa in ((before, PAUSE), (breath, BREATH), (after, PAUSE)):
        append(sounds, phones, sound, (Phone(0.0, len(sound) / RATE_HZ, ipa),))
    return np.concatenate(sounds), tuple(phones)


def draw_breath(voice: Voice, duration_s: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """-> a soft breath taken in: noise shaped by a throat, swelling slowly and ending soon."""
    samples = to_samples(duration_s)
    scale = (1 + WOMAN_SHARPER * voice.femininity) * (1 + 0.05 * rng.standard_normal())
    hertz = np.fft.rfftfreq(samples, 1 / RATE_HZ)
    shape = np.full(len(hertz), 0.03)
    for centre_hz, width_hz, strength in RESONANCES:
        shape += strength * rng.uniform(0.7, 1.3) / (1 + ((hertz - scale * centre_hz) / (scale * width_hz)) ** 2)
    shape *= hertz / (hertz + 300)  # nothing below the throat
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(samples)) * shape, samples)
    time = np.arange(samples) / samples
    peak_at = rng.uniform(*BREATH_PEAK_AT)
    swell = np.where(time < peak_at, time / peak_at, (1 - time) / (1 - peak_at))
    noise *= np.sin(np.pi / 2 * swell) ** 2
    loudness = LOUDNESS * 10 ** (rng.uniform(*BREATH_DB) / 20)
    return np.asarray(noise * (loudness / np.sqrt((noise**2).mean())), np.float32)
