"""The door to the portrait: pictures of every kind in, landmarks where they are, motion and frames back and forth."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from llia.codec import Codec, open_codec, save_appearance
from llia.config import Emotion
from llia.head.likeness import Crop, Likeness
from llia.head.measures import measure
from llia.head.motion import EXPRESSION, FACE, GAZE, HEAD_TURN, MOTION_INDEX, Motion, rest
from llia.portrait.draw import TILE_PX, draw_look
from llia.portrait.edit import express, look_towards, set_named, turn_head
from llia.portrait.find import find
from llia.portrait.fit import face_side
from llia.portrait.look import HALF_HEIGHT_CM, LEAST_HALF_HEIGHT_CM, certainty
from llia.portrait.sheet import poses
from llia.portrait.square import cut_square
from standins import Screen, Truth, carrying, somebody, true_points
from theatre import save_small_networks

SOURCE = Path(__file__).parent.parent / "src"
SIZE_PX = 256
USUAL = slice(0, 68)


def moved(**values: float) -> Motion:
    return set_named(rest(), {name.replace("_", "."): value for name, value in values.items()})


def codec_of(truth: Truth) -> Codec:
    return Codec(SIZE_PX, truth.sights(), carrying(SIZE_PX))


def errors(seen: np.ndarray, true: np.ndarray) -> np.ndarray:
    return np.asarray(np.linalg.norm(seen - true, axis=1))


@pytest.mark.parametrize("width, height, side", [(768, 576, 400), (256, 256, 230), (3000, 2000, 700), (500, 900, 200)])
def test_a_face_is_found_where_it_is(width: int, height: int, side: float) -> None:
    truth = Truth()
    likeness = somebody(Crop(width * 0.55, height * 0.45, side, 0.1), moved(jawOpen=0.3, head_yaw=0.2))
    points = true_points(likeness, likeness.motion)
    picture = truth.paint(1, width, height, points)
    (face,) = find(picture, truth.sights())
    step = max(width, height) / 215  # pixels in which a value of the ramp stays the same
    assert errors(face.points, points).max() < max(0.05, 0.12 * step)
    plain = codec_of(truth).look(picture).to_plain()
    assert plain["found"] and plain["faces"] == 1 and plain["certainty"] > 0.9
    assert errors(np.array(plain["landmarks68"]), points[USUAL]).max() < max(0.05, 0.12 * step)
    assert np.allclose(plain["box"], [*points[USUAL].min(0), *points[USUAL].max(0)], atol=0.2 * step + 0.1)
    assert plain["residual"] < 0.01
    json.dumps(plain)


def test_the_square_is_framed_as_the_world_frames_people() -> None:
    truth = Truth()
    likeness = somebody(Crop(400, 380, 300), moved(head_yaw=0.3), half_height=12.0)
    picture = truth.paint(3, 900, 900, true_points(likeness, likeness.motion))
    seen = codec_of(truth).look(picture)
    assert seen.fitted and not seen.warnings
    crop, camera = seen.fitted.likeness.crop, seen.fitted.likeness.camera
    true_cm = 300 / 24.0  # pixels of a cm
    assert crop.side / true_cm == pytest.approx(2 * HALF_HEIGHT_CM, rel=0.1)
    assert (camera.distance - 4) / camera.focal == pytest.approx(HALF_HEIGHT_CM, rel=0.02)
    tight = truth.paint(4, 400, 400, true_points(somebody(Crop(200, 200, 400), rest(), half_height=13.0), rest()))
    inside = codec_of(truth).look(tight).fitted
    assert inside
    square = inside.likeness.crop
    assert square.side >= 400 * LEAST_HALF_HEIGHT_CM / HALF_HEIGHT_CM - 1
    assert square.side / 2 <= square.x + 20 and square.side / 2 <= square.y + 40


def test_several_faces_and_none() -> None:
    truth = Truth()
    large = true_points(somebody(Crop(230, 300, 420), rest(), 1), rest())
    small = true_points(somebody(Crop(700, 300, 300), rest(), 5), rest())
    picture = truth.paint(5, 960, 640, large, small)
    seen = codec_of(truth).look(picture)
    assert seen.found and seen.num_faces == 2 and seen.face
    assert errors(seen.face.points, large).max() < 1
    assert "2 faces: the largest is taken" in seen.warnings[0]
    nobody = truth.paint(6, 320, 240)
    plain = codec_of(truth).look(nobody).to_plain()
    assert plain["found"] is False and plain["faces"] == 0 and "found none" in plain["why"]
    with pytest.raises(ValueError, match="expected a face, found none"):
        codec_of(truth).portray(nobody)
    assert draw_look(nobody, codec_of(truth).look(nobody)).shape[1] == TILE_PX


def test_what_cannot_be_used_is_said_with_what_was_found() -> None:
    truth = Truth()
    codec = codec_of(truth)
    for number, face_px, words in ((7, 20, "at least 24 px, found one of 20"), (8, 45, "")):
        likeness = somebody(Crop(150, 150, 100), rest())
        points = (true_points(likeness, rest()) - 150) * face_px / face_side(true_points(likeness, rest())) + 150
        seen = codec.look(truth.paint(number, 300, 300, points))
        assert words in seen.why and seen.found == (not words)
        if not words:
            assert "the face is small (45 px)" in " ".join(seen.warnings)
    profile = somebody(Crop(200, 200, 380), moved(head_yaw=1.15))
    picture = truth.paint(9, 400, 400, true_points(profile, profile.motion))
    seen = codec.look(picture)
    assert not seen.found and "less than 60 degrees, got one turned by 6" in seen.why and "its left" in seen.why
    assert draw_look(picture, seen).shape[1] == 2 * TILE_PX
    points = true_points(somebody(Crop(200, 200, 380), rest()), rest())
    points[:68] += np.random.default_rng(0).normal(0, 0.09 * face_side(points), (68, 2))
    seen = codec.look(truth.paint(10, 400, 400, points))
    assert not seen.found and "this one misses by" in seen.why
    left, top = points[USUAL].min(0)
    anyway = codec.look(truth.paint(10, 400, 400, points), (float(left), float(top), face_side(points)))
    assert anyway.found and "this one misses by" in anyway.warnings[0]


def test_what_may_be_a_face_is_told_of() -> None:
    truth = Truth()
    likeness = somebody(Crop(200, 200, 380), rest())
    picture = truth.paint(13, 400, 400, true_points(likeness, likeness.motion))

    def doubtful(times: float) -> Codec:
        clear = truth.sights()

        def first(crops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            points, log_sigma = clear.first(crops)
            return points, log_sigma + np.log(times)

        return Codec(SIZE_PX, replace(clear, first=first), carrying(SIZE_PX))

    clear, unclear, none = (doubtful(times).look(picture) for times in (1, 8, 30))
    assert clear.found and not clear.warnings
    assert unclear.face and 0.1 < certainty(unclear.face) < 0.5
    assert not unclear.found and "found only what may be one" in unclear.why and "more than 60 degrees" in unclear.why
    assert draw_look(picture, unclear).shape[1] == TILE_PX
    assert not none.found and none.face is None and "expected a face, found none" in none.why


def test_a_given_box_is_taken_as_it_is() -> None:
    truth = Truth()
    large = true_points(somebody(Crop(230, 300, 420), rest(), 1), rest())
    small = true_points(somebody(Crop(700, 300, 300), rest(), 5), rest())
    picture = truth.paint(5, 960, 640, large, small)
    left, top = small[USUAL].min(0)
    seen = codec_of(truth).look(picture, (float(left), float(top), face_side(small)))
    assert seen.face and errors(seen.face.points, small).max() < 1 and seen.num_faces == 1
    for box in ((0, 0, 0), (0, 0, -5), (float("nan"), 1, 100), (5000, 5000, 100), (-5e8, -5e8, 1e9)):
        with pytest.raises(ValueError, match=r"expected a box .* in a picture of 960 x 640 px"):
            codec_of(truth).look(picture, box)


def test_the_portrait_in_its_own_motion_is_itself() -> None:
    truth = Truth()
    likeness = somebody(Crop(300, 310, 400, 0.0), moved(mouthSmileLeft=0.4, head_yaw=0.2))
    picture = truth.paint(11, 640, 640, true_points(likeness, likeness.motion))
    codec = codec_of(truth)
    appearance = codec.portray(picture)
    own = codec.decode(appearance.likeness.motion, appearance)
    assert np.abs(own.astype(int) - appearance.picture).max() <= 1
    crop = appearance.likeness.crop
    corner = crop.to_picture(np.array([[-0.5, -0.5], [0.5, 0.5]]))
    told = (appearance.picture[[64, 192], [64, 192], :2].astype(float) - 20) / 215 * 640  # a pixel off its middle
    assert np.abs(told - corner).max() < 640 / 215 + crop.side / 256


def test_a_whole_picture_keeps_its_own_pixels_and_its_detail() -> None:
    """What does not move comes back as it was, also around the face; what moves is as fine as the picture is."""
    truth = Truth()
    likeness = somebody(Crop(640, 520, 760), moved(head_yaw=0.1))
    picture = truth.paint(12, 1200, 1000, true_points(likeness, likeness.motion))
    codec = codec_of(truth)
    appearance, paste = codec.portray_whole(picture)
    side_px = appearance.likeness.crop.side
    assert len(appearance.picture) == 4 * SIZE_PX > side_px > 3 * SIZE_PX
    own = appearance.likeness.motion
    assert np.array_equal(paste(codec.decode(own, appearance)), picture)
    speaking = paste(codec.decode(set_named(own, {"jawOpen": 0.6}), appearance)).astype(int)
    changed = np.abs(speaking - picture).max(2) > 1
    assert changed.any() and not changed[:200].any()  # above the head nothing moves

    noise = np.random.default_rng(0).integers(0, 255, picture.shape).astype(np.uint8)
    square = cut_square(noise, appearance.likeness.crop, len(appearance.picture))
    fine = codec.open_appearance(square, appearance.likeness, 0.0, ())
    turned = codec.decode(turn_head(own, 0.1), fine)
    middle = slice(len(square) * 2 // 5, len(square) * 3 // 5)
    energies = [np.abs(np.diff(one[middle, middle].astype(float), axis=1)).mean() for one in (turned, square)]
    assert energies[0] > 0.6 * energies[1]


def speaking(rng: np.random.Generator) -> Motion:
    motion = moved(
        jawOpen=rng.uniform(0, 0.7), mouthSmileLeft=rng.uniform(0, 0.5), eyeBlinkLeft=rng.uniform(0, 1),
        browInnerUp=rng.uniform(0, 0.8),
    )  # fmt: skip
    for side in ("mouthSmile", "eyeBlink"):
        motion[MOTION_INDEX[side + "Right"]] = motion[MOTION_INDEX[side + "Left"]]
    motion[HEAD_TURN] = rng.uniform(-0.25, 0.25, 3)
    return look_towards(motion, rng.uniform(-0.3, 0.3), rng.uniform(-0.2, 0.2))


def test_what_is_decoded_is_encoded_again() -> None:
    """The painted picture shows the true landmarks of the motion; encode reads the motion back."""
    truth, screen = Truth(), Screen(SIZE_PX)
    likeness = somebody(Crop(300, 310, 420), moved(jawOpen=0.05))
    picture = truth.paint(1, 640, 640, true_points(likeness, likeness.motion))
    codec = Codec(SIZE_PX, truth.sights(), screen.painters())
    appearance = codec.portray(picture)
    square = replace(appearance.likeness, crop=Crop(SIZE_PX / 2, SIZE_PX / 2, SIZE_PX))
    rng = np.random.default_rng(4)
    motions = [speaking(rng) for _ in range(6)]
    frames = []
    for number, motion in enumerate(motions, start=20):
        truth.paint(number, SIZE_PX, SIZE_PX, true_points(square, motion))
        screen.number = number
        frames.append(codec.decode(motion, appearance))
    read = [codec.encode(frame, appearance) for frame in frames]
    gap = measure(appearance.likeness.rest()).lip_gap
    for motion, again in zip(motions, read, strict=True):
        assert np.abs(again[HEAD_TURN] - motion[HEAD_TURN]).max() < math.radians(1.5)
        assert np.abs(again[GAZE] - motion[GAZE]).max() < math.radians(4)
        assert abs(gap(again) - gap(motion)) < 0.1
        assert errors(true_points(square, again), true_points(square, motion))[USUAL].max() < 2.0  # pixels of 256
    after = codec.encode(frames[1], appearance, motions[0])
    assert np.abs(after[HEAD_TURN] - motions[1][HEAD_TURN]).max() < math.radians(1.5)
    for k in (5, 0, 3, 1, 2, 4):
        assert np.array_equal(codec.encode(frames[k], appearance), read[k])
    with pytest.raises(ValueError, match="expected a frame of 256 px"):
        codec.encode(picture, appearance)


def test_a_portrait_is_re_expressed(tmp_path: Path) -> None:
    """The new portrait shows the feeling, stands in that motion, and paints itself in it."""
    codec, _, path = appearance_of(tmp_path)
    appearance = codec.load(path)
    happy = codec.re_express(appearance, {Emotion.HAPPY: 0.8})
    motion = happy.likeness.motion
    assert motion[MOTION_INDEX["mouthSmileLeft"]] > appearance.likeness.motion[MOTION_INDEX["mouthSmileLeft"]] + 0.2
    assert np.array_equal(happy.picture, codec.decode(motion, appearance))
    assert np.abs(codec.decode(motion, happy).astype(int) - happy.picture).max() <= 1
    assert np.abs(happy.picture.astype(int) - appearance.picture).max() >= 2


def appearance_of(tmp_path: Path) -> tuple[Codec, Likeness, Path]:
    truth = Truth()
    likeness = somebody(Crop(300, 310, 400), moved(jawOpen=0.2))
    codec = codec_of(truth)
    appearance = codec.portray(truth.paint(1, 640, 640, true_points(likeness, likeness.motion)))
    save_appearance(appearance, tmp_path / "somebody.zip")
    return codec, appearance.likeness, tmp_path / "somebody.zip"


def test_frames_come_in_any_order_and_appearances_load_again(tmp_path: Path) -> None:
    truth = Truth()
    likeness = somebody(Crop(300, 310, 400), moved(jawOpen=0.2))
    codec = codec_of(truth)
    appearance = codec.portray(truth.paint(1, 640, 640, true_points(likeness, likeness.motion)))
    rng = np.random.default_rng(0)
    motions = [speaking(rng) for _ in range(4)]
    frames = [codec.decode(motion, appearance) for motion in motions]
    for path in (tmp_path / "a.zip", tmp_path / "b.zip"):
        save_appearance(appearance, path)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    loaded = codec.load(tmp_path / "a.zip")
    assert loaded.residual == appearance.residual and loaded.warnings == appearance.warnings
    assert loaded.likeness.to_json() == appearance.likeness.to_json()
    for k in (2, 0, 3, 1):
        assert np.array_equal(codec.decode(motions[k], loaded), frames[k])
    assert len({frame.tobytes() for frame in frames}) == len(frames)
    with pytest.raises(ValueError, match="expected a motion of 66 finite numbers"):
        codec.decode(motions[0] * np.float32(np.nan), appearance)


def test_a_spoilt_appearance_is_refused(tmp_path: Path) -> None:
    codec, _, path = appearance_of(tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(ValueError, match="expected an appearance in"):
        codec.load(path)
    path.write_bytes(data)
    with pytest.raises(ValueError, match="of 512 px"):
        Codec(512, codec.sights, carrying(512)).load(path)
    with pytest.raises(FileNotFoundError, match="expected an appearance"):
        codec.load(tmp_path / "nobody.zip")


def test_expressions_are_edited() -> None:
    motion = moved(jawOpen=0.3, mouthSmileLeft=0.2, eyeLookUpLeft=0.4, head_yaw=0.3)
    assert np.array_equal(express(motion, {}), motion)
    neutral = express(motion, {Emotion.NEUTRAL: 1.0})
    assert (
        neutral[MOTION_INDEX["jawOpen"]] == 0
        and neutral[MOTION_INDEX["eyeLookUpLeft"]] == motion[MOTION_INDEX["eyeLookUpLeft"]]
    )
    assert np.array_equal(neutral[54:], motion[54:])
    half, whole = (express(motion, {Emotion.HAPPY: size}) for size in (0.5, 1.0))
    smile = MOTION_INDEX["mouthSmileRight"]
    assert 0 < half[smile] < whole[smile] <= 1 and np.allclose((whole[FACE] + motion[FACE]) / 2, half[FACE], atol=1e-6)
    shut = express(motion, {Emotion.HAPPY: 1.0}, parted=False)
    assert shut[MOTION_INDEX["jawOpen"]] < whole[MOTION_INDEX["jawOpen"]]
    mixed = express(motion, {Emotion.SAD: 0.5, Emotion.SURPRISED: 0.5})
    assert mixed[EXPRESSION].max() <= 1 and mixed[MOTION_INDEX["browInnerUpLeft"]] > 0.9
    with pytest.raises(ValueError, match="sum to at most 1"):
        express(motion, {Emotion.SAD: 0.8, Emotion.HAPPY: 0.8})
    looking = look_towards(rest(), 0.3, -0.2)
    assert looking[GAZE] == pytest.approx([0.3, -0.2]) and looking[MOTION_INDEX["eyeLookOutLeft"]] > 0.5
    assert turn_head(rest(), 0.2, -0.1, 0.05)[HEAD_TURN] == pytest.approx([0.2, -0.1, 0.05])
    named = set_named(motion, {"browInnerUp": 0.5, "gaze.yaw": -0.2, "head.yaw": -0.1})
    assert (
        named[MOTION_INDEX["browInnerUpRight"]] == np.float32(0.5)
        and named[MOTION_INDEX["jawOpen"]] == motion[MOTION_INDEX["jawOpen"]]
    )
    assert named[MOTION_INDEX["eyeLookInLeft"]] > 0.3
    made = poses(motion)
    assert len({one.tobytes() for one in made.values()}) == len(made) >= 20


def test_without_graphs_it_is_said_how_they_are_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"first\.xml; write it with `llia export`"):
        open_codec(SIZE_PX, folder=tmp_path)
    with pytest.raises(ValueError, match="expected a size of 256, 384, 512 px, got 100"):
        open_codec(100)


WITHOUT_TORCH = """
import sys
from pathlib import Path
import numpy as np
from llia.codec import open_codec
codec = open_codec(256, folder=Path(sys.argv[1]), num_threads=1)
picture = np.random.default_rng(0).integers(0, 255, (200, 200, 3)).astype(np.uint8)
seen = codec.look(picture, (60, 60, 80))
from llia.portrait.square import cut_square
likeness = seen.fitted.likeness
appearance = codec.open_appearance(cut_square(picture, likeness.crop, 256), likeness, 0.0, ())
print(codec.decode(likeness.motion, appearance).shape, codec.encode.__name__)
import llia.portrait.draw, llia.portrait.drive, llia.portrait.sheet
assert not {"torch", "safetensors", "llia.world"} & set(sys.modules), "the product needs neither torch nor the world"
"""


def test_the_product_runs_without_torch(tmp_path: Path) -> None:
    """Untrained weights are exported here, and run there in a fresh process."""
    from llia.engine.export import export_all

    save_small_networks(tmp_path)
    done = export_all(tmp_path, tmp_path / "graphs", (256,))
    assert {one.path.name for one in done} == {
        "first.xml", "mouth.xml", "eye.xml", "portrait-256.xml", "painter-256.xml"
    }  # fmt: skip
    command = [sys.executable, "-c", WITHOUT_TORCH, str(tmp_path / "graphs")]
    result = subprocess.run(
        command, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(SOURCE), "HOME": str(tmp_path)}
    )
    assert result.returncode == 0, result.stderr
    assert "(256, 256, 3)" in result.stdout
    picture = np.random.default_rng(0).integers(0, 255, (200, 200, 3)).astype(np.uint8)
    graphs, eager = open_codec(256, folder=tmp_path / "graphs"), open_codec(256, "torch", folder=tmp_path)
    seen = [codec.look(picture, (60, 60, 80)) for codec in (graphs, eager)]
    assert seen[0].face and seen[1].face
    assert errors(seen[0].face.points, seen[1].face.points).max() < 0.5
