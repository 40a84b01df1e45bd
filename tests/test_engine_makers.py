"""One set of weights, run in every way there is: the same answers, within what each way is allowed."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from llia.__main__ import app
from llia.engine import graphs
from llia.engine.makers import Maker, open_networks
from llia.engine.players import open_players
from theatre import CONFIG, save_small_networks

Floats = NDArray[np.float32]

EXACT, ROUNDED = 1e-4, 0.05  # between two ways, of the largest number that comes out
COMPILER = shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")
CLIPS = [f"{kind}-{length}" for kind in ("hear", "denoise") for length in CONFIG.clips.lengths]
NAMES = ("first", "mouth", "eye", "portrait-256", "painter-256", "refer", *CLIPS)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """-> a folder of weights, and in it their graphs and their ONNX files."""
    folder = tmp_path_factory.mktemp("weights")
    save_small_networks(folder)
    for place, *more in (("graphs",), ("onnx", "--onnx")):
        command = ["export", "--weights", str(folder), "-o", str(folder / place), "--size", "256", *more]
        told = CliRunner().invoke(app, command, catch_exceptions=False)
        assert told.exit_code == 0 and told.output.count("differs from its network by at most") == len(NAMES)
    return folder


def away_from_graph(weights: Path, name: str, maker: Maker) -> float:
    """-> how far a network run that way is from its graph, of the largest number that comes out."""
    given = example_for(weights / "graphs" / f"{name}.xml")
    expected = open_networks(weights / "graphs")(name)(*given)
    answer = open_networks(weights, maker)(name)(*given)
    return graphs.largest_difference(answer, expected) / max(float(np.abs(one).max()) for one in expected)


@pytest.mark.parametrize("name", NAMES)
def test_torch_answers_as_graphs_do(weights: Path, name: str) -> None:
    assert away_from_graph(weights, name, "torch") < EXACT


@pytest.mark.parametrize("name", ["hear-8", "refer", "denoise-8"])
def test_int8_products_are_near(weights: Path, name: str) -> None:
    assert EXACT < away_from_graph(weights, name, "torch-int8") < ROUNDED


@pytest.mark.skipif(COMPILER is None, reason="torch compiles with a C++ compiler, and there is none")
@pytest.mark.filterwarnings("ignore")  # of torch about itself
def test_compiled_torch_answers_as_graphs_do(weights: Path) -> None:
    """One network only: to compile it takes most of a minute."""
    assert away_from_graph(weights, "refer", "torch-compiled") < EXACT


def test_sights_take_any_number_of_crops_from_either_maker(weights: Path) -> None:
    (crop,) = example_for(weights / "graphs" / "first.xml")
    stack = np.random.default_rng(1).uniform(-1, 1, (3, *crop.shape[1:])).astype(np.float32)
    by_graph, by_torch = (
        open_networks(weights / "graphs")("first")(stack),
        open_networks(weights, "torch")("first")(stack),
    )
    assert graphs.largest_difference(by_graph, by_torch) < EXACT


def test_players_of_either_maker_are_measured_alike(weights: Path) -> None:
    by_graphs, by_torch = open_players(weights / "graphs", CONFIG), open_players(weights, CONFIG, maker="torch")
    assert all(np.array_equal(value, vars(by_torch.scale)[name]) for name, value in vars(by_graphs.scale).items())
    shape = (2, 4, CONFIG.rows_heard, CONFIG.sound.mel_bins)
    windows: Floats = np.random.default_rng(2).normal(0, 1, shape).astype(np.float32)
    assert np.abs(np.subtract(by_graphs.hear(windows), by_torch.hear(windows))).max() < EXACT


def test_what_is_asked_for_wrongly_is_told(weights: Path) -> None:
    with pytest.raises(ValueError, match=r"expected one of openvino, .*torch-int8 to run .*, got 'tensorrt'"):
        open_networks(weights, "tensorrt")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="expected the name of a network, got 'third'"):
        open_networks(weights, "torch")("third")
    with pytest.raises(FileNotFoundError, match=r"expected the graph .*painter-100\.xml"):
        open_networks(weights / "graphs")("painter-100")


def example_for(graph: Path, seed: int = 0) -> list[Floats]:
    """-> numbers of the shapes that a graph takes."""
    shapes = [tuple(one.shape) for one in graphs.compile_graph(graph, {}, None).inputs]
    rng = np.random.default_rng(seed)
    return [rng.uniform(0, 1, shape).astype(np.float32) for shape in shapes]


@pytest.mark.parametrize("name", NAMES)
def test_onnx_answers_as_its_graph_does(weights: Path, name: str) -> None:
    given = example_for(weights / "graphs" / f"{name}.xml")
    expected = graphs.load_graph(weights / "graphs" / f"{name}.xml")(*given)
    answer = graphs.load_onnx(weights / "onnx" / f"{name}.onnx")(*given)
    assert graphs.largest_difference(answer, expected) < 1e-4 < max(np.ptp(one) for one in expected)


def test_onnx_files_tell_what_goes_in_and_out(weights: Path) -> None:
    import onnx

    model = onnx.load(weights / "onnx" / "denoise-4.onnx")
    onnx.checker.check_model(model, full_check=True)
    assert [one.name for one in model.graph.input] == [f"in{k}" for k in range(12)]
    assert [one.name for one in model.graph.output] == ["out0"]
    assert {one.version for one in model.opset_import} == {17}


def test_onnx_files_need_a_folder_of_their_own(weights: Path, tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["export", "--weights", str(weights), "--onnx"])
    assert told.exit_code == 1 and "name one with -o" in str(told.exception)
    (tmp_path / "none.onnx").write_bytes(b"no model")
    with pytest.raises(ValueError, match=r"expected an OpenVINO graph in .*none\.onnx"):
        graphs.load_onnx(tmp_path / "none.onnx")
