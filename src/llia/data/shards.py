"""Samples -> tar shards in webdataset's format, and back; a shard is whole or it is not there.

A sample is a run of files with one key. Beside NAME.tar stands NAME.json, its manifest: how many samples and frames,
how many bytes with which checksum, and the settings that made it. The tar takes its name last: where it stands, all is
done. The same samples give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from llia.config import Clock
from llia.data.disk import new_file
from llia.data.samples import Sample, decode_sample, encode_sample, is_picture

FORMAT = 1
FILE_MODE = 0o644
AGAIN = "delete it and its .json and run the same command again: it makes only what is missing"


@dataclass(frozen=True)
class Manifest:
    """What stands beside a shard: how to know that it is whole, and what it is."""

    format: int
    num_samples: int
    num_frames: int
    num_bytes: int
    sha256: str
    about: dict[str, Any]


def write_shard(path: Path, samples: Iterable[Sample], about: dict[str, Any], clock: Clock) -> Manifest:
    """Samples, and the settings they are made with -> a whole shard and its manifest, or an error and no shard."""
    about = json.loads(json.dumps(about, sort_keys=True))  # as it will be read again
    keys: set[str] = set()
    num_frames = 0
    with new_file(path) as file:
        with tarfile.open(fileobj=file, mode="w|", format=tarfile.USTAR_FORMAT) as tar:
            for sample in samples:
                if sample.key in keys:
                    raise ValueError(f"expected a key of its own for each sample, got {sample.key!r} twice in {path}")
                keys.add(sample.key)
                for ending, data in encode_sample(sample, clock):
                    _add(tar, f"{sample.key}.{ending}", data)
                num_frames += sample.num_frames
        file.flush()
        size, checksum = _measure(Path(file.name))
        manifest = Manifest(FORMAT, len(keys), num_frames, size, checksum, about)
        with new_file(manifest_path(path)) as beside:
            beside.write((json.dumps(vars(manifest), indent=1, sort_keys=True) + "\n").encode())
    return manifest


def find_shard(path: Path, about: dict[str, Any]) -> Manifest | None:
    """Path and settings -> the manifest of the whole shard made with them; None where there is none yet."""
    if not path.exists():
        return None
    manifest = check_shard(path)
    wanted = json.loads(json.dumps(about))
    for name in sorted(wanted.keys() | manifest.about.keys()):
        if wanted.get(name) != manifest.about.get(name):
            raise ValueError(
                f"expected {path} made with {name}={wanted.get(name)!r}, got one with {manifest.about.get(name)!r}; "
                "choose another folder, or delete it"
            )
    return manifest


def list_shards(folder: Path) -> list[Path]:
    """Folder -> its shards in the order of their names, each one of the size that its manifest says."""
    if not folder.is_dir():
        raise FileNotFoundError(f"expected a folder of shards, got nothing at {folder}; make one: llia world shards")
    paths = sorted(folder.glob("*.tar"))
    if not paths:
        raise FileNotFoundError(f"expected shards (*.tar) in {folder}, got none; make some: llia world shards")
    for path in paths:
        check_shard(path)
    return paths


def check_shard(path: Path, *, every_byte: bool = False) -> Manifest:
    """Shard -> its manifest; an error where the shard has not the size (and the checksum) that the manifest says."""
    if not path.is_file():
        raise FileNotFoundError(f"expected a shard, got nothing at {path}; make it: llia world shards")
    beside = manifest_path(path)
    try:
        manifest = Manifest(**json.loads(beside.read_text()))
    except FileNotFoundError:
        raise ValueError(f"expected the manifest {beside.name} beside {path}, got none; {AGAIN}") from None
    except (ValueError, TypeError):
        raise ValueError(f"expected a manifest in {beside}, got something else; {AGAIN}") from None
    if manifest.format != FORMAT:
        raise ValueError(f"expected shards of format {FORMAT}, got {manifest.format} in {path}; {AGAIN}")
    size = path.stat().st_size
    if size != manifest.num_bytes:
        raise ValueError(f"expected {manifest.num_bytes} bytes in {path}, got {size}: it is not whole; {AGAIN}")
    if every_byte and _measure(path)[1] != manifest.sha256:
        raise ValueError(f"expected {path} as its manifest says, got other bytes: it is damaged; {AGAIN}")
    return manifest


def read_shard(path: Path, clock: Clock, *, with_frames: bool = True) -> Iterator[Sample]:
    """A whole shard -> its samples in order; pictures are decoded only when asked for."""
    check_shard(path, every_byte=True)
    with tarfile.open(path, "r:") as tar:
        for key, members in _runs(tar):
            wanted = {ending: member for ending, member in members.items() if with_frames or not is_picture(ending)}
            yield decode_sample(key, {ending: _read(tar, member) for ending, member in wanted.items()}, clock)


def locate_samples(path: Path) -> Iterator[tuple[str, dict[str, tuple[int, int]]]]:
    """A whole shard -> of each sample its key, and where in the tar each of its files begins and how long it is."""
    check_shard(path)
    with tarfile.open(path, "r:") as tar:
        for key, members in _runs(tar):
            yield key, {ending: (member.offset_data, member.size) for ending, member in members.items()}


def manifest_path(path: Path) -> Path:
    """Place of a shard -> place of its manifest."""
    return path.with_suffix(".json")


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    """One more file into the tar, with nothing in its header that depends on who writes it when."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), FILE_MODE
    tar.addfile(member, BytesIO(data))


def _runs(tar: tarfile.TarFile) -> Iterator[tuple[str, dict[str, tarfile.TarInfo]]]:
    """Tar -> the files of one key after the other: key, and member by ending."""
    key, files = "", dict[str, tarfile.TarInfo]()
    for member in tar:
        name, _, ending = member.name.partition(".")
        if files and name != key:
            yield key, files
            files = {}
        key = name
        files[ending] = member
    if files:
        yield key, files


def _read(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file: IO[bytes] | None = tar.extractfile(member)
    assert file is not None, f"{member.name} is a file"
    return file.read()


def _measure(path: Path) -> tuple[int, str]:
    """File -> how many bytes, and their SHA-256."""
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()
