"""Face weights and a person's lip gap -> weights whose lips truly meet, touch and rest on that person's own head.

People differ in how far apart their lips lie at rest. The gap is linear in the face weights, so the little that is
missing or too much is known exactly, and is taken from the muscles that would take it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from llia.head.measures import INNER_LIP_LOWER, INNER_LIP_UPPER, VERTICAL, Span, span
from llia.head.motion import FACE_NAMES, MOTION_INDEX
from llia.head.shape import RestHead
from llia.world.acting.curves import Doubles

MET_CM = -0.03  # p b m: lips pressed together
REST_CM = 0.0  # silence: lips lie on each other
SIDE_CM = 0.02  # half-way to the corners
# Inner lips there, of the usual 68.
MIDDLE_PAIR, RIGHT_PAIR, LEFT_PAIR = (INNER_LIP_UPPER, INNER_LIP_LOWER), (61, 67), (63, 65)
DEEPEST_CM = -0.20  # more overlap looks crushed
TOUCH_LEAST_CM, TOUCH_MOST_CM = 0.15, 0.26  # f v: the lower lip under the upper teeth
# Muscles that bring lips together, in proportion, and those that part them.
CLOSING = {"mouthClose": 0.14, "mouthShrugLower": 0.34, "mouthRollLower": 0.14, "mouthPressLeft": 0.1,
           "mouthPressRight": 0.1}  # fmt: skip
OPENING = {"jawOpen": 0.22, "mouthUpperUpLeft": 0.2, "mouthUpperUpRight": 0.2}


@dataclass(frozen=True)
class Lips:
    """The gap between a person's lips at the middle, which is the lip gap, and on either side of it."""

    middle: Span
    right: Span
    left: Span


def lips_of(rest: RestHead) -> Lips:
    """A person's head at rest -> how its lips part."""
    return Lips(
        span(rest, (MIDDLE_PAIR,), VERTICAL),
        span(rest, (RIGHT_PAIR,), VERTICAL),
        span(rest, (LEFT_PAIR,), VERTICAL),
    )


def direction(shape: dict[str, float], lip_gap: Span, sign: float) -> Doubles:
    """Weights in proportion -> the same, scaled to change a gap by one cm in that direction, [54]."""
    weights = np.zeros(len(FACE_NAMES))
    for name, size in shape.items():
        weights[MOTION_INDEX[name]] = size
    change = sign * float(weights @ lip_gap.per_weight)
    assert change > 0, f"expected weights that move the lips that way, got {change} cm"
    return weights / change


def gap_of(face: Doubles, part: Span) -> Doubles:
    """Face weights -> a gap, in double precision."""
    return np.asarray(part.at_rest + face @ part.per_weight.astype(np.float64))


def meet_lips(face: Doubles, lips: Lips, closed: Doubles, touching: Doubles, resting: Doubles) -> Doubles:
    """Face weights, [n 54], and how firmly lips must meet, touch the teeth or rest, [n] -> the weights that do so."""
    # Closing: what the middle needs for each contact, then what the sides still need for lips that meet or rest.
    closing = direction(CLOSING, lips.middle, -1.0)
    gap = gap_of(face, lips.middle)
    narrower = np.zeros_like(gap)
    for firmness, most_cm in ((resting, REST_CM), (touching, TOUCH_MOST_CM), (closed, MET_CM)):
        narrower += firmness * np.maximum(gap - narrower - most_cm, 0)
    sides = np.maximum(closed, resting)
    for part in (lips.right, lips.left):
        yields = -float(closing @ part.per_weight)
        more = np.maximum(gap_of(face, part) - SIDE_CM - narrower * yields, 0) / yields
        narrower += sides * np.minimum(more, np.maximum(gap - narrower - DEEPEST_CM, 0))

    # Opening: overlap that would look crushed, and room for the teeth.
    opening = direction(OPENING, lips.middle, 1.0)
    gap = gap - narrower
    wider = np.maximum(DEEPEST_CM - gap, 0)
    wider += touching * (1 - closed) * np.maximum(TOUCH_LEAST_CM - gap - wider, 0)
    return np.asarray(face + narrower[:, None] * closing + wider[:, None] * opening)
