"""People, poses and cameras at random with their exact landmarks -> how well the fit finds them, as a table.

The priors of `llia.portrait.solver` were chosen by its numbers.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.head.arkit import eye_look
from llia.head.likeness import Camera, project
from llia.head.measures import LIPS_CLOSED_CM, measure
from llia.head.motion import GAZE, HEAD_SHIFT, HEAD_TURN, MOTION_INDEX, Motion, rest
from llia.head.shape import RestHead, load_head, pose, rest_head
from llia.portrait.fit import face_side, fit, follow

Array = NDArray[Any]
PICTURE_PX = 512
INNER_MOUTH, LIDS = slice(60, 68), slice(36, 48)
# Names without a side, how often they show, how strong they are at most.
EXPRESSIONS = (
    ("mouthSmile", 0.3, 0.9), ("mouthStretch", 0.25, 0.5), ("mouthLowerDown", 0.25, 0.5), ("mouthUpperUp", 0.25, 0.5),
    ("mouthPress", 0.25, 0.5), ("mouthFrown", 0.15, 0.6), ("mouthDimple", 0.2, 0.5), ("eyeWide", 0.3, 0.8),
    ("browDown", 0.3, 0.9), ("browOuterUp", 0.3, 0.9), ("browInnerUp", 0.3, 0.9), ("eyeSquint", 0.2, 0.8),
    ("cheekSquint", 0.2, 0.6), ("noseSneer", 0.15, 0.6), ("eyeBlink", 0.3, 1.0),
)  # fmt: skip
MIDDLE_EXPRESSIONS = (
    ("mouthFunnel", 0.2, 0.8), ("mouthPucker", 0.2, 0.9), ("mouthRollLower", 0.2, 0.5), ("mouthRollUpper", 0.2, 0.4),
    ("mouthShrugLower", 0.2, 0.4), ("mouthShrugUpper", 0.2, 0.4),
)  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """One person seen twice by one camera: the portrait, and a moment later."""

    rest: RestHead
    camera: Camera
    motions: tuple[Motion, Motion]
    points: tuple[Array, Array]  # 150 2, exact
    sigma: Array  # 150, pixels


def draw_motion(rng: np.random.Generator, widest_yaw: float, *, shut: bool) -> Motion:
    """Chance -> a motion as wild as the world's stills; with shut lips the jaw's opening is taken back."""
    motion = rest()
    for name, share, most in EXPRESSIONS:
        if rng.random() < share:
            value, uneven = rng.uniform(0, most), rng.normal(0, 0.1, 2)
            for side, factor in zip(("Left", "Right"), 1 + uneven, strict=True):
                motion[MOTION_INDEX[name + side]] = np.clip(value * factor, 0, 1)
    for name, share, most in MIDDLE_EXPRESSIONS:
        if rng.random() < share:
            motion[MOTION_INDEX[name]] = rng.uniform(0, most)
    jaw = rng.choice([rng.uniform(0, 0.15), rng.uniform(0.1, 0.7), rng.uniform(0.4, 1)], p=[0.35, 0.5, 0.15])
    motion[MOTION_INDEX["jawOpen"]] = 0.0 if shut else jaw
    motion[HEAD_TURN] = rng.uniform(-1, 1, 3) * [widest_yaw, 0.3, 0.25]
    motion[HEAD_SHIFT] = rng.normal(0, 0.5, 3)
    motion[GAZE] = np.clip(rng.normal(0, 0.16, 2), -0.4, 0.4)
    for name, weight in eye_look(motion[GAZE]).items():
        motion[MOTION_INDEX[name]] = weight
    return motion


def shut_lips(motion: Motion, person: RestHead) -> Motion:
    """Takes away what opens the lips, then presses them until they meet."""
    gap, motion = measure(person).lip_gap, motion.copy()
    for name in ("mouthLowerDownLeft", "mouthLowerDownRight", "mouthUpperUpLeft", "mouthUpperUpRight", "mouthFunnel"):
        motion[MOTION_INDEX[name]] = 0
    for name in ("noseSneerLeft", "noseSneerRight", "mouthShrugUpper"):
        motion[MOTION_INDEX[name]] = 0
    close = MOTION_INDEX["mouthClose"]
    motion[close] = np.clip((gap(motion) - 0.03) / -gap.per_weight[close], 0, 1)
    return motion


def draw_truth(seed: int, noise: float = 0.01, widest_yaw: float = 0.6, *, shut: bool = False) -> Truth:
    """A seed and the landmarks' noise in face boxes -> a person, a camera and two motions, 0.4 of the yaw apart."""
    rng = np.random.default_rng(seed)
    person = rest_head(np.clip(rng.normal(0, 1, 40), -1.9, 1.9) * 0.8)
    half_height = float(np.exp(rng.uniform(np.log(9), np.log(24))))
    room = max(half_height - 9, 0.0)
    camera = Camera.framing(
        x=rng.uniform(-0.6, 0.6) * room, y=0.5 + rng.uniform(-0.8, 0.4) * room,
        distance=float(np.exp(rng.uniform(np.log(45), np.log(120)))), half_height=half_height,
        roll=float(np.clip(rng.normal(0, 0.1), -0.3, 0.3)),
    )  # fmt: skip
    first, second = (draw_motion(rng, widest_yaw, shut=shut) for _ in range(2))
    second[HEAD_TURN] = first[HEAD_TURN] + 0.4 * (second[HEAD_TURN] - first[HEAD_TURN])
    if shut:
        first, second = shut_lips(first, person), shut_lips(second, person)
    points = [
        project(pose(person, motion)[load_head().sight], camera, PICTURE_PX)[:, :2].astype(np.float64)
        for motion in (first, second)
    ]
    sigma = noise * face_side(points[0]) * rng.uniform(0.6, 1.4, 150)
    sigma[INNER_MOUTH] *= 0.7  # the closer looks
    sigma[LIDS] *= 0.5
    sigma[-2:] *= 0.5
    return Truth(person, camera, (first, second), (points[0], points[1]), sigma)


