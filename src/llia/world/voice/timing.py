"""Utterances -> how far their phones' times lie from what the sound itself shows, in ms: the check of every voice.

Voiceless stops between vowels have nothing above 500 Hz until they burst, sibilants are noise above 4 kHz, m and n lack
what vowels have above 1.5 kHz; so each can be found in the sound without the labels and compared with them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from llia.world.voice.alphabets import is_vowel
from llia.world.voice.phones import PAUSE, Phone
from llia.world.voice.speech import RATE_HZ, Utterance

Floats = NDArray[np.float64]

HOP = RATE_HZ // 500
SMOOTH_S = 0.005
AROUND_S = 0.08  # how far from its label an event is looked for
STOPS, SIBILANTS, NASALS = ("p", "t", "k"), ("s", "ʃ"), ("m", "n")
SIBILANT_HZ, NASAL_HZ = 4000, 1500
STOP_HZ = 500  # below it the voice hums on behind closed lips
SILENT, NOISY, DULL, HEARD = 0.12, 0.35, 0.30, 0.02  # shares of the loudest around
SHORTEST_RUN = 5  # steps
PAUSE_LEAST_S = 0.06


@dataclass(frozen=True)
class Spread:
    """Measured differences, ms: their number, their median, and what 10 and 90 of a hundred stay below."""

    num: int
    median_ms: float
    low_ms: float
    high_ms: float


def measure(utterances: Iterable[Utterance]) -> dict[str, Spread]:
    """Utterances of one voice -> what was compared, and by how much the sound is later than the labels."""
    found: dict[str, list[float]] = {}
    for utterance in utterances:
        for name, difference_s in compare(utterance):
            found.setdefault(name, []).append(1000 * difference_s)
    return {
        name: Spread(len(values), *(round(float(np.percentile(values, share)), 1) for share in (50, 10, 90)))
        for name, values in sorted(found.items())
    }


def compare(utterance: Utterance) -> list[tuple[str, float]]:
    """-> (what, sound minus label in s) for all in one utterance that can be found in its sound."""
    whole = envelope(utterance.sound, 0)
    high, middle = envelope(utterance.sound, SIBILANT_HZ), envelope(utterance.sound, NASAL_HZ)
    open_mouth = envelope(utterance.sound, STOP_HZ)
    loudest = float(np.percentile(whole, 95))
    found: list[tuple[str, float]] = []
    phones = utterance.phones
    first = next(phone for phone in phones if phone.is_sound)
    if first.ipa[0] not in STOPS:
        found.append(("first sound", float(np.argmax(whole > HEARD * loudest)) * HOP / RATE_HZ - first.start_s))
    for before, phone, after in zip(phones, phones[1:], phones[2:], strict=False):
        lasts_s = phone.end_s - phone.start_s
        if phone.ipa == PAUSE and lasts_s > PAUSE_LEAST_S and is_vowel(before.ipa):
            run = longest_run(whole, phone, HEARD * 1.5 * loudest, below=True)
            if run:
                found.append(("pause begins", run[0] - phone.start_s))
        if not (phone.is_sound and is_vowel(before.ipa) and is_vowel(after.ipa)):
            continue
        if phone.ipa[0] in STOPS and len(phone.ipa.strip("ːʰʲ")) == 1:
            run = longest_run(open_mouth, phone, SILENT * loudest_near(open_mouth, phone), below=True)
            found += both_ends(f"{phone.ipa[0]} silence", run, phone, end_from_start=True)
        if phone.ipa.strip("ːʲ") in SIBILANTS:
            run = longest_run(high, phone, NOISY * loudest_near(high, phone), below=False)
            found += both_ends("s noise", run, phone)
        if phone.ipa.strip("ːʲ") in NASALS:
            run = longest_run(middle, phone, DULL * loudest_near(middle, phone), below=True)
            found += both_ends("m n dull", run, phone)
    return found


def both_ends(
    name: str, run: tuple[float, float] | None, phone: Phone, *, end_from_start: bool = False
) -> list[tuple[str, float]]:
    """A run found in the sound -> where it begins and ends against the phone; a stop's release lies within it."""
    if run is None:
        return []
    return [
        (f"{name} begins", run[0] - phone.start_s),
        (f"{name} ends {'after start' if end_from_start else ''}".strip(),
         run[1] - (phone.start_s if end_from_start else phone.end_s)),
    ]  # fmt: skip


def envelope(sound: NDArray[np.float32], above_hz: float) -> Floats:
    """Sound -> its strength above a frequency at 500 Hz."""
    if above_hz:
        spectrum = np.fft.rfft(sound)
        spectrum[np.fft.rfftfreq(len(sound), 1 / RATE_HZ) < above_hz] = 0
        sound = np.fft.irfft(spectrum, len(sound)).astype(np.float32)
    taps = int(SMOOTH_S * RATE_HZ)
    power = np.convolve(sound.astype(np.float64) ** 2, np.ones(taps) / taps, "same")
    strength: Floats = np.sqrt(np.maximum(power[::HOP], 0))
    return strength


def steps_near(strength: Floats, phone: Phone) -> slice:
    """-> the steps of a phone and a little around it."""
    first, last = (round(time_s * RATE_HZ / HOP) for time_s in (phone.start_s - AROUND_S, phone.end_s + AROUND_S))
    return slice(max(0, first), min(len(strength), last))


def loudest_near(strength: Floats, phone: Phone) -> float:
    """-> the greatest strength in and around a phone."""
    return float(strength[steps_near(strength, phone)].max(initial=0.0))


def longest_run(strength: Floats, phone: Phone, threshold: float, *, below: bool) -> tuple[float, float] | None:
    """-> begin and end (s) of the longest stretch on one side of the threshold in or around a phone, if any."""
    near = steps_near(strength, phone)
    inside = (strength[near] < threshold) if below else (strength[near] > threshold)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], inside.astype(np.int8), [0]))))
    runs = edges.reshape(-1, 2)
    if not len(runs):
        return None
    begin, end = runs[np.argmax(runs[:, 1] - runs[:, 0])]
    if end - begin < SHORTEST_RUN:
        return None
    return (near.start + begin) * HOP / RATE_HZ, (near.start + end) * HOP / RATE_HZ
