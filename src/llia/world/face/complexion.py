"""The skin itself: mottling, blush, freckles, moles and spots of age over the plain colour, and where it shines."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from llia.world.chance import stream
from llia.world.face.chart import FRAME, load_chart
from llia.world.face.strokes import Doubles, cover_shapes, lay, stain
from llia.world.face.tones import DARKEST, ORBIT, blush_factor, skin_colour
from llia.world.form.mesh import smoothstep
from llia.world.people.person import Skin

Floats = NDArray[np.float32]

MOTTLE, COARSE, FINE = 0.024, (5, 9, 17), (40, 80, 160, 320)  # strength and grid sizes of the unevenness
PORES = 0.020
FALL = 0.6  # each finer grid is so much weaker
REDDENING = 0.014  # of the mottling: the blue-green of blood that lies unevenly
AGED_MOTTLE = 0.9
GLOSS_NOISE, GLOSS_RANGE = 0.15, (0.2, 1.5)
DARK_FINENESS = 0.5  # how much more the gloss of dark skin keeps to its places
FRECKLES, FRECKLE_COLOUR = 280, np.array([0.62, 0.46, 0.37])
MOLE_COLOUR = np.array([0.40, 0.30, 0.25])
AGE_SPOTS, AGE_SPOT_COLOUR, AGE_SPOTS_FROM = 26, np.array([0.80, 0.69, 0.60]), 0.45


@cache
def skin_maps(size_px: int) -> tuple[Floats, Floats]:
    """The side of a texture -> maps of blush, orbit and light [3 S S], and the usual gloss [S S]."""
    place = load_chart(size_px).place
    x, y, z = np.moveaxis(place, -1, 0)
    side = np.abs(x)

    def spot(cx: float, cy: float, sx: float, sy: float) -> Floats:
        return np.asarray(np.exp(-(((side - cx) / sx) ** 2 + ((y - cy) / sy) ** 2) / 2), np.float32)

    blush = spot(4.6, -0.6, 2.0, 1.6) * (z > 2) + 0.8 * spot(0, 0.2, 1.25, 1.5) * (z > 10)
    blush += 0.8 * smoothstep(7.6, 8.4, side) * (np.abs(y) < 5)
    blush += 0.45 * spot(0, -6.8, 1.6, 1.2) + 0.15 * spot(0, 9, 4, 2)
    orbit = spot(3.1, 3.0, 2.0, 1.35) * (z > 5)
    bright = 0.06 * spot(0, 8.5, 1.56, 1.7) + 0.05 * spot(0, 2, 0.5, 2.1) * (z > 9)
    gloss = 0.55 + 0.6 * spot(0, 8, 1.7, 2.26) + 0.7 * spot(0, 1, 0.92, 2.1) + 0.25 * spot(4.2, 1, 1.7, 1.7)
    maps = np.stack([np.clip(blush, 0, 1.3), orbit, bright])
    return maps.astype(np.float32), gloss.astype(np.float32)


def unevenness(rng: np.random.Generator, grids: tuple[int, ...], size_px: int) -> Floats:
    """Chance and grid sizes, coarse to fine -> a smooth random map of about unit size, [S S]."""
    total = np.zeros((grids[0], grids[0]), np.float32)
    weight = 1.0
    for number, grid in enumerate(grids):
        side = grids[min(number + 1, len(grids) - 1)] if number + 1 < len(grids) else size_px
        total += np.float32(weight) * rng.standard_normal((grid, grid), np.float32)
        total = np.asarray(cv2.resize(total, (side, side), interpolation=cv2.INTER_CUBIC), np.float32)
        weight *= FALL
    return total


def paint_complexion(skin: Skin, seed: int, size_px: int) -> tuple[Floats, Floats]:
    """-> the texture with its plain skin, linear colour and gloss [S S 4], and the coarse unevenness [S S]."""
    rng = stream(seed, "complexion")
    coarse, fine = unevenness(rng, COARSE, size_px), unevenness(rng, FINE, size_px)
    base = skin_colour(skin)
    maps, gloss = skin_maps(size_px)
    blush = (blush_factor(skin.tone) - 1) * skin.blush
    worn = np.float32(1 + AGED_MOTTLE * skin.age)
    even = np.float32(MOTTLE) * worn * coarse + np.float32(PORES) * worn * fine + (maps[2] + 1)
    planes = []
    for k in range(3):
        plane = maps[0] * np.float32(blush[k] * base[k])
        plane -= maps[1] * np.float32(ORBIT[k] * skin.orbit * base[k])
        plane += even * base[k]
        if k > 0:
            plane -= coarse * np.float32(REDDENING * worn * base[k])
        planes.append(plane)
    shine = gloss + np.float32(GLOSS_NOISE) * fine
    dark = np.float32(DARK_FINENESS * skin.tone / DARKEST)
    shine *= 1 - dark + dark * gloss
    planes.append(np.clip(shine, *GLOSS_RANGE))
    return np.asarray(cv2.merge(planes), np.float32), coarse


def scatter(rng: np.random.Generator, middle: Doubles, spread: Doubles, sizes: tuple[float, float]) -> Doubles:
    """A random place of FRAME and a size -> the outline of a spot that is not quite round."""
    at = rng.normal(middle, spread)
    radius = rng.uniform(*sizes)
    angle = np.linspace(0, 2 * np.pi, 10, endpoint=False)
    reach = radius * rng.uniform(0.75, 1.25, 10)
    return at + np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, None]


def paint_marks(texture: Floats, skin: Skin, seed: int) -> None:
    """Freckles, moles and spots of age into the texture; they have streams of their own."""
    size_px, base = texture.shape[0], skin_colour(skin)
    if skin.freckles > 0:
        rng = stream(seed, "freckles")
        shapes = [scatter(rng, np.array([256, 205]), np.array([64, 24]), (0.6, 1.6)) for _ in range(FRECKLES)]
        shown = round(FRECKLES * skin.freckles)
        strengths = rng.uniform(0.3, 0.8, FRECKLES)[:shown].tolist()
        lay(texture, cover_shapes(shapes[:shown], size_px, strengths=strengths), base * FRECKLE_COLOUR, 1)
    if skin.moles:
        rng = stream(seed, "moles")
        shapes = [scatter(rng, rng.uniform((115, 180), (397, 345)), np.zeros(2), (0.9, 1.9)) for _ in range(skin.moles)]
        lay(texture, cover_shapes(shapes, size_px, blur=0.35), base * MOLE_COLOUR, 0.75)
    if skin.age > AGE_SPOTS_FROM:
        rng = stream(seed, "age spots")
        share = (skin.age - AGE_SPOTS_FROM) / (1 - AGE_SPOTS_FROM)
        sides = rng.choice((-1, 1), AGE_SPOTS)
        shapes = [
            scatter(rng, np.array([FRAME / 2 + side * 118, 150]), np.array([34, 62]), (1.5, 4.5)) for side in sides
        ]
        shown = round(AGE_SPOTS * share)
        if shown:
            strengths = rng.uniform(0.3, 1, AGE_SPOTS)[:shown].tolist()
            stain(texture, cover_shapes(shapes[:shown], size_px, blur=0.9, strengths=strengths), AGE_SPOT_COLOUR, 0.8)
