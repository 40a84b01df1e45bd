"""Motion to and from the 52 blend shapes of ARKit: as a CSV of Live Link Face, and as JSON."""

from __future__ import annotations

import csv
import difflib
import io
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.config import Clock
from llia.head.motion import (
    FACE,
    FACE_NAMES,
    GAZE,
    HEAD_TURN,
    MOTION_INDEX,
    MOTION_NAMES,
    MOTION_SIZE,
    Motion,
    check_range,
)

# ARKit has these once where the head has a left and a right half: out they are averaged, in they are copied.
MERGED = ("browInnerUp", "cheekPuff")
ARKIT_NAMES: tuple[str, ...] = (
    "eyeBlinkLeft", "eyeLookDownLeft", "eyeLookInLeft", "eyeLookOutLeft", "eyeLookUpLeft", "eyeSquintLeft",
    "eyeWideLeft", "eyeBlinkRight", "eyeLookDownRight", "eyeLookInRight", "eyeLookOutRight", "eyeLookUpRight",
    "eyeSquintRight", "eyeWideRight", "jawForward", "jawRight", "jawLeft", "jawOpen", "mouthClose", "mouthFunnel",
    "mouthPucker", "mouthRight", "mouthLeft", "mouthSmileLeft", "mouthSmileRight", "mouthFrownLeft",
    "mouthFrownRight", "mouthDimpleLeft", "mouthDimpleRight", "mouthStretchLeft", "mouthStretchRight",
    "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthPressLeft", "mouthPressRight",
    "mouthLowerDownLeft", "mouthLowerDownRight", "mouthUpperUpLeft", "mouthUpperUpRight", "browDownLeft",
    "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight", "cheekPuff", "cheekSquintLeft",
    "cheekSquintRight", "noseSneerLeft", "noseSneerRight", "tongueOut",
)  # fmt: skip
# What Live Link Face writes after the blend shapes, in radians, the eyes one by one. Taken here: positive pitch looks
# up, positive yaw turns to the person's left. (Not checked against a phone.)
LIVE_LINK_POSE = (
    "headYaw", "headPitch", "headRoll", "leftEyeYaw", "leftEyePitch", "leftEyeRoll", "rightEyeYaw", "rightEyePitch",
    "rightEyeRoll",
)  # fmt: skip

MOST_FRAMES_PER_SECOND = 1000
# Gaze at which ARKit's eyeLook weights reach one, radians: sideways and up or down.
LOOK_SIDEWAYS = np.deg2rad(28.0)
LOOK_UP_DOWN = np.deg2rad(22.0)


def to_arkit(motion: Motion) -> NDArray[np.float32]:
    """Motion, [... 66] -> ARKit's weights in the order of ARKIT_NAMES, [... 52]; eyeLook* follow the gaze."""
    weights = np.zeros((*motion.shape[:-1], len(ARKIT_NAMES)), np.float32)
    for place, name in enumerate(ARKIT_NAMES):
        if name in MERGED:
            weights[..., place] = motion[..., [MOTION_INDEX[name + side] for side in ("Left", "Right")]].mean(-1)
        elif not name.startswith("eyeLook"):
            weights[..., place] = motion[..., MOTION_INDEX[name]]
    for name, value in eye_look(motion[..., GAZE]).items():
        weights[..., ARKIT_NAMES.index(name)] = value
    return np.clip(weights, 0, 1)


def from_arkit(weights: NDArray[Any], pose: Mapping[str, NDArray[Any]] | None = None) -> Motion:
    """ARKit's weights, [... 52], and motion by name (head.yaw ...) -> motion, [... 66]; gaze from eyeLook*."""
    if weights.shape[-1] != len(ARKIT_NAMES):
        raise ValueError(f"expected {len(ARKIT_NAMES)} ARKit weights a frame, got {weights.shape[-1]}")
    motion = np.zeros((*weights.shape[:-1], MOTION_SIZE), np.float32)
    for place, name in enumerate(ARKIT_NAMES):
        for side in ("Left", "Right") if name in MERGED else ("",):
            motion[..., MOTION_INDEX[name + side]] = weights[..., place]
    look = {name: weights[..., ARKIT_NAMES.index(name)] for name in ARKIT_NAMES if name.startswith("eyeLook")}
    to_left = look["eyeLookOutLeft"] - look["eyeLookInLeft"] + look["eyeLookInRight"] - look["eyeLookOutRight"]
    up = look["eyeLookUpLeft"] - look["eyeLookDownLeft"] + look["eyeLookUpRight"] - look["eyeLookDownRight"]
    motion[..., GAZE] = np.stack([to_left / 2 * LOOK_SIDEWAYS, up / 2 * LOOK_UP_DOWN], -1)
    for name, values in (pose or {}).items():
        motion[..., MOTION_INDEX[name]] = values
    return motion


