"""Clips: neighbours touch, the same step gives the same batch, and sound is cut as a live session would hear it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from llia.config import PRESETS
from llia.data.augment import SoundVariety, add_room, stretch_bands, vary_sound
from llia.data.clips import WARM_FRAMES, BatchPlan, Library, draw_batch, draw_length, open_library
from llia.data.pictures import Frames
from llia.data.samples import Sample, Truth
from llia.data.shards import write_shard
from llia.data.sound import Floats, mel_steps, mel_windows, power_of, scaled_of
from llia.data.takes import Take, load_takes, make_take
from llia.data.usual import start_usual, tell_usual

LIVE = PRESETS["live"]
PLAN = BatchPlan(seed=5, num_clips=6)
CLEAN = replace(PLAN, variety=None)
NUM_FRAMES = (120, 75, 200)


def sequence(number: int, num_frames: int, *, frames: Frames | None = None) -> Sample:
    """-> a sample whose motion counts its frames, so that a cut shows where it was made."""
    rng = np.random.default_rng(number)
    own, other = (rng.standard_normal((2, num_frames * 640)) * 0.1).clip(-1, 1).astype(np.float32)
    truth: Truth = {
        "motion": np.repeat(np.arange(num_frames)[:, None] + 1000 * (number + 1), 66, 1).astype(np.float32),
        "state": rng.integers(0, 3, num_frames).astype(np.int8),
        "emotion": rng.random((num_frames, 5), np.float32),
        "viseme": np.arange(num_frames).astype(np.int16),
    }
    return Sample(f"take{number}", truth, {"human": number == 1}, own, other, frames)


def takes() -> list[Take]:
    return [
        make_take(sequence(number, count), LIVE, keep=("viseme",), group="human" if number == 1 else "machine")
        for number, count in enumerate(NUM_FRAMES)
    ]


@pytest.fixture(scope="module")
def library() -> Library:
    return open_library(takes(), LIVE)


def digest(batch: object) -> str:
    """Batch -> a checksum of every number in it."""
    sums = hashlib.sha256()

    def add(value: Any) -> None:
        if is_dataclass(value):
            for field in fields(value):
                add(getattr(value, field.name))
        elif isinstance(value, dict):
            for name in sorted(value):
                add(value[name])
        elif isinstance(value, np.ndarray):
            sums.update(f"{value.shape} {value.dtype}".encode() + value.tobytes())
        else:
            sums.update(repr(value).encode())

    add(batch)
    return sums.hexdigest()


def lengths_of(step_count: int, plan: BatchPlan) -> Counter[int]:
    return Counter(draw_length(plan, LIVE, step) for step in range(step_count))


def test_shapes_are_those_that_are_written_down(library: Library) -> None:
    for step in range(12):
        batch = draw_batch(library, PLAN, LIVE, step)
        length = draw_length(PLAN, LIVE, step)
        for clip in (batch.clip, batch.next):
            assert clip.past.shape == (6, 4, 66) and clip.motion.shape == (6, length, 66)
            assert clip.own.shape == clip.other.shape == (6, length, 29, 32)
            assert clip.own.dtype == clip.motion.dtype == clip.emotion.dtype == np.float32
            assert clip.state.shape == (6, length) and clip.state.dtype == np.int8
            assert clip.emotion.shape == (6, length, 5) and clip.truth["viseme"].shape == (6, length)
            assert clip.own.flags.writeable and clip.own.flags.c_contiguous
            assert clip.pictures is None
        assert batch.first.shape == (6,) and batch.reference.shape == (6, 66) and len(batch.keys) == 6


def test_neighbours_touch_and_references_lie_elsewhere(library: Library) -> None:
    for step in range(40):
        batch = draw_batch(library, CLEAN, LIVE, step)
        clip, following = batch.clip, batch.next
        for item in range(6):
            begin = clip.motion[item, 0, 0]
            length = len(clip.motion[item])
            assert begin == batch.starts[item] + 1000 * (int(batch.keys[item][-1]) + 1)
            assert np.array_equal(clip.motion[item, :, 0], begin + np.arange(length))
            assert np.array_equal(following.motion[item, :, 0], begin + length + np.arange(length))
            assert np.array_equal(following.past[item, :, 0], begin + length + np.arange(-4, 0))
            assert np.array_equal(clip.truth["viseme"][item], batch.starts[item] + np.arange(length))
            if batch.first[item]:
                assert not clip.past[item].any()
            else:
                assert np.array_equal(clip.past[item, :, 0], begin + np.arange(-4, 0))
            away = batch.reference[item, 0] - begin
            assert away < -4 or away >= 2 * length
            assert batch.reference[item, 0] // 1000 == begin // 1000


def test_sound_is_what_a_live_session_hears(library: Library) -> None:
    """Clean windows of a clip are those of the whole sound at those frames, to half precision."""
    sounds = {f"take{number}": sequence(number, count) for number, count in enumerate(NUM_FRAMES)}
    for step in range(8):
        batch = draw_batch(library, CLEAN, LIVE, step)
        length = batch.clip.motion.shape[1]
        for item, (key, start) in enumerate(zip(batch.keys, batch.starts, strict=True)):
            for name in ("own", "other"):
                whole = mel_windows(getattr(sounds[key], name)[None], LIVE)[0]
                here, there = getattr(batch.clip, name)[item], getattr(batch.next, name)[item]
                assert np.abs(here[:, 1:] - whole[start : start + length]).max() < 2e-3
                assert np.abs(there[:, 1:] - whole[start + length : start + 2 * length]).max() < 2e-3
                # What is usual is known from the seconds before; silence before a take counts a little.
                heard = whole[max(0, start - WARM_FRAMES) : start + 2 * length]
                usual = tell_usual(heard[None], start_usual(1, LIVE), LIVE)[0][0, -2 * length :, 0]
                apart = np.abs(np.concatenate([here, there])[:, 0] - usual).max()
                assert apart < (5e-3 if start >= WARM_FRAMES else 0.2)


def test_a_resumed_run_sees_the_same_batches_bit_for_bit(library: Library) -> None:
    whole = [digest(draw_batch(library, PLAN, LIVE, step)) for step in range(6)]
    resumed = [digest(draw_batch(library, PLAN, LIVE, step)) for step in range(3, 6)]
    assert whole[3:] == resumed and len(set(whole)) == 6
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_data_clips as t\n"
        "print(t.digest(t.draw_batch(t.open_library(t.takes(), t.LIVE), t.PLAN, t.LIVE, 4)))"
    )
    command = [sys.executable, "-c", program, str(Path(__file__).parent)]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip() == whole[4]


def test_ranks_share_lengths_and_split_the_slots(library: Library) -> None:
    plan = replace(CLEAN, num_clips=3)
    num_slots = len(library.slots[""])
    seen: Counter[tuple[str, int]] = Counter()
    num_batches = num_slots // 3
    for batch_number in range(num_batches):
        step, rank = divmod(batch_number, 2)
        batch = draw_batch(library, plan, LIVE, step, rank=rank, world_size=2)
        other = draw_batch(library, plan, LIVE, step, rank=1 - rank, world_size=2)
        assert batch.clip.motion.shape[1] == other.clip.motion.shape[1]
        assert digest(batch) != digest(other)
        seen.update((key, (int(start) - 4) // 16) for key, start in zip(batch.keys, batch.starts, strict=True))
    # Each slot once, but where a clip had to move back from the end of its take into the slot before.
    assert sum(seen.values()) == num_batches * 3 and len(seen) > 0.8 * num_batches * 3 and max(seen.values()) <= 3


def test_lengths_follow_their_weights() -> None:
    counts = lengths_of(4000, PLAN)
    assert {length: round(count / 4000, 1) for length, count in counts.items()} == {4: 0.2, 8: 0.2, 12: 0.2, 16: 0.4}
    assert set(lengths_of(50, replace(PLAN, num_longest_steps=50))) == {16}
    with pytest.raises(ValueError, match="a weight for each clip length"):
        draw_length(replace(PLAN, length_weights=(1.0,)), LIVE, 0)


def test_short_clips_begin_without_past_more_often(library: Library) -> None:
    plan = replace(CLEAN, num_clips=40)
    shares: dict[int, list[float]] = {4: [], 16: []}
    for step in range(60):
        length = draw_length(plan, LIVE, step)
        if length in shares:
            shares[length].append(float(draw_batch(library, plan, LIVE, step).first.mean()))
    assert abs(np.mean(shares[4]) - 0.3) < 0.07 and abs(np.mean(shares[16]) - 0.15) < 0.05


def test_groups_have_their_share_of_every_batch(library: Library) -> None:
    plan = replace(CLEAN, group_shares=(("human", 0.5), ("machine", 0.5)))
    for step in range(5):
        assert Counter(draw_batch(library, plan, LIVE, step).keys)["take1"] == 3
    with pytest.raises(ValueError, match="group 'singers', got only human, machine"):
        draw_batch(library, replace(plan, group_shares=(("singers", 1.0),)), LIVE, 0)


def test_clips_come_from_shards_with_their_pictures(tmp_path: Path) -> None:
    frames = np.zeros((120, 16, 16, 3), np.uint8)
    frames += np.arange(120, dtype=np.uint8)[:, None, None, None] * 2  # each picture says its number
    made = [sequence(0, 120, frames=frames), sequence(1, 120, frames=frames)]
    for sample in made:
        write_shard(tmp_path / f"{sample.key}.tar", [sample], {}, LIVE.clock)
    read = load_takes(sorted(tmp_path.glob("*.tar")), LIVE, group_of=lambda about: str(about["human"]))
    assert [(take.key, take.group, take.num_frames) for take in read] == [
        ("take0", "False", 120),
        ("take1", "True", 120),
    ]
    plan = replace(CLEAN, with_pictures=True, num_clips=2)
    batch = draw_batch(open_library(read, LIVE), plan, LIVE, 0)
    for clip in (batch.clip, batch.next):
        assert clip.pictures is not None and clip.past_pictures is not None
        assert np.abs(clip.pictures.mean((2, 3, 4)) / 2 - clip.motion[:, :, 0] % 1000).max() < 1
    assert batch.clip.past_pictures is not None and batch.reference_picture is not None
    assert np.abs(batch.clip.past_pictures.mean((2, 3, 4)) / 2 - (batch.starts[:, None] + np.arange(-4, 0))).max() < 1
    assert np.abs(batch.reference_picture.mean((1, 2, 3)) / 2 - batch.reference[:, 0] % 1000).max() < 1
    with pytest.raises(ValueError, match="got tracks only"):
        draw_batch(open_library(takes(), LIVE), plan, LIVE, 0)


def test_takes_that_clips_cannot_be_cut_from_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 37 frames, got 36"):
        open_library([make_take(sequence(0, 36), LIVE)], LIVE)
    open_library([make_take(sequence(0, 37), LIVE)], LIVE)
    with pytest.raises(ValueError, match="got none"):
        open_library([], LIVE)
    with pytest.raises(ValueError, match="'lip_gap' in the truth of 'take0', got motion"):
        make_take(sequence(0, 40), LIVE, keep=("lip_gap",))
    with pytest.raises(ValueError, match="without; clips cannot be cut from stills"):
        make_take(replace(sequence(0, 40), own=None), LIVE)


def speech_like(num_clips: int = 8) -> Floats:
    """-> mel steps `B K M` of noise that comes and goes."""
    rng = np.random.default_rng(0)
    sound = rng.standard_normal((num_clips, 40 * 640)) * 0.1 * (np.sin(np.arange(40 * 640) / 3000) > 0)
    return mel_steps(sound.astype(np.float32), LIVE)


def test_varied_sound_is_a_function_of_its_chance() -> None:
    steps = speech_like()
    vary = SoundVariety(share=1.0)
    one, same, another = (vary_sound(steps, vary, LIVE.clock, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one, same) and not np.array_equal(one, another)
    assert one.dtype == np.float32 and one.shape == steps.shape and np.isfinite(one).all()
    assert 0.1 < np.abs(one - steps).mean() < 1
    assert np.corrcoef(one.ravel(), steps.ravel())[0, 1] > 0.8  # still the same speech
    untouched = vary_sound(steps, SoundVariety(share=0.0), LIVE.clock, np.random.default_rng(1))
    assert np.array_equal(untouched, steps)


def test_the_share_of_varied_clips_is_kept() -> None:
    steps = np.repeat(speech_like(1), 400, 0)[:, :8]
    varied = vary_sound(steps, SoundVariety(), LIVE.clock, np.random.default_rng(0))
    assert abs((varied != steps).any((1, 2)).mean() - 0.8) < 0.06


def test_a_stretched_mel_axis_moves_a_tone() -> None:
    steps = np.zeros((3, 5, 32), np.float32)
    steps[:, :, 20] = 1
    stretched = stretch_bands(steps, np.array([1.0, 0.8, 1.25]))
    assert np.array_equal(stretched[0], steps[0])
    assert (stretched[1].argmax(1) == 25).all() and (stretched[2].argmax(1) == 16).all()


def test_a_room_rings_as_long_as_it_should() -> None:
    power = np.zeros((2, 61, 4), np.float32)
    power[:, 0] = 1
    with_room = add_room(power, np.array([30.0, 60.0]), np.array([0.1, 0.0]))
    level_db = 10 * np.log10(with_room[0, 1:, 0])
    assert np.allclose(level_db[30] - level_db[0], -60, atol=0.1) and np.allclose(with_room[0, 0], 1)
    assert np.array_equal(with_room[1], power[1])
    steady = add_room(np.ones((1, 400, 4), np.float32), np.array([30.0]), np.array([0.1]))
    decay = np.exp(-np.log(1e6) / 30)
    assert np.allclose(steady[0, -1], 1 + 0.1 * decay, atol=1e-4)


def test_power_and_scale_undo_each_other() -> None:
    steps = speech_like(1)
    assert np.abs(scaled_of(power_of(steps)) - steps).max() < 1e-4
