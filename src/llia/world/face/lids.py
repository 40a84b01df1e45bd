"""About the eyes: the lid's crease, lashes' line, liner and shadow, in the texture of the unwrapped face."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from llia.world.colour import linear
from llia.world.face.chart import chart_landmarks, mirror
from llia.world.face.strokes import Doubles, cover_line, curve, lay, stain
from llia.world.face.tones import skin_colour
from llia.world.people.person import Makeup, Skin

Floats = NDArray[np.float32]

UPPER_LID, LOWER_LID = [36, 37, 38, 39], [36, 41, 40, 39]  # landmarks of the right eye, outer to inner
POINTS = 24
CREASE = np.array([0.60, 0.50, 0.47])
LOWER_LINE = np.array([0.55, 0.40, 0.37])
INK = np.array([0.015, 0.011, 0.010])
SHADOW_DEPTH = np.array([0.78, 0.72, 0.70])  # age: the lid sinks


def lower(line: Doubles, pixels: float) -> Doubles:
    """A curve -> the same so many pixels of FRAME further down."""
    return np.asarray(line + np.array([0.0, pixels]))


def paint_lids(texture: Floats, makeup: Makeup, skin: Skin) -> None:
    """Both eyes' surroundings into the texture."""
    size_px, base = texture.shape[0], skin_colour(skin)
    marks = chart_landmarks()
    upper, below = curve(marks[UPPER_LID], POINTS), curve(marks[LOWER_LID], POINTS)
    wing = np.stack([upper[0], upper[0] + np.array([-7, -5])])
    for mirrored in (False, True):
        over, under, tail = (mirror(line) if mirrored else line for line in (upper, below, wing))
        if makeup.shadow > 0:
            smoke = cover_line(lower(over, -9), 17, size_px, blur=6)
            lay(texture, smoke, linear(makeup.shadow_colour), 0.42 * makeup.shadow)
        crease = cover_line(lower(over, -10), 3.5 + skin.age, size_px, blur=1.6)
        lay(texture, crease, base * CREASE, 0.35 + 0.25 * skin.age)
        hollow = cover_line(lower(over, -14), 7, size_px, blur=3)
        stain(texture, hollow, SHADOW_DEPTH, 0.9 * skin.age)
        ink = cover_line(lower(over, -0.3), 2.2 + 1.6 * makeup.liner, size_px, blur=0.8)
        lay(texture, ink, INK, 0.55 + 0.35 * makeup.liner)
        lay(texture, cover_line(lower(under, 0.8), 1.6, size_px, blur=1.0), base * LOWER_LINE, 0.30)
        if makeup.liner > 0.5:
            lay(texture, cover_line(tail, 2.2, size_px, blur=0.8), INK, 0.6)
