"""Sizes and units of every preset, and JSON both ways for every record of settings."""

from __future__ import annotations

import json
import re
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

Record = TypeVar("Record")
Count = Annotated[int, Field(gt=0)]

# Every record of settings is `@dataclass(frozen=True, config=STRICT)`: checked when made, closed to unknown keys.
STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)
MS_PER_SECOND = 1000
NO_LEADING_ZERO = re.compile(r"^(-?)\.(?=\d)")  # .5, as people write it and JSON does not

# Every file with pictures says so in its metadata: of people who do not exist, or of a portrait that was moved.
MARK = "made with llia: synthetic person"
MARK_OF_PORTRAITS = "made with llia: synthetic film or picture of a portrait"


class State(IntEnum):
    """What the face is doing."""

    SPEAKING = 0
    LISTENING = 1
    IDLE = 2


class Emotion(IntEnum):
    """The label of a feeling; it always comes with an intensity from 0 to 1."""

    NEUTRAL = 0
    HAPPY = 1
    SAD = 2
    ANGRY = 3
    SURPRISED = 4


@dataclass(frozen=True, config=STRICT)
class Clock:
    """The one clock of sound and pictures."""

    sample_rate_hz: Count = 16_000
    frames_per_second: Count = 25
    mel_steps_per_second: Count = 100

    @property
    def samples_per_frame(self) -> int:
        return divide_exactly(self.sample_rate_hz, self.frames_per_second)

    @property
    def samples_per_mel_step(self) -> int:
        return divide_exactly(self.sample_rate_hz, self.mel_steps_per_second)

    @property
    def mel_steps_per_frame(self) -> int:
        return divide_exactly(self.mel_steps_per_second, self.frames_per_second)

    @property
    def frame_ms(self) -> int:
        return divide_exactly(MS_PER_SECOND, self.frames_per_second)


@dataclass(frozen=True, config=STRICT)
class Sound:
    """What one picture hears: mel steps from `frames_back` before it to `frames_ahead` after it."""

    mel_bins: Count = 32
    window_ms: Count = 25
    frames_back: Annotated[int, Field(ge=0)] = 4
    frames_ahead: Annotated[int, Field(ge=0)] = 2

    @property
    def frames_heard(self) -> int:
        return self.frames_back + 1 + self.frames_ahead


@dataclass(frozen=True, config=STRICT)
class Clips:
    """Lengths of the clips that the denoiser makes, and how much of the past it sees."""

    lengths: Annotated[tuple[Count, ...], Field(min_length=1)] = (4, 8, 12, 16)
    past_frames: Annotated[int, Field(ge=0)] = 4

    def __post_init__(self) -> None:
        if list(self.lengths) != sorted(set(self.lengths)):
            raise ValueError(f"expected clip lengths that grow, got {self.lengths}; list each once, shortest first")


@dataclass(frozen=True, config=STRICT)
class Picture:
    """Sides of the square pictures, in pixels: shown, and of the guide that the painter is given."""

    size_px: Count = 256
    guide_px: Count = 128

    @property
    def pixels_per_guide_pixel(self) -> int:
        return divide_exactly(self.size_px, self.guide_px)


@dataclass(frozen=True, config=STRICT)
class Config:
    """Everything that a network must agree on with the sound and the pictures around it."""

    name: str
    clock: Clock = Clock()
    sound: Sound = Sound()
    clips: Clips = Clips()
    picture: Picture = Picture()

    @property
    def samples_per_window(self) -> int:
        return divide_exactly(self.clock.sample_rate_hz * self.sound.window_ms, MS_PER_SECOND)

    @property
    def mel_steps_heard(self) -> int:
        return self.sound.frames_heard * self.clock.mel_steps_per_frame

    @property
    def rows_heard(self) -> int:
        """Of a window as networks hear it: what is usual of the voice, then the mel steps."""
        return 1 + self.mel_steps_heard

    @property
    def lookahead_ms(self) -> int:
        return self.sound.frames_ahead * self.clock.frame_ms


PRESETS: dict[str, Config] = {
    "mini": Config(name="mini", picture=Picture(size_px=64, guide_px=64)),
    "live": Config(name="live"),
}


