"""Stage 0, the judge: sight learned once more, from another seed and other people, to measure and never to teach."""

from __future__ import annotations

from pathlib import Path

from llia.engine.weights import save_weights
from llia.nets.sight import SIGHTS
from llia.train.loop import Schedule, seconds_spent
from llia.train.people import People
from llia.train.s0_sight import train_sight

JUDGE_SEED = 7_000  # of the networks and of their batches; sight's own are counted from 0


def train_judge(
    people: People, sights_people: set[int], folder: Path, schedules: dict[str, Schedule], batch_size: int = 64
) -> list[Path]:
    """People whom sight never saw (the seeds of those it saw), how long each network learns -> the judge's weights.

    They stand in `folder` under the names that `llia.eval.networks` looks for; goes on where the folder stops.
    """
    both = sights_people & {int(about["seed"]) for about in people.about}
    if both:
        raise ValueError(f"expected people whom sight never saw, got {len(both)} of its own; make others: --seed")
    written = []
    for place, kind in enumerate(SIGHTS):
        run, seed = folder / f"run-{kind}", JUDGE_SEED + place
        network = train_sight(kind, people, run, schedules[kind], batch_size, seed)
        path = folder / f"{kind}.safetensors"
        about = {"steps": schedules[kind].num_steps, "people": len(people.about), "seconds": round(seconds_spent(run))}
        save_weights(network, SIGHTS[kind], path, {"purpose": "judge"} | {name: str(it) for name, it in about.items()})
        written.append(path)
    return written
