"""Graphs, portraits and a spoken sentence -> what each network is given while they talk, listen and idle."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from llia.codec import Codec, Picture, painters_of, sights_of
from llia.config import Config, Emotion, State
from llia.engine.makers import open_networks
from llia.engine.players import ABOUT, players_of, read_about
from llia.engine.quantise import Given, recording
from llia.portrait.edit import within
from llia.progress import progress
from llia.stream.session import Direction, cast_role, frames_ready, push, start_stream, step

Floats = NDArray[np.float32]

PAINTED_EVERY = 12  # frames
FELT = 0.7


def calls_in_earnest(
    graphs: Path, size_px: int, config: Config, portraits: Sequence[Picture], voice: Floats
) -> dict[str, list[Given]]:
    """-> what the painter of that size and all networks of motion are given, by the names of their graphs.

    Portraits take states and feelings in turn, clips all lengths; of the frames some are painted.
    """
    calls: dict[str, list[Given]] = {}
    opened = open_networks(graphs)
    recorded = recording(opened, calls)
    players = players_of(recorded, config, read_about(graphs / ABOUT, config))
    codec = Codec(size_px, sights_of(opened), painters_of(recorded, size_px))
    with progress("performing", "portraits", len(portraits)) as tally:
        for picture, state, emotion in zip(portraits, cycle(State), cycle(Emotion), strict=False):
            feeling: dict[Emotion, float] = {} if emotion is Emotion.NEUTRAL else {emotion: FELT}
            appearance = codec.portray(picture)
            likeness, direction = appearance.likeness, Direction(state, feeling)
            role, silence = cast_role(players, likeness, feeling), np.zeros_like(voice)
            heard = (voice, silence) if state is State.SPEAKING else (silence, voice)
            stream, lengths = push(start_stream(role, config), *heard), cycle(config.clips.lengths)
            while frames_ready(stream, config) >= (length := next(lengths)):
                made, stream = step(players, role, direction, stream, length)
                for motion in made[-stream.num_frames % PAINTED_EVERY :: PAINTED_EVERY]:
                    codec.decode(within(motion, likeness.motion), appearance)
            tally.advance()
    return calls
