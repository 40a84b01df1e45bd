"""Shards of the world's people: the same bytes however they are made, whole or not there."""

from __future__ import annotations

import hashlib
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from llia.config import Clock
from llia.data.samples import Sample
from llia.data.shards import list_shards, read_shard
from llia.head.motion import MOTION_INDEX
from llia.head.scale import SLOW, STILL
from llia.world.people.casting import HELD_OUT_FROM
from llia.world.shoot.dataset import STILLS_PER_SAMPLE, make_shards
from llia.world.shoot.recording import make_tracks_sample
from llia.world.shoot.stills import make_stills_sample

SIZE_PX = 48
PATIENCE_S = 60.0
# The command, hearing Ctrl-C even where these tests run in the background: what does so is deaf to it.
HEARING = """
import signal
from llia.__main__ import main
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""
TWO_SAMPLES = 2 * STILLS_PER_SAMPLE / 1000  # thousands of stills


def make_stills(folder: Path, *, hours: float = TWO_SAMPLES, workers: int = 1, held_out: bool = False) -> list[Path]:
    return make_shards(
        folder, hours=hours, size_px=SIZE_PX, workers=workers, stills=True, held_out=held_out, samples_per_shard=1
    )


def checksums(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def samples_of(folder: Path) -> list[Sample]:
    return [sample for path in list_shards(folder) for sample in read_shard(path, Clock())]


@pytest.fixture(scope="module")
def stills(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stills")
    make_stills(folder)
    return folder


def test_two_workers_make_the_same_bytes_as_one(stills: Path, tmp_path: Path) -> None:
    make_stills(tmp_path, workers=2)
    assert checksums(tmp_path) == checksums(stills)


def test_interrupted_and_resumed_is_the_same_as_uninterrupted(stills: Path, tmp_path: Path) -> None:
    make_stills(tmp_path, hours=TWO_SAMPLES / 2)
    (first,) = tmp_path.glob("*.tar")
    made_at = first.stat().st_mtime_ns
    (tmp_path / ".stills-000-00001.tar.part").write_bytes(b"what a stopped command left")
    make_stills(tmp_path)
    assert first.stat().st_mtime_ns == made_at
    assert checksums(tmp_path) == checksums(stills)


def test_stills_hold_what_is_true_of_them(stills: Path) -> None:
    first, second = samples_of(stills)
    for sample in (first, second):
        assert sample.stills and sample.frames is not None
        assert sample.frames.shape == (STILLS_PER_SAMPLE, SIZE_PX, SIZE_PX, 3)
        assert sample.truth["points"].shape == (STILLS_PER_SAMPLE, 150, 3)
        assert sample.truth["camera"].shape == (STILLS_PER_SAMPLE, 5)
        assert len(np.unique(sample.truth["camera"], axis=0)) == 4
        assert sample.truth["mask"].shape == (STILLS_PER_SAMPLE, SIZE_PX // 4, SIZE_PX // 4)
    assert (first.truth["identity"] != second.truth["identity"]).any()


def test_people_held_out_are_others(stills: Path, tmp_path: Path) -> None:
    make_stills(tmp_path, hours=TWO_SAMPLES / 2, held_out=True)
    (kept,) = samples_of(tmp_path)
    assert kept.about["person"]["seed"] >= HELD_OUT_FROM > samples_of(stills)[0].about["person"]["seed"]
    assert (kept.truth["identity"] != samples_of(stills)[0].truth["identity"]).any()


def test_nobody_moves_what_streams_keep_still() -> None:
    motion = np.concatenate([make_tracks_sample(number, 6.0, held_out=False).truth["motion"] for number in range(3)])
    assert tuple(channel for channel in SLOW if np.ptp(motion[:, channel]) == 0) == STILL


def test_people_held_out_move_by_chance_of_their_own() -> None:
    tracks = [make_tracks_sample(3, 6.0, held_out=held_out) for held_out in (False, True)]
    yaw, held_out_yaw = (sample.truth["motion"][:, MOTION_INDEX["torso.yaw"]] for sample in tracks)
    assert abs(np.corrcoef(yaw, held_out_yaw)[0, 1]) < 0.8
    assert tracks[0].key != tracks[1].key
    faces = [make_stills_sample(3, 32, 4, held_out=held_out).truth["motion"][:2] for held_out in (False, True)]
    assert not np.isclose(faces[0], faces[1]).all(1).any()


def test_other_settings_in_the_same_folder_are_refused(stills: Path) -> None:
    with pytest.raises(ValueError, match="size_px"):
        make_shards(stills, hours=TWO_SAMPLES, size_px=64, stills=True, samples_per_shard=1)


def test_film_and_tracks_agree_in_length_and_truth(tmp_path: Path) -> None:
    make_shards(tmp_path / "film", hours=1 / 360, size_px=32)
    make_shards(tmp_path / "tracks", hours=1 / 180, tracks_only=True)
    (film,), (tracks,) = samples_of(tmp_path / "film"), samples_of(tmp_path / "tracks")
    assert film.frames is not None and tracks.frames is None
    for sample, seconds in ((film, 10), (tracks, 20)):
        frames = seconds * Clock().frames_per_second
        assert sample.own is not None and sample.other is not None
        assert len(sample.own) == len(sample.other) == frames * Clock().samples_per_frame
        assert sample.truth["motion"].shape == (frames, 66)
        for name in ("state", "viseme", "phone", "lip_gap", "lip_width", "eye_left", "eye_right", "parted", "emotion"):
            assert len(sample.truth[name]) == frames
        assert sample.truth["phone"].max() < len(sample.about["phones"])
    assert film.frames.shape == (250, 32, 32, 3)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hours": 0.0}, "hours"),
        ({"seed": -1}, "seed"),
        ({"size_px": 31}, "even"),
        ({"stills": True, "tracks_only": True}, "both"),
    ],
)
def test_senseless_orders_are_refused(tmp_path: Path, changes: dict[str, float], message: str) -> None:
    arguments: dict[str, float] = {"hours": 0.01} | changes
    with pytest.raises(ValueError, match=message):
        make_shards(tmp_path, **arguments)  # type: ignore[arg-type]


def run_shards(folder: Path, *, limit_bytes: int | None = None) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it; a limit on the size of files stands for a disk that fills up."""

    def limit() -> None:
        if limit_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))

    command = [sys.executable, "-m", "llia", "world", "shards", "--stills", "--hours", "0.016", "--size", "48"]
    environment = os.environ | {"PYTHONPATH": "src"}
    return subprocess.run(
        [*command, "--out", str(folder)], check=False, capture_output=True, text=True, preexec_fn=limit,
        env=environment,
    )  # fmt: skip


