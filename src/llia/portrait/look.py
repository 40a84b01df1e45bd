"""A picture -> whose face it shows and which square of it to keep, or in one sentence why it cannot be used."""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.head.likeness import FACE_DEPTH_CM, Crop, Likeness
from llia.head.motion import HEAD_TURN
from llia.portrait.find import (
    FACE_SHARE,
    LEAST_FACE_PX,
    UNSURE,
    Found,
    Sights,
    look,
    look_again,
    look_at_sure,
    look_finely,
    search,
)
from llia.portrait.fit import Fitted, fit

Picture = NDArray[np.uint8]  # H W 3, RGB

SMALL_FACE_PX = 64  # as LEAST_FACE_PX
PERHAPS = 0.2  # doubt up to which something may be a face in profile, upside down or half hidden
HARDLY = 0.15  # doubt of a fine look from where on it is no more than that
MOST_YAW, WIDE_YAW = math.radians(60), math.radians(35)
MOST_RESIDUAL, HIGH_RESIDUAL = 0.05, 0.025  # in face boxes
# The square that is kept, as the world frames people: cm from its middle to its border, and how high its middle stands.
HALF_HEIGHT_CM, MIDDLE_CM = 16.3, 0.0
LEAST_HALF_HEIGHT_CM = 13.5  # where the picture has no more room
MOST_SHIFT_CM = 3.0  # by which the square gives way to the picture's border


@dataclass(frozen=True)
class Look:
    """What was seen in a picture. `why` is empty where it can be used."""

    why: str
    warnings: tuple[str, ...]
    num_faces: int
    face: Found | None
    fitted: Fitted | None
    ms: dict[str, float]  # how long each step took

    @property
    def found(self) -> bool:
        return not self.why

    def to_plain(self) -> dict[str, Any]:
        """-> what `llia portrait look --json` prints."""
        plain: dict[str, Any] = {"found": self.found, "certainty": 0.0, "faces": self.num_faces}
        if self.why:
            plain["why"] = self.why
        if self.face is not None:
            plain["certainty"] = round(certainty(self.face), 4)
            plain["landmarks68"] = np.round(self.face.points[:68].astype(float), 3).tolist()
            plain["box"] = [round(side, 3) for side in self.face.box]
        if self.fitted is not None:
            plain["likeness"] = json.loads(self.fitted.likeness.to_json())
            plain["residual"] = round(self.fitted.residual, 5)
        ms = {name: round(took, 1) for name, took in self.ms.items()}
        return plain | {"warnings": list(self.warnings), "ms": ms}


def certainty(face: Found) -> float:
    """-> from 0 to 1; one half is where a face is no longer taken for one."""
    return 1 / (1 + (face.doubt / UNSURE) ** 2)


def examine(picture: Picture, sights: Sights, box: tuple[float, float, float] | None = None) -> Look:
    """A picture -> what is seen in it. `box` (left, top, side of the face) is taken as it is: nothing is refused."""
    start = time.perf_counter()
    check_picture(picture)
    perhaps = [] if box else search(picture, sights)
    faces = [look_into(picture, sights, box)] if box else look_at_sure(picture, sights, perhaps)
    ms = {"find": 1000 * (time.perf_counter() - start)}
    if not box:
        perhaps, faces = faces or perhaps, [face for face in faces if face.doubt < HARDLY]
    if not faces:
        return find_nobody(perhaps, ms)
    face, warnings = faces[0], []
    if face.doubt >= UNSURE:
        warnings.append(f"it is not certain that this is a face ({certainty(face):.2f} of 1)")
    if len(faces) > 1:
        others = ", ".join(f"{other.size_px:.0f} px" for other in faces[1:])
        warnings.append(f"there are {len(faces)} faces: the largest is taken ({face.size_px:.0f} px; others: {others})")
    if face.size_px < LEAST_FACE_PX and not box:
        why = f"expected a face of at least {LEAST_FACE_PX} px, found one of {face.size_px:.0f}; use a larger picture"
        return Look(why, tuple(warnings), len(faces), face, None, ms)
    if face.size_px < SMALL_FACE_PX:
        warnings.append(f"the face is small ({face.size_px:.0f} px): the film will be blurred")
    start = time.perf_counter()
    fitted = fit_framed(picture, face)
    ms["fit"] = 1000 * (time.perf_counter() - start)
    why, more = judge(fitted)
    if box:
        why, more = "", [*([f"taken as it is, although: {why}"] if why else []), *more]
    return Look(why, (*warnings, *more), len(faces), face, fitted, ms)


