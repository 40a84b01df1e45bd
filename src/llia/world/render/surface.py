"""Points of the picture -> what every shader needs to know of them: place, normal, and how each light falls."""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np
from numba import njit
from numpy.typing import NDArray

from llia.head.shape import Material
from llia.world.form.mesh import Matter
from llia.world.render.arithmetic import KERNEL, ONE, TINY, ZERO, F, Single, clip, smooth, unit
from llia.world.render.light import Lamp
from llia.world.render.shadow import lit_share

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]


class Vertex(IntEnum):
    """Columns of the vertices as they stand in this frame."""

    SCREEN_X = 0
    SCREEN_Y = 1
    NEARNESS = 2
    X = 3
    Y = 4
    Z = 5
    NORMAL_X = 6
    NORMAL_Y = 7
    NORMAL_Z = 8
    TANGENT_X = 9
    TANGENT_Y = 10
    TANGENT_Z = 11
    OCCLUSION = 12


class Spot(IntEnum):
    """Rows of what is known of a point. Key, fill, rim: cosines to the lights; half: to the bisectors with the eye."""

    WEIGHT_A = 0  # of the triangle's corners
    WEIGHT_B = 1
    WEIGHT_C = 2
    NORMAL_X = 3
    NORMAL_Y = 4
    NORMAL_Z = 5
    OCCLUSION = 6
    LIT = 7  # share of the key light that is not in shadow
    KEY = 8
    FILL = 9
    RIM = 10
    KEY_HALF = 11
    FILL_HALF = 12
    GRAZING = 13  # (1 - cosine to the eye) ^ 4
    BISECTOR_X = 14  # of key light and eye
    BISECTOR_Y = 15
    BISECTOR_Z = 16
    RED = 17  # what the shader answers, linear
    GREEN = 18
    BLUE = 19


CHUNK = 2048  # points at a time, so that their rows stay in the nearest cache
STRETCH = F(0.4)  # how far a flat pixel's middle may lie outside the triangle that was chosen for it
# Hair seen at the outline of the head: how open it lies, and the cosines to the eye over which it comes to that;
# hair behind the neck faces further away and stays dark.
THIN_OPEN, THIN_FROM, THIN_TO, THIN_END = F(0.75), F(-0.8), F(-0.35), F(0.3)
CAP_OPEN = F(0.55)  # where a cap is seen at all, no lock lies over it
UNREACHED = F(-0.5)  # cosine to the key beyond which no shader's light wraps
# cm by which a surface must lie behind its own shadow, square to the light and along it
BIAS, BIAS_SLANTED, BIAS_HAIR = F(0.35), F(0.5), F(0.9)

# As plain numbers, which kernels take as constants.
X, NORMAL, OCCLUSION = int(Vertex.X), int(Vertex.NORMAL_X), int(Vertex.OCCLUSION)
KEY_WAY, FILL_WAY, RIM_WAY = int(Lamp.KEY_WAY), int(Lamp.FILL_WAY), int(Lamp.RIM_WAY)
HAIR, CAP, CLOTH, HAT = (int(m) for m in (Matter.HAIR, Matter.CAP, Matter.CLOTH, Matter.HAT))
LASH = int(Material.LASH)


def room_for_spots() -> Floats:
    """-> empty rows for one chunk of points."""
    return np.empty((len(Spot), CHUNK), np.float32)


def room_for_vertices(num_vertices: int) -> Floats:
    """-> empty columns of `Vertex`, one cache line a vertex."""
    return np.zeros((num_vertices, 16), np.float32)


@njit(**KERNEL)
def gather_vertices(screen: Floats, points: Floats, normals: Floats, tangents: Floats, out: Floats) -> None:
    """Separate arrays of this frame -> the columns of `Vertex` (occlusion stays as it is)."""
    for i in range(len(points)):
        for axis in range(3):
            out[i, axis] = screen[i, axis]
            out[i, X + axis] = points[i, axis]
            out[i, NORMAL + axis] = normals[i, axis]
            out[i, NORMAL + 3 + axis] = tangents[i, axis]


@njit(**KERNEL)
def weigh_corners(vertices: Floats, a: int, b: int, c: int, px: Single, py: Single) -> tuple[Single, Single, Single]:
    """A triangle and a point of the picture -> weights of its corners, in perspective."""
    x0, y0, x1, y1 = vertices[a, 0], vertices[a, 1], vertices[b, 0], vertices[b, 1]
    x2, y2 = vertices[c, 0], vertices[c, 1]
    area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    scale = ONE / area if abs(area) > TINY else ZERO
    w0 = clip(((x2 - x1) * (py - y1) - (px - x1) * (y2 - y1)) * scale, -STRETCH, ONE + STRETCH)
    w1 = clip(((x0 - x2) * (py - y2) - (px - x2) * (y0 - y2)) * scale, -STRETCH, ONE + STRETCH)
    w2 = clip(ONE - w0 - w1, -STRETCH, ONE + STRETCH)
    w0, w1, w2 = w0 * vertices[a, 2], w1 * vertices[b, 2], w2 * vertices[c, 2]
    scale = ONE / (w0 + w1 + w2)
    return w0 * scale, w1 * scale, w2 * scale


