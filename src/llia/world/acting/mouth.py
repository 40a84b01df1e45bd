"""Phones and loudness -> what the mouth does, at 100 Hz: dominance by articulator group (Cohen and Massaro 1993).

Each phone holds its shape over its middle and lets go of it outside, faster or slower by articulator; where several
reach, they share. Then come the few things that are not shared: lips meet for p b m, the lower lip finds the teeth
for f v.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from llia.world.acting.curves import CURVE_HZ, Doubles, Longs, raise_pulse, smooth, times
from llia.world.acting.effort import drift, loud_gain, reach_of, reduce_targets
from llia.world.acting.visemes import (
    CHANNEL,
    FADE_AFTER,
    FADE_BEFORE,
    GROUPS,
    ID,
    SILENCE,
    shapes_of,
    strength_table,
    target_table,
)
from llia.world.people.person import Manner
from llia.world.voice.phones import Phone

FRAME_S = 0.04
LEAD_S = 0.02  # lips are seen a little before they are heard
HOLD_SHARE = 0.55  # of a phone's time over which its hold is full
USUAL_S = 0.12
STRENGTH_SHORT, STRENGTH_PER_USUAL, STRENGTH_LONG = 0.55, 0.45, 1.5
NEIGHBOURS = 8  # phones to either side that can be felt
SILENCE_PIECE_S = 0.12  # long silences hold like several short ones
LEAST_GAP_S = 0.005
SMOOTHING_TAPS = 7
RAMP_S = 0.045
CLOSED_EARLY_S, CLOSED_INSET_S, CLOSED_HALF_S = 0.006, 0.012, 0.024
TOUCH_INSET_S, TOUCH_HALF_S, TOUCH_SHARE, TOUCH_ROUND = 0.020, 0.020, 0.9, 0.5
INSIDE_S = 0.002
PUCKER_LOST, FUNNEL_LOST = 0.4, 0.85  # of rounding, where lips meet
# Lips rest in a pause after they have settled and before they set out again.
PAUSE_S, SETTLE_S, SET_OUT_S, REST_RAMP_S = 0.25, 0.10, 0.06, 0.10
BREATH_RAMP_S = 0.10
BREATH_SHAPE = {"jawOpen": 0.085, "mouthLowerDown": 0.05, "mouthFunnel": 0.03, "mouthPress": -0.10}
PRESSED_SHAPE = {"mouthPress": 0.20, "mouthRollLower": 0.10, "mouthRollUpper": 0.07, "mouthStretch": 0.06}
PRESSED_IN_SPEECH = 0.4
LOUDEST, LOUD_QUANTILE, HEARD, LOUDNESS_TAPS = 1.3, 90, 0.03, 9


@dataclass(frozen=True)
class Segments:
    """Mouth shapes one after the other, without gaps."""

    start_s: Doubles
    end_s: Doubles
    viseme: Longs
    stress: Longs
    openness: Doubles


@dataclass(frozen=True)
class Mouth:
    """What the mouth does, at 100 Hz."""

    weights: Doubles  # n channels
    closed: Doubles  # n, 1 where p b m must close the lips
    touching: Doubles  # n, 1 where f v put the lower lip to the teeth
    resting: Doubles  # n, 1 where a pause is long enough for closed lips
    breath: Doubles  # n, 1 where a breath parts them
    viseme: Longs  # n


def measure_loudness(sound: NDArray[np.float32], sample_rate_hz: int) -> Doubles:
    """Samples -> loudness at 100 Hz, 1 where the voice is loud, at most 1.3."""
    step = sample_rate_hz // CURVE_HZ
    num_steps = len(sound) // step
    rows = sound[: num_steps * step].reshape(num_steps, step).astype(np.float64)
    level = smooth(np.sqrt(np.mean(rows * rows, axis=1)), LOUDNESS_TAPS)
    heard = level[level > HEARD * level.max(initial=0.0)]
    if not len(heard):
        return np.zeros(num_steps)
    return np.asarray(np.clip(level / np.percentile(heard, LOUD_QUANTILE), 0, LOUDEST))


def cut_segments(phones: Sequence[Phone], duration_s: float) -> Segments:
    """Phones -> mouth shapes over the whole duration: pauses filled in, long ones in pieces."""
    rows: list[tuple[float, float, int, int, float]] = []

    def keep_silent(start_s: float, end_s: float) -> None:
        pieces = max(1, round((end_s - start_s) / SILENCE_PIECE_S))
        edges = np.linspace(start_s, end_s, pieces + 1)
        rows.extend((edges[i], edges[i + 1], SILENCE, 0, 1.0) for i in range(pieces))

    last_s = 0.0
    for phone in phones:
        if phone.start_s - last_s > LEAST_GAP_S:
            keep_silent(last_s, phone.start_s)
        x = phone.start_s
        for shape in shapes_of(phone.ipa):
            share_s = shape.share * (phone.end_s - phone.start_s)
            if shape.viseme == SILENCE:
                keep_silent(x, x + share_s)
            else:
                rows.append((x, x + share_s, shape.viseme, phone.stress, shape.openness))
            x += share_s
        last_s = phone.end_s
    if duration_s > last_s or not rows:
        keep_silent(last_s, max(duration_s, last_s) + SILENCE_PIECE_S)
    start, end, viseme, stress, openness = (np.array(column) for column in zip(*rows, strict=True))
    return Segments(start, end, viseme.astype(np.int64), stress.astype(np.int64), openness)


def blend(segments: Segments, targets: Doubles, now_s: Doubles) -> Doubles:
    """Shapes and the times to look at -> their blend by dominance, [times channels]."""
    num_segments = len(segments.viseme)
    here = np.searchsorted(segments.end_s, now_s).clip(0, num_segments - 1)
    near = here[:, None] + np.arange(-NEIGHBOURS, NEIGHBOURS + 1)  # n near
    real = (near >= 0) & (near < num_segments)
    near = near.clip(0, num_segments - 1)
    length_s = segments.end_s - segments.start_s
    offset = now_s[:, None] - ((segments.start_s + segments.end_s) / 2)[near]
    outside = np.maximum(np.abs(offset) - (length_s / 2 * HOLD_SHARE)[near], 0)
    by_length = np.clip(STRENGTH_SHORT + STRENGTH_PER_USUAL * length_s / USUAL_S, STRENGTH_SHORT, STRENGTH_LONG)
    strength = strength_table()[segments.viseme] * by_length[:, None]  # segments groups
    blended = np.zeros((len(now_s), targets.shape[1]))
    for column, (group, channels) in enumerate(GROUPS.items()):
        fade = np.where(offset < 0, FADE_BEFORE[group], FADE_AFTER[group])
        dominance = strength[:, column][near] * np.exp(-fade * outside) * real
        dominance /= dominance.sum(1, keepdims=True)
        for name in channels:
            place = CHANNEL[name]
            blended[:, place] = np.einsum("nk,nk->n", dominance, targets[:, place][near])
    return blended


def mark_contacts(segments: Segments, num_steps: int) -> tuple[Doubles, Doubles]:
    """Shapes -> where lips must meet and where the lower lip must touch the teeth, [n] each, 0 to 1."""
    closed, touching = np.zeros(num_steps), np.zeros(num_steps)
    for viseme, curve, inset_s, least_s in (
        (ID["PP"], closed, CLOSED_INSET_S, CLOSED_HALF_S),
        (ID["FF"], touching, TOUCH_INSET_S, TOUCH_HALF_S),
    ):
        for i in np.flatnonzero(segments.viseme == viseme):
            start_s, end_s = segments.start_s[i], segments.end_s[i]
            middle_s = (start_s + end_s) / 2 - CLOSED_EARLY_S
            half_s = max(least_s, (end_s - start_s) / 2 - inset_s)
            # A picture that falls within the phone must show the contact: the nearest one is reached in full.
            picture_s = (np.floor(middle_s / FRAME_S) + 0.5) * FRAME_S
            if start_s <= picture_s <= end_s:
                half_s = max(half_s, abs(picture_s - middle_s) + INSIDE_S)
            raise_pulse(curve, middle_s, half_s, RAMP_S)
    return closed, touching


def mark_rest(phones: Sequence[Phone], duration_s: float, num_steps: int) -> tuple[Doubles, Doubles]:
    """Phones -> where lips rest closed, and where a breath parts them, [n] each, 0 to 1."""
    resting, breath = np.zeros(num_steps), np.zeros(num_steps)
    sounding = [(phone.start_s, phone.end_s) for phone in phones if phone.ipa and not phone.ipa.startswith("#")]
    edges = [(-np.inf, -1.0), *sounding, (duration_s + 1.0, np.inf)]
    for (_, pause_s), (end_s, _) in pairwise(edges):
        if end_s - pause_s >= PAUSE_S:
            rest_s, leave_s = pause_s + SETTLE_S, end_s - SET_OUT_S
            raise_pulse(resting, (rest_s + leave_s) / 2, (leave_s - rest_s) / 2, REST_RAMP_S)
    for phone in phones:
        if phone.ipa.startswith("#"):
            half_s = max((phone.end_s - phone.start_s) / 2 - BREATH_RAMP_S / 2, 0.0)
            raise_pulse(breath, (phone.start_s + phone.end_s) / 2, half_s, BREATH_RAMP_S)
    return resting, breath


def make_contacts(weights: Doubles, closed: Doubles, touching: Doubles) -> Doubles:
    """Blended weights -> with lips met for p b m and lip to teeth for f v; rounding goes on through them."""
    table = target_table()
    meet = np.repeat(closed[:, None], weights.shape[1], axis=1)
    bound = weights * (1 - meet) + table[ID["PP"]] * meet
    for name, lost in (("mouthPucker", PUCKER_LOST), ("mouthFunnel", FUNNEL_LOST)):
        bound[:, CHANNEL[name]] = weights[:, CHANNEL[name]] * (1 - lost * closed)
    touch = TOUCH_SHARE * np.repeat(touching[:, None], weights.shape[1], axis=1)
    touch[:, [CHANNEL["mouthFunnel"], CHANNEL["mouthPucker"]]] *= TOUCH_ROUND
    return np.asarray(bound * (1 - touch) + table[ID["FF"]] * touch)


def mouth_curves(
    phones: Sequence[Phone],
    duration_s: float,
    loudness: Doubles,
    manner: Manner,
    rng: np.random.Generator,
    vigour: Doubles | None = None,
) -> Mouth:
    """Phones, loudness at 100 Hz, a person's manner, a passing factor on effort -> the mouth over the duration."""
    num_steps = round(duration_s * CURVE_HZ) + 1
    now_s = times(num_steps)
    segments = cut_segments(phones, duration_s)
    reach = reach_of(segments.viseme, segments.end_s - segments.start_s, segments.stress, manner, rng)
    targets = target_table()[segments.viseme]
    targets[:, CHANNEL["jawOpen"]] *= segments.openness
    weights = blend(segments, reduce_targets(targets, segments.viseme, reach, manner), now_s + LEAD_S)

    # The jaw follows loudness and the moment; only then do lips meet, so that nothing opens them again.
    closed, touching = mark_contacts(segments, num_steps)
    resting, breath = mark_rest(phones, duration_s, num_steps)
    moment = drift(num_steps, manner, rng) * (1.0 if vigour is None else vigour)
    heard = np.interp(now_s, times(len(loudness)), loudness) if len(loudness) else np.zeros(num_steps)
    jaw, lips = loud_gain(heard, manner)
    weights[:, CHANNEL["jawOpen"]] *= jaw * moment
    weights[:, CHANNEL["mouthLowerDown"]] *= lips * moment
    weights[:, CHANNEL["mouthUpperUp"]] *= moment
    weights = make_contacts(weights, closed, touching)
    for name, size in PRESSED_SHAPE.items():
        weights[:, CHANNEL[name]] += size * manner.press * (PRESSED_IN_SPEECH + (1 - PRESSED_IN_SPEECH) * resting)
    for name, size in BREATH_SHAPE.items():
        weights[:, CHANNEL[name]] += size * breath
    weights = smooth(np.maximum(weights, 0), SMOOTHING_TAPS)
    weights[:, CHANNEL["mouthClose"]] = np.minimum(weights[:, CHANNEL["mouthClose"]], weights[:, CHANNEL["jawOpen"]])
    here = np.searchsorted(segments.end_s, now_s, side="right").clip(0, len(segments.viseme) - 1)
    return Mouth(weights, closed, touching, resting * (1 - breath), breath, segments.viseme[here])
