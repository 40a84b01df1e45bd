"""A performer and scenes -> do feelings that are asked for show through speech, and does the head move as asked?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from llia.config import Emotion, State
from llia.eval.metrics import spearman
from llia.eval.motion_figures import Figures
from llia.eval.movement import expression_strengths
from llia.eval.rollout import Floats, Perform, Scenes, Way
from llia.head.expressions import FACES, face_row
from llia.head.motion import EXPRESSION, HEAD_TURN
from llia.head.scale import TORSO
from llia.portrait.edit import express

Array = NDArray[Any]

FEELINGS = tuple(emotion for emotion in Emotion if emotion != Emotion.NEUTRAL)
STRENGTHS = (0.5, 1.0)
LEAST_GROWTH = 0.05  # of the reading, a full expression being 1, from one strength to the next: less is not seen
DIALS = (0.4, 0.55, 0.75, 1.0, 1.35, 1.8, 2.5)  # of liveliness


def patterns() -> Array:
    """-> what each feeling does to the face at full strength, [4 53]."""
    return np.stack([face_row(FACES[emotion])[EXPRESSION] for emotion in FEELINGS])


NUM_FEELING_ROLLS, NUM_DIAL_ROLLS = 1 + len(FEELINGS) * len(STRENGTHS), len(DIALS)


# ---- feelings


def told(scenes: Scenes, emotion: Emotion, strength: float) -> Scenes:
    """-> the same scenes, felt so from first to last."""
    felt = np.zeros_like(scenes.emotion)
    felt[..., emotion] = strength
    felt[..., Emotion.NEUTRAL] = 1 - strength if emotion != Emotion.NEUTRAL else 1
    return replace(scenes, emotion=felt)


def shown(scenes: Scenes, emotion: Emotion, strength: float) -> Scenes:
    """-> the same scenes, of portraits that are re-expressed so (LLIA's expression control)."""
    portrait = np.stack([express(one, {emotion: strength}) for one in scenes.portrait])
    portrait[:, TORSO] = 0
    return replace(scenes, portrait=portrait)


def both(scenes: Scenes, emotion: Emotion, strength: float) -> Scenes:
    """-> as a stream asks for a feeling."""
    return told(shown(scenes, emotion, strength), emotion, strength)


Speak = Callable[[Scenes], Floats]  # -> motion of some frames of speech, the same ones whatever is felt, [n 66]
Asking = Callable[[Scenes, Emotion, float], Scenes]
ASKINGS: dict[str, Asking] = {"told": told, "shown": shown, "both": both}


def read_feelings(speak: Speak, scenes: Scenes, asking: Asking) -> Array:
    """-> how much of each feeling is in speech when each is asked for in each strength, beside the same people when
    they feel nothing, [4 asked, 2 strengths, 4 read]."""
    calm = told(scenes, Emotion.NEUTRAL, 0.0)
    rest = speak(calm)
    readings = np.empty((len(FEELINGS), len(STRENGTHS), len(FEELINGS)))
    for row, emotion in enumerate(FEELINGS):
        for column, strength in enumerate(STRENGTHS):
            readings[row, column] = expression_strengths(speak(asking(calm, emotion, strength)), patterns(), rest)
    return readings


def speech_of(perform: Perform, way: Way, length: int, seed: int, scenes: Scenes) -> Floats:
    """-> the motion of all frames in which somebody speaks, [n 66]."""
    made = perform(scenes, way, length, seed=seed)
    spoken: Floats = made[scenes.until(made.shape[1]).state == State.SPEAKING]
    return spoken


def describe_feelings(readings: Array) -> Figures:
    """Readings -> each feeling's own in each strength, and how many grow with what is asked for, each step visibly."""
    own = np.stack([readings[place, :, place] for place in range(len(FEELINGS))])  # 4 strengths
    steps = np.diff(own, axis=1, prepend=0)
    figures = {
        f"emotion_{emotion.name.lower()}_{round(100 * strength)}": float(own[row, column])
        for row, emotion in enumerate(FEELINGS)
        for column, strength in enumerate(STRENGTHS)
    }
    return figures | {"emotions_visible": float((steps >= LEAST_GROWTH).all(1).sum())}


def tabulate(readings: dict[str, Array]) -> Table:
    """Readings by how feelings were asked for -> a table: asked for what and how strongly, how much of each is read."""
    table = Table("asked", "for", "strength", *(one.name.lower() for one in FEELINGS), box=None)
    for name, rows in readings.items():
        for row, emotion in enumerate(FEELINGS):
            for column, strength in enumerate(STRENGTHS):
                cells = [f"[b]{x:.2f}[/]" if place == row else f"{x:.2f}" for place, x in enumerate(rows[row, column])]
                table.add_row(name, emotion.name.lower(), f"{strength:g}", *cells)
    return table


# ---- liveliness


def turn_dial(perform: Perform, scenes: Scenes, way: Way, length: int, seed: int = 0) -> Figures:
    """-> how far the head turns about its middle within clips, degrees, at each liveliness, and whether it grows."""
    spreads = [head_spread(perform(scenes, way, length, liveliness=dial, seed=seed), length) for dial in DIALS]
    figures = {f"liveliness_{round(100 * dial)}": spread for dial, spread in zip(DIALS, spreads, strict=True)}
    return figures | {"liveliness_spearman": spearman(np.array(DIALS), np.array(spreads))}


def head_spread(motion: Floats, length: int) -> float:
    """Motion of whole clips, [K F 66] -> how far the head turns about its middle within one, degrees, rms."""
    turns = np.degrees(motion[..., HEAD_TURN]).reshape(-1, length, 3)
    return float(np.sqrt(turns.var(1).sum(-1).mean()))
