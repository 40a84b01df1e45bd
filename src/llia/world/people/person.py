"""Who a person of the world is: every choice by name, as one record, JSON both ways."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field
from pydantic.dataclasses import dataclass

from llia.config import STRICT

Share = Annotated[float, Field(ge=0, le=1)]
Side = Literal[-1, 1]
# Colours are sRGB as a painter would name them, "#rrggbb"; light is linear and may exceed one.
Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
Light3 = tuple[float, float, float]

HairStyle = Literal[
    "crop", "pixie", "side_part", "quiff", "bob", "long", "wavy", "layered", "fringe_bob", "fringe_long", "bun",
    "ponytail", "braids", "curly", "afro", "locs", "buzz", "bald", "receding", "beanie", "cap", "hijab", "headband",
    "turban",
]  # fmt: skip
BeardStyle = Literal["none", "stubble", "full", "goatee", "moustache"]
GlassesShape = Literal["none", "round", "square", "cat"]
Neckline = Literal["crew", "scoop", "vee", "roll", "shirt", "hood"]
Pattern = Literal["plain", "stripes", "plaid", "rib", "dots"]
Earring = Literal["none", "stud", "hoop"]
BackgroundKind = Literal["gradient", "blurred", "room", "shelves", "foliage", "city"]

HAIR_STYLES: tuple[HairStyle, ...] = get_args(HairStyle)
BACKGROUND_KINDS: tuple[BackgroundKind, ...] = get_args(BackgroundKind)


@dataclass(frozen=True, config=STRICT)
class Skin:
    tone: Annotated[float, Field(ge=0, le=9)]  # on the Monk scale, 0 lightest, 9 darkest, anything between
    warmth: Annotated[float, Field(ge=-1, le=1)]  # from pink to olive
    blush: Annotated[float, Field(ge=0, le=2)]
    gloss: Share
    freckles: Share
    moles: Annotated[int, Field(ge=0, le=8)]
    orbit: Share  # shade about the eyes
    age: Share  # wrinkles and slackness, 0 at twenty, 1 at eighty


@dataclass(frozen=True, config=STRICT)
class Brows:
    colour: Colour
    arch: Annotated[float, Field(ge=-1, le=1.5)]
    width: Annotated[float, Field(ge=4, le=16)]  # pixels of a 512 texture
    density: Annotated[float, Field(ge=0, le=1.5)]
    height: Annotated[float, Field(ge=-6, le=6)]  # pixels of a 512 texture


@dataclass(frozen=True, config=STRICT)
class Makeup:
    liner: Share
    shadow: Share
    shadow_colour: Colour
    lips: Share  # how much of the lip colour covers the lips
    lip_colour: Colour
    lip_liner: Share  # a line about the lips, in a darker shade of them


@dataclass(frozen=True, config=STRICT)
class Beard:
    style: BeardStyle
    density: Share
    colour: Colour


@dataclass(frozen=True, config=STRICT)
class Hair:
    style: HairStyle
    root_colour: Colour
    tip_colour: Colour
    grey: Share  # share of locks that have turned grey
    hairline: tuple[float, float, float, float]  # elevation in degrees at front, temple, side, nape
    part_side: Side
    part_x: float  # cm from the middle
    length: Share  # within what the style allows
    volume: Annotated[float, Field(ge=0.5, le=2.5)]
    wave: Share
    fringe_sweep: Annotated[float, Field(ge=0, le=1)]
    fringe_y: Annotated[float, Field(ge=5, le=9)]  # height at which a fringe ends, cm
    bun_high: bool
    bun_radius: Annotated[float, Field(ge=1.5, le=5)]
    under_cover: bool  # long hair shows below a hat
    cover_colour: Colour


@dataclass(frozen=True, config=STRICT)
class Eyes:
    iris: Colour
    pupil: Annotated[float, Field(ge=0.2, le=0.7)]  # of the iris's radius


@dataclass(frozen=True, config=STRICT)
class Teeth:
    shade: Share  # 0 white, 1 yellow
    uneven: Share  # small turns, shifts and lengths, tooth by tooth
    gap: Share  # between the two front teeth
    gum_colour: Colour
    tongue_colour: Colour


@dataclass(frozen=True, config=STRICT)
class Glasses:
    shape: GlassesShape
    width: Annotated[float, Field(ge=1.5, le=3.5)]  # half a lens, cm
    height: Annotated[float, Field(ge=1, le=3)]
    thickness: Annotated[float, Field(ge=0.05, le=0.4)]
    colour: Colour


@dataclass(frozen=True, config=STRICT)
class Clothes:
    neckline: Neckline
    shoulders: Annotated[float, Field(ge=0.7, le=1.3)]
    fold: float  # phase of the folds
    pattern: Pattern
    colour: Colour
    second_colour: Colour
    gloss: Share
    earring: Earring


@dataclass(frozen=True, config=STRICT)
class Lighting:
    """A key, a fill and a rim from directions in degrees, over an ambient sky and ground."""

    key_azimuth: float
    key_elevation: float
    key: Light3
    fill_azimuth: float
    fill_elevation: float
    fill: Light3
    rim_azimuth: float
    rim_elevation: float
    rim: Light3
    sky: Light3
    ground: Light3
    exposure: Annotated[float, Field(ge=0.3, le=3)]


@dataclass(frozen=True, config=STRICT)
class Background:
    kind: BackgroundKind
    seed: Annotated[int, Field(ge=0)]
    colour: Colour
    second_colour: Colour
    blur: Share
    clutter: Share


@dataclass(frozen=True, config=STRICT)
class Framing:
    """How the camera stands: what becomes a `llia.head.likeness.Camera`."""

    distance: Annotated[float, Field(ge=25, le=200)]  # cm from the head's origin
    half_height: Annotated[float, Field(ge=6, le=40)]  # cm of the scene from the picture's middle to its upper border
    x: float  # cm, where the picture's middle looks
    y: float
    roll: float  # radians


@dataclass(frozen=True, config=STRICT)
class Manner:
    """How the person moves: what the behaviour draws on."""

    activity: Annotated[float, Field(ge=0.2, le=2)]  # size of head movement
    rest_yaw: float  # radians, the pose returned to
    rest_pitch: float
    rest_roll: float
    breath_hz: Annotated[float, Field(ge=0.1, le=0.6)]
    blink_pace: Annotated[float, Field(ge=0.3, le=3)]
    effort: Annotated[float, Field(ge=0.3, le=1.5)]  # how fully the mouth reaches for its shapes
    looseness: Share  # how much effort varies with stress and loudness
    smile: Share  # at rest
    eye_wide: Share  # at rest
    asymmetry: Annotated[float, Field(ge=-0.4, le=0.4)]
    press: Share  # lips pressed and corners held, by habit


@dataclass(frozen=True, config=STRICT)
class Person:
    """A person who does not exist; `casting.cast(seed)` draws one, `config.adjust` changes one by name."""

    seed: Annotated[int, Field(ge=0)]  # of all that is scattered at random: strokes, locks, moles
    femininity: Share
    identity: Annotated[tuple[float, ...], Field(min_length=40, max_length=40)]  # coefficients of the head's modes
    skin: Skin
    brows: Brows
    makeup: Makeup
    beard: Beard
    hair: Hair
    eyes: Eyes
    teeth: Teeth
    glasses: Glasses
    clothes: Clothes
    lighting: Lighting
    background: Background
    framing: Framing
    manner: Manner
