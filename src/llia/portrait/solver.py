"""Landmarks and priors -> the unknowns of a head: damped Gauss-Newton with bounds, outliers counting less."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from llia.head.arkit import LOOK_SIDEWAYS, LOOK_UP_DOWN
from llia.head.likeness import FACE_DEPTH_CM
from llia.head.measures import INNER_LIP_LOWER, INNER_LIP_UPPER, LIPS_CLOSED_CM
from llia.head.motion import EXPRESSION, FACE_NAMES, MOTION_INDEX
from llia.portrait.sightlines import (
    CAMERA,
    GAZE,
    IDENTITY,
    NUM_UNKNOWNS,
    SHAPE,
    SHIFT,
    TURN,
    WEIGHTS,
    Doubles,
    Seen,
    load_sight_model,
    look,
    turn_with_slopes,
)

HUBER = 2.0  # sigmas from where on a landmark counts linearly
LEAST_SIGMA = 0.0015  # of the face box; no landmark is more certain
LONGEST_STEP = 0.35  # radians or log focal in one iteration
WIDEST_TURN = 1.25  # radians
WIDEST_GAZE = 0.9
IDENTITY_LIMIT = 2.5
FREE_CM = 1000.0  # no belief at all about where the camera stands
FIRST_DAMPING, DAMPING_DECAY = 0.1, 0.3
SWEEPS = 4  # over the bounds in one iteration
SETTLED = 4e-3  # a step this small is the last
STEADY = slice(GAZE.start, CAMERA.stop)  # what must not jump
ONE_SIDED = ("jawLeft", "mouthLeft")  # a left that has no fellow on the right
# Which gaze, 0 yaw, 1 pitch, asks for which weight of the lids, and how many radians for all of it.
LOOKS = (
    ("eyeLookOutLeft", 0, LOOK_SIDEWAYS), ("eyeLookInRight", 0, LOOK_SIDEWAYS),
    ("eyeLookInLeft", 0, -LOOK_SIDEWAYS), ("eyeLookOutRight", 0, -LOOK_SIDEWAYS),
    ("eyeLookUpLeft", 1, LOOK_UP_DOWN), ("eyeLookUpRight", 1, LOOK_UP_DOWN),
    ("eyeLookDownLeft", 1, -LOOK_UP_DOWN), ("eyeLookDownRight", 1, -LOOK_UP_DOWN),
)  # fmt: skip

# Upper and lower edge of what opens and shuts. Their distance is a measurement of its own, more certain than places.
LIP_PAIRS = ((61, 67), (62, 66), (63, 65))
LID_PAIRS = ((37, 41), (38, 40), (43, 47), (44, 46))
LIKELY_SHUT_CM = 0.03  # the lip gap that lips seen closed are given
SHUT_SIGMA_CM = 0.01
SHUT_DOUBT = 1.5  # sigmas of the gap seen that are taken off it before it is called closed


@dataclass(frozen=True)
class Priors:
    """How far from nothing each unknown is believed to be: standard deviations, chosen by `llia.portrait.trial`."""

    identity: float = 0.8
    weight: float = 0.4
    uneven: float = 0.15  # between the left and the right of an expression
    look: float = 0.12  # between a lid's eyeLook weight and what the gaze asks for
    gaze: float = 0.35  # radians
    turn: float = 1.0
    shift: float = 5.0  # cm, when following
    focal: float = 0.5  # of its logarithm, about the first guess
    pair: float = 0.5  # sigma of a pair's distance, in sigmas of its points
    rare: float = 0.2  # for the weights below
    rare_names: tuple[str, ...] = (
        "cheekPuff", "jawForward", "jawLeft", "jawRight", "mouthLeft", "mouthRight", "cheekSquint", "noseSneer",
    )  # fmt: skip


@dataclass(frozen=True)
class Sighting:
    """Landmarks as the solver takes them: in half sides of the crop from its middle."""

    points: Doubles  # n 2
    sigma: Doubles  # n
    box: float  # side of the face box


@dataclass(frozen=True)
class Problem:
    """All that the unknowns are to be found from."""

    sighting: Sighting
    centre: Doubles  # NUM_UNKNOWNS, what the priors draw towards
    precision: Doubles  # NUM_UNKNOWNS NUM_UNKNOWNS, how strongly
    free: NDArray[np.bool_]  # NUM_UNKNOWNS, which may change
    distance: float  # of the camera, cm
    priors: Priors


def solve(problem: Problem, start: Doubles, iterations: int) -> tuple[Doubles, Seen]:
    """A problem and a first guess -> the unknowns, and where they put the landmarks."""
    model, unknowns = load_sight_model(), start.copy()
    low, high = bounds()
    seen = look(model, unknowns, problem.distance)
    shut = lips_look_shut(problem, unknowns)
    for iteration in range(iterations):
        system, pull = normal_equations(problem, seen, unknowns, shut=shut)
        damping = FIRST_DAMPING * DAMPING_DECAY**iteration
        system[np.diag_indices_from(system)] *= 1 + damping
        step = bounded_step(system, pull, low - unknowns, high - unknowns, problem.free)
        step[STEADY] = np.clip(step[STEADY], -LONGEST_STEP, LONGEST_STEP)
        unknowns = np.clip(unknowns + step, low, high)
        seen = look(model, unknowns, problem.distance)
        if np.abs(step).max() < SETTLED:
            break
    return unknowns, seen


def normal_equations(problem: Problem, seen: Seen, unknowns: Doubles, *, shut: bool) -> tuple[Doubles, Doubles]:
    """-> the matrix and the right-hand side of the step that all measurements and priors ask for."""
    sighting, priors = problem.sighting, problem.priors
    missing = sighting.points - seen.points  # n 2
    weight = robust(missing, sighting.sigma)
    upper, lower = pair_places()
    pair_sigma = priors.pair * np.hypot(sighting.sigma[upper], sighting.sigma[lower])
    pair_missing = missing[lower] - missing[upper]
    pair_weight = robust(pair_missing, pair_sigma)
    pair_slopes = seen.slopes[lower] - seen.slopes[upper]
    look_slopes, look_missing = lids_after_gaze(unknowns)
    rows = [
        (seen.slopes * weight[:, None, None]).reshape(-1, NUM_UNKNOWNS),
        (pair_slopes * pair_weight[:, None, None]).reshape(-1, NUM_UNKNOWNS),
        look_slopes / priors.look,
    ]
    values = [
        (missing * weight[:, None]).ravel(), (pair_missing * pair_weight[:, None]).ravel(), look_missing / priors.look
    ]  # fmt: skip
    gap_at_rest, gap_slope = lip_gap_row()
    gap = gap_at_rest + gap_slope @ unknowns
    if shut and gap > LIKELY_SHUT_CM:
        rows.append(gap_slope[None] / SHUT_SIGMA_CM)
        values.append(np.array([(LIKELY_SHUT_CM - gap) / SHUT_SIGMA_CM]))
    slopes, targets = np.concatenate(rows), np.concatenate(values)
    system = slopes.T @ slopes + problem.precision
    return system, slopes.T @ targets - problem.precision @ (unknowns - problem.centre)


def robust(missing: Doubles, sigma: Doubles) -> Doubles:
    """What is missing, [n 2], and sigma, [n] -> the weight of each row by Huber's rule, [n]."""
    sigmas_off = np.linalg.norm(missing, axis=1) / sigma
    return np.asarray(np.sqrt(np.minimum(1, HUBER / np.maximum(sigmas_off, 1e-9))) / sigma)


