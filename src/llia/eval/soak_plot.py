"""What was measured of a long stream -> pictures: curves over minutes with their slopes; frames of some minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from llia.data.tiles import arrange, label
from llia.eval.bench_plot import drawn
from llia.eval.soak import Minute, Slope, curves_of

Picture = NDArray[np.uint8]

COLUMNS, PANEL_INCHES, DOTS_PER_INCH = 4, (4.0, 2.6), 80
SHEET_COLUMNS = 6  # frames of each minute


def plot(minutes: Sequence[Minute], slopes: Mapping[str, Slope]) -> Picture:
    """Minutes and slopes -> a panel for each measure; red where it drifts."""
    curves = curves_of(minutes)
    rows = -(-len(curves) // COLUMNS)
    figure = Figure((COLUMNS * PANEL_INCHES[0], rows * PANEL_INCHES[1]), DOTS_PER_INCH, layout="tight")
    panels = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for panel, (name, curve) in zip(panels, curves.items(), strict=False):
        panel.plot(curve, ".-", lw=0.5)
        panel.set_title(name)
        panel.margins(y=1)
        if slope := slopes.get(name):
            middle = (len(curve) - 1) / 2
            line = np.nanmean(curve) + slope.per_minute * (np.arange(len(curve)) - middle)
            panel.plot(line, color="tab:green" if slope.is_steady else "tab:red")
    for panel in panels[len(curves) :]:
        panel.set_visible(False)
    return drawn(figure)


def sheet(minutes: Sequence[Minute], kept: Sequence[int]) -> Picture:
    """Minutes and which of them were kept -> a row of frames for each."""
    frames = []
    for number in kept:
        pictures = minutes[number].pictures
        for place in np.linspace(0, len(pictures) - 1, SHEET_COLUMNS).round().astype(int):
            frames.append(label(pictures[place], f"minute {number}"))
    return arrange(frames, SHEET_COLUMNS)


def show(minutes: Sequence[Minute], slopes: Mapping[str, Slope], console: Console) -> None:
    """Prints the mean of each measure and its slope."""
    table = Table(title=f"{len(minutes)} minutes", box=None)
    for column in ("measure", "mean", "a minute", "95 % from", "to", ""):
        table.add_column(column, justify="left" if column in ("measure", "") else "right")
    for name, curve in curves_of(minutes).items():
        mean = f"{np.nanmean(curve):.4g}"
        if slope := slopes.get(name):
            numbers = [f"{value:.2g}" for value in (slope.per_minute, slope.low, slope.high)]
            table.add_row(name, mean, *numbers, "[green]steady[/]" if slope.is_steady else "[red]drifts[/]")
        else:
            table.add_row(name, mean)
    console.print(table)
