"""One frame of motion -> one picture: the portrait's own pixels carried along, and paint where it shows nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numba import njit
from numpy.typing import NDArray

from llia.head.motion import Motion
from llia.head.shape import Bytes, Floats
from llia.portrait.guide import PortraitSide, guide
from llia.portrait.matter import part_matters

Network = Callable[..., tuple[NDArray[np.float32], ...]]

TRUNK_PX = 64
UNFOLD = 4
PATCH = UNFOLD * UNFOLD
SURE = 8.0  # a logit beyond which a share is taken for one or zero


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


@njit(cache=True, nogil=True, fastmath=True)
def compose(picture: Bytes, flow: Floats, rough: Floats, fine: Floats, out: Bytes) -> None:
    """A portrait, [S S 3], where its pixels go, [S S 2], and the painter's corrections, [5 64 64] and [80 S/4 S/4] ->
    the frame: the portrait carried along in its new light, paint where it shows nothing, itself where all is still."""
    size, cells, last = out.shape[0], rough.shape[1], out.shape[0] - 1
    between, row = np.empty((len(rough), cells), np.float32), np.empty((len(rough), size), np.float32)
    told = np.empty((len(fine) // PATCH, size), np.float32)
    for y in range(size):
        mix_rows(rough, (y + 0.5) * cells / size - 0.5, between, row)
        unfold_row(fine, y, told)
        for x in range(size):
            u, v = x + size * (flow[y, x, 0] + row[0, x]), y + size * (flow[y, x, 1] + row[1, x])
            u, v = min(max(u, 0.0), float(last)), min(max(v, 0.0), float(last))
            left, top = min(int(u), last - 1), min(int(v), last - 1)
            s, t = u - left, v - top
            shown, still = share(told[3, x]), share(told[4, x])
            for k in range(3):
                upper = picture[top, left, k] * (1 - s) + picture[top, left + 1, k] * s
                lower = picture[top + 1, left, k] * (1 - s) + picture[top + 1, left + 1, k] * s
                carried = (upper * (1 - t) + lower * t) * (1 + row[2 + k, x])
                value = carried * shown + (told[k, x] + 1) * 127.5 * (1 - shown)
                value = value * (1 - still) + picture[y, x, k] * still
                out[y, x, k] = int(min(max(value, 0.0), 255.0) + 0.5)


@njit(cache=True, nogil=True, fastmath=True)
def mix_rows(field: Floats, place: float, between: Floats, out: Floats) -> None:
    """A field, [C h w], and a height between its rows -> the row there, [C w], and as wide as the frame, [C S]."""
    rows, columns, scale = field.shape[1], field.shape[2], field.shape[2] / out.shape[1]
    place = min(max(place, 0.0), rows - 1.0)
    top = min(int(place), rows - 2)
    part = place - top
    for k in range(field.shape[0]):
        for x in range(columns):
            between[k, x] = field[k, top, x] * (1 - part) + field[k, top + 1, x] * part
        for x in range(out.shape[1]):
            across = min(max((x + 0.5) * scale - 0.5, 0.0), columns - 1.0)
            left = min(int(across), columns - 2)
            out[k, x] = between[k, left] + (between[k, left + 1] - between[k, left]) * (across - left)


@njit(cache=True, nogil=True, fastmath=True)
def unfold_row(fine: Floats, y: int, out: Floats) -> None:
    """What the painter told of patches, [C*16 h w] -> one row of pixels, [C S]."""
    for k in range(out.shape[0]):
        for column in range(UNFOLD):
            plane = fine[k * PATCH + (y % UNFOLD) * UNFOLD + column, y // UNFOLD]
            for x in range(len(plane)):
                out[k, x * UNFOLD + column] = plane[x]


@njit(cache=True, nogil=True, fastmath=True, inline="always")
def share(logit: float) -> float:
    """The logistic function, and all or nothing where a byte cannot tell."""
    if logit > SURE:
        return 1.0
    return 0.0 if logit < -SURE else 1 / (1 + math.exp(-logit))
