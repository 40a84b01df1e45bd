"""Skin colours: a tone of the Monk scale, warmth and age -> albedo, and what blood, lips and freckles make of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from llia.world.colour import Floats, from_oklab, linear, mix, to_oklab
from llia.world.people.person import Makeup, Skin

# Albedo at each of the ten tones. The scale's own swatches are how skin appears on a page, the lightest nearly white;
# these look like them once lit, exposed and put through the filmic curve, which steepens and so saturates the dark.
ALBEDO = (
    "#daa68d", "#d6a082", "#d1997a", "#c89071", "#b98265",
    "#9e6f55", "#855c47", "#6b4939", "#543b30", "#43312a",
)  # fmt: skip
DARKEST = 9.0
# In OKLab: what warmth adds (pink at -1, olive at 1), scaled by how colourful the skin is.
OLIVE = np.array([-0.05, -0.16, 0.08])
AGED = np.array([-0.01, -0.06, 0.02])  # a little paler and yellower at eighty

# What full blush multiplies the colour by, at tones 0, 5, 9: less visible and duller on dark skin.
BLUSH_TONES = (0.0, 5.0, 9.0)
BLUSH = np.array([(1.07, 0.77, 0.75), (1.08, 0.82, 0.78), (1.05, 0.90, 0.92)])
ORBIT = np.array([0.07, 0.10, 0.08])
# Lips of their own colour: skin times this, at the same tones, then a share of blood.
LIPS = np.array([(0.84, 0.46, 0.49), (0.82, 0.52, 0.54), (0.82, 0.66, 0.72)])
LIP_BLOOD, LIP_BLOOD_SHARE = "#963c3e", (0.10, 0.10, 0.03)
LIP_FADE = 0.35  # of their colour, what lips lose by eighty
GREY, GREY_AGAINST_SKIN, GREY_SKIN_SHARE, HAIR_LIMIT = "#b8ada0", 1.3, 0.32, 0.38
GREY_SPREAD = 0.7  # between hairs, where half of the colour is gone
PAINT, PAINT_ON_DARK, LINER_DEPTH = 0.9, 0.6, 0.6


def by_tone(table: NDArray[np.float64], tone: float) -> NDArray[np.float64]:
    """Rows for BLUSH_TONES -> the row of a tone between them."""
    return np.array([np.interp(tone, BLUSH_TONES, column) for column in table.T])


def skin_colour(skin: Skin) -> Floats:
    """-> the albedo of plain skin, linear, [3]."""
    anchors = to_oklab([linear(colour) for colour in ALBEDO])
    lab = np.array([np.interp(skin.tone, np.arange(len(ALBEDO)), column) for column in anchors.T])
    chroma = np.array([lab[0], np.hypot(lab[1], lab[2]), np.hypot(lab[1], lab[2])])
    return from_oklab(lab + chroma * (OLIVE * skin.warmth + AGED * skin.age))


def blush_factor(tone: float) -> NDArray[np.float64]:
    """-> what blood near the surface multiplies skin of that tone by, [3]."""
    return by_tone(BLUSH, tone)


def lip_colour(skin: Skin, base: Floats) -> Floats:
    """-> the lips' own colour, linear, [3]."""
    blood = linear(LIP_BLOOD) * np.interp(skin.tone, BLUSH_TONES, LIP_BLOOD_SHARE)
    own = base * by_tone(LIPS, skin.tone) + blood
    return mix(own, base * own.mean() / base.mean(), LIP_FADE * skin.age)


def hair_on_skin(colour: str, base: Floats) -> Floats:
    """The colour of brows or of a beard -> the same, but always darker than the skin it grows on, linear, [3]."""
    return np.asarray(np.minimum(linear(colour), base * np.float32(HAIR_LIMIT)), np.float32)


def grey_on_skin(base: Floats) -> Floats:
    """-> grey hair of brows and beards, linear, [3]: skin shows through it, and it never outshines the skin much."""
    grey = linear(GREY)
    grey = grey * np.float32(min(1.0, GREY_AGAINST_SKIN * base.mean() / grey.mean()))
    return mix(grey, base, GREY_SKIN_SHARE)


def greyness(grown: NDArray[np.floating], grey: NDArray[np.floating] | float) -> NDArray[np.float64]:
    """Chance of each hair, 0..1, and how grey they all are -> how grey each is: few are white beside dark ones."""
    share = np.asarray(grey, np.float64)
    return np.clip(share + GREY_SPREAD * 4 * share * (1 - share) * (np.asarray(grown, np.float64) - 0.5), 0, 1)


def lip_paint(makeup: Makeup, tone: float) -> Floats:
    """-> the lipstick's colour on skin of that tone, linear, [3]; it never shines out of a dark face."""
    return linear(makeup.lip_colour) * np.float32(PAINT - PAINT_ON_DARK * tone / DARKEST)


def liner_colour(makeup: Makeup, tone: float) -> Floats:
    """-> the colour of the line about the lips, linear, [3]."""
    return lip_paint(makeup, tone) * np.float32(LINER_DEPTH)
