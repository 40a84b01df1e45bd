"""Small performers whose every weight counts, and sound that they can play to."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from llia.config import PRESETS
from llia.engine.export_players import eager_players
from llia.engine.players import Players
from llia.nets.denoiser import PERFORMERS, Performer

Floats = NDArray[np.float32]

CONFIG = PRESETS["mini"]
SAMPLES = CONFIG.clock.samples_per_frame
USUAL = 1 / 16  # what latents of motion are measured in


def made_performer(seed: int = 1) -> Performer:
    """-> a small performer, its weights such as half precision holds."""
    torch.manual_seed(seed)
    performer = Performer(PERFORMERS[CONFIG.name])
    with torch.no_grad():
        for weight in performer.parameters():
            weight.add_(torch.randn_like(weight) * 0.05)
            weight.copy_(weight.half())
        for size in (performer.denoiser.spread, performer.denoiser.near, performer.denoiser.far):
            size.fill_(USUAL)
    return performer.eval()


def made_players() -> Players:
    return eager_players(made_performer(), CONFIG)


def talk(seed: int = 0, num_frames: int = 70) -> Floats:
    """-> noise that comes and goes, as words do."""
    rng = np.random.default_rng(seed)
    loudness = np.maximum(np.sin(np.arange(num_frames * SAMPLES) / 4000 + seed), 0)
    return (loudness * rng.normal(0, 0.1, len(loudness))).astype(np.float32)
