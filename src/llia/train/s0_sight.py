"""Stage 0, sight: landmarks with their uncertainty, learned from the world's stills under every disguise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from llia.head.likeness import Crop
from llia.head.shape import load_head
from llia.nets.sight import SIGHTS, Sight, SightConfig
from llia.portrait.find import (
    CLOSER_PX,
    EYE_LEFT,
    EYE_RIGHT,
    FIRST_PX,
    IRIS_LEFT,
    IRIS_RIGHT,
    MOUTH,
    crop_of_eye,
    crop_of_mouth,
    cut_out,
    eye_line,
    to_crop,
)
from llia.train.disguise import cover, disguise, replace_background
from llia.train.loop import Metrics, Progress, Schedule, begin, to_device, train
from llia.train.people import People

Rng = np.random.Generator
Batch = tuple[Tensor, Tensor, Tensor]  # crops B 3 S S, points B N 2, weight of each point B N

# Face box over crop side, turn and shift of the first look's crops; a share of them is far off, as in a search.
SHARES, TURN_SPREAD, SHIFT_SPREAD = (0.36, 0.92), math.radians(14), 0.07
FAR_OFF_SHARE, FAR_SHARES, FAR_SHIFT = 0.25, (0.2, 1.3), 0.3
CLOSER_ZOOM, CLOSER_TURN, CLOSER_SHIFT = (0.8, 1.25), 0.12, 0.05
MOST_TURNED = 0.9  # radians of yaw beyond which mouth and eyes are not looked at closer
SQUARED_STEPS = 300  # the first steps descend the plain squared error
OUT_OF_SIGHT = 1.2  # points further out than that, in half crops, do not count
FACELESS_SHARE = 0.12  # of the first look's crops show no face, and everything in them is to be unsure
FACELESS_LOG_SIGMA, FACELESS_WEIGHT = math.log(0.6), 1.0
FOREIGN_FACELESS_SHARE = 0.85
ROUGH_WEIGHT = 4.0
LEAST_SIDE, MOST_SIDE, FACE_MARGIN, TILES, TRIES = 0.12, 0.6, 0.1, 6, 12


@dataclass(frozen=True)
class SightData:
    """Where crops come from, and which network they are for."""

    people: People
    kind: str  # first, mouth, eye
    batch_size: int
    seed: int

    def __call__(self, step: int) -> Batch:
        """-> the batch of a step."""
        cv2.setNumThreads(1)
        rng = np.random.default_rng([self.seed, step])
        crops, points = zip(*(self.draw(rng) for _ in range(self.batch_size)), strict=True)
        target = torch.from_numpy(np.stack(points))
        weight = (target.abs().amax(-1) < OUT_OF_SIGHT).float()
        pictures = torch.from_numpy(np.stack(crops)).permute(0, 3, 1, 2)
        return pictures.contiguous(memory_format=torch.channels_last), target, weight

    def draw(self, rng: Rng) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """-> one crop in [-1, 1] and its points in [-1, 1]."""
        if self.kind == "first" and rng.random() < FACELESS_SHARE:
            nowhere = np.full((SIGHTS["first"].num_points, 2), 2 * OUT_OF_SIGHT, np.float32)
            return disguise(self.faceless(rng), rng), nowhere
        number = int(rng.integers(len(self.people.pictures)))
        points = self.people.points[number].astype(np.float64)
        if self.kind != "first":
            while abs(self.people.motion[number, 54]) > MOST_TURNED:
                number = int(rng.integers(len(self.people.pictures)))
            points = self.people.points[number].astype(np.float64)
        crop, wanted = {"first": first_crop, "mouth": mouth_crop, "eye": eye_crop}[self.kind](points, rng)
        mirror = bool(rng.random() < 0.5) if self.kind != "eye" else wanted[0] == EYE_LEFT[0]
        size = FIRST_PX if self.kind == "first" else CLOSER_PX
        picture = cut_out(self.people.pictures[number], crop, mirror, size)
        places = points @ (affine := to_crop(crop, size))[:, :2].T + affine[:, 2]
        if mirror:
            places[:, 0] = size - places[:, 0]
        if self.kind == "first":
            picture = self.surround(picture, places.astype(np.float32), rng)
        if mirror and self.kind != "eye":
            wanted = mirrored(wanted)
        return disguise(picture, rng), (places[wanted] / (size / 2) - 1).astype(np.float32)

    def surround(self, picture: NDArray[np.uint8], places: NDArray[np.float32], rng: Rng) -> NDArray[np.uint8]:
        """Foreign background and things in front, sometimes."""
        if rng.random() < 0.5:
            picture = replace_background(picture, places[:68], self.foreign(len(picture), rng), rng)
        if rng.random() < 0.25:
            picture = cover(picture, self.foreign(len(picture), rng), rng)
        return picture

    def faceless(self, rng: Rng) -> NDArray[np.uint8]:
        """-> a crop beside a face, or of a face in pieces."""
        number = int(rng.integers(len(self.people.pictures)))
        picture, points = self.people.pictures[number], self.people.points[number, :68]
        size = len(picture)
        margin = FACE_MARGIN * float(np.ptp(points, axis=0).max())
        low, high = points.min(0) - margin, points.max(0) + margin
        for _ in range(TRIES):
            side = float(rng.uniform(LEAST_SIDE, MOST_SIDE)) * size
            x, y = rng.uniform(side / 2, size - side / 2, 2)
            if x + side / 2 < low[0] or x - side / 2 > high[0] or y + side / 2 < low[1] or y - side / 2 > high[1]:
                return cut_out(picture, Crop(float(x), float(y), side, float(rng.uniform(-0.5, 0.5))), False, FIRST_PX)
        tile = FIRST_PX // TILES + 1
        whole = np.asarray(cv2.resize(picture, (tile * TILES, tile * TILES)), np.uint8)
        tiles = whole.reshape(TILES, tile, TILES, tile, 3).swapaxes(1, 2).reshape(-1, tile, tile, 3)
        mixed = rng.permutation(tiles).reshape(TILES, TILES, tile, tile, 3).swapaxes(1, 2)
        return np.ascontiguousarray(mixed.reshape(tile * TILES, tile * TILES, 3)[:FIRST_PX, :FIRST_PX])

    def foreign(self, size: int, rng: Rng) -> NDArray[np.uint8]:
        """-> a piece of another picture, at any scale; seldom one with a face."""
        if rng.random() < FOREIGN_FACELESS_SHARE:
            return np.asarray(cv2.resize(self.faceless(rng), (size, size)), np.uint8)
        other = self.people.pictures[int(rng.integers(len(self.people.pictures)))]
        side = int(rng.integers(len(other) // 6, len(other)))
        y, x = rng.integers(0, len(other) - side + 1, 2)
        piece = cv2.resize(other[y : y + side, x : x + side], (size, size), interpolation=cv2.INTER_AREA)
        return np.asarray(np.roll(piece, rng.integers(0, size, 2), axis=(0, 1)), np.uint8)


def mirrored(wanted: list[int]) -> list[int]:
    """Points by number -> those that stand in their places in a mirror."""
    return [int(load_head().sight_mirror[number]) for number in wanted]


def first_crop(points: NDArray[np.float64], rng: Rng) -> tuple[Crop, list[int]]:
    """-> a crop about a face, and all points."""
    low, high = points[:68].min(0), points[:68].max(0)
    far = rng.random() < FAR_OFF_SHARE
    side = float((high - low).max()) / float(np.exp(rng.uniform(*np.log(FAR_SHARES if far else SHARES))))
    x, y = (low + high) / 2 + rng.normal(0, FAR_SHIFT if far else SHIFT_SPREAD, 2) * side
    return Crop(float(x), float(y), side, float(eye_line(points) * (not far) + rng.normal(0, TURN_SPREAD))), [
        *range(150)
    ]


def mouth_crop(points: NDArray[np.float64], rng: Rng) -> tuple[Crop, list[int]]:
    return jitter(crop_of_mouth(points, eye_line(points)), rng), [*range(MOUTH.start, MOUTH.stop)]


def eye_crop(points: NDArray[np.float64], rng: Rng) -> tuple[Crop, list[int]]:
    eye, iris = (EYE_LEFT, IRIS_LEFT) if rng.random() < 0.5 else (EYE_RIGHT, IRIS_RIGHT)
    return jitter(crop_of_eye(points[list(eye)], eye_line(points)), rng), [*eye, iris]


def jitter(crop: Crop, rng: Rng) -> Crop:
    """A crop as an unsure first look would place it."""
    x, y = np.array([crop.x, crop.y]) + rng.normal(0, CLOSER_SHIFT, 2) * crop.side
    return Crop(float(x), float(y), crop.side * rng.uniform(*CLOSER_ZOOM), crop.angle + rng.normal(0, CLOSER_TURN))


def descend(progress: Progress, batch: Batch) -> tuple[Tensor, Metrics]:
    """The stage: the likelihood of the true points under what the network sees and how sure it says it is."""
    crops, target, weight = batch
    seen = progress.network(crops)
    squared = ((seen.points - target) ** 2).sum(-1)
    total = weight.sum().clamp(min=1)
    if progress.step < SQUARED_STEPS:
        loss = (weight * (20 * squared + (seen.log_sigma + 2.5) ** 2 * 0.1)).sum() / total
    else:
        loss = (weight * (2 * seen.log_sigma + squared / 2 * torch.exp(-2 * seen.log_sigma))).sum() / total
    loss = loss + ROUGH_WEIGHT * (weight * (seen.rough - target).abs().mean(-1)).sum() / total
    faceless = weight.sum(-1) == 0
    if faceless.any():
        loss = (
            loss
            + FACELESS_WEIGHT * faceless.float().mean() * ((seen.log_sigma - FACELESS_LOG_SIGMA)[faceless] ** 2).mean()
        )
    error = float((squared.detach().sqrt() * weight).sum() / total) * crops.shape[-1] / 2
    return loss, {"error_px": error, "sigma_px": float(seen.log_sigma.detach().exp().mean()) * crops.shape[-1] / 2}


def train_sight(
    kind: str, people: People, folder: Path, schedule: Schedule, batch_size: int = 64, seed: int = 0
) -> Sight:
    """Stills and how long to look at them -> a network of sight; goes on where the folder stops."""
    config: SightConfig = SIGHTS[kind]
    torch.manual_seed(seed)
    network, mean = (Sight(config).to(memory_format=torch.channels_last) for _ in range(2))  # type: ignore[call-overload]
    data = SightData(people, kind, batch_size, seed)

    def look(looking: nn.Module) -> NDArray[np.uint8]:
        return picture_of(looking, data(10**9))

    progress = train(begin(network, mean, schedule), descend, data, schedule, folder, look)
    assert isinstance(progress.mean, Sight)
    return progress.mean


@torch.no_grad()
def picture_of(network: nn.Module, batch: Batch, number: int = 16) -> NDArray[np.uint8]:
    """A batch -> crops with the true points in green and the seen ones in red."""
    crops, target, _ = (tensor[:number] for tensor in batch)
    seen = network.eval()(to_device(crops, next(network.parameters()).device)).points.cpu()
    size = crops.shape[-1]
    tiles = []
    for crop, true, read in zip(crops, target, seen, strict=True):
        tile = np.ascontiguousarray(((crop.permute(1, 2, 0).numpy() + 1) * 127.5).clip(0, 255).astype(np.uint8))
        tile = np.asarray(cv2.resize(tile, (2 * size, 2 * size)), np.uint8)
        for places, colour in ((true, (0, 255, 0)), (read, (255, 40, 40))):
            for x, y in ((places + 1) * size).tolist():
                cv2.circle(tile, (int(x), int(y)), 1, colour, -1)
        tiles.append(tile)
    return np.concatenate([np.concatenate(tiles[row : row + 8], 1) for row in range(0, len(tiles), 8)], 0)
