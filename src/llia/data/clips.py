"""Takes -> batches of clips of one length each; batch number k is a function of (seed, rank, k) and nothing else.

So the only progress to save is the step: the same command goes on with the very next clips, bit for bit. Takes are cut
into slots of the longest clip; all slots of a group are passed once, in a shuffled order, before one comes again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

import numpy as np
import pydantic.dataclasses
from numpy.typing import NDArray
from pydantic import Field

from llia.config import STRICT, Config
from llia.data.augment import Share, SoundVariety, vary_sound
from llia.data.pictures import Frames
from llia.data.sound import SILENCE, Floats, cut_windows
from llia.data.takes import Take, read_film
from llia.data.usual import follow_usual, put_first, start_usual

# What a random stream is for stands beside the seed, so that no two streams are alike.
FOR_LENGTH, FOR_ORDER, FOR_CLIPS = 1, 2, 3
NEIGHBOURS = 2  # clip n and clip n + 1
ALL = ""
WARM_FRAMES = 75  # sound before the first window: a room has begun to ring, and what is usual of the voice is known


@pydantic.dataclasses.dataclass(frozen=True, config=STRICT)
class BatchPlan:
    """How batches are drawn."""

    seed: int
    num_clips: Annotated[int, Field(ge=1)]  # in each batch of each rank
    length_weights: tuple[float, ...] = (0.2, 0.2, 0.2, 0.4)  # beside config.clips.lengths
    num_longest_steps: int = 0  # the first so many batches are of the longest clips only
    first_share: Share = 0.15  # of clips that begin without a past
    first_share_short: Share = 0.3  # the same where clips are short, as first clips are when streaming
    short_frames: int = 8
    group_shares: tuple[
        tuple[str, float], ...
    ] = ()  # (group, share of each batch), other groups rest; empty: all takes alike
    variety: SoundVariety | None = SoundVariety()
    with_pictures: bool = False


@dataclass(frozen=True)
class Library:
    """All takes, and the slots that clips begin in: take and slot number of each, by group."""

    takes: tuple[Take, ...]
    slots: dict[str, NDArray[np.int64]]  # group -> n 2; those of all takes stand under ALL
    slot_frames: int


@dataclass(frozen=True)
class Clip:
    """T frames of each of B takes, with the P frames before them."""

    past: Floats  # B P 66; zeros in first clips
    motion: Floats  # B T 66
    own: Floats  # B T 1+A M
    other: Floats  # B T 1+A M
    state: NDArray[np.int8]  # B T
    emotion: Floats  # B T 5
    truth: dict[str, NDArray[Any]]  # B T ...
    past_pictures: Frames | None  # B P H W 3
    pictures: Frames | None  # B T H W 3


@dataclass(frozen=True)
class ClipBatch:
    """Clips and the clips that follow them, and one frame from elsewhere in each take."""

    clip: Clip
    next: Clip  # its past is the end of `clip` (with its real past before it, where the clip is shorter than P)
    first: NDArray[np.bool_]  # B: `clip` has no past
    reference: Floats  # B 66
    reference_picture: Frames | None  # B H W 3
    keys: tuple[str, ...]  # of the takes
    starts: NDArray[np.int64]  # B: number of the clip's first frame in its take


@dataclass(frozen=True)
class Cut:
    """Where a batch is cut: takes, and numbers of their frames."""

    takes: list[Take]
    starts: NDArray[np.int64]  # B
    references: NDArray[np.int64]  # B
    first: NDArray[np.bool_]  # B
    length: int


def open_library(takes: Sequence[Take], config: Config) -> Library:
    """Takes -> the library that batches are drawn from; takes must hold a past, two of the longest clips and more."""
    if not takes:
        raise ValueError("expected takes to draw clips from, got none; make some: llia world shards")
    longest, num_past = max(config.clips.lengths), config.clips.past_frames
    least = num_past + NEIGHBOURS * longest + 1
    slots: dict[str, list[tuple[int, int]]] = {}
    for number, take in enumerate(takes):
        if take.num_frames < least:
            raise ValueError(f"expected takes of at least {least} frames, got {take.num_frames} in {take.key!r}")
        num_slots = (take.num_frames - num_past - NEIGHBOURS * longest) // longest + 1
        for group in (ALL, take.group):
            slots.setdefault(group, []).extend((number, slot) for slot in range(num_slots))
    return Library(tuple(takes), {group: np.array(places) for group, places in slots.items()}, longest)


def draw_batch(
    library: Library, plan: BatchPlan, config: Config, step: int, *, rank: int = 0, world_size: int = 1
) -> ClipBatch:
    """Step and rank -> that batch, always the same one; all ranks of a step have the same clip length."""
    length = draw_length(plan, config, step)
    rng = np.random.default_rng([plan.seed, FOR_CLIPS, step, rank])
    slots = np.concatenate(
        [
            _slots_of_batch(library.slots[group], quota, (plan.seed, number), step * world_size + rank)
            for number, (group, quota) in enumerate(_quotas(library, plan))
        ]
    )
    cut = _draw_cut(library, plan, config, slots, length, rng)
    own, other = (_cut_sound(cut, name, plan.variety, config, rng) for name in ("own", "other"))
    pictures, reference_picture = _cut_pictures(cut, config) if plan.with_pictures else (None, None)
    clip, following = (_cut_clip(cut, number, own, other, pictures, config) for number in range(NEIGHBOURS))
    return ClipBatch(
        clip=clip,
        next=following,
        first=cut.first,
        reference=np.stack([take.motion[place] for take, place in zip(cut.takes, cut.references, strict=True)]),
        reference_picture=reference_picture,
        keys=tuple(take.key for take in cut.takes),
        starts=cut.starts,
    )


def draw_length(plan: BatchPlan, config: Config, step: int) -> int:
    """Step -> the number of frames of its clips."""
    lengths = config.clips.lengths
    if len(plan.length_weights) != len(lengths) or min(plan.length_weights) < 0 or sum(plan.length_weights) <= 0:
        raise ValueError(f"expected a weight for each clip length of {lengths}, got {plan.length_weights}")
    if step < plan.num_longest_steps:
        return max(lengths)
    weights = np.array(plan.length_weights)
    rng = np.random.default_rng([plan.seed, FOR_LENGTH, step])
    return int(rng.choice(lengths, p=weights / weights.sum()))


def _quotas(library: Library, plan: BatchPlan) -> list[tuple[str, int]]:
    """-> groups and how many clips of each batch are theirs, which is the same in every batch."""
    shares = plan.group_shares or ((ALL, 1.0),)
    for group, _ in shares:
        if group not in library.slots:
            known = ", ".join(sorted(library.slots.keys() - {ALL}))
            raise ValueError(f"expected takes of the group {group!r}, got only {known}")
    ends = np.cumsum([share for _, share in shares])
    marks = np.rint(ends / ends[-1] * plan.num_clips).astype(int)
    return [(group, int(quota)) for (group, _), quota in zip(shares, np.diff(marks, prepend=0), strict=True)]


def _slots_of_batch(slots: NDArray[np.int64], quota: int, seed: tuple[int, int], batch: int) -> NDArray[np.int64]:
    """Slots of a group and the batch's number over all ranks -> the `quota` slots of it, in shuffled order."""
    items = batch * quota + np.arange(quota)
    rounds, places = np.divmod(items, len(slots))
    orders = {int(number): _shuffled(len(slots), *seed, int(number)) for number in np.unique(rounds)}
    return slots[[orders[int(number)][place] for number, place in zip(rounds, places, strict=True)]]


