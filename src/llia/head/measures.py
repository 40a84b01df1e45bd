"""Lips and lids in centimetres on a person's own head: linear in the face weights, so exact and free of the camera."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.head.motion import FACE
from llia.head.shape import Floats, RestHead, dense_expressions, load_head

LIPS_CLOSED_CM = 0.1  # a lip gap of no more than this counts as closed

# Places in the usual 68: upper and lower inner lip, outer corners of the mouth, pairs of upper and lower lid.
INNER_LIP_UPPER, INNER_LIP_LOWER = 62, 66
MOUTH_CORNER_RIGHT, MOUTH_CORNER_LEFT = 48, 54
LIDS_RIGHT, LIDS_LEFT = ((37, 41), (38, 40)), ((43, 47), (44, 46))
OUTER_EYE_RIGHT, OUTER_EYE_LEFT = 36, 45
HORIZONTAL, VERTICAL = 0, 1
# Of a person's own head at rest, cm, in the order of `Spans`. The gap decides whether the lips of this person meet.
SHAPE_NAMES: tuple[str, ...] = ("lip_gap", "lip_width", "eye_left", "eye_right")


@dataclass(frozen=True)
class Span:
    """A distance on the face: its size at rest, and how much each of the 54 face weights adds."""

    at_rest: float
    per_weight: Floats  # 54

    def __call__(self, motion: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
        """Motion or face weights, [... >=54] -> the distance, cm, [...]; below zero the two sides overlap."""
        return np.asarray(self.at_rest + motion[..., FACE] @ self.per_weight)


@dataclass(frozen=True)
class Spans:
    """What is measured on a person's face."""

    lip_gap: Span
    lip_width: Span
    eye_left: Span
    eye_right: Span


def measure(rest: RestHead) -> Spans:
    """A person's head at rest -> the spans of that person's face."""
    return Spans(
        lip_gap=span(rest, ((INNER_LIP_UPPER, INNER_LIP_LOWER),), VERTICAL),
        lip_width=span(rest, ((MOUTH_CORNER_LEFT, MOUTH_CORNER_RIGHT),), HORIZONTAL),
        eye_left=span(rest, LIDS_LEFT, VERTICAL),
        eye_right=span(rest, LIDS_RIGHT, VERTICAL),
    )


def span(rest: RestHead, pairs: tuple[tuple[int, int], ...], axis: int) -> Span:
    """Pairs of landmarks -> the mean distance between them along an axis of the head."""
    first, second = load_head().landmarks[np.array(pairs)].T
    at_rest = rest.vertices[first, axis] - rest.vertices[second, axis]
    return Span(float(at_rest.mean()), growth(pairs, axis))


@cache
def growth(pairs: tuple[tuple[int, int], ...], axis: int) -> Floats:
    """Pairs of landmarks -> how much each face weight adds to their distance, [54]; the same for everybody."""
    first, second = load_head().landmarks[np.array(pairs)].T
    shifts = dense_expressions(first)[..., axis] - dense_expressions(second)[..., axis]
    per_weight: Floats = shifts.mean(1).astype(np.float32)
    per_weight.flags.writeable = False
    return per_weight


@cache
def shape_growth() -> Floats:
    """-> how much each face weight adds to each of SHAPE_NAMES, [4 54]; the same for everybody."""
    grown = [
        growth(((INNER_LIP_UPPER, INNER_LIP_LOWER),), VERTICAL),
        growth(((MOUTH_CORNER_LEFT, MOUTH_CORNER_RIGHT),), HORIZONTAL),
        growth(LIDS_LEFT, VERTICAL),
        growth(LIDS_RIGHT, VERTICAL),
    ]
    return np.stack(grown)


def shapes_of(measured: Floats, motion: Floats) -> Floats:
    """What a face measures, [... 4], while it is moved so, [... 66] -> what it measures at rest, [... 4]."""
    return np.asarray(measured - motion[..., FACE] @ shape_growth().T, np.float32)


def landmarks68(vertices: Floats) -> Floats:
    """A head's vertices, [V 3] or [V 2] -> the usual landmarks, [68 ...]."""
    return np.asarray(vertices[load_head().landmarks])


def outer_eye_distance(points: NDArray[np.floating[Any]]) -> float:
    """Landmarks, [68 ...] -> the distance that landmark errors are divided by."""
    return float(np.linalg.norm(points[OUTER_EYE_LEFT] - points[OUTER_EYE_RIGHT]))
