"""Orders and what fills one -> all of them filled, by several processes that end whenever the command does."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from types import FrameType
from typing import TypeVar

Order = TypeVar("Order")
Told = Callable[[], None]  # called for each piece that is done

LOOK_EVERY_S = 0.5
LAST_WORDS_S = 5.0  # for a worker to clear up what it was at

# Of a worker: where its pieces are counted, and whether the command has ended.
_counters: list[Synchronized[int]] = []
_is_over = threading.Event()


def fill_all(
    orders: Sequence[Order], fill: Callable[[Order, Told], None], *, workers: int, advance: Callable[[int], None]
) -> None:
    """Fills every order, in this process or in several, and tells of pieces as they are done.

    The first fault, or Ctrl-C, ends all of it within seconds; what is not whole by then is not there.
    """
    workers = min(workers, len(orders))
    if workers <= 1:
        for order in orders:
            fill(order, partial(advance, 1))
        return
    context = get_context("spawn")
    made, told = context.Value("i", 0), 0
    line_end, line = context.Pipe(duplex=False)
    with line, ProcessPoolExecutor(workers, context, join_crew, (made, line_end)) as pool:
        running = {pool.submit(fill_one, fill, order) for order in orders}
        try:
            while running:
                finished, running = wait(running, LOOK_EVERY_S, FIRST_COMPLETED)
                advance(made.value - told)
                told = made.value
                for future in finished:
                    future.result()
        except BaseException:
            line.close()
            pool.shutdown(cancel_futures=True)
            raise


def join_crew(made: Synchronized[int], line_end: Connection) -> None:
    """A worker's start: pieces are counted there; the line to the command is cut when the command ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl-C to all: the command sees to the rest
    signal.signal(signal.SIGTERM, leave)
    _counters.append(made)
    threading.Thread(target=watch, args=(line_end,), daemon=True).start()


def watch(line_end: Connection) -> None:
    """Waits until the line is cut, then ends this process: first with a word to what it is at, then without."""
    line_end.poll(None)
    _is_over.set()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LAST_WORDS_S)
    os._exit(1)


def leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(1)


def fill_one(fill: Callable[[Order, Told], None], order: Order) -> None:
    """In a worker: fills one order, unless it only lay here waiting when the command ended."""
    if _is_over.is_set():
        raise SystemExit(1)
    fill(order, count_piece)


def count_piece() -> None:
    (made,) = _counters
    with made.get_lock():
        made.value += 1
