"""A place for a new file -> the whole file under its name, or nothing and a one-line error."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Path -> a file to write to; it takes its name when the block ends, and vanishes when the block fails."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = part.open("wb")
    except OSError as error:
        raise _explain(error, path) from None
    try:
        try:
            with file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError as error:
            raise _explain(error, path) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _explain(error: OSError, path: Path) -> OSError:
    """What the system said -> an error of the same kind that says what to do."""
    reason = error.strerror or str(error)
    if error.errno in FULL:
        return OSError(error.errno, f"expected room for {path}, got: {reason}; free some and run the same again")
    if error.errno is None:
        return error
    return OSError(error.errno, f"expected a place to write {path}, got: {reason}; choose a folder you can write to")
