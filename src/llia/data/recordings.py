"""Any sound or video file -> 16 kHz mono samples, and back to FLAC; live sound of any rate -> 16 kHz, in any pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
import soundfile
import soxr
from av.container import InputContainer
from numpy.typing import NDArray

from llia.config import Clock
from llia.data.disk import new_file

Floats = NDArray[np.float32]

SAMPLE_RATE_HZ = Clock().sample_rate_hz
LOWEST_RATE_HZ = 4_000
HIGHEST_RATE_HZ = 384_000
FULL_SCALE = 32_768  # of the 16 bit samples that FLAC holds: whole steps, so that a second saving changes nothing
RESAMPLING = "HQ"
PIECE_SAMPLES = 48_000  # read at a time
STEREO = 2
# A playlist may name other files and addresses; what someone uploads must not make this machine open them.
NO_OTHER_FILES = {"protocol_whitelist": "none"}


def load_sound(path: Path | str, rate_hz: int = SAMPLE_RATE_HZ) -> Floats:
    """A sound or video file -> its first sound track, mono at this rate: samples [S], [-1, 1] is full scale."""
    with open_sound(Path(path)) as recording:
        samples = np.concatenate([piece.mean(0) for piece in recording.pieces])
        return resample(samples, recording.rate_hz, rate_hz)


def stream_sound(path: Path | str, rate_hz: int = SAMPLE_RATE_HZ, *, stereo: bool = False) -> Iterator[Floats]:
    """A sound or video file of any length -> its first sound track at this rate, piece by piece: [1 S], or with
    `stereo` [2 S] where it has two channels."""
    with open_sound(Path(path)) as recording:
        resamplers: list[Resampler] = []
        for piece in recording.pieces:
            kept = piece if stereo and len(piece) == STEREO else piece.mean(0, keepdims=True)
            resamplers = resamplers or [Resampler(recording.rate_hz, rate_hz) for _ in kept]
            if len(kept) != len(resamplers):  # a stream may change its channels in the middle
                kept = np.broadcast_to(piece.mean(0), (len(resamplers), piece.shape[1]))
            yield np.stack([one.push(channel) for one, channel in zip(resamplers, kept, strict=True)])
        yield np.stack([one.push(np.zeros(0, np.float32), last=True) for one in resamplers])


def equal_pieces(pieces: Iterable[Floats], size: int) -> Iterator[Floats]:
    """Pieces of sound of any sizes, [C S] -> the same sound in pieces of one size, the last one perhaps shorter."""
    kept: Floats | None = None
    for piece in pieces:
        kept = piece if kept is None else np.concatenate([kept, piece], 1)
        whole = kept.shape[1] - kept.shape[1] % size
        yield from np.split(kept[:, :whole], range(size, whole, size), 1) if whole else ()
        kept = kept[:, whole:]
    if kept is not None and kept.shape[1]:
        yield kept


def seconds_of(path: Path | str) -> float | None:
    """A sound or video file -> about how long its sound is; None where the file does not tell."""
    with open_sound(Path(path)) as recording:
        return recording.seconds


@dataclass(frozen=True)
class Recording:
    """An open sound file: pieces [C S], of which there is at least one and all are finite."""

    rate_hz: int
    seconds: float | None
    pieces: Iterator[Floats]


@contextmanager
def open_sound(path: Path) -> Iterator[Recording]:
    """A sound or video file -> its first sound track, to be read piece by piece."""
    if not path.is_file():
        raise FileNotFoundError(f"expected a sound or video file, got nothing at {path}; check the path")
    if path.stat().st_size == 0:
        raise ValueError(f"expected a sound or video file, got an empty file: {path}; record or copy it again")
    with ExitStack() as stack:
        try:
            recording = stack.enter_context(_open_with_soundfile(path))
        except soundfile.LibsndfileError:
            recording = stack.enter_context(_open_with_av(path))
        if not LOWEST_RATE_HZ <= recording.rate_hz <= HIGHEST_RATE_HZ:
            raise ValueError(
                f"expected a sample rate of {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ} Hz, got {recording.rate_hz} Hz in "
                f"{path}; export the sound at {SAMPLE_RATE_HZ} Hz"
            )
        yield replace(recording, pieces=_checked(recording.pieces, path))


def _checked(pieces: Iterator[Floats], path: Path) -> Iterator[Floats]:
    num_samples = 0
    for piece in pieces:
        if not np.isfinite(piece).all():
            raise ValueError(f"expected finite samples, got NaN or infinity in {path}; export the sound again")
        num_samples += piece.shape[1]
        yield piece
    if num_samples == 0:
        raise ValueError(f"expected sound, got a file with no samples: {path}; record or copy it again")


def resample(samples: Floats, rate_hz: int, new_rate_hz: int) -> Floats:
    """Samples [S] at one rate -> the same sound at another."""
    if rate_hz == new_rate_hz:
        return samples
    return np.asarray(soxr.resample(samples, rate_hz, new_rate_hz, quality=RESAMPLING), np.float32)


class Resampler:
    """Live sound of one rate -> another, piece by piece; the pieces together equal `resample` of the whole."""

    def __init__(self, rate_hz: int, new_rate_hz: int) -> None:
        if not LOWEST_RATE_HZ <= rate_hz <= HIGHEST_RATE_HZ:
            raise ValueError(f"expected a rate of {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ} Hz, got {rate_hz} Hz")
        self._stream = (
            None
            if rate_hz == new_rate_hz
            else soxr.ResampleStream(rate_hz, new_rate_hz, 1, dtype="float32", quality=RESAMPLING)
        )

    def push(self, samples: Floats, *, last: bool = False) -> Floats:
        """New samples [S] -> those that are ready; after the last piece, all that are left."""
        if self._stream is None:
            return samples
        return np.asarray(self._stream.resample_chunk(samples, last=last), np.float32)


def save_sound(path: Path | str, samples: Floats, rate_hz: int = SAMPLE_RATE_HZ) -> None:
    """Samples [S] in [-1, 1] of this rate -> a FLAC file of 16 bits."""
    data = encode_flac(samples, rate_hz)
    with new_file(Path(path)) as file:
        file.write(data)


def encode_flac(samples: Floats, rate_hz: int) -> bytes:
    """Samples [S] in [-1, 1] -> FLAC; the same samples give the same bytes."""
    if samples.ndim != 1 or samples.size == 0:
        raise ValueError(f"expected mono samples [S], got the shape {samples.shape}")
    if not np.isfinite(samples).all():
        raise ValueError("expected finite samples, got NaN or infinity; look at what made the sound")
    loudest = float(np.abs(samples).max())
    if loudest > 1:
        raise ValueError(f"expected samples within [-1, 1], got {loudest:.3f}; make the sound quieter")
    whole = np.clip(np.rint(samples * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)
    file = BytesIO()
    soundfile.write(file, whole, rate_hz, format="FLAC", subtype="PCM_16")
    return file.getvalue()


def decode_flac(data: bytes, rate_hz: int) -> Floats:
    """FLAC of this rate -> samples [S]."""
    try:
        samples, found_hz = soundfile.read(BytesIO(data), dtype="float32")
    except soundfile.LibsndfileError as error:
        raise ValueError(f"expected FLAC, got {len(data)} bytes that are none ({error.error_string})") from None
    if found_hz != rate_hz or samples.ndim != 1:
        raise ValueError(f"expected mono FLAC of {rate_hz} Hz, got {found_hz} Hz and the shape {samples.shape}")
    return np.asarray(samples, np.float32)


@contextmanager
def _open_with_soundfile(path: Path) -> Iterator[Recording]:
    """A file -> what it holds; LibsndfileError where it is not of its kinds."""
    with soundfile.SoundFile(path) as file:
        pieces = (piece.T for piece in file.blocks(PIECE_SAMPLES, dtype="float32", always_2d=True))
        yield Recording(file.samplerate, file.frames / file.samplerate, pieces)


@contextmanager
def _open_with_av(path: Path) -> Iterator[Recording]:
    """A sound or video file -> what its first sound track holds."""
    try:
        with path.open("rb") as file, av.open(file, "r", options=NO_OTHER_FILES) as container:
            if not container.streams.audio:
                raise ValueError(
                    f"expected a sound track, got a file without one: {path}; choose a file that has sound"
                )
            seconds = container.duration / av.time_base if container.duration is not None else None
            yield Recording(container.streams.audio[0].rate, seconds, _decode_sound(container))
    except (av.error.FFmpegError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "unreadable"
        raise ValueError(
            f"expected a sound or video file that can be decoded, got {path} ({reason}); convert it to WAV or FLAC"
        ) from None


def _decode_sound(container: InputContainer) -> Iterator[Floats]:
    """An open file -> its first sound track, piece by piece, [C S]."""
    to_floats: Any = av.AudioResampler(format="fltp", rate=container.streams.audio[0].rate)
    for frame in container.decode(audio=0):
        yield from (np.asarray(part.to_ndarray(), np.float32) for part in to_floats.resample(frame))
    yield from (np.asarray(part.to_ndarray(), np.float32) for part in to_floats.resample(None))
