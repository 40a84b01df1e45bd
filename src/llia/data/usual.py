"""What each band of a voice is like as a rule: the mean of what was heard so far, loud steps before soft ones.

It shows how long a throat is and what microphones add, which no single window tells. Each window of a voice gets it as
its first row, so that hearing can tune itself to a voice that it never heard. Where somebody knows which frames are
voice, no others count, so that a voice is remembered through any silence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from llia.config import Config
from llia.data.sound import Floats

LOUD, SOFTER = 0.5, 3.0  # scaled level from which on a step counts as one, and how fast it counts less below that
PRIOR_STEPS, MEMORY_STEPS = 8.0, 400.0  # how much nothing counts for, and how much is remembered


@dataclass(frozen=True)
class Usual:
    """What is usual of each of B voices."""

    mean: Floats  # B M, scaled mel steps
    weight: Floats  # B 1, in loud steps


def start_usual(num_voices: int, config: Config) -> Usual:
    """Number of voices -> what is usual before anything was heard: speech of nobody."""
    mean = np.zeros((num_voices, config.sound.mel_bins), np.float32)
    return Usual(mean, np.full((num_voices, 1), PRIOR_STEPS, np.float32))


def follow_usual(newest: Floats, usual: Usual, voiced: NDArray[np.bool_] | None = None) -> tuple[Floats, Usual]:
    """Each frame's newest steps, `B T a M`, what was usual, and which frames are voice, `B T` -> what is usual at each
    frame, `B T M`, and at last.

    Frames are followed one by one, so pieces give what the whole does.
    """
    weights = np.exp(np.minimum(SOFTER * (newest.mean(-1, keepdims=True) - LOUD), 0))
    if voiced is not None:
        weights = weights * voiced[:, :, None, None]
    new_sums, new_weights = (weights * newest).sum(2), weights.sum(2)
    mean, weight = usual.mean, usual.weight
    means = np.empty_like(new_sums)
    for frame in range(newest.shape[1]):
        added = new_weights[:, frame]
        weight = weight + added
        mean = mean + (new_sums[:, frame] - added * mean) / weight
        weight = np.minimum(weight, np.float32(MEMORY_STEPS))
        means[:, frame] = mean
    return means, Usual(mean, weight)


def tell_usual(
    windows: Floats, usual: Usual, config: Config, voiced: NDArray[np.bool_] | None = None
) -> tuple[Floats, Usual]:
    """Windows of voices, `B T A M`, what was usual, where their newest steps are voice, `B T` -> the same windows with
    what is usual then as their first row, `B T 1+A M`, and what is usual at last."""
    means, usual = follow_usual(windows[:, :, -config.clock.mel_steps_per_frame :], usual, voiced)
    return put_first(means, windows), usual


def put_first(means: Floats, windows: Floats) -> Floats:
    """What is usual, `B T M`, windows, `B T A M` -> both, `B T 1+A M`."""
    return np.concatenate([means[:, :, None], windows], 2)
