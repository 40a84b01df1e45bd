"""Where the camera stands: the usual framing of a talking portrait, and the wild ones of real photographs."""

from __future__ import annotations

import numpy as np

from llia.world.people.person import Framing, Hair

# Half heights of the view and distances in cm, as a good portrait has them.
USUAL_HALF_HEIGHT, USUAL_DISTANCE = (14.9, 17.8), (70.0, 110.0)
MIDDLE_HALF_HEIGHT = 15.5
SINK_PER_CM = 0.35  # a wider view looks lower
TALL_HAIR_LIFT, TALL_HAIR_ROOM = 1.6, 1.2
TALL_AFRO = 1.5  # of hair.volume, from where an afro needs the room

WILD_HALF_HEIGHT, WILD_DISTANCE = (7.8, 27.0), (34.0, 160.0)
FACE_HALF = 8.5  # cm, what must stay in the picture about the face's middle
FACE_MIDDLE_Y = 0.5
CHEST_SINK = 0.45  # of the room below the face in a wide view, at most
WILD_ROLL, WILD_ROLL_LIMIT = 0.16, 0.5  # radians


def usual_framing(hair: Hair, rng: np.random.Generator) -> Framing:
    """The hair (tall hair needs room) and chance -> head and shoulders, nearly in the middle."""
    half_height = rng.uniform(*USUAL_HALF_HEIGHT)
    y = rng.uniform(-0.3, 0.9) - SINK_PER_CM * (half_height - MIDDLE_HALF_HEIGHT)
    distance = rng.uniform(*USUAL_DISTANCE)
    x = rng.uniform(-0.6, 0.6)
    tall = (hair.style == "afro" and hair.volume > TALL_AFRO) or (hair.style == "bun" and hair.bun_high)
    if tall or hair.style == "turban":
        y, half_height = y + TALL_HAIR_LIFT, half_height + TALL_HAIR_ROOM
    return Framing(distance=distance, half_height=half_height, x=x, y=y, roll=0.0)


def wild_framing(rng: np.random.Generator) -> Framing:
    """Chance -> from a tight face to the chest, off-centre, tilted, from a short lens near by to a long one far off."""
    half_height = float(np.exp(rng.uniform(*np.log(WILD_HALF_HEIGHT))))
    distance = float(np.exp(rng.uniform(*np.log(WILD_DISTANCE))))
    room = max(half_height - FACE_HALF, 0.0) + 0.06 * half_height
    x = float(np.clip(rng.normal(0, 0.45), -0.85, 0.85)) * room
    y = FACE_MIDDLE_Y + float(np.clip(rng.normal(-CHEST_SINK, 0.4), -0.8, 0.55)) * room
    tilt = rng.normal(0, WILD_ROLL) if rng.random() < 0.7 else 0.0
    roll = float(np.clip(tilt, -WILD_ROLL_LIMIT, WILD_ROLL_LIMIT))
    return Framing(distance=distance, half_height=half_height, x=x, y=y, roll=roll)
