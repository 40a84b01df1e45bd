"""Takes -> what motion is measured in: means, spreads, and how far slow channels come in so many frames."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from llia.data.takes import Take
from llia.head.measures import SHAPE_NAMES, shapes_of
from llia.head.scale import TORSO, MotionScale, slow_mask
from llia.nets.denoiser import Performer

Floats = NDArray[np.float32]

# What clips must carry of a take's truth: the shape of a face is what its measures are without its motion.
KEPT: tuple[str, ...] = (*SHAPE_NAMES, "viseme")
STILL = 1e-3  # a spread below that is none; such a channel is left in its own unit
LEAST_STEP = 2e-4  # of a slow channel in a frame, so that half precision can hold it
PAIRS_PER_TAKE = 200


def measure_scale(takes: Sequence[Take], num_horizons: int, seed: int = 0) -> MotionScale:
    """Takes and the longest clip -> the scale of their motion."""
    rng = np.random.default_rng(seed)
    motions = [relative_to_first(take.motion).astype(np.float64) for take in takes]
    together = np.concatenate(motions)
    spread, slow = lively(together.std(0)), slow_mask()
    anywhere = []
    for one in motions:
        here, there = rng.integers(len(one), size=(2, PAIRS_PER_TAKE))
        anywhere.append((one[here] - one[there]) ** 2)
    far = np.where(slow > 0, lively(np.sqrt(np.concatenate(anywhere).mean(0))), spread).astype(np.float32)
    moving = slow * (far != 1)
    near = np.tile(far, (num_horizons, 1))
    for horizon in range(1, num_horizons + 1):
        squared = np.concatenate([(one[horizon:] - one[:-horizon]) ** 2 for one in motions]).mean(0)
        near[horizon - 1] = np.where(moving > 0, np.maximum(np.sqrt(squared), LEAST_STEP), near[horizon - 1])
    return MotionScale(together.mean(0).astype(np.float32), spread, near, far, slow)


def relative_to_first(motion: Floats) -> Floats:
    """Motion, [F 66] -> the same with the torso told from where it began, as from a portrait."""
    told = motion.copy()
    told[:, TORSO] -= motion[0, TORSO]
    return told


def lively(spread: NDArray[np.float64]) -> Floats:
    """Spreads -> the same, 1 where there is none."""
    return np.where(spread < STILL, 1, spread).astype(np.float32)


def set_scale(performer: Performer, scale: MotionScale, takes: Sequence[Take]) -> None:
    """A performer takes over the scale of the takes that it is to learn from."""
    for name, value in vars(scale).items():
        getattr(performer.denoiser, name).copy_(torch.from_numpy(value))
    reference = performer.reference
    reference.mean.copy_(torch.from_numpy(scale.mean))
    reference.spread.copy_(torch.from_numpy(scale.spread))
    shapes = np.stack([shapes_of(measures_of(take)[0], take.motion[0]) for take in takes])
    reference.shape_mean.copy_(torch.from_numpy(shapes.mean(0)))
    reference.shape_spread.copy_(torch.from_numpy(np.maximum(shapes.std(0), STILL)))


def measures_of(take: Take) -> Floats:
    """A take -> what its face measures by frame, [F 4]."""
    return np.stack([take.truth[name] for name in SHAPE_NAMES], -1)
