"""From messages to mappings: writes instances of attrs classes as JSON data, by a function generated once per class."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

import attrs

from kassa.kernel.schema.leaving_out import LEFT_OUT, left_out
from kassa.kernel.schema.scalars import Scalar
from kassa.kernel.schema.shapes import FieldShape, ListOf, Record, Shape, fields_of, reachable

Dump: TypeAlias = Callable[[Any], dict[str, Any]]


def unstructure(instance: Any) -> dict[str, Any]:
    """The JSON-ready mapping of an instance: decimal strings, RFC 3339 text, lists; fields in their order, nulls kept."""
    cls: type = type(instance)
    return dumper_of(cls)(instance)


@cache
def dumper_of(cls: type) -> Dump:
    """The function that writes a class as a mapping.

    It is generated as one dictionary display, for a loop over the fields would take four times as long; the only text
    that goes into it are the names of attributes, which are identifiers.
    """
    scope: dict[str, Any] = {}
    members = [f"{field.name!r}: {_member(field, scope, cls)}" for field in fields_of(cls)]
    scope["__name__"] = f"{__name__}.{cls.__name__}"
    exec(f"def dump(v):\n    return {{{', '.join(members)}}}\n", scope)
    dump: Dump = scope["dump"]
    return dump


def _member(field: FieldShape, scope: dict[str, Any], owner: type) -> str:
    """The expression of a field; one that a change left out is written as such, which no value of a field looks like."""
    value = f"v.{field.name}"
    written = _expression(field.shape, value, field.nullable, scope, owner, 0)
    default = getattr(attrs.fields(owner), field.name).default
    if getattr(default, "factory", None) is not left_out:
        return written
    return f"({{'left_out': True}} if {value} is {_bound(LEFT_OUT, scope)} else {written})"


def _expression(shape: Shape, value: str, nullable: bool, scope: dict[str, Any], owner: type, depth: int) -> str:
    """The Python expression that writes a shape found in the expression `value`; what it calls goes into the scope."""
    written = _written(shape, value, scope, owner, depth)
    return f"(None if {value} is None else {written})" if nullable and written != value else written


def _written(shape: Shape, value: str, scope: dict[str, Any], owner: type, depth: int) -> str:
    """The expression for a value that is not null."""
    if isinstance(shape, Scalar):
        return value if shape.write is None else f"{_bound(shape.write, scope)}({value})"
    if isinstance(shape, Record):
        return f"{_bound(_nested(shape.cls, owner), scope)}({value})"
    inner = f"i{depth}"
    if isinstance(shape, ListOf):
        written = _expression(shape.item, inner, shape.nullable, scope, owner, depth + 1)
        return f"list({value})" if written == inner else f"[{written} for {inner} in {value}]"
    written = _expression(shape.value, inner, shape.nullable, scope, owner, depth + 1)
    return f"dict({value})" if written == inner else f"{{k{depth}: {written} for k{depth}, {inner} in {value}.items()}}"


def _nested(cls: type, owner: type) -> Dump:
    """The function for a nested class; looked up at each call where the class leads back to its owner."""
    if owner in reachable(cls):
        return lambda instance: dumper_of(cls)(instance)
    return dumper_of(cls)


def _bound(function: Any, scope: dict[str, Any]) -> str:
    """The name under which a function or a value stands in the scope."""
    name = f"f{len(scope)}"
    scope[name] = function
    return name
