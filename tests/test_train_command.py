"""`llia train`: from shards to weights that tell how they were made; the same command goes on, another is refused."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import get_args

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from typer.testing import CliRunner

from llia.__main__ import app, main
from llia.commands.train import What
from llia.config import Clock
from llia.engine.weights import load_config
from llia.nets.painter import PainterConfig
from llia.nets.sight import SIGHTS, SightConfig
from llia.train.order import KINDS, Order, carry_out
from llia.train.people import load_people, rest_of, seeds_in
from llia.world.face.features import shape_head
from llia.world.people.casting import cast
from llia.world.shoot.dataset import make_shards

TWO_PEOPLE = 0.032  # thousands of stills


@pytest.fixture(scope="module")
def stills(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stills")
    make_shards(folder, hours=TWO_PEOPLE, size_px=256, stills=True)
    return folder


def train(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, ["train", *map(str, arguments), "--workers", "0"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def header_of(path: Path) -> dict[str, str]:
    with safe_open(path, "pt") as file:
        return dict(file.metadata())


def test_the_command_names_all_that_can_be_trained() -> None:
    assert get_args(What) == KINDS


def test_sight_goes_from_stills_to_weights(stills: Path, tmp_path: Path) -> None:
    order = ("sight-first", "--data", stills, "--out", tmp_path, "--steps", "3", "--batch", "2", "--seed", "5")
    path = tmp_path / "first.safetensors"
    assert str(path) in train(*order)
    assert load_config(path, SightConfig) == SIGHTS["first"]
    header = header_of(path)
    assert (header["steps"], header["people"], header["pictures"], header["seed"]) == ("3", "2", "32", "5")
    assert float(header["seconds"]) >= 0
    lines = (tmp_path / "first" / "log.jsonl").read_text().splitlines()
    assert json.loads(lines[-1])["step"] == 3
    assert json.loads((tmp_path / "first" / "order.json").read_text())["batch_size"] == 2

    # What is done is not done again; without its weights they are written again from the progress that was saved.
    before = load_file(path)
    train(*order)
    path.unlink()
    train(*order)
    again = load_file(path)
    assert header_of(path) == header and again.keys() == before.keys()
    assert all(torch.equal(again[name], value) for name, value in before.items())
    assert (tmp_path / "first" / "log.jsonl").read_text().splitlines() == lines


def test_a_folder_keeps_to_its_order(stills: Path, tmp_path: Path) -> None:
    order = ("sight-eye", "--data", stills, "--out", tmp_path, "--batch", "1")
    train(*order, "--steps", "1")
    with pytest.raises(ValueError, match=r"expected num_steps 1, with which .*eye was begun, got 2"):
        train(*order, "--steps", "2")
    (tmp_path / "eye" / "progress.pt").unlink()
    train(*order, "--steps", "2")


def test_the_painter_goes_from_stills_to_weights(stills: Path, tmp_path: Path) -> None:
    train("painter", "--data", stills, "--out", tmp_path, "--steps", "3", "--batch", "1")
    assert load_config(tmp_path / "painter.safetensors", PainterConfig) == PainterConfig()
    assert (tmp_path / "painter" / "look-000003.png").is_file()
    assert header_of(tmp_path / "painter.safetensors")["people"] == "2"


def test_the_head_at_rest_is_that_of_the_person(stills: Path) -> None:
    people = load_people(sorted(stills.glob("*.tar")), Clock())
    assert (rest_of(people.about[1]).vertices == shape_head(cast(1)).vertices).all()
    assert rest_of(people.about[1]) is rest_of(people.about[1])
    assert seeds_in(sorted(stills.glob("*.tar"))) == {0, 1}


def test_the_judge_knows_nobody_of_sights_people(stills: Path, tmp_path: Path) -> None:
    order = Order("judge", (stills,), tmp_path, num_steps=1, batch_size=1, apart_from=(stills,), num_workers=0)
    with pytest.raises(ValueError, match="expected people whom sight never saw, got 2 of its own"):
        carry_out(order)


@pytest.mark.parametrize(
    ("what", "fault"),
    [
        (("hearing",), "expected --held-out for hearing"),
        (("judge",), "expected --apart-from for the judge"),
        (("sight-eye", "--data", "no-such-folder"), "expected a folder of shards"),
        (("painter", "--device", "cuda"), "expected a GPU"),
    ],
)
def test_what_cannot_be_is_one_line(
    what: tuple[str, ...], fault: str, stills: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(sys, "argv", ["llia", "train", *what, "--data", str(stills), "--out", str(tmp_path)])
    with pytest.raises(SystemExit) as caught:
        main()
    assert str(caught.value.code).startswith("llia: ") and fault in str(caught.value.code)
