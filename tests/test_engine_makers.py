"""One set of weights, run in every way there is: the same answers, within what each way is allowed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from llia.__main__ import app
from llia.engine import graphs
from theatre import CONFIG, save_small_networks

Floats = NDArray[np.float32]

NUM_TOKENS = 4
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
