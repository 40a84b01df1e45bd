"""Every metric of motion ranks good above bad, on tracks of the world whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from llia.config import Emotion, State
from llia.eval.metrics import band_shares, best_lag, spread_ratio
from llia.eval.movement import (
    PITCH,
    band_share_error,
    blinks,
    changes,
    closures,
    expression_strengths,
    frames_of,
    furthest_ratio,
    gaze_shifts,
    head_speeds,
    is_quiet,
    lip_speeds,
    nods,
    per_minute,
    rates_by_state,
    rms_by_state,
    seam_ratio,
    silence_ratio,
    smooth,
)
from llia.head.expressions import face_row
from llia.head.measures import measure
from llia.head.motion import EXPRESSION, GAZE, HEAD_TURN, MOTION_INDEX
from llia.head.scale import MOUTH
from llia.world.acting.emotion import FEELINGS
from llia.world.acting.timeline import Cue
from llia.world.acting.tracks import make_tracks
from llia.world.face.features import shape_head
from llia.world.people.casting import cast
from llia.world.voice.voices import find_voice

Array = np.ndarray[Any, Any]
BLINK = [MOTION_INDEX["eyeBlinkLeft"], MOTION_INDEX["eyeBlinkRight"]]
CLIP = 16


@dataclass(frozen=True)
class Play:
    """What the metrics take of tracks."""

    motion: Array
    lip_gap: Array
    aperture: Array
    state: Array
    parted: Array
    phones: list[list[Any]]


@pytest.fixture(scope="module")
def play() -> Play:
    """40 s of one person: talk, listening, idling."""
    person, text = cast(3), "Maybe my mother bought a big brown map of Paris, but people prefer paper."
    plan = [Cue(State.SPEAKING, text=text), Cue(State.LISTENING, text=text), Cue(State.IDLE, duration_s=6)] * 2
    tracks = make_tracks(
        person, 3, 40.0, plan=plan, voice=find_voice("espeak:en-us+m3"), other_voice=find_voice("espeak:en-gb+f2")
    )
    spans = measure(shape_head(person))
    return Play(
        tracks.motion, spans.lip_gap(tracks.motion), spans.eye_left(tracks.motion) + spans.eye_right(tracks.motion),
        tracks.state, tracks.parted, [[p.start_s, p.end_s, p.ipa, p.stress] for p in tracks.phones],
    )  # fmt: skip


def test_lips_that_lag_shrink_or_stop_are_worse(play: Play) -> None:
    talking = play.state == State.SPEAKING
    truth = play.lip_gap
    noise = np.random.default_rng(0).normal(0, 1, len(truth))
    assert best_lag(truth, truth, 8, talking) == pytest.approx((0, 1))
    assert best_lag(np.roll(truth, 4), truth, 8, talking)[0] == 4
    corr = [best_lag(truth + size * noise, truth, 0, talking)[1] for size in (0.05, 0.3, 1.0)]
    assert 1 > corr[0] > corr[1] > corr[2] > 0
    blurred, frozen = smooth(truth, 3), np.full_like(truth, truth.mean())
    assert best_lag(blurred, truth, 0, talking)[1] < 0.9
    assert 1 > spread_ratio(blurred[talking], truth[talking]) > spread_ratio(frozen[talking], truth[talking]) == 0
    assert spread_ratio(truth * 1.5, truth) == pytest.approx(1.5)


def test_closures_are_lost_where_lips_are_rounded_off(play: Play) -> None:
    phones = play.phones
    assert sum(str(ipa).startswith(("p", "b", "m")) for *_, ipa, _ in phones) > 20
    truth = closures(play.lip_gap, phones).mean()
    assert truth > 0.97
    rates = [closures(smooth(play.lip_gap, spread), phones).mean() for spread in (0.7, 1.5, 3)]
    assert truth > rates[0] > rates[1] > rates[2]
    assert closures(np.roll(play.lip_gap, 6), phones).mean() < 0.7
    assert closures(play.lip_gap + 0.2, phones).mean() < 0.3
    assert not len(closures(play.lip_gap[:2], phones))


def test_frames_of_a_phone_show_its_middle() -> None:
    assert frames_of(0.0, 0.04) == (0, 1)
    assert frames_of(0.02, 0.06) == (0, 1)  # the middle of frame 1 is the end
    assert frames_of(0.021, 0.061) == (1, 2)
    assert frames_of(0.061, 0.079) == (1, 2)  # no middle in it: the frame that it lies in
    assert frames_of(0.0, 0.4) == (0, 10)


def test_lips_that_move_in_silence_are_told(play: Play) -> None:
    quiet = is_quiet(play.state, play.parted)
    assert 0.2 < quiet.mean() < 0.8 and not quiet[play.state == State.SPEAKING].any()
    truth = lip_speeds(play.lip_gap, quiet)
    assert silence_ratio(truth, truth) <= 1
    chatter = play.lip_gap + 0.2 * np.sin(np.arange(len(quiet)))
    mumble = play.lip_gap + 0.02 * np.sin(np.arange(len(quiet)))
    ratios = [silence_ratio(lip_speeds(gap, quiet), truth) for gap in (mumble, chatter)]
    assert 1.5 < ratios[0] < ratios[1]
    with pytest.raises(ValueError, match="frames of silence"):
        silence_ratio(truth, truth[:0])


def test_a_seam_shows_where_clips_meet(play: Play) -> None:
    seams = np.arange(CLIP, len(play.motion), CLIP)
    for channels in (MOUTH, HEAD_TURN):
        truth = seam_ratio(changes(play.motion, channels), seams)
        cut = play.motion.copy()
        spread = play.motion[:, channels].std(0)
        for number, seam in enumerate(seams):
            cut[seam : seam + CLIP, channels] += spread * (0.5 if number % 2 else -0.5)
        jumping = seam_ratio(changes(cut, channels), seams)
        assert jumping > 1.3 * truth
        held = play.motion.copy()
        held[seams] = held[seams - 1]
        assert seam_ratio(changes(held, channels), seams) == 0


def test_blinks_are_counted_once(play: Play) -> None:
    found = blinks(play.aperture)
    lids = play.motion[:, BLINK].mean(1)
    tops = (lids[1:-1] > 0.6) & (lids[1:-1] >= lids[:-2]) & (lids[1:-1] > lids[2:])
    assert found.sum() == pytest.approx(tops.sum(), abs=1) and found.sum() > 8
    half = play.aperture.copy()
    middle = np.median(play.aperture)
    half[len(half) // 2 :] = np.maximum(half[len(half) // 2 :], 0.8 * middle)
    assert 0.2 < blinks(half).sum() / found.sum() < 0.8
    assert blinks(np.maximum(play.aperture, 0.6 * middle)).sum() == 0  # a squint is no blink
    trembling = play.aperture + np.random.default_rng(0).normal(0, 0.03, len(half))
    assert blinks(trembling).sum() == found.sum()
    assert per_minute(found) == pytest.approx(found.sum() * 60 / 40)


def test_nods_and_shifts_of_the_gaze_are_counted(play: Play) -> None:
    still = play.motion * 0
    assert nods(still).sum() == gaze_shifts(still).sum() == 0
    nodding, when = still.copy(), np.arange(50, 900, 100)
    for frame in when:
        nodding[frame - 5 : frame + 6, PITCH] += np.radians(4) * np.hanning(11)
    assert np.array_equal(np.flatnonzero(nods(nodding)), when)
    drifting = still.copy()
    drifting[:, PITCH] = np.radians(8) * np.sin(2 * np.pi * np.arange(len(still)) / 250)
    assert nods(drifting).sum() == 0
    jumping = still.copy()
    jumping[60:, GAZE] += np.radians(5)
    jumping[100:, GAZE] -= np.radians(8)
    jumping[:, GAZE] += np.random.default_rng(0).normal(0, np.radians(0.2), (len(still), 2))
    assert gaze_shifts(jumping).sum() == 2
    smoothed = np.stack([smooth(play.motion[:, k], 6.0) for k in range(66)], 1)
    assert nods(smoothed).sum() < 0.5 * nods(play.motion).sum()
    assert gaze_shifts(smoothed).sum() < 0.5 * gaze_shifts(play.motion).sum()


def test_states_differ_and_the_furthest_is_told(play: Play) -> None:
    speeds = rms_by_state(head_speeds(play.motion), play.state)
    assert speeds[State.SPEAKING] > speeds[State.LISTENING] > speeds[State.IDLE]
    rates = rates_by_state(nods(play.motion), play.state)
    assert rates[State.SPEAKING] > rates[State.IDLE]
    assert furthest_ratio(speeds, speeds, 0.1) == 1
    lazy = speeds | {State.IDLE: speeds[State.IDLE] * 0.5}
    assert furthest_ratio(lazy, speeds, 0.1) == pytest.approx(0.5)
    wild = lazy | {State.LISTENING: speeds[State.LISTENING] * 3}
    assert furthest_ratio(wild, speeds, 0.1) == pytest.approx(3)
    assert furthest_ratio({State.IDLE: 8.0}, {State.IDLE: 0.0}, 2.0) == 4  # never done, but made
    with pytest.raises(ValueError, match="states that"):
        furthest_ratio({}, speeds, 0.1)


def test_jitter_instead_of_motion_shifts_the_bands(play: Play) -> None:
    truth = band_shares(play.motion[:, PITCH], 25)
    noise = np.random.default_rng(0).normal(0, 1, len(play.motion))
    errors = [band_share_error(band_shares(play.motion[:, PITCH] + np.radians(x) * noise, 25), truth) for x in (0.1, 1)]
    assert 0 < errors[0] < 0.3 < errors[1]
    lazy = smooth(play.motion[:, PITCH], 8.0)
    assert band_share_error(band_shares(lazy, 25), truth) > 0.3


def test_expressions_are_read_apart_and_by_strength(play: Play) -> None:
    names = [emotion for emotion in Emotion if emotion != Emotion.NEUTRAL]
    patterns = np.stack([face_row(FEELINGS[one].face)[EXPRESSION] for one in names])
    zero = expression_strengths(play.motion, patterns, play.motion)
    assert np.abs(zero).max() < 1e-6
    for place, row in enumerate(patterns):
        read = []
        for strength in (0.4, 0.9):
            felt = play.motion.copy()
            felt[:, EXPRESSION] += strength * row
            read.append(expression_strengths(felt, patterns, play.motion))
            assert read[-1][place] == pytest.approx(strength, abs=1e-3)
            assert np.abs(np.delete(read[-1], place)).max() < 1e-3
        assert read[1][place] > read[0][place]
