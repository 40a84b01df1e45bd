"""What is to be performed, and how: sequences whose truth is known, ways to make a clip, and the one who performs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from llia.diffusion import EDITING_SIGMA, KEPT_NOISE, Denoiser, sample_consistency, sample_euler
from llia.head.measures import SHAPE_NAMES, shape_growth
from llia.head.motion import FACE
from llia.head.scale import MOUTH_NOISE
from llia.progress import Tally

Array = Any  # numpy's or torch's
Floats = NDArray[np.float32]

SEEDS_APART = 100_000  # streams of chance of one seed


@dataclass(frozen=True)
class Scenes:
    """K sequences of F frames: who performs them, what is heard and felt, and what truly happened."""

    portrait: Floats  # K 66, the motion of the picture that moves; without a torso, which no picture shows
    shape: Floats  # K 4, what each face measures at rest: SHAPE_NAMES, cm
    own: Floats  # K F 1+A M, windows of both voices
    other: Floats
    state: NDArray[np.int8]  # K F, the true ones
    told: NDArray[np.int8]  # K F, those that the performer is told of
    emotion: Floats  # K F 5
    motion: Floats  # K F 66, the true one; the torso from where it is in the portrait
    parted: NDArray[np.bool_]  # K F, where the truth itself opens the lips
    phones: tuple[Any, ...]  # K lists of [start, end, IPA, stress]
    human: NDArray[np.bool_]  # K, whether the own voice was cut from a person's
    number: NDArray[np.int64]  # K, which stream of chance is theirs

    def __len__(self) -> int:
        return len(self.portrait)

    @property
    def num_frames(self) -> int:
        return int(self.state.shape[1])

    def seeds(self, seed: int) -> list[int]:
        """-> the seed of each one's chance: it hangs on the scene's number, not on who else is there."""
        return [seed * SEEDS_APART + int(number) for number in self.number]

    def spans(self, motion: Floats, name: str) -> Floats:
        """Motion, [K F 66], and one of SHAPE_NAMES -> what the performers' own faces measure then, cm, [K F]."""
        place = SHAPE_NAMES.index(name)
        return np.asarray(self.shape[:, None, place] + motion[..., FACE] @ shape_growth()[place], np.float32)

    def chosen(self, rows: Sequence[int]) -> Scenes:
        """-> some of the sequences, in that order, any of them more than once."""
        arrays = {one.name: getattr(self, one.name)[list(rows)] for one in fields(self) if one.name != "phones"}
        return Scenes(phones=tuple(self.phones[row] for row in rows), **arrays)

    def until(self, num_frames: int) -> Scenes:
        """-> the first so many frames of each."""
        by_frame = ("own", "other", "state", "told", "emotion", "motion", "parted")
        return replace(self, **{name: getattr(self, name)[:, :num_frames] for name in by_frame})


@dataclass(frozen=True)
class Way:
    """How a clip is made: from the last clip under noise (`start` below 1) or from noise alone, in how many looks."""

    looks: int = 1
    start: float = EDITING_SIGMA
    kept_noise: float = KEPT_NOISE
    mouth_noise: float = MOUTH_NOISE
    along_path: bool = False  # each look one step down the whole path, as teachers go; else a jump to the end

    def make(self, denoise: Denoiser, before: Array, noises: Sequence[Array], conditions: Any) -> Array:
        """The clip before as latents, noises, conditions -> the clip's latents."""
        if self.along_path:
            return sample_euler(denoise, noises[0], conditions, self.looks)
        return sample_consistency(denoise, noises, conditions, before if self.start < 1 else None, self.start)

    @property
    def num_noises(self) -> int:
        return 1 if self.along_path else self.looks


EDITING = Way()  # as it is streamed
FROM_NOISE = Way(start=1.0)


def by_path(num_steps: int) -> Way:
    return Way(num_steps, start=1.0, mouth_noise=1.0, along_path=True)


class Perform(Protocol):
    """Someone who performs scenes, each clip going on from the last -> motion of whole clips, [K F 66]."""

    def __call__(
        self, scenes: Scenes, way: Way, length: int, /, *, liveliness: float | None = None, seed: int = 0
    ) -> Floats: ...


def counted(perform: Perform, tally: Tally) -> Perform:
    """-> the same performer, whose performances are counted."""

    def count(scenes: Scenes, way: Way, length: int, *, liveliness: float | None = None, seed: int = 0) -> Floats:
        made = perform(scenes, way, length, liveliness=liveliness, seed=seed)
        tally.advance()
        return made

    return count
