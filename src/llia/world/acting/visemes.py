"""A phone in IPA -> the mouth shapes it is made of, in order; and what each shape asks of the mouth, how firmly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from llia.world.acting.curves import Doubles

# The face weights that speech moves. Names without a side move left and right alike.
CHANNELS: tuple[str, ...] = (
    "jawOpen", "mouthClose", "mouthFunnel", "mouthPucker", "mouthStretch", "mouthSmile", "mouthUpperUp",
    "mouthLowerDown", "mouthRollLower", "mouthRollUpper", "mouthPress", "mouthShrugLower", "tongueOut",
)  # fmt: skip
CHANNEL: dict[str, int] = {name: place for place, name in enumerate(CHANNELS)}

# Articulators that move as one, with their own inertia.
GROUPS: dict[str, tuple[str, ...]] = {
    "jaw": ("jawOpen",),
    "round": ("mouthFunnel", "mouthPucker"),
    "spread": ("mouthStretch", "mouthSmile"),
    "lips": ("mouthUpperUp", "mouthLowerDown"),
    "close": ("mouthClose", "mouthRollLower", "mouthRollUpper", "mouthPress", "mouthShrugLower"),
    "tongue": ("tongueOut",),
}
# How fast a shape's hold fades before its phone begins and after it ends, 1/s: lips round long ahead.
FADE_BEFORE: dict[str, float] = {"jaw": 15, "round": 8.5, "spread": 10, "lips": 15, "close": 26, "tongue": 22}
FADE_AFTER: dict[str, float] = {"jaw": 17, "round": 13, "spread": 13, "lips": 17, "close": 28, "tongue": 24}


@dataclass(frozen=True)
class Viseme:
    """One shape of the mouth: its target by channel, and its strength by group against its neighbours."""

    target: dict[str, float]
    strength: dict[str, float]
    vowel: bool = False
    rounded: bool = False  # rounding is part of the sound and survives lazy speech


def strengths(jaw: float, rounding: float, spread: float, lips: float, close: float, tongue: float) -> dict[str, float]:
    """Six numbers in the order of GROUPS -> a row of strengths."""
    return {"jaw": jaw, "round": rounding, "spread": spread, "lips": lips, "close": close, "tongue": tongue}


SPREAD_VOWEL = strengths(1.0, 0.45, 0.8, 0.7, 0.5, 0.4)
ROUNDED_VOWEL = strengths(1.0, 0.9, 0.8, 0.7, 0.5, 0.4)

VISEMES: dict[str, Viseme] = {
    "SIL": Viseme(
        {"jawOpen": 0, "mouthPress": 0.14, "mouthRollLower": 0.06, "mouthRollUpper": 0.05},
        strengths(0.55, 0.25, 0.3, 0.5, 0.35, 0.3),
    ),
    "PP": Viseme(
        {"jawOpen": 0.09, "mouthClose": 0.09, "mouthPress": 0.42, "mouthRollLower": 0.16, "mouthRollUpper": 0.12},
        strengths(0.8, 0.10, 0.15, 1.2, 3.0, 0.05),
    ),
    "BB": Viseme({"jawOpen": 0.10, "mouthClose": 0.07, "mouthPress": 0.20}, strengths(0.6, 0.1, 0.1, 0.6, 1.5, 0.05)),
    "FF": Viseme(
        {"jawOpen": 0.07, "mouthRollLower": 0.62, "mouthUpperUp": 0.28, "mouthShrugLower": 0.12},
        strengths(0.9, 0.15, 0.15, 1.6, 2.6, 0.05),
    ),
    "TH": Viseme(
        {"jawOpen": 0.15, "mouthLowerDown": 0.22, "mouthUpperUp": 0.12, "tongueOut": 1.0},
        strengths(0.6, 0.15, 0.2, 0.7, 0.4, 1.4),
    ),
    "DD": Viseme(
        {"jawOpen": 0.13, "mouthLowerDown": 0.20, "mouthStretch": 0.10, "tongueOut": 0.7},
        strengths(0.5, 0.10, 0.15, 0.35, 0.35, 1.2),
    ),
    "SS": Viseme(
        {"jawOpen": 0.04, "mouthStretch": 0.26, "mouthLowerDown": 0.34, "mouthUpperUp": 0.16, "mouthSmile": 0.10},
        strengths(1.3, 0.2, 0.5, 0.9, 0.4, 0.7),
    ),
    "CH": Viseme(
        {"jawOpen": 0.09, "mouthFunnel": 0.62, "mouthPucker": 0.22, "mouthLowerDown": 0.10},
        strengths(1.0, 1.1, 0.6, 0.6, 0.4, 0.4),
        rounded=True,
    ),
    "RR": Viseme(
        {"jawOpen": 0.13, "mouthFunnel": 0.34, "mouthPucker": 0.26, "tongueOut": 0.3},
        strengths(0.5, 0.8, 0.4, 0.4, 0.3, 0.6),
    ),
    "KK": Viseme(
        {"jawOpen": 0.19, "mouthLowerDown": 0.12, "mouthStretch": 0.06}, strengths(0.35, 0.06, 0.1, 0.2, 0.3, 0.3)
    ),
    # A breath takes the shape of its neighbours: almost no strength of its own.
    "HH": Viseme({"jawOpen": 0.20, "mouthLowerDown": 0.06}, strengths(0.12, 0.03, 0.05, 0.08, 0.2, 0.1)),
    "WW": Viseme(
        {"jawOpen": 0.05, "mouthClose": 0.03, "mouthPucker": 0.92, "mouthFunnel": 0.10},
        strengths(0.8, 2.0, 1.2, 0.9, 0.5, 0.2),
        rounded=True,
    ),
    "YY": Viseme(
        {"jawOpen": 0.10, "mouthStretch": 0.26, "mouthSmile": 0.20, "tongueOut": 0.3},
        strengths(0.5, 0.4, 0.7, 0.4, 0.3, 0.5),
    ),
    "AA": Viseme({"jawOpen": 0.58, "mouthLowerDown": 0.18, "mouthUpperUp": 0.26}, SPREAD_VOWEL, vowel=True),
    "AE": Viseme(
        {"jawOpen": 0.48, "mouthStretch": 0.20, "mouthUpperUp": 0.28, "mouthLowerDown": 0.22, "mouthSmile": 0.10},
        SPREAD_VOWEL,
        vowel=True,
    ),
    "EH": Viseme(
        {"jawOpen": 0.36, "mouthStretch": 0.18, "mouthLowerDown": 0.20, "mouthUpperUp": 0.20},
        SPREAD_VOWEL,
        vowel=True,
    ),
    "EE": Viseme(
        {
            "jawOpen": 0.16,
            "mouthStretch": 0.34,
            "mouthSmile": 0.26,
            "mouthLowerDown": 0.28,
            "mouthUpperUp": 0.12,
            "tongueOut": 0.2,
        },
        SPREAD_VOWEL,
        vowel=True,
    ),
    "AH": Viseme(
        {"jawOpen": 0.29, "mouthLowerDown": 0.13, "mouthUpperUp": 0.12},
        strengths(0.6, 0.25, 0.35, 0.4, 0.5, 0.4),
        vowel=True,
    ),
    "OH": Viseme({"jawOpen": 0.35, "mouthFunnel": 0.44, "mouthPucker": 0.34}, ROUNDED_VOWEL, vowel=True, rounded=True),
    "OO": Viseme(
        {"jawOpen": 0.13, "mouthPucker": 0.88, "mouthFunnel": 0.18, "mouthClose": 0.03},
        ROUNDED_VOWEL,
        vowel=True,
        rounded=True,
    ),
    # Front rounded: y has the lips of u, a little less drawn together, on the tongue of i; ø and œ those of o.
    "YU": Viseme(
        {"jawOpen": 0.12, "mouthPucker": 0.78, "mouthFunnel": 0.26, "mouthClose": 0.02, "tongueOut": 0.2},
        strengths(1.0, 1.1, 0.8, 0.7, 0.5, 0.4),
        vowel=True,
        rounded=True,
    ),
    "OE": Viseme(
        {"jawOpen": 0.25, "mouthFunnel": 0.36, "mouthPucker": 0.50, "tongueOut": 0.1},
        strengths(1.0, 1.0, 0.8, 0.7, 0.5, 0.4),
        vowel=True,
        rounded=True,
    ),
}
NAMES: tuple[str, ...] = tuple(VISEMES)  # a viseme's id in the tracks is its place here
ID: dict[str, int] = {name: place for place, name in enumerate(NAMES)}
SILENCE = ID["SIL"]

PHONES: dict[str, str] = {
    "PP": "p b m ɓ ʙ",
    "BB": "β ɸ",
    "FF": "f v ɱ ʋ",
    "TH": "θ ð",
    "DD": "t d n l ɾ r ɫ ɭ ʈ ɖ ɳ ʎ ɬ ɮ ɽ ɗ ǀ ǃ ǂ ǁ",
    "SS": "s z",
    "CH": "ʃ ʒ ɕ ʑ ʂ ʐ ɧ",
    "RR": "ɹ ɻ ɚ ɝ",
    "KK": "k ɡ g ŋ x ɣ q ɢ χ ʁ c ɟ ɲ ç ɴ ʀ ɰ ʟ ɠ ʝ",
    "HH": "h ɦ ħ ʕ ʔ ʜ ʡ",
    "WW": "w ʍ ɥ ʷ",
    "YY": "j",
    "AA": "a ɑ ɐ ä",
    "AE": "æ",
    "EH": "e ɛ",
    "EE": "i ɪ ᵻ ɨ ᵊ",
    "AH": "ə ʌ ɜ ɘ ɤ ɯ ᵿ",
    "OH": "o ɔ ɒ",
    "OO": "u ʊ ʉ",
    "YU": "y ʏ",
    "OE": "ø œ ɵ ɞ ɶ",
}
VISEME_OF: dict[str, str] = {symbol: name for name, symbols in PHONES.items() for symbol in symbols.split()}
# Within a viseme some vowels are closer or more open than its target: a factor on the jaw.
OPENNESS: dict[str, float] = {
    "i": 0.85, "ɪ": 1.15, "ᵻ": 1.1, "ɨ": 1.1, "e": 0.8, "ɛ": 1.05, "ə": 0.75, "ᵊ": 1.1, "ʌ": 1.15, "ɜ": 0.95, "ɯ": 0.5,
    "ɐ": 0.7, "ɑ": 1.05, "o": 0.75, "ɔ": 1.0, "ɒ": 1.15, "u": 0.85, "ʊ": 1.25, "y": 0.9, "ʏ": 1.2, "ø": 0.85,
    "œ": 1.2, "ɶ": 1.5,
}  # fmt: skip
AFFRICATE_OF: dict[str, str] = {
    symbols: name
    for name, group in {"CH": "tʃ dʒ tɕ dʑ tʂ dʐ ʈʂ ɖʐ", "SS": "ts dz", "DD": "tɬ dɮ", "KK": "kx qχ cç ɟʝ"}.items()
    for symbols in group.split()
}
# Shares of time where a phone is several shapes: the nucleus of a diphthong is its first vowel and lasts longest.
NUCLEUS_SHARE, GLIDE_SHARE, CONSONANT_SHARE = 1.5, 1.0, 0.8


@dataclass(frozen=True)
class Shape:
    """A part of a phone: its viseme, its share of the phone's time, a factor on the jaw."""

    viseme: int
    share: float
    openness: float = 1.0


