"""What a frame hears, as tokens: mel windows through small strided convolutions over time and bands.

Throats differ in length, and so do the bands that a sound falls into; microphones and rooms colour all of them. The
first row of a window is what is usual of its voice. Hearing that is tuned reads from it by how much to draw bands
together, and hears each step beside what is usual, too. Nobody tells it how: it learns to with all the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from einops import rearrange
from pydantic.dataclasses import dataclass as record
from torch import Tensor, nn

from llia.config import STRICT, Count, divide_exactly

KERNELS, STRIDE = (4, 3), 2  # of both convolutions; so that a window of whole frames is heard to its last step
STEPS_PER_PLACE = STRIDE * STRIDE
BANDS_TOGETHER = 5  # of both; what a band heard is heard alike in the next: throats differ in length
BANDS_PER_PLACE = STRIDE * STRIDE
TUNER_WIDTH = 128
MOST_TUNED = 0.5  # logarithm of the most by which bands are drawn together or apart


@record(frozen=True, config=STRICT)
class HearingConfig:
    """Sizes of hearing."""

    mel_bins: Count = 32
    steps_heard: Count = 28
    steps_per_frame: Count = 4
    widths: tuple[Count, Count] = (128, 192)
    planes: tuple[Count, Count] | None = None  # of convolutions over time and bands; without, over time alone
    tuned: bool = False  # to the voice; goes with planes
    hidden: Count = 384
    num_tokens: Count = 2
    token_width: Count = 128

    @property
    def places_heard(self) -> int:
        """How many places of the convolved sound lie wholly within one window."""
        once = (self.steps_heard - KERNELS[0]) // STRIDE + 1
        return (once - KERNELS[1]) // STRIDE + 1


class Hearing(nn.Module):
    """Mel windows of frames in a row, [B T 1+A M] -> sound tokens, [B T N D]; a frame hears nothing but its window.

    Windows overlap, and nothing is padded: so the sound is convolved once for all of them. Tuned hearing takes each
    step by what was usual when it was new, and the first window whole by what is usual then; so a frame of a voice that
    is not yet known hangs a little on where its clip begins.
    """

    def __init__(self, config: HearingConfig) -> None:
        super().__init__()
        self.config = config
        self.frame_places = divide_exactly(config.steps_per_frame, STEPS_PER_PLACE)
        first, second = config.widths
        assert config.planes or not config.tuned, "expected planes where hearing is tuned"
        self.first: nn.Conv1d | nn.Conv2d
        self.second: nn.Conv1d | nn.Conv2d
        if config.planes is None:
            self.first = nn.Conv1d(config.mel_bins, first, KERNELS[0], STRIDE)
            self.second = nn.Conv1d(first, second, KERNELS[1], STRIDE)
        else:
            few, many = config.planes
            margin = (0, BANDS_TOGETHER // 2)
            self.first = nn.Conv2d(2 if config.tuned else 1, few, (KERNELS[0], BANDS_TOGETHER), STRIDE, margin)
            self.second = nn.Conv2d(few, many, (KERNELS[1], BANDS_TOGETHER), STRIDE, margin)
            self.mix = nn.Conv1d(many * divide_exactly(config.mel_bins, BANDS_PER_PLACE), second, 1)
        if config.tuned:
            last = nn.Linear(TUNER_WIDTH, 1)
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)
            self.tuner = nn.Sequential(nn.Linear(config.mel_bins, TUNER_WIDTH), nn.GELU(), last)
        self.between = nn.Conv1d(second, second, 1)
        self.gather = nn.Linear(config.places_heard * second, config.hidden)
        self.tell = nn.Linear(config.hidden, config.num_tokens * config.token_width)

    def forward(self, windows: Tensor, forget: float = 0.0) -> Tensor:
        """`forget`: the share of what is heard that is left out by chance, while hearing learns."""
        told = self.tell(self.listen(windows, forget))
        tokens: Tensor = rearrange(told, "b t (n d) -> b t n d", n=self.config.num_tokens)
        return tokens

    def listen(self, windows: Tensor, forget: float = 0.0) -> Tensor:
        """Mel windows, [B T 1+A M] -> all that is heard, not yet put into tokens, [B T hidden]."""
        # Windows laid end to end again, each step once, and beside each what was usual when it was new.
        assert windows.shape[2] == 1 + self.config.steps_heard, f"expected what is usual and steps, got {windows.shape}"
        usual, windows = windows[:, :, 0], windows[:, :, 1:]
        new = windows[:, 1:, -self.config.steps_per_frame :]
        steps = torch.cat([windows[:, 0], rearrange(new, "b t a m -> b (t a) m")], 1)  # B K M

        forgetting = forget > 0
        heard = self.tune(steps, usual) if self.config.tuned else steps[:, None]
        x = F.dropout(self.convolve(heard), forget, forgetting)
        x = F.dropout1d(x + F.gelu(self.between(x)), forget / 2, forgetting)

        # Each frame gathers the places of its window.
        x = x.unfold(2, self.config.places_heard, self.frame_places)  # B D T places
        x = F.gelu(self.gather(rearrange(x, "b d t a -> b t (a d)")))
        return F.dropout(x, forget, forgetting)

    def tune(self, steps: Tensor, usual: Tensor) -> Tensor:
        """Mel steps, [B K M], what was usual at each frame, [B T M] -> steps as one and the same throat had said them,
        and these beside what is usual, [B 2 K M]."""
        by = MOST_TUNED * torch.tanh(self.tuner(usual).float())  # B T 1
        known = torch.cat([usual, by], -1)
        later = known[:, 1:].repeat_interleave(self.config.steps_per_frame, 1)
        known = torch.cat([known[:, :1].expand(-1, steps.shape[1] - later.shape[1], -1), later], 1)  # B K M+1
        by_step = torch.stack([steps, known[..., :-1]], 1)
        tuned, rule = stretch_bands(by_step, known[:, None, :, -1:].exp()).unbind(1)
        return torch.stack([tuned, tuned - rule], 1)

    def convolve(self, steps: Tensor) -> Tensor:
        """Mel steps, [B c K M] -> what is heard at each place, a quarter as many, [B D places]."""
        if self.config.planes is None:
            x = F.gelu(self.first(rearrange(steps, "b 1 k m -> b m k")))
            return F.gelu(self.second(x))
        x = F.gelu(self.first(steps))  # B c K/2 M/2
        x = F.gelu(self.second(x))  # B c K/4 M/4
        return F.gelu(self.mix(rearrange(x, "b c k m -> b (c m) k")))


def stretch_bands(steps: Tensor, factor: Tensor) -> Tensor:
    """Steps, [... M], factors, [... 1] -> band m sounds as band m * factor did; beyond the last, as the last."""
    last = steps.shape[-1] - 1
    place = (torch.arange(last + 1, device=steps.device) * factor).clamp(0, last)
    below = place.detach().long().clamp(max=last - 1)
    low, high = (steps.gather(-1, one.expand_as(steps)) for one in (below, below + 1))
    return low + (place - below) * (high - low)


class Ears(nn.Module):
    """Several who hear the same, each in its own way -> the mean of their tokens: they seldom err alike."""

    def __init__(self, configs: Sequence[HearingConfig]) -> None:
        super().__init__()
        self.each = nn.ModuleList(Hearing(config) for config in configs)

    def forward(self, windows: Tensor) -> Tensor:
        return torch.stack([hearing(windows) for hearing in self.each]).mean(0)


class MouthReader(nn.Module):
    """Sound tokens of a frame -> its mouth and the shape spoken; only there while hearing learns alone.

    What no sound tells (state, feeling, whose face it is) is added, so that hearing need not guess it.
    """

    def __init__(self, config: HearingConfig, num_channels: int, num_shapes: int, num_known: int) -> None:
        super().__init__()
        size = config.num_tokens * config.token_width
        self.channels = nn.Linear(size, num_channels)
        self.known = nn.Linear(num_known, num_channels)
        self.shapes = nn.Linear(size, num_shapes)

    def forward(self, tokens: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
        """Tokens, [B T N D], and what is known besides, [B T k] -> channels, [B T c], and scores of shapes, [B T n]."""
        told = rearrange(tokens, "b t n d -> b t (n d)")
        return self.channels(told) + self.known(known), self.shapes(told)
