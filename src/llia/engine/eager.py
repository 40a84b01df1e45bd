"""Networks as callables over numpy arrays, run by torch: the reference, and where there is no graph."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from llia.engine.flat import flatten

Arrays = tuple[NDArray[np.float32], ...]
Network = Callable[..., Arrays]
Way = Literal["eager", "compiled", "int8"]  # as it stands; by torch.compile; linear layers with int8 products


def run_torch(network: nn.Module, way: Way = "eager", device: str = "cpu") -> Network:
    """A torch network, how and where it is to run -> a function from float32 arrays to its outputs, flat."""
    ready = prepare(network.eval().to(device), way)

    def run(*inputs: NDArray[np.float32]) -> Arrays:
        with torch.no_grad():
            outputs: Any = ready(*(torch.from_numpy(np.ascontiguousarray(x)).to(device) for x in inputs))
        return tuple(part.cpu().numpy() for part in flatten(outputs))

    return run


def prepare(network: nn.Module, way: Way) -> Callable[..., Any]:
    """-> the network as it is called that way. What is compiled is compiled at its first call for some shapes, which
    takes a minute and, on a CPU, a C++ compiler."""
    if way == "eager":
        return network
    if way == "compiled":
        compiled: Callable[..., Any] = torch.compile(network)
        return compiled
    if way == "int8":
        return with_int8_products(network)
    raise ValueError(f"expected a way to run torch (eager, compiled, int8), got {way!r}")


def with_int8_products(network: nn.Module) -> nn.Module:
    """-> a copy whose linear layers hold int8 weights, and round what comes in by its own range each time; CPU only."""
    try:
        from torch.ao import quantization
    except ImportError as error:
        raise ValueError(
            "expected a torch with torch.ao.quantization, this one has none; use OpenVINO's int8"
        ) from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package they name does the same three times slower, uncompiled
        quantise: Any = quantization.quantize_dynamic
        rounded: nn.Module = quantise(copy.deepcopy(network), {nn.Linear}, dtype=torch.qint8)
    return rounded
