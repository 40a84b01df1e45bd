"""A person -> the painted skin of their face, unwrapped: plain skin first, then everything that lies on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from llia.head.shape import RestHead
from llia.world.face.brows import paint_brows
from llia.world.face.chart import BORDER, load_chart
from llia.world.face.complexion import paint_complexion, paint_marks
from llia.world.face.lids import paint_lids
from llia.world.face.lipskin import paint_lips
from llia.world.face.tones import skin_colour
from llia.world.face.whiskers import paint_beard, paint_hairline
from llia.world.face.wrinkles import shade_wrinkles
from llia.world.people.person import Person

Floats = NDArray[np.float32]

TEXTURE_PX = 512
LEAST_PX = 64
PLAIN_GLOSS = 0.55


def paint_skin(person: Person, rest: RestHead, size_px: int = TEXTURE_PX) -> Floats:
    """A person and their head at rest -> linear red, green, blue and gloss over the face's unwrap, [S S 4]."""
    if size_px < LEAST_PX:
        raise ValueError(f"expected a texture of at least {LEAST_PX} pixels a side, got {size_px}")
    skin, seed = person.skin, person.seed
    texture, coarse = paint_complexion(skin, seed, size_px)
    paint_marks(texture, skin, seed)
    shade_wrinkles(texture, skin.age, seed)
    paint_lids(texture, person.makeup, skin)
    lips = paint_lips(texture, person.makeup, skin, seed)
    paint_hairline(texture, person.hair, coarse, seed)
    paint_beard(texture, person.beard, person.hair.grey, skin, lips, seed)
    paint_brows(texture, person.brows, person.hair.grey, skin, seed)
    fade_border(texture, np.append(skin_colour(skin), PLAIN_GLOSS).astype(np.float32))
    return texture


def fade_border(texture: Floats, plain: Floats) -> None:
    """Lets the texture run into plain skin towards its borders, where the back of the head begins."""
    size_px = texture.shape[0]
    painted, edge = load_chart(size_px).painted, int(np.ceil(BORDER * size_px))
    inside, whole = slice(edge, size_px - edge), slice(None)
    first, last = slice(0, edge), slice(size_px - edge, size_px)
    for rows, columns in ((first, whole), (last, whole), (inside, first), (inside, last)):
        part = texture[rows, columns]
        part += (plain - part) * (1 - painted[rows, columns, None])
