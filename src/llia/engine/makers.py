"""A folder of graphs or weights, and who runs them -> what opens each network there as a callable over numpy arrays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, get_args

from llia.engine.graphs import Network, load_for_many, load_graph
from llia.engine.stored import INT8

Maker = Literal["openvino", "openvino-int8", "torch", "torch-compiled", "torch-int8"]
Open = Callable[[str], Network]  # by the name of a graph: first, mouth, eye, painter-256, denoise-16 ...

SIGHTS = ("first", "mouth", "eye")  # their graphs are for one crop, and take a stack of any number


def open_networks(
    folder: Path, maker: Maker = "openvino", num_threads: int = 1, cache: Path | None = None, device: str = "cpu"
) -> Open:
    """-> what opens the networks of a folder, one by one.

    Args:
        folder: of graphs for OpenVINO, of weights for torch.
        maker: openvino-int8 runs those graphs in int8 that `llia quantise` wrote so, the others as openvino does.
            Torch is imported for its own ways only; compiled, it is as exact as it stands; int8 is not.
        num_threads: of each network that OpenVINO runs; torch has its own settings.
        cache: where OpenVINO keeps compiled graphs.
        device: of torch, "cuda:1" for one.
    """
    if maker in ("openvino", "openvino-int8"):
        int8 = {path.name.removesuffix(INT8): path for path in folder.glob(f"*{INT8}") if maker == "openvino-int8"}
        if maker == "openvino-int8" and not int8:
            raise FileNotFoundError(f"expected graphs in int8 in {folder}, got none; write them with `llia quantise`")

        def open_graph(name: str) -> Network:
            load = load_for_many if name in SIGHTS else load_graph
            return load(int8.get(name, folder / f"{name}.xml"), num_threads, cache)

        return open_graph
    from llia.engine.trained import open_weights

    if maker == "torch":
        return open_weights(folder, "eager", device)
    if maker == "torch-compiled":
        return open_weights(folder, "compiled", device)
    if maker == "torch-int8":
        return open_weights(folder, "int8", device)
    raise ValueError(f"expected one of {', '.join(get_args(Maker))} to run networks, got {maker!r}")
