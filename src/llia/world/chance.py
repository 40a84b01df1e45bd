"""A seed and a name -> a stream of random numbers of its own, so that one choice never reshuffles another."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import TypeVar

import numpy as np

Key = TypeVar("Key")


def stream(seed: int, name: str) -> np.random.Generator:
    """A seed and the name of what is drawn -> its generator; the same in every process."""
    return np.random.default_rng((seed, zlib.crc32(name.encode())))


def pick(rng: np.random.Generator, shares: Mapping[Key, float]) -> Key:
    """Things and how common each is -> one of them."""
    weights = np.fromiter(shares.values(), float)
    return list(shares)[rng.choice(len(weights), p=weights / weights.sum())]
