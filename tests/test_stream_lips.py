"""Lips that nearly meet: drawn together in speech, and nowhere else."""

from __future__ import annotations

import numpy as np

from llia.config import State
from llia.head.measures import LIPS_CLOSED_CM, SHAPE_NAMES, measure, shape_growth
from llia.head.motion import MOTION_INDEX, MOTION_SIZE
from llia.head.shape import rest_head
from llia.stream.lips import MEET_CM, SPARED_CM, meet

HEAD = rest_head(np.zeros(40, np.float32))
SPANS = measure(HEAD)
SHAPE = np.array([getattr(SPANS, name).at_rest for name in SHAPE_NAMES], np.float32)


def opening(count: int = 60) -> np.ndarray:
    """-> a mouth that opens slowly by jaw and lips, with a smile that must not change."""
    motion = np.zeros((count, MOTION_SIZE), np.float32)
    grows = np.linspace(0, 0.5, count)
    for name, share in (("jawOpen", 0.6), ("mouthUpperUpLeft", 0.2), ("mouthLowerDownRight", 0.3)):
        motion[:, MOTION_INDEX[name]] = share * grows
    motion[:, MOTION_INDEX["mouthPressLeft"]] = 0.1
    motion[:, MOTION_INDEX["browInnerUpLeft"]] = 0.4
    return motion


def test_lips_that_nearly_meet_do_meet_on_the_persons_own_head() -> None:
    motion = opening()
    speaking = np.full(len(motion), State.SPEAKING)
    before, after = SPANS.lip_gap(motion), SPANS.lip_gap(meet(motion, speaking, SHAPE))
    near, far = before <= MEET_CM, before >= SPARED_CM
    assert near.sum() > 3 and far.sum() > 3 and before.max() > 2 * SPARED_CM
    assert (after[near] < LIPS_CLOSED_CM).all() and (before[near] > LIPS_CLOSED_CM).any()
    np.testing.assert_array_equal(after[far], before[far])
    assert (np.diff(after) >= -1e-5).all()  # what opens goes on to open
    assert np.diff(after).max() < 3 * np.diff(before).max()  # and without a jump


def test_nothing_changes_but_what_opens_the_lips_and_nothing_in_silence() -> None:
    motion = opening()
    met = meet(motion, np.full(len(motion), State.SPEAKING), SHAPE)
    changed = np.flatnonzero((met != motion).any(0))
    growth = shape_growth()[SHAPE_NAMES.index("lip_gap")]
    assert len(changed) and (growth[changed] > 0).all()
    np.testing.assert_array_equal(meet(motion, np.full(len(motion), State.LISTENING), SHAPE), motion)
    np.testing.assert_array_equal(meet(motion, np.full(len(motion), State.SPEAKING), SHAPE, 0.0), motion)
    half = SPANS.lip_gap(meet(motion, np.full(len(motion), State.SPEAKING), SHAPE, 0.5))
    full, none = SPANS.lip_gap(met), SPANS.lip_gap(motion)
    np.testing.assert_allclose(half, (full + none) / 2, atol=1e-4)
