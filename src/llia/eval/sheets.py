"""Held-out people -> to be looked at: sheets of them in many poses, films of them in talk, painted and true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from llia.codec import Appearance, Codec
from llia.config import State
from llia.data.tiles import arrange, label
from llia.eval.subjects import SEEDS_APART
from llia.head.motion import Motion
from llia.portrait.drive import carry_over
from llia.portrait.pictures import save_picture
from llia.portrait.sheet import poses
from llia.progress import progress
from llia.world.acting.tracks import make_tracks
from llia.world.chance import stream
from llia.world.people.casting import cast
from llia.world.people.framing import usual_framing
from llia.world.people.person import HairStyle, Person
from llia.world.render.body import Body, build, texture_px_for
from llia.world.render.studio import Studio
from llia.world.shoot.film import OTHER_IN_MIX, plan_film, write_film
from llia.world.shoot.sheet import at_rest
from llia.world.voice.voices import draw_voice

Picture = NDArray[np.uint8]

COLUMNS = 6
HATS: tuple[HairStyle, ...] = ("beanie", "cap", "turban", "hijab")
PEOPLE_PER_HAT = 6  # of so many one wears a hat, so that a sheet of two dozen shows all kinds


@dataclass(frozen=True)
class Sitter:
    """A held-out person of the world, their portrait, and what was made of it."""

    body: Body
    studio: Studio
    motion: Motion  # in which the portrait was taken
    portrait: Picture  # S S 3
    appearance: Appearance


def write_sheets(codec: Codec, folder: Path, num_people: int, seed: int) -> Iterator[Path]:
    """So many people, each on a sheet of painted poses with the true ones below them -> PNGs, one after another."""
    with progress("posing people", "people", num_people) as tally:
        for number in range(num_people):
            path = folder / f"poses-{number:02}.png"
            save_picture(pose_pairs(codec, seat(codec, seed, number)), path)
            tally.advance()
            yield path


def write_talks(codec: Codec, folder: Path, num_people: int, seconds: float, seed: int) -> Iterator[Path]:
    """So many people who say something of their own, the painted portrait left of the true film -> mp4s with sound."""
    with progress("filming talk", "people", num_people) as tally:
        for number in range(num_people):
            path = folder / f"talk-{number:02}.mp4"
            film_talk(codec, seat(codec, seed, number), seconds, path)
            tally.advance()
            yield path


def seat(codec: Codec, seed: int, number: int) -> Sitter:
    """-> a person before the camera, at ease, their picture found and fitted as any other."""
    person = dress(cast(seed * SEEDS_APART + number, held_out=True), number)
    body = build(person, texture_px_for(codec.size_px))
    studio, motion = Studio(body, codec.size_px), at_rest(body)
    portrait = studio.shoot(motion).copy()
    try:
        appearance = codec.portray(portrait)
    except ValueError as error:
        raise ValueError(f"expected to find person {number} of seed {seed} in their portrait: {error}") from error
    return Sitter(body, studio, motion, portrait, appearance)


def dress(person: Person, number: int) -> Person:
    """-> the person, with a hat if it is their turn."""
    turn, rest = divmod(number, PEOPLE_PER_HAT)
    if rest:
        return person
    hair = replace(person.hair, style=HATS[turn % len(HATS)])
    return replace(person, hair=hair, framing=usual_framing(hair, stream(person.seed, "sheets")))


def pose_pairs(codec: Codec, sitter: Sitter) -> Picture:
    """-> rows of painted poses, each above the row of true ones."""
    own, true = sitter.appearance.likeness.motion, poses(sitter.motion)
    painted = {name: codec.decode(motion, sitter.appearance) for name, motion in poses(own).items()}
    made = [label(sitter.portrait, "portrait"), *(label(picture, name) for name, picture in painted.items())]
    shot = [label(sitter.portrait, "true"), *(label(sitter.studio.shoot(one), f"true {n}") for n, one in true.items())]
    rows = []
    for start in range(0, len(made), COLUMNS):
        for row in (made[start : start + COLUMNS], shot[start : start + COLUMNS]):
            rows += row + [np.zeros_like(sitter.portrait)] * (COLUMNS - len(row))
    return arrange(rows, COLUMNS)


def film_talk(codec: Codec, sitter: Sitter, seconds: float, path: Path) -> None:
    """A person's own talk, as changes since their portrait was taken, onto what was found in it -> an mp4."""
    person, rng = sitter.body.person, stream(sitter.body.person.seed, "talk on sheets")
    voice = draw_voice(rng, femininity=person.femininity, held_out=True)
    plan = plan_film(State.SPEAKING, {}, None, seconds)
    tracks = make_tracks(
        person, person.seed, seconds, held_out=True, plan=plan, voice=voice, rest=sitter.body.rest
    )  # fmt: skip
    since_portrait = np.concatenate([sitter.motion[None], tracks.motion])
    motions = carry_over(since_portrait, sitter.appearance.likeness.motion, absolute=False)[1:]

    def frames() -> Iterator[Picture]:
        for painted, true in zip(motions, tracks.motion, strict=True):
            yield np.concatenate([codec.decode(painted, sitter.appearance), sitter.studio.shoot(true)], axis=1)

    write_film(path, frames(), tracks.own + OTHER_IN_MIX * tracks.other)
