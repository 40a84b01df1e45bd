"""Places behind a person, painted sharp: a room, shelves, leaves, a city; background.py blurs them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from llia.world.backdrop.canvas import box, ellipse, fill, soften
from llia.world.colour import kindred, linear, mix, near
from llia.world.people.person import Background

Floats = NDArray[np.float32]
Random = np.random.Generator

WOODS = ("#6b4a2f", "#8a6844", "#4a3526", "#b59a78", "#d8d2c8", "#39322e")
SPINES = ("#7c2f2c", "#2f4a63", "#d9cdb4", "#3c5a44", "#b7843a", "#2b2a2e", "#8c8f94", "#5a3a55", "#c9b79a", "#40606a")
LEAVES = ("#3f5a2a", "#587a35", "#2c4425", "#7f9a4a", "#93a45c", "#4b6b4a")
SKY_DAY, SKY_DUSK, SKY_NIGHT = "#c8dcec", "#e0a889", "#141c30"
LAMPS = ("#ffd9a0", "#ffc27a", "#fff0d8", "#a8d0ff", "#ff8a6a", "#ffe0b8")
BOOKS_AT_MOST = 90  # on one board
WHITE = np.ones(3, np.float32)


def fade(size_px: int, top: Floats, bottom: Floats) -> Floats:
    """Two colours -> a picture that runs from the one above to the other below."""
    share = ((np.arange(size_px, dtype=np.float32) + 0.5) / size_px)[:, None, None]
    column = (top * (1 - share) + bottom * share).astype(np.float32)
    return np.repeat(column, size_px, axis=1)


def light_sideways(image: Floats, x: float, strength: float) -> None:
    """The picture brightened towards a light at x, as a window or a lamp does to its wall."""
    along = (np.arange(image.shape[1], dtype=np.float32) + 0.5) / image.shape[1]
    image *= (1 + strength * (np.exp(-(((along - x) / 0.45) ** 2)) - 0.5))[None, :, None].astype(np.float32)


def paint_room(background: Background, rng: Random, size_px: int) -> Floats:
    """A wall with a window, pictures, a lamp, a plant and blocks of furniture, as cluttered as asked."""
    wall, other = linear(background.colour), linear(background.second_colour)
    image = fade(size_px, wall * 1.05, wall * 0.8)
    floor = rng.uniform(0.8, 1.02)
    window_x = rng.choice((rng.uniform(-0.05, 0.25), rng.uniform(0.75, 1.05)))
    light_sideways(image, window_x, rng.uniform(0.2, 0.6))
    if rng.random() < 0.35:  # the corner of the room
        corner = rng.uniform(0.1, 0.9)
        image[:, round(corner * size_px) :] *= np.float32(rng.uniform(0.7, 0.9))
    box(image, 0, floor, 1, 1, near(WOODS[rng.integers(len(WOODS))], rng, hue=0.05, light=0.03, chroma=0.01))
    box(image, 0, floor - 0.02, 1, floor, mix(wall, WHITE, 0.4))
    if rng.random() < 0.3 + 0.6 * background.clutter:
        paint_window(image, rng, window_x)
    for _ in range(round(1 + 3 * background.clutter)):
        paint_frame(image, rng)
    for _ in range(round(4 * background.clutter + rng.uniform(0, 1))):
        paint_furniture(image, rng, floor, other)
    if rng.random() < background.clutter:
        paint_plant(image, rng, floor)
    if rng.random() < 0.5 * background.clutter:
        paint_lamp(image, rng, floor)
    return image


def paint_window(image: Floats, rng: Random, x: float) -> None:
    """A bright pane with bars, something outside, and perhaps curtains."""
    width, top, bottom = rng.uniform(0.16, 0.3), rng.uniform(-0.1, 0.15), rng.uniform(0.45, 0.7)
    left, right = x - width / 2, x + width / 2
    frame = mix(linear(WOODS[rng.integers(len(WOODS))]), WHITE, rng.uniform(0.3, 0.9))
    box(image, left - 0.02, top - 0.02, right + 0.02, bottom + 0.02, frame)
    sky = linear(SKY_DAY) * rng.uniform(0.8, 1.2)
    box(image, left, top, right, bottom, sky)
    for _ in range(rng.integers(2, 7)):  # outside
        low = rng.uniform(0.4, 1) * (bottom - top) + top
        middle = rng.uniform(left, right)
        outside = near(LEAVES[rng.integers(len(LEAVES))], rng, hue=0.2, light=0.05, chroma=0.02) * 1.3
        box(image, max(left, middle - 0.05), low, min(right, middle + 0.05), bottom, outside)
    for share in (0.5,) if rng.random() < 0.5 else (0.33, 0.67):
        middle = left + share * (right - left)
        box(image, middle - 0.006, top, middle + 0.006, bottom, frame)
    box(image, left, (top + bottom) / 2 - 0.006, right, (top + bottom) / 2 + 0.006, frame)
    if rng.random() < 0.5:
        cloth = near(WOODS[3], rng, hue=2.0, light=0.1, chroma=0.04)
        for side in (left, right):
            for fold in range(5):
                start = side + (fold - 2.5) * 0.018
                box(image, start, top - 0.05, start + 0.018, min(bottom + 0.3, 1), cloth * (0.75 + 0.25 * (fold % 2)))


def paint_frame(image: Floats, rng: Random) -> None:
    """A picture on the wall."""
    x, y = rng.uniform(0, 1), rng.uniform(0.05, 0.45)
    width, height = rng.uniform(0.05, 0.14), rng.uniform(0.05, 0.14)
    box(image, x - width, y - height, x + width, y + height, linear(WOODS[rng.integers(len(WOODS))]) * 0.8)
    inner = near(SPINES[rng.integers(len(SPINES))], rng, hue=0.4, light=0.1, chroma=0.03)
    box(image, x - width * 0.86, y - height * 0.86, x + width * 0.86, y + height * 0.86, mix(inner, WHITE, 0.5))
    box(image, x - width * 0.6, y - height * 0.6, x + width * 0.6, y + height * 0.6, inner)
    ellipse(image, x, y + height * 0.2, (width * 0.3, height * 0.35), 0, inner * 0.5)


def paint_furniture(image: Floats, rng: Random, floor: float, colour: Floats) -> None:
    """A cabinet, a sofa or a door: a block with a lighter top and a few lines."""
    wood = linear(WOODS[rng.integers(len(WOODS))])
    body = mix(wood, colour, rng.uniform(0, 0.6)) * rng.uniform(0.6, 1.1)
    width, height = rng.uniform(0.12, 0.4), rng.choice((rng.uniform(0.15, 0.4), rng.uniform(0.6, 0.85)))
    x = rng.uniform(-0.1, 1.1)
    left, right, top = x - width / 2, x + width / 2, floor - height
    box(image, left, top, right, floor + 0.03, body)
    box(image, left - 0.008, top, right + 0.008, top + 0.018, mix(body, WHITE, 0.25))
    rows, columns = rng.integers(1, 4), rng.integers(1, 4)
    for row in range(rows):
        for column in range(columns):
            a = left + (column + 0.08) / columns * width
            b = top + 0.03 + (row + 0.08) / rows * (height - 0.03)
            right_edge, low_edge = a + 0.84 / columns * width, b + 0.84 / rows * (height - 0.03)
            box(image, a, b, right_edge, low_edge, body * rng.uniform(0.78, 1.0))
    for _ in range(rng.integers(0, 4)):  # things on top
        at, wide, high = rng.uniform(left, right), rng.uniform(0.01, 0.04), rng.uniform(0.03, 0.12)
        thing = near(SPINES[rng.integers(len(SPINES))], rng, hue=0.3, light=0.08, chroma=0.03)
        if rng.random() < 0.5:
            box(image, at - wide, top - high, at + wide, top, thing)
        else:
            ellipse(image, at, top - high / 2, (wide, high / 2), 0, thing)


def paint_plant(image: Floats, rng: Random, floor: float) -> None:
    """A pot with long leaves."""
    x, y = rng.uniform(0, 1), floor - rng.uniform(0.02, 0.3)
    fill(image, [(x - 0.06, y), (x + 0.06, y), (x + 0.045, y + 0.12), (x - 0.045, y + 0.12)], linear("#a0684a"))
    for _ in range(26):
        angle, length = rng.uniform(-2.7, -0.45), rng.uniform(0.08, 0.3)
        tip = np.array((x + np.cos(angle) * length, y + np.sin(angle) * length))
        middle = (np.array((x, y)) + tip) / 2
        side = rng.uniform(0.008, 0.022) * np.array((-np.sin(angle), np.cos(angle)))
        leaf = near(LEAVES[rng.integers(len(LEAVES))], rng, hue=0.1, light=0.06, chroma=0.02)
        fill(image, [(x, y), middle + side, tip, middle - side], leaf)


def paint_lamp(image: Floats, rng: Random, floor: float) -> None:
    """A standing lamp that is on, with its glow."""
    x, y = rng.uniform(0, 1), rng.uniform(0.12, 0.4)
    glow = np.zeros_like(image)
    ellipse(glow, x, y, (0.09, 0.09), 0, linear(LAMPS[0]) * 1.2)
    image += soften(glow, 0.09)
    box(image, x - 0.006, y, x + 0.006, floor, linear(WOODS[5]))
    shade = [(x - 0.05, y - 0.05), (x + 0.05, y - 0.05), (x + 0.08, y + 0.06), (x - 0.08, y + 0.06)]
    fill(image, shade, linear(LAMPS[2]))


def paint_shelves(background: Background, rng: Random, size_px: int) -> Floats:
    """Boards full of books, with gaps and a few ornaments; clutter fills them."""
    back = mix(linear(background.second_colour), linear(WOODS[2]), 0.5) * 0.5
    image = fade(size_px, back * 1.2, back * 0.8)
    board = near(WOODS[rng.integers(len(WOODS))], rng, hue=0.05, light=0.04, chroma=0.01)
    rows = rng.integers(3, 7)
    offset, cell = rng.uniform(-0.15, 0.05), 1.15 / rows
    uprights = np.sort(rng.uniform(0, 1, rng.integers(1, 3)))
    tint = linear(background.colour)
    for row in range(rows + 1):
        bottom = offset + (row + 1) * cell
        fill_shelf(image, rng, bottom, cell, 0.35 + 0.6 * background.clutter, tint)
        box(image, 0, bottom, 1, bottom + 0.022, board)
        box(image, 0, bottom + 0.022, 1, bottom + 0.04, back * 0.35)
    for x in uprights:
        box(image, x - 0.014, 0, x + 0.014, 1, board * 0.85)
    light_sideways(image, rng.uniform(0, 1), rng.uniform(0.2, 0.7))
    return image


def fill_shelf(image: Floats, rng: Random, bottom: float, cell: float, fullness: float, tint: Floats) -> None:
    """Books side by side on one board, in runs of similar height, now and then a gap or a vase."""
    spines = kindred(SPINES, BOOKS_AT_MOST, rng, hue=0.15, light=0.05, chroma=0.02) * 0.75 + 0.25 * tint
    widths, heights = rng.uniform(0.012, 0.034, BOOKS_AT_MOST), rng.uniform(0.85, 1, BOOKS_AT_MOST)
    bands = rng.uniform(0.6, 0.9, BOOKS_AT_MOST)
    x, book, left_in_run, run_height = rng.uniform(-0.05, 0.02), 0, 0, 0.0
    while x < 1 and book < BOOKS_AT_MOST:
        if left_in_run == 0:
            left_in_run, run_height = int(rng.integers(3, 9)), cell * rng.uniform(0.55, 0.82)
            while rng.random() > fullness and x < 1:
                x += paint_gap(image, rng, (x, bottom), cell)
        spine, width, height = spines[book], widths[book], run_height * heights[book]
        box(image, x, bottom - height, x + width, bottom, spine * 0.8)
        box(image, x + width * 0.8, bottom - height, x + width, bottom, spine * 0.45)
        band = bottom - height * bands[book]
        box(image, x + width * 0.12, band, x + width * 0.7, band + 0.008, spine * 0.5 + 0.3)
        x, book, left_in_run = x + width, book + 1, left_in_run - 1


def paint_gap(image: Floats, rng: Random, place: tuple[float, float], cell: float) -> float:
    """A gap on a board at x, bottom, often with a vase in it -> how wide it is."""
    gap = rng.uniform(0.03, 0.14)
    if rng.random() < 0.45:
        thing = near(SPINES[rng.integers(len(SPINES))], rng, hue=0.5, light=0.08, chroma=0.04)
        high = cell * rng.uniform(0.25, 0.6)
        ellipse(image, place[0] + gap / 2, place[1] - high / 2, (gap * 0.35, high / 2), 0, thing)
    return gap


def paint_foliage(background: Background, rng: Random, size_px: int) -> Floats:
    """Leaves from dark and far to light and near, with gaps of sky that shine through."""
    sky = mix(linear(SKY_DAY), linear(background.colour), 0.4)
    shade = mix(linear(LEAVES[2]), linear(background.second_colour), 0.35) * 0.6
    image = fade(size_px, mix(shade, sky, rng.uniform(0, 0.5)), shade * 0.7)
    autumn = abs(rng.normal(0, 0.2))
    count = round(160 + 200 * background.clutter)
    depth = np.linspace(0, 1, count)
    places = rng.uniform(-0.05, 1.05, (count, 2))
    sizes = rng.uniform(0.025, 0.065, count) * (1.7 - 0.8 * depth)
    slimness, turns = rng.uniform(0.3, 0.55, count), rng.normal(rng.uniform(0, np.pi), 0.7, count)
    lit = 0.5 * np.exp(-(((places[:, 0] - rng.uniform(0, 1)) / 0.4) ** 2))
    leaves = kindred(LEAVES, count, rng, hue=0.06 + autumn, light=0.03, chroma=0.01)
    leaves = 0.85 * leaves + 0.15 * linear(background.colour)
    leaves *= (0.25 + 0.5 * depth + lit)[:, None].astype(np.float32)
    for place, size, slim, turn, leaf in zip(places, sizes, slimness, turns, leaves, strict=True):
        ellipse(image, place[0], place[1], (size, size * slim), turn, leaf)
    spots = np.zeros_like(image)
    for _ in range(rng.integers(4, 22)):
        radius = rng.uniform(0.006, 0.02)
        x, y = rng.uniform(0, 1, 2) * (1, 0.7)
        ellipse(spots, x, y, (radius, radius), 0, sky * rng.uniform(0.2, 0.6))
    image += spots
    return image


def paint_city(background: Background, rng: Random, size_px: int) -> Floats:
    """Houses with windows by day or night, and lights out of focus before them."""
    night = rng.random() < 0.6
    high = linear(SKY_NIGHT) if night else mix(linear(SKY_DAY), linear(background.colour), 0.3)
    low = mix(high, linear(SKY_DUSK), rng.uniform(0.1, 0.5)) if night else mix(high, WHITE, 0.4)
    image = fade(size_px, high * 1.2, low)
    for depth in (0.0, 0.5, 1.0):
        x = rng.uniform(-0.2, 0)
        while x < 1:
            width, top = rng.uniform(0.1, 0.28), rng.uniform(0.02, 0.5) + 0.12 * depth
            if rng.random() < 0.75 - 0.35 * depth + 0.4 * background.clutter * depth:
                paint_house(image, rng, (x, top, x + width), background.second_colour, night=night)
            x += width * rng.uniform(0.7, 1.3)
    lights = np.zeros_like(image)
    for _ in range(round((10 + 40 * background.clutter) * (1 if night else 0.25))):
        radius = rng.uniform(0.008, 0.012 + 0.03 * background.blur)
        lamp = linear(LAMPS[rng.integers(len(LAMPS))]) * rng.uniform(0.15, 0.65)
        ellipse(lights, rng.uniform(0, 1), rng.uniform(0.15, 0.95), (radius, radius), 0, lamp)
    image += lights
    return image


def paint_house(image: Floats, rng: Random, edges: tuple[float, float, float], colour: str, *, night: bool) -> None:
    """A block from left, top to right, with rows of windows of which some are lit."""
    left, top, right = edges
    wall = near(colour, rng, hue=0.3, light=0.07, chroma=0.02) * (0.16 if night else 0.8)
    box(image, left, top, right, 1, wall)
    box(image, left, top, left + 0.15 * (right - left), 1, wall * 0.7)
    columns, step = rng.integers(2, 6), rng.uniform(0.045, 0.08)
    wide = (right - left) / (columns + 0.5)
    glass = wall * 0.6 if night else mix(wall, linear(SKY_DAY), 0.5)
    lit = rng.uniform(0.2, 0.6) if night else 0.05
    for y in np.arange(top + 0.03, 1, step):
        for column in range(columns):
            a = left + (column + 0.4) * wide
            pane = linear(LAMPS[rng.integers(3)]) * rng.uniform(0.2, 0.6) if rng.random() < lit else glass
            box(image, a, y, a + 0.6 * wide, y + 0.6 * step, pane)
