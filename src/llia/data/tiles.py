"""Pictures of one size -> one picture of them all; a picture and a text -> the picture with that text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Picture = NDArray[np.uint8]

LABEL_PX = 4  # from a picture's corner to its label


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
