"""A palm with its fingers, as a hard picture without a face: skin colours, round tips, nails, creases."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Rng = np.random.Generator

# Of the palm's width: where each finger begins across the palm, how long and how wide it is, which way it points.
FINGERS = ((-0.38, 0.75, 0.21, -0.22), (-0.13, 0.95, 0.23, -0.07), (0.13, 1.05, 0.24, 0.05), (0.38, 0.95, 0.23, 0.18))
THUMB = (0.45, 0.75, 0.27, 0.95)
SMALLEST, LARGEST = 0.25, 0.5  # palm over picture
LIMB_STEPS = 8


def draw_hand(picture: Picture, skin: NDArray[Any], rng: Rng) -> None:
    """Paints one hand of that colour, 0..255, into the picture, somewhere, palm or back."""
    size = len(picture)
    palm, angle = rng.uniform(SMALLEST, LARGEST) * size, rng.uniform(-math.pi, math.pi)
    middle = rng.uniform(0.3, 0.7, 2) * size
    skin = np.asarray(skin, np.float64) * rng.uniform(0.8, 1.15)
    axes = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    mirror = rng.choice([-1, 1])

    def place(x: float, y: float) -> NDArray[np.float64]:
        return np.asarray(middle + palm * np.array([x * mirror, -y]) @ axes)

    nails = rng.random() < 0.5
    limb(picture, [place(0, -0.5), place(rng.normal(0, 0.1), -2.5)], 0.36 * palm, skin * 0.95)
    limb(picture, [place(0.1, -0.2), place(0.05, 0.3)], 0.47 * palm, skin)
    for finger in (*FINGERS, THUMB):
        start, length, width, straight = finger
        lean, bend = straight + rng.normal(0, 0.1), rng.uniform(0, 0.5) * rng.choice([-1, 1])
        shown = length * rng.uniform(0.35, 1.0)  # bent fingers look short
        x, y = start, -0.2 if finger == THUMB else 0.4
        joints = [place(x, y)]
        for bone in range(3):
            way = lean + bend * bone / 3
            x, y = x + shown / 3 * math.sin(way), y + shown / 3 * math.cos(way)
            joints.append(place(x, y))
        limb(picture, joints, width / 2 * palm, skin * rng.uniform(0.92, 1.05))
        for joint in joints[1:3]:
            spot(picture, joint, width * 0.35 * palm, width * 0.06 * palm, math.degrees(angle), skin * 0.75)
        if nails:
            spot(picture, joints[-1], width * 0.25 * palm, width * 0.33 * palm, math.degrees(angle), skin * 0.6 + 95)


def limb(picture: Picture, joints: list[NDArray[np.float64]], radius: float, colour: NDArray[np.float64]) -> None:
    """A round limb through some joints: darker at its edges than in its middle."""
    for step in range(LIMB_STEPS):
        share = step / (LIMB_STEPS - 1)
        shade = np.clip(colour * (0.62 + 0.4 * share), 0, 255)
        points = np.round(np.array(joints)).astype(np.int32)
        cv2.polylines(
            picture, [points], False, shade.tolist(), max(1, round(2 * radius * (1 - 0.55 * share))), cv2.LINE_AA
        )


def spot(
    picture: Picture, middle: NDArray[np.float64], half_width: float, half_height: float, degrees: float,
    colour: NDArray[np.float64],
) -> None:  # fmt: skip
    shape = (float(middle[0]), float(middle[1])), (2 * half_width, 2 * half_height), degrees
    cv2.ellipse(picture, shape, np.clip(colour, 0, 255).tolist(), -1, cv2.LINE_AA)
