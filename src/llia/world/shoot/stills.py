"""A number -> one sample of stills: a person in several framings, lights and places, posed wildly or caught in talk."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from llia.config import MARK, to_json
from llia.data.samples import Sample
from llia.head.motion import Motion
from llia.world.acting.tracks import make_tracks
from llia.world.chance import stream
from llia.world.people.casting import cast
from llia.world.people.framing import usual_framing, wild_framing
from llia.world.people.lighting import light_person
from llia.world.people.person import Framing
from llia.world.render.body import Body, build
from llia.world.render.studio import Studio
from llia.world.shoot.posing import draw_poses
from llia.world.shoot.truth import camera_row, identity_row, measure_motion, shoot_film
from llia.world.voice.voices import draw_voice

WILD_SETTINGS, TALK_SETTINGS = 2, 2  # that the stills of one person are spread over
TALK_S = 20.0  # of talk that moments are caught from
MOST_SEED = 2**31


def make_stills_sample(number: int, size_px: int, count: int, *, held_out: bool) -> Sample:
    """-> stills of one person: half in wild poses and framings, half as a film would show that person talking."""
    body = build(cast(number, held_out=held_out))
    seed = body.person.seed  # not the number, which a held-out person shares with one in training
    rng = stream(seed, "stills")
    settings = [wild_framing(rng) for _ in range(WILD_SETTINGS)]
    settings += [usual_framing(body.person.hair, rng) for _ in range(TALK_SETTINGS)]
    wild, talk = count // 2, count - count // 2
    motions = np.concatenate([draw_poses(wild, rng), catch_moments(body, talk, rng, held_out=held_out)])
    parts = np.array_split(np.arange(wild), WILD_SETTINGS) + np.array_split(np.arange(wild, count), TALK_SETTINGS)
    pictures, seen, cameras = [], [], []
    for framing, part in zip(settings, parts, strict=True):
        studio = Studio(move(body, framing, rng), size_px)
        frames, places = shoot_film(studio, motions[part])
        pictures.append(frames)
        seen.append(places)
        cameras += [camera_row(studio.camera)] * len(part)
    truth = measure_motion(body.rest, motions) | {"camera": np.stack(cameras), "identity": identity_row(body.person)}
    truth |= {name: np.concatenate([places[name] for places in seen]) for name in seen[0]}
    about = {"seed": seed, "person": to_json(body.person), "size_px": size_px, "mark": MARK}
    return Sample(f"{seed:09d}", truth, about, frames=np.concatenate(pictures), stills=True)


def catch_moments(body: Body, count: int, rng: np.random.Generator, *, held_out: bool) -> Motion:
    """-> motion of that many moments of the person's talking, listening and idling, [count 66]."""
    person = body.person
    chance = stream(person.seed, "voice")
    voice = draw_voice(
        chance, femininity=person.femininity, held_out=held_out, human_share=0
    )  # quick, and nobody hears it
    partner = draw_voice(chance, held_out=held_out, human_share=0)
    tracks = make_tracks(
        person, person.seed, TALK_S, held_out=held_out, voice=voice, other_voice=partner, rest=body.rest
    )
    return tracks.motion[rng.choice(tracks.num_frames, count, replace=count > tracks.num_frames)]


def move(body: Body, framing: Framing, rng: np.random.Generator) -> Body:
    """-> the same body in another place: framed so, light and background drawn anew."""
    person = body.person
    background = replace(person.background, seed=int(rng.integers(MOST_SEED)))
    lighting = light_person(person.skin.tone, background, int(rng.integers(MOST_SEED)))
    return replace(body, person=replace(person, framing=framing, background=background, lighting=lighting))
