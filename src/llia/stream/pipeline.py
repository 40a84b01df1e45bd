"""Live sound -> frames, each with its own samples: one thread moves the head, some paint, somebody takes what is done.

Hearing and denoising a clip together take two milliseconds, painting each of its frames ten times as long. So the
former share a thread, and the latter is spread over several: frames do not depend on each other.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from llia.config import Emotion
from llia.engine.players import Players
from llia.head.likeness import Likeness
from llia.portrait.edit import within
from llia.stream.desk import Desk
from llia.stream.items import Frame
from llia.stream.painting import Decode
from llia.stream.relief import Stats
from llia.stream.session import Direction, Role, cast_role, start_stream, step
from llia.stream.still import Still, new_pictures

Floats = NDArray[np.float32]

AS_IT_COMES = Direction()


class Pipeline:
    """One portrait's stream: use it in a `with`, push sound, take frames, or loop over them with `async for`."""

    def __init__(
        self, players: Players, likeness: Likeness, painters: Sequence[Decode], direction: Direction = AS_IT_COMES,
        seed: int = 0, smaller: Sequence[Sequence[Decode]] = (), least_move: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        """`painters` have a thread each; `smaller` are as many for each smaller size, for when time is short. Frames in
        which nothing moves by `least_move`, in sides of the picture, show the picture of one before."""
        role = cast_role(players, likeness, direction.emotion)
        self._players, self._likeness, self._least_move = players, likeness, least_move
        self._desk = Desk(
            start_stream(role, players.config, seed), direction, players.config, len(painters), 1 + len(smaller), clock
        )
        hands = zip(painters, *smaller, strict=True)
        jobs = [partial(self._move, role, direction.emotion), *(partial(self._paint, hand) for hand in hands)]
        self._threads = [threading.Thread(target=self._work, args=(job,), daemon=True) for job in jobs]

    def __enter__(self) -> Pipeline:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._desk.close()
        for thread in self._threads:
            thread.join()

    def push(self, own: Floats, other: Floats | None = None) -> None:
        """16 kHz sound of the own voice that follows what was pushed before, [S], and as much of the other one."""
        self._desk.push(own, other)

    def clear(self) -> None:
        """Stop talking: sound that did not leave with a frame yet is forgotten."""
        self._desk.clear()

    def direct(self, direction: Direction) -> None:
        """Another state, feeling, liveliness, from the next frame on."""
        self._desk.direct(direction)

    def finish(self) -> None:
        """No more sound will come."""
        self._desk.finish()

    def take(self, timeout_s: float | None = None) -> Frame | None:
        """-> the next frame, as soon as it is there; None after the last one, or when the time is over."""
        return self._desk.take(timeout_s)

    def take_due(self) -> Frame | None:
        """For who asks every 40 ms: -> the next frame and its sound, with the picture of an earlier frame where its own
        is not done; None until the first pictures are, and while there is no sound for it."""
        return self._desk.take_due()

    def stats(self) -> Stats:
        """-> how it went so far, and what is given up for speed now."""
        return self._desk.stats()

    def __aiter__(self) -> Pipeline:
        return self

    async def __anext__(self) -> Frame:
        loop, changed = asyncio.get_running_loop(), asyncio.Event()
        with self._desk.heard_by(partial(loop.call_soon_threadsafe, changed.set)):
            while (frame := self._desk.take_now()) is None:
                if self._desk.is_over():
                    raise StopAsyncIteration
                await changed.wait()
                changed.clear()
            return frame

    # ---- in threads of their own

    def _work(self, job: Callable[[], None]) -> None:
        try:
            job()
        except Exception as fault:
            self._desk.fail(fault)

    def _move(self, role: Role, felt: Mapping[Emotion, float]) -> None:
        """The role, as it feels at first: sound -> motion, clip after clip."""
        still, generation = Still(), 0
        while (clip := self._desk.next_clip()) is not None:
            if clip.direction.emotion != felt:
                felt, role = clip.direction.emotion, cast_role(self._players, self._likeness, clip.direction.emotion)
            motion, state = step(self._players, role, clip.direction, clip.before, clip.length)
            if clip.generation != generation:
                still, generation = Still(), clip.generation
            shown = within(motion, self._likeness.motion)
            needed, still = new_pictures(shown, self._likeness, self._least_move, still)
            self._desk.add_clip(clip, motion, state, needed)

    def _paint(self, hand: Sequence[Decode]) -> None:
        """Who paints each size: motion -> pictures, frame after frame."""
        while (wanted := self._desk.next_wanted()) is not None:
            self._desk.add_picture(wanted, hand[wanted.smaller](within(wanted.motion, self._likeness.motion)))
