"""Reflexes: as people of the world do it, the same on any cut, never a jump, nothing opened that the motion closed."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from llia.config import Emotion, State
from llia.eval.motion_figures import measure_manner
from llia.eval.motion_reflexes import enlivened
from llia.eval.motion_subjects import draw_scenes
from llia.eval.movement import blinks, gaze_shifts, nods, per_minute
from llia.eval.rollout import EDITING, Floats, Scenes, Way
from llia.head import habits
from llia.head.measures import SHAPE_NAMES, shape_growth
from llia.head.motion import FACE, GAZE, HEAD_TURN, MOTION_INDEX, MOTION_SIZE
from llia.head.scale import MOUTH
from llia.stream.enliven import Told, enliven
from llia.stream.gestures import Moment
from llia.stream.reflexes import ALL, FULL, NONE, OFF, Lids, Reflexes, ReflexState, wink
from llia.stream.sway import knots, noises

SHAPE = np.array([-0.1, 5, 1.0, 1.1], np.float32)
NUM_FRAMES = 2000
NO_FEELING = np.eye(len(Emotion), dtype=np.float32)[0]
LIDS = [MOTION_INDEX["eyeBlinkLeft"], MOTION_INDEX["eyeBlinkRight"]]
SQUINTS = [MOTION_INDEX["eyeSquintLeft"], MOTION_INDEX["eyeSquintRight"]]
ONLY = {name: replace(OFF, **{name: ALL}) for name in ("blinks", "gaze", "nods", "sway")}


def some_motion(num_frames: int = NUM_FRAMES, seed: int = 0) -> Floats:
    """-> a face that moves a little everywhere, with open eyes."""
    rng = np.random.default_rng(seed)
    walk = 0.02 * np.cumsum(rng.normal(0, 0.2, (num_frames, MOTION_SIZE)), 0)
    return np.asarray(0.03 + 0.02 * np.tanh(walk), np.float32)


def told(num_frames: int = NUM_FRAMES, seed: int = 0, state: State | None = None) -> Told:
    """-> states in turn, and two voices that come and go."""
    rng = np.random.default_rng(seed)
    turns = np.repeat(rng.integers(0, 3, num_frames // 50 + 1), 50)[:num_frames]
    wave = np.maximum(np.sin(np.arange(num_frames) * np.array([[0.9], [0.8]])), 0)
    phrases = np.sin(np.arange(num_frames) / 20) > -0.5
    return Told(
        seed=seed,
        first=0,
        state=turns if state is None else np.full(num_frames, state),
        emotion=np.tile(NO_FEELING, (num_frames, 1)),
        loudness=(wave * phrases).astype(np.float32),
    )


def part(whole: Told, start: int, stop: int) -> Told:
    here = slice(start, stop)
    return replace(
        whole, first=start, state=whole.state[here], emotion=whole.emotion[here], loudness=whole.loudness[:, here]
    )


def apertures(motion: Floats) -> NDArray[np.floating]:
    """-> opening of both eyes, cm, [F 2]."""
    places = [SHAPE_NAMES.index(name) for name in ("eye_left", "eye_right")]
    return np.asarray(SHAPE[places] + motion[:, FACE] @ shape_growth()[places].T)


def alive(motion: Floats, about: Told, amount: Reflexes = FULL) -> Floats:
    return enliven(motion, about, SHAPE, amount, ReflexState())[0]


# ---- as the world


@pytest.fixture(scope="module")
def scenes() -> Scenes:
    return draw_scenes(5, 6, 30.0)


def test_a_motionless_face_becomes_as_lively_as_the_worlds_people(scenes: Scenes) -> None:
    """Six people are few, so bounds are wide, where they listen above all; LOG.md has the figures of forty."""

    def stand_still(scenes: Scenes, way: Way, length: int, *, liveliness: float | None = None, seed: int = 0) -> Floats:
        return np.repeat(scenes.portrait[:, None], scenes.num_frames, 1).astype(np.float32)

    figures = measure_manner(enlivened(stand_still, FULL)(scenes, EDITING, 16), scenes)
    for name in ("blink_rate", "nod_rate", "gaze_rate", "head_speed"):
        assert 2 / 3 < figures[f"{name}_ratio_speaking"] < 3 / 2, name
        assert 0.5 < figures[f"{name}_ratio_listening"] < 2, name
    bare = measure_manner(stand_still(scenes, EDITING, 16), scenes)
    assert bare["head_speed_speaking"] == bare["blink_rate_speaking"] == 0


def test_states_differ_as_in_the_world() -> None:
    rates = {}
    for state in State:
        about = told(6000, state=state)
        moved = alive(some_motion(6000), about)
        rates[state] = [per_minute(one) for one in (blinks(apertures(moved).sum(1)), nods(moved), gaze_shifts(moved))]
    assert rates[State.SPEAKING][0] > rates[State.IDLE][0]
    assert rates[State.SPEAKING][1] > rates[State.LISTENING][1] > rates[State.IDLE][1] + 3
    assert rates[State.LISTENING][2] < min(rates[State.SPEAKING][2], rates[State.IDLE][2])


def test_feelings_change_manners() -> None:
    about = told(6000, state=State.IDLE)
    counts = {}
    for emotion in (Emotion.SAD, Emotion.ANGRY):
        felt = replace(about, emotion=np.tile(np.eye(5, dtype=np.float32)[emotion], (6000, 1)))
        moved = alive(some_motion(6000), felt)
        counts[emotion] = (
            blinks(apertures(moved).sum(1)).sum(),
            gaze_shifts(moved).sum(),
            moved[:, GAZE.start + 1].mean(),
        )
    assert all(sad > angry * 1.3 for sad, angry in zip(counts[Emotion.SAD][:2], counts[Emotion.ANGRY][:2], strict=True))
    assert np.degrees(counts[Emotion.ANGRY][2] - counts[Emotion.SAD][2]) == pytest.approx(5, abs=1.5)


# ---- the same on any cut


@pytest.mark.parametrize("sizes", [(1,), (4, 16, 8), (7, 1, 30)], ids=str)
def test_whole_is_pieces_and_saved_is_continued(sizes: tuple[int, ...]) -> None:
    motion, about = some_motion(600), told(600)
    whole, last = enliven(motion, about, SHAPE, FULL, ReflexState())
    made: list[Floats] = []
    state, start = ReflexState(), 0
    while start < len(motion):
        stop = min(start + sizes[len(made) % len(sizes)], len(motion))
        moved, state = enliven(motion[start:stop], part(about, start, stop), SHAPE, FULL, state)
        state, start = pickle.loads(pickle.dumps(state)), stop
        made.append(moved)
    np.testing.assert_allclose(np.concatenate(made), whole, atol=1e-6)
    assert state == last


def test_what_comes_later_changes_nothing_and_seeds_do() -> None:
    motion, about = some_motion(400), told(400)
    made = alive(motion, about)
    later = replace(about, state=about.state.copy(), loudness=about.loudness.copy())
    later.state[200:], later.loudness[:, 200:] = State.IDLE, 0
    other = motion.copy()
    other[200:] += 0.01
    changed = alive(other, later)
    assert np.array_equal(changed[:200], made[:200]) and not np.array_equal(changed[200:], made[200:])
    assert np.abs(alive(motion, replace(about, seed=1)) - made).max() > 0.05


def test_noise_belongs_to_its_place_and_knots_to_their_number() -> None:
    now_s = np.arange(1000) / 25
    whole = noises(3, 0, now_s, (0.3, 1.1))
    assert np.array_equal(np.concatenate([noises(3, 0, one, (0.3, 1.1)) for one in np.split(now_s, 50)], 1), whole)
    assert np.array_equal(knots(3, 0, 5, 20)[7:], knots(3, 0, 12, 13))
    assert 0.8 < noises(3, 0, np.arange(100_000) / 25, (1.1,)).std() < 1.1
    assert abs(float((whole[0] * whole[1]).mean())) < 0.3
    fast, slow = (np.abs(np.diff(one)).mean() for one in (whole[1], whole[0]))
    assert 2 < fast / slow < 5


# ---- what it does to a face


@pytest.mark.parametrize("name", list(ONLY))
def test_each_part_moves_its_own_and_off_is_what_was_made(name: str) -> None:
    motion, about = some_motion(), told()
    assert np.array_equal(alive(motion, about, OFF), motion)
    moved = alive(motion, about, ONLY[name])
    changed = np.abs(moved - motion).max(0) > 1e-6
    assert (
        not changed[list(MOUTH)].any()
        and not changed[HEAD_TURN.stop : GAZE.start].any()
        and not changed[GAZE.stop :].any()
    )
    lids = {MOTION_INDEX[f"{one}{side}"] for one in ("eyeBlink", "eyeWide", "eyeSquint") for side in ("Left", "Right")}
    where = set(np.flatnonzero(changed).tolist())
    if name == "blinks":
        assert where == lids
    else:
        assert not where & set(LIDS) and changed[GAZE].all() and changed[HEAD_TURN].any()


def test_lids_close_wholly_and_are_opened_no_further_than_they_were() -> None:
    motion, about = some_motion(), told()
    wanders = np.sin(np.arange(len(motion)) / 100)[:, None]
    motion[:, LIDS] += (0.25 * (1 + wanders)).astype(np.float32)  # slowly: it feels sad, and less so
    motion[:, SQUINTS] = np.random.default_rng(4).uniform(0, 0.7, (len(motion), 2))
    moved = alive(motion, about, ONLY["blinks"])
    assert (apertures(moved) <= apertures(motion) + 0.01).all()
    assert blinks(apertures(moved).sum(1)).sum() > 25
    assert apertures(moved).min() == pytest.approx(-0.01, abs=0.02)


def test_blinks_of_the_motion_fade_as_the_others_come() -> None:
    motion, about = some_motion(), told(state=State.SPEAKING)
    own = np.arange(20, len(motion), 40)
    for frame in range(3):
        motion[own + frame, LIDS[0]] = motion[own + frame, LIDS[1]] = 1.0
    few, many = (apertures(alive(motion, about, replace(OFF, blinks=(much,) * 3))).sum(1) for much in (0.2, 1.0))
    of_motion = apertures(motion).sum(1)
    assert (few[own] < 0.6 * np.median(few)).all() and (few[own] > of_motion[own]).mean() > 0.8
    assert (many[own] > 0.8 * np.median(many)).mean() > 0.7, "they are gone, but where another one is"


def test_blinks_wait_for_the_last_one_whoever_made_it() -> None:
    motion, about = some_motion(), told(state=State.SPEAKING)
    closed = np.flatnonzero(blinks(apertures(alive(motion, about, ONLY["blinks"])).sum(1)))
    assert np.diff(closed).min() * habits.FRAME_S > habits.APART_S - habits.FRAME_S
    lids, moments = Lids(next_s=0.9), []
    for number in range(1, 200):
        shut = 20 <= number < 24
        moment = Moment(0, number, State.SPEAKING, 1.0, 1.0, (0.0, 0.0), shut=shut)
        lids = wink(lids, moment, 1.0, paused=shut, leaps=shut)
        moments.append(lids.blink.closed_s)
    assert not [one for one in moments if 0.9 < one < 23 * habits.FRAME_S + habits.APART_S]
    assert max(moments) > 2, "but there are some"


def test_eyes_stay_on_their_target_while_the_head_turns() -> None:
    motion, about = some_motion(), told()
    motion[:, HEAD_TURN] = 0
    swayed = alive(motion, about, ONLY["sway"])
    held = np.degrees(swayed[:, GAZE.start] + habits.EYES_COUNTER / habits.HEAD_OF_NECK * swayed[:, HEAD_TURN.start])
    assert np.degrees(swayed[:, HEAD_TURN.start]).std() > 1.5
    np.testing.assert_allclose(held, np.degrees(motion[:, GAZE.start]), atol=0.01)
    looked = alive(motion, about, ONLY["gaze"])
    away = np.degrees(looked[:, GAZE]) + habits.EYES_COUNTER * np.degrees(
        looked[:, HEAD_TURN.start : HEAD_TURN.start + 2]
    ) * [1, -1]
    assert np.median(np.linalg.norm(away, axis=1)) < 3 < np.percentile(np.linalg.norm(away, axis=1), 90)


def test_nothing_jumps_where_states_and_wishes_change() -> None:
    """Bounds are what the world's own people reach from frame to frame."""
    motion, about = np.repeat(some_motion(1), NUM_FRAMES, 0), told()
    state, made = ReflexState(), []
    for start in range(0, NUM_FRAMES, 8):
        amount = FULL if start % 400 < 200 else Reflexes(ALL, (0.3, 0.6, 0.9), ALL, ALL, NONE)
        moved, state = enliven(motion[start : start + 8], part(about, start, start + 8), SHAPE, amount, state)
        made.append(moved)
    whole = np.concatenate(made)
    turned = np.abs(np.diff(np.degrees(whole[:, HEAD_TURN]), axis=0)).max(0)
    assert (turned < [2.5, 3.5, 1.5]).all(), turned
    assert np.abs(np.diff(whole[:, LIDS], axis=0)).max() < 1.3


