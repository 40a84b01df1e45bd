"""What stands behind a person: a record of it -> the picture, from plain gradients to cluttered places."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from llia.world.backdrop.canvas import box, ellipse, soften
from llia.world.backdrop.places import paint_city, paint_foliage, paint_room, paint_shelves
from llia.world.chance import stream
from llia.world.colour import linear, near
from llia.world.people.person import Background, BackgroundKind

Floats = NDArray[np.float32]
Random = np.random.Generator

SHAPES_AT_MOST = 11
DARKEST, LIGHTEST = 0.004, 1.1
RAMP_PX = 128  # gradients are smooth: made small, then stretched
QUIET = 0.86  # contrast kept, so that a face stands out

# What each kind paints, and its blur in shares of the side at the dial's 0 and 1.
Painter = Callable[[Background, Random, int], Floats]


def paint_background(background: Background, size_px: int) -> Floats:
    """The record of a background -> its picture in linear light, [size, size, 3]."""
    rng = stream(background.seed, "background")
    painter, sharp, soft = PAINTERS[background.kind]
    image = painter(background, rng, size_px)
    if soft > 0:
        image = soften(image, sharp + (soft - sharp) * background.blur**1.5)
        image *= np.float32(QUIET)
        image += np.array(cv2.mean(image)[:3], np.float32) * np.float32(1 / QUIET - 1)
    return np.clip(image, DARKEST, LIGHTEST, out=image)


def ramp(rng: Random, size_px: int) -> Floats:
    """Chance -> a smooth map from 0 to 1: downwards, along a slant, or outwards from a point, [size, size]."""
    along = (np.arange(size_px, dtype=np.float32) + 0.5) / size_px
    x, y = along[None, :], along[:, None]
    kind, angle, corner = rng.integers(4), rng.uniform(0, 2 * math.pi), rng.uniform(0.2, 0.8)
    if kind == 0:
        share = y + 0 * x
    elif kind == 1:
        share = 1.4 * np.hypot(x - 0.5, y - 0.42)
    elif kind == 2:
        share = 0.5 + (x - 0.5) * math.cos(angle) + (y - 0.5) * math.sin(angle)
    else:
        share = np.hypot(x - corner, y - 0.3)
    return np.asarray(np.clip(share, 0, 1)[..., None], np.float32)


def paint_gradient(background: Background, rng: Random, size_px: int) -> Floats:
    """One colour running into the other."""
    share = ramp(rng, min(size_px, RAMP_PX))
    image = linear(background.colour) * (1 - share) + linear(background.second_colour) * share
    return np.asarray(cv2.resize(image, (size_px, size_px), interpolation=cv2.INTER_LINEAR), np.float32)


def paint_blurred(background: Background, rng: Random, size_px: int) -> Floats:
    """A gradient with soft boxes and discs of kindred colours before it."""
    image = paint_gradient(background, rng, size_px)
    layer = np.zeros((size_px, size_px, 4), np.float32)  # colour times cover, cover
    for _ in range(3 + round(background.clutter * (SHAPES_AT_MOST - 3))):
        colour = near(background.colour, rng, hue=0.5, light=0.2, chroma=0.05)
        x, y = rng.uniform(0, 1, 2)
        width, height = rng.uniform(0.05, 0.3, 2)
        painted = np.append(colour, 1) * rng.uniform(0.35, 0.9)
        if rng.random() < 0.5:
            box(layer, x - 0.6 * width, y - 1.4 * height, x + 0.6 * width, y + 1.4 * height, painted)
        else:
            ellipse(layer, x, y, (0.35 * width, 0.35 * width), 0, painted)
    layer = soften(layer, 0.02 + 0.03 * background.blur)
    image *= 1 - layer[..., 3:]
    image += layer[..., :3]
    return image


PAINTERS: dict[BackgroundKind, tuple[Painter, float, float]] = {
    "gradient": (paint_gradient, 0, 0),
    "blurred": (paint_blurred, 0, 0),
    "room": (paint_room, 0.0018, 0.024),
    "shelves": (paint_shelves, 0.0018, 0.020),
    "foliage": (paint_foliage, 0.0020, 0.020),
    "city": (paint_city, 0.0020, 0.022),
}
