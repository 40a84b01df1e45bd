"""Cues, given or drawn -> who speaks what when, in which state and mood: the script that a track then plays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from llia.config import Emotion, State
from llia.world.acting.emotion import Mood, strengths_of
from llia.world.acting.situation import Stretch
from llia.world.chance import stream
from llia.world.voice.phones import Phone
from llia.world.voice.speech import RATE_HZ, Utterance

# Speaking, listening, idle: with what odds a track starts so, and what follows what.
FIRST = (0.62, 0.26, 0.12)
NEXT = {
    State.SPEAKING: (0.55, 0.30, 0.15),
    State.LISTENING: (0.75, 0.15, 0.10),
    State.IDLE: (0.65, 0.30, 0.05),
}
BEFORE_S, AFTER_S = (0.05, 0.35), 0.12  # about an own sentence
LONGER_PAUSE_S, LONGER_PAUSE_SHARE = (0.3, 0.9), 0.25  # before some: time to breathe, to think
OTHER_BEFORE_S, OTHER_AFTER_S = 0.2, 0.2
IDLE_S = (1.2, 4.0)
GAIN, MOST_PEAK, OTHER_GAIN = (0.6, 1.25), 0.95, 0.8
NEUTRAL_SHARE, MIXED_SHARE, KEEP_SHARE = 0.5, 0.15, 0.5
FEELING_ODDS = {Emotion.HAPPY: 0.40, Emotion.SAD: 0.20, Emotion.ANGRY: 0.18, Emotion.SURPRISED: 0.22}
INTENSITY, MIXTURE = (0.35, 1.0), (0.35, 0.65)
PARTED_SHARE, PARTED_FROM, PARTED_S = 0.6, 0.45, (1.2, 4.5)  # broad smiles show teeth, surprise drops the jaw


@dataclass(frozen=True)
class Cue:
    """One thing to do; what is left open is drawn."""

    state: State
    emotion: Mapping[Emotion, float] = field(default_factory=dict)
    text: str | None = None  # what the own voice says, or the other one while listening
    duration_s: float | None = None  # of a stretch without words
    parted: bool | None = None  # whether the feeling may open the lips in silence


@dataclass(frozen=True)
class Line:
    """An utterance and where it stands."""

    start_s: float
    utterance: Utterance
    gain: float
    own: bool


@dataclass(frozen=True)
class Script:
    """What happens in a track."""

    stretches: tuple[Stretch, ...]
    moods: tuple[Mood, ...]
    lines: tuple[Line, ...]

    @property
    def duration_s(self) -> float:
        return self.stretches[-1].end_s

    @property
    def phones(self) -> tuple[Phone, ...]:
        """The own voice's phones on the track's clock."""
        return tuple(
            replace(phone, start_s=phone.start_s + line.start_s, end_s=phone.end_s + line.start_s)
            for line in self.lines
            if line.own
            for phone in line.utterance.phones
        )

    @property
    def words(self) -> tuple[float, ...]:
        """When the own voice's words begin."""
        return tuple(word_s + line.start_s for line in self.lines if line.own for word_s in line.utterance.words)

    @property
    def text(self) -> str:
        return " ".join(line.utterance.text for line in self.lines if line.own)


def draw_cues(seed: int) -> Iterator[Cue]:
    """A seed -> cues without end: states by their odds, moods that last a while, half of them none."""
    states, moods = stream(seed, "states"), stream(seed, "moods")
    state = State(int(states.choice(len(State), p=FIRST)))
    emotion = draw_emotion(moods)
    while True:
        yield Cue(state, emotion)
        state = State(int(states.choice(len(State), p=NEXT[state])))
        if moods.random() >= KEEP_SHARE:
            emotion = draw_emotion(moods)


def draw_emotion(rng: np.random.Generator) -> dict[Emotion, float]:
    """-> nothing in half of the draws, else an emotion with its intensity, sometimes two."""
    if rng.random() < NEUTRAL_SHARE:
        return {}
    names, odds = list(FEELING_ODDS), list(FEELING_ODDS.values())
    first, second = (names[int(i)] for i in rng.choice(len(names), size=2, replace=False, p=odds))
    intensity = rng.uniform(*INTENSITY)
    if rng.random() >= MIXED_SHARE:
        return {first: intensity}
    share = rng.uniform(*MIXTURE)
    return {first: intensity * share, second: intensity * (1 - share)}


