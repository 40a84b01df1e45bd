"""People -> contact sheets: side by side at ease, in every shape of the mouth, in every mood, in every hair style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from llia.config import Emotion
from llia.head.motion import Motion
from llia.world.acting.visemes import NAMES
from llia.world.chance import stream
from llia.world.people.framing import usual_framing
from llia.world.people.person import HAIR_STYLES, Person
from llia.world.render.body import build, texture_px_for
from llia.world.render.studio import Studio
from llia.world.shoot.posing import at_ease, say_viseme, show_emotion

Picture = NDArray[np.uint8]

LABEL_PX = 4  # from a picture's corner to its label


def people_sheet(people: Sequence[Person], *, size_px: int, columns: int) -> Picture:
    """-> one picture a person, at ease."""
    return arrange([shoot_person(person, [at_ease(person)], size_px)[0] for person in people], columns)


def viseme_sheet(people: Sequence[Person], *, size_px: int) -> Picture:
    """-> a row a person, a column a shape of the mouth."""
    return table_sheet(people, NAMES, [[say_viseme(one, name) for name in NAMES] for one in people], size_px)


def emotion_sheet(people: Sequence[Person], *, size_px: int) -> Picture:
    """-> a row a person, a column an emotion at full strength."""
    names = [emotion.name.lower() for emotion in Emotion]
    return table_sheet(people, names, [[show_emotion(one, emotion) for emotion in Emotion] for one in people], size_px)


def style_sheet(person: Person, *, size_px: int, columns: int) -> Picture:
    """-> the same person in every hair style."""
    pictures = []
    for style in HAIR_STYLES:
        hair = replace(person.hair, style=style)
        styled = replace(person, hair=hair, framing=usual_framing(hair, stream(person.seed, "sheet of styles")))
        (picture,) = shoot_person(styled, [at_ease(styled)], size_px)
        pictures.append(label(picture, style))
    return arrange(pictures, columns)


def table_sheet(
    people: Sequence[Person], names: Sequence[str], motions: Sequence[Sequence[Motion]], size_px: int
) -> Picture:
    """People, names of columns, motions of each person -> labelled pictures in rows and columns."""
    pictures = [
        label(picture, name)
        for person, row in zip(people, motions, strict=True)
        for name, picture in zip(names, shoot_person(person, row, size_px), strict=True)
    ]
    return arrange(pictures, len(names))


def shoot_person(person: Person, motions: Sequence[Motion], size_px: int) -> list[Picture]:
    """-> one picture for each motion."""
    studio = Studio(build(person, texture_px_for(size_px)), size_px)
    return [studio.shoot(motion) for motion in motions]


def arrange(pictures: Sequence[Picture], columns: int) -> Picture:
    """Pictures of one size -> one picture of them all, in rows; missing ones at the end stay black."""
    columns = min(columns, len(pictures))
    rows = -(-len(pictures) // columns)
    height, width, channels = pictures[0].shape
    sheet = np.zeros((rows * height, columns * width, channels), np.uint8)
    for number, picture in enumerate(pictures):
        row, column = divmod(number, columns)
        sheet[row * height : (row + 1) * height, column * width : (column + 1) * width] = picture
    return sheet


def label(picture: Picture, text: str) -> Picture:
    """-> the picture with a small text in its corner, light on a dark edge so that it reads on anything."""
    image = Image.fromarray(picture)
    ImageDraw.Draw(image).text((LABEL_PX, LABEL_PX), text, fill="white", stroke_width=1, stroke_fill="black")
    return np.asarray(image, np.uint8)
