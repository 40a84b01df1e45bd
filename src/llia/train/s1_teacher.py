"""Stage 1, the teacher: clean clips from noisy ones of all noise levels and lengths, with and without a past."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from llia.diffusion import add_noise, shifted
from llia.head.scale import Frame, to_latent
from llia.nets.denoiser import Performer, PerformerConfig
from llia.nets.hearing import Hearing
from llia.train.loop import Metrics, Progress, Schedule, begin, train
from llia.train.motion_data import Batch, MotionData, conditions_of, draw_given
from llia.train.motion_loss import MOUTH_WEIGHT, Pull, clip_error, frame_errors, gap_away, pull_evenly, pull_to

SIGMA_FLOOR = 0.35  # below it errors count no more than at it
ALMOST_NOISE = 0.9
HEARING_RATE = 0.3  # of the learning rate: it has learned already


def descend(progress: Progress, batch: Batch) -> tuple[Tensor, Metrics]:
    """The stage: the network's x0 against the true clip."""
    performer, part = progress.network, batch["clip"]
    assert isinstance(performer, Performer)
    given = draw_given(~batch["first"])
    conditions = conditions_of(performer, part, batch, given, corrupting=True)
    frame = performer.denoiser.frame(conditions, part["motion"].shape[1])
    true = to_latent(part["motion"], frame)
    sigma = shifted(torch.rand(len(true), device=true.device))
    made = performer(add_noise(true, torch.randn_like(true), sigma), sigma, conditions)
    pull = pull_to(part["gap"], part["state"], MOUTH_WEIGHT, 1.0)
    errors = clip_error(made, true, frame, pull).mean(1)
    loss = (errors / sigma.clamp(min=SIGMA_FLOOR) ** 2).mean()
    return loss, describe(made.detach(), true, frame, sigma, pull)


@torch.no_grad()
def describe(made: Tensor, true: Tensor, frame: Frame, sigma: Tensor, pull: Pull) -> Metrics:
    """-> errors of mouth, rest and lips where there was almost nothing but noise: what one step would give."""
    noisy, even = sigma > ALMOST_NOISE, pull_evenly(pull)
    if not noisy.any():
        return {name: float("nan") for name in ("mouth", "rest", "gap_cm")}
    gap = gap_away(made, true, frame)[noisy]
    return {
        "mouth": float(frame_errors(made, true, replace(even, rest=0.0))[noisy].mean()),
        "rest": float(frame_errors(made, true, replace(even, mouth=0.0))[noisy].mean()),
        "gap_cm": float((gap**2).mean().sqrt()),
    }


def begin_teacher(network: Performer, mean: Performer, schedule: Schedule) -> Progress:
    """-> a training in which hearing, which learned alone before, learns more slowly than the rest."""
    progress = begin(network, mean, schedule)
    hearing = {id(one) for one in network.hearing.parameters()}
    rest = [one for one in network.parameters() if id(one) not in hearing]
    group = progress.optimizer.param_groups[0]
    group["params"] = rest
    progress.optimizer.add_param_group({"params": list(network.hearing.parameters()), "share": HEARING_RATE})
    return progress


def train_teacher(
    start: Performer,
    hearing: Hearing | None,
    data: MotionData,
    folder: Path,
    schedule: Schedule,
    watch: Callable[[nn.Module], Metrics] | None = None,
) -> Performer:
    """A performer with its scale set, hearing that has learned, clips -> a teacher; goes on where the folder stops."""
    if hearing is not None:
        start.hearing.load_state_dict(hearing.state_dict())
    mean = Performer(start.config)
    progress = train(begin_teacher(start, mean, schedule), descend, data, schedule, folder, watch=watch)
    assert isinstance(progress.mean, Performer)
    return progress.mean


def new_performer(config: PerformerConfig, seed: int) -> Performer:
    """-> a performer that has learned nothing."""
    torch.manual_seed(seed)
    return Performer(config)
