"""A steady hand: the slow channels of a clip smoothed together with its past by a fixed matrix, seam and all."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

AT_END, END_FRAMES = 1.0, 2.0  # how much wider the smoother is at the end, and how fast that fades before it


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
            # The first frame goes on in line with the past; then the clip takes over, without a jerk at either end.
            fall = (1 + torch.cos((torch.arange(length) / seam_frames).clamp(max=1) * math.pi)) / 2
            self.register_buffer(f"seam_{length}", fall[:, None], persistent=False)

    def forward(self, latent: Tensor, past: Tensor, has_past: Tensor, size: Tensor, slow: Tensor) -> Tensor:
        """Latents and the units they are told in, [B T c], the past, [B P c], 1 where there is one, [B]."""
        if not self.active:
            return latent
        length = latent.shape[1]
        with_past, without, fall = (self.get_buffer(f"{name}_{length}") for name in ("with", "without", "seam"))
        has = has_past[:, None, None]

        # In units of motion, from the last past frame.
        away = latent * size  # B T c
        before = past - past[:, -1:]  # B P c
        smooth = with_past @ torch.cat([before, away], 1)

        # Where the past was going, less where the clip begins: this gap closes over a few frames.
        gap = -before[:, -2:-1] - smooth[:, :1]
        smooth = has * (smooth + fall * gap) + (1 - has) * (without @ away)
        return latent * (1 - slow) + smooth / size * slow
