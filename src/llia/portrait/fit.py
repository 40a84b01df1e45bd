"""Landmarks with their certainty -> whose head stands in the picture, seen how, in which motion."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.head.likeness import Camera, Crop, Likeness
from llia.head.measures import OUTER_EYE_LEFT, OUTER_EYE_RIGHT
from llia.head.motion import EXPRESSION, HEAD_SHIFT, HEAD_TURN, Motion, rest
from llia.head.motion import GAZE as MOTION_GAZE
from llia.head.shape import PIVOT, load_head
from llia.portrait.sightlines import (
    CAMERA,
    GAZE,
    IDENTITY,
    NUM_UNKNOWNS,
    SHIFT,
    TURN,
    WEIGHTS,
    Doubles,
    load_sight_model,
    look,
)
from llia.portrait.solver import LEAST_SIGMA, WIDEST_TURN, Priors, Problem, Sighting, precisions, solve

USUAL = slice(0, 68)
DISTANCE_CM = 80.0  # a picture hardly tells it; what it would change, the focal length takes
CROP_OF_FACE = 2.3  # side of the square about a face, in faces: head and shoulders, as the world frames people
CROP_LIFT = 0.04  # of its side, how far its middle stands above the landmarks' middle
MAX_TILT = 0.7  # radians; a head tilted further is shown upright in its crop

ITERATIONS, FOLLOW_ITERATIONS = 8, 4


@dataclass(frozen=True)
class Fitted:
    """A likeness, and how well it explains the landmarks."""

    likeness: Likeness
    residual: float  # median over the usual 68 of the distance to the landmark, in face boxes
    residuals: NDArray[np.float64]  # 150, of each landmark, in face boxes
    points: NDArray[np.floating[Any]]  # 150 2, where the fitted head has them, in the picture's pixels
    ms: float


def fit(
    points: NDArray[np.floating[Any]], sigma: NDArray[np.floating[Any]], crop: Crop | None = None,
    priors: Priors | None = None,
) -> Fitted:  # fmt: skip
    """Sight's landmarks in pixels, [150 2], their sigma, [150], and the square to keep -> the head that explains them.

    Without a crop the square is laid about the face. The head's shift is zero in a portrait: the camera stands where
    the picture asks for it, 80 cm away.
    """
    start = time.perf_counter()
    crop = crop or crop_face(points)
    priors = priors or Priors()
    sighting = sight_in(points, sigma, crop)
    guess, centre, free = first_guess(sighting), np.zeros(NUM_UNKNOWNS), np.ones(NUM_UNKNOWNS, bool)
    free[SHIFT] = False
    centre[CAMERA] = guess[CAMERA]
    problem = Problem(sighting, centre, precisions(priors), free, DISTANCE_CM, priors)
    unknowns, seen = solve(problem, guess, ITERATIONS)
    x, y, log_focal = unknowns[CAMERA]
    likeness = Likeness(
        unknowns[IDENTITY].astype(np.float32),
        Camera(float(x), float(y), DISTANCE_CM, float(np.exp(log_focal))),
        to_motion(unknowns),
        crop,
    )
    residuals = np.linalg.norm(seen.points - sighting.points, axis=1) / sighting.box
    fitted_points = crop.to_picture(seen.points)
    took_ms = 1000 * (time.perf_counter() - start)
    return Fitted(likeness, float(np.median(residuals[USUAL])), residuals, fitted_points, took_ms)


def follow(
    likeness: Likeness, points: NDArray[np.floating[Any]], sigma: NDArray[np.floating[Any]], last_motion: Motion,
    priors: Priors | None = None,
) -> Motion:  # fmt: skip
    """A likeness, the landmarks of one more picture of it by the same camera, the last motion -> the motion there."""
    priors = priors or Priors()
    sighting = sight_in(points, sigma, likeness.crop, likeness.camera.roll)
    free = np.ones(NUM_UNKNOWNS, bool)
    free[IDENTITY] = free[CAMERA] = False
    problem = Problem(sighting, np.zeros(NUM_UNKNOWNS), precisions(priors), free, likeness.camera.distance, priors)
    unknowns, _ = solve(problem, to_unknowns(likeness, last_motion), FOLLOW_ITERATIONS)
    return to_motion(unknowns)


def expect(likeness: Likeness, motion: Motion) -> NDArray[np.float64]:
    """A likeness and a motion (of head and face) -> where sight's points are in the picture, [150 2]."""
    crop, camera = likeness.crop, likeness.camera
    seen = look(load_sight_model(), to_unknowns(likeness, motion), camera.distance)
    level = Crop(crop.x, crop.y, crop.side, crop.angle + camera.roll)
    return np.asarray(level.to_picture(seen.points), np.float64)


