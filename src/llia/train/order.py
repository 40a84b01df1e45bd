"""An order (what is to learn, from what, how long) -> its weights; a folder keeps to the order it was begun with."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from llia.config import Clock, adjust, parse_changes
from llia.data.disk import new_file
from llia.data.shards import check_shard, list_shards
from llia.engine.weights import save_weights
from llia.nets.painter import PainterConfig
from llia.nets.sight import SIGHTS
from llia.train.curriculum import LESSONS, Lesson, School, train_stage
from llia.train.loop import Schedule, seconds_spent
from llia.train.people import People, load_people, rest_of, seeds_in
from llia.train.s0_judge import train_judge
from llia.train.s0_painter import PainterData, train_painter
from llia.train.s0_sight import train_sight

ORDER_FILE = "order.json"


@dataclass(frozen=True)
class Course:
    """How one of the portrait's networks is trained, unless an order says otherwise."""

    num_steps: int
    learning_rate: float
    batch_size: int


# Sizes for one CPU core and a night; those of the stages of motion stand in `curriculum.LESSONS`.
COURSES: dict[str, Course] = {
    "sight-first": Course(10_000, 1.2e-3, 64),
    "sight-mouth": Course(8_000, 1.2e-3, 64),
    "sight-eye": Course(8_000, 1.2e-3, 64),
    "painter": Course(20_000, 1.5e-3, 8),
    "judge": Course(4_000, 1.2e-3, 64),  # each of its three networks
}
KINDS: tuple[str, ...] = (*COURSES, *LESSONS)


@dataclass(frozen=True)
class Order:
    """What `llia train` is told; None means as the tables have it."""

    what: str
    data: tuple[Path, ...]
    out: Path
    num_steps: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None
    seed: int = 0
    held_out: tuple[Path, ...] = ()  # the stages of motion are watched on these
    apart_from: tuple[Path, ...] = ()  # the judge must know nobody of these
    preset: str = "live"
    changes: tuple[str, ...] = ()  # of a stage of motion's lesson, as aims.fooling=0; for ablations
    num_workers: int = 1
    num_threads: int = 1
    device: str = "cpu"

    @property
    def course(self) -> Course:
        """What is asked for, and the tables' numbers for the rest."""
        if self.what in COURSES:
            usual = COURSES[self.what]
        else:
            lesson = self.lesson
            usual = Course(lesson.num_steps, lesson.learning_rate, lesson.num_clips)
        return Course(
            self.num_steps or usual.num_steps,
            self.learning_rate or usual.learning_rate,
            self.batch_size or usual.batch_size,
        )

    @property
    def lesson(self) -> Lesson:
        """Of a stage of motion: the table's, with what is to be changed."""
        return adjust(LESSONS[self.what], parse_changes(list(self.changes)))

    @property
    def name(self) -> str:
        """Of the weights, and of the folder beside them where progress is kept."""
        return self.what.removeprefix("sight-")

    @property
    def folder(self) -> Path:
        return self.out / self.name

    @property
    def weights(self) -> list[Path]:
        """-> the files that it ends with."""
        if self.what == "judge":
            return [self.folder / f"{kind}.safetensors" for kind in SIGHTS]
        return [self.out / f"{self.name}.safetensors"]

    @property
    def schedule(self) -> Schedule:
        course = self.course
        return Schedule(
            num_steps=course.num_steps, learning_rate=course.learning_rate, num_workers=self.num_workers,
            num_threads=self.num_threads, device=self.device,
        )  # fmt: skip


def carry_out(order: Order) -> list[Path]:
    """An order -> its weights, `name.safetensors` in its folder (`judge/` has three); goes on where it was stopped."""
    check_order(order)
    if keep_to(order) and all(path.is_file() for path in order.weights):
        return order.weights
    if order.what in LESSONS:
        return [learn_motion(order)]
    people = load_people(shards_of(order.data), Clock())
    if order.what == "judge":
        schedules = dict.fromkeys(SIGHTS, order.schedule)
        sights_people = seeds_in(shards_of(order.apart_from))
        return train_judge(people, sights_people, order.folder, schedules, order.course.batch_size)
    return [learn_painter(order, people) if order.what == "painter" else learn_sight(order, people)]


