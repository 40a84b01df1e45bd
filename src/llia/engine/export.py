"""Torch networks -> graphs for OpenVINO, or ONNX, each checked on the spot against the network it came from."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from llia.data.disk import new_file
from llia.engine.graphs import Network, import_openvino, largest_difference, load_graph, load_onnx, write_graph
from llia.engine.weights import load_config, load_weights
from llia.nets.painter import Features, Painter, PainterConfig, PortraitReader
from llia.nets.sight import SIGHTS, Sight, SightConfig

TOLERANCE = 1e-3  # on outputs of about one; both read the same weights
ONNX_VERSION = 17  # of ONNX's operators: the first with all that is needed, so that most programs read it


@dataclass(frozen=True)
class Exported:
    """One graph on disk and how far its answers are from the network's."""

    path: Path
    difference: float


Write = Callable[[nn.Module, Sequence[Tensor], Path, Path], Exported]


class Flat(nn.Module):
    """A network with tensors in and a tuple of tensors out, as graphs have them."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        return flatten(self.network(*inputs))


class FlatSight(Flat):
    """Sight's answer without the rough places that only training looks at."""

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        seen = self.network(*inputs)
        return seen.points, seen.log_sigma


class FlatPainter(Flat):
    """The painter's frame: features come one by one."""

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        guide_64, guide_quarter, at_64, at_32, at_16, detail = inputs
        return flatten(self.network(guide_64, guide_quarter, Features((at_64, at_32, at_16), detail)))


def flatten(value: Any) -> tuple[Tensor, ...]:
    """Tensors in dataclasses and tuples -> one tuple, in the order of the fields."""
    if isinstance(value, Tensor):
        return (value,)
    parts = [getattr(value, field.name) for field in fields(value)] if is_dataclass(value) else value
    return tuple(tensor for part in parts for tensor in flatten(part))


def export(network: nn.Module, inputs: Sequence[Tensor], weights: Path, path: Path) -> Exported:
    """A network, inputs of the shapes it is to serve, the file of its weights -> its graph; raises where they disagree.

    The file has to have all that the network was loaded from, and to stay where it lies from the graph.
    """
    network.eval()
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer's, about shapes that are constant here
        model = import_openvino().convert_model(
            network, example_input=tuple(inputs), input=[tuple(x.shape) for x in inputs]
        )
    write_graph(model, weights, path)
    return compare(network, inputs, path, load_graph(path))


def export_onnx(network: nn.Module, inputs: Sequence[Tensor], weights: Path, path: Path) -> Exported:
    """The same -> an ONNX file that needs no other, read back by OpenVINO; inputs are in0, in1 ..., outputs out0 ..."""
    network.eval()
    with torch.no_grad(), warnings.catch_warnings(), new_file(path := path.with_suffix(".onnx")) as file:
        warnings.simplefilter("ignore")
        # Traced, for the newer way wants one more package.
        torch.onnx.export(
            network, tuple(inputs), file.name, dynamo=False, opset_version=ONNX_VERSION,
            input_names=[f"in{k}" for k in range(len(inputs))],
            output_names=[f"out{k}" for k in range(len(flatten(network(*inputs))))],
        )  # fmt: skip
    return compare(network, inputs, path, load_onnx(path))


@torch.no_grad()
def compare(network: nn.Module, inputs: Sequence[Tensor], path: Path, written: Network) -> Exported:
    """A network and what was written of it -> how far they are apart; raises where that is too far."""
    expected, answer = flatten(network(*inputs)), written(*(x.numpy() for x in inputs))
    difference = largest_difference(answer, [x.numpy() for x in expected])
    if not difference < TOLERANCE:
        raise ValueError(f"the graph {path.name} differs from its network by {difference:.3g}, at most {TOLERANCE}")
    return Exported(path, difference)


def export_all(weights: Path, folder: Path, sizes_px: Sequence[int], write: Write = export) -> Iterator[Exported]:
    """A folder of weights (first, mouth, eye, painter) -> one by one, the graphs of all that a portrait needs."""
    yield from export_sights(weights, folder, write)
    yield from export_painter(weights / "painter.safetensors", folder, sizes_px, write)


def export_sights(weights: Path, folder: Path, write: Write = export) -> Iterator[Exported]:
    """A folder of weights of sight -> the graph of each network, for one crop."""
    for kind in SIGHTS:
        file = weights / f"{kind}.safetensors"
        config = load_config(file, SightConfig)
        network = Sight(config)
        load_weights(network, file)
        crop = torch.rand(1, 3, config.crop_px, config.crop_px) * 2 - 1
        yield write(FlatSight(network), [crop], file, folder / f"{kind}.xml")


def export_painter(weights: Path, folder: Path, sizes_px: Sequence[int], write: Write = export) -> Iterator[Exported]:
    """Weights of the painter -> per size of picture, what reads a portrait and what paints a frame."""
    config = load_config(weights, PainterConfig)
    network = Painter(config)
    load_weights(network, weights)
    for size in sizes_px:
        portrait = torch.rand(1, 3, size, size) * 2 - 1
        reader: PortraitReader = network.reader
        yield write(Flat(reader), [portrait], weights, folder / f"portrait-{size}.xml")
        with torch.no_grad():
            features = flatten(reader(portrait))
        channels, quarter = config.guide_channels, size // 4
        guides = [torch.rand(1, channels, side, side) * 0.1 for side in (64, quarter)]
        yield write(FlatPainter(network), [*guides, *features], weights, folder / f"painter-{size}.xml")
