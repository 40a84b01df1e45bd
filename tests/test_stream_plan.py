"""The clip plan as a table; who speaks when nobody says so, and how loud they are taken to be."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from llia.config import PRESETS, State
from llia.data.sound import mel_windows
from llia.stream.plan import plan_clip
from llia.stream.voices import HANG_OVER_MS, MOST_UP, Voice, Voices, follow_voices
from theatre import talk

CONFIG = PRESETS["live"]
LENGTHS = CONFIG.clips.lengths
SAMPLES = CONFIG.clock.samples_per_frame
PLAN = {
    # frames ahead: frames of the next clip
    0: 4,  # at the start, after a change, after an interruption
    3: 4,
    4: 4,
    7: 4,
    8: 8,
    11: 8,
    12: 12,
    16: 16,
    1000: 16,
}


@pytest.mark.parametrize("ahead", PLAN)
def test_clips_are_short_at_first_and_longer_when_frames_are_ahead(ahead: int) -> None:
    assert plan_clip(LENGTHS, ahead) == PLAN[ahead]


def test_a_stream_that_nobody_watches_grows_to_the_longest_clips() -> None:
    made, clips = 0, []
    for _ in range(6):
        clips.append(plan_clip(LENGTHS, made))
        made += clips[-1]
    assert clips == [4, 4, 8, 16, 16, 16]


def test_a_preset_with_one_length_has_one_plan() -> None:
    assert [plan_clip((6,), ahead) for ahead in (0, 5, 6, 50)] == [6, 6, 6, 6]


def tone(first: int, last: int, num_frames: int, level_db: float = -26.0) -> NDArray[np.float32]:
    """-> a tone from one frame to another, that far below full scale."""
    sound = np.sin(np.arange(num_frames * SAMPLES) * 0.3) * 2**0.5 * 10 ** (level_db / 20)
    sound[: first * SAMPLES] = 0
    sound[last * SAMPLES :] = 0
    return np.asarray(sound, np.float32)


def states(own: NDArray[np.float32], other: NDArray[np.float32], at_once: int = 100) -> list[State]:
    windows, found = mel_windows(np.stack([own, other]), CONFIG), list[State]()
    voices: Voices = (Voice(), Voice())
    for first in range(0, windows.shape[1], at_once):
        _, _, part, voices = follow_voices(windows[:, first : first + at_once], voices, CONFIG)
        found += [State(one) for one in part]
    return found


@pytest.mark.parametrize("at_once", [1, 7, 100])
def test_whoever_is_heard_decides_and_pauses_between_words_do_not(at_once: int) -> None:
    own, other = tone(20, 30, 80), tone(10, 50, 80)
    hang_over = HANG_OVER_MS // CONFIG.clock.frame_ms
    found = states(own, other, at_once)
    ahead = CONFIG.sound.frames_ahead
    listening, speaking = 10 - ahead, 20 - ahead
    expected = [State.IDLE] * listening + [State.LISTENING] * (speaking - listening)
    # a mel step looks 15 ms back, so the frame after the last one still hears its end
    expected += [State.SPEAKING] * (30 + 1 + hang_over - speaking)
    expected += [State.LISTENING] * (50 + 1 + hang_over - len(expected))
    assert found == expected + [State.IDLE] * (80 - len(expected))


def test_a_pause_shorter_than_the_hang_over_is_spoken_through() -> None:
    own = tone(5, 10, 40) + tone(16, 20, 40)
    assert states(own, np.zeros_like(own))[3:20] == [State.SPEAKING] * 17


@pytest.mark.parametrize(("level_db", "heard"), [(-10.0, True), (-40.0, True), (-55.0, False), (-90.0, False)])
def test_a_quiet_room_says_nothing(level_db: float, *, heard: bool) -> None:
    own = tone(5, 20, 30, level_db)
    assert (State.SPEAKING in states(own, np.zeros_like(own))) == heard


def test_a_loud_room_hides_nothing_of_the_own_voice() -> None:
    noise = np.random.default_rng(0).normal(0, 0.2, 30 * SAMPLES).astype(np.float32)
    assert set(states(noise, noise)) == {State.SPEAKING}


def levelled(sound: NDArray[np.float32]) -> tuple[NDArray[np.float32], Voices]:
    windows, _, _, voices = follow_voices(
        mel_windows(np.stack([sound, np.zeros_like(sound)]), CONFIG), (Voice(), Voice()), CONFIG
    )
    return windows[0], voices


@pytest.mark.parametrize("times", [0.1, 0.3, 3.0])
def test_quiet_and_loud_voices_are_soon_as_loud_as_usual(times: float) -> None:
    sound = talk(0, 300)
    usual, _ = levelled(sound)
    other, (own, silent) = levelled(sound * np.float32(times))
    raw = mel_windows(sound[None] * np.float32(times), CONFIG)[0]
    late = slice(150, None)
    apart = [np.abs(one[late] - usual[late]).mean() for one in (other, raw)]
    assert apart[0] < 0.3 * apart[1] < 1
    assert own.gain == pytest.approx(times**-2 * levelled(sound)[1][0].gain, rel=0.5)
    assert silent == Voice(noise=silent.noise, silent=silent.silent), "nobody spoke there"


def test_a_whisper_of_noise_is_not_made_loud() -> None:
    rng = np.random.default_rng(0)
    hiss = rng.normal(0, 3e-4, 200 * SAMPLES).astype(np.float32)
    windows, (own, _) = levelled(hiss)
    assert own.num_heard == 0 and own.gain == 1
    assert np.allclose(windows, mel_windows(hiss[None], CONFIG)[0], atol=1e-4)
    far = levelled(talk(0, 300) * np.float32(1e-3))[1][0]
    assert far.gain <= np.exp(MOST_UP)


def test_noise_that_stays_is_no_voice_and_a_voice_above_it_is() -> None:
    rng, seconds = np.random.default_rng(0), 20
    noise = rng.normal(0, 0.02, seconds * 25 * SAMPLES).astype(np.float32)
    silence = np.zeros_like(noise)
    found = states(noise, silence, 500)
    assert found[0] == State.SPEAKING and set(found[-100:]) == {State.IDLE}
    voice = talk(0, seconds * 25)
    voice[: 400 * SAMPLES] = 0
    over_noise = states(noise + voice, silence, 500)
    assert set(over_noise[300:390]) == {State.IDLE} and over_noise[400:].count(State.SPEAKING) > 60
