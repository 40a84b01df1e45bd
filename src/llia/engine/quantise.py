"""A graph and what it was given in earnest -> the same graph in int8, and what each group of its layers costs."""

from __future__ import annotations

import logging
import math
import re
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from llia.engine.graphs import Network, import_openvino, load_graph, load_model, run_model
from llia.engine.makers import Open
from llia.engine.stored import INT8, keep_whole, read_graph

if TYPE_CHECKING:
    import openvino as ov

Floats = NDArray[np.float32]
Given = Sequence[Floats]  # one call of a network: its inputs in their order

ROUNDED = ("Convolution", "GroupConvolution", "MatMul")  # kinds of layers that int8 makes faster
EXACT = ("Add", "Subtract", "Multiply", "Divide", "Interpolate", "AvgPool")  # flow goes through them, and would jump
TINY = 1e-12  # of a share: as good as none
GROUP = re.compile(r"__module\.(?:network\.)?([a-z_0-9]+(?:\.\d+)?)\S*/aten::(?:_convolution|linear)/")
FIXED = "fixed"  # what a network computes without weights of its own: smoothing, unfolding


def recording(opened: Open, calls: dict[str, list[Given]]) -> Open:
    """What opens networks by name -> the same, but all that they are then given is kept, by the same names."""

    def open_one(name: str) -> Network:
        network, given = opened(name), calls.setdefault(name, [])

        def run(*inputs: Floats) -> tuple[Floats, ...]:
            given.append([np.array(x, np.float32) for x in inputs])
            return network(*inputs)

        return run

    return open_one


def quantise(graph: Path, given: Sequence[Given], kept: Sequence[str] = ()) -> ov.Model:
    """A graph, what it is calibrated with, and groups of layers that stay as they are -> the int8 graph."""
    nncf = import_nncf()
    model, names = load_model(graph), groups_of(graph)
    if unknown := set(kept) - names.keys():
        known = ", ".join(name for name in names if name != FIXED)
        raise ValueError(f"expected groups of layers ({known}), got {', '.join(sorted(unknown))}")
    if not given:
        raise ValueError(f"expected some calls of {graph.stem} to calibrate with, got none")
    apart = nncf.IgnoredScope(
        names=[name for group in {*kept, FIXED} for name in names.get(group, ())], types=list(EXACT), validate=False
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of packages about each other
        return nncf.quantize(
            model, nncf.Dataset([list(one) for one in given]), subset_size=len(given), ignored_scope=apart
        )


def groups_of(graph: Path) -> dict[str, list[str]]:
    """A graph -> the layers that int8 makes faster, by what they are called in the network; those without weights are
    FIXED, and no int8 is for them."""
    groups: dict[str, list[str]] = {}
    for layer in load_model(graph).get_ordered_ops():
        if layer.get_type_name() in ROUNDED:
            name = layer.get_friendly_name()
            found = GROUP.match(name)
            groups.setdefault(found[1] if found else FIXED, []).append(name)
    return groups


def sensitivity(graph: Path, given: Sequence[Given]) -> Iterator[tuple[str, float]]:
    """A graph and some calls, every other of which it is calibrated with -> one by one, its groups of layers and how
    well it answers the others with that group alone in int8."""
    groups, exact = groups_of(graph), load_graph(graph)
    for group in (one for one in groups if one != FIXED):
        alone = quantise(graph, given[::2], [other for other in groups if other != group])
        yield group, agreement(run_model(alone), exact, given[1::2])


def agreement(network: Network, exact: Network, given: Sequence[Given]) -> float:
    """Two networks and what both are given -> how far below the answers their difference is, dB; the worst output."""
    answers = [[np.stack(one) for one in zip(*(run(*call) for call in given), strict=True)] for run in (network, exact)]
    shares = [float(np.mean((a - b) ** 2) / np.var(b)) for a, b in zip(*answers, strict=True)]
    return -10 * math.log10(max(*shares, TINY))


def save_int8(model: ov.Model, graph: Path) -> Path:
    """An int8 graph and the one it was made from -> it lies beside that, its constants in a file of its own."""
    path = graph.with_name(graph.stem + INT8)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.xml"
        import_openvino().save_model(model, whole, compress_to_fp16=False)
        keep_whole(whole, path)
    read_graph(path)
    return path


def import_nncf() -> ModuleType:
    """-> the module nncf, which only this needs."""
    import_openvino()  # first, for nncf imports it too
    try:
        nncf = import_module("nncf")
    except ImportError as error:
        raise ValueError("expected nncf to quantise with, it is not installed; pip install 'llia[quantise]'") from error
    nncf.set_log_level(logging.ERROR)
    return nncf
