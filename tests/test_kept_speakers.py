"""Speakers kept from training: their files say when they close their mouths, and so does their sound."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from llia.config import Clock, State
from llia.head.measures import LIPS_CLOSED_CM, measure
from llia.head.motion import FACE, MOTION_SIZE
from llia.world.acting.visemes import ID, NAMES
from llia.world.shoot.keeping import act, mean_head, record
from llia.world.voice import timing
from llia.world.voice.alphabets import is_vowel
from llia.world.voice.golden import GOLDEN_VOICES, Golden, load_golden
from llia.world.voice.phones import BREATH, Phone
from llia.world.voice.speech import RATE_HZ, Utterance
from llia.world.voice.voices import is_installed, list_known

FOLDER = Path(__file__).parent / "golden" / "voices"
SILENT_CM, LONG_PAUSE_S, SETTLED_S, LEAVING_S = 0.05, 0.25, 0.11, 0.07
EVERY_SPEAKER = pytest.mark.parametrize("name", list(GOLDEN_VOICES))


@cache
def kept(name: str) -> Golden:
    return load_golden(FOLDER, name)


def middles_s(speaker: Golden) -> NDArray[np.float64]:
    """When pictures show what they show: in the middle of their 40 ms."""
    return (np.arange(len(speaker.motion)) + 0.5) / Clock().frames_per_second


@EVERY_SPEAKER
def test_the_sound_is_silent_where_the_phones_close_the_mouth(name: str) -> None:
    speaker = kept(name)
    assert 60 <= len(speaker.sound) / RATE_HZ <= 75
    assert speaker.phones[0].start_s == 0 and speaker.phones[-1].end_s == pytest.approx(len(speaker.sound) / RATE_HZ)
    assert all(before.end_s == after.start_s for before, after in pairwise(speaker.phones))
    strength = timing.envelope(speaker.sound, timing.STOP_HZ)
    steps_per_s = RATE_HZ / timing.HOP

    def strengths(phone: Phone) -> NDArray[np.float64]:
        return strength[round(phone.start_s * steps_per_s) : round(phone.end_s * steps_per_s) + 1]

    vowel = np.median([np.median(strengths(phone)) for phone in speaker.phones if is_vowel(phone.ipa)])
    stops = np.array([strengths(phone).min() for phone in speaker.phones if phone.ipa in {"p", "t", "k"}]) / vowel
    breaths = [np.median(strengths(phone)) / vowel for phone in speaker.phones if phone.ipa == BREATH]
    assert len(stops) > 50 and len(breaths) >= 4
    assert np.median(stops) < 0.05
    assert np.mean(stops < 0.15) > 0.9
    assert all(0.01 < breath < 0.4 for breath in breaths)
    assert sum(phone.ipa[0] in "pbmfv" for phone in speaker.phones if phone.is_sound) > 60


@EVERY_SPEAKER
def test_truth_goes_by_frame_and_frames_by_samples(name: str) -> None:
    speaker = kept(name)
    num_frames = len(speaker.motion)
    assert speaker.motion.shape == (num_frames, MOTION_SIZE)
    assert num_frames * Clock().samples_per_frame == len(speaker.sound)
    for row in (speaker.lip_gap, speaker.viseme, speaker.state, speaker.parted):
        assert row.shape == (num_frames,)
    assert set(speaker.state) == {State.SPEAKING}
    assert speaker.viseme.min() >= 0 and speaker.viseme.max() < len(NAMES)
    assert np.isfinite(speaker.motion).all() and speaker.motion[:, FACE].min() >= 0
    measured = measure(mean_head()).lip_gap(speaker.motion)  # of motion in half precision
    np.testing.assert_allclose(measured, speaker.lip_gap, atol=0.005)


@EVERY_SPEAKER
def test_lips_meet_for_p_b_m_and_rest_in_silence(name: str) -> None:
    speaker, shown_s = kept(name), middles_s(kept(name))
    sounding = [phone for phone in speaker.phones if phone.is_sound]
    closures = [(shown_s >= one.start_s) & (shown_s < one.end_s) for one in sounding if one.ipa[0] in "pbm"]
    gaps = [speaker.lip_gap[during].min() for during in closures if during.any()]
    assert len(gaps) > 40 and max(gaps) <= LIPS_CLOSED_CM
    assert np.median(speaker.lip_gap[speaker.viseme == ID["AA"]]) > 0.5
    num_quiet = 0
    for before, after in pairwise(sounding):
        if after.start_s - before.end_s > LONG_PAUSE_S:
            quiet = (shown_s > before.end_s + SETTLED_S) & (shown_s < after.start_s - LEAVING_S) & ~speaker.parted
            assert np.all(speaker.lip_gap[quiet] <= SILENT_CM)
            num_quiet += int(quiet.sum())
    assert num_quiet > 25


@EVERY_SPEAKER
def test_lips_open_when_the_voice_does_not_a_frame_sooner_or_later(name: str) -> None:
    speaker = kept(name)
    loudness = np.sqrt((speaker.sound.reshape(len(speaker.motion), -1) ** 2).mean(1))
    lags = range(-3, 4)
    likeness = [np.corrcoef(loudness[4:-4], np.roll(speaker.lip_gap, -lag)[4:-4])[0, 1] for lag in lags]
    assert lags[int(np.argmax(likeness))] == 0 and max(likeness) > 0.35


@EVERY_SPEAKER
def test_the_truth_is_what_the_sound_and_the_phones_ask_for(name: str) -> None:
    speaker = kept(name)
    tracks = act(Utterance(speaker.sound, speaker.phones, (), speaker.text, speaker.voice))
    np.testing.assert_allclose(tracks.motion, speaker.motion, atol=0.002)  # kept in half precision
    np.testing.assert_array_equal(tracks.viseme, speaker.viseme)


def test_a_kept_speaker_can_be_made_again() -> None:
    name = "italian_man"
    voice = next(voice for voice in list_known() if voice.name == GOLDEN_VOICES[name])
    if not is_installed(voice):
        pytest.skip(f"{voice.name} is not installed here (make voices)")
    made, speaker = record(voice.name), kept(name)
    assert made.text == speaker.text
    assert [phone.ipa for phone in made.phones] == [phone.ipa for phone in speaker.phones]
    starts = [phone.start_s for phone in speaker.phones]
    assert np.allclose([phone.start_s for phone in made.phones], starts, atol=0.002)


def test_a_speaker_who_is_not_kept_is_refused() -> None:
    with pytest.raises(ValueError, match="expected one of slt"):
        load_golden(FOLDER, "rms")
