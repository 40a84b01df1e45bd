"""One frame of motion -> one picture: the portrait's own pixels carried along, and paint where it shows nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numba import njit
from numpy.typing import NDArray

from llia.head.motion import Motion
from llia.head.shape import Bytes, Floats
from llia.portrait.flow import sample
from llia.portrait.guide import PortraitSide, guide

Network = Callable[..., tuple[NDArray[np.float32], ...]]

TRUNK_PX = 64
UNFOLD = 4


@dataclass(frozen=True)
class Painters:
    """The two networks of one size: portrait -> features, guides and features -> mend, paint, mask."""

    read: Network
    paint: Network


@dataclass(frozen=True)
class Canvas:
    """What is kept of a portrait from frame to frame."""

    picture: Bytes  # S S 3
    side: PortraitSide  # its guide has S / 4 pixels
    features: tuple[NDArray[np.float32], ...]


def open_canvas(picture: Bytes, side: PortraitSide, painters: Painters) -> Canvas:
    """A portrait and its side of the guide -> all that every frame needs."""
    size = side.size_px
    if picture.shape != (size, size, 3) or side.guide_px * UNFOLD != size:
        raise ValueError(f"expected a picture of {size} x {size} and a guide of {size // UNFOLD}, got {picture.shape}")
    return Canvas(picture, side, painters.read(to_network(picture)))


def to_network(picture: Bytes) -> NDArray[np.float32]:
    """[S S 3] in 0..255 -> [1 3 S S] in [-1, 1]."""
    return np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32) / 127.5 - 1


def paint(canvas: Canvas, motion: Motion, painters: Painters) -> Bytes:
    """A frame of motion, [66] -> the picture, [S S 3]."""
    told = guide(canvas.side, motion)
    small = shrink(told.channels, TRUNK_PX)
    mend, painted, mask = painters.paint(small[None], told.channels[None], *canvas.features)
    out = np.empty_like(canvas.picture)
    compose(canvas.picture, told.flow, np.ascontiguousarray(mend[0].transpose(1, 2, 0)), painted[0], mask[0, 0], out)
    return out


def shrink(channels: Floats, side: int) -> Floats:
    """Channels, [C h w] -> averaged to a smaller side."""
    if channels.shape[1] == side:
        return channels
    layers = [cv2.resize(layer, (side, side), interpolation=cv2.INTER_AREA) for layer in channels]
    return np.stack(layers).astype(np.float32)


@njit(cache=True, nogil=True, fastmath=True)
def compose(picture: Bytes, flow: Floats, mend: Floats, painted: Floats, mask: Floats, out: Bytes) -> None:
    """Portrait, flow and its correction, paint in [-1, 1] [3 S S] and how much of the portrait shows -> the picture."""
    size = out.shape[0]
    scale = mend.shape[0] / size
    last = size - 1
    for y in range(size):
        for x in range(size):
            u = (
                (x + 0.5)
                + size * (flow[y, x, 0] + sample(mend, mend.shape[0], (x + 0.5) * scale, (y + 0.5) * scale, 0))
                - 0.5
            )
            v = (
                (y + 0.5)
                + size * (flow[y, x, 1] + sample(mend, mend.shape[0], (x + 0.5) * scale, (y + 0.5) * scale, 1))
                - 0.5
            )
            u, v = min(max(u, 0.0), float(last)), min(max(v, 0.0), float(last))
            left, top = min(int(u), last - 1), min(int(v), last - 1)
            s, t = u - left, v - top
            shown = mask[y, x]
            for k in range(3):
                upper = picture[top, left, k] * (1 - s) + picture[top, left + 1, k] * s
                lower = picture[top + 1, left, k] * (1 - s) + picture[top + 1, left + 1, k] * s
                carried = upper * (1 - t) + lower * t
                value = carried * shown + (painted[k, y, x] + 1) * 127.5 * (1 - shown)
                out[y, x, k] = int(min(max(value, 0.0), 255.0) + 0.5)
