"""A portrait's role and whole sounds -> motion frame by frame: the stream fed as fast as it can take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from llia.config import Config
from llia.data.recordings import equal_pieces
from llia.engine.players import Players
from llia.head.likeness import Likeness
from llia.head.motion import HEAD_SHIFT, HEAD_TURN, Motion
from llia.portrait.edit import within
from llia.stream.plan import plan_clip
from llia.stream.session import Direction, Role, frames_ready, push, start_stream, step

Floats = NDArray[np.float32]

HEAD = slice(HEAD_TURN.start, HEAD_SHIFT.stop)


def perform(
    players: Players, role: Role, direction: Direction, sound: Iterable[Floats], seed: int = 0
) -> Iterator[Motion]:
    """Pieces of both voices, [2 S] each -> motion for every frame that any of the sound falls into.

    Nobody waits for these frames, so clips soon are the longest; how the sound is cut changes nothing.
    """
    config, state, num_samples = players.config, start_stream(role, players.config, seed), 0
    for piece in sound:
        state, num_samples = push(state, piece[0], piece[1]), num_samples + piece.shape[1]
        while frames_ready(state, config) >= (length := plan_clip(config.clips.lengths, state.num_frames)):
            motion, state = step(players, role, direction, state, length)
            yield from motion
    num_left = frames_of(num_samples, config) - state.num_frames
    state = push(state, np.zeros(num_left * config.clock.samples_per_frame + after(config), np.float32))
    while num_left > 0:
        motion, state = step(players, role, direction, state, plan_clip(config.clips.lengths, state.num_frames))
        yield from motion[:num_left]
        num_left -= len(motion)


def frames_of(num_samples: int, config: Config) -> int:
    """-> how many frames sound of this length has, the last perhaps not full."""
    return -(-num_samples // config.clock.samples_per_frame)


def after(config: Config) -> int:
    """-> samples of silence that let the last frames of a sound be made, whatever the length of their clip."""
    return (max(config.clips.lengths) + config.sound.frames_ahead) * config.clock.samples_per_frame


def both_voices(own: Iterable[Floats], other: Iterable[Floats], rate_hz: int) -> Iterator[Floats]:
    """Pieces of the own and of the other voice, [1 S] each, one perhaps without any -> pieces of both, [2 S]."""
    return (np.concatenate(pair) for pair in side_by_side(own, other, rate_hz))


def mixed(own: Iterable[Floats], other: Iterable[Floats], rate_hz: int) -> Iterator[Floats]:
    """Pieces of both voices, [C S] each -> pieces of both together, of as many channels as either has."""
    num_channels = 1
    for first, second in side_by_side(own, other, rate_hz):
        num_channels = max(num_channels, len(first), len(second))
        yield np.broadcast_to(first + second, (num_channels, first.shape[1]))


def side_by_side(first: Iterable[Floats], second: Iterable[Floats], size: int) -> Iterator[tuple[Floats, Floats]]:
    """Two sounds in pieces -> both in pieces of one size, silence where the shorter one has ended."""
    ended = np.zeros((1, 0), np.float32)
    for pair in zip_longest(equal_pieces(first, size), equal_pieces(second, size), fillvalue=ended):
        length = max(piece.shape[1] for piece in pair)
        one, two = (np.pad(piece, ((0, 0), (0, length - piece.shape[1]))) for piece in pair)
        yield one, two


def lead_head(motions: Iterable[Motion], led: Floats) -> Iterator[Motion]:
    """Motion frame by frame, and motion whose head leads, [T 66] -> with that head, to and fro where it is shorter."""
    to_and_fro = np.concatenate([led[:, HEAD], led[-2:0:-1, HEAD]])
    for number, motion in enumerate(motions):
        turned = motion.copy()
        turned[HEAD] = to_and_fro[number % len(to_and_fro)]
        yield turned


def keep_within(motions: Iterable[Motion], likeness: Likeness) -> Iterator[Motion]:
    """Motion as it was made -> no number further than it may go, or than it is in the portrait."""
    return (within(motion, likeness.motion) for motion in motions)
