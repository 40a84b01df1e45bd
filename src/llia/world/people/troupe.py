"""The eight people whose portraits come with llia: a name, a seed, and what was changed for the picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from llia.config import adjust
from llia.world.people.casting import cast
from llia.world.people.person import Person


@dataclass(frozen=True)
class Member:
    """Someone of the troupe; changes are named by their path, as `--set` takes them."""

    name: str
    seed: int
    changes: Mapping[str, Any] = field(default_factory=dict)


TROUPE = (
    Member("Maeve", 246, {"manner.smile": 0.5, "framing.half_height": 17.2, "framing.y": 0.2}),
    Member("Kofi", 259, {"manner.smile": 0.5}),
    Member("Noor", 209, {"manner.smile": 0.55, "clothes.colour": "#3f6f78", "hair.cover_colour": "#3f6f78"}),
    Member("Lin", 216, {"manner.smile": 0.45, "lighting.exposure": 0.86, "framing.half_height": 16.6}),
    Member("Rosa", 292, {"manner.smile": 0.5, "skin.age": 0.62, "lighting.exposure": 1.32}),
    Member("Arthur", 301, {"manner.smile": 0.5, "glasses.shape": "round", "lighting.exposure": 0.8}),
    Member("Rafael", 295, {"manner.smile": 0.5}),
    Member("Imani", 290, {"manner.smile": 0.45}),
)


def cast_member(member: Member) -> Person:
    """-> the person as in the portrait."""
    return adjust(cast(member.seed), dict(member.changes))
