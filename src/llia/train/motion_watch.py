"""A look at a performer while it learns: held-out sequences rolled out clip after clip, measured against the truth."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from llia.conditions import Conditions, Given
from llia.config import Config, State
from llia.data.samples import Sample
from llia.data.shards import read_shard
from llia.data.sound import mel_windows
from llia.data.takes import Take, make_take
from llia.diffusion import Denoiser, NoisePlan, add_noise, everywhere, frame_noise, sample_consistency, sample_euler
from llia.eval.metrics import band_shares, correlation, spread_ratio
from llia.eval.movement import (
    blinks,
    changes,
    closures,
    head_speeds,
    is_quiet,
    nods,
    per_minute,
    rms_by_state,
    seam_ratio,
    silence_ratio,
)
from llia.head.motion import FACE, HEAD_SHIFT, HEAD_TURN, MOTION_SIZE
from llia.head.scale import TORSO, repeat_reference, to_latent, to_motion
from llia.nets.denoiser import Performer
from llia.nets.reference import SHAPE_NAMES
from llia.train.loop import Metrics
from llia.train.motion_data import group_of
from llia.train.motion_loss import gap_growth, mouth_mask
from llia.train.motion_scale import KEPT, measures_of, shape_growth, shapes_of

Floats = NDArray[np.float32]
# A way to a clip: a denoiser, what was there before as latents, noises of several looks, conditions -> latents.
Way = Callable[[Denoiser, Tensor, Sequence[Tensor], Any], Tensor]

MOST_LOOKS = 4
REFERENCE_FRAME = 0


@dataclass(frozen=True)
class Watched:
    """Held-out sequences of one length, with all that is true of them."""

    takes: tuple[Take, ...]
    phones: tuple[Any, ...]
    parted: tuple[NDArray[np.bool_], ...]
    own: Floats  # K F A M
    other: Floats
    config: Config

    @property
    def num_frames(self) -> int:
        return int(self.own.shape[1])


def load_watched(paths: Iterable[Path], config: Config, number: int, seed: int = 0) -> Watched:
    """Shards of held-out tracks -> some of their sequences, as many human voices as made ones where there are."""
    samples: list[Sample] = [sample for path in paths for sample in read_shard(path, config.clock)]
    random.Random(seed).shuffle(samples)
    by_kind = [[one for one in samples if one.about["human"] is human] for human in (True, False)]
    half = max(number - len(by_kind[1]), number // 2)
    return watch_samples([*by_kind[0][:half], *by_kind[1]][:number], config)


def watch_samples(samples: Sequence[Sample], config: Config) -> Watched:
    """Samples of one length -> what is watched of them."""
    voices = [np.stack([getattr(sample, name) for sample in samples]) for name in ("own", "other")]
    return Watched(
        takes=tuple(make_take(one, config, keep=KEPT, group=group_of(one.about)) for one in samples),
        phones=tuple(sample.about["phones"] for sample in samples),
        parted=tuple(sample.truth["parted"] for sample in samples),
        own=mel_windows(voices[0], config),
        other=mel_windows(voices[1], config),
        config=config,
    )


# ---- ways to a clip


def in_one_step(denoise: Denoiser, before: Tensor, noises: Sequence[Tensor], conditions: Any) -> Tensor:
    made: Tensor = sample_consistency(denoise, noises[:1], conditions)
    return made


def in_two_steps(denoise: Denoiser, before: Tensor, noises: Sequence[Tensor], conditions: Any) -> Tensor:
    made: Tensor = sample_consistency(denoise, noises[:2], conditions)
    return made


def by_path(num_steps: int) -> Way:
    def walk(denoise: Denoiser, before: Tensor, noises: Sequence[Tensor], conditions: Any) -> Tensor:
        made: Tensor = sample_euler(denoise, noises[0], conditions, num_steps)
        return made

    return walk


def by_editing(sigma: float = 0.9) -> Way:
    def edit(denoise: Denoiser, before: Tensor, noises: Sequence[Tensor], conditions: Any) -> Tensor:
        x = add_noise(before, noises[0], sigma)
        made: Tensor = denoise(x, everywhere(sigma, x), conditions)
        return made

    return edit


# ---- rolling out


@torch.no_grad()
def roll_out(
    performer: Performer, watched: Watched, way: Way, length: int, *, liveliness: float | None = None, seed: int = 0
) -> Floats:
    """Sequences from their first frame on without a past -> what the performer makes of them, [K F 66]; each clip
    goes on from the performer's own last frames."""
    performer.eval()
    device = next(performer.parameters()).device
    first = np.stack([take.motion[REFERENCE_FRAME] for take in watched.takes])
    shape = np.stack([shapes_of(measures_of(take)[0], take.motion[0]) for take in watched.takes])
    reference = torch.from_numpy(first).clone().to(device)
    reference[:, TORSO] = 0
    num_clips, num_past = len(first), performer.denoiser.num_past
    past = torch.zeros(num_clips, num_past, MOTION_SIZE, device=device)
    portrait = performer.reference(reference, torch.from_numpy(shape).to(device))
    before: Tensor | None = None
    made: list[Tensor] = []
    for start in range(0, watched.num_frames - length + 1, length):
        here = slice(start, start + length)
        conditions = _conditions(performer, watched, here, past, reference, portrait, liveliness)
        frame = performer.denoiser.frame(conditions, length)
        if before is None:
            before = repeat_reference(reference, frame)
            before = before.expand(-1, length, -1, -1, -1)
        noises = [_noise(num_clips, start, length, seed, look).to(device) for look in range(MOST_LOOKS)]
        before = way(performer, before, noises, conditions)
        motion = to_motion(before, frame)
        made.append(motion)
        past = torch.cat([past, motion], 1)[:, -num_past:]
    rolled = torch.cat(made, 1).cpu()
    rolled[..., TORSO] += torch.from_numpy(first[:, None, TORSO])
    return np.asarray(rolled.numpy(), np.float32)


