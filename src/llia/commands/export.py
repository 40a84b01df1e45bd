"""`llia export`: arguments in, the work done by functions that are imported when the command is called."""

from __future__ import annotations

import sys
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer


def export(
    weights: Annotated[Path | None, typer.Option(help="Folder of weights; without it, those that ship.")] = None,
    output: Annotated[Path | None, typer.Option("-o", help="Folder for them; without it, where they ship.")] = None,
    size: Annotated[list[int] | None, typer.Option(help="Side of the pictures; may be given many times.")] = None,
    onnx: Annotated[bool, typer.Option("--onnx", help="Write ONNX files for other programs instead.")] = False,
) -> None:
    """Write the networks' graphs from their weights, each checked against its network.

    \b
    Example: llia export --weights runs/live/weights -o graphs --size 256
    """
    from llia.codec import ASSETS, GRAPHS, SIZES_PX
    from llia.engine import export as graphs
    from llia.engine.export_players import export_players
    from llia.engine.players import WEIGHTS

    if onnx and output is None:
        raise ValueError("expected a folder for ONNX files, got none; name one with -o")
    folder, target = weights or ASSETS, output or GRAPHS
    write = graphs.export_onnx if onnx else graphs.export
    written = graphs.export_all(folder, target, size or SIZES_PX, write)
    if (folder / WEIGHTS).is_file():
        written = chain(written, export_players(folder / WEIGHTS, target, write))
    else:
        print(f"llia: no {WEIGHTS} in {folder}, so nothing that moves a portrait by sound", file=sys.stderr)
    for done in written:
        print(f"{done.path}: {done.path.stat().st_size / 1e6:.1f} MB,", end=" ")
        print(f"differs from its network by at most {done.difference:.1e}")
