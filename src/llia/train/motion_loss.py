"""How far a made clip is from the true one: by channel, by change, by the gap of the lips."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import torch
from torch import Tensor

from llia.config import State
from llia.head.measures import LIPS_CLOSED_CM, shape_growth
from llia.head.motion import FACE, MOTION_SIZE
from llia.head.scale import MOUTH, Frame

MOUTH_WEIGHT = 2.0
# Lips meet for a frame or two: what moves fast and what closes counts more, or squares round it off.
FAST_CM, FAST_WEIGHT, CLOSED_WEIGHT = 0.25, 2.0, 2.0
GAP_UNIT_CM, GAP_WEIGHT = 0.3, 0.2
# In silence lips lie still to hundredths of a millimetre; errors of the gap that nobody minds in speech tremble there.
STILL_CM, STILL_UNIT_CM, STILL_WEIGHT = 0.004, 0.03, 0.2
CHANGE_WEIGHT = 1.0
HUBER = 0.01


@dataclass(frozen=True)
class Pull:
    """How strongly each channel and each frame is pulled towards what it should be."""

    mouth: float
    rest: float
    frames: Tensor  # B T, for the mouth; mean 1
    still: Tensor  # B T, 1 where the true lips do not move in silence


@cache
def mouth_mask() -> Tensor:
    """-> 1 for each channel of the mouth, [66]."""
    mask = torch.zeros(MOTION_SIZE)
    mask[list(MOUTH)] = 1
    return mask


@cache
def gap_growth() -> Tensor:
    """-> how much each face weight opens the lips, cm, [54]."""
    return torch.from_numpy(shape_growth()[0].copy())


def frame_weights(gap: Tensor, state: Tensor) -> Tensor:
    """True lip gap, cm, and states, [B T] -> how much each frame's mouth counts, [B T], mean 1."""
    change = (gap[:, 1:] - gap[:, :-1]).abs()
    change = torch.maximum(torch.cat([change, change[:, -1:]], 1), torch.cat([change[:, :1], change], 1))
    closed = (gap <= LIPS_CLOSED_CM) & (state == State.SPEAKING)
    weight = 1 + FAST_WEIGHT * (change / FAST_CM).clamp(max=1) + CLOSED_WEIGHT * closed
    return weight / weight.mean()


def is_still(gap: Tensor, state: Tensor) -> Tensor:
    """True lip gap, cm, and states, [B T] -> 1 where lips neither move nor speak, [B T]."""
    change = (gap[:, 1:] - gap[:, :-1]).abs()
    change = torch.cat([change[:, :1], change], 1)
    return ((change < STILL_CM) & (state != State.SPEAKING)).float()


def pull_to(gap: Tensor, state: Tensor, mouth: float, rest: float) -> Pull:
    """True lip gap, cm, and states, [B T] -> how strongly everything is pulled to the truth."""
    return Pull(mouth, rest, frame_weights(gap, state), is_still(gap, state))


def pull_evenly(like: Pull) -> Pull:
    """-> as strongly everywhere."""
    return Pull(1.0, 1.0, torch.ones_like(like.frames), torch.zeros_like(like.still))


def frame_errors(made: Tensor, true: Tensor, pull: Pull) -> Tensor:
    """Latents, [B T c 1 1] -> mean weighted squared error of each frame, [B T]."""
    squared = (made - true).float()[..., 0, 0] ** 2
    mouth = mouth_mask().to(squared.device)
    of_mouth, of_rest = (squared * mouth).sum(-1), (squared * (1 - mouth)).sum(-1)
    weighed: Tensor = pull.mouth * pull.frames * of_mouth + pull.rest * of_rest
    return weighed / squared.shape[-1]


def change_errors(made: Tensor, true: Tensor, pull: Pull) -> Tensor:
    """The same for changes from frame to frame, [B T]; those of the second stand for the first too."""
    inner = replace(pull, frames=pull.frames[:, 1:])
    errors = frame_errors(made[:, 1:] - made[:, :-1], true[:, 1:] - true[:, :-1], inner)
    return torch.cat([errors[:, :1], errors], 1)


def gap_errors(made: Tensor, true: Tensor, frame: Frame, pull: Pull) -> Tensor:
    """Squared error of the lip gap, [B T]; it is linear in the motion, so the person's own head cancels out."""
    squared: Tensor = (gap_away(made, true, frame) / GAP_UNIT_CM) ** 2
    return pull.mouth * pull.frames * squared


def still_errors(made: Tensor, true: Tensor, frame: Frame, pull: Pull) -> Tensor:
    """Squared tremble of the lip gap where the true lips lie still, [B T]."""
    away = gap_away(made, true, frame)
    tremble = torch.cat([torch.zeros_like(away[:, :1]), away[:, 1:] - away[:, :-1]], 1)
    return pull.mouth * pull.still * (tremble / STILL_UNIT_CM) ** 2


def gap_away(made: Tensor, true: Tensor, frame: Frame) -> Tensor:
    """Latents, [B T c 1 1] -> how much further the made lips are open than the true ones, cm, [B T]."""
    away: Tensor = ((made - true).float()[..., 0, 0] * frame.size)[..., FACE] * gap_growth().to(made.device)
    return away.sum(-1)


def clip_error(made: Tensor, true: Tensor, frame: Frame, pull: Pull) -> Tensor:
    """All of it, squared, [B T]."""
    errors = frame_errors(made, true, pull) + CHANGE_WEIGHT * change_errors(made, true, pull)
    errors = errors + GAP_WEIGHT * gap_errors(made, true, frame, pull)
    return errors + STILL_WEIGHT * still_errors(made, true, frame, pull)


def clip_distance(made: Tensor, true: Tensor, frame: Frame, pull: Pull) -> Tensor:
    """All of it as a pseudo-Huber distance, which forgives what cannot be known, [B T]."""
    return (clip_error(made, true, frame, pull) + HUBER**2).sqrt() - HUBER
