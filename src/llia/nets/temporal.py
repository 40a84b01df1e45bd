"""Pieces of a transformer over frames whose every layer is told how noisy the frames are."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

NUM_CHANGES = 6  # shift, scale and gate, for attention and for the layers after it
SIGMA_SCALE, LOWEST_FREQUENCY = 1000.0, 1e-4
GATES_AT_START = 0.3


class SigmaReader(nn.Module):
    """Sigma, [B] -> what the layers are told of it, [B D]."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.num_waves = width // 2
        self.read = nn.Sequential(nn.Linear(2 * self.num_waves, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU())

    def forward(self, sigma: Tensor) -> Tensor:
        steps = torch.arange(self.num_waves, device=sigma.device, dtype=torch.float32) / self.num_waves
        angles = sigma.float()[:, None] * SIGMA_SCALE * torch.exp(steps * math.log(LOWEST_FREQUENCY))
        told: Tensor = self.read(torch.cat([angles.sin(), angles.cos()], -1))
        return told


class Shared(nn.Module):
    """One projection for all blocks (PixArt's adaptive norm): -> shifts, scales and gates, [B 6 D]."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.project = nn.Linear(width, NUM_CHANGES * width)
        nn.init.zeros_(self.project.weight)
        nn.init.zeros_(self.project.bias)

    def forward(self, told: Tensor) -> Tensor:
        changes: Tensor = rearrange(self.project(told), "b (n d) -> b n d", n=NUM_CHANGES)
        return changes


class Block(nn.Module):
    """Attention among all tokens, then two layers for each; both beside a path that leaves everything as it is."""

    def __init__(self, width: int, heads: int, widening: int) -> None:
        super().__init__()
        self.heads = heads
        self.own = nn.Parameter(torch.zeros(NUM_CHANGES, width))  # beside the shared changes
        with torch.no_grad():
            self.own[[2, 5]] = GATES_AT_START
        self.ask = nn.Linear(width, 3 * width)
        self.tell = nn.Linear(width, width)
        self.widen = nn.Linear(width, widening * width)
        self.narrow = nn.Linear(widening * width, width)

    def forward(self, x: Tensor, change: Tensor) -> Tensor:
        shift, scale, gate, shift_after, scale_after, gate_after = (change + self.own).unsqueeze(2).unbind(1)

        # Attention among all frames.
        y = F.layer_norm(x, x.shape[-1:]) * (1 + scale) + shift
        query, key, value = rearrange(self.ask(y), "b t (n h d) -> n b h t d", n=3, h=self.heads)
        with torch.autocast(x.device.type, enabled=x.is_cuda):  # on CPU its slope is ten times slower in bfloat16
            dtype = torch.float32 if not x.is_cuda else query.dtype
            y = F.scaled_dot_product_attention(query.to(dtype), key.to(dtype), value.to(dtype))
        x = x + gate * self.tell(rearrange(y, "b h t d -> b t (h d)"))

        # Each for itself.
        y = F.layer_norm(x, x.shape[-1:]) * (1 + scale_after) + shift_after
        after: Tensor = self.narrow(F.gelu(self.widen(y)))
        return x + gate_after * after
