"""Performers, how many people, a seed -> the figures of `llia eval motion`, and what was performed, to look at."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from llia.config import PRESETS
from llia.eval.metrics import correlation
from llia.eval.motion_dials import (
    NUM_DIAL_ROLLS,
    NUM_FEELING_ROLLS,
    both,
    describe_feelings,
    read_feelings,
    speech_of,
    turn_dial,
)
from llia.eval.motion_figures import Figures, compare_gaps, measure
from llia.eval.motion_pictures import (
    Sitter,
    as_seen,
    measure_pictures,
    painted_speech,
    seat,
)
from llia.eval.motion_subjects import draw_scenes, load_kept
from llia.eval.networks import Networks
from llia.eval.painting import measure_takes
from llia.eval.portrait import measure_painter
from llia.eval.rollout import EDITING, Floats, Perform, Scenes, Way, by_path, counted
from llia.progress import progress
from llia.world.voice.golden import GOLDEN_VOICES

LENGTHS = PRESETS["live"].clips.lengths
LONGEST, SHORTEST = max(LENGTHS), min(LENGTHS)
TEACHER_STEPS = 20
TEACHER_PEOPLE = 12  # twenty steps take twenty times as long
DIAL_PEOPLE, DIAL_FRAMES = 12, 400
FELT_SITTERS = 4  # in painted pictures
NUM_ROLLS = 6 + NUM_FEELING_ROLLS + NUM_DIAL_ROLLS
# What is always told, if only as missing.
PROMISED = (
    "lip_corr_2step", "lip_corr_20step", "lip_corr_t4", "lip_corr_t16", "painter_psnr_db", "painter_mouth_psnr_db",
)  # fmt: skip


@dataclass(frozen=True)
class Exam:
    """Who is measured, and on what."""

    student: Perform
    teacher: Perform | None = None
    way: Way = EDITING
    seed: int = 0
    num_people: int = 40
    seconds: float = 30.0
    by_voice: bool = False  # the voices tell the performer the states, not the truth
    kept: Path | None = None  # the folder of speakers kept from training
    networks: Networks | None = None  # to paint and to judge what is painted
    num_painted: int = 0


@dataclass(frozen=True)
class Results:
    """Figures by name, what could not be measured and why, and the performance beside its scenes."""

    figures: Figures
    missing: tuple[str, ...]
    made: Floats  # K F 66
    scenes: Scenes


def evaluate(exam: Exam) -> Results:
    """An exam -> its results."""
    scenes = draw_scenes(exam.seed, exam.num_people, exam.seconds, by_voice=exam.by_voice)
    figures: Figures = dict.fromkeys(PROMISED, math.nan)
    missing = []
    with progress("performing", "roll-outs", NUM_ROLLS) as tally:
        told = replace(exam, student=counted(exam.student, tally))
        made = told.student(scenes, exam.way, LONGEST, seed=exam.seed)
        figures |= measure_main(made, scenes)
        figures |= measure_other_ways(told, scenes, made)
        figures |= measure_dials(told, scenes)
        if exam.kept:
            figures |= measure_new_voices(told, exam.kept)
        else:
            missing.append("no speakers kept from training (tests/golden/voices of a checkout), so none was heard")
        if exam.teacher:
            figures |= measure_against_teacher(told, counted(exam.teacher, tally), scenes, made)
        else:
            missing.append("no teacher, so one step was not measured against its many")
    figures |= measure_painted(exam, scenes, missing)
    return Results(figures, tuple(missing), made, scenes)


def find_kept() -> Path | None:
    """-> the folder of kept speakers, where this is a checkout."""
    folder = Path(__file__).parents[3] / "tests" / "golden" / "voices"
    return folder if folder.is_dir() else None


def measure_main(made: Floats, scenes: Scenes) -> Figures:
    """-> the figures of the performance as it is streamed, in one step and the longest clips."""
    figures = measure(made, scenes, LONGEST)
    corr = figures.pop("lip_corr")
    return {"lip_corr_1step": corr, "lip_corr_t16": corr} | figures


def lip_corr(made: Floats, scenes: Scenes) -> float:
    return compare_gaps(scenes.spans(made, "lip_gap"), scenes.until(made.shape[1]))["lip_corr"]


def measure_other_ways(exam: Exam, scenes: Scenes, made: Floats) -> Figures:
    """-> the same with the shortest clips, and in two steps; frames that all of them have."""
    num_frames = made.shape[1]
    short = exam.student(scenes, exam.way, SHORTEST, seed=exam.seed)[:, :num_frames]
    figures = measure(short, scenes, SHORTEST)
    told = {f"{name}_t4": figures[name] for name in ("lip_corr", "closure_rate", "seam_ratio", "head_seam_ratio")}
    two = exam.student(scenes, Way(2, exam.way.start), LONGEST, seed=exam.seed)
    told |= {"t4_loss": lip_corr(made, scenes) - told["lip_corr_t4"], "lip_corr_2step": lip_corr(two, scenes)}
    return told


def measure_against_teacher(exam: Exam, teacher: Perform, scenes: Scenes, made: Floats) -> Figures:
    """-> the teacher's lips in many steps, and what one step loses, both on the first people."""
    few = scenes.chosen(range(min(TEACHER_PEOPLE, len(scenes))))
    patient = lip_corr(teacher(few, by_path(TEACHER_STEPS), LONGEST, seed=exam.seed), few)
    return {"lip_corr_20step": patient, "one_step_loss": patient - lip_corr(made[: len(few)], few)}


