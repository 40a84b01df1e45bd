"""Points of the eyes -> light: a drawn iris with its dark rim, a bulging cornea for the catchlight, lids that shade."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from llia.head.shape import Material
from llia.world.colour import linear
from llia.world.people.person import Eyes
from llia.world.render.arithmetic import HALF, KERNEL, ONE, TWO, ZERO, F, Single, mix, noise, smooth, unit, wrap
from llia.world.render.light import Lamp
from llia.world.render.surface import cosine_half

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]

IRIS_RADIUS = F(0.455)  # of the eyeball's
IRIS_GAIN = 1.12
IRIS_GREY = np.float32(0.18)  # eyes are never as colourful as their colour named
RIM_IN, RIM_OUT = F(0.035), F(0.03)
WHITE = (F(0.80), F(0.764), F(0.744))
WHITE_SIDE, SIDE_START = F(0.125), F(0.55)  # the white darkens towards its sides
FIBRES = ((F(9.0), F(40.0), 7, F(0.30)), (F(23.0), F(90.0), 9, F(0.25)))  # frequency, phase, seed, strength
FIBRE_FLOOR = F(0.75)
CAUSTIC_FLOOR, CAUSTIC, CAUSTIC_FADE, CENTRE_GLOW = F(0.72), F(0.65), F(0.4), F(0.25)
LIMBUS, LIMBUS_START = F(0.62), F(0.74)
AMBER, AMBER_WIDTH = (F(0.07), F(0.02), F(0.0)), F(0.30)
AMBER_GLOW = (F(0.02), F(0.0), F(0.0))
PUPIL, PUPIL_IN, PUPIL_OUT = F(0.006), F(0.02), F(0.025)

LID_CM = 0.5  # how far from a lid its shade reaches
LID_STEPS = 9
UPPER_LID, LOWER_LID = F(0.34), F(0.75)
KEY_WRAP, FILL_WRAP, LIT_ANYWAY, SKY_IN_EYE = F(0.3), F(0.4), F(0.45), F(0.81)
GROUND_IN_EYE = F(0.09)
BULGE, BULGE_EDGE = F(0.7), F(1.1)
CATCH_LOW, CATCH_HIGH, CATCH = F(0.968), F(0.985), F(0.85)
FILL_CATCH_LOW, FILL_CATCH_HIGH, FILL_CATCH = F(0.972), F(0.99), F(0.14)
CATCH_SHADED = F(0.35)

EYE_LEFT, EYE_RIGHT, LASH = int(Material.EYE_LEFT), int(Material.EYE_RIGHT), int(Material.LASH)
KEY_WAY, KEY, FILL_WAY, FILL = int(Lamp.KEY_WAY), int(Lamp.KEY), int(Lamp.FILL_WAY), int(Lamp.FILL)
SKY, GROUND = int(Lamp.SKY), int(Lamp.GROUND)


def eye_look(eyes: Eyes, held: np.float32) -> Floats:
    """-> iris colour, linear, the pupil's radius as a share of the eyeball's, and what is held back, [5]."""
    colour = linear(eyes.iris)
    colour = colour + (colour.mean() - colour) * IRIS_GREY
    return np.array([*(colour * IRIS_GAIN), eyes.pupil * float(IRIS_RADIUS), held], np.float32)


@njit(**KERNEL)
def lid_distance(ids: Ints, matter: Bytes, x: int, y: int, step: int) -> Single:
    """From a point up (step < 0) or down to the lid -> as a share of LID_CM, 0..1."""
    for k in range(1, LID_STEPS):
        row = y + k * step
        if row < 0 or row >= ids.shape[0]:
            break
        other = ids[row, x]
        if other < 0:
            return F(k) / F(LID_STEPS - 1)
        kind = matter[other]
        if kind != EYE_LEFT and kind != EYE_RIGHT and kind != LASH:
            return F(k) / F(LID_STEPS - 1)
    return ONE


@njit(**KERNEL)
def iris(x: Single, y: Single, radius: Single, k: int, look: Floats, key_x: Single, key_y: Single) -> Single:
    """A place on the front of the eyeball of radius one -> the iris's colour k there."""
    angle = F(math.atan2(y, x))
    out = radius / IRIS_RADIUS
    fibre = FIBRE_FLOOR
    for frequency, phase, seed, strength in FIBRES:
        fibre += strength * noise(angle * frequency + phase, seed)
    # lighter opposite the light that the cornea throws across
    caustic = max(ZERO, -(x * key_x + y * key_y) / IRIS_RADIUS) * (ONE - CAUSTIC_FADE * out)
    glow = CAUSTIC_FLOOR + CAUSTIC * caustic + CENTRE_GLOW * (ONE - out)
    colour = look[k] * fibre * glow * (ONE - LIMBUS * smooth(LIMBUS_START, ONE, out))
    hole = look[3] / IRIS_RADIUS
    ring = ONE - smooth(hole, hole + AMBER_WIDTH, out)
    colour += ring * (AMBER[k] * look[k] + AMBER_GLOW[k])
    return mix(colour, PUPIL, ONE - smooth(look[3] - PUPIL_IN, look[3] + PUPIL_OUT, radius))


