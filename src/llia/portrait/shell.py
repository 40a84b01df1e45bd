"""A head at rest -> what the mesh lacks: a wall behind the mouth, a shell for the hair, shoulders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from llia.head.shape import Floats, Ints, Material, RestHead, load_head

SKULL_CENTRE = np.array([0.0, 4.5, 0.0], np.float32)  # cm, in the mean head
NUM_ROUND, NUM_UP = 28, 14
LOWEST, HIGHEST = -1.1, 1.5  # radians of elevation about the skull's centre: from the neck to just off the crown
CONE = 0.93  # cosine within which a vertex counts for a direction
SPARSE = 3  # every so many of the skull's vertices are enough
HAIR_CM = 2.0  # thickness of the shell over the skull
RADIUS_LIMIT_CM = 13.0  # of the neck's lower end no shell is made

# The hollow of the mouth is open at its back: a wall stands there, cm.
THROAT = np.array([(-3.2, -6.0, 2.5), (3.2, -6.0, 2.5), (3.2, -0.6, 2.5), (-3.2, -0.6, 2.5)], np.float32)
THROAT_TRIANGLES = np.array([(0, 1, 2), (0, 2, 3)], np.int32)

# Shoulders: half widths in cm, and along x the height of their upper edge and how far they come forward.
ACROSS = np.linspace(-26, 26, 27)
SHOULDER_X = (0.0, 6.0, 9.0, 15.0, 20.0, 26.0)
SHOULDER_TOP_Y = (-11.0, -11.5, -13.0, -16.0, -18.5, -27.0)
SHOULDER_Z = (-1.0, -2.0, -3.0, -3.5, -4.0, -5.0)
DOWN_CM = (0.0, 2.0, 5.0, 10.0, 18.0, 30.0)  # rows below the upper edge
FORWARD_CM = (0.0, 2.5, 4.5, 6.0, 7.0, 7.0)  # and how much further to the front each stands


@dataclass(frozen=True)
class Surround:
    """The surfaces about one person's head, their triangles numbered from zero."""

    vertices: Floats  # n 3, at rest
    follow: Floats  # n
    triangles: Ints  # N 3, the shell's first
    num_shell: int  # triangles of the shell


def surround(rest: RestHead) -> Surround:
    """A person's head at rest -> shell and shoulders."""
    shell, shoulders = hair_shell(rest), shoulder_rows()
    vertices = np.concatenate([shell.reshape(-1, 3), shoulders.reshape(-1, 3)])
    num_shell = shell.shape[0] * shell.shape[1]
    follow = np.zeros(len(vertices), np.float32)
    follow[:num_shell] = 1
    triangles = [grid_triangles(*shell.shape[:2]), grid_triangles(*shoulders.shape[:2]) + num_shell]
    return Surround(vertices.astype(np.float32), follow, np.concatenate(triangles).astype(np.int32), len(triangles[0]))


def hair_shell(rest: RestHead) -> Floats:
    """-> the skull's outline pushed outwards, rows from below to above, closed about the head, [up round 3]."""
    part = load_head().part
    skull = rest.vertices[(part == Material.FACE) | (part == Material.SCALP)][::SPARSE] - SKULL_CENTRE
    distance = np.linalg.norm(skull, axis=1)
    elevation = np.linspace(LOWEST, HIGHEST, NUM_UP)[:, None]
    azimuth = np.linspace(0, 2 * np.pi, NUM_ROUND)[None]
    flat = np.cos(elevation)
    height = np.broadcast_to(np.sin(elevation), (NUM_UP, NUM_ROUND))
    directions = np.stack([flat * np.sin(azimuth), height, flat * np.cos(azimuth)], -1)
    near = directions.reshape(-1, 3).astype(np.float32) @ (skull / distance[:, None]).T > CONE  # rays vertices
    along = np.where(near, np.minimum(distance, RADIUS_LIMIT_CM), 0).max(1).reshape(NUM_UP, NUM_ROUND, 1)
    return np.asarray(SKULL_CENTRE + directions * (along + HAIR_CM), np.float32)


def shoulder_rows() -> Floats:
    """-> rows of the shoulders and the chest from above to below, [rows columns 3]."""
    top = np.interp(np.abs(ACROSS), SHOULDER_X, SHOULDER_TOP_Y)
    front = np.interp(np.abs(ACROSS), SHOULDER_X, SHOULDER_Z)
    rows = [
        np.stack([ACROSS, top - down, front + forward], -1) for down, forward in zip(DOWN_CM, FORWARD_CM, strict=True)
    ]
    return np.stack(rows).astype(np.float32)


def grid_triangles(num_rows: int, num_columns: int) -> Ints:
    """-> the triangles of a grid of vertices."""
    corner = np.arange(num_rows * num_columns).reshape(num_rows, num_columns)
    a, b, c, d = corner[:-1, :-1], corner[:-1, 1:], corner[1:, :-1], corner[1:, 1:]
    return np.stack([np.stack([a, b, c], -1), np.stack([b, d, c], -1)], -2).reshape(-1, 3).astype(np.int32)
