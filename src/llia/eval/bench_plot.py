"""What `llia bench` measured -> a picture: which thread did what and when, what frames cost, how long one waits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from llia.stream.bench import Bench, Span
from llia.stream.stations import STATIONS

INCHES, DOTS_PER_INCH = (14.0, 9.0), 90
SHOWN_S = 0.5  # of the threads' work, from its middle on
COLOURS = {"hear": "tab:green", "denoise": "tab:red", "frame": "tab:blue", "painter": "tab:orange"}
BINS = 24


def plot(made: Bench) -> NDArray[np.uint8]:
    figure = Figure(INCHES, DOTS_PER_INCH, layout="tight")
    grid = figure.add_gridspec(2, 3)
    plot_spans(figure.add_subplot(grid[0, :]), made.spans)
    plot_stations(figure.add_subplot(grid[1, 0]), made.figures["core_ms"])
    plot_waits(figure.add_subplot(grid[1, 1]), made.first_frame_ms, "first frame, ms")
    plot_waits(figure.add_subplot(grid[1, 2]), made.change_ms, "new state or feeling, ms")
    return drawn(figure)


def drawn(figure: Figure) -> NDArray[np.uint8]:
    """-> the figure's pixels, [H W 3]."""
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    return np.ascontiguousarray(np.asarray(canvas.buffer_rgba())[..., :3])


def plot_spans(panel: Any, spans: Sequence[Span]) -> None:
    """A row for each thread; a frame is a network, before it the guide, after it the picture put together."""
    middle_s = (spans[0].start_s + spans[-1].end_s) / 2
    rows = {thread: row for row, thread in enumerate(dict.fromkeys(span.thread for span in spans))}
    for station, colour in COLOURS.items():
        for span in (one for one in spans if one.station == station):
            height = 0.4 if station == "painter" else 0.8
            width = span.end_s - span.start_s
            panel.barh(rows[span.thread], width, height, span.start_s, color=colour, edgecolor="white", lw=0.5)
        panel.barh(
            0, 0, color=colour, label={"frame": "guide, network, picture", "painter": "network"}.get(station, station)
        )
    panel.set_xlim(middle_s, middle_s + SHOWN_S)
    panel.set_yticks(list(rows.values()), [f"thread {row}" for row in rows.values()])
    panel.set_xlabel("seconds")
    panel.legend(loc="upper right", ncols=len(COLOURS))


def plot_stations(panel: Any, core_ms: dict[str, dict[str, float]]) -> None:
    low = np.zeros(len(core_ms))
    for station in STATIONS:
        heights = np.array([stations[station] for stations in core_ms.values()])
        panel.bar(list(core_ms), heights, bottom=low, label=station)
        low += heights
    panel.set_title("core-ms for a frame, by size")
    panel.legend()


def plot_waits(panel: Any, waits_ms: Sequence[float], title: str) -> None:
    panel.hist(waits_ms, bins=BINS)
    for part in (50, 95):
        panel.axvline(float(np.percentile(waits_ms, part)), color="k", lw=1)
    panel.set_title(title)
