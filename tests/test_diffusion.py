"""Diffusion: conversions agree, samplers find a Gaussian's known answer, a stream batch equals one after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from llia.diffusion import (
    NoisePlan,
    Passage,
    add_noise,
    begin_passage,
    edit,
    everywhere,
    frame_noise,
    guided,
    move,
    noise_of_velocity,
    noise_of_x0,
    residually_guided,
    sample_consistency,
    sample_euler,
    sample_path,
    shifted,
    step_together,
    times,
    velocity_of,
    x0_of_noise,
    x0_of_velocity,
)

Array = NDArray[Any]
MEAN, SPREAD = 1.5, 0.4  # of the data in the tests below
FRAME = (66, 1, 1)


def gaussian(x: Array, sigma: Array, condition: Any) -> Array:
    """The true mean of x0 given x where data are Gaussian: what a perfect denoiser says."""
    t = np.asarray(sigma).reshape(-1, *[1] * (x.ndim - 1))
    gain = (1 - t) * SPREAD**2 / ((1 - t) ** 2 * SPREAD**2 + t**2)
    return np.asarray(MEAN + gain * (x - (1 - t) * MEAN))


def draw(seed: int, *shape: int) -> Array:
    return np.random.default_rng(seed).standard_normal(shape)


@pytest.mark.parametrize("sigma", [0.05, 0.5, 0.95])
def test_x0_noise_and_velocity_tell_the_same(sigma: float) -> None:
    x0, noise, levels = draw(1, 3, 4, 5), draw(2, 3, 4, 5), np.full(3, sigma)
    x = add_noise(x0, noise, levels)
    velocity = velocity_of(x0, noise)
    assert np.allclose(x0_of_velocity(x, velocity, levels), x0)
    assert np.allclose(noise_of_velocity(x, velocity, levels), noise)
    assert np.allclose(noise_of_x0(x, x0, levels), noise)
    assert np.allclose(x0_of_noise(x, noise, levels), x0)
    assert np.allclose(move(x, x0, levels, levels / 2), add_noise(x0, noise, levels / 2))
    assert np.array_equal(add_noise(x0, noise, 0.0), x0) and np.allclose(add_noise(x0, noise, np.ones(3)), noise)


def test_each_of_a_batch_and_each_frame_has_its_own_sigma() -> None:
    x0, noise = draw(1, 2, 3, 5), draw(2, 2, 3, 5)
    by_frame = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])
    x = add_noise(x0, noise, by_frame)
    for stream in range(2):
        for frame in range(3):
            alone = add_noise(x0[stream, frame], noise[stream, frame], float(by_frame[stream, frame]))
            assert np.allclose(x[stream, frame], alone)


def test_times_fall_from_the_start_to_nothing_on_the_shifted_path() -> None:
    assert times(4) == pytest.approx(shifted(np.linspace(1, 0, 5)))
    assert times(1).tolist() == [1.0, 0.0]
    from_editing = times(3, 0.9)
    assert from_editing[0] == pytest.approx(0.9) and from_editing[-1] == 0 and (np.diff(from_editing) < 0).all()


@pytest.mark.parametrize(("sample", "num_steps", "tolerance"), [(sample_path, 40, 0.01), (sample_euler, 400, 0.02)])
def test_the_path_leads_noise_to_the_data(sample: Any, num_steps: int, tolerance: float) -> None:
    noise = draw(3, 400, 5)
    # Along the path of a Gaussian noise and data keep their order: the answer is known for each sample.
    expected = MEAN + SPREAD * noise
    assert np.abs(sample(gaussian, noise, None, num_steps) - expected).max() < tolerance * 4
    made = sample(gaussian, noise, None, num_steps)
    assert made.mean() == pytest.approx(expected.mean(), abs=tolerance)
    assert made.std() == pytest.approx(expected.std(), rel=3 * tolerance)


def answer_at_the_end(x: Array, sigma: Array, condition: Any) -> Array:
    """A perfect consistency function of the same data: where the path through x ends."""
    t = np.asarray(sigma).reshape(-1, *[1] * (x.ndim - 1))
    return np.asarray(MEAN + SPREAD * (x - (1 - t) * MEAN) / np.sqrt((1 - t) ** 2 * SPREAD**2 + t**2))


@pytest.mark.parametrize("num_steps", [1, 2, 4])
def test_consistency_gives_the_data_in_any_number_of_steps(num_steps: int) -> None:
    noises = [draw(10 + step, 4000, 5) for step in range(num_steps)]
    made = sample_consistency(answer_at_the_end, noises, None)
    assert made.mean() == pytest.approx(MEAN, abs=0.02) and made.std() == pytest.approx(SPREAD, rel=0.02)
    if num_steps == 1:
        assert np.allclose(made, MEAN + SPREAD * noises[0])


def test_editing_looks_once_at_the_clip_before_under_noise() -> None:
    before, noise = draw(1, 2, 4, *FRAME), draw(2, 2, 4, *FRAME)
    looks = []

    def denoise(x: Array, sigma: Array, condition: Any) -> Array:
        looks.append((x, sigma, condition))
        return x * 0 + 7

    assert (edit(denoise, before, noise, "next", 0.9) == 7).all()
    ((x, sigma, condition),) = looks
    assert np.allclose(x, 0.1 * before + 0.9 * noise, atol=1e-6) and condition == "next"
    assert sigma.shape == (2,) and sigma == pytest.approx([0.9, 0.9])


def test_guidance_goes_further_the_way_that_conditions_go() -> None:
    def denoise(x: Array, sigma: Array, condition: float) -> Array:
        return x * 0 + condition

    x = draw(1, 2, 3)
    assert (guided(denoise, lambda condition: 0.0, 1.5)(x, 1.0, 2.0) == 3).all()
    assert (guided(denoise, lambda condition: 5.0, 1.0)(x, 1.0, 2.0) == 2).all()
    assert (residually_guided(denoise, x * 0 + 1, 1.5)(x, 1.0, 2.0) == 2.5).all()


@pytest.mark.parametrize("num_steps", [2, 4])
def test_a_stream_batch_equals_one_after_the_other(num_steps: int) -> None:
    weight = draw(9, 66, 66).astype(np.float32) / 8

    def denoise(x: Array, sigma: Array, condition: Array) -> Array:
        told = np.tanh(x[..., 0, 0] @ weight + condition)
        return np.asarray((told * (1 - sigma[:, None, None] / 2))[..., None, None], np.float32)

    clips = [
        [draw(100 * clip + step, 1, 4, *FRAME).astype(np.float32) for step in range(num_steps)] for clip in range(6)
    ]
    conditions = [draw(7 + clip, 1, 1, 66).astype(np.float32) for clip in range(6)]
    alone = [sample_consistency(denoise, noises, told) for noises, told in zip(clips, conditions, strict=True)]
    done: list[Array] = []
    going: list[Passage] = []
    for noises, told in zip(clips, conditions, strict=True):
        going = [*going, begin_passage(noises, told)]
        assert len(going) <= num_steps
        finished, going = step_together(denoise, going, num_steps, np.concatenate, np.concatenate)
        done += finished
    while going:
        finished, going = step_together(denoise, going, num_steps, np.concatenate, np.concatenate)
        done += finished
    assert len(done) == len(alone)
    for one, other in zip(done, alone, strict=True):
        assert np.abs(one - other).max() < 1e-5


@pytest.mark.parametrize("kept", [0.0, 0.3, 1.0])
def test_noise_belongs_to_the_frame_however_frames_are_cut(kept: float) -> None:
    plan = NoisePlan(5, FRAME, kept=kept)
    whole = frame_noise(plan, 0, 40)
    for cuts in ([1] * 40, [3, 16, 5, 16], [40]):
        firsts = np.cumsum([0, *cuts[:-1]])
        pieces = [frame_noise(plan, int(first), count) for first, count in zip(firsts, cuts, strict=True)]
        assert np.array_equal(np.concatenate(pieces), whole)
    assert whole.dtype == np.float32 and whole.shape == (40, *FRAME)
    assert abs(whole.mean()) < 0.1 and whole.std() == pytest.approx(1, abs=0.1)
    assert not np.array_equal(whole, frame_noise(NoisePlan(6, FRAME, kept=kept), 0, 40))
    assert not np.array_equal(whole, frame_noise(plan, 0, 40, step=1))


def test_noise_comes_again_shuffled_as_far_as_is_asked() -> None:
    def likeness(kept: float) -> float:
        """-> for each frame of one window its likeness to the most alike of the next."""
        noise = frame_noise(NoisePlan(1, FRAME, window=8, kept=kept), 0, 16).reshape(16, -1)
        return float(np.asarray(np.corrcoef(noise))[:8, 8:].max(1).mean())

    assert likeness(1.0) == pytest.approx(1)
    assert 0.3 < likeness(0.6) < 0.8
    assert likeness(0.0) < 0.35
    again = frame_noise(NoisePlan(1, FRAME, window=8, kept=1.0), 0, 16)
    assert not np.array_equal(again[:8], again[8:])


def test_everywhere_is_one_number_for_each_of_the_batch() -> None:
    torch = pytest.importorskip("torch")
    assert everywhere(0.5, draw(1, 3, 2)).tolist() == [0.5] * 3
    told = everywhere(0.5, torch.ones(3, 2, 1, dtype=torch.float32))
    assert told.tolist() == [0.5] * 3 and told.dtype == torch.float32
    x0, noise = torch.ones(2, 3), torch.zeros(2, 3)
    assert add_noise(x0, noise, torch.tensor([0.25, 0.5])).tolist() == [[0.75] * 3, [0.5] * 3]
