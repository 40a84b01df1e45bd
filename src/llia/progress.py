"""Work that takes a while -> how far it is, on the error stream: a bar in a terminal, now and then a line elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

LINE_EVERY_S = 60.0  # where there is no terminal
STARTING = "starting (first run: compiling)"  # until the first piece is done


class Tally:
    """How many pieces of some work are done, and of how many."""

    def __init__(self, what: str, unit: str, total: int | None, console: Console, bar: Progress | None) -> None:
        self.what, self.unit, self.total, self.done, self.there = what, unit, total, 0, 0
        self._console, self._bar = console, bar
        self._start = self._told = time.monotonic()
        self._task: TaskID | None = bar.add_task(what, total=total, count=STARTING) if bar else None

    def expect(self, total: int) -> None:
        """Says of how many, where that was not known at first."""
        self.total = total
        self._show()

    def skip(self, count: int) -> None:
        """Counts pieces that were there before: the time that is left is not reckoned from them."""
        self.there += count
        self._show()

    def advance(self, count: int = 1) -> None:
        """Counts pieces that are done."""
        self.done += count
        self._show()

    def _show(self) -> None:
        whole = self.done + self.there
        count = f"{whole}/{self.total or '?'} {self.unit}" if self.done else STARTING
        if self._bar and self._task is not None:
            to_do = None if self.total is None else self.total - self.there
            self._bar.update(self._task, completed=self.done, total=to_do, count=count)
        elif time.monotonic() - self._told >= LINE_EVERY_S:
            self._told = time.monotonic()
            gone = self._told - self._start
            line = f"{self.what}: {count} in {timedelta(seconds=round(gone))}"
            if self.done and self.total:
                line += f", about {timedelta(seconds=round(gone * (self.total - whole) / self.done))} left"
            self._console.print(line, highlight=False, soft_wrap=True)


@contextmanager
def progress(what: str, unit: str, total: int | None = None) -> Iterator[Tally]:
    """What is done, in pieces called how, and how many if known -> a tally to advance; shown until the block ends."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Tally(what, unit, total, console, None)
        return
    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as bar:
        yield Tally(what, unit, total, console, bar)
