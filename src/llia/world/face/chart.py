"""The face unwrapped: for each pixel of a texture, where on the mean head it lies; the same for everyone, kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from llia.head.raster import Style, empty_buffers, interpolate, rasterize
from llia.head.shape import Material, load_head

Floats = NDArray[np.float32]

FRAME = 512  # curves on the face are written in pixels of a texture of this side
BORDER = 0.05  # of the side: towards the border the texture fades into plain skin, so that the seam is clean
EAR_X, EAR_Y = 7.5, 6.0  # cm: ears reach the border and do not fade


@dataclass(frozen=True)
class Chart:
    """Maps over a texture, [S S ...]."""

    place: Floats  # S S 3, of the mean head, cm; beyond the face that of the nearest pixel
    painted: Floats  # S S, 0 at the border where only plain skin may be, 1 inside


@cache
def load_chart(size_px: int) -> Chart:
    """The side of a texture -> its chart."""
    head = load_head()
    triangles = head.triangles[head.material == Material.FACE]
    triangles = np.ascontiguousarray(triangles[(head.uv[triangles][:, :, 0] <= 1).all(1)])
    screen = np.column_stack([head.uv[:, 0], 1 - head.uv[:, 1], np.full(len(head.uv), 1 / size_px)])
    screen = (screen * size_px).astype(np.float32)
    depth, ids = empty_buffers(size_px, size_px)
    style = np.full(len(triangles), Style.SOLID, np.uint8)
    rasterize(screen, triangles, style, np.zeros((len(screen), 4), np.float32), depth, ids)
    place = interpolate(screen, triangles, ids, head.mean)
    place = spread(place, ids < 0)
    along = (np.arange(size_px) + 0.5) / size_px
    edge = np.minimum(along, 1 - along)
    inside = np.clip(np.minimum(edge[None, :], edge[:, None]) / BORDER, 0, 1)
    ear = (np.abs(place[..., 0]) > EAR_X) & (np.abs(place[..., 1]) < EAR_Y)
    return Chart(place, np.where(ear, 1, inside).astype(np.float32))


def spread(values: Floats, empty: NDArray[np.bool_]) -> Floats:
    """A map and where it is empty -> the map with each empty pixel filled from the nearest full one."""
    _, labels = cv2.distanceTransformWithLabels(
        empty.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    number = np.zeros(labels.max() + 1, np.int64)
    number[labels[~empty]] = np.flatnonzero(~empty)
    return np.asarray(values.reshape(-1, values.shape[-1])[number[labels]], np.float32)


@cache
def chart_landmarks() -> NDArray[np.float64]:
    """-> where the 68 landmarks lie in a texture, in pixels of FRAME, [68 2]."""
    head = load_head()
    u, v = head.uv[head.landmarks].astype(np.float64).T
    return np.stack([u, 1 - v], 1) * FRAME


def mirror(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points of FRAME -> the same on the other side of the face."""
    return np.column_stack([FRAME - points[:, 0], points[:, 1]])