def bounded_step(system: Doubles, pull: Doubles, low: Doubles, high: Doubles, free: NDArray[np.bool_]) -> Doubles:
    """-> the step that the equations ask for, with those held at their bounds that would pass them."""
    step, moving = np.zeros(len(pull)), free.copy()
    for _ in range(SWEEPS):
        held = ~moving
        rest_pull = pull[moving] - system[np.ix_(moving, held)] @ step[held]
        step[moving] = np.linalg.solve(system[np.ix_(moving, moving)], rest_pull)
        passed = moving & ((step < low) | (step > high))
        step = np.clip(step, low, high, where=free, out=step)
        if not passed.any():
            slack = pull - system @ step
            passed = free & held & (((step <= low) & (slack > 0)) | ((step >= high) & (slack < 0)))
            if not passed.any():
                break
            moving = moving | passed
        else:
            moving = moving & ~passed
    return step


@cache
def bounds() -> tuple[Doubles, Doubles]:
    """-> the least and the greatest value of each unknown."""
    high = np.full(NUM_UNKNOWNS, np.inf)
    high[IDENTITY], high[WEIGHTS], high[TURN], high[GAZE] = IDENTITY_LIMIT, 1.0, WIDEST_TURN, WIDEST_GAZE
    low = -high
    low[WEIGHTS] = 0.0
    return low, high


