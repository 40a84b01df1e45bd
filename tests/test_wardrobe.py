"""Hair, clothes, glasses and earrings: whole, where they belong, off the face, the same from the same seed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.spatial import cKDTree

from llia.head.shape import Material, RestHead, load_head, vertex_normals
from llia.world.chance import stream
from llia.world.dress.wardrobe import COLLAR_BULK, SHAPES, dress
from llia.world.dress.worn import wear
from llia.world.face.features import shape_head
from llia.world.form.mesh import GREY_HAIR, Floats, Geometry, Matter, Mesh, surface_normals, tone
from llia.world.hair.growth import STYLES, grow_hair
from llia.world.hair.scalp import CENTRE, directions, measure_skull, place_roots, scatter_roots, towards
from llia.world.people.casting import cast
from llia.world.people.person import HAIR_STYLES, HairStyle, Neckline, Person

MOST_TRIANGLES = 22_000
CAMERA_CM = 90.0
ROOT_TO_SKIN_CM = 0.9  # fringes scatter their roots a little
OFF_SKIN: tuple[HairStyle, ...] = ("bun", "ponytail", "braids", "afro")  # some locks begin at a knot or in a shell


def person(seed: int, style: HairStyle, *, extreme: bool = False) -> Person:
    """-> a person with a given style; an extreme one has every mode of the head near its limit."""
    drawn = cast(seed)
    if not extreme:
        return replace(drawn, hair=replace(drawn.hair, style=style))
    modes = np.clip(np.random.default_rng(seed).normal(0, 2.5, 40), -1.9, 1.9) * 0.8
    hair = replace(drawn.hair, style=style, fringe_y=5.0, volume=2.5, wave=1.0, length=0.2)
    return replace(drawn, hair=hair, identity=tuple(float(mode) for mode in modes))


@cache
def made(seed: int, style: HairStyle, extreme: bool) -> tuple[RestHead, Geometry, Geometry]:
    """-> a head, its hair (with a speck of cloth, so that the bald have a mesh too), and all that is worn."""
    someone = person(seed, style, extreme=extreme)
    rest, normals = head_of(someone)
    hair, all_ = Mesh(), Mesh()
    speck = np.zeros((3, 3), np.float32)
    hair.add(Matter.CLOTH, speck, np.array([[0, 1, 2]]), normals=speck, follow=0.0)
    grow_hair(hair, someone, rest, normals, stream(seed, "hair"))
    dress(all_, someone, rest, stream(seed, "clothes"))
    grow_hair(all_, someone, rest, normals, stream(seed, "hair"))
    wear(all_, someone, rest, stream(seed, "worn"))
    return rest, hair.arrays(), all_.arrays()


def head_of(someone: Person) -> tuple[RestHead, Floats]:
    """-> a person's head at rest and its normals."""
    rest = shape_head(someone)
    normals = np.empty_like(rest.vertices)
    vertex_normals(rest.vertices, load_head().triangles, normals)
    return rest, normals


BUILDS = [(7, style, extreme) for style in HAIR_STYLES for extreme in (False, True)]


def test_every_style_has_its_function() -> None:
    assert set(STYLES) == set(HAIR_STYLES)
    assert set(SHAPES) == set(COLLAR_BULK) == {"crew", "scoop", "vee", "roll", "shirt", "hood"}


@pytest.mark.parametrize(("seed", "style", "extreme"), BUILDS)
def test_arrays_are_whole_and_few(seed: int, style: HairStyle, extreme: bool) -> None:
    _, _, mesh = made(seed, style, extreme)
    count = len(mesh.vertices)
    for values in (mesh.vertices, mesh.normals, mesh.tangents, mesh.aux, mesh.follow):
        assert len(values) == count
        assert values.dtype == np.float32
        assert np.isfinite(values).all()
    assert mesh.triangles.dtype == np.int32
    assert mesh.triangles.min() == 0
    assert mesh.triangles.max() == count - 1
    assert len(mesh.triangles) == len(mesh.material) <= MOST_TRIANGLES
    assert set(np.unique(mesh.material)) <= {int(matter) for matter in Matter}
    assert (mesh.follow >= 0).all()
    assert (mesh.follow <= 1).all()
    assert np.abs(np.linalg.norm(mesh.normals, axis=1) - 1).max() < 1e-3
    assert np.abs(mesh.vertices[:, 0]).max() < 40


@pytest.mark.parametrize(("seed", "style", "extreme"), BUILDS)
def test_nothing_hangs_before_the_eyes(seed: int, style: HairStyle, extreme: bool) -> None:
    rest, mesh, _ = made(seed, style, extreme)
    worn = mesh.triangles[np.isin(mesh.material, (Matter.HAIR, Matter.CAP, Matter.HAT))]
    corners = mesh.vertices[worn]
    points = np.concatenate([corners.reshape(-1, 3), ((corners + np.roll(corners, 1, 1)) / 2).reshape(-1, 3)])
    seen = points[:, :2] * (CAMERA_CM / (CAMERA_CM - points[:, 2:]))
    marks = rest.vertices[load_head().landmarks]
    for eye in (marks[36:42], marks[42:48]):
        outline = eye[:, :2] * (CAMERA_CM / (CAMERA_CM - eye[:, 2:]))
        inside = (seen > outline.min(0) - 0.2) & (seen < outline.max(0) + 0.2)
        assert not (inside.all(1) & (points[:, 2] > eye[:, 2].min() - 1)).any()


