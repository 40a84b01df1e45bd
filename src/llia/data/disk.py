"""A place for a new file -> the whole file under its name, or nothing and a one-line error."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def check_place(path: Path, endings: tuple[str, ...] = ()) -> None:
    """Refuses a path that no new file (with one of the endings) can take, before the work that would fill it."""
    if endings and path.suffix.lower() not in endings:
        raise ValueError(f"expected a name that ends in {' or '.join(endings)}, got {path}; choose another")
    if path.is_dir():
        raise IsADirectoryError(f"expected the name of a file, got the folder {path}; add a name to it")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"expected a folder {path.parent} to write {path.name} into, there is none; make it")
    if not os.access(path.parent, os.W_OK):
        raise PermissionError(f"expected a folder that can be written to, got {path.parent}; choose another")


def is_writable(folder: Path) -> bool:
    """Whether it can be written, or made where it does not exist yet."""
    while not os.path.exists(folder):  # Path.exists raises where a folder above may not be read
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK)


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Path -> a file to write to; it takes its name when the block ends, and vanishes when the block fails."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = part.open("wb")
    except OSError as error:
        reason = f"expected a folder that can be written to for {path}, got: {error.strerror}; choose another"
        raise OSError(error.errno, reason) from None
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException as error:
        part.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in FULL:
            reason = f"expected room for {path}, got: {error.strerror}; make some and run the same command again"
            raise OSError(error.errno, reason) from None
        raise