def write_script(
    cues: Iterable[Cue],
    seed: int,
    duration_s: float | None,
    speak: Callable[[str | None, np.random.Generator], Utterance],
    reply: Callable[[str | None, np.random.Generator], Utterance],
) -> Script:
    """Cues, and who says a text (or something, without one) -> the script; a duration cuts it or is filled up."""
    stretches: list[Stretch] = []
    moods: list[Mood] = []
    lines: list[Line] = []
    rng, mood_rng = stream(seed, "timing"), stream(seed, "parting")
    now_s = 0.0
    for number, cue in enumerate(cues):
        words = stream(seed, f"words {number}")
        if cue.state == State.IDLE:
            lasts_s = cue.duration_s or rng.uniform(*IDLE_S)
        elif cue.state == State.SPEAKING or cue.text is not None or cue.duration_s is None:
            own = cue.state == State.SPEAKING
            utterance = (speak if own else reply)(cue.text, words)
            before_s, after_s = draw_pauses(rng, own=own)
            gain = draw_gain(utterance, words) * (1.0 if own else OTHER_GAIN)
            lines.append(Line(now_s + before_s, utterance, gain, own))
            lasts_s = before_s + len(utterance.sound) / RATE_HZ + after_s
        else:
            lasts_s = cue.duration_s  # listening to nobody
        stretches.append(Stretch(now_s, now_s + lasts_s, cue.state))
        moods.append(draw_mood(cue, stretches[-1], mood_rng))
        now_s += lasts_s
        if duration_s is not None and now_s >= duration_s:
            break
    if not stretches:
        raise ValueError("expected at least one cue, got none; give the plan something to do")
    if duration_s is not None:
        stretches = fit(stretches, duration_s)
    return Script(tuple(stretches), tuple(moods), tuple(lines))


def draw_pauses(rng: np.random.Generator, *, own: bool) -> tuple[float, float]:
    """-> the time before and after an utterance, s."""
    before_s = rng.uniform(*BEFORE_S)
    longer_s = rng.uniform(*LONGER_PAUSE_S) if rng.random() < LONGER_PAUSE_SHARE else 0.0
    return (before_s + longer_s, AFTER_S) if own else (OTHER_BEFORE_S + longer_s, OTHER_AFTER_S)


def draw_gain(utterance: Utterance, rng: np.random.Generator) -> float:
    """An utterance at the usual loudness -> a factor, for some speak up and some are soft; peaks stay below 1."""
    peak = float(np.abs(utterance.sound).max(initial=0.0))
    gain = float(rng.uniform(*GAIN))
    return min(gain, MOST_PEAK / peak) if peak > 0 else 0.0


def draw_mood(cue: Cue, stretch: Stretch, rng: np.random.Generator) -> Mood:
    """A cue and its stretch -> the mood of it, and how long its feeling opens the lips."""
    strengths = strengths_of(cue.emotion)
    strong = max((strengths[Emotion.HAPPY], strengths[Emotion.SURPRISED])) >= PARTED_FROM
    chance, parting_s = rng.random() < PARTED_SHARE, rng.uniform(*PARTED_S)
    if cue.parted is not None:
        return Mood(stretch.start_s, stretch.end_s, strengths, np.inf if cue.parted else 0.0)
    return Mood(stretch.start_s, stretch.end_s, strengths, parting_s if strong and chance else 0.0)


def fit(stretches: Sequence[Stretch], duration_s: float) -> list[Stretch]:
    """Stretches -> the same, the last one cut or drawn out to end with the track."""
    inside = [stretch for stretch in stretches if stretch.start_s < duration_s]
    last = inside[-1]
    if last.end_s >= duration_s or last.state != State.SPEAKING:
        return [*inside[:-1], replace(last, end_s=duration_s)]
    return [*inside, Stretch(last.end_s, duration_s, State.IDLE)]  # nobody speaks without a word


def lay_sound(script: Script, num_samples: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A script -> the own and the other voice over the whole track, [S] each; zero where nobody speaks."""
    own, other = np.zeros(num_samples, np.float32), np.zeros(num_samples, np.float32)
    for line in script.lines:
        start = round(line.start_s * RATE_HZ)
        kept = line.utterance.sound[: max(num_samples - start, 0)] * np.float32(line.gain)
        (own if line.own else other)[start : start + len(kept)] += kept
    return own, other
