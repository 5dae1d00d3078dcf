"""From mappings to messages: builds instances of attrs classes out of JSON data and says everything that is wrong at once."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeAlias, TypeVar

from kassa.kernel.schema.rejections import Findings, Rejection, duplicate_keys, joined, wrong_type
from kassa.kernel.schema.scalars import Scalar
from kassa.kernel.schema.shapes import FieldShape, ListOf, MappingOf, Record, Shape, fields_of

Message = TypeVar("Message")
Load: TypeAlias = Callable[[Any, str, Findings], Any]

_MISSING = object()
_SUGGESTION_LENGTH_MAX = 60


def structure(cls: type[Message], mapping: object) -> Message:
    """The instance that a mapping describes; `InvalidInput` with one issue per mistake, each with a JSON pointer."""
    findings = Findings()
    kind: type = cls
    instance: Message = loader_of(kind)(mapping, "", findings)
    if findings.issues:
        raise findings.error()
    return instance


@cache
def loader_of(cls: type) -> Load:
    """The function that loads a class; it answers nothing useful once it has added a finding."""
    fields = tuple(field for field in fields_of(cls) if field.readable)
    names = frozenset(field.name for field in fields)
    plan = tuple(_step(field) for field in fields)

    def load(value: Any, pointer: str, findings: Findings) -> Any:
        if type(value) is not dict and not isinstance(value, Mapping):
            findings.add(pointer, wrong_type("an object", value, "Send an object with the documented fields."))
            return None
        before = len(findings.issues)
        arguments: dict[str, Any] = {}
        seen = 0
        for name, alias, read, load_nested, required, nullable in plan:
            member = value.get(name, _MISSING)
            if member is _MISSING:
                if required:
                    findings.add(f"{pointer}/{name}", _missing(name))
                continue
            seen += 1
            if member is None and nullable:
                arguments[alias] = None
            elif read is None:
                arguments[alias] = load_nested(member, f"{pointer}/{name}", findings)
            else:
                try:
                    arguments[alias] = read(member)
                except Rejection as rejection:
                    findings.add(f"{pointer}/{name}", rejection if member is not None else null_rejection(rejection))
        if seen != len(value):
            for name in value:
                if name not in names:
                    findings.add(joined(pointer, name), unknown_field(name, names))
        if len(findings.issues) != before:
            return None
        return _construct(cls, arguments, pointer, findings)

    return load


def _step(field: FieldShape) -> tuple[str, str, Callable[[object], Any] | None, Load, bool, bool]:
    """What the loading loop needs of a field, in the order in which it unpacks it."""
    read = field.shape.read if isinstance(field.shape, Scalar) else None
    return field.name, field.alias, read, loader_of_shape(field.shape), field.required, field.nullable


def loader_of_shape(shape: Shape) -> Load:
    """The function that loads any shape at a place of the request; null is refused by it."""
    if isinstance(shape, Scalar):
        return _scalar_loader(shape)
    if isinstance(shape, Record):
        return _record_loader(shape.cls)
    if isinstance(shape, ListOf):
        return _list_loader(shape)
    return _mapping_loader(shape)


def _scalar_loader(scalar: Scalar) -> Load:
    """Loads one value."""

    def load(value: Any, pointer: str, findings: Findings) -> Any:
        try:
            return scalar.read(value)
        except Rejection as rejection:
            findings.add(pointer, rejection if value is not None else null_rejection(rejection))
            return None

    return load


def _record_loader(cls: type) -> Load:
    """Loads a nested class, whose loader is made when first needed, so that classes may contain themselves."""

    def load(value: Any, pointer: str, findings: Findings) -> Any:
        if value is None:
            findings.add(pointer, null_rejection(wrong_type("an object", value, "Send an object with the documented fields.")))
            return None
        return loader_of(cls)(value, pointer, findings)

    return load


def _list_loader(shape: ListOf) -> Load:
    """Loads a list into a tuple."""
    load_item = loader_of_shape(shape.item)
    nullable = shape.nullable

    def load(value: Any, pointer: str, findings: Findings) -> Any:
        try:
            check_list(value, shape)
        except Rejection as rejection:
            findings.add(pointer, rejection)
            return None
        return tuple(
            [None if item is None and nullable else load_item(item, f"{pointer}/{index}", findings) for index, item in enumerate(value)]
        )

    return load


def _mapping_loader(shape: MappingOf) -> Load:
    """Loads an object with free keys into a dictionary."""
    load_value = loader_of_shape(shape.value)
    read_key, nullable = shape.key.read, shape.nullable

    def load(value: Any, pointer: str, findings: Findings) -> Any:
        try:
            check_mapping(value, shape)
        except Rejection as rejection:
            findings.add(pointer, rejection)
            return None
        result: dict[str, Any] = {}
        for key, member in value.items():
            place = joined(pointer, key)
            try:
                name = read_key(key)
            except Rejection as rejection:
                findings.add(place, rejection)
                continue
            if name in result:
                findings.add(place, duplicate_keys())
            result[name] = None if member is None and nullable else load_value(member, place, findings)
        return result

    return load


def check_list(value: object, shape: ListOf) -> None:
    """Raises unless the value is a list of a permitted length."""
    if not isinstance(value, list | tuple):
        rejection = wrong_type("a list", value, "Send a list in square brackets.")
        raise rejection if value is not None else null_rejection(rejection)
    _check_size(len(value), shape.minimum, shape.maximum, "items")


def check_mapping(value: object, shape: MappingOf) -> None:
    """Raises unless the value is an object with a permitted number of keys."""
    if not isinstance(value, Mapping):
        rejection = wrong_type("an object", value, "Send an object in braces.")
        raise rejection if value is not None else null_rejection(rejection)
    _check_size(len(value), shape.minimum, shape.maximum, "keys")


def _check_size(size: int, minimum: int, maximum: int, what: str) -> None:
    """Raises for too few or too many entries."""
    facts = {"minimum": str(minimum), "maximum": str(maximum)}
    if size < minimum:
        raise Rejection("INPUT_TOO_FEW_ITEMS", f"at least {minimum} {what}", "Send more.", got=str(size), facts=facts)
    if size > maximum:
        raise Rejection("INPUT_TOO_MANY_ITEMS", f"at most {maximum} {what}", "Divide the request.", got=str(size), facts=facts)


def _construct(cls: type, arguments: dict[str, Any], pointer: str, findings: Findings) -> Any:
    """The instance; what the class's own validators refuse becomes a finding."""
    try:
        return cls(**arguments)
    except ValueError as error:
        findings.add(pointer, contradiction(error))
        return None