@cache
def precisions(priors: Priors) -> Doubles:
    """-> the priors as a matrix; the two sides of an expression are believed to be much alike."""
    spread = np.empty(NUM_UNKNOWNS)
    spread[IDENTITY], spread[WEIGHTS], spread[GAZE] = priors.identity, priors.weight, priors.gaze
    spread[TURN], spread[SHIFT], spread[CAMERA] = priors.turn, priors.shift, FREE_CM
    spread[CAMERA.stop - 1] = priors.focal
    names = FACE_NAMES[EXPRESSION]
    for place, name in enumerate(names):
        if name.removesuffix("Left").removesuffix("Right") in priors.rare_names or name in priors.rare_names:
            spread[WEIGHTS.start + place] = priors.rare
    matrix = np.diag(spread**-2.0)
    for place, name in enumerate(names):
        other = name.removesuffix("Left") + "Right"
        if name.endswith("Left") and name not in ONE_SIDED:
            pair = [WEIGHTS.start + place, WEIGHTS.start + MOTION_INDEX[other]]
            matrix[np.ix_(pair, pair)] += np.array([[1, -1], [-1, 1]]) / priors.uneven**2
    return matrix


@cache
def pair_places() -> tuple[list[int], list[int]]:
    """-> the upper and the lower landmarks of all pairs."""
    pairs = LIP_PAIRS + LID_PAIRS
    return [upper for upper, _ in pairs], [lower for _, lower in pairs]


@cache
def lip_gap_row() -> tuple[float, Doubles]:
    """-> the lip gap of the mean head at rest, cm, and its slope for each unknown."""
    model, slope = load_sight_model(), np.zeros(NUM_UNKNOWNS)
    slope[SHAPE] = model.modes[INNER_LIP_UPPER, 1] - model.modes[INNER_LIP_LOWER, 1]
    return float(model.base[INNER_LIP_UPPER, 1] - model.base[INNER_LIP_LOWER, 1]), slope


def lips_look_shut(problem: Problem, unknowns: Doubles) -> bool:
    """Whether the lips may well be shut in the picture: the gap measured there, less a doubt, counts as closed."""
    sighting, at_rest = problem.sighting, unknowns.copy()
    at_rest[WEIGHTS] = 0
    rotation, _ = turn_with_slopes(*unknowns[TURN])
    face_depth = problem.distance - FACE_DEPTH_CM
    down = np.array([-rotation[0, 1], rotation[1, 1]]) * np.exp(unknowns[CAMERA.stop - 1]) / face_depth
    expected = look(load_sight_model(), at_rest, problem.distance).points
    gap_at_rest, slope = lip_gap_row()
    upper, lower = (np.array([pair[side] for pair in LIP_PAIRS]) for side in (0, 1))
    wider = (sighting.points[lower] - expected[lower]) - (sighting.points[upper] - expected[upper])  # 3 2
    gap_cm = gap_at_rest + slope @ at_rest + (wider @ down / (down @ down)).mean()
    sigma = problem.priors.pair * np.hypot(sighting.sigma[upper], sighting.sigma[lower]).mean() / np.sqrt(len(upper))
    return bool(gap_cm - SHUT_DOUBT * sigma / np.linalg.norm(down) <= LIPS_CLOSED_CM)


def lids_after_gaze(unknowns: Doubles) -> tuple[Doubles, Doubles]:
    """-> rows that draw the eyeLook weights to what the gaze asks of the lids: slopes, [8 NUM_UNKNOWNS], and misses."""
    slopes, missing = np.zeros((len(LOOKS), NUM_UNKNOWNS)), np.zeros(len(LOOKS))
    for row, (name, axis, full) in enumerate(LOOKS):
        weight, gaze = WEIGHTS.start + MOTION_INDEX[name], GAZE.start + axis
        asked = unknowns[gaze] / full
        slopes[row, weight] = 1
        if asked > 0:
            slopes[row, gaze] = -1 / full
        missing[row] = np.clip(asked, 0, 1) - unknowns[weight]
    return slopes, missing