def test_liveliness_moves_the_head_more_and_blinks_the_same() -> None:
    motion, about = some_motion(), told()
    calm, lively = (alive(motion, replace(about, liveliness=much)) for much in (0.5, 2.0))
    spread = [np.degrees(one[:, HEAD_TURN]).std(0).mean() for one in (calm, lively)]
    assert spread[1] > 2 * spread[0]
    calm_blinks, lively_blinks = (blinks(apertures(one).sum(1)).sum() for one in (calm, lively))
    assert abs(calm_blinks - lively_blinks) < 0.1 * calm_blinks


def test_a_restless_head_calms_down_about_where_it_is_held() -> None:
    motion, about = some_motion(), told(state=State.IDLE)
    yaw = HEAD_TURN.start
    now_s = np.arange(len(motion)) / 25
    motion[:, yaw] = 0.2 + 0.05 * np.sin(2 * np.pi * 0.5 * now_s)
    calmed = alive(motion, about, replace(OFF, calm=(0.0, 0.0, 0.6)))[100:, yaw]
    assert calmed.mean() == pytest.approx(0.2, abs=0.01)
    assert calmed.std() / motion[100:, yaw].std() == pytest.approx(0.4, abs=0.08)
    assert np.array_equal(alive(motion, about, replace(OFF, calm=(0.6, 0.6, 0.0))), motion)


def test_amounts_are_shares() -> None:
    motion, about = some_motion(6000), told(6000)
    counts = [
        blinks(apertures(alive(motion, about, replace(OFF, blinks=(much,) * 3))).sum(1)).sum() for much in (0.5, 1)
    ]
    assert 0.35 < counts[0] / counts[1] < 0.65
    only_idle = alive(motion, about, replace(OFF, blinks=(0.0, 0.0, 1.0)))
    shut = blinks(apertures(only_idle).sum(1))
    assert (about.state[shut] == State.IDLE).mean() > 0.8 and shut.sum() > 10


WITHOUT_THE_WORLD = """
import sys
sys.modules["torch"] = sys.modules["scipy"] = None
import llia.stream.enliven
"""


def test_neither_torch_nor_the_worlds_packages_are_needed() -> None:
    subprocess.run([sys.executable, "-c", WITHOUT_THE_WORLD], check=True)
