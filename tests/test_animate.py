"""`llia animate`: sound of any kind and length, in step with pictures, painted by anybody; bad input is named."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
import tracemalloc
from dataclasses import replace
from functools import partial
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from typer.testing import CliRunner

from llia.__main__ import app
from llia.codec import Appearance, Codec
from llia.commands.portrait import PORTRAITS
from llia.config import MARK_OF_PORTRAITS
from llia.data.films import SOUND_RATE_HZ, read_frames, save_film
from llia.data.recordings import load_sound, seconds_of, stream_sound
from llia.engine.players import ABOUT, write_about
from llia.head.arkit import read_motion
from llia.head.lids import MOST_BLINK
from llia.head.likeness import Crop
from llia.head.motion import (
    GAZE,
    HEAD_SHIFT,
    HEAD_TURN,
    LIDS,
    MOTION_INDEX,
    MOTION_NAMES,
    MOTION_SIZE,
    RANGES,
    Motion,
    rest,
)
from llia.head.scale import unit_scale
from llia.portrait.pictures import open_picture
from llia.stream.film import SHEET_FRAMES, Scene, film_scene, play, sheet_of
from llia.stream.painting import Decode, Picture, paint_all
from llia.stream.performance import both_voices, lead_head, mixed, perform
from llia.stream.session import Direction, role_of
from standins import Truth, carrying, somebody
from theatre import CONFIG, SAMPLES, made_players, talk

Floats = NDArray[np.float32]

RATE_HZ = CONFIG.clock.sample_rate_hz
PLAYERS = made_players()
SCENE = Scene(None, None, Direction())


# ---- any sound


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 44_100])
@pytest.mark.parametrize("channels", [1, 2, 5])
def test_sound_read_in_pieces_is_the_sound_read_at_once(tmp_path: Path, rate_hz: int, channels: int) -> None:
    tones = [np.sin(np.arange(4 * rate_hz) * (0.05 + 0.01 * channel)) for channel in range(channels)]
    soundfile.write(tmp_path / "a.wav", np.stack(tones, 1).astype(np.float32), rate_hz, subtype="FLOAT")
    whole = load_sound(tmp_path / "a.wav")
    pieces = list(stream_sound(tmp_path / "a.wav"))
    assert len(pieces) >= 2 and np.abs(np.concatenate(pieces, 1)[0] - whole).max() < 1e-6
    both = np.concatenate(list(stream_sound(tmp_path / "a.wav", stereo=True)), 1)
    assert len(both) == (2 if channels == 2 else 1) and np.abs(both.mean(0) - whole).max() < 1e-6
    assert seconds_of(tmp_path / "a.wav") == 4


def test_sound_of_a_film_is_read_in_pieces_too(tmp_path: Path) -> None:
    frames = (np.zeros((64, 64, 3), np.uint8) for _ in range(50))
    tone = np.sin(np.arange(2 * SOUND_RATE_HZ) * 0.05).astype(np.float32)
    save_film(tmp_path / "a.mp4", frames, [tone[None]], MARK_OF_PORTRAITS)
    pieces = list(stream_sound(tmp_path / "a.mp4"))
    assert np.abs(np.concatenate(pieces, 1)[0] - load_sound(tmp_path / "a.mp4")).max() < 1e-6
    assert seconds_of(tmp_path / "a.mp4") == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("num_samples", [1, SAMPLES, SAMPLES + 1, 3 * SAMPLES - 1, 61 * SAMPLES + 7])
def test_a_film_has_a_frame_for_all_of_its_sound(num_samples: int) -> None:
    sound = np.stack([talk()[:num_samples], np.zeros(num_samples, np.float32)])
    role = role_of(PLAYERS, rest(), np.array([-0.1, 5, 1, 1], np.float32))
    whole = list(perform(PLAYERS, role, Direction(), [sound]))
    assert len(whole) == -(-num_samples // SAMPLES)
    pieces = list(perform(PLAYERS, role, Direction(), np.split(sound, range(100, num_samples, 777), 1)))
    assert np.array_equal(whole, pieces)


def test_an_hour_needs_no_more_memory_than_seconds() -> None:
    """Not the hour itself: ten times the length at the same peak."""
    role = role_of(PLAYERS, rest(), np.array([-0.1, 5, 1, 1], np.float32))

    def peak(seconds: int) -> int:
        sound = (np.zeros((2, RATE_HZ), np.float32) for _ in range(seconds))
        tracemalloc.start()
        num_frames = sum(1 for _ in perform(PLAYERS, role, Direction(), sound))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert num_frames == seconds * CONFIG.clock.frames_per_second
        return most

    peak(2)
    assert peak(30) < 1.2 * peak(3)


def test_two_voices_go_side_by_side_and_the_shorter_is_silent_in_the_end() -> None:
    own, other = np.ones((1, 1000), np.float32), np.full((1, 2500), 2, np.float32)
    both = np.concatenate(list(both_voices(np.array_split(own, 7, 1), [other], 300)), 1)
    assert both.shape == (2, 2500)
    assert np.array_equal(both[1], other[0]) and both[0].sum() == 1000
    assert np.concatenate(list(both_voices([own], (), 300)), 1).shape == (2, 1000)
    stereo = np.stack([own[0], 3 * own[0]])
    heard = np.concatenate(list(mixed([stereo], [other], 300)), 1)
    assert heard.shape == (2, 2500) and heard[:, 0].tolist() == [3, 5] and heard[:, -1].tolist() == [2, 2]


# ---- the head of another


def test_a_led_head_goes_to_and_fro() -> None:
    led = np.zeros((3, MOTION_SIZE), np.float32)
    led[:, HEAD_TURN.start], led[:, GAZE] = [0.1, 0.2, 0.3], 9
    made = np.stack(list(lead_head(np.full((8, MOTION_SIZE), 0.5, np.float32), led)))
    assert np.allclose(made[:, HEAD_TURN.start], [0.1, 0.2, 0.3, 0.2, 0.1, 0.2, 0.3, 0.2])
    others = np.setdiff1d(np.arange(MOTION_SIZE), np.r_[HEAD_TURN, HEAD_SHIFT])
    assert (made[:, others] == 0.5).all()
    assert list(lead_head([], led)) == []
    assert len(list(lead_head([rest()] * 3, led[:1]))) == 3


# ---- painting


@pytest.fixture(scope="module")
def appearance() -> Appearance:
    codec = Codec(256, Truth().sights(), carrying(256))
    likeness = somebody(Crop(128, 128, 256), rest())
    rng = np.random.default_rng(0)
    square = rng.integers(0, 256, (256, 256, 3)).astype(np.uint8)
    return codec.open_appearance(square, likeness, 0.0, ())


def painters_of(appearance: Appearance, count: int) -> list[Decode]:
    return [partial(Codec(256, Truth().sights(), carrying(256)).decode, appearance=appearance) for _ in range(count)]


def test_whoever_paints_a_frame_it_is_the_same(appearance: Appearance) -> None:
    motions = np.zeros((12, MOTION_SIZE), np.float32)
    motions[:, MOTION_INDEX["jawOpen"]] = np.linspace(0, 0.6, 12)
    motions[:, HEAD_TURN.start] = np.linspace(-0.2, 0.2, 12)
    alone = list(paint_all(motions, painters_of(appearance, 1)))
    together = list(paint_all(motions, painters_of(appearance, 3)))
    assert np.array_equal(alone, together)
    assert all(not np.array_equal(one, next_one) for one, next_one in itertools.pairwise(alone))


@pytest.mark.parametrize("count", [1, 3])
def test_a_painter_that_fails_is_heard_and_leaves_no_thread(count: int) -> None:
    def paint(motion: Motion) -> Picture:
        if motion[0] == 5:
            raise ValueError("no paint")
        return np.full((2, 2, 3), motion[0], np.uint8)

    before, shown = threading.active_count(), []
    motions = np.repeat(np.arange(40, dtype=np.float32)[:, None], MOTION_SIZE, 1)
    with pytest.raises(ValueError, match="no paint"):
        for picture in paint_all(motions, [paint] * count):
            shown.append(int(picture[0, 0, 0]))
    assert shown == [0, 1, 2, 3, 4] and threading.active_count() == before


def test_who_looks_away_leaves_no_thread() -> None:
    before = threading.active_count()
    pictures = paint_all(np.zeros((100, MOTION_SIZE), np.float32), [lambda _: np.zeros((2, 2, 3), np.uint8)] * 2)
    next(pictures)
    pictures.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before


# ---- the film


def flash(motion: Motion) -> Picture:
    """-> white where the jaw is open."""
    return np.full((64, 64, 3), 255 if motion[MOTION_INDEX["jawOpen"]] > 0.5 else 0, np.uint8)


@pytest.mark.parametrize("rate_hz", [8_000, 44_100])
def test_sound_and_picture_are_in_step(tmp_path: Path, rate_hz: int) -> None:
    num_frames, flash_at = 50, 30
    sound = np.zeros((2 * rate_hz, 2), np.float32)
    sound[flash_at * rate_hz // 25 :][: rate_hz // 50] = 0.9
    soundfile.write(tmp_path / "a.wav", sound, rate_hz)
    motions = np.zeros((num_frames, MOTION_SIZE), np.float32)
    motions[flash_at, MOTION_INDEX["jawOpen"]] = 1
    film_scene(motions, [flash, flash], replace(SCENE, own=tmp_path / "a.wav"), tmp_path / "a.mp4")
    bright = [frame.mean() > 128 for frame in read_frames(tmp_path / "a.mp4")]
    assert len(bright) == num_frames and np.flatnonzero(bright).tolist() == [flash_at]
    heard = np.abs(load_sound(tmp_path / "a.mp4"))
    assert abs(int((heard > 0.3).argmax()) - flash_at * SAMPLES) < SAMPLES / 4
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert container.metadata["comment"] == MARK_OF_PORTRAITS
        assert len(container.streams.audio[0].layout.channels) == 2


def test_a_scene_is_played_within_what_a_head_can_do(tmp_path: Path, appearance: Appearance) -> None:
    soundfile.write(tmp_path / "own.wav", talk(0, 30), RATE_HZ)
    soundfile.write(tmp_path / "other.flac", talk(1, 40), RATE_HZ)
    scene = Scene(tmp_path / "own.wav", tmp_path / "other.flac", Direction())
    assert scene.seconds == pytest.approx(40 / 25)
    motions = np.stack(list(play(PLAYERS, appearance, scene)))
    assert motions.shape == (40, MOTION_SIZE)
    least, most = (np.array([RANGES[name][side] for name in MOTION_NAMES]) for side in (0, 1))
    most[LIDS] = MOST_BLINK  # as far as some people's must go until they meet
    assert (motions >= least - 1e-6).all() and (motions <= most + 1e-6).all()
    alone = np.stack(list(play(PLAYERS, appearance, replace(scene, other=None))))
    assert alone.shape == (30, MOTION_SIZE) and not np.allclose(alone, motions[:30])
    only_listening = np.stack(list(play(PLAYERS, appearance, replace(scene, own=None))))
    assert only_listening.shape == (40, MOTION_SIZE)


def test_a_preview_shows_frames_of_the_whole(appearance: Appearance) -> None:
    motions = np.zeros((100, MOTION_SIZE), np.float32)
    motions[:, MOTION_INDEX["jawOpen"]] = np.arange(100) >= 50
    sheet = sheet_of(list(motions), [flash])
    assert sheet.shape == (4 * 64, 6 * 64, 3)
    tiles = sheet.reshape(4, 64, 6, 64, 3).swapaxes(1, 2).reshape(SHEET_FRAMES, 64, 64, 3)
    assert [tile[32:].mean() > 128 for tile in tiles] == [False] * 12 + [True] * 12
    assert sheet_of(list(motions[:2]), [flash]).shape == (64, 2 * 64, 3)


# ---- what cannot be


def refused(*arguments: object) -> str:
    """-> in which words the command refuses."""
    result = CliRunner().invoke(app, ["animate", *map(str, arguments)])
    assert result.exit_code != 0
    return str(result.exception) if isinstance(result.exception, OSError | ValueError) else result.output


def test_bad_input_is_named_in_one_sentence(tmp_path: Path) -> None:
    graphs = tmp_path / "graphs"
    write_about(graphs / ABOUT, "mini", unit_scale(16))
    good, empty, broken, silent = (tmp_path / name for name in ("good.wav", "empty.wav", "nan.wav", "silent.mp4"))
    soundfile.write(good, talk(0, 10), RATE_HZ)
    empty.write_bytes(b"")
    soundfile.write(broken, np.full(3000, np.nan, np.float32), RATE_HZ, subtype="FLOAT")
    save_film(silent, [np.zeros((64, 64, 3), np.uint8)], None, MARK_OF_PORTRAITS)
    assert "got nothing at" in refused("maeve", tmp_path / "none.wav")
    assert "got an empty file" in refused("maeve", empty)
    assert "expected a sound track" in refused("maeve", silent)
    assert "--other SOUND" in refused("maeve")
    assert "maeve" in refused("mave", good)
    assert ".mp4" in refused("maeve", good, "-o", tmp_path / "a.avi")
    assert ".png" in refused("maeve", good, "--preview", "-o", tmp_path / "a.mp4")
    assert ".csv or .json" in refused("maeve", good, "--motion-out", tmp_path / "a.txt")
    assert "happy=0.7" in refused("maeve", good, "--emotion", "happy")
    assert "preset live, got one of mini" in refused("maeve", good, "--graphs", graphs)
    assert "llia export" in refused("maeve", good, "--graphs", tmp_path)
    assert not list(tmp_path.glob("*.mp4*"))[1:], "nothing is left of what failed"
    with pytest.raises(ValueError, match="NaN"):
        list(stream_sound(broken))


def test_a_film_that_fails_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    sound = np.zeros(3 * RATE_HZ, np.float32)
    sound[-1] = np.nan
    soundfile.write(tmp_path / "a.wav", sound, RATE_HZ, subtype="FLOAT")
    scene, motions = replace(SCENE, own=tmp_path / "a.wav"), np.zeros((75, MOTION_SIZE), np.float32)
    before = threading.active_count()
    with pytest.raises(ValueError, match="NaN"):
        film_scene(motions, [flash], scene, tmp_path / "a.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"] and threading.active_count() == before


WITHOUT_TORCH = """
import sys
sys.modules["torch"] = None
from llia.__main__ import app
app(sys.argv[1:])
"""


def test_what_ships_makes_a_film_without_torch(tmp_path: Path) -> None:
    sound, film, motion = tmp_path / "a.wav", tmp_path / "a.mp4", tmp_path / "a.csv"
    sentence = load_sound(PORTRAITS.parent / "sentence.flac")[: 13 * SAMPLES - 5]
    soundfile.write(sound, sentence, RATE_HZ)
    command = [sys.executable, "-c", WITHOUT_TORCH, "animate", "maeve", sound, "-o", film, "--motion-out", motion]
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert str(film) in result.stdout and "frames a second" in result.stdout
    frames, made = list(read_frames(film)), read_motion(motion)
    assert len(frames) == len(made) == 13 and frames[0].shape == (256, 256, 3)
    portrait = open_picture(PORTRAITS / "maeve.jpg").pixels
    assert abs(float(np.mean(frames[0])) - float(portrait.mean())) < 15, "the portrait, and not another"
    assert made[:, MOTION_INDEX["jawOpen"]].max() > made[0, MOTION_INDEX["jawOpen"]] + 0.05
    assert load_sound(film).size == pytest.approx(13 * SAMPLES, abs=2 * SAMPLES)
