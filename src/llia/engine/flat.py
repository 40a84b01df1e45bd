"""Torch networks -> the same with tensors in and a tuple of tensors out, as graphs have them."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from torch import Tensor, nn

from llia.conditions import Conditions
from llia.nets.painter import Features


class Flat(nn.Module):
    """Any network whose inputs are tensors."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        return flatten(self.network(*inputs))


class FlatSight(Flat):
    """Sight's answer without the rough places that only training looks at."""

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        seen = self.network(*inputs)
        return seen.points, seen.log_sigma


class FlatPainter(Flat):
    """The painter's frame: features come one by one."""

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        guide_64, guide_quarter, at_64, at_32, at_16, detail = inputs
        return flatten(self.network(guide_64, guide_quarter, Features((at_64, at_32, at_16), detail)))


class FlatDenoiser(Flat):
    """The denoiser; conditions come one by one, all of them as floats."""

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        x, sigma, past, seen, reference, portrait, own, other, state, *others = inputs
        told = Conditions(past, seen, reference, portrait, own, other, state.long(), *others)
        return (self.network(x, sigma, told),)


def flatten(value: Any) -> tuple[Tensor, ...]:
    """Tensors in dataclasses and tuples -> one tuple, in the order of the fields."""
    if isinstance(value, Tensor):
        return (value,)
    parts = [getattr(value, field.name) for field in fields(value)] if is_dataclass(value) else value
    return tuple(tensor for part in parts for tensor in flatten(part))
