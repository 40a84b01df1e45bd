"""Face weights and a person's lip gap -> weights whose lips truly meet, touch and rest on that person's own head.

People differ in how far apart their lips lie at rest. The gap is linear in the face weights, so the little that is
missing or too much is known exactly, and is taken from the muscles that would take it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from llia.head.measures import Span
from llia.head.motion import FACE_NAMES, MOTION_INDEX

Floats = NDArray[np.float64]

MET_CM = -0.03  # p b m: lips pressed together
REST_CM = 0.0  # silence: lips lie on each other
DEEPEST_CM = -0.20  # more overlap looks crushed
TOUCH_LEAST_CM, TOUCH_MOST_CM = 0.15, 0.26  # f v: the lower lip under the upper teeth
# Muscles that bring lips together, in proportion, and those that part them.
CLOSING = {"mouthClose": 0.14, "mouthShrugLower": 0.34, "mouthRollLower": 0.14, "mouthPressLeft": 0.1,
           "mouthPressRight": 0.1}  # fmt: skip
OPENING = {"jawOpen": 0.22, "mouthUpperUpLeft": 0.2, "mouthUpperUpRight": 0.2}


def direction(shape: dict[str, float], lip_gap: Span, sign: float) -> Floats:
    """Weights in proportion -> the same, scaled to change the person's gap by one cm in that direction, [54]."""
    weights = np.zeros(len(FACE_NAMES))
    for name, size in shape.items():
        weights[MOTION_INDEX[name]] = size
    change = sign * float(weights @ lip_gap.per_weight)
    assert change > 0, f"expected weights that move the lips that way, got {change} cm"
    return weights / change


def meet_lips(face: Floats, lip_gap: Span, closed: Floats, touching: Floats, resting: Floats) -> Floats:
    """Face weights, [n 54], and how firmly lips must meet, touch the teeth or rest, [n] -> the weights that do so."""
    closing = direction(CLOSING, lip_gap, -1.0)
    opening = direction(OPENING, lip_gap, 1.0)
    gap = lip_gap.at_rest + face @ lip_gap.per_weight.astype(np.float64)

    narrower = np.zeros_like(gap)
    for firmness, most_cm in ((resting, REST_CM), (touching, TOUCH_MOST_CM), (closed, MET_CM)):
        narrower += firmness * np.maximum(gap - narrower - most_cm, 0)
    gap = gap - narrower
    wider = np.maximum(DEEPEST_CM - gap, 0)
    wider += touching * (1 - closed) * np.maximum(TOUCH_LEAST_CM - gap - wider, 0)
    return np.asarray(face + narrower[:, None] * closing + wider[:, None] * opening)
