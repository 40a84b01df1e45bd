"""A stage, a portrait and minutes of talk -> what becomes of picture, motion and memory as a stream goes on.

Whatever the stream shows is compared with its own first minutes: a slope over minutes says that something drifts.
"""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from llia.codec import Appearance
from llia.eval.metrics import correlation, lip_gaps, sharpness
from llia.head.likeness import Crop, Likeness
from llia.head.measures import OUTER_EYE_LEFT, OUTER_EYE_RIGHT, measure
from llia.head.motion import HEAD_SHIFT, HEAD_TURN, Motion
from llia.portrait.edit import within
from llia.portrait.find import UNSURE, Sights, look_finely
from llia.portrait.fit import fit
from llia.portrait.track import expected
from llia.progress import progress
from llia.stream.delays import PATIENCE_S
from llia.stream.painting import Decode, Picture
from llia.stream.pipeline import Pipeline
from llia.stream.stage import Stage
from llia.world.acting.tracks import make_tracks
from llia.world.colour import decode_srgb, to_oklab
from llia.world.people.casting import cast

Floats = NDArray[np.float32]
Talk = tuple[Floats, Floats]  # a minute of the own and of the other voice

SECONDS = 60  # in a minute
LOOP_MINUTES = 10  # of talk, said again and again: minutes that far apart have the same sound
LOOKS_PER_MINUTE = 50  # at which pictures are looked into
KEPT_APART = 8  # looks between two pictures that are kept
NOSE = 33  # its lower end, of the usual 68
CONFIDENCE = 0.95
LEAST_FOR_SLOPE = 3  # minutes
NOTHING = np.zeros((0, 0, 3), np.uint8)  # a frame that was left out
MEMORY = "memory_mb"
STATM, MB = Path("/proc/self/statm"), 1e6


@dataclass(frozen=True)
class Reading:
    """What is read in one picture."""

    identity_off: float  # of the head fitted to it from the portrait's, in spreads over people, rms
    sharpness: float
    skin: NDArray[np.float64]  # its mean colour, OKLab
    lips_seen: float  # in outer-eye distances
    lips_made: float  # of the motion, cm


@dataclass(frozen=True)
class Minute:
    """What was measured in one minute, by name, and the pictures that were looked into."""

    measured: dict[str, float]
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Slope:
    """Change in a minute of stream, and where it lies with CONFIDENCE."""

    per_minute: float
    low: float
    high: float

    @property
    def is_steady(self) -> bool:
        """-> whether it may be none."""
        return self.low <= 0 <= self.high


def talk_of_the_world(num_minutes: int, seed: int) -> list[Talk]:
    """-> so many minutes in which somebody speaks, listens and idles, none of it heard in training."""
    with progress("talk", "minutes", num_minutes) as tally:
        talks = []
        for number in range(num_minutes):
            tracks = make_tracks(cast(seed), seed + number, SECONDS, held_out=True)
            talks.append((tracks.own, tracks.other))
            tally.advance()
    return talks


def soak(
    stage: Stage, appearance: Appearance, talks: Sequence[Talk], num_minutes: int, kept: Sequence[int], every: int = 1
) -> list[Minute]:
    """So many minutes of a stream at full speed, the talks again and again -> what was measured in each.

    Args:
        kept: numbers of the minutes whose pictures are kept.
        every: only each so many-th frame is painted; all are moved.
    """
    turn, numbers, minutes = itertools.cycle(talks), itertools.count(), []
    painters = [sparing(decode, numbers, every) for decode in stage.decoders(appearance)]
    with (
        Pipeline(stage.players, appearance.likeness, painters) as stream,
        progress("streaming", "minutes", num_minutes) as tally,
    ):
        stream.push(*next(turn))
        for number in range(num_minutes):
            stream.push(*next(turn))  # one minute ahead, for clips hear and reach beyond the last frame
            minutes.append(watch(stream, stage, appearance, keep=number in kept))
            minutes[-1].measured[MEMORY] = memory_mb() - pictures_mb(minutes)
            tally.advance()
    return minutes


def sparing(decode: Decode, numbers: Iterator[int], every: int) -> Decode:
    """-> one that paints only some frames, counted by all painters together."""
    return lambda motion: NOTHING if next(numbers) % every else decode(motion)


def watch(stream: Pipeline, stage: Stage, appearance: Appearance, *, keep: bool) -> Minute:
    """Takes the next minute's frames -> what was measured."""
    fps = stage.players.config.clock.frames_per_second
    apart = SECONDS * fps // LOOKS_PER_MINUTE
    motions, readings, pictures, due, num_looks = [], [], [], 0, 0
    size = len(appearance.picture)
    likeness = replace(appearance.likeness, crop=Crop(size / 2, size / 2, size))
    for number in range(SECONDS * fps):
        frame = stream.take(PATIENCE_S)
        assert frame is not None, "expected a frame of a stream that has sound for it"
        motions.append(within(frame.motion, likeness.motion))
        if number >= due and frame.picture is not NOTHING:
            due, num_looks = due + apart, num_looks + 1
            reading = read(frame.picture, motions[-1], likeness, stage.codec.sights)
            readings += [reading] if reading else []
            pictures += [frame.picture] if keep and num_looks % KEPT_APART == 1 else []
    found = len(readings) / num_looks
    measured = head_measures(np.stack(motions), likeness.motion) | picture_measures(readings)
    return Minute(measured | {"found": found}, tuple(pictures))


