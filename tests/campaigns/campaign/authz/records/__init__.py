"""Records: for each name in a path, something real of one legal entity that it can mean.

One file a room or plugin, by whose name it is found, and left out where that is blocked; a plugin's names need theirs from the day on
which its operations are registered. A name stands for the same thing wherever it occurs, unless one is registered for the operations of
an owner (`payables.invoice`) or for one operation. What a name means everywhere and belongs to no legal entity is declared shared, with
the reason.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping

import attrs

from campaign.scenarios import Stage

Found = Mapping[str, str]


@attrs.frozen
class Side(Stage):
    """What records are made with: a shop, names of its own, and the ids of the keys of its administrator and of a cashier."""

    key_id: str
    asker_id: str


Make = Callable[[Side], Found]
MAKERS: list[Make] = []
SHARED: dict[str, tuple[str, str | None]] = {}


def records(make: Make) -> Make:
    """Register what makes records: by name in a path the id by which the path can call it, the code where ids are not taken."""
    MAKERS.append(make)
    return make


def shared(name: str, reason: str, value: str | None = None) -> None:
    """Declare that what a name means belongs to no legal entity; `value` is one that is there, where no example names it."""
    SHARED[name] = (reason, value)


def shared_values() -> dict[str, str]:
    """What is there of shared names, where no example names it."""
    return {name: value for name, (_, value) in SHARED.items() if value is not None}


def made(side: Side) -> dict[str, str]:
    """Make all records of one side."""
    found: dict[str, str] = {}
    here = [make for make in MAKERS if make.__module__.rpartition(".")[2] in side.shop.engine.registry.plugins]
    for number, make in enumerate(here, side.number):
        more = make(attrs.evolve(side, number=number))
        twice = found.keys() & more.keys()
        assert not twice, f"{make.__module__} names {sorted(twice)} again; register it for its owner: payables.invoice"
        found |= more
    return found


def key_of(operation: str, name: str, found: Found) -> str:
    """As what is registered what a name means for an operation."""
    narrower = (f"{operation}.{name}", f"{operation.partition('.')[0]}.{name}")
    return next((key for key in narrower if key in found), name)


for found in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{found.name}")
