"""The portrait as tokens that the denoiser attends to: how its face is held, and what its lips and lids measure."""

from __future__ import annotations

import torch
from einops import rearrange
from pydantic.dataclasses import dataclass as record
from torch import Tensor, nn

from llia.config import STRICT
from llia.head.measures import SHAPE_NAMES
from llia.head.motion import MOTION_SIZE

SHAPE_SIZE = len(SHAPE_NAMES)


@record(frozen=True, config=STRICT)
class ReferenceConfig:
    """Sizes of the reference path."""

    width: int = 192
    num_tokens: int = 2
    hidden: int = 256


class Reference(nn.Module):
    """A portrait's motion, perhaps re-expressed, [B 66], and its shape at rest, [B 4] -> tokens, [B N D]."""

    mean: Tensor
    spread: Tensor
    shape_mean: Tensor
    shape_spread: Tensor

    def __init__(self, config: ReferenceConfig) -> None:
        super().__init__()
        self.num_tokens = config.num_tokens
        self.register_buffer("mean", torch.zeros(MOTION_SIZE))
        self.register_buffer("spread", torch.ones(MOTION_SIZE))
        self.register_buffer("shape_mean", torch.zeros(SHAPE_SIZE))
        self.register_buffer("shape_spread", torch.ones(SHAPE_SIZE))
        self.read = nn.Sequential(
            nn.Linear(MOTION_SIZE + SHAPE_SIZE, config.hidden),
            nn.GELU(),
            nn.Linear(config.hidden, config.num_tokens * config.width),
        )

    def forward(self, motion: Tensor, shape: Tensor) -> Tensor:
        held = (motion - self.mean) / self.spread
        measured = (shape - self.shape_mean) / self.shape_spread
        told = self.read(torch.cat([held, measured], -1))
        tokens: Tensor = rearrange(told, "b (n d) -> b n d", n=self.num_tokens)
        return tokens
