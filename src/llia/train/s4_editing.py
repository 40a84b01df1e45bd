"""Stage 4, editing: the next clip in one step from the last one under high noise (OSA-LCM's EFT), as it is streamed.

The point to agree with is one step of the teacher *told of the next clip*. Taken along the last clip's own path, as the
paper's figure draws it, nothing in the loss knows what next clips are like, and motion dies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from llia.conditions import Given
from llia.diffusion import add_noise
from llia.head.scale import repeat_reference, to_latent, to_motion
from llia.nets.denoiser import Performer
from llia.train.adversary import Exhibit
from llia.train.loop import Metrics, Progress, Schedule, train
from llia.train.motion_data import Batch, MotionData, Part, conditions_of, draw_given
from llia.train.s2_consistency import Gamma, Lesson, draw_levels, prepare, step_lower, weigh
from llia.train.s3_adversarial import ALL_AIMS, Adversarial, Aims, begin_adversarial

LOWEST_SIGMA = 0.75  # below it the last clip would still be seen, and the answer must not be it
SELF_MADE_SHARE = 0.4  # of batches whose last clip the student made
PLAIN_SHARE = 0.4  # of batches that are stage 3's


@dataclass(frozen=True)
class Editing:
    """The stage: most batches edit the last clip into the next, the others are those of the stage before."""

    adversarial: Adversarial
    self_made_share: float = SELF_MADE_SHARE
    plain_share: float = PLAIN_SHARE

    def __call__(self, progress: Progress, batch: Batch) -> tuple[Tensor, Metrics]:
        if float(torch.rand(())) < self.plain_share:
            return self.adversarial(progress, batch)
        return self.edit(progress, batch, self_made=float(torch.rand(())) < self.self_made_share)

    def edit(self, progress: Progress, batch: Batch, *, self_made: bool) -> tuple[Tensor, Metrics]:
        consistency = self.adversarial.consistency
        student, target, teacher = progress.network, consistency.target.network, consistency.teacher
        assert isinstance(student, Performer) and isinstance(target, Performer)
        consistency.target.follow(student)
        before, part, given = clip_before(target, batch, self_made=self_made)
        gamma = consistency.gamma
        if self_made:  # where the head really went is no truth for a head that was elsewhere
            gamma = Gamma(gamma.mouth, 0.0, gamma.guidance)
        lesson = prepare(student, target, teacher, part, batch, given, gamma)

        sigma, lower = (level.to(before.device) for level in draw_levels(len(before), LOWEST_SIGMA))
        x = add_noise(before, torch.randn_like(before), sigma)
        made = student(x, sigma, lesson.of_student)
        said = step_lower(lesson, teacher, target, x, sigma, lower, gamma.guidance)
        loss, metrics = weigh(made, said, lesson)
        true = true_exhibit(teacher, batch, lesson) if self_made else Exhibit(lesson.true, lesson.of_teacher)
        answer, told = self.adversarial.ask(Exhibit(made, lesson.of_teacher), true)
        metrics = {f"editing_{name}": value for name, value in metrics.items()}
        return loss + answer, metrics | told


@torch.no_grad()
def clip_before(performer: Performer, batch: Batch, *, self_made: bool) -> tuple[Tensor, Part, Tensor]:
    """-> the last clip's latents, the next clip's tensors (after what was made, where it was), what it is given.

    Where a batch's first clips have no past, these are the next: they are edited from the portrait's motion.
    """
    last, following = batch["clip"], batch["next"]
    given = draw_given(~batch["first"])
    conditions = conditions_of(performer, last, batch, given, corrupting=False)
    num_frames = last["motion"].shape[1]
    frame = performer.denoiser.frame(conditions, num_frames)
    before = to_latent(last["motion"], frame)
    part = dict(following)
    if self_made:
        ones = torch.ones(len(before), device=before.device)
        before = performer(torch.randn_like(before), ones, conditions)
        motion = to_motion(before, frame)
        part["past"] = torch.cat([last["past"], motion], 1)[:, -last["past"].shape[1] :]

    # Streams that begin: no past, and the portrait in the place of a last clip.
    first = batch["first"].reshape(-1, 1, 1, 1, 1)
    still = repeat_reference(batch["reference"], frame).expand_as(before)
    before = torch.where(first, still, before)
    part = {name: torch.where(first.reshape(-1, *[1] * (value.ndim - 1)), last[name], value)
            for name, value in part.items()}  # fmt: skip
    given = given.clone()
    given[:, Given.PAST] = (~batch["first"]).float()
    return before, part, given


@torch.no_grad()
def true_exhibit(teacher: Performer, batch: Batch, lesson: Lesson) -> Exhibit:
    """-> the true next clip after its own true past, beside which a clip after a made past is judged."""
    following, last, first = batch["next"], batch["clip"], batch["first"]
    part = {name: torch.where(first.reshape(-1, *[1] * (value.ndim - 1)), last[name], value)
            for name, value in following.items()}  # fmt: skip
    conditions = conditions_of(teacher, part, batch, lesson.of_teacher.given, corrupting=False)
    frame = teacher.denoiser.frame(conditions, part["motion"].shape[1])
    return Exhibit(to_latent(part["motion"], frame), conditions)


def train_editing(
    teacher: Performer,
    start: Performer,
    data: MotionData,
    folder: Path,
    schedule: Schedule,
    watch: Callable[[nn.Module], Metrics] | None = None,
    aims: Aims = ALL_AIMS,
    plain_share: float = PLAIN_SHARE,
) -> Performer:
    """A teacher, its student, clips -> the student that streams in one step; goes on where the folder stops."""
    progress, adversarial = begin_adversarial(teacher, start, schedule, aims)
    progress = train(progress, Editing(adversarial, plain_share=plain_share), data, schedule, folder, watch=watch)
    assert isinstance(progress.mean, Performer)
    return progress.mean
