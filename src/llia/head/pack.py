"""The head's source data -> the small file that ships: int8 modes with a scale each, float16 mean, landmarks."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.head.facekit import NUM_IDENTITY_MODES, read_facekit
from llia.head.motion import FACE_NAMES
from llia.head.shape import UNREADABLE, Material, ease, part_of_vertices, unpack

Source = dict[str, NDArray[Any]]

INT8_MAX = 127
EXPRESSION_NAMES = tuple(
    name.replace("Left", "_L").replace("Right", "_R") if name not in {"jawLeft", "jawRight", "mouthLeft", "mouthRight"}
    else name
    for name in FACE_NAMES[:-1]
)  # fmt: skip
# Sight's landmarks beyond the usual 68: pairs and midline points spread evenly, and the two irises.
NUM_FACE_PAIRS, NUM_MIDLINE, NUM_SKULL_PAIRS = 28, 4, 10


@dataclass(frozen=True)
class PackReport:
    """What was written, and how far it is from its source."""

    path: Path
    num_bytes: int
    num_vertices: int
    num_triangles: int
    mean_rms_cm: float
    identity_rms_cm: float  # of a person drawn with coefficients of spread one
    expression_rms_cm: float  # over the vertices that an expression moves, at weight one


def pack_head(source: Path, target: Path) -> PackReport:
    """A source .npz or a checkout of ICT-FaceKit, and where to write -> the packed head and a report on it."""
    arrays = read_source(source)
    head = cull(arrays)
    head = add_tongue(head)
    packed = quantise(head)
    packed["sight"], packed["sight_mirror"] = choose_sight(head)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial.npz")
    try:
        np.savez_compressed(partial, allow_pickle=False, **packed)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    write_notice(source, target)
    return report(head, packed, target)


def read_source(source: Path) -> Source:
    """-> arrays V, I, ei, ev, eo, ex, tri, mat, uv, lm of the source head, as float64 and int64."""
    if source.is_dir() and (source / "head.npz").is_file():
        source = source / "head.npz"
    if source.is_dir():
        arrays = read_facekit(source)
    elif source.is_file():
        try:
            with source.open("rb") as file, np.load(file) as data:  # numpy leaves a broken file open
                arrays = {name: data[name] for name in data.files}
        except UNREADABLE as error:
            hint = "give the head's source .npz or a checkout of ICT-FaceKit"
            raise ValueError(f"expected a head as .npz in {source}, got something else; {hint}") from error
    else:
        raise FileNotFoundError(f"expected a head's .npz or a checkout of ICT-FaceKit, there is nothing at {source}")
    wanted = {"V", "I", "ei", "ev", "eo", "ex", "tri", "mat", "uv", "lm"}
    if missing := wanted - arrays.keys():
        raise ValueError(f"expected {', '.join(sorted(wanted))} in {source}, {', '.join(sorted(missing))} missing")
    if (names := tuple(str(name) for name in arrays["ex"])) != EXPRESSION_NAMES:
        raise ValueError(f"expected the expressions {EXPRESSION_NAMES[0]} ... in their order, got {names[:3]} ...")
    return {name: value if name == "ex" else to_wide(value) for name, value in arrays.items()}


def to_wide(value: NDArray[Any]) -> NDArray[Any]:
    return value.astype(np.float64 if value.dtype.kind == "f" else np.int64)


def cull(source: Source) -> Source:
    """Without lower lashes (they read as eye bags) and the teeth's hidden sides; unused vertices dropped."""
    middle = source["V"][source["tri"]].mean(1)
    lash, teeth = source["mat"] == Material.LASH, source["mat"] == Material.TEETH
    hidden = lash & (middle[:, 1] < 3.40)
    hidden |= teeth & (middle[:, 2] < 7.6)
    hidden |= teeth & (middle[:, 1] < -3.6) & (middle[:, 2] < 9.0)
    triangles = source["tri"][~hidden]
    used = np.unique(triangles)
    new_number = np.full(len(source["V"]), -1)
    new_number[used] = np.arange(len(used))
    kept = new_number[source["ei"]] >= 0
    rows = np.concatenate([[0], np.cumsum(kept)])
    return {
        "mean": source["V"][used],
        "identity": source["I"][:NUM_IDENTITY_MODES, used],
        "expression_start": rows[source["eo"]],
        "expression_vertex": new_number[source["ei"][kept]],
        "expression_shift": source["ev"][kept],
        "triangles": new_number[triangles],
        "material": source["mat"][~hidden],
        "uv": source["uv"][used],
        "landmarks": new_number[source["lm"]],
    }


def add_tongue(head: Source) -> Source:
    """The source has no tongue shape: raise and push the tip of what lies between the lower teeth."""
    x, y, z = head["mean"].T
    half_width = np.interp(z, [3, 6, 8, 9, 9.8], [2.4, 2.3, 1.9, 1.5, 0.9])
    part = part_of_vertices(len(x), head["triangles"].astype(np.int32), head["material"].astype(np.uint8))
    tongue = (part == Material.GUMS) & (y > -4.76) & (y < -2.9) & (z < 9.9) & (np.abs(x) < half_width)
    tongue &= ~((z > 9.15) & (y < -4.46))  # the gum before it
    vertices = np.flatnonzero(tongue)
    shift = ease(5.5, 9.4, z[vertices])[:, None] * np.array([0, 0.62, 1.05])
    return head | {
        "expression_vertex": np.concatenate([head["expression_vertex"], vertices]),
        "expression_shift": np.concatenate([head["expression_shift"], shift]),
        "expression_start": np.append(head["expression_start"], head["expression_start"][-1] + len(vertices)),
    }