@lru_cache(maxsize=16)
def _shuffled(count: int, seed: int, group: int, number: int) -> NDArray[np.int64]:
    """-> the order in which `count` slots are passed in one round."""
    return np.random.default_rng([seed, FOR_ORDER, group, number]).permutation(count)


def _draw_cut(
    library: Library, plan: BatchPlan, config: Config, slots: NDArray[np.int64], length: int, rng: np.random.Generator
) -> Cut:
    """Slots of the batch -> where its clips begin, which frames are their references, and which have no past."""
    takes = [library.takes[number] for number in slots[:, 0]]
    num_clips, num_past = len(takes), config.clips.past_frames
    num_frames = np.array([take.num_frames for take in takes])
    span = NEIGHBOURS * length
    starts = num_past + slots[:, 1] * library.slot_frames + rng.integers(library.slot_frames, size=num_clips)
    starts = np.minimum(starts, num_frames - span)
    references = rng.integers(num_frames - span - num_past)  # counted without the frames of the clips and their past
    references = references + np.where(references >= starts - num_past, span + num_past, 0)
    share = plan.first_share_short if length <= plan.short_frames else plan.first_share
    return Cut(takes, starts, references, rng.random(num_clips) < share, length)


def _cut_sound(cut: Cut, name: str, variety: SoundVariety | None, config: Config, rng: np.random.Generator) -> Floats:
    """Cut and voice ("own", "other") -> the windows of both clips together, `B 2T 1+A M`."""
    per_frame = config.clock.mel_steps_per_frame
    num_steps = (NEIGHBOURS * cut.length + config.sound.frames_heard - 1) * per_frame
    steps = np.full((len(cut.takes), WARM_FRAMES * per_frame + num_steps, config.sound.mel_bins), SILENCE, np.float32)
    for row, take, start in zip(steps, cut.takes, cut.starts, strict=True):
        voice: NDArray[np.float16] = take.own if name == "own" else take.other
        # A take's steps begin `frames_back` before its first frame, as those of a window do: so they start together.
        first = max(0, start - WARM_FRAMES) * per_frame
        last = start * per_frame + num_steps
        row[len(row) - (last - first) :] = voice[first:last]
    if variety is not None:
        steps = vary_sound(steps, variety, config.clock, rng)
    newest = steps[:, config.mel_steps_heard - per_frame :].reshape(len(steps), -1, per_frame, config.sound.mel_bins)
    means, _ = follow_usual(newest, start_usual(len(steps), config))
    return put_first(means[:, WARM_FRAMES:], cut_windows(steps[:, WARM_FRAMES * per_frame :], config))


