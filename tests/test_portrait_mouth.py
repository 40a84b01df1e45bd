"""Patches of paint that mix teeth, gums and lips become pixels of each, where the guide says they are."""

from __future__ import annotations

import numpy as np
import pytest

from llia.head.likeness import Crop
from llia.head.motion import rest
from llia.portrait.edit import set_named
from llia.portrait.flow import NOTHING, UNSEEN, Channel
from llia.portrait.guide import Guide, guide, prepare
from llia.portrait.mouth import sharpen_mouth
from llia.portrait.paint import UNFOLD, refine
from standins import fold, somebody

SIZE_PX = 256
COLOURS = np.array([[0.4, 0.1, 0.0], [-0.9, -0.9, -0.9], [0.2, -0.5, -0.4], [0.9, 0.9, 0.8]])  # skin, dark, gums, teeth


def told(size_px: int, **values: float) -> Guide:
    """-> the guide of somebody's mouth, its channels as fine as a painter of 256 px has them."""
    portrait = somebody(Crop(128, 128, 256), rest(), half_height=8.0)
    return guide(prepare(portrait, size_px, SIZE_PX // UNFOLD), set_named(rest(), values))


def mixed(of: Guide) -> np.ndarray:
    """-> what a painter tells that knows every colour but no pixel: each patch is even."""
    shares = of.channels[Channel.SKIN : Channel.TEETH + 1]
    even = np.tensordot(COLOURS.T, shares, 1).repeat(UNFOLD, 1).repeat(UNFOLD, 2)
    planes = np.concatenate([even, np.zeros((2, SIZE_PX, SIZE_PX))])
    return fold(planes)


def unfold(fine: np.ndarray) -> np.ndarray:
    cells = fine.shape[-1]
    patches = fine.reshape(-1, UNFOLD, UNFOLD, cells, cells).transpose(0, 3, 1, 4, 2)
    return np.asarray(patches.reshape(-1, cells * UNFOLD, cells * UNFOLD))


@pytest.mark.parametrize("size_px", [256, 512])
def test_every_pixel_gets_the_colour_of_its_matter(size_px: int) -> None:
    open_mouth = told(size_px, jawOpen=0.6)
    within = np.isin(open_mouth.matter, [int(kind) + UNSEEN for kind in (2, 3)])  # gums and teeth that were hidden
    assert within.sum() > 100 * (size_px / SIZE_PX) ** 2
    patches = refine(mixed(open_mouth), size_px)
    before, after = (unfold(one)[:3, within] for one in (patches, sharpen_mouth(patches, open_mouth)))
    true = COLOURS[open_mouth.matter[within] % UNSEEN].T
    assert np.abs(after - true).mean() < 0.4 * np.abs(before - true).mean()


def test_what_the_portrait_shows_is_told_by_pixels() -> None:
    open_mouth = told(SIZE_PX, jawOpen=0.6)
    shown = unfold(sharpen_mouth(mixed(open_mouth), open_mouth))[3]
    mixture = open_mouth.channels[Channel.SEEN].repeat(UNFOLD, 0).repeat(UNFOLD, 1)
    touched = shown != 0
    lips, inside = (
        (touched & (open_mouth.matter == 0)),
        (touched & (open_mouth.matter >= UNSEEN) & (open_mouth.matter != NOTHING)),
    )
    assert lips.any() and inside.any()
    assert np.allclose(shown[lips], 5 * (1 - mixture[lips]), atol=1e-4) and (shown[lips] > 0).all()
    assert (shown[inside] < 0).all()


def test_a_shut_mouth_is_left_as_it_is() -> None:
    shut = told(SIZE_PX, mouthPressLeft=0.4, mouthPressRight=0.4, mouthRollLower=0.3, mouthClose=0.05)
    patches = mixed(shut)
    kept = patches.copy()
    assert sharpen_mouth(patches, shut) is patches
    open_mouth = told(SIZE_PX, jawOpen=0.6)
    assert sharpen_mouth(patches, open_mouth) is not patches and np.array_equal(patches, kept)
