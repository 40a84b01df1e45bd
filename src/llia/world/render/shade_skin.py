"""Points of skin -> light: a wrapped diffuse for each colour, red furthest, as light that has been under the skin."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from llia.head.shape import Material
from llia.world.people.person import Person
from llia.world.render.arithmetic import HALF, KERNEL, ONE, TWO, ZERO, F, Single, clip, mix, power, wrap
from llia.world.render.light import Lamp

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]

# By colour: how far the key and the fill reach beyond the shadow edge, how much of it is red that has wandered.
KEY_WRAP = (F(0.36), F(0.16), F(0.10))
FILL_WRAP = (F(0.45), F(0.30), F(0.30))
EDGE_BLEED = (F(0.55), F(0.0), F(0.0))
CREASE_BLEED = (F(0.28), F(0.0), F(0.0))
DARK_SKIN_BLEED = F(0.45)  # melanin swallows what has wandered: this share of the bleeding is left in the darkest skin
RIM_START, RIM_AMOUNT = F(0.1), F(0.5)
# Highlights: (exponent, strength) broad and tight, of key and of fill.
KEY_BROAD, KEY_TIGHT, FILL_BROAD, FILL_TIGHT = 14, 48, 12, 40
KEY_BROAD_GAIN, KEY_TIGHT_GAIN, FILL_BROAD_GAIN, FILL_TIGHT_GAIN = F(0.085), F(0.136), F(0.06), F(0.05)
SHEEN_RIM, SHEEN_RIM_START, SHEEN_SKY = F(0.25), F(0.4), F(0.05)
SHEEN_BARE = F(3.0)  # of the gloss: bare skin keeps its sheen, whiskers have none
# Gloss of matt and of shining skin, and what the darkest tone keeps of it: its exposure is longer.
MATT, SHINING, DARK_SKIN_GLOSS = 0.5, 1.1, 0.34
DARKEST_TONE = 9.0
PLAIN_GLOSS = F(0.55)  # of skin that is not painted, as at the painted one's border

FACE = int(Material.FACE)
KEY, FILL, RIM, SKY, GROUND = int(Lamp.KEY), int(Lamp.FILL), int(Lamp.RIM), int(Lamp.SKY), int(Lamp.GROUND)


def skin_look(person: Person, base: Floats) -> Floats:
    """-> base colour, gloss and darkness 0..1 as one row, [5]."""
    dark = person.skin.tone / DARKEST_TONE
    gloss = (MATT + (SHINING - MATT) * person.skin.gloss) * (1 - (1 - DARK_SKIN_GLOSS) * dark)
    return np.array([*base[:3], gloss, dark], np.float32)


@njit(**KERNEL)
def texel(texture: Floats, u: Single, v: Single, k: int) -> Single:
    """A place in the unwrapped face -> channel k, smooth between pixels."""
    size = texture.shape[0]
    limit = F(size) - ONE
    x = clip(u * F(size) - HALF, ZERO, limit)
    y = clip((ONE - v) * F(size) - HALF, ZERO, limit)
    column, row = min(int(x), size - 2), min(int(y), size - 2)
    across, down = x - F(column), y - F(row)
    upper = mix(texture[row, column, k], texture[row, column + 1, k], across)
    lower = mix(texture[row + 1, column, k], texture[row + 1, column + 1, k], across)
    return mix(upper, lower, down)


@njit(**KERNEL)
def shade_skin(
    begin: int, end: int, triangle: Ints, share: Floats, triangles: Ints, matter: Bytes, fixed: Floats, lights: Floats,
    fine: Floats, coarse: Floats, look: Floats, spots: Floats,
) -> None:  # fmt: skip
    """Adds the colours to `spots`. `fine` is the texture for points that are samples, `coarse` for whole pixels."""
    bleed = ONE - (ONE - DARK_SKIN_BLEED) * look[4]
    for n in range(begin, end):
        i = n - begin
        t = triangle[n]
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        w0, w1, w2 = spots[0, i], spots[1, i], spots[2, i]
        u = w0 * fixed[a, 7] + w1 * fixed[b, 7] + w2 * fixed[c, 7]
        v = w0 * fixed[a, 8] + w1 * fixed[b, 8] + w2 * fixed[c, 8]
        painted = matter[t] == FACE and u <= ONE
        occlusion, lit = spots[6, i], spots[7, i]
        key, fill, rim, grazing = spots[8, i], spots[9, i], spots[10, i], spots[13, i]
        sky_share = HALF + HALF * spots[4, i]
        rim_reach = max(ZERO, rim + RIM_START)

        shiny = PLAIN_GLOSS
        if painted:
            shiny = texel(fine, u, v, 3) if share[n] < ONE else texel(coarse, u, v, 3)
        gloss = look[3] * shiny
        shine = power(spots[11, i], KEY_BROAD) * KEY_BROAD_GAIN + power(spots[11, i], KEY_TIGHT) * KEY_TIGHT_GAIN
        shine *= gloss * lit * clip(key * TWO, ZERO, ONE)
        fill_shine = power(spots[12, i], FILL_BROAD) * FILL_BROAD_GAIN
        fill_shine = (fill_shine + power(spots[12, i], FILL_TIGHT) * FILL_TIGHT_GAIN) * gloss * occlusion
        bare = min(ONE, shiny * SHEEN_BARE)
        rim_shine = grazing * SHEEN_RIM * max(ZERO, rim + SHEEN_RIM_START) * occlusion * bare
        sky_shine = grazing * SHEEN_SKY * occlusion * bare

        for k in range(3):
            albedo = look[k]
            if painted:
                albedo = texel(fine, u, v, k) if share[n] < ONE else texel(coarse, u, v, k)
            edge, crease = EDGE_BLEED[k] * bleed, CREASE_BLEED[k] * bleed
            reach = wrap(key, KEY_WRAP[1] + (KEY_WRAP[k] - KEY_WRAP[1]) * bleed) * lit * (ONE + edge - edge * lit)
            shelter = occlusion * (ONE + crease - crease * occlusion)
            ambient = mix(lights[GROUND, k], lights[SKY, k], sky_share)
            light = reach * lights[KEY, k] + (wrap(fill, FILL_WRAP[k]) * lights[FILL, k] + ambient) * shelter
            light += rim_reach * rim_reach * lights[RIM, k] * RIM_AMOUNT * occlusion
            bright = shine * lights[KEY, k] + fill_shine * lights[FILL, k] + rim_shine * lights[RIM, k]
            spots[17 + k, i] = albedo * light + bright + sky_shine * lights[SKY, k]
