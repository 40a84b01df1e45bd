"""Eyebrows: a soft underlay and some hundred hairs each, in the texture of the unwrapped face."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from llia.world.chance import stream
from llia.world.face.chart import chart_landmarks, mirror
from llia.world.face.strokes import Cover, Doubles, cover_hairs, cover_shapes, curve, dull, lay
from llia.world.face.tones import grey_on_skin, greyness, hair_on_skin, skin_colour
from llia.world.people.person import Brows, Skin

Floats = NDArray[np.float32]

RIGHT_BROW = slice(17, 22)  # landmarks, outer to inner
POINTS = 50
INNER = np.array([(4.0, 0.0), (2.0, 0.0), (0.0, 0.0), (-1.0, 0.3), (-4.0, 1.0)])  # how the landmarks are shifted
ARCH = np.array([(0.0, 1.0), (0.0, -2.5), (0.0, -1.5), (0.0, 0.0), (0.0, 0.0)])  # and by a full arch
# From the outer end to the inner: share of the way, width, turn of the hairs upwards, their length.
WIDTH_AT, WIDTH = (0, 0.25, 0.7, 0.95, 1), (0.25, 0.8, 1.0, 1.0, 0.8)
RISE_AT, RISE = (0, 0.5, 0.85, 1), (0.05, 0.32, 0.7, 0.95)
HAIRS, HAIR_LENGTH, HAIR_WIDTH = 360, (5.0, 9.5), (0.65, 1.2)
UNDERLAY, UNDERLAY_BLUR, COVERING = 0.62, 2.0, 0.95
TONES, TONE_FULL = (0.5, 1.1), 1.5  # of the hairs, and the tone that 255 stands for
GREY_SHARE, MOST_GREY = 0.75, 0.85  # brows grey later than hair, and never to pure white
AGED_WIDTH = 0.14


def brow_line(brows: Brows) -> Doubles:
    """-> the middle of the right brow, outer end first, in FRAME pixels, [POINTS 2]."""
    points = chart_landmarks()[RIGHT_BROW] + INNER + ARCH * (1, brows.arch)
    points[0, 1] += 1 - brows.arch
    points[:, 1] += brows.height
    return curve(points, POINTS)


def paint_brows(texture: Floats, brows: Brows, grey: float, skin: Skin, seed: int) -> None:
    """Both brows into the texture, some of their hairs grey."""
    size_px = texture.shape[0]
    base = skin_colour(skin)
    colour, pale = hair_on_skin(brows.colour, base), grey_on_skin(base)
    line = brow_line(brows)
    share = np.linspace(0, 1, POINTS)
    width = np.interp(share, WIDTH_AT, WIDTH) * brows.width * 1.08 * (1 - AGED_WIDTH * skin.age)
    half = np.column_stack([np.zeros(POINTS), width / 2])
    shape = np.vstack([line - half, (line + half)[::-1]])
    paled = colour + (pale - colour) * np.float32(0.6 * GREY_SHARE * grey)
    for side, outline in (("right", shape), ("left", mirror(shape))):
        rng = stream(seed, f"{side} brow")
        underlay = cover_shapes([outline], size_px, blur=UNDERLAY_BLUR)
        lay(texture, underlay, paled, UNDERLAY * brows.density)
        hairs = cover_brow_hairs(line, width, brows, grey, rng, size_px, left=side == "left")
        lay_hairs(texture, hairs, colour, pale, COVERING)
        dull(texture, underlay, 0.7)


def cover_brow_hairs(
    line: Doubles, width: Doubles, brows: Brows, grey: float, rng: np.random.Generator, size_px: int, *, left: bool
) -> Cover:
    """The middle line and width of the right brow -> hairs: how covered, of what tone, how grey, [h w 3]."""
    count = round(HAIRS * brows.density)
    # All are drawn before some are kept, so that density does not reshuffle the rest.
    most = round(HAIRS * 1.5)
    at = rng.uniform(0, 1, most)
    offset, length = rng.normal(0, 0.28, most), rng.uniform(*HAIR_LENGTH, most)
    thick, tone, grown = rng.uniform(*HAIR_WIDTH, most), rng.uniform(*TONES, most), rng.uniform(0, 1, most)
    cover = rng.uniform(0.65, 1, most)
    place = (at * (POINTS - 1)).astype(int).clip(0, POINTS - 2)
    root = line[place] + np.column_stack([np.zeros(most), offset.clip(-0.55, 0.55) * width[place]])
    outwards = line[place] - line[place + 1]
    outwards /= np.linalg.norm(outwards, axis=1, keepdims=True) + 1e-6
    way = outwards + np.column_stack([np.zeros(most), -np.interp(at, RISE_AT, RISE)])
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    bend = (way + outwards) / np.linalg.norm(way + outwards, axis=1, keepdims=True)
    length = (length * np.interp(at, (0, 1), (0.8, 1.05)))[:, None]
    start = root - way * length * 0.4
    hairs = np.stack([start, start + way * length * 0.5, start + way * length * 0.5 + bend * length * 0.5], 1)
    if left:
        hairs = mirror(hairs.reshape(-1, 2)).reshape(hairs.shape)
    is_grey = greyness(grown, grey * GREY_SHARE) * MOST_GREY
    values = np.stack([cover, cover * tone / TONE_FULL, cover * is_grey], 1)
    levels = np.rint(values * 255).astype(np.uint8)
    return cover_hairs(hairs[:count], thick[:count], levels[:count], hairs.reshape(-1, 2), size_px)


def lay_hairs(texture: Floats, hairs: Cover, colour: Floats, grey: Floats, strength: float) -> None:
    """Hairs as (cover, cover times tone, cover times grey) mixed into the texture."""
    cover, tone, greyed = (hairs.share[..., k, None] for k in range(3))
    part = texture[hairs.rows, hairs.columns, :3]
    paint = colour * (tone * np.float32(TONE_FULL)) + (grey - colour) * greyed
    part *= 1 - np.float32(strength) * cover
    part += np.float32(strength) * paint
