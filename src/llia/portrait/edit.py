"""One frame of motion -> the same frame with other feelings, another gaze, a turned head: re-expression."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from llia.config import Emotion
from llia.head.arkit import MERGED, eye_look, named_motion
from llia.head.expressions import FACES, PARTING, PITCH_DEGREES, face_row
from llia.head.lids import MOST_BLINK
from llia.head.motion import FACE, GAZE, HEAD_TURN, LIDS, MOTION_INDEX, MOTION_NAMES, RANGES, Motion

# What a feeling leaves as it was: where the eyes look, and the lids that go with that.
KEPT = [MOTION_INDEX[name] for name in RANGES if name.startswith("eyeLook")]
LEAST, MOST = (np.array([RANGES[name][side] for name in MOTION_NAMES], np.float32) for side in (0, 1))
MOST[LIDS] = MOST_BLINK  # so far some people's lids must go until they meet


def express(motion: Motion, emotions: Mapping[Emotion, float], *, parted: bool = True) -> Motion:
    """A motion and feelings with their intensities -> the motion so felt: its own expression fades as they grow.

    Neutral is a feeling too: at 1 the face rests. `parted` lets those feelings open the lips that do so.
    """
    total = sum(emotions.values())
    if min(emotions.values(), default=0) < 0 or total > 1 + 1e-6:
        raise ValueError(f"expected intensities from 0 that sum to at most 1, got a sum of {total:g}; lower them")
    felt = motion.copy()
    felt[FACE] *= 1 - total
    for emotion, intensity in emotions.items():
        felt[FACE] += (intensity * face_row(FACES[emotion])).astype(np.float32)
        if parted:
            felt[FACE] += (intensity * face_row(PARTING.get(emotion, {}))).astype(np.float32)
        felt[HEAD_TURN.start + 1] += np.radians(PITCH_DEGREES.get(emotion, 0.0)) * intensity
    felt[KEPT] = motion[KEPT]
    return within(felt, motion)


def look_towards(motion: Motion, yaw: float, pitch: float) -> Motion:
    """A motion and a change of its gaze in radians, to the person's left and up -> with lids that follow."""
    looking = motion.copy()
    looking[GAZE] += [yaw, pitch]
    return follow_gaze(within(looking, motion))


def turn_head(motion: Motion, yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> Motion:
    """A motion and a turn of its head in radians -> so turned; eyes and face go along."""
    turned = motion.copy()
    turned[HEAD_TURN] += [yaw, pitch, roll]
    return within(turned, motion)


def set_named(motion: Motion, values: Mapping[str, float]) -> Motion:
    """A motion and numbers by name (ARKit's names, head.yaw, gaze.pitch ...) -> with these in place of its own."""
    named, changed = named_motion(values), motion.copy()
    for name in values:
        for full in (name + "Left", name + "Right") if name in MERGED else (name,):
            changed[MOTION_INDEX[full]] = named[MOTION_INDEX[full]]
    if any(name.startswith("gaze.") for name in values):
        looks = {name: values[name] for name in values if name.startswith("eyeLook")}
        changed = follow_gaze(changed)
        for name, value in looks.items():
            changed[MOTION_INDEX[name]] = value
    return changed


def follow_gaze(motion: Motion) -> Motion:
    """-> with the lids' eyeLook weights as the gaze asks for them."""
    followed = motion.copy()
    for name, weight in eye_look(motion[GAZE]).items():
        followed[MOTION_INDEX[name]] = weight
    return followed


def within(motion: Motion, before: Motion) -> Motion:
    """A changed motion, [... 66], and what it was -> each number no further than it may go, or than it already was."""
    return np.clip(motion, np.minimum(LEAST, before), np.maximum(MOST, before))
