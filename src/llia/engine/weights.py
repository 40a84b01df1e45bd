"""Weights on disk: safetensors in half precision, with the network's configuration as JSON in the header."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypeVar

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

from llia.config import from_json, to_json

Record = TypeVar("Record")
FORMAT = 1


def save_weights(network: nn.Module, config: object, path: Path, about: dict[str, str] | None = None) -> None:
    """A network and its configuration -> one file; `about` tells how it was trained."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {name: value.detach().cpu().half().contiguous() for name, value in network.state_dict().items()}
    header = {"config": json.dumps(to_json(config)), "kind": type(config).__name__, "format": str(FORMAT)}
    save_file(tensors, path, metadata=header | (about or {}))


def load_config(path: Path, kind: type[Record]) -> Record:
    """A file of weights -> the configuration in its header, if it is of that kind."""
    if not path.is_file():
        raise FileNotFoundError(f"expected weights at {path}")
    try:
        with safe_open(path, "pt") as file:
            header = file.metadata() or {}
    except SafetensorError as error:
        raise ValueError(f"expected weights as safetensors in {path}: {error}") from error
    if header.get("kind") != kind.__name__:
        raise ValueError(f"expected weights of a {kind.__name__} in {path}, got those of a {header.get('kind')}")
    if int(header["format"]) > FORMAT:
        raise ValueError(f"{path} has weights of format {header['format']}, this version reads up to {FORMAT}")
    return from_json(kind, json.loads(header["config"]))


def load_weights(network: nn.Module, path: Path) -> None:
    """Weights from disk go into a network of the same configuration."""
    with safe_open(path, "pt") as file:
        tensors: dict[str, torch.Tensor] = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
    try:
        network.load_state_dict(tensors)
    except RuntimeError as error:  # names and shapes, over many lines
        kind = type(network).__name__
        raise ValueError(f"expected weights of this version's {kind} in {path}, got others; train them anew") from error
