"""The folds that age draws: furrows as depth on the unwrapped face, shaded as if the light came from above."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from llia.world.chance import stream
from llia.world.face.chart import FRAME, mirror
from llia.world.face.strokes import Doubles, cover_shapes, curve, normals_along, ribbon, taper

Floats = NDArray[np.float32]

POINTS = 28
# Furrows of the face's right half in FRAME pixels (mirrored for the left): depth, width, the age at which it starts,
# and its course.
FOLDS: dict[str, tuple[float, float, float, ArrayLike]] = {
    "nasolabial": (1.0, 5.0, 0.10, [(208, 216), (200, 230), (190, 248), (183, 268), (181, 288)]),
    "marionette": (0.7, 4.0, 0.45, [(196, 296), (191, 307), (188, 320), (189, 336)]),
    "tear trough": (0.55, 4.0, 0.20, [(212, 150), (203, 160), (190, 167), (175, 169), (163, 165)]),
    "bag": (0.40, 3.0, 0.40, [(206, 151), (196, 157), (182, 160), (167, 156)]),
    "jowl": (0.5, 6.0, 0.55, [(150, 318), (163, 330), (176, 345), (186, 362)]),
    "cheek": (0.25, 3.0, 0.70, [(168, 232), (163, 255), (163, 280), (168, 300)]),
    "neck band": (0.5, 6.0, 0.60, [(232, 398), (228, 425), (224, 455)]),
    "hollow temple": (0.30, 12.0, 0.60, [(118, 88), (112, 108), (114, 128)]),
}
LINES: dict[str, tuple[float, float, float, ArrayLike]] = {
    "crow 1": (0.75, 1.5, 0.22, [(156, 140), (147, 133), (137, 124), (128, 117)]),
    "crow 2": (0.85, 1.6, 0.18, [(154, 144), (143, 142), (131, 139), (121, 137)]),
    "crow 3": (0.75, 1.5, 0.25, [(156, 149), (146, 152), (135, 156), (126, 162)]),
    "crow 4": (0.50, 1.3, 0.45, [(160, 154), (151, 161), (142, 169), (135, 177)]),
    "glabella": (0.75, 1.8, 0.25, [(246, 115), (245, 106), (245, 97), (247, 88)]),
    "under eye 1": (0.45, 1.2, 0.35, [(202, 153), (190, 157), (176, 157), (164, 152)]),
    "under eye 2": (0.35, 1.2, 0.55, [(198, 158), (186, 163), (173, 164), (162, 159)]),
    "lip 1": (0.35, 1.2, 0.60, [(246, 262), (247, 255), (248, 248)]),
    "lip 2": (0.40, 1.2, 0.55, [(234, 262), (234, 255), (236, 247)]),
    "lip 3": (0.35, 1.2, 0.65, [(222, 265), (221, 258), (222, 251)]),
    "below lip": (0.30, 1.2, 0.70, [(228, 338), (226, 346), (226, 353)]),
    "cheek 1": (0.30, 1.4, 0.75, [(176, 240), (172, 258), (171, 276), (174, 292)]),
    "cheek 2": (0.25, 1.4, 0.85, [(160, 262), (157, 280), (158, 298), (164, 312)]),
    "nose": (0.35, 1.4, 0.60, [(238, 132), (246, 129), (256, 128)]),
}
FOREHEAD_ROWS, FOREHEAD_DEPTH, FOREHEAD_FROM = (34, 47, 60, 73, 84), (0.5, 0.8, 1.0, 0.85, 0.5), 0.18
NECK_ROWS, NECK_DEPTH, NECK_FROM = (412, 432, 452, 473), (0.5, 0.8, 0.7, 0.5), 0.30
CHIN = (0.6, 4.0, 0.15, [(232, 340), (244, 345), (256, 346), (268, 345), (280, 340)])
FULL_BY, SETTING = 0.75, 1.15  # of life's way from a fold's start to its full depth

FOLD_BLUR, LINE_BLUR = 2.8, 1.0
# How the depth is shaded: darker in the furrow, and by the slope, dark above and light below it.
FOLD_SHADE, FOLD_SLOPE = 0.40, 2.2
LINE_SHADE, LINE_SLOPE = 0.62, 0.75
BLOOD = np.array([0.82, 1.03, 1.06, 1.0], np.float32)  # furrows are a little redder than dark; and gloss
LINE_WIDTH = 1.35
STRENGTH_LIMIT = 1.0


def strength(age: float, start: float) -> float:
    """Age and the age at which a furrow starts -> how far it has come, 0 to 1."""
    t = np.clip((age - start) / (FULL_BY * (1.08 - start)), 0, 1)
    return float(t**SETTING)


def shade_wrinkles(texture: Floats, age: float, seed: int) -> None:
    """Age into the texture: folds and lines multiply its colour, and take gloss from the furrows."""
    size_px = texture.shape[0]
    folds, lines = draw_folds(age, seed), draw_lines(age, seed)
    if not folds and not lines:
        return
    scale = size_px / FRAME
    factor = np.zeros((size_px, size_px), np.float32)
    for shapes, blur, shade, slope in (
        (folds, FOLD_BLUR, FOLD_SHADE, FOLD_SLOPE),
        (lines, LINE_BLUR, LINE_SHADE, LINE_SLOPE),
    ):
        if not shapes:
            continue
        cover = cover_shapes([s for s, _ in shapes], size_px, blur=blur, strengths=[d for _, d in shapes])
        depth = cover.share
        rise = cv2.Sobel(depth, cv2.CV_32F, 0, 1, ksize=3, scale=scale / 8)
        factor[cover.rows, cover.columns] -= shade * depth + slope * rise
    texture *= 1 + factor[..., None] * BLOOD


@cache
def courses() -> dict[str, Doubles]:
    """-> the smooth course of each fold and line of the right half, in FRAME pixels, [POINTS 2]."""
    return {name: curve(row[-1], POINTS) for name, row in (FOLDS | LINES).items()}


Furrows = list[tuple[Doubles, float]]


def furrow(line: Doubles, width: float, rng: np.random.Generator, waver: float) -> Doubles:
    """A course and a width -> the outline of a furrow that wavers a little and thins out at its ends."""
    wave = np.interp(np.linspace(0, 1, len(line)), np.linspace(0, 1, 5), rng.normal(0, waver, 5))
    return ribbon(line + normals_along(line) * wave[:, None], width * taper(len(line)))


def draw_folds(age: float, seed: int) -> Furrows:
    """-> outlines and depths of the wide soft folds."""
    rng = stream(seed, "folds")
    found: Furrows = []
    for name, (depth, width, start, _) in FOLDS.items():
        personal = rng.uniform(0.65, 1.2)
        for side in (0, 1):
            line = courses()[name]
            shape = furrow(mirror(line) if side else line, width, rng, 0.8)
            value = min(depth * personal * rng.uniform(0.9, 1.1) * strength(age, start), STRENGTH_LIMIT)
            found.append((shape, value))
    depth, width, start, course = CHIN
    shape = furrow(curve(course, POINTS), width, rng, 0.8)
    found.append((shape, depth * rng.uniform(0.5, 1.2) * strength(age, start)))
    for row, deep in zip(NECK_ROWS, NECK_DEPTH, strict=True):
        x = np.linspace(176, 336, POINTS) + rng.normal(0, 10)
        line = np.column_stack([x, row + rng.normal(0, 3) - 10 * ((x - 256) / 90) ** 2 + 6])
        found.append((furrow(line, 3.5, rng, 1.2), 0.8 * deep * rng.uniform(0.4, 1) * strength(age, NECK_FROM)))
    return [(shape, value) for shape, value in found if value > 1 / 255]


def draw_lines(age: float, seed: int) -> Furrows:
    """-> outlines and depths of the fine lines."""
    rng = stream(seed, "lines")
    found: Furrows = []
    for name, (depth, width, start, _) in LINES.items():
        personal = rng.uniform(0.4, 1.15)
        for side in (0, 1):
            line = courses()[name] + rng.normal(0, 1.0, 2)
            shape = furrow(mirror(line) if side else line, LINE_WIDTH * width * rng.uniform(0.8, 1.2), rng, 0.5)
            value = min(depth * personal * rng.uniform(0.7, 1.2) * strength(age, start), STRENGTH_LIMIT)
            found.append((shape, value))
    frown = rng.uniform(0.35, 1.1)  # who raises their brows much
    for row, deep in zip(FOREHEAD_ROWS, FOREHEAD_DEPTH, strict=True):
        height, depth = row + rng.normal(0, 2), deep * frown * rng.uniform(0.6, 1.1)
        for side in (-1, 1):
            reach = rng.uniform(40, 82)
            x = 256 + side * np.linspace(rng.uniform(-14, 4), reach, POINTS)
            line = np.column_stack([x, height - 3 * np.sin(np.pi * np.clip(np.abs(x - 256) / 95, 0, 1))])
            value = min(depth * rng.uniform(0.7, 1.1) * strength(age, FOREHEAD_FROM), STRENGTH_LIMIT)
            found.append((furrow(line, LINE_WIDTH * 2.2 * rng.uniform(0.8, 1.2), rng, 0.9), value))
    return [(shape, value) for shape, value in found if value > 1 / 255]
