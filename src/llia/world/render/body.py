"""A person -> the body that a studio can film: every array that pose, raster and shading need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from llia.head.lashes import lash_reach
from llia.head.motion import FACE_NAMES
from llia.head.raster import Style
from llia.head.shape import Material, RestHead, load_head, vertex_normals
from llia.world.chance import stream
from llia.world.dress.wardrobe import dress
from llia.world.dress.worn import wear
from llia.world.face.features import shape_head
from llia.world.face.skin import TEXTURE_PX, paint_skin
from llia.world.face.tones import skin_colour
from llia.world.form.mesh import Geometry, Matter, Mesh
from llia.world.hair.growth import grow_hair
from llia.world.people.person import Person
from llia.world.render.occlusion import bake_occlusion
from llia.world.render.points import shaders_of

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]

STYLE_OF_MATTER: dict[int, Style] = {
    Material.FACE: Style.CULLED,
    Material.SCALP: Style.CULLED,
    Material.SOCKET: Style.CULLED,
    Material.GUMS: Style.CULLED,
    Material.TEETH: Style.CULLED,
    Material.EYE_LEFT: Style.SOLID,
    Material.EYE_RIGHT: Style.SOLID,
    Material.LASH: Style.STIPPLE,
    Matter.HAIR: Style.LOCK,
    Matter.CAP: Style.COVER,
    Matter.CLOTH: Style.SOLID,
    Matter.TORSO: Style.CULLED,
    Matter.GLASS: Style.SOLID,
    Matter.METAL: Style.SOLID,
    Matter.HAT: Style.SOLID,
}
# What throws a shadow; skin first, since it is drawn only where it faces the light.
CULLED_CASTERS = (Material.FACE, Material.SCALP)
CASTERS = (Matter.HAIR, Matter.CAP, Matter.CLOTH, Matter.TORSO, Matter.METAL, Matter.HAT)

FINE_TEXTURE_PX, LARGE_PICTURE_PX = 1024, 512
THROAT_X, THROAT_Y, THROAT_Z = (-3.2, 3.2), (-6.0, -0.6), 2.5  # cm; lower down it would stick out of slim necks
HAIR_FLOOR, SKIN_FLOOR, SKIN_GAIN = 0.25, 0.12, 0.95  # occlusion as baked -> as used
CAP_COVERS = 1.25
NECK_FOOT_Y, NECK_OPEN, NECK_SLOPE = -14.0, 0.82, 0.03  # how open the neck's foot lies, by height
NECK_RANGE, NECK_BEHIND, FRONT_Z = (0.45, 0.9), 0.8, 2.0
NECK_MIX_Y = (-10.5, -8.0)  # the head's own occlusion goes over into the neck's between these heights
MASCULINE_LASHES, LINER_LASHES = 0.5, 0.15  # shorter by, longer by


@dataclass(frozen=True)
class Body:
    """A person at rest: n vertices (the head's first), N triangles."""

    person: Person
    rest: RestHead
    vertices: Floats  # n 3
    normals: Floats  # n 3
    tangents: Floats  # n 3, along the hair
    follow: Floats  # n
    eye: Bytes  # n
    cut: Floats  # n 4, what cuts holes into hair, lashes and stubble, as `rasterize` reads it
    occlusion: Floats  # n
    fixed: Floats  # n 16: place at rest, aux, uv, as the shaders read them
    triangles: Ints  # N 3
    matter: Bytes  # N
    style: Bytes  # N, how it is drawn
    shader: Bytes  # N, what shades it
    casters: Ints  # M 3, the triangles that throw shadows
    num_culled: int  # of the casters, those drawn only where they face the light
    texture: Floats  # S S 4, the face's skin: linear colour and gloss
    skin: Floats  # 3, colour of the skin elsewhere


def texture_px_for(size_px: int) -> int:
    """Side of the pictures -> of the skin's texture: large pictures would show its strokes."""
    return FINE_TEXTURE_PX if size_px >= LARGE_PICTURE_PX else TEXTURE_PX


def build(person: Person, texture_px: int = TEXTURE_PX) -> Body:
    """-> the person's body; the same person gives the same arrays."""
    rest = shape_head(person)
    normals = np.empty_like(rest.vertices)
    vertex_normals(rest.vertices, load_head().triangles, normals)
    mesh = Mesh()
    dress(mesh, person, rest, stream(person.seed, "clothes"))
    grow_hair(mesh, person, rest, normals, stream(person.seed, "hair"))
    close_throat(mesh)
    wear(mesh, person, rest, stream(person.seed, "worn"))
    texture = paint_skin(person, rest, texture_px)
    return assemble(person, rest, normals, mesh.arrays(), texture, skin_colour(person.skin))


def close_throat(mesh: Mesh) -> None:
    """Adds a wall behind the mouth, whose hollow is open at its back."""
    (left, right), (low, high) = THROAT_X, THROAT_Y
    corners = [(left, low, THROAT_Z), (right, low, THROAT_Z), (right, high, THROAT_Z), (left, high, THROAT_Z)]
    mesh.add(
        Material.SOCKET, corners, [(0, 1, 2), (0, 2, 3)], normals=np.tile((0.0, 0.0, 1.0), (4, 1)), follow=1.0,
        aux=np.zeros((4, 4)),
    )  # fmt: skip


def assemble(person: Person, rest: RestHead, normals: Floats, extra: Geometry, texture: Floats, skin: Floats) -> Body:
    """A head, what is put on it, and its skin -> one body."""
    head = load_head()
    first = len(rest.vertices)
    vertices = np.concatenate([rest.vertices, extra.vertices])
    all_normals = np.concatenate([normals, extra.normals])
    aux = np.concatenate([head_aux(person, rest), extra.aux])
    triangles = np.concatenate([head.triangles, extra.triangles + np.int32(first)])
    matter = np.concatenate([head.material, extra.material])
    skin_casters = triangles[np.isin(matter, CULLED_CASTERS)]
    casters = np.ascontiguousarray(np.concatenate([skin_casters, triangles[np.isin(matter, CASTERS)]]))
    baked = bake_occlusion(vertices, all_normals, casters, len(skin_casters))
    fixed = np.zeros((len(vertices), 16), np.float32)
    fixed[:, 0:3], fixed[:, 3:7] = vertices, aux
    fixed[:first, 7:9], fixed[first:, 7:9] = head.uv, extra.aux[:, :2]
    return Body(
        person=person,
        rest=rest,
        vertices=vertices,
        normals=all_normals,
        tangents=np.concatenate([np.zeros_like(rest.vertices), extra.tangents]),
        follow=np.concatenate([rest.follow, extra.follow]),
        eye=np.concatenate([head.eye, np.zeros(len(extra.vertices), np.uint8)]),
        cut=cut_of(aux, triangles, matter),
        occlusion=settle_occlusion(baked, vertices, triangles, matter),
        fixed=fixed,
        triangles=np.ascontiguousarray(triangles),
        matter=matter,
        style=styles_of(matter),
        shader=shaders_of(matter),
        casters=casters,
        num_culled=len(skin_casters),
        texture=texture,
        skin=skin,
    )


def cut_of(aux: Floats, triangles: Ints, matter: Bytes) -> Floats:
    """-> aux as it cuts: short hair covers more than its share says, for its shader mixes in the skin between."""
    cut, cap = aux.copy(), np.unique(triangles[matter == Matter.CAP])
    cut[cap, 1] = np.clip(cut[cap, 1] * CAP_COVERS, 0, 1)
    return cut


def styles_of(matter: Bytes) -> Bytes:
    """Matter of each triangle -> how it is drawn."""
    table = np.zeros(max(STYLE_OF_MATTER) + 1, np.uint8)
    for key, style in STYLE_OF_MATTER.items():
        table[key] = style
    return np.ascontiguousarray(table[matter])


def settle_occlusion(baked: Floats, vertices: Floats, triangles: Ints, matter: Bytes) -> Floats:
    """Occlusion as baked -> as used: none inside the mouth and the eyes (their shaders know better), one and the same
    for the neck and the torso's skin, so that no step shows between the two meshes."""
    head = load_head()
    of_hair = np.zeros(len(vertices), bool)
    of_hair[triangles[matter == Matter.HAIR]] = True
    of_torso = np.zeros(len(vertices), bool)
    of_torso[triangles[matter == Matter.TORSO]] = True
    settled = np.where(of_hair, HAIR_FLOOR + (1 - HAIR_FLOOR) * baked, SKIN_FLOOR + SKIN_GAIN * baked)
    height, depth = vertices[:, 1], vertices[:, 2]
    neck = np.clip(NECK_OPEN + NECK_SLOPE * (height - NECK_FOOT_Y), *NECK_RANGE)
    neck *= NECK_BEHIND + (1 - NECK_BEHIND) * np.clip(depth / FRONT_Z + 0.5, 0, 1)
    low, high = NECK_MIX_Y
    to_neck = np.zeros(len(vertices))
    skin = np.flatnonzero(head.part <= Material.SCALP)
    to_neck[skin] = np.clip((high - height[skin]) / (high - low), 0, 1)
    to_neck[of_torso] = 1
    settled = settled * (1 - to_neck) + np.minimum(neck, 1) * to_neck
    settled[np.flatnonzero(head.part >= Material.SOCKET)] = 1
    return np.asarray(np.clip(settled, 0, 1), np.float32)


def head_aux(person: Person, rest: RestHead) -> Floats:
    """-> what the head's lashes and tongue need to be told, [V 4]."""
    head = load_head()
    aux = np.zeros((len(rest.vertices), 4), np.float32)
    lash = head.part == Material.LASH
    shorter = 1 + MASCULINE_LASHES * (1 - person.femininity) - LINER_LASHES * person.makeup.liner
    aux[:, 0] = lash_reach(rest) * shorter
    aux[lash, 1] = rest.vertices[lash, 0]  # where along the lid: lashes thin out by it
    start = head.expression_start[FACE_NAMES.index("tongueOut")]
    tongue = head.expression_vertex[start : head.expression_start[-1]]
    aux[tongue, 1] = 1
    return aux
