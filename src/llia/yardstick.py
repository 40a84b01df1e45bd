"""Nothing in -> how fast a core multiplies matrices: what measured speeds are compared and scaled by."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

REFERENCE_GFLOPS = 135.0  # of the core that speeds are scaled to
MATMUL_SIZE, MATMUL_ROUNDS = 1024, 6
# What tells the libraries below numpy to use one thread; read when they are imported.
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def seconds_for(work: Callable[[], object]) -> float:
    """Runs the work -> the processor time that this thread took: other programs do not count."""
    start = time.thread_time()
    work()
    return time.thread_time() - start


def matmul_gflops(num_cores: int = 1) -> float:
    """So many cores at work -> billions of float32 operations a second that each of them does in multiplying matrices,
    at best; in a process whose libraries use one thread."""
    with ThreadPoolExecutor(num_cores) as threads:
        return float(np.mean([done.result() for done in [threads.submit(multiply) for _ in range(num_cores)]]))


def multiply() -> float:
    matrix = np.random.default_rng(0).random((MATMUL_SIZE, MATMUL_SIZE), np.float32)
    best = min(seconds_for(lambda: matrix @ matrix) for _ in range(MATMUL_ROUNDS))
    return 2 * MATMUL_SIZE**3 / best / 1e9
