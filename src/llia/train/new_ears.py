"""A performer that has learned, and hearing that learned apart from it -> the performer with one more pair of ears.

The last layer of hearing is linear, so it is found by regression from what the new ears hear to the tokens that the
performer knows. It can perform at once: nothing else of it changes.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import torch

from llia.nets.denoiser import Performer
from llia.nets.hearing import Ears, Hearing
from llia.train.motion_data import MotionData

NUM_BATCHES = 40
RIDGE = 1e-6  # beside the mean power of what is heard


def give_ears(performer: Performer, hearing: Hearing, data: MotionData, num_batches: int = NUM_BATCHES) -> Performer:
    """A performer, further hearing, clips to compare them on -> a performer that listens with both."""
    known = list(performer.hearing.each) if isinstance(performer.hearing, Ears) else [performer.hearing]
    given = Performer(replace(performer.config, more_hearing=(*performer.config.more_hearing, hearing.config)))
    given.denoiser.load_state_dict(performer.denoiser.state_dict())
    given.reference.load_state_dict(performer.reference.state_dict())
    assert isinstance(given.hearing, Ears)
    for ear, one in zip(
        given.hearing.each, [*known, tell_as(hearing, performer.hearing, data, num_batches)], strict=True
    ):
        ear.load_state_dict(one.state_dict())
    return given


@torch.no_grad()
def tell_as(hearing: Hearing, known: Hearing | Ears, data: MotionData, num_batches: int) -> Hearing:
    """-> the same hearing, telling by least squares what the known one does."""
    size, told = hearing.config.hidden + 1, hearing.tell.out_features
    squares = torch.zeros(size, size, dtype=torch.float64)
    products = torch.zeros(size, told, dtype=torch.float64)
    for step in range(num_batches):
        windows = data(step)["clip"]["own"]
        heard = hearing.listen(windows).flatten(0, 1).double()
        heard = torch.cat([heard, torch.ones(len(heard), 1, dtype=torch.float64)], 1)
        squares += heard.T @ heard
        products += heard.T @ known(windows).flatten(0, 1).flatten(1).double()
    squares += RIDGE * squares.diagonal().mean() * torch.eye(size, dtype=torch.float64)
    solution = torch.linalg.solve(squares, products).float()
    telling = deepcopy(hearing)
    telling.tell.weight.copy_(solution[:-1].T)
    telling.tell.bias.copy_(solution[-1])
    return telling
