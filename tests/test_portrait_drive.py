"""A filmed face moves a portrait: films read and written, motion carried over, and the commands that do it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from llia.__main__ import app
from llia.codec import Codec
from llia.config import MARK_OF_PORTRAITS
from llia.data.films import SOUND_RATE_HZ, num_frames_of, read_frames, read_sound, save_film
from llia.data.pictures import encode_video
from llia.head.arkit import write_motion_json
from llia.head.likeness import Crop
from llia.head.motion import FACE, GAZE, HEAD_SHIFT, HEAD_TURN, MOTION_INDEX, Motion, rest
from llia.portrait.drive import carry_over, read_performance, steady
from llia.portrait.edit import set_named
from standins import Truth, carrying, somebody, true_points

SIZE_PX = 256
NUMBER_STEP = 8  # between the numbers of frames, so that a little loss of the video does not mix them up
PICTURE_NUMBER = 4


def moved(**values: float) -> Motion:
    return set_named(rest(), {name.replace("_", "."): value for name, value in values.items()})


def tone(seconds: float, hz: float = 440.0) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hz * np.arange(int(seconds * SOUND_RATE_HZ)) / SOUND_RATE_HZ)).astype(np.float32)


def write_video(path: Path, shades: list[int], rate: int, rotation: int = 0, delay_s: float = 0.0) -> None:
    """Writes grey frames, brighter on their left, with a tone that begins when the pictures do or later."""
    with av.open(path, "w", format="matroska") as container:
        video = container.add_stream("ffv1", rate=rate)
        audio = container.add_stream("pcm_s16le", rate=SOUND_RATE_HZ, layout="stereo")
        assert isinstance(video, av.VideoStream) and isinstance(audio, av.AudioStream)
        video.width, video.height, video.pix_fmt = 64, 48, "bgr0"
        for number, shade in enumerate(shades):
            picture = np.full((48, 64, 3), shade, np.uint8)
            picture[:, :8] = 255
            frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format="bgr0")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            container.mux(video.encode(frame))
        container.mux(video.encode())
        sound = (np.stack([tone(len(shades) / rate)] * 2) * 32767).astype(np.int16)
        block = av.AudioFrame.from_ndarray(sound.T.reshape(1, -1).copy(), "s16", "stereo")
        block.sample_rate, block.pts = SOUND_RATE_HZ, int(delay_s * SOUND_RATE_HZ)
        block.time_base = Fraction(1, SOUND_RATE_HZ)
        container.mux(audio.encode(block))
        container.mux(audio.encode())


@pytest.mark.parametrize("rate", [10, 25, 30, 50])
def test_a_video_of_any_rate_is_read_at_ours(rate: int, tmp_path: Path) -> None:
    shades = [10 + 4 * k for k in range(rate)]  # one second
    write_video(tmp_path / "film.mkv", shades, rate)
    frames = [int(frame[24, 40, 0]) for frame in read_frames(tmp_path / "film.mkv")]
    assert len(frames) == pytest.approx(25, abs=3 if rate < 25 else 1)
    expected = [shades[min(len(shades) - 1, math.floor(k * rate / 25 + 1e-9))] for k in range(len(frames))]
    assert np.abs(np.array(frames) - expected).max() <= 4  # times are whole milliseconds: at most one frame off
    assert num_frames_of(tmp_path / "film.mkv") == pytest.approx(25, abs=1)


def test_sound_keeps_its_place(tmp_path: Path) -> None:
    write_video(tmp_path / "film.mkv", [30] * 25, 25, delay_s=0.2)
    sound = read_sound(tmp_path / "film.mkv")
    assert sound is not None and sound.shape[0] == 2
    start = int(np.flatnonzero(np.abs(sound[0]) > 0.01)[0])
    assert start / SOUND_RATE_HZ == pytest.approx(0.2, abs=0.002)
    frames = [np.full((48, 64, 3), 40, np.uint8)] * 25
    save_film(tmp_path / "out.mp4", iter(frames), np.array_split(sound, 7, 1), MARK_OF_PORTRAITS)
    again = read_sound(tmp_path / "out.mp4")
    assert again is not None
    start = int(np.flatnonzero(np.abs(again[0]) > 0.1)[0])
    assert start / SOUND_RATE_HZ == pytest.approx(0.2, abs=0.03)
    save_film(tmp_path / "silent.mp4", iter(frames), None, MARK_OF_PORTRAITS)
    assert read_sound(tmp_path / "silent.mp4") is None
    with av.open(tmp_path / "out.mp4") as film:
        assert film.metadata["comment"] == MARK_OF_PORTRAITS


def test_what_is_no_video_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no film")
    with pytest.raises(ValueError, match="expected a video that can be decoded"):
        list(read_frames(tmp_path / "text.mp4"))
    with pytest.raises(FileNotFoundError, match="expected a video, got nothing"):
        list(read_frames(tmp_path / "gone.mp4"))


def test_motion_is_carried_over_as_changes() -> None:
    portrait = moved(mouthSmileLeft=0.3, head_yaw=0.2, jawOpen=0.1)
    performed = np.stack([moved(jawOpen=0.2, head_yaw=-0.1), moved(jawOpen=0.6, head_yaw=0.1), moved(gaze_yaw=0.2)])
    performed[:, HEAD_SHIFT] += [3, 1, 0]
    performed[1, HEAD_SHIFT] += [1, 0, 0]
    relative = carry_over(performed, portrait, absolute=False)
    assert np.allclose(relative[0], portrait)
    jaw, yaw = MOTION_INDEX["jawOpen"], MOTION_INDEX["head.yaw"]
    assert relative[1, jaw] == pytest.approx(0.5) and relative[1, yaw] == pytest.approx(0.4)
    assert relative[1, HEAD_SHIFT] == pytest.approx([1, 0, 0])
    assert relative[2, jaw] == 0 and relative[2, GAZE.start] == pytest.approx(0.2)
    assert relative[2, MOTION_INDEX["eyeLookOutLeft"]] > 0.3
    absolute = carry_over(performed, portrait, absolute=True)
    assert np.allclose(absolute[:2, FACE], performed[:2, FACE]) and absolute[1, yaw] == np.float32(0.1)
    assert absolute[1, HEAD_SHIFT] == pytest.approx([1, 0, 0])


def test_steadying_leaves_slow_turns_and_all_of_the_face() -> None:
    rng = np.random.default_rng(0)
    motion = np.zeros((100, 66), np.float32)
    motion[:, HEAD_TURN.start] = 0.3 * np.sin(np.arange(100) / 12)
    motion[:, FACE] = rng.uniform(0, 1, (100, 54))
    noisy = motion.copy()
    noisy[:, HEAD_TURN] += rng.normal(0, 0.01, (100, 3))
    calm = steady(noisy)
    assert np.array_equal(calm[:, FACE], motion[:, FACE])
    errors = [np.abs(one[:, HEAD_TURN] - motion[:, HEAD_TURN])[3:-3].mean() for one in (noisy, calm)]
    assert errors[1] < 0.65 * errors[0]


@pytest.fixture
def performance(tmp_path: Path) -> tuple[Truth, Path, list[Motion]]:
    """-> what stand-ins know, a film of a face, and its true motions; in one frame the face is gone."""
    truth, motions, frames = Truth(), [], []
    performer = somebody(Crop(170, 150, 260), moved(jawOpen=0.1), seed=7)
    for number in range(10):
        motion = moved(jawOpen=0.1 + 0.05 * number, head_yaw=0.02 * number)
        motions.append(motion)
        points = [] if number == 6 else [true_points(performer, motion)]
        frames.append(truth.paint(40 + NUMBER_STEP * number, 320, 288, *points))
    (tmp_path / "talk.mp4").write_bytes(encode_video(np.stack(frames), 25))
    return truth, tmp_path / "talk.mp4", motions


def test_a_performance_is_read_off_a_video(performance: tuple[Truth, Path, list[Motion]]) -> None:
    truth, video, motions = performance
    filmed = read_performance(video, truth.sights())
    assert filmed.seen.tolist() == [number != 6 for number in range(10)]
    assert "1 of 10 frames show no face" in filmed.warnings[-1]
    assert np.array_equal(filmed.motion[6, FACE], filmed.motion[5, FACE])
    change, true = (one - one[0] for one in (filmed.motion, np.stack(motions)))
    kept = filmed.seen
    jaw, yaw = MOTION_INDEX["jawOpen"], MOTION_INDEX["head.yaw"]
    assert np.corrcoef(change[kept, jaw], true[kept, jaw])[0, 1] > 0.99
    assert np.abs(change[kept, jaw] - true[kept, jaw]).max() < 0.12
    assert np.abs(change[kept, yaw] - true[kept, yaw]).max() < 0.02
    nobody = Truth()
    frames = [nobody.paint(9, 64, 64)] * 3
    (video.parent / "empty.mp4").write_bytes(encode_video(np.stack(frames), 25))
    with pytest.raises(ValueError, match="expected a face in the first 10 s"):
        read_performance(video.parent / "empty.mp4", nobody.sights())


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(performance: tuple[Truth, Path, list[Motion]], monkeypatch: pytest.MonkeyPatch) -> Command:
    """-> runs `llia portrait` with stand-ins for the networks: exit code, what it prints, what it warns of."""
    truth = performance[0]
    monkeypatch.setattr(
        "llia.commands.portrait.open_networks",
        lambda size_px, *others: Codec(size_px, truth.sights(), carrying(size_px)),
    )
    monkeypatch.delenv("LLIA_CONSENT", raising=False)

    def run(*arguments: object) -> tuple[int, str, str]:
        result = CliRunner().invoke(app, ["portrait", *map(str, arguments)])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return run


@pytest.fixture
def photo(performance: tuple[Truth, Path, list[Motion]], tmp_path: Path) -> tuple[Path, np.ndarray]:
    """-> a picture of somebody, stored on its side, and where the landmarks truly are."""
    likeness = somebody(Crop(330, 260, 330), moved(mouthSmileLeft=0.2), seed=3)
    points = true_points(likeness, likeness.motion)
    picture = performance[0].paint(PICTURE_NUMBER, 640, 480, points)
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(picture).transpose(Image.Transpose.ROTATE_90).save(tmp_path / "photo.png", exif=exif)
    return tmp_path / "photo.png", points


def test_look_tells_and_draws(command: Command, photo: tuple[Path, np.ndarray], tmp_path: Path) -> None:
    path, points = photo
    code, told, _ = command("look", path, "--json", "-o", tmp_path / "look.png")
    seen = json.loads(told)
    assert code == 0 and seen["found"] and seen["faces"] == 1
    assert {"certainty", "landmarks68", "box", "likeness", "residual", "ms", "warnings"} <= seen.keys()
    assert np.abs(np.array(seen["landmarks68"]) - points[:68]).max() < 0.5
    with Image.open(tmp_path / "look.png") as drawn:
        assert drawn.size == (1024, 1024)
    Image.fromarray(np.full((300, 300, 3), 200, np.uint8)).save(tmp_path / "wall.png")
    code, told, _ = command("look", tmp_path / "wall.png", "--json", "-o", tmp_path / "look.png")
    assert code == 1 and json.loads(told)["found"] is False and "found none" in json.loads(told)["why"]
    (tmp_path / "text.png").write_text("no picture")
    code, told, _ = command("look", tmp_path / "text.png", "--json")
    assert code == 1 and json.loads(told)["found"] is False and "expected a picture" in json.loads(told)["why"]
    code, told, _ = command("look", tmp_path / "gone.png", "--json")
    assert code == 1 and "got nothing" in json.loads(told)["why"]
    code, told, _ = command("look", path)
    assert code == 0 and told.startswith("a face, certainty")
    low = points[:68].min(0)
    code, told, _ = command("look", path, "--json", "--use-as-is", "--box", f"{low[0]},{low[1]},150")
    assert code == 0 and json.loads(told)["found"]
    with pytest.raises(ValueError, match="--use-as-is and --box together"):
        command("look", path, "--use-as-is")


def test_pose_changes_the_picture(
    command: Command, photo: tuple[Path, np.ndarray], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = photo
    code, _, warned = command("pose", path, "-o", tmp_path / "own.png")
    assert code == 0 and "only if it is your own" in warned
    code, _, warned = command(
        "pose", path, "--set", "jawOpen=.5", "--set", "head.yaw=-.2", "--emotion", "happy=.7", "-o", tmp_path / "a.png",
        "--quiet",
    )  # fmt: skip
    assert code == 0 and warned == ""
    own, other = (np.asarray(Image.open(tmp_path / name)) for name in ("own.png", "a.png"))
    assert own.shape == other.shape == (SIZE_PX, SIZE_PX, 3) and np.abs(own.astype(int) - other).max() > 8
    monkeypatch.setenv("LLIA_CONSENT", "1")
    code, _, warned = command("pose", path, "--sheet", "-o", tmp_path / "sheet.png", "--size", "384")
    assert code == 0 and warned == ""
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.width == 6 * 384 and sheet.height >= 4 * 384 and MARK_OF_PORTRAITS in str(sheet.info)
    with pytest.raises(ValueError, match="no motion is called 'jawOpn'"):
        command("pose", path, "--set", "jawOpn=.5", "-o", tmp_path / "a.png")
    with pytest.raises(ValueError, match="expected either --sheet"):
        command("pose", path, "--sheet", "--set", "jawOpen=.5")


def test_drive_makes_a_film(
    command: Command, photo: tuple[Path, np.ndarray], performance: tuple[Truth, Path, list[Motion]], tmp_path: Path
) -> None:
    path, video = photo[0], performance[1]
    code, _, warned = command("drive", path, video, "-o", tmp_path / "out.mp4")
    assert code == 0 and "in the video, 1 of 10 frames show no face" in warned
    frames = list(read_frames(tmp_path / "out.mp4"))
    assert len(frames) == 10 and frames[0].shape == (SIZE_PX, SIZE_PX, 3)
    assert np.abs(frames[0].astype(int) - frames[9]).max() > 8
    (tmp_path / "motion.json").write_text(write_motion_json(np.stack(performance[2])))
    code, _, _ = command(
        "drive", path, "--motion", tmp_path / "motion.json", "-o", tmp_path / "whole.mp4", "--paste-back", "--quiet"
    )
    assert code == 0
    pasted = list(read_frames(tmp_path / "whole.mp4"))
    assert len(pasted) == 10 and pasted[0].shape == (480, 640, 3)
    assert np.abs(pasted[0][:40].astype(int) - pasted[9][:40]).max() < 6  # away from the face nothing moves
    with pytest.raises(ValueError, match="got both or neither"):
        command("drive", path, "-o", tmp_path / "out.mp4")
