"""The square that is kept of a picture: cut out, and put back with a soft seam."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from llia.head.likeness import Crop

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

MOST_FINER = 16  # so many times finer than the square the picture is looked at, at most
SMEAR, UNSMEARED_PX = 0.04, 3  # of the side: blur of what lies beyond the picture's border, from so far on
FILM_PX = 1920  # the longer side of a film of a whole picture, at most
CHANGED = 8.0  # levels from which on a pixel shows the painted square alone, and nothing of what was there
SEAM = 0.14  # of the side, over which the square fades into the picture


def cut_square(picture: Picture, crop: Crop, size_px: int) -> Picture:
    """A picture and a square of it -> the square at this size, [S S 3]; the border goes on beyond itself, blurred."""
    finer = int(np.clip(math.ceil(crop.side / size_px), 1, MOST_FINER))
    kind = cv2.INTER_CUBIC if crop.side < size_px else cv2.INTER_LINEAR
    fine_px = size_px * finer
    matrix = crop.matrix(fine_px)
    fine = cv2.warpAffine(picture, matrix, (fine_px, fine_px), flags=kind, borderMode=cv2.BORDER_REPLICATE)
    square = np.asarray(cv2.resize(fine, (size_px, size_px), interpolation=cv2.INTER_AREA) if finer > 1 else fine)
    inside = np.full(picture.shape[:2], 255, np.uint8)
    shown = cv2.warpAffine(inside, crop.matrix(size_px), (size_px, size_px), flags=cv2.INTER_LINEAR)
    if shown.min() < 255:
        # the blur sets in a little beyond the border, so that pixels of the picture keep their neighbours
        far_px = cv2.distanceTransform((shown == 0).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        beyond = np.clip((far_px - UNSMEARED_PX) / (SMEAR * size_px), 0, 1)[..., None].astype(np.float32)
        smeared = cv2.GaussianBlur(square, (0, 0), SMEAR * size_px, borderType=cv2.BORDER_REPLICATE)
        square = np.rint(square + beyond * (smeared.astype(np.float32) - square)).astype(np.uint8)
    return np.ascontiguousarray(square, np.uint8)


@dataclass(frozen=True)
class Paste:
    """A whole picture into which what becomes of a square of it is put back, frame by frame."""

    picture: Picture  # H W 3
    crop: Crop
    square: Picture  # S S 3, as it is when nothing has changed

    @property
    def size_px(self) -> int:
        return len(self.square)

    @cached_property
    def window(self) -> tuple[slice, slice]:
        """-> rows and columns of the picture that the square touches."""
        corners = self.crop.to_picture(np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], np.float64))
        height, width = self.picture.shape[:2]
        left, top = np.clip(np.floor(corners.min(0)), 0, [width, height]).astype(int)
        right, bottom = np.clip(np.ceil(corners.max(0)), 0, [width, height]).astype(int)
        return slice(int(top), int(bottom)), slice(int(left), int(right))

    @cached_property
    def matrix(self) -> NDArray[np.float64]:
        """-> what takes pixels of the window to pixels of the square, [2 3]."""
        rows, columns = self.window
        matrix = self.crop.matrix(self.size_px)
        matrix[:, 2] += matrix[:, :2] @ [columns.start, rows.start]
        return matrix

    @cached_property
    def share(self) -> Floats:
        """-> how much of the square shows in each pixel of the window, [h w 1]."""
        ramp = np.minimum(np.arange(self.size_px), np.arange(self.size_px)[::-1]) / (SEAM * self.size_px)
        ramp = np.clip(ramp, 0, 1)
        soft = (ramp * ramp * (3 - 2 * ramp)).astype(np.float32)
        return self.warp(np.minimum.outer(soft, soft))[..., None]

    @cached_property
    def lost(self) -> Floats:
        """-> what of the window the square, warped back, does not show: its finest detail, [h w 3]."""
        return np.asarray(self.picture[self.window] - self.warp(self.square.astype(np.float32)), np.float32)

    def warp(self, square: Floats) -> Floats:
        """Something of the square's size -> the same over the window, zero where the square does not reach."""
        rows, columns = self.window
        size = (columns.stop - columns.start, rows.stop - rows.start)
        flags = cv2.WARP_INVERSE_MAP | (cv2.INTER_CUBIC if self.crop.side > self.size_px else cv2.INTER_LINEAR)
        return np.asarray(cv2.warpAffine(square, self.matrix, size, flags=flags), np.float32)

    def __call__(self, painted: Picture) -> Picture:
        """The square painted anew, [S S 3] -> the whole picture with it; pixels that did not change stay its own."""
        rows, columns = self.window
        out = self.picture.copy()
        change = self.warp(painted.astype(np.float32) - self.square)
        changed = np.clip(np.abs(change).max(2, keepdims=True) / CHANGED, 0, 1)
        out[rows, columns] = np.rint(out[rows, columns] + self.share * (change - changed * self.lost)).clip(0, 255)
        return out


def fit_for_film(picture: Picture, crop: Crop, longest_px: int = FILM_PX) -> tuple[Picture, Crop]:
    """A picture and a square of it -> both made smaller where the picture is too large for a film, with even sides."""
    height, width = picture.shape[:2]
    scale = min(1.0, longest_px / max(height, width))
    if scale < 1:
        size = round(width * scale), round(height * scale)
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        crop = Crop(crop.x * scale, crop.y * scale, crop.side * scale, crop.angle)
    return np.ascontiguousarray(picture[: len(picture) // 2 * 2, : picture.shape[1] // 2 * 2]), crop