def _cut_pictures(cut: Cut, config: Config) -> tuple[Frames, Frames]:
    """Cut -> pictures of past and both clips together, `B P+2T H W 3`, and those of the references, `B H W 3`."""
    num_past = config.clips.past_frames
    runs, references = [], []
    for take, start, reference in zip(cut.takes, cut.starts, cut.references, strict=True):
        if take.film is None:
            raise ValueError(f"expected a film in {take.key!r}, got tracks only; make shards with pictures")
        runs.append(read_film(take.film, int(start) - num_past, num_past + NEIGHBOURS * cut.length))
        references.append(read_film(take.film, int(reference), 1)[0])
    return np.stack(runs), np.stack(references)


def _cut_clip(cut: Cut, number: int, own: Floats, other: Floats, pictures: Frames | None, config: Config) -> Clip:
    """Cut, 0 or 1 for the clip or the next, windows and pictures of both -> that clip."""
    num_past, length = config.clips.past_frames, cut.length
    starts = cut.starts + number * length
    here = slice(number * length, (number + 1) * length)

    def gather(arrays: list[NDArray[Any]], first: int, last: int) -> NDArray[Any]:
        return np.stack([array[at + first : at + last] for array, at in zip(arrays, starts, strict=True)])

    motions = [take.motion for take in cut.takes]
    past = gather(motions, -num_past, 0)
    if number == 0:
        past[cut.first] = 0
    return Clip(
        past=past,
        motion=gather(motions, 0, length),
        own=own[:, here].copy(),
        other=other[:, here].copy(),
        state=gather([take.state for take in cut.takes], 0, length),
        emotion=gather([take.emotion for take in cut.takes], 0, length),
        truth={name: gather([take.truth[name] for take in cut.takes], 0, length) for name in cut.takes[0].truth},
        past_pictures=None if pictures is None else pictures[:, here.start : here.start + num_past],
        pictures=None if pictures is None else pictures[:, here.start + num_past : here.stop + num_past],
    )
