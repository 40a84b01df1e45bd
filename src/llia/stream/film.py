"""A portrait and sounds -> its motion, and that as a film with these sounds, or as a sheet of some of its frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from llia.codec import Appearance
from llia.config import MARK_OF_PORTRAITS, Clock
from llia.data.films import SOUND_RATE_HZ, save_film
from llia.data.recordings import SAMPLE_RATE_HZ, seconds_of, stream_sound
from llia.data.tiles import arrange, label
from llia.engine.players import Players
from llia.head.arkit import write_live_link, write_motion_json
from llia.head.motion import Motion
from llia.stream.painting import Decode, Picture, paint_all
from llia.stream.performance import both_voices, keep_within, lead_head, mixed, perform
from llia.stream.reflexes import NONE
from llia.stream.session import Direction, cast_role

Floats = NDArray[np.float32]

SHEET_FRAMES, SHEET_COLUMNS = 24, 6
MOTION_WRITERS: dict[str, Callable[[Motion], str]] = {".csv": write_live_link, ".json": write_motion_json}


@dataclass(frozen=True)
class Scene:
    """What is to be played: sound files, and what somebody wants of the face."""

    own: Path | None  # what the portrait says
    other: Path | None  # whom it listens to
    direction: Direction
    seed: int = 0
    led: Floats | None = None  # motion whose head leads, [T 66]

    @property
    def seconds(self) -> float | None:
        """-> about how long it takes; None where a file does not tell."""
        lengths = [seconds_of(path) for path in (self.own, self.other) if path is not None]
        known = [length for length in lengths if length is not None]
        return max(known) if lengths and len(known) == len(lengths) else None


def play(players: Players, appearance: Appearance, scene: Scene) -> Iterator[Motion]:
    """Who plays, a portrait, a scene -> the portrait's motion, frame by frame."""
    direction = scene.direction if scene.led is None else without_gestures(scene.direction)
    role = cast_role(players, appearance.likeness, direction.emotion)
    own, other = (stream_sound(path) if path else () for path in (scene.own, scene.other))
    sound = both_voices(own, other, SAMPLE_RATE_HZ)
    motions = perform(players, role, direction, sound, scene.seed)
    if scene.led is not None:
        motions = lead_head(motions, scene.led)
    return keep_within(motions, appearance.likeness)


def without_gestures(direction: Direction) -> Direction:
    """-> the same for a head that is led: eyes are not to turn against nods that nobody sees."""
    return replace(direction, reflexes=replace(direction.reflexes, nods=NONE, sway=NONE))


def film_scene(motions: Iterable[Motion], painters: Sequence[Decode], scene: Scene, output: Path) -> None:
    """Motion and who paints it -> an mp4 of it with the sound of both voices, marked."""
    own, other = (stream_sound(path, SOUND_RATE_HZ, stereo=True) if path else () for path in (scene.own, scene.other))
    save_film(output, paint_all(motions, painters), mixed(own, other, SOUND_RATE_HZ), MARK_OF_PORTRAITS)


def sheet_of(motions: Sequence[Motion], painters: Sequence[Decode]) -> Picture:
    """Motion and who paints it -> some frames at even distances, labelled with their time."""
    count = min(SHEET_FRAMES, len(motions))
    chosen = np.linspace(0, len(motions) - 1, count).round().astype(int)
    frames = paint_all([motions[place] for place in chosen], painters)
    named = [
        label(frame, f"{place / Clock().frames_per_second:.2f} s") for frame, place in zip(frames, chosen, strict=True)
    ]
    return arrange(named, SHEET_COLUMNS)
