"""Seeds -> held-out people who talk, listen and idle, to be performed anew; and speakers that no training may hear."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from llia.config import PRESETS, Config, Emotion
from llia.data.samples import Sample
from llia.data.sound import mel_windows
from llia.data.usual import start_usual, tell_usual
from llia.eval.rollout import Scenes
from llia.eval.subjects import SEEDS_APART
from llia.head.measures import SHAPE_NAMES, Spans, measure, shapes_of
from llia.head.scale import TORSO
from llia.head.shape import load_head, rest_head
from llia.progress import progress
from llia.stream.voices import Voice, follow_voices
from llia.world.shoot.recording import make_tracks_sample
from llia.world.voice.golden import GOLDEN_VOICES, Golden, load_golden

Floats = NDArray[np.float32]

LIVE = PRESETS["live"]
EYES_OPEN = 0.85  # of their usual opening, in a portrait
NEUTRAL = np.eye(len(Emotion), dtype=np.float32)[Emotion.NEUTRAL]


def draw_scenes(seed: int, num_people: int, seconds: float, config: Config = LIVE, *, by_voice: bool = False) -> Scenes:
    """-> held-out people with held-out voices and texts, in the world's own turns of talk, listening and idling."""
    samples = []
    with progress("people who talk", "people", num_people) as tally:
        for number in range(num_people):
            samples.append(make_tracks_sample(seed * SEEDS_APART + number, seconds, held_out=True))
            tally.advance()
    return scenes_of(samples, config, by_voice=by_voice)


def scenes_of(samples: Sequence[Sample], config: Config, *, by_voice: bool = False) -> Scenes:
    """Samples of one length -> their scenes, heard as a stream hears; the portrait is the first frame with open eyes.

    `by_voice` lets the voices tell the states, as they do where nobody else does.
    """
    measured = np.stack([np.stack([sample.truth[name] for name in SHAPE_NAMES], -1) for sample in samples])  # K F 4
    motion = np.stack([sample.truth["motion"] for sample in samples]).astype(np.float32)
    lids = measured[..., SHAPE_NAMES.index("eye_left")]
    first = (lids >= EYES_OPEN * np.median(lids, 1, keepdims=True)).argmax(1)
    portrait = motion[np.arange(len(motion)), first]
    motion[..., TORSO] -= portrait[:, None, TORSO]
    portrait[:, TORSO] = 0
    state = np.stack([sample.truth["state"] for sample in samples])
    own, other, heard = (np.stack(those) for those in zip(*(hear(sample, config) for sample in samples), strict=True))
    return Scenes(
        portrait=portrait,
        shape=shapes_of(measured[:, 0], motion[:, 0]),
        own=own,
        other=other,
        state=state,
        told=heard.astype(np.int8) if by_voice else state,
        emotion=np.stack([sample.truth["emotion"] for sample in samples]).astype(np.float32),
        motion=motion,
        parted=np.stack([sample.truth["parted"] for sample in samples]),
        phones=tuple(sample.about["phones"] for sample in samples),
        human=np.array([bool(sample.about["human"]) for sample in samples]),
        number=np.arange(len(samples)),
    )


def hear(sample: Sample, config: Config) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """A sample -> windows of both voices as a stream hears them, [F 1+A M], and the states that voices tell, [F]."""
    windows = mel_windows(np.stack([sound_of(sample, name) for name in ("own", "other")]), config)
    windows, voiced, states, _ = follow_voices(windows, (Voice(), Voice()), config)
    (own, other), _ = tell_usual(windows, start_usual(len(windows), config), config, voiced)
    return own, other, states


def sound_of(sample: Sample, name: str) -> Floats:
    """A sample and "own" or "other" -> that voice; silence where there is none."""
    sound: Floats | None = getattr(sample, name)
    if sound is not None:
        return sound
    assert sample.own is not None, "expected a sequence with sound"
    return np.zeros_like(sample.own)


def load_kept(folder: Path, config: Config = LIVE) -> Scenes:
    """The folder of kept speakers -> what the mean head does that says it, one speaker a row, cut to the shortest."""
    spans = measure(rest_head(np.zeros(len(load_head().identity))))
    samples = [sample_of(name, load_golden(folder, name), spans) for name in GOLDEN_VOICES]
    shortest = min(sample.num_frames for sample in samples)
    return scenes_of([cut(sample, shortest, config) for sample in samples], config)


def sample_of(name: str, spoken: Golden, spans: Spans) -> Sample:
    """A kept speaker and the mean head's spans -> a sample like those of the world."""
    truth = {span: getattr(spans, span)(spoken.motion).astype(np.float32) for span in SHAPE_NAMES}
    truth |= {"motion": spoken.motion, "state": spoken.state, "parted": spoken.parted}
    truth["emotion"] = np.tile(NEUTRAL, (len(spoken.motion), 1))
    phones = [[phone.start_s, phone.end_s, phone.ipa, phone.stress] for phone in spoken.phones]
    return Sample(name, truth, {"human": True, "phones": phones}, own=spoken.sound)


def cut(sample: Sample, num_frames: int, config: Config) -> Sample:
    """-> the first so many frames of a sample, and its own voice."""
    assert sample.own is not None
    truth = {name: array[:num_frames] for name, array in sample.truth.items()}
    return Sample(sample.key, truth, sample.about, own=sample.own[: num_frames * config.clock.samples_per_frame])