def find_nobody(perhaps: list[Found], ms: dict[str, float]) -> Look:
    """What may be faces, the likeliest first -> a refusal that tells of it."""
    if perhaps and perhaps[0].doubt < PERHAPS:
        what = f"{perhaps[0].size_px:.0f} px, certainty {certainty(perhaps[0]):.2f} of 1"
        why = (
            f"expected a face that looks this way, found only what may be one ({what}): turned by more than "
            f"{math.degrees(MOST_YAW):.0f} degrees, not upright, or half hidden; choose another picture or turn it"
        )
        return Look(why, (), 0, perhaps[0], None, ms)
    why = "expected a face, found none; choose a picture of a face, or give its place with --use-as-is --box"
    return Look(why, (), 0, None, None, ms)


def check_picture(picture: Picture) -> None:
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8:
        raise ValueError(f"expected a picture H W 3 of uint8, got {picture.shape} of {picture.dtype}")
    if min(picture.shape[:2]) < LEAST_FACE_PX:
        height, width = picture.shape[:2]
        raise ValueError(f"expected a picture of at least {LEAST_FACE_PX} px a side, got {width} x {height}")


def look_into(picture: Picture, sights: Sights, box: tuple[float, float, float]) -> Found:
    """-> what is seen where a face is said to be."""
    x, y, side = box
    height, width = picture.shape[:2]
    inside = 0 <= x + side / 2 <= width and 0 <= y + side / 2 <= height
    if not (inside and 0 < side <= 2 * max(height, width)):
        raise ValueError(f"expected a box (left, top, side) in a picture of {width} x {height} px, got {box}")
    crop = Crop(x + side / 2, y + side / 2, side / FACE_SHARE)
    return look_finely(picture, sights, look_again(picture, sights.first, look(picture, sights.first, [crop]), 1)[0])


def judge(fitted: Fitted) -> tuple[str, list[str]]:
    """A fit -> why it cannot be used, or nothing, and warnings."""
    yaw, residual = float(fitted.likeness.motion[HEAD_TURN.start]), fitted.residual
    if abs(yaw) > MOST_YAW:
        return (
            f"expected a face turned by less than {math.degrees(MOST_YAW):.0f} degrees, got one turned by "
            f"{abs(math.degrees(yaw)):.0f} to {'its left' if yaw > 0 else 'its right'}; "
            "choose a picture that shows both eyes"
        ), []
    if residual > MOST_RESIDUAL:
        return (
            f"expected a face that a head can be fitted to within {100 * MOST_RESIDUAL:.0f} % of its size, "
            f"this one misses by {100 * residual:.1f} %; choose a clearer picture"
        ), []
    warnings = []
    if abs(yaw) > WIDE_YAW:
        warnings.append(f"the head is turned by {abs(math.degrees(yaw)):.0f} degrees: the far cheek will be guessed")
    if residual > HIGH_RESIDUAL:
        warnings.append(f"the head fits only within {100 * residual:.1f} % of the face's size")
    return "", warnings


def fit_framed(picture: Picture, face: Found) -> Fitted:
    """A face -> the head that explains it, seen in a square framed as the world frames people."""
    rough = fit(face.points, face.sigma)
    crop = keep_inside(frame_of(rough.likeness), picture.shape[1], picture.shape[0])
    return fit(face.points, face.sigma, crop)


def frame_of(likeness: Likeness) -> Crop:
    """A likeness -> the square of the picture about the head, its shoulders below."""
    camera, crop = likeness.camera, likeness.crop
    per_cm = camera.focal / (camera.distance - FACE_DEPTH_CM)  # half sides
    middle = np.array([-camera.x, camera.y - MIDDLE_CM]) * per_cm
    x, y = crop.to_picture(middle).tolist()
    return Crop(x, y, crop.side * HALF_HEIGHT_CM * per_cm, crop.angle)


def keep_inside(crop: Crop, width: int, height: int) -> Crop:
    """A square and the size of the picture -> the square drawn in and shifted a little where it leaves the picture."""
    if crop.angle:
        return crop
    least = crop.side * LEAST_HALF_HEIGHT_CM / HALF_HEIGHT_CM
    side = float(np.clip(min(width, height), least, crop.side))
    most = side * MOST_SHIFT_CM / (2 * HALF_HEIGHT_CM)
    x, y = (
        middle + float(np.clip(wanted - middle, -most, most))
        for middle, wanted in (
            (crop.x, nearest_middle(crop.x, side, width)),
            (crop.y, nearest_middle(crop.y, side, height)),
        )
    )
    return replace(crop, x=x, y=y, side=side)


def nearest_middle(middle: float, side: float, length: int) -> float:
    """-> the middle nearest to this one of a square that lies in the picture, or the picture's own."""
    return length / 2 if side >= length else float(np.clip(middle, side / 2, length - side / 2))
