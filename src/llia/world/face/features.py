"""A person -> their head at rest: identity, then age, a neck that fits the clothes, a beard's body, uneven teeth."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from llia.head.shape import Material, RestHead, ease, load_head, rest_head, vertex_normals
from llia.world.chance import stream
from llia.world.face.slackness import slacken
from llia.world.face.whiskers import grows
from llia.world.form.section import section
from llia.world.people.person import Beard, HairStyle, Person, Teeth

Floats = NDArray[np.float32]

# The neck, below and behind these, is drawn in to stay inside the clothes; a share of the section, by height.
TUCK_FROM_Y, TUCK_BEHIND_Z, TUCK_ALL_BELOW_Y, TUCK_FULL_Y = -8.2, 4.5, -10.5, -9.8
TUCK_HEIGHTS, TUCK_SHARES, TUCK_MARGIN = (-12.0, -9.5), (0.90, 1.06), 0.3
SLIM_TOP_Y, SLIM_SIDE_Z, SLIM_HEIGHTS = -8.9, 2.5, (-12.2, -8.8)
SLIM_GROWTH, SLIMMEST = 1.02, 0.8

EAR_X, EAR_BOTTOM_Y, EAR_TOP_Y = 7.5, -5.0, 6.5
PRESSED_X, PRESSED_SHARE = 7.45, 0.15  # ears under a cover lie flat
FLATTENING: frozenset[HairStyle] = frozenset({"hijab"})

BEARD_BODY_FROM, BEARD_BODY_CM = 0.6, 0.38  # density, and how far a full beard stands out
LIP_X, LIP_Y, LIP_HEIGHT, LIP_FRONT_Z = 2.7, -3.4, 0.95, 9.2  # no beard on the lips

LEAST_TOOTH = 10  # vertices; smaller pieces belong to the tooth beside them
UPPER_TEETH_Y, FRONT_TOOTH_X, SECOND_TOOTH_X = -3.0, 0.5, 1.2
TOOTH_TURN, TOOTH_TILT = 0.16, 0.07  # radians of a standard deviation, for the most uneven teeth
TOOTH_SHIFT = np.array([0.012, 0.05, 0.05])  # cm, likewise
LOWER_UNEVENNESS = 1.35
GAP_CM, GAP_NARROWING = 0.055, 0.05


def shape_head(person: Person) -> RestHead:
    """-> the person's own head at rest; eyes stay where identity put them."""
    rest = rest_head(np.array(person.identity))
    vertices = rest.vertices.copy()
    slacken(vertices, person.skin.age, person.seed)
    tuck_neck(vertices, person.clothes.shoulders)
    if person.hair.style in FLATTENING:
        press_ears(vertices)
    push_beard(vertices, person.beard)
    unsettle_teeth(vertices, person.teeth, person.seed)
    return replace(rest, vertices=vertices)


def tuck_neck(vertices: Floats, shoulders: float) -> None:
    """Draws the neck in where it would stand out of the section that clothes are laid on."""
    head = load_head()
    height, depth = head.mean[:, 1], head.mean[:, 2]
    behind = (depth < TUCK_BEHIND_Z) | (height < TUCK_ALL_BELOW_Y)
    neck = np.flatnonzero((head.part <= Material.SCALP) & (height < TUCK_FROM_Y) & behind)
    half_width, half_depth, middle = section(vertices[neck, 1], shoulders)
    x, z = vertices[neck, 0], vertices[neck, 2] - middle
    reach = np.hypot(x / (half_width - TUCK_MARGIN), z / (half_depth - TUCK_MARGIN))
    limit = np.interp(vertices[neck, 1], TUCK_HEIGHTS, TUCK_SHARES)
    # A slim neck widens evenly from its top: clipped at the section alone it would keep a knob on either side.
    top = (head.mean[neck, 1] > SLIM_TOP_Y) & (np.abs(z) < SLIM_SIDE_Z)
    slim = max(float(reach[top].max(initial=0.0)) * SLIM_GROWTH, SLIMMEST)
    limit = np.minimum(limit, np.interp(vertices[neck, 1], SLIM_HEIGHTS, (TUCK_SHARES[0], slim)))
    shrink = np.minimum(limit / np.maximum(reach, 1e-6), 1)
    shrink = 1 + (shrink - 1) * ease(TUCK_FROM_Y, TUCK_FULL_Y, vertices[neck, 1])
    vertices[neck, 0], vertices[neck, 2] = x * shrink, z * shrink + middle


