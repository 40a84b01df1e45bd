"""Points of hair -> light: strands by noise, two highlights along them (Kajiya and Kay 1989)."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from llia.world.colour import linear
from llia.world.form.mesh import GREY_HAIR, SHADES_PER_TENTH, Matter
from llia.world.people.person import Hair
from llia.world.render.arithmetic import HALF, KERNEL, ONE, QUARTER, TINY, ZERO, F, mix, noise, power, smooth, wrap
from llia.world.render.light import Lamp

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]

COARSE, COARSE_PHASE, COARSE_SEED, COARSE_SHARE = F(9.0), F(5.0), 3, F(0.6)
FINE, FINE_PHASE, FINE_SEED, FINE_SHARE = F(21.0), F(31.0), 5, F(0.4)
CAP_STRANDS, CAP_SEED, CAP_ALONG = F(140.0), 3, F(0.25)
BARE = F(0.3)  # of a cap's gaps, how far its colour goes over into the skin's
STRAND_FLOOR, STRAND_GAIN = F(0.62), F(0.76)
ROOT_SHADE, ROOT_END = F(0.62), F(0.35)
DEEP_SHADE = F(0.25)  # light left where the hair is thickest
TIP_START = F(0.3)
KEY_WRAP, FILL_WRAP, RIM_START = F(0.45), F(0.5), F(0.15)
ACROSS_FLOOR, LIT_ANYWAY, RIM_GAIN = F(0.4), F(0.18), F(0.8)
# Highlights: how far each is shifted along the strand, its exponent and strength; the second takes the hair's colour.
JITTER, FIRST_SHIFT, SECOND_SHIFT = F(0.20), F(-0.06), F(0.22)
FIRST_EXPONENT, FIRST_GAIN, SECOND_EXPONENT, SECOND_GAIN = 90, F(0.05), 28, F(0.55)
SHINE_START, SHINE_FLOOR, SHINE_STRAND = F(0.2), F(0.4), F(0.9)
EDGE_GAIN, EDGE_WHITE = F(0.35), F(0.1)
GREY_GAIN = 0.68
GREY = (F(GREY_HAIR[0] * GREY_GAIN), F(GREY_HAIR[1] * GREY_GAIN), F(GREY_HAIR[2] * GREY_GAIN))
PER_TENTH, TENTH = F(SHADES_PER_TENTH), F(0.1)
GREY_SHINE = 0.6
PALE = 0.3  # linear: mean of hair from which it is pale altogether

HAIR = int(Matter.HAIR)
KEY_WAY, KEY, FILL, RIM = int(Lamp.KEY_WAY), int(Lamp.KEY), int(Lamp.FILL), int(Lamp.RIM)
SKY, GROUND = int(Lamp.SKY), int(Lamp.GROUND)


def hair_look(hair: Hair, skin: Floats, held: np.float32) -> Floats:
    """-> colours of root and tip, linear, shine, colour of the skin below, what is held back from grey hair, [11]."""
    shine = 1 - (1 - GREY_SHINE) * hair.grey
    root, tip = (hold_pale(linear(colour), held) for colour in (hair.root_colour, hair.tip_colour))
    return np.array([*root, *tip, shine, *skin, held], np.float32)


def hold_pale(colour: Floats, held: np.float32) -> Floats:
    """-> a colour of hair, the paler the more of it held back."""
    share = np.clip(colour.mean() / PALE, 0, 1)
    return np.asarray(colour * (1 + (held - 1) * share), np.float32)


@njit(**KERNEL)
def shade_hair(
    begin: int, end: int, triangle: Ints, triangles: Ints, matter: Bytes, fixed: Floats, vertices: Floats,
    lights: Floats, look: Floats, spots: Floats,
) -> None:  # fmt: skip
    """Adds the colours to `spots`."""
    for n in range(begin, end):
        i = n - begin
        t = triangle[n]
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        w0, w1, w2 = spots[0, i], spots[1, i], spots[2, i]
        # strands
        across = w0 * fixed[a, 3] + w1 * fixed[b, 3] + w2 * fixed[c, 3]
        bare = ZERO
        if matter[t] == HAIR:
            along = w0 * fixed[a, 4] + w1 * fixed[b, 4] + w2 * fixed[c, 4]
            seed = int(fixed[a, 5])
            strand = noise(across * COARSE + COARSE_PHASE, seed + COARSE_SEED) * COARSE_SHARE
            strand += noise(across * FINE + FINE_PHASE, seed + FINE_SEED) * FINE_SHARE
        else:
            along = CAP_ALONG
            bare = BARE * (ONE - (w0 * fixed[a, 4] + w1 * fixed[b, 4] + w2 * fixed[c, 4]))
            strand = noise(across * CAP_STRANDS, CAP_SEED) * HALF + QUARTER
        tenths = math.floor(fixed[a, 6] / PER_TENTH)
        tone = (fixed[a, 6] - PER_TENTH * F(tenths)) * (STRAND_FLOOR + STRAND_GAIN * strand)
        grey = F(tenths) * TENTH
        grey *= grey  # a little of so much lighter a colour already covers dark hair
        occlusion = spots[6, i]
        deep = ROOT_SHADE + (ONE - ROOT_SHADE) * smooth(ZERO, ROOT_END, along)
        deep *= DEEP_SHADE + (ONE - DEEP_SHADE) * occlusion
        tip = smooth(TIP_START, ONE, along)

        # light across and along the strands
        tx = w0 * vertices[a, 9] + w1 * vertices[b, 9] + w2 * vertices[c, 9]
        ty = w0 * vertices[a, 10] + w1 * vertices[b, 10] + w2 * vertices[c, 10]
        tz = w0 * vertices[a, 11] + w1 * vertices[b, 11] + w2 * vertices[c, 11]
        scale = ONE / (math.sqrt(tx * tx + ty * ty + tz * tz) + TINY)
        tx, ty, tz = tx * scale, ty * scale, tz * scale
        to_key = tx * lights[KEY_WAY, 0] + ty * lights[KEY_WAY, 1] + tz * lights[KEY_WAY, 2]
        lit = LIT_ANYWAY + (ONE - LIT_ANYWAY) * spots[7, i]
        key = wrap(spots[8, i], KEY_WRAP) * lit
        key *= ACROSS_FLOOR + (ONE - ACROSS_FLOOR) * math.sqrt(max(ZERO, ONE - to_key * to_key))
        fill = wrap(spots[9, i], FILL_WRAP)
        rim = max(ZERO, spots[10, i] + RIM_START)
        sky_share = HALF + HALF * spots[4, i]

        # highlights
        shifted = tx * spots[14, i] + ty * spots[15, i] + tz * spots[16, i] + JITTER * (strand - HALF) + FIRST_SHIFT
        first = math.sqrt(max(ZERO, ONE - shifted * shifted))
        shifted += SECOND_SHIFT
        second = math.sqrt(max(ZERO, ONE - shifted * shifted))
        reach = lit * max(ZERO, spots[8, i] + SHINE_START) * look[6] * deep * (SHINE_FLOOR + SHINE_STRAND * strand)
        first = power(first, FIRST_EXPONENT) * FIRST_GAIN * reach
        second = power(second, SECOND_EXPONENT) * SECOND_GAIN * reach
        edge = spots[13, i] * rim * EDGE_GAIN * look[6] * occlusion
        for k in range(3):
            colour = mix(mix(mix(look[k], look[k + 3], tip), GREY[k] * look[10], grey) * tone, look[k + 7], bare)
            ambient = mix(lights[GROUND, k], lights[SKY, k], sky_share)
            light = key * lights[KEY, k] + fill * lights[FILL, k] + ambient + rim * lights[RIM, k] * RIM_GAIN
            shine = (first + second * colour) * lights[KEY, k] + edge * lights[RIM, k] * (colour + EDGE_WHITE)
            spots[17 + k, i] = colour * deep * light + shine