def _conditions(
    performer: Performer, watched: Watched, here: slice, past: Tensor, reference: Tensor, portrait: Tensor,
    liveliness: float | None,
) -> Conditions:  # fmt: skip
    """-> what a clip of all sequences is made from."""

    def cut(arrays: Floats | NDArray[np.int64]) -> Tensor:
        return torch.from_numpy(arrays[:, here].copy()).to(past.device)

    given = torch.ones(len(past), len(Given), device=past.device)
    given[:, Given.PAST] = float(here.start > 0)
    given[:, Given.STATISTICS] = float(liveliness is not None)
    return Conditions(
        past=past,
        seen=past,
        reference=reference,
        portrait=portrait,
        own=performer.hearing(cut(watched.own)),
        other=performer.hearing(cut(watched.other)),
        state=cut(np.stack([take.state for take in watched.takes]).astype(np.int64)),
        emotion=cut(np.stack([take.emotion for take in watched.takes])),
        statistics=torch.full((len(past), 2), float(np.log(liveliness or 1.0)), device=past.device),
        given=given,
    )


def _noise(num_clips: int, start: int, length: int, seed: int, look: int) -> Tensor:
    """-> noise of those frames of each sequence, [K T c 1 1]."""
    plans = [NoisePlan(seed * num_clips + number, (MOTION_SIZE, 1, 1)) for number in range(num_clips)]
    return torch.from_numpy(np.stack([frame_noise(plan, start, length, look) for plan in plans]))


# ---- measuring


def measure_rolled(rolled: Floats, watched: Watched, length: int) -> Metrics:
    """What was made, [K F 66] -> numbers beside those of the truth."""
    num_frames = rolled.shape[1]
    true = np.stack([take.motion[:num_frames] for take in watched.takes])
    state = np.stack([take.state[:num_frames] for take in watched.takes])
    parted = np.stack([one[:num_frames] for one in watched.parted])
    gaps = [_gaps(motion, watched) for motion in (rolled, true)]
    found = compare_lips(gaps[0], gaps[1], state, watched)
    quiet = [is_quiet(s, p) for s, p in zip(state, parted, strict=True)]
    speeds = [
        np.concatenate([np.abs(np.diff(one, prepend=one[:1]))[q] for one, q in zip(gap, quiet, strict=True)])
        for gap in gaps
    ]
    found["silence"] = silence_ratio(*speeds)
    for name, motions in (("", rolled), ("true_", true)):
        found |= {name + key: value for key, value in _manner(motions, state, length, watched).items()}
    return {name: round(value, 3) for name, value in found.items()}


