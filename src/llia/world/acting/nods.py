"""A situation -> gestures: beats on stressed vowels of the own voice, and what the other voice calls forth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import find_peaks

from llia.config import State
from llia.head.habits import (
    AFTER_S,
    AT_EMPHASIS,
    AT_LEISURE,
    AT_PAUSE,
    BEAT,
    BEAT_LEAD_S,
    BEAT_SHARE,
    BEATS_APART_S,
    EMPHASIS_APART_S,
    EMPHASIS_OVER,
    FLICK_DEGREES,
    FLICK_SHARE,
    LEISURE_S,
    QUIET,
    REACTION_S,
    REACTIONS_APART_S,
    TILT,
    TILT_DEGREES,
    beat_degrees,
    choose,
    draw_nods,
)
from llia.world.acting.curves import CURVE_HZ, Doubles, add_bump, smooth, times
from llia.world.acting.mouth import LOUDEST
from llia.world.acting.situation import Situation, Stretch
from llia.world.acting.visemes import VISEME_OF, VISEMES

LONG_VOWEL_S = 0.075
BROW_SHARE, BROW_LEAD_S, BROW, BROW_SIZE = 0.30, 0.12, (0.14, 0.10, 0.30), (0.25, 0.70)
FROWN_EVERY, FROWN_SHARE, FROWN, FROWN_SIZE = 4, 0.15, (0.2, 0.3, 0.4), (0.10, 0.35)
IN_BREATH_LEAD_S, IN_BREATH, IN_BREATH_SIZE = 0.15, (0.2, 0.15, 0.3), (0.10, 0.35)

SMILE, SMILE_HOLD_S, SMILE_SIZE = (0.35, 0.6), (0.4, 1.2), (0.18, 0.42)
RAISE, RAISE_HOLD_S, RAISE_SIZE = (0.16, 0.35), (0.1, 0.5), (0.30, 0.70)
PAUSE_STEPS, SPOKEN_STEPS = 16, 50  # a pause: 160 ms below a tenth, after half a second of voice
EMPHASIS_TAPS = 15
TURN_MARGIN_S = 0.4


@dataclass(frozen=True)
class Gestures:
    """Head turns in degrees and face movements, 0 to about 1, at 100 Hz; filled in place while they are drawn."""

    yaw: Doubles
    pitch: Doubles
    roll: Doubles
    brow: Doubles
    frown: Doubles
    smile: Doubles


def draw_gestures(situation: Situation, own: np.random.Generator, called_forth: np.random.Generator) -> Gestures:
    """A situation -> its gestures."""
    gestures = Gestures(*(np.zeros(situation.num_steps) for _ in range(6)))
    beat(gestures, situation, own)
    for stretch in situation.stretches:
        if stretch.state == State.SPEAKING:
            add_bump(gestures.brow, own.uniform(*IN_BREATH_SIZE), stretch.start_s - IN_BREATH_LEAD_S, *IN_BREATH)
        elif stretch.state == State.LISTENING:
            listen(gestures, situation, stretch, called_forth)
    return gestures


def beat(gestures: Gestures, situation: Situation, rng: np.random.Generator) -> None:
    """Nods, flicks and raised brows on the own voice's stressed vowels."""
    vowels = [phone for phone in situation.phones if is_long_vowel(phone.ipa, phone.end_s - phone.start_s)]
    stressed = [phone for phone in vowels if phone.stress > 0] or vowels
    last_s = -1.0
    for phone in stressed:
        if phone.start_s - last_s <= BEATS_APART_S or rng.random() >= BEAT_SHARE:
            continue
        last_s = phone.start_s
        step = situation.step(phone.start_s)
        loudness = float(situation.own_loudness[step : step + EMPHASIS_TAPS].max(initial=0.0))
        add_bump(gestures.pitch, beat_degrees(rng, loudness), phone.start_s - BEAT_LEAD_S, *BEAT)
        if rng.random() < FLICK_SHARE:
            add_bump(gestures.yaw, rng.normal(0, FLICK_DEGREES), phone.start_s - BEAT_LEAD_S, *BEAT)
        if rng.random() < BROW_SHARE:
            add_bump(gestures.brow, rng.uniform(*BROW_SIZE), phone.start_s - BROW_LEAD_S, *BROW)
    for word_s in situation.words[::FROWN_EVERY]:
        if rng.random() < FROWN_SHARE:
            add_bump(gestures.frown, rng.uniform(*FROWN_SIZE), word_s, *FROWN)


