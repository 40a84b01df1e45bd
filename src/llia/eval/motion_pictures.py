"""A performer, portraits of held-out people, painter, judge -> how lips of painted pictures follow the truth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from llia.config import State
from llia.eval.judge import ask
from llia.eval.metrics import correlation
from llia.eval.motion_figures import Figures
from llia.eval.networks import Networks
from llia.eval.painting import whole_picture
from llia.eval.rollout import Floats, Perform, Scenes, Way
from llia.eval.subjects import SEEDS_APART, SIZE_PX
from llia.head.likeness import Likeness
from llia.head.measures import SHAPE_NAMES, measure
from llia.head.motion import Motion
from llia.head.scale import TORSO
from llia.portrait.find import Sights, find
from llia.portrait.fit import fit
from llia.portrait.guide import prepare
from llia.portrait.paint import UNFOLD, Canvas, Painters, open_canvas, paint
from llia.portrait.track import expected, track
from llia.progress import progress
from llia.world.people.casting import cast
from llia.world.render.body import build
from llia.world.render.studio import Studio

STRIDE = 4  # every so many frames of speech are painted
FELT_FRAMES = 8  # of each sitter, for each feeling


@dataclass(frozen=True)
class Sitter:
    """Someone whose portrait was found and fitted, as the product does; nothing true of them is known."""

    row: int  # of the scenes
    likeness: Likeness
    canvas: Canvas


def sit(scenes: Scenes, row: int, seed: int, sights: Sights, painters: Painters) -> Sitter | None:
    """A scene -> who is seen in a portrait of its person; None where no face is found."""
    studio = Studio(build(cast(seed * SEEDS_APART + row, held_out=True)), SIZE_PX)
    picture = studio.shoot(scenes.portrait[row])
    faces = find(picture, sights)
    if not faces:
        return None
    likeness = fit(faces[0].points, faces[0].sigma, whole_picture(SIZE_PX)).likeness
    side = prepare(likeness, SIZE_PX, SIZE_PX // UNFOLD)
    return Sitter(row, likeness, open_canvas(picture, side, painters))


def as_seen(scenes: Scenes, sitters: list[Sitter]) -> Scenes:
    """-> the sitters' scenes, performed by the heads that were found in their portraits."""
    portrait = np.stack([sitter.likeness.motion for sitter in sitters])
    portrait[:, TORSO] = 0
    spans = [measure(sitter.likeness.rest()) for sitter in sitters]
    shape = np.array([[getattr(one, name).at_rest for name in SHAPE_NAMES] for one in spans], np.float32)
    return replace(scenes.chosen([sitter.row for sitter in sitters]), portrait=portrait, shape=shape)


def read_painted(sitter: Sitter, motion: Motion, painters: Painters, judge: Sights) -> float:
    """A frame of motion -> the lip gap that the judge reads in its painted picture, in outer-eye distances."""
    picture = paint(sitter.canvas, motion, painters)
    points = expected(sitter.likeness, motion).points[:68]
    left, top, right, bottom = (float(value) for value in (*points.min(0), *points.max(0)))
    return ask(judge, picture, (left, top, right, bottom)).lip_gap


def seat(scenes: Scenes, seed: int, num_people: int, sights: Sights, painters: Painters) -> list[Sitter]:
    """-> those of the first people whose faces are found in their portraits."""
    with progress("portraits", "people", num_people) as tally:
        sitters = []
        for row in range(num_people):
            sitters.append(sit(scenes, row, seed, sights, painters))
            tally.advance()
    return [sitter for sitter in sitters if sitter is not None]


def measure_pictures(
    perform: Perform, scenes: Scenes, way: Way, length: int, seed: int, sitters: list[Sitter], networks: Networks
) -> Figures:
    """-> the correlation of the lips that the judge reads in painted pictures of the sitters with their people's true
    lips, mean over people: of portrait and sound alone."""
    painters, judge = networks.painters, networks.judge
    assert painters is not None and judge is not None
    if not sitters:
        return summarise([])
    seen, true = as_seen(scenes, sitters), scenes.chosen([sitter.row for sitter in sitters])
    made, gaps = perform(seen, way, length, seed=seed), true.spans(true.motion, "lip_gap")
    speaking = [np.flatnonzero(row[: made.shape[1]] == State.SPEAKING)[::STRIDE] for row in seen.state]
    likeness = []
    with progress("painting", "pictures", sum(map(len, speaking))) as tally:
        for sitter, motion, frames, gap in zip(sitters, made, speaking, gaps, strict=True):
            read = []
            for frame in frames:
                read.append(read_painted(sitter, motion[frame], painters, judge))
                tally.advance()
            likeness.append(correlation(np.array(read), gap[frames]))
    return summarise(likeness)


def painted_speech(
    perform: Perform, way: Way, length: int, seed: int, sitters: list[Sitter], networks: Networks, scenes: Scenes
) -> Floats:
    """The sitters' scenes -> the motion that the judge reads in painted pictures of their speech, [n 66]."""
    painters, judge = networks.painters, networks.judge
    assert painters is not None and judge is not None
    read = []
    for sitter, motion, state in zip(sitters, perform(scenes, way, length, seed=seed), scenes.state, strict=True):
        speaking = np.flatnonzero(state[: len(motion)] == State.SPEAKING)
        for frame in speaking[np.linspace(0, len(speaking) - 1, FELT_FRAMES).astype(int)]:
            face = track(paint(sitter.canvas, motion[frame], painters), judge, sitter.likeness, motion[frame])
            if face is not None:
                read.append(face)
    if not read:
        raise ValueError("expected a judge that finds a painted face, it found none; look at what was painted")
    return np.stack(read).astype(np.float32)


def summarise(likeness: list[float]) -> Figures:
    """Correlations of people -> their mean and the worst."""
    known: Any = np.array(likeness)[np.isfinite(likeness)]
    if not len(known):
        return {"lip_corr_pictures": float("nan"), "pictures_people": 0}
    return {
        "lip_corr_pictures": float(known.mean()),
        "lip_corr_pictures_worst": float(known.min()),
        "pictures_people": len(known),
    }
