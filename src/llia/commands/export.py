"""`llia export` and `llia quantise`: arguments in; what does the work is imported when one is called."""

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


def quantise(
    size: Annotated[int, typer.Option(help="Side of the pictures whose painter is rounded.")] = 512,
    graphs: Annotated[Path | None, typer.Option(help="Folder of graphs; without it, those that ship.")] = None,
    motion: Annotated[bool, typer.Option("--motion", help="Round the networks of motion instead.")] = False,
    keep: Annotated[list[str] | None, typer.Option(help="A group of layers to leave; may be given many times.")] = None,
    sensitivity: Annotated[bool, typer.Option("--sensitivity", help="Write nothing; try each group alone.")] = False,
) -> None:
    """Write graphs in int8 beside those they are made from, and how far their answers are off.

    They are calibrated with what the portraits that ship need while they say the sentence that ships.

    \b
    Example: llia quantise --size 512 --keep unfold
    """
    from llia.codec import ASSETS, GRAPHS
    from llia.config import PRESETS
    from llia.data.recordings import load_sound
    from llia.engine import quantise as int8
    from llia.engine.graphs import load_graph, run_model
    from llia.engine.players import DENOISE
    from llia.portrait.pictures import open_picture
    from llia.stream.earnest import calls_in_earnest

    folder, config = graphs or GRAPHS, PRESETS["live"]
    portraits = [open_picture(path).pixels for path in sorted((ASSETS / "portraits").glob("*.jpg"))]
    calls = calls_in_earnest(folder, size, config, portraits, load_sound(ASSETS / "sentence.flac"))
    names = [f"{DENOISE}-{length}" for length in config.clips.lengths] if motion else [f"painter-{size}"]
    for name in names:
        graph, given = folder / f"{name}.xml", calls[name]
        if sensitivity:
            for group, agreed in int8.sensitivity(graph, given):
                print(f"{name} {group}: {agreed:.1f} dB")
            continue
        model = int8.quantise(graph, given[::2], keep or ())
        agreed = int8.agreement(run_model(model), load_graph(graph), given[1::2])
        print(f"{int8.save_int8(model, graph)}: its error is {agreed:.1f} dB below the answers")
