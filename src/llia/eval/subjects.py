"""Seeds -> held-out people of the world to be measured on: stills with their landmarks, films with true heads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.config import Clock, State
from llia.head.likeness import Camera
from llia.head.measures import measure
from llia.head.motion import HEAD_TURN, MOTION_INDEX
from llia.head.shape import RestHead, turns
from llia.world.acting.tracks import make_tracks
from llia.world.chance import stream
from llia.world.people.casting import cast
from llia.world.render.body import build
from llia.world.render.studio import Studio
from llia.world.shoot.stills import make_stills_sample
from llia.world.shoot.truth import shoot_film
from llia.world.voice.voices import draw_voice

Array = NDArray[Any]
Picture = NDArray[np.uint8]

STILLS_PER_PERSON = 4
WHOLE_FACE = 0.8  # of the landmarks lie in the picture; others are pictures of an ear or an eye
SIZE_PX = 256
FILM_S, STRIDE = 10.0, 4  # of talk; every so many frames are filmed
NEAR = 0.35  # radians between the head in the portrait and in a frame
EYES_OPEN = 0.6  # of their usual opening, in a portrait
TURN_DEGREES, TURN_S = 10.0, 3.0
SEEDS_APART = 1_000_000  # person n of seed s is held-out person s * SEEDS_APART + n


@dataclass(frozen=True)
class Still:
    """One picture of a held-out person."""

    picture: Picture  # S S 3
    points: Array  # 150 2, in pixels
    yaw: float  # radians that the face is turned away from the camera, sideways

    @property
    def shown(self) -> float:
        """-> the share of the face's 68 landmarks that lie in the picture."""
        inside = (self.points[:68] >= 0) & (self.points[:68] < np.array(self.picture.shape[1::-1]))
        return float(inside.all(1).mean())


@dataclass(frozen=True)
class Film:
    """A held-out person's portrait, other moments of them, and a slow turn of the head from the portrait's pose."""

    name: str
    rest: RestHead
    camera: Camera
    portrait: Picture  # S S 3
    portrait_motion: Array  # 66
    motion: Array  # F 66
    pictures: Picture  # F S S 3
    boxes: Array  # F 4 4: face, mouth, right eye, left eye
    talking: NDArray[np.bool_]  # F
    lip_gap: Array  # F, cm
    turn_motion: Array  # G 66
    turn_pictures: Picture  # G S S 3


def shoot_stills(seed: int, num_people: int) -> Iterator[Still]:
    """-> four pictures of each person, wild ones, then as films frame people; without those that cut the face off."""
    for number in range(num_people):
        sample = make_stills_sample(seed * SEEDS_APART + number, SIZE_PX, STILLS_PER_PERSON, held_out=True)
        assert sample.frames is not None
        cameras, points = sample.truth["camera"], sample.truth["points"][..., :2].astype(np.float64)
        for picture, place, motion, camera in zip(sample.frames, points, sample.truth["motion"], cameras, strict=True):
            still = Still(picture, place, face_yaw(motion, camera))
            if still.shown >= WHOLE_FACE:
                yield still


def face_yaw(motion: Array, camera: Array) -> float:
    """A motion and a camera's row -> the angle between where the face looks and the camera, sideways, radians."""
    head_turn, head_shift, *_ = turns(motion)
    ahead = head_turn[:, 2]
    to_camera = np.array([camera[0], camera[1], camera[2]]) - head_shift
    return float(np.arctan2(ahead[0], ahead[2]) - np.arctan2(to_camera[0], to_camera[2]))


def shoot_person(seed: int, number: int) -> Film:
    """-> one person's film; the portrait is a moment with open eyes, the frames those near enough to its pose."""
    person = cast(seed * SEEDS_APART + number, held_out=True)
    body = build(person)
    rng = stream(person.seed, "eval")
    voice, other = (draw_voice(rng, femininity=x, held_out=True, human_share=0) for x in (person.femininity, None))
    tracks = make_tracks(person, person.seed, FILM_S, held_out=True, voice=voice, other_voice=other, rest=body.rest)
    spans = measure(body.rest)
    eyes = spans.eye_left(tracks.motion) + spans.eye_right(tracks.motion)
    portrait = tracks.motion[rng.choice(np.flatnonzero(eyes > EYES_OPEN * np.median(eyes)))]
    turned = np.abs(tracks.motion[:, HEAD_TURN] - portrait[HEAD_TURN]).max(1)
    chosen = np.arange(0, tracks.num_frames, STRIDE)
    chosen = chosen[(turned[chosen] < NEAR) & (turned[chosen] > 0)]
    studio = Studio(body, SIZE_PX)
    pictures, seen = shoot_film(studio, tracks.motion[chosen])
    turn = slow_turn(portrait)
    return Film(
        name=f"{person.seed}",
        rest=body.rest,
        camera=studio.camera,
        portrait=studio.shoot(portrait),
        portrait_motion=portrait,
        motion=tracks.motion[chosen],
        pictures=pictures,
        boxes=seen["boxes"],
        talking=tracks.state[chosen] == State.SPEAKING,
        lip_gap=spans.lip_gap(tracks.motion[chosen]),
        turn_motion=turn,
        turn_pictures=np.stack([studio.shoot(motion) for motion in turn]),
    )


def slow_turn(motion: Array) -> Array:
    """A motion -> ten degrees of turn from it, towards the camera and beyond, starting and ending softly, [G 66]."""
    num_frames = round(TURN_S * Clock().frames_per_second)
    share = (1 - np.cos(np.pi * np.arange(num_frames) / (num_frames - 1))) / 2
    turn, yaw = np.repeat(motion[None], num_frames, axis=0), MOTION_INDEX["head.yaw"]
    turn[:, yaw] += (np.radians(TURN_DEGREES) * share * (-1 if motion[yaw] > 0 else 1)).astype(np.float32)
    return turn
