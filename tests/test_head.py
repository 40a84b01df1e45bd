"""The head: packed as its source has it, posed by its conventions, measured exactly, drawn where it projects."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from llia.head import arkit, raster
from llia.head.likeness import Camera, Crop, Likeness, project
from llia.head.measures import INNER_LIP_LOWER, INNER_LIP_UPPER, landmarks68, measure
from llia.head.motion import (
    FACE,
    GAZE,
    HEAD_SHIFT,
    HEAD_TURN,
    MOTION_INDEX,
    MOTION_NAMES,
    MOTION_SIZE,
    RANGES,
    UNITS,
    rest,
)
from llia.head.pack import pack_head
from llia.head.shape import PIVOT, Material, dense_expressions, load_head, pose, read_head, rest_head, vertex_normals

SOURCE = Path(__file__).parent.parent / "src" / "llia"
GOLDEN = json.loads((Path(__file__).parent / "golden" / "head_source.json").read_text())
# Right of the picture for left: the permutation of the usual 68 under a flip.
FLIPPED_68 = [
    *range(16, -1, -1), *range(26, 16, -1), *range(27, 31), *range(35, 30, -1), 45, 44, 43, 42, 47, 46, 39, 38, 37, 36,
    41, 40, *range(54, 47, -1), *range(59, 54, -1), *range(64, 59, -1), *range(67, 64, -1),
]  # fmt: skip


def motion_of(**values: float) -> np.ndarray:
    motion = rest()
    for name, value in values.items():
        motion[MOTION_INDEX[name.replace("_", ".")]] = value
    return motion


def test_packed_head_is_small_and_true_to_its_source() -> None:
    head = load_head()
    errors = [head.mean[v] - xyz for v, *xyz in GOLDEN["mean"]]
    errors += [head.identity[k, v] - xyz for k, v, *xyz in GOLDEN["identity"]]
    shifts = dense_expressions(np.arange(len(head.mean), dtype=np.int32))
    errors += [shifts[k, v] - xyz for k, v, *xyz in GOLDEN["expression"]]
    distance = np.linalg.norm(np.array(errors), axis=1)
    assert len(distance) > 300
    assert np.sqrt((distance**2).mean()) < 0.02
    assert distance.max() < 0.05
    asset = Path(str(raster.__file__)).parents[1] / "assets" / "head.npz"
    assert asset.stat().st_size <= 3_000_000
    assert "MIT" in asset.with_name("head.LICENSE").read_text()


def test_sight_points_have_mirror_images() -> None:
    head = load_head()
    assert len(set(head.sight.tolist())) == len(head.sight) == 150
    assert head.sight_mirror[:68].tolist() == FLIPPED_68
    assert (head.sight_mirror[head.sight_mirror] == np.arange(150)).all()
    mirrored = head.mean[head.sight] * [-1, 1, 1]
    assert np.abs(mirrored - head.mean[head.sight][head.sight_mirror]).max() < 0.05


def test_identity_and_rest_are_refused_when_wrong() -> None:
    with pytest.raises(ValueError, match="expected 40 identity coefficients"):
        rest_head(np.zeros(39))
    assert np.array_equal(rest_head(np.zeros(40)).vertices, load_head().mean)


def test_head_turns_about_the_neck_and_torso_carries_it() -> None:
    head, person = load_head(), rest_head(np.zeros(40))
    moved = pose(person, motion_of(head_yaw=0.4, head_pitch=0.2))
    nose, chest = head.landmarks[30], int(head.mean[:, 1].argmin())
    assert moved[nose, 0] > 3  # a positive yaw turns to the person's left
    assert moved[nose, 1] < person.vertices[nose, 1]  # a positive pitch looks down
    assert np.allclose(moved[chest], person.vertices[chest], atol=1e-4)
    radius = np.linalg.norm(person.vertices[nose] - PIVOT)
    assert np.linalg.norm(moved[nose] - PIVOT) == pytest.approx(radius, abs=1e-3)
    raised = pose(person, motion_of(torso_height=1.5))
    assert np.allclose(raised - person.vertices, [0, 1.5, 0], atol=1e-4)
    shifted = motion_of()
    shifted[HEAD_SHIFT] = [1, 2, 3]
    assert np.allclose((pose(person, shifted) - person.vertices)[nose], [1, 2, 3], atol=1e-4)


def test_eyes_turn_about_their_centres() -> None:
    head, person = load_head(), rest_head(np.random.default_rng(1).normal(0, 0.8, 40))
    motion = rest()
    motion[GAZE] = [0.3, 0.2]
    moved = pose(person, motion)
    for eye, iris in ((0, head.sight[148]), (1, head.sight[149])):
        before, after = person.vertices[iris] - person.eye_centres[eye], moved[iris] - person.eye_centres[eye]
        assert np.linalg.norm(after) == pytest.approx(np.linalg.norm(before), rel=1e-4)
        assert np.arctan2(after[0], after[2]) - np.arctan2(before[0], before[2]) == pytest.approx(0.3, abs=0.02)
        assert after[1] - before[1] > 0.2  # a positive pitch of the gaze looks up


def test_spans_are_the_posed_head_measured() -> None:
    rng = np.random.default_rng(3)
    person = rest_head(rng.normal(0, 0.8, 40))
    spans = measure(person)
    motion = rest()
    motion[FACE] = rng.uniform(0, 0.6, 54)
    points = landmarks68(pose(person, motion))
    assert spans.lip_gap(motion) == pytest.approx(points[INNER_LIP_UPPER, 1] - points[INNER_LIP_LOWER, 1], abs=1e-3)
    assert spans.lip_width(motion) == pytest.approx(points[54, 0] - points[48, 0], abs=1e-3)
    assert spans.eye_left(motion_of(eyeBlinkLeft=1)) < 0.25 * spans.eye_left(rest())
    assert spans.eye_right(motion_of(eyeBlinkLeft=1)) == pytest.approx(spans.eye_right(rest()), abs=0.02)
    assert spans.lip_gap(np.stack([motion, motion])).shape == (2,)


def test_camera_framing_and_roll() -> None:
    camera = Camera.framing(x=1, y=2, distance=90, half_height=16)
    border = project(np.array([[1, 2 + 16, 4], [1, 2, 4]]), camera, 256)
    assert np.allclose(border[:, :2], [[128, 0], [128, 128]], atol=1e-3)
    rolled = project(np.array([[1, 18, 4]]), Camera(1, 2, 90, camera.focal, roll=np.pi / 2), 256)
    assert np.allclose(rolled[0, :2], [256, 128], atol=1e-3)


def test_likeness_survives_json() -> None:
    rng = np.random.default_rng(0)
    likeness = Likeness(
        rng.normal(0, 1, 40).astype(np.float32),
        Camera(0.1, 0.2, 80, 5.5, 0.05),
        rng.normal(0, 1, MOTION_SIZE).astype(np.float32),
        Crop(100, 120, 300, 0.1),
    )
    again = Likeness.from_json(likeness.to_json())
    assert np.array_equal(again.identity, likeness.identity) and np.array_equal(again.motion, likeness.motion)
    posed = likeness.pose(likeness.motion)
    assert np.array_equal(posed, pose(likeness.rest(), likeness.motion))
    assert (again.camera, again.crop) == (likeness.camera, likeness.crop)
    with pytest.raises(ValueError, match="identity, camera, motion, crop"):
        Likeness.from_json('{"identity": []}')


def draw_head(size_px: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    head, person = load_head(), rest_head(np.zeros(40))
    vertices = pose(person, motion_of(jawOpen=0.4, head_yaw=0.2))
    screen = project(vertices, Camera.framing(0, 0, 90, 16), size_px)
    depth, ids = raster.empty_buffers(size_px, size_px)
    style = np.full(len(head.triangles), raster.Style.CULLED, np.uint8)
    raster.rasterize(screen, head.triangles, style, np.zeros((len(vertices), 4), np.float32), depth, ids)
    return vertices, screen, depth, ids


def test_raster_shows_the_nearest_triangle_and_carries_values_exactly() -> None:
    vertices, screen, depth, ids = draw_head(128)
    head = load_head()
    shown = ids >= 0
    assert 0.2 < shown.mean() < 0.8
    x, y, z = raster.interpolate(screen, head.triangles, ids, vertices).transpose(2, 0, 1)
    again = project(np.stack([x, y, z], -1)[shown], Camera.framing(0, 0, 90, 16), 128)
    rows, columns = np.nonzero(shown)
    assert np.abs(again[:, 0] - columns - 0.5).max() < 0.05  # a point carried to a pixel projects back into it
    assert np.abs(again[:, 1] - rows - 0.5).max() < 0.05
    assert np.allclose(again[:, 2], depth[shown], rtol=1e-4)
    nose = screen[head.landmarks[30]].astype(int)
    assert head.landmarks[30] in head.triangles[ids[nose[1] - 1 : nose[1] + 2, nose[0] - 1 : nose[0] + 2]]
    assert (head.material[ids[shown]] == Material.TEETH).any()


def test_raster_skips_and_cuts() -> None:
    screen = np.array([[0, 0, 1], [0, 64, 1], [64, 0, 1], [64, 64, 1]], np.float32)
    triangles = np.array([[0, 1, 2], [2, 1, 3]], np.int32)
    depth, ids = raster.empty_buffers(64, 64)

    def draw(style: raster.Style, u: float, v: float) -> float:
        cut = np.tile(np.array([u, v, 3, 0], np.float32), (4, 1))
        raster.rasterize(screen, triangles, np.full(2, style, np.uint8), cut, depth, ids)
        return float((ids >= 0).mean())

    assert draw(raster.Style.SOLID, 0, 0) == 1.0  # two triangles of one square leave no crack
    assert draw(raster.Style.SKIPPED, 0, 0) == 0.0
    assert draw(raster.Style.LOCK, 0.2, 0.5) == 1.0 and draw(raster.Style.LOCK, 1.0, 1.1) == 0.0
    assert draw(raster.Style.STIPPLE, 0.1, 0) == 1.0 and draw(raster.Style.STIPPLE, 0.9, 0) == 0.0


def test_normals_point_outwards() -> None:
    head = load_head()
    normals = np.empty_like(head.mean)
    vertex_normals(head.mean, head.triangles, normals)
    face = head.part == Material.FACE
    assert np.allclose(np.linalg.norm(normals[face], axis=1), 1, atol=1e-3)
    assert (normals[face] * (head.mean[face] - [0, 2, 0])).sum(1).mean() > 0
    assert normals[head.landmarks[30], 2] > 0.7


def test_arkit_both_ways() -> None:
    motion = np.zeros((3, MOTION_SIZE), np.float32)
    motion[:, MOTION_INDEX["jawOpen"]] = [0, 0.25, 0.5]
    motion[:, MOTION_INDEX["browInnerUpLeft"]] = 0.4
    motion[:, HEAD_TURN] = [0.1, -0.2, 0.05]
    motion[:, GAZE] = [0.2, -0.1]
    weights = arkit.to_arkit(motion)
    assert weights.shape == (3, 52)
    assert weights[0, arkit.ARKIT_NAMES.index("browInnerUp")] == pytest.approx(0.2)  # two halves averaged
    csv = arkit.write_live_link(motion)
    header = csv.splitlines()[0].split(",")
    assert len(header) == 2 + 52 + 9 and header[2] == "EyeBlinkLeft"
    back = arkit.read_live_link(csv)
    assert np.allclose(back[:, HEAD_TURN], motion[:, HEAD_TURN], atol=1e-5)
    assert np.allclose(back[:, GAZE], motion[:, GAZE], atol=1e-5)
    assert np.allclose(back[:, MOTION_INDEX["browInnerUpRight"]], 0.2, atol=1e-5)  # and copied
    assert np.allclose(arkit.from_arkit(weights)[:, GAZE], motion[:, GAZE], atol=1e-5)  # the gaze from the lids
    assert np.allclose(arkit.read_motion_json(arkit.write_motion_json(motion)), motion, atol=1e-5)
    with pytest.raises(ValueError, match="expected jawOpen from 0 to 1 weight, got abc"):
        arkit.named_motion({"jawOpen": "abc"})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="columns of Live Link Face"):
        arkit.read_live_link("a,b\n1,2\n")
    with pytest.raises(ValueError, match="no motion is called jawOpn"):
        arkit.read_motion_json('{"motion": {"jawOpn": [0]}}')


@pytest.mark.parametrize(
    "text",
    ["[]", "1", "{", '{"motion": []}', '{"motion": {}}', '{"motion": {"jawOpen": 0.5}}',
     '{"motion": {"jawOpen": ["a"]}}', '{"motion": {"jawOpen": [[1, 2]]}}',
     '{"motion": {"jawOpen": [1], "head.yaw": [1, 2]}}'],
)  # fmt: skip
def test_json_that_is_no_motion_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^expected"):
        arkit.read_motion_json(text)


def test_motion_of_another_rate_keeps_its_time(tmp_path: Path) -> None:
    """A phone records 60 frames a second; what it does in two seconds takes two seconds here."""
    count, jaw = 240, MOTION_INDEX["jawOpen"]
    motion = np.zeros((count, MOTION_SIZE), np.float32)
    motion[:, jaw] = np.linspace(0, 1, count)
    (tmp_path / "face.csv").write_text(arkit.write_live_link(motion, 60))
    (tmp_path / "face.json").write_text(arkit.write_motion_json(motion, 60))
    for name in ("face.csv", "face.json"):
        read = arkit.read_motion(tmp_path / name)
        assert len(read) == 100 and read[50, jaw] == pytest.approx(120 / (count - 1), abs=1e-4)
        assert np.allclose(np.diff(read[:, jaw]), 2.4 / (count - 1), atol=1e-4)


def test_a_file_that_is_no_motion_is_refused_by_name(tmp_path: Path) -> None:
    cases = {
        "bytes.csv": bytes(range(200, 256)), "other.csv": b"a,b\n1,2\n", "other.json": b'{"motion": 3}',
        "nan.json": b'{"motion": {"jawOpen": [0, NaN]}}', "none.json": b'{"motion": {"jawOpen": []}}',
        "rate.json": b'{"motion": {"jawOpen": [0]}, "frames_per_second": 0}',
    }  # fmt: skip
    for name, data in cases.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ValueError, match=f"^expected.*{name}"):
            arkit.read_motion(tmp_path / name)
    with pytest.raises(FileNotFoundError, match="expected a file of motion, got nothing"):
        arkit.read_motion(tmp_path / "gone.csv")


def test_motion_by_name() -> None:
    motion = arkit.named_motion({"jawOpen": 0.5, "browInnerUp": 0.4, "head.yaw": -0.2})
    assert motion[MOTION_INDEX["jawOpen"]] == 0.5
    assert motion[MOTION_INDEX["browInnerUpLeft"]] == motion[MOTION_INDEX["browInnerUpRight"]] == np.float32(0.4)
    assert motion[MOTION_INDEX["head.yaw"]] == np.float32(-0.2)
    assert np.count_nonzero(motion) == 4
    assert arkit.named_motion({"eyeLookUpLeft": 0.3})[MOTION_INDEX["eyeLookUpLeft"]] == np.float32(0.3)
    with pytest.raises(ValueError, match="no motion is called 'jawOpne'; there are jawOpen"):
        arkit.named_motion({"jawOpne": 0.5})
    with pytest.raises(ValueError, match=r"expected head.yaw from -1.2 to 1.2 rad, got 20"):
        arkit.named_motion({"head.yaw": 20})
    assert set(RANGES) == set(UNITS) == set(MOTION_NAMES)


def test_packing_a_missing_or_broken_source_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is nothing at"):
        pack_head(tmp_path / "none.npz", tmp_path / "head.npz")
    (tmp_path / "broken.npz").write_bytes(b"PK not a zip")
    with pytest.raises(ValueError, match="got something else; give the head's source"):
        pack_head(tmp_path / "broken.npz", tmp_path / "head.npz")
    with pytest.raises(FileNotFoundError, match="generic_neutral_mesh"):
        pack_head(tmp_path, tmp_path / "head.npz")
    assert not (tmp_path / "head.npz").exists()


def test_a_broken_head_is_one_error_that_says_what_to_do(tmp_path: Path) -> None:
    whole = (SOURCE / "assets" / "head.npz").read_bytes()
    middle = len(whole) // 2
    broken = {
        "nothing": b"",
        "text": b"no head",
        "half": whole[:middle],
        "other bytes": whole[:middle] + bytes(64) + whole[middle + 64 :],
        "no stream": whole[:200] + bytes(100) + whole[300:],
    }
    for name, data in broken.items():
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(ValueError, match=r"^expected a packed head in .* make it again$"):
            read_head(path)
        with pytest.raises(ValueError, match="got something else"):
            pack_head(path, tmp_path / "head.npz")
    with pytest.raises(FileNotFoundError, match="llia world head SOURCE"):
        read_head(tmp_path / "none")
