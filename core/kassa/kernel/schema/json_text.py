"""Strict JSON: reads what has one meaning only, refuses the rest, and makes fingerprints of what was read."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

import orjson

from kassa.kernel.errors import UnreadableInput

DEPTH_MAX = 32
_INTEGER_LENGTH_MAX = 20
_FRACTION_LENGTH_MAX = 40
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")


def loads(body: bytes | str) -> Any:
    """The value of a JSON text in UTF-8; `UnreadableInput` for everything that readers could understand differently.

    Refused are NaN and Infinity, duplicate keys, whole numbers of more than 20 digits and nesting deeper than 32. A
    number with a fraction or an exponent becomes a `Decimal`, which no field accepts, so that the field can say so.
    """
    text = body if isinstance(body, str) else _decoded(body)
    _check_depth(text)
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise UnreadableInput(f"Not JSON: {error.msg} at line {error.lineno}, column {error.colno}. Repair the text there.") from error


def encode(value: Any) -> str:
    """Give a JSON-ready value as compact text, keys in their order; TypeError for what JSON does not know."""
    return orjson.dumps(value).decode()


def json_fingerprint(mapping: Mapping[str, Any]) -> str:
    """The SHA-256 (hexadecimal) of a JSON-ready mapping in canonical form: keys sorted, texts in NFC, no blanks."""
    text = _canonical(mapping)
    if not text.isascii():
        text = _canonical(_normalised(mapping))
    return hashlib.sha256(text).hexdigest()


def _canonical(value: Any) -> bytes:
    """The value as JSON text with sorted keys and without blanks."""
    try:
        return orjson.dumps(value, default=_other, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        # What orjson does not write: whole numbers beyond 64 bits, texts with half a surrogate pair.
        return _CANONICAL(value).encode("utf-8", "surrogatepass")


def _other(value: Any) -> Any:
    """What stands for a value that JSON does not know; a number with a fraction differs from the same digits as text."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Decimal):
        return {"number": str(value)}
    raise TypeError(f"{type(value).__name__} is not JSON; use unstructure first")


def _normalised(value: Any) -> Any:
    """The value with every text and key in NFC."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {_normalised(key): _normalised(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_normalised(item) for item in value]
    return value


def _decoded(body: bytes) -> str:
    """The text of the bytes, which must be UTF-8 without a byte order mark."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableInput(f"Not UTF-8: byte {error.start + 1} does not belong there. Send the text in UTF-8.") from error


def _check_depth(text: str) -> None:
    """Raises for nesting deeper than allowed; counts brackets outside strings, and only where there are enough of them."""
    if text.count("[") + text.count("{") <= DEPTH_MAX:
        return
    depth = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub("", text)):
        if bracket in "[{":
            depth += 1
            if depth > DEPTH_MAX:
                raise UnreadableInput(f"Nested deeper than {DEPTH_MAX} levels. Flatten the request.")
        else:
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of an object; a key that stands twice could be read either way."""
    members = dict(pairs)
    if len(members) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise UnreadableInput(f'The key "{twice[:60]}" stands twice in one object. Send it once.')
    return members


def _integer(digits: str) -> int:
    """A whole number of bounded length, checked before it is converted."""
    if len(digits) > _INTEGER_LENGTH_MAX:
        raise UnreadableInput(f"A number has {len(digits)} digits; at most {_INTEGER_LENGTH_MAX} are read. Send large numbers as text.")
    return int(digits)


def _fraction(digits: str) -> Decimal:
    """A number with a fraction or an exponent, kept as it came, so that the field where it stands can refuse it."""
    if len(digits) > _FRACTION_LENGTH_MAX:
        raise UnreadableInput(f"A number has {len(digits)} characters; at most {_FRACTION_LENGTH_MAX} are read. Send decimals as text.")
    try:
        return Decimal(digits)
    except InvalidOperation as error:
        raise UnreadableInput(f"The number {digits} cannot be read. Send decimals as text.") from error


def _constant(name: str) -> NoReturn:
    """NaN and the infinities, which are no JSON."""
    raise UnreadableInput(f"{name} is no JSON number. Send a number, or null where it is allowed.")


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_other).encode
_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer, parse_float=_fraction, parse_constant=_constant)
