"""The stages of motion in order: how long each lasts, what it begins from, and where its weights go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch

from llia.codec import ASSETS
from llia.config import PRESETS, Config
from llia.data.clips import BatchPlan
from llia.data.shards import list_shards
from llia.data.takes import Take
from llia.engine.weights import load_config, load_weights, save_weights
from llia.eval.rollout import EDITING, FROM_NOISE, Perform, Scenes, by_path
from llia.nets.denoiser import PERFORMERS, Performer, PerformerConfig
from llia.train.loop import Schedule, seconds_spent
from llia.train.motion_data import MotionData, load_motion, motion_data
from llia.train.motion_scale import measure_scale, set_scale
from llia.train.motion_watch import load_watched, roll_out, watcher
from llia.train.new_ears import give_ears
from llia.train.s0_hearing import train_hearing
from llia.train.s1_teacher import new_performer, train_teacher
from llia.train.s2_consistency import Gamma, train_consistency
from llia.train.s3_adversarial import ALL_AIMS, Aims, train_adversarial
from llia.train.s4_editing import PLAIN_SHARE, train_editing

NUM_WATCHED = 8
LONGEST_ONLY = (0.0, 0.0, 0.0, 1.0)
SHORT_AND_LONG = (0.2, 0.2, 0.2, 0.4)
MORE_EARS = 1  # pairs of them, beside the first: some of what unheard voices lose is the chance of one training


@dataclass(frozen=True)
class Lesson:
    """How a stage is trained, unless it is told otherwise."""

    num_steps: int
    learning_rate: float
    num_clips: int = 32
    length_weights: tuple[float, ...] = SHORT_AND_LONG
    longest_share: float = 0.0  # of the steps, at first, that are of the longest clips only
    ema_decay: float = 0.99
    # What ablations change, of students: how they are pulled to truth and teacher, whether an adversary is asked and
    # hears, how many of editing's batches are those of the stage before.
    aims: Aims = ALL_AIMS
    plain_share: float = PLAIN_SHARE
    smooth_frames: float | None = None  # of slow channels, other than in the weights that it begins from; 0: not at all

    def schedule(self, base: Schedule) -> Schedule:
        """-> the loop's settings; what hangs on the machine is taken from `base`."""
        return replace(base, num_steps=self.num_steps, learning_rate=self.learning_rate, ema_decay=self.ema_decay)


# Sizes for one CPU core and an evening; measured seconds per step stand in LOG.md.
LESSONS: dict[str, Lesson] = {
    "hearing": Lesson(8_000, 2e-3, num_clips=64, length_weights=LONGEST_ONLY, ema_decay=0.995),
    "ears": Lesson(8_000, 2e-3, num_clips=64, length_weights=LONGEST_ONLY, ema_decay=0.995),  # for each pair
    "teacher": Lesson(16_000, 1e-3, longest_share=0.5, ema_decay=0.998),
    "consistency": Lesson(2_500, 3e-4, aims=Aims(Gamma())),
    "adversarial": Lesson(600, 3e-4),
    "editing": Lesson(1_500, 3e-4),
}
STAGES: tuple[str, ...] = tuple(LESSONS)


@dataclass(frozen=True)
class School:
    """Where everything lies: shards to learn from, shards to be watched on, and the folder that fills."""

    shards: tuple[Path, ...]  # folders
    held_out: tuple[Path, ...]
    folder: Path
    preset: str = "live"
    seed: int = 0

    @property
    def config(self) -> Config:
        return PRESETS[self.preset]

    def weights(self, stage: str) -> Path:
        return self.folder / f"{stage}.safetensors"


def train_stage(stage: str, school: School, base: Schedule, lesson: Lesson | None = None) -> Path:
    """A stage by name -> its weights, from those of the stage before; goes on where it was stopped."""
    if stage not in LESSONS:
        raise ValueError(f"expected a stage of motion ({', '.join(STAGES)}), got {stage!r}")
    lesson = lesson or LESSONS[stage]
    takes = load_motion([shard for folder in school.shards for shard in list_shards(folder)], school.config)
    held_out = [shard for folder in school.held_out for shard in list_shards(folder)]
    watched = load_watched(held_out, school.config, NUM_WATCHED)
    plan = BatchPlan(
        seed=school.seed * len(STAGES) + STAGES.index(stage),
        num_clips=lesson.num_clips,
        length_weights=lesson.length_weights,
        num_longest_steps=int(lesson.longest_share * lesson.num_steps),
    )
    data = motion_data(takes, plan, school.config)
    performer = _train(stage, school, lesson, data, takes, watched, lesson.schedule(base))
    path = school.weights(stage)
    seconds = sum(seconds_spent(progress.parent) for progress in (school.folder / stage).glob("**/progress.pt"))
    about = {"steps": lesson.num_steps, "takes": len(takes), "seconds": round(seconds)}
    save_weights(performer, performer.config, path, {"stage": stage} | {name: str(it) for name, it in about.items()})
    return path


