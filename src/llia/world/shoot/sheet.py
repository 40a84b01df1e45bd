"""People -> contact sheets: side by side at ease, in every shape of the mouth, in every mood, in every hair style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from llia.config import Emotion
from llia.data.tiles import arrange, label
from llia.head.measures import landmarks68
from llia.head.motion import FACE, HEAD_TURN, Motion
from llia.head.shape import pose
from llia.progress import Tally, progress
from llia.world.acting.lips import lips_of, meet_lips
from llia.world.acting.visemes import ID, NAMES
from llia.world.chance import stream
from llia.world.people.framing import usual_framing
from llia.world.people.person import HAIR_STYLES, Framing, Person
from llia.world.render.body import FINE_TEXTURE_PX, Body, build, texture_px_for
from llia.world.render.studio import Studio
from llia.world.shoot.posing import at_ease, look_at_camera, say_viseme, show_emotion

Picture = NDArray[np.uint8]

MOST_SIDE_PX = 16_383  # of a sheet: what the narrowest of the picture formats can hold
LIPS = slice(48, 68)  # of the usual landmarks
LOWER_FACE_HALF_CM = 6.0  # from the lips' middle up to the eyes and down below the chin
SILENT, PRESSED, TOUCHING, WIDEST = "SIL", "PP", "FF", "AA"  # visemes whose lips rest, meet, touch the teeth, part
# What has each shape, in letters that every font has.
SAID = {
    "SIL": "silence", "PP": "pie, my", "BB": "soft b: saber (Spanish)", "FF": "fee, vow", "TH": "thin, this",
    "DD": "tea, do, no, low", "SS": "see, zoo", "CH": "she, chew", "RR": "red", "KK": "key, go, sing", "HH": "he",
    "WW": "we", "YY": "yes", "AA": "father", "AE": "cat", "EH": "bed", "EE": "see", "AH": "about, cup",
    "OH": "law, lot", "OO": "too, book", "YU": "tu (French)", "OE": "peu (French)",
}  # fmt: skip


def people_sheet(people: Sequence[Person], *, size_px: int, columns: int) -> Picture:
    """-> one picture a person, at ease."""
    check_sheet(rows_for(len(people), columns), min(len(people), columns), size_px)
    pictures = []
    with progress("taking pictures", "pictures", len(people)) as tally:
        for person in people:
            body = build(person, texture_px_for(size_px))
            pictures += shoot_body(body, [at_rest(body)], size_px, tally)
    return arrange(pictures, columns)


def viseme_sheet(people: Sequence[Person], *, size_px: int, columns: int) -> Picture:
    """-> of each person a block of rows: the face at ease, the lower face in every shape, the face saying ah."""
    count = len(NAMES) + 2  # pictures of one person
    check_sheet(len(people) * rows_for(count, columns), min(count, columns), size_px)
    blocks = []
    with progress("taking pictures", "pictures", len(people) * count) as tally:
        for person in people:
            body = build(person, FINE_TEXTURE_PX)
            shapes = [shape_mouth(body, name) for name in NAMES]
            first, last = shoot_body(body, [at_rest(body), shapes[ID[WIDEST]]], size_px, tally)
            close = replace(body, person=replace(person, framing=frame_mouth(body)))
            mouths = shoot_body(close, shapes, size_px, tally)
            labelled = [label(mouth, f"{name}  {SAID[name]}") for name, mouth in zip(NAMES, mouths, strict=True)]
            blocks.append(arrange([label(first, "at ease"), *labelled, label(last, WIDEST)], columns))
    return np.concatenate(blocks)


def emotion_sheet(people: Sequence[Person], *, size_px: int) -> Picture:
    """-> a row a person, a column an emotion at full strength."""
    check_sheet(len(people), len(Emotion), size_px)
    pictures = []
    with progress("taking pictures", "pictures", len(people) * len(Emotion)) as tally:
        for person in people:
            row = shoot_person(person, [show_emotion(person, emotion) for emotion in Emotion], size_px, tally)
            pictures += [label(picture, emotion.name.lower()) for emotion, picture in zip(Emotion, row, strict=True)]
    return arrange(pictures, len(Emotion))


def style_sheet(person: Person, *, size_px: int, columns: int) -> Picture:
    """-> the same person in every hair style."""
    check_sheet(rows_for(len(HAIR_STYLES), columns), min(len(HAIR_STYLES), columns), size_px)
    pictures = []
    with progress("taking pictures", "pictures", len(HAIR_STYLES)) as tally:
        for style in HAIR_STYLES:
            hair = replace(person.hair, style=style)
            styled = replace(person, hair=hair, framing=usual_framing(hair, stream(person.seed, "sheet of styles")))
            (picture,) = shoot_person(styled, [at_ease(styled)], size_px, tally)
            pictures.append(label(picture, style))
    return arrange(pictures, columns)


def shoot_person(person: Person, motions: Sequence[Motion], size_px: int, tally: Tally) -> list[Picture]:
    """-> one picture for each motion."""
    return shoot_body(build(person, texture_px_for(size_px)), motions, size_px, tally)


def shoot_body(body: Body, motions: Sequence[Motion], size_px: int, tally: Tally) -> list[Picture]:
    """-> one picture for each motion."""
    studio, pictures = Studio(body, size_px), []
    for motion in motions:
        pictures.append(studio.shoot(motion))
        tally.advance()
    return pictures


def at_rest(body: Body) -> Motion:
    """-> a body's person at ease, lips closed."""
    return meet(at_ease(body.person), body, SILENT)


def shape_mouth(body: Body, viseme: str) -> Motion:
    """-> a body's person straight before the camera, the mouth in one shape."""
    motion = say_viseme(body.person, viseme)
    motion[HEAD_TURN] = 0
    look_at_camera(motion)
    return meet(motion, body, viseme)


def meet(motion: Motion, body: Body, viseme: str) -> Motion:
    """-> the motion with lips as in film: met, at the teeth or at rest where the shape asks for it on this head."""
    closed, touching, resting = (np.array([float(viseme == one)]) for one in (PRESSED, TOUCHING, SILENT))
    face = meet_lips(motion[None, FACE].astype(np.float64), lips_of(body.rest), closed, touching, resting)
    met = motion.copy()
    met[FACE] = np.clip(face[0], 0, 1)
    return met


def frame_mouth(body: Body) -> Framing:
    """-> the lower face of a head that stands straight, from straight before it."""
    x, y, _ = landmarks68(pose(body.rest, shape_mouth(body, SILENT)))[LIPS].mean(0)
    return replace(body.person.framing, x=float(x), y=float(y), half_height=LOWER_FACE_HALF_CM, roll=0.0)


def check_sheet(rows: int, columns: int, size_px: int) -> None:
    """Refuses a sheet that no picture file could hold, before the work of making one."""
    width, height = columns * size_px, rows * size_px
    if max(width, height) > MOST_SIDE_PX:
        raise ValueError(
            f"expected a sheet of at most {MOST_SIDE_PX} px a side, got one of {width} x {height}; "
            "choose a smaller --size, fewer --people or other --columns"
        )


def rows_for(count: int, columns: int) -> int:
    """So many pictures, so many in a row -> how many rows."""
    return -(-count // columns)
