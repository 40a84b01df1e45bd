"""What was pushed, made, painted and taken of one stream, and what is to be done next; several threads work from it.

Frames are taken in one of two ways: as soon as each is painted, or by the clock, whether it is painted or not.

Everything is numbered: frames by their place in the stream, work by its generation. A new wish, or an interruption,
raises the generation: the stream goes back to the frame that is to be taken next, what was made beyond it is dropped.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from llia.config import Config
from llia.engine.players import NUM_VOICES
from llia.stream.items import Clip, Frame, Made, Wanted, without_sound
from llia.stream.painting import Picture
from llia.stream.performance import after, frames_of
from llia.stream.plan import plan_clip
from llia.stream.relief import Pace, Stats, ladder
from llia.stream.session import Direction, StreamState, cut, forget_ahead, frames_ready, made_last

Floats = NDArray[np.float32]

MOST_AHEAD = 32  # frames made and not yet taken: so long is any queue here
BEGIN_WITH = 3  # pictures: while the first two of a clip are shown, the next clip can be made
KEPT_AT_CHANGE = 2  # pictures that are shown while others are made after a new wish


class Desk:
    """The one place that threads of a stream share. All of its methods may be called from any of them."""

    def __init__(
        self, state: StreamState, direction: Direction, config: Config, num_painters: int, num_sizes: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._config, self._direction, self._clock = config, direction, clock
        self._changed = threading.Condition()  # held by whoever reads or writes what is below
        self._listeners: list[Callable[[], object]] = []
        self._open = True
        self._fault: Exception | None = None
        self._generation = 0
        self._state = state  # after the last clip made; its sound waits here:
        self._sound, self._first_sample = np.zeros((NUM_VOICES, 0), np.float32), 0
        self._made: deque[Made] = deque()
        self._wanted: deque[Wanted] = deque()
        self._awaited: set[int] = set()  # frames that are wanted or being painted
        self._painted: dict[int, tuple[Wanted, Picture]] = {}
        self._shown: tuple[Wanted, Picture] | None = None
        self._taken = 0
        self._last: int | None = None  # how many frames there will be, once it is known
        self._flows = False  # by the clock: the first pictures were there, and sound has not ended since
        self._pace = Pace(ladder(num_sizes), num_painters / config.clock.frames_per_second)

    # ---- from outside

    def push(self, own: Floats, other: Floats | None = None) -> None:
        """Sound that follows what was pushed before, [S]; of the other voice as much, or silence."""
        pair = np.stack([own, np.zeros_like(own) if other is None else other]).astype(np.float32, copy=False)
        with self._changed:
            self._check()
            if self._last is not None:
                raise ValueError("expected no more sound after the end of a stream; open another stream")
            self._sound = np.concatenate([self._sound, pair], 1)
            self._tell()

    def finish(self) -> None:
        """No more sound will come: the frames of what was pushed are the last ones."""
        with self._changed:
            self._last = frames_of(self._num_pushed, self._config)
            silence = np.zeros((NUM_VOICES, self._last * self._per_frame - self._num_pushed + after(self._config)))
            self._sound = np.concatenate([self._sound, silence.astype(np.float32)], 1)
            self._tell()

    def direct(self, direction: Direction) -> None:
        """Another wish, from the next frame to be taken on."""
        with self._changed:
            self._check()
            self._direction = direction
            kept = 0
            while self._flows and kept < KEPT_AT_CHANGE and self._taken + kept in self._painted:
                kept += 1
            self._go_back(self._taken + kept)
            self._tell()

    def clear(self) -> None:
        """An interruption: all sound that is not out yet is forgotten; what is pushed next goes with the next frame."""
        with self._changed:
            self._check()
            self._go_back(self._taken)
            here = replace(self._state, num_frames=self._taken)  # where motion came late it is further back
            self._state, self._last, self._flows = forget_ahead(here, self._config), None, False
            self._sound, self._first_sample = self._sound[:, :0], self._taken * self._per_frame
            self._tell()

    def take(self, timeout_s: float | None = None) -> Frame | None:
        """-> the next frame, as soon as it is painted; None after the last one, or when the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_done(self._taken) or self._is_over(), timeout_s)
            return self.take_now()

    def take_now(self) -> Frame | None:
        """-> the next frame if it is painted."""
        with self._changed:
            self._check_fault()
            return self._leave() if self._is_done(self._taken) else None

    def take_due(self) -> Frame | None:
        """-> the next frame, whose time has come: with an earlier picture where its own is not done. None until the
        first pictures are done, and while there is no sound."""
        with self._changed:
            self._check_fault()
            if self._is_over() or not self._may_leave():
                return None
            self._pace.was_due(late=not self._is_done(self._taken))
            return self._leave()

    def stats(self) -> Stats:
        with self._changed:
            return self._pace.stats

    def is_over(self) -> bool:
        """-> whether no frame is to come; a fault that ended all is raised, lest it pass for an end."""
        with self._changed:
            self._check_fault()
            return self._is_over()

    @contextmanager
    def heard_by(self, listener: Callable[[], object]) -> Iterator[None]:
        """Within the block, the listener is called by any thread whenever something has changed."""
        with self._changed:
            self._listeners.append(listener)
        try:
            yield
        finally:
            with self._changed:
                self._listeners.remove(listener)

    def close(self) -> None:
        """Everybody goes home."""
        with self._changed:
            self._open = False
            self._tell()

    # ---- for those who work

    def next_clip(self) -> Clip | None:
        """-> the next clip to be made, once there is sound and room for it; None when everybody goes home."""
        with self._changed:
            self._changed.wait_for(lambda: not self._open or self._length_possible() > 0)
            if not self._open:
                return None
            return Clip(self._generation, self._with_sound(self._state), self._direction, self._length_possible())

    def add_clip(self, clip: Clip, motion: Floats, state: StreamState, needed: Sequence[bool]) -> None:
        """A clip was made, and which of its frames need a picture of their own; so is the state after it."""
        with self._changed:
            if clip.generation != self._generation:
                return
            self._made.append(Made(without_sound(clip.before), clip.direction, made_last(state, len(motion))))
            self._state = without_sound(state)
            for number, frame, is_needed in zip(count(clip.before.num_frames), motion, needed, strict=False):
                if is_needed and (self._last is None or number < self._last):
                    self._wanted.append(Wanted(number, clip.generation, frame))
                    self._awaited.add(number)
            self._tell()

    def next_wanted(self) -> Wanted | None:
        """-> the next frame to be painted; None when everybody goes home."""
        with self._changed:
            self._changed.wait_for(lambda: not self._open or self._has_work())
            if not self._open:
                return None
            return replace(self._wanted.popleft(), smaller=self._pace.measures.smaller, since_s=self._clock())

    def add_picture(self, wanted: Wanted, picture: Picture) -> None:
        """A frame was painted."""
        with self._changed:
            self._pace.painted(self._clock() - wanted.since_s)
            if wanted.generation == self._generation:
                self._painted[wanted.number] = wanted, picture
                self._awaited.discard(wanted.number)
                self._tell()

    def fail(self, fault: Exception) -> None:
        """Something went wrong in a thread: the stream ends, and whoever takes frames hears why."""
        with self._changed:
            self._fault = self._fault or fault
            self._open = False
            self._tell()

    # ---- with the lock held

    @property
    def _per_frame(self) -> int:
        return self._config.clock.samples_per_frame

    @property
    def _num_pushed(self) -> int:
        return self._first_sample + int(self._sound.shape[1])

    def _has_work(self) -> bool:
        """-> whether a picture is to be painted; those that nobody needs any more are left out."""
        while self._wanted and self._is_left_out(self._wanted[0].number):
            self._awaited.discard(self._wanted.popleft().number)
        return bool(self._wanted)

    def _is_left_out(self, number: int) -> bool:
        if number < self._taken:
            return len(self._wanted) > 1  # the newest is better late than never
        return self._flows and number % self._pace.measures.held_for != 0

    def _is_done(self, number: int) -> bool:
        """-> whether the frame is painted, or was left out."""
        made = min(self._state.num_frames, self._last or self._state.num_frames)
        return number in self._painted or (number < made and number not in self._awaited)

    def _may_leave(self) -> bool:
        """-> whether the next frame's time has come: once some pictures are done it always has, while sound lasts."""
        if not self._flows:
            enough = BEGIN_WITH if self._last is None else min(BEGIN_WITH, self._last - self._taken)
            self._flows = all(self._is_done(self._taken + ahead) for ahead in range(enough))
        elif not (self._is_done(self._taken) or self._taken < self._state.num_frames or self._length_possible() > 0):
            self._flows = False
        return self._flows

    def _leave(self) -> Frame:
        """-> the next frame, with the newest picture that there is up to it."""
        newest = max((number for number in self._painted if number <= self._taken), default=-1)
        if self._shown is None or newest > self._shown[0].number:
            self._shown = self._painted[newest]
        self._painted = {number: one for number, one in self._painted.items() if number > self._taken}
        wanted, picture = self._shown
        start, held = self._taken * self._per_frame - self._first_sample, wanted.number < self._taken
        sound = self._sound[0, start : start + self._per_frame].copy()
        frame = Frame(self._taken, wanted.generation, wanted.motion, picture, sound, held)
        self._taken += 1
        self._pace.taken(held=held, smaller=wanted.smaller > 0)
        self._drop_taken()
        self._tell()
        return frame

    def _is_over(self) -> bool:
        return not self._open or (self._last is not None and self._taken >= self._last)

    def _check_fault(self) -> None:
        if self._fault is not None:
            raise self._fault

    def _check(self) -> None:
        self._check_fault()
        if not self._open:
            raise ValueError("expected an open stream, got one that was closed; open another")

    def _tell(self) -> None:
        self._changed.notify_all()
        for listener in self._listeners:
            listener()

    def _length_possible(self) -> int:
        """-> frames of the clip that can be made now; 0 while there is no sound or no room for it."""
        ahead = max(self._state.num_frames - self._taken, 0)
        heard = frames_ready(self._with_sound(self._state), self._config)
        length = plan_clip(self._config.clips.lengths, ahead, heard if self._pace.measures.longer_clips else 0)
        wanted = self._last is None or self._state.num_frames < self._last
        return length if heard >= length and wanted and ahead + length <= MOST_AHEAD else 0

    def _with_sound(self, state: StreamState) -> StreamState:
        return replace(state, waiting=self._sound[:, state.sound.num_samples - self._first_sample :])

    def _go_back(self, number: int) -> None:
        """Forget all that was made from this frame on."""
        self._generation += 1
        self._wanted.clear()
        self._awaited.clear()
        self._painted = {earlier: one for earlier, one in self._painted.items() if earlier < number}
        while self._made and self._state.num_frames > number:
            last = self._made.pop()
            kept = last.motion[: max(number - last.before.num_frames, 0)]
            self._state = without_sound(cut(self._with_sound(last.before), last.direction, kept, self._config))
            if len(kept):
                self._made.append(replace(last, motion=kept))

    def _drop_taken(self) -> None:
        """Forget clips that are taken, and sound that neither they nor frames to come need."""
        while self._made and self._made[0].before.num_frames + len(self._made[0].motion) <= self._taken:
            self._made.popleft()
        oldest = self._made[0].before if self._made else self._state
        needed = min(self._taken * self._per_frame, oldest.sound.num_samples)
        self._sound, self._first_sample = self._sound[:, needed - self._first_sample :], needed
