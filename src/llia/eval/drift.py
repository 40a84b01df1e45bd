"""Who performs and minutes of talk -> what becomes of motion alone as a stream goes on: no picture is painted."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from llia.engine.players import Players
from llia.eval.soak import SECONDS, Minute, Talk, head_measures
from llia.head.likeness import Likeness
from llia.head.measures import measure
from llia.head.motion import HEAD_SHIFT, HEAD_TURN, MOTION_NAMES, TORSO_TURN
from llia.progress import progress
from llia.stream.performance import keep_within, perform
from llia.stream.session import Direction, cast_role

Floats = NDArray[np.float32]

BROWS = [place for place, name in enumerate(MOTION_NAMES) if name.startswith("brow")]


def roll(
    players: Players, likeness: Likeness, direction: Direction, talks: Sequence[Talk], num_minutes: int, seed: int = 0
) -> list[Minute]:
    """So many minutes of a stream, the talks again and again -> what was measured in each, and no pictures."""
    role, fps = cast_role(players, likeness, direction.emotion), players.config.clock.frames_per_second
    sound = (np.stack(talk) for talk in itertools.cycle(talks))
    motions = keep_within(perform(players, role, direction, sound, seed), likeness)
    minutes = []
    with progress("rolling out", "minutes", num_minutes) as tally:
        for one in minutes_of(motions, SECONDS * fps, num_minutes):
            minutes.append(Minute(motion_measures(one, likeness), ()))
            tally.advance()
    return minutes


def minutes_of(motions: Iterator[Floats], num_frames: int, num_minutes: int) -> Iterator[Floats]:
    """Motion without end, frame by frame -> so many minutes of it, [F 66] each."""
    for _ in range(num_minutes):
        yield np.stack(list(itertools.islice(motions, num_frames)))


def motion_measures(motions: Floats, likeness: Likeness) -> dict[str, float]:
    """A minute of motion, [F 66], and whose -> its means and spreads; degrees, cm and weights."""
    portrait, gaps = likeness.motion, measure(likeness.rest()).lip_gap(motions)
    yaw, pitch, roll = np.degrees(motions[:, HEAD_TURN] - portrait[HEAD_TURN]).mean(0).tolist()
    shift = motions[:, HEAD_SHIFT] - portrait[HEAD_SHIFT]
    brows = motions[:, BROWS] - portrait[BROWS]
    steps = np.degrees(np.diff(motions[:, HEAD_TURN], axis=0))
    return head_measures(motions, portrait) | {
        "yaw": yaw, "pitch": pitch, "roll": roll,
        "head_speed": float(np.linalg.norm(steps, axis=1).mean()),
        "shift_spread": float(np.linalg.norm(shift.std(0))),
        "torso_off": float(np.degrees(np.linalg.norm(motions[:, TORSO_TURN].mean(0)))),
        "brows": float(brows.mean()), "brows_spread": float(brows.std(0).mean()),
        "lip_gap": float(gaps.mean()), "lip_gap_spread": float(gaps.std()),
    }  # fmt: skip
