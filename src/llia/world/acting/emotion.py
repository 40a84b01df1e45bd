"""Moods over time -> feelings as a slow layer: what each does to the face, the head, the gaze and every pace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from llia.config import Emotion
from llia.head.expressions import AVERTS, BLINKS, ENERGY, FACES, GAZE_DEGREES, PARTING, PITCH_DEGREES, face_row
from llia.head.motion import FACE_NAMES
from llia.head.shape import ease
from llia.world.acting.curves import Doubles, noise, times

Strengths = tuple[float, ...]  # how strong each emotion is, in the order of Emotion; neutral is the rest of 1

NUM_EMOTIONS = len(Emotion)
ONSET_S, OFFSET_S = (0.4, 1.2), (0.9, 2.2)
WAXING, WAXING_SHORT, WAXING_HZ = 0.10, 0.5, 0.2
MUSCLE_SCATTER, MUSCLE_MOST = 0.12, 1.15  # the same feeling never looks quite the same


@dataclass(frozen=True)
class Feeling:
    """What an emotion does at full strength. Face weights without a side move both sides."""

    face: dict[str, float] = field(default_factory=dict)
    parting: dict[str, float] = field(default_factory=dict)  # added where the feeling opens the lips
    pitch: float = 0.0  # degrees, down is positive
    shift_z: float = 0.0  # cm towards the camera
    gaze_pitch: float = 0.0  # degrees, up is positive
    torso_height: float = 0.0  # cm
    # Factors: how often the gaze leaves, how often lids close, how much the head moves, how far the mouth opens.
    averts: float = 1.0
    blinks: float = 1.0
    energy: float = 1.0
    vigour: float = 1.0


NEUTRAL = Feeling()
HAPPY = Feeling(torso_height=0.15, vigour=1.08)
SAD = Feeling(shift_z=-0.3, torso_height=-0.35, vigour=0.8)
ANGRY = Feeling(shift_z=0.5, vigour=1.08)
SURPRISED = Feeling(shift_z=-0.4, torso_height=0.3, vigour=1.15)
FEELINGS: dict[Emotion, Feeling] = {
    emotion: replace(
        feeling, face=FACES[emotion], parting=PARTING.get(emotion, {}), pitch=PITCH_DEGREES.get(emotion, 0.0),
        gaze_pitch=GAZE_DEGREES.get(emotion, 0.0), averts=AVERTS.get(emotion, 1.0), blinks=BLINKS.get(emotion, 1.0),
        energy=ENERGY.get(emotion, 1.0),
    )
    for emotion, feeling in zip(Emotion, (NEUTRAL, HAPPY, SAD, ANGRY, SURPRISED), strict=True)
}  # fmt: skip


@dataclass(frozen=True)
class Mood:
    """Emotions over a stretch of time, and for how long at its start they open the lips."""

    start_s: float
    end_s: float
    strengths: Strengths
    parting_s: float = 0.0


@dataclass(frozen=True)
class Feelings:
    """What the moods of a track come to, at 100 Hz."""

    strengths: Doubles  # n 5
    face: Doubles  # n 54
    parting: Doubles  # n 54, added to it where the lips are let open
    parted: Doubles  # n, 0 to 1: how far the feeling itself opens them
    pitch: Doubles  # n each from here on; see Feeling
    shift_z: Doubles
    gaze_pitch: Doubles
    torso_height: Doubles
    averts: Doubles
    blinks: Doubles
    energy: Doubles
    vigour: Doubles


def strengths_of(emotion: Mapping[Emotion, float]) -> Strengths:
    """Some emotions and their intensities -> the strengths of all, adding up to one."""
    strengths = [0.0] * NUM_EMOTIONS
    for name, intensity in emotion.items():
        if name != Emotion.NEUTRAL:
            strengths[name] = intensity
    whole = sum(strengths)
    if min(strengths) < 0 or whole > 1:
        raise ValueError(f"expected intensities from 0 that sum to at most 1, got {dict(emotion)}; lower them")
    strengths[Emotion.NEUTRAL] = 1 - whole
    return tuple(strengths)


def rise_and_fall(moods: Sequence[Mood], now_s: Doubles, rng: np.random.Generator) -> tuple[Doubles, Doubles]:
    """Moods -> how strong each emotion is, and how far it opens the lips, [n 5] each."""
    strengths = np.zeros((len(now_s), NUM_EMOTIONS))
    parting = np.zeros_like(strengths)
    for place, mood in enumerate(moods):
        onset_s, offset_s, closing_s = rng.uniform(*ONSET_S), rng.uniform(*OFFSET_S), rng.uniform(*ONSET_S)
        # A track begins and ends in the middle of a mood.
        rise = np.ones_like(now_s) if place == 0 else ease(0, 1, (now_s - mood.start_s) / onset_s)
        fall = np.ones_like(now_s) if place == len(moods) - 1 else 1 - ease(0, 1, (now_s - mood.end_s) / offset_s)
        level = np.minimum(rise, fall)[:, None] * np.array(mood.strengths)
        strengths += level
        if mood.parting_s > 0:
            parting += level * (1 - ease(0, 1, (now_s - mood.start_s - mood.parting_s) / closing_s))[:, None]
    strengths[:, Emotion.NEUTRAL] = 0
    parting[:, Emotion.NEUTRAL] = 0
    wax = np.maximum(1 + WAXING * (noise(rng, len(now_s), WAXING_HZ) - WAXING_SHORT), 0)
    total = strengths.sum(1)
    factor = (wax / np.maximum(total * wax, 1))[:, None]
    strengths *= factor
    strengths[:, Emotion.NEUTRAL] = 1 - strengths.sum(1)
    return strengths, parting * factor


def feel(moods: Sequence[Mood], num_steps: int, rng: np.random.Generator) -> Feelings:
    """Moods in their order -> feelings over the whole track."""
    strengths, parting = rise_and_fall(moods, times(num_steps), rng)
    sideless = [name.removesuffix("Left").removesuffix("Right") for name in FACE_NAMES]
    names, muscle = np.unique(sideless, return_inverse=True)
    scatter = np.exp(MUSCLE_SCATTER * rng.normal(0, 1, (NUM_EMOTIONS, len(names)))).clip(0, MUSCLE_MOST)
    feelings = [FEELINGS[emotion] for emotion in Emotion]
    faces = np.array([face_row(feeling.face) for feeling in feelings]) * scatter[:, muscle]
    partings = np.array([face_row(feeling.parting) for feeling in feelings])
    opens = np.array([bool(feeling.parting) for feeling in feelings], float)

    def sum_of(sizes: list[float]) -> Doubles:
        return np.asarray(strengths @ np.array(sizes))

    return Feelings(
        strengths=strengths,
        face=strengths @ faces,
        parting=parting @ partings,
        parted=np.clip(parting @ opens, 0, 1),
        pitch=sum_of([feeling.pitch for feeling in feelings]),
        shift_z=sum_of([feeling.shift_z for feeling in feelings]),
        gaze_pitch=sum_of([feeling.gaze_pitch for feeling in feelings]),
        torso_height=sum_of([feeling.torso_height for feeling in feelings]),
        averts=sum_of([feeling.averts for feeling in feelings]),
        blinks=sum_of([feeling.blinks for feeling in feelings]),
        energy=sum_of([feeling.energy for feeling in feelings]),
        vigour=sum_of([feeling.vigour for feeling in feelings]),
    )
