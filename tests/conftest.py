"""Every test: linear algebra on one thread. Its systems are small, and on a busy machine threads that wait for each
other made the fits ten times slower."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is first imported, which is after this
