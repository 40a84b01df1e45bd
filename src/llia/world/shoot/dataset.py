"""How much and which seed -> tar shards of people: films, stills or tracks alone, with all that is true of them.

A sample is a function of its number alone, so any number of workers gives the same bytes, and a command that was
stopped goes on where it was.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from llia.config import Clock
from llia.data.samples import Sample
from llia.data.shards import find_shard, write_shard
from llia.progress import progress
from llia.world.shoot.crew import fill_all
from llia.world.shoot.recording import make_film_sample, make_tracks_sample
from llia.world.shoot.stills import make_stills_sample

Kind = Literal["film", "stills", "tracks"]

VERSION = 1  # of what samples are; shards of another version are not continued
STILLS_PER_HOUR = 1000  # an hour of stills is a thousand of them
SECONDS_PER_HOUR = 3600
STILLS_PER_SAMPLE = 16
SECONDS: dict[Kind, float] = {"film": 10.0, "tracks": 20.0, "stills": 0.0}  # of a sample
SAMPLES_PER_SHARD: dict[Kind, int] = {"film": 8, "tracks": 60, "stills": 16}
MOST_SEEDS, SAMPLES_PER_SEED = 1000, 1_000_000  # sample n of seed s is number s * SAMPLES_PER_SEED + n
CLOCK = Clock()


@dataclass(frozen=True)
class Order:
    """One shard to be made, and where."""

    path: Path
    kind: Kind
    size_px: int
    held_out: bool
    first: int  # number of its first sample
    count: int

    def about(self) -> dict[str, object]:
        """-> what the shard's manifest says of it."""
        settings = {name: value for name, value in asdict(self).items() if name != "path"}
        return settings | {"version": VERSION, "seconds": SECONDS[self.kind], "stills": STILLS_PER_SAMPLE}


def make_shards(
    folder: Path,
    *,
    hours: float,
    size_px: int = 128,
    workers: int = 1,
    seed: int = 0,
    stills: bool = False,
    tracks_only: bool = False,
    held_out: bool = False,
    samples_per_shard: int | None = None,
) -> list[Path]:
    """Fills a folder with shards, making only those that are missing -> all of them, in order."""
    if stills and tracks_only:
        raise ValueError("expected --stills or --tracks-only, got both; make two folders")
    if not 0 < hours < math.inf:
        raise ValueError(f"expected hours above 0, got {hours}; write for example --hours 0.5")
    if not 0 <= seed < MOST_SEEDS:
        raise ValueError(f"expected a seed from 0 to {MOST_SEEDS - 1}, got {seed}")
    if size_px % 2:
        raise ValueError(f"expected an even size, got {size_px}")
    kind: Kind = "stills" if stills else "tracks" if tracks_only else "film"
    num_samples, each = count_samples(kind, hours), samples_per_shard or SAMPLES_PER_SHARD[kind]
    orders = [
        Order(
            folder / f"{kind}-{seed:03d}-{number:05d}.tar", kind, size_px, held_out, seed * SAMPLES_PER_SEED + first,
            min(each, num_samples - first),
        )
        for number, first in enumerate(range(0, num_samples, each))
    ]  # fmt: skip
    missing = [order for order in orders if find_shard(order.path, order.about()) is None]
    with progress(kind, "samples", num_samples) as tally:
        tally.skip(num_samples - sum(order.count for order in missing))
        fill_all(missing, fill_order, workers=workers, advance=tally.advance)
    return [order.path for order in orders]


def count_samples(kind: Kind, hours: float) -> int:
    """-> how many samples so many hours (of stills: thousands) come to."""
    each = STILLS_PER_SAMPLE / STILLS_PER_HOUR if kind == "stills" else SECONDS[kind] / SECONDS_PER_HOUR
    num_samples = max(1, math.ceil(round(hours / each, 6)))
    if num_samples > SAMPLES_PER_SEED:
        raise ValueError(f"expected at most {SAMPLES_PER_SEED} samples a seed, got {num_samples}; use several seeds")
    return num_samples


def fill_order(order: Order, made: Callable[[], None]) -> None:
    """Makes one shard; it takes its name once all are in it."""

    def samples() -> Iterator[Sample]:
        for number in range(order.first, order.first + order.count):
            yield make_sample(order, number)
            made()

    write_shard(order.path, samples(), order.about(), CLOCK)


def make_sample(order: Order, number: int) -> Sample:
    """-> sample of that number, whoever asks."""
    match order.kind:
        case "film":
            return make_film_sample(number, order.size_px, SECONDS["film"], held_out=order.held_out)
        case "stills":
            return make_stills_sample(number, order.size_px, STILLS_PER_SAMPLE, held_out=order.held_out)
        case "tracks":
            return make_tracks_sample(number, SECONDS["tracks"], held_out=order.held_out)
