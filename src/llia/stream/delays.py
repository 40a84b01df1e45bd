"""A stage and a portrait -> how long somebody waits: for a first frame, a change, an interruption, a new portrait."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from llia.codec import ASSETS, Appearance
from llia.config import Config, Emotion, State
from llia.data.recordings import load_sound
from llia.portrait.pictures import open_picture
from llia.stream.desk import MOST_AHEAD
from llia.stream.items import Frame
from llia.stream.pipeline import Pipeline
from llia.stream.session import Direction
from llia.stream.stage import Stage

Floats = NDArray[np.float32]

PORTRAIT, SENTENCE = ASSETS / "portraits" / "maeve.jpg", ASSETS / "sentence.flac"
PAUSE_S = 2.0  # after each time that the sentence is said
PATIENCE_S = 120.0  # for one frame; more says that something hangs
NEW_FRAMES = 12  # of sound after an interruption
DIRECTIONS = (
    Direction(State.LISTENING),
    Direction(State.LISTENING, {Emotion.HAPPY: 0.8}),
    Direction(State.IDLE, {Emotion.HAPPY: 0.8}),
    Direction(State.IDLE, {Emotion.SAD: 0.8}),
    Direction(),
)  # each next one is another state or another feeling


def percentiles(values: Sequence[float]) -> dict[str, float]:
    return {"p50": float(np.percentile(values, 50)), "p95": float(np.percentile(values, 95))}


def say(num_frames: int, config: Config, offset: int = 0) -> Floats:
    """-> sound for so many frames: the sentence, a pause, and so on, from some frame of it on."""
    per_frame = config.clock.samples_per_frame
    return np.resize(np.roll(turn_of_talk(config.clock.sample_rate_hz), -offset * per_frame), num_frames * per_frame)


@cache
def turn_of_talk(rate_hz: int) -> Floats:
    return np.concatenate([load_sound(SENTENCE), np.zeros(round(PAUSE_S * rate_hz), np.float32)])


def open_stream(stage: Stage, appearance: Appearance, seed: int = 0) -> Pipeline:
    return Pipeline(stage.players, appearance.likeness, stage.decoders(appearance), seed=seed)


def take(stream: Pipeline) -> Frame:
    frame = stream.take(PATIENCE_S)
    assert frame is not None, "expected a frame of a stream that has sound for it"
    return frame


@contextmanager
def clocked(kept_ms: list[float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    kept_ms.append(1000 * (time.perf_counter() - start))


def first_frames_ms(stage: Stage, appearance: Appearance, count: int) -> list[float]:
    """-> of so many new streams, how long it took from the last sample that the first clip hears to the first frame."""
    config = stage.players.config
    kept: list[float] = []
    for number in range(count):
        sound = say(min(config.clips.lengths) + config.sound.frames_ahead, config, offset=number)
        with open_stream(stage, appearance, number) as stream:
            stream.push(sound[: -config.clock.samples_per_frame])
            with clocked(kept):
                stream.push(sound[-config.clock.samples_per_frame :])
                take(stream)
    return kept


def changes_ms(stage: Stage, appearance: Appearance, count: int) -> list[float]:
    """-> how long it took from a new state or feeling to the first frame that was made of it, again and again in a
    stream at full speed."""
    rng = np.random.default_rng(0)
    kept: list[float] = []
    with open_stream(stage, appearance) as stream:
        for number in range(count):
            frames = int(rng.integers(2, MOST_AHEAD // 2))
            stream.push(say(frames + MOST_AHEAD, stage.players.config, offset=number))
            for _ in range(frames):
                last = take(stream)
            with clocked(kept):
                stream.direct(DIRECTIONS[number % len(DIRECTIONS)])
                frame = take(stream)
            assert frame.generation == last.generation + 1, "a new wish holds from the next frame on"
    return kept


def clear(stage: Stage, appearance: Appearance, count: int) -> dict[str, float]:
    """-> the longest that an interruption took, and how many frames of before came out after one."""
    rng, stale = np.random.default_rng(0), 0
    kept: list[float] = []
    with open_stream(stage, appearance) as stream:
        for number in range(1, count + 1):
            stream.push(say(MOST_AHEAD, stage.players.config, offset=number))
            for _ in range(int(rng.integers(0, 3))):
                take(stream)
            with clocked(kept):
                stream.clear()
            stream.push(say(NEW_FRAMES, stage.players.config))
            stale += take(stream).generation != number
    return {"clear_ms": max(kept), "stale_frames": stale, "num_clears": count}


def portrait_ms(stage: Stage, picture: Path) -> float:
    """A picture file -> how long it took until sound could be pushed."""
    kept: list[float] = []
    with clocked(kept):
        stream = open_stream(stage, stage.codec.portray(open_picture(picture).pixels)).__enter__()
    stream.__exit__(None, None, None)
    return kept[0]
