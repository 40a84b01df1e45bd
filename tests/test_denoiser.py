"""The denoiser: places, missing conditions, a steady hand, latents; hearing hears nothing but its window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from llia.conditions import Conditions, Given
from llia.config import PRESETS
from llia.data import augment
from llia.data.sound import cut_windows
from llia.data.usual import put_first
from llia.engine.weights import load_config, load_weights, save_weights
from llia.head.motion import MOTION_INDEX, MOTION_SIZE
from llia.head.scale import SLOW, Frame, frame_of, repeat_reference, slow_mask, to_latent, to_motion, unit_scale
from llia.nets.critic import Critic, CriticConfig
from llia.nets.denoiser import PERFORMERS, Performer, PerformerConfig, drop
from llia.nets.hearing import MOST_TUNED, Hearing, stretch_bands
from llia.nets.steady import FAST_FALL, Steady, smoothing

LENGTHS, PAST = (4, 8, 12, 16), 4
CONFIG = PRESETS["live"]


@pytest.fixture(scope="module")
def performer() -> Performer:
    """A small performer whose every weight counts."""
    torch.manual_seed(1)
    performer = Performer(PERFORMERS["mini"])
    with torch.no_grad():
        for weight in performer.parameters():
            weight.add_(torch.randn_like(weight) * 0.05)
    return performer.eval()


def conditions_for(performer: Performer, num_frames: int, seed: int = 0, num_clips: int = 2) -> Conditions:
    """-> conditions of the longest clip cut to so many frames, so that lengths can be compared."""
    torch.manual_seed(seed)
    longest = max(LENGTHS)
    past = torch.randn(num_clips, PAST, MOTION_SIZE) * 0.1
    windows = torch.randn(2, num_clips, longest, CONFIG.rows_heard, CONFIG.sound.mel_bins)[:, :, :num_frames]
    state, emotion = torch.randint(3, (num_clips, longest)), torch.rand(num_clips, longest, 5)
    reference, shape = torch.randn(num_clips, MOTION_SIZE) * 0.1, torch.randn(num_clips, 4)
    return Conditions(
        past=past, seen=past, reference=reference, portrait=performer.reference(reference, shape),
        own=performer.hearing(windows[0]), other=performer.hearing(windows[1]), state=state[:, :num_frames],
        emotion=emotion[:, :num_frames], statistics=torch.zeros(num_clips, 2), given=torch.ones(num_clips, len(Given)),
    )  # fmt: skip


def noisy(num_frames: int, seed: int = 5, num_clips: int = 2) -> Tensor:
    torch.manual_seed(seed)
    return torch.randn(num_clips, max(LENGTHS), MOTION_SIZE, 1, 1)[:, :num_frames]


@torch.no_grad()
def test_past_new_frames_and_portrait_stand_at_the_same_places_for_every_length(performer: Performer) -> None:
    entered: list[Tensor] = []

    def catch(block: Any, inputs: tuple[Tensor, ...]) -> None:
        entered.append(inputs[0])

    caught = performer.denoiser.blocks[0].register_forward_pre_hook(catch)
    for num_frames in LENGTHS:
        made = performer(noisy(num_frames), torch.full((2,), 0.7), conditions_for(performer, num_frames))
        assert made.shape == (2, num_frames, MOTION_SIZE, 1, 1)
    caught.remove()
    longest = entered[-1]
    for num_frames, tokens in zip(LENGTHS, entered, strict=True):
        new = PAST + num_frames
        assert torch.allclose(tokens[:, :new], longest[:, :new], atol=1e-5)
        assert torch.allclose(tokens[:, new:], longest[:, PAST + max(LENGTHS) :], atol=1e-6)


@torch.no_grad()
def test_what_is_given_counts_and_what_is_not_does_not(performer: Performer) -> None:
    x, sigma, told = noisy(8), torch.full((2,), 0.5), conditions_for(performer, 8)
    other = conditions_for(performer, 8, seed=9)
    changed: dict[Given, dict[str, Tensor]] = {
        Given.REFERENCE: {"portrait": other.portrait},
        Given.OWN: {"own": other.own}, Given.OTHER: {"other": other.other},
        Given.STATE: {"state": 2 - told.state}, Given.EMOTION: {"emotion": other.emotion},
        Given.STATISTICS: {"statistics": told.statistics + 1}, Given.PAST: {"past": other.past, "seen": other.seen},
    }  # fmt: skip
    assert set(changed) == set(Given)
    for kind, change in changed.items():
        with_it, without = replace(told, **change), replace(drop(told, kind), **change)
        assert not torch.allclose(performer(x, sigma, told), performer(x, sigma, with_it), atol=1e-4), kind
        assert torch.allclose(performer(x, sigma, drop(told, kind)), performer(x, sigma, without), atol=1e-5), kind


@torch.no_grad()
def test_clips_of_a_batch_do_not_know_of_each_other(performer: Performer) -> None:
    x, sigma, told = noisy(12), torch.tensor([0.3, 0.9]), conditions_for(performer, 12)
    together = performer(x, sigma, told)
    for stream in range(2):
        alone = replace(told, **{name: value[stream : stream + 1] for name, value in vars(told).items()})
        made = performer(x[stream : stream + 1], sigma[stream : stream + 1], alone)
        assert torch.allclose(made[0], together[stream], atol=1e-5)


def test_latents_and_motion_tell_the_same() -> None:
    rng = np.random.default_rng(0)
    past, motion = rng.normal(size=(3, PAST, 66)), rng.normal(size=(3, 8, 66))
    reference, has_past = rng.normal(size=(3, 66)), np.array([1.0, 1.0, 0.0])
    scale = replace(
        unit_scale(16), near=rng.uniform(0.5, 2, (16, 66)), far=rng.uniform(2, 3, 66), mean=rng.normal(size=66)
    )
    frame = frame_of(scale, past, reference, has_past, 8)
    latent = to_latent(motion, frame)
    assert latent.shape == (3, 8, 66, 1, 1)
    assert np.allclose(to_motion(latent, frame), motion)
    slow = list(SLOW)
    assert np.allclose(latent[0, :, slow, 0, 0].T, ((motion - past[:, -1:]) / scale.near[:8])[0][:, slow])
    assert np.allclose(latent[2, :, slow, 0, 0].T, ((motion - reference[:, None]) / scale.far)[2][:, slow])
    fast = MOTION_INDEX["jawOpen"]
    assert np.allclose(latent[0, :, fast, 0, 0], (motion[0, :, fast] - scale.mean[fast]) / scale.near[:8, fast])
    held = repeat_reference(reference, frame)
    assert np.allclose(to_motion(held, frame), np.broadcast_to(reference[:, None], motion.shape))
    assert len(SLOW) == slow_mask().sum() == 18


def test_a_smoother_leaves_straight_lines_alone() -> None:
    matrix = smoothing(8, PAST, 1.5)
    line = np.arange(PAST + 8) * 0.7 - 3
    assert np.allclose(matrix @ line, line[PAST:])
    shaky = np.sqrt((np.diff(smoothing(16, PAST, 1.5)[:, PAST:], axis=0) ** 2).sum(1))
    assert shaky.max() / np.median(shaky) < 1.25  # the last change is no more shaky than the others
    assert np.abs(matrix @ np.random.default_rng(0).normal(size=12)).std() < 0.7


def test_a_steady_hand_removes_jitter_and_goes_on_from_the_past() -> None:
    steady = Steady(LENGTHS, PAST, 1.5, 4)
    slow, has = torch.from_numpy(slow_mask()), torch.ones(1)
    speed = 0.3
    past = (torch.arange(PAST) * speed)[None, :, None].expand(1, PAST, MOTION_SIZE)
    frame = Frame(centre=past[:, -1:], size=torch.ones(1, 16, MOTION_SIZE))
    on = ((torch.arange(16) + 1) * speed)[None, :, None].expand(1, 16, MOTION_SIZE)
    assert torch.allclose(steady(on, past, has, frame, slow), on, atol=1e-4)  # a straight way is left alone

    torch.manual_seed(0)
    shaken = on + torch.randn_like(on)
    calm = steady(shaken, past, has, frame, slow)
    fast = 1 - slow
    later = slice(len(FAST_FALL), None)
    assert torch.allclose((calm * fast)[:, later], (shaken * fast)[:, later], atol=1e-5)
    jitter = [one[..., list(SLOW)].diff(n=2, dim=1).std() for one in (shaken, calm)]
    assert jitter[1] < jitter[0] / 6
    alone = steady(shaken, past + 100, has * 0, frame, slow)
    assert torch.allclose(alone, steady(shaken, past - 100, has * 0, frame, slow), atol=1e-4)
    assert torch.allclose(alone * fast, shaken * fast, atol=1e-5)
    assert torch.equal(Steady(LENGTHS, PAST, 0.0, 4)(shaken, past, has, frame, slow), shaken)


def test_a_gap_at_the_seam_closes_over_several_frames() -> None:
    steady, slow, has = Steady(LENGTHS, PAST, 1.5, 4), torch.from_numpy(slow_mask()), torch.ones(1)
    past = torch.zeros(1, PAST, MOTION_SIZE)
    frame = Frame(centre=past[:, -1:], size=torch.ones(1, 16, MOTION_SIZE))
    elsewhere = steady(torch.full((1, 16, MOTION_SIZE), 5.0), past, has, frame, slow)
    of_slow, of_fast = elsewhere[0, :, SLOW[0]], elsewhere[0, :, MOTION_INDEX["jawOpen"]]
    assert 0 < of_slow[0] < 1 and of_slow[-1] > 4.99 and of_slow.diff().max() < 2
    assert torch.allclose(of_fast[:4], torch.tensor([2.5, 3.75, 4.5, 5.0]))  # lips have to be in time: half at once


def windows_of_noise() -> Tensor:
    """-> what 16 frames of two streams hear, [2 16 1+A M], of voices that are known."""
    rng = np.random.default_rng(0)
    steps = rng.normal(size=(2, 22 * 4, CONFIG.sound.mel_bins)).astype(np.float32)
    usual = rng.normal(size=(2, 1, CONFIG.sound.mel_bins)).astype(np.float32).repeat(16, 1)
    return torch.from_numpy(put_first(usual, cut_windows(steps, CONFIG)))


def tuned_hearing() -> Hearing:
    """-> hearing whose tuner is not as it begins, which is by nothing."""
    torch.manual_seed(3)
    hearing = Hearing(PERFORMERS["mini"].hearing)
    last = hearing.tuner[-1]
    assert isinstance(last, nn.Linear)
    nn.init.normal_(last.weight, std=0.3)
    return hearing


@torch.no_grad()
@pytest.mark.parametrize("form", ["tuned", "planes", "bands"])
def test_a_frame_hears_its_window_and_nothing_else(form: str) -> None:
    torch.manual_seed(3)
    plain = replace(PERFORMERS["mini"].hearing, tuned=False, planes=(4, 8) if form == "planes" else None)
    hearing, windows = tuned_hearing() if form == "tuned" else Hearing(plain), windows_of_noise()
    whole = hearing(windows)
    assert whole.shape == (2, 16, 2, 16)
    for cuts in ((4, 4, 8), (1,) * 16, (3, 13)):
        pieces = [hearing(piece) for piece in torch.split(windows, list(cuts), 1)]
        assert torch.allclose(torch.cat(pieces, 1), whole, atol=1e-5)
    # Every step and every band of a window is heard: from the first to the last, unless bands are drawn apart.
    bands = (0,) if form == "tuned" else (0, -1)
    places = [torch.zeros(windows.shape[2:]) for _ in range(2 + len(bands))]
    places[0][1] = places[1][-1] = 1
    for place, band in zip(places[2:], bands, strict=True):
        place[1:, band] = 1
    for place in places:
        changed = windows[:, :1] + place
        assert (hearing(changed) - whole[:, :1]).abs().max() > 1e-4


@torch.no_grad()
def test_bands_are_heard_alike() -> None:
    hearing = Hearing(replace(PERFORMERS["mini"].hearing, tuned=False))
    low = torch.zeros(1, 40, CONFIG.sound.mel_bins)
    low[..., 12:16] = 1
    of_low, of_high = (F.gelu(hearing.first(steps[:, None])) for steps in (low, low.roll(4, -1)))
    assert torch.allclose(of_low.roll(2, -1)[..., 2:-2], of_high[..., 2:-2], atol=1e-6)


def test_bands_drawn_together_sound_as_higher_ones_did() -> None:
    steps = torch.arange(8.0).expand(2, 3, 8) ** 2
    one, half, double = (stretch_bands(steps, torch.full((2, 3, 1), by)) for by in (1.0, 0.5, 2.0))
    assert torch.equal(one, steps)
    assert half[1, 2].tolist() == [0, 0.5, 1, 2.5, 4, 6.5, 9, 12.5]
    assert double[0, 0].tolist() == [0, 4, 16, 36, 49, 49, 49, 49]
    factor = torch.full((1, 1, 1), 1.1, requires_grad=True)
    (grown,) = torch.autograd.grad(stretch_bands(steps[:1, :1], factor)[0, 0, 3], factor)
    assert grown.item() == pytest.approx(3 * (16 - 9))  # where band 3.3 was, between 9 and 16
    # It undoes what training does to voices.
    smooth = np.sin(np.arange(32) / 4)[None, None].astype(np.float32)
    voice = augment.stretch_bands(smooth, np.array([1.1]))
    assert np.allclose(voice, stretch_bands(torch.from_numpy(smooth), torch.full((1, 1, 1), 1.1)), atol=1e-5)
    undone = stretch_bands(torch.from_numpy(voice), torch.full((1, 1, 1), 1 / 1.1)).numpy()
    assert np.abs(undone - smooth)[..., :27].max() < 0.03 < np.abs(voice - smooth).max() / 10


@torch.no_grad()
def test_hearing_is_tuned_to_what_is_usual_when_a_step_is_new() -> None:
    hearing, windows = tuned_hearing(), windows_of_noise()
    usual = torch.randn(2, 16, CONFIG.sound.mel_bins)
    per_frame, heard = CONFIG.clock.mel_steps_per_frame, CONFIG.mel_steps_heard
    steps = torch.randn(2, heard + 15 * per_frame, CONFIG.sound.mel_bins)
    made = hearing.tune(steps, usual)
    factors = []
    for step in range(steps.shape[1]):
        frame = max(0, (step - heard) // per_frame + 1)  # whose window it came with
        factor = (MOST_TUNED * torch.tanh(hearing.tuner(usual[:, frame]))).exp()
        tuned, rule = (stretch_bands(one[:, None], factor[:, None])[:, 0] for one in (steps[:, step], usual[:, frame]))
        assert torch.allclose(made[:, 0, step], tuned, atol=1e-3)
        assert torch.allclose(made[:, 1, step], tuned - rule, atol=1e-3)
        factors.append(factor)
    assert torch.stack(factors).std() > 0.02
    # Hearing hears what is usual, and begins by drawing nothing together.
    other = windows.clone()
    other[:, :, 0] += 0.5
    assert (hearing(other) - hearing(windows)).abs().max() > 1e-3
    plain = Hearing(PERFORMERS["mini"].hearing)
    assert torch.allclose(plain.tune(steps, usual)[:, 0], steps, atol=1e-6)
    with pytest.raises(AssertionError, match="expected what is usual"):
        hearing(windows[:, :, 1:])


@torch.no_grad()
def test_where_clips_begin_matters_little_while_a_voice_becomes_known() -> None:
    torch.manual_seed(3)
    hearing, windows = tuned_hearing(), windows_of_noise()
    slowly = windows[:, :, 0] * torch.linspace(0.8, 1, 16)[:, None]
    windows[:, :, 0] = slowly
    whole, pieces = hearing(windows), torch.cat([hearing(piece) for piece in torch.split(windows, 4, 1)], 1)
    assert 0 < (pieces - whole).abs().max() < 0.2 * whole.std()


@torch.no_grad()
def test_hearing_forgets_only_when_told_to() -> None:
    hearing, windows = Hearing(PERFORMERS["mini"].hearing).train(), windows_of_noise()
    assert torch.equal(hearing(windows), hearing(windows))
    torch.manual_seed(5)
    some = torch.stack([hearing(windows, 0.2) for _ in range(200)])
    assert not torch.equal(some[0], some[1])
    assert (some.mean(0) - hearing(windows)).abs().mean() < 0.3 * some.std(0).mean()


@torch.no_grad()
def test_the_way_home_is_told_wherever_the_head_is(performer: Performer) -> None:
    told = conditions_for(performer, 4)
    moved = told.reference.clone()
    moved[:, MOTION_INDEX["head.yaw"]] += 0.5
    x, sigma = noisy(4), torch.ones(2)
    assert not torch.allclose(performer(x, sigma, told), performer(x, sigma, replace(told, reference=moved)), atol=1e-5)


def test_weights_come_back_with_their_configuration_and_scale(performer: Performer, tmp_path: Path) -> None:
    scaled = Performer(performer.config)
    scaled.load_state_dict(performer.state_dict())
    scaled.denoiser.near.fill_(2e-4)
    save_weights(scaled, scaled.config, tmp_path / "live.safetensors")
    config = load_config(tmp_path / "live.safetensors", PerformerConfig)
    assert config == PERFORMERS["mini"]
    again = Performer(config)
    load_weights(again, tmp_path / "live.safetensors")
    assert torch.allclose(again.denoiser.near, torch.tensor(2e-4), rtol=1e-3)
    assert torch.allclose(again.denoiser.places, scaled.denoiser.places, atol=1e-3)


def test_the_live_performer_has_the_sizes_it_was_planned_with() -> None:
    performer = Performer(PERFORMERS["live"])
    count = sum(weight.numel() for weight in performer.parameters())
    assert 3_000_000 < count < 6_000_000
    assert PERFORMERS["live"].hearing.steps_heard == CONFIG.mel_steps_heard
    assert PERFORMERS["live"].hearing.mel_bins == CONFIG.sound.mel_bins
    assert PERFORMERS["live"].denoiser.lengths == CONFIG.clips.lengths
    assert PERFORMERS["live"].denoiser.past_frames == CONFIG.clips.past_frames
    before = {name: value.clone() for name, value in performer.state_dict().items()}
    with torch.no_grad():
        performer(noisy(4), torch.ones(2), conditions_for(performer, 4))
    assert all(torch.equal(value, before[name]) for name, value in performer.state_dict().items())


def test_a_critic_judges_frames_time_and_sound() -> None:
    critic = Critic(CriticConfig(blocks=(0, 2), feature_width=32, sound_size=32, width=16))
    features, sound = [torch.randn(3, 8, 32) for _ in range(2)], torch.randn(3, 8, 2, 16)
    verdict = critic(features, sound)
    assert verdict.per_frame.shape == (3, 8, 2) and verdict.over_time.shape == verdict.with_sound.shape == (3, 8)
    deaf = critic(features, sound + 1)
    assert torch.equal(deaf.per_frame, verdict.per_frame) and not torch.equal(deaf.with_sound, verdict.with_sound)
