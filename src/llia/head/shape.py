"""The one parametric head: identity and motion in, posed vertices out."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numba import njit
from numpy.typing import NDArray

from llia.head.motion import FACE, GAZE, HEAD_SHIFT, HEAD_TURN, LIDS, TORSO_HEIGHT, TORSO_TURN, Motion

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]

PIVOT = np.array([0.0, -7.5, -2.5], np.float32)  # the head turns about this point of the neck, cm
NECK_RANGE_CM = (-16.0, -7.0)  # from "moves with the torso" to "moves with the head"
EYE_SINK_CM = 0.2  # an eye draws back when its lids shut, or wide eyes would stand out through them
NEGLIGIBLE_WEIGHT = 1e-4
UNREADABLE = (OSError, ValueError, EOFError, BadZipFile, zlib.error)  # what numpy raises for an .npz that is broken


class Material(IntEnum):
    """What a triangle of the head is made of; the world's own materials go on from here."""

    FACE = 0
    SCALP = 1
    SOCKET = 2
    GUMS = 3
    TEETH = 4
    EYE_LEFT = 5
    EYE_RIGHT = 6
    LASH = 7


@dataclass(frozen=True)
class Head:
    """The head that all people share: mean, modes of identity, shapes of expression, topology."""

    mean: Floats  # V 3, cm
    identity: Floats  # 40 V 3, cm for a coefficient of one
    expression_start: Ints  # 55, where each face weight's rows begin below
    expression_vertex: Ints  # n
    expression_shift: Floats  # n 3, cm for a weight of one
    triangles: Ints  # N 3
    material: Bytes  # N
    uv: Floats  # V 2, a frontal unwrap of the face in [0, 1], the back of the head in [1, 2]
    part: Bytes  # V, the material of each vertex
    eye: Bytes  # V, 0 none, 1 left, 2 right
    follow: Floats  # V, 1 moves with the head, 0 with the torso
    landmarks: Ints  # 68, the usual order
    sight: Ints  # 150: the 68, more on face, ears and skull, the two irises
    sight_mirror: Ints  # 150, which of them is each one's mirror image


@dataclass(frozen=True)
class RestHead:
    """One person's head without any motion."""

    vertices: Floats  # V 3
    follow: Floats  # V
    eye_centres: Floats  # 2 3, left and right


@cache
def load_head() -> Head:
    """-> the head that ships with the package."""
    return read_head(files("llia") / "assets" / "head.npz")


def read_head(path: Traversable) -> Head:
    """A packed head's file -> the head."""
    if not path.is_file():
        raise FileNotFoundError(f"expected the packed head at {path}; make it with `llia world head SOURCE`")
    try:
        with path.open("rb") as file, np.load(file) as packed:
            return unpack({name: packed[name] for name in packed.files})
    except (KeyError, *UNREADABLE) as error:
        raise ValueError(f"expected a packed head in {path}, could not read it ({error}); make it again") from error


def unpack(packed: dict[str, Any]) -> Head:
    """Arrays as `pack.pack_head` wrote them -> the head."""
    mean = packed["mean"].astype(np.float32)
    identity = packed["identity"].astype(np.float32) * packed["identity_scale"][:, None, None]
    start = packed["expression_start"].astype(np.int32)
    rows_of_each = np.diff(start)
    shift = packed["expression_shift"].astype(np.float32)
    shift *= np.repeat(packed["expression_scale"], rows_of_each)[:, None]
    triangles = np.ascontiguousarray(packed["triangles"].astype(np.int32))
    part = part_of_vertices(len(mean), triangles, packed["material"])
    return Head(
        mean=mean,
        identity=identity.astype(np.float32),
        expression_start=start,
        expression_vertex=packed["expression_vertex"].astype(np.int32),
        expression_shift=shift,
        triangles=triangles,
        material=packed["material"],
        uv=packed["uv"].astype(np.float32),
        part=part,
        eye=((part == Material.EYE_LEFT) + 2 * (part == Material.EYE_RIGHT)).astype(np.uint8),
        follow=np.where(part >= Material.SOCKET, 1.0, ease(*NECK_RANGE_CM, mean[:, 1])).astype(np.float32),
        landmarks=packed["landmarks"].astype(np.int32),
        sight=packed["sight"].astype(np.int32),
        sight_mirror=packed["sight_mirror"].astype(np.int32),
    )


def part_of_vertices(num_vertices: int, triangles: Ints, material: Bytes) -> Bytes:
    """Material of each triangle -> of each vertex; where several meet, the first of `Material` counts."""
    part = np.full(num_vertices, len(Material), np.uint8)
    np.minimum.at(part, triangles.ravel(), np.repeat(material, 3))
    return part


def ease(low: float, high: float, x: Any) -> Any:
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def rest_head(identity: NDArray[np.floating[Any]]) -> RestHead:
    """Identity coefficients, [40] -> that person's head at rest."""
    head = load_head()
    if identity.shape != (len(head.identity),):
        raise ValueError(f"expected {len(head.identity)} identity coefficients, got an array of {identity.shape}")
    vertices = head.mean + np.tensordot(identity.astype(np.float32), head.identity, 1)
    return RestHead(vertices.astype(np.float32), head.follow, eye_centres(vertices))


def eye_centres(vertices: NDArray[np.floating[Any]]) -> Floats:
    """Vertices at rest, [V 3] -> the centres of the spheres fitted to the backs of both eyes, [2 3]."""
    centres = []
    for eye in (1, 2):
        points = vertices[load_head().eye == eye].astype(np.float64)
        back = points[points[:, 2] < np.percentile(points[:, 2], 60)]  # without the bulge of the cornea
        system = np.column_stack([2 * back, np.ones(len(back))])
        centres.append(np.linalg.lstsq(system, (back**2).sum(1), rcond=None)[0][:3])
    return np.array(centres, np.float32)


