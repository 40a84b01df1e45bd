"""A size and where graphs lie -> all networks of a session, opened and run once: what performs, sees and paints."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from llia.codec import GRAPHS, Appearance, Codec, open_codec, open_painters
from llia.config import PRESETS
from llia.engine.graphs import graph_cache
from llia.engine.players import Players, open_players
from llia.head.likeness import Camera, Crop, Likeness
from llia.head.motion import rest
from llia.head.shape import load_head
from llia.portrait.paint import Painters
from llia.stream.painting import Decode
from llia.stream.performance import after
from llia.stream.session import Direction, cast_role, push, start_stream, step

NUM_PAINTERS = 2  # threads that paint
NOBODY_DISTANCE_CM, NOBODY_HALF_HEIGHT_CM = 80.0, 16.0


@dataclass(frozen=True)
class Stage:
    """What a session needs. For one session at a time."""

    players: Players
    codec: Codec
    painters: tuple[Painters, ...]  # one for each thread that paints, the first of them the codec's

    def decoders(self, appearance: Appearance) -> list[Decode]:
        """A portrait -> who paints frames of it, each one at a time."""
        return [partial(replace(self.codec, painters=one).decode, appearance=appearance) for one in self.painters]


def open_stage(
    size_px: int = 256, graphs: Path | None = None, preset: str = "live", num_painters: int = NUM_PAINTERS
) -> Stage:
    """-> the networks for that size of picture, each run once, so that no first frame waits for what runs do once."""
    folder, cache = graphs or GRAPHS, graph_cache()
    codec = open_codec(size_px, num_threads=1, folder=graphs)
    others = [open_painters(folder, size_px, 1, cache) for _ in range(num_painters - 1)]
    stage = Stage(open_players(folder, PRESETS[preset], cache=cache), codec, (codec.painters, *others))
    warm_up(stage)
    return stage


def warm_up(stage: Stage) -> None:
    """Runs all that a session runs, on nobody's portrait and silence."""
    size = stage.codec.size_px
    camera = Camera.framing(0.0, 0.0, NOBODY_DISTANCE_CM, NOBODY_HALF_HEIGHT_CM)
    nobody = Likeness(np.zeros(len(load_head().identity), np.float32), camera, rest(), Crop(size / 2, size / 2, size))
    appearance = stage.codec.open_appearance(np.zeros((size, size, 3), np.uint8), nobody, 0.0, ())
    for decode in stage.decoders(appearance):
        decode(nobody.motion)
    config, role = stage.players.config, cast_role(stage.players, nobody)
    for length in config.clips.lengths:
        state = push(start_stream(role, config), np.zeros(after(config), np.float32))
        step(stage.players, role, Direction(), state, length)
