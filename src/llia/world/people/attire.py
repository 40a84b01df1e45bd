"""Glasses, clothes and earrings of a person to be cast."""

from __future__ import annotations

import colorsys

import numpy as np

from llia.world.chance import pick
from llia.world.colour import decode_srgb, hexadecimal
from llia.world.people import palettes
from llia.world.people.kind import Kind
from llia.world.people.person import Clothes, Earring, Glasses, GlassesShape, HairStyle, Neckline, Pattern

Random = np.random.Generator


def draw_glasses(kind: Kind, rng: Random) -> Glasses:
    """On a fifth of the young and half of the old."""
    shapes: dict[GlassesShape, float] = {"round": 1, "square": 1, "cat": 1.0 * kind.feminine}
    shape = pick(rng, shapes)
    low, high = (1.45, 1.85) if shape == "square" else (1.8, 2.3)
    worn = rng.random() < 0.14 + 0.22 * kind.age
    return Glasses(
        shape=shape if worn else "none",
        width=rng.uniform(2.35, 2.75),
        height=rng.uniform(low, high),
        thickness=float(rng.choice((0.09, 0.14, 0.2))),
        colour=palettes.FRAMES[rng.integers(len(palettes.FRAMES))],
    )


def draw_cloth_colour(rng: Random) -> str:
    """Any hue, seldom loud: mostly dark or middling, sometimes nearly white."""
    hue, saturation = rng.random(), rng.uniform(0.05, 0.6)
    low, high = ((0.12, 0.4), (0.35, 0.8), (0.8, 0.93))[rng.choice(3, p=(0.45, 0.38, 0.17))]
    return hexadecimal(decode_srgb(colorsys.hsv_to_rgb(hue, saturation, rng.uniform(low, high))) * 0.85)


def draw_clothes(kind: Kind, style: HairStyle, rng: Random) -> Clothes:
    """A neckline, a cloth and perhaps an earring (none under a hijab)."""
    necklines: dict[Neckline, float] = {
        "crew": 0.25,
        "scoop": 0.15 if kind.feminine else 0.03,
        "vee": 0.20,
        "roll": 0.12,
        "shirt": 0.18 if kind.feminine else 0.25,
        "hood": 0.10 if kind.feminine else 0.15,
    }
    patterns: dict[Pattern, float] = {"plain": 5, "stripes": 1, "plaid": 1, "rib": 2, "dots": 1}
    earrings: dict[Earring, float] = {"none": 0.5, "stud": 0.3, "hoop": 0.2}
    if not kind.feminine:
        earrings = {"none": 0.92, "stud": 0.08}
    broad = rng.uniform(0.96, 1.06) - (0.125 if kind.feminine else 0)
    earring = pick(rng, earrings)
    return Clothes(
        neckline=pick(rng, necklines),
        shoulders=broad,
        fold=rng.uniform(0, 6),
        pattern=pick(rng, patterns),
        colour=draw_cloth_colour(rng),
        second_colour=draw_cloth_colour(rng),
        gloss=float(rng.choice((0.0, 0.0, 0.4))),
        earring="none" if style == "hijab" else earring,
    )