def press_ears(vertices: Floats) -> None:
    """Lays the ears flat, as a tight cover does."""
    head = load_head()
    x, y, _ = head.mean.T
    ears = (np.abs(x) > EAR_X) & (y > EAR_BOTTOM_Y) & (y < EAR_TOP_Y) & (head.part <= Material.SCALP)
    own = vertices[ears, 0]
    vertices[ears, 0] = np.sign(own) * (PRESSED_X + (np.abs(own) - PRESSED_X) * PRESSED_SHARE)


def push_beard(vertices: Floats, beard: Beard) -> None:
    """Gives a dense beard its body: the skin it grows on moves outwards."""
    if beard.style == "none" or beard.density <= BEARD_BODY_FROM:
        return
    head = load_head()
    x, y, z = head.mean.T
    lips = np.exp(-((x / LIP_X) ** 4)) * np.exp(-(((y - LIP_Y) / LIP_HEIGHT) ** 4)) * (z > LIP_FRONT_Z)
    amount = grows(head.mean, beard.style) * (head.part <= Material.SCALP) * (1 - lips)
    normals = np.empty_like(vertices)
    vertex_normals(vertices, head.triangles, normals)
    vertices += normals * (amount * BEARD_BODY_CM).astype(np.float32)[:, None]


@cache
def find_teeth() -> tuple[NDArray[np.int64], ...]:
    """-> the vertices of each tooth, upper ones first, from the person's right to their left."""
    head = load_head()
    triangles = head.triangles[head.material == Material.TEETH]
    vertices = np.unique(triangles)
    corners = np.searchsorted(vertices, triangles)
    edges = (np.ones(corners.size), (corners.ravel(), np.roll(corners, 1, 1).ravel()))
    _, label = connected_components(coo_array(edges, (len(vertices), len(vertices))), directed=False)
    pieces = [vertices[label == number] for number in np.unique(label)]
    teeth = [piece for piece in pieces if len(piece) >= LEAST_TOOTH]
    middles = np.array([head.mean[tooth].mean(0) for tooth in teeth])
    for piece in pieces:
        if len(piece) < LEAST_TOOTH:
            nearest = int(np.linalg.norm(middles - head.mean[piece].mean(0), axis=1).argmin())
            teeth[nearest] = np.concatenate([teeth[nearest], piece])
    order = np.lexsort([middles[:, 0], middles[:, 1] < UPPER_TEETH_Y])
    return tuple(teeth[number].astype(np.int64) for number in order)


def unsettle_teeth(vertices: Floats, teeth: Teeth, seed: int) -> None:
    """Turns and shifts each tooth a little, and opens the gap between the front two."""
    rng = stream(seed, "teeth")
    head = load_head()
    for tooth in find_teeth():
        turn, tilt = rng.normal(0, (TOOTH_TURN, TOOTH_TILT)) * teeth.uneven
        shift = rng.normal(0, TOOTH_SHIFT) * teeth.uneven
        usual = head.mean[tooth].mean(0)
        if usual[1] < UPPER_TEETH_Y:
            turn, tilt = turn * LOWER_UNEVENNESS, tilt * LOWER_UNEVENNESS
        own = vertices[tooth].astype(np.float64)
        middle = own.mean(0)
        x, y, z = (own - middle).T
        x, z = x + turn * z, z - turn * x  # small angles
        x, y = x - tilt * y, y + tilt * x
        if teeth.gap > 0 and usual[1] > UPPER_TEETH_Y and abs(usual[0]) < SECOND_TOOTH_X:
            front = abs(usual[0]) < FRONT_TOOTH_X
            shift[0] += np.sign(usual[0]) * GAP_CM * teeth.gap * (1.0 if front else 0.6)
            x = x * (1 - GAP_NARROWING * teeth.gap)
        vertices[tooth] = np.stack([x, y, z], 1) + middle + shift
