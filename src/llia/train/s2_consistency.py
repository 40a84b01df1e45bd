"""Stage 2, consistency: one look answers what the teacher's many steps would; guidance is folded into them.

Latent consistency distillation with OSA-LCM's direct regression: d(f(z_t), f(z^_s)) + gamma d(f(z_t), z_0), s < t one
step of the teacher lower. f is the network itself above 0, and the identity at 0.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from llia.conditions import Conditions, Given
from llia.diffusion import add_noise, guided, move, times
from llia.head.scale import Frame, to_latent
from llia.nets.denoiser import Performer, drop
from llia.train.loop import Metrics, Progress, Schedule, begin, train
from llia.train.motion_data import Batch, MotionData, Part, conditions_of, draw_given
from llia.train.motion_loss import Pull, clip_distance, pull_evenly, pull_to

NUM_POINTS = 24  # of the grid of noise levels
PURE_NOISE_SHARE = 0.35  # of samples that start where one step does
TARGET_DECAY = 0.95


@dataclass(frozen=True)
class Gamma:
    """How strongly clips are pulled to the true one, which is right for the mouth and blurs what cannot be known."""

    mouth: float = 1.0
    rest: float = 0.25
    guidance: float = 1.4  # of the sound, in every step of the teacher


class Target:
    """The student's mean over its last steps, what it is to agree with; a neighbour, so that it is saved."""

    def __init__(self, network: nn.Module) -> None:
        self.network = deepcopy(network).requires_grad_(False)

    @torch.no_grad()
    def follow(self, network: nn.Module) -> None:
        for mean, now in zip(self.network.parameters(), network.parameters(), strict=True):
            mean.lerp_(now, 1 - TARGET_DECAY)

    def state_dict(self) -> dict[str, Tensor]:
        return dict(self.network.state_dict())

    def load_state_dict(self, state: dict[str, Tensor]) -> None:
        self.network.load_state_dict(state)


@dataclass(frozen=True)
class Lesson:
    """One clip to be learned from: the same conditions as each of the three networks hears them."""

    true: Tensor  # B T c 1 1
    frame: Frame
    pull: Pull
    of_student: Conditions
    of_target: Conditions
    of_teacher: Conditions


def prepare(student: Performer, target: Performer, teacher: Performer, part: Part, batch: Batch, given: Tensor,
            gamma: Gamma, *, corrupting: bool = True) -> Lesson:  # fmt: skip
    """A clip's tensors -> the lesson; the teacher's own hearing may differ from the student's by now."""
    of_student = conditions_of(student, part, batch, given, corrupting=corrupting)
    with torch.no_grad():
        others = [conditions_of(one, part, batch, given, corrupting=False) for one in (target, teacher)]
    frame = student.denoiser.frame(of_student, part["motion"].shape[1])
    pull = pull_to(part["gap"], part["state"], gamma.mouth, gamma.rest)
    return Lesson(to_latent(part["motion"], frame), frame, pull, of_student, *others)


def without_sound(conditions: Conditions) -> Conditions:
    return drop(conditions, Given.OWN, Given.OTHER)


@torch.no_grad()
def step_lower(
    lesson: Lesson, teacher: Performer, target: Performer, x: Tensor, sigma: Tensor, lower: Tensor, weight: float
) -> Tensor:
    """A noisy clip -> what the target says one guided step of the teacher lower, [B T c 1 1]."""
    x0 = guided(teacher, without_sound, weight)(x, sigma, lesson.of_teacher)
    further = move(x, x0, sigma, lower)
    said: Tensor = target(further, lower, lesson.of_target)
    at_end = (lower == 0).reshape(-1, 1, 1, 1, 1)
    return torch.where(at_end, further, said)


def draw_levels(count: int, lowest: float = 0.0) -> tuple[Tensor, Tensor]:
    """-> for each sample a noise level of the grid, not below `lowest`, and the next lower one, [B]."""
    grid = torch.from_numpy(times(NUM_POINTS))  # from 1 down to 0
    usable = int((grid[:-1] >= lowest).sum())
    place = torch.randint(usable, (count,))
    place = torch.where(torch.rand(count) < PURE_NOISE_SHARE, torch.zeros_like(place), place)
    return grid[place], grid[place + 1]


@dataclass(frozen=True)
class Consistency:
    """The stage, and whom it learns from."""

    teacher: Performer
    target: Target
    gamma: Gamma = Gamma()

    def __call__(self, progress: Progress, batch: Batch) -> tuple[Tensor, Metrics]:
        loss, metrics, _, _ = self.learn(progress, batch)
        return loss, metrics

    def learn(self, progress: Progress, batch: Batch) -> tuple[Tensor, Metrics, Tensor, Lesson]:
        """-> the loss and its numbers, what the student made, and from what lesson."""
        student, target = progress.network, self.target.network
        assert isinstance(student, Performer) and isinstance(target, Performer)
        self.target.follow(student)
        part = batch["clip"]
        lesson = prepare(student, target, self.teacher, part, batch, draw_given(~batch["first"]), self.gamma)
        sigma, lower = (level.to(lesson.true.device) for level in draw_levels(len(lesson.true)))
        x = add_noise(lesson.true, torch.randn_like(lesson.true), sigma)
        made = student(x, sigma, lesson.of_student)
        said = step_lower(lesson, self.teacher, target, x, sigma, lower, self.gamma.guidance)
        loss, metrics = weigh(made, said, lesson)
        return loss, metrics, made, lesson


def weigh(made: Tensor, said: Tensor, lesson: Lesson) -> tuple[Tensor, Metrics]:
    """What the student made and what it is to agree with -> consistency + gamma x regression to the true clip."""
    agreeing = clip_distance(made, said, lesson.frame, pull_evenly(lesson.pull)).mean()
    regression = clip_distance(made, lesson.true, lesson.frame, lesson.pull).mean()
    return agreeing + regression, {"agreeing": agreeing.item(), "regression": regression.item()}


def begin_student(teacher: Performer, schedule: Schedule) -> tuple[Progress, Target]:
    """A teacher -> a student that begins as its copy, and the student's target."""
    teacher.eval().requires_grad_(False)
    student = deepcopy(teacher).requires_grad_(True)
    progress = begin(student, deepcopy(student), schedule)
    target = Target(student)
    progress.neighbours["target"] = target
    return progress, target


def train_consistency(
    teacher: Performer,
    data: MotionData,
    folder: Path,
    schedule: Schedule,
    gamma: Gamma | None = None,
    watch: Callable[[nn.Module], Metrics] | None = None,
) -> Performer:
    """A teacher and clips -> a student of few steps; goes on where the folder stops."""
    progress, target = begin_student(teacher, schedule)
    stage = Consistency(teacher, target, gamma or Gamma())
    progress = train(progress, stage, data, schedule, folder, watch=watch)
    assert isinstance(progress.mean, Performer)
    return progress.mean
