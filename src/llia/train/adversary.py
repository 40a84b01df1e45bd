"""The adversary, a neighbour of the training: it owns the critic and its optimiser, learns, and answers with a loss."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

from llia.conditions import Conditions, Given
from llia.diffusion import add_noise
from llia.nets.critic import Critic, CriticConfig, Verdict
from llia.nets.denoiser import Performer
from llia.train.loop import Metrics
from llia.train.opponent import Opponent

SIGMAS = (0.05, 0.45)  # the critic never sees clean clips
MISMATCHED_WEIGHT = 0.5
ALONE_STEPS = 60  # in which it learns before anybody listens to it


@dataclass(frozen=True)
class Exhibit:
    """A clip as latents and the conditions it belongs to."""

    latent: Tensor
    conditions: Conditions


class Adversary(Opponent):
    """Frozen features of the teacher, a critic that learns on them, and nothing of the generator's."""

    critic: Critic

    def __init__(
        self, teacher: Performer, config: CriticConfig, learning_rate: float = 4e-4, *, with_sound: bool = True
    ) -> None:
        self.teacher, self.with_sound = teacher.eval().requires_grad_(False), with_sound
        super().__init__(Critic(config).to(next(teacher.parameters()).device), learning_rate)

    def answer(self, made: Exhibit, true: Exhibit) -> tuple[Tensor, Metrics]:
        """A made clip (with its slope) and a true one -> what the generator is to descend; the critic learns first."""
        metrics = self.learn(Exhibit(made.latent.detach(), made.conditions), true)
        if self.num_steps <= ALONE_STEPS:
            return made.latent.sum() * 0, metrics
        self.critic.requires_grad_(False)
        verdict = self.look(made, *draw_noise(made.latent))
        self.critic.requires_grad_(True)
        wanted = -sum_up([verdict.per_frame.mean(), verdict.over_time.mean(), verdict.with_sound.mean()], self.parts)
        return wanted, metrics | {"fooled": -wanted.item()}

    @property
    def parts(self) -> int:
        return 3 if self.with_sound else 2

    def learn(self, made: Exhibit, true: Exhibit) -> Metrics:
        """One step of the critic on its hinge loss."""
        noise = draw_noise(true.latent)
        with torch.no_grad():
            of_made, of_true = self.features(made, *noise), self.features(true, *noise)
            swapped = swap_sound(true.conditions)
            of_swapped = self.features(Exhibit(true.latent, swapped), *noise)
        wrong = self.critic(of_made, heard(made.conditions))
        right = self.critic(of_true, heard(true.conditions))
        hinges = [
            F.relu(1 + getattr(wrong, head)).mean() + F.relu(1 - getattr(right, head)).mean()
            for head in ("per_frame", "over_time", "with_sound")
        ]
        mismatched = F.relu(1 + self.critic(of_swapped, heard(swapped)).with_sound).mean()
        hinges[-1] = hinges[-1] + MISMATCHED_WEIGHT * mismatched
        loss = sum_up(hinges, self.parts)
        self.descend(loss)
        return {"critic": loss.item(), "critic_sound": hinges[-1].item()}

    def look(self, clip: Exhibit, noise: Tensor, sigma: Tensor) -> Verdict:
        verdict: Verdict = self.critic(self.features(clip, noise, sigma), heard(clip.conditions))
        return verdict

    def features(self, clip: Exhibit, noise: Tensor, sigma: Tensor) -> list[Tensor]:
        """-> what the frozen teacher makes of a clip under a little noise."""
        traced = self.teacher.denoiser.trace(add_noise(clip.latent, noise, sigma), sigma, clip.conditions)
        return [traced[number] for number in self.critic.config.blocks]


def draw_noise(latent: Tensor) -> tuple[Tensor, Tensor]:
    """-> noise, and a little sigma for each clip."""
    low, high = SIGMAS
    return torch.randn_like(latent), low + (high - low) * torch.rand(len(latent), device=latent.device)


def swap_sound(conditions: Conditions) -> Conditions:
    """-> the same clips with the sound and state of another of the batch."""
    own, other, state = (torch.roll(x, 1, 0) for x in (conditions.own, conditions.other, conditions.state))
    return replace(conditions, own=own, other=other, state=state)


def heard(conditions: Conditions) -> Tensor:
    """-> the own voice's tokens, zero where it is left out, [B T N D]."""
    told: Tensor = conditions.own * conditions.given[:, Given.OWN, None, None, None]
    return told


def sum_up(parts: list[Tensor], count: int) -> Tensor:
    """-> the mean of the first so many parts."""
    return torch.stack(parts[:count]).mean()
