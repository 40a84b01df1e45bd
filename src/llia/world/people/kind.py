"""What several choices about a person depend on: how feminine, how light of skin, how old."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LIGHT_UP_TO, DARK_FROM = 3.0, 6.0  # on the Monk scale: between them dark hair and eyes become the rule
TONES = 9.0


@dataclass(frozen=True)
class Kind:
    """What several choices depend on."""

    femininity: float
    tone: float
    age: float

    @property
    def feminine(self) -> bool:
        return self.femininity > 0.5

    @property
    def dark(self) -> float:
        """How far hair and eyes go with dark skin, smoothly from 0 to 1."""
        share = (self.tone - LIGHT_UP_TO) / (DARK_FROM - LIGHT_UP_TO)
        return float(np.interp(share, (0, 0.25, 0.5, 0.75, 1), (0, 0.16, 0.5, 0.84, 1)))


def draw_kind(rng: np.random.Generator) -> Kind:
    """Chance -> feminine or masculine, mostly clearly so; how light; how old."""
    side = rng.beta(1.2, 6.0)  # distance from the clear end
    femininity = 1 - side if rng.random() < 0.52 else side
    return Kind(femininity=femininity, tone=TONES * rng.beta(1.05, 1.25), age=rng.beta(1.1, 2.2))
