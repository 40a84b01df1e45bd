"""One portrait, sound -> what each station of a session costs for one frame: processor time, one after another."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from llia.codec import GRAPHS, PAINTERS, Appearance
from llia.config import PRESETS, Clock
from llia.engine.flops import flops_of
from llia.engine.players import DENOISE, HEAR
from llia.head.motion import Motion
from llia.portrait.edit import within
from llia.portrait.guide import guide
from llia.stream.painting import Picture
from llia.stream.session import Direction, cast_role, push, start_stream, step
from llia.stream.stage import Stage

Floats = NDArray[np.float32]

STATIONS = ("hear", "denoise", "step", "guide", "painter", "compose", "encode")  # in the order of a frame's way
LIVE_VIDEO = {"preset": "ultrafast", "tune": "zerolatency"}
BITS_PER_PIXEL = 0.49  # of a frame, at 25 of them 0.8 Mbit/s for 256 px


@dataclass
class Meter:
    """Processor time of calls, all threads of the process together."""

    ms: list[float] = field(default_factory=list)

    def around(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*inputs: Any) -> Any:
            start = time.process_time()
            result = work(*inputs)
            self.ms.append(1000 * (time.process_time() - start))
            return result

        return timed

    @property
    def median(self) -> float:
        return float(np.median(self.ms))


def station_ms(stage: Stage, appearance: Appearance, sound: Floats, num_clips: int) -> dict[str, float]:
    """A portrait and sound for so many of the shortest clips -> core-ms of each station for a frame, medians.

    `step` is all of a clip but its networks: mel windows, levels, states, reflexes. `compose` is all of a painted frame
    but guide and network.
    """
    made, motions = moving_ms(stage, appearance, sound, num_clips)
    painted, pictures = painting_ms(stage, appearance, motions)
    return made | painted | {"encode": encoding_ms(pictures)}


def moving_ms(
    stage: Stage, appearance: Appearance, sound: Floats, num_clips: int
) -> tuple[dict[str, float], list[Motion]]:
    hear, denoise, whole = Meter(), Meter(), Meter()
    players = replace(
        stage.players, hear=hear.around(stage.players.hear), denoise=denoise.around(stage.players.denoise)
    )
    length = min(players.config.clips.lengths)
    role = cast_role(players, appearance.likeness)
    state, motions = push(start_stream(role, players.config), sound), []
    for _ in range(num_clips):
        made, state = whole.around(step)(players, role, Direction(), state, length)
        motions += list(within(made, appearance.likeness.motion))
    ms = {"hear": hear.median, "denoise": denoise.median}
    ms["step"] = whole.median - sum(ms.values())
    return {station: value / length for station, value in ms.items()}, motions


def painting_ms(
    stage: Stage, appearance: Appearance, motions: Sequence[Motion]
) -> tuple[dict[str, float], list[Picture]]:
    network, whole, guiding = Meter(), Meter(), Meter()
    painters = replace(stage.painters[0], paint=network.around(stage.painters[0].paint))
    (decode,) = Stage(stage.players, stage.codec, (painters,)).decoders(appearance)
    pictures = []
    for motion in motions:
        pictures.append(whole.around(decode)(motion))
        guiding.around(guide)(appearance.canvas.side, motion)
    rest_ms = whole.median - network.median - guiding.median
    return {"guide": guiding.median, "painter": network.median, "compose": rest_ms}, pictures


def encoding_ms(pictures: Sequence[Picture]) -> float:
    """Pictures of one size -> core-ms to make a live film of each, x264 for the least delay."""
    height, width = pictures[0].shape[:2]
    encoder: Any = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.options = width, height, "yuv420p", LIVE_VIDEO
    encoder.time_base, encoder.thread_count = Fraction(1, Clock().frames_per_second), 1
    encoder.bit_rate = round(BITS_PER_PIXEL * width * height * Clock().frames_per_second)
    meter = Meter()
    for picture in pictures:
        meter.around(lambda one: encoder.encode(av.VideoFrame.from_ndarray(one, format="rgb24")))(picture)
    return meter.median


def station_gflops(
    sizes_px: Sequence[int], graphs: Path | None = None, preset: str = "live"
) -> dict[str, dict[str, float]]:
    """Sizes, where graphs lie -> by size, billions of operations that the networks take for a frame."""
    folder, length = graphs or GRAPHS, min(PRESETS[preset].clips.lengths)
    moving = {name: flops_of(folder / f"{name}-{length}.xml") / length / 1e9 for name in (HEAR, DENOISE)}
    _, painter = PAINTERS
    return {str(size): moving | {"painter": flops_of(folder / f"{painter}-{size}.xml") / 1e9} for size in sizes_px}