def is_long_vowel(ipa: str, duration_s: float) -> bool:
    """Is it a vowel long enough to carry a beat?"""
    return duration_s > LONG_VOWEL_S and any(VISEMES[VISEME_OF[symbol]].vowel for symbol in ipa if symbol in VISEME_OF)


def listen(gestures: Gestures, situation: Situation, stretch: Stretch, rng: np.random.Generator) -> None:
    """Reactions to the other voice's pauses and emphasis, and a few that need no reason."""
    first, last = situation.step(stretch.start_s), situation.step(stretch.end_s)
    heard = situation.other_loudness[first:last]
    calls = [(stretch.start_s + step / CURVE_HZ, AT_PAUSE) for step in find_pauses(heard)]
    calls += [(stretch.start_s + step / CURVE_HZ, AT_EMPHASIS) for step in find_emphasis(heard)]
    calls = [(time_s + rng.uniform(*REACTION_S), odds) for time_s, odds in calls]
    time_s = stretch.start_s + rng.uniform(*LEISURE_S) / 2
    while time_s < stretch.end_s:
        calls.append((time_s, AT_LEISURE))
        time_s += rng.uniform(*LEISURE_S)
    free_s = stretch.start_s
    for time_s, odds in sorted(calls, key=lambda call: call[0]):
        gesture = choose(odds, rng.random())
        if gesture and free_s <= time_s <= stretch.end_s - TURN_MARGIN_S:
            free_s = time_s + react(gestures, gesture, time_s, rng) + REACTIONS_APART_S


def find_pauses(loudness: Doubles) -> list[int]:
    """Loudness -> the steps at which a voice has just fallen silent."""
    quiet = loudness < QUIET
    run = np.convolve(quiet, np.ones(PAUSE_STEPS))[: len(quiet)]
    found = np.flatnonzero(run == PAUSE_STEPS)
    starts = found[np.diff(found, prepend=-2) > 1]
    return [int(step) for step in starts if (~quiet[max(0, step - PAUSE_STEPS - SPOKEN_STEPS) : step]).mean() > 0.5]


def find_emphasis(loudness: Doubles) -> list[int]:
    """Loudness -> the steps at which a voice was raised."""
    if len(loudness) < EMPHASIS_TAPS:
        return []
    level = smooth(loudness, EMPHASIS_TAPS)
    peaks, _ = find_peaks(level, height=min(EMPHASIS_OVER, LOUDEST), distance=round(EMPHASIS_APART_S * CURVE_HZ))
    return [int(step) for step in peaks]


def react(gestures: Gestures, gesture: str, time_s: float, rng: np.random.Generator) -> float:
    """Adds one reaction -> how long it keeps the listener busy, s."""
    if gesture == "nod":
        nods = draw_nods(rng, time_s)
        gestures.pitch[:] += nods(times(len(gestures.pitch)))
        return nods.lasts_s
    if gesture == "smile":
        add_bump(gestures.smile, rng.uniform(*SMILE_SIZE), time_s, SMILE[0], rng.uniform(*SMILE_HOLD_S), SMILE[1])
    elif gesture == "raise":
        add_bump(gestures.brow, rng.uniform(*RAISE_SIZE), time_s, RAISE[0], rng.uniform(*RAISE_HOLD_S), RAISE[1])
    else:
        assert gesture == "tilt", f"expected nod, smile, raise or tilt, got {gesture}"
        add_bump(gestures.roll, rng.normal(0, TILT_DEGREES), time_s, *TILT)
    return AFTER_S[gesture]
