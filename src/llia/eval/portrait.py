"""Networks, how many people and which seed -> the figures of `llia eval portrait`, and a picture of the worst cases."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from llia.engine.makers import Maker
from llia.eval.faceless import faceless
from llia.eval.networks import Networks, load_networks
from llia.eval.painting import Take, measure_takes, paint_film
from llia.eval.sighting import Look, Miss, look_at, measure_looks, measure_misses, search_in_vain
from llia.eval.subjects import SIZE_PX, STILLS_PER_PERSON, shoot_person, shoot_stills
from llia.progress import progress

Picture = NDArray[np.uint8]

PEOPLE_PER_FILM = 5  # of those seen in stills, one is filmed too
NUM_WORST = 6
RED, GREEN = (255, 50, 50), (60, 255, 60)


@dataclass(frozen=True)
class Results:
    """Figures by name; nan where something was missing, and `missing` says what."""

    figures: dict[str, float]
    missing: tuple[str, ...]
    worst: Picture


def evaluate(weights: Path | None, num_people: int, seed: int, engine: Maker = "openvino") -> Results:
    """A folder of weights in training, or None for what ships; how many held-out people, four stills each; a seed; what
    runs the networks."""
    networks = load_networks(weights, SIZE_PX, engine)
    looks, misses = measure_sight(networks, num_people, seed)
    figures = measure_looks(looks) | measure_misses(misses, looks)
    figures |= {"pictures": len(looks), "pictures_without_a_face": len(misses)}
    takes = measure_painter(networks, max(1, num_people // PEOPLE_PER_FILM), seed)
    missing = []
    if takes:
        figures |= measure_takes(takes)
    else:
        missing.append("no painter, so nothing was painted")
    if networks.judge is None:
        missing.append("no judge, so nobody read the painted lips")
    return Results(figures, tuple(missing), show_worst(looks, misses, takes))


def measure_sight(networks: Networks, num_people: int, seed: int) -> tuple[list[Look], list[Miss]]:
    """-> what sight makes of the people's stills, and of as many pictures without a face."""
    count, looks, misses = num_people * STILLS_PER_PERSON, [], []
    with progress("looking at people", "pictures", count) as tally:
        rng = np.random.default_rng(seed)
        for still in shoot_stills(seed, num_people):
            looks.append(look_at(still, networks.sights, rng))
            tally.advance()
    with progress("looking where nobody is", "pictures", count) as tally:
        for number in range(count):
            misses.append(search_in_vain(*faceless(seed, number), networks.sights))
            tally.advance()
    return looks, misses


def measure_painter(networks: Networks, num_people: int, seed: int) -> list[Take]:
    """-> films of the people, painted; none without a painter."""
    takes: list[Take] = []
    if networks.painters is None:
        return takes
    with progress("painting people", "people", num_people) as tally:
        for number in range(num_people):
            takes.append(paint_film(shoot_person(seed, number), networks.painters, networks.sights, networks.judge))
            tally.advance()
    return takes


def show_worst(looks: list[Look], misses: list[Miss], takes: list[Take]) -> Picture:
    """-> rows of the worst: landmarks seen (red) and true (green), the first look's and the closer one's; what was most
    like a face; frames as portrait, truth and painted."""
    rows = []
    for name in ("first", "lips", "lids"):
        bad = sorted(looks, key=lambda one: -getattr(one, name))[:NUM_WORST]
        rows.append([draw_points(one.still.picture, one.seen.points, one.still.points) for one in bad])
    unlike = sorted((one for one in misses if one.found), key=lambda one: one.found.doubt if one.found else 0)
    rows.append([draw_points(one.picture, one.found.points, None) for one in unlike[:NUM_WORST] if one.found])
    frames = [(float(take.whole.min()), take, int(take.whole.argmin())) for take in takes]
    frames.sort(key=lambda one: one[0])
    shown = [
        x for _, take, k in frames[:NUM_WORST] for x in (take.film.portrait, take.film.pictures[k], take.painted[k])
    ]
    rows += [shown[k : k + NUM_WORST] for k in range(0, len(shown), NUM_WORST)]
    empty = np.zeros((SIZE_PX, SIZE_PX, 3), np.uint8)
    filled = [np.concatenate(row + [empty] * (NUM_WORST - len(row)), axis=1) for row in rows]
    return np.concatenate(filled)


def draw_points(picture: Picture, seen: NDArray[np.floating], truth: NDArray[np.floating] | None) -> Picture:
    """-> the picture with the usual landmarks as seen and as they are."""
    out = picture.copy()
    for points, colour in ((truth, GREEN), (seen, RED)):
        for x, y in () if points is None else points[:68].tolist():
            cv2.circle(out, (int(x), int(y)), 1, colour, -1, cv2.LINE_AA)
    return out
