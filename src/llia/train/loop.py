"""The one training loop: a stage, batches that are functions of the step, and progress that is saved whole."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from llia.progress import progress as count_up

Batch = TypeVar("Batch")
Metrics = dict[str, float]


@dataclass(frozen=True)
class Schedule:
    """How long, how fast, how often."""

    num_steps: int
    learning_rate: float
    warm_up_steps: int = 100
    final_share: float = 0.02  # of the learning rate, at the end of a half cosine
    ema_decay: float = 0.99
    ema_from: int = 200
    gradient_limit: float = 1.0
    save_every_s: float = 180.0
    log_every: int = 50
    num_workers: int = 1  # processes that make batches
    num_threads: int = 1
    device: str = "cpu"
    half_precision: bool = True  # bfloat16 where the machine is faster with it; weights and losses stay float32

    def rate(self, step: int) -> float:
        """The learning rate at a step."""
        warm = min(1.0, (step + 1) / self.warm_up_steps)
        fall = 0.5 + 0.5 * math.cos(math.pi * min(1.0, step / self.num_steps))
        return self.learning_rate * warm * (self.final_share + (1 - self.final_share) * fall)


@dataclass
class Progress:
    """All that a training is: what learns, the mean of it over time, the optimiser, how far it has come."""

    network: nn.Module
    mean: nn.Module  # exponential moving average of the network's weights; this one ships
    optimizer: torch.optim.Optimizer
    step: int = 0
    seconds: float = 0.0
    neighbours: dict[str, Any] = field(default_factory=dict)  # an adversary: anything with state_dict and its inverse

    def state_dict(self) -> dict[str, Any]:
        return {
            "network": self.network.state_dict(),
            "mean": self.mean.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
            "neighbours": {name: it.state_dict() for name, it in self.neighbours.items()},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.network.load_state_dict(state["network"])
        self.mean.load_state_dict(state["mean"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.seconds = state["step"], state["seconds"]
        for name, it in self.neighbours.items():
            it.load_state_dict(state["neighbours"][name])


# A stage: progress and a batch in; the loss to descend and numbers to log out.
Stage = Callable[[Progress, Batch], tuple[Tensor, Metrics]]


class Batches(Dataset[Batch], Generic[Batch]):
    """Batches as a function of the step alone, so that a run cut anywhere goes on exactly."""

    def __init__(self, make: Callable[[int], Batch], first: int, last: int) -> None:
        self.make, self.first, self.last = make, first, last

    def __len__(self) -> int:
        return self.last - self.first

    def __getitem__(self, place: int) -> Batch:
        return self.make(self.first + place)


def begin(network: nn.Module, mean: nn.Module, schedule: Schedule) -> Progress:
    """A network and another of its kind -> a training that has not begun."""
    network.to(schedule.device)
    mean.to(schedule.device)
    mean.load_state_dict(network.state_dict())
    mean.requires_grad_(False)
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=schedule.learning_rate, betas=(0.9, 0.98), weight_decay=1e-3, fused=True
    )
    return Progress(network, mean, optimizer)


def train(
    progress: Progress,
    stage: Stage[Batch],
    make_batch: Callable[[int], Batch],
    schedule: Schedule,
    folder: Path,
    look: Callable[[nn.Module], NDArray[np.uint8]] | None = None,
    watch: Callable[[nn.Module], Metrics] | None = None,
) -> Progress:
    """Goes on from what the folder holds to the schedule's end; saves, logs, and keeps pictures of what it sees and
    the numbers of those who watch it."""
    folder.mkdir(parents=True, exist_ok=True)
    resume(progress, folder)
    if progress.step > schedule.num_steps:
        raise ValueError(f"expected at least the {progress.step} steps of {folder}, got {schedule.num_steps}")
    torch.set_num_threads(schedule.num_threads)
    device = next(progress.network.parameters()).device
    logged: list[Metrics] = []
    saved = started = time.monotonic()
    seconds_before = progress.seconds
    batches = load_batches(make_batch, progress.step, schedule)
    with count_up(folder.name, "steps", schedule.num_steps) as tally:
        tally.skip(progress.step)
        for batch in batches:
            metrics = take_step(progress, stage, to_device(batch, device), schedule)
            tally.advance()
            logged.append(metrics)
            now = time.monotonic()
            progress.seconds = seconds_before + now - started
            if progress.step % schedule.log_every == 0 or progress.step == schedule.num_steps:
                write_log(folder / "log.jsonl", progress, logged)
                logged.clear()
            if now - saved > schedule.save_every_s or progress.step == schedule.num_steps:
                save(progress, folder)
                keep_picture(progress, folder, look)
                if watch is not None:
                    write_log(folder / "watch.jsonl", progress, [watch(progress.mean)])
                saved = time.monotonic()
    return progress


def take_step(progress: Progress, stage: Stage[Batch], batch: Batch, schedule: Schedule) -> Metrics:
    """One step down the stage's loss."""
    for group in progress.optimizer.param_groups:
        group["lr"] = schedule.rate(progress.step) * group.get("share", 1.0)
    device = next(progress.network.parameters()).device
    half = torch.autocast(device.type, torch.bfloat16) if schedule.half_precision else nullcontext()
    torch.manual_seed(progress.step)  # what chance a stage itself draws is a function of the step
    with half:
        loss, metrics = stage(progress, batch)
    progress.optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    norm = nn.utils.clip_grad_norm_(progress.network.parameters(), schedule.gradient_limit)
    if not torch.isfinite(norm):
        raise FloatingPointError(f"the gradient is {norm.item()} at step {progress.step}, loss {loss.item()}")
    progress.optimizer.step()
    progress.step += 1
    follow(progress, schedule)
    return metrics | {"loss": loss.item(), "gradient": norm.item()}