@njit(**KERNEL)
def shade_eye(
    begin: int, end: int, triangle: Ints, at: Floats, triangles: Ints, matter: Bytes, fixed: Floats, lights: Floats,
    ids: Ints, step: int, centres: Floats, gaze: Floats, look: Floats, spots: Floats,
) -> None:  # fmt: skip
    """Adds the colours to `spots`. `step` is in samples, LID_STEPS of them make LID_CM; `gaze` is where the eyes
    look, as a unit vector; `centres` are the eyes' at rest."""
    for n in range(begin, end):
        i = n - begin
        t = triangle[n]
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        w0, w1, w2 = spots[0, i], spots[1, i], spots[2, i]
        side = 0 if matter[t] == EYE_LEFT else 1
        x, y, z = unit(
            w0 * fixed[a, 0] + w1 * fixed[b, 0] + w2 * fixed[c, 0] - centres[side, 0],
            w0 * fixed[a, 1] + w1 * fixed[b, 1] + w2 * fixed[c, 1] - centres[side, 1],
            w0 * fixed[a, 2] + w1 * fixed[b, 2] + w2 * fixed[c, 2] - centres[side, 2],
        )
        radius = math.sqrt(x * x + y * y) if z > ZERO else TWO
        within = ONE - smooth(IRIS_RADIUS - RIM_IN, IRIS_RADIUS + RIM_OUT, radius)
        whiteness = ONE - WHITE_SIDE * smooth(SIDE_START, ONE, radius)

        column, row = int(at[n, 0]), int(at[n, 1])
        shade = UPPER_LID + (ONE - UPPER_LID) * smooth(ZERO, ONE, lid_distance(ids, matter, column, row, -step))
        shade *= LOWER_LID + (ONE - LOWER_LID) * smooth(ZERO, HALF, lid_distance(ids, matter, column, row, step))
        key = wrap(spots[8, i], KEY_WRAP) * (LIT_ANYWAY + (ONE - LIT_ANYWAY) * spots[7, i])
        fill = wrap(spots[9, i], FILL_WRAP)

        # catchlights on the cornea, whose normals fan out wider than the ball's
        nx, ny, nz = spots[3, i], spots[4, i], spots[5, i]
        if radius < IRIS_RADIUS * BULGE_EDGE:
            fan = ONE + BULGE
            nx, ny, nz = unit(fan * nx - BULGE * gaze[0], fan * ny - BULGE * gaze[1], fan * nz - BULGE * gaze[2])
        hx, hy, hz = spots[14, i], spots[15, i], spots[16, i]
        glint = smooth(CATCH_LOW, CATCH_HIGH, nx * hx + ny * hy + nz * hz) * CATCH
        glint *= CATCH_SHADED + (ONE - CATCH_SHADED) * shade
        # the way to the camera is the key light's, mirrored at their bisector
        kx, ky, kz = lights[KEY_WAY, 0], lights[KEY_WAY, 1], lights[KEY_WAY, 2]
        twice = TWO * (hx * kx + hy * ky + hz * kz)
        ex, ey, ez = twice * hx - kx, twice * hy - ky, twice * hz - kz
        toward = cosine_half(nx, ny, nz, lights[FILL_WAY, 0] + ex, lights[FILL_WAY, 1] + ey, lights[FILL_WAY, 2] + ez)
        glint += smooth(FILL_CATCH_LOW, FILL_CATCH_HIGH, toward) * FILL_CATCH * shade
        for k in range(3):
            albedo = WHITE[k] * whiteness
            if within > ZERO:
                drawn = iris(x, y, radius, k, look, lights[KEY_WAY, 0], lights[KEY_WAY, 1])
                albedo = mix(albedo, drawn, within)
            light = key * lights[KEY, k] + fill * lights[FILL, k]
            light += SKY_IN_EYE * lights[SKY, k] + GROUND_IN_EYE * lights[GROUND, k]
            light *= look[4]
            spots[17 + k, i] = albedo * shade * light + glint
