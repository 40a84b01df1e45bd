"""Graphs: their constants lie in the weights, they notice other weights, and they answer as their networks do."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from llia.config import Clock
from llia.engine import graphs
from llia.engine.export import Exported, export
from llia.engine.graphs import graph_cache, load_for_many, load_graph
from llia.engine.stored import places_of_tensors, read_graph
from llia.engine.weights import load_weights, save_weights


class Small(nn.Module):
    """A convolution, a table that is looked up, a product that folds: constants of every kind."""

    def __init__(self) -> None:
        super().__init__()
        self.convolve = nn.Conv2d(3, 8, 3, padding=1)
        self.table = nn.Embedding(5, 8)
        self.widen = nn.Linear(8, 300)
        self.gain = nn.Parameter(torch.rand(300))

    def forward(self, picture: Tensor, which: Tensor) -> tuple[Tensor]:
        seen = self.convolve(picture).mean((2, 3)) + self.table(which.long())
        return (self.widen(seen) * (2 * self.gain),)


def make(folder: Path, seed: int = 0) -> tuple[Small, Path]:
    """-> a network and its weights, from which it was loaded again, as they are in half precision."""
    torch.manual_seed(seed)
    network, weights = Small(), folder / "small.safetensors"
    save_weights(network, Clock(), weights)
    load_weights(network, weights)
    return network, weights


def inputs(side: int, seed: int = 1) -> list[Tensor]:
    torch.manual_seed(seed)
    return [torch.rand(1, 3, side, side), torch.tensor([3.0])]


@pytest.fixture
def exported(tmp_path: Path) -> Exported:
    network, weights = make(tmp_path)
    return export(network, inputs(16), weights, tmp_path / "graphs" / "small-16.xml")


def test_graphs_of_all_sizes_read_one_copy_of_the_weights(tmp_path: Path) -> None:
    network, weights = make(tmp_path)
    for side in (16, 32):
        done = export(network, inputs(side), weights, tmp_path / f"small-{side}.xml")
        constants = read_graph(done.path).constants
        stored = weights.read_bytes()
        assert constants.startswith(stored)
        assert len(constants) - len(stored) < 2 * 300 * 4 + 100  # the doubled gain, the bias times it, and sizes
        answer = load_graph(done.path)(*(x.numpy() for x in inputs(side)))[0]
        assert np.abs(answer - network(*inputs(side))[0].detach().numpy()).max() < 1e-4
        assert done.difference < 1e-4
    assert {one.name for one in tmp_path.iterdir()} == {"small-16.xml", "small-32.xml", weights.name}


def test_tensors_are_found_where_they_lie(tmp_path: Path) -> None:
    network, weights = make(tmp_path)
    stored, places = weights.read_bytes(), places_of_tensors(weights.read_bytes())
    for value in network.state_dict().values():
        half = value.half().numpy().tobytes()
        assert stored[places[half] : places[half] + len(half)] == half


def test_answers_outlive_what_was_read(exported: Exported) -> None:
    graph, given = load_graph(exported.path), [x.numpy() for x in inputs(16)]
    first = graph(*given)[0].copy()
    overwritten = [np.full(20_000, 1e30, np.float32) for _ in range(50)]  # where the weights were read into, if freed
    assert np.array_equal(graph(*given)[0], first) and len(overwritten) == 50


def test_a_graph_moves_with_its_weights_and_notices_others(exported: Exported, tmp_path: Path) -> None:
    given = [x.numpy() for x in inputs(16)]
    before = load_graph(exported.path)(*given)[0]
    shutil.copytree(tmp_path, moved := tmp_path / "elsewhere")
    graph, weights = moved / "graphs" / "small-16.xml", moved / "small.safetensors"
    assert np.array_equal(load_graph(graph)(*given)[0], before)
    (link := tmp_path / "link").symlink_to(moved / "graphs")
    assert np.array_equal(load_graph(link / graph.name)(*given)[0], before)
    make(moved, seed=7)
    with pytest.raises(ValueError, match=r"is of other weights than .*small\.safetensors now has; .*llia export"):
        load_graph(graph)
    weights.unlink()
    with pytest.raises(FileNotFoundError, match=r"expected the weights .*small\.safetensors"):
        load_graph(graph)


def test_weights_of_another_shape_are_refused_in_a_sentence(tmp_path: Path) -> None:
    _, weights = make(tmp_path)
    with pytest.raises(ValueError, match=r"expected weights of this version's Linear in .*small\.safetensors"):
        load_weights(nn.Linear(2, 2), weights)


def test_a_graph_needs_the_weights_of_its_network(tmp_path: Path) -> None:
    _, weights = make(tmp_path)
    with pytest.raises(ValueError, match=r"expected the weights of large\.xml in .*small\.safetensors"):
        export(nn.Linear(400, 400), [torch.rand(1, 400)], weights, tmp_path / "large.xml")
    assert not (tmp_path / "large.xml").exists()


@pytest.mark.parametrize("text", ["", "no xml", "<net/>", "<net><rt_info><llia/></rt_info></net>", "\xff"])
def test_what_is_no_graph_is_refused_in_a_sentence(text: str, tmp_path: Path) -> None:
    (path := tmp_path / "first.xml").write_bytes(text.encode("latin-1"))
    with pytest.raises(ValueError, match=r"expected a graph of llia in .*first\.xml.*llia export"):
        load_graph(path)
    with pytest.raises(FileNotFoundError, match=r"expected the graph .*none\.xml; write it with `llia export`"):
        load_graph(tmp_path / "none.xml")


def test_a_broken_graph_is_refused_too(exported: Exported) -> None:
    exported.path.write_text(exported.path.read_text().replace('type="Convolution"', 'type="Contortion"'))
    with pytest.raises(ValueError, match=r"expected an OpenVINO graph in .*small-16\.xml"):
        load_graph(exported.path)


def test_compiled_graphs_are_kept_and_other_weights_are_not_mixed_up(exported: Exported, tmp_path: Path) -> None:
    cache, given = tmp_path / "cache", [x.numpy() for x in inputs(16)]
    plain = load_graph(exported.path)(*given)[0]
    for _ in range(2):
        assert np.array_equal(load_graph(exported.path, cache=cache)(*given)[0], plain)
        assert len(list(cache.iterdir())) == 1
    network, weights = make(tmp_path, seed=7)
    export(network, inputs(16), weights, exported.path)
    assert np.abs(load_graph(exported.path, cache=cache)(*given)[0] - plain).max() > 0.01
    assert len(list(cache.iterdir())) == 2


def test_the_cache_lies_where_the_user_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert graph_cache() == tmp_path / "llia" / "graphs"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert graph_cache() == tmp_path / "home" / ".cache" / "llia" / "graphs"
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert graph_cache() is None


def test_what_was_compiled_long_ago_or_is_too_much_is_removed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder, now = tmp_path / "llia" / "graphs", time.time()
    folder.mkdir(parents=True)
    for name, days in (("new.blob", 0), ("month.blob", 29), ("old.blob", 31), ("old.txt", 99)):
        (folder / name).write_bytes(b"1234")
        os.utime(folder / name, (now - days * 86_400,) * 2)
    assert graph_cache() == folder
    assert {one.name for one in folder.iterdir()} == {"new.blob", "month.blob", "old.txt"}
    monkeypatch.setattr(graphs, "CACHED_BYTES", 7)
    assert graph_cache() == folder
    assert {one.name for one in folder.iterdir()} == {"new.blob", "old.txt"}


def test_a_stack_is_answered_as_its_pieces(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network, weights = nn.Conv2d(3, 4, 3), tmp_path / "one.safetensors"
    save_weights(network, Clock(), weights)
    load_weights(network, weights)
    path = export(network, [torch.rand(1, 3, 8, 8)], weights, tmp_path / "one.xml").path
    stack = np.random.default_rng(0).random((5, 3, 8, 8), np.float32)
    one_by_one = np.concatenate([load_graph(path)(one[None])[0] for one in stack])
    assert np.array_equal(load_for_many(path, 2)(stack)[0], one_by_one)