def contradiction(error: ValueError) -> Rejection:
    """The rejection of fields that do not fit together, in the words of the validator that said so."""
    words = str(error).rstrip(".") or "fields that fit together"
    return Rejection("INPUT_CONTRADICTORY", f"fields that fit together: {words}", "Correct these fields.", got=None)


def null_rejection(rejection: Rejection) -> Rejection:
    """The same rejection for a null, whose remedy is another."""
    return Rejection(
        "INPUT_NULL", rejection.expected, "Send a value, or leave the field out if it is optional.", got="null", facts=rejection.facts
    )


def _missing(name: str) -> Rejection:
    """The rejection of an object without a required field."""
    return Rejection("INPUT_MISSING", f'the field "{name}"', "Send it.", got="nothing", facts={"field": name})


def unknown_field(name: object, known: Iterable[str]) -> Rejection:
    """The rejection of a field that is not known, with the nearest name that is."""
    text = joined("", name)[1:]
    near = difflib.get_close_matches(text[:_SUGGESTION_LENGTH_MAX], known, n=1)
    action = f'Did you mean "{near[0]}"?' if near else "Leave it out."
    expected = "only the documented fields" if near else f"only the fields {', '.join(sorted(known)) or '(none)'}"
    return Rejection(
        "INPUT_UNKNOWN_FIELD", expected, action, got=f'the unknown field "{text}"', facts={"suggestion": near[0]} if near else None
    )
