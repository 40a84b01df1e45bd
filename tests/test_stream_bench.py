"""`llia bench`: operations counted exactly, waits and rates of a known painter, bars scaled to the reference core."""

from __future__ import annotations

import itertools
import math
import time
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from rich.console import Console

from llia.codec import Appearance, Codec
from llia.engine.flops import flops_of
from llia.engine.graphs import import_openvino
from llia.eval.bench import BENCH, as_on_reference, round_all, show_stations
from llia.eval.bench_plot import plot
from llia.head.likeness import Crop
from llia.head.motion import rest
from llia.stream.bench import Bench, Effort, bench, steady, together, trace
from llia.stream.delays import changes_ms, clear, first_frames_ms, say
from llia.stream.stage import Stage, warm_up
from llia.stream.stations import STATIONS, station_gflops, station_ms
from llia.yardstick import REFERENCE_GFLOPS, matmul_gflops
from standins import Truth, carrying, somebody
from theatre import CONFIG, SAMPLES, made_players

SIZE_PX = 256
SLOW_S = 0.05  # what the slowed painter takes for a frame
FEW = Effort(num_frames=20, num_firsts=2, num_changes=5, num_clears=3, num_clips=2, session_s=0.5, most_sessions=2)


def slowed(work: Any) -> Any:
    def paint(*inputs: Any) -> Any:
        time.sleep(SLOW_S)
        return work(*inputs)

    return paint


@pytest.fixture(scope="module")
def stage() -> Stage:
    """Two painters, each SLOW_S for a frame."""
    painters = carrying(SIZE_PX)
    slow = replace(painters, paint=slowed(painters.paint))
    staged = Stage(made_players(), Codec(SIZE_PX, Truth().sights(), slow), (slow, slow))
    warm_up(staged)
    return staged


@pytest.fixture(scope="module")
def appearance(stage: Stage) -> Appearance:
    likeness = somebody(Crop(128, 128, 256), rest())
    picture = np.random.default_rng(0).integers(0, 256, (SIZE_PX, SIZE_PX, 3)).astype(np.uint8)
    return stage.codec.open_appearance(picture, likeness, 0.0, ())


# ---- operations


def test_operations_of_known_layers_are_counted(tmp_path: Path) -> None:
    openvino = import_openvino()
    import openvino.opset13 as op

    def numbers(*shape: int) -> NDArray[np.float32]:
        return np.random.default_rng(0).normal(size=shape).astype(np.float32)

    picture, rows = op.parameter([1, 3, 16, 16], np.float32), op.parameter([2, 5, 7], np.float32)
    strides: Any = ([2, 2], [1, 1], [1, 1], [1, 1])
    dense = op.convolution(picture, numbers(8, 3, 3, 3), *strides)  # 8 x 8 x 8 places of 27 products
    grouped = op.group_convolution(dense, numbers(8, 1, 1, 3, 3), [1, 1], [1, 1], [1, 1], [1, 1])  # as many of 9
    product = op.matmul(rows, numbers(11, 7), False, True)  # 2 x 5 x 11 of 7
    turned = op.matmul(product, numbers(5, 4), True, False)  # 2 x 11 x 4 of 5
    attended = op.scaled_dot_product_attention(rows, numbers(2, 9, 7), numbers(2, 9, 6))  # 2 x 5 x 9 of 7, x 6 of 9
    model = openvino.Model([grouped, turned, attended], [picture, rows], "known")
    openvino.save_model(model, tmp_path / "known.xml", compress_to_fp16=False)
    products = 8 * 64 * 27 + 8 * 64 * 9 + 2 * 5 * 11 * 7 + 2 * 11 * 4 * 5 + 2 * 5 * 9 * 7 + 2 * 5 * 6 * 9
    assert flops_of(tmp_path / "known.xml") == 2 * products


def test_a_core_multiplies_matrices() -> None:
    assert 0.1 < matmul_gflops() < 10_000


# ---- rates and waits of a known painter


def test_frame_rates_are_those_of_the_painters(stage: Stage, appearance: Appearance) -> None:
    fps, cores = steady(stage, appearance, replace(FEW, num_frames=60))
    assert fps < 1.5 * 2 / SLOW_S  # two paint at once; some frames were painted before the clock began
    assert 0 < cores < 2
    alone = replace(stage, painters=stage.painters[:1])
    assert together([alone, alone], appearance, 1.5) < 1.5 / SLOW_S


