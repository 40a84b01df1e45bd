"""Stills of the world's people, held in memory: pictures, landmarks, and what is true of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.config import Clock
from llia.data.shards import read_shard


@dataclass(frozen=True)
class People:
    """K stills of some people, those of one person in a row."""

    pictures: NDArray[np.uint8]  # K H W 3
    points: NDArray[np.float32]  # K 150 2, in pixels
    motion: NDArray[np.float32]  # K 66
    person: NDArray[np.int32]  # K, number of the person
    truth: tuple[dict[str, NDArray[Any]], ...]  # of each person, arrays that hold for all its stills
    about: tuple[dict[str, Any], ...]  # of each person

    def stills_of(self, person: int) -> NDArray[np.int64]:
        """-> numbers of that person's stills."""
        return np.flatnonzero(self.person == person)


def load_people(shards: Iterable[Path], clock: Clock) -> People:
    """Shards of stills -> the people in them."""
    pictures, points, motion, person = [], [], [], []
    truth: list[dict[str, NDArray[Any]]] = []
    about: list[dict[str, Any]] = []
    for shard in shards:
        for sample in read_shard(shard, clock):
            if not sample.stills or sample.frames is None:
                raise ValueError(f"expected stills in {shard}, got a film {sample.key!r}; make them with --stills")
            pictures.append(sample.frames)
            points.append(sample.truth["points"][..., :2].astype(np.float32))
            motion.append(sample.truth["motion"].astype(np.float32))
            person.append(np.full(sample.num_frames, len(about), np.int32))
            truth.append({k: v for k, v in sample.truth.items() if len(v) != sample.num_frames or v.ndim == 1})
            about.append(sample.about)
    if not pictures:
        raise ValueError("expected stills in the shards, got none; make them with `llia world shards --stills`")
    return People(
        np.concatenate(pictures), np.concatenate(points), np.concatenate(motion), np.concatenate(person),
        tuple(truth), tuple(about),
    )  # fmt: skip
