"""A checkout of ICT-FaceKit (the "light" model) -> the arrays that `pack` starts from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.head.shape import Material

Array = NDArray[Any]

NUM_IDENTITY_MODES = 40  # 97 % of what varies between people
STILL_CM = 2e-3  # a vertex that an expression moves by less is left out of it

# First and last vertex of each part in the model's own numbering; what is not named is not needed.
PARTS: tuple[tuple[Material, int, int], ...] = (
    (Material.FACE, 0, 9408),
    (Material.SCALP, 9409, 11247),
    (Material.SOCKET, 11248, 13293),
    (Material.GUMS, 14062, 17038),
    (Material.TEETH, 17039, 21450),
    (Material.EYE_LEFT, 21451, 22220),
    (Material.EYE_RIGHT, 23021, 23790),
    (Material.LASH, 25351, 26034),
    (Material.LASH, 26035, 26718),
)
MOLARS = ((17039, 17606), (18679, 19246), (19247, 19813), (20884, 21450))
EYEBALLS = (21451, 24590)  # turned as a whole, so no expression may move them
# The usual 68 landmarks in the model's numbering.
LANDMARKS = (
    1225, 1888, 1052, 367, 1719, 1722, 2199, 1447, 966, 3661, 4390, 3927, 3924, 2608, 3272, 4088, 3443, 268, 493, 1914,
    2044, 1401, 3615, 4240, 4114, 2734, 2509, 978, 4527, 4942, 4857, 1140, 2075, 1147, 4269, 3360, 1507, 1542, 1537,
    1528, 1518, 1511, 3742, 3751, 3756, 3721, 3725, 3732, 5708, 5695, 2081, 0, 4275, 6200, 6213, 6346, 6461, 5518,
    5957, 5841, 5702, 5711, 5533, 6216, 6207, 6470, 5517, 5966,
)  # fmt: skip


@dataclass(frozen=True)
class Mesh:
    """One .obj file, its polygons cut into triangles."""

    vertices: Array  # V 3
    texture: Array  # K 2
    triangles: Array  # N 3
    texture_of: Array  # N 3, which texture point each corner has


def read_facekit(checkout: Path) -> dict[str, Array]:
    """A checkout of ICT-FaceKit -> V, I, ei, ev, eo, ex, tri, mat, uv, lm of the parts that are kept."""
    model = next((f for f in (checkout / "FaceXModel", checkout) if (f / "generic_neutral_mesh.obj").is_file()), None)
    if model is None:
        raise FileNotFoundError(f"expected FaceXModel/generic_neutral_mesh.obj of ICT-FaceKit below {checkout}")
    neutral = read_mesh(model / "generic_neutral_mesh.obj")
    names = json.loads((model / "vertex_indices.json").read_text())["expressions"]
    kept, material = choose_triangles(neutral)
    triangles = neutral.triangles[kept]
    used = np.unique(triangles)
    new_number = np.full(len(neutral.vertices), -1)
    new_number[used] = np.arange(len(used))
    identity = [read_vertices(model / f"identity{k:03d}.obj") - neutral.vertices for k in range(NUM_IDENTITY_MODES)]
    start, vertex, shift = [0], [], []
    eyeball = (used >= EYEBALLS[0]) & (used <= EYEBALLS[1])
    for name in names:
        moved = (read_vertices(model / f"{name}.obj") - neutral.vertices)[used]
        rows = np.flatnonzero((np.abs(moved).max(1) > STILL_CM) & ~eyeball)
        vertex.append(rows)
        shift.append(moved[rows])
        start.append(start[-1] + len(rows))
    return {
        "V": neutral.vertices[used],
        "I": np.stack(identity)[:, used],
        "ei": np.concatenate(vertex),
        "ev": np.concatenate(shift),
        "eo": np.array(start),
        "ex": np.array(names),
        "tri": new_number[triangles],
        "mat": material,
        "uv": unwrap(neutral, kept, material)[used],
        "lm": new_number[list(LANDMARKS)],
    }


def read_vertices(path: Path) -> Array:
    """-> the vertices of an .obj file, [V 3]."""
    if not path.is_file():
        raise FileNotFoundError(f"expected {path.name} of ICT-FaceKit in {path.parent}")
    return np.array([line.split()[1:4] for line in path.read_text().splitlines() if line.startswith("v ")], np.float64)


def read_mesh(path: Path) -> Mesh:
    """-> an .obj file whole; a polygon of n corners becomes a fan of n - 2 triangles."""
    texture, triangles, texture_of = [], [], []
    for line in path.read_text().splitlines():
        kind, *words = line.split() or [""]
        if kind == "vt":
            texture.append(words[:2])
        elif kind == "f":
            corners = [[int(number) - 1 for number in word.split("/")[:2]] for word in words]
            for k in range(1, len(corners) - 1):
                fan = (corners[0], corners[k], corners[k + 1])
                triangles.append([corner[0] for corner in fan])
                texture_of.append([corner[1] for corner in fan])
    return Mesh(read_vertices(path), np.array(texture, np.float64), np.array(triangles), np.array(texture_of))


def choose_triangles(mesh: Mesh) -> tuple[Array, Array]:
    """-> numbers of the triangles that are kept, part after part, and the material of each."""
    first = mesh.triangles[:, 0]
    corners = mesh.vertices[mesh.triangles]
    middle = corners.mean(1)
    kept, material = [], []
    for part, begin, end in PARTS:
        chosen = (first >= begin) & (first <= end)
        if part == Material.TEETH:
            for molar_begin, molar_end in MOLARS:
                chosen &= ~((first >= molar_begin) & (first <= molar_end))
            chosen &= faces_outwards(corners, middle)
        elif part == Material.GUMS:
            chosen &= middle[:, 2] > 3.5
        elif part == Material.SOCKET:
            chosen &= middle[:, 2] > 3.0
        kept.append(np.flatnonzero(chosen))
        material.append(np.full(len(kept[-1]), part, np.uint8))
    return np.concatenate(kept), np.concatenate(material)


def faces_outwards(corners: Array, middle: Array) -> Array:
    """Triangles, [N 3 3] -> which do not look at the tongue."""
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    outwards = (middle - [0, 0, 5.0]) * [1, 0, 1]
    cosine = (normal * outwards).sum(1) / (np.linalg.norm(normal, axis=1) * np.linalg.norm(outwards, axis=1) + 1e-9)
    return np.asarray(cosine > -0.35)


def unwrap(mesh: Mesh, kept: Array, material: Array) -> Array:
    """-> one texture point per vertex; on the face's seam the one inside the frontal unwrap."""
    uv = np.zeros((len(mesh.vertices), 2))
    triangles, texture = mesh.triangles[kept], mesh.texture[mesh.texture_of[kept]]
    for corner in range(3):
        uv[triangles[:, corner]] = texture[:, corner]
    for corner in range(3):
        frontal = (material == Material.FACE) & (texture[:, corner, 0] <= 1.0)
        uv[triangles[frontal, corner]] = texture[frontal, corner]
    return uv
