"""The mouth, moods, behaviour and tracks: exact truth, on people's own heads."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from llia.config import Clock, Emotion, State
from llia.head.expressions import face_row
from llia.head.measures import LIPS_CLOSED_CM, Spans, measure
from llia.head.motion import FACE, MOTION_INDEX
from llia.head.shape import RestHead
from llia.world.acting.emotion import Mood, feel, strengths_of
from llia.world.acting.lips import lips_of, meet_lips
from llia.world.acting.mouth import Mouth, measure_loudness, mouth_curves
from llia.world.acting.timeline import Cue
from llia.world.acting.tracks import Tracks, make_tracks
from llia.world.acting.visemes import CHANNEL, CHANNELS, ID, NAMES, is_known, shapes_of
from llia.world.face.features import shape_head
from llia.world.people.casting import cast
from llia.world.people.person import Manner, Person
from llia.world.voice.phones import Phone
from llia.world.voice.voices import find_voice

CLOCK = Clock()
PICTURES = slice(2, None, 4)  # of curves at 100 Hz
SILENT_CM = 0.05
SETTLED_S, LEAVING_S, LONG_PAUSE_S = 0.11, 0.07, 0.25
VOICE = "espeak:en-us+m3"
SENTENCE = "Papa, my puppy found five blue balloons above the farm."


@cache
def person(seed: int) -> tuple[Person, RestHead, Spans]:
    someone = cast(seed)
    rest = shape_head(someone)
    return someone, rest, measure(rest)


@cache
def tracks(seed: int) -> Tracks:
    someone, rest, _ = person(seed)
    return make_tracks(
        someone, seed, 20.0, voice=find_voice(VOICE), other_voice=find_voice("espeak:en-gb+f2"), rest=rest
    )


def phones_of(sounds: str, length_s: float = 0.1, start_s: float = 0.5, stress: int = 1) -> tuple[Phone, ...]:
    """ "a p a" -> phones of equal length after some silence."""
    return tuple(
        Phone(start_s + place * length_s, start_s + (place + 1) * length_s, ipa, stress)
        for place, ipa in enumerate(sounds.split())
    )


def speak(sounds: str, manner: Manner, length_s: float = 0.1, loudness: float = 0.6, stress: int = 1) -> Mouth:
    phones = phones_of(sounds, length_s, stress=stress)
    duration_s = phones[-1].end_s + 0.5
    curve = np.full(round(duration_s * 100), loudness)
    return mouth_curves(phones, duration_s, curve, manner, np.random.default_rng(1))


def weights_of(mouth: Mouth) -> NDArray[np.float64]:
    return np.asarray(sum(np.outer(mouth.weights[:, CHANNEL[name]], face_row({name: 1.0})) for name in CHANNELS))


def gap_on(seed: int, mouth: Mouth) -> NDArray[np.float64]:
    _, rest, spans = person(seed)
    face = meet_lips(weights_of(mouth), lips_of(rest), mouth.closed, mouth.touching, mouth.resting)
    return np.asarray(spans.lip_gap(face))


def steady(effort: float = 1.0, looseness: float = 0.0) -> Manner:
    return replace(cast(0).manner, effort=effort, looseness=looseness, press=0.0)


def test_phones_split_into_shapes_whose_shares_are_whole() -> None:
    assert [NAMES[shape.viseme] for shape in shapes_of("aɪ")] == ["AA", "EE"]
    assert [NAMES[shape.viseme] for shape in shapes_of("tʃ")] == ["CH"]
    assert [NAMES[shape.viseme] for shape in shapes_of("pf")] == ["PP", "FF"]
    assert [NAMES[shape.viseme] for shape in shapes_of("eːˈ")] == ["EH"]
    assert shapes_of("aɪ")[0].share > shapes_of("aɪ")[1].share
    for ipa in ("aɪə", "dʒ", "ts", "œ̃", "", "#breath", "ǁ"):
        assert is_known(ipa)
        assert sum(shape.share for shape in shapes_of(ipa)) == pytest.approx(1)


@pytest.mark.parametrize("vowel", ["y", "yː", "ø", "œ", "u", "o", "ʏ"])
def test_rounded_vowels_are_rounded_and_others_are_not(vowel: str) -> None:
    middle = 75  # the vowel lasts from .6 to .9 s
    rounded = speak(f"d {vowel} d", steady(), length_s=0.2).weights[middle]
    spread = speak("d i d", steady(), length_s=0.2).weights[middle]
    pull = [CHANNEL["mouthPucker"], CHANNEL["mouthFunnel"]]
    assert rounded[pull].sum() > 0.6 > 0.2 > spread[pull].sum()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("sound", ["p", "b", "m"])
def test_lips_meet_in_a_picture_of_every_closure_at_every_phase(seed: int, sound: str) -> None:
    for shift_s in np.arange(0, 0.04, 0.01):
        phones = phones_of(f"a {sound} a", 0.07, start_s=0.5 + shift_s)
        mouth = mouth_curves(phones, 1.5, np.full(150, 1.2), person(seed)[0].manner, np.random.default_rng(seed))
        gap = gap_on(seed, mouth)[PICTURES]
        shown_s = (np.arange(len(gap)) + 0.5) / CLOCK.frames_per_second
        during = (shown_s >= phones[1].start_s) & (shown_s < phones[1].end_s)
        assert gap[during].min() <= 0
        assert gap.min() >= -0.25


def test_lower_lip_finds_the_teeth() -> None:
    for seed in range(4):
        mouth = speak("a f a v a", person(seed)[0].manner)
        gap = gap_on(seed, mouth)
        touching = mouth.touching > 0.99
        assert touching.sum() >= 10
        assert np.all((gap[touching] > 0.1) & (gap[touching] < 0.35))
        assert np.all(mouth.weights[touching, CHANNEL["mouthRollLower"]] > 0.3)


def test_rounding_goes_on_through_a_closure() -> None:
    mouth = speak("u p u", steady())
    assert mouth.weights[65, CHANNEL["mouthPucker"]] > 0.25


def test_a_breath_parts_lips_that_a_pause_would_close() -> None:
    def silence(ipa: str) -> NDArray[np.float64]:
        phones = (Phone(0.5, 0.6, "a", 1), Phone(0.6, 1.4, ipa), Phone(1.4, 1.5, "a", 1))
        mouth = mouth_curves(phones, 2.0, np.zeros(200), steady(), np.random.default_rng(1))
        return gap_on(1, mouth)[85:115]

    assert silence("").max() <= SILENT_CM < 0.1 < silence("#breath").min()


def test_haste_and_carelessness_undershoot() -> None:
    jaw = CHANNEL["jawOpen"]

    def opening(length_s: float, manner: Manner, **how: float) -> float:
        mouth = speak("d a d a d a d", manner, length_s=length_s, stress=int(how.get("stress", 1)),
                      loudness=how.get("loudness", 0.6))  # fmt: skip
        return float(mouth.weights[:, jaw].max())

    assert opening(0.06, steady()) < 0.85 * opening(0.18, steady())
    assert opening(0.15, steady(effort=0.6)) < 0.75 * opening(0.15, steady(effort=1.1))
    assert opening(0.12, steady(looseness=0.5), stress=0) < 0.9 * opening(0.12, steady(looseness=0.5), stress=1)
    assert opening(0.12, steady(), loudness=0.2) < 0.9 * opening(0.12, steady(), loudness=1.0)
    assert speak("s a s", steady(effort=0.5)).weights[55, jaw] < 0.12  # teeth stay near for s, whoever speaks


def test_loudness_is_measured_where_a_voice_is_heard() -> None:
    sound = np.zeros(32_000, np.float32)
    sound[8_000:16_000] = 0.5 * np.sin(np.arange(8_000))
    loudness = measure_loudness(sound, CLOCK.sample_rate_hz)
    assert len(loudness) == 200
    assert loudness[60:90].mean() == pytest.approx(1, abs=0.05)
    assert not loudness[120:].any()


@pytest.mark.parametrize("seed", range(3))
def test_tracks_keep_closures_closed_and_silence_still(seed: int) -> None:
    made, spans = tracks(seed), person(seed)[2]
    gap = spans.lip_gap(made.motion)
    shown_s = (np.arange(made.num_frames) + 0.5) / CLOCK.frames_per_second
    sounding = [phone for phone in made.phones if phone.is_sound]
    for phone in sounding:
        during = (shown_s >= phone.start_s) & (shown_s < phone.end_s)
        if phone.ipa[0] in "pbm" and during.any():
            assert gap[during].min() <= LIPS_CLOSED_CM
    edges = [(-9.0, 0.0), *((phone.start_s, phone.end_s) for phone in sounding), (shown_s[-1], np.inf)]
    for (_, pause_s), (end_s, _) in pairwise(edges):
        if end_s - pause_s > LONG_PAUSE_S:
            quiet = (shown_s > pause_s + SETTLED_S) & (shown_s < end_s - LEAVING_S) & ~made.parted
            assert np.all(gap[quiet] <= SILENT_CM)
    assert gap.min() >= -0.25


@pytest.mark.parametrize("seed", range(3))
def test_own_voice_is_exactly_zero_outside_speaking(seed: int) -> None:
    made = tracks(seed)
    own = made.own.reshape(made.num_frames, CLOCK.samples_per_frame)
    other = made.other.reshape(made.num_frames, CLOCK.samples_per_frame)
    assert not own[made.state != State.SPEAKING].any()
    assert not other[made.state != State.LISTENING].any()
    assert np.abs(made.own).max(initial=0) < 1
    assert np.isfinite(made.motion).all() and made.motion[:, FACE].min() >= 0
    assert made.emotion.sum(1) == pytest.approx(1, abs=1e-5)
    assert (made.viseme[made.state != State.SPEAKING] == ID["SIL"]).all()


def test_every_blink_has_a_picture_of_closed_lids() -> None:
    for seed in range(3):
        made, spans = tracks(seed), person(seed)[2]
        lids = made.motion[:, MOTION_INDEX["eyeBlinkLeft"]]
        blinking = np.flatnonzero((lids[1:-1] > 0.6) & (lids[1:-1] >= lids[:-2]) & (lids[1:-1] > lids[2:])) + 1
        assert len(blinking) >= 2
        assert np.all(spans.eye_left(made.motion[blinking]) < 0.02)
        assert np.all(spans.eye_right(made.motion[blinking]) < 0.02)


def scripted(emotion: Emotion, intensity: float, *, parted: bool = False) -> Tracks:
    someone, rest, _ = person(2)
    plan = [Cue(State.IDLE, {emotion: intensity}, duration_s=1.5, parted=parted),
            Cue(State.SPEAKING, {emotion: intensity}, text=SENTENCE, parted=parted)]  # fmt: skip
    return make_tracks(someone, 5, plan=plan, voice=find_voice(VOICE), rest=rest)


@pytest.mark.parametrize(
    ("emotion", "moves"),
    [
        (Emotion.HAPPY, "mouthSmileLeft cheekSquintRight"),
        (Emotion.SAD, "browInnerUpLeft mouthFrownRight"),
        (Emotion.ANGRY, "browDownLeft noseSneerRight"),
        (Emotion.SURPRISED, "browOuterUpLeft eyeWideRight"),
    ],
)
def test_emotions_move_their_muscles_also_through_speech(emotion: Emotion, moves: str) -> None:
    plain, felt = scripted(Emotion.NEUTRAL, 0.0), scripted(emotion, 1.0)
    spans = person(2)[2]
    assert felt.emotion[:, emotion].mean() > 0.75
    closed_lids = felt.motion[:, MOTION_INDEX["eyeBlinkLeft"]] > 0.5
    for name in moves.split():
        more = felt.motion[:, MOTION_INDEX[name]] - plain.motion[:, MOTION_INDEX[name]]
        speaking = (felt.state == State.SPEAKING) & ~closed_lids
        assert more[(felt.state == State.IDLE) & ~closed_lids].mean() > 0.25
        assert more[speaking].mean() > 0.12
    gap = spans.lip_gap(felt.motion)
    assert np.all(gap[: int(1.2 * CLOCK.frames_per_second)] <= SILENT_CM)
    assert not felt.parted.any()
    closures = felt.viseme == ID["PP"]
    assert (gap[closures] <= LIPS_CLOSED_CM).mean() > 0.8
    np.testing.assert_array_equal(plain.own, felt.own)


def test_lips_part_in_silence_only_where_the_track_says_so() -> None:
    made = scripted(Emotion.HAPPY, 1.0, parted=True)
    gap = person(2)[2].lip_gap(made.motion)[:20]
    assert made.parted[:20].all() and gap.min() > 0.1


def test_feelings_wax_and_wane_within_bounds() -> None:
    moods = (Mood(0, 4, strengths_of({Emotion.HAPPY: 0.6, Emotion.SURPRISED: 0.4})), Mood(4, 9, strengths_of({})))
    feelings = feel(moods, 900, np.random.default_rng(3))
    assert feelings.strengths.sum(1) == pytest.approx(1)
    assert feelings.strengths.min() >= -1e-9
    assert feelings.strengths[:300, Emotion.HAPPY].mean() > 0.4
    assert feelings.strengths[750:, Emotion.NEUTRAL].min() > 0.99
    assert np.abs(np.diff(feelings.face, axis=0)).max() < 0.03
    with pytest.raises(ValueError, match="sum to at most 1"):
        strengths_of({Emotion.HAPPY: 0.8, Emotion.SAD: 0.8})


def digest(made: Tracks) -> str:
    parts = (made.motion, made.own, made.other, made.state, made.viseme, made.emotion, made.parted)
    return hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()


def make_briefly() -> Tracks:
    voice = find_voice(VOICE)
    return make_tracks(cast(1), 7, 6.0, voice=voice, other_voice=voice)


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    code = "import test_motion_tracks as here; print(here.digest(here.make_briefly()))"
    paths = os.pathsep.join([str(Path(__file__).parent), *(path for path in sys.path if path)])
    surroundings = {**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": "77"}
    elsewhere = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=surroundings
    )
    assert elsewhere.returncode == 0, elsewhere.stderr
    tracks(0)  # what was said before must not matter
    assert digest(make_briefly()) == elsewhere.stdout.strip()


def test_a_text_is_spoken_by_a_voice_of_its_language() -> None:
    for seed in range(6):
        made = make_tracks(cast(seed), seed, plan=[Cue(State.SPEAKING, text="Yes, of course.")], rest=person(1)[1])
        assert made.own.any() and made.text == "Yes, of course."


def test_refusals_say_what_to_do() -> None:
    with pytest.raises(ValueError, match="say how long"):
        make_tracks(cast(0), 0)
    with pytest.raises(ValueError, match="make it longer"):
        make_tracks(cast(0), 0, -1.0)
    with pytest.raises(ValueError, match="something to do"):
        make_tracks(cast(0), 0, plan=[])
