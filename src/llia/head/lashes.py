"""A head at rest -> how far outwards each vertex of its lashes lies."""

from __future__ import annotations

import numpy as np

from llia.head.shape import Floats, Material, RestHead, load_head

ROOT, TIP = 8, 97  # percentiles of the distance from the eye's centre


def lash_reach(rest: RestHead) -> Floats:
    """-> 0 at a lash's root, 1 at its tip; 0 for all that is not a lash, [V]."""
    of_lash = load_head().part == Material.LASH
    reach = np.zeros(len(rest.vertices), np.float32)
    for side, centre in enumerate(rest.eye_centres):
        mine = of_lash & ((rest.vertices[:, 0] > 0) == (side == 0))
        radius = np.linalg.norm(rest.vertices[mine] - centre, axis=1)
        root, tip = np.percentile(radius, (ROOT, TIP))
        reach[mine] = np.clip((radius - root) / (tip - root), 0, 1)
    return reach
