"""Clips of motion and sound as tensors, batch after batch, and the conditions that a denoiser makes them from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from llia.conditions import Conditions, Given
from llia.config import Config
from llia.data.clips import BatchPlan, Clip, Library, draw_batch, open_library
from llia.data.takes import Take, load_takes
from llia.head.measures import SHAPE_NAMES, shapes_of
from llia.head.motion import HEAD_SHIFT, HEAD_TURN
from llia.head.scale import TORSO
from llia.nets.denoiser import Performer
from llia.train.motion_scale import KEPT

Part = dict[str, Tensor]  # one clip of each stream
Batch = dict[str, Any]  # "clip" and "next", both a Part; "first", "reference", "shape"

HUMAN, MACHINE = "human", "machine"
HALF_HUMAN = ((HUMAN, 0.5), (MACHINE, 0.5))
HEAD = slice(HEAD_TURN.start, HEAD_SHIFT.stop)

# How often each condition is left out in training; sound of both voices goes together.
DROPPED: dict[Given, float] = {
    Given.REFERENCE: 0.1, Given.OWN: 0.1, Given.STATE: 0.1, Given.EMOTION: 0.2, Given.STATISTICS: 0.4,
}  # fmt: skip
CORRUPTED, MOST_CORRUPTED = 0.6, 0.2  # share of pasts told with noise, and its largest spread
LIVELIEST = 3.0  # logarithms beyond that are cut


def group_of(about: dict[str, Any]) -> str:
    """What is known about a sample -> whether its voice was cut from a person's or made."""
    return HUMAN if about["human"] else MACHINE


def load_motion(paths: Iterable[Path], config: Config, num_workers: int = 1) -> list[Take]:
    """Shards of tracks -> takes that carry what motion is trained with."""
    return load_takes(paths, config, keep=KEPT, group_of=group_of, num_workers=num_workers)


@dataclass(frozen=True)
class MotionData:
    """Where clips come from; called with a step it gives that step's batch."""

    library: Library
    plan: BatchPlan
    config: Config

    def __call__(self, step: int) -> Batch:
        drawn = draw_batch(self.library, self.plan, self.config, step)
        torso = drawn.reference[:, TORSO].copy()
        reference = drawn.reference.copy()
        reference[:, TORSO] = 0  # a portrait does not show the torso: what it does is told from there
        clip, following = part_of(drawn.clip, torso), part_of(drawn.next, torso)
        measured = np.stack([drawn.clip.truth[name][:, 0] for name in SHAPE_NAMES], -1)
        return {
            "clip": clip,
            "next": following,
            "first": torch.from_numpy(drawn.first),
            "reference": torch.from_numpy(reference),
            "shape": torch.from_numpy(shapes_of(measured, drawn.clip.motion[:, 0])),
        }


def motion_data(takes: list[Take], plan: BatchPlan, config: Config) -> MotionData:
    """Takes -> the batches drawn from them, half of each human voices where there are both kinds."""
    if not plan.group_shares and {take.group for take in takes} == {HUMAN, MACHINE}:
        plan = replace(plan, group_shares=HALF_HUMAN)
    return MotionData(open_library(takes, config), plan, config)


def part_of(clip: Clip, torso: NDArray[np.float32]) -> Part:
    """A clip, and where its reference's torso is -> tensors."""
    past, motion = clip.past.copy(), clip.motion.copy()
    past[..., TORSO] -= torso[:, None]
    motion[..., TORSO] -= torso[:, None]
    return {
        "past": torch.from_numpy(past),
        "motion": torch.from_numpy(motion),
        "own": torch.from_numpy(clip.own),
        "other": torch.from_numpy(clip.other),
        "state": torch.from_numpy(clip.state.astype(np.int64)),
        "emotion": torch.from_numpy(clip.emotion),
        "gap": torch.from_numpy(clip.truth["lip_gap"].astype(np.float32)),
        "viseme": torch.from_numpy(clip.truth["viseme"].astype(np.int64)),
    }


def draw_given(has_past: Tensor, *, dropping: bool = True) -> Tensor:
    """1 where there is a past, [B] -> which conditions are given, [B 7]; some are left out where a network learns."""
    given = torch.ones(len(has_past), len(Given), device=has_past.device)
    given[:, Given.PAST] = has_past.float()
    if dropping:
        for kind, share in DROPPED.items():
            kept = (torch.rand(len(has_past), device=has_past.device) >= share).float()
            given[:, kind] = kept
            if kind is Given.OWN:
                given[:, Given.OTHER] = kept
    return given


def conditions_of(performer: Performer, part: Part, batch: Batch, given: Tensor, *, corrupting: bool) -> Conditions:
    """A clip's tensors and which conditions are given -> what the denoiser makes the clip from."""
    past = part["past"]
    return Conditions(
        past=past,
        seen=corrupt(past, performer) if corrupting else past,
        reference=batch["reference"],
        portrait=performer.reference(batch["reference"], batch["shape"]),
        own=performer.hearing(part["own"]),
        other=performer.hearing(part["other"]),
        state=part["state"],
        emotion=part["emotion"],
        statistics=liveliness(part["motion"], performer.denoiser.near),
        given=given,
    )


def corrupt(past: Tensor, performer: Performer) -> Tensor:
    """Past frames, [B P 66] -> the same as told, most of them with some noise, each and all alike: a made past
    is never quite right."""
    near, slow, spread = performer.denoiser.near, performer.denoiser.slow, performer.denoiser.spread
    size = near[past.shape[1] - 1] * slow + spread * (1 - slow)
    chosen = (torch.rand(len(past), 1, 1, device=past.device) < CORRUPTED).float()
    strength = torch.rand(len(past), 1, 1, device=past.device) * MOST_CORRUPTED * chosen
    return past + strength * size * (torch.randn_like(past) + torch.randn_like(past[:, :1]))


def liveliness(motion: Tensor, near: Tensor) -> Tensor:
    """Motion, [B T 66] -> log of the head's speed and of its spread in the clip, beside what is usual, [B 2]."""
    speed = (motion[:, 1:, HEAD] - motion[:, :-1, HEAD]) / near[0, HEAD]
    spread = (motion[..., HEAD] - motion[..., HEAD].mean(1, keepdim=True)) / near[motion.shape[1] // 2, HEAD]
    squares = torch.stack([(one**2).mean((1, 2)) for one in (speed, spread)], -1)
    return (squares.clamp(min=1e-12).log() / 2).clamp(-LIVELIEST, LIVELIEST)