def measure_new_voices(exam: Exam, folder: Path) -> Figures:
    """-> lips on speakers that no training heard: each, their mean, and closures of all."""
    scenes = load_kept(folder)
    made = exam.student(scenes, exam.way, LONGEST, seed=exam.seed)
    gaps, true = scenes.spans(made, "lip_gap"), scenes.spans(scenes.motion, "lip_gap")[:, : made.shape[1]]
    each = [correlation(gap, real) for gap, real in zip(gaps, true, strict=True)]
    figures = {f"lip_corr_{name}": one for name, one in zip(GOLDEN_VOICES, each, strict=True)}
    closures = compare_gaps(gaps, scenes.until(made.shape[1]))["closure_rate"]
    return figures | {"lip_corr_new_voices": float(np.mean(each)), "closure_new_voices": closures}


def measure_dials(exam: Exam, scenes: Scenes) -> Figures:
    """-> feelings asked for, and liveliness, on the first people."""
    few = scenes.chosen(range(min(DIAL_PEOPLE, len(scenes)))).until(DIAL_FRAMES)
    speak = partial(speech_of, exam.student, exam.way, LONGEST, exam.seed)
    return describe_feelings(read_feelings(speak, few, both)) | turn_dial(
        exam.student, few, exam.way, LONGEST, exam.seed
    )


def measure_painted(exam: Exam, scenes: Scenes, missing: list[str]) -> Figures:
    """-> the painter by itself, and lips that the judge reads in what is painted of the first people."""
    networks = exam.networks
    if not exam.num_painted or networks is None:
        return {}
    if networks.painters is None:
        missing.append("no painter, so nothing was painted")
        return {}
    figures = measure_takes(measure_painter(networks, exam.num_painted, exam.seed))
    figures = {name: figures[name] for name in ("painter_psnr_db", "painter_mouth_psnr_db", "judge_truth_corr")}
    if networks.judge is None:
        missing.append("no judge, so nobody read the painted lips")
        return figures
    sitters = seat(scenes, exam.seed, min(exam.num_painted, len(scenes)), networks.sights, networks.painters)
    figures |= measure_pictures(exam.student, scenes, exam.way, LONGEST, exam.seed, sitters, networks)
    return figures | measure_painted_feelings(exam, networks, scenes, sitters[:FELT_SITTERS])


def measure_painted_feelings(exam: Exam, networks: Networks, scenes: Scenes, sitters: list[Sitter]) -> Figures:
    """-> how much of each feeling the judge reads in painted pictures, of few people."""
    if not sitters:
        return {}
    seen = as_seen(scenes, sitters).until(DIAL_FRAMES)
    with progress("painting feelings", "performances", NUM_FEELING_ROLLS) as tally:
        perform = counted(exam.student, tally)
        speak = partial(painted_speech, perform, exam.way, LONGEST, exam.seed, sitters, networks)
        readings = read_feelings(speak, seen, both)
    return {f"{name}_pictures": value for name, value in describe_feelings(readings).items()}
