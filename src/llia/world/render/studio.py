"""A body and a motion -> a picture: pose, shadow map, raster, points, shading, in that order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from llia.head.likeness import Camera, project
from llia.head.motion import GAZE, Motion
from llia.head.raster import empty_buffers, rasterize
from llia.head.shape import load_head, pose_vertices, turn_gaze, turns, vertex_normals
from llia.world.backdrop.background import paint_background
from llia.world.render.arithmetic import KERNEL, ONE, F
from llia.world.render.body import Body
from llia.world.render.develop import lay_background, print_picture, srgb_table, tone_map
from llia.world.render.light import Lamp, light_rows
from llia.world.render.points import NUM_SHADERS, room_for_points, sort_points
from llia.world.render.shade import Frame, Set, looks_of, shade
from llia.world.render.shade_eye import LID_CM, LID_STEPS
from llia.world.render.shade_mouth import COVER_CM, COVER_STEPS
from llia.world.render.shadow import draw_depth, look_from
from llia.world.render.surface import gather_vertices, room_for_spots, room_for_vertices

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

SHADOW_HALF_WIDTH_CM = 25.0
SHADOW_MAP_SIZE = 192
FACE_CM = 17.0  # of the face's width, which its unwrapped texture spans
NEVER_FACING = -0.75  # cosine to the light at rest; heads turn, but not that far
HIDDEN_BEHIND_CM = -5.0  # along the way to the light, from the head's origin
TEXELS_PER_SAMPLE = 1.5  # a texture is halved until it is no finer than this


@dataclass(frozen=True)
class Exposure:
    """One picture and where everything in it stands; all but the picture is overwritten by the next."""

    picture: NDArray[np.uint8]  # H W 3
    vertices: Floats  # n 3, posed, cm
    screen: Floats  # n 3, in samples
    depth: Floats  # 1 / distance of the samples
    ids: Ints  # triangle of the samples, -1 where there is none


class Studio:
    """A body before a camera; pictures do not depend on each other, so any order gives the same."""

    def __init__(self, body: Body, size_px: int, samples: int = 2, *, adaptive: bool = True) -> None:
        """`adaptive` shades smooth pixels once instead of once a sample."""
        person, framing = body.person, body.person.framing
        self.body, self.size_px, self.samples = body, size_px, samples
        self.camera = Camera.framing(framing.x, framing.y, framing.distance, framing.half_height, framing.roll)
        lights = light_rows(person.lighting)
        samples_per_cm = size_px * samples / (2 * framing.half_height)
        lip_step = max(1, round(COVER_CM * samples_per_cm / COVER_STEPS))
        fine = halve_until(body.texture, TEXELS_PER_SAMPLE * FACE_CM * samples_per_cm)
        self.set = Set(
            body=body,
            looks=looks_of(body),
            lights=lights,
            view=look_from(lights[Lamp.KEY_WAY], SHADOW_HALF_WIDTH_CM, SHADOW_MAP_SIZE),
            camera=np.array([framing.x, framing.y, framing.distance], np.float32),
            fine=fine,
            coarse=halve_until(fine, TEXELS_PER_SAMPLE * FACE_CM * samples_per_cm / samples),
            lid_step=max(1, round(LID_CM * samples_per_cm / LID_STEPS)),
            lip_step=lip_step,
            lip_reach=COVER_STEPS * lip_step / samples_per_cm,
            exposure=person.lighting.exposure,
        )
        self._pixel_depth = F(2 * framing.half_height / size_px / framing.distance if adaptive and samples > 1 else 0)
        background = paint_background(person.background, size_px)
        self._background = tone_map(background * np.float32(person.lighting.exposure))
        self._table = srgb_table()
        self._casters, self._num_culled = useful_casters(body, lights[Lamp.KEY_WAY])
        count, side = len(body.vertices), size_px * samples
        self._posed, self._normals, self._tangents, self._seen = (
            np.zeros((count, 3), np.float32) for _ in range(4)
        )  # fmt: skip
        self._columns = room_for_vertices(count)
        self._columns[:, 12] = body.occlusion
        self._depth, self._ids = empty_buffers(side, side)
        self._shadow = np.empty((SHADOW_MAP_SIZE, SHADOW_MAP_SIZE), np.float32)
        self._points, self._spots = room_for_points(side * side), room_for_spots()
        self._flat, self._count = np.empty((size_px, size_px), np.uint8), np.empty(NUM_SHADERS + 1, np.int32)
        self._empty = np.empty((size_px, size_px), np.float32)
        self._tone = np.empty((size_px, size_px, 3), np.float32)

    def shoot(self, motion: Motion) -> NDArray[np.uint8]:
        """One frame of motion, [66] -> its picture, [size size 3]."""
        return self.expose(motion).picture

    def expose(self, motion: Motion) -> Exposure:
        """One frame of motion, [66] -> its picture and where everything stands."""
        body, points = self.body, self._points
        self.pose(motion)
        draw_depth(self._posed, self.set.view, self._casters, self._num_culled, self._seen, self._shadow)
        screen = project(self._posed, self.camera, self.size_px * self.samples)
        rasterize(screen, body.triangles, body.style, body.cut, self._depth, self._ids)
        sort_points(
            self._ids, self._depth, self.samples, body.triangles, self._normals, body.shader, self._pixel_depth,
            self._flat, self._count, points.place, points.triangle, points.at, points.share, points.start, self._empty,
        )  # fmt: skip
        gather_vertices(screen, self._posed, self._normals, self._tangents, self._columns)
        lay_background(self._background, self._empty, self._tone)
        tone = self._tone.reshape(-1, 3)  # size size 3 -> size * size 3
        head_turn, *_ = turns(motion)
        gaze = np.ascontiguousarray((head_turn @ turn_gaze(*motion[GAZE]))[:, 2])
        shade(points, self.set, Frame(self._columns, self._ids, self._shadow, gaze), self._spots, tone)
        picture = np.empty((self.size_px, self.size_px, 3), np.uint8)
        print_picture(tone, self._table, picture.reshape(-1, 3))
        return Exposure(picture, self._posed, screen, self._depth, self._ids)

    def pose(self, motion: Motion) -> None:
        """Moves vertices, normals and tangents."""
        body, first = self.body, len(self.body.rest.vertices)
        pose_vertices(body.vertices, body.follow, body.eye, body.rest.eye_centres, motion, self._posed)
        vertex_normals(self._posed, load_head().triangles, self._normals[:first])
        head_turn, _, torso_turn, _ = turns(motion)
        for at_rest, turned in ((body.normals, self._normals), (body.tangents, self._tangents)):
            turn_ways(at_rest[first:], body.follow[first:], head_turn, torso_turn, turned[first:])


def useful_casters(body: Body, way: Floats) -> tuple[Ints, int]:
    """-> the casters, and how many of them are culled ones, without skin that never faces the light and without what
    lies so far behind that it could only shade what is hidden itself."""
    corners = body.casters  # M 3
    culled = np.arange(len(corners)) < body.num_culled
    facing = (body.normals @ way)[corners].max(1)
    along = (body.vertices @ way)[corners].max(1)
    keep = np.where(culled, facing > NEVER_FACING, along > HIDDEN_BEHIND_CM)
    return np.ascontiguousarray(corners[keep]), int(keep[culled].sum())


def halve_until(texture: Floats, size: float) -> Floats:
    """A texture -> halved as long as it is larger than `size`."""
    while len(texture) > size:
        quarters = texture[::2, ::2] + texture[1::2, ::2] + texture[::2, 1::2] + texture[1::2, 1::2]
        texture = quarters * np.float32(1 / 4)
    return np.ascontiguousarray(texture)


@njit(**KERNEL)
def turn_ways(at_rest: Floats, follow: Floats, head: Floats, torso: Floats, out: Floats) -> None:
    """Directions at rest, [n 3], and how far each follows the head -> turned, into `out`."""
    for i in range(len(at_rest)):
        x, y, z, share = at_rest[i, 0], at_rest[i, 1], at_rest[i, 2], follow[i]
        for axis in range(3):
            with_head = head[axis, 0] * x + head[axis, 1] * y + head[axis, 2] * z
            with_torso = torso[axis, 0] * x + torso[axis, 1] * y + torso[axis, 2] * z
            out[i, axis] = with_head * share + with_torso * (ONE - share)
