"""Tracks and a body -> film: frames with their truth, and an mp4 with sound that says what it is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from llia.config import MARK, Clock, Emotion, State
from llia.data.films import SOUND_RATE_HZ, save_film
from llia.head.motion import Motion
from llia.progress import Tally, progress
from llia.world.acting.timeline import Cue
from llia.world.acting.tracks import make_tracks
from llia.world.people.person import Person
from llia.world.render.body import build, texture_px_for
from llia.world.render.studio import Studio
from llia.world.voice.voices import find_voice

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

CLOCK = Clock()
OTHER_IN_MIX = 0.35  # how loud the other voice is beside the own one
IDLE_S = 5.0  # how long a film of nothing said lasts
SHORTEST_CUE_S = 0.3  # pauses about a word alone are longer


def make_film(
    person: Person,
    output: Path,
    *,
    seed: int,
    text: str | None,
    state: State,
    emotion: Mapping[Emotion, float],
    voice: str | None,
    seconds: float | None,
    size_px: int,
) -> None:
    """A person and what they shall do -> an mp4."""
    if seconds is None and state == State.IDLE:
        seconds = IDLE_S
    if seconds is not None:
        seconds = max(1, round(seconds * CLOCK.frames_per_second)) / CLOCK.frames_per_second
    if text is not None and not text.strip():
        raise ValueError("expected a text to say, got none; leave --text out and something is drawn")
    speaker = find_voice(voice) if voice else None
    with progress("filming", "frames") as tally:
        body = build(person, texture_px_for(size_px))
        tracks = make_tracks(
            person, seed, seconds, plan=plan_film(state, emotion, text, seconds), voice=speaker, rest=body.rest
        )
        tally.expect(tracks.num_frames)
        studio = Studio(body, size_px)
        write_film(output, shoot_all(studio, tracks.motion, tally), tracks.own + OTHER_IN_MIX * tracks.other)


def plan_film(state: State, emotion: Mapping[Emotion, float], text: str | None, seconds: float | None) -> list[Cue]:
    """-> what is done: a text once; without one, sentence after sentence for so many seconds, or one."""
    if state == State.IDLE or text is not None or seconds is None:
        return [Cue(state, emotion, text, seconds)]
    return [Cue(state, emotion)] * math.ceil(seconds / SHORTEST_CUE_S)


def shoot_all(studio: Studio, motions: Motion, tally: Tally) -> Iterator[Picture]:
    """Motion, [F 66] -> its pictures, counted."""
    for motion in motions:
        yield studio.shoot(motion)
        tally.advance()


def write_film(path: Path, frames: Iterable[Picture], sound: Floats) -> None:
    """Pictures with even sides, and 16 kHz sound -> an mp4 that carries the mark."""
    heard = np.asarray(soxr.resample(sound, CLOCK.sample_rate_hz, SOUND_RATE_HZ), np.float32)
    save_film(path, frames, [heard[None]], MARK)