def named_motion(values: Mapping[str, float]) -> Motion:
    """Some of a frame's numbers by name, ARKit's or head.yaw, gaze.pitch ... -> the motion, [66]; the rest rests."""
    weights, pose = np.zeros(len(ARKIT_NAMES), np.float32), {}
    for name, value in values.items():
        if name in MOTION_INDEX:
            pose[name] = np.float32(check_range(name, value))
        elif name in MERGED:
            weights[ARKIT_NAMES.index(name)] = check_range(f"{name}Left", value)
        else:
            near = difflib.get_close_matches(name, [*MOTION_NAMES, *MERGED], 3, 0.5) or ["jawOpen", "head.yaw"]
            raise ValueError(f"no motion is called {name!r}; there are {', '.join(near)} ...")
    motion = from_arkit(weights)
    for name, number in pose.items():
        motion[MOTION_INDEX[name]] = number
    return motion


def eye_look(gaze: NDArray[np.floating[Any]]) -> dict[str, NDArray[np.floating[Any]]]:
    """Gaze, [... 2] -> the eight eyeLook weights that go with it."""
    to_left, up = gaze[..., 0] / LOOK_SIDEWAYS, gaze[..., 1] / LOOK_UP_DOWN
    weights = {
        "eyeLookOutLeft": to_left, "eyeLookInRight": to_left, "eyeLookInLeft": -to_left, "eyeLookOutRight": -to_left,
        "eyeLookUpLeft": up, "eyeLookUpRight": up, "eyeLookDownLeft": -up, "eyeLookDownRight": -up,
    }  # fmt: skip
    return {name: np.clip(weight, 0, 1) for name, weight in weights.items()}


