"""`llia bench`: arguments in, the work done by functions that are imported when the command is called."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Literal

import typer

bench = typer.Typer(invoke_without_command=True, rich_markup_mode=None)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")]
Graphs = Annotated[Path | None, typer.Option(help="Where graphs lie; without it, those that ship.")]
Preset = Annotated[Literal["live", "mini"], typer.Option(help="Of the networks between sound and motion.")]


@bench.callback()
def speed(
    context: typer.Context,
    as_json: AsJson = False,
    picture: Annotated[Path | None, typer.Option(help="Also write a PNG: threads at work, stations, delays.")] = None,
    size: Annotated[list[int] | None, typer.Option(help="Side of the pictures; may be given many times.")] = None,
    graphs: Graphs = None,
    preset: Preset = "live",
) -> None:
    """Measure how fast a session is on this machine, beside what was asked for.

    \b
    Example: llia bench --json
    """
    if context.invoked_subcommand is not None:
        return
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ[name] = "1"  # read when numpy is imported; a core is measured by itself
    from rich.console import Console

    from llia.codec import SIZES_PX
    from llia.data.disk import check_place, new_file
    from llia.eval.bench import BENCH, as_on_reference, round_all, show_stations
    from llia.eval.report import show
    from llia.portrait.pictures import encode_picture
    from llia.stream.bench import bench as measure
    from llia.stream.stations import station_gflops
    from llia.yardstick import REFERENCE_GFLOPS

    if picture:
        check_place(picture, (".png",))
    sizes = size or list(SIZES_PX)
    made = measure(graphs, preset, sizes)
    if picture:
        from llia.eval.bench_plot import plot

        with new_file(picture) as file:
            file.write(encode_picture(plot(made), ".png"))
    scaled = as_on_reference(made.figures)
    if as_json:
        print(json.dumps(round_all(made.figures | {"scaled": scaled}), indent=2))
        return
    console = Console()
    show_stations(made.figures, station_gflops(sizes, graphs, preset), console)
    console.print(
        f"a core multiplies matrices at {made.figures['matmul_gflops']:.0f} GFLOP/s; at {REFERENCE_GFLOPS:.0f}:"
    )
    show(scaled, BENCH, console)
