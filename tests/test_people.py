"""People: the same seed gives the same person, each name changes only itself, and skin, heads and backgrounds hold."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys

import numpy as np
import pytest

from llia.config import adjust, from_json, to_json
from llia.head.measures import landmarks68
from llia.head.shape import Material, load_head, rest_head
from llia.world.backdrop.background import paint_background
from llia.world.chance import stream
from llia.world.colour import from_oklab, hexadecimal, linear, to_oklab
from llia.world.face.chart import FRAME, chart_landmarks, load_chart
from llia.world.face.features import find_teeth, shape_head
from llia.world.face.skin import paint_skin
from llia.world.face.strokes import cover_shapes, curve
from llia.world.face.tones import grey_on_skin, hair_on_skin, skin_colour
from llia.world.face.whiskers import grows
from llia.world.form.section import section
from llia.world.people.casting import HELD_OUT_FROM, cast, mouth_droop
from llia.world.people.framing import wild_framing
from llia.world.people.lighting import CHALK_KEYS, CHALK_TONES, light_person
from llia.world.people.person import BACKGROUND_KINDS, HAIR_STYLES, Person
from llia.world.people.troupe import TROUPE, cast_member

SIZE = 256
DIGEST = """
import hashlib, json
from llia.config import to_json
from llia.world.backdrop.background import paint_background
from llia.world.people.casting import cast
from llia.world.face.features import shape_head
from llia.world.face.skin import paint_skin
person = cast(7)
rest = shape_head(person)
digest = hashlib.sha256(json.dumps(to_json(person)).encode())
for array in (rest.vertices, paint_skin(person, rest, 128), paint_background(person.background, 96)):
    digest.update(array.tobytes())
