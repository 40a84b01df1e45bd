"""Motion, phones and states, made and true -> how lips, lids, gaze and head move, one number each.

All take arrays of one sequence, or of several joined end to end where only single frames count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.config import Clock, State
from llia.head.measures import LIPS_CLOSED_CM
from llia.head.motion import EXPRESSION, GAZE, HEAD_TURN, MOTION_INDEX

Array = NDArray[Any]
Flags = NDArray[np.bool_]
Phone = Sequence[Any]  # start and end in seconds, IPA, stress, as shards hold them

FRAMES_PER_SECOND = Clock().frames_per_second
SECONDS_PER_MINUTE = 60
CLOSING = ("p", "b", "m")
PITCH = MOTION_INDEX["head.pitch"]
QUIET_MARGIN = 5  # frames after speech in which lips still come to rest
LIVELIEST = 95  # percentile
LEAST_LIP_SPEED = 1e-3  # cm a frame; nobody sees less
# A blink: the aperture falls below the first share of its usual size, and the next one waits until it was above both.
SHUT_SHARE, OPEN_SHARE = 0.3, 0.5
NOD_DEGREES, NOD_FAST, NOD_SLOW = 1.0, 1.5, 8.0  # height above the slow pitch; spreads of the smoothers, frames
SHIFT_DEGREES, SHIFT_APART = 3.0, 3  # of the gaze within two frames; frames between two shifts
SMOOTHER_REACH = 3  # spreads


def closures(lip_gap: Array, phones: Sequence[Phone], closed_cm: float = LIPS_CLOSED_CM) -> Flags:
    """Lip gap, cm, [F], and phones -> for each p, b and m within the sequence whether the lips meet in one frame."""
    met = []
    for start_s, end_s, ipa, *_ in phones:
        first, last = frames_of(float(start_s), float(end_s))
        if str(ipa).startswith(CLOSING) and last <= len(lip_gap):
            met.append(lip_gap[first:last].min() <= closed_cm)
    return np.array(met, bool)


def frames_of(start_s: float, end_s: float) -> tuple[int, int]:
    """A stretch of time -> first and last + 1 of the frames whose middles lie in it; one frame at least."""
    first = int(np.ceil(start_s * FRAMES_PER_SECOND - 1 / 2))
    last = int(np.ceil(end_s * FRAMES_PER_SECOND - 1 / 2))
    if last <= first:
        first = int((start_s + end_s) / 2 * FRAMES_PER_SECOND)
        last = first + 1
    return first, last


def is_quiet(state: Array, parted: Array, margin: int = QUIET_MARGIN) -> Flags:
    """States and where the truth itself opens the lips, [F] -> frames in which lips have no reason to move."""
    busy = np.convolve((state == State.SPEAKING) | parted, np.ones(2 * margin + 1), mode="same") > 0
    return np.asarray(~busy)


def lip_speeds(lip_gap: Array, where: Flags) -> Array:
    """Lip gap, [F] -> its change from the frame before, cm, in those frames that are wanted."""
    return np.asarray(np.abs(np.diff(lip_gap, prepend=lip_gap[:1]))[where])


def silence_ratio(made: Array, truth: Array) -> float:
    """Lip speeds in silence -> the made ones' 95th percentile over that of the truth."""
    if not len(truth):
        raise ValueError("expected frames of silence in the truth, got none; measure longer sequences")
    return float(np.percentile(made, LIVELIEST) / max(np.percentile(truth, LIVELIEST), LEAST_LIP_SPEED))


def changes(motion: Array, channels: Sequence[int] | slice) -> Array:
    """Motion, [F 66] -> how much some of its channels change from the frame before, sum of absolute values, [F]."""
    return np.asarray(np.abs(np.diff(motion[:, channels], axis=0, prepend=motion[:1, channels])).sum(1))


def seam_ratio(change: Array, seams: Array) -> float:
    """Change of each frame, [F], and first frames of clips -> mean change at these over the median of the others."""
    at_seam = np.zeros(len(change), bool)
    at_seam[seams] = True
    inside = ~at_seam
    inside[0] = at_seam[0] = False
    return float(change[at_seam].mean() / max(float(np.median(change[inside])), 1e-9))


