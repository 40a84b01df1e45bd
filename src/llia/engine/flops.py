"""A graph on disk -> how many floating point operations one run of it takes, counted from its layers' shapes."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from pathlib import Path


def flops_of(path: Path) -> int:
    """A graph's .xml -> multiplications and additions in products of matrices and convolutions; all else is small."""
    return sum(flops_of_layer(layer) for layer in ET.parse(path).iter("layer"))


def flops_of_layer(layer: ET.Element) -> int:
    kind = layer.get("type")
    if kind not in ("Convolution", "GroupConvolution", "MatMul", "ScaledDotProductAttention"):
        return 0
    first, second, *_ = (shape_of(port) for port in layer.findall("input/port"))
    (out,) = (shape_of(port) for port in layer.findall("output/port"))
    if kind == "ScaledDotProductAttention":  # queries ... T D, keys ... S D: a product with keys, one with values
        return 2 * second[-2] * (math.prod(first) + math.prod(out))
    if kind == "Convolution":  # weights: out channels, in channels, height, width
        return 2 * math.prod(out) * math.prod(second[1:])
    if kind == "GroupConvolution":  # groups, out channels, in channels, height, width
        return 2 * math.prod(out) * math.prod(second[2:])
    data = layer.find("data")
    assert data is not None
    is_turned = data.get("transpose_a") == "true"
    return 2 * math.prod(out) * (first[-2] if is_turned else first[-1])


def shape_of(port: ET.Element) -> tuple[int, ...]:
    return tuple(int(str(dim.text)) for dim in port.findall("dim"))