@torch.no_grad()
def follow(progress: Progress, schedule: Schedule) -> None:
    """The mean network goes a little of the way to the one that learns."""
    share = 1 - schedule.ema_decay if progress.step > schedule.ema_from else 1.0
    for mean, now in zip(progress.mean.state_dict().values(), progress.network.state_dict().values(), strict=True):
        if mean.dtype.is_floating_point:
            mean.lerp_(now, share)
        else:
            mean.copy_(now)


def load_batches(make_batch: Callable[[int], Batch], first: int, schedule: Schedule) -> Iterator[Batch]:
    """-> the batches from a step to the schedule's end, made ahead by other processes."""
    batches = Batches(make_batch, first, schedule.num_steps)
    loader = DataLoader(
        batches,
        batch_size=None,
        num_workers=schedule.num_workers,
        prefetch_factor=4 if schedule.num_workers else None,
        persistent_workers=False,
    )
    return iter(loader)


def to_device(batch: Any, device: torch.device) -> Any:
    """Tensors in tuples, lists and dicts go to the device."""
    if isinstance(batch, Tensor):
        return batch.to(device, non_blocking=True)
    if isinstance(batch, dict):
        return type(batch)({name: to_device(value, device) for name, value in batch.items()})
    if isinstance(batch, (tuple, list)):
        return type(batch)(to_device(value, device) for value in batch)
    return batch


def save(progress: Progress, folder: Path) -> None:
    """Whole or not at all."""
    partial = folder / "progress.partial"
    torch.save(progress.state_dict(), partial)
    partial.replace(folder / "progress.pt")


def resume(progress: Progress, folder: Path) -> None:
    path = folder / "progress.pt"
    if path.is_file():
        progress.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))


def seconds_spent(folder: Path) -> float:
    """A training's folder -> how long its steps took so far."""
    state = torch.load(folder / "progress.pt", map_location="cpu", weights_only=True, mmap=True)
    return float(state["seconds"])


def write_log(path: Path, progress: Progress, metrics: list[Metrics]) -> None:
    """One line of JSON: the means since the last one."""
    means = {name: round(float(np.nanmean([one[name] for one in metrics if name in one])), 5) for name in metrics[-1]}
    line = {"step": progress.step, "seconds": round(progress.seconds, 1)} | means
    with path.open("a") as file:
        file.write(json.dumps(line) + "\n")
    print("  ".join(f"{name} {value:g}" for name, value in line.items()), flush=True)


def keep_picture(progress: Progress, folder: Path, look: Callable[[nn.Module], NDArray[np.uint8]] | None) -> None:
    if look is not None:
        from PIL import Image

        Image.fromarray(look(progress.mean)).save(folder / f"look-{progress.step:06d}.png")
