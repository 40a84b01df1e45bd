"""Lips and nostrils in the texture of the unwrapped face: their own colour, lipstick, liner, their parting."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from llia.world.chance import stream
from llia.world.face.chart import FRAME, chart_landmarks, mirror
from llia.world.face.strokes import Cover, Doubles, cover_line, cover_shapes, curve, lay, ribbon, stain
from llia.world.face.tones import LIP_FADE, liner_colour, lip_colour, lip_paint, skin_colour
from llia.world.people.person import Makeup, Skin

Floats = NDArray[np.float32]

OUTER = [*range(48, 60), 48]
UPPER_PARTING, LOWER_PARTING = [48, 60, 61, 62, 63, 64, 54], [48, 60, 67, 66, 65, 64, 54]
INNER_UPPER, INNER_LOWER = np.array([0.45, 0.32, 0.34]), np.array([0.55, 0.42, 0.44])
NATURAL = (0.6, 0.85)  # how far lips of their own colour cover the skin, by person
BLUR, STAIN_BLUR, STAIN = 1.8, 3.5, 0.5
GLOSS, PAINTED_GLOSS = 0.25, 0.6  # what lips, and lipstick, add to the shine
CREASES, CREASE_DEPTH = 26, 0.16
# The right nostril, in shares of a texture.
NOSTRIL = np.array([(-5.0, -2.0), (0.0, -4.0), (6.0, 0.0), (0.0, 3.0)]) + np.array([0.458, 0.438]) * FRAME
NOSTRIL_COLOUR = np.array([0.30, 0.19, 0.17])


def paint_lips(texture: Floats, makeup: Makeup, skin: Skin, seed: int) -> Cover:
    """Lips and nostrils into the texture -> where the lips are."""
    size_px, base = texture.shape[0], skin_colour(skin)
    rng = stream(seed, "lips")
    marks = chart_landmarks()
    outline = curve(marks[OUTER], 96)[:-1]
    own, paint = lip_colour(skin, base), lip_paint(makeup, skin.tone)
    lips, wide = cover_shapes([outline], size_px, blur=BLUR), cover_shapes([outline], size_px, blur=STAIN_BLUR)
    covering = rng.uniform(*NATURAL) * (1 - LIP_FADE * skin.age)
    lay(texture, lips, own, covering)
    lay(texture, wide, own * 0.92, STAIN * covering)
    if makeup.lips > 0:
        edge = cover_shapes([outline], size_px, blur=1.1)
        lay(texture, edge, paint, makeup.lips)
    if makeup.lip_liner > 0:
        line = np.vstack([outline, outline[:1]])
        lay(texture, cover_line(line, 1.6, size_px, blur=0.7), liner_colour(makeup, skin.tone), 0.7 * makeup.lip_liner)
    stain(texture, cover_creases(marks, rng, size_px), np.array([0.8, 0.75, 0.76]), CREASE_DEPTH * (1 + skin.age))
    shade = paint * makeup.lips + own * (1 - makeup.lips)
    lay(texture, cover_line(curve(marks[UPPER_PARTING], 40), 4.5, size_px, blur=2.2), shade * INNER_UPPER, 0.55)
    lay(texture, cover_line(curve(marks[LOWER_PARTING], 40), 3.5, size_px, blur=2.2), shade * INNER_LOWER, 0.45)
    shine = np.float32(GLOSS + PAINTED_GLOSS * makeup.lips)
    texture[lips.rows, lips.columns, 3] += shine * lips.share
    for nostril in (NOSTRIL, mirror(NOSTRIL)):
        lay(texture, cover_shapes([nostril], size_px, blur=2.0), base * NOSTRIL_COLOUR, 0.55)
    return lips


def cover_creases(marks: Doubles, rng: np.random.Generator, size_px: int) -> Cover:
    """Fine upright lines from the parting to the border of both lips."""
    inner, outer = curve(marks[[60, 61, 62, 63, 64]], 40), curve(marks[[48, 49, 50, 51, 52, 53, 54]], 40)
    low_inner, low_outer = curve(marks[[60, 67, 66, 65, 64]], 40), curve(marks[[48, 59, 58, 57, 56, 55, 54]], 40)
    shapes = []
    for number, place in enumerate(rng.integers(5, 35, CREASES)):
        start, end = (inner, outer) if number % 2 else (low_inner, low_outer)
        line = np.linspace(start[place] * 0.8 + end[place] * 0.2, start[place] * 0.2 + end[place] * 0.8, 5)
        shapes.append(ribbon(line, rng.uniform(0.7, 1.3)))
    return cover_shapes(shapes, size_px, blur=0.5)
