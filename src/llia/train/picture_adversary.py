"""The painter's adversary: it learns to tell painted pictures from true ones, and says what it noticed."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from llia.nets.picture_critic import PictureCritic, PictureCriticConfig
from llia.train.loop import Metrics
from llia.train.opponent import Opponent

FOOL_WEIGHT = 0.02  # of the verdict; what was noticed on the way counts for one
ALONE_STEPS = 100  # in which it learns before anybody listens to it


class PictureAdversary(Opponent):
    """Its critic looks at pictures, patch by patch."""

    critic: PictureCritic

    def __init__(self, config: PictureCriticConfig, device: str = "cpu", learning_rate: float = 4e-4) -> None:
        critic = PictureCritic(config).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        super().__init__(critic, learning_rate)

    def answer(self, made: Tensor, true: Tensor, guide: Tensor, weight: Tensor) -> tuple[Tensor, Metrics]:
        """A made picture (with its slope), the true one, their guide and the weight of each place, [B 1 S/4 S/4] ->
        what the painter is to descend. The critic learns first."""
        metrics = self.learn(made.detach(), true, guide, weight)
        if self.num_steps <= ALONE_STEPS:
            return made.sum() * 0, metrics
        self.critic.requires_grad_(False).eval()  # so that its norms stand still while both are looked at
        of_made, verdict = self.critic(made, guide)
        with torch.no_grad():
            of_true, _ = self.critic(true, guide)
        self.critic.requires_grad_(True)
        noticed = torch.stack([apart(a, b, weight) for a, b in zip(of_made, of_true, strict=True)]).mean()
        fooled = (verdict * weight).mean()
        return noticed - FOOL_WEIGHT * fooled, metrics | {"noticed": noticed.item(), "fooled": fooled.item()}

    def learn(self, made: Tensor, true: Tensor, guide: Tensor, weight: Tensor) -> Metrics:
        """One step of the critic on its hinge loss."""
        self.critic.train()
        _, of_made = self.critic(made, guide)
        _, of_true = self.critic(true, guide)
        loss = ((F.relu(1 + of_made) + F.relu(1 - of_true)) * weight).mean()
        self.descend(loss)
        return {"critic": loss.item()}


def apart(made: Tensor, true: Tensor, weight: Tensor) -> Tensor:
    """Features of both, [B C h w] -> how far they are apart where it matters, in the spread of the true ones."""
    here = F.interpolate(weight, size=made.shape[-2:], mode="nearest")
    return ((made.float() - true.float()).abs() * here).mean() / true.float().abs().mean().clamp(min=1e-3)
