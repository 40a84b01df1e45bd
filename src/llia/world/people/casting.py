"""A seed -> a person who does not exist; kind, grooming, attire, lighting and framing draw their parts."""

from __future__ import annotations

import colorsys
import math
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from llia.head.shape import load_head
from llia.world.chance import pick, stream
from llia.world.colour import decode_srgb, hexadecimal, linear, mix
from llia.world.people import palettes
from llia.world.people.attire import draw_clothes, draw_glasses
from llia.world.people.framing import usual_framing
from llia.world.people.grooming import draw_beard, draw_brows, draw_hair, draw_hair_colour, draw_makeup
from llia.world.people.kind import TONES, Kind, draw_kind
from llia.world.people.lighting import light_person
from llia.world.people.person import Background, BackgroundKind, Eyes, Manner, Person, Skin, Teeth

HELD_OUT_FROM = 1_000_000_000  # seeds of people who are for measuring only, never for training
MODES, MODE_LIMIT, MODE_SCALE = 40, 1.9, 0.8  # the head's modes at full strength look odd
SEED_LIMIT = 2**31
MOUTH_CORNERS, MOUTH_MIDDLES = (48, 54), (62, 66)  # landmarks
DROOP_SMILE, DROOP_LEFT = 1.2, 0.10  # how much smile a cm of drooping corners asks for; how much may be left, cm

Random = np.random.Generator


def cast(seed: int, *, held_out: bool = False) -> Person:
    """A seed -> the person of that number; held-out ones are others, whatever the seed."""
    if not 0 <= seed < HELD_OUT_FROM:
        raise ValueError(f"expected a seed from 0 to {HELD_OUT_FROM - 1}, got {seed}")
    number = seed + HELD_OUT_FROM if held_out else seed
    draw = partial(stream, number)
    kind = draw_kind(draw("kind"))
    natural = draw_hair_colour(kind, draw("hair colour"))
    hair = draw_hair(kind, natural, draw("hair"))
    background = draw_background(draw("background"))
    identity = draw_identity(kind, draw("identity"))
    return Person(
        seed=number,
        femininity=kind.femininity,
        identity=identity,
        skin=draw_skin(kind, draw("skin")),
        brows=draw_brows(kind, natural, draw("brows")),
        makeup=draw_makeup(kind, draw("makeup")),
        beard=draw_beard(kind, natural, draw("beard")),
        hair=hair,
        eyes=draw_eyes(kind, draw("eyes")),
        teeth=draw_teeth(kind, draw("teeth")),
        glasses=draw_glasses(kind, draw("glasses")),
        clothes=draw_clothes(kind, hair.style, draw("clothes")),
        lighting=light_person(kind.tone, background, number),
        background=background,
        framing=usual_framing(hair, draw("framing")),
        manner=draw_manner(kind, mouth_droop(identity), draw("manner")),
    )


def draw_identity(kind: Kind, rng: Random) -> tuple[float, ...]:
    """Modes 0 and 1 of the head go with a feminine look; the rest is free."""
    modes = np.clip(rng.normal(0, 1, MODES), -MODE_LIMIT, MODE_LIMIT) * MODE_SCALE
    modes[0] = modes[0] * 0.8 - 0.35 + 1.10 * kind.femininity
    modes[1] = modes[1] * 0.8 + 0.25 - 0.95 * kind.femininity
    return tuple(round(float(mode), 4) for mode in modes)


def mouth_droop(identity: tuple[float, ...]) -> float:
    """-> how far the corners of this head's mouth lie below its parting, cm."""
    corners, middles = droop_rows()
    return float(middles @ (1.0, *identity) - corners @ (1.0, *identity))


@cache
def droop_rows() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """-> heights of the mouth's corners and of its parting: of the mean head, then of each mode, [41] each."""
    head = load_head()
    heights = np.concatenate([head.mean[None], head.identity])[:, head.landmarks, 1].astype(np.float64)
    return heights[:, MOUTH_CORNERS].mean(1), heights[:, MOUTH_MIDDLES].mean(1)


