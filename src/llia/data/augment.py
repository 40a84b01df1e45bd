"""Clean mel steps -> mel steps as other microphones, rooms and throats would have given them; chance is passed in."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from pydantic.dataclasses import dataclass

from llia.config import STRICT, Clock
from llia.data.sound import Floats, power_of, scaled_of

Share = Annotated[float, Field(ge=0, le=1)]
ROOM_DECAY = np.log(10.0**6)  # a room's reverberation time is that of a fall by 60 dB


@dataclass(frozen=True, config=STRICT)
class SoundVariety:
    """How far sounds may be changed; levels are natural logarithms of power."""

    share: Share = 0.8  # of the clips that are changed at all
    gain: float = 1.0  # spread of the loudness
    tilt: float = 1.6  # spread of the slope from the lowest band to the highest, half of it
    num_waves: int = 3  # cosines over the bands: colour of voices, microphones and loudspeakers
    wave: float = 1.5  # spread of the first; the k-th has 1 / sqrt(k) of it
    floor_low: float = -7.9  # quietest noise
    floor_high: float = -3.7  # loudest noise
    floor_tilt: float = 0.5
    floor_flicker: float = 0.2
    stretch: Share = 0.16  # of the mel axis: longer and shorter throats
    room_share: Share = 0.3  # of the changed clips that are in a room
    room_s: tuple[float, float] = (0.15, 0.6)  # reverberation time
    room_db: tuple[float, float] = (-18.0, -4.0)  # power of the room beside that of the voice


def vary_sound(steps: Floats, variety: SoundVariety, clock: Clock, rng: np.random.Generator) -> Floats:
    """Scaled mel steps `B K M` -> changed ones; each clip of the batch is changed in its own way, steps of it alike."""
    num_clips = len(steps)
    band = np.linspace(-1, 1, steps.shape[2])
    changed = (rng.random(num_clips) < variety.share)[:, None, None]
    stretch = 1 + variety.stretch * rng.uniform(-1, 1, num_clips)
    in_room = rng.random(num_clips) < variety.room_share
    room_s = rng.uniform(*variety.room_s, num_clips)
    room_db = rng.uniform(*variety.room_db, num_clips)
    colour = draw_colour(variety, band, num_clips, rng)  # B M
    floor = rng.uniform(variety.floor_low, variety.floor_high, num_clips)[:, None]
    floor = floor + variety.floor_tilt * rng.standard_normal(num_clips)[:, None] * band  # B M
    flicker = variety.floor_flicker * rng.standard_normal(steps.shape, np.float32)

    power = power_of(stretch_bands(steps, stretch))
    wet = np.where(in_room, 10 ** (room_db / 10), 0.0)
    power = add_room(power, room_s * clock.mel_steps_per_second, wet)
    power = power * np.exp(colour, dtype=np.float32)[:, None] + np.exp(floor[:, None] + flicker, dtype=np.float32)
    return np.where(changed, scaled_of(power), steps)


def draw_colour(
    variety: SoundVariety, band: NDArray[np.float64], num_clips: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Places of the bands from -1 to 1 -> what each clip's bands gain, `B M`: loudness, slope and slow waves."""
    gain, tilt = variety.gain * rng.standard_normal((num_clips, 1)), variety.tilt * rng.standard_normal((num_clips, 1))
    colour = gain + tilt * band
    for number in range(1, variety.num_waves + 1):
        size = variety.wave / number**0.5 * rng.standard_normal((num_clips, 1))
        phase = rng.uniform(0, 2 * np.pi, (num_clips, 1))
        colour = colour + size * np.cos(np.pi * number * (band + 1) / 2 + phase)
    return np.asarray(colour)


def stretch_bands(steps: Floats, factor: NDArray[np.float64]) -> Floats:
    """Mel steps `B K M` and a factor per clip `B` -> band m sounds as band m * factor did; hearing undoes it."""
    last = steps.shape[2] - 1
    place = np.clip(np.arange(last + 1) * factor[:, None], 0, last)[:, None]  # B 1 M
    below = np.minimum(place.astype(np.int64), last - 1)
    weight = (place - below).astype(np.float32)
    shape = np.broadcast_shapes(below.shape, steps.shape)
    low = np.take_along_axis(steps, np.broadcast_to(below, shape), 2)
    high = np.take_along_axis(steps, np.broadcast_to(below + 1, shape), 2)
    stretched: Floats = low + weight * (high - low)
    return stretched


def add_room(power: Floats, fall_steps: NDArray[np.float64], wet: NDArray[np.float64]) -> Floats:
    """Power `B K M`, steps in which each clip's room falls by 60 dB `B`, its power `B` -> power with its echoes."""
    decay = np.exp(-ROOM_DECAY / fall_steps).astype(np.float32)[:, None]
    share = (wet[:, None] * (1 - decay)).astype(np.float32)  # echoes of a steady sound sum to `wet` of it
    with_room = power.copy()
    echo = np.zeros_like(power[:, 0])
    for step in range(1, power.shape[1]):
        echo = decay * (echo + power[:, step - 1])
        with_room[:, step] += share * echo
    return with_room
