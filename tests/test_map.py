"""The README's map is the tree, imports point one way, files and functions are small, importing does nothing."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from llia.__main__ import app
from llia.doctor import EXTRAS

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src"
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
MAX_KERNEL_LINES = 100
# numba kernels that lose their speed or their sense when they are cut, each with its reason.
LONG_KERNELS: dict[str, str] = {}
VAGUE_NAMES = {"utils.py", "util.py", "common.py", "helpers.py", "helper.py", "misc.py", "base.py"}
TORCH_FOLDERS = ("nets", "train", "engine")  # the only places that know torch


def files() -> list[Path]:
    return sorted(path for path in (SOURCE / "llia").rglob("*.py"))


def module_of(path: Path) -> str:
    """src/llia/head/shape.py -> llia.head.shape"""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def path_of(module: str) -> Path:
    """llia.head.shape -> src/llia/head/shape.py"""
    path = SOURCE.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def readme_map() -> dict[str, str]:
    """-> the map's files in its order, as paths under src, each with its line's words."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"^## Map\n.*?^```text\nsrc/llia/\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert block, "expected a '## Map' with a ```text block that begins with src/llia/"
    entries: dict[str, str] = {}
    folders = ["llia"]
    for line in block[1].splitlines():
        match = re.fullmatch(r"((?:  )+)(\S+)(?: +(\S.*))?", line)
        assert match, f"expected indentation by twos, a name and its words, got {line!r}"
        indentation, name, words = match.groups()
        folders = folders[: len(indentation) // 2]
        if name.endswith("/"):
            folders.append(name[:-1])
            continue
        path = "/".join([*folders, name])
        assert path not in entries, f"{path} stands twice in the map"
        entries[path] = words or ""
    return entries


def is_empty_init(path: Path) -> bool:
    return path.name == "__init__.py" and not path.read_text(encoding="utf-8").strip()


def test_the_map_is_the_tree() -> None:
    there = {str(path.relative_to(SOURCE)) for path in files() if not is_empty_init(path)}
    mapped = readme_map()
    assert there - mapped.keys() == set(), "files that the README's map lacks"
    assert mapped.keys() - there == set(), "lines of the README's map without a file"
    assert [path for path, words in mapped.items() if not words] == [], "lines of the map without words"


def imports_of(path: Path) -> Iterator[str]:
    """-> every module that the file imports anywhere, with names that may be modules themselves."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: expected whole names in imports, got a relative one"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_imports_point_up_the_map() -> None:
    order = {module_of(SOURCE / path): place for place, path in enumerate(readme_map())}
    wrong = []
    for path in files():
        module = module_of(path)
        if module not in order or path.name == "__main__.py":
            continue
        wrong += [
            f"{module} imports {other}, which stands below it"
            for other in imports_of(path)
            if other in order and order[other] >= order[module]
        ]
    assert wrong == []


def test_torch_stays_where_it_belongs() -> None:
    for path in files():
        folder = path.relative_to(SOURCE / "llia").parts[0]
        if folder not in TORCH_FOLDERS:
            assert not any(name.split(".")[0] == "torch" for name in imports_of(path)), f"{path} imports torch"


def test_files_are_short_and_named_by_a_noun() -> None:
    for path in [*files(), *sorted((ROOT / "tests").rglob("*.py"))]:
        lines = path.read_text(encoding="utf-8").count("\n")
        assert lines <= MAX_FILE_LINES, f"{path.relative_to(ROOT)} has {lines} lines; split it by noun"
        assert path.name not in VAGUE_NAMES, f"{path.relative_to(ROOT)}: name what it holds"


def test_functions_are_short() -> None:
    too_long, found = [], set()
    for path in [*files(), *sorted((ROOT / "tests").rglob("*.py"))]:
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            assert node.end_lineno
            lines = node.end_lineno - node.lineno + 1
            name = f"{path.relative_to(ROOT)}:{node.name}"
            is_kernel = any("njit" in ast.unparse(decorator) for decorator in node.decorator_list)
            if name in LONG_KERNELS and is_kernel:
                found.add(name)
            limit = MAX_KERNEL_LINES if name in LONG_KERNELS and is_kernel else MAX_FUNCTION_LINES
            if lines > limit:
                too_long.append(f"{name} has {lines} lines of {limit}")
    assert too_long == []
    assert found == set(LONG_KERNELS), "exemptions that nothing needs any more"


def third_party_imports() -> list[str]:
    """-> what any file imports at its top from other packages, so that their own doings are not blamed on us."""
    names = {
        name
        for path in files()
        for node in tree_of(path).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""])
    }
    return sorted(name for name in names if name.split(".")[0] not in {"llia", "__future__"})


# Runs in a fresh process; argv: folder of the sources, JSON with `others`, `modules` and `without`.
PROBE = """
import importlib, json, os, sys, threading
sys.path.insert(0, sys.argv[1])
task = json.loads(sys.argv[2])
for name in task["without"]:
    sys.modules[name] = None
for name in task["others"]:
    try:
        importlib.import_module(name)
    except ImportError:
        pass
doings, faults, watching = [], {}, True
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
KERNELS = os.environ["NUMBA_CACHE_DIR"]
WATCHED = {"os.mkdir", "os.remove", "os.rename", "os.putenv", "os.unsetenv", "os.chdir",
           "subprocess.Popen", "os.system", "os.fork", "os.posix_spawn", "socket.connect", "shutil.copyfile"}
def watch(event, arguments):
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING
    ours = KERNELS not in str(arguments[:1])  # numba readies its cache's folder wherever it sees a kernel
    if watching and ours and (event in WATCHED or writes):
        doings.append([current, event, str(arguments[:1])])
sys.addaudithook(watch)
threads = threading.active_count()
for current in task["modules"]:
    try:
        importlib.import_module(current)
    except ImportError as error:
        faults[current] = str(error.name).partition(".")[0]
watching = False
if threading.active_count() != threads:
    doings.append(["some module", "left a thread", ""])
for name, module in list(sys.modules.items()):
    if name.startswith("llia") and module is not None:
        for key, value in vars(module).items():
            if hasattr(value, "nopython_signatures") and value.nopython_signatures:
                doings.append([name, "numba compiled", key])
print(json.dumps({"doings": doings, "faults": faults}))
"""


def probe(tmp_path: Path, source: Path, modules: list[str], others: list[str], without: list[str]) -> Any:
    """Import modules in one fresh process -> what that did, and which of them could not be imported."""
    task = json.dumps({"others": others, "modules": modules, "without": without})
    kernels = str(tmp_path / "kernels")
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(tmp_path), "NUMBA_CACHE_DIR": kernels}
    command = [sys.executable, "-c", PROBE, str(source), task]
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_importing_does_nothing(tmp_path: Path) -> None:
    found = probe(tmp_path, SOURCE, [module_of(path) for path in files()], third_party_imports(), [])
    assert found["doings"] == []
    assert found["faults"] == {}


NAUGHTY = {
    "os.mkdir": "import os; os.mkdir('made')",
    "open": "open('written', 'w').close()",
    "os.putenv": "import os; os.environ['LLIA_SET'] = '1'",
    "left a thread": "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()",
    "subprocess.Popen": "import subprocess, sys; subprocess.run([sys.executable, '-c', ''])",
    "numba compiled": "import numba; double = numba.njit('f8(f8)')(lambda x: x + x)",
}


@pytest.mark.parametrize("doing", NAUGHTY)
def test_the_probe_sees_what_an_import_does(doing: str, tmp_path: Path) -> None:
    (tmp_path / "llia_naughty.py").write_text(NAUGHTY[doing], encoding="utf-8")
    others = ["numba"] if "numba" in doing else ["threading", "subprocess"]
    found = probe(tmp_path, tmp_path, ["llia_naughty"], others, [])
    assert doing in {event for _, event, _ in found["doings"]}


def test_the_core_imports_without_any_extra(tmp_path: Path) -> None:
    extras = [package.module for packages in EXTRAS.values() for package in packages]
    faults = probe(tmp_path, SOURCE, [module_of(path) for path in files()], [], extras)["faults"]
    assert set(faults.values()) <= set(extras), faults
    product = {module: fault for module, fault in faults.items() if not may_need_an_extra(module)}
    assert product == {}, (
        "only the world, what measures by it, the training and the torch side of the engine may need an extra"
    )


def may_need_an_extra(module: str) -> bool:
    folder = module.split(".")[1]
    if folder == "engine":
        return any(name.startswith(("torch", "safetensors", "llia.nets")) for name in imports_of(path_of(module)))
    return folder in {"world", "nets", "train", "eval"}


def readme_commands() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks: list[str] = re.findall(r"^```bash\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def is_option(words: list[str]) -> bool:
    return not words or words[0].startswith("-")


@pytest.mark.parametrize("line", readme_commands())
def test_the_commands_of_the_readme_exist(line: str) -> None:
    program, *words = shlex.split(line, comments=True)
    if program == "make":
        assert f"\n{words[0]}:" in (ROOT / "Makefile").read_text(encoding="utf-8")
        return
    if program == ".":
        assert words == [".venv/bin/activate"]
        return
    assert program == "llia"
    command: Any = typer.main.get_command(app)
    path: list[str] = []
    while hasattr(command, "commands") and not (command.invoke_without_command and is_option(words)):
        path.append(words.pop(0))
        command = command.commands[path[-1]]
    context = command.make_context(" ".join(path), words)  # parses the arguments, runs nothing
    assert context.params
    shown = CliRunner().invoke(app, [*path, "--help"])
    assert shown.exit_code == 0


def all_commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if not hasattr(command, "commands") or command.invoke_without_command:
        yield path
    if not hasattr(command, "commands"):
        return
    for name, child in command.commands.items():
        yield from all_commands(child, (*path, name))


@pytest.mark.parametrize("path", list(all_commands(typer.main.get_command(app))), ids=" ".join)
def test_every_command_shows_an_example(path: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(app, [*path, "--help"])
    assert shown.exit_code == 0
    assert f"Example: llia {' '.join(path)}" in " ".join(shown.stdout.split())
