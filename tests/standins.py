"""Stand-ins for trained networks that know the truth: sight that answers true landmarks, painters that only carry.

A picture is painted with its own coordinates: red grows to the right, green downwards, and blue is the number of the
picture. From the pixels of any crop of it one can read where the crop was taken, turned and mirrored; so a function of
the crop alone, as a network is, can answer where the true landmarks of that picture are in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.head.likeness import Camera, Crop, Likeness, project
from llia.head.motion import Motion
from llia.head.shape import load_head
from llia.portrait.find import EYE_LEFT, EYE_RIGHT, FACE_SHARE, IRIS_LEFT, IRIS_RIGHT, MOUTH, Sights
from llia.portrait.flow import NUM_MATTERS
from llia.portrait.paint import Painters

Points = NDArray[np.floating[Any]]
Picture = NDArray[np.uint8]

DARK, LIGHT = 20.0, 235.0  # where red and green begin and end
BORDER = 6.0  # values so near to them may be of pixels beyond the picture
SIGMA, BLIND = 0.01, 1.0  # of half a crop's side
SHARES, OFF_CENTRE = (0.3, 1.15), 0.35  # face over crop, and how far off it may stand, for a face to be recognised


def coordinates(width: int, height: int, number: int) -> Picture:
    """-> a picture that tells where each of its pixels is."""
    x = DARK + (np.arange(width) + 0.5) / width * (LIGHT - DARK)
    y = DARK + (np.arange(height) + 0.5) / height * (LIGHT - DARK)
    picture = np.empty((height, width, 3), np.uint8)
    picture[..., 0], picture[..., 1], picture[..., 2] = np.rint(x)[None], np.rint(y)[:, None], number
    return picture


def true_points(likeness: Likeness, motion: Motion) -> Points:
    """-> where sight's 150 points are in the picture that the likeness's crop speaks of."""
    seen = project(likeness.pose(motion)[load_head().sight], likeness.camera, 2)[:, :2].astype(float) - 1
    return likeness.crop.to_picture(seen)


def somebody(crop: Crop, motion: Motion, seed: int = 2, half_height: float = 16.0) -> Likeness:
    """-> a person seen in a square of a picture."""
    identity = np.random.default_rng(seed).normal(0, 0.5, 40).astype(np.float32)
    return Likeness(identity, Camera.framing(0.3, -0.2, 80, half_height), motion, crop)


@dataclass
class Truth:
    """The faces of numbered pictures."""

    size: dict[int, tuple[int, int]] = field(default_factory=dict)  # width, height
    faces: dict[int, list[Points]] = field(default_factory=dict)

    def paint(self, number: int, width: int, height: int, *faces: Points) -> Picture:
        """Notes the faces of a picture -> the picture."""
        self.size[number], self.faces[number] = (width, height), list(faces)
        return coordinates(width, height, number)

    def sights(self) -> Sights:
        """-> the three networks."""
        return Sights(self.network("first"), self.network("mouth"), self.network("eye"))

    def network(self, kind: str) -> Callable[[NDArray[np.float32]], tuple[NDArray[np.float32], NDArray[np.float32]]]:
        def see(crops: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
            seen = [self.answer(kind, crop) for crop in crops]
            return np.stack([points for points, _ in seen]), np.stack([sigma for _, sigma in seen])

        return see

    def answer(self, kind: str, crop: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """One crop, [3 S S] -> the nearest face's points in it, in [-1, 1], and the log of their sigma."""
        number, affine = read_place(crop, self.size)
        turn, shift = affine[:, :2], affine[:, 2]  # crop in [-1, 1] -> picture
        mirrored = np.linalg.det(turn) < 0
        wanted = {
            "first": [*range(150)],
            "mouth": [*range(MOUTH.start, MOUTH.stop)],
            "eye": [*EYE_LEFT, IRIS_LEFT] if mirrored else [*EYE_RIGHT, IRIS_RIGHT],
        }[kind]
        faces = [(points - shift) @ np.linalg.inv(turn).T for points in self.faces.get(number, [])]
        if not faces:
            return np.zeros((len(wanted), 2), np.float32), np.zeros(len(wanted), np.float32)
        points = min(faces, key=lambda face: float(np.abs(middle(face)).max()))
        share = float(np.ptp(points[:68], axis=0).max()) / 2
        good = SHARES[0] < share < SHARES[1] and np.abs(middle(points)).max() / 2 < OFF_CENTRE
        sigma = SIGMA if good or kind != "first" else BLIND
        return points[wanted].astype(np.float32), np.full(len(wanted), np.log(sigma), np.float32)


