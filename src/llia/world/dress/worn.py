"""A person and their head at rest -> glasses and earrings, added to a mesh."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from llia.head.shape import Material, RestHead, load_head
from llia.world.form.mesh import Floats, Matter, Mesh, add_ball, add_tube, smooth_line
from llia.world.people.person import Glasses, GlassesShape, Person

BRIDGE, TEMPLES = 27, (0, 16)  # landmarks: root of the nose; beside each ear
ROUNDNESS: dict[GlassesShape, float] = {"none": 2.0, "round": 2.0, "square": 4.0, "cat": 2.8}
LENS_OUT = 0.25  # cm that a lens's middle lies outwards of the eye's
LENS_DOWN = 0.25
SKIN_GAP = 0.25
WRAP = 0.0275  # cm that the frame curves back per squared cm from where it starts to
NOSE_REACH = (0.3, 2.0)  # cm that the frame stands before the root of the nose
RIM_POINTS = 33


def wear(mesh: Mesh, person: Person, rest: RestHead, rng: np.random.Generator) -> None:
    """Adds what the person wears on face and ears."""
    if person.glasses.shape != "none":
        add_glasses(mesh, person.glasses, rest)
    if person.clothes.earring != "none":
        add_earrings(mesh, rest, person.clothes.earring == "hoop", float(rng.uniform(0.8, 1.35)))


def add_glasses(mesh: Mesh, glasses: Glasses, rest: RestHead) -> None:
    """Two rims, a bridge, two temples; the frame stands off cheeks and brows."""
    head = load_head()
    marks = rest.vertices[head.landmarks]
    eyes = {side: rest.vertices[head.eye == which].mean(0) for side, which in ((1, 1), (-1, 2))}
    middle_y = (eyes[1][1] + eyes[-1][1]) / 2 - LENS_DOWN
    reach = (abs(eyes[1][0]) + abs(eyes[-1][0])) / 2 + LENS_OUT
    front = stand_off(glasses, rest, reach, float(middle_y))
    sizes = np.linspace(0, 2 * np.pi, RIM_POINTS)
    power = 2 / ROUNDNESS[glasses.shape]
    x = np.sign(np.cos(sizes)) * np.abs(np.cos(sizes)) ** power * glasses.width
    y = np.sign(np.sin(sizes)) * np.abs(np.sin(sizes)) ** power * glasses.height
    for side, landmark in zip((-1, 1), TEMPLES, strict=True):
        lift = 0.32 * np.maximum(0, side * x) * (y > 0) if glasses.shape == "cat" else 0 * x
        across = side * reach + x
        rim = np.stack([across, middle_y + y + lift, front - curve_back(across)], 1)
        bar(mesh, rim, glasses.thickness)
        hinge = rim[np.argmax(side * rim[:, 0])]
        ear = np.array([side * (abs(marks[landmark][0]) + 0.35), middle_y + 0.1, -0.5])
        out = np.array([side * 0.7, 0.3, 0])
        temple = smooth_line([hinge, hinge + np.array([side * 0.55, 0.2, -1.5]), (hinge + ear) / 2 + out, ear], 14)
        bar(mesh, temple, glasses.thickness * 0.8)
    inner = reach - glasses.width + 0.02
    bridge = [(-inner, middle_y + 0.3, front), (0, middle_y + 0.75, front + 0.35), (inner, middle_y + 0.3, front)]
    bar(mesh, smooth_line(bridge, 10), glasses.thickness)


def curve_back(x: NDArray[np.floating]) -> NDArray[np.floating]:
    """-> how far a frame bends back at x."""
    return np.asarray(WRAP * (np.abs(x) - 2) ** 2)


def stand_off(glasses: Glasses, rest: RestHead, reach: float, middle_y: float) -> float:
    """-> z of the frame's front: clear of the skin behind its rims, and not far from the nose."""
    head = load_head()
    skin = rest.vertices[head.part == Material.FACE]
    x, y, z = skin.T
    across, up = (np.abs(x) - reach) / (glasses.width + 0.15), (y - middle_y) / (glasses.height + 0.15)
    behind = (np.hypot(across, up) > 0.75) & (np.hypot(across, up) < 1.1) & (z > 0)
    bridge_z = float(rest.vertices[head.landmarks[BRIDGE], 2])
    needed = float((z + curve_back(x))[behind].max()) + SKIN_GAP
    return float(np.clip(needed, bridge_z + NOSE_REACH[0], bridge_z + NOSE_REACH[1]))


def bar(mesh: Mesh, line: NDArray[np.floating], radius: float) -> None:
    """A piece of the frame."""
    add_tube(mesh, Matter.GLASS, line, radius, follow=1.0, sides=6)


def add_earrings(mesh: Mesh, rest: RestHead, hoop: bool, size: float) -> None:
    """A stud or a hoop on each lobe."""
    head = load_head()
    mean = head.mean
    for side in (-1, 1):
        ear = (side * mean[:, 0] > 7.2) & (np.abs(mean[:, 2] - 0.25) < 2.75) & (mean[:, 1] < 0)
        shell = rest.vertices[ear & (head.part == Material.FACE)]
        lobe: Floats = shell[np.argmin(shell[:, 1])]
        if hoop:
            turn = np.linspace(0, 2 * np.pi, 23)
            away, down, ahead = np.full(23, side * 0.15), 1.15 * size * np.cos(turn) - size, 1.15 * size * np.sin(turn)
            add_tube(mesh, Matter.METAL, lobe + np.stack([away, down, ahead + 0.1], 1), 0.13, follow=1.0)
        else:
            centre = lobe + np.array([side * 0.25, 0.35, 0.2])
            add_ball(mesh, Matter.METAL, centre, 0.34 * size, follow=1.0, aux=(0, 0, 0, 0), columns=10, rows=6)
