"""Paint of an open mouth, told by patches -> by pixels, since the guide knows what each pixel is."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from llia.head.shape import Bytes, Floats
from llia.portrait.flow import NOTHING, UNSEEN, Channel
from llia.portrait.guide import Guide

COLOURS, SHOWN = 3, 3  # planes of paint, then the one of how much the portrait shows
MATTERS = [Channel.SKIN, Channel.HOLLOW, Channel.GUMS, Channel.TEETH]
LEAST_SHARE, LEAST_PATCHES = 0.04, 3  # of mouth in a patch that counts, and how many of them make an open mouth
EVENNESS = 0.3  # how strongly colours of little that is seen are drawn to the mean
SURER = 5.0  # how much more certain it is by pixels what the portrait shows; in logits


def sharpen_mouth(fine: Floats, told: Guide) -> Floats:
    """What a painter told of a frame, [C*16 S/4 S/4], and the guide that it was given -> the same, sharp in the mouth.

    The painter knows of each patch how much of it is teeth, gums, dark and lips, so its paint there is their mixture.
    Which colour each of these has follows from all patches of the mouth together, by least squares.
    """
    shares = told.channels[MATTERS]
    bitten = shares[2:].sum(0) > LEAST_SHARE  # gums and teeth are nowhere else, what is hollow is also in eyes and neck
    if np.count_nonzero(bitten) < LEAST_PATCHES:
        return fine
    mouth = np.ix_(*(within(bitten.any(axis)) for axis in (1, 0)))
    patches = np.zeros_like(bitten)
    patches[mouth] = shares[1:].sum(0)[mouth] > LEAST_SHARE
    side, times = len(patches), fine.shape[1] // len(patches)
    paint = fine.reshape(-1, (len(told.matter) // fine.shape[1]) ** 2, side, times, side, times)[:COLOURS]
    seen, mixed = shares[:, patches].T, paint.mean((1, 3, 5))[:, patches].T  # n 4, n 3
    mean = mixed.mean(0)
    pull = EVENNESS * np.eye(len(MATTERS), dtype=np.float32)
    colours = mean + np.linalg.solve(seen.T @ seen + pull, seen.T @ (mixed - mean))  # 4 3
    sharp = fine.copy()
    part_pixels(sharp, told.matter, shares, told.channels[Channel.SEEN], patches, colours.astype(np.float32))
    return sharp


def within(marked: NDArray[np.bool_]) -> NDArray[np.int64]:
    """-> places from the first that is marked to the last."""
    places = np.flatnonzero(marked)
    return np.arange(places[0], places[-1] + 1)


@njit(cache=True, nogil=True, fastmath=True)
def part_pixels(fine: Floats, matter: Bytes, shares: Floats, seen: Floats, patches: Bytes, colours: Floats) -> None:
    """Gives each pixel of the patches the colour of its own matter in place of their mixture, in place."""
    step, unfold = len(matter) // len(patches), len(matter) // fine.shape[1]
    for row in range(patches.shape[0]):
        for column in range(patches.shape[1]):
            if not patches[row, column]:
                continue
            for y in range(row * step, (row + 1) * step):
                for x in range(column * step, (column + 1) * step):
                    of, plane = matter[y, x], y % unfold * unfold + x % unfold
                    if of == NOTHING or of % UNSEEN >= len(colours):
                        continue
                    for k in range(COLOURS):
                        change = colours[of % UNSEEN, k]
                        for kind in range(len(colours)):
                            change -= colours[kind, k] * shares[kind, row, column]
                        fine[k * unfold**2 + plane, y // unfold, x // unfold] += change
                    shown = 0.0 if of >= UNSEEN else 1.0
                    fine[SHOWN * unfold**2 + plane, y // unfold, x // unfold] += SURER * (shown - seen[row, column])
