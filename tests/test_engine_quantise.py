"""Graphs in int8: near the ones they are made from, written whole, found by their maker, and told where they fail."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from llia.config import Clock
from llia.engine.export import export
from llia.engine.graphs import load_graph, run_model
from llia.engine.makers import open_networks
from llia.engine.quantise import Given, agreement, groups_of, quantise, recording, save_int8, sensitivity
from llia.engine.weights import load_weights, save_weights

pytest.importorskip("nncf")
Floats = NDArray[np.float32]


class Two(nn.Module):
    """Two convolutions; of what the second takes, one channel is a thousand times larger than the others."""

    def __init__(self) -> None:
        super().__init__()
        self.easy, self.hard = nn.Conv2d(3, 8, 3, padding=1), nn.Conv2d(8, 4, 3, padding=1)
        with torch.no_grad():
            self.easy.weight[0] *= 1e3
            self.hard.weight[:, 0] *= 1e-3

    def forward(self, picture: Tensor) -> tuple[Tensor]:
        return (self.hard(torch.relu(self.easy(picture))),)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two")
    torch.manual_seed(0)
    network, weights = Two(), folder / "two.safetensors"
    save_weights(network, Clock(), weights)
    load_weights(network, weights)
    return export(network, [torch.rand(1, 3, 16, 16)], weights, folder / "two.xml").path


def calls(count: int = 12) -> list[Given]:
    rng = np.random.default_rng(0)
    return [[rng.uniform(-1, 1, (1, 3, 16, 16)).astype(np.float32)] for _ in range(count)]


def test_int8_is_near_and_lies_beside_what_it_was_made_from(graph: Path) -> None:
    given = calls()
    assert set(groups_of(graph)) == {"easy", "hard"}
    model = quantise(graph, given[::2], ["hard"])
    path = save_int8(model, graph)
    assert path.name == "two.int8.xml" and path.with_suffix(".bin").is_file()
    exact, rounded = open_networks(graph.parent)("two"), open_networks(graph.parent, "openvino-int8")("two")
    assert 20 < agreement(rounded, exact, given[1::2]) < 60
    assert agreement(run_model(model), rounded, given[1::2]) > 100
    path.with_suffix(".bin").write_bytes(b"other")
    with pytest.raises(ValueError, match=r"is of other weights than .*two\.int8\.bin now has"):
        load_graph(path)


def test_what_is_sensitive_is_told_apart(graph: Path) -> None:
    found = dict(sensitivity(graph, calls()))
    assert found.keys() == {"easy", "hard"}
    assert found["easy"] > found["hard"] + 10


def test_equal_networks_agree_and_a_known_error_is_told() -> None:
    rng = np.random.default_rng(1)
    given: list[Given] = [[rng.normal(0, 1, (4, 50)).astype(np.float32)] for _ in range(50)]

    def exact(x: Floats) -> tuple[Floats, ...]:
        return x, 5 * x

    def wrong(x: Floats) -> tuple[Floats, ...]:
        return x, (5 * x * np.float32(0.9)).astype(np.float32)

    assert agreement(exact, exact, given) == pytest.approx(120)
    assert agreement(wrong, exact, given) == pytest.approx(20, abs=1e-3)


def test_what_networks_are_given_is_kept_by_name() -> None:
    kept: dict[str, list[Given]] = {}
    opened = recording(lambda name: lambda x: (x + len(name),), kept)
    given = np.ones(2, np.float32)
    assert opened("one")(given)[0].tolist() == [4, 4]
    given += 1
    opened("three")(given)
    assert [one[0].tolist() for one in kept["one"]] == [[1, 1]] and kept["three"][0][0].tolist() == [2, 2]


def test_faults_are_told(graph: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"expected groups of layers \(easy, hard\), got soft"):
        quantise(graph, calls(2), ["soft"])
    with pytest.raises(ValueError, match="expected some calls of two to calibrate with, got none"):
        quantise(graph, [])
    with pytest.raises(FileNotFoundError, match=r"expected graphs in int8 .*llia quantise"):
        open_networks(tmp_path, "openvino-int8")
