"""The commands do what they say, and a fault of the world is one line and exit code 1."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from llia.__main__ import app, main
from llia.doctor import one_line

SOURCE = Path(__file__).parent.parent / "src"
SIZE = 48
AUDIBLE = 0.01


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def fault_of(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    """-> the line with which the command gives up."""
    monkeypatch.setattr(sys, "argv", ["llia", *arguments])
    monkeypatch.delenv("LLIA_DEBUG", raising=False)
    with pytest.raises(SystemExit) as caught:
        main()
    assert isinstance(caught.value.code, str), "a text as the exit code is printed, and the code is 1"
    assert caught.value.code.startswith("llia: ") and "\n" not in caught.value.code
    return caught.value.code


def test_a_person_is_cast_changed_and_kept(tmp_path: Path) -> None:
    plain = json.loads(run("world", "person", "7"))
    changed = json.loads(run("world", "person", "7", "--set", "skin.tone=8", "--set", "hair.style=bob"))
    assert changed["skin"].pop("tone") == 8 and changed["hair"].pop("style") == "bob"
    del plain["skin"]["tone"], plain["hair"]["style"]
    assert changed == plain
    assert json.loads(run("world", "person", "maeve"))["seed"] == 246
    run("world", "person", "7", "-o", str(tmp_path / "person.json"))
    again = json.loads(run("world", "person", str(tmp_path / "person.json"), "--set", "skin.tone=8"))
    assert again == json.loads(run("world", "person", "7", "--set", "skin.tone=8"))
    assert json.loads((tmp_path / "person.json").read_text())["seed"] == plain["seed"]


def test_mouths_fill_a_block_of_rows(tmp_path: Path) -> None:
    path = tmp_path / "mouths.png"
    run("world", "sheet", "--visemes", "--size", str(SIZE), "-o", str(path))
    with Image.open(path) as picture:
        assert picture.size == (6 * SIZE, 4 * SIZE)


def test_a_number_of_an_error_is_not_told(tmp_path: Path) -> None:
    assert one_line(OSError(28, "expected room")) == "expected room"
    assert one_line(FileNotFoundError(2, "No such file", "a.png")) == "No such file: a.png"
    assert one_line(ValueError("two\nlines")) == "two lines"


@pytest.mark.parametrize("state", ["speaking", "listening"])
def test_somebody_is_heard_for_as_long_as_was_asked(tmp_path: Path, state: str) -> None:
    path = tmp_path / "film.mp4"
    run("world", "film", "--state", state, "--seconds", "8", "--size", "32", "--seed", "3", "-o", str(path))
    with av.open(path) as film:
        sound = np.concatenate([block.to_ndarray()[0] for block in film.decode(audio=0)])
        parts = sound[: len(sound) // 4 * 4].reshape(4, -1)
    assert abs(len(sound) / 48_000 - 8) < 0.1
    assert (np.abs(parts).max(1) > AUDIBLE).all()


def test_a_sheet_has_its_rows_and_columns(tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    run("world", "sheet", "--people", "3", "--columns", "2", "--size", str(SIZE), "-o", str(path))
    with Image.open(path) as picture:
        assert picture.size == (2 * SIZE, 2 * SIZE)


def test_faults_are_one_line_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone = str(tmp_path / "no" / "such" / "sheet.png")
    for arguments, words in (
        (("world", "head", "no/such/head.npz"), "no/such/head.npz"),
        (
            ("world", "person", "7", "--set", "skin.tone=80"),
            "skin.tone: Input should be less than or equal to 9, got 80",
        ),
        (("world", "person", "7", "--set", "skin.ton=8"), "tone, warmth"),
        (("world", "person", "7", "--set", "skin.tone"), "expected a change like skin.tone=3"),
        (("world", "person", "7", "-o", gone), "no/such"),
        (("world", "sheet", "--emotions", "--visemes"), "draw one sheet for each"),
        (("world", "sheet", "-o", gone), "no/such"),
        (("world", "sheet", "-o", "sheet.txt"), "expected a name that ends in .png or .jpg"),
        (("world", "sheet", "-o", str(tmp_path)), "expected a name that ends in"),
        (("world", "sheet", "--people", "900", "-o", "sheet.png"), "expected a sheet of at most"),
        (("world", "film", "-o", gone.replace(".png", ".mp4")), "no/such"),
        (("world", "film", "-o", "film.avi"), "expected a name that ends in .mp4"),
        (("world", "film", "--text", " "), "expected a text to say, got none"),
        (("world", "film", "--emotion", "happy"), "write for example happy=0.7"),
        (("world", "shards", "--hours", "inf", "--out", gone), "expected hours above 0, got inf"),
        (("world", "person", "7", "--picture", gone), "no/such"),
        (("world", "film", "--emotion", "glad=1"), "expected one of neutral, happy, sad, angry, surprised"),
    ):
        assert words in fault_of(monkeypatch, *arguments)


def test_a_process_ends_with_one_line_or_with_everything() -> None:
    command = [sys.executable, "-m", "llia", "world", "head", "no/such/head.npz"]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    result = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert result.returncode == 1 and result.stderr.count("\n") == 1 and result.stderr.startswith("llia: expected")
    environment["LLIA_DEBUG"] = "1"
    result = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert result.returncode == 1 and "Traceback" in result.stderr


def test_the_doctor_leaves_nothing_in_the_home_folder(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "HOME": str(tmp_path)}
    command = [sys.executable, "-m", "llia", "doctor", "--json"]
    result = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert json.loads(result.stdout)["works"] is True
    assert list(tmp_path.iterdir()) == []


def test_options_without_a_command_ask_for_the_whole_motion(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "nobody" in fault_of(monkeypatch, "eval", "--json", "--weights", str(tmp_path / "nobody"))
    assert "llia eval emotion --help" in fault_of(monkeypatch, "eval", "--json", "emotion")
