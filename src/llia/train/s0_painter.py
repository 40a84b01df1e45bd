"""Stage 0, painter: one picture of a person carried to another's motion, mended and painted until the two agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from llia.head.likeness import Camera, Crop, Likeness
from llia.head.motion import FACE, HEAD_TURN, LIDS
from llia.head.shape import Floats, RestHead
from llia.nets.painter import Painted, Painter, PainterConfig, Told, blend
from llia.nets.picture_critic import PictureCriticConfig
from llia.portrait.flow import NOTHING, NUM_MATTERS, UNSEEN, Channel
from llia.portrait.guide import Guide, guide, prepare
from llia.portrait.paint import TRUNK_PX, UNFOLD, shrink
from llia.train.loop import Metrics, Progress, Schedule, begin, to_device, train
from llia.train.people import People
from llia.train.picture_adversary import PictureAdversary
from llia.world.shoot.truth import boxes_of

Array = NDArray[Any]
# Portrait, target, guide at 64 and at a quarter, what a blend is told besides, where mouth and eyes are, [B 2 S/4 S/4].
Batch = tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]
Pair = tuple[Array, ...]  # one of each
Rng = np.random.Generator

MOST_TURNED = 0.6  # radians between portrait and target
NEAR_TRIES = 6
FACE_NOISE, HEAD_NOISE = 0.01, 0.003  # spread of the noise on the motion that a picture is to be painted from
EYES_SHUT = 0.4  # of a blink's weight; in portraits that are used eyes are open
OWN_POSE_SHARE = 0.05
MOUTH_WEIGHT, EYE_WEIGHT, HIDDEN_WEIGHT = 6.0, 8.0, 1.0
WEIGHTS = {"blend": 1.0, "edges": 1.0, "painted": 0.3, "carried": 0.3, "mend": 0.5, "forsaken": 0.1, "noticed": 0.03}
TOUCH_FROM = 0.6  # of the steps; from there on an adversary looks at what is painted
CALM_FROM = 0.8  # and from there on all is as it is used: people in talk, from portraits with open eyes


@dataclass(frozen=True)
class PainterData:
    """Pairs of pictures of one person under one light, with the true heads."""

    people: People
    rest_of: Callable[[dict[str, Any]], RestHead]  # what a sample says of itself -> the person's head
    batch_size: int
    seed: int
    size_px: int = 256
    calm_from: int = 0  # step

    def __call__(self, step: int) -> Batch:
        """-> the batch of a step."""
        cv2.setNumThreads(1)
        rng = np.random.default_rng([self.seed, step])
        pairs = [self.draw(rng, calm=step >= self.calm_from) for _ in range(self.batch_size)]
        parts = zip(*pairs, strict=True)
        portrait, target, small, quarter, flow, matter, contrast, places = (
            torch.from_numpy(np.stack(part)) for part in parts
        )
        return portrait, target, small, quarter, flow, matter, contrast, places

    def draw(self, rng: Rng, *, calm: bool) -> Pair:
        """-> one pair: two pictures in [-1, 1], the guide from one to the other, where mouth and eyes are."""
        first, second = self.pair(rng, calm=calm)
        people, size = self.people, self.size_px
        camera = Camera(*map(float, people.camera[first]))
        rest = self.rest_of(people.about[people.sample[first]])
        likeness = Likeness(np.zeros(40, np.float32), camera, people.motion[first], Crop(size / 2, size / 2, size))
        motion = people.motion[second] + rng.normal(0, 1, len(NOISE)).astype(np.float32) * NOISE
        told = guide(prepare(likeness, size, size // UNFOLD, rest=rest), motion)
        tone = draw_tone(rng)
        portrait, target = (tone[people.pictures[number], [0, 1, 2]].transpose(2, 0, 1) for number in (first, second))
        matter, contrast = matters_of(told)
        places = mark_places(people.points[second], size)
        pair = (portrait, target, told.channels, told.flow.transpose(2, 0, 1), matter, contrast, places)
        portrait, target, channels, *rest_of_it = mirror(*pair) if rng.random() < 0.5 else pair
        return portrait, target, shrink(channels, TRUNK_PX), channels, *rest_of_it

    def pair(self, rng: Rng, *, calm: bool) -> tuple[int, int]:
        """-> numbers of a portrait and of another picture of the same take, not turned too far from it."""
        people = self.people
        while True:
            first = int(rng.integers(len(people.pictures)))
            if calm and not (people.calm[first] and people.motion[first, LIDS].max() < EYES_SHUT):
                continue
            if rng.random() < OWN_POSE_SHARE:
                return first, first
            same = people.of_sample(int(people.sample[first]))
            same = same[np.all(people.camera[same] == people.camera[first], axis=1) & (same != first)]
            turned = np.abs(people.motion[same][:, HEAD_TURN] - people.motion[first, HEAD_TURN]).max(1, initial=0)
            if len(near := same[turned < MOST_TURNED]):
                return first, int(rng.choice(near))


NOISE = np.zeros(66, np.float32)
NOISE[FACE], NOISE[HEAD_TURN] = FACE_NOISE, HEAD_NOISE


def draw_tone(rng: Rng) -> Floats:
    """-> a tone curve of each colour for both pictures of a pair: 0..255 to [-1, 1], [256 3]."""
    levels = (np.arange(256) / 255)[:, None] ** rng.uniform(0.65, 1.5) * rng.uniform(0.8, 1.2, 3)
    if rng.random() < 0.15:
        levels = levels.mean(1, keepdims=True).repeat(3, 1)
    return (np.clip(levels, 0, 1) * 2 - 1).astype(np.float32)


def mark_places(points: Floats, size: int) -> Floats:
    """A picture's landmarks -> where mouth and eyes are, at a quarter of its side, [2 S/4 S/4]."""
    places = np.zeros((2, size // UNFOLD, size // UNFOLD), np.float32)
    for place, box in zip((0, 1, 1), boxes_of(points)[1:] / UNFOLD, strict=True):  # the first box is the whole face's
        left, top, right, bottom = np.clip(np.round(box), 0, size // UNFOLD).astype(int)
        places[place, top:bottom, left:right] = 1
    return places


def matters_of(told: Guide) -> tuple[Array, Floats]:
    """A guide -> each pixel's matter, [S S], and what is more certain of it than of its patch, as `Told` has them."""
    matter, seen = told.matter, told.channels[Channel.SEEN]
    times = len(matter) // len(seen)
    of_head = matter != NOTHING
    contrast = of_head * ((matter < UNSEEN) - seen.repeat(times, 0).repeat(times, 1))
    return np.where(of_head, matter % UNSEEN, NUM_MATTERS).astype(np.int64), contrast[None].astype(np.float32)


def mirror(*pair: Array) -> Pair:
    """Portrait, target, channels, flow and whatever else -> the same as in a mirror."""
    flipped = tuple(np.ascontiguousarray(x[..., ::-1]) for x in pair)
    for channel in (Channel.FLOW_X, Channel.NORMAL_X, Channel.IRIS_X, Channel.RIGID_X):
        flipped[2][channel] *= -1
    flipped[3][0] *= -1
    return flipped


def importance(quarter: Tensor, places: Tensor) -> Tensor:
    """The guide, where mouth and eyes are -> the weight of each place, [B 1 S/4 S/4]."""
    hidden = quarter[:, [Channel.HEAD]] * (1 - quarter[:, [Channel.SEEN]])
    hidden = F.max_pool2d((hidden > 0.1).float(), 5, 1, 2)
    weight = 1 + MOUTH_WEIGHT * places[:, :1] + EYE_WEIGHT * places[:, 1:] + HIDDEN_WEIGHT * hidden
    return weight / weight.mean()


def edges(x: Tensor) -> Tensor:
    """A picture less its blur, twice: the fine and the finest."""
    half = F.avg_pool2d(x, 2)
    return x - F.interpolate(half, scale_factor=2, mode="bilinear", align_corners=False)


@dataclass(frozen=True)
class Lesson:
    """The stage: frame, paint and carried portrait each against the truth; the frame alone would never paint.

    From some step on the adversary joins in, and keeps teeth, lashes and new skin from being the mean of all.
    """

    touch_from: int  # step

    def __call__(self, progress: Progress, batch: Batch) -> tuple[Tensor, Metrics]:
        portrait, target, small, quarter, flow, matter, contrast, places = batch
        made = blend(
            portrait, Told(flow, matter, contrast), painted := paint(progress.network, portrait, small, quarter)
        )
        coarse = importance(quarter, places)
        weight, mouth, eyes = (
            F.interpolate(x, scale_factor=UNFOLD, mode="nearest") for x in (coarse, places[:, :1], places[:, 1:])
        )
        seen = F.interpolate(quarter[:, [Channel.SEEN]] * quarter[:, [Channel.HEAD]], scale_factor=UNFOLD)
        terms = {
            "blend": ((made.frame - target).abs() * weight).mean(),
            "edges": ((edges(made.frame) - edges(target)).abs() * weight).mean(),
            "painted": ((made.paint - target).abs() * weight).mean(),
            "carried": ((made.carried - target).abs() * weight).mean(),
            "mend": painted.rough[:, :2].abs().mean(),
            "forsaken": (seen * (1 - made.shown) * weight).mean(),  # paint where the portrait would do blurs it
        }
        metrics: Metrics = {}
        if progress.step >= self.touch_from:
            adversary = progress.neighbours["adversary"]
            terms["noticed"], metrics = adversary.answer(made.frame, target, quarter, coarse)
        loss = torch.stack([WEIGHTS[name] * term for name, term in terms.items()]).sum()
        squared = ((made.frame.detach() - target) ** 2).mean(1, keepdim=True)
        metrics = {name: term.item() for name, term in terms.items()} | metrics
        metrics |= {
            "psnr": psnr(squared.mean()),
            "psnr_mouth": psnr((squared * mouth).sum() / mouth.sum().clamp(min=1)),
        }
        return loss, metrics | {"psnr_eyes": psnr((squared * eyes).sum() / eyes.sum().clamp(min=1))}


def paint(network: nn.Module, portrait: Tensor, small: Tensor, quarter: Tensor) -> Painted:
    """-> what the painter answers, in full precision."""
    assert isinstance(network, Painter)
    painted = network(small, quarter, network.reader(portrait))
    return Painted(painted.rough.float(), painted.fine.float(), painted.tints.float())


def psnr(squared: Tensor) -> float:
    """Mean squared error of pictures in [-1, 1] -> decibels."""
    return float(10 * torch.log10(4 / squared.clamp(min=1e-9)))


def train_painter(data: PainterData, folder: Path, schedule: Schedule, config: PainterConfig, seed: int = 0) -> Painter:
    """Pairs and how long to look at them -> a painter; goes on where the folder stops."""
    torch.manual_seed(seed)
    network, mean = (Painter(config).to(memory_format=torch.channels_last) for _ in range(2))  # type: ignore[call-overload]
    data = replace(data, calm_from=round(CALM_FROM * schedule.num_steps))
    shown = replace(data, seed=data.seed + 1)(0)

    def look(painter: nn.Module) -> NDArray[np.uint8]:
        return picture_of(painter, shown)

    progress = begin(network, mean, schedule)
    progress.neighbours["adversary"] = PictureAdversary(PictureCriticConfig(config.guide_channels), schedule.device)
    lesson = Lesson(round(TOUCH_FROM * schedule.num_steps))
    progress = train(progress, lesson, data, schedule, folder, look)
    assert isinstance(progress.mean, Painter)
    return progress.mean


@torch.no_grad()
def picture_of(painter: nn.Module, batch: Batch) -> NDArray[np.uint8]:
    """A batch -> rows of portrait, truth, frame, carried portrait, paint, its share and what stands still."""
    portrait, target, small, quarter, flow, matter, contrast, _ = to_device(batch, next(painter.parameters()).device)
    made = blend(portrait, Told(flow, matter, contrast), paint(painter, portrait, small, quarter))
    shares = [share.expand(-1, 3, -1, -1) * 2 - 1 for share in (1 - made.shown, made.still)]
    rows = torch.cat([portrait, target, made.frame, made.carried, made.paint, *shares], dim=-1)  # B 3 S 7S
    pictures = ((rows.permute(0, 2, 3, 1) + 1) * 127.5).clamp(0, 255).to(torch.uint8).cpu().numpy()
    return np.concatenate(list(pictures), axis=0)
