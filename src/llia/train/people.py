"""Stills of the world's people, held in memory: pictures, landmarks, and what is true of each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.config import Clock, from_json
from llia.data.shards import locate_samples, read_shard
from llia.head.shape import RestHead
from llia.world.face.features import shape_head
from llia.world.people.person import Person

MOST_HEADS = 2000  # kept in memory, a quarter of a megabyte each


@dataclass(frozen=True)
class People:
    """K pictures of some people, those of one sample in a row."""

    pictures: NDArray[np.uint8]  # K H W 3
    points: NDArray[np.float32]  # K 150 2, in pixels
    motion: NDArray[np.float32]  # K 66
    camera: NDArray[np.float32]  # K 5: x, y, distance, focal, roll
    sample: NDArray[np.int32]  # K, number of the sample, an index of `about`
    calm: NDArray[np.bool_]  # K, caught in talk, not posed wildly
    about: tuple[dict[str, Any], ...]

    def of_sample(self, sample: int) -> NDArray[np.int64]:
        """-> numbers of that sample's pictures."""
        return np.flatnonzero(self.sample == sample)


def load_people(shards: Iterable[Path], clock: Clock, film_stride: int = 8) -> People:
    """Shards of stills or films -> the people in them; of a film every `film_stride`-th picture."""
    names = ("pictures", "points", "motion", "camera", "sample", "calm")
    parts: dict[str, list[NDArray[Any]]] = {name: [] for name in names}
    about: list[dict[str, Any]] = []
    for shard in shards:
        for sample in read_shard(shard, clock):
            if sample.frames is None:
                raise ValueError(f"expected pictures in {shard}, got tracks alone: {sample.key!r}")
            kept = slice(None, None, 1 if sample.stills else film_stride)
            camera = np.broadcast_to(sample.truth["camera"], (sample.num_frames, sample.truth["camera"].shape[-1]))
            parts["pictures"].append(sample.frames[kept])
            parts["points"].append(sample.truth["points"][kept, :, :2].astype(np.float32))
            parts["motion"].append(sample.truth["motion"][kept].astype(np.float32))
            parts["camera"].append(camera[kept].astype(np.float32))
            parts["sample"].append(np.full(len(parts["motion"][-1]), len(about), np.int32))
            number = np.arange(len(parts["motion"][-1]))
            parts["calm"].append(number >= (sample.num_frames // 2 if sample.stills else 0))  # stills: wild ones first
            about.append(sample.about)
    if not about:
        raise ValueError("expected people in the shards, got none; make them with `llia world shards --stills`")
    return People(**{name: np.concatenate(part) for name, part in parts.items()}, about=tuple(about))


def rest_of(about: dict[str, Any]) -> RestHead:
    """What a sample says of itself -> the head at rest of the person in it."""
    return _shape(json.dumps(about["person"]))


@lru_cache(MOST_HEADS)
def _shape(person: str) -> RestHead:
    return shape_head(from_json(Person, json.loads(person)))


def seeds_in(shards: Iterable[Path]) -> set[int]:
    """Shards -> the seeds of the people in them, read without their pictures."""
    seeds = set()
    for shard in shards:
        with shard.open("rb") as file:
            for _, places in locate_samples(shard):
                start, size = places["json"]
                file.seek(start)
                seeds.add(int(json.loads(file.read(size))["about"]["seed"]))
    return seeds
