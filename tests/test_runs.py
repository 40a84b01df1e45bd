"""The scripts in runs/ are bash, and call only commands and options that exist."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from llia.__main__ import app
from llia.train.order import KINDS

RUNS = Path(__file__).parent.parent / "runs"
SCRIPTS = sorted(RUNS.glob("*.sh"))

# Stands in for llia: writes down what it was told, does nothing.
STAND_IN = """#!{python}
import json, os, sys
with open(os.environ["TOLD"], "a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
"""


def calls_of(script: Path, folder: Path) -> list[list[str]]:
    """A script, run with a stand-in for llia -> the arguments of every call."""
    stand_in = folder / "bin" / "llia"
    stand_in.parent.mkdir()
    stand_in.write_text(STAND_IN.format(python=sys.executable))
    stand_in.chmod(0o755)
    (folder / "out").mkdir()
    (folder / "teacher.safetensors").touch()  # which ablations begin from
    told = folder / "told.jsonl"
    path = f"{stand_in.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "TOLD": str(told), "FOLDER": str(folder / "out"), "TEACHER": str(folder)}
    subprocess.run(["bash", str(script)], check=True, capture_output=True, env=environment)
    return [json.loads(line) for line in told.read_text().splitlines()]


def test_all_scripts_are_there() -> None:
    assert [script.name for script in SCRIPTS] == ["ablations.sh", "live.sh", "tiny.sh"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_is_bash(script: Path) -> None:
    subprocess.run(["bash", "-n", str(script)], check=True, capture_output=True)
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in script.read_text()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_calls_what_exists(script: Path, tmp_path: Path) -> None:
    calls = calls_of(script, tmp_path)
    assert len(calls) > 10
    for words in calls:
        command: Any = typer.main.get_command(app)
        path: list[str] = []
        rest = list(words)
        while hasattr(command, "commands"):
            path.append(rest.pop(0))
            command = command.commands[path[-1]]
        assert command.make_context(" ".join(path), rest).params  # parses the arguments, runs nothing
        assert CliRunner().invoke(app, [*path, "--help"]).exit_code == 0


def test_the_live_script_trains_everything(tmp_path: Path) -> None:
    calls = calls_of(RUNS / "live.sh", tmp_path)
    assert {words[1] for words in calls if words[0] == "train"} == set(KINDS)
