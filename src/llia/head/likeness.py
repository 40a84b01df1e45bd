"""Whose head, seen by which camera: what is known of a portrait, and how points of space come to stand in a picture."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.head.motion import MOTION_SIZE, Motion
from llia.head.shape import Floats, RestHead, load_head, pose, rest_head

FACE_DEPTH_CM = 4.0  # how far the face stands before the head's origin, about


@dataclass(frozen=True)
class Camera:
    """A pinhole at (x, y, distance) that looks along -z; the picture is square."""

    x: float
    y: float
    distance: float
    focal: float  # half a picture's side is seen under the angle atan(1 / focal)
    roll: float = 0.0  # radians; positive turns what is seen clockwise

    @classmethod
    def framing(cls, x: float, y: float, distance: float, half_height: float, roll: float = 0.0) -> Camera:
        """A camera that sees `half_height` cm of the face's plane from the picture's middle to its border."""
        return cls(x, y, distance, (distance - FACE_DEPTH_CM) / half_height, roll)


@dataclass(frozen=True)
class Crop:
    """A square of a picture, turned: middle and side in the picture's pixels, angle in radians."""

    x: float
    y: float
    side: float
    angle: float = 0.0  # of the square's upper edge, clockwise as one sees it

    def from_picture(self, points: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
        """Points of the picture in its pixels, [... 2] -> in half sides of the square from its middle, [... 2]."""
        return np.asarray((points - [self.x, self.y]) @ self.axes().T * (2 / self.side))

    def to_picture(self, points: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
        """Points in half sides of the square from its middle, [... 2] -> of the picture in its pixels, [... 2]."""
        return np.asarray(points @ self.axes() * (self.side / 2) + [self.x, self.y])

    def matrix(self, size_px: int) -> NDArray[np.float64]:
        """-> what takes pixels of the picture to pixels of the square drawn at that size, [2 3], as OpenCV wants it.

        Whole coordinates are the middles of pixels there, their upper left corners here.
        """
        turn = self.axes() * (size_px / self.side)
        shift = turn @ [0.5 - self.x, 0.5 - self.y] + (size_px - 1) / 2
        return np.column_stack([turn, shift])

    def axes(self) -> NDArray[np.float64]:
        """-> the directions of the square's upper edge and of its left one, [2 2]."""
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        return np.array([[cos, sin], [-sin, cos]])


@dataclass(frozen=True)
class Likeness:
    """A portrait's head: who, seen how, moved how, and which square of the picture the camera speaks of."""

    identity: Floats  # 40
    camera: Camera
    motion: Motion  # 66, as the picture was taken
    crop: Crop

    def __post_init__(self) -> None:
        num_modes = len(load_head().identity)
        if self.identity.shape != (num_modes,) or self.motion.shape != (MOTION_SIZE,):
            raise ValueError(
                f"expected identity [{num_modes}] and motion [{MOTION_SIZE}], "
                f"got {list(self.identity.shape)} and {list(self.motion.shape)}"
            )

    def rest(self) -> RestHead:
        """-> this person's head without motion."""
        return rest_head(self.identity)

    def pose(self, motion: Motion) -> Floats:
        """A frame of motion -> this person's vertices, [V 3]."""
        return pose(self.rest(), motion)

    def to_json(self) -> str:
        data = asdict(self) | {"identity": self.identity.tolist(), "motion": self.motion.tolist()}
        return json.dumps(data)

    @classmethod
    def from_json(cls, text: str) -> Likeness:
        try:
            data: dict[str, Any] = json.loads(text)
            return cls(
                np.array(data["identity"], np.float32),
                Camera(**data["camera"]),
                np.array(data["motion"], np.float32),
                Crop(**data["crop"]),
            )
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            raise ValueError(f"expected a likeness as JSON with identity, camera, motion, crop: {error}") from error


def project(vertices: NDArray[np.floating[Any]], camera: Camera, size_px: int) -> Floats:
    """Points of space, [... 3] -> x and y in pixels from the picture's upper left corner, and 1 / depth, [... 3]."""
    nearness = 1 / (camera.distance - vertices[..., 2])
    half = size_px / 2
    right = (vertices[..., 0] - camera.x) * (camera.focal * half) * nearness
    down = (camera.y - vertices[..., 1]) * (camera.focal * half) * nearness
    cos, sin = np.cos(camera.roll), np.sin(camera.roll)
    x, y = half + cos * right - sin * down, half + sin * right + cos * down
    return np.stack([x, y, nearness], axis=-1).astype(np.float32)