def compare_lips(made: Floats, true: Floats, state: NDArray[np.int8], watched: Watched) -> Metrics:
    """Lip gaps, cm, and states, [K F] -> how well the made ones follow the true ones, and meet on p, b and m."""
    speaking = state == State.SPEAKING
    found: Metrics = {
        "lip_r": correlation(made[speaking], true[speaking]),
        "lip_spread": spread_ratio(made[speaking], true[speaking]),
    }
    for group in ("human", "machine"):
        kept = np.array([take.group == group for take in watched.takes])
        if not kept.any():
            continue
        found[f"lip_r_{group}"] = correlation(made[kept][speaking[kept]], true[kept][speaking[kept]])
        for name, gap in (("", made), ("true_", true)):
            met = [closures(gap[number], watched.phones[number]) for number in np.flatnonzero(kept)]
            found[f"{name}closed_{group}"] = float(np.concatenate(met).mean())
    return found


def _gaps(motion: Floats, watched: Watched) -> Floats:
    """Motion, [K F 66] -> lip gaps on each person's own head, cm, [K F]."""
    rest = np.stack([shapes_of(measures_of(take)[0], take.motion[0]) for take in watched.takes])
    return np.asarray(rest[:, None, SHAPE_NAMES.index("lip_gap")] + motion[..., FACE] @ gap_growth().numpy())


def _manner(motions: Floats, state: NDArray[np.int8], length: int, watched: Watched) -> Metrics:
    """-> how head, lids and mouth move, whoever moves them."""
    fps = watched.config.clock.frames_per_second
    seams = np.arange(length, motions.shape[1], length)
    mouth, head = np.flatnonzero(mouth_mask().numpy()).tolist(), slice(HEAD_TURN.start, HEAD_SHIFT.stop)
    joined, states = np.concatenate(list(motions)), state.reshape(-1)
    shares = np.mean([band_shares(one[:, HEAD_TURN], fps) for one in motions], 0)
    speeds = rms_by_state(np.concatenate([head_speeds(one) for one in motions]), states)
    lids = [_lids(one, take) for one, take in zip(motions, watched.takes, strict=True)]
    found = {f"band{number}": float(share) for number, share in enumerate(shares)}
    found |= {f"speed_{one.name.lower()}": speed for one, speed in speeds.items()}
    return found | {
        "blinks": float(np.mean([per_minute(blinks(one)) for one in lids])),
        "nods": per_minute(np.concatenate([nods(one) for one in motions])),
        "yaw_spread": float(np.degrees(motions[..., HEAD_TURN.start].std(1).mean())),
        "seam_mouth": float(np.mean([seam_ratio(changes(one, mouth), seams) for one in motions])),
        "seam_head": float(np.mean([seam_ratio(changes(one, head), seams) for one in motions])),
        "mouth_change": float(changes(joined, mouth)[states != State.SPEAKING].mean()),
    }


def _lids(motion: Floats, take: Take) -> Floats:
    """Motion of a take's person -> how far the left lids are apart, cm, [F]."""
    place = SHAPE_NAMES.index("eye_left")
    rest = shapes_of(measures_of(take)[0], take.motion[0])[place]
    return np.asarray(rest + motion[:, FACE] @ shape_growth()[place])


def watcher(watched: Watched, ways: dict[str, tuple[Way, int]]) -> Callable[[torch.nn.Module], Metrics]:
    """Sequences and ways by name, each with a clip length -> what measures a performer on them."""

    def watch(performer: torch.nn.Module) -> Metrics:
        assert isinstance(performer, Performer)
        found: Metrics = {}
        for name, (way, length) in ways.items():
            rolled = roll_out(performer, watched, way, length)
            found |= {f"{name}.{key}": value for key, value in measure_rolled(rolled, watched, length).items()}
        return found

    return watch


def latents_of(performer: Performer, conditions: Conditions, motion: Tensor) -> Tensor:
    """True motion -> its latents under these conditions."""
    latent: Tensor = to_latent(motion, performer.denoiser.frame(conditions, motion.shape[1]))
    return latent
