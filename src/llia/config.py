"""Sizes and units of every preset, and JSON both ways for every record of settings."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

Record = TypeVar("Record")

# Every record of settings is `@dataclass(frozen=True, config=STRICT)`: checked when made, closed to unknown keys.
STRICT = ConfigDict(extra="forbid")


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

    sample_rate_hz: int = 16_000
    frames_per_second: int = 25
    mel_steps_per_second: int = 100

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
        return divide_exactly(1000, self.frames_per_second)


@dataclass(frozen=True, config=STRICT)
class Sound:
    """What one picture hears: mel steps from `frames_back` before it to `frames_ahead` after it."""

    mel_bins: int = 32
    window_ms: int = 25
    frames_back: int = 4
    frames_ahead: int = 2

    @property
    def frames_heard(self) -> int:
        return self.frames_back + 1 + self.frames_ahead


@dataclass(frozen=True, config=STRICT)
class Clips:
    """Lengths of the clips that the denoiser makes, and how much of the past it sees."""

    lengths: tuple[int, ...] = (4, 8, 12, 16)
    past_frames: int = 4


@dataclass(frozen=True, config=STRICT)
class Picture:
    """Sides of the square pictures, in pixels: shown, and of the guide that the painter is given."""

    size_px: int = 256
    guide_px: int = 128

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
        place = ".".join(str(step) for step in first["loc"]) or kind.__name__
        raise ValueError(f"{kind.__name__}: {place}: {first['msg']}, got {first['input']!r}") from None


def adjust(record: Record, changes: dict[str, Any]) -> Record:
    """The record with some fields replaced, each named by its path: {"skin.tone": 3}."""
    data = to_json(record)
    for path, value in changes.items():
        *folders, name = path.split(".")
        place = data
        for folder in folders:
            place = place.get(folder) if isinstance(place, dict) else None
        if not isinstance(place, dict) or name not in place:
            known = ", ".join(place) if isinstance(place, dict) else ", ".join(data)
            raise ValueError(f"{type(record).__name__} has no {path!r}; there are: {known}")
        place[name] = value
    return from_json(type(record), data)