@njit(**KERNEL)
def cosine_half(nx: Single, ny: Single, nz: Single, hx: Single, hy: Single, hz: Single) -> Single:
    """A unit normal and a bisector of any length -> the cosine between them, never below zero."""
    return max(ZERO, (nx * hx + ny * hy + nz * hz) / (math.sqrt(hx * hx + hy * hy + hz * hz) + TINY))


@njit(**KERNEL)
def reopen(kind: int, open_: Single, facing: Single) -> Single:
    """How open a point lies, as baked, and its cosine to the eye before it was turned round -> how open it looks."""
    if kind == HAIR:  # light comes through thin hair at the outline, which was baked as if seen from behind
        return max(open_, THIN_OPEN * smooth(THIN_FROM, THIN_TO, facing) * (ONE - smooth(ZERO, THIN_END, facing)))
    return max(open_, CAP_OPEN) if kind == CAP else open_


@njit(**KERNEL)
def survey(
    begin: int, end: int, triangle: Ints, at: Floats, triangles: Ints, matter: Bytes, vertices: Floats, eye: Floats,
    lights: Floats, basis: Floats, scale: Single, shift_x: Single, shift_y: Single, depth: Floats, out: Floats,
) -> None:  # fmt: skip
    """Points begin..end -> rows of `Spot`, but for the colours. `eye` is the camera's place; `basis`, `scale`, shift
    and `depth` are the shadow map and how it is seen."""
    for n in range(begin, end):
        i = n - begin
        t = triangle[n]
        a, b, c, kind = triangles[t, 0], triangles[t, 1], triangles[t, 2], matter[t]
        w0, w1, w2 = weigh_corners(vertices, a, b, c, at[n, 0], at[n, 1])
        out[0, i], out[1, i], out[2, i] = w0, w1, w2

        # place, normal, way to the eye
        x = w0 * vertices[a, 3] + w1 * vertices[b, 3] + w2 * vertices[c, 3]
        y = w0 * vertices[a, 4] + w1 * vertices[b, 4] + w2 * vertices[c, 4]
        z = w0 * vertices[a, 5] + w1 * vertices[b, 5] + w2 * vertices[c, 5]
        nx, ny, nz = unit(
            w0 * vertices[a, 6] + w1 * vertices[b, 6] + w2 * vertices[c, 6],
            w0 * vertices[a, 7] + w1 * vertices[b, 7] + w2 * vertices[c, 7],
            w0 * vertices[a, 8] + w1 * vertices[b, 8] + w2 * vertices[c, 8],
        )
        vx, vy, vz = unit(eye[0] - x, eye[1] - y, eye[2] - z)
        turned = facing = nx * vx + ny * vy + nz * vz
        if facing < ZERO:
            if kind in (HAIR, CAP, CLOTH, HAT):  # seen from both sides
                nx, ny, nz, facing = -nx, -ny, -nz, -facing
            else:
                facing = ZERO
        out[3, i], out[4, i], out[5, i] = nx, ny, nz
        open_ = w0 * vertices[a, OCCLUSION] + w1 * vertices[b, OCCLUSION] + w2 * vertices[c, OCCLUSION]
        out[6, i] = reopen(kind, open_, turned)

        # lights
        kx, ky, kz = lights[KEY_WAY, 0], lights[KEY_WAY, 1], lights[KEY_WAY, 2]
        fx, fy, fz = lights[FILL_WAY, 0], lights[FILL_WAY, 1], lights[FILL_WAY, 2]
        key = nx * kx + ny * ky + nz * kz
        out[8, i] = key
        out[9, i] = nx * fx + ny * fy + nz * fz
        out[10, i] = nx * lights[RIM_WAY, 0] + ny * lights[RIM_WAY, 1] + nz * lights[RIM_WAY, 2]
        hx, hy, hz = unit(kx + vx, ky + vy, kz + vz)
        out[11, i] = max(ZERO, nx * hx + ny * hy + nz * hz)
        out[12, i] = cosine_half(nx, ny, nz, fx + vx, fy + vy, fz + vz)
        grazing = (ONE - facing) * (ONE - facing)
        out[13, i] = grazing * grazing
        out[14, i], out[15, i], out[16, i] = hx, hy, hz

        # shadow of the key light, where any shader lets it arrive
        if key < UNREACHED:
            out[7, i] = ZERO
            continue
        bias = BIAS_HAIR if kind == HAIR else BIAS + BIAS_SLANTED * (ONE - max(key, ZERO))
        sx = (basis[0, 0] * x + basis[0, 1] * y + basis[0, 2] * z) * scale + shift_x
        sy = (basis[1, 0] * x + basis[1, 1] * y + basis[1, 2] * z) * scale + shift_y
        sz = basis[2, 0] * x + basis[2, 1] * y + basis[2, 2] * z
        out[7, i] = lit_share(depth, sx, sy, sz + bias)
