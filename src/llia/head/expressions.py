"""What feelings do to a face and its manners: of the one table that world and portraits share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from llia.config import Emotion
from llia.head.motion import FACE_NAMES, MOTION_INDEX

# At full strength. Names without a side move both sides.
FACES: dict[Emotion, dict[str, float]] = {
    Emotion.NEUTRAL: {},
    Emotion.HAPPY: {
        "mouthSmile": 0.82, "cheekSquint": 0.76, "eyeSquint": 0.34, "mouthDimple": 0.18, "browOuterUp": 0.15,
        "browInnerUp": 0.06,
    },
    Emotion.SAD: {
        "browInnerUp": 1.12, "browDown": 0.20, "mouthFrown": 0.64, "mouthShrugLower": 0.20, "mouthStretch": 0.10,
        "eyeBlink": 0.22, "eyeSquint": 0.16,
    },
    Emotion.ANGRY: {
        "browDown": 1.22, "browOuterUp": 0.28, "noseSneer": 0.58, "eyeSquint": 0.55, "mouthPress": 0.30,
        "mouthRollLower": 0.12, "mouthFrown": 0.46, "mouthStretch": 0.10, "jawForward": 0.16, "cheekSquint": 0.10,
    },
    Emotion.SURPRISED: {"browInnerUp": 1.05, "browOuterUp": 1.10, "eyeWide": 0.50, "mouthPucker": 0.05},
}  # fmt: skip
# Added where the feeling opens the lips.
PARTING: dict[Emotion, dict[str, float]] = {
    Emotion.HAPPY: {"mouthUpperUp": 0.30, "mouthLowerDown": 0.22, "jawOpen": 0.06, "mouthSmile": 0.08},
    Emotion.SURPRISED: {"jawOpen": 0.20, "mouthFunnel": 0.08, "mouthUpperUp": 0.06},
}
PITCH_DEGREES: dict[Emotion, float] = {
    Emotion.HAPPY: -1.5, Emotion.SAD: 5.0, Emotion.ANGRY: 5.0, Emotion.SURPRISED: -2.5,
}  # fmt: skip
GAZE_DEGREES: dict[Emotion, float] = {Emotion.SAD: -5.0}  # up is positive
# Factors: how often the gaze leaves, how often lids close, how much the head moves.
AVERTS: dict[Emotion, float] = {Emotion.HAPPY: 0.8, Emotion.SAD: 1.8, Emotion.ANGRY: 0.4, Emotion.SURPRISED: 0.5}
BLINKS: dict[Emotion, float] = {Emotion.HAPPY: 1.1, Emotion.SAD: 1.15, Emotion.ANGRY: 0.6, Emotion.SURPRISED: 0.65}
ENERGY: dict[Emotion, float] = {Emotion.HAPPY: 1.25, Emotion.SAD: 0.6, Emotion.ANGRY: 1.2, Emotion.SURPRISED: 1.1}


def face_row(weights: dict[str, float]) -> NDArray[np.float64]:
    """Face weights by name, those without a side standing for both -> all 54."""
    row = np.zeros(len(FACE_NAMES))
    for name, size in weights.items():
        places = places_of(name)
        assert places, f"expected the name of a face weight, got {name}"
        row[places] = size
    return row


def places_of(name: str) -> list[int]:
    """A name of motion, or of a face weight without its side -> where it stands among the 66; nothing if unknown."""
    return [MOTION_INDEX[full] for full in (name, name + "Left", name + "Right") if full in MOTION_INDEX]
