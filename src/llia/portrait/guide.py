"""A portrait's likeness and one frame of motion -> what the painter is given: flow, classes, normals, what is seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from llia.head.lashes import lash_reach
from llia.head.likeness import Camera, Likeness, project
from llia.head.motion import Motion
from llia.head.raster import Style, empty_buffers, rasterize
from llia.head.shape import (
    PIVOT,
    Bytes,
    Floats,
    Ints,
    Material,
    RestHead,
    load_head,
    pose_vertices,
    turns,
    vertex_normals,
)
from llia.portrait.flow import NUM_CHANNELS, Channel, carry_pixels, fill_field, kinds_around, least_around, spread_flow
from llia.portrait.shell import THROAT, THROAT_TRIANGLES, surround

GUIDE_PX = 128
FIELD_PX = 64  # cells of the fill
NUM_LEVELS = 6  # of its pyramid, down to 2 x 2
LASH_CUT = 1.25  # lashes of middling length
SEEN_MAP_PX = 512  # of the portrait's depth
# The class of each material, counted from Channel.SKIN.
KINDS = {
    Material.FACE: Channel.SKIN,
    Material.SCALP: Channel.SKIN,
    Material.SOCKET: Channel.HOLLOW,
    Material.GUMS: Channel.GUMS,
    Material.TEETH: Channel.TEETH,
    Material.EYE_LEFT: Channel.EYE,
    Material.EYE_RIGHT: Channel.EYE,
    Material.LASH: Channel.LASH,
}


@dataclass(frozen=True)
class PortraitSide:
    """All of the guide that does not change from frame to frame. Vertices: head, throat, what is about it."""

    camera: Camera
    size_px: int  # of the flow
    guide_px: int  # of the channels
    vertices: Floats  # n 3, at rest
    follow: Floats  # n
    eye: Bytes  # n
    eye_centres: Floats  # 2 3
    triangles: Ints  # N 3, the head's and the throat's
    soft_triangles: Ints  # of shell and shoulders
    num_shell: int  # of them
    style: Bytes  # N
    cut: Floats  # n 4, what thins out lashes, as `rasterize` reads it
    soft_style: Bytes
    kind: Bytes  # N, class of each triangle
    iris: Floats  # 2 for each vertex of those, place on the eyeball
    motion: Motion  # 66, the portrait's
    home: Floats  # n 3, x and y in sides of the portrait, 1 / depth
    nearest: Floats  # SEEN_MAP_PX SEEN_MAP_PX, see `carry_pixels`
    around: Bytes  # the same


@dataclass(frozen=True)
class Guide:
    """One frame for the painter; `flow` is as fine as the picture, the channels are averaged from as fine a raster."""

    channels: Floats  # Channel h w
    flow: Floats  # H W 2, place in the portrait less place in the picture, x and y in sides of the picture
    matter: Bytes  # H W, class of each pixel, see `carry_pixels`


def prepare(
    likeness: Likeness, size_px: int = 256, guide_px: int = GUIDE_PX, rest: RestHead | None = None
) -> PortraitSide:
    """A likeness and the sizes of flow and channels -> what every frame needs.

    `rest` replaces the likeness's own head where the true one is known better than by its identity.
    """
    if guide_px <= 0 or size_px % guide_px or size_px % FIELD_PX:
        raise ValueError(f"expected a size that {guide_px} and {FIELD_PX} divide, got {size_px}")
    head = load_head()
    person = rest or likeness.rest()
    about = surround(person)
    vertices = np.concatenate([person.vertices, THROAT, about.vertices])
    follow = np.concatenate([person.follow, np.ones(len(THROAT), np.float32), about.follow])
    eye = np.pad(head.eye, (0, len(vertices) - len(head.eye)))
    num_solid = len(vertices) - len(about.vertices)
    style = np.where(head.material == Material.LASH, Style.STIPPLE, Style.CULLED)
    style = np.append(style, np.full(len(THROAT_TRIANGLES), Style.SOLID)).astype(np.uint8)
    cut = np.zeros((len(vertices), 4), np.float32)
    cut[: len(head.mean), 0], cut[: len(head.mean), 1] = lash_reach(person) * LASH_CUT, person.vertices[:, 0]
    triangles = np.concatenate([head.triangles, THROAT_TRIANGLES + len(head.mean)])
    posed = np.empty_like(vertices)
    pose_vertices(vertices, follow, eye, person.eye_centres, likeness.motion, posed)
    screen = project(posed, likeness.camera, SEEN_MAP_PX)
    kinds = np.array([KINDS[material] - Channel.SKIN for material in Material], np.uint8)
    kind = kinds[np.append(head.material, [Material.SOCKET] * len(THROAT_TRIANGLES))]
    nearest, around = draw_portrait(screen, triangles, style, cut, kind)
    return PortraitSide(
        camera=likeness.camera,
        size_px=size_px,
        guide_px=guide_px,
        vertices=vertices,
        follow=follow,
        eye=eye,
        eye_centres=person.eye_centres,
        triangles=triangles,
        soft_triangles=np.ascontiguousarray(about.triangles + num_solid, np.int32),
        num_shell=about.num_shell,
        style=style,
        cut=cut,
        soft_style=np.full(len(about.triangles), Style.SOLID, np.uint8),
        kind=kind,
        iris=np.pad(eyeball_places(person), ((0, len(THROAT)), (0, 0))),
        motion=likeness.motion,
        home=screen * np.array([1 / SEEN_MAP_PX, 1 / SEEN_MAP_PX, 1], np.float32),
        nearest=nearest,
        around=around,
    )


def draw_portrait(screen: Floats, triangles: Ints, style: Bytes, cut: Floats, kind: Bytes) -> tuple[Floats, Bytes]:
    """The portrait's vertices on its map -> `nearest` and `around` of `carry_pixels`.

    Lashes, too thin to have surroundings, are laid over.
    """
    of_lash = style == Style.STIPPLE
    bare, _ = draw(screen, triangles, np.where(of_lash, Style.SKIPPED, style).astype(np.uint8), cut, SEEN_MAP_PX)
    nearest = np.empty_like(bare)
    least_around(bare, nearest)
    depth, ids = draw(screen, triangles, style, cut, SEEN_MAP_PX)
    lashes = (ids >= 0) & of_lash[ids]
    nearest[lashes] = depth[lashes]
    around = np.empty(ids.shape, np.uint8)
    kinds_around(ids, kind, around)
    return nearest, around


def eyeball_places(rest: RestHead) -> Floats:
    """-> x and y of each vertex of an eye from the middle of its iris, in eye radii; zero for the others, [V 2]."""
    head = load_head()
    places = np.zeros((len(rest.vertices), 2), np.float32)
    for number, iris in enumerate(head.sight[-2:]):
        of_eye = head.eye == number + 1
        radius = np.linalg.norm(rest.vertices[iris] - rest.eye_centres[number])
        places[of_eye] = (rest.vertices[of_eye] - rest.vertices[iris])[:, :2] / radius
    return places


def guide(side: PortraitSide, motion: Motion) -> Guide:
    """A portrait's side and one frame of motion, [66] -> the painter's guide."""
    size, guide_px = side.size_px, side.guide_px
    channels, flow = np.empty((NUM_CHANNELS, guide_px, guide_px), np.float32), np.empty((size, size, 2), np.float32)
    out = Guide(channels, flow, np.empty((size, size), np.uint8))
    posed = np.empty_like(side.vertices)
    pose_vertices(side.vertices, side.follow, side.eye, side.eye_centres, motion, posed)
    normals = np.empty_like(side.vertices[: len(side.iris)])
    vertex_normals(posed, side.triangles, normals)
    screen = project(posed, side.camera, size)
    depth, ids = draw(screen, side.triangles, side.style, side.cut, size)

    # what the head shows, then the flow about it by cells
    pyramid = np.empty((NUM_LEVELS, FIELD_PX, FIELD_PX, 3), np.float32)
    carry_pixels(
        screen, side.triangles, ids, depth, side.kind, side.home, side.nearest, side.around,
        carry_rigidly(side.camera, size, side.motion, motion), normals, side.iris, out.flow, out.matter,
        out.channels, pyramid[0],
    )  # fmt: skip
    soft_screen = screen * np.array([FIELD_PX / size, FIELD_PX / size, 1], np.float32)
    _, soft_ids = draw(soft_screen, side.soft_triangles, side.soft_style, side.cut, FIELD_PX)
    fill_field(soft_screen, side.soft_triangles, soft_ids, side.num_shell, side.home, pyramid)
    spread_flow(ids, pyramid[0], side.nearest, out.flow, out.channels)
    return out


def carry_rigidly(camera: Camera, size_px: int, home: Motion, motion: Motion) -> Floats:
    """The portrait's motion and a frame's -> the way to the portrait for what only follows the head, [3 4].

    It takes a pixel's number in x and y, 1 and 1 / depth to x, y (in sides) and 1, all times something.
    """
    way = to_screen(camera, 1) @ place_head(home) @ np.linalg.inv(to_screen(camera, size_px) @ place_head(motion))
    way[:, 2] += (way[:, 0] + way[:, 1]) / 2  # the middle of a pixel
    return np.asarray(way[:3], np.float32)


def place_head(motion: Motion) -> NDArray[np.float64]:
    """-> where a point that follows the head goes, [4 4]."""
    turned, shift, _, _ = turns(motion)
    placed = np.eye(4)
    placed[:3, :3], placed[:3, 3] = turned, PIVOT + shift - turned @ PIVOT
    return placed


def to_screen(camera: Camera, size_px: int) -> NDArray[np.float64]:
    """-> what takes x, y, z, 1 to the x, y, 1 of `project` and 1 / depth, all times the depth, [4 4]."""
    half, far = size_px / 2, camera.distance
    cos, sin = (f(camera.roll) * camera.focal * half for f in (np.cos, np.sin))
    return np.array([
        [cos, sin, -half, half * far - cos * camera.x - sin * camera.y],
        [sin, -cos, -half, half * far - sin * camera.x + cos * camera.y],
        [0, 0, -1, far],
        [0, 0, 0, 1],
    ])  # fmt: skip


def draw(screen: Floats, triangles: Ints, style: Bytes, cut: Floats, size_px: int) -> tuple[Floats, Ints]:
    """-> 1 / depth and the number of the triangle of each pixel."""
    depth, ids = empty_buffers(size_px, size_px)
    rasterize(screen, triangles, style, cut, depth, ids)
    return depth, ids
