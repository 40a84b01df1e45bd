"""What is usual of a voice: the same in pieces, led by loud steps, kept while nobody speaks, soon another voice's."""

from __future__ import annotations

import numpy as np
import pytest

from llia.config import PRESETS
from llia.data.sound import SILENCE, Floats, mel_windows
from llia.data.usual import MEMORY_STEPS, PRIOR_STEPS, Usual, follow_usual, put_first, start_usual, tell_usual
from llia.stream.voices import Voice, follow_voices

LIVE = PRESETS["live"]
PER_FRAME, BANDS = LIVE.clock.mel_steps_per_frame, LIVE.sound.mel_bins


def voice(num_frames: int, tilt: float, seed: int = 0) -> Floats:
    """-> the steps of a loud voice by frame, 1 T a M, whose bands rise by `tilt` from the first to the last."""
    rng = np.random.default_rng(seed)
    steps = 1.0 + np.linspace(-tilt, tilt, BANDS) / 2 + 0.3 * rng.standard_normal((1, num_frames, PER_FRAME, BANDS))
    return steps.astype(np.float32)


def usual_of(*newest: Floats) -> Usual:
    return follow_usual(np.concatenate(newest, 1), start_usual(1, LIVE))[1]


def rise(usual: Usual) -> float:
    """-> by how much the last bands are louder than the first, as a rule."""
    return float(usual.mean[0, -4:].mean() - usual.mean[0, :4].mean())


@pytest.mark.parametrize("cuts", [(1,) * 40, (3, 30, 7), (40,)])
def test_pieces_tell_what_the_whole_does(cuts: tuple[int, ...]) -> None:
    whole, end = follow_usual(voice(40, 1.0), start_usual(1, LIVE))
    usual, pieces, first = start_usual(1, LIVE), [], 0
    for num_frames in cuts:
        means, usual = follow_usual(voice(40, 1.0)[:, first : first + num_frames], usual)
        pieces.append(means)
        first += num_frames
    assert np.array_equal(np.concatenate(pieces, 1), whole)
    assert np.array_equal(usual.mean, end.mean) and np.array_equal(usual.weight, end.weight)


def test_a_voice_is_known_within_seconds_and_another_soon_after() -> None:
    assert rise(start_usual(1, LIVE)) == 0
    dark, bright = voice(50, -1.5), voice(400, 1.5, seed=1)
    known = rise(usual_of(dark))
    assert known == pytest.approx(-1.5 * 28 / 31, abs=0.15)
    assert rise(usual_of(dark, bright[:, :25])) > known + 0.4
    assert rise(usual_of(dark, bright)) == pytest.approx(1.5 * 28 / 31, abs=0.15)
    assert usual_of(dark, bright).weight.item() == MEMORY_STEPS


def test_soft_noise_between_words_is_not_the_voice() -> None:
    dark = voice(50, -1.5)
    hiss = voice(50, 1.5, seed=2) - 2.0
    mixed = usual_of(np.concatenate([dark, hiss], 2))  # as long as the voice
    assert rise(mixed) == pytest.approx(rise(usual_of(dark)), abs=0.2)


@pytest.mark.parametrize("between", [SILENCE, -0.23])
def test_a_voice_is_remembered_through_a_quarter_of_an_hour_of_nothing(between: float) -> None:
    """Neither silence nor the loudest noise of the training counts where it is told to be no voice."""
    num_frames = 15 * 60 * 25
    nothing = np.full((1, num_frames, PER_FRAME, BANDS), between, np.float32)
    known = usual_of(voice(50, -1.5))
    _, after = follow_usual(nothing, known, np.zeros((1, num_frames), np.bool_))
    assert np.array_equal(after.mean, known.mean) and np.array_equal(after.weight, known.weight)
    assert abs(rise(usual_of(voice(50, -1.5), nothing))) < abs(rise(known)) / 3, "it does count where nobody tells"


def test_a_stream_counts_what_is_voice() -> None:
    """Windows of a word, half a minute of hiss, and silence, as `follow_voices` tells them."""
    rng = np.random.default_rng(0)
    sound = (2e-3 * rng.standard_normal((2, 40 * 16000))).astype(np.float32)
    sound[0, 16000:48000] += (0.1 * np.sin(np.arange(32000) * 0.3)).astype(np.float32)
    windows, voiced, _, _ = follow_voices(mel_windows(sound, LIVE), (Voice(), Voice()), LIVE)
    told, usual = tell_usual(windows, start_usual(2, LIVE), LIVE, voiced)
    assert voiced[0, 30:70].all() and not voiced[0, 100:].any() and not voiced[1, 20:].any()
    assert usual.weight[0, 0] > 20 * usual.weight[1, 0] - 20 * PRIOR_STEPS
    assert np.array_equal(told[0, 100, 0], told[0, -1, 0])


def test_windows_carry_it_as_their_first_row() -> None:
    rng = np.random.default_rng(0)
    sound = (0.1 * rng.standard_normal((2, 12 * 640))).astype(np.float32)
    windows = mel_windows(sound, LIVE)
    told, after = tell_usual(windows, start_usual(2, LIVE), LIVE)
    assert told.shape == (2, 12, LIVE.rows_heard, BANDS) and np.array_equal(told[:, :, 1:], windows)
    assert np.array_equal(told[:, -1, 0], after.mean)
    first = windows[:, 0, -PER_FRAME:]
    # The first frame's own steps alone: between nothing and their mean.
    assert (np.abs(told[:, 0, 0]) < np.abs(first.mean(1)) + 1e-6).all()
    assert np.array_equal(put_first(told[:, :, 0], windows), told)
