"""Networks as callables over numpy arrays, run by OpenVINO from the graphs that ship; torch is not needed."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from llia.data.disk import is_writable, new_file
from llia.engine.stored import point_to_weights, read_graph

if TYPE_CHECKING:
    import openvino as ov

Arrays = tuple[NDArray[np.float32], ...]
Network = Callable[..., Arrays]

# Full precision in the arithmetic, whatever the constants are stored in. Pinning is off: two networks of one thread
# each would otherwise share one core.
SETTINGS: dict[str, Any] = {
    "INFERENCE_PRECISION_HINT": "f32",
    "ENABLE_CPU_PINNING": False,
    "PERFORMANCE_HINT": "LATENCY",
}
RAISED_AT = "Exception from "
# What is compiled is compiled anew in seconds, and other versions pile up.
CACHED_DAYS, DAY_S, CACHED_BYTES = 30, 86_400, 1_000_000_000


def import_openvino() -> ModuleType:
    """-> the module openvino, kept from writing to the home folder and from telling anybody that it is used."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    return import_module("openvino")


def load_graph(path: Path, num_threads: int = 1, cache: Path | None = None) -> Network:
    """A graph's .xml -> a function from its inputs, float32 arrays in their order, to its outputs."""
    return Runner(compile_graph(path, {"INFERENCE_NUM_THREADS": num_threads}, cache))


def load_for_many(path: Path, num_threads: int = 1, cache: Path | None = None) -> Network:
    """A graph for one input -> a function that takes a stack of any number of them, several at work at a time."""
    settings = {"PERFORMANCE_HINT": "THROUGHPUT", "NUM_STREAMS": num_threads, "INFERENCE_NUM_THREADS": num_threads}
    return ManyRunner(compile_graph(path, settings, cache), num_threads)


def load_onnx(path: Path, num_threads: int = 1) -> Network:
    """An ONNX file -> the same."""
    with told_of(path):
        return run_model(import_openvino().Core().read_model(path), num_threads)


def load_model(path: Path) -> ov.Model:
    """A graph's .xml -> it as OpenVINO has it, to be compiled or changed."""
    stored, openvino = read_graph(path), import_openvino()
    with told_of(path):
        # A tensor, for it is kept as long as the graph; given as bytes, constants point to memory that was freed.
        return openvino.Core().read_model(stored.text, openvino.Tensor(np.frombuffer(stored.constants, np.uint8)))


def run_model(model: ov.Model, num_threads: int = 1) -> Network:
    """-> a function from its inputs to its outputs."""
    settings = SETTINGS | {"INFERENCE_NUM_THREADS": num_threads}
    return Runner(import_openvino().Core().compile_model(model, "CPU", settings))


def compile_graph(path: Path, settings: dict[str, Any], cache: Path | None) -> ov.CompiledModel:
    model, settings = load_model(path), SETTINGS | settings
    if cache is not None:
        settings["CACHE_DIR"] = str(cache)
    with told_of(path):
        return import_openvino().Core().compile_model(model, "CPU", settings)


@contextmanager
def told_of(path: Path) -> Iterator[None]:
    """Faults that OpenVINO has with what it reads name the file."""
    try:
        yield
    except RuntimeError as error:
        raise ValueError(f"expected an OpenVINO graph in {path}, could not read it: {reason_of(error)}") from error


def graph_cache() -> Path | None:
    """-> the folder of the user's cache where compiled graphs are kept; None where it cannot be written."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "llia" / "graphs"
    if not is_writable(folder):
        return None
    prune(folder, time.time())
    return folder


def prune(cache: Path, now_s: float) -> None:
    """Removes what was compiled long ago, and the oldest of what is left where that is too much."""
    with suppress(OSError):  # of others who remove the same, or read what is to be removed
        size = 0
        for age_s, file in sorted((now_s - file.stat().st_mtime, file) for file in cache.glob("*.blob")):
            size += file.stat().st_size
            if age_s > CACHED_DAYS * DAY_S or size > CACHED_BYTES:
                file.unlink()


class Runner:
    """One compiled graph and its one request: not for two threads at once."""

    def __init__(self, compiled: ov.CompiledModel) -> None:
        self.request = compiled.create_infer_request()
        self.num_outputs = len(compiled.outputs)

    def __call__(self, *inputs: NDArray[np.float32]) -> Arrays:
        self.request.infer(list(inputs), share_inputs=True)
        return tuple(self.request.get_output_tensor(k).data.copy() for k in range(self.num_outputs))


class ManyRunner:
    """One compiled graph for single inputs and as many requests as threads; stacks in, stacks out."""

    def __init__(self, compiled: ov.CompiledModel, num_requests: int) -> None:
        self.queue = import_openvino().AsyncInferQueue(compiled, num_requests)
        self.num_outputs = len(compiled.outputs)
        self.queue.set_callback(keep_answer)

    def __call__(self, stack: NDArray[np.float32]) -> Arrays:
        answers: list[Arrays] = [()] * len(stack)
        for place in range(len(stack)):
            self.queue.start_async({0: stack[place : place + 1]}, (answers, place))
        self.queue.wait_all()
        return tuple(np.concatenate([answer[k] for answer in answers]) for k in range(self.num_outputs))


def keep_answer(request: Any, asked: tuple[list[Arrays], int]) -> None:
    answers, place = asked
    answers[place] = tuple(request.get_output_tensor(k).data.copy() for k in range(len(request.model_outputs)))


def write_graph(model: ov.Model, weights: Path, path: Path) -> None:
    """A graph and the safetensors file of its network -> an .xml that reads its constants, in half precision, there."""
    constants = [op for op in model.get_ops() if op.get_type_name() == "Constant" and op.get_element_type().is_real()]
    exact = {op.get_friendly_name(): op.get_data().astype(np.float32).tobytes() for op in constants}
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / path.name
        import_openvino().save_model(model, whole, compress_to_fp16=True)
        text = point_to_weights(whole, exact, weights, path)
    with new_file(path) as file:
        file.write(text)


def reason_of(error: Exception) -> str:
    """-> the first line that tells more than where in OpenVINO's code it was raised."""
    lines = [line.strip() for line in str(error).splitlines()]
    return next((line for line in lines if line and not line.startswith(RAISED_AT)), type(error).__name__)


def largest_difference(first: Sequence[NDArray[Any]], second: Sequence[NDArray[Any]]) -> float:
    """Two tuples of outputs -> how far they are apart at most."""
    return max(float(np.abs(a - b).max()) for a, b in zip(first, second, strict=True))
