"""The picture of triangle numbers -> the points worth shading, sorted by what shades them.

Where all samples of a pixel show one smooth piece of the same stuff, one point in the pixel's middle stands for them
all; elsewhere (hair, eyes, teeth, outlines) every sample is a point. This is where most of the speed comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numba import njit
from numpy.typing import NDArray

from llia.head.shape import Material
from llia.world.form.mesh import Matter
from llia.world.render.arithmetic import HALF, KERNEL, ONE, F, Single

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]


class Shader(IntEnum):
    """What shades a triangle; the points are sorted by it."""

    SKIN = 0
    CLOTH = 1
    HAIR = 2
    MOUTH = 3
    EYE = 4
    HARD = 5


SHADER_OF_MATTER: dict[int, Shader] = {
    Material.FACE: Shader.SKIN,
    Material.SCALP: Shader.SKIN,
    Material.SOCKET: Shader.MOUTH,
    Material.GUMS: Shader.MOUTH,
    Material.TEETH: Shader.MOUTH,
    Material.EYE_LEFT: Shader.EYE,
    Material.EYE_RIGHT: Shader.EYE,
    Material.LASH: Shader.HARD,
    Matter.HAIR: Shader.HAIR,
    Matter.CAP: Shader.HAIR,
    Matter.CLOTH: Shader.CLOTH,
    Matter.TORSO: Shader.SKIN,
    Matter.GLASS: Shader.HARD,
    Matter.METAL: Shader.HARD,
    Matter.HAT: Shader.CLOTH,
}
NUM_SHADERS = len(Shader)
LAST_SMOOTH = int(Shader.CLOTH)  # skin and cloth are smooth enough for one point a pixel
FLAT_PIXELS = F(3.0)  # how many pixels deep a pixel may be and still count as one piece
FLAT_COSINE = F(0.88)  # between the normals of triangles that share such a pixel


@dataclass(frozen=True)
class Points:
    """Room for the points of one picture; `sort_points` fills the first `start[-1]`."""

    place: Ints  # n, the pixel each belongs to
    triangle: Ints  # n
    at: Floats  # n 2, where in the picture of samples
    share: Floats  # n, of the pixel's light
    start: Ints  # NUM_SHADERS + 1, where each shader's points begin


def room_for_points(num_samples: int) -> Points:
    """-> empty room for as many points as there are samples."""
    return Points(
        place=np.empty(num_samples, np.int32),
        triangle=np.empty(num_samples, np.int32),
        at=np.empty((num_samples, 2), np.float32),
        share=np.empty(num_samples, np.float32),
        start=np.zeros(NUM_SHADERS + 1, np.int32),
    )


def shaders_of(matter: Bytes) -> Bytes:
    """Matter of each triangle -> its shader."""
    table = np.zeros(max(SHADER_OF_MATTER) + 1, np.uint8)
    for key, shader in SHADER_OF_MATTER.items():
        table[key] = shader
    return np.ascontiguousarray(table[matter])


@njit(**KERNEL)
def is_flat(ids: Ints, depth: Floats, top: int, left: int, samples: int, triangles: Ints, normals: Floats,
            shader: Bytes, depth_range: Single) -> bool:  # fmt: skip
    """Whether all samples of a pixel show one smooth piece of skin or cloth."""
    first = ids[top, left]
    if first < 0 or shader[first] > LAST_SMOOTH:
        return False
    nearest = farthest = depth[top, left]
    kind = shader[first]
    corner = triangles[first, 0]
    x, y, z = normals[corner, 0], normals[corner, 1], normals[corner, 2]
    for j in range(samples):
        for i in range(samples):
            other = ids[top + j, left + i]
            if other == first:
                continue
            if other < 0 or shader[other] != kind:
                return False
            nearness = depth[top + j, left + i]
            nearest, farthest = max(nearest, nearness), min(farthest, nearness)
            corner = triangles[other, 0]
            if x * normals[corner, 0] + y * normals[corner, 1] + z * normals[corner, 2] < FLAT_COSINE:
                return False
    return bool(nearest - farthest < depth_range * nearest)


@njit(**KERNEL)
def sort_points(
    ids: Ints, depth: Floats, samples: int, triangles: Ints, normals: Floats, shader: Bytes, pixel_depth: Single,
    flat: Bytes, count: Ints, place: Ints, triangle: Ints, at: Floats, share: Floats, start: Ints, empty: Floats,
) -> None:  # fmt: skip
    """Fills the points, and in `empty` [size size] how much of each pixel is background. `pixel_depth` is the width
    of a pixel at the face over its distance; 0 shades every sample. `flat` [size size] and `count` [NUM_SHADERS + 1]
    are scratch."""
    size = flat.shape[0]
    sample_share = ONE / F(samples * samples)
    for k in range(NUM_SHADERS + 1):
        count[k] = 0
    for row in range(size):
        for column in range(size):
            top, left = row * samples, column * samples
            one = pixel_depth > 0 and is_flat(
                ids, depth, top, left, samples, triangles, normals, shader, pixel_depth * FLAT_PIXELS
            )
            flat[row, column] = one
            if one:
                count[shader[ids[top, left]] + 1] += 1
                continue
            for j in range(samples):
                for i in range(samples):
                    t = ids[top + j, left + i]
                    if t >= 0:
                        count[shader[t] + 1] += 1
    for k in range(NUM_SHADERS):
        count[k + 1] += count[k]
    for k in range(NUM_SHADERS + 1):
        start[k] = count[k]
    for row in range(size):
        for column in range(size):
            top, left = row * samples, column * samples
            empty[row, column] = 0
            if flat[row, column]:
                t = ids[top, left]
                n = count[shader[t]]
                count[shader[t]] = n + 1
                place[n], triangle[n], share[n] = row * size + column, t, ONE
                at[n, 0], at[n, 1] = F(left) + F(samples) * HALF, F(top) + F(samples) * HALF
                continue
            for j in range(samples):
                for i in range(samples):
                    t = ids[top + j, left + i]
                    if t < 0:
                        empty[row, column] += sample_share
                        continue
                    n = count[shader[t]]
                    count[shader[t]] = n + 1
                    place[n], triangle[n], share[n] = row * size + column, t, sample_share
                    at[n, 0], at[n, 1] = F(left + i) + HALF, F(top + j) + HALF
