"""A noisy clip and all that is known of it -> the clean clip: a transformer over frames, and a steady hand."""

from __future__ import annotations

from dataclasses import replace

import torch
from einops import rearrange
from pydantic.dataclasses import dataclass as record
from torch import Tensor, nn

from llia.conditions import NUM_STATISTICS, Conditions, Given
from llia.config import STRICT, Emotion, State
from llia.head.motion import MOTION_SIZE
from llia.head.scale import Frame, MotionScale, frame_of, unit_scale
from llia.nets.hearing import Ears, Hearing, HearingConfig
from llia.nets.reference import Reference, ReferenceConfig
from llia.nets.steady import Steady
from llia.nets.temporal import Block, Shared, SigmaReader


@record(frozen=True, config=STRICT)
class DenoiserConfig:
    """Sizes of the denoiser."""

    width: int = 192
    depth: int = 6
    heads: int = 6
    widening: int = 4
    lengths: tuple[int, ...] = (4, 8, 12, 16)
    past_frames: int = 4
    smooth_frames: float = 1.5  # spread of the slow channels' smoothing; 0 leaves them alone
    seam_frames: int = 6  # so long does a gap at the seam take to close


@record(frozen=True, config=STRICT)
class PerformerConfig:
    """Everything between sound and motion."""

    hearing: HearingConfig = HearingConfig()
    reference: ReferenceConfig = ReferenceConfig()
    denoiser: DenoiserConfig = DenoiserConfig()
    more_hearing: tuple[HearingConfig, ...] = ()  # further ears, whose tokens and those of the first are averaged


PERFORMERS: dict[str, PerformerConfig] = {
    "mini": PerformerConfig(
        HearingConfig(widths=(16, 16), planes=(8, 16), tuned=True, hidden=32, token_width=16),
        ReferenceConfig(width=32, hidden=32),
        DenoiserConfig(width=32, depth=3, heads=2, widening=2),
    ),
    "live": PerformerConfig(HearingConfig(planes=(32, 64), tuned=True)),
}


def drop(conditions: Conditions, *kinds: Given) -> Conditions:
    """-> the same with some conditions missing."""
    keep = torch.ones_like(conditions.given)
    keep[:, list(kinds)] = 0
    return replace(conditions, given=conditions.given * keep)


