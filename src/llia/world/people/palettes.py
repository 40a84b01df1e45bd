"""What people are drawn from: colours of hair, eyes, lips and frames, and how common each style is."""

from __future__ import annotations

from llia.world.people.person import HairStyle

# Natural hair: name -> root, tip, how common with light and with dark skin.
NATURAL: dict[str, tuple[str, str, float, float]] = {
    "black": ("#1a1412", "#281e1a", 2.4, 6.0),
    "dark brown": ("#301f16", "#4a3021", 3.0, 3.0),
    "brown": ("#523420", "#744c2f", 3.0, 0.8),
    "auburn": ("#68301a", "#8e4828", 1.0, 0.1),
    "ginger": ("#a05022", "#c47036", 0.8, 0.02),
    "blond": ("#a87c48", "#d6ac70", 1.5, 0.1),
    "light blond": ("#c4a06c", "#e8cc9a", 0.8, 0.03),
}
DYED: dict[str, tuple[str, str, float]] = {
    "silver": ("#807c78", "#a8a4a0", 2.0),
    "platinum": ("#c4c0bc", "#e2dfdb", 1.5),
    "pink": ("#c86082", "#e88caa", 1.6),
    "teal": ("#266e78", "#469ca0", 1.4),
    "blond": ("#b08a50", "#dcb478", 3.0),
    "red": ("#7a2018", "#a03424", 1.5),
    "violet": ("#4a2e6a", "#7a58a0", 0.7),
}
DYED_SHARE = 0.09
PALE_HAIR = frozenset({"blond", "light blond", "ginger"})

STYLES_FEMININE: dict[HairStyle, float] = {
    "bob": 1.1, "long": 1.5, "wavy": 1.4, "layered": 1.4, "fringe_bob": 0.9, "fringe_long": 1.0, "bun": 1.0,
    "ponytail": 1.0, "braids": 0.6, "pixie": 0.7, "curly": 0.8, "afro": 0.3, "locs": 0.2, "hijab": 0.6,
    "headband": 0.5, "turban": 0.2, "beanie": 0.25, "cap": 0.15, "buzz": 0.05,
}  # fmt: skip
STYLES_MASCULINE: dict[HairStyle, float] = {
    "crop": 2.0, "side_part": 1.8, "quiff": 1.3, "buzz": 0.7, "bald": 0.3, "curly": 0.8, "afro": 0.3, "locs": 0.2,
    "braids": 0.1, "beanie": 0.35, "cap": 0.4, "long": 0.35, "wavy": 0.2, "bun": 0.2, "pixie": 0.6, "turban": 0.2,
    "layered": 0.2, "receding": 0.35,
}  # fmt: skip
STYLES_WITH_DARK_SKIN: dict[HairStyle, float] = {"afro": 0.8, "curly": 0.5, "braids": 0.7, "locs": 0.5, "buzz": 0.3}
STYLES_WITH_AGE: dict[HairStyle, float] = {"receding": 2.6, "bald": 1.0}  # of men, at eighty

# Iris: colour, how common with light and with dark skin. Rendered eyes sit in the lids' shade, so they are bright.
IRISES: tuple[tuple[str, float, float], ...] = (
    ("#623d23", 4.0, 1.5),
    ("#432919", 4.0, 6.0),
    ("#332015", 0.8, 4.0),
    ("#855f33", 1.5, 0.6),
    ("#667849", 1.0, 0.15),
    ("#5f7fa1", 1.2, 0.08),
    ("#7c94a3", 0.8, 0.05),
    ("#4e6f90", 0.6, 0.05),
)

EYE_SHADOWS = ("#78463c", "#5a3c50", "#3c465f", "#8c5f46")
LIPSTICKS = ("#a42a38", "#b55050", "#8f2643", "#bb695f", "#72202e")
LIPSTICK_SHARE = 0.45
FRAMES = ("#141212", "#5a341a", "#967846", "#78141e", "#28325a")
BROW_LIMIT, BROW_FLOOR = "#5e4430", "#120d0b"  # as pale, and as dark, as brows are painted
GUMS_LIGHT, GUMS_DARK = "#b0605f", "#7a4248"
TONGUE = "#b0605c"
