"""Where a face is in a picture and where its landmarks are: looks at crops, closer and closer."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from llia.head.likeness import Crop

Floats = NDArray[np.floating[Any]]
Picture = NDArray[np.uint8]  # H W 3, RGB
# Crops in [-1, 1], [B 3 S S] -> points in [-1, 1], [B N 2], and the log of their uncertainty, [B N].
SightNetwork = Callable[[NDArray[np.float32]], tuple[NDArray[np.float32], NDArray[np.float32]]]

FIRST_PX, CLOSER_PX = 128, 64
SEARCH_PX = 768  # the longer side of the view that is searched
FINE_PX, FINE_ROOM = 320, 0.9  # a face is read at last at this size at most; what is kept about it, in faces
FACE_SHARE = 0.62  # of a crop's side, the longer side of the face's box once it is known
LEAST_FACE_PX = 24  # the longer side of the 68 landmarks' box; smaller ones are of no use, so nobody looks for them
NUM_LOOKS_AGAIN = 3
# Sides of the crops that are tried, as shares of the picture's shorter side (1 is the longer one), and their strides
# as shares of those, in rounds: the later ones are for small faces and only looked at where those before find nothing.
ROUNDS = (((1.0, 0.62, 0.4), 0.45), ((0.24,), 0.55), ((0.15,), 0.55))
NUM_CANDIDATES = 6
# The mean uncertainty of the 68 landmarks, as a share of the outer-eye distance, above which it is no face.
SURE, UNSURE = 0.055, 0.08
HOPELESS = 0.6  # nor will it become one by looking again
SAME_FACE = 0.3  # boxes that share more of their union show one face
WHITE = 255
ANTIALIAS = 0.45  # blur before shrinking, per factor of shrinking

MOUTH = slice(48, 68)
EYE_RIGHT, EYE_LEFT = (36, 37, 38, 39, 40, 41), (45, 44, 43, 42, 47, 46)  # the left one mirrored onto the right one
IRIS_LEFT, IRIS_RIGHT = 148, 149  # in sight's 150
LEAST_SIDE_PX = 8.0  # of a closer look
MOUTH_MARGIN, MOUTH_LEAST, EYE_MARGIN, EYE_RAISE = 1.5, 0.9, 2.2, 0.12


@dataclass(frozen=True)
class Sights:
    """The three networks of sight."""

    first: SightNetwork
    mouth: SightNetwork
    eye: SightNetwork


@dataclass(frozen=True)
class Found:
    """One face of a picture: its 150 points and the uncertainty of each, in the picture's pixels."""

    points: Floats  # 150 2
    sigma: Floats  # 150
    doubt: float  # mean uncertainty of the 68, as a share of the outer-eye distance

    @property
    def box(self) -> tuple[float, float, float, float]:
        """-> left, top, right, bottom of the 68 landmarks."""
        low, high = self.points[:68].min(0), self.points[:68].max(0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    @property
    def size_px(self) -> float:
        left, top, right, bottom = self.box
        return max(right - left, bottom - top)


def find(picture: Picture, sights: Sights, sure: float = SURE, unsure: float = UNSURE) -> list[Found]:
    """A picture -> the faces in it, the largest first; empty if none is sure enough."""
    return look_at_sure(picture, sights, search(picture, sights, sure), unsure)


def look_at_sure(picture: Picture, sights: Sights, faces: list[Found], unsure: float = UNSURE) -> list[Found]:
    """What may be faces -> those sure enough, read finely, the largest first."""
    seen = (look_finely(picture, sights, face) for face in faces if face.doubt < unsure)
    return sorted(seen, key=lambda face: -face.size_px)


def search(picture: Picture, sights: Sights, sure: float = SURE) -> list[Found]:
    """A picture -> all that might be a face, the surest first; seen in a small view, larger faces before small ones."""
    view, scale = shrink(picture, SEARCH_PX / max(picture.shape[:2]))
    faces: list[Found] = []
    for shares, stride in ROUNDS:
        candidates = best_of(look(view, sights.first, crops_over(view, shares, stride)))
        for _ in range(NUM_LOOKS_AGAIN):
            seen = look_again(view, sights.first, candidates, 1)
            candidates = distinct([face for face in seen if face.doubt < HOPELESS])
        faces = distinct(faces + candidates)
        if any(face.doubt < sure for face in faces):
            break
    return [move(face, (0, 0), 1 / scale) for face in faces]


def look_finely(picture: Picture, sights: Sights, face: Found) -> Found:
    """Reads a face once more where the picture is finest, then mouth and eyes."""
    left, top, right, bottom = face.box
    room = FINE_ROOM * face.size_px
    x, y = max(0, int(left - room)), max(0, int(top - room))
    part = picture[y : int(bottom + room) + 1, x : int(right + room) + 1]
    if min(part.shape[:2]) < 1:
        part, x, y = picture, 0, 0
    view, scale = shrink(part, FINE_PX / max(face.size_px, 1.0))
    near = move(face, -scale * [x, y], scale)
    near = look_closer(view, sights, look_again(view, sights.first, [near], 1)[0])
    return move(near, (x, y), 1 / scale)


def shrink(picture: Picture, scale: float) -> tuple[Picture, Floats]:
    """-> the picture made smaller by about a factor, and by exactly which, x and y; never larger."""
    if scale >= 1:
        return picture, np.ones(2)
    height, width = picture.shape[:2]
    size = max(1, round(width * scale)), max(1, round(height * scale))
    smaller = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return np.asarray(smaller, np.uint8), np.array(size) / [width, height]


def move(face: Found, shift: tuple[int, int] | Floats, scale: Floats) -> Found:
    """A face -> its points scaled, then shifted."""
    return replace(face, points=face.points * scale + shift, sigma=face.sigma * float(scale.mean()))


def crops_over(picture: Picture, shares: tuple[float, ...], stride: float) -> list[Crop]:
    """-> squares of a few sizes all over a picture."""
    height, width = picture.shape[:2]
    crops = []
    for share in shares:
        side = min(height, width) * share if share < 1 else max(height, width)
        if share < 1 and side * FACE_SHARE < LEAST_FACE_PX:
            continue
        for y in places(height, side, stride):
            crops += [Crop(x, y, side) for x in places(width, side, stride)]
    return crops


def places(length: int, side: float, stride: float) -> list[float]:
    """-> middles of squares along one side of the picture."""
    number = 1 + max(0, math.ceil((length - side) / (side * stride)))
    low, high = min(side, length) / 2, length - min(side, length) / 2
    return [float(x) for x in np.linspace(low, high, number)] if number > 1 else [length / 2]


def best_of(looks: list[Found]) -> list[Found]:
    """-> the few looks of least doubt that show different places."""
    return distinct(sorted(looks, key=lambda one: one.doubt))[:NUM_CANDIDATES]


def distinct(faces: list[Found]) -> list[Found]:
    """-> faces without those that overlap a surer one."""
    kept: list[Found] = []
    for face in sorted(faces, key=lambda one: one.doubt):
        if all(overlap(face.box, other.box) < SAME_FACE for other in kept):
            kept.append(face)
    return kept


def overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    """Two boxes -> what they share, of their union."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    shared = max(width, 0.0) * max(height, 0.0)
    both = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return shared / max(both - shared, 1e-9)


def look_again(
    picture: Picture, network: SightNetwork, faces: list[Found], times: int = NUM_LOOKS_AGAIN
) -> list[Found]:
    """Re-crops about what was seen, upright, and reads again."""
    for _ in range(times):
        faces = look(picture, network, [crop_of_face(face.points) for face in faces])
    return faces


def crop_of_face(points: Floats) -> Crop:
    """68 landmarks or more -> the upright square in which the first network sees a face best."""
    low, high = points[:68].min(0), points[:68].max(0)
    x, y = (low + high) / 2
    return Crop(float(x), float(y), max(float((high - low).max()) / FACE_SHARE, 1.0), eye_line(points))


def eye_line(points: Floats) -> float:
    """-> how far the line from the person's right eye to the left one is turned, radians."""
    dx, dy = points[45] - points[36]
    return math.atan2(dy, dx)


def look(picture: Picture, network: SightNetwork, crops: list[Crop]) -> list[Found]:
    """Squares of a picture -> what the first network sees in each."""
    if not crops:
        return []
    points, sigmas = read(picture, network, crops, FIRST_PX)
    return [as_found(one, sigma) for one, sigma in zip(points, sigmas, strict=True)]


def as_found(points: Floats, sigma: Floats) -> Found:
    eyes = float(np.linalg.norm(points[45] - points[36]))
    return Found(points, sigma, float(sigma[:68].mean()) / max(eyes, 1e-6))


def look_closer(picture: Picture, sights: Sights, face: Found) -> Found:
    """Reads mouth and eyes again, each on a crop of its own."""
    points, sigma = face.points.copy(), face.sigma.copy()
    angle = eye_line(points)
    mouth = read(picture, sights.mouth, [crop_of_mouth(points, angle)], CLOSER_PX)
    points[MOUTH], sigma[MOUTH] = mouth[0][0], mouth[1][0]
    crops = [crop_of_eye(points[list(eye)], angle) for eye in (EYE_RIGHT, EYE_LEFT)]
    eyes = read(picture, sights.eye, crops, CLOSER_PX, mirrored=(False, True))
    for eye, iris, places_seen, sigma_seen in zip((EYE_RIGHT, EYE_LEFT), (IRIS_RIGHT, IRIS_LEFT), *eyes, strict=True):
        points[[*eye, iris]], sigma[[*eye, iris]] = places_seen, sigma_seen
    return replace(face, points=points, sigma=sigma)


def crop_of_mouth(points: Floats, angle: float) -> Crop:
    mouth = points[MOUTH]
    eyes = float(np.linalg.norm(points[45] - points[36]))
    side = max(float(np.ptp(mouth, axis=0).max()) * MOUTH_MARGIN, eyes * MOUTH_LEAST, LEAST_SIDE_PX)
    x, y = mouth.mean(0)
    return Crop(float(x), float(y), side, angle)


def crop_of_eye(eye: Floats, angle: float) -> Crop:
    """Six points of an eye, the outer corner first -> its square, a little raised."""
    side = max(float(np.linalg.norm(eye[0] - eye[3])) * EYE_MARGIN, LEAST_SIDE_PX)
    x, y = eye.mean(0)
    raised = side * EYE_RAISE
    return Crop(float(x + math.sin(angle) * raised), float(y - math.cos(angle) * raised), side, angle)


def read(
    picture: Picture, network: SightNetwork, crops: list[Crop], size_px: int, mirrored: tuple[bool, ...] = ()
) -> tuple[Floats, Floats]:
    """Squares of a picture -> points and uncertainties in the picture's pixels, [B N 2] and [B N]."""
    mirrored = mirrored or (False,) * len(crops)
    cut = np.empty((len(crops), 3, size_px, size_px), np.float32)
    for into, one in zip(cut, zip(crops, mirrored, strict=True), strict=True):
        np.copyto(into, cut_out(picture, *one, size_px).transpose(2, 0, 1))
    cut /= WHITE / 2
    cut -= 1
    seen, log_sigma = network(cut)
    points = [to_picture(places, *one) for places, one in zip(seen, zip(crops, mirrored, strict=True), strict=True)]
    half_sides = np.array([crop.side / 2 for crop in crops])
    return np.stack(points), np.exp(log_sigma) * half_sides[:, None]


def to_crop(crop: Crop, size_px: int) -> NDArray[np.float64]:
    """-> the affine map from the picture's pixels to a crop's, [2 3]."""
    scale = size_px / crop.side
    cos, sin = math.cos(crop.angle) * scale, math.sin(crop.angle) * scale
    turn = np.array([[cos, sin], [-sin, cos]])
    shift = size_px / 2 - turn @ [crop.x, crop.y]
    return np.column_stack([turn, shift])


def cut_out(picture: Picture, crop: Crop, mirror: bool, size_px: int) -> Picture:
    """-> a square of the picture, blurred first where it is much larger than what it becomes."""
    shrink = crop.side / size_px
    margin = 0.75 * crop.side  # only what the square can touch is blurred
    left, top = max(0, int(crop.x - margin)), max(0, int(crop.y - margin))
    part = picture[top : max(top + 1, int(crop.y + margin) + 1), left : max(left + 1, int(crop.x + margin) + 1)]
    if part.size == 0:
        part, left, top = picture, 0, 0
    if shrink > 1.5:
        part = np.asarray(cv2.GaussianBlur(part, (0, 0), ANTIALIAS * shrink), np.uint8)
    affine = to_crop(replace(crop, x=crop.x - left, y=crop.y - top), size_px)
    # pixel middles lie at halves: cv2 counts them from whole numbers
    affine[:, 2] += affine[:, :2] @ [0.5, 0.5] - 0.5
    out = cv2.warpAffine(part, affine, (size_px, size_px), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(out[:, ::-1] if mirror else out, np.uint8)


def to_picture(places_seen: Floats, crop: Crop, mirror: bool) -> Floats:
    """Points of a crop in [-1, 1] -> in the picture's pixels."""
    x, y = (places_seen * [-1, 1] if mirror else places_seen).T * (crop.side / 2)
    cos, sin = math.cos(crop.angle), math.sin(crop.angle)
    return np.stack([crop.x + cos * x - sin * y, crop.y + sin * x + cos * y], axis=-1)
