"""Points of clothes and hats, of glasses, jewels and lashes -> light."""

from __future__ import annotations

import math
from typing import get_args

import numpy as np
from numba import njit
from numpy.typing import NDArray

from llia.head.shape import Material
from llia.world.colour import linear
from llia.world.form.mesh import Matter
from llia.world.people.person import Pattern, Person
from llia.world.render.arithmetic import HALF, KERNEL, ONE, ZERO, F, Single, mix, power, smooth, wrap
from llia.world.render.light import Lamp

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]

PATTERNS: tuple[Pattern, ...] = get_args(Pattern)
STRIPES, PLAID, RIB, DOTS = (PATTERNS.index(name) for name in ("stripes", "plaid", "rib", "dots"))
# Frequencies are radians in a cm.
STRIPE, STRIPE_EDGE = F(2.2), (F(0.25), F(0.45))
CHECK, CHECK_EDGE = F(2.4), (F(0.4), F(0.6))
RIBS, RIB_DEPTH = F(9.0), F(0.14)
DOT, DOT_EDGE = F(2.6), (F(0.66), F(0.78))
HAT_RIBS, HAT_RIB_DEPTH = F(7.0), F(0.10)
TRIM_SHADE = F(0.28)
KEY_WRAP, FILL_WRAP, LIT_ANYWAY = F(0.2), F(0.3), F(0.12)
RIM_START, RIM_GAIN = F(0.1), F(0.5)
FUZZ, FUZZ_COLOUR, FUZZ_WHITE = F(0.35), F(0.6), F(0.03)
SHINE, SHINE_EXPONENT = F(0.10), 24

LASH_COLOUR = (F(0.012), F(0.009), F(0.008))
LASH_TIP_SKIN = np.float32(0.4)  # what shows of the skin through the tips of lashes
LASH_FADE = (F(0.12), F(0.6))  # of the way outwards, over which they thin out
GOLD, SILVER = "#c8a060", "#b8b8bc"
HARD_WRAP, HARD_LIT_ANYWAY = F(0.3), F(0.3)
HARD_SHINE, HARD_EXPONENT, HARD_FILL_SHINE, HARD_FILL_EXPONENT = F(0.55), 30, F(0.12), 20

CLOTH, GLASS, LASH = int(Matter.CLOTH), int(Matter.GLASS), int(Material.LASH)
KEY, FILL, RIM, SKY, GROUND = int(Lamp.KEY), int(Lamp.FILL), int(Lamp.RIM), int(Lamp.SKY), int(Lamp.GROUND)


def cloth_look(person: Person, held: np.float32) -> Floats:
    """-> colours of cloth, pattern and hat, times what is held back, then (pattern, gloss, -), as rows, [4 3]."""
    clothes = person.clothes
    kind = (PATTERNS.index(clothes.pattern), clothes.gloss, 0)
    colours = (clothes.colour, clothes.second_colour, person.hair.cover_colour)
    return np.array([*(linear(colour) * held for colour in colours), kind], np.float32)


def hard_look(person: Person, skin: Floats) -> Floats:
    """-> colours of glasses, of jewels, and of the tips of lashes over skin, [3 3]."""
    metal = GOLD if person.skin.warmth > 0 else SILVER
    return np.stack([linear(person.glasses.colour), linear(metal), skin[:3] * LASH_TIP_SKIN])


@njit(**KERNEL)
def weave(pattern: int, x: Single, y: Single) -> tuple[Single, Single]:
    """A place on the cloth -> share of the second colour, and how light the relief is."""
    if pattern == STRIPES:
        return smooth(STRIPE_EDGE[0], STRIPE_EDGE[1], F(math.sin(y * STRIPE))), ONE
    if pattern == PLAID:
        across = smooth(CHECK_EDGE[0], CHECK_EDGE[1], HALF + HALF * F(math.sin(x * CHECK)))
        return HALF * (across + smooth(CHECK_EDGE[0], CHECK_EDGE[1], HALF + HALF * F(math.sin(y * CHECK)))), ONE
    if pattern == RIB:
        return ZERO, ONE - RIB_DEPTH + RIB_DEPTH * F(math.sin(x * RIBS))
    if pattern == DOTS:
        return smooth(DOT_EDGE[0], DOT_EDGE[1], F(math.sin(x * DOT) * math.sin(y * DOT))), ONE
    return ZERO, ONE


