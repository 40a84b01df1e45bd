"""Stage 0, hearing: what a mouth does, told from what one frame hears alone; nothing else may help."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from llia.config import State
from llia.head.motion import FACE
from llia.nets.denoiser import Performer, PerformerConfig
from llia.nets.hearing import Hearing, MouthReader
from llia.train.loop import Metrics, Progress, Schedule, begin, train
from llia.train.motion_data import Batch, MotionData, Part
from llia.train.motion_loss import GAP_UNIT_CM, frame_weights, gap_growth, mouth_mask

NUM_SHAPES = 24  # visemes, and room for more
GAP_WEIGHT, SHAPES_WEIGHT = 0.5, 0.1


class Ear(nn.Module):
    """Hearing and what reads it, while it learns alone."""

    mean: Tensor
    spread: Tensor

    def __init__(self, config: PerformerConfig) -> None:
        super().__init__()
        self.channels = torch.nonzero(mouth_mask())[:, 0].tolist()
        self.hearing = Hearing(config.hearing)
        self.reader = MouthReader(config.hearing, len(self.channels), NUM_SHAPES, len(State))
        self.register_buffer("mean", torch.zeros(len(self.channels)))
        self.register_buffer("spread", torch.ones(len(self.channels)))

    def forward(self, own: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """Windows, [B T A M], and states, [B T] -> channels of the mouth, [B T c], and scores of shapes, [B T n]."""
        channels, shapes = self.reader(self.hearing(own), state)
        return channels.float(), shapes.float()


def descend(progress: Progress, batch: Batch) -> tuple[Tensor, Metrics]:
    """The stage: the mouth's channels, the gap between the lips, and which sound's shape it is."""
    ear = progress.network
    assert isinstance(ear, Ear)
    part: Part = {name: torch.cat([batch["clip"][name], batch["next"][name]], 1) for name in WANTED}
    made, shapes = ear(part["own"], part["state"])
    true = (part["motion"][..., ear.channels] - ear.mean) / ear.spread
    weight = frame_weights(part["gap"], part["state"])
    squared = (weight[..., None] * (made - true) ** 2).mean()
    away = gap_change((made - true) * ear.spread, ear.channels)
    gap = (weight * (away / GAP_UNIT_CM) ** 2).mean()
    named = F.cross_entropy(shapes.flatten(0, 1), part["viseme"].flatten())
    loss = squared + GAP_WEIGHT * gap + SHAPES_WEIGHT * named
    metrics = {"mouth": squared.item(), "gap_cm": float((away.detach() ** 2).mean().sqrt()), "named": named.item()}
    return loss, metrics


WANTED = ("own", "state", "motion", "gap", "viseme")


def gap_change(channels: Tensor, places: list[int]) -> Tensor:
    """Changes of some channels, [... c] -> the change of the lip gap, cm."""
    growth = torch.cat([gap_growth(), torch.zeros(max(places) + 1 - FACE.stop if max(places) >= FACE.stop else 0)])
    return (channels * growth[places].to(channels.device)).sum(-1)


def set_ear_scale(ear: Ear, performer: Performer) -> None:
    """The ear's unit is that of the performer which hearing is for."""
    ear.mean.copy_(performer.denoiser.mean[ear.channels])
    ear.spread.copy_(performer.denoiser.spread[ear.channels])


def train_hearing(performer: Performer, data: MotionData, folder: Path, schedule: Schedule, seed: int = 0) -> Hearing:
    """Clips and how long to listen to them -> hearing; goes on where the folder stops."""
    torch.manual_seed(seed)
    network, mean = (Ear(performer.config) for _ in range(2))
    set_ear_scale(network, performer)
    progress = train(begin(network, mean, schedule), descend, data, schedule, folder)
    assert isinstance(progress.mean, Ear)
    return progress.mean.hearing
