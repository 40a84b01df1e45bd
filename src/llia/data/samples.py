"""One sample (film or stills, sound of both voices, truth) <-> the files that it is kept in.

KEY.video.mp4, or KEY.0000.jpg and so on for stills, KEY.own.flac, KEY.other.flac, KEY.truth.npz, KEY.json; what a
sample does not have has no file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from llia.config import Clock
from llia.data.pictures import Frames, decode_jpeg, decode_video, encode_jpeg, encode_video
from llia.data.recordings import Floats, decode_flac, encode_flac

MOST_STILLS = 10_000  # their numbers have four digits

Truth = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Sample:
    """One sequence, or one set of stills of a person: F frames of truth, perhaps with sound, perhaps with pictures."""

    key: str  # no dots and no slashes
    truth: Truth  # what is known; "motion" is F 66, other arrays are by frame (F ...) or of the whole
    about: dict[str, Any]  # what JSON holds: seed, person, voice, text ...
    own: Floats | None = None  # [S], S = F * samples per frame
    other: Floats | None = None
    frames: Frames | None = None  # F H W 3
    stills: bool = False  # frames are single pictures, not a film

    @property
    def num_frames(self) -> int:
        return len(self.truth["motion"])


def encode_sample(sample: Sample, clock: Clock) -> Iterator[tuple[str, bytes]]:
    """Sample -> its files, ending and bytes, always in the same order."""
    check_sample(sample, clock)
    if sample.frames is not None and sample.stills:
        for number, picture in enumerate(sample.frames):
            yield f"{number:04d}.jpg", encode_jpeg(picture)
    elif sample.frames is not None:
        yield "video.mp4", encode_video(sample.frames, clock.frames_per_second)
    for ending, samples in (("own.flac", sample.own), ("other.flac", sample.other)):
        if samples is not None:
            yield ending, encode_flac(samples, clock.sample_rate_hz)
    file = BytesIO()
    arrays: dict[str, Any] = {name: sample.truth[name] for name in sorted(sample.truth)}
    np.savez_compressed(file, **arrays)
    yield "truth.npz", file.getvalue()
    yield "json", json.dumps({"about": sample.about, "stills": sample.stills}, sort_keys=True).encode()


def decode_sample(key: str, files: dict[str, bytes], clock: Clock) -> Sample:
    """Files of a sample, ending and bytes -> the sample; those of its pictures may be missing."""
    if "json" not in files or "truth.npz" not in files:
        raise ValueError(f"expected truth.npz and json of the sample {key!r}, got {', '.join(files)}")
    text = json.loads(files["json"])
    try:
        with np.load(BytesIO(files["truth.npz"]), allow_pickle=False) as arrays:
            truth = {name: arrays[name] for name in arrays.files}
    except (ValueError, BadZipFile) as error:
        raise ValueError(f"expected truth.npz of the sample {key!r}, got something else ({error})") from None
    sound = {
        ending: decode_flac(files[ending], clock.sample_rate_hz)
        for ending in ("own.flac", "other.flac")
        if ending in files
    }
    pictures = [files[ending] for ending in sorted(files) if ending.endswith(".jpg")]
    frames = np.stack([decode_jpeg(data) for data in pictures]) if pictures else None
    if "video.mp4" in files:
        frames = decode_video(files["video.mp4"])
    sample = Sample(key, truth, text["about"], sound.get("own.flac"), sound.get("other.flac"), frames, text["stills"])
    check_sample(sample, clock)
    return sample


def is_picture(ending: str) -> bool:
    """Ending of a sample's file -> whether it holds pictures."""
    return ending.endswith((".jpg", ".mp4"))


def check_sample(sample: Sample, clock: Clock) -> None:
    """Refuse a sample whose parts do not last equally long."""
    if not sample.key or any(letter in sample.key for letter in "./\\"):
        raise ValueError(f"expected a key without dots and slashes, got {sample.key!r}")
    if "motion" not in sample.truth:
        raise ValueError(f"expected 'motion' in the truth of {sample.key!r}, got {', '.join(sample.truth)}")
    for name, array in sample.truth.items():
        if array.dtype == object:
            raise ValueError(f"expected numbers in {name!r} of the truth of {sample.key!r}, got objects")
    num_samples = sample.num_frames * clock.samples_per_frame
    for name, samples in (("own", sample.own), ("other", sample.other)):
        if samples is not None and samples.shape != (num_samples,):
            raise ValueError(
                f"expected {num_samples} samples of the {name} voice for the {sample.num_frames} frames of "
                f"{sample.key!r}, got {samples.shape}; resample to {clock.sample_rate_hz} Hz and cut to whole frames"
            )
    if sample.frames is None:
        return
    if sample.stills and sample.num_frames > MOST_STILLS:
        raise ValueError(f"expected at most {MOST_STILLS} stills in {sample.key!r}, got {sample.num_frames}; cut it")
    if len(sample.frames) != sample.num_frames:
        raise ValueError(f"expected {sample.num_frames} pictures in {sample.key!r}, got {len(sample.frames)}")
