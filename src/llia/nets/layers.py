"""The few layers that several networks share."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Residual(nn.Module):
    """Two convolutions beside a path that leaves everything as it is; at the start only that path counts."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        change: Tensor = self.second(F.relu(self.first(F.relu(x))))
        return x + change


class HalfSize(nn.Module):
    """Half the side, another width."""

    def __init__(self, width_in: int, width_out: int) -> None:
        super().__init__()
        self.convolve = nn.Conv2d(width_in, width_out, 4, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.convolve(x))


class DoubleSize(nn.Module):
    """Twice the side, another width: every pixel unfolds into four."""

    def __init__(self, width_in: int, width_out: int) -> None:
        super().__init__()
        self.widen = nn.Conv2d(width_in, 4 * width_out, 1)

    def forward(self, x: Tensor) -> Tensor:
        return F.pixel_shuffle(self.widen(x), 2)


def pixel_grid(side: int, like: Tensor) -> Tensor:
    """-> where each pixel's middle stands, x and y in [-1, 1], [1 side side 2]."""
    places = (torch.arange(side, device=like.device, dtype=like.dtype) * 2 + 1) / side - 1
    y, x = torch.meshgrid(places, places, indexing="ij")
    return torch.stack([x, y], dim=-1)[None]


def warp(picture: Tensor, flow: Tensor) -> Tensor:
    """A picture, [B C H W], and where each pixel comes from less where it is, [B 2 H W] -> the picture carried so."""
    places = pixel_grid(flow.shape[-1], flow) + flow.permute(0, 2, 3, 1)
    return F.grid_sample(picture, places, mode="bilinear", padding_mode="border", align_corners=False)
