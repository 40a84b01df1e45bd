"""The doctor sees what is missing, and says what it would give and how to get it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import io
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from llia import __main__ as command_line
from llia import doctor
from llia.doctor import CORE, EXTRAS, Finding, Package

ROOT = Path(__file__).parent.parent


def project() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        data: dict[str, Any] = tomllib.load(file)["project"]
    return data


def names(requirements: list[str]) -> list[str]:
    return [re.split(r"[<>=\[ ]", requirement)[0] for requirement in requirements]


def test_the_doctor_knows_the_packages_of_the_project_file() -> None:
    assert names(project()["dependencies"]) == [package.pip for package in CORE]
    for extra, requirements in project()["optional-dependencies"].items():
        assert names(requirements) == [package.pip for package in EXTRAS[extra]]
    assert set(doctor.GIVES) == {"core", *project()["optional-dependencies"]} == {"core", *EXTRAS}


def test_every_requirement_has_a_floor_and_no_ceiling() -> None:
    for requirements in [project()["dependencies"], *project()["optional-dependencies"].values()]:
        for requirement in requirements:
            assert ">=" in requirement and "<" not in requirement and "==" not in requirement, requirement


def test_all_that_is_needed_is_here() -> None:
    findings = doctor.examine()
    assert doctor.works(findings), [finding for finding in findings if not finding.present]
    found = {finding.name for finding in findings}
    assert found >= {
        "Python",
        "cores",
        "memory",
        "kernel cache",
        "graph cache",
        "core",
        "extra world",
        "espeak",
        "flite",
        "festival",
        "assets/head.npz",
        "graphs of portraits",
        "graphs of motion",
    }
    for finding in findings:
        assert finding.detail and finding.gives and (finding.present or finding.get)


def test_a_missing_package_is_named_with_the_way_to_get_it() -> None:
    missing = Package("no-such-thing", "no_such_thing")
    finding = doctor.examine_packages("world", (EXTRAS["world"][0], missing))
    assert not finding.present and not finding.needed
    assert finding.detail == "not installed: no-such-thing"
    assert finding.get == "pip install -e '.[world]'"


def test_a_package_that_does_not_import_is_not_called_present(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_thing.py").write_text("raise ImportError('libEGL.so.1: cannot open shared object file')")
    monkeypatch.syspath_prepend(tmp_path)
    finding = doctor.examine_packages("world", (Package("broken", "broken_thing"),))
    assert not finding.present
    assert finding.detail == "broken does not import: libEGL.so.1: cannot open shared object file"


def test_the_kernel_cache_needs_a_place_that_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "not" / "yet"))
    assert doctor.examine_kernel_cache().present
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    finding = doctor.examine_kernel_cache()
    assert not finding.present and "cannot write" in finding.detail and "NUMBA_CACHE_DIR" in finding.get


def test_the_graph_cache_needs_a_place_that_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "llia" / "graphs").mkdir(parents=True)
    (tmp_path / "llia" / "graphs" / "1.blob").write_bytes(bytes(2_000_000))
    finding = doctor.examine_graph_cache()
    assert finding.present and finding.detail.startswith(f"1 compiled graphs, 2.0 MB in {tmp_path}")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    finding = doctor.examine_graph_cache()
    assert not finding.present and "cannot write" in finding.detail and "XDG_CACHE_HOME" in finding.get


def test_graphs_that_are_missing_are_told_with_the_way_to_make_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("llia.codec.GRAPHS", tmp_path)
    for finding, graph in zip(doctor.examine_graphs(), ("first.xml", "refer.xml"), strict=True):
        assert not finding.present and not finding.needed and finding.get == "llia export"
        assert graph in finding.detail and "write it with `llia export`" in finding.detail


def test_the_core_broken_is_an_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> tuple[Finding, ...]:
        return (Finding("files", "assets/head.npz", False, "[gone]", "the head", "llia world head", needed=True),)

    monkeypatch.setattr(doctor, "examine", broken)
    result = CliRunner().invoke(command_line.app, ["doctor"])
    assert result.exit_code == 1
    assert "[gone]" in result.stdout and "llia cannot work without" in result.stdout


def test_table_and_json_tell_the_same() -> None:
    findings = doctor.examine()
    shown = io.StringIO()
    doctor.show(findings, Console(file=shown, width=200))
    plain = json.loads(json.dumps(doctor.to_plain(findings)))
    assert plain["works"] is True
    assert [entry["name"] for entry in plain["findings"]] == [finding.name for finding in findings]
    for finding in findings:
        assert finding.name in shown.getvalue()
        if not finding.present:
            assert finding.gives in shown.getvalue() and finding.get in shown.getvalue()


def test_an_import_that_fails_is_explained_where_an_extra_brings_it() -> None:
    advice = doctor.explain(ModuleNotFoundError("No module named 'scipy'", name="scipy.ndimage"))
    get = "pip install -e '.[world]' (all extras: make install)"
    assert advice == f"this needs scipy of the extra 'world'; get it with: {get}"
    assert doctor.explain(ModuleNotFoundError("No module named 'llia.nets'", name="llia.nets")) is None


def test_the_version_is_that_of_the_project_file() -> None:
    assert importlib.metadata.version("llia") == project()["version"]
