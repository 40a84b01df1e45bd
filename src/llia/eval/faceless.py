"""A seed and a number -> a picture without a face: what must not be taken for one."""

from __future__ import annotations

import math
import string
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from llia.eval.hands import draw_hand
from llia.head.motion import HEAD_TURN, MOTION_INDEX
from llia.head.motion import rest as rest_motion
from llia.world.backdrop.background import paint_background
from llia.world.colour import encode_srgb
from llia.world.face.tones import skin_colour
from llia.world.people.casting import cast, draw_background
from llia.world.people.framing import wild_framing
from llia.world.render.body import build
from llia.world.render.studio import Studio

Picture = NDArray[np.uint8]
Rng = np.random.Generator

WHITE = 255
PEOPLE = 900_000_000  # numbers from here on lend skin, heads from behind and rooms; no shard has them
FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_TRIPLEX, cv2.FONT_HERSHEY_SCRIPT_COMPLEX,
    cv2.FONT_HERSHEY_DUPLEX,
)  # fmt: skip
OCTAVES = (2, 4, 8, 16, 32, 64)
WIDEST_FROM_BEHIND = math.radians(25)  # away from the straight view of the back of a head


def faceless(seed: int, number: int, size_px: int = 256) -> tuple[Picture, str]:
    """-> a picture and what it is of, one kind after the other; the same for the same numbers in every process."""
    rng = np.random.default_rng([seed, number])
    kind = list(KINDS)[number % len(KINDS)]
    return np.ascontiguousarray(KINDS[kind](rng, size_px)), kind


def paint_clutter(rng: Rng, size: int) -> Picture:
    """Things of all shapes before a room."""
    picture = paint_room(rng, size)
    for _ in range(int(rng.integers(8, 60))):
        draw_thing(picture, rng, rng.uniform(0.02, 0.3) * size)
    return blurred(picture, rng, 0.5)


def draw_thing(picture: Picture, rng: Rng, reach: float) -> None:
    """Paints an ellipse, a polygon, a ring or a bar, in place."""
    colour, size = rng.integers(0, WHITE, 3).tolist(), len(picture)
    middle = rng.uniform(0, size, 2)
    kind = rng.integers(4)
    if kind == 0:
        axes = reach * rng.uniform(0.3, 1, 2)
        shape = (float(middle[0]), float(middle[1])), (float(axes[0]), float(axes[1])), float(rng.uniform(0, 180))
        cv2.ellipse(picture, shape, colour, -1, cv2.LINE_AA)
    elif kind == 1:
        corners = middle + rng.normal(0, reach / 2, (int(rng.integers(3, 7)), 2))
        cv2.fillPoly(picture, [corners.astype(np.int32)], colour, cv2.LINE_AA)
    elif kind == 2:
        around, width = (int(middle[0]), int(middle[1])), max(1, int(reach / 12))
        cv2.circle(picture, around, max(1, int(reach / 2)), colour, width, cv2.LINE_AA)
    else:
        ends = middle + rng.normal(0, reach, (2, 2))
        cv2.line(picture, ends[0].astype(int).tolist(), ends[1].astype(int).tolist(), colour, max(1, int(reach / 8)))


def paint_texture(rng: Rng, size: int) -> Picture:
    """Cloud, marble, grain, stripes or tiles."""
    field = np.zeros((size, size), np.float32)
    for cells in OCTAVES:
        coarse = rng.normal(0, cells ** -rng.uniform(0.1, 1.2), (cells, cells)).astype(np.float32)
        field += cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC)
    y, x = np.mgrid[:size, :size].astype(np.float32) / size
    waves, angle = rng.uniform(2, 30), rng.uniform(0, math.pi)
    along = x * math.cos(angle) + y * math.sin(angle)
    across = y * math.cos(angle) - x * math.sin(angle)
    kind = rng.integers(4)
    if kind == 0:
        field = np.sin(2 * math.pi * waves * along + 2 * field)
    elif kind == 1:
        field = np.sign(np.sin(2 * math.pi * waves * along) * np.sin(2 * math.pi * waves * across)) + 0.3 * field
    elif kind == 2:
        field = np.abs(field)
    share = (field - field.min()) / max(float(np.ptp(field)), 1e-6)
    first, second = rng.uniform(0, WHITE, (2, 3))
    return np.asarray(first + (second - first) * share[..., None], np.uint8)


def paint_text(rng: Rng, size: int) -> Picture:
    """A page, a sign, a screen of words."""
    paper, ink = rng.uniform(140, WHITE, 3), rng.uniform(0, 110, 3)
    if rng.random() < 0.3:
        paper, ink = ink, paper
    picture = np.full((size, size, 3), paper, np.uint8) if rng.random() < 0.7 else paint_room(rng, size)
    font, scale = int(rng.choice(FONTS)), rng.uniform(0.25, 3) * size / 256
    width, letters = max(1, round(scale * rng.uniform(0.6, 2.5))), list(string.ascii_letters + "     ,.!?0123")
    for y in np.arange(0.1 * size, size, 34 * scale + 2):
        line = "".join(rng.choice(letters, 60))
        cv2.putText(picture, line, (int(rng.uniform(-10, 10)), int(y)), font, scale, ink.tolist(), width, cv2.LINE_AA)
    turn = cv2.getRotationMatrix2D((size / 2, size / 2), rng.normal(0, 12), rng.uniform(1, 1.4))
    return blurred(np.asarray(cv2.warpAffine(picture, turn, (size, size), borderMode=cv2.BORDER_REFLECT)), rng, 0.3)