def write_live_link(motion: Motion, frames_per_second: int = 25) -> str:
    """Motion, [T 66] -> the CSV that Live Link Face writes."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(["Timecode", "BlendShapeCount", *map(capital, ARKIT_NAMES + LIVE_LINK_POSE)])
    for number, (weights, frame) in enumerate(zip(to_arkit(motion), motion, strict=True)):
        yaw, pitch, roll = frame[HEAD_TURN]
        gaze_yaw, gaze_pitch = frame[GAZE]
        turned = (yaw, -pitch, roll, gaze_yaw, gaze_pitch, 0.0, gaze_yaw, gaze_pitch, 0.0)
        values = [f"{value:.6f}" for value in (*weights, *turned)]
        writer.writerow([timecode(number, frames_per_second), len(ARKIT_NAMES) + len(LIVE_LINK_POSE), *values])
    return lines.getvalue()


def read_live_link(text: str) -> Motion:
    """The CSV of Live Link Face -> motion at 25 frames a second, [T 66]."""
    rows = list(csv.DictReader(io.StringIO(text)))
    if not rows:
        raise ValueError("expected a CSV of Live Link Face with a header and frames, got no frames")
    columns = {name[:1].lower() + name[1:]: name for name in rows[0] if name}
    if missing := [name for name in ARKIT_NAMES if name not in columns]:
        raise ValueError(f"expected the columns of Live Link Face, {', '.join(missing[:3])} ... missing")
    try:
        weights = np.array([[float(row[columns[name]]) for name in ARKIT_NAMES] for row in rows], np.float32)
        turned = {n: np.array([float(row[columns[n]]) for row in rows]) for n in LIVE_LINK_POSE if n in columns}
    except (TypeError, ValueError) as error:
        raise ValueError(f"expected numbers in every column of the CSV: {error}") from error
    pose = {}
    if {"headYaw", "headPitch", "headRoll"} <= turned.keys():
        pose = {"head.yaw": turned["headYaw"], "head.pitch": -turned["headPitch"], "head.roll": turned["headRoll"]}
    if {"leftEyeYaw", "rightEyeYaw", "leftEyePitch", "rightEyePitch"} <= turned.keys():
        pose["gaze.yaw"] = (turned["leftEyeYaw"] + turned["rightEyeYaw"]) / 2
        pose["gaze.pitch"] = (turned["leftEyePitch"] + turned["rightEyePitch"]) / 2
    return at_our_rate(from_arkit(weights, pose), rate_of([row.get("Timecode") or "" for row in rows]))


def rate_of(timecodes: list[str]) -> float:
    """Timecodes as 18:05:01:23.119 (hours, minutes, seconds, frames) -> frames a second; ours where none is whole."""
    frames_in_seconds = Counter(code.rpartition(":")[0] for code in timecodes)
    whole = list(frames_in_seconds.values())[1:-1]  # the first and the last second may be cut
    return median(whole) if whole else Clock().frames_per_second


def at_our_rate(motion: Motion, frames_per_second: float) -> Motion:
    """Motion recorded at some rate, [T 66] -> at 25 frames a second, between its frames where those fall."""
    ours = Clock().frames_per_second
    if frames_per_second == ours:
        return motion
    count = 1 + int((len(motion) - 1) * ours / frames_per_second)
    places = np.arange(count) * frames_per_second / ours
    return np.stack([np.interp(places, np.arange(len(motion)), track) for track in motion.T], 1).astype(np.float32)


def write_motion_json(motion: Motion, frames_per_second: int = 25) -> str:
    """Motion, [T 66] -> JSON with every number under its name, nothing lost."""
    tracks = {name: [round(float(x), 6) for x in motion[:, place]] for name, place in MOTION_INDEX.items()}
    return json.dumps({"frames_per_second": frames_per_second, "frames": len(motion), "motion": tracks})


def read_motion_json(text: str) -> Motion:
    """JSON of `write_motion_json`, or with ARKit's names alone -> motion at 25 frames a second, [T 66]; what is not
    named rests."""
    try:
        told = json.loads(text)
        tracks, rate = told["motion"], float(told.get("frames_per_second", Clock().frames_per_second))
        values = {name: np.asarray(track, np.float32) for name, track in tracks.items()}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError('expected JSON like {"motion": {"jawOpen": [0, 0.1], "head.yaw": [0, 0]}}') from error
    if unknown := values.keys() - set(MOTION_NAMES) - set(ARKIT_NAMES):
        raise ValueError(
            f"no motion is called {', '.join(sorted(unknown))}; names are ARKit's, head.yaw, gaze.pitch ..."
        )
    if len({track.shape for track in values.values()}) != 1 or next(iter(values.values())).ndim != 1:
        raise ValueError("expected a list of numbers for every name of the motion, all of them equally long")
    if not 0 < rate < MOST_FRAMES_PER_SECOND:
        raise ValueError(f"expected frames_per_second up to {MOST_FRAMES_PER_SECOND}, got {rate:g}")
    num_frames = len(next(iter(values.values())))
    arkit = np.zeros((num_frames, len(ARKIT_NAMES)), np.float32)
    for place, name in enumerate(ARKIT_NAMES):
        arkit[:, place] = values.get(name, 0)
    motion = from_arkit(arkit, {name: track for name, track in values.items() if name in MOTION_INDEX})
    return at_our_rate(motion, rate)


def read_motion(path: Path) -> Motion:
    """A .csv of Live Link Face or a .json -> motion at 25 frames a second, [T 66], T at least 1."""
    readers = {".csv": read_live_link, ".json": read_motion_json}
    if path.suffix.lower() not in readers:
        raise ValueError(f"expected motion as .csv (Live Link Face) or .json, got {path.name}")
    if not path.is_file():
        raise FileNotFoundError(f"expected a file of motion, got nothing at {path}; check the path")
    try:
        motion = readers[path.suffix.lower()](path.read_text("utf-8-sig"))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"expected motion as text in {path}, could not read it ({error})") from None
    except ValueError as error:
        raise ValueError(f"{error}; this is {path}") from None
    if not len(motion) or not np.isfinite(motion).all():
        raise ValueError(f"expected motion of one frame or more, all numbers finite, got other in {path}")
    return motion


def capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def timecode(frame: int, frames_per_second: int) -> str:
    seconds, rest = divmod(frame, frames_per_second)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{rest:02}.000"


assert len(ARKIT_NAMES) == 52 and set(FACE_NAMES[FACE]) - set(ARKIT_NAMES) == {
    name + side for name in MERGED for side in ("Left", "Right")
}
