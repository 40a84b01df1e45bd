"""A machine that is too slow: what is given up, when it is given back, and that sound comes in time all the while."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from llia.codec import Codec
from llia.config import Emotion, State
from llia.engine.players import Players
from llia.head.likeness import Crop
from llia.head.motion import HEAD_TURN, Motion, rest
from llia.portrait.edit import within
from llia.stream.items import Frame
from llia.stream.painting import Decode, Picture
from llia.stream.pipeline import Pipeline
from llia.stream.plan import plan_clip
from llia.stream.relief import (
    LATE_ENOUGH,
    MOST_PATIENCE,
    PATIENCE,
    SETTLING,
    Measures,
    Relief,
    Stats,
    keep_up,
    ladder,
)
from llia.stream.session import Direction
from llia.stream.stage import Stage
from llia.stream.still import MOST_IN_A_ROW, Still, new_pictures
from standins import Truth, carrying, coordinates, somebody
from theatre import CONFIG, SAMPLES, made_players, talk

Floats = NDArray[np.float32]

AS_ASKED, LONGER = Measures(), Measures(longer_clips=True)
RUNGS = ladder(3)
LIKENESS = somebody(Crop(128, 128, 256), rest())


# ---- the ladder


def test_what_is_given_up_comes_in_this_order() -> None:
    smaller = [Measures(longer_clips=True, smaller=step) for step in (1, 2)]
    held = [replace(smaller[-1], held_for=frames) for frames in (2, 4)]
    assert ladder(3) == (AS_ASKED, LONGER, *smaller, *held)
    assert ladder(1) == (AS_ASKED, LONGER, replace(LONGER, held_for=2), replace(LONGER, held_for=4))


@pytest.mark.parametrize(("ahead", "heard", "length"), [(0, 0, 4), (0, 7, 4), (0, 8, 8), (0, 40, 16), (12, 8, 12)])
def test_who_is_in_a_hurry_makes_clips_as_long_as_there_is_sound_for(ahead: int, heard: int, length: int) -> None:
    assert plan_clip((4, 8, 12, 16), ahead, heard) == length


# frames, each so-many-th of them late (0: none), load -> the rung after them, from one rung on
COURSES: dict[str, tuple[int, list[tuple[int, int, float]], int]] = {
    "all is well": (0, [(1000, 0, 0.5)], 0),
    "one late picture is nothing": (0, [(30, 0, 0.5), (1, 1, 0.5), (1000, 0, 0.5)], 0),
    "two are enough": (0, [(20, 0, 0.5), (LATE_ENOUGH, 1, 0.5)], 1),
    "a measure has time to show what it does": (0, [(SETTLING, 1, 2.0), (SETTLING - 1, 1, 2.0)], 1),
    "one by one": (0, [(4 * SETTLING, 1, 2.0)], 4),
    "no further than the last": (0, [(100 * SETTLING, 1, 9.0)], 5),
    "back when there is time to spare": (3, [(PATIENCE, 0, 0.3)], 2),
    "not before": (3, [(PATIENCE - 1, 0, 0.3)], 3),
    "all the way": (5, [(5 * PATIENCE, 0, 0.1)], 0),
    "not while the next would be too much": (5, [(50 * PATIENCE, 0, 0.46)], 5),
    "longer clips cost nothing to give back": (1, [(PATIENCE, 0, 0.8)], 0),
    "a size costs less than half": (2, [(PATIENCE, 0, 0.5)], 1),
    "late ones are no time to spare": (3, [(PATIENCE - 1, 30, 0.1)], 3),
}


def run(relief: Relief, frames: int, late_each: int, load: float) -> Relief:
    for number in range(1, frames + 1):
        relief = keep_up(relief, RUNGS, late=late_each > 0 and number % late_each == 0, load=load)
    return relief


@pytest.mark.parametrize("course", COURSES)
def test_courses(course: str) -> None:
    rung, parts, expected = COURSES[course]
    relief = Relief(rung)
    for part in parts:
        relief = run(relief, *part)
    assert relief.rung == expected


def test_who_fails_a_trial_waits_twice_as_long_for_the_next() -> None:
    relief, waits = Relief(1), []
    for _ in range(7):
        waits.append(0)
        while relief.rung == 1:
            relief, waits[-1] = run(relief, 1, 0, 0.1), waits[-1] + 1
        relief = run(relief, SETTLING, 1, 2.0)
        assert relief.rung == 1
    assert waits == [PATIENCE * 2**power for power in range(5)] + [MOST_PATIENCE] * 2
    for _ in range(2):  # one that is stood makes up for them
        relief = run(relief, MOST_PATIENCE, 0, 0.1)
    assert (relief.rung, relief.patience) == (0, PATIENCE)


# ---- a stream on a machine whose time is made


class Time:
    """A clock that goes on only when it is told to, and threads that wait on it."""

    def __init__(self) -> None:
        self.now_s, self.news = 0.0, threading.Event()
        self._goes_on, self._ends = threading.Condition(), dict[int, float]()

    def __call__(self) -> float:
        return self.now_s

    def spend(self, time_s: float) -> None:
        """What a working thread calls: comes back so much later."""
        me = threading.get_ident()
        with self._goes_on:
            self._ends[me] = end_s = self.now_s + time_s
            self.news.set()
            self._goes_on.wait_for(lambda: self.now_s >= end_s)
            if self._ends.get(me) == end_s:
                del self._ends[me]

    def at_work(self) -> list[float]:
        with self._goes_on:
            return [end_s for end_s in self._ends.values() if end_s > self.now_s]

    def set(self, now_s: float) -> None:
        with self._goes_on:
            self.now_s = now_s
            self._goes_on.notify_all()


@dataclass
class Machine:
    """Painters of some sizes, each so slow, on a clock of their own; their pictures tell size and motion."""

    costs_s: tuple[float, ...]
    num_painters: int = 2
    times_slower: float = 1.0
    clip_s: float = 0.0
    time: Time = field(default_factory=Time)

    def painter(self, step: int) -> Decode:
        def paint(motion: Motion) -> Picture:
            self.time.spend(self.costs_s[step] * self.times_slower)
            return np.frombuffer(np.append(np.float32(step), motion).astype(np.float32).tobytes(), np.uint8)

        return paint

    def players(self) -> Players:
        players = made_players()

        def hear(windows: Floats) -> Floats:
            if self.clip_s:
                self.time.spend(self.clip_s * self.times_slower)
            return players.hear(windows)

        return replace(players, hear=hear)

    @contextmanager
    def stream(self, least_move: float = 0.0) -> Iterator[Pipeline]:
        sizes = [[self.painter(step)] * self.num_painters for step in range(len(self.costs_s))]
        stream = Pipeline(self.players(), LIKENESS, sizes[0], smaller=sizes[1:], least_move=least_move, clock=self.time)
        with ExitStack() as stack:
            stack.enter_context(stream)
            stack.enter_context(stream._desk.heard_by(self.time.news.set))
            stack.callback(self.time.set, np.inf)
            yield stream

    def pass_time(self, stream: Pipeline, time_s: float) -> None:
        """Lets it work for so long; comes back when all threads wait."""
        until_s = self.time.now_s + time_s
        while True:
            self.settle(stream)
            next_s = min(self.time.at_work(), default=np.inf)
            if next_s > until_s:
                break
            self.time.set(next_s)
        self.time.set(until_s)

    def settle(self, stream: Pipeline) -> None:
        while True:
            self.time.news.clear()
            with (desk := stream._desk)._changed:
                desk._check_fault()
                waiting = desk._has_work()
                painting, moves = len(desk._awaited) - len(desk._wanted), desk._length_possible() > 0
            busy = len(self.time.at_work())
            all_paint = painting == self.num_painters or not waiting
            if all_paint and busy == painting + moves and not (moves and not self.clip_s):
                return
            assert self.time.news.wait(60)


FRAME_S = 0.04


def watch(machine: Machine, stream: Pipeline, sound: Floats, slowness: Callable[[int], float]) -> list[Frame | None]:
    """Pushes and takes by the clock, as a call does -> what came out each time."""
    frames = []
    for number, piece in enumerate(np.split(sound, len(sound) // SAMPLES)):
        machine.times_slower = slowness(number)
        stream.push(piece)
        machine.pass_time(stream, FRAME_S)
        frames.append(stream.take_due())
    return frames


def sizes_of(frames: list[Frame]) -> list[int]:
    return [int(np.frombuffer(frame.picture.tobytes(), np.float32)[0]) for frame in frames]


def motion_in(frame: Frame) -> Motion:
    return np.frombuffer(frame.picture.tobytes(), np.float32)[1:]


def check_no_gap(frames: list[Frame | None], sound: Floats) -> list[Frame]:
    """Once it has begun, each time a frame comes with its own samples -> those."""
    begun = next(place for place, frame in enumerate(frames) if frame is not None)
    came = [frame for frame in frames[begun:] if frame is not None]
    assert len(came) == len(frames) - begun, "sound starved"
    assert [frame.number for frame in came] == list(range(len(came)))
    assert np.array_equal(np.concatenate([frame.sound for frame in came]), sound[: len(came) * SAMPLES])
    for frame in came:
        assert np.array_equal(within(frame.motion, LIKENESS.motion), motion_in(frame)), "another's picture"
    return came


def test_a_machine_that_keeps_up_gives_nothing_up() -> None:
    machine, sound = Machine((0.035,)), talk(0, 101)
    with machine.stream() as stream:
        frames = watch(machine, stream, sound, lambda _: 1.0)
        assert sum(frame is not None for frame in frames) > 101 - CONFIG.sound.frames_ahead - max(CONFIG.clips.lengths)
        stream.finish()
        while frames[-1] is not None:
            machine.pass_time(stream, FRAME_S)
            frames.append(stream.take_due())
        came = check_no_gap(frames[:-1], sound)
        assert stream.stats() == Stats(num_frames=101)
    assert len(came) == 101 and not any(frame.held for frame in came)


SLOW = range(60, 260)  # frames in which another process takes the machine


def test_sound_never_starves_while_the_machine_is_slow_and_all_is_given_back() -> None:
    machine, sound = Machine((0.06, 0.04, 0.025)), talk(0, 650)
    with machine.stream() as stream:
        came = check_no_gap(watch(machine, stream, sound, lambda frame: 3.0 if frame in SLOW else 1.0), sound)
        stats = stream.stats()
    sizes, held = sizes_of(came), [frame.held for frame in came]
    assert not any(held[: SLOW.start - 10]) and set(sizes[: SLOW.start - 10]) == {0}
    # smaller pictures come before held ones are planned, and with these the machine keeps up
    assert set(sizes[SLOW.start + 60 : SLOW.stop - 10]) == {2}
    assert sum(held[SLOW.start + 60 : SLOW.stop - 10]) < 0.6 * (len(SLOW) - 70)
    # then all comes back by itself
    assert set(sizes[-60:]) == {0} and not any(held[-60:])
    assert stats.measures == AS_ASKED
    assert stats.num_held == sum(held) > 0 and stats.num_smaller == sum(size > 0 for size in sizes) > 0
    assert 0 < stats.num_late <= stats.num_held and stats.num_frames == len(came)


@pytest.mark.parametrize("clip_s", [0.0, 0.02])
def test_pictures_are_held_where_there_is_no_smaller_size_however_slow(clip_s: float) -> None:
    """A picture takes a second, a clip perhaps half of one: a slide show, but every sample in time."""
    machine, sound = Machine((0.04,), clip_s=clip_s), talk(0, 260)
    with machine.stream() as stream:
        came = check_no_gap(watch(machine, stream, sound, lambda frame: 25.0 if frame in SLOW else 1.0), sound)
        assert stream.stats().num_held > 120
        assert stream.stats().measures.held_for == 4
    changes = [one.picture is not other.picture for one, other in itertools.pairwise(came[100:])]
    assert sum(changes) >= 5  # it is no still picture


def test_an_interruption_of_a_slow_stream_lets_only_new_sound_out() -> None:
    machine, words, others = Machine((0.03,), clip_s=0.01), talk(0, 60), talk(9, 60)
    with machine.stream() as stream:
        came = watch(machine, stream, words, lambda frame: 60.0 if frame > 30 else 1.0)
        last = [frame for frame in came if frame][-1]
        assert last.number >= stream._desk._state.num_frames, "motion is behind, too"
        stream.clear()
        assert stream.take_due() is None
        machine.time.set(machine.time.now_s + 10)  # whoever is still busy with what is forgotten
        frames = [frame for frame in watch(machine, stream, others, lambda _: 1.0) if frame]
    assert [frame.number for frame in frames] == list(range(last.number + 1, last.number + 1 + len(frames)))
    assert len(frames) > 30 and not frames[0].held
    assert np.array_equal(np.concatenate([frame.sound for frame in frames]), others[: len(frames) * SAMPLES])


def test_sound_that_ends_and_comes_again_begins_anew() -> None:
    machine, sound = Machine((0.03,)), talk(0, 120)
    with machine.stream() as stream:
        first = [frame for frame in watch(machine, stream, sound[: 50 * SAMPLES], lambda _: 1.0) if frame]
        for _ in range(50):
            machine.pass_time(stream, FRAME_S)
            first += [frame for frame in [stream.take_due()] if frame]
        late = stream.stats().num_late
        then = [frame for frame in watch(machine, stream, sound[50 * SAMPLES :], lambda _: 1.0) if frame]
        assert stream.stats().num_late == late, "who has no sound is not slow"
    check_no_gap([*first, *then], sound)
    assert not then[0].held


def test_a_new_wish_in_a_running_stream_holds_no_picture() -> None:
    machine, sound = Machine((0.03,)), talk(0, 100)
    with machine.stream() as stream:
        stream.push(talk(1, 30))  # ahead of the clock, as spoken text is
        before = watch(machine, stream, sound[: 50 * SAMPLES], lambda _: 1.0)
        stream.direct(Direction(State.IDLE, {Emotion.SAD: 1.0}))
        after = watch(machine, stream, sound[50 * SAMPLES :], lambda _: 1.0)
    came = check_no_gap([*before, *after], np.concatenate([talk(1, 30), sound]))
    changed = next(place for place, frame in enumerate(after) if frame and frame.generation == 1)
    assert 0 < changed <= 4 and not any(frame.held for frame in came)


# ---- smaller pictures


def test_smaller_pictures_are_handed_out_as_large_as_was_asked_for() -> None:
    codecs = [Codec(size, Truth().sights(), carrying(size)) for size in (512, 256)]
    players, (whole, less) = made_players(), codecs
    stage = Stage(players, whole, (whole.painters,) * 2, (Stage(players, less, (less.painters,) * 2),))
    likeness = somebody(Crop(256, 256, 512), rest())
    appearance = whole.open_appearance(coordinates(512, 512, 7), likeness, 0.0, ())
    (smaller,) = stage.smaller_decoders(appearance)
    assert len(smaller) == len(stage.decoders(appearance)) == 2
    turned = rest()
    turned[HEAD_TURN.start] = 0.2
    for motion in (likeness.motion, turned):
        large, small = stage.decoders(appearance)[1](motion).astype(float), smaller[1](motion).astype(float)
        assert large.shape == small.shape == (512, 512, 3)
        assert 0 < np.abs(large - small).mean() < 1  # a gradient: enlarged it is the same but for its rounding
    assert np.abs(large - coordinates(512, 512, 7)).mean() > 1, "the head has turned"


# ---- frames that look like the one before


def test_a_frame_that_looks_like_the_last_picture_needs_none_but_not_for_long() -> None:
    motions = np.repeat(rest()[None], 20, 0)
    motions[:, HEAD_TURN.start] = np.where(np.arange(20) < 8, 0, np.arange(20) * 0.001)  # still, then slowly turning
    needed, still = new_pictures(motions, LIKENESS, 0.002, Still())
    apart = [i for i, is_needed in enumerate(needed) if is_needed]
    assert apart[:3] == [0, 3, 6] and apart[3] == 8  # .008 at once
    assert max(np.diff(apart)) <= MOST_IN_A_ROW + 1
    assert new_pictures(motions, LIKENESS, 1e-6, Still())[0][8:] == [True] * 12
    first, between = new_pictures(motions[:5], LIKENESS, 0.002, Still())
    then, last = new_pictures(motions[5:], LIKENESS, 0.002, between)
    assert first + then == needed and np.array_equal(last.places, still.places)  # type: ignore[arg-type]
    assert new_pictures(motions, LIKENESS, 0.0, still) == ([True] * 20, still)


@pytest.mark.parametrize("by_clock", [False, True])
def test_what_stands_still_is_painted_once_in_a_while(*, by_clock: bool) -> None:
    machine, sound = Machine((0.03,)), talk(0, 60)
    with machine.stream(least_move=9.0) as stream:  # nothing goes as far as that
        if by_clock:
            came = check_no_gap(watch(machine, stream, sound, lambda _: 1.0), sound)
        else:
            stream.push(sound)
            machine.pass_time(stream, 2.0)
            came = [frame for frame in [stream.take(60) for _ in range(24)] if frame]
        stats = stream.stats()
    assert [frame.held for frame in came] == [place % (MOST_IN_A_ROW + 1) > 0 for place in range(len(came))]
    assert len(came) > 20 and stats.num_late == 0 and stats.num_held == sum(frame.held for frame in came)
