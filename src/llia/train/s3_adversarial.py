"""Stage 3, adversarial: consistency goes on, and a critic asks for clips that look, move and sound like true ones."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor, nn

from llia.nets.critic import CriticConfig
from llia.nets.denoiser import Performer, PerformerConfig
from llia.train.adversary import Adversary, Exhibit
from llia.train.loop import Metrics, Progress, Schedule, train
from llia.train.motion_data import Batch, MotionData
from llia.train.s2_consistency import Consistency, Gamma, begin_student

FOOLING_WEIGHT = 0.1
MOUTH_KEPT = Gamma(mouth=2.0, rest=0.1)  # the critic moves what cannot be known; the mouth is held more firmly


@dataclass(frozen=True)
class Aims:
    """What a student is drawn to besides agreeing with itself."""

    gamma: Gamma = MOUTH_KEPT
    fooling: float = FOOLING_WEIGHT  # how much the adversary's answer counts; 0 asks nobody
    hearing: bool = True  # whether the adversary has a head that hears the sound


ALL_AIMS = Aims()


@dataclass(frozen=True)
class Adversarial:
    """The stage: consistency and the adversary's answer."""

    consistency: Consistency
    adversary: Adversary
    weight: float = FOOLING_WEIGHT

    def __call__(self, progress: Progress, batch: Batch) -> tuple[Tensor, Metrics]:
        loss, metrics, made, lesson = self.consistency.learn(progress, batch)
        answer, told = self.ask(Exhibit(made, lesson.of_teacher), Exhibit(lesson.true, lesson.of_teacher))
        return loss + answer, metrics | told

    def ask(self, made: Exhibit, true: Exhibit) -> tuple[Tensor, Metrics]:
        """-> what the adversary adds to the loss."""
        if self.weight == 0:
            return made.latent.new_zeros(()), {}
        answer, told = self.adversary.answer(made, true)
        return self.weight * answer, told


def critic_for(config: PerformerConfig) -> CriticConfig:
    """-> a critic that fits the denoiser: it reads three of its blocks, evenly."""
    depth, hearing = config.denoiser.depth, config.hearing
    blocks = tuple(sorted({depth * (place + 1) // 3 - 1 for place in range(3)}))
    return CriticConfig(
        blocks, config.denoiser.width, hearing.num_tokens * hearing.token_width, config.denoiser.width // 2
    )


def begin_adversarial(
    teacher: Performer, start: Performer, schedule: Schedule, aims: Aims = ALL_AIMS
) -> tuple[Progress, Adversarial]:
    """A teacher and a student -> the training of that student with an adversary of its own, and the stage."""
    progress, target = begin_student(start, schedule)
    adversary = Adversary(deepcopy(teacher), critic_for(teacher.config), with_sound=aims.hearing)
    progress.neighbours["adversary"] = adversary
    consistency = Consistency(teacher.eval().requires_grad_(False), target, aims.gamma)
    return progress, Adversarial(consistency, adversary, aims.fooling)


def train_adversarial(
    teacher: Performer,
    start: Performer,
    data: MotionData,
    folder: Path,
    schedule: Schedule,
    watch: Callable[[nn.Module], Metrics] | None = None,
    aims: Aims = ALL_AIMS,
) -> Performer:
    """A teacher, its student, clips -> a student that moves more like people; goes on where the folder stops."""
    progress, stage = begin_adversarial(teacher, start, schedule, aims)
    progress = train(progress, stage, data, schedule, folder, watch=watch)
    assert isinstance(progress.mean, Performer)
    return progress.mean