@pytest.mark.parametrize(("seed", "style", "extreme"), [b for b in BUILDS if b[1] not in OFF_SKIN])
def test_locks_grow_from_the_skin(seed: int, style: HairStyle, extreme: bool) -> None:
    rest, mesh, _ = made(seed, style, extreme)
    locks = np.unique(mesh.triangles[mesh.material == Matter.HAIR])
    starts = locks[mesh.aux[locks, 1] == 0]
    roots = (mesh.vertices[starts[::2]] + mesh.vertices[starts[1::2]]) / 2
    if len(roots) == 0:
        return
    head = load_head()
    skin = head.triangles[head.material <= Material.SCALP]
    corners = rest.vertices[skin]
    surface = np.concatenate(
        [rest.vertices[head.part <= Material.SCALP], corners.mean(1), (corners[:, 0] + corners[:, 1]) / 2]
    )
    distance, _ = cKDTree(surface).query(roots)
    assert distance.max() < ROOT_TO_SKIN_CM


def test_roots_lie_above_the_hairline_and_on_the_skin() -> None:
    someone = person(3, "crop")
    rest, normals = head_of(someone)
    skull = measure_skull(someone, rest, normals, 0.0)
    roots = scatter_roots(skull, 400, np.random.default_rng(0))
    assert len(roots) == 400
    # Triangles are chosen by their middles, so single roots may lie a little below the line.
    assert (roots.elevation > -50).all()
    assert np.abs(np.linalg.norm(roots.points - CENTRE, axis=1) - skull.radius(roots.points)).mean() < 0.25


def test_a_place_named_on_the_mean_head_is_found_there() -> None:
    someone = replace(person(3, "crop"), identity=(0.0,) * 40)
    rest, normals = head_of(someone)
    skull = measure_skull(someone, rest, normals, 0.0)
    azimuth, elevation = np.array([-170.0, -60, 0, 45, 120]), np.array([20.0, 40, 60, 75, 50])
    found = directions(place_roots(skull, azimuth, elevation).points)
    assert np.allclose(towards(*found), towards(azimuth, elevation), atol=0.02)


@pytest.mark.parametrize("neckline", ["crew", "scoop", "vee", "roll", "shirt", "hood"])
def test_clothes_stay_below_the_mouth_and_skin_fills_the_neckline(neckline: Neckline) -> None:
    someone = person(11, "buzz")
    someone = replace(someone, clothes=replace(someone.clothes, neckline=neckline))
    rest, _ = head_of(someone)
    mesh = Mesh()
    dress(mesh, someone, rest, stream(11, "clothes"))
    arrays = mesh.arrays()
    cloth = arrays.vertices[np.unique(arrays.triangles[arrays.material == Matter.CLOTH])]
    mouth_y = rest.vertices[load_head().landmarks[57], 1]
    assert cloth[:, 1].max() < mouth_y - 1
    bare = np.unique(arrays.triangles[arrays.material == Matter.TORSO])
    normals = surface_normals(arrays.vertices, arrays.triangles[arrays.material == Matter.TORSO])
    outward = np.einsum("ij,ij->i", normals[bare], arrays.vertices[bare] - np.array([0, -20, -2]))
    assert (outward > 0).mean() > 0.99  # torso skin is culled from behind: it must face outwards


def test_glasses_stand_before_the_eyes_and_rest_near_the_nose() -> None:
    someone = person(5, "crop", extreme=True)
    someone = replace(someone, glasses=replace(someone.glasses, shape="round"))
    rest, _ = head_of(someone)
    mesh = Mesh()
    wear(mesh, someone, rest, stream(5, "worn"))
    arrays = mesh.arrays()
    frame = arrays.vertices[np.unique(arrays.triangles[arrays.material == Matter.GLASS])]
    marks = rest.vertices[load_head().landmarks]
    assert marks[27, 2] < frame[:, 2].max() < marks[27, 2] + 3
    front = frame[frame[:, 2] > frame[:, 2].max() - 1.5]
    assert front[:, 1].min() < marks[36:48, 1].min()
    assert front[:, 1].max() > marks[36:48, 1].max()


def test_tone_holds_shade_and_grey() -> None:
    packed = tone(np.array([0.7, 1.2, 1.0]), np.array([0.0, 0.34, 1.0]))
    tenths = np.floor(packed / 2)
    assert np.array_equal(tenths, [0, 3, 10])
    assert np.allclose(packed - 2 * tenths, [0.7, 1.2, 1.0], atol=1e-6)
    assert len(GREY_HAIR) == 3


def digest(seed: int, style: HairStyle) -> str:
    """-> a fingerprint of all that a person wears."""
    _, _, mesh = made(seed, style, False)
    total = hashlib.sha256()
    for values in (mesh.vertices, mesh.normals, mesh.tangents, mesh.aux, mesh.follow, mesh.triangles, mesh.material):
        total.update(np.ascontiguousarray(values).tobytes())
    return total.hexdigest()


def test_same_seed_same_bytes_in_another_process() -> None:
    code = "import test_wardrobe as t; print(t.digest(21, 'layered'), t.digest(21, 'braids'))"
    where = {**os.environ, "PYTHONHASHSEED": "5", "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    where["PYTHONPATH"] = os.path.dirname(__file__) + os.pathsep + where["PYTHONPATH"]
    there = subprocess.run([sys.executable, "-c", code], env=where, capture_output=True, text=True, check=True)
    assert there.stdout.split() == [digest(21, "layered"), digest(21, "braids")]
