"""Lips that nearly meet do meet: the one thing about a mouth that everybody sees."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.config import State
from llia.head.measures import SHAPE_NAMES, shape_growth
from llia.head.motion import FACE

Floats = NDArray[np.float32]

# A mouth that hears a voice it never heard rounds its closures off: a p is a gap of two millimetres. Below the second
# gap lips are drawn together, and at the first they touch.
MEET_CM, SPARED_CM = 0.22, 0.44
GAP = SHAPE_NAMES.index("lip_gap")


def meet(motion: Floats, state: NDArray[Any], shape: Floats, amount: float = 1.0) -> Floats:
    """Motion, [T 66], states, [T], what the face measures at rest, SHAPE_NAMES, [4] -> lips that meet in speech.

    What opens the lips (jaw, lips pulled apart, funnel) is taken back in proportion; nothing else changes. A smile that
    does not speak may show its teeth.
    """
    growth = shape_growth()[GAP]
    weights = motion[:, FACE]
    gap = shape[GAP] + weights @ growth
    drawn = np.maximum((gap - MEET_CM) * SPARED_CM / (SPARED_CM - MEET_CM), 0)
    less = np.where((state == State.SPEAKING) & (gap > 0) & (gap < SPARED_CM), gap - drawn, 0)
    opened = weights * np.maximum(growth, 0)
    share = amount * np.clip(less / np.maximum(opened.sum(-1), 1e-6), 0, 1)
    met = motion.copy()
    met[:, FACE] = np.where(opened > 0, weights * (1 - share[:, None]), weights)
    return met
