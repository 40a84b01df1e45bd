"""A size and where graphs lie -> all networks of a session, opened and run once: what performs, sees and paints."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from llia.codec import ASSETS, GRAPHS, SIZES_PX, Appearance, Codec, open_codec, open_painters
from llia.config import PRESETS, Config
from llia.engine.graphs import graph_cache
from llia.engine.players import Players, open_players
from llia.head.likeness import Camera, Crop, Likeness
from llia.head.motion import Motion, rest
from llia.head.shape import load_head
from llia.portrait.paint import Painters
from llia.stream.painting import Decode, Picture
from llia.stream.performance import after
from llia.stream.session import Direction, cast_role, push, start_stream, step

Engine = Literal["openvino", "torch"]

NUM_PAINTERS = 2  # threads that paint
NOBODY_DISTANCE_CM, NOBODY_HALF_HEIGHT_CM = 80.0, 16.0


@dataclass(frozen=True)
class Stage:
    """What a session needs. For one session at a time."""

    players: Players
    codec: Codec
    painters: tuple[Painters, ...]  # one for each thread that paints, the first of them the codec's
    smaller: tuple[Stage, ...] = ()  # for each smaller size, the next one first: what paints when time is short

    def decoders(self, appearance: Appearance) -> list[Decode]:
        """A portrait -> who paints frames of it, each one at a time."""
        return [partial(replace(self.codec, painters=one).decode, appearance=appearance) for one in self.painters]

    def smaller_decoders(self, appearance: Appearance) -> list[list[Decode]]:
        """A portrait -> who paints it in each smaller size; what is handed out is as large as ever."""
        size = len(appearance.picture)
        return [
            [partial(paint_enlarged, decode=decode, size_px=size) for decode in less.decoders(less.shrunk(appearance))]
            for less in self.smaller
        ]

    def shrunk(self, appearance: Appearance) -> Appearance:
        """-> the same portrait for this stage's size."""
        square = cv2.resize(appearance.picture, (self.codec.size_px, self.codec.size_px), interpolation=cv2.INTER_AREA)
        told = (appearance.likeness, appearance.residual, appearance.warnings)
        return self.codec.open_appearance(np.asarray(square, np.uint8), *told)


def open_stage(
    size_px: int = 256,
    graphs: Path | None = None,
    preset: str = "live",
    num_painters: int = NUM_PAINTERS,
    engine: Engine = "openvino",
    *,
    with_smaller: bool = False,
) -> Stage:
    """-> the networks for that size of picture, each run once, so that no first frame waits for what runs do once.

    Args:
        with_smaller: the painters of all smaller sizes, too, for a stream that is to keep up on a busy machine.
    """
    players = open_performer(graphs, PRESETS[preset], engine)
    codec = open_codec(size_px, engine, 1, graphs)
    stage = Stage(players, codec, hands(codec, graphs, num_painters, engine))
    if with_smaller:
        sizes = [size for size in reversed(SIZES_PX) if size < size_px]
        codecs = [replace(codec, size_px=size, painters=painters_for(codec, size, graphs, engine)) for size in sizes]
        less = (Stage(players, one, hands(one, graphs, num_painters, engine)) for one in codecs)
        stage = replace(stage, smaller=tuple(less))
    warm_up(stage)
    return stage


def open_performer(folder: Path | None, config: Config, engine: Engine) -> Players:
    """-> the networks between sound and motion."""
    place = folder or (GRAPHS if engine == "openvino" else ASSETS)
    return open_players(place, config, cache=graph_cache(), maker=engine)


def hands(codec: Codec, folder: Path | None, count: int, engine: Engine) -> tuple[Painters, ...]:
    """-> painters for so many threads; a graph paints one frame at a time, so each has its own."""
    others = (painters_for(codec, codec.size_px, folder, engine) for _ in range(count - 1))
    return (codec.painters, *others)


def painters_for(codec: Codec, size_px: int, folder: Path | None, engine: Engine) -> Painters:
    """-> painters of that size; torch's paint any, at once."""
    return open_painters(folder or GRAPHS, size_px, 1, graph_cache()) if engine == "openvino" else codec.painters


def paint_enlarged(motion: Motion, decode: Decode, size_px: int) -> Picture:
    """Motion, and who paints it smaller -> a picture of this size."""
    picture = cv2.resize(decode(motion), (size_px, size_px), interpolation=cv2.INTER_CUBIC)
    return np.asarray(picture, np.uint8)


def warm_up(stage: Stage) -> None:
    """Runs all that a session runs, on nobody's portrait and silence."""
    size = stage.codec.size_px
    camera = Camera.framing(0.0, 0.0, NOBODY_DISTANCE_CM, NOBODY_HALF_HEIGHT_CM)
    nobody = Likeness(np.zeros(len(load_head().identity), np.float32), camera, rest(), Crop(size / 2, size / 2, size))
    appearance = stage.codec.open_appearance(np.zeros((size, size, 3), np.uint8), nobody, 0.0, ())
    for decode in chain(stage.decoders(appearance), *stage.smaller_decoders(appearance)):
        decode(nobody.motion)
    config, role = stage.players.config, cast_role(stage.players, nobody)
    for length in config.clips.lengths:
        state = push(start_stream(role, config), np.zeros(after(config), np.float32))
        step(stage.players, role, Direction(), state, length)