class Denoiser(nn.Module):
    """Noisy latents, [B T c 1 1], sigma, [B], conditions -> clean latents, [B T c 1 1]."""

    mean: Tensor
    spread: Tensor
    near: Tensor
    far: Tensor
    slow: Tensor

    def __init__(self, config: PerformerConfig) -> None:
        super().__init__()
        sizes, longest = config.denoiser, max(config.denoiser.lengths)
        width, num_past, num_reference = sizes.width, sizes.past_frames, config.reference.num_tokens
        assert config.reference.width == width, f"reference tokens must be {width} wide, got {config.reference.width}"
        self.num_past = num_past
        for name, value in vars(unit_scale(longest)).items():
            self.register_buffer(name, torch.from_numpy(value))

        # In: frames, what goes with each of them, and those around them.
        sound_size = config.hearing.num_tokens * config.hearing.token_width
        self.read_noisy = nn.Linear(MOTION_SIZE, width)
        self.read_past = nn.Linear(2 * MOTION_SIZE, width)
        self.read_way_home = nn.Linear(MOTION_SIZE, width)
        self.read_own = nn.Linear(sound_size, width)
        self.read_other = nn.Linear(sound_size, width)
        self.read_state = nn.Embedding(len(State), width)
        self.read_emotion = nn.Linear(len(Emotion), width)
        self.read_statistics = nn.Linear(NUM_STATISTICS, width)
        self.missing = nn.Parameter(torch.randn(len(Given), width) * 0.02)
        # Places: past first, then new frames, the portrait last; so a place means the same for every length.
        self.places = nn.Parameter(torch.randn(num_past + longest + num_reference, width) * 0.02)

        # Through.
        self.read_sigma = SigmaReader(width)
        self.shared = Shared(width)
        self.blocks = nn.ModuleList(Block(width, sizes.heads, sizes.widening) for _ in range(sizes.depth))

        # Out: what the blocks say, and learned shares of the last frame, its change, and the portrait.
        self.norm = nn.LayerNorm(width)
        self.write = nn.Linear(width, MOTION_SIZE)
        nn.init.zeros_(self.write.weight)
        nn.init.zeros_(self.write.bias)
        self.gains = nn.Parameter(torch.zeros(3, longest, MOTION_SIZE))
        self.steady = Steady(sizes.lengths, num_past, sizes.smooth_frames, sizes.seam_frames)

    @property
    def scale(self) -> MotionScale:
        return MotionScale(self.mean, self.spread, self.near, self.far, self.slow)

    def frame(self, conditions: Conditions, num_frames: int) -> Frame:
        """-> what the latents of these clips are told in."""
        has_past = conditions.given[:, Given.PAST]
        return frame_of(self.scale, conditions.past, conditions.reference, has_past, num_frames)

    def forward(self, x: Tensor, sigma: Tensor, conditions: Conditions) -> Tensor:
        num_frames = x.shape[1]
        hidden = self.trace(x, sigma, conditions)[-1]
        said = self.write(self.norm(hidden))  # B T c
        with torch.autocast(x.device.type, enabled=False):  # small turns of the head want every bit
            frame = self.frame(conditions, num_frames)
            rough = said.float() + self.carried(conditions, frame, num_frames)
            has_past = conditions.given[:, Given.PAST]
            clean: Tensor = self.steady(rough, conditions.past, has_past, frame, self.slow)
        return clean[..., None, None]

    def trace(self, x: Tensor, sigma: Tensor, conditions: Conditions) -> list[Tensor]:
        """-> what stands at the new frames after each block, [B T D] each."""
        num_frames = x.shape[1]
        tokens = torch.cat(
            [self.past_tokens(conditions), self.new_tokens(x, conditions), self.portrait_tokens(conditions)], 1
        )  # B P+T+N D
        first, last = self.num_past + num_frames, self.places.shape[0] - conditions.portrait.shape[1]
        tokens = tokens + torch.cat([self.places[:first], self.places[last:]])
        change = self.shared(self.read_sigma(sigma))  # B 6 D
        traced = []
        for block in self.blocks:
            tokens = block(tokens, change)
            traced.append(tokens[:, self.num_past : first])
        return traced

    def choose(self, kind: Given, value: Tensor, conditions: Conditions) -> Tensor:
        """-> the value where it is given, what was learned for its absence where not."""
        has: Tensor = conditions.given[:, kind].reshape(-1, *[1] * (value.ndim - 1))
        return has * value + (1 - has) * self.missing[kind]

    def new_tokens(self, x: Tensor, conditions: Conditions) -> Tensor:
        own, other = (rearrange(sound, "b t n d -> b t (n d)") for sound in (conditions.own, conditions.other))
        statistics = self.read_statistics(conditions.statistics)[:, None]
        tokens: Tensor = (
            self.read_noisy(rearrange(x, "b t c 1 1 -> b t c"))
            + self.choose(Given.OWN, self.read_own(own), conditions)
            + self.choose(Given.OTHER, self.read_other(other), conditions)
            + self.choose(Given.STATE, self.read_state(conditions.state), conditions)
            + self.choose(Given.EMOTION, self.read_emotion(conditions.emotion), conditions)
            + self.choose(Given.STATISTICS, statistics, conditions)
        )
        return tokens

    def past_tokens(self, conditions: Conditions) -> Tensor:
        """Past frames, as they stand and as they lie from the last one."""
        seen = conditions.seen
        standing = (seen - self.mean) / self.spread
        apart = (seen - conditions.past[:, -1:]) / self.near[0] * self.slow
        return self.choose(Given.PAST, self.read_past(torch.cat([standing, apart], -1)), conditions)

    def portrait_tokens(self, conditions: Conditions) -> Tensor:
        """The portrait, and how far the head has come from it."""
        has = conditions.given[:, Given.PAST, None]
        away = (conditions.reference - conditions.past[:, -1]) / self.far * self.slow * has
        tokens = conditions.portrait + self.read_way_home(away)[:, None]
        return self.choose(Given.REFERENCE, tokens, conditions)

    def carried(self, conditions: Conditions, frame: Frame, num_frames: int) -> Tensor:
        """-> what the last past frame, its change and the portrait give each new frame, [B T c]."""
        last, before = conditions.past[:, -1:], conditions.past[:, -2:-1]
        has_past = conditions.given[:, Given.PAST, None, None]
        has_reference = conditions.given[:, Given.REFERENCE, None, None]
        of_last, of_change, of_reference = self.gains[:, :num_frames]
        held = of_last * (last - frame.centre) + of_change * (last - before)
        home = of_reference * (conditions.reference[:, None] - frame.centre)
        carried: Tensor = (has_past * held + has_reference * home) / frame.size
        return carried


class Performer(nn.Module):
    """Hearing, the reference path and the denoiser, as they are trained together."""

    def __init__(self, config: PerformerConfig) -> None:
        super().__init__()
        self.config = config
        more = config.more_hearing
        self.hearing: Hearing | Ears = Ears((config.hearing, *more)) if more else Hearing(config.hearing)
        self.reference = Reference(config.reference)
        self.denoiser = Denoiser(config)

    def forward(self, x: Tensor, sigma: Tensor, conditions: Conditions) -> Tensor:
        clean: Tensor = self.denoiser(x, sigma, conditions)
        return clean
