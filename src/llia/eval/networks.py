"""Where trained networks lie -> all that `llia eval` needs of them: sight, painter, judge, as callables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from llia.codec import ASSETS, GRAPHS, PAINTERS, SIGHTS, Engine, open_painters, open_sights
from llia.engine.graphs import graph_cache
from llia.portrait.find import Sights
from llia.portrait.paint import Painters
from llia.progress import progress

JUDGE, PAINTER = "judge", "painter.safetensors"  # a folder and a file beside the weights of sight
NUM_THREADS = 2


@dataclass(frozen=True)
class Networks:
    """What is measured, and who measures; what is not trained yet is None."""

    sights: Sights
    painters: Painters | None
    judge: Sights | None


def load_networks(weights: Path | None, size_px: int, engine: Engine = "openvino") -> Networks:
    """A folder of weights in training, or None for what ships, and what runs them -> the networks, the painter for that
    size."""
    if engine == "torch":
        return load_eager(weights or ASSETS)
    if weights is None:
        return open_graphs(GRAPHS, size_px, graph_cache())
    with TemporaryDirectory() as folder:  # a graph that was opened needs its files no more
        make_graphs(weights, Path(folder), size_px)
        return open_graphs(Path(folder), size_px, None)


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


def open_graphs(folder: Path, size_px: int, cache: Path | None) -> Networks:
    painted = all((folder / f"{name}-{size_px}.xml").is_file() for name in PAINTERS)
    return Networks(
        sights=open_sights(folder, NUM_THREADS, cache),
        painters=open_painters(folder, size_px, NUM_THREADS, cache) if painted else None,
        judge=open_sights(folder / JUDGE, NUM_THREADS, cache) if (folder / JUDGE).is_dir() else None,
    )


def load_eager(weights: Path) -> Networks:
    """Weights -> the networks, run by torch."""
    from llia.engine.eager import load_painter, load_sight

    def load_sights(folder: Path) -> Sights:
        first, mouth, eye = (load_sight(folder / f"{name}.safetensors") for name in SIGHTS)
        return Sights(first, mouth, eye)

    painter = weights / PAINTER
    return Networks(
        sights=load_sights(weights),
        painters=Painters(*load_painter(painter)) if painter.is_file() else None,
        judge=load_sights(weights / JUDGE) if (weights / JUDGE).is_dir() else None,
    )
