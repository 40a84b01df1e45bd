"""Points of one frame -> its tone: every shader over its own points, a chunk at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from llia.world.render.arithmetic import F
from llia.world.render.body import Body
from llia.world.render.develop import add_points
from llia.world.render.light import held_back
from llia.world.render.points import Points, Shader
from llia.world.render.shade_cloth import cloth_look, hard_look, shade_cloth, shade_hard
from llia.world.render.shade_eye import eye_look, shade_eye
from llia.world.render.shade_hair import hair_look, shade_hair
from llia.world.render.shade_mouth import mouth_look, shade_mouth
from llia.world.render.shade_skin import shade_skin, skin_look
from llia.world.render.shadow import LightView
from llia.world.render.surface import CHUNK, survey

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


# How far the longer exposure for dark skin is taken back from what would glow in it.
EYES_HELD, TEETH_HELD, GREY_HELD, CLOTH_HELD = 1.2, 0.6, 0.8, 0.5


@dataclass(frozen=True)
class Looks:
    """A person's colours as the shaders read them."""

    skin: Floats
    cloth: Floats
    hair: Floats
    mouth: Floats
    eye: Floats
    hard: Floats


@dataclass(frozen=True)
class Set:
    """What stays the same from frame to frame of one film."""

    body: Body
    looks: Looks
    lights: Floats  # rows of `Lamp`
    view: LightView  # how the shadow map is seen
    camera: Floats  # 3, its place
    fine: Floats  # the skin's texture for samples
    coarse: Floats  # and for whole pixels
    lid_step: int  # in samples
    lip_step: int
    lip_reach: float  # cm that COVER_STEPS of them come to
    exposure: float


@dataclass(frozen=True)
class Frame:
    """What one frame changes."""

    vertices: Floats  # columns of `Vertex`
    ids: Ints
    depth: Floats  # shadow map
    gaze: Floats  # 3, where the eyes look


def looks_of(body: Body) -> Looks:
    """-> the colours of a body's person."""
    person, light = body.person, body.person.lighting
    return Looks(
        skin=skin_look(person, body.skin),
        cloth=cloth_look(person, held_back(light, CLOTH_HELD)),
        hair=hair_look(person.hair, body.skin, held_back(light, GREY_HELD)),
        mouth=mouth_look(person.teeth, held_back(light, TEETH_HELD)),
        eye=eye_look(person.eyes, held_back(light, EYES_HELD)),
        hard=hard_look(person, body.skin),
    )


def shade(points: Points, scene: Set, frame: Frame, spots: Floats, tone: Floats) -> None:
    """Adds all points' light to `tone`, [size * size 3]; `spots` is scratch for one chunk."""
    body, view = scene.body, scene.view
    basis, scale, shift_x, shift_y = view.basis, F(view.scale), F(view.shift[0]), F(view.shift[1])
    exposure = F(scene.exposure)
    for shader in Shader:
        for begin in range(points.start[shader], points.start[shader + 1], CHUNK):
            end = min(begin + CHUNK, int(points.start[shader + 1]))
            survey(
                begin, end, points.triangle, points.at, body.triangles, body.matter, frame.vertices, scene.camera,
                scene.lights, basis, scale, shift_x, shift_y, frame.depth, spots,
            )  # fmt: skip
            colour_chunk(shader, begin, end, points, scene, frame, spots)
            add_points(begin, end, points.place, points.share, spots, exposure, tone)


def colour_chunk(shader: Shader, begin: int, end: int, points: Points, scene: Set, frame: Frame, spots: Floats) -> None:
    """One chunk of points that share a shader -> their colours, in `spots`."""
    body, looks, lights, triangle = scene.body, scene.looks, scene.lights, points.triangle
    triangles, matter, fixed = body.triangles, body.matter, body.fixed
    match shader:
        case Shader.SKIN:
            shade_skin(
                begin, end, triangle, points.share, triangles, matter, fixed, lights, scene.fine, scene.coarse,
                looks.skin, spots,
            )  # fmt: skip
        case Shader.CLOTH:
            shade_cloth(begin, end, triangle, triangles, matter, fixed, lights, looks.cloth, spots)
        case Shader.HAIR:
            shade_hair(
                begin, end, triangle, triangles, matter, fixed, frame.vertices, lights, looks.hair, spots
            )  # fmt: skip
        case Shader.MOUTH:
            shade_mouth(
                begin, end, triangle, points.at, triangles, matter, fixed, lights, frame.ids, scene.lip_step,
                F(scene.lip_reach), looks.mouth, spots,
            )  # fmt: skip
        case Shader.EYE:
            shade_eye(
                begin, end, triangle, points.at, triangles, matter, fixed, lights, frame.ids, scene.lid_step,
                body.rest.eye_centres, frame.gaze, looks.eye, spots,
            )  # fmt: skip
        case Shader.HARD:
            shade_hard(begin, end, triangle, triangles, matter, fixed, lights, looks.hard, spots)
