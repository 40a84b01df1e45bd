"""The last touch on a carried portrait: mends flow and light, paints what the portrait does not show, says where."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from einops import rearrange
from pydantic.dataclasses import dataclass as record
from torch import Tensor, nn

from llia.config import STRICT
from llia.nets.layers import DoubleSize, HalfSize, Residual, warp

TRUNK_PX = 64  # the side the network thinks at, whatever the picture's
UNFOLD = 4  # every pixel of the last layer becomes so many by so many
FLOW, COLOURS = 2, 3  # channels of each
FLOW_GAIN = 8.0  # brings flow, in sides of the picture, to about the size of the other channels
GRID = 2.0  # sides of the picture to the units of `warp`
MEND_GAIN = 0.05  # and the network's own flow down to a small correction
SHADE_GAIN = 0.2
SHARE_GAIN = 2.0
NUM_FINE = (COLOURS + 2) * UNFOLD**2
SURER = 5.0  # how much more certain it is by pixels than by patches what the portrait shows; in logits
CARRIED_SHOWN, CARRIED_HIDDEN = 3.0, -2.0  # where it starts: the portrait if it shows the point, else paint
STILL_ABOUT, STILL_HEAD = -1.5, -20.0  # and hardly anything stands still, of the head nothing ever


@record(frozen=True, config=STRICT)
class PainterConfig:
    """Widths at 64, 32 and 16 pixels, of the portrait's features and of the network itself."""

    guide_channels: int = 18  # as the guide has them: flow first, then the share of each kind of matter
    num_matters: int = 7
    seen_channel: int = 10  # share that the portrait shows
    head_channel: int = 9
    portrait_widths: tuple[int, int, int] = (32, 48, 80)
    widths: tuple[int, int, int] = (48, 96, 160)
    detail_width: int = 16  # features of the portrait at a quarter of its side
    head_width: int = 48


@dataclass(frozen=True)
class Features:
    """What is kept of a portrait, computed once."""

    levels: tuple[Tensor, Tensor, Tensor]  # B c h w at 64, 32, 16
    detail: Tensor  # B c S/4 S/4


@dataclass(frozen=True)
class Painted:
    """One frame's corrections; the fine ones unfold, `UNFOLD` x `UNFOLD` pixels from each place."""

    rough: Tensor  # B 5 64 64: to be added to the flow, x and y in sides of the picture; how much lighter, r g b
    fine: Tensor  # B 5*16 S/4 S/4: paint, r g b; logits of the carried portrait's share, and of the still one's
    tints: Tensor  # B 3*m S/4 S/4: what a pixel of each matter differs by from the paint of its patch


@dataclass(frozen=True)
class Told:
    """The guide, as a blend wants it."""

    flow: Tensor  # B 2 S S
    matter: Tensor  # B S S, number of each pixel's matter; off the head as many as there are
    contrast: Tensor  # B 1 S S, how much more the portrait shows of a pixel of the head than of its patch, -1..1


class PortraitReader(nn.Module):
    """A portrait in [-1, 1], [B 3 S S] -> its features."""

    def __init__(self, config: PainterConfig) -> None:
        super().__init__()
        first, second, third = config.portrait_widths
        self.at_64 = nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(12, first, 3, padding=1), Residual(first))
        self.at_32 = nn.Sequential(HalfSize(first, second), Residual(second))
        self.at_16 = nn.Sequential(HalfSize(second, third), Residual(third))
        self.detail = nn.Sequential(
            nn.PixelUnshuffle(UNFOLD), nn.Conv2d(3 * UNFOLD**2, config.detail_width, 3, padding=1)
        )

    def forward(self, portrait: Tensor) -> Features:
        small = F.interpolate(portrait, size=(2 * TRUNK_PX, 2 * TRUNK_PX), mode="area")
        at_64 = self.at_64(small)
        at_32 = self.at_32(at_64)
        return Features((at_64, at_32, self.at_16(at_32)), self.detail(portrait))


