"""What else a picture could look like: light, colour, print, camera, things in front and behind; points stay put."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.floating[Any]]  # H W 3 in [0, 1]
Rng = np.random.Generator


def disguise(picture: NDArray[np.uint8], rng: Rng) -> NDArray[np.float32]:
    """A crop -> the same as another camera, painter or copier would show it, in [-1, 1]."""
    x: Picture = picture.astype(np.float32) / 255
    x = recolour(x, rng)
    kind = rng.random()
    if kind < 0.06:
        x = as_drawing(x, rng)
    elif kind < 0.12:
        x = as_painting(x, rng)
    x = degrade(x, rng)
    return np.asarray(np.clip(x, 0, 1) * 2 - 1, np.float32)


def recolour(x: Picture, rng: Rng) -> Picture:
    """Tone curve, colour cast, saturation, contrast, a lamp from one side."""
    x = x ** rng.uniform(0.55, 1.7) * rng.uniform(0.8, 1.2, 3).astype(np.float32) * rng.uniform(0.7, 1.25)
    x = x + rng.uniform(-0.1, 0.1)
    grey = x.mean(2, keepdims=True)
    if rng.random() < 0.15:
        tint = 1 + rng.uniform(-0.15, 0.15, 3) * (rng.random() < 0.5)
        x = grey * tint.astype(np.float32)
    elif rng.random() < 0.35:
        x = grey + (x - grey) * rng.uniform(0.2, 1.7)
    if rng.random() < 0.35:
        x = x.mean() + (x - x.mean()) * rng.uniform(0.45, 1.6)
    if rng.random() < 0.25:
        x = x * (1 + smooth_field(x.shape[0], rng, 3) * rng.uniform(0.1, 0.5))
    return np.asarray(x, np.float32)


def smooth_field(side: int, rng: Rng, cells: int) -> Picture:
    """-> slow noise of unit spread, [side side 1]."""
    field = rng.normal(0, 1, (cells, cells)).astype(np.float32)
    return np.asarray(cv2.resize(field, (side, side), interpolation=cv2.INTER_CUBIC), np.float32)[..., None]


def as_drawing(x: Picture, rng: Rng) -> Picture:
    """Pencil: the picture divided by its own blur, grey on toned paper."""
    grey = x.mean(2)
    blurred = cv2.GaussianBlur(grey, (0, 0), rng.uniform(2, 6))
    lines = np.clip(grey / np.maximum(blurred, 0.05), 0, 1) ** rng.uniform(1, 4)
    shade = rng.uniform(0, 0.6)
    paper = rng.uniform(0.75, 1, 3).astype(np.float32)
    return np.asarray((lines * (1 - shade) + lines * grey * shade)[..., None] * paper, np.float32)


def as_painting(x: Picture, rng: Rng) -> Picture:
    """Oil: flat strokes of few colours."""
    strokes = cv2.medianBlur((np.clip(x, 0, 1) * 255).astype(np.uint8), int(rng.choice([3, 5])))
    steps = int(rng.integers(8, 24))
    flat = np.round(strokes.astype(np.float32) / 255 * steps) / steps
    return np.asarray(flat + smooth_field(len(x), rng, len(x) // 3) * 0.03, np.float32)


def degrade(x: Picture, rng: Rng) -> Picture:
    """Blur, too few pixels, grain, compression."""
    side = len(x)
    kind = rng.random()
    if kind < 0.22:
        x = np.asarray(cv2.GaussianBlur(x, (0, 0), rng.uniform(0.3, 1.6) * side / 128), np.float32)
    elif kind < 0.42:
        fewer = max(12, int(side * rng.uniform(0.3, 0.8)))
        small = cv2.resize(x, (fewer, fewer), interpolation=cv2.INTER_AREA)
        x = np.asarray(cv2.resize(small, (side, side), interpolation=cv2.INTER_LINEAR), np.float32)
    if rng.random() < 0.35:
        x = x + rng.normal(0, rng.uniform(0.01, 0.08), x.shape).astype(np.float32)
    if rng.random() < 0.2:
        quality = int(rng.integers(15, 60))
        coded = cv2.imencode(".jpg", (np.clip(x, 0, 1) * 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        x = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.float32) / 255
    return x


def cover(picture: NDArray[np.uint8], foreign: NDArray[np.uint8], rng: Rng) -> NDArray[np.uint8]:
    """Things before the face: hands, cups, hair, fingers; ellipses and bars filled with foreign pixels or a colour."""
    side = len(picture)
    mask = np.zeros((side, side), np.float32)
    for _ in range(int(rng.integers(1, 3))):
        middle = rng.uniform(0, side, 2)
        axes = rng.uniform(0.04, 0.2, 2) * side
        corner = (float(middle[0]), float(middle[1])), (float(axes[0] * 2), float(axes[1] * 2)), rng.uniform(0, 180)
        if rng.random() < 0.5:
            cv2.ellipse(mask, corner, 1.0, -1)
        else:
            cv2.fillConvexPoly(mask, cv2.boxPoints(corner).astype(np.int32), 1.0)
    mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), rng.uniform(0.4, 1.5)), np.float32)[..., None]
    filling: NDArray[Any] = foreign if rng.random() < 0.6 else rng.integers(0, 255, 3)
    return (picture * (1 - mask) + filling * mask).astype(np.uint8)


def replace_background(
    picture: NDArray[np.uint8], points: NDArray[np.float32], foreign: NDArray[np.uint8], rng: Rng
) -> NDArray[np.uint8]:
    """Another background, outside a generous outline of head and body."""
    side = len(picture)
    hull = cv2.convexHull(points.astype(np.float32)).reshape(-1, 2)
    middle, height = hull.mean(0), np.ptp(hull[:, 1])
    head = (hull - middle) * [1.35, 1.35] + middle - [0, 0.1 * height]
    shoulders = [[middle[0] - 1.3 * height, side * 1.2], [middle[0] + 1.3 * height, side * 1.2]]
    mask = np.ones((side, side), np.float32)
    for outline in (head, np.concatenate([hull, shoulders])):
        cv2.fillConvexPoly(mask, cv2.convexHull(outline.astype(np.float32)).astype(np.int32), 0.0)
    mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), rng.uniform(0.6, 3)), np.float32)[..., None]
    return (picture * (1 - mask) + foreign * mask).astype(np.uint8)