def shapes_of(ipa: str) -> tuple[Shape, ...]:
    """A phone in IPA -> its shapes in order, shares adding up to 1; a sound not in the table takes its neighbours'."""
    if ipa == "" or ipa.startswith("#"):
        return (Shape(SILENCE, 1.0),)
    symbols = [symbol for symbol in ipa if symbol in VISEME_OF]
    if not symbols:
        return (Shape(ID["HH"], 1.0),)
    affricate = AFFRICATE_OF.get("".join(symbols[:2]))
    if affricate:
        symbols = symbols[1:]
    parts: list[tuple[str, float, float]] = []
    nucleus_found = False
    for place, symbol in enumerate(symbols):
        name = affricate if affricate and place == 0 else VISEME_OF[symbol]
        if VISEMES[name].vowel:
            share = GLIDE_SHARE if nucleus_found else NUCLEUS_SHARE
            nucleus_found = True
        else:
            share = CONSONANT_SHARE
        parts.append((name, share, OPENNESS.get(symbol, 1.0)))
    whole = sum(share for _, share, _ in parts)
    return tuple(Shape(ID[name], share / whole, openness) for name, share, openness in parts)


def is_known(ipa: str) -> bool:
    """Does the table know this phone, or is it a pause or a breath?"""
    return ipa == "" or ipa.startswith("#") or any(symbol in VISEME_OF for symbol in ipa)


def target_table() -> Doubles:
    """-> the targets of all visemes by channel, [visemes channels]."""
    table = np.zeros((len(NAMES), len(CHANNELS)))
    for row, viseme in enumerate(VISEMES.values()):
        for name, weight in viseme.target.items():
            table[row, CHANNEL[name]] = weight
    return table


def strength_table() -> Doubles:
    """-> the strengths of all visemes by group, [visemes groups]."""
    return np.array([[viseme.strength[group] for group in GROUPS] for viseme in VISEMES.values()])
