"""Every metric ranks good above bad on what is exactly true: landmarks, pictures, curves."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from llia.eval.metrics import (
    band_shares,
    best_lag,
    correlation,
    fast_energy,
    flicker_excess,
    flicker_ratio,
    lip_gaps,
    normalised_errors,
    psnr_db,
    sharpness,
    sigma_spread,
    spearman,
    spread_ratio,
    threshold_for,
)
from llia.head.likeness import Camera, project
from llia.head.measures import measure
from llia.head.motion import MOTION_INDEX, rest
from llia.head.shape import load_head, pose, rest_head

SIZE_PX = 256
RNG_SEED = 4


def landmarks(**values: float) -> np.ndarray:
    """Motion by name -> the usual landmarks of the mean head, in pixels."""
    motion = rest()
    for name, value in values.items():
        motion[MOTION_INDEX[name.replace("_", ".")]] = value
    posed = pose(rest_head(np.zeros(40, np.float32)), motion)
    return project(posed[load_head().landmarks], Camera.framing(0, 0, 90, 15), SIZE_PX)[:, :2].astype(np.float64)


def picture(seed: int = 0) -> np.ndarray:
    """-> smooth coloured shapes."""
    y, x = np.mgrid[:64, :64] / 64
    waves = np.random.default_rng(seed).uniform(1, 9, (3, 2))
    return np.stack([127 + 120 * np.sin(6.28 * (a * x + b * y)) for a, b in waves], -1).astype(np.uint8)


def test_more_noise_on_landmarks_is_a_larger_error() -> None:
    truth, noise = landmarks(), np.random.default_rng(RNG_SEED).normal(0, 1, (68, 2))
    eyes = np.linalg.norm(truth[45] - truth[36])
    errors = [float(normalised_errors(truth + noise * eyes * size, truth)) for size in (0, 0.01, 0.03)]
    assert errors[0] == 0 and errors[1] == pytest.approx(0.01 * np.sqrt(np.pi / 2), rel=0.15)
    assert errors[2] == pytest.approx(3 * errors[1])
    moved = truth.copy()
    moved[60:68] += [0, 0.02 * eyes]
    assert normalised_errors(moved, truth, slice(60, 68)) == pytest.approx(0.02)
    assert normalised_errors(moved, truth, slice(36, 48)) == 0


def test_sigma_that_is_true_is_calibrated() -> None:
    rng = np.random.default_rng(RNG_SEED)
    sigma = rng.uniform(0.5, 5, (50, 68))
    truth = np.zeros((50, 68, 2))
    seen = truth + rng.normal(0, 1, truth.shape) * sigma[..., None]
    assert sigma_spread(seen, truth, sigma) == pytest.approx(1, abs=0.03)
    assert sigma_spread(seen, truth, sigma * 2) == pytest.approx(0.5, abs=0.02)  # too modest
    assert sigma_spread(seen, truth, sigma / 2) == pytest.approx(2, abs=0.06)  # too sure


def test_lip_gaps_follow_the_jaw_whatever_the_tilt() -> None:
    opened = [float(lip_gaps(landmarks(jawOpen=jaw))) for jaw in (0, 0.2, 0.5, 0.9)]
    assert np.all(np.diff(opened) > 0.02)
    gap = measure(rest_head(np.zeros(40, np.float32))).lip_gap
    motion = rest()
    motion[MOTION_INDEX["jawOpen"]] = 0.5
    assert opened[2] - opened[0] == pytest.approx((gap(motion) - gap(rest())) / 8.9, rel=0.15)
    tilted = landmarks(jawOpen=0.5, head_roll=0.4)
    assert float(lip_gaps(tilted)) == pytest.approx(opened[2], rel=0.05)


def test_psnr_knows_where_it_looks() -> None:
    truth = picture()
    worse = truth.copy()
    worse[10:20, 10:20] = 255 - worse[10:20, 10:20]
    assert psnr_db(truth, truth) > 75
    box = (10.0, 10.0, 20.0, 20.0)
    assert psnr_db(worse, truth, [box]) < psnr_db(worse, truth) < 60
    assert psnr_db(worse, truth, [(30, 30, 60, 60)]) > 75
    off = np.full((8, 8, 3), 100, np.uint8)
    assert psnr_db(off + 10, off) == pytest.approx(20 * np.log10(25.5), abs=1e-6)
    with pytest.raises(ValueError, match="boxes that touch the picture"):
        psnr_db(worse, truth, [(70, 70, 90, 90)])


def test_blur_is_less_sharp() -> None:
    sharp = picture(1)
    once, twice = (cv2.GaussianBlur(sharp, (0, 0), spread) for spread in (1.0, 2.0))
    assert 0.9 * sharpness(sharp) > sharpness(once) > 1.1 * sharpness(twice)


def test_best_lag_finds_how_late_a_curve_comes() -> None:
    truth = np.random.default_rng(RNG_SEED).normal(0, 1, 400)
    truth = np.convolve(truth, np.hanning(9), mode="same")
    late = np.roll(truth, 3)
    assert best_lag(truth, truth, 5) == pytest.approx((0, 1))
    assert best_lag(late, truth, 5) == pytest.approx((3, 1), abs=0.01)
    assert best_lag(np.roll(truth, -2), truth, 5)[0] == -2
    noisy = late + np.random.default_rng(1).normal(0, truth.std(), 400)
    assert best_lag(noisy, truth, 5)[0] == 3 and best_lag(noisy, truth, 5)[1] < 0.8
    kept = np.arange(400) < 200
    half = np.where(kept, truth, -truth)
    assert best_lag(half, truth, 5, kept)[1] == pytest.approx(1)
    assert np.isnan(correlation(np.ones(400), truth))
    assert best_lag(np.ones(400), truth, 5)[0] == 0 and spread_ratio(truth / 2, truth) == pytest.approx(0.5)


def test_spearman_asks_only_for_order() -> None:
    dial = np.arange(6)
    assert spearman(dial, np.exp(dial)) == pytest.approx(1)
    assert spearman(dial, -dial) == pytest.approx(-1)
    assert 0.5 < spearman(dial, np.array([0, 1, 3, 2, 5, 4])) < 1
    assert 0.9 < spearman(dial, np.array([0, 1, 2, 2, 4, 5])) < 1


def test_band_shares_tell_jitter_from_motion() -> None:
    time = np.arange(750) / 25
    for place, hertz in enumerate((0.2, 1.0, 2.5, 6.0)):
        shares = band_shares(np.sin(2 * np.pi * hertz * time), 25)
        assert shares[place] > 0.95 and shares.sum() == pytest.approx(1)
    nods = np.sin(2 * np.pi * 2 * time)
    jitter = nods + np.random.default_rng(RNG_SEED).normal(0, 0.3, len(time))
    assert band_shares(jitter, 25)[3] > 0.3 > band_shares(nods, 25)[3]


def moving_film(num_frames: int = 60) -> np.ndarray:
    """-> a soft disc that slowly crosses the picture and stays there."""
    y, x = np.mgrid[:32, :32]
    way = 8 + 12 * (1 - np.cos(np.pi * np.arange(num_frames) / (num_frames - 1))) / 2
    discs = [255 / (1 + np.exp((x - at) ** 2 / 8 + (y - 16) ** 2 / 8 - 4)) for at in way]
    return np.repeat(np.stack(discs)[..., None], 3, axis=-1).astype(np.uint8)


def test_flicker_is_seen_above_a_slow_motion() -> None:
    film, rng = moving_film(), np.random.default_rng(RNG_SEED)
    truth = fast_energy(film, 25)
    assert flicker_ratio(truth, truth) == pytest.approx(1) and flicker_excess(truth, truth) == 0
    worse = [(film + size * rng.normal(0, 1, (len(film), 1, 1, 1))).clip(0, 255) for size in (3, 8)]
    first, second = (flicker_ratio(fast_energy(one, 25), truth) for one in worse)
    assert 2 < first < second
    pumping = film * (1 + 0.05 * np.sin(2 * np.pi * 1.0 * np.arange(len(film)) / 25))[:, None, None, None]
    assert flicker_ratio(fast_energy(pumping.clip(0, 255), 25), truth) < first  # one a second is no flicker
    assert fast_energy(np.repeat(film[:1], 60, axis=0), 25) == pytest.approx(0, abs=1e-6)
    elsewhere = truth[:, ::-1] * (truth < truth.mean())  # as much, but where the truth is still
    assert flicker_excess(elsewhere, truth) > 0.5 * flicker_ratio(elsewhere, truth)


def test_a_threshold_keeps_the_share_that_is_wanted() -> None:
    doubts = np.array([0.01, 0.02, 0.03, 0.04, np.inf])
    assert (doubts < threshold_for(doubts, 0.8)).mean() == 0.8
    assert threshold_for(doubts, 1.0) == np.inf
