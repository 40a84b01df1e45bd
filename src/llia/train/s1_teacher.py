"""Stage 1, the teacher: clean clips from noisy ones of all noise levels and lengths, with and without a past."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from llia.diffusion import add_noise, shifted
from llia.head.scale import to_latent
from llia.nets.denoiser import Performer, PerformerConfig
from llia.nets.hearing import Hearing
from llia.train.loop import Metrics, Progress, Schedule, begin, train
from llia.train.motion_data import Batch, MotionData, conditions_of, draw_given
from llia.train.motion_loss import MOUTH_WEIGHT, Pull, clip_error, frame_errors, frame_weights, gap_errors

SIGMA_FLOOR = 0.35  # below it errors count no more than at it
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
    pull = Pull(MOUTH_WEIGHT, 1.0, frame_weights(part["gap"], part["state"]))
    errors = clip_error(made, true, frame, pull).mean(1)
    loss = (errors / sigma.clamp(min=SIGMA_FLOOR) ** 2).mean()
    return loss, describe(made.detach(), true, sigma, frame_gap=gap_errors(made.detach(), true, frame, pull))


@torch.no_grad()
def describe(made: Tensor, true: Tensor, sigma: Tensor, frame_gap: Tensor) -> Metrics:
    """-> errors of mouth, rest and gap where there was almost nothing but noise: what one step would give."""
    noisy = sigma > 0.9
    ones = torch.ones_like(frame_gap)
    mouth = frame_errors(made, true, Pull(1.0, 0.0, ones)).mean(1)
    rest = frame_errors(made, true, Pull(0.0, 1.0, ones)).mean(1)
    if not noisy.any():
        return {"mouth": float("nan"), "rest": float("nan"), "gap": float("nan")}
    return {name: float(value[noisy].mean()) for name, value in
            (("mouth", mouth), ("rest", rest), ("gap", frame_gap.mean(1)))}  # fmt: skip


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
