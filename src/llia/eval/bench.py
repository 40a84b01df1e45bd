"""What `llia bench` measured -> the same as on the reference machine, beside what was asked for; a picture of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from llia.eval.report import Bar, at_least, at_most
from llia.stream.stations import STATIONS
from llia.yardstick import REFERENCE_GFLOPS

Figures = Mapping[str, Any]

BENCH: dict[str, Bar] = {
    "fps_256": at_least("sound to frame, 256 px", "frames/s", 45, 60),
    "fps_384": at_least("sound to frame, 384 px", "frames/s", 32, 42),
    "fps_512": at_least("sound to frame, 512 px", "frames/s", 24, 32),
    "first_frame_ms_p50": at_most("first frame after its clip's sound, median", "ms", 80, 45),
    "first_frame_ms_p95": at_most("first frame after its clip's sound, 95 %", "ms", 150, 90),
    "change_ms_p95": at_most("new state or feeling to first frame of it, 95 %", "ms", 200, 120),
    "clear_ms": at_most("an interruption returns, longest", "ms", 40, 40),
    "stale_frames": at_most("older frames after an interruption", "", 0, 0),
    "portrait_s": at_most("picture to ready session", "s", 1.5, 0.8),
    "engine_ready_s": at_most("new process to ready networks, cached", "s", 5, 2),
    "sessions_at_25fps": at_least("sessions at once, 25 frames/s each", "", 2, 3),
}
ENOUGH_FPS = 25.0


def as_on_reference(figures: Figures) -> dict[str, float]:
    """What was measured -> by the bars' names, as cores of REFERENCE_GFLOPS would have it: frame rates divided, times
    multiplied by how much faster this machine multiplies."""
    faster = figures["matmul_gflops"] / REFERENCE_GFLOPS
    rates = {f"fps_{size}": fps / faster for size, fps in figures["fps"].items()}
    times = {f"{name}_{part}": ms for name in ("first_frame_ms", "change_ms") for part, ms in figures[name].items()}
    times |= {"clear_ms": figures["clear_ms"], "engine_ready_s": figures["engine_ready_s"]}
    times["portrait_s"] = figures["portrait_ms"] / 1000
    enough = [int(count) for count, fps in figures["sessions_fps"].items() if fps / faster >= ENOUGH_FPS]
    return (
        rates
        | {name: value * faster for name, value in times.items()}
        | {"stale_frames": figures["stale_frames"], "sessions_at_25fps": max(enough, default=0)}
    )


def show_stations(figures: Figures, gflops: Mapping[str, Mapping[str, float]], console: Console) -> None:
    """Prints what each station costs for a frame beside the least that its operations would take on this machine."""
    table = Table(title="core-ms for a frame, this machine", box=None)
    for column in ("size", "station", "measured", "ceiling", "of it"):
        table.add_column(column, justify="left" if column == "station" else "right")
    for size, stations in figures["core_ms"].items():
        for station in STATIONS:
            ceiling, ms = 1000 * gflops[size].get(station, 0.0) / figures["matmul_gflops"], stations[station]
            least = (f"{ceiling:.2f}", f"{ceiling / ms:.0%}") if ceiling else ("-", "-")
            table.add_row(size, station, f"{ms:.2f}", *least)
        table.add_row(size, "all", f"{sum(stations.values()):.2f}", "", "")
    console.print(table)


def round_all(value: Any) -> Any:
    """Numbers in dictionaries -> the same with as many digits as mean something."""
    if isinstance(value, Mapping):
        return {name: round_all(one) for name, one in value.items()}
    return round(value, 3) if isinstance(value, float) else value
