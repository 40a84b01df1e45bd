"""Hair, brows, make-up and beard of a person to be cast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from llia.world.chance import pick
from llia.world.colour import hexadecimal, linear
from llia.world.people import palettes
from llia.world.people.attire import draw_cloth_colour
from llia.world.people.kind import Kind
from llia.world.people.person import Beard, BeardStyle, Brows, Hair, Makeup

Random = np.random.Generator


@dataclass(frozen=True)
class HairColour:
    """A root and a tip colour, the natural one below a dye, and whether it is a pale one."""

    root: str
    tip: str
    natural: str
    pale: bool


def draw_hair_colour(kind: Kind, rng: Random) -> HairColour:
    """What grows, and in a few what was dyed over it."""
    shares = {name: a * (1 - kind.dark) + b * kind.dark for name, (_, _, a, b) in palettes.NATURAL.items()}
    name = pick(rng, shares)
    root, tip, _, _ = palettes.NATURAL[name]
    brightness = 1 + rng.normal(0, 0.06)
    dye = pick(rng, {key: share for key, (_, _, share) in palettes.DYED.items()})
    if rng.random() < palettes.DYED_SHARE:
        shown_root, shown_tip, _ = palettes.DYED[dye]
    else:
        shown_root, shown_tip = root, tip
    return HairColour(
        root=hexadecimal(linear(shown_root) * brightness**2),
        tip=hexadecimal(linear(shown_tip) * brightness**2),
        natural=hexadecimal(linear(root) * brightness**2),
        pale=name in palettes.PALE_HAIR,
    )


def draw_hair(kind: Kind, colour: HairColour, rng: Random) -> Hair:
    """A style that goes with the person, its measures, and how grey they have turned."""
    shares = dict(palettes.STYLES_FEMININE if kind.feminine else palettes.STYLES_MASCULINE)
    for style, extra in palettes.STYLES_WITH_DARK_SKIN.items():
        shares[style] = shares.get(style, 0) + extra * kind.dark
    for style, extra in palettes.STYLES_WITH_AGE.items():
        shares[style] = shares.get(style, 0) + (0 if kind.feminine else extra * kind.age**2)
    recession = 0.0 if kind.feminine else rng.choice((0, 0, 0, 2, 5)) * (0.5 + kind.age)
    front, temple = rng.normal(38.5, 2) + recession, rng.normal(34, 2) + 1.6 * recession
    grey = float(np.clip((kind.age - rng.normal(0.45, 0.13)) / rng.uniform(0.15, 0.4), 0, 1))
    dyed_over = rng.random() < (0.35 if kind.feminine else 0.1)
    return Hair(
        style=pick(rng, shares),
        root_colour=colour.root,
        tip_colour=colour.tip,
        grey=0.15 * grey if dyed_over else grey,
        hairline=(front, temple, -12.0 if kind.feminine else -16.0, -42.0),
        part_side=int(rng.choice((-1, 1))),  # type: ignore[arg-type]
        part_x=float(rng.choice((0.2, 2.6, 3.6))),
        length=rng.uniform(0, 1),
        volume=rng.uniform(0.8, 1.9),
        wave=rng.uniform(0.4, 1) if rng.random() < 0.3 else rng.uniform(0, 0.2),
        fringe_sweep=float(rng.choice((0.0, 0.25, 0.6))),
        fringe_y=rng.uniform(6.4, 7.6),
        bun_high=bool(rng.random() < 0.6),
        bun_radius=rng.uniform(2.8, 4.0),
        under_cover=bool(rng.random() < (0.85 if kind.feminine else 0.1)),
        cover_colour=draw_cloth_colour(rng),
    )


def draw_brows(kind: Kind, hair: HairColour, rng: Random) -> Brows:
    """Brows follow the hair that grows, not its dye, and stay dark enough to be seen."""
    natural = linear(hair.natural) * (0.45 if hair.pale else 0.75)
    colour = np.clip(natural, linear(palettes.BROW_FLOOR), linear(palettes.BROW_LIMIT))
    return Brows(
        colour=hexadecimal(colour),
        arch=rng.uniform(0.2, 1.1) if kind.feminine else rng.uniform(-0.2, 0.5),
        width=rng.uniform(6.5, 10) if kind.feminine else rng.uniform(9, 14),
        density=rng.uniform(0.75, 1.15),
        height=rng.uniform(-2, 4),
    )


def draw_makeup(kind: Kind, rng: Random) -> Makeup:
    """Liner, shadow and lipstick, on some of the feminine; the rest keep their own lips."""
    shadowed, lipstick, outlined = rng.random(3) < (0.35, palettes.LIPSTICK_SHARE, 0.3)
    liner, shadow, lips, outline = rng.uniform((0.3, 0.4, 0.55, 0.3), (1, 1, 0.85, 1))
    lip_colour = palettes.LIPSTICKS[rng.integers(len(palettes.LIPSTICKS))]
    return Makeup(
        liner=liner * kind.feminine,
        shadow=shadow * (kind.feminine and shadowed),
        shadow_colour=palettes.EYE_SHADOWS[rng.integers(len(palettes.EYE_SHADOWS))],
        lips=lips * (kind.feminine and lipstick),
        lip_colour=lip_colour,
        lip_liner=outline * (kind.feminine and lipstick and outlined),
    )


def draw_beard(kind: Kind, hair: HairColour, rng: Random) -> Beard:
    """Stubble, a full beard, a goatee or a moustache, on six masculine faces in ten."""
    style: BeardStyle = pick(rng, {"stubble": 0.28, "full": 0.22, "goatee": 0.08, "moustache": 0.05, "none": 0.37})
    low, high = {"stubble": (0.16, 0.42), "full": (0.75, 0.95), "goatee": (0.7, 0.9), "moustache": (0.8, 0.9)}.get(
        style, (0.0, 0.0)
    )
    density = rng.uniform(low, high)
    if kind.feminine:
        style, density = "none", 0.0
    return Beard(style=style, density=density, colour=hexadecimal(linear(hair.natural) * 0.75))
