"""Beards and the shade of hair on the scalp, in the texture of the unwrapped face; and where a beard grows."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from llia.world.chance import stream
from llia.world.colour import linear
from llia.world.face.brows import TONE_FULL, lay_hairs
from llia.world.face.chart import FRAME, load_chart
from llia.world.face.strokes import Cover, Doubles, cover_hairs
from llia.world.face.tones import GREY, grey_on_skin, greyness, hair_on_skin, skin_colour
from llia.world.form.mesh import smoothstep
from llia.world.hair.scalp import directions, hairline
from llia.world.people.person import Beard, BeardStyle, Hair, HairStyle, Skin

Floats = NDArray[np.float32]

MASK_BLUR = 2.0  # FRAME pixels
HAIRS, STUBBLE = 4400, 6600
AREA = np.array([(54.0, 158.0), (458.0, 455.0)])  # of FRAME, where whiskers may be
LENGTH, WIDTH = (5.0, 11.0), (0.7, 1.4)
STUBBLE_LENGTH, STUBBLE_WIDTH = (1.0, 2.4), (0.6, 1.1)
TONES = (0.65, 1.3)
UNDERLAY, GRAIN = 0.80, 0.26  # of a full beard; how uneven its cover is
GRAINS = (148, 270)
SHADOW = 0.62  # of stubble: the roots show through the skin
ROOT_SHADE = 0.8
LIP_CLEARANCE = 1.3
GREY_SHARE, CHIN_GREY, MOST_GREY = 0.95, 0.25, 0.9  # beards grey early, at the chin first
SCALP_COVER = 0.93
SCALP_EDGE = (-1.2, 3.2)  # degrees about the hairline
SHAVEN: dict[HairStyle, float] = {"bald": 0.22, "hijab": 0.0, "turban": 0.0}
NECK_Y = -8.0


def grows(points: NDArray[np.floating], style: BeardStyle) -> Floats:
    """Places on the mean head, [... 3] -> how much of a beard of that style grows there, 0 to 1."""
    x, y, z = np.moveaxis(np.asarray(points, np.float32), -1, 0)
    side = np.abs(x)
    moustache = np.exp(-((side / 2.6) ** 4)) * smoothstep(-3.6, -3.0, y) * smoothstep(-1.35, -1.9, y) * (z > 9)
    if style == "none":
        return np.zeros_like(x)
    if style == "moustache":
        return np.asarray(moustache)
    if style == "goatee":
        chin = np.exp(-((side / 2.0) ** 4)) * smoothstep(-4.9, -5.6, y) * smoothstep(-11, -9, y) * (z > 4)
        bridge = np.exp(-(((side - 3.0) / 0.5) ** 2)) * smoothstep(-2.2, -3.0, y) * smoothstep(-8, -6, y) * (z > 6)
        return np.asarray(np.clip(chin + moustache + bridge, 0, 1))
    jaw = smoothstep(-2.9, -4.9, y - 0.42 * np.maximum(0, side - 2.0))
    jaw *= smoothstep(-13, -9.5, y) * smoothstep(1, 2.8, z)
    burns = smoothstep(5.9, 6.5, side) * smoothstep(0.9, 1.8, z) * smoothstep(4.6, 3.2, z)
    burns *= smoothstep(2.6, 1.1, y) * smoothstep(-6, -4, y) * 0.85
    bare = np.exp(-(((side - 3.4) / 0.8) ** 2)) * np.exp(-(((y + 3.4) / 1.2) ** 2))
    return np.asarray(np.clip(np.maximum(jaw * (1 - 0.5 * bare), burns) + moustache, 0, 1))


@cache
def beard_map(style: BeardStyle, size_px: int) -> Floats:
    """A style and the side of a texture -> where it grows, softly, [S S]."""
    mask = grows(load_chart(size_px).place, style)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), MASK_BLUR * size_px / FRAME), np.float32)


def paint_beard(texture: Floats, beard: Beard, grey: float, skin: Skin, lips: Cover, seed: int) -> None:
    """A beard into the texture: a shadow of roots, then hairs that follow the jaw; never on the lips."""
    if beard.style == "none" or beard.density <= 0:
        return
    size_px, rng = texture.shape[0], stream(seed, "beard")
    mask = beard_map(beard.style, size_px).copy()
    mask[lips.rows, lips.columns] *= 1 - np.minimum(LIP_CLEARANCE * lips.share, 1)
    stubble = beard.style == "stubble"
    base = skin_colour(skin)
    colour, pale = hair_on_skin(beard.colour, base), grey_on_skin(base)
    rows, columns = (slice(*(AREA[:, k] * size_px / FRAME).astype(int)) for k in (1, 0))
    grain = rng.standard_normal(GRAINS, np.float32)
    grain = np.asarray(cv2.resize(grain, (columns.stop - columns.start, rows.stop - rows.start)), np.float32)
    share = mask[rows, columns] * np.float32((SHADOW if stubble else UNDERLAY) * beard.density) * (1 + GRAIN * grain)
    share = np.clip(share, 0, 0.97)[..., None]
    roots = (colour + (pale - colour) * np.float32(0.6 * grey * GREY_SHARE)) * np.float32(
        ROOT_SHADE + (1 - ROOT_SHADE) * grey
    )
    part = texture[rows, columns]
    part[..., :3] += (roots - part[..., :3]) * share
    part[..., 3] *= 1 - 0.8 * share[..., 0]
    hairs = cover_whiskers(mask, beard, grey, rng, size_px)
    lay_hairs(texture, hairs, colour, pale, 0.75 if stubble else 0.85)
    texture[hairs.rows, hairs.columns, 3] *= 1 - 0.6 * hairs.share[..., 0]


def cover_whiskers(mask: Floats, beard: Beard, grey: float, rng: np.random.Generator, size_px: int) -> Cover:
    """Where a beard grows -> its hairs as (cover, cover times tone, cover times grey)."""
    stubble = beard.style == "stubble"
    count = STUBBLE if stubble else HAIRS
    root = rng.uniform(AREA[0], AREA[1], (count, 2))
    chance, grown = rng.uniform(0, 1, count), rng.uniform(0, 1, count)
    length = rng.uniform(*(STUBBLE_LENGTH if stubble else LENGTH), count)
    width = rng.uniform(*(STUBBLE_WIDTH if stubble else WIDTH), count)
    tone, cover = rng.uniform(*TONES, count), rng.uniform(0.4, 0.95, count)
    lean, bend = rng.normal(0, 0.22, count), rng.normal(0, 0.25, count)
    pixel = (root * size_px / FRAME).astype(int)
    grow = mask[pixel[:, 1], pixel[:, 0]]
    kept = grow * (0.35 + 0.65 * beard.density) > chance
    hairs = lay_of_hairs(root, length, lean, bend)
    greyer = grey * GREY_SHARE + CHIN_GREY * grey * np.exp(-(((root[:, 0] - 256) / 50) ** 2)) * (root[:, 1] > 340)
    values = np.stack([cover, cover * tone / TONE_FULL, cover * greyness(grown, greyer.clip(0, 1)) * MOST_GREY], 1)
    values = np.rint(values * np.clip(0.35 + grow, 0, 1)[:, None] * 255).astype(np.uint8)
    if stubble:
        values = (values * np.float32(0.65 + beard.density)).clip(0, 255).astype(np.uint8)
    return cover_hairs(hairs[kept], width[kept], values[kept], AREA, size_px)


def lay_of_hairs(root: Doubles, length: Doubles, lean: Doubles, bend: Doubles) -> Doubles:
    """Roots in FRAME pixels -> hairs that fall and fan out from the mouth, upright below the chin, [n 3 2]."""
    outwards = (root[:, 0] - 256) / 150
    moustache = (root[:, 1] < 272) & (np.abs(root[:, 0] - 256) < 60)
    angle = np.where(moustache, outwards * 2.6, outwards * 0.9) + lean
    first = np.column_stack([np.sin(angle), np.cos(angle)])
    second = np.column_stack([np.sin(angle + bend), np.cos(angle + bend)])
    half = length[:, None] / 2
    return np.stack([root, root + first * half, root + (first + second) * half], 1)


@cache
def scalp_angles(size_px: int) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """-> azimuth and elevation of each pixel of a texture, and whether it lies above the neck."""
    place = load_chart(size_px).place
    azimuth, elevation = directions(place)
    return azimuth, elevation, place[..., 1] > NECK_Y


def paint_hairline(texture: Floats, hair: Hair, coarse: Floats, seed: int) -> None:
    """The shade of hair roots into the texture, above the hairline; `coarse` makes that line uneven."""
    cover = SHAVEN.get(hair.style, SCALP_COVER)
    if cover == 0:
        return
    size_px = texture.shape[0]
    azimuth, elevation, above = scalp_angles(size_px)
    low, high = SCALP_EDGE
    table = hairline(np.arange(181, dtype=np.float32), hair)
    line = cv2.remap(table[None], np.abs(azimuth), np.zeros_like(azimuth), cv2.INTER_LINEAR)
    share = smoothstep(low, high, elevation - line + 0.9 * coarse) * above
    top = int(np.flatnonzero(share.any(1)).max(initial=0)) + 1
    noise = stream(seed, "hairline").standard_normal((size_px // 2, size_px // 2), np.float32)
    noise = np.asarray(cv2.resize(noise, (size_px, size_px))[:top], np.float32)
    share = np.clip(share[:top] * cover * (0.9 + 0.2 * noise), 0, 0.97)
    root = linear(hair.root_colour)
    root = (root + (linear(GREY) - root) * np.float32(hair.grey)) * np.float32(0.8)
    part = texture[:top]
    part[..., :3] += (root - part[..., :3]) * share[..., None]
    part[..., 3] *= 1 - share