def read(picture: Picture, motion: Motion, likeness: Likeness, sights: Sights) -> Reading | None:
    """A picture, the motion it was painted in, whose -> what is read in it; None where no face is seen."""
    face = look_finely(picture, sights, expected(likeness, motion))
    if face.doubt >= UNSURE:
        return None
    identity = fit(face.points, face.sigma, likeness.crop).likeness.identity
    return Reading(
        identity_off=float(np.sqrt(np.mean((identity - likeness.identity) ** 2))),
        sharpness=sharpness(picture),
        skin=skin_of(picture, face.points),
        lips_seen=float(lip_gaps(face.points[:68])),
        lips_made=float(measure(likeness.rest()).lip_gap(motion)),
    )


def skin_of(picture: Picture, points: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """A picture and its landmarks -> the mean colour between the eyes and below them, down to the nose, OKLab."""
    (left, top), (right, _) = points[OUTER_EYE_RIGHT], points[OUTER_EYE_LEFT]
    rows, columns = slice(int(top), int(points[NOSE, 1]) + 1), slice(int(left), int(right) + 1)
    patch = picture[rows, columns].reshape(-1, 3)
    if not len(patch):
        return np.full(3, np.nan)
    return np.asarray(to_oklab(decode_srgb(patch / np.float32(255))).mean(0), np.float64)


def head_measures(motions: Floats, portrait: Motion) -> dict[str, float]:
    """A minute of motion, [F 66], and the portrait's -> how much the head turns, and how far off it is."""
    turned, shifted = np.degrees(motions[:, HEAD_TURN] - portrait[HEAD_TURN]), motions[:, HEAD_SHIFT]
    yaw, pitch, roll = turned.std(0).tolist()
    return {
        "yaw_spread": yaw, "pitch_spread": pitch, "roll_spread": roll,
        "turn_off": float(np.linalg.norm(turned.mean(0))),
        "shift_off": float(np.linalg.norm((shifted - portrait[HEAD_SHIFT]).mean(0))),
    }  # fmt: skip


def picture_measures(readings: Sequence[Reading]) -> dict[str, float]:
    """What was read in some pictures -> measures by name, means of them."""
    if not readings:
        return {}
    lightness, redness, yellowness = np.nanmean([reading.skin for reading in readings], axis=0).tolist()
    lips = [np.array([getattr(one, name) for one in readings]) for name in ("lips_seen", "lips_made")]
    return {
        "identity_off": float(np.mean([reading.identity_off for reading in readings])),
        "sharpness": float(np.mean([reading.sharpness for reading in readings])),
        "skin_lightness": lightness, "skin_redness": redness, "skin_yellowness": yellowness,
        "lip_corr": correlation(lips[0], lips[1]),
    }  # fmt: skip


def memory_mb() -> float:
    """-> memory that this process holds now; the most it ever held where the system does not tell."""
    if STATM.is_file():
        return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / MB
    import resource  # not everywhere

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MB


def pictures_mb(minutes: Sequence[Minute]) -> float:
    """-> memory that is not the stream's: pictures that were kept of it."""
    return sum(picture.nbytes for minute in minutes for picture in minute.pictures) / MB


# ---- after the stream


def slopes(minutes: Sequence[Minute]) -> dict[str, Slope]:
    """Minutes -> how each measure changes; memory from the second tenth on, for at first it is only being filled."""
    if len(minutes) < LEAST_FOR_SLOPE:
        return {}
    filled = min(-(-len(minutes) // 10), len(minutes) - LEAST_FOR_SLOPE)
    return {name: slope_of(curve, filled if name == MEMORY else 0) for name, curve in curves_of(minutes).items()}


def curves_of(minutes: Sequence[Minute]) -> dict[str, list[float]]:
    """-> each measure over minutes; nan where it could not be taken."""
    names = dict.fromkeys(name for minute in minutes for name in minute.measured)
    return {name: [minute.measured.get(name, np.nan) for minute in minutes] for name in names}


def slope_of(values: Sequence[float] | NDArray[np.float64], first: int = 0) -> Slope:
    """A curve over minutes, and from which on it counts -> its slope, by least squares."""
    at = np.array([place for place in range(first, len(values)) if np.isfinite(values[place])])
    if len(at) < LEAST_FOR_SLOPE:
        return Slope(math.nan, -math.inf, math.inf)
    if np.ptp(np.asarray(values)[at]) == 0:
        return Slope(0.0, 0.0, 0.0)
    line = stats.linregress(at, np.asarray(values)[at])
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(at) - 2) * line.stderr)
    return Slope(float(line.slope), float(line.slope - reach), float(line.slope + reach))


def to_plain(minutes: Sequence[Minute], found: Mapping[str, Slope]) -> dict[str, Any]:
    """-> what is printed as JSON."""
    told = {name: vars(slope) | {"steady": slope.is_steady} for name, slope in found.items()}
    return {"minutes": len(minutes), "slopes": told, "curves": curves_of(minutes)}
