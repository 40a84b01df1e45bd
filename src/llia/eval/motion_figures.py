"""What was performed, beside what truly happened -> the figures of lips, silence, seams, and of the manner by state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.config import State
from llia.eval.metrics import band_shares, best_lag, correlation, spread_ratio
from llia.eval.movement import (
    FRAMES_PER_SECOND,
    PITCH,
    SECONDS_PER_MINUTE,
    band_share_error,
    blinks,
    changes,
    closures,
    furthest_ratio,
    gaze_shifts,
    head_speeds,
    is_quiet,
    lip_speeds,
    nods,
    seam_ratio,
    silence_ratio,
)
from llia.eval.rollout import Floats, Scenes
from llia.head.motion import HEAD_SHIFT, HEAD_TURN
from llia.head.scale import MOUTH

Array = NDArray[Any]
Figures = dict[str, float]

MOST_LAG = 5  # frames
HEAD = slice(HEAD_TURN.start, HEAD_SHIFT.stop)
NUM_RESAMPLED, CHANCE_SEED = 1000, 0
CHANCE = (5, 95)  # percentiles: a ratio lies between them in nine of ten draws of people
# Rates a minute and degrees a second below which nobody sees a difference.
LEAST = {"blink_rate": 2.0, "nod_rate": 2.0, "gaze_rate": 2.0, "head_speed": 0.5}


def measure(made: Floats, scenes: Scenes, length: int) -> Figures:
    """Motion in clips of one length, [K F 66], and the scenes it is of -> all figures that one roll-out gives."""
    scenes = scenes.until(made.shape[1])
    return (
        measure_lips(scenes.spans(made, "lip_gap"), scenes)
        | measure_silence(made, scenes)
        | measure_seams(made, scenes, length)
        | measure_manner(made, scenes)
        | measure_bands(made, scenes)
    )


# ---- lips


def measure_lips(gaps: Floats, scenes: Scenes) -> Figures:
    """Lip gaps, cm, [K F] -> how well they follow the truth in speech and close on p, b and m; by kind of voice."""
    figures = compare_gaps(gaps, scenes) | lips_by_chance(gaps, scenes)
    for name, rows in (("human", scenes.human), ("machine", ~scenes.human)):
        if rows.any() and not rows.all():
            some = compare_gaps(gaps[rows], scenes.chosen(np.flatnonzero(rows).tolist()))
            figures |= {f"{key}_{name}": some[key] for key in ("lip_corr", "closure_rate")}
    return figures


def compare_gaps(made: Floats, scenes: Scenes) -> Figures:
    """Lip gaps, cm, [K F] -> their likeness to the truth, all people's frames together."""
    speaking, true = scenes.state == State.SPEAKING, scenes.spans(scenes.motion, "lip_gap")
    lag, _ = best_lag(made.reshape(-1), true.reshape(-1), MOST_LAG, speaking.reshape(-1))
    return {
        "lip_corr": correlation(made[speaking], true[speaking]),
        "lip_lag_frames": float(lag),
        "lip_spread_ratio": spread_ratio(made[speaking], true[speaking]),
        "closure_rate": closure_rate(made, scenes),
        "closure_rate_truth": closure_rate(true, scenes),
    }


def lips_by_chance(made: Floats, scenes: Scenes) -> Figures:
    """Lip gaps, cm, [K F] -> between what their figures lie when people (and with them voices) are drawn anew."""
    true, drawn = scenes.spans(scenes.motion, "lip_gap"), draw_anew(len(made))
    sums = []
    for one, other, state in zip(made.astype(np.float64), true, scenes.state, strict=True):
        x, y = one[state == State.SPEAKING], other[state == State.SPEAKING]
        sums.append([len(x), x.sum(), y.sum(), (x * x).sum(), (y * y).sum(), (x * y).sum()])
    count, x, y, xx, yy, xy = (drawn @ np.array(sums)).T
    with np.errstate(invalid="ignore", divide="ignore"):
        likeness = (count * xy - x * y) / np.sqrt((count * xx - x * x) * (count * yy - y * y))
        met = [closures(gap, phones) for gap, phones in zip(made, scenes.phones, strict=True)]
        rate = (drawn @ np.array([one.sum() for one in met])) / (drawn @ np.array([len(one) for one in met]))
    figures: Figures = {}
    for name, values in (("lip_corr", likeness), ("closure_rate", rate)):
        known = values[np.isfinite(values)]
        low, high = np.percentile(known, CHANCE) if len(known) else (np.nan, np.nan)
        figures |= {f"{name}_low": float(low), f"{name}_high": float(high)}
    return figures


def closure_rate(gaps: Floats, scenes: Scenes) -> float:
    """-> the share of all p, b and m on which lips meet; nan where there are none."""
    met = np.concatenate([closures(gap, phones) for gap, phones in zip(gaps, scenes.phones, strict=True)])
    return float(met.mean()) if len(met) else float("nan")


def measure_silence(made: Floats, scenes: Scenes) -> Figures:
    """-> lip speeds where the truth has no reason to move, over its own."""
    quiet = [is_quiet(state, parted) for state, parted in zip(scenes.state, scenes.parted, strict=True)]
    if not np.concatenate(quiet).any():
        return {"silence_motion_ratio": float("nan")}
    of_made, of_true = (
        np.concatenate([lip_speeds(gap, where) for gap, where in zip(gaps, quiet, strict=True)])
        for gaps in (scenes.spans(made, "lip_gap"), scenes.spans(scenes.motion, "lip_gap"))
    )
    return {"silence_motion_ratio": silence_ratio(of_made, of_true)}


