"""The 66 numbers that move a head, frame by frame: their names, units and ranges, and where each stands."""

from __future__ import annotations

from numbers import Real

import numpy as np
from numpy.typing import NDArray

# A left is the person's own left, as in ARKit; positive x of the head's space is that side too.
FACE_NAMES: tuple[str, ...] = (
    "browDownLeft", "browDownRight", "browInnerUpLeft", "browInnerUpRight", "browOuterUpLeft", "browOuterUpRight",
    "cheekPuffLeft", "cheekPuffRight", "cheekSquintLeft", "cheekSquintRight", "eyeBlinkLeft", "eyeBlinkRight",
    "eyeLookDownLeft", "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight", "eyeLookOutLeft", "eyeLookOutRight",
    "eyeLookUpLeft", "eyeLookUpRight", "eyeSquintLeft", "eyeSquintRight", "eyeWideLeft", "eyeWideRight",
    "jawForward", "jawLeft", "jawOpen", "jawRight", "mouthClose", "mouthDimpleLeft", "mouthDimpleRight",
    "mouthFrownLeft", "mouthFrownRight", "mouthFunnel", "mouthLeft", "mouthLowerDownLeft", "mouthLowerDownRight",
    "mouthPressLeft", "mouthPressRight", "mouthPucker", "mouthRight", "mouthRollLower", "mouthRollUpper",
    "mouthShrugLower", "mouthShrugUpper", "mouthSmileLeft", "mouthSmileRight", "mouthStretchLeft",
    "mouthStretchRight", "mouthUpperUpLeft", "mouthUpperUpRight", "noseSneerLeft", "noseSneerRight", "tongueOut",
)  # fmt: skip

# Angles in radians: positive yaw turns to +x (the person's left, the picture's right), positive pitch looks down for
# the head and up for the gaze, as in the world that the networks learn from. Shifts in cm.
POSE_NAMES: tuple[str, ...] = (
    "head.yaw", "head.pitch", "head.roll", "head.x", "head.y", "head.z", "gaze.yaw", "gaze.pitch",
    "torso.yaw", "torso.pitch", "torso.roll", "torso.height",
)  # fmt: skip

MOTION_NAMES: tuple[str, ...] = FACE_NAMES + POSE_NAMES
MOTION_SIZE = len(MOTION_NAMES)
MOTION_INDEX: dict[str, int] = {name: place for place, name in enumerate(MOTION_NAMES)}

FACE = slice(0, len(FACE_NAMES))
LIDS = [MOTION_INDEX["eyeBlinkLeft"], MOTION_INDEX["eyeBlinkRight"]]
EXPRESSION = slice(0, len(FACE_NAMES) - 1)  # without the tongue
HEAD_TURN = slice(54, 57)  # yaw, pitch, roll
HEAD_SHIFT = slice(57, 60)  # x, y, z
GAZE = slice(60, 62)  # yaw, pitch
TORSO_TURN = slice(62, 65)  # yaw, pitch, roll
TORSO_HEIGHT = 65

# The least and the most that each can be, in its unit: weights from 0 to 1 (what goes a little beyond is still drawn).
ANGLE_RANGES = {
    "head.yaw": 1.2, "head.pitch": 0.8, "head.roll": 0.8, "gaze.yaw": 0.5, "gaze.pitch": 0.4,
    "torso.yaw": 0.6, "torso.pitch": 0.4, "torso.roll": 0.4,
}  # fmt: skip
SHIFT_RANGES = {"head.x": 12.0, "head.y": 12.0, "head.z": 20.0, "torso.height": 4.0}
RANGES: dict[str, tuple[float, float]] = {name: (0.0, 1.0) for name in FACE_NAMES} | {
    name: (-most, most) for name, most in (ANGLE_RANGES | SHIFT_RANGES).items()
}
UNITS: dict[str, str] = (
    dict.fromkeys(FACE_NAMES, "weight") | dict.fromkeys(ANGLE_RANGES, "rad") | dict.fromkeys(SHIFT_RANGES, "cm")
)

Motion = NDArray[np.float32]


def rest() -> Motion:
    """-> the motion of a head at rest, all zeros, [66]."""
    return np.zeros(MOTION_SIZE, np.float32)


def check_range(name: str, value: float) -> float:
    """A number of the motion, by name -> the value, if it can be that."""
    low, high = RANGES[name]
    if not isinstance(value, Real) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError(f"expected {name} from {low:g} to {high:g} {UNITS[name]}, got {value}")
    return value
