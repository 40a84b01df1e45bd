"""Sight and fit, measured on stills of held-out people and on pictures without a face."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.eval.metrics import normalised_errors, share_below, sigma_spread, threshold_for
from llia.eval.subjects import Still
from llia.head.likeness import Crop
from llia.portrait.find import (
    SURE,
    UNSURE,
    Found,
    Sights,
    crop_of_face,
    look,
    look_again,
    look_closer,
    look_finely,
    overlap,
    search,
)
from llia.portrait.fit import crop_face, face_side, fit

Array = NDArray[Any]
Picture = NDArray[np.uint8]
Rng = np.random.Generator

FRONTAL = math.radians(40)  # sight's landmark errors count for faces turned less
INNER_LIPS, LIDS = slice(60, 68), slice(36, 48)
PLACE_SPREAD, SIZE_SPREAD = 0.04, 0.1  # of the single crop about the trained framing
RIGHT_PLACE = 0.4  # a find counts if it shares so much of its union with the true box
WANTED_RECALL = 0.99


@dataclass(frozen=True)
class Look:
    """What sight made of one still."""

    still: Still
    first: float  # errors in outer-eye distances: the first net on one crop, lips and lids after the closer look
    lips: float
    lids: float
    seen: Found  # closer look included
    found: Found | None  # by searching the whole picture, however doubtful
    fit_errors: Array  # 68, of the head fitted to a fine look at what was found, in face boxes


@dataclass(frozen=True)
class Miss:
    """What is most like a face where there is none."""

    picture: Picture
    kind: str
    found: Found | None


def look_at(still: Still, sights: Sights, rng: Rng) -> Look:
    """A still -> what sight and fit make of it."""
    truth, picture = still.points, still.picture
    first = look(picture, sights.first, [near_crop(truth, rng)])[0]
    seen = look_closer(picture, sights, look_again(picture, sights.first, [first])[0])
    found = right_one(search(picture, sights), truth)
    fit_errors = np.full(68, np.nan)
    if found is not None:
        fine = look_finely(picture, sights, found)
        fitted = fit(fine.points, fine.sigma, crop_face(fine.points))
        fit_errors = np.linalg.norm(fitted.points[:68] - truth[:68], axis=1) / face_side(truth)
    return Look(
        still,
        first=float(normalised_errors(first.points, truth)),
        lips=float(normalised_errors(seen.points, truth, INNER_LIPS)),
        lids=float(normalised_errors(seen.points, truth, LIDS)),
        seen=seen,
        found=found,
        fit_errors=fit_errors,
    )


def near_crop(points: Array, rng: Rng) -> Crop:
    """True landmarks -> a crop as a search would lay it: nearly in the middle, nearly the right size."""
    crop = crop_of_face(points)
    x, y = np.array([crop.x, crop.y]) + rng.normal(0, PLACE_SPREAD, 2) * crop.side
    return Crop(float(x), float(y), crop.side * float(np.exp(rng.normal(0, SIZE_SPREAD))), crop.angle)


def right_one(faces: list[Found], truth: Array) -> Found | None:
    """Faces found -> the surest in the right place."""
    box = (*truth[:68].min(0), *truth[:68].max(0))
    there = [face for face in faces if overlap(face.box, box) > RIGHT_PLACE]
    return min(there, key=lambda face: face.doubt, default=None)


def search_in_vain(picture: Picture, kind: str, sights: Sights) -> Miss:
    """A picture without a face -> what looks most like one."""
    faces = search(picture, sights)
    return Miss(picture, kind, min(faces, key=lambda face: face.doubt, default=None))


def measure_looks(looks: list[Look]) -> dict[str, float]:
    """What sight made of stills -> its figures, in percent but for `sigma_sd`."""
    frontal = [one for one in looks if abs(one.still.yaw) < FRONTAL]
    if not frontal:
        raise ValueError("expected stills of faces turned less than 40 degrees, got none; measure more people")
    seen, truth = (np.stack(x) for x in zip(*((one.seen.points, one.still.points) for one in frontal), strict=True))
    sigma = np.stack([one.seen.sigma for one in frontal])
    return {
        "sight_nme": 100 * float(np.mean([one.first for one in frontal])),
        "lips_nme": 100 * float(np.mean([one.lips for one in frontal])),
        "lids_nme": 100 * float(np.mean([one.lids for one in frontal])),
        "sigma_sd": sigma_spread(seen[:, :68], truth[:, :68], sigma[:, :68]),
        "recall": 100 * share_below(doubts(one.found for one in looks), UNSURE),
        "fit_error": 100 * median_known(np.concatenate([one.fit_errors for one in looks])),
    }


def measure_misses(misses: list[Miss], looks: list[Look]) -> dict[str, float]:
    """Pictures without a face, and stills with one -> false finds, in percent, at find's own threshold and at the one
    that would find as many people as are wanted."""
    people, others = doubts(one.found for one in looks), doubts(one.found for one in misses if one.kind != "animal")
    needed = threshold_for(people, WANTED_RECALL)
    figures = {
        "false_finds": 100 * share_below(others, UNSURE),
        "threshold": UNSURE,
        "sure_threshold": SURE,
        "threshold_for_recall": needed,
        "false_finds_at_recall": 100 * share_below(others, needed) if np.isfinite(needed) else float("nan"),
    }
    for kind in sorted({one.kind for one in misses}):
        of_kind = doubts(one.found for one in misses if one.kind == kind)
        figures[f"false_finds_{kind.replace(' ', '_')}"] = 100 * share_below(of_kind, UNSURE)
    return figures


def median_known(values: Array) -> float:
    """-> the median of those that are not nan; nan if all are."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else float("nan")


def doubts(faces: Iterable[Found | None]) -> Array:
    """-> the doubt of each, infinite where nothing was found."""
    return np.array([np.inf if face is None else face.doubt for face in faces])
