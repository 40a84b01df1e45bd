"""Networks as callables over numpy arrays, run by torch from weights: the reference, and for weights in training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from llia.engine.export import FlatPainter, FlatSight, flatten
from llia.engine.weights import load_config, load_weights
from llia.nets.painter import Painter, PainterConfig
from llia.nets.sight import Sight, SightConfig

Arrays = tuple[NDArray[np.float32], ...]


def run_eager(network: nn.Module) -> Callable[..., Arrays]:
    """A torch network -> a function from float32 arrays to its outputs, flat."""
    network.eval()

    def run(*inputs: NDArray[np.float32]) -> Arrays:
        with torch.no_grad():
            outputs: Any = network(*(torch.from_numpy(np.ascontiguousarray(x)) for x in inputs))
        return tuple(part.numpy() for part in flatten(outputs))

    return run


def load_sight(path: Path) -> Callable[[NDArray[np.float32]], tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Weights of one network of sight -> crops, [B 3 S S], to points and the log of their sigma."""
    network = Sight(load_config(path, SightConfig))
    load_weights(network, path)
    run = run_eager(FlatSight(network))

    def see(crops: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        points, log_sigma = run(crops)[:2]
        return points, log_sigma

    return see


def load_painter(path: Path) -> tuple[Callable[..., Arrays], Callable[..., Arrays]]:
    """Weights of the painter -> what reads a portrait, and what paints a frame from guides and features."""
    network = Painter(load_config(path, PainterConfig))
    load_weights(network, path)
    return run_eager(network.reader), run_eager(FlatPainter(network))