def middle(points: Points) -> Points:
    return np.asarray(points[:68].min(0) + points[:68].max(0)) / 2


def read_place(crop: NDArray[np.float32], sizes: dict[int, tuple[int, int]]) -> tuple[int, NDArray[np.float64]]:
    """A crop's pixels -> the number of its picture, and the map from the crop in [-1, 1] to the picture, [2 3]."""
    red, green, blue = (crop.astype(np.float64) + 1) * 127.5
    number = round(float(np.median(blue)))
    if number not in sizes:
        return number, np.eye(2, 3)
    side = crop.shape[-1]
    y, x = (np.mgrid[:side, :side] + 0.5) / side * 2 - 1
    known = [(colour > DARK + BORDER) & (colour < LIGHT - BORDER) for colour in (red, green)]
    rows = []
    both = known[0] & known[1]
    for colour, alone, length in zip((red, green), known, sizes[number], strict=True):
        good = both if both.sum() > side else alone
        system = np.column_stack([x[good], y[good], np.ones(good.sum())])
        if len(system) < side:
            return -1, np.eye(2, 3)
        rows.append(np.linalg.lstsq(system, (colour[good] - DARK) / (LIGHT - DARK) * length, rcond=None)[0])
    return number, np.stack(rows)


def face_square(points: Points) -> float:
    """-> the side of the crop in which sight would see this face best."""
    return float(np.ptp(points[:68], axis=0).max()) / FACE_SHARE


def carrying(size_px: int) -> Painters:
    """-> painters that mend nothing and paint nothing: the portrait is carried, and that is all."""
    return Painters(lambda portrait: (portrait,), lambda *told: corrections(np.zeros((3, size_px, size_px)), 1))


def corrections(paint: NDArray[Any], shown: float) -> tuple[NDArray[np.float32], ...]:
    """Paint in [-1, 1], [3 S S], and the share of the carried portrait -> what painters answer that mend nothing."""
    shares = np.array([shown, 0]).clip(1e-6, 1 - 1e-6)
    told = np.concatenate([paint, np.broadcast_to(np.log(shares / (1 - shares))[:, None, None], (2, *paint.shape[1:]))])
    tints = np.zeros((1, 3 * NUM_MATTERS, paint.shape[-1] // 4, paint.shape[-1] // 4), np.float32)
    return np.zeros((1, 5, 64, 64), np.float32), fold(told)[None], tints


def fold(pixels: NDArray[Any]) -> NDArray[np.float32]:
    """[C S S] -> patches of 4 x 4 pixels, [C*16 S/4 S/4]."""
    channels, side, _ = pixels.shape
    patches = pixels.reshape(channels, side // 4, 4, side // 4, 4).transpose(0, 2, 4, 1, 3)
    return np.ascontiguousarray(patches.reshape(channels * 16, side // 4, side // 4), np.float32)


@dataclass
class Screen:
    """Painters that show, instead of a face, the picture of coordinates of a number set from outside."""

    size_px: int
    number: int = 0

    def painters(self) -> Painters:
        def paint(*told: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
            shown = coordinates(self.size_px, self.size_px, self.number)
            return corrections(shown.transpose(2, 0, 1) / 127.5 - 1, 0)

        return Painters(lambda portrait: (portrait,), paint)
