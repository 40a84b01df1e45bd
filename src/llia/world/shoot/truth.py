"""What is exactly known of a film: what was asked for, what it measures on the face, and where all of it is seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.head.likeness import Camera
from llia.head.measures import measure
from llia.head.motion import Motion
from llia.head.shape import Material, RestHead, load_head, turns
from llia.world.form.mesh import Matter
from llia.world.people.person import Person
from llia.world.render.studio import Exposure, Studio

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

NUM_FACE_LANDMARKS = 68
MOUTH, RIGHT_EYE, LEFT_EYE = slice(48, 68), slice(36, 42), slice(42, 48)
IRISES = {148: Material.EYE_LEFT, 149: Material.EYE_RIGHT}  # places in `head.sight`
BOX_ROOM = 0.15  # of a box's size, added on each side
SHOWING = (Material.FACE, Material.SCALP, Material.LASH)  # what may be seen in a landmark's place
NO_MATTER = 255
NEAR_CM = 0.4  # a landmark is visible where a surface so near to it is shown
GRAIN = np.float32(32)  # landmarks are kept to so many parts of a pixel, which packs them to a third
MASK_STEP = 4  # pixels of the picture to one of the mask


class Seen(IntEnum):
    """Classes of the mask."""

    BACKGROUND = 0
    SKIN = 1
    HAIR = 2
    MOUTH = 3  # teeth, gums, tongue, the hollow behind
    EYES = 4
    WORN = 5  # clothes, hats, glasses, jewels


SEEN_OF_MATTER: dict[int, Seen] = {
    Material.FACE: Seen.SKIN,
    Material.SCALP: Seen.SKIN,
    Material.SOCKET: Seen.MOUTH,
    Material.GUMS: Seen.MOUTH,
    Material.TEETH: Seen.MOUTH,
    Material.EYE_LEFT: Seen.EYES,
    Material.EYE_RIGHT: Seen.EYES,
    Material.LASH: Seen.EYES,
    Matter.HAIR: Seen.HAIR,
    Matter.CAP: Seen.HAIR,
    Matter.CLOTH: Seen.WORN,
    Matter.TORSO: Seen.SKIN,
    Matter.GLASS: Seen.WORN,
    Matter.METAL: Seen.WORN,
    Matter.HAT: Seen.WORN,
}


@dataclass(frozen=True)
class Sighting:
    """Where things stand in one picture, in its pixels."""

    points: Floats  # 150 3: x, y of the head's `sight` vertices, and 1 where nothing hides them
    boxes: Floats  # 4 4: face, mouth, right eye, left eye; left, top, right, bottom
    mask: Bytes  # h w, `Seen`


def shoot_film(studio: Studio, motions: Iterable[Motion]) -> tuple[Bytes, dict[str, NDArray[Any]]]:
    """Frames of motion -> pictures, [F H W 3], and where everything stands in them, by name and frame."""
    pictures: list[Bytes] = []
    sightings: list[Sighting] = []
    for motion in motions:
        exposure = studio.expose(motion)
        pictures.append(exposure.picture)
        sightings.append(sight(exposure, studio))
    return np.stack(pictures), stack_sightings(sightings)


def sight(exposure: Exposure, studio: Studio, mask_step: int = MASK_STEP) -> Sighting:
    """A picture just taken -> where everything in it stands."""
    chosen = load_head().sight
    places = exposure.screen[chosen]
    landmarks = places[:, :2] / np.float32(studio.samples)
    visible = is_visible(places, exposure, studio)
    return Sighting(
        points=np.column_stack([np.round(landmarks * GRAIN) / GRAIN, visible]).astype(np.float32),
        boxes=boxes_of(landmarks),
        mask=mask_of(exposure.ids, studio.body.matter, studio.samples * mask_step),
    )


def is_visible(places: Floats, exposure: Exposure, studio: Studio) -> NDArray[np.bool_]:
    """Landmarks on the screen (x, y in samples, 1 / depth) -> whether each shows: skin (or a lash) as near as it is in
    one of the samples about it. An iris shows where any of its eye does."""
    side, matter = len(exposure.ids), studio.body.matter
    margin = NEAR_CM / studio.camera.distance
    columns, rows = np.floor(places[:, 0]).astype(int), np.floor(places[:, 1]).astype(int)
    inside = (columns >= 0) & (rows >= 0) & (columns < side) & (rows < side)
    visible = np.zeros(len(places), bool)
    for number in np.flatnonzero(inside).tolist():
        x, y, nearness = columns[number], rows[number], places[number, 2]
        around = slice(max(0, y - 1), y + 2), slice(max(0, x - 1), x + 2)
        shown = exposure.ids[around]
        kind = np.where(shown < 0, NO_MATTER, matter[shown])
        if number in IRISES:
            visible[number] = np.any(kind == IRISES[number])
        else:
            near = np.abs(exposure.depth[around] - nearness) < nearness * margin
            visible[number] = np.any(near & np.isin(kind, SHOWING))
    return visible


def boxes_of(landmarks: Floats) -> Floats:
    """Landmarks, [150 2] -> boxes about face, mouth and both eyes with some room, [4 4]."""
    parts = (landmarks[:NUM_FACE_LANDMARKS], landmarks[MOUTH], landmarks[RIGHT_EYE], landmarks[LEFT_EYE])
    boxes = []
    for part in parts:
        low, high = part.min(0), part.max(0)
        room = (high - low).max() * BOX_ROOM
        boxes.append([*(low - room), *(high + room)])
    return np.array(boxes, np.float32)


def mask_of(ids: NDArray[np.int32], matter: Bytes, step: int) -> Bytes:
    """Triangles of the samples -> the class in the middle of each block of step x step samples."""
    middle = ids[step // 2 :: step, step // 2 :: step]
    table = np.array([SEEN_OF_MATTER[number] for number in range(len(SEEN_OF_MATTER))], np.uint8)
    return np.where(middle < 0, np.uint8(Seen.BACKGROUND), table[matter[middle]]).astype(np.uint8)


def stack_sightings(sightings: list[Sighting]) -> dict[str, NDArray[Any]]:
    """Sightings of F pictures -> arrays by frame, by name."""
    names = Sighting.__dataclass_fields__
    return {name: np.stack([getattr(one, name) for one in sightings]) for name in names}


def measure_motion(rest: RestHead, motion: NDArray[np.float32]) -> dict[str, NDArray[Any]]:
    """Motion, [F 66] -> what it comes to on this person's face, by frame: lip gap and width and lid apertures in cm,
    and how the head stands in space."""
    spans = measure(rest)
    standing = [turns(one) for one in motion]
    return {
        "motion": motion,
        "lip_gap": spans.lip_gap(motion).astype(np.float32),
        "lip_width": spans.lip_width(motion).astype(np.float32),
        "eye_left": spans.eye_left(motion).astype(np.float32),
        "eye_right": spans.eye_right(motion).astype(np.float32),
        "head_turn": np.stack([head for head, *_ in standing]),  # F 3 3
        "head_shift": np.stack([shift for _, shift, *_ in standing]),  # F 3
    }


def identity_row(person: Person) -> NDArray[np.float32]:
    """-> the identity coefficients, [40]."""
    return np.array(person.identity, np.float32)


def camera_row(camera: Camera) -> NDArray[np.float32]:
    """-> x, y, distance, focal, roll, [5]."""
    return np.array([camera.x, camera.y, camera.distance, camera.focal, camera.roll], np.float32)