def pose(rest: RestHead, motion: Motion) -> Floats:
    """A person's head at rest and one frame of motion, [66] -> its vertices, [V 3]."""
    out = np.empty_like(rest.vertices)
    pose_vertices(rest.vertices, rest.follow, load_head().eye, rest.eye_centres, motion, out)
    return out


def turns(motion: Motion) -> tuple[Floats, Floats, Floats, Floats]:
    """Motion -> rotation and shift of the head, rotation and shift of the torso."""
    torso = turn(*motion[TORSO_TURN])
    torso_shift = np.array([0, motion[TORSO_HEIGHT], 0], np.float32)
    return np.matmul(torso, turn(*motion[HEAD_TURN])), motion[HEAD_SHIFT] + torso_shift, torso, torso_shift


def turn(yaw: float, pitch: float, roll: float) -> Floats:
    """Angles in radians -> the rotation about y after x after z, [3 3]."""
    cy, sy, cp, sp, cr, sr = (f(a) for a in (yaw, pitch, roll) for f in (math.cos, math.sin))
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return np.asarray(about_y @ about_x @ about_z, np.float32)


def turn_gaze(yaw: float, pitch: float) -> Floats:
    """Gaze in radians, up and to the person's left positive -> the rotation of an eye in its socket, [3 3]."""
    return turn(yaw, -pitch, 0.0)


def pose_vertices(rest: Floats, follow: Floats, eye: Bytes, eye_centres: Floats, motion: Motion, out: Floats) -> None:
    """A body at rest (the head's vertices first) and one frame of motion -> its vertices, written to `out`, [n 3]."""
    head = load_head()
    head_turn, head_shift, torso_turn, torso_shift = turns(motion)
    out[:] = rest
    add_expression(
        head.expression_start, head.expression_vertex, head.expression_shift,
        np.ascontiguousarray(motion[FACE], np.float32), out,
    )  # fmt: skip
    turn_eyes(eye, eye_centres, turn_gaze(*motion[GAZE]), motion[LIDS] * EYE_SINK_CM, out)
    turn_body(follow, head_turn, head_shift, torso_turn, torso_shift, PIVOT, out)


def dense_expressions(vertices: Ints) -> Floats:
    """Numbers of some vertices, [n] -> how each face weight moves them, [54 n 3]."""
    head = load_head()
    dense = np.zeros((FACE.stop, len(head.mean), 3), np.float32)
    weight_of_row = np.repeat(np.arange(FACE.stop), np.diff(head.expression_start))
    dense[weight_of_row, head.expression_vertex] = head.expression_shift
    return np.ascontiguousarray(dense[:, vertices])


@njit(cache=True, nogil=True)
def add_expression(start: Ints, vertex: Ints, shift: Floats, weights: Floats, out: Floats) -> None:
    for k in range(len(weights)):
        weight = weights[k]
        if abs(weight) > NEGLIGIBLE_WEIGHT:
            for row in range(start[k], start[k + 1]):
                place = vertex[row]
                for axis in range(3):
                    out[place, axis] += weight * shift[row, axis]


@njit(cache=True, nogil=True)
def turn_eyes(eye: Bytes, centres: Floats, rotation: Floats, sunk: Floats, out: Floats) -> None:
    for place in range(len(eye)):
        if eye[place] > 0:
            centre = centres[eye[place] - 1]
            x, y, z = out[place, 0] - centre[0], out[place, 1] - centre[1], out[place, 2] - centre[2]
            for axis in range(3):
                turned = rotation[axis, 0] * x + rotation[axis, 1] * y + rotation[axis, 2] * z
                out[place, axis] = turned + centre[axis]
            out[place, 2] -= sunk[eye[place] - 1]


@njit(cache=True, nogil=True, fastmath=True)
def turn_body(
    follow: Floats, head_turn: Floats, head_shift: Floats, torso_turn: Floats, torso_shift: Floats, pivot: Floats,
    out: Floats,
) -> None:  # fmt: skip
    for place in range(len(follow)):
        x, y, z = out[place, 0] - pivot[0], out[place, 1] - pivot[1], out[place, 2] - pivot[2]
        share = follow[place]
        for axis in range(3):
            with_head = head_turn[axis, 0] * x + head_turn[axis, 1] * y + head_turn[axis, 2] * z + head_shift[axis]
            with_torso = torso_turn[axis, 0] * x + torso_turn[axis, 1] * y + torso_turn[axis, 2] * z
            with_torso += torso_shift[axis]
            out[place, axis] = share * with_head + (1 - share) * with_torso + pivot[axis]


@njit(cache=True, nogil=True, fastmath=True)
def vertex_normals(vertices: Floats, triangles: Ints, out: Floats) -> None:
    """Vertices and the triangles to count -> unit normals of the first len(out) vertices, written to `out`."""
    out[:] = 0
    for t in range(len(triangles)):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        x, y, z = vertices[a, 0], vertices[a, 1], vertices[a, 2]
        ux, uy, uz = vertices[b, 0] - x, vertices[b, 1] - y, vertices[b, 2] - z
        vx, vy, vz = vertices[c, 0] - x, vertices[c, 1] - y, vertices[c, 2] - z
        nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        for corner in (a, b, c):
            out[corner, 0] += nx
            out[corner, 1] += ny
            out[corner, 2] += nz
    for place in range(len(out)):
        x, y, z = out[place, 0], out[place, 1], out[place, 2]
        length = math.sqrt(x * x + y * y + z * z) + 1e-12
        out[place, 0], out[place, 1], out[place, 2] = x / length, y / length, z / length