@njit(**KERNEL)
def shade_cloth(
    begin: int, end: int, triangle: Ints, triangles: Ints, matter: Bytes, fixed: Floats, lights: Floats, look: Floats,
    spots: Floats,
) -> None:  # fmt: skip
    """Adds the colours of CLOTH and HAT to `spots`."""
    for n in range(begin, end):
        i = n - begin
        t = triangle[n]
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        w0, w1, w2 = spots[0, i], spots[1, i], spots[2, i]
        x = w0 * fixed[a, 3] + w1 * fixed[b, 3] + w2 * fixed[c, 3]
        y = w0 * fixed[a, 4] + w1 * fixed[b, 4] + w2 * fixed[c, 4]
        trim = w0 * fixed[a, 5] + w1 * fixed[b, 5] + w2 * fixed[c, 5]
        first, second, relief = 2, ZERO, ONE
        if matter[t] == CLOTH:
            first = 0
            second, relief = weave(int(look[3, 0]), x, y)
        else:
            relief = ONE + HAT_RIB_DEPTH * fixed[a, 6] * (F(math.sin(x * HAT_RIBS)) - ONE)
        relief *= ONE - TRIM_SHADE * trim

        occlusion, lit, grazing = spots[6, i], spots[7, i], spots[13, i]
        key = wrap(spots[8, i], KEY_WRAP) * (LIT_ANYWAY + (ONE - LIT_ANYWAY) * lit)
        fill = wrap(spots[9, i], FILL_WRAP)
        rim = max(ZERO, spots[10, i] + RIM_START)
        sky_share = HALF + HALF * spots[4, i]
        shine = power(spots[11, i], SHINE_EXPONENT) * SHINE * look[3, 1] * lit
        for k in range(3):
            colour = mix(look[first, k], look[1, k], second)
            ambient = mix(lights[GROUND, k], lights[SKY, k], sky_share)
            around = fill * lights[FILL, k] + ambient + rim * lights[RIM, k] * RIM_GAIN
            fuzz = grazing * FUZZ * (colour * FUZZ_COLOUR + FUZZ_WHITE) * lights[RIM, k] * occlusion
            light = (key * lights[KEY, k] + around * occlusion) * relief
            spots[17 + k, i] = colour * light + fuzz + shine * lights[KEY, k]


@njit(**KERNEL)
def shade_hard(
    begin: int, end: int, triangle: Ints, triangles: Ints, matter: Bytes, fixed: Floats, lights: Floats, look: Floats,
    spots: Floats,
) -> None:  # fmt: skip
    """Adds the colours of GLASS, METAL and LASH to `spots`."""
    for n in range(begin, end):
        i = n - begin
        kind = matter[triangle[n]]
        if kind == LASH:
            a, b, c = triangles[triangle[n], 0], triangles[triangle[n], 1], triangles[triangle[n], 2]
            out = spots[0, i] * fixed[a, 3] + spots[1, i] * fixed[b, 3] + spots[2, i] * fixed[c, 3]
            thin = smooth(LASH_FADE[0], LASH_FADE[1], out)
            for k in range(3):
                around = look[2, k] * (lights[SKY, k] + lights[FILL, k] + lights[KEY, k] * HALF)
                spots[17 + k, i] = mix(LASH_COLOUR[k], around, thin)
            continue
        which = 0 if kind == GLASS else 1
        lit = spots[7, i]
        key = wrap(spots[8, i], HARD_WRAP) * (HARD_LIT_ANYWAY + (ONE - HARD_LIT_ANYWAY) * lit)
        fill = wrap(spots[9, i], HARD_WRAP)
        shine = power(spots[11, i], HARD_EXPONENT) * HARD_SHINE * lit
        shine += power(spots[12, i], HARD_FILL_EXPONENT) * HARD_FILL_SHINE
        for k in range(3):
            light = key * lights[KEY, k] + fill * lights[FILL, k] + lights[SKY, k]
            spots[17 + k, i] = look[which, k] * light + shine * lights[KEY, k]
