"""The stages of motion: each takes steps, learns a batch, resumes exactly; losses and the watch say what is so."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from llia.conditions import Given
from llia.config import PRESETS, State
from llia.data.clips import BatchPlan
from llia.data.samples import Sample
from llia.data.shards import write_shard
from llia.data.takes import Take, make_take
from llia.engine.weights import load_config, save_weights
from llia.eval.motion_figures import measure as measure_motion
from llia.eval.motion_subjects import scenes_of
from llia.eval.rollout import EDITING, FROM_NOISE, by_path
from llia.head.measures import SHAPE_NAMES, measure, shapes_of
from llia.head.motion import MOTION_INDEX, MOTION_SIZE
from llia.head.scale import TORSO, to_latent
from llia.head.shape import rest_head
from llia.nets.denoiser import PERFORMERS, Performer, PerformerConfig
from llia.nets.hearing import Ears, Hearing
from llia.train import s0_hearing, s1_teacher
from llia.train.adversary import Adversary, Exhibit
from llia.train.curriculum import LESSONS, MORE_EARS, School, load_performer, train_stage
from llia.train.loop import Progress, Schedule, begin, take_step, train
from llia.train.motion_data import MotionData, conditions_of, draw_given, group_of, liveliness, motion_data
from llia.train.motion_loss import Pull, clip_error, frame_weights, gap_errors, gap_growth, is_still, still_errors
from llia.train.motion_scale import KEPT, measure_scale, measures_of, set_scale
from llia.train.motion_watch import roll_out, watcher
from llia.train.new_ears import give_ears
from llia.train.s2_consistency import Consistency, Gamma, begin_student, draw_levels, train_consistency
from llia.train.s3_adversarial import Aims, begin_adversarial, critic_for, train_adversarial
from llia.train.s4_editing import Editing, clip_before, train_editing

CONFIG = PRESETS["live"]
SCHEDULE = Schedule(
    num_steps=3, learning_rate=1e-3, warm_up_steps=1, log_every=1, num_workers=0, ema_from=1, half_precision=False
)
NUM_FRAMES, TURN_HZ = 100, 0.25
JAW, YAW = MOTION_INDEX["jawOpen"], MOTION_INDEX["head.yaw"]


def made_sample(number: int) -> Sample:
    """-> somebody whose jaw opens as loud as they speak, and whose head turns slowly."""
    rng = np.random.default_rng(number)
    time = np.arange(NUM_FRAMES) / CONFIG.clock.frames_per_second
    speaking = np.arange(NUM_FRAMES) < NUM_FRAMES // 2
    loudness = speaking * (0.5 + 0.5 * np.sin(2 * np.pi * 2.2 * time + number))
    motion = np.zeros((NUM_FRAMES, MOTION_SIZE), np.float32)
    motion[:, JAW] = 0.6 * loudness
    motion[:, YAW] = 0.1 * number + 0.1 * np.sin(2 * np.pi * TURN_HZ * time)
    motion[:, TORSO] = 0.02 * rng.normal(size=4) + 0.01 * np.sin(time)[:, None]
    motion[:, MOTION_INDEX["gaze.yaw"]] = 0.1 * np.sign(np.sin(3 * time))
    spans = measure(rest_head(rng.normal(0, 0.5, 40).astype(np.float32)))
    samples = CONFIG.clock.samples_per_frame
    own = (np.repeat(loudness, samples) * rng.normal(0, 0.1, NUM_FRAMES * samples)).astype(np.float32)
    emotion = np.zeros((NUM_FRAMES, 5), np.float32)
    emotion[:, 0] = 1
    truth: dict[str, Any] = {
        "motion": motion,
        "emotion": emotion,
        "parted": np.zeros(NUM_FRAMES, bool),
        "state": np.where(speaking, State.SPEAKING, State.IDLE).astype(np.int8),
        "viseme": (loudness > 0.5).astype(np.int8),
    }  # fmt: skip
    truth |= {name: getattr(spans, name)(motion).astype(np.float32) for name in SHAPE_NAMES}
    about = {"human": number % 2 == 0, "phones": [[0.2, 0.3, "p", 0], [0.5, 0.6, "a", 1], [1.0, 1.1, "m", 0]]}
    return Sample(f"{number:03d}", truth, about, own=own, other=np.zeros_like(own))


def made_takes(count: int = 4) -> list[Take]:
    samples = [made_sample(number) for number in range(count)]
    return [make_take(sample, CONFIG, keep=KEPT, group=group_of(sample.about)) for sample in samples]


@pytest.fixture(scope="module")
def takes() -> list[Take]:
    return made_takes()


@pytest.fixture(scope="module")
def data(takes: list[Take]) -> MotionData:
    return motion_data(takes, BatchPlan(seed=1, num_clips=4, first_share=0.5), CONFIG)


def new_performer(takes: list[Take], seed: int = 0) -> Performer:
    performer = s1_teacher.new_performer(PERFORMERS["mini"], seed)
    set_scale(performer, measure_scale(takes, 16), takes)
    return performer


def weights_of(network: torch.nn.Module) -> torch.Tensor:
    return torch.cat([value.flatten().float() for value in network.state_dict().values()])


def fixed(data: MotionData, step: int) -> Callable[[int], Any]:
    """-> the same batch at every step."""
    batch = data(step)
    return lambda _: batch


# ---- data, scale, losses


def test_batches_are_half_human_and_tell_the_torso_from_the_portrait(data: MotionData) -> None:
    assert data.plan.group_shares == (("human", 0.5), ("machine", 0.5))
    batch = data(0)
    assert (batch["reference"][:, TORSO] == 0).all()
    assert batch["clip"]["motion"][..., TORSO].abs().max() < 0.03
    assert torch.equal(data(0)["clip"]["own"], batch["clip"]["own"])
    length = batch["clip"]["motion"].shape[1]
    kept = ~batch["first"]
    assert torch.equal(batch["next"]["past"][kept][:, -1], batch["clip"]["motion"][kept][:, length - 1])


def test_shapes_are_what_a_face_measures_at_rest(takes: list[Take]) -> None:
    for take in takes:
        shapes = shapes_of(measures_of(take), take.motion)
        assert np.abs(shapes - shapes[0]).max() < 1e-5


def test_scale_tells_slow_channels_by_how_far_they_come(takes: list[Take]) -> None:
    scale = measure_scale(takes, 16)
    assert scale.near[0, YAW] < scale.near[15, YAW] < scale.far[YAW] < scale.spread[YAW]
    assert (scale.near[:, JAW] == scale.spread[JAW]).all()
    assert scale.near[0, YAW] == pytest.approx(0.1 * 2 * np.pi * TURN_HZ / 25 / 2**0.5, rel=0.05)
    still = MOTION_INDEX["noseSneerLeft"]
    assert scale.spread[still] == scale.far[still] == scale.near[0, still] == 1


def test_the_lip_gap_in_the_loss_is_that_of_the_persons_own_head(takes: list[Take], data: MotionData) -> None:
    performer, batch = new_performer(takes), data(1)
    part = batch["clip"]
    given = draw_given(~batch["first"], dropping=False)
    conditions = conditions_of(performer, part, batch, given, corrupting=False)
    frame = performer.denoiser.frame(conditions, part["motion"].shape[1])
    moved = part["motion"].clone()
    moved[..., JAW] += 0.2
    pull = Pull(1.0, 1.0, torch.ones_like(part["gap"]), torch.ones_like(part["gap"]))
    errors = gap_errors(to_latent(moved, frame), to_latent(part["motion"], frame), frame, pull)
    expected = (0.2 * float(gap_growth()[JAW]) / 0.3) ** 2
    assert torch.allclose(errors, torch.full_like(errors, expected), rtol=1e-3)
    rest = rest_head(np.zeros(40, np.float32))
    gaps = [measure(rest).lip_gap(motion.numpy()) for motion in (moved, part["motion"])]
    assert np.allclose(gaps[0] - gaps[1], 0.2 * float(gap_growth()[JAW]), atol=1e-4)
    same = to_latent(part["motion"], frame)
    assert clip_error(same, same, frame, pull).abs().max() == 0
    trembling = part["motion"].clone()
    trembling[:, ::2, JAW] += 0.01
    tremble = still_errors(to_latent(trembling, frame), same, frame, pull)
    expected = (0.01 * float(gap_growth()[JAW]) / 0.03) ** 2
    assert torch.allclose(tremble[:, 1:], torch.full_like(tremble[:, 1:], expected), rtol=1e-2)
    assert still_errors(to_latent(moved, frame), same, frame, pull).abs().max() < 1e-6


def test_frames_that_close_or_move_fast_count_more() -> None:
    gap = torch.tensor([[0.6, 0.6, 0.6, 0.3, 0.0, 0.3, 0.6, 0.6, 0.6]])
    weights = frame_weights(gap, torch.zeros(1, 9, dtype=torch.long))[0]
    assert weights.mean() == pytest.approx(1)
    assert weights.argmax() == 4 and weights[3] > 1.5 * weights[0]
    quiet = frame_weights(gap * 0, torch.full((1, 9), int(State.IDLE)))[0]
    assert torch.equal(quiet, torch.ones(9))
    silent = torch.full((1, 9), int(State.IDLE))
    assert is_still(gap, silent)[0].tolist() == [1, 1, 1, 0, 0, 0, 0, 1, 1]
    assert is_still(gap, silent * 0).sum() == 0


def test_the_dial_reads_how_lively_the_head_is(takes: list[Take], data: MotionData) -> None:
    near = new_performer(takes).denoiser.near
    motion = data(0)["clip"]["motion"]
    middle = motion.mean(1, keepdim=True)
    calm, lively = liveliness(motion, near), liveliness(middle + 2 * (motion - middle), near)
    assert torch.allclose(lively - calm, torch.full_like(calm, float(np.log(2))), atol=1e-3)


def test_new_ears_tell_in_tokens_that_are_known(takes: list[Take], data: MotionData, tmp_path: Path) -> None:
    """Ears that hear the same and only tell it otherwise change nothing beside those that the performer had."""
    performer = new_performer(takes)
    hearing = deepcopy(performer.hearing)
    assert isinstance(hearing, Hearing)
    with torch.no_grad():
        hearing.tell.weight.copy_(torch.randn_like(hearing.tell.weight))
        hearing.tell.bias.fill_(3.0)
    given = give_ears(give_ears(performer, hearing, data, num_batches=4), hearing, data, num_batches=4)
    windows = data(9)["clip"]["own"]
    known = performer.hearing(windows).detach()
    assert isinstance(given.hearing, Ears) and len(given.hearing.each) == 3
    assert torch.allclose(given.hearing(windows), known, atol=0.02 * float(known.std()))
    assert not torch.allclose(hearing(windows), known, atol=0.5)
    for part in ("denoiser", "reference"):
        assert torch.equal(weights_of(getattr(given, part)), weights_of(getattr(performer, part)))
    save_weights(given, given.config, tmp_path / "given.safetensors")
    assert torch.allclose(load_performer(tmp_path / "given.safetensors").hearing(windows), known, atol=0.02)


# ---- the stages


def stage_of(name: str, teacher: Performer, schedule: Schedule) -> tuple[Progress, Any]:
    """-> a training at its beginning, and its stage."""
    torch.manual_seed(4)
    if name == "hearing":
        ear, mean = s0_hearing.Ear(teacher.config), s0_hearing.Ear(teacher.config)
        s0_hearing.set_ear_scale(ear, teacher)
        return begin(ear, mean, schedule), s0_hearing.descend
    if name == "teacher":
        return s1_teacher.begin_teacher(teacher, Performer(teacher.config), schedule), s1_teacher.descend
    if name == "consistency":
        progress, target = begin_student(teacher, schedule)
        return progress, Consistency(teacher, target)
    progress, adversarial = begin_adversarial(teacher, teacher, schedule)
    adversarial.adversary.num_steps = 1000  # it is listened to at once
    if name == "adversarial":
        return progress, adversarial
    shares = {"editing": (0.0, 0.0), "editing self-made": (1.0, 0.0), "editing plain": (0.0, 1.0)}[name]
    return progress, Editing(adversarial, *shares)


STAGES = ("hearing", "teacher", "consistency", "adversarial", "editing", "editing self-made", "editing plain")


@pytest.mark.parametrize("name", STAGES)
def test_every_stage_takes_three_steps(name: str, takes: list[Take], data: MotionData, tmp_path: Path) -> None:
    progress, stage = stage_of(name, new_performer(takes), SCHEDULE)
    before = weights_of(progress.network)
    train(progress, stage, data, SCHEDULE, tmp_path)
    assert progress.step == 3
    assert not torch.equal(before, weights_of(progress.network)) and torch.isfinite(weights_of(progress.network)).all()
    assert (tmp_path / "log.jsonl").read_text().count("\n") == 3


@pytest.mark.parametrize("name", ["hearing", "teacher", "consistency", "adversarial", "editing"])
def test_a_run_cut_in_two_ends_where_the_whole_one_does(
    name: str, takes: list[Take], data: MotionData, tmp_path: Path
) -> None:
    schedule = replace(SCHEDULE, num_steps=4, save_every_s=0.0)

    def run(folder: Path, stop_at: int | None) -> Progress:
        progress, stage = stage_of(name, new_performer(takes), schedule)

        def make(step: int) -> Any:
            if step == stop_at:
                raise KeyboardInterrupt
            return data(step)

        if stop_at is None:
            return train(progress, stage, make, schedule, folder)
        with pytest.raises(KeyboardInterrupt):
            train(progress, stage, make, schedule, folder)
        return progress

    whole = run(tmp_path / "whole", None)
    run(tmp_path / "cut", 2)
    cut = run(tmp_path / "cut", None)
    assert whole.step == cut.step == 4
    assert torch.equal(weights_of(whole.network), weights_of(cut.network))
    assert torch.equal(weights_of(whole.mean), weights_of(cut.mean))
    for label, neighbour in whole.neighbours.items():
        kept = neighbour.state_dict()
        again = cut.neighbours[label].state_dict()
        parts = (kept["critic"], again["critic"]) if label == "adversary" else (kept, again)
        assert all(torch.equal(value, parts[1][place]) for place, value in parts[0].items())


@pytest.mark.parametrize(("name", "number", "num_steps", "least"), [
    ("hearing", "mouth", 90, 0.5), ("teacher", "loss", 70, 0.4), ("consistency", "regression", 40, 0.8),
    ("editing", "editing_regression", 30, 0.8),
])  # fmt: skip
def test_a_stage_learns_one_batch_by_heart(
    name: str, number: str, num_steps: int, least: float, takes: list[Take], data: MotionData
) -> None:
    schedule = replace(SCHEDULE, num_steps=10_000, learning_rate=3e-3, warm_up_steps=5)
    progress, stage = stage_of(name, new_performer(takes), schedule)
    batch = data(1)
    found = [take_step(progress, stage, batch, schedule)[number] for _ in range(num_steps)]
    assert np.mean(found[-8:]) < least * np.mean(found[:4]), (found[:4], found[-8:])


def test_the_doors_of_all_stages(takes: list[Take], data: MotionData, tmp_path: Path) -> None:
    """Hearing, teacher, student, adversary, editing in a row, each from the last, then watched."""
    performer = new_performer(takes)
    watched = scenes_of([made_sample(number) for number in range(2)], CONFIG)
    hearing = s0_hearing.train_hearing(performer, data, tmp_path / "0", SCHEDULE, watched)
    assert "lip_corr_human" in (tmp_path / "0" / "watch.jsonl").read_text()
    watch = watcher(watched, {"one": (FROM_NOISE, 16), "edit": (EDITING, 4)})
    teacher = s1_teacher.train_teacher(performer, hearing, data, tmp_path / "1", SCHEDULE, watch)
    assert "one.lip_corr" in (tmp_path / "1" / "watch.jsonl").read_text()
    student = train_consistency(teacher, data, tmp_path / "2", SCHEDULE)
    student = train_adversarial(teacher, student, data, tmp_path / "3", SCHEDULE)
    student = train_editing(teacher, student, data, tmp_path / "4", SCHEDULE)
    for way, length in ((FROM_NOISE, 16), (by_path(2), 8), (EDITING, 4)):
        rolled = roll_out(student, watched, way, length)
        assert rolled.shape == (2, NUM_FRAMES // length * length, MOTION_SIZE)
        assert np.isfinite(list(measure_motion(rolled, watched, length).values())).sum() > 20


def test_the_curriculum_goes_from_shards_to_weights(tmp_path: Path) -> None:
    for folder, first in (("train", 0), ("held", 4)):
        samples = [made_sample(number) for number in range(first, first + 3)]
        write_shard(tmp_path / folder / "tracks-0.tar", samples, {}, CONFIG.clock)
    school = School((tmp_path / "train",), (tmp_path / "held",), tmp_path / "out", preset="mini")
    lesson = replace(LESSONS["teacher"], num_steps=2, num_clips=4)
    for stage in LESSONS:
        path = train_stage(stage, school, SCHEDULE, lesson)
        config = load_config(path, PerformerConfig)
        assert replace(config, more_hearing=()) == PERFORMERS["mini"]
        assert len(config.more_hearing) == (0 if stage == "hearing" else MORE_EARS)
        assert len(list((tmp_path / "out" / stage).glob("**/watch.jsonl"))) == (MORE_EARS if stage == "ears" else 1)
    with pytest.raises(ValueError, match="expected a stage of motion"):
        train_stage("speech", school, SCHEDULE)


def test_an_ablation_leaves_out_what_it_says(takes: list[Take], data: MotionData, tmp_path: Path) -> None:
    performer = new_performer(takes)
    progress, alone = begin_adversarial(performer, performer, SCHEDULE, Aims(fooling=0))
    for stage in (alone, Editing(alone, plain_share=0.0)):
        _, metrics = stage(progress, data(0))
        assert "critic" not in metrics and alone.adversary.num_steps == 0
    _, deaf = begin_adversarial(performer, performer, SCHEDULE, Aims(hearing=False))
    assert not deaf.adversary.with_sound
    _, free = begin_adversarial(performer, performer, SCHEDULE, Aims(Gamma(0, 0)))
    assert free.consistency.learn(progress, data(0))[1]["regression"] == 0

    save_weights(performer, performer.config, tmp_path / "teacher.safetensors")
    shaky = load_performer(tmp_path / "teacher.safetensors", smooth_frames=0)
    assert shaky.config.denoiser.smooth_frames == 0 and not shaky.denoiser.steady.active
    assert load_performer(tmp_path / "teacher.safetensors").denoiser.steady.active


def test_the_watch_gives_the_truth_full_marks() -> None:
    watched = scenes_of([made_sample(number) for number in range(2)], CONFIG)
    found = measure_motion(watched.motion, watched, 16)
    assert found["lip_corr"] == pytest.approx(1) and found["lip_lag_frames"] == found["band_share_error"] == 0
    assert all(value == pytest.approx(1) for name, value in found.items() if "ratio" in name and "silence" not in name)


def test_levels_lie_on_the_grid_and_fall() -> None:
    torch.manual_seed(0)
    sigma, lower = draw_levels(200)
    assert (lower < sigma).all() and lower.min() == 0 and (sigma == 1).float().mean() > 0.3
    high, _ = draw_levels(200, 0.75)
    assert high.min() >= 0.75


def test_streams_that_begin_are_edited_from_the_portrait(takes: list[Take], data: MotionData) -> None:
    performer, batch = new_performer(takes), data(2)
    batch["first"] = torch.tensor([True, False, True, False])
    for self_made in (False, True):
        before, part, given = clip_before(performer, batch, self_made=self_made)
        assert torch.equal(given[:, Given.PAST], torch.tensor([0.0, 1.0, 0.0, 1.0]))
        assert (before[0, 1:] - before[0, :1]).abs().max() < 1e-5  # the portrait, still
        assert torch.equal(part["motion"][0], batch["clip"]["motion"][0])
        assert torch.equal(part["motion"][1], batch["next"]["motion"][1])
        assert torch.equal(part["past"][1], batch["next"]["past"][1]) != self_made


def test_the_adversary_tells_a_generator_that_says_always_the_same(takes: list[Take], data: MotionData) -> None:
    torch.manual_seed(0)
    teacher, batch = new_performer(takes, seed=3), data(1)
    with torch.no_grad():
        for weight in teacher.parameters():
            weight.add_(torch.randn_like(weight) * 0.05)
    adversary = Adversary(teacher, critic_for(teacher.config), learning_rate=3e-3)
    given = draw_given(~batch["first"], dropping=False)
    with torch.no_grad():
        conditions = conditions_of(teacher, batch["clip"], batch, given, corrupting=False)
    true = to_latent(batch["clip"]["motion"], teacher.denoiser.frame(conditions, batch["clip"]["motion"].shape[1]))
    constant = torch.full_like(true, 1.5).requires_grad_()
    before = weights_of(teacher)
    answers = [adversary.answer(Exhibit(constant, conditions), Exhibit(true, conditions)) for _ in range(90)]
    assert answers[-1][1]["critic"] < 0.6 * answers[0][1]["critic"]
    assert answers[0][0].item() == 0 and answers[-1][0].item() > 0  # not listened to at first; then not fooled
    answers[-1][0].backward()  # type: ignore[no-untyped-call]
    assert constant.grad is not None and constant.grad.abs().max() > 0
    assert all(weight.grad is None for weight in teacher.parameters())
    assert torch.equal(before, weights_of(teacher))
