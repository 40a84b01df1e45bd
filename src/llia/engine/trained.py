"""A folder of weights -> the networks in it by the names of their graphs, run by torch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from llia.engine.eager import Network, Way, run_torch
from llia.engine.flat import Flat, FlatDenoiser, FlatPainter, FlatSight
from llia.engine.stored import PAINTER, PERFORMER
from llia.engine.weights import load_config, load_weights
from llia.head.scale import MotionScale
from llia.nets.denoiser import PERFORMERS, Performer, PerformerConfig
from llia.nets.painter import Painter, PainterConfig
from llia.nets.sight import SIGHTS, Sight, SightConfig


def open_weights(folder: Path, way: Way = "eager", device: str = "cpu") -> Callable[[str], Network]:
    """-> what opens each network by the name of its graph; sizes and lengths in that name are all the same to torch."""
    opened: dict[str, Network] = {}

    def open_one(name: str) -> Network:
        kind = name.partition("-")[0]
        if kind not in opened:
            opened.update(load_with(folder, kind, way, device))
        return opened[kind]

    return open_one


def load_with(folder: Path, kind: str, way: Way, device: str) -> dict[str, Network]:
    """-> the network of that kind, and all others that lie in the same file."""
    parts: dict[str, Flat]
    if kind in SIGHTS:
        parts = {kind: FlatSight(load_sight(folder / f"{kind}.safetensors"))}
    elif kind in ("portrait", "painter"):
        painter = load_painter(folder / PAINTER)
        parts = {"portrait": Flat(painter.reader), "painter": FlatPainter(painter)}
    elif kind in ("hear", "refer", "denoise"):
        performer, _ = load_performer(folder / PERFORMER)
        parts = {
            "hear": Flat(performer.hearing), "refer": Flat(performer.reference),
            "denoise": FlatDenoiser(performer.denoiser),
        }  # fmt: skip
    else:
        raise ValueError(f"expected the name of a network, got {kind!r}")
    return {name: run_torch(part, way, device) for name, part in parts.items()}


def load_sight(path: Path) -> Sight:
    """A file of weights -> the network of sight in it."""
    network = Sight(load_config(path, SightConfig))
    load_weights(network, path)
    return network


def load_painter(path: Path) -> Painter:
    """A file of weights -> the painter in it."""
    network = Painter(load_config(path, PainterConfig))
    load_weights(network, path)
    return network


def load_performer(path: Path) -> tuple[Performer, str]:
    """A file of weights -> the performer in it, and the preset it is of."""
    config = load_config(path, PerformerConfig)
    # By all but how many ears it has, and of which form: those differ from one training to the next.
    form = (config.reference, config.denoiser)
    presets = [name for name, known in PERFORMERS.items() if (known.reference, known.denoiser) == form]
    if not presets:
        raise ValueError(f"expected a performer of a preset ({', '.join(PERFORMERS)}) in {path}, got other sizes")
    performer = Performer(config)
    load_weights(performer, path)
    return performer.eval(), presets[0]


def scale_of(performer: Performer) -> MotionScale:
    return MotionScale(**{name: value.numpy() for name, value in vars(performer.denoiser.scale).items()})


def read_scale(path: Path) -> tuple[MotionScale, str]:
    """A file of weights of a performer -> what its latents are measured in, and the preset it is of."""
    performer, preset = load_performer(path)
    return scale_of(performer), preset
