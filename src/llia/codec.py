"""The door to the portrait: a picture -> an appearance; frames <-> motion, each frame by itself, in any order."""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from llia.config import MARK_OF_PORTRAITS, Emotion
from llia.data.disk import new_file
from llia.engine.graphs import Network, graph_cache
from llia.engine.makers import SIGHTS, Maker, Open, open_networks
from llia.head.likeness import Crop, Likeness
from llia.head.motion import MOTION_SIZE, Motion
from llia.portrait.edit import express
from llia.portrait.find import SightNetwork, Sights
from llia.portrait.fit import Fitted
from llia.portrait.guide import prepare
from llia.portrait.look import Look, examine
from llia.portrait.paint import UNFOLD, Canvas, Painters, open_canvas, paint
from llia.portrait.pictures import encode_picture, open_picture
from llia.portrait.square import Paste, cut_square, fit_for_film
from llia.portrait.track import track

Picture = NDArray[np.uint8]  # H W 3, RGB

ASSETS = Path(__file__).parent / "assets"
GRAPHS = ASSETS / "graphs"
PAINTERS = ("portrait", "painter")  # names of graphs; sizes follow them
SIZES_PX = (256, 384, 512)
MOST_TIMES = 4  # finer than the networks see it a square is kept, at most
FORMAT = 1
LIKENESS, PICTURE, ABOUT = "likeness.json", "picture.png", "about.json"  # in a saved appearance, a zip file
MOST_BYTES = 32_000_000  # of each of them


@dataclass(frozen=True)
class Appearance:
    """All that is kept of a portrait: whose head it shows, and its picture ready to be carried along."""

    likeness: Likeness  # its crop is the square of the whole picture that `canvas` holds
    canvas: Canvas
    residual: float  # of the fit, in face boxes
    warnings: tuple[str, ...]

    @property
    def picture(self) -> Picture:
        """-> the square that moves, [S S 3]."""
        return self.canvas.picture


