"""The figures of a portrait rank good above bad: landmarks seen, faces found, pictures painted, tables written."""

from __future__ import annotations

import hashlib
import json
import math
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
import torch
from rich.console import Console

from llia.engine.weights import save_weights
from llia.eval import subjects
from llia.eval.faceless import KINDS, faceless
from llia.eval.judge import ask
from llia.eval.networks import load_networks
from llia.eval.painting import Take, measure_takes, open_true_canvas, paint_film
from llia.eval.portrait import show_worst
from llia.eval.report import PORTRAIT, judge_figure, show, to_plain
from llia.eval.sighting import Look, Miss, look_at, measure_looks, measure_misses, near_crop, right_one, search_in_vain
from llia.eval.subjects import Film, Still, shoot_person, shoot_stills
from llia.nets.sight import SIGHTS, Sight
from llia.portrait.find import UNSURE, Found, Sights, crop_of_face, overlap
from llia.portrait.paint import Painters, paint
from standins import corrections

Floats = np.ndarray


@pytest.fixture(scope="module")
def stills() -> list[Still]:
    return list(shoot_stills(5, 2))


@pytest.fixture(scope="module")
def film() -> Film:
    """A short film of few frames."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subjects, "FILM_S", 2.0)
        patch.setattr(subjects, "STRIDE", 8)
        patch.setattr(subjects, "TURN_S", 0.8)
        return shoot_person(5, 1)


def blind(num_points: int, sigma: float = 0.3) -> object:
    """-> a network of sight that sees the same places in every crop."""
    places = np.random.default_rng(num_points).uniform(-0.5, 0.5, (1, num_points, 2)).astype(np.float32)

    def see(crops: Floats) -> tuple[Floats, Floats]:
        return np.repeat(places, len(crops), 0), np.full((len(crops), num_points), math.log(sigma), np.float32)

    return see


BLIND = Sights(blind(150), blind(20), blind(7))  # type: ignore[arg-type]


def looked(still: Still, noise: float, told: float, found: bool = True, seed: int = 0) -> Look:
    """-> what sight with so much noise, in outer-eye distances, would have seen, told as so much."""
    rng = np.random.default_rng(seed)
    eyes = float(np.linalg.norm(still.points[45] - still.points[36]))
    points = still.points + rng.normal(0, noise * eyes, (150, 2))
    seen = Found(points, np.full(150, told * eyes), told)
    error = float(np.linalg.norm(points - still.points, axis=1)[:68].mean() / eyes)
    return Look(still, error, error, error, seen, seen if found else None, np.full(68, noise / 4))


def test_stills_and_films_are_what_they_say(stills: list[Still], film: Film) -> None:
    assert 5 <= len(stills) <= 8
    beside = replace(stills[0], points=np.add(stills[0].points, [200.0, 0.0]))
    assert beside.shown < subjects.WHOLE_FACE <= min(still.shown for still in stills)
    for still in stills:
        assert still.picture.shape == (256, 256, 3) and still.points.shape == (150, 2)
        assert 0.2 < crop_of_face(still.points).side / 256 < 2.5
    assert np.abs(film.motion[:, 54:57] - film.portrait_motion[54:57]).max() < subjects.NEAR
    assert np.degrees(abs(film.turn_motion[-1] - film.turn_motion[0])[54]) == pytest.approx(10, abs=1e-3)
    assert len(film.turn_pictures) == 20 and film.pictures.shape == (len(film.motion), 256, 256, 3)
    assert (film.turn_pictures[0] == film.portrait).all()


def test_sights_figures_grow_with_its_noise(stills: list[Still]) -> None:
    frontal = [replace(still, yaw=0.1) for still in stills]
    good, bad = (
        measure_looks([looked(still, noise, noise, seed=k) for k, still in enumerate(frontal)])
        for noise in (0.01, 0.04)
    )
    for name in ("sight_nme", "lips_nme", "lids_nme", "fit_error"):
        assert bad[name] == pytest.approx(4 * good[name])
    assert good["sigma_sd"] == pytest.approx(1, abs=0.05)
    too_sure = measure_looks([looked(still, 0.04, 0.01) for still in frontal])
    assert too_sure["sigma_sd"] == pytest.approx(4, rel=0.1)
    assert good["recall"] == 100
    half = [looked(still, 0.01, 0.01, found=k % 2 == 0) for k, still in enumerate(frontal)]
    assert measure_looks(half)["recall"] == 50
    turned = [looked(replace(still, yaw=1.0), 0.2, 0.2) for still in stills]
    assert measure_looks([*half, *turned])["sight_nme"] == pytest.approx(measure_looks(half)["sight_nme"])
    with pytest.raises(ValueError, match="turned less than 40 degrees"):
        measure_looks(turned)


def test_false_finds_are_counted_at_the_threshold_and_at_the_one_needed(stills: list[Still]) -> None:
    def taken(doubt: float, kind: str = "text") -> Miss:
        return Miss(stills[0].picture, kind, Found(stills[0].points, np.ones(150), doubt))

    looks = [looked(stills[0], 0.01, doubt) for doubt in np.linspace(0.01, UNSURE * 0.9, 10)]
    clean = measure_misses([taken(UNSURE * 2), taken(UNSURE * 3), Miss(stills[0].picture, "text", None)], looks)
    assert clean["false_finds"] == clean["false_finds_at_recall"] == 0
    assert clean["threshold_for_recall"] == pytest.approx(UNSURE * 0.9)
    mixed = measure_misses([taken(0.02), taken(0.2), taken(0.01, "animal"), taken(0.3, "animal")], looks)
    assert mixed["false_finds"] == 50 and mixed["false_finds_animal"] == 50 == mixed["false_finds_text"]


def test_a_find_counts_where_the_face_is(stills: list[Still]) -> None:
    truth, rng = stills[0].points, np.random.default_rng(0)
    there, beside = (Found(truth + move, np.ones(150), 0.03) for move in (3, 150))
    assert right_one([beside, there], truth) is there
    assert right_one([beside], truth) is None
    crops = [near_crop(truth, rng) for _ in range(50)]
    assert np.std([crop.side for crop in crops]) > 0
    assert all(overlap(square(crop), square(crop_of_face(truth))) > 0.4 for crop in crops)


def square(crop: object) -> tuple[float, float, float, float]:
    x, y, half = crop.x, crop.y, crop.side / 2  # type: ignore[attr-defined]
    return x - half, y - half, x + half, y + half


def test_networks_that_see_nothing_are_told_so(stills: list[Still]) -> None:
    seen = look_at(stills[0], BLIND, np.random.default_rng(0))
    assert seen.first > 0.1 and np.isfinite(seen.lips)
    assert search_in_vain(stills[0].picture, "text", BLIND).found is not None
    box = (*stills[0].points[:68].min(0), *stills[0].points[:68].max(0))
    reading = ask(BLIND, stills[0].picture, box)
    assert reading.points.shape == (68, 2) and np.isfinite(reading.lip_gap)
    with pytest.raises(ValueError, match="expected a box"):
        ask(BLIND, stills[0].picture, (5, 5, 5, 5))


def test_pictures_without_a_face_are_the_same_everywhere() -> None:
    pictures = [faceless(3, number, 64)[0] for number in range(len(KINDS))]
    code = (
        "import hashlib; from llia.eval.faceless import KINDS, faceless\n"
        "print(*(hashlib.sha256(faceless(3, n, 64)[0].tobytes()).hexdigest() for n in range(len(KINDS))))"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert other == [hashlib.sha256(picture.tobytes()).hexdigest() for picture in pictures]
    assert [faceless(3, number, 64)[1] for number in range(len(KINDS))] == list(KINDS)
    assert all(picture.shape == (64, 64, 3) and picture.std() > 3 for picture in pictures)
    assert (faceless(4, 0, 64)[0] != pictures[0]).any()


def carrying(mask: float, flicker: float = 0.0, shade: float = 0.0) -> Painters:
    """-> painters that only carry the portrait along, or with paint of one grey that changes from frame to frame."""
    calls = iter(range(10**6))

    def read(portrait: Floats) -> tuple[Floats, ...]:
        return (portrait,)

    def paint_frame(small: Floats, quarter: Floats, *features: Floats) -> tuple[Floats, ...]:
        size = quarter.shape[-1] * 4
        grey = shade + flicker * (-1) ** next(calls)
        return corrections(np.full((3, size, size), grey), mask)

    return Painters(read, paint_frame)


def test_painting_is_better_than_flicker_and_grey(film: Film) -> None:
    takes = {
        name: paint_film(film, painters, BLIND, None)
        for name, painters in (("carried", carrying(1)), ("grey", carrying(0.6)), ("flicker", carrying(0.9, 0.8)))
    }
    figures = {name: measure_takes([take]) for name, take in takes.items()}
    carried, grey, flicker = (figures[name] for name in ("carried", "grey", "flicker"))
    for name in ("painter_psnr_db", "painter_mouth_psnr_db", "painter_eyes_psnr_db", "identity_psnr_db"):
        assert carried[name] > grey[name], name
    assert carried["identity_psnr_db"] > 40  # nothing moves, nothing changes
    assert carried["painter_psnr_db"] > 20
    assert flicker["flicker_ratio"] > 3 * max(carried["flicker_ratio"], 0.3)
    assert flicker["flicker_excess"] > 3 * carried["flicker_excess"]
    assert grey["sharpness_ratio"] < carried["sharpness_ratio"]
    assert math.isnan(carried["fitted_psnr_db"]) and math.isnan(carried["judge_lip_corr"])
    still = np.stack([psnr for psnr in takes["carried"].whole])
    canvas = open_true_canvas(film, carrying(1))
    frozen = [paint(canvas, film.portrait_motion, carrying(1)) for _ in film.motion]
    assert still.mean() > np.mean([subject_psnr(one, true) for one, true in zip(frozen, film.pictures, strict=True)])


def subject_psnr(picture: Floats, truth: Floats) -> float:
    return float(10 * np.log10(255**2 / np.mean((picture.astype(float) - truth) ** 2)))


def test_the_worst_are_shown(stills: list[Still], film: Film) -> None:
    looks = [looked(still, 0.02, 0.02) for still in stills]
    misses = [search_in_vain(stills[0].picture, "text", BLIND)]
    takes: list[Take] = [paint_film(film, carrying(1), BLIND, None)]
    picture = show_worst(looks, misses, takes)
    assert picture.shape[1] == 6 * 256 and picture.shape[0] % 256 == 0 and picture.dtype == np.uint8


def test_the_report_says_what_was_asked_for() -> None:
    figures = {"sight_nme": 3.0, "lips_nme": 1.2, "recall": 99.5, "painter_psnr_db": 20.0, "sigma_sd": 1.2, "more": 1.0}
    plain = json.loads(json.dumps(to_plain(figures, PORTRAIT, seed=3), allow_nan=False))
    assert plain["sight_nme"] == 3.0 and plain["judge_lip_corr"] is None and plain["more"] == 1.0 and plain["seed"] == 3
    keys = (
        "sight_nme, lips_nme, lids_nme, sigma_sd, false_finds, recall, fit_error, painter_psnr_db, "
        "painter_mouth_psnr_db, painter_eyes_psnr_db, judge_lip_corr, identity_psnr_db, flicker_ratio"
    )
    assert set(keys.split(", ")) <= plain.keys()
    verdicts = [
        judge_figure(figures.get(name, math.nan), PORTRAIT[name]) for name in ("sight_nme", "lips_nme", "recall")
    ]
    assert verdicts == ["must", "aim", "aim"]
    assert judge_figure(20, PORTRAIT["painter_psnr_db"]) == "below must"
    assert judge_figure(1.2, PORTRAIT["sigma_sd"]) == "must" and judge_figure(0.5, PORTRAIT["sigma_sd"]) == "below must"
    output = StringIO()
    show(figures, PORTRAIT, Console(file=output, width=140))
    assert "missing" in output.getvalue() and "<= 3.5" in output.getvalue() and "0.8 to 1.25" in output.getvalue()


def test_weights_in_training_are_measured(tmp_path: Path, stills: list[Still]) -> None:
    torch.manual_seed(0)
    for folder in (tmp_path, tmp_path / "judge"):
        for kind, config in SIGHTS.items():
            small = replace(config, widths=tuple(8 for _ in config.widths))
            save_weights(Sight(small), small, folder / f"{kind}.safetensors")
    engines = [load_networks(tmp_path, 256), load_networks(tmp_path, 256, "torch")]
    assert all(networks.painters is None and networks.judge is not None for networks in engines)
    fast, eager = (look_at(stills[0], networks.sights, np.random.default_rng(0)).seen for networks in engines)
    assert np.isfinite(fast.sigma).all()
    assert np.abs(fast.points - eager.points).max() < 0.5 and np.allclose(fast.sigma, eager.sigma, rtol=0.02)


def test_weights_that_are_not_there_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"first\.safetensors"):
        load_networks(tmp_path, 256)