def paint_hands(rng: Rng, size: int) -> Picture:
    """One hand or two before a room."""
    picture = paint_room(rng, size)
    skin = to_bytes(skin_colour(cast(someone(rng)).skin))
    for _ in range(int(rng.integers(1, 3))):
        draw_hand(picture, skin, rng)
    return blurred(picture, rng, 0.5)


def shoot_from_behind(rng: Rng, size: int) -> Picture:
    """The back of the head of somebody of the world."""
    person = cast(someone(rng))
    body = build(replace(person, framing=wild_framing(rng)))
    motion = rest_motion()
    motion[MOTION_INDEX["torso.yaw"]] = math.pi + rng.uniform(-0.6, 0.6) * WIDEST_FROM_BEHIND
    motion[HEAD_TURN] = rng.uniform(-0.4, 0.4, 3) * WIDEST_FROM_BEHIND
    return Studio(body, size).shoot(motion)


def paint_animal(rng: Rng, size: int) -> Picture:
    """A furry head with two eyes, ears and a snout: the hardest, for it has nearly all that a face has."""
    picture = paint_room(rng, size)
    middle, reach = rng.uniform(0.35, 0.65, 2) * size, rng.uniform(0.12, 0.36) * size
    fur, dark = rng.uniform(40, 230, 3), rng.uniform(0, 50, 3)
    wide, tall = rng.uniform(0.8, 1.2), rng.uniform(0.75, 1.1)

    def blob(x: float, y: float, rx: float, ry: float, colour: NDArray[Any], degrees: float = 0.0) -> None:
        at = float(middle[0] + x * reach), float(middle[1] + y * reach)
        shape = at, (2 * max(rx, 0.02) * reach, 2 * max(ry, 0.02) * reach), degrees
        cv2.ellipse(picture, shape, np.clip(colour, 0, WHITE).tolist(), -1, cv2.LINE_AA)

    blob(rng.uniform(-0.8, 0.8), 1.6, 1.1, 1.3, fur * 0.85)
    ear_y, ear_width, ear_height = rng.uniform(-1.1, -0.2), rng.uniform(0.2, 0.45), rng.uniform(0.3, 1.1)
    for side in (-1, 1):
        blob(side * rng.uniform(0.6, 0.95) * wide, ear_y, ear_width, ear_height, fur * 0.8, side * rng.uniform(0, 50))
    blob(0, 0, wide, tall, fur)
    snout_y = rng.uniform(0.25, 0.55)
    blob(0, snout_y, rng.uniform(0.25, 0.6), rng.uniform(0.2, 0.5), fur * rng.uniform(0.8, 1.3))
    eye_x, eye_y, eye = rng.uniform(0.25, 0.6), rng.uniform(-0.4, 0.05), rng.uniform(0.08, 0.24)
    iris = rng.uniform(60, 220, 3)
    for side in (-1, 1):
        blob(side * eye_x, eye_y, eye, eye * rng.uniform(0.7, 1.1), iris)
        blob(side * eye_x, eye_y, eye * rng.uniform(0.2, 0.8), eye * 0.75, dark)
        blob(side * eye_x + 0.03, eye_y - 0.05, 0.03, 0.03, np.full(3, 250.0))
    nose = rng.uniform(0.06, 0.2)
    blob(0, snout_y - 0.15, nose, nose * 0.7, dark)
    blob(0, snout_y + 0.2, rng.uniform(0.05, 0.35), 0.03, dark)
    grain = rng.normal(0, rng.uniform(4, 25), (size, size, 1))
    return blurred(np.clip(picture + grain, 0, WHITE).astype(np.uint8), rng, 0.5)


def paint_room(rng: Rng, size: int) -> Picture:
    """-> what may stand behind anybody, nobody before it."""
    return to_bytes(paint_background(draw_background(rng), size))


def to_bytes(light: NDArray[np.floating[Any]]) -> Picture:
    """Linear light -> bytes of sRGB."""
    return np.asarray(np.clip(encode_srgb(light), 0, 1) * WHITE, np.uint8)


def someone(rng: Rng) -> int:
    """-> the number of a person of whom only skin or the back of the head is wanted."""
    return PEOPLE + int(rng.integers(10**6))


def blurred(picture: Picture, rng: Rng, share: float) -> Picture:
    """-> the picture, sometimes out of focus."""
    if rng.random() >= share:
        return picture
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 4) * len(picture) / 256), np.uint8)


KINDS: dict[str, Callable[[Rng, int], Picture]] = {
    "clutter": paint_clutter,
    "texture": paint_texture,
    "text": paint_text,
    "hands": paint_hands,
    "back of a head": shoot_from_behind,
    "animal": paint_animal,
}
