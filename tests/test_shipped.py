"""What ships: weights and graphs that belong together, small, in every wheel, and good for a portrait."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

import numpy as np
import pytest

from llia.codec import ASSETS, GRAPHS, graph_names, open_codec
from llia.engine.stored import read_graph
from llia.eval.metrics import psnr_db
from llia.eval.motion import Exam, measure_new_voices
from llia.eval.motion_reflexes import enlivened
from llia.portrait.pictures import open_picture
from llia.stream.reflexes import SHARES
from llia.train.curriculum import open_performers
from llia.world.voice.golden import GOLDEN_VOICES

ROOT = Path(__file__).parent.parent
MOST_MB, MOST_MB_OF_PORTRAIT = 60, 40
OWN_MOTION_DB = 30.0
VOICES = Path(__file__).parent / "golden" / "voices"


def test_the_graphs_that_ship_are_of_the_weights_that_ship() -> None:
    for path in {GRAPHS / f"{name}.xml" for name in graph_names()} | set(GRAPHS.rglob("*.xml")):
        assert read_graph(path).weights.resolve().parent == ASSETS, "write it with `llia export`"


def test_what_ships_is_small() -> None:
    def size_mb(paths: set[Path]) -> float:
        return sum(path.stat().st_size for path in paths if path.is_file()) / 1e6

    graphs = {GRAPHS / f"{name}.xml" for name in graph_names()}  # of portraits
    assert size_mb(graphs | {read_graph(path).weights.resolve() for path in graphs}) < MOST_MB_OF_PORTRAIT
    assert size_mb(set(ASSETS.rglob("*"))) < MOST_MB


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="only a checkout knows what git ignores")
def test_wheels_hold_all_that_ships() -> None:
    """The builder packs the package but for what git is told to ignore."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    assert build["targets"]["wheel"] == {"packages": ["src/llia"]}
    paths = [str(path.relative_to(ROOT)) for path in ASSETS.rglob("*") if path.is_file()]
    ignored = subprocess.run(
        ["git", "check-ignore", "--no-index", *paths], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ignored.returncode == 1 and ignored.stdout == "", "git ignores some of what ships"


@pytest.mark.parametrize("name", ["kofi", "rosa"])
def test_portraits_that_ship_are_found_and_painted_as_they_are(name: str) -> None:
    codec = open_codec(256)
    appearance = codec.portray(open_picture(ASSETS / "portraits" / f"{name}.jpg").pixels)
    assert appearance.residual < 0.01 and not appearance.warnings
    painted = codec.decode(appearance.likeness.motion, appearance)
    assert psnr_db(painted, appearance.picture) > OWN_MOTION_DB
    again = codec.encode(appearance.picture, appearance)
    assert np.abs(again - appearance.likeness.motion)[54:57].max() < 0.05  # radians of the head


def test_lips_that_ship_follow_speakers_whom_no_training_heard() -> None:
    student, _ = open_performers(None)
    figures = measure_new_voices(Exam(enlivened(student, SHARES)), VOICES)
    assert figures["lip_corr_new_voices"] > 0.84 and figures["closure_new_voices"] > 0.8
    assert min(figures[f"lip_corr_{name}"] for name in GOLDEN_VOICES) > 0.8
