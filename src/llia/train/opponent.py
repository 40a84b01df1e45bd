"""Whoever learns beside a network to tell what it makes from what is true: a critic, its optimiser, its steps."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

GRADIENT_LIMIT = 1.0


class Opponent:
    """A neighbour of a training, saved and resumed with it."""

    critic: nn.Module

    def __init__(self, critic: nn.Module, learning_rate: float) -> None:
        self.critic = critic
        self.optimizer = torch.optim.AdamW(critic.parameters(), lr=learning_rate, betas=(0.5, 0.95))
        self.num_steps = 0

    def descend(self, loss: Tensor) -> None:
        """One step of the critic."""
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.critic.parameters(), GRADIENT_LIMIT)
        self.optimizer.step()
        self.num_steps += 1

    def state_dict(self) -> dict[str, Any]:
        return {
            "critic": self.critic.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "num_steps": self.num_steps,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.critic.load_state_dict(state["critic"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.num_steps = state["num_steps"]
