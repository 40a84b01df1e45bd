"""A performer and hearing that learned anew -> the same performer with the new hearing, told in tokens it knows.

The last layer of hearing is linear, so it is found by regression from what the new one hears to what the old one said
of the same sound. A teacher that takes 9,000 steps from nothing then needs a few hundred to trust its new ears.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from llia.nets.denoiser import Performer
from llia.nets.hearing import Hearing
from llia.train.motion_data import MotionData

NUM_BATCHES = 60
RIDGE = 1e-6  # beside the mean power of what is heard


def give_ears(performer: Performer, hearing: Hearing, data: MotionData, num_batches: int = NUM_BATCHES) -> Performer:
    """A performer that can perform, hearing that is to be its own, clips -> a new performer."""
    config = replace(performer.config, hearing=hearing.config)
    weight, bias = tell_as(hearing, performer.hearing, data, num_batches)
    given = Performer(config)
    given.denoiser.load_state_dict(performer.denoiser.state_dict())
    given.reference.load_state_dict(performer.reference.state_dict())
    given.hearing.load_state_dict(hearing.state_dict() | {"tell.weight": weight, "tell.bias": bias})
    return given


@torch.no_grad()
def tell_as(new: Hearing, known: Hearing, data: MotionData, num_batches: int) -> tuple[Tensor, Tensor]:
    """-> weight and bias with which the new hearing tells, by least squares, what the known one does."""
    size = new.config.hidden + 1
    squares = torch.zeros(size, size, dtype=torch.float64)
    products = torch.zeros(size, known.tell.out_features, dtype=torch.float64)
    for step in range(num_batches):
        windows = data(step)["clip"]["own"]
        heard = new.listen(windows).flatten(0, 1).double()
        heard = torch.cat([heard, torch.ones(len(heard), 1, dtype=torch.float64)], 1)
        squares += heard.T @ heard
        products += heard.T @ known(windows).flatten(0, 1).flatten(1).double()
    squares += RIDGE * squares.diagonal().mean() * torch.eye(size, dtype=torch.float64)
    solution = torch.linalg.solve(squares, products).float()
    return solution[:-1].T.contiguous(), solution[-1].contiguous()
