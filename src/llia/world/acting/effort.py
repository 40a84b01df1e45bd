"""How fully a mouth reaches for its shapes: a matter of the person, the moment, the haste, the stress, the loudness."""

from __future__ import annotations

import numpy as np

from llia.world.acting.curves import Doubles, Longs, noise
from llia.world.acting.visemes import CHANNEL, ID, NAMES, VISEMES
from llia.world.people.person import Manner

NEUTRAL_JAW = 0.15  # where a vowel that nobody cares for ends up
MEAN_VOWEL_JAW = 0.33
LEAST_REACH, MOST_REACH = 0.25, 1.35
# Short phones fall short of their targets: reach = 1 - loss * exp(-duration / time).
HASTE_LOSS, HASTE_LOSS_LOOSE, HASTE_S = 0.35, 0.35, 0.07
STRESS_GAIN = (-0.10, 0.06, 0.03)  # unstressed, primary, secondary
STRESS_GAIN_LOOSE = (-0.28, 0.12, 0.05)
SCATTER, SCATTER_LOOSE = 0.04, 0.16  # phone by phone, of the logarithm
DRIFT, DRIFT_LOOSE, DRIFT_HZ = 0.06, 0.16, 0.15  # over seconds, of the logarithm
IDENTITY_LOSS_LOOSE = 0.45  # how far a loose mouth forgets which vowel it is
FIRM_FLOOR = 0.82  # of the rounding that a sound lives by
LIPS_FLOOR = 0.4
LOUD_GAIN, LOUD_GAIN_LOOSE, USUAL_LOUDNESS = 0.35, 0.5, 0.56
LOUD_LIPS = 0.3
PRESS_LIPS, PRESS_SPREAD = 0.5, 0.4  # how much a habit of pressed lips takes from speech

VOWEL = np.array([VISEMES[name].vowel for name in NAMES])
ROUNDED = np.array([VISEMES[name].rounded for name in NAMES])
FIRM = np.isin(np.arange(len(NAMES)), [ID[name] for name in ("SIL", "PP", "BB", "FF")])
JAW_FIRM = np.isin(np.arange(len(NAMES)), [ID[name] for name in ("SS", "CH", "WW")])  # teeth or lips must be near
JAW = CHANNEL["jawOpen"]
ROUND = [CHANNEL["mouthFunnel"], CHANNEL["mouthPucker"]]
SPREAD = [CHANNEL["mouthStretch"], CHANNEL["mouthSmile"]]
LIPS = [CHANNEL["mouthUpperUp"], CHANNEL["mouthLowerDown"]]


def reach_of(viseme: Longs, duration_s: Doubles, stress: Longs, manner: Manner, rng: np.random.Generator) -> Doubles:
    """Visemes with their durations and stresses -> the share of its target that each reaches, [segments]."""
    loose = manner.looseness
    haste = 1 - (HASTE_LOSS + HASTE_LOSS_LOOSE * loose) * np.exp(-duration_s / HASTE_S)
    gains = np.array(STRESS_GAIN) + np.array(STRESS_GAIN_LOOSE) * loose
    stressed = np.where(VOWEL[viseme], 1 + gains[np.clip(stress, 0, 2)], 1.0)
    scatter = np.exp((SCATTER + SCATTER_LOOSE * loose) * rng.normal(0, 1, len(viseme)))
    return np.clip(manner.effort * haste * stressed * scatter, LEAST_REACH, MOST_REACH)


def reduce_targets(targets: Doubles, viseme: Longs, reach: Doubles, manner: Manner) -> Doubles:
    """Targets, [segments channels] -> what is reached of them: vowels shrink to a neutral jaw, firm sounds hold."""
    reached = targets.copy()
    vowel = VOWEL[viseme]
    jaw = targets[:, JAW]
    blurred = MEAN_VOWEL_JAW + (jaw - MEAN_VOWEL_JAW) * (1 - IDENTITY_LOSS_LOOSE * manner.looseness)
    closest = np.minimum(jaw, NEUTRAL_JAW)  # a close vowel is not to be opened by laziness
    blurred = np.where(ROUNDED[viseme], np.minimum(blurred, jaw), blurred)
    reached[:, JAW] = np.where(vowel, closest + (blurred - closest) * reach, jaw)
    lazy_jaw = ~vowel & ~FIRM[viseme] & ~JAW_FIRM[viseme]
    reached[lazy_jaw, JAW] *= np.clip(reach[lazy_jaw], 0.5, 1.0)
    rounding = np.where(ROUNDED[viseme], np.clip(reach, FIRM_FLOOR, 1.0), reach)
    soft = np.where(FIRM[viseme], 1.0, np.clip(reach, LIPS_FLOOR, MOST_REACH))
    reached[:, ROUND] *= rounding[:, None]
    reached[:, SPREAD] *= (soft * np.where(FIRM[viseme], 1, 1 - PRESS_SPREAD * manner.press))[:, None]
    reached[:, LIPS] *= (soft * np.where(FIRM[viseme], 1, 1 - PRESS_LIPS * manner.press))[:, None]
    return reached


def drift(num_steps: int, manner: Manner, rng: np.random.Generator) -> Doubles:
    """-> how effort wanders over seconds, about 1, [num_steps]."""
    return np.exp((DRIFT + DRIFT_LOOSE * manner.looseness) * noise(rng, num_steps, DRIFT_HZ))


def loud_gain(loudness: Doubles, manner: Manner) -> tuple[Doubles, Doubles]:
    """Loudness, about 1 where loud -> factors on the jaw and on the lips."""
    gain = LOUD_GAIN + LOUD_GAIN_LOOSE * manner.looseness
    off_usual = loudness - USUAL_LOUDNESS
    return np.maximum(1 + gain * off_usual, 0.0), np.maximum(1 + LOUD_LIPS * off_usual, 0.0)
