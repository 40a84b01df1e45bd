"""One frame of motion -> one picture: the portrait's own pixels carried along, and paint where it shows nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numba import njit
from numpy.typing import NDArray

from llia.head.motion import Motion
from llia.head.shape import Bytes, Floats, Ints
from llia.portrait.flow import HALF, KERNEL, ONE, ZERO, F
from llia.portrait.guide import PortraitSide, guide
from llia.portrait.matter import part_matters

Network = Callable[..., tuple[NDArray[np.float32], ...]]

TRUNK_PX = 64
UNFOLD = 4
PATCH = UNFOLD * UNFOLD

Single = Any  # a float32 inside a kernel
MIDDLE, WHITE = F(127.5), F(255)
SURE = F(4)  # half a logit beyond which a share is taken for one or zero
UPPER, LOWER = (
    (F(17325 / 135135), F(378 / 135135), F(1 / 135135)),
    (F(62370 / 135135), F(3150 / 135135), F(28 / 135135)),
)


@dataclass(frozen=True)
class Painters:
    """The two networks of one size: portrait -> features, guides and features -> rough and fine corrections."""

    read: Network
    paint: Network


@dataclass(frozen=True)
class Canvas:
    """What is kept of a portrait from frame to frame."""

    picture: Bytes  # S S 3, as large as the painters see it or so many whole times larger
    side: PortraitSide  # its guide has a fourth of the side that they see
    features: tuple[NDArray[np.float32], ...]


def open_canvas(picture: Bytes, side: PortraitSide, painters: Painters) -> Canvas:
    """A portrait and its side of the guide -> all that every frame needs."""
    size, seen_px = side.size_px, side.guide_px * UNFOLD
    if picture.shape != (size, size, 3) or size % seen_px:
        raise ValueError(f"expected a picture of {size} x {size}, whole times {seen_px}, got {picture.shape}")
    seen = cv2.resize(picture, (seen_px, seen_px), interpolation=cv2.INTER_AREA) if size > seen_px else picture
    return Canvas(picture, side, painters.read(to_network(np.asarray(seen, np.uint8))))


def to_network(picture: Bytes) -> NDArray[np.float32]:
    """[S S 3] in 0..255 -> [1 3 S S] in [-1, 1]."""
    return np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32) / 127.5 - 1


def paint(canvas: Canvas, motion: Motion, painters: Painters) -> Bytes:
    """A frame of motion, [66] -> the picture, [S S 3]."""
    told = guide(canvas.side, motion)
    small = shrink(told.channels, TRUNK_PX)
    rough, fine, tints = painters.paint(small[None], told.channels[None], *canvas.features)
    out = np.empty_like(canvas.picture)
    compose(canvas.picture, told.flow, rough[0], part_matters(refine(fine[0], len(out)), tints[0], told), out)
    return out


def refine(fine: Floats, size_px: int) -> Floats:
    """What the painter told of patches, [C*16 s/4 s/4] -> the same for a frame of another size, [C*16 S/4 S/4]."""
    if (side := fine.shape[-1] * UNFOLD) == size_px:
        return fine
    planes = fine.reshape(-1, UNFOLD, UNFOLD, *fine.shape[1:]).transpose(0, 3, 1, 4, 2).reshape(-1, side, side)
    larger = np.stack([cv2.resize(plane, (size_px, size_px), interpolation=cv2.INTER_LINEAR) for plane in planes])
    cells = size_px // UNFOLD
    patches = larger.reshape(-1, cells, UNFOLD, cells, UNFOLD).transpose(0, 2, 4, 1, 3)
    return np.ascontiguousarray(patches.reshape(-1, cells, cells), np.float32)


def shrink(channels: Floats, side: int) -> Floats:
    """Channels, [C h w] -> averaged to a smaller side."""
    if channels.shape[1] == side:
        return channels
    layers = [cv2.resize(layer, (side, side), interpolation=cv2.INTER_AREA) for layer in channels]
    return np.stack(layers).astype(np.float32)


@njit(**KERNEL)
def compose(picture: Bytes, flow: Floats, rough: Floats, fine: Floats, out: Bytes) -> None:
    """A portrait, [S S 3], where its pixels go, [S S 2], and the painter's corrections, [5 64 64] and [80 S/4 S/4] ->
    the frame: the portrait carried along in its new light, paint where it shows nothing, itself where all is still."""
    size, cells, wide = len(out), rough.shape[1], widen(rough, len(out))
    row, told = np.empty((len(rough), size), np.float32), np.empty((len(fine) // PATCH, size), np.float32)
    corner, right, down = np.empty(size, np.int32), np.empty(size, np.float32), np.empty(size, np.float32)
    for y in range(size):
        mix_rows(wide, (F(y) + HALF) * F(cells) / F(size) - HALF, row)
        unfold_row(fine, y, told)
        find_corners(flow, row, y, corner, right, down)
        share(told[3])
        share(told[4])
        lay(picture, y, corner, right, down, row, told, out)


@njit(**KERNEL)
def widen(field: Floats, size: int) -> Floats:
    """A field, [C h w] -> the same as wide as the frame, [C h S]."""
    wide, last = np.empty((field.shape[0], field.shape[1], size), np.float32), field.shape[2] - 1
    for x in range(size):
        across = min(max((F(x) + HALF) * F(last + 1) / F(size) - HALF, ZERO), F(last))
        left = min(int(across), last - 1)
        part = across - F(left)
        for k in range(wide.shape[0]):
            for y in range(wide.shape[1]):
                wide[k, y, x] = field[k, y, left] + (field[k, y, left + 1] - field[k, y, left]) * part
    return wide


@njit(**KERNEL)
def mix_rows(wide: Floats, place: Single, out: Floats) -> None:
    """A field, [C h S], and a height between its rows -> the row there, [C S]."""
    last = wide.shape[1] - 1
    place = min(max(place, ZERO), F(last))
    top = min(int(place), last - 1)
    part = place - F(top)
    for k in range(len(wide)):
        for x in range(wide.shape[2]):
            out[k, x] = wide[k, top, x] + (wide[k, top + 1, x] - wide[k, top, x]) * part


@njit(**KERNEL)
def unfold_row(fine: Floats, y: int, out: Floats) -> None:
    """What the painter told of patches, [C*16 h w] -> one row of pixels, [C S]."""
    first, row = y % UNFOLD * UNFOLD, y // UNFOLD
    for k in range(len(out)):
        for x in range(fine.shape[2]):
            for column in range(UNFOLD):
                out[k, x * UNFOLD + column] = fine[k * PATCH + first + column, row, x]


@njit(**KERNEL)
def find_corners(flow: Floats, row: Floats, y: int, corner: Ints, right: Floats, down: Floats) -> None:
    """Flow and its correction -> for each pixel of a row, the number of the one in the portrait to the upper left of
    where it comes from, and how far right and down from there."""
    size = len(corner)
    last, sides = F(size - 1), F(size)
    for x in range(size):
        u = min(max(F(x) + sides * (flow[y, x, 0] + row[0, x]), ZERO), last)
        v = min(max(F(y) + sides * (flow[y, x, 1] + row[1, x]), ZERO), last)
        left, top = min(np.int32(u), np.int32(size - 2)), min(np.int32(v), np.int32(size - 2))
        right[x], down[x] = u - F(left), v - F(top)
        corner[x] = top * np.int32(size) + left


@njit(**KERNEL)
def share(logits: Floats) -> None:
    """Logits of a row -> their logistic function, in place, and all or nothing where a byte cannot tell.

    tanh is Lambert's continued fraction, cut off after its seventh step: off by 2e-5 at most.
    """
    for x in range(len(logits)):
        half = min(max(logits[x] * HALF, -SURE), SURE)
        square = half * half
        upper = half * (ONE + square * (UPPER[0] + square * (UPPER[1] + square * UPPER[2])))
        lower = ONE + square * (LOWER[0] + square * (LOWER[1] + square * LOWER[2]))
        part = ONE if half >= SURE else HALF + HALF * upper / lower
        logits[x] = ZERO if half <= -SURE else part


@njit(**KERNEL)
def lay(
    picture: Bytes, y: int, corner: Ints, right: Floats, down: Floats, row: Floats, told: Floats, out: Bytes
) -> None:  # fmt: skip
    """One row of the frame, of all that the rows before this one found."""
    pixels, below = picture.reshape(-1, 3), len(picture)
    for x in range(len(corner)):
        first, s, t = corner[x], right[x], down[x]
        moving = ONE - told[4, x]
        carried, painted = moving * told[3, x], (moving - moving * told[3, x]) * MIDDLE
        for k in range(3):
            upper = mix(F(pixels[first, k]), F(pixels[first + 1, k]), s)
            lower = mix(F(pixels[first + below, k]), F(pixels[first + below + 1, k]), s)
            value = mix(upper, lower, t) * (ONE + row[2 + k, x]) * carried + (told[k, x] + ONE) * painted
            value += F(picture[y, x, k]) * told[4, x]
            out[y, x, k] = np.uint8(min(max(value, ZERO), WHITE) + HALF)


@njit(**KERNEL)
def mix(a: Single, b: Single, part: Single) -> Single:
    return a + (b - a) * part
