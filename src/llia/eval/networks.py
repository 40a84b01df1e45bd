"""Where trained networks lie -> all that `llia eval` needs of them: sight, painter, judge, as callables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from llia.codec import ASSETS, GRAPHS, PAINTERS, painters_of, sights_of
from llia.engine.graphs import graph_cache
from llia.engine.makers import Maker, open_networks
from llia.engine.stored import PAINTER
from llia.portrait.find import Sights
from llia.portrait.paint import Painters
from llia.progress import progress

JUDGE = "judge"  # a folder beside the weights of sight
NUM_THREADS = 2


@dataclass(frozen=True)
class Networks:
    """What is measured, and who measures; what is not trained yet is None."""

    sights: Sights
    painters: Painters | None
    judge: Sights | None


def load_networks(weights: Path | None, size_px: int, engine: Maker = "openvino") -> Networks:
    """A folder of weights in training, or None for what ships, and what runs them -> the networks, the painter for that
    size."""
    if engine == "openvino-int8":
        raise ValueError("expected openvino or torch to be measured, got openvino-int8; `llia quantise` measures that")
    if engine.startswith("torch"):
        return open_those_there(weights or ASSETS, size_px, engine, None)
    if weights is None:
        return open_those_there(GRAPHS, size_px, "openvino", graph_cache())
    with TemporaryDirectory() as folder:  # a graph that was opened needs its files no more
        make_graphs(weights, Path(folder), size_px)
        return open_those_there(Path(folder), size_px, "openvino", None)


def make_graphs(weights: Path, folder: Path, size_px: int) -> None:
    """Weights in training, of sight at least -> their graphs."""
    from llia.engine.export import export_painter, export_sights

    makers = [export_sights(weights, folder)]
    if (weights / JUDGE).is_dir():
        makers.append(export_sights(weights / JUDGE, folder / JUDGE))
    if (weights / PAINTER).is_file():
        makers.append(export_painter(weights / PAINTER, folder, [size_px]))
    with progress("making graphs", "networks", len(makers)) as tally:
        for maker in makers:
            list(maker)
            tally.advance()


def open_those_there(folder: Path, size_px: int, maker: Maker, cache: Path | None) -> Networks:
    """A folder of graphs or weights -> the networks that are there, sight at least."""
    opened = open_networks(folder, maker, NUM_THREADS, cache)
    files = [f"{name}-{size_px}.xml" for name in PAINTERS] if not maker.startswith("torch") else [PAINTER]
    judges = open_networks(folder / JUDGE, maker, NUM_THREADS, cache)
    return Networks(
        sights=sights_of(opened),
        painters=painters_of(opened, size_px) if all((folder / file).is_file() for file in files) else None,
        judge=sights_of(judges) if (folder / JUDGE).is_dir() else None,
    )