def draw_skin(kind: Kind, rng: Random) -> Skin:
    """Freckles stay with light skin."""
    freckled = rng.random() < 0.18 and kind.tone < 3.6
    freckles = rng.uniform(0.4, 1.0) if freckled else 0.0
    return Skin(
        tone=kind.tone,
        warmth=float(np.clip(rng.normal(0, 0.45), -1, 1)),
        blush=rng.uniform(0.7, 1.5),
        gloss=rng.uniform(0.2, 0.95),
        freckles=freckles,
        moles=int(rng.choice(5, p=(0.35, 0.3, 0.2, 0.1, 0.05))),
        orbit=rng.uniform(0.2, 1.0),
        age=kind.age,
    )


def draw_eyes(kind: Kind, rng: Random) -> Eyes:
    """Brown mostly, and with dark skin nearly always."""
    shares = {colour: light * (1 - kind.dark) + dark * kind.dark for colour, light, dark in palettes.IRISES}
    return Eyes(iris=pick(rng, shares), pupil=rng.uniform(0.34, 0.46))


def draw_teeth(kind: Kind, rng: Random) -> Teeth:
    """Mostly good teeth, never perfect; they yellow with age, and gums darken with the skin."""
    gap = rng.uniform(0.3, 1) if rng.random() < 0.13 else 0.0
    gums = mix(linear(palettes.GUMS_LIGHT), linear(palettes.GUMS_DARK), kind.tone / TONES * rng.uniform(0.5, 1))
    return Teeth(
        shade=float(np.clip(rng.beta(1.3, 3.5) + 0.3 * kind.age, 0, 1)),
        uneven=rng.beta(1.5, 2.5),
        gap=gap,
        gum_colour=hexadecimal(gums),
        tongue_colour=hexadecimal(linear(palettes.TONGUE) * rng.uniform(0.85, 1.1)),
    )


def draw_background(rng: Random) -> Background:
    """Quiet colours of one family; half of the backgrounds are plain or soft, half are places."""
    kinds: dict[BackgroundKind, float] = {
        "gradient": 0.22, "blurred": 0.28, "room": 0.17, "shelves": 0.10, "foliage": 0.11, "city": 0.12,
    }  # fmt: skip
    hue, saturation, value = rng.random(), rng.uniform(0.03, 0.36), rng.uniform(0.22, 0.8)
    second_hue = (hue + rng.normal(0, 0.07)) % 1
    second = (second_hue, min(1, saturation * rng.uniform(0.6, 1.5)), value * rng.uniform(0.45, 0.9))
    return Background(
        kind=pick(rng, kinds),
        seed=int(rng.integers(SEED_LIMIT)),
        colour=hexadecimal(decode_srgb(colorsys.hsv_to_rgb(hue, saturation, value))),
        second_colour=hexadecimal(decode_srgb(colorsys.hsv_to_rgb(*second))),
        blur=rng.beta(2.2, 1.6),
        clutter=rng.beta(1.6, 1.6),
    )


def draw_manner(kind: Kind, droop: float, rng: Random) -> Manner:
    """How they hold themselves and how much they move; the old a little less. Whose mouth droops smiles it away."""
    return Manner(
        activity=rng.uniform(0.6, 1.35) * (1 - 0.15 * kind.age),
        rest_yaw=math.radians(rng.normal(0, 6.5)),
        rest_pitch=math.radians(rng.normal(-0.5, 2.2)),
        rest_roll=math.radians(rng.normal(0, 1.8)),
        breath_hz=rng.uniform(0.2, 0.3),
        blink_pace=float(np.clip(np.exp(rng.normal(0, 0.3)), 0.4, 2.5)),
        effort=rng.uniform(0.5, 1.2),
        looseness=rng.uniform(0.15, 0.85),
        smile=rng.uniform(0.08, 0.26) + DROOP_SMILE * max(0.0, droop - DROOP_LEFT),
        eye_wide=rng.uniform(0.11, 0.24),
        asymmetry=float(np.clip(rng.normal(0, 0.06), -0.2, 0.2)),
        press=rng.uniform(0, 0.4),
    )
