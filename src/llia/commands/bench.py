"""`llia bench`: arguments in, the work done by functions that are imported when the command is called."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Literal

import typer

bench = typer.Typer(invoke_without_command=True, rich_markup_mode=None)

KEPT_MINUTES = (0, 1, 10)  # whose frames are shown, beside the last one's

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")]
Graphs = Annotated[Path | None, typer.Option(help="Where graphs lie; without it, those that ship.")]
Preset = Annotated[Literal["live", "mini"], typer.Option(help="Of the networks between sound and motion.")]


@bench.callback()
def speed(
    context: typer.Context,
    as_json: AsJson = False,
    picture: Annotated[Path | None, typer.Option(help="Also write a PNG: threads at work, stations, delays.")] = None,
    size: Annotated[list[int] | None, typer.Option(help="Side of the pictures; may be given many times.")] = None,
    clears: Annotated[int, typer.Option(min=1, help="Interruptions that are tried.")] = 200,
    graphs: Graphs = None,
    preset: Preset = "live",
) -> None:
    """Measure how fast a session is on this machine, beside what was asked for.

    \b
    Example: llia bench --json
    """
    if context.invoked_subcommand is not None:
        return
    use_one_thread()
    from rich.console import Console

    from llia.codec import SIZES_PX
    from llia.data.disk import check_place, new_file
    from llia.eval.bench import BENCH, as_on_reference, round_all, show_stations
    from llia.eval.report import show
    from llia.portrait.pictures import encode_picture
    from llia.stream.bench import Effort
    from llia.stream.bench import bench as measure
    from llia.stream.stations import station_gflops
    from llia.yardstick import REFERENCE_GFLOPS

    if picture:
        check_place(picture, (".png",))
    sizes = size or list(SIZES_PX)
    made = measure(graphs, preset, sizes, Effort(num_clears=clears))
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


@bench.command()
def soak(
    minutes: Annotated[int, typer.Option(min=1, max=600, help="How long the stream is.")] = 60,
    as_json: AsJson = False,
    picture: Annotated[Path | None, typer.Option(help="Also write a PNG of curves over minutes.")] = None,
    sheet: Annotated[Path | None, typer.Option(help="Also write a PNG of frames of minutes 0, 1, 10, last.")] = None,
    portrait: Annotated[str, typer.Option(help="Any picture of a face, or the name of one that ships.")] = "maeve",
    every: Annotated[int, typer.Option(min=1, max=25, help="Paint only each so many-th frame; all are moved.")] = 1,
    size: Annotated[Literal["256", "384", "512"], typer.Option(help="Side of the pictures in pixels.")] = "256",
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other talk.")] = 0,
    graphs: Graphs = None,
    preset: Preset = "live",
) -> None:
    """Stream the world's talk for many minutes, as fast as it goes, and measure what drifts.

    \b
    Example: llia bench soak --minutes 60 --picture curves.png --sheet sheet.png
    """
    use_one_thread()
    from rich.console import Console

    from llia.commands.portrait import receive
    from llia.data.disk import check_place
    from llia.eval import soak as long
    from llia.portrait.pictures import save_picture
    from llia.stream.stage import open_stage

    for place in (picture, sheet):
        if place:
            check_place(place, (".png",))
    pixels = receive(Path(portrait), quiet=True).pixels
    stage = open_stage(int(size), graphs, preset)
    talks = long.talk_of_the_world(min(minutes, long.LOOP_MINUTES), seed)
    kept = sorted({number for number in (*KEPT_MINUTES, minutes - 1) if number < minutes}) if sheet else []
    lived = long.soak(stage, stage.codec.portray(pixels), talks, minutes, kept, every)
    found = long.slopes(lived)
    if picture or sheet or not as_json:
        from llia.eval import soak_plot

        if picture:
            save_picture(soak_plot.plot(lived, found), picture)
        if sheet:
            save_picture(soak_plot.sheet(lived, kept), sheet)
    if as_json:
        print(json.dumps(long.to_plain(lived, found), indent=2))
    else:
        soak_plot.show(lived, found, Console())


def use_one_thread() -> None:
    """For numpy, which reads it when it is imported: a core is measured by itself, and systems here are small."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ[name] = "1"
