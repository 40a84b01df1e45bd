"""How pictures keep up with sound -> what is given up so that sound never waits, and when it is given back.

There is a ladder of measures, mildest first: longer clips, smaller pictures, pictures held for several frames. Late
pictures lead down one rung at a time; time to spare leads up again, one rung on trial. Who comes down at once from a
trial waits twice as long before the next one, so pictures do not change to and fro.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

HELD_FOR = (2, 4)  # frames
TIMES_PER_SIZE = 1.6  # what a picture takes more than one of the next smaller size, at most

LATE_ENOUGH = 2  # pictures
SETTLING = 8  # frames that a measure has to show what it is good for
PATIENCE, MOST_PATIENCE = 50, 800  # frames without late pictures before less is given up
NEWEST_COUNTS = 0.2  # in the mean time that a picture takes
BUSY = 0.9  # share of the painters' time that may be planned


@dataclass(frozen=True)
class Measures:
    """What is given up."""

    longer_clips: bool = False  # as long as there is sound for; a frame of a long clip is cheaper
    smaller: int = 0  # steps down from the size that was asked for
    held_for: int = 1  # frames that show one picture

    def times_dearer(self, other: Measures) -> float:
        """-> how many times as long these keep the painters busy as others, at most."""
        return float(other.held_for / self.held_for * TIMES_PER_SIZE ** (other.smaller - self.smaller))


@dataclass(frozen=True)
class Relief:
    """Which rung a stream stands on, and what it saw there."""

    rung: int = 0
    num_frames: int = 0  # since the last decision
    num_late: int = 0  # of them
    patience: int = PATIENCE  # frames until the next decision to give less up
    on_trial: bool = False  # came up, and has not stood there for as long as that


@dataclass(frozen=True)
class Stats:
    """How a stream went so far: frames that were taken, and what is given up now."""

    measures: Measures = Measures()
    num_frames: int = 0
    num_held: int = 0  # shown with the picture of an earlier frame
    num_late: int = 0  # of them, because their own was not done in time
    num_smaller: int = 0  # shown with a smaller picture


@dataclass
class Pace:
    """How a stream keeps up: what its painters and whoever takes its frames tell, and what follows. For one thread."""

    rungs: Sequence[Measures]
    time_s: float  # of all painters together in a frame
    relief: Relief = Relief()
    counted: Stats = Stats()
    picture_s: float = 0.0  # that a painter takes

    @property
    def measures(self) -> Measures:
        return self.rungs[self.relief.rung]

    @property
    def stats(self) -> Stats:
        return replace(self.counted, measures=self.measures)

    def painted(self, took_s: float) -> None:
        """A picture was done."""
        self.picture_s += NEWEST_COUNTS * (took_s - self.picture_s)

    def taken(self, *, held: bool, smaller: bool) -> None:
        """A frame left."""
        was = self.counted
        self.counted = replace(
            was,
            num_frames=was.num_frames + 1,
            num_held=was.num_held + held,
            num_smaller=was.num_smaller + smaller,
        )

    def was_due(self, *, late: bool) -> None:
        """A frame left by the clock, perhaps without its own picture."""
        self.counted = replace(self.counted, num_late=self.counted.num_late + late)
        load = self.picture_s / (self.time_s * self.measures.held_for)
        self.relief = keep_up(self.relief, self.rungs, late=late, load=load)


def ladder(num_sizes: int) -> tuple[Measures, ...]:
    """How many sizes of picture there are -> what is given up, rung by rung."""
    sizes = [Measures(longer_clips=True, smaller=step) for step in range(num_sizes)]
    return (Measures(), *sizes, *(replace(sizes[-1], held_for=frames) for frames in HELD_FOR))


def keep_up(relief: Relief, rungs: Sequence[Measures], *, late: bool, load: float) -> Relief:
    """Where a stream stood, and its next frame: was the picture late, and what share of their time are painters busy
    (above 1 they cannot keep up) -> where it stands.
    """
    now = replace(relief, num_frames=relief.num_frames + 1, num_late=relief.num_late + late)
    if now.num_late >= LATE_ENOUGH and now.num_frames >= SETTLING and now.rung + 1 < len(rungs):
        patience = min(2 * now.patience, MOST_PATIENCE) if now.on_trial else now.patience
        return Relief(now.rung + 1, patience=patience)
    if now.num_frames < now.patience:
        return now
    patience = PATIENCE if now.on_trial else now.patience  # it stood the trial
    if now.rung > 0 and now.num_late < LATE_ENOUGH:
        expected = load * rungs[now.rung - 1].times_dearer(rungs[now.rung])
        if expected < BUSY:
            return Relief(now.rung - 1, patience=patience, on_trial=True)
    return Relief(now.rung, patience=patience)
