"""Sound in, motion out: however it is cut, interleaved, saved or run, the same motion; and as it was trained."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from llia.config import PRESETS, Emotion, State
from llia.data.sound import mel_windows
from llia.data.usual import start_usual, tell_usual
from llia.engine.export_players import eager_players, export_players
from llia.engine.players import ABOUT, Players, open_players
from llia.engine.weights import save_weights
from llia.eval.rollout import EDITING, Scenes
from llia.head.measures import SHAPE_NAMES
from llia.head.motion import MOTION_INDEX, MOTION_SIZE
from llia.head.scale import STILL, TORSO, unit_scale
from llia.nets.denoiser import Performer
from llia.stream.plan import plan_clip
from llia.stream.reflexes import OFF
from llia.stream.session import (
    Direction,
    Role,
    StreamState,
    cut,
    frames_ready,
    made_last,
    push,
    role_of,
    start_stream,
    step,
)
from llia.stream.voices import Voice, follow_voices
from llia.train.motion_watch import roll_out
from theatre import CONFIG, SAMPLES, made_performer, talk

Floats = NDArray[np.float32]

LENGTHS, NUM_FRAMES = CONFIG.clips.lengths, 70
AS_IT_COMES = Direction()
AHEAD = CONFIG.sound.frames_ahead
TOLERANCE = 1e-4  # between graphs and torch, after some clips


@pytest.fixture(scope="module")
def performer() -> Performer:
    return made_performer()


@pytest.fixture(scope="module")
def players(performer: Performer) -> Players:
    return eager_players(performer, CONFIG)


@pytest.fixture(scope="module")
def weights(performer: Performer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("players") / "editing.safetensors"
    save_weights(performer, performer.config, path)
    list(export_players(path, path.parent / "graphs"))
    return path


def somebody(players: Players, seed: int = 0) -> Role:
    rng = np.random.default_rng(seed)
    reference = rng.normal(0, 0.1, MOTION_SIZE).astype(np.float32)
    reference[TORSO] = 0
    return role_of(players, reference, np.array([-0.1, 5, 1, 1], np.float32))


def play(
    players: Players, role: Role, state: StreamState, pieces: Iterable[Floats], direction: Direction = AS_IT_COMES
) -> tuple[Floats, StreamState]:
    """Pieces of sound -> the frames of all clips that they suffice for, nothing ever shown, and the last state."""
    made = [np.zeros((0, MOTION_SIZE), np.float32)]
    for piece in pieces:
        state = push(state, piece)
        while frames_ready(state, CONFIG) >= (length := plan_clip(LENGTHS, state.num_frames)):
            motion, state = step(players, role, direction, state, length)
            made.append(motion)
    return np.concatenate(made), state


def cut_up(sound: Floats, sizes: Iterable[int]) -> Iterable[Floats]:
    sizes = list(sizes)
    while len(sound):
        for size in sizes:
            yield sound[:size]
            sound = sound[size:]


@pytest.mark.parametrize("sizes", [(1, 7, 640, 641), (3 * SAMPLES, SAMPLES, 5 * SAMPLES), (160,)], ids=str)
def test_whole_is_pieces_for_any_cut_of_the_sound(players: Players, sizes: tuple[int, ...]) -> None:
    role = somebody(players)
    whole, _ = play(players, role, start_stream(role, CONFIG), [talk()])
    pieces, _ = play(players, role, start_stream(role, CONFIG), cut_up(talk(), sizes))
    assert len(whole) >= NUM_FRAMES - AHEAD - max(LENGTHS)
    assert np.array_equal(whole, pieces)
    assert np.abs(np.diff(whole, axis=0)).max() > 1e-3


def test_sound_matters_and_so_do_seed_and_portrait(players: Players) -> None:
    role, other = somebody(players), somebody(players, seed=1)
    made, _ = play(players, role, start_stream(role, CONFIG), [talk()])
    for different in (
        play(players, role, start_stream(role, CONFIG), [talk(seed=1)]),
        play(players, role, start_stream(role, CONFIG, seed=1), [talk()]),
        play(players, other, start_stream(other, CONFIG), [talk()]),
        play(players, role, start_stream(role, CONFIG), [talk()], Direction(emotion={Emotion.SAD: 1.0})),
        play(players, role, start_stream(role, CONFIG), [talk()], Direction(state=State.IDLE)),
        play(players, role, start_stream(role, CONFIG), [talk()], Direction(liveliness=2.0)),
        play(players, role, start_stream(role, CONFIG), [talk()], Direction(num_steps=2)),
    ):
        assert different[0].shape == made.shape and np.abs(different[0] - made).max() > 1e-3


def test_what_nobody_moves_stays_as_in_the_portrait(players: Players) -> None:
    role = somebody(players)
    made, _ = play(players, role, start_stream(role, CONFIG), [talk()])
    assert (made[:, STILL] == role.reference[:, STILL]).all()


def test_a_frame_waits_for_its_look_ahead_and_no_longer(players: Players) -> None:
    role = somebody(players)
    state = push(start_stream(role, CONFIG), talk()[: (LENGTHS[0] + AHEAD) * SAMPLES - 1])
    assert frames_ready(state, CONFIG) == LENGTHS[0] - 1
    assert frames_ready(push(state, talk()[:1]), CONFIG) == LENGTHS[0]


def test_sound_that_comes_later_changes_nothing(players: Players) -> None:
    role, later = somebody(players), talk().copy()
    known = (LENGTHS[0] + AHEAD) * SAMPLES
    later[known:] = 0.5
    first, _ = play(players, role, start_stream(role, CONFIG), [talk()])
    second, _ = play(players, role, start_stream(role, CONFIG), [later])
    assert np.array_equal(first[: LENGTHS[0]], second[: LENGTHS[0]]) and not np.array_equal(first, second)


def test_interleaved_streams_are_as_alone(players: Players) -> None:
    roles = [somebody(players, seed) for seed in (0, 1)]
    alone = [play(players, role, start_stream(role, CONFIG), [talk(n)])[0] for n, role in enumerate(roles)]
    states = [start_stream(role, CONFIG) for role in roles]
    made: list[list[Floats]] = [[], []]
    for places in np.array_split(np.arange(NUM_FRAMES * SAMPLES), 9):
        for number, role in enumerate(roles):
            motion, states[number] = play(players, role, states[number], [talk(number)[places]])
            made[number].append(motion)
    for number in (0, 1):
        assert np.array_equal(np.concatenate(made[number]), alone[number])


def test_saved_is_continued(players: Players) -> None:
    role, middle = somebody(players), NUM_FRAMES * SAMPLES // 2 + 13
    whole, _ = play(players, role, start_stream(role, CONFIG), [talk()])
    first, state = play(players, role, start_stream(role, CONFIG), [talk()[:middle]])
    kept = pickle.dumps(state)
    second, _ = play(players, role, pickle.loads(kept), [talk()[middle:]])
    assert np.array_equal(np.concatenate([first, second]), whole)
    again, _ = play(players, role, copy.deepcopy(state), [talk()[middle:]])
    assert np.array_equal(again, second)
    assert pickle.dumps(state) == kept, "a state is never written into"


def test_a_cut_clip_goes_on_from_the_frames_that_were_shown(players: Players) -> None:
    role = somebody(players)
    _, before = play(players, role, start_stream(role, CONFIG), [talk()[: 30 * SAMPLES]])
    before = push(before, talk()[30 * SAMPLES :])
    whole, after = step(players, role, Direction(), before, 16)
    made = made_last(after, 16)
    assert pickle.dumps(cut(before, AS_IT_COMES, made, CONFIG)) == pickle.dumps(after)
    state = cut(before, AS_IT_COMES, made[:5], CONFIG)
    assert state.num_frames == before.num_frames + 5
    assert np.array_equal(state.history[0, -5:], made[:5])
    assert frames_ready(state, CONFIG) == frames_ready(before, CONFIG) - 5
    sad, _ = step(players, role, Direction(emotion={Emotion.SAD: 1.0}), state, LENGTHS[0])
    as_it_was, _ = step(players, role, Direction(), state, LENGTHS[0])
    assert np.abs(sad - as_it_was).max() > 1e-3
    slow = MOTION_INDEX["head.yaw"]
    assert np.abs(sad[0, slow] - whole[4, slow]) < 4 * np.abs(np.diff(whole[:, slow])).max(), "no jump"
    unmoved = cut(before, AS_IT_COMES, made[:0], CONFIG)
    assert pickle.dumps(unmoved) == pickle.dumps(before)


def test_no_two_faces_blink_together(players: Players) -> None:
    role = somebody(players)
    other = replace(role, shape=role.shape + np.array([0, 0.2, 0, 0], np.float32))  # a wider mouth
    refitted = replace(role, shape=role.shape + np.float32(1e-5))
    assert start_stream(role, CONFIG).seed == start_stream(refitted, CONFIG).seed
    seeds = {start_stream(one, CONFIG, seed).seed for one in (role, other) for seed in (0, 1)}
    assert len(seeds) == 4
    moved = [play(players, one, start_stream(one, CONFIG), [talk(), talk(1), talk(2)])[0] for one in (role, other)]
    first, second = (one[:, MOTION_INDEX["eyeBlinkLeft"]] > 0.5 for one in moved)
    assert first.any() and second.any() and not np.array_equal(first, second)


@pytest.mark.parametrize("length", LENGTHS)
def test_the_stream_is_what_was_trained(performer: Performer, players: Players, length: int) -> None:
    sound, num_frames = talk(), 48
    rng = np.random.default_rng(3)
    portrait = rng.normal(0, 0.1, (1, MOTION_SIZE)).astype(np.float32)
    portrait[:, TORSO] = 0
    shape = np.array([[-0.1, 5, 1, 1]], np.float32)
    windows = mel_windows(np.stack([sound, np.zeros_like(sound)]), CONFIG)[:, :num_frames]
    voiced = follow_voices(windows, (Voice(), Voice()), CONFIG)[1]
    own, other = np.split(tell_usual(windows, start_usual(2, CONFIG), CONFIG, voiced)[0], 2)
    scenes = Scenes(
        portrait=portrait,
        shape=shape,
        own=own,
        other=other,
        state=np.full((1, num_frames), State.SPEAKING, np.int8),
        told=np.full((1, num_frames), State.SPEAKING, np.int8),
        emotion=np.tile(np.eye(5, dtype=np.float32)[0], (1, num_frames, 1)),
        motion=np.zeros((1, num_frames, MOTION_SIZE), np.float32),
        parted=np.zeros((1, num_frames), bool),
        phones=([],),
        human=np.array([True]),
        number=np.array([0]),
    )
    expected = roll_out(performer, scenes, EDITING, length)[0]
    role = role_of(players, portrait[0], shape[0])
    state, direction, made = (
        replace(push(start_stream(role, CONFIG), sound), seed=0),
        Direction(State.SPEAKING, levelled=False, meeting=0.0, reflexes=OFF),
        [],
    )
    for _ in range(num_frames // length):
        motion, state = step(players, role, direction, state, length)
        made.append(motion)
    assert len(SHAPE_NAMES) == shape.shape[1]
    assert np.abs(np.concatenate(made) - expected).max() < 1e-4


def test_graphs_play_as_torch_does(players: Players, weights: Path) -> None:
    role = somebody(players)
    made, _ = play(players, role, start_stream(role, CONFIG), [talk()])
    graphs = open_players(weights.parent / "graphs", CONFIG)
    role = somebody(graphs)
    by_graphs, _ = play(graphs, role, start_stream(role, CONFIG), [talk()])
    assert by_graphs.shape == made.shape
    assert np.abs(by_graphs - made).max() < TOLERANCE < np.abs(np.diff(made, axis=0)).max() / 10
    kept = open_players(weights.parent, CONFIG, maker="torch")
    assert np.array_equal(play(kept, somebody(kept), start_stream(somebody(kept), CONFIG), [talk()])[0], made)
    assert all(np.array_equal(value, vars(graphs.scale)[name]) for name, value in vars(players.scale).items())
    assert vars(unit_scale(16)).keys() == vars(graphs.scale).keys()


WITHOUT_TORCH = """
import sys, numpy as np
sys.modules["torch"] = None
from pathlib import Path
from llia.config import PRESETS
from llia.engine.players import open_players
from llia.head.motion import rest
from llia.stream import film, performance, session
players = open_players(Path(sys.argv[1]), PRESETS["mini"])
role = session.role_of(players, rest(), np.array([-.1, 5, 1, 1], np.float32))
sound = np.random.default_rng(0).normal(0, .1, (2, 20000)).astype(np.float32)
made = list(performance.perform(players, role, session.Direction(), [sound]))
print(len(made), float(np.abs(np.stack(made)).max()) > 0)
"""


def test_the_product_plays_without_torch(weights: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_TORCH, str(weights.parent / "graphs")]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == ["32", "True"]


def test_another_preset_and_other_formats_are_refused_by_name(weights: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"preset live, got one of mini"):
        open_players(weights.parent, PRESETS["live"], maker="torch")
    with pytest.raises(ValueError, match=r"preset live, got one of mini"):
        open_players(weights.parent / "graphs", PRESETS["live"])
    about = (weights.parent / "graphs" / ABOUT).read_text()
    for other, what in ((1, "format 1, .* format 2; write them again"), (3, "format 3, .* format 2; install a newer")):
        (tmp_path / ABOUT).write_text(about.replace('"format": 2', f'"format": {other}'))
        with pytest.raises(ValueError, match=what):
            open_players(tmp_path, CONFIG)
    (tmp_path / ABOUT).write_text("{")
    with pytest.raises(ValueError, match="expected what belongs to graphs"):
        open_players(tmp_path, CONFIG)
    with pytest.raises(FileNotFoundError, match="llia export"):
        open_players(tmp_path / "nowhere", CONFIG)