def noisy(truth: Truth, which: int, rng: np.random.Generator) -> Array:
    return truth.points[which] + rng.normal(0, 1, (150, 2)) * truth.sigma[:, None]


@dataclass(frozen=True)
class Trial:
    """What the fit made of many people, each a row; angles in degrees, gaps in cm, places in face boxes."""

    place: Array  # n 68, distance of fitted from true landmarks
    residual: Array  # n
    gaze: Array  # n 2, error
    turn: Array  # n 3, error of the portrait's head; the camera's roll counts as the head's
    turn_change: Array  # n 3, error of what `follow` makes of the second moment, against the first
    gap: Array  # n 4: fitted and true in the portrait, followed and true a moment later
    change: Array  # n 66, followed less fitted motion
    true_change: Array  # n 66
    ms: Array  # n 2, fit and follow


def try_fit(seeds: range, noise: float, widest_yaw: float = 0.6, *, shut: bool = False) -> Trial:
    """Seeds and noise in face boxes -> how well these people are found."""
    rows: list[tuple[Any, ...]] = []
    for seed in seeds:
        truth = draw_truth(seed, noise, widest_yaw, shut=shut)
        rng = np.random.default_rng((seed, 1))
        fitted = fit(noisy(truth, 0, rng), truth.sigma)
        likeness, first = fitted.likeness, fitted.likeness.motion
        start = time.perf_counter()
        second = follow(likeness, noisy(truth, 1, rng), truth.sigma, first)
        follow_ms = 1000 * (time.perf_counter() - start)
        change, true_change = second - first, truth.motions[1] - truth.motions[0]
        rolled = truth.motions[0][HEAD_TURN] + [0, 0, -truth.camera.roll]
        gap, true_gap = measure(likeness.rest()).lip_gap, measure(truth.rest).lip_gap
        rows.append((
            np.linalg.norm(fitted.points - truth.points[0], axis=1)[:68] / face_side(truth.points[0]),
            fitted.residual,
            np.degrees(first[GAZE] - truth.motions[0][GAZE]),
            np.degrees(first[HEAD_TURN] - rolled),
            np.degrees(change - true_change)[HEAD_TURN],
            [gap(first), true_gap(truth.motions[0]), gap(second), true_gap(truth.motions[1])],
            change, true_change, [fitted.ms, follow_ms],
        ))  # fmt: skip
    return Trial(*(np.array(column) for column in zip(*rows, strict=True)))


TOLD = (
    "jawOpen", "mouthSmileLeft", "mouthPucker", "mouthFunnel", "mouthStretchLeft", "mouthUpperUpLeft", "eyeBlinkLeft",
    "browDownLeft", "browInnerUpLeft", "browOuterUpLeft", "head.yaw", "head.pitch", "head.roll",
)  # fmt: skip


def correlation(trial: Trial, name: str) -> float:
    """-> of the found and the true change of one number of the motion."""
    place = MOTION_INDEX[name]
    return float(np.corrcoef(trial.change[:, place], trial.true_change[:, place])[0, 1])


def table(num_people: int = 200) -> str:
    lines = ["| noise | shut | places median / p90 / p99 | gaze median, p90 | turn (yaw, pitch, roll) | its change |"
             " gap error, bias | shut seen open | fit, follow ms |"]  # fmt: skip
    for noise, shut in ((0.0, False), (0.005, False), (0.01, False), (0.02, False), (0.01, True)):
        trial = try_fit(range(num_people), noise, shut=shut)
        place, gaze = 100 * np.median(trial.place, 1), np.abs(trial.gaze)
        turn, change = (np.median(np.abs(errors), 0) for errors in (trial.turn, trial.turn_change))
        gap_error, closed = trial.gap[:, 0] - trial.gap[:, 1], trial.gap[:, 1] <= LIPS_CLOSED_CM
        opened = (trial.gap[closed, 0] > LIPS_CLOSED_CM).mean() if closed.any() else np.nan
        lines.append(
            f"| {100 * noise:.1f} % | {shut} | {np.median(place):.2f} / {np.percentile(place, 90):.2f} / "
            f"{np.percentile(100 * trial.place, 99):.2f} % | {np.median(gaze):.1f}, {np.percentile(gaze, 90):.1f} | "
            f"{turn.round(1)} | {change.round(2)} | {np.median(np.abs(gap_error)):.3f}, {gap_error.mean():+.3f} | "
            f"{100 * opened:.0f} % of {closed.sum()} | {np.median(trial.ms, 0).round(1)} |"
        )
        if not shut:
            lines.append("  " + ", ".join(f"{name} {correlation(trial, name):.2f}" for name in TOLD))
    return "\n".join(lines)
