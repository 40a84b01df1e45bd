"""Shards -> takes held in memory: one sequence's sound as mel steps, its motion and labels, and where its film lies."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.config import Config, Emotion
from llia.data.pictures import Frames, decode_video
from llia.data.samples import Sample, Truth
from llia.data.shards import locate_samples, read_shard
from llia.data.sound import mel_steps
from llia.head.motion import MOTION_SIZE

GroupOf = Callable[[dict[str, Any]], str]


@dataclass(frozen=True)
class Film:
    """Where a take's video lies: bytes of a shard."""

    path: Path
    start: int
    size: int


@dataclass(frozen=True)
class Take:
    """One sequence of F frames. Mel steps are kept in half precision: an hour of both voices is 50 MB."""

    key: str
    group: str  # takes of one group are drawn by their group's share
    own: NDArray[np.float16]  # (frames_back + F + frames_ahead) * steps per frame, M
    other: NDArray[np.float16]
    motion: NDArray[np.float32]  # F 66
    state: NDArray[np.int8]  # F
    emotion: NDArray[np.float32]  # F 5
    truth: Truth  # further arrays by frame, as asked for
    film: Film | None

    @property
    def num_frames(self) -> int:
        return len(self.motion)


def one_group(about: dict[str, Any]) -> str:
    """What is known about a sample -> "all"."""
    return "all"


def load_takes(
    paths: Iterable[Path],
    config: Config,
    *,
    keep: tuple[str, ...] = (),
    group_of: GroupOf = one_group,
    num_workers: int = 1,
) -> list[Take]:
    """Whole shards of sequences -> their takes, in order.

    Args:
        keep: names of further arrays by frame that clips shall carry (viseme, lip_gap ...).
        group_of: what is known about a sample -> its group, such as "human" or "machine" voices.
        num_workers: processes that read shards side by side.
    """
    load = partial(_load_shard, config=config, keep=keep, group_of=group_of)
    if num_workers == 1:
        return [take for path in paths for take in load(path)]
    with ProcessPoolExecutor(num_workers, get_context("spawn")) as pool:
        return [take for takes in pool.map(load, paths) for take in takes]


def read_film(film: Film, first: int, count: int) -> Frames:
    """Place of a video -> `count` of its frames from number `first` on, [T, H, W, 3]."""
    with film.path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return decode_video(data[film.start : film.start + film.size], first, count)


def make_take(
    sample: Sample, config: Config, *, keep: tuple[str, ...] = (), group: str = "all", film: Film | None = None
) -> Take:
    """A sequence as it was kept -> a take; a voice that is not there is silence."""
    if sample.stills or sample.own is None:
        raise ValueError(f"expected a sequence with sound, got {sample.key!r} without; clips cannot be cut from stills")
    other = np.zeros_like(sample.own) if sample.other is None else sample.other
    own_steps, other_steps = mel_steps(np.stack([sample.own, other]), config).astype(np.float16)
    num_frames = sample.num_frames
    return Take(
        key=sample.key,
        group=group,
        own=own_steps,
        other=other_steps,
        motion=_by_frame(sample, "motion", (num_frames, MOTION_SIZE)).astype(np.float32),
        state=_by_frame(sample, "state", (num_frames,)).astype(np.int8),
        emotion=_by_frame(sample, "emotion", (num_frames, len(Emotion))).astype(np.float32),
        truth={name: _by_frame(sample, name) for name in keep},
        film=film,
    )


def _load_shard(path: Path, config: Config, keep: tuple[str, ...], group_of: GroupOf) -> list[Take]:
    """A whole shard -> its takes."""
    films = {
        key: Film(path, *files["video.mp4"]) for key, files in locate_samples(path) if "video.mp4" in files
    }  # key -> place
    return [
        make_take(sample, config, keep=keep, group=group_of(sample.about), film=films.get(sample.key))
        for sample in read_shard(path, config.clock, with_frames=False)
    ]


def _by_frame(sample: Sample, name: str, shape: tuple[int, ...] | None = None) -> NDArray[Any]:
    """Sample and name -> that array of its truth, which must go by frame."""
    if name not in sample.truth:
        known = ", ".join(sample.truth)
        raise ValueError(f"expected {name!r} in the truth of {sample.key!r}, got {known}; make the shards again")
    array = sample.truth[name]
    if array.shape[:1] != (sample.num_frames,) or (shape is not None and array.shape != shape):
        wanted = shape if shape is not None else (sample.num_frames, "...")
        raise ValueError(f"expected {name!r} of {sample.key!r} as {wanted}, got {array.shape}")
    return array
