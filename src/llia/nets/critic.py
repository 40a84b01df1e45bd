"""Is this clip a true one? Small heads that read what a frozen denoiser makes of it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from einops import rearrange
from pydantic.dataclasses import dataclass as record
from torch import Tensor, nn

from llia.config import STRICT, Count

LEAK = 0.2
TEMPORAL_KERNEL = 5


@record(frozen=True, config=STRICT)
class CriticConfig:
    """Sizes of the critic; `blocks` are numbers of the denoiser's blocks, from 0."""

    blocks: tuple[int, ...] = (1, 3, 5)
    feature_width: Count = 192
    sound_size: Count = 256
    width: Count = 96


@dataclass(frozen=True)
class Verdict:
    """Above zero for true, below for made."""

    per_frame: Tensor  # B T blocks
    over_time: Tensor  # B T
    with_sound: Tensor  # B T


class Critic(nn.Module):
    """Features of a clip, [B T D] of each block, and its sound tokens, [B T N D] -> the verdict."""

    def __init__(self, config: CriticConfig) -> None:
        super().__init__()
        self.config = config
        width, together = config.width, config.width * len(config.blocks)
        self.read = nn.ModuleList(nn.Linear(config.feature_width, width) for _ in config.blocks)
        self.per_frame = nn.ModuleList(
            nn.Sequential(nn.Linear(width, width), nn.LeakyReLU(LEAK), nn.Linear(width, 1)) for _ in config.blocks
        )
        self.along = nn.Conv1d(together, width, TEMPORAL_KERNEL, padding=TEMPORAL_KERNEL // 2)
        self.over_time = nn.Conv1d(width, 1, TEMPORAL_KERNEL, padding=TEMPORAL_KERNEL // 2)
        self.sound = nn.Linear(config.sound_size, width)
        self.with_sound = nn.Sequential(nn.Linear(together + width, width), nn.LeakyReLU(LEAK), nn.Linear(width, 1))

    def forward(self, features: list[Tensor], sound: Tensor) -> Verdict:
        read = [
            F.leaky_relu(layer(F.layer_norm(one, one.shape[-1:])), LEAK)
            for layer, one in zip(self.read, features, strict=True)
        ]
        per_frame = torch.cat([head(one) for head, one in zip(self.per_frame, read, strict=True)], -1)
        together = torch.cat(read, -1)  # B T blocks*width

        # Over time: several frames at once.
        moving = F.leaky_relu(self.along(rearrange(together, "b t d -> b d t")), LEAK)
        over_time = rearrange(self.over_time(moving), "b 1 t -> b t")

        # With sound: does the mouth go with what is heard?
        heard = F.leaky_relu(self.sound(rearrange(sound, "b t n d -> b t (n d)")), LEAK)
        with_sound = self.with_sound(torch.cat([together, heard], -1))[..., 0]
        return Verdict(per_frame.float(), over_time.float(), with_sound.float())
