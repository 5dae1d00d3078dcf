"""From the annotations of an attrs class to shapes: what each field is, read once per class and kept.

A class is the truth; everything else (`structuring`, `unstructuring`, `marshmallow_schema`) is made from its shapes.
"""

import types
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs

from kassa.kernel.schema.markers import (
    MAX_ITEMS_DEFAULT,
    MAX_KEYS_DEFAULT,
    MAX_TEXT_DEFAULT,
    Confidential,
    Form,
    Items,
    Length,
    Multiline,
    OneOf,
    Pattern,
    Range,
    Scaled,
)
from kassa.kernel.schema.scalars import Scalar, boolean_scalar, choice_scalar, enum_scalar, integer_scalar, scaled_scalar
from kassa.kernel.schema.texts import FORMS, text_scalar

Marker = TypeVar("Marker")


@attrs.frozen
class Record:
    """A nested object: another attrs class."""

    cls: type


@attrs.frozen(kw_only=True)
class ListOf:
    """A list of equal shapes, in Python a tuple."""

    item: "Shape"
    nullable: bool
    minimum: int
    maximum: int


@attrs.frozen(kw_only=True)
class MappingOf:
    """An object with free keys of 1 to 200 characters and values of one shape."""

    key: Scalar
    value: "Shape"
    nullable: bool
    minimum: int
    maximum: int


Shape: TypeAlias = Scalar | Record | ListOf | MappingOf


@attrs.frozen(kw_only=True)
class FieldShape:
    """One field of a class: its shape, whether it must be given, whether it may be null, what the documentation says.

    `extends` is the class of the record whose extension fields stand in it.
    """

    name: str
    alias: str
    shape: Shape
    required: bool
    nullable: bool
    readable: bool
    default: Any
    description: str | None
    examples: tuple[Any, ...]
    extends: type | None = None


@cache
def fields_of(cls: type) -> tuple[FieldShape, ...]:
    """The fields of an attrs class in their order; `TypeError` names class and field of what cannot be a message."""
    if not attrs.has(cls):
        raise TypeError(f"{cls.__qualname__} is no attrs class; write it with @attrs.frozen(kw_only=True)")
    try:
        hints = get_type_hints(cls, include_extras=True)
    except NameError as error:
        raise TypeError(f"{cls.__qualname__}: {error}; its annotations must be importable at run time") from error
    return tuple(_field(cls, attribute, hints[attribute.name]) for attribute in attrs.fields(cls))


def _field(cls: type, attribute: "attrs.Attribute[Any]", hint: Any) -> FieldShape:
    """The shape of one attribute."""
    try:
        shape, nullable = _nullable(hint)
    except TypeError as error:
        raise TypeError(f"{cls.__qualname__}.{attribute.name}: {error}") from error
    metadata = attribute.metadata
    return FieldShape(
        name=attribute.name,
        alias=attribute.alias or attribute.name,
        shape=shape,
        required=attribute.init and attribute.default is attrs.NOTHING,
        nullable=nullable,
        readable=attribute.init,
        default=attribute.default,
        description=metadata.get("description"),
        examples=tuple(metadata.get("examples", ())),
        extends=metadata.get("extends"),
    )


def _nullable(hint: Any) -> tuple[Shape, bool]:
    """The shape of an annotation and whether it may be null."""
    if get_origin(hint) in (Union, types.UnionType):
        options = [option for option in get_args(hint) if option is not types.NoneType]
        if len(options) != 1 or len(options) == len(get_args(hint)):
            raise TypeError(f"{hint} is a union; only X | None can be a field")
        return _shape(options[0]), True
    shape = _shape(hint)
    return shape, isinstance(shape, Scalar) and shape.json_type == "any" and "enum" not in shape.openapi


def _shape(hint: Any) -> Shape:
    """The shape of an annotation that is not optional."""
    markers: tuple[Any, ...] = ()
    if get_origin(hint) is Annotated:
        hint, *found = get_args(hint)
        markers = tuple(found)
    form = _marker(markers, Form)
    if form is not None:
        return FORMS[form.name]()
    if get_origin(hint) is tuple:
        return _list(hint, markers)
    if isinstance(get_origin(hint), type) and issubclass(get_origin(hint), Mapping):
        return _mapping(hint, markers)
    if get_origin(hint) is Literal:
        return choice_scalar(get_args(hint))
    if hint is str:
        return _text(markers)
    if hint is bool:
        return boolean_scalar()
    if hint is int:
        scaled = _marker(markers, Scaled)
        return scaled_scalar(scaled) if scaled else integer_scalar(_marker(markers, Range))
    if isinstance(hint, type) and issubclass(hint, Enum) and all(isinstance(member.value, str) for member in hint):
        return enum_scalar(hint)
    if isinstance(hint, type) and attrs.has(hint):
        return Record(hint)
    raise TypeError(
        f"{hint} cannot be a field; use an alias of kassa, str, bool, int, Literal, an enumeration of texts, an attrs class, "
        "tuple[X, ...] or Mapping[str, X]"
    )


def _text(markers: tuple[Any, ...]) -> Scalar:
    """A text with the limits that its markers state."""
    choices = _marker(markers, OneOf)
    return text_scalar(
        _marker(markers, Length) or Length(0, MAX_TEXT_DEFAULT),
        pattern=_marker(markers, Pattern),
        choices=choices.values if choices else (),
        multiline=_marker(markers, Multiline) is not None,
        confidential=_marker(markers, Confidential) is not None,
    )


def _list(hint: Any, markers: tuple[Any, ...]) -> ListOf:
    """A tuple of any length; bounded always."""
    arguments = get_args(hint)
    if len(arguments) != 2 or arguments[1] is not Ellipsis:
        raise TypeError(f"{hint} has a fixed length; use tuple[X, ...] or an attrs class")
    item, nullable = _nullable(arguments[0])
    items = _marker(markers, Items) or Items(0, MAX_ITEMS_DEFAULT)
    return ListOf(item=item, nullable=nullable, minimum=items.minimum, maximum=items.maximum)


def _mapping(hint: Any, markers: tuple[Any, ...]) -> MappingOf:
    """A mapping from text; bounded always."""
    key_hint, value_hint = get_args(hint)
    key = _shape(key_hint)
    if not isinstance(key, Scalar) or key.json_type != "string" or key.write is not None:
        raise TypeError(f"{hint} has keys that are no text; JSON knows only text as keys")
    if key_hint is str:
        key = text_scalar(Length(1, 200), pattern=None, choices=(), multiline=False, confidential=False)
    value, nullable = _nullable(value_hint)
    items = _marker(markers, Items) or Items(0, MAX_KEYS_DEFAULT)
    return MappingOf(key=key, value=value, nullable=nullable, minimum=items.minimum, maximum=items.maximum)


def _marker(markers: tuple[Any, ...], kind: type[Marker]) -> Marker | None:
    """The last marker of a kind, so that an alias can be narrowed by wrapping it once more."""
    return next((marker for marker in reversed(markers) if isinstance(marker, kind)), None)


def reachable(cls: type) -> frozenset[type]:
    """The class and every class that its fields lead to; reading them all finds every mistake in their definitions."""
    found: set[type] = set()
    waiting = [cls]
    while waiting:
        current = waiting.pop()
        if current in found:
            continue
        found.add(current)
        for field in fields_of(current):
            shape: Shape = field.shape
            while isinstance(shape, ListOf | MappingOf):
                shape = shape.item if isinstance(shape, ListOf) else shape.value
            if isinstance(shape, Record):
                waiting.append(shape.cls)
    return frozenset(found)
