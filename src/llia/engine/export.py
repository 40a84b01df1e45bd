"""Torch networks -> graphs for OpenVINO, or ONNX, each checked on the spot against the network it came from."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from llia.data.disk import new_file
from llia.engine.flat import Flat, FlatPainter, FlatSight, flatten
from llia.engine.graphs import Network, import_openvino, largest_difference, load_graph, load_onnx, write_graph
from llia.engine.stored import PAINTER
from llia.engine.trained import load_painter, load_sight
from llia.nets.painter import PortraitReader
from llia.nets.sight import SIGHTS

TOLERANCE = 1e-3  # on outputs of about one; both read the same weights
ONNX_VERSION = 17  # of ONNX's operators: the first with all that is needed, so that most programs read it


@dataclass(frozen=True)
class Exported:
    """One graph on disk and how far its answers are from the network's."""

    path: Path
    difference: float


Write = Callable[[nn.Module, Sequence[Tensor], Path, Path], Exported]


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
    yield from export_painter(weights / PAINTER, folder, sizes_px, write)


def export_sights(weights: Path, folder: Path, write: Write = export) -> Iterator[Exported]:
    """A folder of weights of sight -> the graph of each network, for one crop."""
    for kind in SIGHTS:
        file = weights / f"{kind}.safetensors"
        network = load_sight(file)
        crop = torch.rand(1, 3, network.config.crop_px, network.config.crop_px) * 2 - 1
        yield write(FlatSight(network), [crop], file, folder / f"{kind}.xml")


def export_painter(weights: Path, folder: Path, sizes_px: Sequence[int], write: Write = export) -> Iterator[Exported]:
    """Weights of the painter -> per size of picture, what reads a portrait and what paints a frame."""
    network = load_painter(weights)
    for size in sizes_px:
        portrait = torch.rand(1, 3, size, size) * 2 - 1
        reader: PortraitReader = network.reader
        yield write(Flat(reader), [portrait], weights, folder / f"portrait-{size}.xml")
        with torch.no_grad():
            features = flatten(reader(portrait))
        channels, quarter = network.config.guide_channels, size // 4
        guides = [torch.rand(1, channels, side, side) * 0.1 for side in (64, quarter)]
        yield write(FlatPainter(network), [*guides, *features], weights, folder / f"painter-{size}.xml")
