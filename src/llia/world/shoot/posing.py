"""Single frames of motion for still pictures: a person at ease, a shape of the mouth, a feeling, anything at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from llia.config import Emotion
from llia.head.expressions import face_row
from llia.head.habits import EYES_COUNTER
from llia.head.motion import FACE, GAZE, HEAD_SHIFT, HEAD_TURN, LIDS, MOTION_INDEX, TORSO_HEIGHT, TORSO_TURN, Motion
from llia.head.motion import rest as rest_motion
from llia.world.acting.composing import SMILE
from llia.world.acting.emotion import FEELINGS
from llia.world.acting.visemes import VISEMES
from llia.world.people.person import Person

Random = np.random.Generator


@dataclass(frozen=True)
class Chance:
    """A face weight (both sides where it has two): how often it moves in a still, how far at most, how unevenly."""

    share: float
    most: float
    uneven: float = 0.0


# Mouths are drawn in three of four stills, beyond what speech does: sight must know them all.
MOUTH_SHARE = 0.75
JAW = ((0.35, (0.0, 0.15)), (0.50, (0.1, 0.7)), (0.15, (0.4, 1.0)))  # how often, from and to
MOUTH: dict[str, Chance] = {
    "mouthFunnel": Chance(0.2, 0.8),
    "mouthPucker": Chance(0.2, 0.9),
    "mouthClose": Chance(0.2, 0.15),
    "mouthRollLower": Chance(0.2, 0.5),
    "mouthRollUpper": Chance(0.2, 0.4),
    "mouthShrugLower": Chance(0.2, 0.4),
    "mouthShrugUpper": Chance(0.2, 0.4),
    "mouthSmile": Chance(0.25, 0.9, 0.1),
    "mouthStretch": Chance(0.25, 0.5, 0.1),
    "mouthLowerDown": Chance(0.25, 0.5, 0.1),
    "mouthUpperUp": Chance(0.25, 0.5, 0.1),
    "mouthPress": Chance(0.25, 0.5, 0.1),
    "mouthFrown": Chance(0.25, 0.6, 0.1),
    "mouthDimple": Chance(0.25, 0.5, 0.1),
    "mouthLeft": Chance(0.06, 0.6),
    "mouthRight": Chance(0.06, 0.6),
    "jawLeft": Chance(0.06, 0.5),
    "jawRight": Chance(0.06, 0.5),
    "jawForward": Chance(0.08, 0.6),
    "cheekPuff": Chance(0.06, 0.8),
}
REST_OF_FACE: dict[str, Chance] = {
    "eyeBlink": Chance(0.18, 1.0, 0.03),
    "eyeWide": Chance(0.3, 0.8, 0.1),
    "browDown": Chance(0.3, 0.9, 0.1),
    "browOuterUp": Chance(0.3, 0.9, 0.1),
    "browInnerUp": Chance(0.25, 0.9, 0.05),
    "eyeSquint": Chance(0.2, 0.8, 0.1),
    "cheekSquint": Chance(0.2, 0.6, 0.1),
    "noseSneer": Chance(0.15, 0.6, 0.1),
}
SHUT_SHARE, WINK_SHARE, TONGUE_SHARE, FEELING_SHARE = 0.12, 0.03, 0.2, 0.25
# Spread of head turns and limits in radians, of shifts in cm, of gaze in radians.
TURN_SPREAD, TURN_LIMIT = np.array([0.38, 0.20, 0.16]), np.array([1.0, 0.5, 0.5])
SHIFT_SPREAD, GAZE_SPREAD, GAZE_LIMIT, GAZE_SCALE = 0.5, 0.16, 0.45, np.array([1.2, 0.8])
TORSO_SPREAD, HEIGHT_SPREAD = np.array([0.12, 0.04, 0.05]), 0.2
CALM = 0.4  # of the spread, in a person's calm pictures


def set_weights(motion: Motion, weights: dict[str, float]) -> None:
    """Adds face weights, those without a side to both sides, in place."""
    motion[FACE] += face_row(weights).astype(np.float32)


def look_at_camera(motion: Motion) -> None:
    """Turns the eyes back to the camera, in place: gaze counts up as positive, the head's pitch down."""
    yaw, pitch, _ = motion[HEAD_TURN]
    motion[GAZE] = np.array([-yaw, pitch]) * EYES_COUNTER