@dataclass(frozen=True)
class Codec:
    """The networks of sight and painting for one size of picture. Not for two threads at once."""

    size_px: int
    sights: Sights
    painters: Painters

    def look(self, picture: Picture, box: tuple[float, float, float] | None = None) -> Look:
        """A picture, [H W 3] -> whose face it shows, or why it cannot be used.

        Args:
            picture: uint8, RGB, upright, of any size.
            box: left, top and side of the face in pixels, to be taken as it is instead of looking for faces.
        """
        return examine(picture, self.sights, box)

    def portray(self, picture: Picture, box: tuple[float, float, float] | None = None) -> Appearance:
        """A picture, [H W 3] -> the appearance of the (largest) face in it; ValueError where there is none to use."""
        fitted, warnings = self.fit(picture, box)
        square = cut_square(picture, fitted.likeness.crop, self.size_px)
        return self.open_appearance(square, fitted.likeness, fitted.residual, warnings)

    def portray_whole(
        self, picture: Picture, box: tuple[float, float, float] | None = None
    ) -> tuple[Appearance, Paste]:
        """A picture -> the appearance, as fine as the picture has it, and what puts its frames back into all of it."""
        fitted, warnings = self.fit(picture, box)
        whole, crop = fit_for_film(picture, fitted.likeness.crop)
        times = min(max(1, math.ceil(crop.side / self.size_px)), MOST_TIMES)
        square = cut_square(whole, crop, times * self.size_px)
        likeness = replace(fitted.likeness, crop=crop)
        appearance = self.open_appearance(square, likeness, fitted.residual, warnings)
        # what is compared with is the portrait as it is painted, so that small faults of paint are no changes
        return appearance, Paste(whole, crop, self.decode(likeness.motion, appearance))

    def fit(self, picture: Picture, box: tuple[float, float, float] | None) -> tuple[Fitted, tuple[str, ...]]:
        """A picture -> the head fitted to its face, and warnings; ValueError where there is none to use."""
        seen = self.look(picture, box)
        if seen.why or seen.fitted is None:
            raise ValueError(seen.why)
        return seen.fitted, seen.warnings

    def open_appearance(
        self, square: Picture, likeness: Likeness, residual: float, warnings: tuple[str, ...]
    ) -> Appearance:
        """The square of a portrait, [S S 3] (S is size_px or whole times that), its likeness -> the appearance."""
        side = prepare(likeness, len(square), self.size_px // UNFOLD)
        return Appearance(likeness, open_canvas(square, side, self.painters), residual, warnings)

    def re_express(self, appearance: Appearance, emotions: Mapping[Emotion, float]) -> Appearance:
        """An appearance and feelings with their intensities -> the portrait painted anew, so felt: its appearance."""
        motion = express(appearance.likeness.motion, emotions)
        likeness = replace(appearance.likeness, motion=motion)
        square = self.decode(motion, appearance)
        return self.open_appearance(square, likeness, appearance.residual, appearance.warnings)

    def encode(self, frame: Picture, appearance: Appearance, last: Motion | None = None) -> Motion:
        """A frame as `decode` gives them, [S S 3], and the last one's motion if known -> the motion, [66]."""
        size_px = len(appearance.picture)
        if frame.shape != (size_px, size_px, 3) or frame.dtype != np.uint8:
            raise ValueError(f"expected a frame of {size_px} px, uint8, got {frame.shape} of {frame.dtype}")
        square = Crop(size_px / 2, size_px / 2, size_px)
        motion = track(frame, self.sights, replace(appearance.likeness, crop=square), last)
        if motion is None:
            raise ValueError("expected the appearance's face in the frame, found none")
        return motion

    def decode(self, motion: Motion, appearance: Appearance) -> Picture:
        """Motion, [66] -> the frame, [S S 3]."""
        if motion.shape != (MOTION_SIZE,) or not np.isfinite(motion).all():
            raise ValueError(f"expected a motion of {MOTION_SIZE} finite numbers, got {motion.shape}")
        return paint(appearance.canvas, np.asarray(motion, np.float32), self.painters)

    def load(self, path: Path) -> Appearance:
        """A file that `save_appearance` wrote -> the same appearance."""
        if not path.is_file():
            raise FileNotFoundError(f"expected an appearance, got nothing at {path}; check the path")
        try:
            with zipfile.ZipFile(path) as file:
                parts = {name: read_part(file, name) for name in (LIKENESS, PICTURE, ABOUT)}
            about = json.loads(parts[ABOUT])
            kind, warnings, residual = int(about["format"]), tuple(about["warnings"]), float(about["residual"])
        except (zipfile.BadZipFile, KeyError, TypeError, json.JSONDecodeError, UnicodeDecodeError) as error:
            raise ValueError(f"expected an appearance in {path}, could not read it ({error}); save it again") from error
        if kind > FORMAT:
            raise ValueError(f"{path} is an appearance of format {kind}, this version reads up to {FORMAT}")
        square, likeness = open_picture(parts[PICTURE]).pixels, Likeness.from_json(parts[LIKENESS].decode())
        if square.shape[0] % self.size_px or square.shape[0] != square.shape[1]:
            raise ValueError(
                f"expected an appearance of {self.size_px} px (or whole times that) in {path}, got one of "
                f"{square.shape[1]} x {square.shape[0]}; save it again"
            )
        return self.open_appearance(square, likeness, residual, warnings)


def open_codec(
    size_px: int = 256, engine: Maker = "openvino", num_threads: int = 2, folder: Path | None = None
) -> Codec:
    """A size and how to run the networks -> the codec.

    Args:
        size_px: side of the moving picture, one of SIZES_PX.
        engine: OpenVINO runs the graphs that ship; torch runs weights, to compare or while they are trained.
        num_threads: of each network that OpenVINO runs.
        folder: where graphs or weights lie; without it, those that ship.
    """
    if size_px not in SIZES_PX:
        raise ValueError(f"expected a size of {', '.join(map(str, SIZES_PX))} px, got {size_px}")
    place = folder or (ASSETS if engine.startswith("torch") else GRAPHS)
    opened = open_networks(place, engine, num_threads, graph_cache())
    return Codec(size_px, sights_of(opened), painters_of(opened, size_px))


def sights_of(opened: Open) -> Sights:
    """-> the networks of sight, for any number of crops."""
    first, mouth, eye = (sight_of(opened(name)) for name in SIGHTS)
    return Sights(first, mouth, eye)


def sight_of(network: Network) -> SightNetwork:
    def see(crops: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        points, log_sigma = network(crops)
        return points, log_sigma

    return see


def painters_of(opened: Open, size_px: int) -> Painters:
    """-> the painter's networks for that size."""
    read, paint_frame = (opened(f"{name}-{size_px}") for name in PAINTERS)
    return Painters(read, paint_frame)


def open_painters(graphs: Path, size_px: int, num_threads: int, cache: Path | None) -> Painters:
    """The painter's graphs for that size -> its networks."""
    return painters_of(open_networks(graphs, "openvino", num_threads, cache), size_px)


def graph_names() -> tuple[str, ...]:
    """-> the graphs that portraits of all sizes need."""
    return (*SIGHTS, *(f"{name}-{size}" for size in SIZES_PX for name in PAINTERS))


def save_appearance(appearance: Appearance, path: Path) -> None:
    """An appearance -> one file: a zip of the picture as PNG, the likeness as JSON, and what was told about them."""
    about = {
        "format": FORMAT, "mark": MARK_OF_PORTRAITS, "residual": appearance.residual,
        "warnings": list(appearance.warnings),
    }  # fmt: skip
    parts = {
        ABOUT: json.dumps(about, indent=2).encode(),
        LIKENESS: appearance.likeness.to_json().encode(),
        PICTURE: encode_picture(appearance.picture, ".png"),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, data in parts.items():
            file.writestr(zipfile.ZipInfo(name), data)  # without a date, so that equal appearances are equal files
    with new_file(path) as target:
        target.write(packed.getvalue())


def read_part(file: zipfile.ZipFile, name: str) -> bytes:
    if file.getinfo(name).file_size > MOST_BYTES:
        raise zipfile.BadZipFile(f"{name} is larger than any appearance's")
    return file.read(name)