def to_unknowns(likeness: Likeness, motion: Motion) -> Doubles:
    camera, unknowns = likeness.camera, np.zeros(NUM_UNKNOWNS)
    unknowns[IDENTITY] = likeness.identity
    unknowns[WEIGHTS], unknowns[GAZE] = motion[EXPRESSION], motion[MOTION_GAZE]
    unknowns[TURN], unknowns[SHIFT] = motion[HEAD_TURN], motion[HEAD_SHIFT]
    unknowns[CAMERA] = camera.x, camera.y, np.log(camera.focal)
    return unknowns


def to_motion(unknowns: Doubles) -> Motion:
    motion = rest()
    motion[EXPRESSION], motion[MOTION_GAZE] = unknowns[WEIGHTS], unknowns[GAZE]
    motion[HEAD_TURN], motion[HEAD_SHIFT] = unknowns[TURN], unknowns[SHIFT]
    return motion


def face_side(points: NDArray[np.floating[Any]]) -> float:
    """Landmarks, [>=68 2] -> the side of the face box, the longer one."""
    return float(np.ptp(points[USUAL], axis=0).max())


def crop_face(points: NDArray[np.floating[Any]]) -> Crop:
    """Landmarks -> a square about head and shoulders; upright with the picture unless the head lies on its side."""
    across = points[OUTER_EYE_LEFT] - points[OUTER_EYE_RIGHT]
    tilt = float(np.arctan2(across[1], across[0]))
    angle = tilt if abs(tilt) > MAX_TILT else 0.0
    upright = Crop(0.0, 0.0, 2.0, angle).from_picture(points[USUAL])
    low, high = upright.min(0), upright.max(0)
    side = CROP_OF_FACE * float((high - low).max())
    x, y = Crop(0.0, 0.0, 2.0, angle).to_picture((low + high) / 2 - [0, CROP_LIFT * side])
    return Crop(float(x), float(y), side, angle)


def sight_in(
    points: NDArray[np.floating[Any]], sigma: NDArray[np.floating[Any]], crop: Crop, roll: float = 0.0
) -> Sighting:
    """Landmarks of a picture -> of its crop, as a camera without roll would see them."""
    num_points = len(load_head().sight)
    if points.shape != (num_points, 2) or sigma.shape != (num_points,):
        raise ValueError(f"expected {num_points} landmarks and as many sigmas, got {points.shape}, {sigma.shape}")
    if not (np.isfinite(points).all() and np.isfinite(sigma).all() and (sigma >= 0).all()):
        raise ValueError("expected finite landmarks and sigmas of zero or more, got others")
    square = Crop(crop.x, crop.y, crop.side, crop.angle + roll)
    level = square.from_picture(np.asarray(points, np.float64)).astype(np.float64)
    box = face_side(level)
    if box <= 0:
        raise ValueError("expected landmarks spread over a face, all of them stand at one place")
    return Sighting(level, np.maximum(np.asarray(sigma, np.float64) * 2 / crop.side, LEAST_SIGMA * box), box)


def first_guess(sighting: Sighting) -> Doubles:
    """Landmarks -> pose and camera by which the mean head comes nearest to them, in weak perspective."""
    model = load_sight_model()
    solid, flat = model.base[USUAL], sighting.points[USUAL]
    weight = 1 / sighting.sigma[USUAL, None]
    system = np.column_stack([solid, np.ones(len(solid))])
    rows = np.linalg.lstsq(system * weight, flat * weight, rcond=None)[0].T  # 2 4
    right, down = rows[0, :3], rows[1, :3]
    scale = max(float(np.linalg.norm(right) + np.linalg.norm(down)) / 2, 1e-6)
    # the nearest pair of perpendicular directions, the third by the right hand
    left_basis, _, right_basis = np.linalg.svd(np.stack([right, -down]) / scale, full_matrices=False)
    x_axis, y_axis = left_basis @ right_basis
    z_axis = np.cross(x_axis, y_axis)
    unknowns = np.zeros(NUM_UNKNOWNS)
    angles = np.arctan2(x_axis[2], z_axis[2]), np.arcsin(np.clip(-y_axis[2], -1, 1)), np.arctan2(y_axis[0], y_axis[1])
    unknowns[TURN] = np.clip(angles, -WIDEST_TURN, WIDEST_TURN)
    face = float((solid @ z_axis).mean() + PIVOT[2])
    unknowns[CAMERA.stop - 1] = np.log(scale * (DISTANCE_CM - face))
    unknowns[CAMERA.start] = PIVOT[0] - rows[0, 3] / scale
    unknowns[CAMERA.start + 1] = PIVOT[1] + rows[1, 3] / scale
    return unknowns
