"""A number -> one sample of the data: a person filmed while they talk, listen and idle, or only heard and measured."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.config import MARK, Clock, to_json
from llia.data.samples import Sample
from llia.head.shape import RestHead
from llia.world.acting.tracks import Tracks, make_tracks
from llia.world.chance import stream
from llia.world.face.features import shape_head
from llia.world.people.casting import cast
from llia.world.people.framing import wild_framing
from llia.world.people.person import Person
from llia.world.render.body import build
from llia.world.render.studio import Studio
from llia.world.shoot.truth import camera_row, identity_row, measure_motion, shoot_film
from llia.world.voice.speech import Phone
from llia.world.voice.voices import draw_voice

Truth = dict[str, NDArray[Any]]

CLOCK = Clock()
WILD_FILM_SHARE = 0.4  # of films that are framed as real photographs are, the rest as a talking portrait
NO_PHONE = -1


def make_film_sample(number: int, size_px: int, seconds: float, *, held_out: bool) -> Sample:
    """-> a film of one person with both voices."""
    person = cast(number, held_out=held_out)
    chance = stream(person.seed, "framing of film")
    if chance.random() < WILD_FILM_SHARE:
        person = replace(person, framing=wild_framing(chance))
    body = build(person)
    tracks, about = play_person(person, body.rest, seconds, held_out=held_out)
    studio = Studio(body, size_px)
    frames, seen = shoot_film(studio, tracks.motion)
    truth = know_tracks(person, body.rest, tracks) | seen | {"camera": camera_row(studio.camera)}
    return Sample(f"{person.seed:09d}", truth, about, own=tracks.own, other=tracks.other, frames=frames)


def make_tracks_sample(number: int, seconds: float, *, held_out: bool) -> Sample:
    """-> sound and motion of one person, without pictures."""
    person = cast(number, held_out=held_out)
    rest = shape_head(person)
    tracks, about = play_person(person, rest, seconds, held_out=held_out)
    truth = know_tracks(person, rest, tracks)
    return Sample(f"{person.seed:09d}", truth, about, own=tracks.own, other=tracks.other)


def play_person(person: Person, rest: RestHead, seconds: float, *, held_out: bool) -> tuple[Tracks, dict[str, Any]]:
    """-> what the person does and says, and what is known of it in words.

    All chance goes by the person's own seed: by the sample's number, who is held out would move as those in training.
    """
    seed = person.seed
    voice = draw_voice(stream(seed, "voice"), femininity=person.femininity, held_out=held_out)
    tracks = make_tracks(person, seed, seconds, held_out=held_out, voice=voice, rest=rest)
    about = {
        "seed": seed,
        "person": to_json(person),
        "voice": voice.name,
        "speaker": voice.speaker,
        "language": voice.language,
        "human": voice.human,
        "text": tracks.text,
        "phones": [[phone.start_s, phone.end_s, phone.ipa, phone.stress] for phone in tracks.phones],
        "mark": MARK,
    }
    return tracks, about


def know_tracks(person: Person, rest: RestHead, tracks: Tracks) -> Truth:
    """-> what is true of the tracks, by frame, and who moves."""
    return measure_motion(rest, tracks.motion) | {
        "state": tracks.state,
        "viseme": tracks.viseme,
        "emotion": tracks.emotion,
        "parted": tracks.parted,
        "phone": phone_of_frames(tracks.phones, tracks.num_frames),
        "identity": identity_row(person),
    }


def phone_of_frames(phones: tuple[Phone, ...], num_frames: int) -> NDArray[np.int16]:
    """-> for each frame the place in `phones` of what is spoken in its middle, NO_PHONE where nothing is, [F]."""
    middles = (np.arange(num_frames) + 1 / 2) / CLOCK.frames_per_second
    spoken = np.full(num_frames, NO_PHONE, np.int16)
    for place, phone in enumerate(phones):
        spoken[(middles >= phone.start_s) & (middles < phone.end_s)] = place
    return spoken
