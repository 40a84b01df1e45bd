"""Paint told by patches -> by pixels, since the guide knows what each pixel of the head is."""

from __future__ import annotations

from numba import njit

from llia.head.shape import Bytes, Floats
from llia.portrait.flow import HEAD, MATTERS, NOTHING, SEEN, UNSEEN
from llia.portrait.guide import Guide

COLOURS = 3
EVEN = 1e-3  # shares that differ from none or all by less have nothing to part
SURER = 5.0  # how much more certain it is by pixels what the portrait shows; in logits


def part_matters(fine: Floats, tints: Floats, told: Guide) -> Floats:
    """What a painter told of patches, [C*16 S/4 S/4], the tints of matters, [m*3 s s], and the guide that it was given
    -> the same by pixels: each has the tint of its own matter and not of their mixture."""
    parted = fine.copy()
    part_pixels(parted, tints, told.matter, told.channels[MATTERS], told.channels[HEAD], told.channels[SEEN])
    return parted


@njit(cache=True, nogil=True, fastmath=True)
def part_pixels(fine: Floats, tints: Floats, matter: Bytes, shares: Floats, head: Floats, seen: Floats) -> None:
    """Changes paint and what the portrait shows of each pixel of the head, in place."""
    side, unfold = shares.shape[1], len(matter) // fine.shape[1]
    step, plane_size = len(matter) // side, unfold * unfold
    for row in range(side):
        for column in range(side):
            if head[row, column] == 0:
                continue
            most = 0.0
            for kind in range(len(shares)):
                most = max(most, shares[kind, row, column])
            pure, share = most >= 1 - EVEN, seen[row, column]
            if pure and (share <= EVEN or share >= 1 - EVEN):
                continue
            for y in range(row * step, (row + 1) * step):
                for x in range(column * step, (column + 1) * step):
                    of, plane = matter[y, x], y % unfold * unfold + x % unfold
                    if of == NOTHING:
                        continue
                    for k in range(COLOURS):
                        change = tints[of % UNSEEN * COLOURS + k, row, column]
                        for kind in range(len(shares)):
                            change -= tints[kind * COLOURS + k, row, column] * shares[kind, row, column]
                        fine[k * plane_size + plane, y // unfold, x // unfold] += change
                    shown = 0.0 if of >= UNSEEN else 1.0
                    fine[COLOURS * plane_size + plane, y // unfold, x // unfold] += SURER * (shown - share)
