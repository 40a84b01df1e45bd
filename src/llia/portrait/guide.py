"""A portrait's likeness and one frame of motion -> what the painter is given: flow, classes, normals, what is seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from llia.head.likeness import Camera, Likeness, project
from llia.head.motion import Motion
from llia.head.raster import Style, empty_buffers, rasterize
from llia.head.shape import Bytes, Floats, Ints, Material, RestHead, load_head, pose_vertices, vertex_normals
from llia.portrait.flow import NUM_CHANNELS, Channel, carry_pixels, fill_field, least_around, spread_flow
from llia.portrait.shell import THROAT, THROAT_TRIANGLES, surround

GUIDE_PX = 128
FIELD_PX = 64  # cells of the fill
NUM_LEVELS = 6  # of its pyramid, down to 2 x 2
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
    Material.LASH: Channel.SKIN,
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
    soft_style: Bytes
    kind: Bytes  # N, class of each triangle
    iris: Floats  # 2 for each vertex of those, place on the eyeball
    home: Floats  # n 3, x and y in sides of the portrait, 1 / depth
    nearest: Floats  # SEEN_MAP_PX SEEN_MAP_PX, see `carry_pixels`


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
    skipped = np.where(head.material == Material.LASH, Style.SKIPPED, Style.CULLED).astype(np.uint8)
    style = np.append(skipped, np.full(len(THROAT_TRIANGLES), Style.SOLID, np.uint8))
    triangles = np.concatenate([head.triangles, THROAT_TRIANGLES + len(head.mean)])
    posed = np.empty_like(vertices)
    pose_vertices(vertices, follow, eye, person.eye_centres, likeness.motion, posed)
    screen = project(posed, likeness.camera, SEEN_MAP_PX)
    depth, _ = draw(screen, triangles, style, SEEN_MAP_PX)
    nearest = np.empty_like(depth)
    least_around(depth, nearest)
    kinds = np.array([KINDS[material] - Channel.SKIN for material in Material], np.uint8)
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
        soft_style=np.full(len(about.triangles), Style.SOLID, np.uint8),
        kind=kinds[np.append(head.material, [Material.SOCKET] * len(THROAT_TRIANGLES))],
        iris=np.pad(eyeball_places(person), ((0, len(THROAT)), (0, 0))),
        home=screen * np.array([1 / SEEN_MAP_PX, 1 / SEEN_MAP_PX, 1], np.float32),
        nearest=nearest,
    )


def eyeball_places(rest: RestHead) -> Floats:
    """-> x and y of each vertex of an eye from the middle of its iris, in eye radii; zero for the others, [V 2]."""
    head = load_head()
    places = np.zeros((len(rest.vertices), 2), np.float32)
    for number, iris in enumerate(head.sight[-2:]):
        of_eye = head.eye == number + 1
        radius = np.linalg.norm(rest.vertices[iris] - rest.eye_centres[number])
        places[of_eye] = (rest.vertices[of_eye] - rest.vertices[iris])[:, :2] / radius
    return places


def guide(side: PortraitSide, motion: Motion, out: Guide | None = None) -> Guide:
    """A portrait's side and one frame of motion, [66] -> the painter's guide, written into `out` where it is given."""
    size, guide_px = side.size_px, side.guide_px
    if out is None:
        channels, flow = np.empty((NUM_CHANNELS, guide_px, guide_px), np.float32), np.empty((size, size, 2), np.float32)
        out = Guide(channels, flow, np.empty((size, size), np.uint8))
    posed = np.empty_like(side.vertices)
    pose_vertices(side.vertices, side.follow, side.eye, side.eye_centres, motion, posed)
    normals = np.empty_like(side.vertices[: len(side.iris)])
    vertex_normals(posed, side.triangles, normals)
    screen = project(posed, side.camera, size)
    _, ids = draw(screen, side.triangles, side.style, size)

    # what the head shows, then the flow about it by cells
    pyramid = np.empty((NUM_LEVELS, FIELD_PX, FIELD_PX, 3), np.float32)
    carry_pixels(
        screen, side.triangles, ids, side.kind, side.home, side.nearest, normals, side.iris, out.flow, out.matter,
        out.channels, pyramid[0],
    )  # fmt: skip
    soft_screen = screen * np.array([FIELD_PX / size, FIELD_PX / size, 1], np.float32)
    _, soft_ids = draw(soft_screen, side.soft_triangles, side.soft_style, FIELD_PX)
    fill_field(soft_screen, side.soft_triangles, soft_ids, side.num_shell, side.home, pyramid)
    spread_flow(ids, pyramid[0], side.nearest, out.flow, out.channels)
    return out


def draw(screen: Floats, triangles: Ints, style: Bytes, size_px: int) -> tuple[Floats, Ints]:
    """-> 1 / depth and the number of the triangle of each pixel."""
    depth, ids = empty_buffers(size_px, size_px)
    rasterize(screen, triangles, style, NO_CUT, depth, ids)
    return depth, ids


NO_CUT = np.zeros((0, 4), np.float32)  # none of the styles used here cuts