def quantise(head: Source) -> Source:
    """-> the arrays as they are stored."""
    identity_scale = np.abs(head["identity"]).max(axis=(1, 2)) / INT8_MAX
    start = head["expression_start"]
    largest = np.maximum.reduceat(np.abs(head["expression_shift"]).max(1), start[:-1])
    expression_scale = np.maximum(largest, 1e-9) / INT8_MAX
    scale_of_row = np.repeat(expression_scale, np.diff(start))[:, None]
    return {
        "mean": head["mean"].astype(np.float16),
        "identity": np.round(head["identity"] / identity_scale[:, None, None]).astype(np.int8),
        "identity_scale": identity_scale.astype(np.float32),
        "expression_start": start.astype(np.int32),
        "expression_vertex": head["expression_vertex"].astype(np.uint16),
        "expression_shift": np.round(head["expression_shift"] / scale_of_row).astype(np.int8),
        "expression_scale": expression_scale.astype(np.float32),
        "triangles": head["triangles"].astype(np.uint16),
        "material": head["material"].astype(np.uint8),
        "uv": head["uv"].astype(np.float16),
        "landmarks": head["landmarks"].astype(np.uint16),
    }


def choose_sight(head: Source) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """-> the 150 vertices that sight looks for, and the place of each one's mirror image among them."""
    mean = head["mean"]
    part = part_of_vertices(len(mean), head["triangles"].astype(np.int32), head["material"].astype(np.uint8))
    x, y, z = mean.T
    face = (part == Material.FACE) & (y > -9)
    skull = (face & (np.abs(x) > 7)) | ((part == Material.SCALP) & (z > -4) & (y > -8))
    middle = np.abs(x) < 1e-3
    chosen = list(head["landmarks"])
    for candidates, number, paired in (
        (face & middle, NUM_MIDLINE, False),
        (face & (x > 0.3), NUM_FACE_PAIRS, True),
        (skull & (x > 0.3), NUM_SKULL_PAIRS, True),
    ):
        for vertex in spread(mean, np.flatnonzero(candidates), number, chosen):
            chosen += [vertex, mirror_vertex(mean, part, vertex)] if paired else [vertex]
    for eye in (Material.EYE_LEFT, Material.EYE_RIGHT):
        chosen.append(pole_of_eye(mean, np.flatnonzero(part == eye)))
    sight = np.array(chosen)
    mirrored = mean[sight] * [-1, 1, 1]
    distance = np.linalg.norm(mirrored[:, None] - mean[sight][None], axis=2)
    return sight.astype(np.int32), distance.argmin(1).astype(np.int32)


def spread(points: NDArray[Any], candidates: NDArray[Any], number: int, taken: list[Any]) -> list[int]:
    """-> so many of the candidates, each as far as possible from all that are taken."""
    distance = np.linalg.norm(points[candidates][:, None] - points[taken][None], axis=2).min(1)
    chosen: list[int] = []
    for _ in range(number):
        chosen.append(int(candidates[distance.argmax()]))
        distance = np.minimum(distance, np.linalg.norm(points[candidates] - points[chosen[-1]], axis=1))
    return chosen


def mirror_vertex(points: NDArray[Any], part: NDArray[Any], vertex: int) -> int:
    same = np.flatnonzero(part == part[vertex])
    return int(same[np.linalg.norm(points[same] - points[vertex] * [-1, 1, 1], axis=1).argmin()])


def pole_of_eye(points: NDArray[Any], eye: NDArray[Any]) -> int:
    """The vertex at the middle of the iris: nearest to the axis, in front."""
    centre = (points[eye].min(0) + points[eye].max(0)) / 2
    off_axis = np.hypot(*(points[eye] - centre)[:, :2].T)
    off_axis[points[eye][:, 2] < centre[2]] = np.inf
    return int(eye[off_axis.argmin()])


def write_notice(source: Path, target: Path) -> None:
    """The licence of the source data goes beside the packed file."""
    folder = source if source.is_dir() else source.parent
    for licence in (folder / "LICENSE", folder / "LICENSE.txt"):
        if licence.is_file():
            shutil.copyfile(licence, target.with_name("head.LICENSE"))


def report(head: Source, packed: Source, target: Path) -> PackReport:
    restored = unpack(packed)
    identity_error = restored.identity - head["identity"]
    person_error = np.sqrt((identity_error**2).sum(0))  # independent coefficients of spread one
    return PackReport(
        path=target,
        num_bytes=target.stat().st_size,
        num_vertices=len(restored.mean),
        num_triangles=len(restored.triangles),
        mean_rms_cm=rms(restored.mean - head["mean"]),
        identity_rms_cm=rms(person_error),
        expression_rms_cm=rms(restored.expression_shift - head["expression_shift"]),
    )


def rms(error: NDArray[Any]) -> float:
    """-> root of the mean squared length of the last axis's vectors."""
    return float(np.sqrt((error**2).sum(-1).mean()))
