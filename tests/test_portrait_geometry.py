"""The portrait's geometry: heads fitted to exact landmarks, and what the painter is told of a new motion."""

from __future__ import annotations

import numpy as np
import pytest

from llia.head.likeness import Crop, Likeness
from llia.head.measures import LIPS_CLOSED_CM
from llia.head.motion import EXPRESSION, TORSO_TURN
from llia.portrait.fit import crop_face, face_side, fit, follow
from llia.portrait.sightlines import NUM_UNKNOWNS, load_sight_model, look
from llia.portrait.trial import PICTURE_PX, correlation, draw_truth, noisy, try_fit

NUM_PEOPLE = 40


def test_slopes_are_those_of_the_places() -> None:
    model, rng = load_sight_model(), np.random.default_rng(0)
    unknowns = rng.uniform(0, 0.4, NUM_UNKNOWNS)
    seen = look(model, unknowns, 80.0)
    for k in range(NUM_UNKNOWNS):
        little = np.zeros(NUM_UNKNOWNS)
        little[k] = 1e-5
        change = look(model, unknowns + little, 80.0).points - look(model, unknowns - little, 80.0).points
        assert np.allclose(change / 2e-5, seen.slopes[..., k], atol=1e-6)


def test_exact_landmarks_are_explained() -> None:
    trial = try_fit(range(NUM_PEOPLE), 0.0)
    assert np.median(trial.place) < 0.0015
    assert trial.residual.max() < 0.006
    assert np.median(np.abs(trial.gaze)) < 1.0
    assert np.median(np.abs(trial.gap[:, 0] - trial.gap[:, 1])) < 0.06


def test_noisy_landmarks_are_smoothed_by_the_head() -> None:
    trial = try_fit(range(NUM_PEOPLE), 0.01)
    assert np.median(trial.place) < 0.006  # the noise itself is three times that
    assert np.percentile(np.median(trial.place, axis=1), 95) < 0.01
    assert np.median(np.abs(trial.gaze)) < 3
    assert np.median(np.abs(trial.turn_change), axis=0).max() < 1  # degrees
    assert np.median(np.abs(trial.turn), axis=0).max() < 3.5
    for name, least in (("jawOpen", 0.95), ("mouthSmileLeft", 0.9), ("eyeBlinkLeft", 0.9), ("head.yaw", 0.98)):
        assert correlation(trial, name) > least, name


def test_lips_closed_in_the_picture_are_closed_in_the_fit() -> None:
    trial = try_fit(range(NUM_PEOPLE), 0.01, shut=True)
    fitted, true, followed, _ = trial.gap.T
    assert (true < LIPS_CLOSED_CM).all()
    assert (fitted <= LIPS_CLOSED_CM).mean() > 0.9
    assert (followed <= LIPS_CLOSED_CM).mean() > 0.9
    wide = try_fit(range(NUM_PEOPLE), 0.01).gap
    assert (wide[wide[:, 1] > 0.3, 0] > LIPS_CLOSED_CM).mean() > 0.95  # and open ones stay open


def test_the_fit_says_when_there_is_no_face() -> None:
    rng = np.random.default_rng(5)
    sigma = np.full(150, 3.0)
    good = [fit(noisy(truth, 0, rng), truth.sigma).residual for truth in map(draw_truth, range(10))]
    for _ in range(5):
        nonsense = rng.uniform(50, 450, (150, 2))
        assert fit(nonsense, sigma).residual > 5 * max(good)
    shuffled = draw_truth(1).points[0][rng.permutation(150)]
    assert fit(shuffled, sigma).residual > 5 * max(good)


def test_a_fit_survives_json_and_explains_its_points() -> None:
    truth = draw_truth(3, 0.005)
    fitted = fit(noisy(truth, 0, np.random.default_rng(3)), truth.sigma)
    likeness = Likeness.from_json(fitted.likeness.to_json())
    assert np.array_equal(likeness.motion, fitted.likeness.motion)
    motion = likeness.motion
    assert (motion[EXPRESSION] >= 0).all() and (motion[EXPRESSION] <= 1).all() and not motion[TORSO_TURN].any()
    again = follow(likeness, fitted.points, np.full(150, 0.1), motion)
    assert np.abs(again - motion).max() < 0.05


def test_follow_takes_true_likenesses_with_a_rolled_camera() -> None:
    truth = draw_truth(11, 0.002)
    assert abs(truth.camera.roll) > 0.01
    crop = Crop(PICTURE_PX / 2, PICTURE_PX / 2, PICTURE_PX)
    identity = np.clip(np.random.default_rng(11).normal(0, 1, 40), -1.9, 1.9).astype(np.float32) * np.float32(0.8)
    likeness = Likeness(identity, truth.camera, truth.motions[0], crop)
    motion = follow(likeness, truth.points[1], truth.sigma, truth.motions[0])
    assert np.abs(motion[54:62] - truth.motions[1][54:62]).max() < 0.02  # head in radians and cm, gaze


def test_faces_lying_on_their_side_are_cropped_upright() -> None:
    truth = draw_truth(4, 0.003)
    points = truth.points[0]
    upright = crop_face(points)
    assert upright.angle == 0 and upright.side == pytest.approx(2.3 * face_side(points))
    on_its_side = np.stack([PICTURE_PX - points[:, 1], points[:, 0]], 1)  # a quarter turn clockwise
    crop = crop_face(on_its_side)
    assert np.degrees(crop.angle) == pytest.approx(90, abs=30)
    assert np.allclose(crop.to_picture(crop.from_picture(on_its_side)), on_its_side)
    fitted = fit(on_its_side, truth.sigma)
    assert np.median(np.linalg.norm(fitted.points - on_its_side, axis=1)) < 0.01 * face_side(points)


def test_landmarks_that_cannot_be_are_refused() -> None:
    points, sigma = draw_truth(1).points[0], np.ones(150)
    with pytest.raises(ValueError, match="expected 150 landmarks"):
        fit(points[:68], sigma[:68])
    with pytest.raises(ValueError, match="finite"):
        fit(points * np.nan, sigma)
    with pytest.raises(ValueError, match="all of them stand at one place"):
        fit(points * 0, sigma, Crop(0, 0, 10))
