"""A steady hand: a clip joined to its past without a jump, its slow channels smoothed by a fixed matrix as well."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from llia.head.scale import Frame

AT_END, END_FRAMES = 1.0, 2.0  # how much wider the smoother is at the end, and how fast that fades before it
FAST_FALL = (0.5, 0.25, 0.1)  # share of the gap at the seam that fast channels close, frame by frame


def smoothing(num_frames: int, num_past: int, spread: float) -> NDArray[np.float64]:
    """-> the matrix of a local-linear Gaussian smoother, [T P+T]: each new frame is the value there of the straight
    line that fits its neighbours best. Towards the end, where nothing follows, it takes more of them: else the last
    change would be two and a half times as shaky as the others, and the next clip goes on from it."""
    place = np.arange(num_past + num_frames)
    rows = []
    for here in range(num_past, num_past + num_frames):
        wider = 1 + AT_END * np.exp((here - place[-1]) / END_FRAMES)
        weight = np.exp(-(((place - here) / (spread * wider)) ** 2) / 2)
        line = np.stack([np.ones(len(place)), place - here], 1)
        rows.append(np.linalg.solve(line.T @ (weight[:, None] * line), line.T * weight)[0])
    return np.stack(rows)


class Steady(nn.Module):
    """Latents, [B T c] -> the same with steady slow channels; without weights of its own."""

    def __init__(self, lengths: tuple[int, ...], num_past: int, smooth_frames: float, seam_frames: int) -> None:
        super().__init__()
        self.num_past, self.active = num_past, smooth_frames > 0
        if not self.active:
            return
        assert num_past > 1, "a seam goes on from two frames"
        for length in lengths:
            for name, past in (("with", num_past), ("without", 0)):
                matrix = torch.from_numpy(smoothing(length, past, smooth_frames)).float()
                self.register_buffer(f"{name}_{length}", matrix, persistent=False)
            # Slow channels begin in line with the past; then the clip takes over, without a jerk at either end.
            fall = (1 + torch.cos((torch.arange(length) / seam_frames).clamp(max=1) * math.pi)) / 2
            self.register_buffer(f"slow_{length}", fall[:, None], persistent=False)
            fast = torch.tensor((*FAST_FALL, *[0.0] * length)[:length])
            self.register_buffer(f"fast_{length}", fast[:, None], persistent=False)

    def forward(self, latent: Tensor, past: Tensor, has_past: Tensor, frame: Frame, slow: Tensor) -> Tensor:
        """Latents, [B T c], the past, [B P c], 1 where there is one, [B], what latents are told in -> latents."""
        if not self.active:
            return latent
        length = latent.shape[1]
        parts = (self.get_buffer(f"{name}_{length}") for name in ("with", "without", "slow", "fast"))
        with_past, without, slow_fall, fast_fall = parts
        has = has_past[:, None, None]

        # In units of motion, from the last past frame.
        offset = frame.centre - past[:, -1:]
        away = latent * frame.size + offset  # B T c
        before = past - past[:, -1:]  # B P c
        smooth = with_past @ torch.cat([before, away], 1)
        smooth = has * smooth + (1 - has) * (without @ away)
        joined = away * (1 - slow) + smooth * slow

        # Halfway between where the past was going and where the clip goes, less where the clip begins: this gap closes.
        gap = (joined[:, 1:2] - joined[:, :1] - before[:, -2:-1]) / 2 - joined[:, :1]
        joined = joined + has * (slow_fall * slow + fast_fall * (1 - slow)) * gap
        told: Tensor = (joined - offset) / frame.size
        return told