print(digest.hexdigest())
"""


@pytest.fixture(scope="module")
def person() -> Person:
    return cast(12)


@pytest.fixture(scope="module")
def crowd() -> list[Person]:
    return [cast(seed) for seed in range(400)]


def test_a_seed_is_one_person_in_every_process() -> None:
    results = [subprocess.run([sys.executable, "-c", DIGEST], capture_output=True, text=True, check=True).stdout
               for _ in range(2)]  # fmt: skip
    own = hashlib.sha256(json.dumps(to_json(cast(7))).encode())
    rest = shape_head(cast(7))
    for array in (rest.vertices, paint_skin(cast(7), rest, 128), paint_background(cast(7).background, 96)):
        own.update(array.tobytes())
    assert {result.strip() for result in results} == {own.hexdigest()}


def test_people_go_to_json_and_back(crowd: list[Person]) -> None:
    for someone in crowd[:50]:
        assert from_json(Person, json.loads(json.dumps(to_json(someone)))) == someone


def test_held_out_people_are_others(crowd: list[Person]) -> None:
    apart = [cast(seed, held_out=True) for seed in range(50)]
    assert all(someone.seed >= HELD_OUT_FROM for someone in apart)
    assert not {someone.identity for someone in apart} & {someone.identity for someone in crowd}
    with pytest.raises(ValueError, match="expected a seed from 0"):
        cast(HELD_OUT_FROM)
    with pytest.raises(ValueError, match="expected a seed from 0"):
        cast(-1)


def test_all_kinds_of_people_are_cast(crowd: list[Person]) -> None:
    assert {someone.hair.style for someone in crowd} == set(HAIR_STYLES)
    assert {someone.background.kind for someone in crowd} == set(BACKGROUND_KINDS)
    assert {someone.beard.style for someone in crowd} == {"none", "stubble", "full", "goatee", "moustache"}
    counts, _ = np.histogram([someone.skin.tone for someone in crowd], bins=10, range=(0, 9))
    assert counts.min() >= 12, f"too few of some tone: {counts}"
    ages = np.array([someone.skin.age for someone in crowd])
    greys = np.array([someone.hair.grey for someone in crowd])
    assert greys[ages < 0.15].max() < 0.2
    assert np.median(greys[ages > 0.75]) > 0.5
    assert all(someone.beard.style == "none" for someone in crowd if someone.femininity > 0.5)


def test_very_light_skin_is_not_lit_to_chalk(person: Person) -> None:
    for seed in range(200):
        light = light_person(CHALK_TONES[0], person.background, seed)
        assert light.key[1] <= CHALK_KEYS[0]


def test_wild_framings_reach_far_and_keep_the_face() -> None:
    framings = [wild_framing(np.random.default_rng(seed)) for seed in range(300)]
    halves = np.array([framing.half_height for framing in framings])
    assert halves.min() < 9 and halves.max() > 24
    assert max(abs(framing.roll) for framing in framings) > 0.3
    assert min(framing.distance for framing in framings) < 40
    for framing in framings:  # the middle of the face stays well inside
        assert abs(framing.x) < 0.65 * framing.half_height and abs(framing.y - 0.5) < 0.65 * framing.half_height


def test_colours_go_and_come_back() -> None:
    for colour in ("#000000", "#ffffff", "#a07e56", "#0a0503"):
        assert hexadecimal(linear(colour)) == colour
        assert hexadecimal(from_oklab(to_oklab(linear(colour)))) == colour
    assert to_oklab(linear("#ffffff")) == pytest.approx([1, 0, 0], abs=1e-4)
    with pytest.raises(ValueError, match="expected a colour"):
        linear("red")


def test_tones_darken_step_by_step(person: Person) -> None:
    for warmth in (-1.0, 0.0, 1.0):
        colours = [
            skin_colour(adjust(person, {"skin.tone": tone, "skin.warmth": warmth}).skin)
            for tone in np.arange(0, 9.01, 0.25).tolist()
        ]
        lightness = to_oklab(colours)[:, 0]
        assert (np.diff(lightness) < 0).all()
        assert all(red > green > blue for red, green, blue in colours)


def test_brows_are_darker_than_any_skin(person: Person) -> None:
    for tone in range(10):
        base = skin_colour(adjust(person, {"skin.tone": float(tone)}).skin)
        assert (hair_on_skin("#e8cc9a", base) < 0.5 * base).all()


def paint(someone: Person, size_px: int = SIZE) -> np.ndarray:
    return paint_skin(someone, rest_head(np.array(someone.identity)), size_px)


def test_skin_is_finite_and_plain_at_the_seam(crowd: list[Person]) -> None:
    for someone in crowd[:12]:
        texture = paint(someone)
        assert texture.shape == (SIZE, SIZE, 4) and texture.dtype == np.float32
        assert np.isfinite(texture).all() and (texture >= 0).all() and texture[..., :3].max() < 1
        seam = load_chart(SIZE).painted < 0.15
        gap = np.abs(texture[seam][:, :3] - skin_colour(someone.skin)).max()
        assert gap < 0.16
    with pytest.raises(ValueError, match="at least 64 pixels"):
        paint(crowd[0], 32)


def test_a_finer_texture_shows_the_same_skin(person: Person) -> None:
    fine, coarse = paint(person, 512), paint(person, 256)
    halved = (fine[::2, ::2] + fine[1::2, ::2] + fine[::2, 1::2] + fine[1::2, 1::2]) / 4
    assert np.abs(halved - coarse)[..., :3].mean() < 0.012


def rows_that_differ(first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """Two textures -> the first and last rows that differ, in FRAME pixels."""
    rows = np.flatnonzero(np.abs(first - second).max((1, 2)) > 1e-6) * FRAME / SIZE
    return float(rows.min()), float(rows.max())


def test_each_name_changes_only_itself(person: Person) -> None:
    plain = paint(person)
    marks = chart_landmarks()
    low, high = rows_that_differ(plain, paint(adjust(person, {"brows.width": 12.0, "brows.density": 1.1})))
    assert low > marks[17:27, 1].min() - 25 and high < marks[17:27, 1].max() + 25
    low, high = rows_that_differ(plain, paint(adjust(person, {"makeup.lips": 0.8})))
    assert low > marks[48:60, 1].min() - 16 and high < marks[48:60, 1].max() + 16
    # Another tone leaves every stroke and spot where it was: the relative pattern stays.
    light, dark = (paint(adjust(person, {"skin.tone": tone, "beard.style": "none"})) for tone in (4.0, 4.4))
    ratio = dark[..., 0] / light[..., 0]
    assert ratio.std() < 0.05


def test_age_draws_lines_and_youth_has_none(person: Person) -> None:
    shaved = adjust(person, {"beard.style": "none", "hair.style": "bald"})
    marks = chart_landmarks() * SIZE / FRAME
    forehead = slice(round(0.08 * SIZE), round(marks[17:27, 1].min() - 8)), slice(SIZE // 3, 2 * SIZE // 3)
    strength = []
    for age in (0.0, 0.3, 0.6, 1.0):
        green = paint(adjust(shaved, {"skin.age": age}))[forehead][..., 1]
        strength.append(np.abs(np.diff(green / green.mean(), axis=0)).mean())
    assert strength == sorted(strength) and strength[-1] > 1.5 * strength[0]


def test_no_beard_grows_on_lips_or_brow(person: Person) -> None:
    head = load_head()
    marks = head.mean[head.landmarks]
    for style in ("stubble", "full", "goatee", "moustache"):
        assert grows(marks[17:48], style).max() < 0.05
    assert grows(marks[[8]], "full") > 0.9 and grows(marks[[33]] - (0, 0.7, 0), "moustache") > 0.3
    bearded, shaved = (
        paint(adjust(person, {"beard.style": style, "beard.density": 0.9})) for style in ("full", "none")
    )
    x, y = (chart_landmarks()[57] * SIZE / FRAME).astype(int)
    assert np.abs(bearded[y - 6, x] - shaved[y - 6, x])[:3].max() < 0.03
    assert bearded[y + 30, x, 1] < 0.7 * shaved[y + 30, x, 1]


def test_covers_are_as_large_as_their_shapes() -> None:
    square = np.array([(100.0, 100.0), (120.0, 100.0), (120.0, 130.0), (100.0, 130.0)])
    for blur in (0.0, 2.0):
        cover = cover_shapes([square], FRAME, blur=blur)
        assert cover.share.sum() == pytest.approx(600, rel=0.05)
    line = curve([(0, 0), (1, 1), (2, 0)], 21)
    assert np.allclose(line[[0, 10, 20]], [(0, 0), (1, 1), (2, 0)], atol=1e-6)


def test_age_sags_but_leaves_eyes_and_teeth(person: Person) -> None:
    young, old = (shape_head(adjust(person, {"skin.age": age, "beard.style": "none"})) for age in (0.0, 1.0))
    head = load_head()
    moved = np.linalg.norm(old.vertices - young.vertices, axis=1)
    assert 0.3 < moved.max() < 1.6
    assert moved[np.isin(head.part, (Material.EYE_LEFT, Material.EYE_RIGHT, Material.TEETH))].max() == 0
    before, after = landmarks68(young.vertices), landmarks68(old.vertices)
    assert (after[[4, 5, 11, 12], 1] < before[[4, 5, 11, 12], 1] - 0.05).all()  # jowls hang
    assert after[51, 1] - after[57, 1] < 0.92 * (before[51, 1] - before[57, 1])  # lips are thinner
    assert abs((after[62, 1] - after[66, 1]) - (before[62, 1] - before[66, 1])) < 0.04  # and part no wider


def test_teeth_are_moved_one_by_one(person: Person) -> None:
    teeth = find_teeth()
    assert len(teeth) == 20 and sum(map(len, teeth)) == (load_head().part == Material.TEETH).sum()
    even = shape_head(adjust(person, {"teeth.uneven": 0.0, "teeth.gap": 0.0})).vertices
    own = rest_head(np.array(person.identity)).vertices
    assert np.allclose(even[np.concatenate(teeth)], own[np.concatenate(teeth)], atol=1e-5)
    crooked = shape_head(adjust(person, {"teeth.uneven": 1.0, "teeth.gap": 0.0})).vertices
    assert all(0.005 < np.abs(crooked[tooth] - even[tooth]).max() < 0.45 for tooth in teeth)
    parted = shape_head(adjust(person, {"teeth.uneven": 0.0, "teeth.gap": 1.0})).vertices
    right, left = teeth[4], teeth[5]  # the two upper front teeth
    wider = parted[left, 0].min() - parted[right, 0].max() - (even[left, 0].min() - even[right, 0].max())
    assert 0.08 < wider < 0.2


def test_necks_stay_inside_the_clothes(crowd: list[Person]) -> None:
    head = load_head()
    low = (head.mean[:, 1] < -12.3) & (head.part <= Material.SCALP)
    for someone in crowd[:30]:
        x, y, z = shape_head(someone).vertices[low].T
        width, depth, middle = section(y, someone.clothes.shoulders)
        assert np.hypot(x / width, (z - middle) / depth).max() < 1.0


def test_a_hijab_presses_the_ears(person: Person) -> None:
    free, covered = (shape_head(adjust(person, {"hair.style": style})).vertices for style in ("crop", "hijab"))
    ears = (np.abs(load_head().mean[:, 0]) > 8.5) & (np.abs(load_head().mean[:, 1]) < 3)
    assert np.abs(covered[ears, 0]).mean() < np.abs(free[ears, 0]).mean() - 0.5


@pytest.mark.parametrize("kind", BACKGROUND_KINDS)
def test_backgrounds_are_the_same_at_every_size(kind: str) -> None:
    for seed in range(3):
        background = adjust(cast(seed).background, {"kind": kind, "blur": 0.7})
        large, small = paint_background(background, 256), paint_background(background, 64)
        assert large.dtype == np.float32 and large.shape == (256, 256, 3)
        assert np.isfinite(large).all() and large.min() > 0 and large.max() <= 1.1
        averaged = large.reshape(64, 4, 64, 4, 3).mean((1, 3))
        assert np.abs(averaged - small).mean() < 0.035
        assert (paint_background(background, 64) == small).all()


def test_blur_and_clutter_do_what_they_say() -> None:
    def roughness(**changes: float) -> float:
        pictures = [paint_background(adjust(cast(seed).background, {"kind": "shelves", **changes}), 128)
                    for seed in range(4)]  # fmt: skip
        return float(np.mean([np.abs(np.diff(picture, axis=1)).mean() for picture in pictures]))

    assert roughness(blur=0.0) > 2 * roughness(blur=1.0)
    assert roughness(blur=0.3, clutter=1.0) > roughness(blur=0.3, clutter=0.0)


def test_streams_are_apart_by_name_and_seed() -> None:
    assert stream(1, "a").random() == stream(1, "a").random()
    assert len({stream(seed, name).random() for seed in range(5) for name in "abc"}) == 15


def test_mouths_that_droop_are_smiled_away() -> None:
    people = [cast(seed) for seed in range(120)]
    droops = np.array([mouth_droop(someone.identity) for someone in people])
    smiles = np.array([someone.manner.smile for someone in people])
    assert smiles[droops > 0.3].mean() > smiles[droops < 0.1].mean() + 0.1
    assert smiles.min() > 0.05 and smiles.max() < 0.7


def test_grey_hairs_keep_to_the_skin() -> None:
    for tone in range(10):
        base = skin_colour(adjust(cast(0).skin, {"tone": tone}))
        assert 0.4 * base.mean() < grey_on_skin(base).mean() < 1.35 * base.mean()


def test_the_troupe_is_eight_different_people() -> None:
    people = [cast_member(member) for member in TROUPE]
    assert len({member.name for member in TROUPE}) == len({someone.seed for someone in people}) == 8
    assert len({someone.hair.style for someone in people}) >= 5
    assert max(someone.skin.tone for someone in people) - min(someone.skin.tone for someone in people) > 4
