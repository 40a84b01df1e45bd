"""Where a face's landmarks are in a crop, and how sure that is."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from pydantic.dataclasses import dataclass as record
from torch import Tensor, nn

from llia.config import STRICT
from llia.nets.layers import DoubleSize, HalfSize, Residual

FOCUS_START = 8.0  # one over twice the square of how far about the rough place is looked, in half crops
LOG_SIGMA_RANGE = (-6.0, 1.0)  # of half a crop's side


@record(frozen=True, config=STRICT)
class SightConfig:
    """Sizes of one network of sight: the first look, or a closer look at mouth or eye."""

    crop_px: int = 128
    num_points: int = 150
    widths: tuple[int, ...] = (32, 64, 96, 160, 256)  # from half the crop's side downwards, each half the last
    map_level: int = 1  # which of them the heat maps have the size of
    reach: float = 1.25  # how far beyond the crop's border a point may be seen, as a factor


SIGHTS: dict[str, SightConfig] = {
    "first": SightConfig(),
    "mouth": SightConfig(crop_px=64, num_points=20, widths=(32, 64, 96, 128), map_level=0, reach=1.15),
    "eye": SightConfig(crop_px=64, num_points=7, widths=(32, 64, 96, 128), map_level=0, reach=1.15),
}


@dataclass(frozen=True)
class Seen:
    """Points of a crop, x and y in [-1, 1] from its middle, and the log of each one's uncertainty in the same unit."""

    points: Tensor  # B N 2
    log_sigma: Tensor  # B N
    rough: Tensor  # B N 2, where the points were looked for


class Sight(nn.Module):
    """A crop in [-1, 1], [B 3 H W] -> what is seen in it."""

    def __init__(self, config: SightConfig) -> None:
        super().__init__()
        self.config = config
        widths, level = config.widths, config.map_level
        self.stem = nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(12, widths[0], 3, padding=1))
        self.down = nn.ModuleList(
            nn.Sequential(HalfSize(before, after), Residual(after)) for before, after in itertools.pairwise(widths)
        )
        self.deep = Residual(widths[-1])
        self.up = nn.ModuleList(
            DoubleSize(widths[k + 1], widths[k]) for k in range(len(widths) - 2, level - 1, -1)
        )  # fmt: skip
        self.mend = nn.ModuleList(Residual(widths[k]) for k in range(len(widths) - 2, level - 1, -1))
        self.maps = nn.Conv2d(widths[level], config.num_points, 1)
        deepest_px = config.crop_px // 2 ** len(widths)
        self.overview = nn.Sequential(nn.Flatten(), nn.Linear(widths[-1] * deepest_px**2, 384), nn.ReLU())
        self.rough, self.certainty = nn.Linear(384, 2 * config.num_points), nn.Linear(384, config.num_points)
        self.focus = nn.Parameter(torch.tensor(FOCUS_START))

    def forward(self, crop: Tensor) -> Seen:
        # down: every level keeps what it saw
        levels = [self.stem(crop)]
        for down in self.down:
            levels.append(down(levels[-1]))
        x = deepest = self.deep(levels.pop())

        # up again, as far as the heat maps
        for up, mend in zip(self.up, self.mend, strict=True):
            x = mend(up(x) + levels.pop())
        maps = self.maps(F.relu(x)).float()  # B N h w

        # roughly, from all at once
        overview = self.overview(F.relu(deepest))
        rough = self.rough(overview).float().view(-1, self.config.num_points, 2)
        log_sigma = self.certainty(overview).float() - 2.5

        # exactly: the mean place of a heat map about the rough place
        places = self.config.reach * ((torch.arange(maps.shape[-1], device=maps.device) * 2 + 1) / maps.shape[-1] - 1)
        off = places - rough[..., None]  # B N 2 w
        near = -self.focus * off**2
        heat = F.softmax((maps + near[:, :, 0, None, :] + near[:, :, 1, :, None]).flatten(2), dim=-1).view_as(maps)
        points = torch.stack([(heat.sum(2) * places).sum(-1), (heat.sum(3) * places).sum(-1)], -1)
        return Seen(points, log_sigma.clamp(*LOG_SIGMA_RANGE), rough)
