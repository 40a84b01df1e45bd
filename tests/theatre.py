"""Small performers whose every weight counts, sound that they can play to, and small networks of all other kinds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from llia.config import PRESETS
from llia.engine.export_players import eager_players
from llia.engine.players import WEIGHTS, Players
from llia.engine.weights import save_weights
from llia.nets.denoiser import PERFORMERS, Performer
from llia.nets.painter import Painter, PainterConfig
from llia.nets.sight import SIGHTS, Sight

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


def save_small_networks(folder: Path) -> None:
    """Fills a folder with weights of small networks of all kinds, untrained; the painter's last layer is not zero."""
    torch.manual_seed(0)
    for kind, config in SIGHTS.items():
        thin = replace(config, widths=tuple(max(8, width // 8) for width in config.widths))
        save_weights(Sight(thin), thin, folder / f"{kind}.safetensors")
    small = PainterConfig(portrait_widths=(8, 8, 8), widths=(8, 8, 8), detail_width=4, head_width=8)
    painter = Painter(small)
    torch.nn.init.normal_(painter.rough.weight, std=0.1)
    save_weights(painter, small, folder / "painter.safetensors")
    performer = made_performer()
    save_weights(performer, performer.config, folder / WEIGHTS)
