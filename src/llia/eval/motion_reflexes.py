"""A performer and how much of the reflexes -> the same performer with reflexes laid over, as a stream lays them."""

from __future__ import annotations

import numpy as np

from llia.config import PRESETS
from llia.eval.rollout import Floats, Perform, Scenes, Way
from llia.stream.enliven import Told, enliven, loudness
from llia.stream.lips import meet
from llia.stream.reflexes import OFF, Reflexes, ReflexState

MEL_STEPS_PER_FRAME = PRESETS["live"].clock.mel_steps_per_frame


def enlivened(perform: Perform, amount: Reflexes) -> Perform:
    """-> the same performer, who blinks, looks about, nods and sways by chance besides; none of it is fed back."""

    def with_reflexes(
        scenes: Scenes, way: Way, length: int, *, liveliness: float | None = None, seed: int = 0
    ) -> Floats:
        made = perform(scenes, way, length, liveliness=liveliness, seed=seed)
        for row, one in enumerate(scenes.seeds(seed)):
            made[row] = lay_over(made[row], scenes, row, one, liveliness or 1.0, amount)
        return made

    return with_reflexes


def lay_over(made: Floats, scenes: Scenes, row: int, seed: int, liveliness: float, amount: Reflexes) -> Floats:
    """The motion of one scene, [F 66] -> the same with reflexes, and lips that meet."""
    here = slice(len(made))
    told = Told(
        seed=seed,
        first=0,
        state=scenes.told[row, here],
        emotion=scenes.emotion[row, here],
        loudness=loudness(np.stack([scenes.own[row, here], scenes.other[row, here]]), MEL_STEPS_PER_FRAME),
        liveliness=liveliness,
    )
    met = meet(made, told.state, scenes.shape[row], 0.0 if amount == OFF else 1.0)
    moved, _ = enliven(met, told, scenes.shape[row], amount, ReflexState())
    return moved
