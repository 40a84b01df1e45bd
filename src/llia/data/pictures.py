"""Frames [T, H, W, 3] -> near-lossless video or single JPEGs in memory, and back, any run of frames of it."""

from __future__ import annotations

from io import BytesIO

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.uint8]

VIDEO_CODEC = "libx264rgb"  # H.264 of RGB itself: no halved colours, no rounding through YUV
# A constant quantiser and no looking ahead: otherwise floats inside x264 decide, and about once in a thousand films
# they decided otherwise for the same frames. On a moving crop of a rendered face at 128 px: 54 dB, .7 ms a frame to
# write, a fifth smaller than rate control at that quality. A key frame each 8 frames lets a clip be read without
# decoding what lies before it. One thread: the makers of shards are processes already.
VIDEO_OPTIONS = {
    "qp": "10",
    "preset": "veryfast",
    "g": "8",
    "bf": "0",
    "threads": "1",
    "x264-params": "mbtree=0:weightp=0:scenecut=0:rc-lookahead=0:sync-lookahead=0",
}
JPEG_OPTIONS = [
    int(cv2.IMWRITE_JPEG_QUALITY),
    95,
    int(cv2.IMWRITE_JPEG_SAMPLING_FACTOR),
    int(cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444),
]


def encode_video(frames: Frames, frames_per_second: int) -> bytes:
    """Frames [T, H, W, 3] with even H and W -> an mp4; the same frames give the same bytes."""
    _check_frames(frames)
    height, width = frames.shape[1:3]
    file = BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream(VIDEO_CODEC, rate=frames_per_second, options=VIDEO_OPTIONS)
        assert isinstance(stream, av.VideoStream), f"{VIDEO_CODEC} makes video"
        stream.width, stream.height, stream.pix_fmt = width, height, "rgb24"
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), "rgb24")))
        container.mux(stream.encode())
    return file.getvalue()


def decode_video(data: bytes, first: int = 0, count: int | None = None) -> Frames:
    """An mp4 -> `count` of its frames from number `first` on (all when None), [T, H, W, 3]."""
    frames: list[NDArray[np.uint8]] = []
    try:
        with av.open(BytesIO(data), "r") as container:
            stream = container.streams.video[0]
            assert stream.average_rate is not None and stream.time_base is not None, "a video has a rate"
            ticks_per_frame = 1 / (stream.average_rate * stream.time_base)
            if first:
                container.seek(int(first * ticks_per_frame), stream=stream)  # to the key frame at or before it
            for frame in container.decode(stream):
                assert frame.pts is not None, "a frame has a time"
                if round(frame.pts / ticks_per_frame) < first:
                    continue
                if len(frames) == count:
                    break
                frames.append(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
    except (av.error.FFmpegError, IndexError) as error:
        raise ValueError(f"expected an mp4 with pictures, got {len(data)} bytes that are none ({error})") from None
    if not frames or (count is not None and len(frames) < count):
        raise ValueError(f"expected {count or 'some'} frames from number {first} on, got {len(frames)}")
    return np.stack(frames)


def encode_jpeg(picture: Frames) -> bytes:
    """A picture [H, W, 3] -> JPEG of quality 95 with whole colours."""
    done, data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), JPEG_OPTIONS)
    assert done, f"a picture must be H W 3, got {picture.shape}"
    return bytes(data)


def decode_jpeg(data: bytes) -> Frames:
    """JPEG -> a picture [H, W, 3]."""
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    if picture is None:
        raise ValueError(f"expected a JPEG, got {len(data)} bytes that are none")
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)


def _check_frames(frames: Frames) -> None:
    """Refuse what is no film of RGB bytes, or has sides that the video codec cannot keep."""
    shape, kind = frames.shape, frames.dtype
    if frames.ndim != 4 or shape[-1] != 3 or kind != np.uint8 or len(frames) == 0:
        raise ValueError(f"expected frames T H W 3 of uint8, got {shape} of {kind}")
    if shape[1] % 2 or shape[2] % 2:
        raise ValueError(f"expected even sides, got {shape[1]} x {shape[2]} px; choose an even size")
