"""`llia train`: arguments in, the work done by functions that are imported when the command is called."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

STOPPED = 130  # exit code after Ctrl-C

What = Literal[
    "sight-first", "sight-mouth", "sight-eye", "painter", "judge",
    "hearing", "ears", "teacher", "consistency", "adversarial", "editing",
]  # fmt: skip


def train(
    what: Annotated[What, typer.Argument(help="The network, or the stage of motion, each from the one before.")],
    data: Annotated[list[Path], typer.Option(help="A folder of shards; may be given many times.")],
    out: Annotated[Path, typer.Option(help="The folder for weights and progress; run again to go on.")],
    steps: Annotated[int | None, typer.Option(min=1, help="How many; without it, as for a night on one core.")] = None,
    batch: Annotated[int | None, typer.Option(min=1, help="Examples a step.")] = None,
    rate: Annotated[float | None, typer.Option(min=1e-8, max=1.0, help="The learning rate at its height.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the network's beginning and of its batches.")] = 0,
    held_out: Annotated[list[Path] | None, typer.Option(help="Motion: shards to watch the training on.")] = None,
    apart_from: Annotated[list[Path] | None, typer.Option(help="Judge: shards that sight learned from.")] = None,
    preset: Annotated[Literal["mini", "live"], typer.Option(help="Motion: how large the network is.")] = "live",
    change: Annotated[
        list[str] | None, typer.Option("--set", help="Motion: another setting of the lesson, as aims.fooling=0.")
    ] = None,
    workers: Annotated[int, typer.Option(min=0, help="Processes that make batches beside the training.")] = 1,
    threads: Annotated[int, typer.Option(min=1, help="Cores for the training itself.")] = 1,
    device: Annotated[Literal["cpu", "cuda"], typer.Option(help="Where the network learns.")] = "cpu",
) -> None:
    """Train a network from shards; weights with their configuration, log and pictures go into a folder.

    Stop it when you like: the same command goes on from what was last saved, at most three minutes back.

    \b
    Example: llia train sight-first --data out/stills --out runs/mine --steps 10000
    """
    from llia.train.order import Order, carry_out

    order = Order(
        what, tuple(data), out, num_steps=steps, batch_size=batch, learning_rate=rate, seed=seed,
        held_out=tuple(held_out or ()), apart_from=tuple(apart_from or ()), preset=preset,
        changes=tuple(change or ()), num_workers=workers, num_threads=threads, device=device,
    )  # fmt: skip
    try:
        written = carry_out(order)
    except KeyboardInterrupt:
        print("llia: stopped; the same command goes on from what was last saved", file=sys.stderr)
        raise typer.Exit(STOPPED) from None
    for path in written:
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