def blinks(aperture: Array) -> Flags:
    """Opening of the lids, [F] -> the frames in which they begin to be shut."""
    usual = float(np.median(aperture))
    begun, ready = np.zeros(len(aperture), bool), True
    for frame, share in enumerate(aperture / max(usual, 1e-6)):
        if ready and share < SHUT_SHARE:
            begun[frame], ready = True, False
        ready = ready or share > OPEN_SHARE
    return begun


def nods(motion: Array) -> Flags:
    """Motion, [F 66] -> the frames in which a nod or beat of the head is at its lowest."""
    pitch = np.degrees(motion[:, PITCH])
    below = smooth(pitch, NOD_FAST) - smooth(pitch, NOD_SLOW)
    return is_peak(below, 1) & (below > NOD_DEGREES)


def gaze_shifts(motion: Array) -> Flags:
    """Motion, [F 66] -> the frames in which the eyes jump."""
    gaze = np.pad(np.degrees(motion[:, GAZE]), ((1, 1), (0, 0)), mode="edge")
    jump = np.linalg.norm(gaze[2:] - gaze[:-2], axis=1)
    return np.asarray(is_peak(jump, SHIFT_APART) & (jump > SHIFT_DEGREES))


def is_peak(curve: Array, reach: int) -> Flags:
    """A curve -> where it is higher than all before and none after is higher, as far as `reach` frames."""
    padded = np.pad(curve, reach, constant_values=-np.inf)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    return np.asarray((curve > around[:, :reach].max(1)) & (curve >= around[:, reach + 1 :].max(1)))


def smooth(curve: Array, spread: float) -> Array:
    """A curve -> the same smoothed by a Gaussian of so many frames."""
    reach = int(np.ceil(SMOOTHER_REACH * spread))
    weight = np.exp(-((np.arange(-reach, reach + 1) / spread) ** 2) / 2)
    return np.asarray(np.convolve(np.pad(curve, reach, mode="edge"), weight / weight.sum(), mode="valid"))


def per_minute(events: Flags, where: Flags | None = None) -> float:
    """Events and the frames that count -> how many there are in a minute."""
    where = np.ones(len(events), bool) if where is None else where
    return float(events[where].sum() * FRAMES_PER_SECOND * SECONDS_PER_MINUTE / max(where.sum(), 1))


def head_speeds(motion: Array) -> Array:
    """Motion, [F 66] -> how fast the head turns, degrees a second, [F]."""
    turned = np.diff(np.degrees(motion[:, HEAD_TURN]), axis=0, prepend=np.degrees(motion[:1, HEAD_TURN]))
    return np.asarray(np.linalg.norm(turned, axis=1) * FRAMES_PER_SECOND)


def rates_by_state(events: Flags, state: Array) -> dict[State, float]:
    """Events and states, [F] -> events a minute in each state that occurs."""
    return {one: per_minute(events, state == one) for one in State if (state == one).any()}


def rms_by_state(values: Array, state: Array) -> dict[State, float]:
    """Values and states, [F] -> root mean square in each state that occurs."""
    return {one: float(np.sqrt(np.mean(values[state == one] ** 2))) for one in State if (state == one).any()}


def furthest_ratio(made: Mapping[State, float], truth: Mapping[State, float], least: float) -> float:
    """Figures by state -> made over true in the state where they differ most; less than `least` counts as that."""
    ratios = [max(made[one], least) / max(truth[one], least) for one in truth if one in made]
    if not ratios:
        raise ValueError("expected states that the truth and what was made share, got none; measure longer sequences")
    return max(ratios, key=lambda ratio: abs(np.log(ratio)))


def band_share_error(made: Array, truth: Array) -> float:
    """Band shares of head motion, made and true -> the largest difference in one band."""
    return float(np.abs(made - truth).max())


def expression_strengths(motion: Array, patterns: Array, neutral: Array | None = None) -> Array:
    """Motion, [F 66], and what expressions do to the face, [n 53] -> how much of each is in it, mean over frames, [n].

    Least squares over all of them at once, so that one is not taken for another; `neutral` is the same performance
    without any, or one motion at rest.
    """
    face = motion[:, EXPRESSION].mean(0)
    if neutral is not None:
        face = face - np.atleast_2d(neutral)[:, EXPRESSION].mean(0)
    return np.asarray(np.linalg.lstsq(patterns.T, face, rcond=None)[0])
