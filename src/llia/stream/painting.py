"""Motion frame by frame -> pictures in the same order, painted on several threads at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray

from llia.head.motion import Motion

Picture = NDArray[np.uint8]
Decode = Callable[[Motion], Picture]

WAITING_PER_PAINTER = 2  # frames that are being painted or done before they are asked for


def paint_all(motions: Iterable[Motion], painters: Sequence[Decode]) -> Iterator[Picture]:
    """Motion and who paints a frame of it, each one frame at a time -> the pictures, in order.

    Frames do not depend on each other, so who paints which changes nothing.
    """
    free: SimpleQueue[Decode] = SimpleQueue()
    for painter in painters:
        free.put(painter)

    def paint(motion: Motion) -> Picture:
        painter = free.get()
        try:
            return painter(motion)
        finally:
            free.put(painter)

    going: deque[Future[Picture]] = deque()
    with ThreadPoolExecutor(len(painters)) as threads:
        try:
            for motion in motions:
                going.append(threads.submit(paint, motion))
                if len(going) >= WAITING_PER_PAINTER * len(painters):
                    yield going.popleft().result()
            while going:
                yield going.popleft().result()
        finally:
            for left in going:
                left.cancel()
