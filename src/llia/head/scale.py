"""Motion <-> the denoiser's latents: the fast channels by their own spread, the slow ones as displacement.

People differ in how they hold their heads far more than a head moves in a frame; divided by that spread, motion would
drown. So what moves slowly is told as the displacement from the last past frame, divided by how far it usually comes
in so many frames; without a past, from the portrait. Operators only: the same lines serve numpy and tensors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.head.motion import MOTION_INDEX, MOTION_NAMES, MOTION_SIZE, TORSO_HEIGHT, TORSO_TURN

Array = Any  # numpy's or torch's
Floats = NDArray[np.float32]

SLOW_PREFIXES = ("head.", "torso.", "brow", "cheekSquint")
SLOW: tuple[int, ...] = tuple(MOTION_INDEX[name] for name in MOTION_NAMES if name.startswith(SLOW_PREFIXES))
MOUTH_PREFIXES = ("jaw", "mouth", "tongue", "cheekPuff")
MOUTH: tuple[int, ...] = tuple(MOTION_INDEX[name] for name in MOTION_NAMES if name.startswith(MOUTH_PREFIXES))
# Sound tells what a mouth does, and noise only blurs it: one look from a mouth without noise, and noise elsewhere,
# follows the sound more closely, closes more often and trembles less in silence.
MOUTH_NOISE = 0.0
TORSO = slice(TORSO_TURN.start, TORSO_HEIGHT + 1)
# Slow channels that nobody moves in what networks learn from. What they make of them all the same is a small error, but
# each clip goes on from the last one: in minutes it would outgrow everything.
STILL: tuple[int, ...] = (MOTION_INDEX["torso.pitch"],)


@dataclass(frozen=True)
class MotionScale:
    """What latents are measured in; from data, and kept with the weights."""

    mean: Array  # 66
    spread: Array  # 66, over all people and times
    near: Array  # L 66: fast channels' spread; slow ones' displacement from L horizons before, root mean square
    far: Array  # 66: the same for two frames of one sequence that lie anywhere
    slow: Array  # 66, 1 for slow channels, 0 for fast ones


@dataclass(frozen=True)
class Frame:
    """From where and in what unit each frame of some clips is told."""

    centre: Array  # B 1 66
    size: Array  # B T 66


def unit_scale(num_horizons: int) -> MotionScale:
    """-> a scale that changes nothing but taking displacements, for networks that have seen no data."""
    ones = np.ones(MOTION_SIZE, np.float32)
    return MotionScale(np.zeros(MOTION_SIZE, np.float32), ones, np.tile(ones, (num_horizons, 1)), ones, slow_mask())


def slow_mask() -> Floats:
    """-> 1 for each slow channel, [66]."""
    mask = np.zeros(MOTION_SIZE, np.float32)
    mask[list(SLOW)] = 1
    return mask


def noise_size(mouth_noise: float = MOUTH_NOISE) -> Floats:
    """Share of the noise that mouths are given -> what noise of a frame is to be multiplied by, [c 1 1]."""
    size = np.ones((MOTION_SIZE, 1, 1), np.float32)
    size[list(MOUTH)] = mouth_noise
    return size


def frame_of(scale: MotionScale, past: Array, reference: Array, has_past: Array, num_frames: int) -> Frame:
    """Past, B P 66, reference, B 66, and 1 where there is a past, B -> what T new frames are told in."""
    has = has_past[:, None, None]
    anchor = reference[:, None] + has * (past[:, -1:] - reference[:, None])
    return Frame(
        centre=scale.mean * (1 - scale.slow) + anchor * scale.slow,
        # both as they are stored: their difference in half precision would swallow the small ones
        size=(1 - has) * scale.far + has * scale.near[None, :num_frames],
    )


def to_latent(motion: Array, frame: Frame) -> Array:
    """Motion, B T 66 -> latents, B T c 1 1."""
    return ((motion - frame.centre) / frame.size)[..., None, None]


def to_motion(latent: Array, frame: Frame) -> Array:
    """Latents, B T c 1 1 -> motion, B T 66."""
    return latent[..., 0, 0] * frame.size + frame.centre


def repeat_reference(reference: Array, frame: Frame) -> Array:
    """Reference, B 66 -> the latents of a face that holds it, B T c 1 1; where editing starts without a past."""
    slow_still = (reference[:, None] - frame.centre) / frame.size
    return slow_still[..., None, None]
