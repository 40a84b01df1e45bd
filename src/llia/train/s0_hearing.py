"""Stage 0, hearing: what a mouth does, from the sound of one frame, and what sound cannot tell told besides."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from llia.config import Emotion, State
from llia.eval.motion_figures import measure_lips
from llia.eval.rollout import Scenes
from llia.head.motion import FACE
from llia.nets.denoiser import Performer, PerformerConfig
from llia.nets.hearing import Hearing, MouthReader
from llia.nets.reference import SHAPE_SIZE
from llia.train.loop import Metrics, Progress, Schedule, begin, train
from llia.train.motion_data import Batch, MotionData, Part
from llia.train.motion_loss import GAP_UNIT_CM, frame_weights, gap_growth, mouth_mask

NUM_SHAPES = 24  # visemes, and room for more
GAP_WEIGHT, SHAPES_WEIGHT = 0.5, 0.1
FORGET = 0.35  # of what is heard, by chance: a dozen people's voices are soon known by heart
WANTED = ("own", "state", "emotion", "motion", "gap", "viseme")


class Ear(nn.Module):
    """Hearing and what reads it, while it learns alone."""

    mean: Tensor
    spread: Tensor
    shape_mean: Tensor
    shape_spread: Tensor

    def __init__(self, config: PerformerConfig) -> None:
        super().__init__()
        self.channels = torch.nonzero(mouth_mask())[:, 0].tolist()
        self.hearing = Hearing(config.hearing)
        num_known = len(State) + len(Emotion) + SHAPE_SIZE
        self.reader = MouthReader(config.hearing, len(self.channels), NUM_SHAPES, num_known)
        self.register_buffer("mean", torch.zeros(len(self.channels)))
        self.register_buffer("spread", torch.ones(len(self.channels)))
        self.register_buffer("shape_mean", torch.zeros(SHAPE_SIZE))
        self.register_buffer("shape_spread", torch.ones(SHAPE_SIZE))

    def forward(
        self, own: Tensor, state: Tensor, emotion: Tensor, shape: Tensor, forget: float = 0.0
    ) -> tuple[Tensor, Tensor]:
        """Windows, [B T 1+A M], states, [B T], emotions, [B T 5], the face's shape, [B 4]
        -> channels of the mouth, [B T c], and scores of shapes, [B T n]."""
        measured = ((shape - self.shape_mean) / self.shape_spread)[:, None].expand(-1, own.shape[1], -1)
        known = torch.cat([F.one_hot(state, len(State)).float(), emotion, measured], -1)
        channels, shapes = self.reader(self.hearing(own, forget), known)
        return channels.float(), shapes.float()


def descend(progress: Progress, batch: Batch) -> tuple[Tensor, Metrics]:
    """The stage: the mouth's channels, the gap between the lips, and which sound's shape it is."""
    ear = progress.network
    assert isinstance(ear, Ear)
    part: Part = {name: torch.cat([batch["clip"][name], batch["next"][name]], 1) for name in WANTED}
    made, shapes = ear(part["own"], part["state"], part["emotion"], batch["shape"], FORGET)
    true = (part["motion"][..., ear.channels] - ear.mean) / ear.spread
    weight = frame_weights(part["gap"], part["state"])
    squared = (weight[..., None] * (made - true) ** 2).mean()
    away = gap_change((made - true) * ear.spread, ear.channels)
    gap = (weight * (away / GAP_UNIT_CM) ** 2).mean()
    named = F.cross_entropy(shapes.flatten(0, 1), part["viseme"].flatten())
    loss = squared + GAP_WEIGHT * gap + SHAPES_WEIGHT * named
    metrics = {"mouth": squared.item(), "gap_cm": float((away.detach() ** 2).mean().sqrt()), "named": named.item()}
    return loss, metrics


def gap_change(channels: Tensor, places: list[int]) -> Tensor:
    """Changes of some channels, [... c] -> the change of the lip gap, cm."""
    growth = torch.cat([gap_growth(), torch.zeros(max(places) + 1 - FACE.stop if max(places) >= FACE.stop else 0)])
    return (channels * growth[places].to(channels.device)).sum(-1)


def set_ear_scale(ear: Ear, performer: Performer) -> None:
    """The ear's unit is that of the performer which hearing is for."""
    ear.mean.copy_(performer.denoiser.mean[ear.channels])
    ear.spread.copy_(performer.denoiser.spread[ear.channels])
    ear.shape_mean.copy_(performer.reference.shape_mean)
    ear.shape_spread.copy_(performer.reference.shape_spread)


@torch.no_grad()
def measure_ear(ear: nn.Module, watched: Scenes) -> Metrics:
    """-> how well lips follow held-out sound, and meet where they must, from hearing alone."""
    assert isinstance(ear, Ear)
    device = ear.mean.device
    told = (watched.own.copy(), watched.state.astype(np.int64), watched.emotion, watched.shape)
    channels, _ = ear(*(torch.from_numpy(one).to(device) for one in told))
    opened = gap_change(channels * ear.spread + ear.mean, ear.channels).cpu().numpy()
    figures = measure_lips(watched.shape[:, :1] + opened, watched)
    return {name: round(value, 3) for name, value in figures.items()}


def train_hearing(
    performer: Performer,
    data: MotionData,
    folder: Path,
    schedule: Schedule,
    watched: Scenes | None = None,
    seed: int = 0,
) -> Hearing:
    """Clips and how long to listen to them -> hearing; goes on where the folder stops."""
    torch.manual_seed(seed)
    network, mean = (Ear(performer.config) for _ in range(2))
    set_ear_scale(network, performer)
    watch = None if watched is None else partial(measure_ear, watched=watched)
    progress = train(begin(network, mean, schedule), descend, data, schedule, folder, watch=watch)
    assert isinstance(progress.mean, Ear)
    return progress.mean.hearing
