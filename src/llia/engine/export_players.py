"""Weights of a performer -> its graphs for every clip length, each checked, or the same run by torch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from llia.conditions import NUM_STATISTICS, Given
from llia.config import PRESETS, Config, Emotion
from llia.diffusion import EDITING_SIGMA
from llia.engine.eager import run_torch
from llia.engine.export import Exported, Write, export
from llia.engine.flat import Flat, FlatDenoiser
from llia.engine.players import (
    ABOUT,
    DENOISE,
    HEAR,
    NUM_VOICES,
    REFER,
    Players,
    make_players,
    write_about,
)
from llia.engine.trained import load_performer, scale_of
from llia.head.motion import MOTION_SIZE
from llia.nets.denoiser import Performer
from llia.nets.reference import SHAPE_SIZE


def export_players(weights: Path, folder: Path, write: Write = export) -> Iterator[Exported]:
    """Weights of a performer -> one by one, its graphs, and then what is to be known about them."""
    performer, preset = load_performer(weights)
    config = PRESETS[preset]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        clips = {length: example(performer, config, length) for length in config.clips.lengths}
    told = clips[min(clips)].portrait
    yield write(Flat(performer.reference), told, weights, folder / f"{REFER}.xml")
    for length, clip in clips.items():
        yield write(Flat(performer.hearing), [clip.windows], weights, folder / f"{HEAR}-{length}.xml")
        yield write(FlatDenoiser(performer.denoiser), clip.inputs, weights, folder / f"{DENOISE}-{length}.xml")
    write_about(folder / ABOUT, preset, scale_of(performer))


@dataclass(frozen=True)
class Example:
    """What the networks are asked for one clip; numbers are of the usual size, for so must the answers be."""

    portrait: list[Tensor]  # motion and shape
    windows: Tensor  # 2 T 1+A M
    inputs: list[Tensor]  # x, sigma and conditions, as the denoiser's graph takes them


@torch.no_grad()
def example(performer: Performer, config: Config, length: int) -> Example:
    """A performer and the frames of a clip -> a clip of noise that goes on from a portrait."""
    scale, reference = performer.denoiser.scale, performer.reference
    portrait = scale.mean + scale.far * torch.randn(1, MOTION_SIZE)
    shape = reference.shape_mean + reference.shape_spread * torch.randn(1, SHAPE_SIZE)
    last = portrait[:, None] + scale.near[-1] * torch.randn(1, 1, MOTION_SIZE)
    past = last + scale.near[0] * torch.randn(1, config.clips.past_frames, MOTION_SIZE)
    windows = torch.randn(NUM_VOICES, length, config.rows_heard, config.sound.mel_bins)
    own, other = performer.hearing(windows).split(1)
    inputs = [
        torch.randn(1, length, MOTION_SIZE, 1, 1),
        torch.full((1,), EDITING_SIGMA),
        past,
        past,
        portrait,
        reference(portrait, shape),
        own,
        other,
        torch.ones(1, length),
        torch.rand(1, length, len(Emotion)),
        torch.randn(1, NUM_STATISTICS),
        torch.ones(1, len(Given)),
    ]
    return Example([portrait, shape], windows, inputs)


def eager_players(performer: Performer, config: Config) -> Players:
    """A performer -> its networks over numpy arrays, run by torch."""
    lengths = config.clips.lengths
    hear, denoise = run_torch(performer.hearing), run_torch(FlatDenoiser(performer.denoiser))
    return make_players(
        config, scale_of(performer), dict.fromkeys(lengths, hear), run_torch(performer.reference),
        dict.fromkeys(lengths, denoise),
    )  # fmt: skip
