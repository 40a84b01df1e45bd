"""The painter, measured on films of held-out people: with the true head, and with the head that the portrait gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.config import Clock
from llia.eval.judge import ask
from llia.eval.metrics import correlation, fast_energy, flicker_excess, flicker_ratio, lip_gaps, psnr_db, sharpness
from llia.eval.subjects import Film
from llia.head.likeness import Crop, Likeness
from llia.head.motion import FACE
from llia.head.shape import load_head
from llia.portrait.find import Sights, find
from llia.portrait.fit import fit
from llia.portrait.guide import prepare
from llia.portrait.paint import UNFOLD, Canvas, Painters, open_canvas, paint

Array = NDArray[Any]
Picture = NDArray[np.uint8]

FACE_BOX, MOUTH_BOX, EYE_BOXES = slice(0, 1), slice(1, 2), slice(2, 4)
LEAST_TALK = 15  # frames of talking without which lips are not correlated


@dataclass(frozen=True)
class Take:
    """One person's film, painted from one portrait."""

    film: Film
    painted: Picture  # F S S 3, with the true head
    whole: Array  # F, dB
    mouth: Array
    eyes: Array
    fitted_whole: Array  # F, with the head that the portrait gave; nan where it was not found
    fitted_mouth: Array
    identity: float  # the portrait painted in its own motion
    flicker: float  # of the slow turn, over the truth's
    flicker_excess: float  # the same, only where there is more than the truth has
    sharpness: float  # of the painted pictures over that of the true ones
    lip_corr: float  # the judge's reading against that of the true pictures; nan without a judge or without talk
    fitted_lip_corr: float
    judge_corr: float  # the judge's reading of the true pictures against the truth


def paint_film(film: Film, painters: Painters, sights: Sights, judge: Sights | None) -> Take:
    """A film and the networks -> how near the painted one comes."""
    canvas = open_true_canvas(film, painters)
    painted = np.stack([paint(canvas, motion, painters) for motion in film.motion])
    turned = np.stack([paint(canvas, motion, painters) for motion in film.turn_motion])
    fitted = paint_fitted(film, painters, sights)
    whole, mouth, eyes = psnr_rows(painted, film)
    missing = np.full(len(whole), np.nan)
    fitted_whole, fitted_mouth, _ = (missing, missing, missing) if fitted is None else psnr_rows(fitted, film)
    true_lips = read_lips(film.pictures, film, judge)
    energies = [fast_energy(one, Clock().frames_per_second) for one in (turned, film.turn_pictures)]
    return Take(
        film=film,
        painted=painted,
        whole=whole,
        mouth=mouth,
        eyes=eyes,
        fitted_whole=fitted_whole,
        fitted_mouth=fitted_mouth,
        identity=psnr_db(paint(canvas, film.portrait_motion, painters), film.portrait),
        flicker=flicker_ratio(*energies),
        flicker_excess=flicker_excess(*energies),
        sharpness=float(np.mean([sharpness(a) / sharpness(b) for a, b in zip(painted, film.pictures, strict=True)])),
        lip_corr=correlate(read_lips(painted, film, judge), true_lips),
        fitted_lip_corr=float("nan") if fitted is None else correlate(read_lips(fitted, film, judge), true_lips),
        judge_corr=correlate(true_lips, film.lip_gap[film.talking]),
    )


def open_true_canvas(film: Film, painters: Painters) -> Canvas:
    """-> the portrait with its true head and camera."""
    size = len(film.portrait)
    nobody = np.zeros(len(load_head().identity), np.float32)  # the true head stands in for it
    likeness = Likeness(nobody, film.camera, film.portrait_motion, whole_picture(size))
    return open_canvas(film.portrait, prepare(likeness, size, size // UNFOLD, rest=film.rest), painters)


def paint_fitted(film: Film, painters: Painters, sights: Sights) -> Picture | None:
    """-> the film painted with the head found in the portrait, moved by what truly changed; None if none was found."""
    size, faces = len(film.portrait), find(film.portrait, sights)
    if not faces:
        return None
    likeness = fit(faces[0].points, faces[0].sigma, whole_picture(size)).likeness
    canvas = open_canvas(film.portrait, prepare(likeness, size, size // UNFOLD), painters)
    motion = likeness.motion + film.motion - film.portrait_motion
    motion[:, FACE] = np.maximum(motion[:, FACE], 0)
    return np.stack([paint(canvas, one, painters) for one in motion])


def whole_picture(size_px: int) -> Crop:
    return Crop(size_px / 2, size_px / 2, size_px)


def psnr_rows(painted: Picture, film: Film) -> tuple[Array, Array, Array]:
    """Painted pictures -> dB of each as a whole, in the mouth's box and in those of the eyes, [F] each."""
    rows = [
        (psnr_db(one, true), psnr_db(one, true, boxes[MOUTH_BOX]), psnr_db(one, true, boxes[EYE_BOXES]))
        for one, true, boxes in zip(painted, film.pictures, film.boxes, strict=True)
    ]
    whole, mouth, eyes = np.array(rows).T
    return whole, mouth, eyes


def read_lips(pictures: Picture, film: Film, judge: Sights | None) -> Array | None:
    """Pictures of a film's frames -> the lip gap that the judge reads in talk; None without judge or talk."""
    if judge is None or film.talking.sum() < LEAST_TALK:
        return None
    readings = []
    for place in np.flatnonzero(film.talking):
        left, top, right, bottom = film.boxes[place][FACE_BOX][0].tolist()
        readings.append(ask(judge, pictures[place], (left, top, right, bottom)).points)
    return lip_gaps(np.stack(readings))


def correlate(made: Array | None, truth: Array | None) -> float:
    return float("nan") if made is None or truth is None else correlation(made, truth)


def measure_takes(takes: list[Take]) -> dict[str, float]:
    """-> the painter's figures: means over frames, and over people for correlations and ratios."""

    def over_frames(name: str) -> float:
        return mean_known(np.concatenate([getattr(take, name) for take in takes]))

    def over_people(name: str) -> float:
        return mean_known(np.array([getattr(take, name) for take in takes]))

    figures = {
        "painter_psnr_db": over_frames("whole"),
        "painter_mouth_psnr_db": over_frames("mouth"),
        "painter_eyes_psnr_db": over_frames("eyes"),
        "fitted_psnr_db": over_frames("fitted_whole"),
        "fitted_mouth_psnr_db": over_frames("fitted_mouth"),
        "judge_lip_corr": over_people("lip_corr"),
        "fitted_lip_corr": over_people("fitted_lip_corr"),
        "judge_truth_corr": over_people("judge_corr"),
        "identity_psnr_db": over_people("identity"),
        "flicker_ratio": over_people("flicker"),
        "flicker_excess": over_people("flicker_excess"),
        "sharpness_ratio": over_people("sharpness"),
    }
    return figures | {"fitted_loss_db": figures["painter_psnr_db"] - figures["fitted_psnr_db"]}


def mean_known(values: Array) -> float:
    """-> the mean of those that are not nan; nan if all are."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
