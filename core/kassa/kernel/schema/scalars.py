"""Single values at the boundary: for each kind one function that reads JSON, one that writes it, and its OpenAPI facts.

Both engines (`structuring` and `marshmallow_schema`) call the same reading functions, so they accept the same.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, Literal, TypeAlias

import attrs

from kassa.kernel.schema.markers import MAX_INTEGER, Range, Scaled
from kassa.kernel.schema.rejections import Rejection, shown, wrong_type
from kassa.kernel.values import DecimalTextError, format_scaled, parse_scaled

Read: TypeAlias = Callable[[object], Any]
Write: TypeAlias = Callable[[Any], Any]
JsonType: TypeAlias = Literal["string", "integer", "boolean", "any"]

_SEND_DECIMAL = 'Send digits with a point as text in quotes, such as "12.5".'
_DECIMAL_CODES = {"grammar": "INPUT_NOT_A_DECIMAL", "places": "INPUT_TOO_MANY_PLACES", "range": "INPUT_OUT_OF_RANGE"}


@attrs.frozen(kw_only=True)
class Scalar:
    """A single value: how it is read (raising `Rejection`), how it is written (`None`: as it is), how it is documented."""

    json_type: JsonType
    read: Read
    write: Write | None = None
    openapi: Mapping[str, Any] = attrs.field(factory=dict)


def scaled_scalar(marker: Scaled) -> Scalar:
    """An `int` in units of 10^-places, outside a decimal string; numbers are refused, for JSON's lose digits."""
    places, minimum, maximum = marker.places, marker.minimum, marker.maximum
    bound = max(abs(minimum), abs(maximum))
    lowest, highest = format_scaled(minimum, places, trim=True), format_scaled(maximum, places, trim=True)
    expected = f"a decimal string from {lowest} to {highest} with at most {places} digits after the point"
    facts = {"type": "decimal string", "places": str(places), "minimum": lowest, "maximum": highest}

    def read(value: object) -> int:
        if not isinstance(value, str):
            raise Rejection("INPUT_NOT_A_DECIMAL", expected, _SEND_DECIMAL, got=shown(value), facts=facts)
        try:
            number = parse_scaled(value, places, maximum=bound)
        except DecimalTextError as error:
            raise Rejection(_DECIMAL_CODES[error.reason], expected, _SEND_DECIMAL, got=shown(value), facts=facts) from None
        if number < minimum or number > maximum or (not minimum and value[0] == "-"):
            raise Rejection("INPUT_OUT_OF_RANGE", expected, f"Send a number from {lowest} to {highest}.", got=shown(value), facts=facts)
        return number

    def write(value: int) -> str:
        return format_scaled(value, places, trim=True)

    sign = "-?" if minimum < 0 else ""
    digits = len(str(bound // 10**places))
    pattern = f"^{sign}[0-9]{{1,{digits}}}(\\.[0-9]{{1,{places}}})?$"
    return Scalar(json_type="string", read=read, write=write, openapi={"format": "decimal", "pattern": pattern, "examples": ["12.5"]})


def integer_scalar(bounds: Range | None) -> Scalar:
    """A whole number between two bounds; neither `true` nor `1.0` is one. Without bounds what every JSON reader keeps exactly."""
    minimum, maximum = (bounds.minimum, bounds.maximum) if bounds else (-MAX_INTEGER, MAX_INTEGER)
    expected = f"a whole number from {minimum} to {maximum}"
    facts = {"type": "integer", "minimum": str(minimum), "maximum": str(maximum)}

    def read(value: object) -> int:
        if type(value) is not int:
            raise Rejection(
                "INPUT_WRONG_TYPE", expected, "Send a number without quotes and without a point.", got=shown(value), facts=facts
            )
        if value < minimum or value > maximum:
            raise Rejection("INPUT_OUT_OF_RANGE", expected, f"Send a number from {minimum} to {maximum}.", got=shown(value), facts=facts)
        return value

    return Scalar(json_type="integer", read=read, openapi={"minimum": minimum, "maximum": maximum})


def boolean_scalar() -> Scalar:
    """`true` or `false`, and nothing that might be taken for it."""

    def read(value: object) -> bool:
        if value is True or value is False:
            return value
        raise wrong_type("true or false", value, "Send true or false without quotes.")

    return Scalar(json_type="boolean", read=read)


def choice_scalar(choices: Sequence[str | int | bool]) -> Scalar:
    """One of a few values, compared with their type, so that 1 is not `true`."""
    allowed = {(type(choice), choice): choice for choice in choices}
    types = {type(choice) for choice in choices}
    if types == {str}:
        json_type: JsonType = "string"
    elif types == {int}:
        json_type = "integer"
    elif types == {bool}:
        json_type = "boolean"
    else:
        json_type = "any"
    reject = _not_allowed(choices)

    def read(value: object) -> str | int | bool:
        if isinstance(value, str | int) and (found := allowed.get((type(value), value))) is not None:
            return found
        raise reject(value)

    return Scalar(json_type=json_type, read=read, openapi={"enum": list(choices)})


def enum_scalar(kind: type[Enum]) -> Scalar:
    """A member of an enumeration of texts, outside its value."""
    members = {member.value: member for member in kind}
    reject = _not_allowed(list(members))

    def read(value: object) -> Enum:
        found = members.get(value) if isinstance(value, str) else None
        if found is None:
            raise reject(value)
        return found

    def write(value: Enum) -> Any:
        return value.value

    return Scalar(json_type="string", read=read, write=write, openapi={"enum": list(members)})


def _not_allowed(choices: Sequence[str | int | bool]) -> Callable[[object], Rejection]:
    """Makes the rejection of a value that is not among the choices; long lists are cut."""
    words = ", ".join(f'"{choice}"' if isinstance(choice, str) else str(choice).lower() for choice in choices[:20])
    expected = f"one of {words}" + (f" and {len(choices) - 20} more" if len(choices) > 20 else "")
    facts = {"allowed": words}

    def reject(value: object) -> Rejection:
        return Rejection("INPUT_NOT_ALLOWED", expected, "Use one of these.", got=shown(value), facts=facts)

    return reject
