"""Any sound or video file -> 16 kHz mono samples, and back to FLAC; live sound of any rate -> 16 kHz, in any pieces."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from llia.config import Clock
from llia.data.disk import new_file

Floats = NDArray[np.float32]

SAMPLE_RATE_HZ = Clock().sample_rate_hz
LOWEST_RATE_HZ = 4_000
HIGHEST_RATE_HZ = 384_000
FULL_SCALE = 32_768  # of the 16 bit samples that FLAC holds: whole steps, so that a second saving changes nothing
RESAMPLING = "HQ"
# A playlist may name other files and addresses; what someone uploads must not make this machine open them.
NO_OTHER_FILES = {"protocol_whitelist": "none"}


def load_sound(path: Path | str, rate_hz: int = SAMPLE_RATE_HZ) -> Floats:
    """A sound or video file -> its first sound track, mono at this rate: samples [S], [-1, 1] is full scale."""
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"expected a sound or video file, got nothing at {path}; check the path")
    if path.stat().st_size == 0:
        raise ValueError(f"expected a sound or video file, got an empty file: {path}; record or copy it again")
    try:
        samples, found_hz = _read_with_soundfile(path)
    except soundfile.LibsndfileError:
        samples, found_hz = _read_with_av(path)
    if samples.shape[0] == 0:
        raise ValueError(f"expected sound, got a file with no samples: {path}; record or copy it again")
    if not np.isfinite(samples).all():
        raise ValueError(f"expected finite samples, got NaN or infinity in {path}; export the sound again")
    if not LOWEST_RATE_HZ <= found_hz <= HIGHEST_RATE_HZ:
        raise ValueError(
            f"expected a sample rate of {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ} Hz, got {found_hz} Hz in {path}; "
            f"export the sound at {rate_hz} Hz"
        )
    return resample(samples.mean(1), found_hz, rate_hz)


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


def _read_with_soundfile(path: Path) -> tuple[Floats, int]:
    """File -> samples `S, channels` and their rate in Hz; LibsndfileError where it is not of its kinds."""
    samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    return samples, rate_hz


def _read_with_av(path: Path) -> tuple[Floats, int]:
    """Sound or video file -> samples `S, 1` of its first sound track and their rate in Hz."""
    try:
        with path.open("rb") as file:
            return _decode_sound(file)
    except (av.error.FFmpegError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "unreadable"
        raise ValueError(
            f"expected a sound or video file that can be decoded, got {path} ({reason}); convert it to WAV or FLAC"
        ) from None
    except LookupError:
        raise ValueError(
            f"expected a sound track, got a file without one: {path}; choose a file that has sound"
        ) from None


def _decode_sound(file: BinaryIO) -> tuple[Floats, int]:
    """An open file -> samples `S, 1` and their rate in Hz; LookupError where it has no sound track."""
    with av.open(file, "r", options=NO_OTHER_FILES) as container:
        if not container.streams.audio:
            raise LookupError("no sound track")
        rate_hz = container.streams.audio[0].rate
        to_floats: Any = av.AudioResampler(format="fltp", rate=rate_hz)
        pieces = [np.zeros((0, 1), np.float32)]
        for frame in container.decode(audio=0):
            # Channels may change in the middle of a stream: each piece is averaged by itself.
            pieces += [part.to_ndarray().mean(0)[:, None] for part in to_floats.resample(frame)]
        pieces += [part.to_ndarray().mean(0)[:, None] for part in to_floats.resample(None)]
        return np.concatenate(pieces), rate_hz
