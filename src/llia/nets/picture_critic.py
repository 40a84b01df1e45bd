"""Is this picture a true one? A small network that answers for each patch, and what it noticed on the way."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from pydantic.dataclasses import dataclass as record
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from llia.config import STRICT

LEAK = 0.2


@record(frozen=True, config=STRICT)
class PictureCriticConfig:
    """Widths at a half, a quarter and again a quarter of the picture's side; what the guide told is looked at too."""

    guide_channels: int = 18
    widths: tuple[int, int, int] = (32, 64, 96)


class PictureCritic(nn.Module):
    """A picture in [-1, 1], [B 3 S S], and its guide, [B C S/4 S/4] -> features, and how true each patch seems."""

    def __init__(self, config: PictureCriticConfig) -> None:
        super().__init__()
        first, second, third = config.widths
        self.enter = nn.Conv2d(3, first, 4, stride=2, padding=1)
        self.shrink = spectral_norm(nn.Conv2d(first, second, 4, stride=2, padding=1))
        self.meet = nn.Conv2d(config.guide_channels, second, 1)
        self.think = spectral_norm(nn.Conv2d(second, third, 3, padding=1))
        self.judge = nn.Conv2d(third, 1, 3, padding=1)

    def forward(self, picture: Tensor, guide: Tensor) -> tuple[list[Tensor], Tensor]:
        half = F.leaky_relu(self.enter(picture), LEAK)
        quarter = F.leaky_relu(self.shrink(half) + self.meet(guide), LEAK)
        thought = F.leaky_relu(self.think(quarter), LEAK)
        verdict: Tensor = self.judge(thought)
        return [half, quarter, thought], verdict.to(torch.float32)
