"""Points of teeth, gums, tongue and the hollow of the mouth -> light, dimmed towards the throat and under the lips."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from llia.head.shape import Material
from llia.world.colour import linear
from llia.world.people.person import Teeth
from llia.world.render.arithmetic import HALF, KERNEL, ONE, ZERO, F, Single, mix, power, smooth, wrap
from llia.world.render.light import Lamp

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]

WHITE_TEETH = np.array([0.80, 0.755, 0.685], np.float32)
YELLOW_TEETH = np.array([0.74, 0.64, 0.47], np.float32)
SOCKET_OF_GUM = np.array([0.75, 0.65, 0.62], np.float32)  # the hollow's colour, as a share of the gums'

COVER_CM = 0.7  # how far from the lips their shadow reaches
COVER_STEPS = 12  # how finely it is looked for
UNDER_UPPER_LIP, UNDER_LOWER_LIP, LOWER_REACH = F(0.45), F(0.55), F(0.6)
# Little light comes in between lips that hardly part: cm between them, and what is left of it at the first.
SLIT, SLIT_FROM, SLIT_TO = F(0.12), F(0.05), F(0.6)
# From the back of the mouth (dark) to its front (light), z at rest in cm, and what is left at the back.
TEETH_BACK, TEETH_FRONT, TEETH_LEFT = F(7.4), F(10.3), F(0.08)
LOWER_TEETH_Y, LOWER_TEETH = F(-3.6), F(0.74)
GUMS_BACK, GUMS_FRONT, GUMS_LEFT, GUMS_GAIN = F(5.5), F(10.6), F(0.10), F(0.68)
SOCKET_BACK, SOCKET_FRONT, SOCKET_LEFT, SOCKET_GAIN = F(6.0), F(11.0), F(0.07), F(0.45)
# Light inside: some of the key arrives from all sides through lips and cheeks, so no mouth goes black in the shade.
KEY_ANYWAY, KEY_STRAIGHT, KEY_WRAP = F(0.20), F(0.55), F(0.5)
LIT_ANYWAY = F(0.35)
FILL_ANYWAY, FILL_STRAIGHT, FILL_WRAP = F(0.35), F(0.65), F(0.6)
SKY_INSIDE = F(0.75)
WET, WET_EXPONENT = F(0.16), 40

SCALP, GUMS, TEETH = int(Material.SCALP), int(Material.GUMS), int(Material.TEETH)
KEY, FILL, SKY = int(Lamp.KEY), int(Lamp.FILL), int(Lamp.SKY)


def mouth_look(teeth: Teeth, held: np.float32) -> Floats:
    """-> colours of teeth, gums, tongue and hollow as rows, linear, times what is held back, [4 3]."""
    gums = linear(teeth.gum_colour)
    enamel = WHITE_TEETH + (YELLOW_TEETH - WHITE_TEETH) * np.float32(teeth.shade)
    rows = np.stack([enamel, gums, linear(teeth.tongue_colour), gums * SOCKET_OF_GUM])
    return np.asarray(rows * held, np.float32)


@njit(**KERNEL)
def steps_to_lip(ids: Ints, matter: Bytes, x: int, y: int, step: int) -> Single:
    """Samples from a point up (step < 0) or down to where skin begins -> as a share of COVER_STEPS, 0..1."""
    for k in range(1, COVER_STEPS):
        row = y + k * step
        if row < 0 or row >= ids.shape[0]:
            break
        other = ids[row, x]
        if other < 0 or matter[other] <= SCALP:
            return F(k - 1) / F(COVER_STEPS - 1)
    return ONE


@njit(**KERNEL)
def dim(kind: int, z: Single, y: Single) -> Single:
    """How much light is left so far back in the mouth."""
    if kind == TEETH:
        left = TEETH_LEFT + (ONE - TEETH_LEFT) * smooth(TEETH_BACK, TEETH_FRONT, z)
        return left * LOWER_TEETH if y < LOWER_TEETH_Y else left
    if kind == GUMS:
        depth = smooth(GUMS_BACK, GUMS_FRONT, z)
        return GUMS_LEFT + GUMS_GAIN * depth * depth
    depth = smooth(SOCKET_BACK, SOCKET_FRONT, z)
    return SOCKET_LEFT + SOCKET_GAIN * depth * depth


@njit(**KERNEL)
def shade_mouth(
    begin: int, end: int, triangle: Ints, at: Floats, triangles: Ints, matter: Bytes, fixed: Floats, lights: Floats,
    ids: Ints, step: int, reach: Single, look: Floats, spots: Floats,
) -> None:  # fmt: skip
    """Adds the colours to `spots`; `step` is in samples, COVER_STEPS of them come to `reach` cm."""
    for n in range(begin, end):
        i = n - begin
        t = triangle[n]
        a, b, c, kind = triangles[t, 0], triangles[t, 1], triangles[t, 2], matter[t]
        w0, w1, w2 = spots[0, i], spots[1, i], spots[2, i]
        y = w0 * fixed[a, 1] + w1 * fixed[b, 1] + w2 * fixed[c, 1]
        z = w0 * fixed[a, 2] + w1 * fixed[b, 2] + w2 * fixed[c, 2]
        tongue = w0 * fixed[a, 4] + w1 * fixed[b, 4] + w2 * fixed[c, 4]
        column, row = int(at[n, 0]), int(at[n, 1])
        upper = steps_to_lip(ids, matter, column, row, -step)
        lower = steps_to_lip(ids, matter, column, row, step)
        open_ = UNDER_UPPER_LIP + (ONE - UNDER_UPPER_LIP) * smooth(ZERO, ONE, upper)
        open_ *= UNDER_LOWER_LIP + (ONE - UNDER_LOWER_LIP) * smooth(ZERO, LOWER_REACH, lower)
        open_ *= SLIT + (ONE - SLIT) * smooth(SLIT_FROM, SLIT_TO, (upper + lower) * reach)
        open_ *= dim(kind, z, y)

        lit = LIT_ANYWAY + (ONE - LIT_ANYWAY) * spots[7, i]
        key = KEY_ANYWAY + KEY_STRAIGHT * wrap(spots[8, i], KEY_WRAP) * lit
        fill = FILL_ANYWAY + FILL_STRAIGHT * wrap(spots[9, i], FILL_WRAP)
        wet = ZERO
        if kind in (TEETH, GUMS):
            wet = power(spots[11, i], WET_EXPONENT) * WET * open_ * (HALF + HALF * spots[7, i])
        for k in range(3):
            if kind == TEETH:
                albedo = look[0, k]
            elif kind == GUMS:
                albedo = mix(look[1, k], look[2, k], tongue)
            else:
                albedo = look[3, k]
            light = key * lights[KEY, k] + fill * lights[FILL, k] + SKY_INSIDE * lights[SKY, k]
            spots[17 + k, i] = albedo * open_ * light + wet * lights[KEY, k]