def divide_exactly(whole: int, part: int) -> int:
    """whole / part, which must leave nothing over."""
    if whole % part:
        raise ValueError(f"expected a whole number of {part} in {whole}, {whole % part} are left over")
    return whole // part


def to_json(record: Any) -> dict[str, Any]:
    """A record of settings -> what json.dumps takes."""
    result: dict[str, Any] = TypeAdapter(type(record)).dump_python(record, mode="json")
    return result


def from_json(kind: type[Record], data: dict[str, Any]) -> Record:
    """What json.loads gave -> a record of that kind; unknown keys and values out of range are refused by name."""
    try:
        return TypeAdapter(kind).validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"]) or "the whole"
        fault = "unknown key" if first["type"] == "unexpected_keyword_argument" else first["msg"]
        raise ValueError(f"{kind.__name__}: {place}: {fault}, got {first['input']!r}") from None


def adjust(record: Record, changes: dict[str, Any]) -> Record:
    """The record with some fields replaced, each named by its path: {"skin.tone": 3, "identity.0": 1.5}."""
    data = to_json(record)
    for path, value in changes.items():
        place: Any = data
        *folders, name = path.split(".")
        for folder in folders:
            place = place[_key(record, path, place, folder)]
        place[_key(record, path, place, name)] = value
    return from_json(type(record), data)


def _key(record: Any, path: str, place: Any, step: str) -> str | int:
    """One step of a path -> the key or index it stands for in that place."""
    if isinstance(place, dict) and step in place:
        return step
    if isinstance(place, list) and step.isdecimal() and int(step) < len(place):
        return int(step)
    known = "nothing below it"
    if isinstance(place, dict):
        known = ", ".join(place)
    elif isinstance(place, list):
        known = f"0 to {len(place) - 1}"
    raise ValueError(f"{type(record).__name__} has no {path!r}: at {step!r} there is: {known}")


def parse_changes(texts: list[str]) -> dict[str, Any]:
    """Texts like "skin.tone=3" or "hair.style=bob" -> what `adjust` takes; a value is JSON or else a plain word."""
    changes: dict[str, Any] = {}
    for text in texts:
        path, equals, value = text.partition("=")
        if not (path and equals):
            raise ValueError(f"expected a change like skin.tone=3, got {text!r}; write a name, '=' and a value")
        try:
            changes[path] = json.loads(NO_LEADING_ZERO.sub(r"\g<1>0.", value))
        except json.JSONDecodeError:
            changes[path] = value
    return changes


def parse_emotions(texts: list[str]) -> dict[Emotion, float]:
    """Texts like "happy=0.7" -> the intensity of each emotion named; together at most one, the rest is neutral."""
    known = {emotion.name.lower(): emotion for emotion in Emotion}
    feelings: dict[Emotion, float] = {}
    for text in texts:
        if "=" not in text:
            raise ValueError(f"expected an emotion and how strong it is, got {text!r}; write for example happy=0.7")
    for name, intensity in parse_changes(texts).items():
        if name not in known:
            raise ValueError(f"expected one of {', '.join(known)}, got {name!r}; write for example happy=0.7")
        if isinstance(intensity, bool) or not isinstance(intensity, int | float) or not 0 <= intensity <= 1:
            raise ValueError(f"expected an intensity from 0 to 1 for {name}, got {intensity!r}")
        feelings[known[name]] = float(intensity)
    if sum(feelings.values()) > 1:
        raise ValueError(f"expected intensities that sum to at most 1, got {sum(feelings.values()):g}; lower them")
    return feelings


def read_record(kind: type[Record], path: Path) -> Record:
    """A JSON file -> a record of that kind."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"expected JSON in {path}, got something else ({error}); mend it or make it again") from None
    if not isinstance(data, dict):
        raise ValueError(f"expected a JSON object in {path}, got a {type(data).__name__}; start the file with '{{'")
    return from_json(kind, data)


def write_record(record: Any, path: Path) -> None:
    """A record of settings -> a JSON file that a person can read and change."""
    path.write_text(json.dumps(to_json(record), indent=2) + "\n", encoding="utf-8")
