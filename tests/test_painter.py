"""The painter: torch and the kernel make one frame of its corrections; its adversary sees what is wrong."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from llia.nets.painter import Blended, Painted, Told, begin_shares, blend, convolve_both, convolve_part
from llia.nets.picture_critic import PictureCriticConfig
from llia.portrait.paint import compose
from llia.train.picture_adversary import ALONE_STEPS, PictureAdversary
from standins import corrections, fold

SIZE_PX = 64


def made_of(picture: np.ndarray, flow: np.ndarray, rough: np.ndarray, fine: np.ndarray) -> tuple[np.ndarray, Blended]:
    """-> the kernel's frame, [S S 3] in bytes, and torch's."""
    out = np.empty_like(picture)
    compose(picture, flow, rough, fine, out)
    portrait = torch.from_numpy(picture.transpose(2, 0, 1)[None] / np.float32(127.5) - 1)
    size, cells = len(picture), len(picture) // 4
    painted = Painted(torch.from_numpy(rough[None]), torch.from_numpy(fine[None]), torch.zeros(1, 3, cells, cells))
    no_head = torch.full((1, size, size), 1), torch.zeros(1, 1, size, size)
    return out, blend(portrait, Told(torch.from_numpy(flow.transpose(2, 0, 1)[None].copy()), *no_head), painted)


@pytest.mark.parametrize("size", [64, 256])
def test_torch_and_the_kernel_make_one_frame(size: int) -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (size, size, 3), dtype=np.uint8)
    flow = rng.normal(0, 0.05, (size, size, 2)).astype(np.float32)
    rough = rng.normal(0, 0.05, (5, 64, 64)).astype(np.float32)
    fine = rng.normal(0, 3, (80, size // 4, size // 4)).astype(np.float32)
    fast, slow = made_of(picture, flow, rough, fine)
    expected = ((slow.frame[0].permute(1, 2, 0).numpy() + 1) * 127.5).clip(0, 255)
    assert np.abs(fast - expected).max() < 0.7  # half a step of rounding, and shares that a byte cannot tell


def test_each_source_shows_where_it_is_told_to() -> None:
    rng = np.random.default_rng(1)
    picture = rng.integers(0, 256, (SIZE_PX, SIZE_PX, 3), dtype=np.uint8)
    flow = np.full((SIZE_PX, SIZE_PX, 2), (4 / SIZE_PX, 0), np.float32)  # each pixel comes from four to its right
    paint = rng.uniform(-1, 1, (3, SIZE_PX, SIZE_PX))
    rough, fine, _ = (x[0] for x in corrections(paint, 0))
    painted, _ = made_of(picture, flow, rough, fine)
    assert np.abs(painted - (paint.transpose(1, 2, 0) + 1) * 127.5).max() < 0.6
    rough, fine, _ = (x[0] for x in corrections(paint, 1))
    carried, _ = made_of(picture, flow, rough, fine)
    np.testing.assert_array_equal(carried[:, :-4], picture[:, 4:])
    rough = rough.copy()
    rough[2:] = -0.5  # half the light
    darker, _ = made_of(picture, flow, rough, fine)
    assert np.abs(darker[:, :-4] - picture[:, 4:] / 2).max() <= 0.6
    told = np.concatenate([paint, np.full((1, SIZE_PX, SIZE_PX), 20), np.full((1, SIZE_PX, SIZE_PX), 20)])
    still, _ = made_of(picture, flow, rough, fold(told))
    np.testing.assert_array_equal(still, picture)


def test_shares_start_where_resized_ones_would() -> None:
    known = torch.rand(2, 2, 9, 7)
    shown, still = begin_shares(known)[:, 48:64], begin_shares(known)[:, 64:]
    wide = torch.nn.functional.interpolate(known, scale_factor=4, mode="bilinear")
    seen, head = (torch.nn.functional.pixel_unshuffle(wide[:, [k]], 4) for k in (0, 1))
    assert torch.allclose(shown, -2 + 5 * seen, atol=1e-5) and torch.allclose(still, -1.5 - 18.5 * head, atol=1e-5)
    assert not begin_shares(known)[:, :48].any()


def test_parts_of_a_convolution_are_the_whole() -> None:
    stacked, by_pixels = torch.nn.Conv2d(5, 4, 3, padding=1), torch.nn.Conv2d(5, 4, 1)
    first, second = torch.rand(1, 2, 6, 6), torch.rand(1, 3, 6, 6)
    both = torch.cat([first, second], dim=1)
    assert torch.allclose(convolve_both(stacked, first, second), stacked(both), atol=1e-6)
    parts = [convolve_part(by_pixels, both, part) for part in (slice(3), slice(3, None))]
    assert torch.allclose(torch.cat(parts, dim=1), by_pixels(both), atol=1e-6)


def test_the_adversary_tells_blurred_pictures_from_sharp_ones() -> None:
    torch.manual_seed(0)
    adversary = PictureAdversary(PictureCriticConfig(guide_channels=2))
    guide, weight = torch.zeros(2, 2, SIZE_PX // 4, SIZE_PX // 4), torch.ones(2, 1, SIZE_PX // 4, SIZE_PX // 4)
    losses = []
    for _ in range(ALONE_STEPS + 20):
        true = torch.rand(2, 3, SIZE_PX, SIZE_PX) * 2 - 1
        blurred = torch.nn.functional.avg_pool2d(true, 5, 1, 2).requires_grad_()
        wanted, metrics = adversary.answer(blurred, true, guide, weight)
        losses.append(metrics["critic"])
        if len(losses) <= ALONE_STEPS:
            assert wanted.item() == 0
    assert losses[-1] < 0.5 * losses[0]
    wanted.backward()  # type: ignore[no-untyped-call]
    assert blurred.grad is not None and blurred.grad.abs().sum() > 0
    same, metrics = adversary.answer(true.clone().requires_grad_(), true, guide, weight)
    assert metrics["noticed"] == 0 and same.item() == pytest.approx(-0.02 * metrics["fooled"], abs=1e-6)
