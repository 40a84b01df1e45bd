"""A performer and scenes -> what it performs, clip after clip, many at once in torch; a look at it while it learns."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from llia.conditions import Conditions, Given
from llia.config import Config
from llia.data.samples import Sample
from llia.data.shards import read_shard
from llia.diffusion import NoisePlan, frame_noise
from llia.eval.motion_figures import measure
from llia.eval.motion_subjects import scenes_of
from llia.eval.rollout import Floats, Scenes, Way
from llia.head.motion import MOTION_SIZE
from llia.head.scale import STILL, noise_size, repeat_reference, to_motion
from llia.nets.denoiser import Performer
from llia.train.loop import Metrics


def load_watched(paths: Iterable[Path], config: Config, number: int, seed: int = 0) -> Scenes:
    """Shards of held-out tracks -> some of their sequences, as many human voices as made ones where there are."""
    samples: list[Sample] = [sample for path in paths for sample in read_shard(path, config.clock)]
    random.Random(seed).shuffle(samples)
    by_kind = [[one for one in samples if one.about["human"] is human] for human in (True, False)]
    half = max(number - len(by_kind[1]), number // 2)
    return scenes_of([*by_kind[0][:half], *by_kind[1]][:number], config)


@torch.no_grad()
def roll_out(
    performer: Performer, scenes: Scenes, way: Way, length: int, *, liveliness: float | None = None, seed: int = 0
) -> Floats:
    """Scenes from their first frame on, without a past -> what the performer makes of them, [K F 66]; each clip goes
    on from the performer's own last frames."""
    performer.eval()
    device = next(performer.parameters()).device
    reference, shape = (torch.from_numpy(array).to(device) for array in (scenes.portrait, scenes.shape))
    portrait = performer.reference(reference, shape)
    num_past = performer.denoiser.num_past
    past = torch.zeros(len(scenes), num_past, MOTION_SIZE, device=device)
    before: Tensor | None = None
    made: list[Tensor] = []
    for start in range(0, scenes.num_frames - length + 1, length):
        here = slice(start, start + length)
        conditions = conditions_at(performer, scenes, here, past, reference, portrait, liveliness)
        frame = performer.denoiser.frame(conditions, length)
        if before is None:
            before = repeat_reference(reference, frame).expand(-1, length, -1, -1, -1)
        noises = [draw_noise(scenes, way, seed, here, look).to(device) for look in range(way.num_noises)]
        before = way.make(performer, before, noises, conditions)
        before[:, :, STILL] = 0
        motion = to_motion(before, frame)
        made.append(motion)
        past = torch.cat([past, motion], 1)[:, -num_past:]
    rolled: Floats = torch.cat(made, 1).cpu().numpy()
    return rolled


def conditions_at(
    performer: Performer, scenes: Scenes, here: slice, past: Tensor, reference: Tensor, portrait: Tensor,
    liveliness: float | None,
) -> Conditions:  # fmt: skip
    """-> what a clip of all scenes is made from."""

    def cut(array: NDArray[np.generic]) -> Tensor:
        return torch.from_numpy(array[:, here].copy()).to(past.device)

    given = torch.ones(len(past), len(Given), device=past.device)
    given[:, Given.PAST] = float(here.start > 0)
    given[:, Given.STATISTICS] = float(liveliness is not None)
    return Conditions(
        past=past,
        seen=past,
        reference=reference,
        portrait=portrait,
        own=performer.hearing(cut(scenes.own)),
        other=performer.hearing(cut(scenes.other)),
        state=cut(scenes.told).long(),
        emotion=cut(scenes.emotion),
        statistics=torch.full((len(past), 2), float(np.log(liveliness or 1.0)), device=past.device),
        given=given,
    )


def draw_noise(scenes: Scenes, way: Way, seed: int, here: slice, look: int) -> Tensor:
    """-> noise of those frames of each scene, [K T c 1 1]."""
    shape, length = (MOTION_SIZE, 1, 1), here.stop - here.start
    plans = [NoisePlan(one, shape, kept=way.kept_noise) for one in scenes.seeds(seed)]
    noises = [noise_size(way.mouth_noise) * frame_noise(plan, here.start, length, look) for plan in plans]
    return torch.from_numpy(np.stack(noises))


def watcher(scenes: Scenes, ways: dict[str, tuple[Way, int]]) -> Callable[[torch.nn.Module], Metrics]:
    """Scenes and ways by name, each with a clip length -> what measures a performer on them."""

    def watch(performer: torch.nn.Module) -> Metrics:
        assert isinstance(performer, Performer)
        found: Metrics = {}
        for name, (way, length) in ways.items():
            figures = measure(roll_out(performer, scenes, way, length), scenes, length)
            found |= {f"{name}.{key}": round(value, 3) for key, value in figures.items()}
        return found

    return watch
