"""The networks that ship -> how fast a session is on this machine: frames, first frames, changes, and where time goes.

Everything is measured on what a session runs: the pipeline with its threads, on a portrait and a sentence that ship.
What a station costs is processor time of one thread; all else is time by the clock, so other programs count.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from llia.codec import Appearance
from llia.portrait.pictures import open_picture
from llia.progress import progress
from llia.stream.delays import (
    PATIENCE_S,
    PORTRAIT,
    changes_ms,
    clear,
    first_frames_ms,
    open_stream,
    percentiles,
    portrait_ms,
    say,
    take,
)
from llia.stream.desk import MOST_AHEAD
from llia.stream.pipeline import Pipeline
from llia.stream.stage import Stage, open_stage
from llia.stream.stations import station_ms
from llia.yardstick import ONE_THREAD, matmul_gflops

NUM_CORES = 2
ENOUGH_FPS = 25.0


@dataclass(frozen=True)
class Effort:
    """How much of everything is measured."""

    num_frames: int = 250  # for each frame rate
    num_firsts: int = 40
    num_changes: int = 60
    num_clears: int = 200
    num_clips: int = 25  # for what stations cost
    session_s: float = 8.0  # for each number of sessions at once
    most_sessions: int = 4
    num_starts: int = 2  # of the engine, the quickest counts: the first may have to fill the cache


@dataclass(frozen=True)
class Span:
    """What a thread did, and when: seconds from the first."""

    thread: int
    station: str
    start_s: float
    end_s: float


@dataclass
class Bench:
    """What was measured: figures for JSON, and what only a picture shows."""

    figures: dict[str, Any]
    first_frame_ms: list[float] = field(default_factory=list)
    change_ms: list[float] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)


def bench(
    graphs: Path | None = None,
    preset: str = "live",
    sizes_px: Sequence[int] = (256, 384, 512),
    effort: Effort = Effort(),
) -> Bench:
    """Where graphs lie -> all that is measured; what has no size is measured at the first one."""
    config, pixels = open_stage(sizes_px[0], graphs, preset).players.config, open_picture(PORTRAIT).pixels
    made = Bench({"matmul_gflops": 0.0, "fps": {}, "cores_used": {}, "core_ms": {}})
    gflops = [matmul_gflops(NUM_CORES)]
    with progress("measuring", "steps", 2 * len(sizes_px) + 7) as tally:

        def keep(**figures: Any) -> None:
            made.figures.update(figures)
            gflops.append(matmul_gflops(NUM_CORES))
            tally.advance()

        for size in sizes_px:
            stage = open_stage(size, graphs, preset)
            appearance = stage.codec.portray(pixels)
            made.figures["fps"][str(size)], made.figures["cores_used"][str(size)] = steady(stage, appearance, effort)
            keep()
            sound = say(effort.num_clips * min(config.clips.lengths) + MOST_AHEAD, config)
            made.figures["core_ms"][str(size)] = station_ms(stage, appearance, sound, effort.num_clips)
            keep()
        stage = open_stage(sizes_px[0], graphs, preset)
        appearance = stage.codec.portray(pixels)
        made.first_frame_ms += first_frames_ms(stage, appearance, effort.num_firsts)
        keep(first_frame_ms=percentiles(made.first_frame_ms))
        made.change_ms += changes_ms(stage, appearance, effort.num_changes)
        keep(change_ms=percentiles(made.change_ms))
        keep(**clear(stage, appearance, effort.num_clears))
        keep(portrait_ms=float(np.median([portrait_ms(stage, path) for path in sorted(PORTRAIT.parent.glob("*.jpg"))])))
        made.spans += trace(stage, appearance)
        keep(engine_ready_s=min(engine_ready_s(sizes_px[0], graphs, preset) for _ in range(effort.num_starts)))
        keep(**sessions([stage], appearance, lambda: open_stage(sizes_px[0], graphs, preset), effort))
        made.figures["matmul_gflops"] = float(np.mean(gflops))
        keep()
    return made


def steady(stage: Stage, appearance: Appearance, effort: Effort) -> tuple[float, float]:
    """-> frames a second of a stream that always has sound and whose frames are taken at once, and how many cores it
    had for that: fewer than it has threads for says that other programs ran too."""
    with open_stream(stage, appearance) as stream:
        stream.push(say(effort.num_frames + 3 * MOST_AHEAD, stage.players.config))
        for _ in range(MOST_AHEAD):
            take(stream)
        start, cpu_start = time.perf_counter(), time.process_time()
        for _ in range(effort.num_frames):
            take(stream)
        took_s, cpu_s = time.perf_counter() - start, time.process_time() - cpu_start
    return effort.num_frames / took_s, cpu_s / took_s


def engine_ready_s(size_px: int, graphs: Path | None, preset: str) -> float:
    """-> how long a new process took from its start until all networks had been run once."""
    work = "import sys; from pathlib import Path; from llia.stream.stage import open_stage; " + (
        "open_stage(int(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2] else None, sys.argv[3])"
    )
    command = [sys.executable, "-c", work, str(size_px), str(graphs or ""), preset]
    start = time.perf_counter()
    subprocess.run(command, env=os.environ | dict.fromkeys(ONE_THREAD, "1"), check=True)
    return time.perf_counter() - start


def sessions(stages: list[Stage], appearance: Appearance, more: Callable[[], Stage], effort: Effort) -> dict[str, Any]:
    """-> frames a second of the slowest of one, two ... sessions at once, until it has not enough; how many had."""
    slowest: dict[str, float] = {}
    enough = 0
    for count in range(1, effort.most_sessions + 1):
        stages += [more() for _ in range(count - len(stages))]
        slowest[str(count)] = together(stages, appearance, effort.session_s)
        if slowest[str(count)] < ENOUGH_FPS:
            break
        enough = count
    return {"sessions_at_25fps": enough, "sessions_fps": slowest}


def together(stages: Sequence[Stage], appearance: Appearance, seconds: float) -> float:
    """One stage for each session -> frames a second of the slowest of all of them at once."""
    ready, counts = threading.Barrier(len(stages)), [0] * len(stages)

    def watch(number: int) -> None:
        with open_stream(stages[number], appearance, number) as stream:
            stream.push(say(MOST_AHEAD, stages[number].players.config))
            take(stream)
            ready.wait(PATIENCE_S)
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                stream.push(say(1, stages[number].players.config, offset=counts[number]))
                take(stream)
                counts[number] += 1

    with ThreadPoolExecutor(len(stages)) as watchers:
        list(watchers.map(watch, range(len(stages))))
    return min(counts) / seconds


def trace(stage: Stage, appearance: Appearance, num_frames: int = 2 * MOST_AHEAD) -> list[Span]:
    """-> which thread did what and when, in a stream at full speed."""
    spans: list[Span] = []
    begin = time.perf_counter()

    def watched(work: Callable[..., Any], station: str) -> Callable[..., Any]:
        def run(*inputs: Any) -> Any:
            start = time.perf_counter()
            result = work(*inputs)
            spans.append(Span(threading.get_ident(), station, start - begin, time.perf_counter() - begin))
            return result

        return run

    players = replace(
        stage.players, hear=watched(stage.players.hear, "hear"), denoise=watched(stage.players.denoise, "denoise")
    )
    painters = tuple(replace(one, paint=watched(one.paint, "painter")) for one in stage.painters)
    watching = Stage(players, stage.codec, painters)
    decoders = [watched(decode, "frame") for decode in watching.decoders(appearance)]
    with Pipeline(players, appearance.likeness, decoders) as stream:
        stream.push(say(num_frames + MOST_AHEAD, players.config))
        for _ in range(num_frames):
            take(stream)
    return sorted(spans, key=lambda span: span.start_s)
