"""Tracks and a body -> film: frames with their truth, and an mp4 with sound that says what it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soxr
from numpy.typing import NDArray

from llia.config import Clock, Emotion, State
from llia.data.disk import new_file
from llia.world.acting.timeline import Cue
from llia.world.acting.tracks import make_tracks
from llia.world.people.person import Person
from llia.world.render.body import build, texture_px_for
from llia.world.render.studio import MARK, Studio
from llia.world.voice.voices import find_voice

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

CLOCK = Clock()
SOUND_RATE_HZ = 48_000
SOUND_BLOCK = 1024  # samples in a frame of AAC
VIDEO_OPTIONS = {"crf": "16", "preset": "veryfast"}
OTHER_IN_MIX = 0.35  # how loud the other voice is beside the own one
IDLE_S = 5.0  # how long a film of nothing said lasts


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
    if text is None and seconds is None and state != State.SPEAKING:
        seconds = IDLE_S
    if seconds is not None:
        seconds = max(1, round(seconds * CLOCK.frames_per_second)) / CLOCK.frames_per_second
    body = build(person, texture_px_for(size_px))
    tracks = make_tracks(
        person, seed, seconds, plan=[Cue(state, emotion, text, seconds)],
        voice=find_voice(voice) if voice else None, rest=body.rest,
    )  # fmt: skip
    studio = Studio(body, size_px)
    write_film(output, (studio.shoot(motion) for motion in tracks.motion), tracks.own + OTHER_IN_MIX * tracks.other)


def write_film(path: Path, frames: Iterable[Picture], sound: Floats) -> None:
    """Pictures with even sides, and 16 kHz sound -> an mp4 that carries the mark."""
    with new_file(path) as file, av.open(file, "w", format="mp4") as container:
        container.metadata["comment"] = MARK
        container.metadata["title"] = MARK
        video = container.add_stream("libx264", rate=CLOCK.frames_per_second, options=VIDEO_OPTIONS)
        audio = container.add_stream("aac", rate=SOUND_RATE_HZ, layout="mono")
        assert isinstance(video, av.VideoStream) and isinstance(audio, av.AudioStream)
        for number, picture in enumerate(frames):
            if number == 0:
                video.height, video.width = picture.shape[:2]
                if video.height % 2 or video.width % 2:
                    raise ValueError(f"expected pictures with even sides, got {picture.shape[:2]}; choose an even size")
                video.pix_fmt = "yuv420p"
            container.mux(video.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")))
        container.mux(video.encode())
        for block in sound_blocks(sound):
            container.mux(audio.encode(block))
        container.mux(audio.encode())


def sound_blocks(sound: Floats) -> Iterator[av.AudioFrame]:
    """16 kHz sound -> the blocks that the encoder takes, each with its time."""
    samples = np.asarray(soxr.resample(sound, CLOCK.sample_rate_hz, SOUND_RATE_HZ), np.float32).clip(-1, 1)
    for start in range(0, len(samples), SOUND_BLOCK):
        block = av.AudioFrame.from_ndarray(samples[None, start : start + SOUND_BLOCK], format="fltp", layout="mono")
        block.sample_rate, block.pts, block.time_base = SOUND_RATE_HZ, start, Fraction(1, SOUND_RATE_HZ)
        yield block
