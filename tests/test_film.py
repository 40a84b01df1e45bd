"""Pictures of the world's people: the same from the same seed, and true to what is said of them."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from llia.config import MARK, Clock, Emotion
from llia.data.recordings import load_sound
from llia.data.tiles import arrange, label
from llia.head.motion import MOTION_INDEX, Motion
from llia.head.shape import Material, load_head
from llia.world.acting.visemes import NAMES
from llia.world.people.casting import cast
from llia.world.render.body import Body, build
from llia.world.render.studio import Exposure, Studio
from llia.world.shoot.film import write_film
from llia.world.shoot.posing import at_ease, draw_poses, say_viseme, show_emotion
from llia.world.shoot.truth import Seen, measure_motion, sight

SEED, SIZE_PX = 4, 96
# Of sight's points: lids, which lashes cover, lips, which cover each other, and irises, which stand for all of an eye.
COVERED = [*range(36, 48), 48, 54, *range(60, 68), 148, 149]
BLINK = [MOTION_INDEX["eyeBlinkLeft"], MOTION_INDEX["eyeBlinkRight"]]

PICTURE_OF_SEED = """
import hashlib
from llia.world.render.body import build
from llia.world.people.casting import cast
from llia.world.shoot.posing import at_ease
from llia.world.render.studio import Studio
person = cast({seed})
print(hashlib.sha256(Studio(build(person), {size}).shoot(at_ease(person)).tobytes()).hexdigest())
"""


@cache
def body_of(seed: int) -> Body:
    return build(cast(seed))


def photograph(seed: int, motion: Motion, size_px: int = 256) -> tuple[Studio, Exposure]:
    studio = Studio(body_of(seed), size_px)
    return studio, studio.expose(motion)


def test_the_same_seed_gives_the_same_pixels_in_another_process() -> None:
    here = Studio(body_of(SEED), SIZE_PX).shoot(at_ease(cast(SEED)))
    program = PICTURE_OF_SEED.format(seed=SEED, size=SIZE_PX)
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == hashlib.sha256(here.tobytes()).hexdigest()


def test_pictures_do_not_depend_on_those_before() -> None:
    studio = Studio(body_of(SEED), SIZE_PX)
    first, second = draw_poses(2, np.random.default_rng(0))
    before = studio.shoot(first)
    other = studio.shoot(second)
    assert (studio.shoot(first) == before).all()
    assert (other != before).any()


@pytest.mark.parametrize("seed", [1, 4, 17])
def test_visible_landmarks_lie_on_the_triangles_that_hold_them(seed: int) -> None:
    head, found = load_head(), list[bool]()
    for motion in draw_poses(3, np.random.default_rng(seed)):
        studio, exposure = photograph(seed, motion)
        seen = sight(exposure, studio).points
        visible = np.setdiff1d(np.flatnonzero(seen[:, 2] > 0), COVERED)
        assert len(visible) > 30
        found += [holds(studio.body, exposure, int(head.sight[place]), 1) for place in visible]
        np.testing.assert_allclose(seen[:, :2] * studio.samples, exposure.screen[head.sight, :2], atol=1 / 32)
    assert np.mean(found) > 0.95


def holds(body: Body, exposure: Exposure, vertex: int, radius: int) -> bool:
    """Whether a triangle that holds the vertex is shown where it is projected to."""
    x, y = np.floor(exposure.screen[vertex, :2]).astype(int)
    around = exposure.ids[max(0, y - radius) : y + radius + 1, max(0, x - radius) : x + radius + 1]
    return bool((body.triangles[around[around >= 0]] == vertex).any())


def test_landmarks_on_the_far_side_are_hidden() -> None:
    motion = at_ease(cast(SEED))
    motion[MOTION_INDEX["head.yaw"]] = 0.9
    motion[MOTION_INDEX["torso.yaw"]] = 0.4
    studio, exposure = photograph(SEED, motion)
    visible = sight(exposure, studio).points[:68, 2]
    depth = exposure.screen[load_head().landmarks, 2]
    near, far = (visible[0:5], visible[12:17]) if depth[2] > depth[14] else (visible[12:17], visible[0:5])
    assert far.sum() == 0
    assert near.sum() >= 2


def test_irises_are_hidden_by_closed_lids() -> None:
    open_, shut = at_ease(cast(SEED)), at_ease(cast(SEED))
    shut[BLINK] = 1.1
    for motion, shown in ((open_, [1, 1]), (shut, [0, 0])):
        studio, exposure = photograph(SEED, motion)
        assert sight(exposure, studio).points[-2:, 2].tolist() == shown


def test_the_mask_says_what_is_shown() -> None:
    motion = say_viseme(cast(SEED), "AA")
    studio, exposure = photograph(SEED, motion)
    seen = sight(exposure, studio)
    assert seen.mask.shape == (64, 64)
    assert seen.mask[0, 0] == Seen.BACKGROUND
    assert {Seen.SKIN, Seen.HAIR, Seen.MOUTH, Seen.EYES, Seen.WORN} <= set(np.unique(seen.mask).tolist())
    left, top, right, bottom = (seen.boxes[1] / 4).astype(int)
    inside = np.zeros_like(seen.mask, bool)
    inside[top : bottom + 1, left : right + 1] = True
    assert not (seen.mask[~inside] == Seen.MOUTH).any()
    assert np.isin(studio.body.matter[exposure.ids[exposure.ids >= 0]], [Material.TEETH]).any()


def test_pixels_shaded_once_look_like_those_shaded_by_samples() -> None:
    motion = at_ease(cast(SEED))
    once = Studio(body_of(SEED), 256).shoot(motion).astype(float)
    full = Studio(body_of(SEED), 256, adaptive=False).shoot(motion).astype(float)
    assert 10 * np.log10(255**2 / np.mean((once - full) ** 2)) > 40


def test_no_picture_has_holes_or_goes_black() -> None:
    for name in ("AA", "OH"):
        studio, exposure = photograph(SEED, say_viseme(cast(SEED), name))
        left, top, right, bottom = (sight(exposure, studio).boxes[1]).astype(int)
        mouth = exposure.ids[2 * top : 2 * bottom, 2 * left : 2 * right]
        assert (mouth >= 0).all()
        teeth = np.isin(studio.body.matter[exposure.ids[::2, ::2]], [Material.TEETH])
        assert exposure.picture[teeth].mean() > 60


def test_measures_follow_the_motion() -> None:
    person = cast(SEED)
    motion = np.stack([say_viseme(person, "PP"), say_viseme(person, "AA"), show_emotion(person, Emotion.SURPRISED)])
    known = measure_motion(body_of(SEED).rest, motion)
    assert known["lip_gap"][0] < 0.1 < 1 < known["lip_gap"][1]
    assert known["eye_left"][2] > known["eye_left"][0]
    assert known["head_turn"].shape == (3, 3, 3)
    np.testing.assert_allclose(np.linalg.det(known["head_turn"]), 1, atol=1e-5)


def test_all_visemes_and_emotions_change_the_picture() -> None:
    person, studio = cast(SEED), Studio(body_of(SEED), SIZE_PX)
    motions = [say_viseme(person, name) for name in NAMES] + [show_emotion(person, one) for one in Emotion]
    pictures = {studio.shoot(motion).tobytes() for motion in motions}
    assert len(pictures) >= len(motions) - 1


def test_a_sheet_holds_all_pictures() -> None:
    pictures = [np.full((8, 8, 3), shade, np.uint8) for shade in (1, 2, 3)]
    assert arrange(pictures, 2).shape == (16, 16, 3)
    assert arrange(pictures, 9)[0, ::8, 0].tolist() == [1, 2, 3]
    assert label(np.zeros((32, 64, 3), np.uint8), "happy").any()


def test_a_film_has_sound_and_says_what_it_is(tmp_path: Path) -> None:
    frames = np.random.default_rng(0).integers(0, 255, (10, 64, 64, 3), np.uint8)
    path = tmp_path / "film.mp4"
    write_film(path, frames, tone(10))
    with av.open(path) as film:
        assert film.metadata["comment"] == MARK
        assert sum(1 for _ in film.decode(video=0)) == len(frames)
    with av.open(path) as film:
        heard = sum(frame.samples for frame in film.decode(audio=0))
    assert heard >= 10 * 48_000 / Clock().frames_per_second


def test_a_flash_and_its_click_come_at_once(tmp_path: Path) -> None:
    flash_at, num_frames, samples_per_frame = 25, 50, Clock().samples_per_frame
    frames, sound = np.zeros((num_frames, 64, 64, 3), np.uint8), np.zeros(num_frames * samples_per_frame, np.float32)
    frames[flash_at] = 255
    sound[flash_at * samples_per_frame :][:200] = 0.9 * tone(1)[:200]
    path = tmp_path / "film.mp4"
    write_film(path, frames, sound)
    with av.open(path) as film:
        (flash_s,) = [one.time for one in film.decode(video=0) if one.to_ndarray(format="gray").mean() > 128]
    heard = np.abs(load_sound(path))
    click_s = int(np.argmax(heard > 0.2)) / Clock().sample_rate_hz
    assert flash_s == flash_at / Clock().frames_per_second
    assert click_s == pytest.approx(flash_s, abs=0.002)


def test_a_film_of_odd_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="even"):
        write_film(tmp_path / "film.mp4", np.zeros((2, 63, 63, 3), np.uint8), tone(2))
    assert list(tmp_path.iterdir()) == []


def tone(num_frames: int) -> NDArray[np.float32]:
    """-> a tone as long as so many frames."""
    return np.sin(np.arange(num_frames * Clock().samples_per_frame) / 8).astype(np.float32)
