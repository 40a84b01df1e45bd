"""The mathematics of diffusion on the straight path x_t = (1 - t) x0 + t noise: conversions, samplers, noise by frame.

A denoiser is a callable (x, sigma, condition) -> x0; sigma is the path's t, one number for each of the batch. Nothing
here remembers anything or asks what arrays it is given: operators only, numpy in the product, tensors in training.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = Any  # numpy's or torch's
Denoiser = Callable[[Array, Array, Any], Array]

EDITING_SIGMA = 0.9  # where a stream starts each clip from the last one
# Share of a stream's noise that comes again in later clips, shuffled. None: the mean over a window is then the same in
# every clip, and slow channels, told as displacement, take it for a wind: heads stood 6 degrees off, by their seed.
KEPT_NOISE = 0.0
SHIFT = 3.0  # frames of a clip are so alike that they average the noise away: more of the path lies in high noise
FOR_BASE, FOR_ORDER, FOR_FRAME = 1, 2, 3  # what a random stream is for stands beside its seed


# ---- the path


def shifted(u: Array, shift: float = SHIFT) -> Array:
    """Even times in [0, 1] -> times moved towards noise."""
    return shift * u / (1 + (shift - 1) * u)


def times(num_steps: int, start: float = 1.0) -> NDArray[np.float32]:
    """-> `num_steps` + 1 times from `start` down to 0, even on the shifted path."""
    unshifted = start / (SHIFT - (SHIFT - 1) * start)
    return np.asarray(shifted(np.linspace(unshifted, 0, num_steps + 1)), np.float32)


def against(sigma: Array, x: Array) -> Array:
    """Sigma, B or B T or a number -> the same with axes to broadcast against x."""
    if not hasattr(sigma, "ndim"):
        return sigma
    return sigma.reshape(tuple(sigma.shape) + (1,) * (x.ndim - sigma.ndim))


def add_noise(x0: Array, noise: Array, sigma: Array) -> Array:
    """-> the point of the path at sigma."""
    t = against(sigma, x0)
    return x0 + t * (noise - x0)


def velocity_of(x0: Array, noise: Array) -> Array:
    """-> dx/dt, the same along the whole path."""
    return noise - x0


def x0_of_velocity(x: Array, velocity: Array, sigma: Array) -> Array:
    return x - against(sigma, x) * velocity


def noise_of_velocity(x: Array, velocity: Array, sigma: Array) -> Array:
    return x + (1 - against(sigma, x)) * velocity


def noise_of_x0(x: Array, x0: Array, sigma: Array) -> Array:
    """A point of the path above 0 and its clean end -> its noisy end."""
    t = against(sigma, x)
    return (x - (1 - t) * x0) / t


def x0_of_noise(x: Array, noise: Array, sigma: Array) -> Array:
    """A point of the path below 1 and its noisy end -> its clean end."""
    t = against(sigma, x)
    return (x - t * noise) / (1 - t)


def move(x: Array, x0: Array, sigma: Array, lower: Array) -> Array:
    """A point at sigma and where it is thought to come from -> the point at a lower sigma (one Euler step)."""
    share = against(lower, x) / against(sigma, x)
    return x0 + share * (x - x0)


# ---- samplers


def everywhere(value: float, x: Array) -> Array:
    """-> the value for each of the batch, as an array of x's kind, [B]."""
    return x.reshape(x.shape[0], -1)[:, 0] * 0 + value


def sample_path(denoise: Denoiser, noise: Array, condition: Any, num_steps: int) -> Array:
    """Noise -> x0 along the whole path, Heun's method; the last step is the denoiser's own answer."""
    grid = times(num_steps).tolist()
    x = noise
    for high, low in itertools.pairwise(grid):
        x0 = denoise(x, everywhere(high, x), condition)
        if low == 0:
            return x0
        first = move(x, x0, high, low)
        slope = (x - x0) / high
        corrected = (first - denoise(first, everywhere(low, x), condition)) / low
        x = x + (low - high) * (slope + corrected) / 2
    return x


def sample_euler(denoise: Denoiser, noise: Array, condition: Any, num_steps: int) -> Array:
    """Noise -> x0 along the whole path, one look a step."""
    grid = times(num_steps).tolist()
    x = noise
    for high, low in itertools.pairwise(grid):
        x = move(x, denoise(x, everywhere(high, x), condition), high, low)
    return x