def _train(
    stage: str, school: School, lesson: Lesson, data: MotionData, takes: list[Take], watched: Scenes,
    schedule: Schedule,
) -> Performer:  # fmt: skip
    """-> what the stage makes of what the stages before made."""
    folder = school.folder / stage
    if stage == "hearing":
        performer = _begin(school, takes, school.seed).to(schedule.device)
        hearing = train_hearing(performer, data, folder, schedule, watched, school.seed)
        performer.hearing.load_state_dict(hearing.state_dict())
        return performer

    def load(name: str) -> Performer:
        return load_performer(school.weights(name), lesson.smooth_frames).to(schedule.device)

    torch.manual_seed(school.seed)
    longest, shortest = max(school.config.clips.lengths), min(school.config.clips.lengths)
    if stage == "ears":
        performer = load("hearing")
        for seed in range(school.seed + 1, school.seed + 1 + MORE_EARS):
            other = _begin(school, takes, seed).to(schedule.device)
            hearing = train_hearing(other, data, folder / f"seed-{seed}", schedule, watched, seed)
            performer = give_ears(performer.cpu(), hearing.cpu(), data)
        return performer
    if stage == "teacher":
        watch = watcher(watched, {"one": (FROM_NOISE, longest), "path": (by_path(8), longest)})
        return train_teacher(load(latest_ears(school)), None, data, folder, schedule, watch)
    teacher = load("teacher")
    if stage == "consistency":
        watch = watcher(watched, {"one": (FROM_NOISE, longest), "short": (FROM_NOISE, shortest)})
        return train_consistency(teacher, data, folder, schedule, lesson.aims.gamma, watch)
    way = FROM_NOISE if stage == "adversarial" else EDITING
    watch = watcher(watched, {"one": (way, longest), "short": (way, shortest)})
    if stage == "adversarial":
        return train_adversarial(teacher, load("consistency"), data, folder, schedule, watch, lesson.aims)
    student = load(latest_student(school))
    return train_editing(teacher, student, data, folder, schedule, watch, lesson.aims, lesson.plain_share)


def _begin(school: School, takes: list[Take], seed: int) -> Performer:
    """-> a performer that has learned nothing but in which units motion is told."""
    performer = new_performer(PERFORMERS[school.preset], seed)
    set_scale(performer, measure_scale(takes, max(school.config.clips.lengths)), takes)
    return performer


def latest_ears(school: School) -> str:
    """-> the stage that the teacher begins from: more ears, where they were trained."""
    return "ears" if school.weights("ears").is_file() else "hearing"


def latest_student(school: School) -> str:
    """-> the stage that editing begins from: the adversarial one, where it was trained."""
    return "adversarial" if school.weights("adversarial").is_file() else "consistency"


def open_performers(path: Path | None, num_threads: int = 1) -> tuple[Perform, Perform | None]:
    """A file of weights, or a folder of them (or what ships) -> who streams, of the last stage that is there, and the
    teacher, if the folder has one."""
    torch.set_num_threads(num_threads)
    path = path or ASSETS
    stages = ("performer", *reversed(STAGES))
    known = [file for stage in stages if (file := path / f"{stage}.safetensors").is_file()]
    if path.is_file():
        known = [path]
    if not known:
        raise FileNotFoundError(f"expected weights of a performer in {path}, got none; train some: llia train teacher")
    teacher = path / "teacher.safetensors"
    perform = partial(roll_out, load_performer(known[0]))
    return perform, partial(roll_out, load_performer(teacher)) if teacher.is_file() else None


def load_performer(path: Path, smooth_frames: float | None = None) -> Performer:
    """A file of weights -> the performer in it, perhaps with slow channels smoothed otherwise."""
    config = load_config(path, PerformerConfig)
    if smooth_frames is not None:
        config = replace(config, denoiser=replace(config.denoiser, smooth_frames=smooth_frames))
    performer = Performer(config)
    load_weights(performer, path)
    return performer
