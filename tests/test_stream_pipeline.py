"""A live stream in threads: frames in order with their own sound, nothing stale, faults heard, nobody left behind."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from llia.config import Emotion, State
from llia.engine.players import Players
from llia.head.likeness import Crop
from llia.head.motion import Motion, rest
from llia.portrait.edit import within
from llia.stream.desk import MOST_AHEAD
from llia.stream.items import Frame
from llia.stream.painting import Decode, Picture
from llia.stream.performance import perform
from llia.stream.pipeline import Pipeline
from llia.stream.session import Direction, cast_role, cut, made_last, push, start_stream, step
from standins import somebody
from theatre import CONFIG, SAMPLES, made_players, talk

Floats = NDArray[np.float32]

PLAYERS = made_players()
LIKENESS = somebody(Crop(128, 128, 256), rest())
AHEAD = CONFIG.sound.frames_ahead
SAD = Direction(State.IDLE, {Emotion.SAD: 1.0})
PATIENCE_S = 60.0  # more says that something hangs


def paint(motion: Motion) -> Picture:
    """-> a picture that is nothing but the bytes of the motion."""
    return np.frombuffer(motion.astype(np.float32).tobytes(), np.uint8).reshape(1, -1, 3)


def motion_in(frame: Frame) -> Motion:
    return np.frombuffer(frame.picture.tobytes(), np.float32)


class Easel:
    """Paints, and can be waited for until so many frames are painted."""

    def __init__(self, wanted: int) -> None:
        self.done, self.count = threading.Event(), itertools.count(1)
        self.wanted, self.painted = wanted, 0

    def __call__(self, motion: Motion) -> Picture:
        self.painted = next(self.count)
        if self.painted >= self.wanted:
            self.done.set()
        return paint(motion)

    def wait(self) -> None:
        assert self.done.wait(PATIENCE_S)


def take(stream: Pipeline, count: int = 1) -> list[Frame]:
    frames = []
    for _ in range(count):
        frame = stream.take(PATIENCE_S)
        assert frame is not None
        frames.append(frame)
    return frames


def all_of(stream: Pipeline) -> Iterator[Frame]:
    while (frame := stream.take(PATIENCE_S)) is not None:
        yield frame


def by_hand(sound: Floats) -> Floats:
    """-> what the portrait does to that sound when nobody waits for it."""
    role = cast_role(PLAYERS, LIKENESS)
    made = perform(PLAYERS, role, Direction(), [np.stack([sound, np.zeros_like(sound)])])
    return np.stack([within(motion, LIKENESS.motion) for motion in made])


@pytest.fixture(autouse=True)
def nobody_is_left_behind() -> Iterator[None]:
    before = threading.active_count()
    yield
    assert threading.active_count() == before


@pytest.mark.parametrize("num_painters", [1, 3])
def test_every_frame_comes_in_order_with_its_own_samples(num_painters: int) -> None:
    sound = talk(0, 103)[:-200]  # the last clip reaches beyond its end
    with Pipeline(PLAYERS, LIKENESS, [paint] * num_painters) as stream:
        for piece in np.split(sound, [7, 5000, 5001, 40000]):
            stream.push(piece)
        stream.finish()
        frames = list(all_of(stream))
    assert [frame.number for frame in frames] == list(range(103))
    assert {frame.generation for frame in frames} == {0}
    assert all(frame.sound.shape == (SAMPLES,) for frame in frames)
    assert np.array_equal(np.concatenate([frame.sound for frame in frames])[: len(sound)], sound)


def test_two_streams_at_once_are_each_as_alone_and_as_a_film_however_sound_is_cut() -> None:
    easels = [Easel(MOST_AHEAD) for _ in range(2)]
    with (
        Pipeline(PLAYERS, LIKENESS, [easels[0]]) as first,
        Pipeline(made_players(), LIKENESS, [easels[1]]) as second,
    ):
        first.push(talk(0, 60))
        for piece in np.split(talk(1, 60), [1, 7, SAMPLES, 5000, 5001, 20000]):
            second.push(piece)
        for seed, (easel, stream) in enumerate(zip(easels, (first, second), strict=True)):
            easel.wait()  # nothing is taken before, so the plan is a film's
            made = np.stack([motion_in(frame) for frame in take(stream, MOST_AHEAD)])
            assert np.array_equal(made, by_hand(talk(seed, 60))[:MOST_AHEAD])


def test_queues_are_bounded() -> None:
    easel = Easel(MOST_AHEAD)
    with Pipeline(PLAYERS, LIKENESS, [easel]) as stream:
        stream.push(talk(0, 500))
        easel.wait()
    assert easel.painted == MOST_AHEAD


def test_a_long_stream_keeps_no_sound_that_is_out() -> None:
    with Pipeline(PLAYERS, LIKENESS, [paint]) as stream:
        kept = []
        for number in range(40):
            stream.push(talk(number, 10))
            if number:
                take(stream, 10)
            kept.append(stream._desk._sound.shape[1])
    assert max(kept) <= 40 * SAMPLES and len(stream._desk._made) <= MOST_AHEAD / 4


def test_an_interruption_lets_nothing_old_out() -> None:
    """Cleared again and again at any moment: while clips are made, frames painted, sound still coming."""
    rng, number = np.random.default_rng(0), 0
    with Pipeline(PLAYERS, LIKENESS, [paint, paint]) as stream:
        for generation in range(1, 100):
            stream.push(talk(generation, int(rng.integers(0, 40))))
            if generation % 3:
                stream.push(talk(generation, 10))
                number += len(take(stream, int(rng.integers(1, 4))))
            stream.clear()
            stream.push(np.full(6 * SAMPLES, generation, np.float32))
            (frame,) = take(stream)
            assert (frame.number, frame.generation) == (number, generation)
            assert (frame.sound == generation).all()
            number += 1


def test_after_an_interruption_only_new_sound_is_heard() -> None:
    def taken_after(words: Floats) -> list[Frame]:
        easel = Easel(MOST_AHEAD)
        with Pipeline(PLAYERS, LIKENESS, [easel]) as stream:
            stream.push(words)
            easel.wait()
            assert len(take(stream, 6)) == 6
            stream.clear()
            stream.push(talk(9, 4 + AHEAD))
            return take(stream, 4)

    words = talk(0, 60)
    longer = np.concatenate([words[: (MOST_AHEAD + AHEAD) * SAMPLES], talk(5, 30)])
    frames, others = taken_after(words), taken_after(longer)
    assert np.array_equal(np.concatenate([frame.sound for frame in frames]), talk(9, 4))
    assert [frame.number for frame in frames] == [6, 7, 8, 9]
    for one, other in zip(frames, others, strict=True):
        assert np.array_equal(motion_in(one), motion_in(other))
    # and it goes on from the six frames that were out: no jump
    before = by_hand(words)[5]
    usual = np.abs(np.diff(by_hand(words), axis=0)).max()
    assert np.abs(motion_in(frames[0]) - before).max() < 2 * usual


def test_a_new_wish_holds_from_the_next_frame_on() -> None:
    easel, sound, taken = Easel(MOST_AHEAD), talk(0, 60), 11
    with Pipeline(PLAYERS, LIKENESS, [easel]) as stream:
        stream.push(sound)
        easel.wait()
        first = take(stream, taken)
        stream.direct(SAD)
        following = take(stream, 4)
    assert [frame.generation for frame in following] == [1] * 4
    assert [frame.number for frame in following] == list(range(taken, taken + 4))
    assert np.array_equal(np.concatenate([f.sound for f in first + following]), sound[: (taken + 4) * SAMPLES])

    role = cast_role(PLAYERS, LIKENESS)
    state = push(start_stream(role, CONFIG), sound)
    for length in (4, 4):
        _, state = step(PLAYERS, role, Direction(), state, length)
    _, after = step(PLAYERS, role, Direction(), state, 8)
    state = cut(state, Direction(), made_last(after, 8)[: taken - 8], CONFIG)
    sad, _ = step(PLAYERS, cast_role(PLAYERS, LIKENESS, SAD.emotion), SAD, state, 4)
    made = np.stack([motion_in(frame) for frame in following])
    assert np.array_equal(made, within(sad, LIKENESS.motion))


# ---- faults


def broken_painter(motion: Motion) -> Picture:
    raise ValueError("no paint left")


def deaf(windows: Floats) -> Floats:
    raise RuntimeError("hears nothing")


FAULTS: dict[str, tuple[Players, list[Decode]]] = {
    "no paint left": (PLAYERS, [paint, broken_painter]),
    "hears nothing": (replace(PLAYERS, hear=deaf), [paint]),
}


@pytest.mark.parametrize("words", FAULTS)
def test_a_fault_in_a_thread_ends_the_stream_with_its_words(words: str) -> None:
    players, painters = FAULTS[words]
    with Pipeline(players, LIKENESS, painters) as stream:
        stream.push(talk(0, 60))
        with pytest.raises((ValueError, RuntimeError), match=words):
            take(stream, 60)
        for call in (lambda: stream.push(talk()), stream.clear, lambda: stream.direct(SAD), stream.take):
            with pytest.raises((ValueError, RuntimeError), match=words):
                call()


def test_what_is_asked_of_a_closed_stream_is_refused() -> None:
    with Pipeline(PLAYERS, LIKENESS, [paint]) as stream:
        stream.push(talk(0, 3))
        stream.finish()
        with pytest.raises(ValueError, match="after the end"):
            stream.push(talk())
    with pytest.raises(ValueError, match="closed"):
        stream.clear()
    assert stream.take(0) is None or stream.take(0) is None


def test_no_sound_no_frames() -> None:
    with Pipeline(PLAYERS, LIKENESS, [paint]) as stream:
        assert stream.take(0) is None
        stream.push(talk()[: (4 + AHEAD) * SAMPLES - 1])
        assert stream.take(0) is None
        stream.push(talk()[:1])
        assert take(stream, 4)[-1].number == 3


# ---- on an event loop


def test_frames_can_be_waited_for_on_an_event_loop() -> None:
    async def listen() -> tuple[list[int], int]:
        beats = 0

        async def beat() -> None:
            nonlocal beats
            while True:
                beats += 1
                await asyncio.sleep(0)

        with Pipeline(PLAYERS, LIKENESS, [paint, paint]) as stream:
            heart = asyncio.create_task(beat())
            stream.push(talk(0, 50))
            stream.finish()
            numbers = [frame.number async for frame in stream]
            heart.cancel()
        return numbers, beats

    numbers, beats = asyncio.run(listen())
    assert numbers == list(range(50)) and beats > len(numbers)


def test_who_waits_on_an_event_loop_hears_of_faults_and_may_leave() -> None:
    async def hear_fault() -> None:
        with Pipeline(PLAYERS, LIKENESS, [broken_painter]) as stream:
            stream.push(talk(0, 50))
            async for _ in stream:
                pass

    async def leave() -> None:
        with Pipeline(PLAYERS, LIKENESS, [paint]) as stream:
            waiting = asyncio.create_task(anext(stream))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            stream.push(talk(0, 10))
            assert (await anext(stream)).number == 0

    with pytest.raises(ValueError, match="no paint left"):
        asyncio.run(hear_fault())
    asyncio.run(leave())
