"""The clip plan as a table, and who speaks when nobody says so."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from llia.config import PRESETS, State
from llia.data.sound import mel_windows
from llia.stream.plan import plan_clip
from llia.stream.turns import HANG_OVER_MS, LONG_SILENT, follow_turns

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
    windows, silent, found = mel_windows(np.stack([own, other]), CONFIG), (LONG_SILENT, LONG_SILENT), list[State]()
    for first in range(0, windows.shape[1], at_once):
        part, silent = follow_turns(windows[:, first : first + at_once], silent, CONFIG)
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