class Painter(nn.Module):
    """The guide at 64 and at a quarter of the picture's side, and a portrait's features -> one frame's corrections."""

    def __init__(self, config: PainterConfig) -> None:
        super().__init__()
        self.config = config
        portrait, (w64, w32, w16) = config.portrait_widths, config.widths
        self.reader = PortraitReader(config)
        self.enter = nn.Conv2d(config.guide_channels + 2 * portrait[0], w64, 3, padding=1)
        self.down_32, self.meet_32, self.think_32 = HalfSize(w64, w32), nn.Conv2d(portrait[1], w32, 1), Residual(w32)
        self.down_16, self.meet_16 = HalfSize(w32, w16), nn.Conv2d(portrait[2], w16, 1)
        self.think_16 = nn.Sequential(Residual(w16), Residual(w16))
        self.up_32, self.mend_32 = DoubleSize(w16, w32), Residual(w32)
        self.up_64, self.mend_64 = DoubleSize(w32, w64), Residual(w64)
        self.rough = nn.Conv2d(w64, FLOW + COLOURS, 3, padding=1)
        nn.init.zeros_(self.rough.weight)
        nn.init.zeros_(self.rough.bias)  # type: ignore[arg-type]
        seen = w64 + config.guide_channels + 2 * config.detail_width
        self.head = nn.Conv2d(seen, config.head_width, 3, padding=1)
        self.unfold = nn.Sequential(
            nn.Conv2d(config.head_width, config.head_width, 3, padding=1, groups=config.head_width),
            nn.Conv2d(config.head_width, NUM_FINE + COLOURS * config.num_matters, 1),
        )

    def forward(self, guide_64: Tensor, guide_quarter: Tensor, features: Features) -> Painted:
        # think at 64, with the portrait's features where they were and where they belong now
        flow = guide_64[:, :2] * GRID
        carried_64, carried_32, carried_16 = (
            warp(level, F.avg_pool2d(flow, TRUNK_PX // level.shape[-1])) for level in features.levels
        )
        at_64 = F.relu(self.enter(torch.cat([level_flow(guide_64), carried_64, features.levels[0]], dim=1)))
        at_32 = self.think_32(self.down_32(at_64) + self.meet_32(carried_32))
        at_16 = self.think_16(self.down_16(at_32) + self.meet_16(carried_16))
        at_32 = self.mend_32(self.up_32(at_16) + at_32)
        at_64 = self.mend_64(self.up_64(at_32) + at_64)
        mend, shade = self.rough(at_64).split([FLOW, COLOURS], dim=1)

        # the head at a quarter of the picture, to be unfolded to its full size
        side = guide_quarter.shape[-1]
        thought = at_64 if side == TRUNK_PX else F.interpolate(at_64, size=(side, side), mode="bilinear")
        detail = warp(features.detail, guide_quarter[:, :2] * GRID)
        told = torch.cat([level_flow(guide_quarter), detail, features.detail], dim=1)
        patches = self.unfold[0](F.relu(convolve_both(self.head, thought, told)))
        last = self.unfold[1]
        fine, tints = (convolve_part(last, patches, part) for part in (slice(NUM_FINE), slice(NUM_FINE, None)))
        known = guide_quarter[:, [self.config.seen_channel, self.config.head_channel]]
        return Painted(
            rough=torch.cat([mend * MEND_GAIN, shade * SHADE_GAIN], dim=1),
            fine=fine * gains(fine) + begin_shares(known),
            tints=tints,
        )


def convolve_both(layer: nn.Conv2d, first: Tensor, second: Tensor) -> Tensor:
    """A convolution and two stacks of channels -> what it makes of both together.

    Nothing is stacked: in a graph the one is laid out by pixels, the other by channels, and to lay out both alike takes
    half as long as the convolution.
    """
    width = first.shape[1]
    of_first = F.conv2d(first, layer.weight[:, :width], layer.bias, padding=layer.padding)
    return of_first + F.conv2d(second, layer.weight[:, width:], padding=layer.padding)


def convolve_part(layer: nn.Module, x: Tensor, part: slice) -> Tensor:
    """A convolution by pixels -> some of its channels."""
    assert isinstance(layer, nn.Conv2d) and layer.bias is not None
    return F.conv2d(x, layer.weight[part], layer.bias[part])


def gains(like: Tensor) -> Tensor:
    """-> what the fine corrections are multiplied by, [5*16 1 1]."""
    planes = torch.tensor([1.0] * COLOURS + [SHARE_GAIN] * 2, dtype=like.dtype, device=like.device)
    return planes[:, None].expand(-1, UNFOLD**2).reshape(-1, 1, 1)


def begin_shares(known: Tensor) -> Tensor:
    """Shares of each patch that the portrait shows and that are of the head, [B 2 h w] -> where logits of the pixels'
    shares start, [B 5*16 h w], going over smoothly from patch to patch; nothing for paint.

    Bilinear, as one convolution: resizing single channels takes graphs as long as all of the network's head.
    """
    places = (torch.arange(UNFOLD, dtype=known.dtype, device=known.device) + 0.5) / UNFOLD - 0.5
    # of the patch before, of this one, of the next
    line = torch.stack([F.relu(-places), 1 - places.abs(), F.relu(places)], dim=1)
    spread = (line[:, None, :, None] * line[None, :, None, :]).reshape(UNFOLD**2, 1, 3, 3)
    none = torch.zeros_like(spread)
    shown = torch.cat([spread * (CARRIED_SHOWN - CARRIED_HIDDEN), none], dim=1)
    still = torch.cat([none, spread * (STILL_HEAD - STILL_ABOUT)], dim=1)
    paint = torch.cat([none, none], dim=1)
    start = torch.tensor([0.0] * COLOURS + [CARRIED_HIDDEN, STILL_ABOUT], dtype=known.dtype, device=known.device)
    return F.conv2d(
        F.pad(known, (1, 1, 1, 1), mode="replicate"),
        torch.cat([paint] * COLOURS + [shown, still]),
        start[:, None].expand(-1, UNFOLD**2).reshape(-1),
    )


def level_flow(guide: Tensor) -> Tensor:
    """The guide with its flow at about the size of the other channels."""
    return torch.cat([guide[:, :2] * FLOW_GAIN, guide[:, 2:]], dim=1)


@dataclass(frozen=True)
class Blended:
    """A frame, and what it was made of; pictures in [-1, 1]."""

    frame: Tensor  # B 3 S S
    carried: Tensor  # B 3 S S, the portrait's pixels where the mended flow takes them, in their new light
    paint: Tensor  # B 3 S S
    shown: Tensor  # B 1 S S, share of the carried portrait in what is not still
    still: Tensor  # B 1 S S, share of the portrait as it is


def blend(portrait: Tensor, told: Told, painted: Painted) -> Blended:
    """A portrait, its guide, a frame's corrections -> the frame."""
    rough = F.interpolate(painted.rough, size=told.flow.shape[-2:], mode="bilinear", align_corners=False)
    carried = (warp(portrait, (told.flow + rough[:, :FLOW]) * GRID) + 1) * (1 + rough[:, FLOW:]) - 1
    paint, shown, still = torch.split(F.pixel_shuffle(painted.fine, UNFOLD), [COLOURS, 1, 1], dim=1)
    tint, surer = by_pixels(told, painted.tints)
    paint, shown, still = paint + tint, torch.sigmoid(shown + surer), torch.sigmoid(still)
    moving = carried * shown + paint * (1 - shown)
    return Blended(portrait * still + moving * (1 - still), carried, paint, shown, still)


def by_pixels(told: Told, tints: Tensor) -> tuple[Tensor, Tensor]:
    """The guide and the tints of matters in each patch -> what the head's pixels differ by from their patch: in paint,
    [B 3 S S], and in the logit of what the portrait shows, [B 1 S S]."""
    num_matters = tints.shape[1] // COLOURS
    tints = rearrange(tints, "b (m c) h w -> b h w m c", c=COLOURS)
    one_hot = F.one_hot(told.matter, num_matters + 1)[..., :num_matters].to(tints.dtype)
    pixels = rearrange(one_hot, "b (h y) (w x) m -> b h w (y x) m", y=UNFOLD, x=UNFOLD)
    own = (pixels - pixels.mean(3, keepdim=True)) @ tints
    tint = rearrange(own, "b h w (y x) c -> b c (h y) (w x)", y=UNFOLD, x=UNFOLD)
    return tint * one_hot.sum(-1)[:, None], SURER * told.contrast
