"""A person and their head at rest -> the hair or the cover on it, added to a mesh."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from llia.head.shape import RestHead
from llia.world.dress.wardrobe import COLLAR_BULK
from llia.world.form.mesh import Floats, Mesh
from llia.world.hair import covers, styles, styles_long, styles_round, styles_tied, veils
from llia.world.hair.locks import Sitter
from llia.world.hair.scalp import measure_skull
from llia.world.people.person import HairStyle, Person

STYLES: dict[HairStyle, Callable[[Sitter], None]] = {
    "crop": styles.crop,
    "pixie": styles.pixie,
    "side_part": styles.side_part,
    "quiff": styles.quiff,
    "buzz": styles.buzz,
    "receding": styles.receding,
    "bald": styles.bald,
    "bob": styles_long.bob,
    "long": styles_long.long,
    "wavy": styles_long.wavy,
    "layered": styles_long.layered,
    "fringe_bob": styles_long.fringe_bob,
    "fringe_long": styles_long.fringe_long,
    "headband": styles_long.headband,
    "bun": styles_tied.bun,
    "ponytail": styles_tied.ponytail,
    "braids": styles_tied.braids,
    "curly": styles_round.curly,
    "afro": styles_round.afro,
    "locs": styles_round.locs,
    "beanie": covers.beanie,
    "cap": covers.cap,
    "turban": covers.turban,
    "hijab": veils.hijab,
}


def grow_hair(mesh: Mesh, person: Person, rest: RestHead, normals: Floats, rng: np.random.Generator) -> None:
    """Adds the person's hair and head cover; `normals` are those of the head at rest, [V 3]."""
    skull = measure_skull(person, rest, normals, COLLAR_BULK[person.clothes.neckline])
    STYLES[person.hair.style](Sitter(mesh, person, skull, rng))
