"""The 150 points that sight looks for, as the fit needs them: where they show for any unknowns, and the slopes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.head.motion import EXPRESSION, LIDS
from llia.head.shape import EYE_SINK_CM, PIVOT, dense_expressions, eye_centres, load_head

Doubles = NDArray[np.float64]

NUM_MODES, NUM_EXPRESSIONS = 40, EXPRESSION.stop
# Where each unknown stands in the vector that the fit solves for.
IDENTITY = slice(0, NUM_MODES)
WEIGHTS = slice(NUM_MODES, NUM_MODES + NUM_EXPRESSIONS)
SHAPE = slice(0, WEIGHTS.stop)  # all that moves vertices linearly
GAZE = slice(WEIGHTS.stop, WEIGHTS.stop + 2)  # yaw, pitch
TURN = slice(GAZE.stop, GAZE.stop + 3)  # yaw, pitch, roll
SHIFT = slice(TURN.stop, TURN.stop + 3)  # of the head, cm
CAMERA = slice(SHIFT.stop, SHIFT.stop + 3)  # x and y in cm, log of the focal length
NUM_UNKNOWNS = CAMERA.stop
NUM_IRISES = 2  # they stand last among sight's points


@dataclass(frozen=True)
class SightModel:
    """How sight's points depend on the shape's unknowns."""

    base: Doubles  # n 3, less the pivot
    modes: Doubles  # n 3 93
    share: Doubles  # n, how far each moves with the head
    eyes: Doubles  # 2 3, the eyes' centres, less the pivot
    eye_modes: Doubles  # 2 3 93


@dataclass(frozen=True)
class Seen:
    """Where the points show, x right and y down from the picture's middle in half sides, and the slopes."""

    points: Doubles  # n 2
    slopes: Doubles  # n 2 NUM_UNKNOWNS


@cache
def load_sight_model() -> SightModel:
    """-> the points of the head that ships with the package."""
    head = load_head()
    shapes = np.concatenate([head.identity[:, head.sight], dense_expressions(head.sight)[EXPRESSION]])
    eyes = eye_centres(head.mean)
    eye_modes = np.zeros((2, 3, SHAPE.stop))
    for k, mode in enumerate(head.identity):
        eye_modes[..., k] = eye_centres(head.mean + mode) - eyes
    modes = np.ascontiguousarray(shapes.transpose(1, 2, 0), np.float64)
    for eye, lid in enumerate(LIDS):
        eye_modes[eye, 2, WEIGHTS.start + lid] = modes[eye - NUM_IRISES, 2, WEIGHTS.start + lid] = -EYE_SINK_CM
    return SightModel(
        base=(head.mean[head.sight] - PIVOT).astype(np.float64),
        modes=modes,
        share=head.follow[head.sight].astype(np.float64),
        eyes=(eyes - PIVOT).astype(np.float64),
        eye_modes=eye_modes,
    )


def look(model: SightModel, unknowns: Doubles, distance: float) -> Seen:
    """The unknowns and the camera's distance in cm -> where the points show, with the slope for each unknown."""
    camera_x, camera_y, log_focal = unknowns[CAMERA]
    gaze_yaw, gaze_pitch = unknowns[GAZE]
    rotation, rotation_slopes = turn_with_slopes(*unknowns[TURN])
    gaze, gaze_slopes = turn_with_slopes(gaze_yaw, -gaze_pitch, 0.0)

    # the shape, then the irises turned in their sockets
    shape = unknowns[SHAPE]
    points, modes = model.base + model.modes @ shape, model.modes.copy()
    eyes = model.eyes + model.eye_modes @ shape
    off_centre = points[-NUM_IRISES:] - eyes
    points[-NUM_IRISES:] = eyes + off_centre @ gaze.T
    modes[-NUM_IRISES:] = gaze @ modes[-NUM_IRISES:] + (np.eye(3) - gaze) @ model.eye_modes

    # the head turned about its pivot, as far as each point follows it
    share = model.share[:, None]
    posed = share * (points @ rotation.T + unknowns[SHIFT]) + (1 - share) * points + PIVOT
    posed_slope = share[..., None] * rotation + (1 - share[..., None]) * np.eye(3)  # n 3 3

    # the picture: P is 2 rows of slopes of each point's place for its three coordinates
    scale = np.exp(log_focal) / (distance - posed[:, 2])
    x, y = scale * (posed[:, 0] - camera_x), scale * (camera_y - posed[:, 1])
    nearer = scale / np.exp(log_focal)
    picture = np.zeros((len(points), 2, 3))
    picture[:, 0, 0], picture[:, 1, 1] = scale, -scale
    picture[:, 0, 2], picture[:, 1, 2] = x * nearer, y * nearer

    slopes = np.zeros((len(points), 2, NUM_UNKNOWNS))
    through = picture @ posed_slope  # n 2 3
    slopes[..., SHAPE] = through @ modes
    gaze_moves = np.stack([off_centre @ gaze_slopes[0].T, -(off_centre @ gaze_slopes[1].T)], -1)  # 2 3 2
    slopes[-NUM_IRISES:, :, GAZE] = through[-NUM_IRISES:] @ gaze_moves
    turned = share[..., None] * (points @ rotation_slopes.transpose(0, 2, 1)).transpose(1, 2, 0)  # n 3 3
    slopes[..., TURN] = picture @ turned
    slopes[..., SHIFT] = picture * share[..., None]
    slopes[:, 0, CAMERA.start], slopes[:, 1, CAMERA.start + 1] = -scale, scale
    slopes[:, 0, CAMERA.stop - 1], slopes[:, 1, CAMERA.stop - 1] = x, y
    return Seen(np.stack([x, y], 1), slopes)


def turn_with_slopes(yaw: float, pitch: float, roll: float) -> tuple[Doubles, Doubles]:
    """Angles -> `llia.head.shape.turn` in double precision, [3 3], and its slope for each angle, [3 3 3]."""
    about: list[tuple[Any, Any]] = []
    for angle, first, second in ((yaw, 2, 0), (pitch, 1, 2), (roll, 0, 1)):
        rotation, slope = np.eye(3), np.zeros((3, 3))
        cos, sin = np.cos(angle), np.sin(angle)
        rotation[[first, second], [first, second]] = cos
        rotation[first, second], rotation[second, first] = -sin, sin
        slope[[first, second], [first, second]] = -sin
        slope[first, second], slope[second, first] = -cos, cos
        about.append((rotation, slope))
    (by_yaw, yaw_slope), (by_pitch, pitch_slope), (by_roll, roll_slope) = about
    slopes = [yaw_slope @ by_pitch @ by_roll, by_yaw @ pitch_slope @ by_roll, by_yaw @ by_pitch @ roll_slope]
    return by_yaw @ by_pitch @ by_roll, np.stack(slopes)