def sample_consistency(
    denoise: Denoiser, noises: Sequence[Array], condition: Any, before: Array | None = None, start: float = 1.0
) -> Array:
    """As many noises as steps -> x0: each look jumps to the end, then noise is put on again, less each time.

    From pure noise, or from the clip `before` under noise at `start`.
    """
    x0 = before
    for sigma, noise in zip(times(len(noises), start)[:-1].tolist(), noises, strict=True):
        x = noise if x0 is None else add_noise(x0, noise, sigma)
        x0 = denoise(x, everywhere(sigma, x), condition)
    return x0


def edit(denoise: Denoiser, before: Array, noise: Array, condition: Any, sigma: float) -> Array:
    """The clip before and noise -> the next clip in one step: its conditions turn the one into the other (EFT)."""
    return sample_consistency(denoise, [noise], condition, before, sigma)


# ---- guidance


def guided(denoise: Denoiser, without: Callable[[Any], Any], weight: float) -> Denoiser:
    """A denoiser, what drops conditions, and a weight -> one that goes `weight` times as far as those conditions go."""

    def look(x: Array, sigma: Array, condition: Any) -> Array:
        dropped = denoise(x, sigma, without(condition))
        return dropped + weight * (denoise(x, sigma, condition) - dropped)

    return look


def residually_guided(denoise: Denoiser, x0_without: Array, weight: float) -> Denoiser:
    """As `guided`, with one answer without conditions for all steps, so that a step costs one look
    (StreamDiffusion's residual guidance: the answer of the first step, or what is being edited)."""

    def look(x: Array, sigma: Array, condition: Any) -> Array:
        return x0_without + weight * (denoise(x, sigma, condition) - x0_without)

    return look


# ---- several noise levels at once


@dataclass(frozen=True)
class Passage:
    """One sample on its way: where it is, what comes on top in later steps, and what it is told."""

    x: Array  # B ...
    noises: tuple[Array, ...]  # of the steps still to do after the next
    condition: Any


def begin_passage(noises: Sequence[Array], condition: Any) -> Passage:
    return Passage(noises[0], tuple(noises[1:]), condition)


def step_together(
    denoise: Denoiser,
    passages: Sequence[Passage],
    num_steps: int,
    join: Callable[[Sequence[Array]], Array],
    join_conditions: Callable[[Sequence[Any]], Any],
) -> tuple[list[Array], list[Passage]]:
    """Samples at different steps -> those that are done, and the others one step on; one look for all of them.

    The stream batch: called once for each new sample, it gives one result a call and equals `sample_consistency`.
    """
    grid = times(num_steps)[:-1].tolist()
    sigmas = [grid[num_steps - 1 - len(passage.noises)] for passage in passages]
    sigma = join([everywhere(value, passage.x) for value, passage in zip(sigmas, passages, strict=True)])
    x0 = denoise(
        join([passage.x for passage in passages]), sigma, join_conditions([passage.condition for passage in passages])
    )
    done, going, first = [], [], 0
    for passage in passages:
        own, first = x0[first : first + len(passage.x)], first + len(passage.x)
        if not passage.noises:
            done.append(own)
            continue
        lower = grid[num_steps - len(passage.noises)]
        x = add_noise(own, passage.noises[0], lower)
        going.append(Passage(x, passage.noises[1:], passage.condition))
    return done, going


# ---- noise that belongs to a frame


@dataclass(frozen=True)
class NoisePlan:
    """How the noises of frames far from each other are alike (FreeNoise): a window of them comes again, shuffled."""

    seed: int
    shape: tuple[int, ...]  # of one frame: c h w
    window: int = 16
    kept: float = 0.0  # share of the variance that comes again; the rest is each frame's own


def frame_noise(plan: NoisePlan, first: int, count: int, step: int = 0) -> NDArray[np.float32]:
    """Number of a frame, how many, and which of several looks -> their noise, T c h w, however they are cut."""
    assert first >= 0 and 0 <= plan.kept <= 1, f"expected frames from 0 on, got {first}"
    frames = [_noise_of(plan, number, step) for number in range(first, first + count)]
    return np.stack(frames).astype(np.float32)


def _noise_of(plan: NoisePlan, number: int, step: int) -> NDArray[np.float32]:
    own = np.random.default_rng([plan.seed, FOR_FRAME, step, number]).standard_normal(plan.shape, np.float32)
    if plan.kept == 0:
        return own
    turn, place = divmod(number, plan.window)
    order = np.random.default_rng([plan.seed, FOR_ORDER, step, turn]).permutation(plan.window)
    base = np.random.default_rng([plan.seed, FOR_BASE, step, int(order[place])]).standard_normal(plan.shape, np.float32)
    return np.asarray(plan.kept**0.5 * base + (1 - plan.kept) ** 0.5 * own, np.float32)