def learn_sight(order: Order, people: People) -> Path:
    network = train_sight(order.name, people, order.folder, order.schedule, order.course.batch_size, order.seed)
    return write(order, network, SIGHTS[order.name], people)


def learn_painter(order: Order, people: People) -> Path:
    data = PainterData(people, rest_of, order.course.batch_size, order.seed)
    size = people.pictures.shape[1]
    if size != data.size_px:
        raise ValueError(f"expected pictures of {data.size_px} px for the painter, got {size}; make others: --size")
    config = PainterConfig()
    return write(order, train_painter(data, order.folder, order.schedule, config, order.seed), config, people)


def learn_motion(order: Order) -> Path:
    school = School(order.data, order.held_out, order.out, order.preset, order.seed)
    course = order.course
    lesson = replace(
        order.lesson, num_steps=course.num_steps, learning_rate=course.learning_rate, num_clips=course.batch_size
    )
    return train_stage(order.what, school, order.schedule, lesson)


def write(order: Order, network: nn.Module, config: object, people: People) -> Path:
    """A network that has learned -> its file of weights, which tells how."""
    about = {
        "steps": order.course.num_steps,
        "batch": order.course.batch_size,
        "seed": order.seed,
        "people": len(people.about),
        "pictures": len(people.pictures),
        "seconds": round(seconds_spent(order.folder)),
    }
    save_weights(network, config, order.weights[0], {name: str(value) for name, value in about.items()})
    return order.weights[0]


def check_order(order: Order) -> None:
    """Refuses what cannot be, before the work."""
    if order.what not in KINDS:
        raise ValueError(f"expected something to train ({', '.join(KINDS)}), got {order.what!r}")
    if order.device != "cpu" and not torch.cuda.is_available():
        raise ValueError(f"expected a GPU for --device {order.device}, torch finds none; leave --device out")
    if order.changes and order.what not in LESSONS:
        raise ValueError(f"expected --set for a stage of motion ({', '.join(LESSONS)}), got it for {order.what}")
    if order.what in LESSONS and not order.held_out:
        raise ValueError(f"expected --held-out for {order.what}, which is watched on people and voices kept apart")
    if order.what == "judge" and not order.apart_from:
        raise ValueError("expected --apart-from for the judge: the people that sight learned from")


def keep_to(order: Order) -> bool:
    """-> whether this order was begun; writes into a new run's folder what it is, refuses another where one was."""
    path, wanted = order.folder / ORDER_FILE, describe(order)
    if not path.is_file() or not any(order.folder.glob("**/progress.pt")):
        with new_file(path) as file:
            file.write((json.dumps(wanted, indent=2) + "\n").encode())
        return False
    begun = json.loads(path.read_text())
    for name in sorted(begun.keys() | wanted.keys()):
        if begun.get(name) != wanted.get(name):
            raise ValueError(
                f"expected {name} {begun.get(name)}, with which {order.folder} was begun, got {wanted.get(name)}; "
                "give the same, or another --out"
            )
    return True


def describe(order: Order) -> dict[str, Any]:
    """-> all of an order that what is learned hangs on; where shards lie and what machine this is does not count."""
    told: dict[str, Any] = {"what": order.what, "seed": order.seed} | vars(order.course)
    if order.what in LESSONS:
        told["preset"] = order.preset
        told |= parse_changes(list(order.changes))
    return told | {"samples": sum(check_shard(path).num_samples for path in shards_of(order.data))}


def shards_of(folders: Iterable[Path]) -> list[Path]:
    return [shard for folder in folders for shard in list_shards(folder)]
