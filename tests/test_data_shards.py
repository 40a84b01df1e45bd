"""Shards: what went in comes out, the same samples give the same bytes, and nothing half made is read as whole."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pytest

from llia.config import Clock
from llia.data.pictures import Frames, decode_jpeg, decode_video, encode_jpeg, encode_video
from llia.data.samples import Sample
from llia.data.shards import (
    check_shard,
    find_shard,
    list_shards,
    locate_samples,
    manifest_path,
    read_shard,
    write_shard,
)

CLOCK = Clock()
ABOUT = {"seed": 1, "hours": 0.5, "size_px": 48}


def film(num_frames: int, seed: int) -> Frames:
    """-> a smooth pattern of saturated colours that moves, F H W 3."""
    phase = np.random.default_rng(seed).uniform(0, 6, 3)
    y, x, time = np.meshgrid(np.arange(48), np.arange(48), np.arange(num_frames), indexing="ij")
    waves = [np.sin(x / 7 + y / 9 + time / 5 + shift) for shift in phase]
    return np.ascontiguousarray((np.stack(waves, -1) * 127 + 128).astype(np.uint8).transpose(2, 0, 1, 3))


def sequence(key: str, num_frames: int = 20, seed: int = 0, *, stills: bool = False) -> Sample:
    """-> a sample of chance."""
    rng = np.random.default_rng(seed)
    sounds = rng.uniform(-0.5, 0.5, (2, num_frames * CLOCK.samples_per_frame)).astype(np.float32)
    truth = {
        "motion": rng.standard_normal((num_frames, 66)).astype(np.float32),
        "emotion": rng.random((num_frames, 5), np.float32),
        "identity": rng.standard_normal(40).astype(np.float32),
    }
    own, other = (None, None) if stills else sounds
    return Sample(key, truth, {"person": seed}, own, other, film(num_frames, seed), stills)


def samples() -> Iterator[Sample]:
    yield sequence("one", seed=1)
    yield sequence("two", seed=2)
    yield sequence("stills", 3, seed=3, stills=True)


def test_what_went_in_comes_out(tmp_path: Path) -> None:
    path = tmp_path / "new" / "train-0000.tar"
    manifest = write_shard(path, samples(), ABOUT, CLOCK)
    assert (manifest.num_samples, manifest.num_frames, manifest.num_bytes) == (3, 43, path.stat().st_size)
    read = list(read_shard(path, CLOCK))
    for came, went in zip(read, samples(), strict=True):
        assert (came.key, came.about, came.stills) == (went.key, went.about, went.stills)
        assert came.truth.keys() == went.truth.keys()
        assert all(np.array_equal(came.truth[name], went.truth[name]) for name in went.truth)
        if went.own is None or went.other is None:
            assert came.own is None and came.other is None
        else:
            assert came.own is not None and np.abs(came.own - went.own).max() <= 1 / 65_535
            assert came.other is not None and np.abs(came.other - went.other).max() <= 1 / 65_535
        assert came.frames is not None and went.frames is not None
        assert peak_signal_to_noise(came.frames, went.frames) > (38 if went.stills else 44)
    assert all(sample.frames is None for sample in read_shard(path, CLOCK, with_frames=False))
    assert list_shards(path.parent) == [path]


def peak_signal_to_noise(one: Frames, other: Frames) -> float:
    """-> how near, in dB."""
    return float(10 * np.log10(255**2 / ((one.astype(float) - other) ** 2).mean()))


def test_video_keeps_colours_and_gives_any_run_of_frames() -> None:
    frames = film(30, 0)
    data = encode_video(frames, 25)
    whole = decode_video(data)
    assert np.abs((whole.astype(float) - frames).mean((0, 1, 2))).max() < 0.3  # no cast in any channel
    for first in (0, 1, 7, 8, 9, 25):
        assert np.array_equal(decode_video(data, first, 5), whole[first : first + 5])
    with pytest.raises(ValueError, match="expected 5 frames from number 28"):
        decode_video(data, 28, 5)
    with pytest.raises(ValueError, match="expected an mp4"):
        decode_video(b"no video at all" * 100)
    with pytest.raises(ValueError, match="even sides"):
        encode_video(frames[:, 1:], 25)
    with pytest.raises(ValueError, match="expected a JPEG"):
        decode_jpeg(b"")
    assert peak_signal_to_noise(decode_jpeg(encode_jpeg(frames[0])), frames[0]) > 38


def test_the_tar_is_one_that_others_read(tmp_path: Path) -> None:
    write_shard(tmp_path / "a.tar", samples(), ABOUT, CLOCK)
    with tarfile.open(tmp_path / "a.tar") as tar:
        names = tar.getnames()
        assert {(member.mtime, member.uid, member.uname, member.mode) for member in tar} == {(0, 0, "", 0o644)}
    assert names[:5] == ["one.video.mp4", "one.own.flac", "one.other.flac", "one.truth.npz", "one.json"]
    assert names[10:] == [
        "stills.0000.jpg", "stills.0001.jpg", "stills.0002.jpg", "stills.truth.npz", "stills.json"
    ]  # fmt: skip
    key, places = next(locate_samples(tmp_path / "a.tar"))
    start, size = places["video.mp4"]
    assert key == "one"
    assert decode_video((tmp_path / "a.tar").read_bytes()[start : start + size]).shape == (20, 48, 48, 3)


def test_same_samples_same_bytes_in_another_process_too(tmp_path: Path) -> None:
    write_shard(tmp_path / "a.tar", samples(), ABOUT, CLOCK)
    program = (
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "from pathlib import Path; import test_data_shards as t\n"
        "t.write_shard(Path(sys.argv[1]), t.samples(), t.ABOUT, t.CLOCK)"
    )
    subprocess.run([sys.executable, "-c", program, tmp_path / "b.tar", Path(__file__).parent], check=True)
    assert (tmp_path / "a.tar").read_bytes() == (tmp_path / "b.tar").read_bytes()
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_only_what_is_missing_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    assert find_shard(path, ABOUT) is None
    manifest = write_shard(path, samples(), ABOUT, CLOCK)
    assert find_shard(path, ABOUT) == manifest
    with pytest.raises(ValueError, match=r"made with seed=2, got one with 1; choose another folder"):
        find_shard(path, ABOUT | {"seed": 2})
    path.unlink()  # a manifest alone is no shard
    assert find_shard(path, ABOUT) is None
    with pytest.raises(FileNotFoundError, match="got none; make some"):
        list_shards(tmp_path)
    with pytest.raises(FileNotFoundError, match="got nothing at"):
        list_shards(tmp_path / "none")


def spoil(path: Path, how: str) -> None:
    """Do to a whole shard what crashes, disks and people do."""
    data = path.read_bytes()
    match how:
        case "truncated":
            path.write_bytes(data[:-10_240])
        case "cut between samples":
            path.write_bytes(data[: next(iter(locate_second(path)))])
        case "damaged":
            path.write_bytes(data[:3000] + bytes([data[3000] ^ 1]) + data[3001:])
        case "without manifest":
            manifest_path(path).unlink()
        case "with half a manifest":
            manifest_path(path).write_text(manifest_path(path).read_text()[:50])
        case "of another format":
            manifest_path(path).write_text(manifest_path(path).read_text().replace('"format": 1', '"format": 99'))


def locate_second(path: Path) -> Iterator[int]:
    """-> where the second sample begins: a cut there leaves a tar that looks healthy."""
    _, (_, places) = list(locate_samples(path))[:2]
    yield places["video.mp4"][0] - 512


@pytest.mark.parametrize(
    "how",
    ["truncated", "cut between samples", "damaged", "without manifest", "with half a manifest", "of another format"],
)
def test_a_spoiled_shard_is_never_read(how: str, tmp_path: Path) -> None:
    path = tmp_path / "train-0007.tar"
    write_shard(path, samples(), ABOUT, CLOCK)
    spoil(path, how)
    with pytest.raises(ValueError, match=r"train-0007.*delete it and its \.json and run the same command") as caught:
        next(read_shard(path, CLOCK))
    assert "\n" not in str(caught.value)
    if how != "damaged":  # whose size is right: found when it is read
        with pytest.raises(ValueError, match="delete it"):
            list_shards(tmp_path)
        with pytest.raises(ValueError, match="delete it"):
            find_shard(path, ABOUT)
    path.unlink()
    manifest_path(path).unlink(missing_ok=True)
    assert find_shard(path, ABOUT) is None
    write_shard(path, samples(), ABOUT, CLOCK)
    check_shard(path, every_byte=True)


class FullDisk(io.FileIO):
    """A file on a disk that is full after some bytes."""

    def __init__(self, path: Path, room: int) -> None:
        super().__init__(path, "wb")
        self.room = room

    def write(self, data: Any) -> int:
        self.room -= len(data)
        if self.room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(data)


@pytest.mark.parametrize("room", [0, 30_000])
def test_a_full_disk_leaves_nothing(room: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def open_full(path: Path, mode: str) -> BinaryIO:
        assert mode == "wb"
        return io.BufferedWriter(FullDisk(path, room))

    monkeypatch.setattr(Path, "open", open_full)
    with pytest.raises(OSError, match=r"expected room for .*No space left") as caught:
        write_shard(tmp_path / "a.tar", samples(), ABOUT, CLOCK)
    assert caught.value.errno == errno.ENOSPC and "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_limit_of_the_system_leaves_nothing(tmp_path: Path) -> None:
    """The same with a real refusal by the kernel: no file may grow beyond 50 kB."""
    program = (
        "import resource, sys; sys.path.insert(0, sys.argv[2])\n"
        "from pathlib import Path; import test_data_shards as t\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "try: t.write_shard(Path(sys.argv[1]), t.samples(), t.ABOUT, t.CLOCK)\n"
        "except OSError as error: print(error)"
    )
    command = [sys.executable, "-B", "-c", program, str(tmp_path / "a.tar"), str(Path(__file__).parent)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "expected room for" in done.stdout and done.stdout.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_maker_that_fails_leaves_nothing_and_keeps_its_error(tmp_path: Path) -> None:
    def failing() -> Iterator[Sample]:
        yield sequence("one")
        raise PermissionError(errno.EACCES, "the voice may not be started")

    with pytest.raises(PermissionError, match="the voice may not be started"):
        write_shard(tmp_path / "a.tar", failing(), ABOUT, CLOCK)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    places = [tmp_path / "file" / "a.tar"]
    if os.geteuid() != 0:  # the administrator may write anywhere
        (tmp_path / "closed").mkdir(mode=0o500)
        places.append(tmp_path / "closed" / "a.tar")
    for path in places:
        with pytest.raises(OSError, match=r"expected a folder that can be written to.*; choose another"):
            write_shard(path, samples(), ABOUT, CLOCK)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"key": "a.b"}, "without dots"),
        ({"truth": {"state": np.zeros(20)}}, "'motion'"),
        ({"truth": {"motion": np.array([None] * 20)}}, "numbers"),
        ({"own": np.zeros(8000, np.float32)}, "expected 12800 samples of the own voice"),
        ({"other": np.full(12_800, 1.2, np.float32)}, "within"),
        ({"frames": film(19, 0)}, "expected 20 pictures"),
        ({"frames": film(20, 0).astype(np.float32)}, "uint8"),
    ],
)
def test_a_sample_that_does_not_fit_together_is_refused(changes: dict[str, Any], what: str, tmp_path: Path) -> None:
    bad = Sample(**(vars(sequence("one")) | changes))
    with pytest.raises(ValueError, match=what):
        write_shard(tmp_path / "a.tar", [bad], ABOUT, CLOCK)
    with pytest.raises(ValueError, match="'one' twice"):
        write_shard(tmp_path / "a.tar", [sequence("one"), sequence("one")], ABOUT, CLOCK)
    assert list(tmp_path.iterdir()) == []
