"""Tints of teeth, gums, lips, irises and lashes become pixels of each, where the guide says they are."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from llia.head.likeness import Crop
from llia.head.motion import rest
from llia.nets.painter import SURER, Told, by_pixels
from llia.portrait import matter
from llia.portrait.edit import set_named
from llia.portrait.flow import MATTERS, NOTHING, NUM_MATTERS, UNSEEN, Channel
from llia.portrait.guide import Guide, guide, prepare
from llia.portrait.matter import part_matters
from llia.portrait.paint import UNFOLD, refine
from llia.train.s0_painter import matters_of
from standins import fold, somebody

SIZE_PX = 256
COLOURS = np.random.default_rng(3).uniform(-1, 1, (NUM_MATTERS, 3))


def told(size_px: int, **values: float) -> Guide:
    """-> the guide of somebody's face, its channels as fine as a painter of 256 px has them."""
    portrait = somebody(Crop(128, 128, 256), rest(), half_height=8.0)
    return guide(prepare(portrait, size_px, SIZE_PX // UNFOLD), set_named(rest(), values))


def mixed(of: Guide) -> np.ndarray:
    """-> what a painter tells that knows every colour but no pixel: each patch is even."""
    even = np.tensordot(COLOURS.T, of.channels[MATTERS], 1).repeat(UNFOLD, 1).repeat(UNFOLD, 2)
    return fold(np.concatenate([even, np.zeros((2, SIZE_PX, SIZE_PX))]))


def tints(of: Guide) -> np.ndarray:
    """-> every patch told of the same colours."""
    cells = of.channels.shape[-1]
    return np.broadcast_to(COLOURS.reshape(-1, 1, 1), (NUM_MATTERS * 3, cells, cells)).astype(np.float32).copy()


def unfold(fine: np.ndarray) -> np.ndarray:
    cells = fine.shape[-1]
    patches = fine.reshape(-1, UNFOLD, UNFOLD, cells, cells).transpose(0, 3, 1, 4, 2)
    return np.asarray(patches.reshape(-1, cells * UNFOLD, cells * UNFOLD))


def test_every_pixel_gets_the_colour_of_its_matter() -> None:
    face = told(SIZE_PX, jawOpen=0.6)
    sharp = unfold(part_matters(mixed(face), tints(face), face))[:3]
    whole = face.channels[Channel.HEAD].repeat(UNFOLD, 0).repeat(UNFOLD, 1) == 1
    kinds = np.unique(face.matter[whole] % UNSEEN)
    assert len(kinds) == NUM_MATTERS - 1  # it is dark nowhere but behind the teeth
    assert np.abs(sharp[:, whole] - COLOURS[face.matter[whole] % UNSEEN].T).max() < 2e-3


def test_a_larger_frame_has_finer_edges() -> None:
    face = told(512, jawOpen=0.6)
    patches = refine(mixed(face), 512)
    before, after = (unfold(one)[:3] for one in (patches, part_matters(patches, tints(face), face)))
    within = np.isin(face.matter % UNSEEN, np.arange(1, NUM_MATTERS)) & (face.matter != NOTHING)
    true = COLOURS[face.matter[within] % UNSEEN].T
    assert np.abs(after[:, within] - true).mean() < 0.4 * np.abs(before[:, within] - true).mean()


def test_what_the_portrait_shows_is_told_by_pixels() -> None:
    face = told(SIZE_PX, jawOpen=0.6)
    shown = unfold(part_matters(mixed(face), tints(face), face))[3]
    patch = face.channels[Channel.SEEN].repeat(UNFOLD, 0).repeat(UNFOLD, 1)
    of_head = face.matter != NOTHING
    expected = np.where(of_head, matter.SURER * ((face.matter < UNSEEN) - patch), 0)
    hidden, seen = expected < -1, expected > 1
    assert hidden.sum() > 100 and seen.sum() > 100
    np.testing.assert_allclose(shown, expected, atol=0.01)


@pytest.mark.parametrize("values", [{"jawOpen": 0.6}, {"eyeBlinkLeft": 0.9, "head.yaw": 0.4}])
def test_torch_and_the_kernel_part_alike(values: dict[str, float]) -> None:
    rng = np.random.default_rng(4)
    face = told(SIZE_PX, **values)
    drawn = rng.normal(0, 1, tints(face).shape).astype(np.float32)
    fast = unfold(part_matters(np.zeros_like(mixed(face)), drawn, face))
    kinds, contrast = (torch.from_numpy(x[None]) for x in matters_of(face))
    blank = Told(torch.zeros(1, 2, SIZE_PX, SIZE_PX), kinds, contrast)
    tint, surer = by_pixels(blank, torch.from_numpy(drawn[None]))
    assert matter.SURER == SURER
    np.testing.assert_allclose(fast[:3], tint[0].numpy(), atol=0.02)  # shares that differ from one by so little
    np.testing.assert_allclose(fast[3], surer[0, 0].numpy(), atol=0.01)
    assert np.abs(fast[:3]).max() > 1


def test_patches_are_left_as_they_were() -> None:
    face = told(SIZE_PX, jawOpen=0.6)
    patches = mixed(face)
    kept = patches.copy()
    assert part_matters(patches, tints(face), face) is not patches and np.array_equal(patches, kept)