def test_waits_are_no_shorter_than_the_painter_takes(stage: Stage, appearance: Appearance) -> None:
    waits = first_frames_ms(stage, appearance, 2)
    assert len(waits) == 2 and min(waits) >= 1000 * SLOW_S
    changes = changes_ms(stage, appearance, 5)
    assert len(changes) == 5 and min(changes) >= 1000 * SLOW_S


def test_interruptions_are_counted(stage: Stage, appearance: Appearance) -> None:
    done = clear(stage, appearance, 5)
    assert done["stale_frames"] == 0 and done["num_clears"] == 5
    assert done["clear_ms"] > 0


def test_stations_are_each_measured(stage: Stage, appearance: Appearance) -> None:
    ms = station_ms(stage, appearance, say(20, CONFIG), 3)
    assert tuple(ms) == STATIONS and all(np.isfinite(value) for value in ms.values())
    assert ms["guide"] > 0 and ms["encode"] > 0 and ms["denoise"] > 0
    assert ms["painter"] < 1000 * SLOW_S  # who sleeps takes no processor time


def test_threads_are_watched(stage: Stage, appearance: Appearance) -> None:
    spans = trace(stage, appearance, 20)
    assert len({span.thread for span in spans}) == 3  # one moves, two paint
    assert {span.station for span in spans} == {"hear", "denoise", "frame", "painter"}
    slept = [span.end_s - span.start_s for span in spans if span.station == "painter"]
    assert min(slept) >= SLOW_S
    for thread in {span.thread for span in spans}:
        frames = [span for span in spans if span.thread == thread and span.station == "frame"]
        assert all(one.end_s <= other.start_s for one, other in itertools.pairwise(frames))


def test_sound_goes_on_as_long_as_wanted() -> None:
    sound = say(3000, CONFIG)
    assert len(sound) == 3000 * SAMPLES
    assert np.array_equal(say(50, CONFIG, offset=20), sound[20 * SAMPLES : 70 * SAMPLES])


# ---- bars


def figures(gflops: float) -> dict[str, Any]:
    return {
        "matmul_gflops": gflops, "fps": {"256": 60.0, "384": 40.0, "512": 30.0},
        "first_frame_ms": {"p50": 30.0, "p95": 40.0}, "change_ms": {"p50": 50.0, "p95": 60.0}, "clear_ms": 1.0,
        "stale_frames": 0, "portrait_ms": 500.0, "engine_ready_s": 2.0, "sessions_at_25fps": 2,
        "sessions_fps": {"1": 60.0, "2": 30.0, "3": 20.0},
    }  # fmt: skip


def test_a_machine_twice_as_fast_has_to_be_twice_as_fast() -> None:
    same, fast = as_on_reference(figures(REFERENCE_GFLOPS)), as_on_reference(figures(2 * REFERENCE_GFLOPS))
    assert set(same) >= set(BENCH)
    assert fast["fps_256"] == 30 and fast["first_frame_ms_p95"] == 80 and fast["portrait_s"] == 1
    assert same["sessions_at_25fps"] == 2 and fast["sessions_at_25fps"] == 1
    assert same["portrait_s"] == 0.5 and same["stale_frames"] == fast["stale_frames"] == 0


# ---- all of it, by the graphs that ship


@pytest.fixture(scope="module")
def measured() -> Bench:
    return bench(sizes_px=(SIZE_PX,), effort=replace(FEW, num_starts=1))


def test_all_is_measured_of_what_ships(measured: Bench) -> None:
    told = measured.figures
    named = ("matmul_gflops", "fps", "first_frame_ms", "change_ms", "portrait_ms", "engine_ready_s", "core_ms")
    assert set(told) >= {*named, "sessions_at_25fps", "clear_ms"}
    assert set(told["fps"]) == set(told["core_ms"]) == {str(SIZE_PX)}
    assert told["fps"]["256"] > 0 and told["stale_frames"] == 0 and math.isfinite(told["portrait_ms"])
    assert len(measured.first_frame_ms) == FEW.num_firsts and len(measured.change_ms) == FEW.num_changes
    # no station is quicker than its operations allow, by far
    gflops = station_gflops([SIZE_PX])["256"]["painter"]
    assert told["core_ms"]["256"]["painter"] > 0.5 * 1000 * gflops / told["matmul_gflops"]
    assert round_all({"a": {"b": 1.23456, "c": 2}}) == {"a": {"b": 1.235, "c": 2}}


def test_it_is_shown(measured: Bench) -> None:
    page = StringIO()
    show_stations(measured.figures, station_gflops([SIZE_PX]), Console(file=page, width=120))
    assert all(station in page.getvalue() for station in STATIONS)
    picture = plot(measured)
    assert picture.ndim == 3 and picture.std() > 10
