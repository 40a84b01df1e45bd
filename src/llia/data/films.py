"""Any video -> upright frames at one rate and its sound; frames and sound -> an mp4 that says what it is."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from llia.config import Clock
from llia.data.disk import new_file
from llia.data.recordings import NO_OTHER_FILES, equal_pieces

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

CLOCK = Clock()
SOUND_RATE_HZ = 48_000
SOUND_BLOCK = 1024  # samples in a frame of AAC
LAYOUTS = {1: "mono", 2: "stereo"}
VIDEO_OPTIONS = {"crf": "16", "preset": "veryfast"}
MOST_PIXELS = 8192 * 4320  # of one frame
QUARTER_TURN = 90


def save_film(path: Path, frames: Iterable[Picture], sound: Iterable[Floats] | None, mark: str) -> None:
    """Pictures with even sides, pieces of 48 kHz sound of one or two channels, [C S], or none -> an mp4 that carries
    the mark. Pictures and pieces are taken as they are written, so neither need be held in memory."""
    with new_file(path) as file, av.open(file, "w", format="mp4") as container:
        container.metadata["comment"] = mark
        container.metadata["title"] = mark
        video = container.add_stream("libx264", rate=CLOCK.frames_per_second, options=VIDEO_OPTIONS)
        assert isinstance(video, av.VideoStream)
        audio: Any = None  # its type differs by what is asked of it
        blocks: Iterator[av.AudioFrame] = iter(())
        pieces = iter(() if sound is None else sound)
        first = next(pieces, None)
        if first is not None:
            audio = container.add_stream("aac", rate=SOUND_RATE_HZ, layout=LAYOUTS[len(first)])
            blocks = sound_blocks(itertools.chain([first], pieces))
        blocks_per_frame = SOUND_RATE_HZ / SOUND_BLOCK / CLOCK.frames_per_second
        num_blocks = 0
        for number, picture in enumerate(frames):
            if number == 0:
                video.height, video.width = picture.shape[:2]
                if video.height % 2 or video.width % 2:
                    raise ValueError(f"expected pictures with even sides, got {picture.shape[:2]}; choose an even size")
                video.pix_fmt = "yuv420p"
            container.mux(video.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")))
            while num_blocks < (number + 1) * blocks_per_frame and (block := next(blocks, None)) is not None:
                container.mux(audio.encode(block))
                num_blocks += 1
        container.mux(video.encode())
        for block in blocks:
            container.mux(audio.encode(block))
        if audio is not None:
            container.mux(audio.encode())


def sound_blocks(pieces: Iterable[Floats]) -> Iterator[av.AudioFrame]:
    """Pieces of 48 kHz sound, [C S] -> the blocks that the encoder takes, each with its time."""
    start = 0
    for part in equal_pieces(pieces, SOUND_BLOCK):
        samples = np.ascontiguousarray(part.clip(-1, 1), np.float32)
        block = av.AudioFrame.from_ndarray(samples, format="fltp", layout=LAYOUTS[len(samples)])
        block.sample_rate, block.pts, block.time_base = SOUND_RATE_HZ, start, Fraction(1, SOUND_RATE_HZ)
        start += samples.shape[1]
        yield block


def num_frames_of(path: Path) -> int | None:
    """A video -> about how many frames `read_frames` will give; None where the file does not tell."""
    with opened(path) as container:
        stream = container.streams.video[0]
        if stream.duration is not None and stream.time_base is not None:
            return max(1, round(float(stream.duration * stream.time_base) * CLOCK.frames_per_second))
        if container.duration is not None:
            return max(1, round(container.duration / av.time_base * CLOCK.frames_per_second))
    return None


def read_frames(path: Path) -> Iterator[Picture]:
    """A video -> its frames at 25 a second, upright: at each moment the last one that had begun."""
    try:
        with opened(path) as container:
            shown: Picture | None = None
            first_s, number = 0.0, 0
            for frame in container.decode(video=0):
                if frame.width * frame.height > MOST_PIXELS:
                    raise ValueError(f"expected frames up to 8192 x 4320, got {frame.width} x {frame.height} in {path}")
                now_s = frame.time if frame.time is not None else number / CLOCK.frames_per_second
                if shown is None:
                    first_s = now_s
                while shown is not None and number / CLOCK.frames_per_second < now_s - first_s - 1e-6:
                    yield shown
                    number += 1
                shown = upright(frame)
            if shown is None:
                raise ValueError(f"expected a video with frames, got none in {path}; choose another")
            yield shown
    except av.error.FFmpegError as error:
        raise ValueError(f"expected a video that can be decoded, got {path} ({error.strerror})") from None


def upright(frame: av.VideoFrame) -> Picture:
    """A frame as it was stored -> as it is to be seen, [H W 3]."""
    pixels = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
    return np.ascontiguousarray(np.rot90(pixels, round(frame.rotation / QUARTER_TURN)))


def read_sound(path: Path) -> Floats | None:
    """A video -> its first sound track from the first frame's moment on, 48 kHz, [2 S]; None where it has none."""
    try:
        with opened(path) as container:
            if not container.streams.audio:
                return None
            start_s = stream_start_s(container.streams.audio[0]) - stream_start_s(container.streams.video[0])
            to_floats: Any = av.AudioResampler(format="fltp", layout="stereo", rate=SOUND_RATE_HZ)
            pieces = [np.zeros((2, max(0, round(start_s * SOUND_RATE_HZ))), np.float32)]
            for frame in container.decode(audio=0):
                pieces += [np.asarray(part.to_ndarray(), np.float32) for part in to_floats.resample(frame)]
            pieces += [np.asarray(part.to_ndarray(), np.float32) for part in to_floats.resample(None)]
    except av.error.FFmpegError as error:
        raise ValueError(f"expected sound that can be decoded, got {path} ({error.strerror})") from None
    return np.concatenate(pieces, axis=1)[:, max(0, round(-start_s * SOUND_RATE_HZ)) :]


def stream_start_s(stream: Any) -> float:
    return float(stream.start_time * stream.time_base) if stream.start_time is not None else 0.0


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """A video file -> the open container, which has at least one track of pictures."""
    if not path.is_file():
        raise FileNotFoundError(f"expected a video, got nothing at {path}; check the path")
    with path.open("rb") as file:
        try:
            container = av.open(file, "r", options=NO_OTHER_FILES)
        except (av.error.FFmpegError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "unreadable"
            raise ValueError(
                f"expected a video that can be decoded, got {path} ({reason}); convert it to mp4"
            ) from None
        with container:
            if not container.streams.video:
                raise ValueError(f"expected a video, got a file without pictures: {path}")
            yield container
