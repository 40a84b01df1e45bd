"""A portrait's motion and what paints it -> a contact sheet: feelings, mouth shapes, gazes and turns, labelled."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from llia.config import Emotion
from llia.data.tiles import arrange, label
from llia.head.expressions import face_row
from llia.head.motion import FACE, Motion
from llia.portrait.edit import express, look_towards, turn_head

Picture = NDArray[np.uint8]

COLUMNS = 6
# Names without a side move both sides.
SHAPES: dict[str, dict[str, float]] = {
    "p, b, m": {"mouthClose": 0.05, "mouthPress": 0.42, "mouthRollLower": 0.16, "mouthRollUpper": 0.12},
    "f, v": {"jawOpen": 0.07, "mouthRollLower": 0.62, "mouthUpperUp": 0.28, "mouthShrugLower": 0.12},
    "th": {"jawOpen": 0.15, "mouthLowerDown": 0.22, "mouthUpperUp": 0.12, "tongueOut": 1.0},
    "s, z": {"jawOpen": 0.04, "mouthStretch": 0.26, "mouthLowerDown": 0.34, "mouthUpperUp": 0.16},
    "sh, ch": {"jawOpen": 0.09, "mouthFunnel": 0.62, "mouthPucker": 0.22},
    "ah": {"jawOpen": 0.55, "mouthLowerDown": 0.25, "mouthUpperUp": 0.15},
    "ee": {"jawOpen": 0.12, "mouthStretch": 0.35, "mouthSmile": 0.25, "mouthLowerDown": 0.35, "mouthUpperUp": 0.2},
    "oh": {"jawOpen": 0.3, "mouthFunnel": 0.5, "mouthPucker": 0.35},
    "oo": {"jawOpen": 0.1, "mouthFunnel": 0.25, "mouthPucker": 0.8},
    "eyes shut": {"eyeBlink": 1.0},
}
GAZES = {"looks right": (-0.35, 0.0), "looks left": (0.35, 0.0), "looks up": (0.0, 0.25)}
TURNS: dict[str, tuple[float, float, float]] = {
    "turns right": (-0.4, 0.0, 0.0), "turns left": (0.4, 0.0, 0.0), "nods": (0.0, 0.25, 0.0), "tilts": (0.0, 0.0, 0.2),
}  # fmt: skip


def poses(motion: Motion) -> dict[str, Motion]:
    """A portrait's own motion -> named motions made from it; sides are the person's own."""
    neutral = express(motion, {Emotion.NEUTRAL: 1.0})
    made = {"as it is": motion}
    made |= {emotion.name.lower(): express(motion, {emotion: 1.0}) for emotion in Emotion}
    for name, weights in SHAPES.items():
        shaped = neutral.copy()
        shaped[FACE] = np.clip(shaped[FACE] + face_row(weights).astype(np.float32), 0, 1)
        made[name] = shaped
    made |= {name: look_towards(neutral, yaw, pitch) for name, (yaw, pitch) in GAZES.items()}
    return made | {name: turn_head(motion, *angles) for name, angles in TURNS.items()}


def pose_sheet(picture: Picture, motion: Motion, decode: Callable[[Motion], Picture]) -> Picture:
    """A portrait's square, its motion, and motion -> frame: all poses side by side, the portrait itself first."""
    frames = [label(decode(posed), name) for name, posed in poses(motion).items()]
    return arrange([label(picture, "portrait"), *frames], COLUMNS)