def test_a_full_disk_is_one_line_and_leaves_no_shard(tmp_path: Path) -> None:
    done = run_shards(tmp_path, limit_bytes=8192)
    assert done.returncode == 1
    assert "room for" in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
    make_shards(tmp_path, hours=0.016, size_px=SIZE_PX, stills=True)  # room has been made: the same command goes on
    assert len(samples_of(tmp_path)) == 1


def test_stopped_by_hand_it_ends_at_once_and_leaves_nothing_half(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HEARING, "world", "shards", "--stills", "--hours", "8", "--size", "48"]
    environment = os.environ | {"PYTHONPATH": "src"}
    process = subprocess.Popen(
        [*command, "--workers", "2", "--out", str(tmp_path)], stderr=subprocess.PIPE, text=True, env=environment,
        start_new_session=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + PATIENCE_S
        while not list(tmp_path.glob(".*.part")) and time.monotonic() < deadline:
            time.sleep(0.1)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the command and its workers alike
        _, told = process.communicate(timeout=PATIENCE_S)
    finally:
        process.kill()
    assert process.returncode == 130
    assert told == "llia: stopped; whole shards are kept, the same command goes on from there\n"
    assert list(tmp_path.glob(".*.part")) == []


def test_a_folder_that_cannot_be_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    done = run_shards(tmp_path / "file" / "shards")
    assert done.returncode == 1
    assert "folder" in done.stderr and "Traceback" not in done.stderr
