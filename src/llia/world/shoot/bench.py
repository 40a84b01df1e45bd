"""Nothing in -> how fast the world is on one core, measured and as on a core of 135 GFLOP/s."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from llia.progress import Tally, progress
from llia.yardstick import ONE_THREAD, REFERENCE_GFLOPS, matmul_gflops, seconds_for

if TYPE_CHECKING:
    from llia.world.render.body import Body
    from llia.world.render.studio import Studio

SIZES_PX = (128, 256, 512)
PEOPLE = (11, 23, 35)  # numbers of those who are filmed
FRAMES, ROUNDS = 8, 3  # of each person at each size; the best round counts
BUILDS = 6
TRACK_SECONDS, TRACKS = 20.0, 3

Speeds = dict[str, Any]


def bench() -> Speeds:
    """-> speeds scaled to the reference core, those measured, and the core's own speed; in a process of one thread."""
    environment = os.environ | dict.fromkeys(ONE_THREAD, "1")
    command = [
        sys.executable,
        "-c",
        "import json; from llia.world.shoot.bench import measure; print(json.dumps(measure()))",
    ]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return scale(json.loads(done.stdout.splitlines()[-1]))


def scale(measured: Speeds) -> Speeds:
    """Speeds as measured -> as they would be on the reference core; those measured go beside them."""
    factor = REFERENCE_GFLOPS / measured["matmul_gflops"]
    return {
        "frames_per_s": {size: round(speed * factor, 1) for size, speed in measured["frames_per_s"].items()},
        "tracks_x_realtime": round(measured["tracks_x_realtime"] * factor, 1),
        "person_s": round(measured["person_s"] / factor, 3),
        "matmul_gflops": round(measured["matmul_gflops"], 1),
        "reference_gflops": REFERENCE_GFLOPS,
        "measured": {name: value for name, value in measured.items() if name != "matmul_gflops"},
    }


def measure() -> Speeds:
    """-> speeds as this core has them now; matrix products are measured before and after."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with progress("measuring", "steps", len(SIZES_PX) * len(PEOPLE) + TRACKS + BUILDS) as tally:
        before = matmul_gflops()
        speeds: Speeds = {
            "frames_per_s": {str(size): round(frames_per_second(size, tally), 2) for size in SIZES_PX},
            "tracks_x_realtime": round(tracks_x_realtime(tally), 1),
            "person_s": round(person_seconds(tally), 4),
        }
        speeds["matmul_gflops"] = round((before + matmul_gflops()) / 2, 1)
    return speeds


def frames_per_second(size_px: int, tally: Tally) -> float:
    """-> frames of film in a second, mean over some people."""
    from llia.world.render.studio import Studio
    from llia.world.shoot.posing import draw_poses

    seconds = []
    for number in PEOPLE:
        studio = Studio(build_cast(number), size_px)
        motions = draw_poses(FRAMES, np.random.default_rng(number))
        studio.shoot(motions[0])  # compiles, and warms the caches
        rounds = [seconds_for(partial(shoot_all, studio, motions)) for _ in range(ROUNDS)]
        seconds.append(min(rounds) / FRAMES)
        tally.advance()
    return 1 / float(np.mean(seconds))


def tracks_x_realtime(tally: Tally) -> float:
    """-> seconds of tracks made in a second by the clock on the wall: other processes speak."""
    from llia.world.acting.tracks import make_tracks
    from llia.world.face.features import shape_head
    from llia.world.people.casting import cast

    make_tracks(cast(0), 0, 2.0)  # starts the voices
    people = [(cast(number), number) for number in range(1, TRACKS + 1)]
    start = time.perf_counter()
    for person, number in people:
        make_tracks(person, number, TRACK_SECONDS, rest=shape_head(person))
        tally.advance()
    return TRACKS * TRACK_SECONDS / (time.perf_counter() - start)


def person_seconds(tally: Tally) -> float:
    """-> seconds to cast and build a person, mean over some."""
    build_cast(0)
    seconds = []
    for number in range(1, BUILDS + 1):
        seconds.append(seconds_for(partial(build_cast, number)))
        tally.advance()
    return float(np.mean(seconds))


def build_cast(number: int) -> Body:
    """-> the body of the person of that number."""
    from llia.world.people.casting import cast
    from llia.world.render.body import build

    return build(cast(number))


def shoot_all(studio: Studio, motions: NDArray[np.float32]) -> None:
    """Shoots every motion."""
    for motion in motions:
        studio.shoot(motion)


def show(speeds: Speeds, console: Console) -> None:
    """Speeds -> a table."""
    measured = speeds["measured"]
    table = Table("what", f"at {REFERENCE_GFLOPS:.0f} GFLOP/s", "measured", title="The world on one core")
    for size, speed in speeds["frames_per_s"].items():
        table.add_row(f"frames/s at {size} px", f"{speed:.1f}", f"{measured['frames_per_s'][size]:.1f}")
    tracks = "tracks_x_realtime"
    table.add_row("tracks, times real time", f"{speeds[tracks]:.0f}", f"{measured[tracks]:.0f}")
    table.add_row("seconds to build a person", f"{speeds['person_s']:.3f}", f"{measured['person_s']:.3f}")
    table.add_row("matrix products, GFLOP/s", "", f"{speeds['matmul_gflops']:.1f}")
    console.print(table)