# ---- seams


def measure_seams(made: Floats, scenes: Scenes, length: int) -> Figures:
    """-> how much more changes where clips meet than inside, of mouth and head, over the same figure of the truth."""
    figures = {}
    for name, channels in (("seam_ratio", MOUTH), ("head_seam_ratio", HEAD)):
        of_made, of_true = (seams_of(motion, channels, length) for motion in (made, scenes.motion))
        figures[name] = of_made / of_true
    return figures


def seams_of(motion: Floats, channels: Sequence[int] | slice, length: int) -> float:
    """Motion, [K F 66] -> change at the seams over the median change inside, all people's frames together."""
    change = np.concatenate([changes(one, channels)[1:] for one in motion])  # the first frame changes from nothing
    frames = np.tile(np.arange(1, motion.shape[1]), len(motion))
    return seam_ratio(change, np.flatnonzero(frames % length == 0))


# ---- manner


@dataclass(frozen=True)
class Pace:
    """Something summed over the frames of each person in each state; its mean, or its root, is a figure by state."""

    sums: Array  # K 3
    frames: Array  # K 3
    squares: bool = False

    def by_state(self, weights: Array) -> Array:
        """How often each person counts, [... K] -> the figure in each state, [... 3]; nan where nobody was."""
        with np.errstate(invalid="ignore"):
            mean = (weights @ self.sums) / (weights @ self.frames)
        return np.asarray(np.sqrt(mean) if self.squares else mean * FRAMES_PER_SECOND * SECONDS_PER_MINUTE)


def paces_of(motion: Floats, scenes: Scenes) -> dict[str, Pace]:
    """Motion, [K F 66] -> blinks, nods, shifts of the gaze (a minute) and speeds of the head (degrees a second)."""
    lids = scenes.spans(motion, "eye_left") + scenes.spans(motion, "eye_right")
    events = {
        "blink_rate": [blinks(one) for one in lids],
        "nod_rate": [nods(one) for one in motion],
        "gaze_rate": [gaze_shifts(one) for one in motion],
        "head_speed": [head_speeds(one) ** 2 for one in motion],
    }
    inside = [scenes.state == state for state in State]
    frames = np.stack([where.sum(1) for where in inside], 1)
    return {
        name: Pace(np.stack([(np.stack(rows) * where).sum(1) for where in inside], 1), frames, name == "head_speed")
        for name, rows in events.items()
    }


def measure_manner(made: Floats, scenes: Scenes) -> Figures:
    """-> each pace over that of the truth in the state where they differ most; and for each state the pace, the
    truth's, their ratio and between what it lies by chance, for other people would have been drawn."""
    figures: Figures = {}
    true = paces_of(scenes.motion, scenes)
    for name, pace in paces_of(made, scenes).items():
        found, real, low, high = compare_paces(pace, true[name], LEAST[name])
        known = [state for state in State if np.isfinite(real[state])]
        figures[f"{name}_ratio"] = furthest_ratio(
            {state: float(found[state]) for state in known}, {state: float(real[state]) for state in known}, LEAST[name]
        )
        for state in known:
            told = {"": found, "_truth": real, "_ratio": ratio_of(found, real, LEAST[name]), "_low": low, "_high": high}
            for what, values in told.items():
                figures[f"{name}{what}_{state.name.lower()}"] = float(values[state])
    return figures


def compare_paces(made: Pace, true: Pace, least: float) -> tuple[Array, Array, Array, Array]:
    """-> both by state, and between what their ratio lies when people are drawn anew, [3] each."""
    everybody = np.ones(len(made.sums))
    drawn = draw_anew(len(everybody))
    ratios = ratio_of(made.by_state(drawn), true.by_state(drawn), least)
    known = np.isfinite(ratios).any(0)
    low, high = np.nanpercentile(np.where(known, ratios, 1), CHANCE, axis=0)
    return made.by_state(everybody), true.by_state(everybody), low, high


def draw_anew(num_people: int) -> Array:
    """-> how often each person counts when as many are drawn anew, many times over, [R K]."""
    even = np.full(num_people, 1 / num_people)
    return np.random.default_rng(CHANCE_SEED).multinomial(num_people, even, NUM_RESAMPLED)


def ratio_of(made: Array, true: Array, least: float) -> Array:
    """-> made over true, neither less than what can be seen."""
    return np.asarray(np.maximum(made, least) / np.maximum(true, least))


def measure_bands(made: Floats, scenes: Scenes) -> Figures:
    """-> how the energy of the nodding head's speed lies in four bands, and the largest difference from the truth."""
    shares = [mean_bands(motion) for motion in (made, scenes.motion)]
    figures = {"band_share_error": band_share_error(shares[0], shares[1])}
    for name, row in (("band_share", shares[0]), ("band_share_truth", shares[1])):
        figures |= {f"{name}_{number}": float(share) for number, share in enumerate(row)}
    return figures


def mean_bands(motion: Floats) -> Array:
    """Motion, [K F 66] -> band shares of the pitch, mean over people, [4]."""
    return np.asarray(np.mean([band_shares(one[:, PITCH], FRAMES_PER_SECOND) for one in motion], 0))
