"""`llia bench soak`: slopes with known answers, measures of known minutes, a stream of some of them."""

from __future__ import annotations

import itertools
from dataclasses import replace
from io import StringIO
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from llia.codec import Appearance, Codec
from llia.eval import soak_plot
from llia.eval.soak import (
    LOOKS_PER_MINUTE,
    MEMORY,
    NOTHING,
    SECONDS,
    Minute,
    curves_of,
    head_measures,
    memory_mb,
    read,
    slope_of,
    slopes,
    soak,
    sparing,
    to_plain,
)
from llia.head.likeness import Crop
from llia.head.motion import HEAD_SHIFT, HEAD_TURN, MOTION_INDEX, rest
from llia.stream.stage import Stage
from standins import Truth, carrying, somebody, true_points
from theatre import CONFIG, made_players, talk

SIZE_PX = 256
FRAMES = SECONDS * CONFIG.clock.frames_per_second


def test_a_known_slope_is_found_and_chance_is_none() -> None:
    rng = np.random.default_rng(0)
    rising = slope_of(0.5 * np.arange(60) + rng.normal(0, 1, 60))
    assert rising.low < 0.5 < rising.high and not rising.is_steady
    # of many curves without a slope one in twenty seems to have one
    steady = [slope_of(rng.normal(0, 1, 20)).is_steady for _ in range(400)]
    assert 0.92 < np.mean(steady) < 0.98
    assert slope_of([7.0, 1.0, 2.0, 3.0], first=1).per_minute == pytest.approx(1)
    assert slope_of([1.0, np.nan, 3.0, 4.0]).per_minute == pytest.approx(1)
    assert slope_of([1.0, 1.0, 1.0]).is_steady
    assert slope_of([1.0, np.nan, 3.0]).is_steady  # too little to say anything


def test_a_head_that_walks_away_is_noticed() -> None:
    portrait = rest()
    portrait[HEAD_TURN.start] = np.radians(5)
    motions = np.repeat(portrait[None], 100, 0)
    assert max(head_measures(motions, portrait).values()) == pytest.approx(0, abs=1e-5)
    motions[:, HEAD_TURN.start] += np.radians(10)
    motions[:, HEAD_SHIFT.start] += 2
    motions[::2, HEAD_TURN.start + 1] += np.radians(4)
    told = head_measures(motions, portrait)
    assert told["turn_off"] == pytest.approx(np.hypot(10, 2), abs=1e-3) and told["shift_off"] == pytest.approx(2)
    assert told["pitch_spread"] == pytest.approx(2, abs=1e-3) and told["yaw_spread"] == pytest.approx(0, abs=1e-4)


def test_only_some_frames_are_painted_by_whoever_paints() -> None:
    numbers = itertools.count()
    painters = [sparing(lambda motion: np.ones((1, 1, 3), np.uint8), numbers, 3) for _ in range(2)]
    painted = [painters[place % 2](rest()) is not NOTHING for place in range(12)]
    assert painted == [True, False, False] * 4


@pytest.fixture(scope="module")
def truth() -> Truth:
    return Truth()


@pytest.fixture(scope="module")
def appearance(truth: Truth) -> Appearance:
    likeness = somebody(Crop(128, 128, 256), rest())
    codec = Codec(SIZE_PX, truth.sights(), carrying(SIZE_PX))
    return codec.open_appearance(truth.paint(0, SIZE_PX, SIZE_PX), likeness, 0.0, ())


def test_what_is_read_in_a_picture_is_true(truth: Truth, appearance: Appearance) -> None:
    motion = rest()
    motion[MOTION_INDEX["jawOpen"]] = 0.5
    likeness = appearance.likeness
    open_mouth = truth.paint(1, SIZE_PX, SIZE_PX, true_points(likeness, motion))
    shut_mouth = truth.paint(2, SIZE_PX, SIZE_PX, true_points(likeness, rest()))
    wide, shut = read(open_mouth, motion, likeness, truth.sights()), read(shut_mouth, rest(), likeness, truth.sights())
    assert wide is not None and shut is not None
    assert wide.lips_seen > shut.lips_seen + 0.1 and wide.lips_made > shut.lips_made + 0.5
    assert max(wide.identity_off, shut.identity_off) < 0.5  # people are 1 apart
    nobody = truth.paint(3, SIZE_PX, SIZE_PX)
    assert read(nobody, motion, likeness, truth.sights()) is None


def test_every_frame_of_a_long_stream_is_moved_and_some_are_looked_into(truth: Truth, appearance: Appearance) -> None:
    painted = []

    def look_at(*inputs: Any) -> Any:
        painted.append(1)
        return carrying(SIZE_PX).paint(*inputs)

    painters = replace(carrying(SIZE_PX), paint=look_at)
    stage = Stage(made_players(), Codec(SIZE_PX, truth.sights(), painters), (painters, painters))
    talks = [(talk(seed, FRAMES), talk(seed + 9, FRAMES)) for seed in range(2)]
    minutes = soak(stage, appearance, talks, 3, kept=(0, 2), every=25)
    assert len(minutes) == 3 and len(painted) >= 3 * FRAMES // 25
    assert [len(minute.pictures) > 0 for minute in minutes] == [True, False, True]
    assert 5 <= len(minutes[0].pictures) <= LOOKS_PER_MINUTE // 5
    assert all(minute.measured[MEMORY] > 10 and minute.measured["turn_off"] > 0 for minute in minutes)
    # and it is shown
    found = slopes(minutes)
    assert set(found) == set(curves_of(minutes)) and to_plain(minutes, found)["minutes"] == 3
    page = StringIO()
    soak_plot.show(minutes, found, Console(file=page, width=120))
    assert MEMORY in page.getvalue() and "turn_off" in page.getvalue()
    assert soak_plot.plot(minutes, found).std() > 10
    assert soak_plot.sheet(minutes, [0, 2]).shape == (2 * SIZE_PX, 6 * SIZE_PX, 3)


def test_short_streams_have_no_slopes() -> None:
    assert slopes([Minute({MEMORY: memory_mb()}, ())]) == {}
