"""A number -> one sample of stills: a person in many poses and expressions, in several framings, lights and places."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from llia.config import to_json
from llia.data.samples import Sample
from llia.world.chance import stream
from llia.world.people.casting import cast
from llia.world.people.framing import wild_framing
from llia.world.people.lighting import light_person
from llia.world.render.body import Body, build
from llia.world.render.studio import MARK, Studio
from llia.world.shoot.posing import draw_poses
from llia.world.shoot.truth import camera_row, identity_row, measure_motion, shoot_film

SETTINGS_PER_SAMPLE = 4  # that the stills of one person are spread over
MOST_SEED = 2**31


def make_stills_sample(number: int, size_px: int, count: int, *, held_out: bool) -> Sample:
    """-> stills of one person, in several framings, lights and places."""
    rng = stream(number, "stills")
    body = build(cast(number, held_out=held_out))
    motions = draw_poses(count, rng)
    pictures, seen, cameras = [], [], []
    for part in np.array_split(np.arange(count), SETTINGS_PER_SAMPLE):
        studio = Studio(move(body, rng), size_px)
        frames, places = shoot_film(studio, motions[part])
        pictures.append(frames)
        seen.append(places)
        cameras += [camera_row(studio.camera)] * len(part)
    truth = measure_motion(body.rest, motions) | {"camera": np.stack(cameras), "identity": identity_row(body.person)}
    truth |= {name: np.concatenate([places[name] for places in seen]) for name in seen[0]}
    about = {"seed": number, "person": to_json(body.person), "size_px": size_px, "mark": MARK}
    return Sample(f"{number:09d}", truth, about, frames=np.concatenate(pictures), stills=True)


def move(body: Body, rng: np.random.Generator) -> Body:
    """-> the same body in another place: framing, light and background are drawn anew."""
    person = body.person
    background = replace(person.background, seed=int(rng.integers(MOST_SEED)))
    lighting = light_person(person.skin.tone, background, int(rng.integers(MOST_SEED)))
    moved = replace(person, framing=wild_framing(rng), background=background, lighting=lighting)
    return replace(body, person=moved)
