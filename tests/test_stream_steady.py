"""What holds a long stream: nothing when off, the head back where it belongs when on, and never with a jump."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from llia.config import State
from llia.eval.drift import minutes_of, motion_measures, roll
from llia.head.habits import FRAME_S
from llia.head.likeness import Crop
from llia.head.motion import HEAD_SHIFT, HEAD_TURN, MOTION_SIZE, rest
from llia.head.scale import unit_scale
from llia.stream.session import Direction
from llia.stream.steady import ANCHOR_S, HELD, RETURN_EVERY_S, UNHELD, Steadiness, corrupt, hold
from standins import somebody
from theatre import made_players, talk

Floats = NDArray[np.float32]

FPS = round(1 / FRAME_S)
OFF_BY = 0.2  # rad and cm


def held(amount: Steadiness, state: State, num_frames: int, length: int) -> Floats:
    """-> what becomes of a head that stands still, off by OFF_BY, and would stay there."""
    frames = [np.full(MOTION_SIZE, OFF_BY, np.float32)]
    for first in range(0, num_frames, length):
        states, made = np.full(length, int(state)), np.repeat(frames[-1][None], length, 0)
        frames += list(hold(made, frames[-1], rest(), states, first, amount))
    return np.stack(frames[1:])


@pytest.mark.parametrize("length", [4, 16])
def test_what_is_off_falls_to_a_third_in_the_time_that_is_told(length: int) -> None:
    made = held(Steadiness(anchoring=1), State.SPEAKING, round(ANCHOR_S) * FPS // 16 * 16, length)
    assert made[-1, list(HELD)] == pytest.approx(OFF_BY * math.exp(-1), rel=0.03)
    others = np.delete(np.arange(MOTION_SIZE), HELD)
    assert (made[:, others] == np.float32(OFF_BY)).all()


def test_an_idle_head_comes_back_and_not_in_a_jump() -> None:
    num_frames = round(RETURN_EVERY_S) * FPS // 4 * 4
    made = held(Steadiness(returning=1), State.IDLE, num_frames, 4)[:, HEAD_TURN.start]
    assert abs(made[-1]) < 0.15 * OFF_BY
    steps = np.diff(made)
    assert steps.max() <= 0 and -steps.min() < 0.08 * OFF_BY and np.abs(np.diff(steps)).max() < 0.02 * OFF_BY
    assert (held(Steadiness(returning=1), State.LISTENING, num_frames, 4) == np.float32(OFF_BY)).all()


def test_all_off_is_the_very_motion() -> None:
    made = np.random.default_rng(0).normal(0, 1, (8, MOTION_SIZE)).astype(np.float32)
    assert hold(made, made[0], rest(), np.full(8, int(State.IDLE)), 0, UNHELD) is made
    past = made[None]
    assert corrupt(past, unit_scale(16), 0, 8, UNHELD.corruption) is past


def test_a_past_is_told_with_the_noise_of_training_and_the_same_again() -> None:
    scale, past = unit_scale(16), np.zeros((1, 4, MOTION_SIZE), np.float32)
    scale = replace(scale, spread=3 * scale.spread)
    told = np.concatenate([corrupt(past, scale, 7, number, 0.1) for number in range(200)])
    slow = scale.slow.astype(bool)
    assert told[..., slow].std() == pytest.approx(0.1 * math.sqrt(2), rel=0.05)
    assert told[..., ~slow].std() == pytest.approx(0.3 * math.sqrt(2), rel=0.05)
    together = told.mean(1)[..., slow].std()  # what all frames have in common, and a quarter of what each has
    assert together == pytest.approx(0.1 * math.sqrt(1.25), rel=0.05)
    assert np.array_equal(corrupt(past, scale, 7, 3, 0.1), told[3:4])
    assert not np.array_equal(told[3], told[4])


def test_a_stream_without_pictures_is_measured_minute_by_minute() -> None:
    players, likeness = made_players(), somebody(Crop(128, 128, 256), rest())
    sound = talk(num_frames=1500)
    free, drawn = (
        roll(players, likeness, Direction(steadiness=amount), [(sound, 0 * sound)], 1, seed=3)[0].measured
        for amount in (UNHELD, Steadiness(anchoring=20))
    )
    assert drawn["turn_off"] < free["turn_off"] and drawn["shift_off"] < free["shift_off"]
    assert all(math.isfinite(value) for value in (*free.values(), *drawn.values()))


def test_minutes_are_cut_one_after_the_other_and_measured_from_the_portrait() -> None:
    numbers = itertools.count()
    cut = list(minutes_of((np.full(2, next(numbers)) for _ in itertools.repeat(None)), 3, 2))
    assert [one[:, 0].tolist() for one in cut] == [[0, 1, 2], [3, 4, 5]]
    likeness = somebody(Crop(128, 128, 256), rest())
    motions = np.repeat(likeness.motion[None], 50, 0)
    motions[:, HEAD_TURN.start] += np.radians(np.tile([1, 3], 25))
    motions[:, HEAD_SHIFT.start] += 2
    measured = motion_measures(motions, likeness)
    assert measured["yaw"] == pytest.approx(2, abs=1e-3) and measured["head_speed"] == pytest.approx(2, abs=1e-3)
    assert measured["shift_off"] == pytest.approx(2, abs=1e-4) and measured["shift_spread"] == pytest.approx(
        0, abs=1e-5
    )