def at_ease(person: Person) -> Motion:
    """-> a person who sits for a portrait: their own rest pose, their own smile, looking at the camera."""
    motion, manner = rest_motion(), person.manner
    motion[HEAD_TURN] = (manner.rest_yaw, manner.rest_pitch, manner.rest_roll)
    set_weights(motion, {name: size * manner.smile for name, size in SMILE.items()})
    set_weights(motion, {"eyeWide": manner.eye_wide})
    set_weights(motion, VISEMES["SIL"].target)
    look_at_camera(motion)
    return motion


def say_viseme(person: Person, name: str) -> Motion:
    """-> the person with the mouth in one shape."""
    motion = at_ease(person)
    motion[FACE] *= 0
    set_weights(motion, {"eyeWide": person.manner.eye_wide})
    set_weights(motion, VISEMES[name].target)
    return motion


def show_emotion(person: Person, emotion: Emotion, intensity: float = 1.0, *, parted: bool = True) -> Motion:
    """-> the person in a mood."""
    motion, feeling = at_ease(person), FEELINGS[emotion]
    if emotion != Emotion.NEUTRAL:
        motion[FACE] *= 1 - intensity
    set_weights(motion, {name: size * intensity for name, size in feeling.face.items()})
    if parted:
        set_weights(motion, {name: size * intensity for name, size in feeling.parting.items()})
    motion[HEAD_TURN.start + 1] += np.radians(feeling.pitch) * intensity
    motion[TORSO_HEIGHT] += feeling.torso_height * intensity
    look_at_camera(motion)
    return motion


def draw_face(rng: Random) -> NDArray[np.float32]:
    """Chance -> 54 face weights, many of them beyond what one sees in conversation."""
    face = np.zeros(FACE.stop, np.float32)
    chances = dict(REST_OF_FACE)
    if rng.random() < MOUTH_SHARE:
        chances |= MOUTH
        low, high = JAW[rng.choice(len(JAW), p=[share for share, _ in JAW])][1]
        face += face_row({"jawOpen": rng.uniform(low, high)}).astype(np.float32)
    for name, chance in chances.items():
        if rng.random() < chance.share:
            size, uneven = rng.uniform(0, chance.most), rng.normal(0, chance.uneven)
            face += face_row({name: size}).astype(np.float32)
            for side, sign in (("Left", 1), ("Right", -1)):
                if name + side in MOTION_INDEX:
                    face[MOTION_INDEX[name + side]] *= 1 + sign * uneven
    if rng.random() < SHUT_SHARE:
        face[LIDS] = 1
    elif rng.random() < WINK_SHARE:
        face[rng.choice(LIDS)] = 1
    if rng.random() < TONGUE_SHARE:
        face[MOTION_INDEX["tongueOut"]] = rng.uniform(0, 1)
    if rng.random() < FEELING_SHARE:
        feeling = FEELINGS[Emotion(int(rng.integers(1, len(Emotion))))]
        size = rng.uniform(0.3, 1)
        face += face_row({name: most * size for name, most in feeling.face.items()}).astype(np.float32)
    return np.clip(face, 0, 1)


def draw_pose(rng: Random, scale: float) -> Motion:
    """Chance and how far (1 is wild) -> a motion without a face: how head, eyes and torso stand."""
    motion = rest_motion()
    motion[HEAD_TURN] = np.clip(rng.normal(0, 1, 3) * TURN_SPREAD * scale, -TURN_LIMIT, TURN_LIMIT)
    motion[HEAD_SHIFT] = rng.normal(0, SHIFT_SPREAD, 3) * scale
    motion[GAZE] = np.clip(rng.normal(0, GAZE_SPREAD, 2), -GAZE_LIMIT, GAZE_LIMIT) * GAZE_SCALE
    motion[TORSO_HEIGHT] = rng.normal(0, HEIGHT_SPREAD)
    return motion


def draw_poses(count: int, rng: Random) -> NDArray[np.float32]:
    """Chance -> so many motions of one person: some keep an expression through all of them, some turn far."""
    torso = rng.normal(0, 1, 3) * TORSO_SPREAD
    wide = rng.random() < 0.4
    kept = draw_face(rng) * (rng.random() < 0.3)
    poses = []
    for number in range(count):
        motion = draw_pose(rng, 1.0 if wide or number < count // 5 else CALM)
        motion[FACE] = np.clip(draw_face(rng) + kept * 0.5, 0, 1)
        motion[TORSO_TURN] = torso
        poses.append(motion)
    return np.stack(poses)
