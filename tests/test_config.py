"""Sizes divide exactly, records survive JSON both ways, and what does not fit is refused by name."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from llia.config import (
    PRESETS,
    Clips,
    Clock,
    Config,
    Emotion,
    Picture,
    adjust,
    divide_exactly,
    from_json,
    parse_changes,
    parse_emotions,
    read_record,
    to_json,
    write_record,
)


def parts_of(record: Any) -> list[Any]:
    """-> the record and every record inside it."""
    parts = [record]
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        if dataclasses.is_dataclass(value):
            parts += parts_of(value)
    return parts


@pytest.mark.parametrize("name", PRESETS)
def test_every_derived_number_is_whole_and_positive(name: str) -> None:
    derived = 0
    for part in parts_of(PRESETS[name]):
        for key, member in vars(type(part)).items():
            if isinstance(member, property):
                value = getattr(part, key)
                assert isinstance(value, int) and value > 0, f"{type(part).__name__}.{key} = {value!r}"
                derived += 1
    assert derived >= len(("samples_per_frame", "frames_heard", "pixels_per_guide_pixel", "samples_per_window"))


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_survives_json(name: str) -> None:
    config = PRESETS[name]
    assert config.name == name
    assert from_json(Config, json.loads(json.dumps(to_json(config)))) == config


def test_the_numbers_of_live_are_those_that_the_rest_counts_on() -> None:
    live = PRESETS["live"]
    assert (live.clock.samples_per_frame, live.clock.frame_ms, live.clock.mel_steps_per_frame) == (640, 40, 4)
    assert (live.clock.samples_per_mel_step, live.samples_per_window) == (160, 400)
    assert (live.sound.frames_heard, live.mel_steps_heard, live.lookahead_ms) == (7, 28, 80)
    assert live.picture.pixels_per_guide_pixel * live.picture.guide_px == live.picture.size_px


def test_a_record_cannot_be_changed_in_place() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        PRESETS["live"].name = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"name": "x", "sise": 3}, r"Config: sise: unknown key, got 3"),
        ({"name": "x", "sound": {"mell_bins": 32}}, r"Config: sound\.mell_bins: unknown key, got 32"),
        ({}, r"Config: name: .*required"),
        ({"name": "x", "clock": {"frames_per_second": 0}}, r"clock\.frames_per_second: .*greater than 0, got 0"),
        ({"name": "x", "clips": {"lengths": []}}, r"clips\.lengths"),
        ({"name": "x", "clips": {"lengths": [8, 4]}}, r"clips: .*expected clip lengths that grow"),
        ({"name": "x", "picture": {"size_px": "wide"}}, r"picture\.size_px: .*integer.*got 'wide'"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(data: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_json(Config, data)


def test_sizes_that_leave_something_over_are_refused() -> None:
    with pytest.raises(ValueError, match="expected a whole number of 30 in 16000, 10 are left over"):
        _ = Clock(frames_per_second=30).samples_per_frame
    with pytest.raises(ValueError, match="whole number of 100 in 256"):
        _ = Picture(guide_px=100).pixels_per_guide_pixel
    assert divide_exactly(12, 4) == len("abc")


def test_adjust_changes_only_what_is_named() -> None:
    changed = adjust(PRESETS["live"], {"picture.size_px": 512, "clips.lengths.0": 2})
    assert changed.picture == Picture(size_px=512)
    assert changed.clips == Clips(lengths=(2, 8, 12, 16))
    assert changed.sound == PRESETS["live"].sound
    assert PRESETS["live"].picture.size_px != changed.picture.size_px


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("picture.sise", "no 'picture.sise': at 'sise' there is: size_px, guide_px"),
        ("pictures.size_px", "at 'pictures' there is: name, clock, sound, clips, picture"),
        ("name.first", "at 'first' there is: nothing below it"),
        ("clips.lengths.9", "at '9' there is: 0 to 3"),
        ("", "at '' there is: name"),
    ],
)
def test_adjust_says_which_names_there_are(path: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        adjust(PRESETS["live"], {path: 1})


def test_changes_are_read_as_json_or_as_words() -> None:
    texts = ["a.b=3", "a.c=bob", "d=[1, 2]", "e=true", "f=#aabbcc", "g=x=y", "h="]
    expected = {"a.b": 3, "a.c": "bob", "d": [1, 2], "e": True, "f": "#aabbcc", "g": "x=y", "h": ""}
    assert parse_changes(texts) == expected
    for text in ("skin.tone", "=3"):
        with pytest.raises(ValueError, match=r"expected a change like skin\.tone=3, got"):
            parse_changes([text])


def test_emotions_are_read_by_name() -> None:
    assert parse_emotions(["happy=0.7", "surprised=0.3"]) == {Emotion.HAPPY: 0.7, Emotion.SURPRISED: 0.3}
    assert parse_emotions([]) == {}
    for text, message in (
        ("glad=1", "expected one of neutral, happy, sad, angry, surprised, got 'glad'"),
        ("sad=2", "expected an intensity from 0 to 1 for sad, got 2"),
        ("sad=much", "for sad, got 'much'"),
        ("sad=true", "for sad, got True"),
        ("sad=NaN", "for sad, got nan"),
    ):
        with pytest.raises(ValueError, match=message):
            parse_emotions([text])
    with pytest.raises(ValueError, match=r"sum to at most 1, got 1\.5"):
        parse_emotions(["happy=0.7", "sad=0.8"])


def test_files_both_ways_and_their_faults(tmp_path: Path) -> None:
    path = tmp_path / "live.json"
    write_record(PRESETS["live"], path)
    assert read_record(Config, path) == PRESETS["live"]
    path.write_text("{")
    with pytest.raises(ValueError, match=r"expected JSON in .*live\.json"):
        read_record(Config, path)
    path.write_text("[1]")
    with pytest.raises(ValueError, match=r"expected a JSON object in .*, got a list"):
        read_record(Config, path)
    path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(ValueError, match="expected JSON in"):
        read_record(Config, path)
    with pytest.raises(FileNotFoundError):
        read_record(Config, tmp_path / "none.json")
