"""The networks between sound and motion as callables over numpy arrays, one compiled form for each clip length."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from llia.conditions import Conditions
from llia.config import PRESETS, Config
from llia.data.disk import new_file
from llia.engine.graphs import Network
from llia.engine.makers import Maker, Open, open_networks
from llia.engine.stored import PERFORMER
from llia.head.scale import MotionScale

Floats = NDArray[np.float32]
Denoise = Callable[[Floats, Floats, Conditions], Floats]

FORMAT = 2  # since windows begin with what is usual
ABOUT, HEAR, REFER, DENOISE = "performer.json", "hear", "refer", "denoise"  # names of files; lengths follow two of them
WEIGHTS = PERFORMER
NUM_VOICES = 2  # own and other, heard at once


@dataclass(frozen=True)
class Players:
    """What makes motion from sound. Not for two threads at once."""

    config: Config
    scale: MotionScale
    hear: Callable[[Floats], Floats]  # windows of both voices, 2 T 1+A M -> sound tokens, 2 T N D
    refer: Callable[[Floats, Floats], Floats]  # motion of the portrait, 1 66, and its shape, 1 4 -> its tokens, 1 N D
    denoise: Denoise  # noisy latents, 1 T c 1 1, sigma, 1, conditions -> clean latents


def open_players(
    folder: Path,
    config: Config = PRESETS["live"],
    num_threads: int = 1,
    cache: Path | None = None,
    maker: Maker = "openvino",
    device: str = "cpu",
) -> Players:
    """A folder of graphs, or for torch of weights, and the preset that they are to be of -> the networks."""
    if maker.startswith("torch"):
        from llia.engine.trained import read_scale

        scale, preset = read_scale(folder / WEIGHTS)
        check_preset(preset, config, folder / WEIGHTS)
    else:
        scale = read_about(folder / ABOUT, config)
    return players_of(open_networks(folder, maker, num_threads, cache, device), config, scale)


def players_of(opened: Open, config: Config, scale: MotionScale) -> Players:
    """What opens networks by name, and what their latents are measured in -> the players."""
    lengths = config.clips.lengths
    return make_players(
        config,
        scale,
        {length: opened(f"{HEAR}-{length}") for length in lengths},
        opened(REFER),
        {length: opened(f"{DENOISE}-{length}") for length in lengths},
    )


def graph_names(config: Config) -> tuple[str, ...]:
    """-> the graphs that `open_players` loads."""
    return (REFER, *(f"{name}-{length}" for name in (HEAR, DENOISE) for length in config.clips.lengths))


def make_players(
    config: Config, scale: MotionScale, hear: dict[int, Network], refer: Network, denoise: dict[int, Network]
) -> Players:
    """Flat networks, those of clips by their length -> the players."""
    return Players(
        config,
        scale,
        hear=lambda windows: hear[windows.shape[1]](np.ascontiguousarray(windows))[0],
        refer=lambda motion, shape: refer(motion, shape)[0],
        denoise=lambda x, sigma, told: denoise[x.shape[1]](x, sigma, *flat(told))[0],
    )


def flat(told: Conditions) -> tuple[Floats, ...]:
    """Conditions -> the arrays that a graph takes after x and sigma."""
    return tuple(np.ascontiguousarray(value, np.float32) for value in astuple(told))


# ---- what lies beside the graphs


def write_about(path: Path, preset: str, scale: MotionScale) -> None:
    """The preset of some graphs and what their latents are measured in -> a small JSON file."""
    numbers = {name: np.asarray(value).tolist() for name, value in vars(scale).items()}
    with new_file(path) as file:
        file.write(json.dumps({"format": FORMAT, "preset": preset, "scale": numbers}).encode())


def read_about(path: Path, config: Config) -> MotionScale:
    """What `write_about` wrote, and the preset it is to be of -> what latents are measured in."""
    if not path.is_file():
        raise FileNotFoundError(f"expected the graphs of a performer beside {path}; write them with `llia export`")
    try:
        about: dict[str, Any] = json.loads(path.read_text())
        written, preset = int(about["format"]), str(about["preset"])
        scale = MotionScale(**{name: np.array(value, np.float32) for name, value in about["scale"].items()})
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"expected what belongs to graphs in {path}, got something else: {error}") from error
    if written != FORMAT:
        mend = "install a newer llia" if written > FORMAT else "write them again with `llia export`"
        raise ValueError(f"{path} is of format {written}, this version reads format {FORMAT}; {mend}")
    check_preset(preset, config, path)
    return scale


def check_preset(found: str, config: Config, path: Path) -> None:
    """Refuses what was made for another preset."""
    if found != config.name:
        raise ValueError(f"expected a performer of the preset {config.name}, got one of {found} in {path}; name that")
