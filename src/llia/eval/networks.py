"""Where trained networks lie -> all that `llia eval` needs of them: sight, painter, judge, as callables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from llia.codec import ASSETS, open_sight
from llia.engine.graphs import load_graph
from llia.portrait.find import Sights
from llia.portrait.paint import Painters

KINDS = ("first", "mouth", "eye")
JUDGE = "judge"  # folder beside the others


@dataclass(frozen=True)
class Networks:
    """What is measured, and who measures; what is not trained yet is None."""

    sights: Sights
    painters: Painters | None
    judge: Sights | None


def load_networks(weights: Path | None, size_px: int) -> Networks:
    """A folder of torch weights, or None for the graphs that ship -> the networks, the painter for that size."""
    folder = ASSETS / "graphs" if weights is None else weights
    load = load_sights_graphs if weights is None else load_sights_eager
    painters = load_painters_graphs(folder, size_px) if weights is None else load_painters_eager(folder)
    judge = load(folder / JUDGE) if (folder / JUDGE).is_dir() else None
    return Networks(load(folder), painters, judge)


def load_sights_graphs(folder: Path) -> Sights:
    return Sights(*(open_sight(folder / f"{kind}.xml", num_threads=1) for kind in KINDS))


def load_painters_graphs(folder: Path, size_px: int) -> Painters | None:
    paths = folder / f"portrait-{size_px}.xml", folder / f"painter-{size_px}.xml"
    if not all(path.is_file() for path in paths):
        return None
    return Painters(*(load_graph(path) for path in paths))


def load_sights_eager(folder: Path) -> Sights:
    from llia.engine.eager import load_sight

    return Sights(*(load_sight(folder / f"{kind}.safetensors") for kind in KINDS))


def load_painters_eager(folder: Path) -> Painters | None:
    from llia.engine.eager import load_painter

    path = folder / "painter.safetensors"
    return Painters(*load_painter(path)) if path.is_file() else None
