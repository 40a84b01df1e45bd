"""Graphs on disk: an .xml whose constants lie in the network's own file of weights.

OpenVINO writes a graph as .xml and .bin, the latter all constants once more. Nearly all of them are, byte for byte,
tensors of the safetensors file that the network was loaded from, so the .xml is made to point there: one copy of the
weights serves torch and all graphs of a network. The rest (sizes, folded products) rides along in the .xml, in
full precision.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from llia.data.disk import new_file

PAINTER, PERFORMER = "painter.safetensors", "editing.safetensors"  # files of weights; the latter is of the last stage
INT8 = ".int8.xml"  # ends the name of a graph in int8, beside the one it was made from
ABOUT = "rt_info/llia"  # where the .xml says which weights it reads, their digest, and its own constants
HALF = "f16"  # as the weights are stored; what is of another type is not looked for there
HALVED = "_compressed"  # what OpenVINO adds to the name of a constant that it stores in half precision
FULL, FULL_PORT = "f32", "FP32"
HEADER_BYTES = 8  # of a safetensors file: the length of the JSON that follows
ALIGNED_BYTES = 8  # what every own constant begins at a multiple of
MOST_OWN_BYTES = 200_000  # more says that these are not the network's weights


@dataclass(frozen=True)
class Stored:
    """A graph as it was read."""

    text: str  # the .xml
    constants: bytes  # what it points into: the file of the weights, then its own
    weights: Path


def point_to_weights(whole: Path, exact: Mapping[str, bytes], weights: Path, path: Path) -> bytes:
    """A graph as OpenVINO wrote it in half precision (.xml, a .bin beside it), its constants by name in full, the file
    of its weights, the place where it shall lie -> the .xml for that place."""
    tree, constants, stored = ET.parse(whole), whole.with_suffix(".bin").read_bytes(), weights.read_bytes()
    places, own = places_of_tensors(stored), bytearray()
    for layer in tree.iter("layer"):
        data = layer.find("data")
        if layer.get("type") != "Const" or data is None:
            continue
        start, size = int(data.attrib["offset"]), int(data.attrib["size"])
        value = constants[start : start + size]
        is_half = data.get("element_type") == HALF
        place = places.get(value) if is_half else None
        if place is None:
            if is_half:
                value = exact[layer.attrib["name"].removesuffix(HALVED)]
                say_full(layer, data, len(value))
            place = round_up(len(stored)) + len(own)
            own += value.ljust(round_up(len(value)), b"\0")
        data.set("offset", str(place))
    if len(own) > MOST_OWN_BYTES:
        raise ValueError(f"expected the weights of {path.name} in {weights}, {len(own)} bytes are not; save them first")
    return say_where(tree.getroot(), Path(os.path.relpath(weights.resolve(), path.parent.resolve())), stored, own)


def keep_whole(whole: Path, path: Path) -> None:
    """A graph as OpenVINO wrote it (.xml, a .bin beside it), none of whose constants are tensors of weights, and the
    place where it shall lie -> both files lie there."""
    constants, beside = whole.with_suffix(".bin").read_bytes(), path.with_suffix(".bin")
    text = say_where(ET.parse(whole).getroot(), Path(beside.name), constants, b"")
    for place, content in ((beside, constants), (path, text)):
        with new_file(place) as file:
            file.write(content)


def say_where(root: ET.Element, weights: Path, stored: bytes, own: bytes | bytearray) -> bytes:
    """A graph, the way to the file of its constants from where it shall lie, what is in it, and constants that are not
    -> the .xml."""
    info = root.find("rt_info")
    assert info is not None, "OpenVINO says in every graph who wrote it"
    about = ET.SubElement(info, "llia")
    ET.SubElement(about, "weights", value=weights.as_posix())
    ET.SubElement(about, "digest", value=digest(stored))
    ET.SubElement(about, "constants", value=base64.b64encode(own).decode())
    for element in root.iter():  # nobody reads 50,000 lines of it
        element.tail, element.text = None, (element.text or "").strip() or None
    return ET.tostring(root)


def say_full(layer: ET.Element, data: ET.Element, size: int) -> None:
    """A constant that OpenVINO halved is to be read in full: what is computed from weights (frequencies, differences)
    may be wrong by much more than half precision where it is used."""
    data.set("element_type", FULL)
    data.set("size", str(size))
    for port in layer.iter("port"):
        port.set("precision", FULL_PORT)


def read_graph(path: Path) -> Stored:
    """A graph's .xml -> all that it consists of."""
    if not path.is_file():
        raise FileNotFoundError(f"expected the graph {path}; write it with `llia export`")
    try:
        text = path.read_text()
        about = {one.tag: one.attrib["value"] for one in ET.fromstring(text).findall(f"{ABOUT}/*")}
        weights, known, own = path.parent / about["weights"], about["digest"], base64.b64decode(about["constants"])
    except (ET.ParseError, ValueError, KeyError) as error:
        raise ValueError(
            f"expected a graph of llia in {path}, got something else; write it with `llia export`"
        ) from error
    if not weights.is_file():
        raise FileNotFoundError(f"expected the weights {weights}, which the graph {path} reads; put them there")
    stored = weights.read_bytes()
    if digest(stored) != known:
        raise ValueError(f"the graph {path} is of other weights than {weights} now has; write it with `llia export`")
    return Stored(text, stored.ljust(round_up(len(stored)), b"\0") + own, weights)


def places_of_tensors(stored: bytes) -> dict[bytes, int]:
    """The bytes of a safetensors file -> the bytes of each tensor, and where they begin in the file."""
    begin = HEADER_BYTES + int.from_bytes(stored[:HEADER_BYTES], "little")
    header = json.loads(stored[HEADER_BYTES:begin])
    spans = [tensor["data_offsets"] for name, tensor in header.items() if name != "__metadata__"]
    return {stored[begin + first : begin + last]: begin + first for first, last in spans}


def digest(stored: bytes) -> str:
    return hashlib.blake2b(stored, digest_size=16).hexdigest()


def round_up(num_bytes: int) -> int:
    """-> so many bytes, or the few more after which what follows is aligned."""
    return -(-num_bytes // ALIGNED_BYTES) * ALIGNED_BYTES
