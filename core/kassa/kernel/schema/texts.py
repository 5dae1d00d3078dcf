"""Texts at the boundary: plain texts with their limits, and the special forms (dates, instants, identifiers, currencies)."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import attrs

from kassa.kernel.clock import instant_text, parse_date, parse_instant
from kassa.kernel.schema.markers import MAX_INTEGER, Length, Pattern, Scaled
from kassa.kernel.schema.rejections import Rejection, duplicate_keys, shown, wrong_type
from kassa.kernel.schema.scalars import Scalar, scaled_scalar
from kassa.kernel.values import currency

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_CONTROL_BUT_LINES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_CLASS = r"\u0000-\u001f\u007f-\u009f"
_LINES_CLASS = r"\u0000-\u0008\u000b-\u001f\u007f-\u009f"
_IDENTIFIER = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_AMOUNT_PLACES = 6
_AMOUNT_MAXIMUM = 10**18 - 1
_SEND_TEXT = "Send it as text in quotes."
JSON_DEPTH_MAX = 32
_JSON_TEXT_MAX = 20_000


def text_scalar(length: Length, *, pattern: Pattern | None, choices: Sequence[str], multiline: bool, confidential: bool) -> Scalar:
    """Text in NFC without control characters, of a length, and where asked of a pattern or out of a list."""
    checks = [check for check in (_pattern_check(pattern), _choice_check(choices)) if check]
    forbidden = _CONTROL_BUT_LINES if multiline else _CONTROL
    least, most = length.minimum, length.maximum

    def read(value: object) -> str:
        if not isinstance(value, str):
            raise wrong_type("text", value, _SEND_TEXT)
        if not (value.isascii() and value.isprintable()):
            value = _normalised(value, forbidden, most)
        if not least <= len(value) <= most or (least and value.isspace()):
            raise _wrong_length(value, length)
        for check in checks:
            check(value)
        return value

    def read_confidential(value: object) -> str:
        try:
            return read(value)
        except Rejection as rejection:
            rejection.got = None
            raise

    facts = _text_facts(length, pattern, choices, _LINES_CLASS if multiline else _LINE_CLASS)
    if confidential:
        return Scalar(json_type="string", read=read_confidential, write=_hidden, openapi={**facts, "format": "password", "writeOnly": True})
    return Scalar(json_type="string", read=read, openapi=facts)


def _text_facts(length: Length, pattern: Pattern | None, choices: Sequence[str], control: str) -> dict[str, Any]:
    """The OpenAPI facts of a text; the pattern says which characters it may hold and that it may not be blank."""
    facts: dict[str, Any] = {"minLength": length.minimum, "maxLength": length.maximum}
    if choices:
        facts["enum"] = list(choices)
    elif pattern:
        facts["pattern"] = f"^(?:{pattern.regex})$"
    elif length.minimum:
        facts["pattern"] = rf"^[^{control}]*[^\s{control}][^{control}]*$"
    else:
        facts["pattern"] = f"^[^{control}]*$"
    return facts


def _normalised(text: str, forbidden: re.Pattern[str], most: int) -> str:
    """The text in NFC; raises for characters that cannot be kept, and before any work for texts far beyond the limit."""
    if len(text) > 4 * most:
        raise _wrong_length(text, Length(0, most))
    found = forbidden.search(text)
    if found:
        raise Rejection(
            "INPUT_BAD_TEXT",
            "text without control characters and without halves of surrogate pairs",
            "Remove that character.",
            got=f"U+{ord(found[0]):04X} as character {found.start() + 1}",
            facts={"position": str(found.start() + 1)},
        )
    return unicodedata.normalize("NFC", text)


def _wrong_length(text: str, length: Length) -> Rejection:
    """The rejection of a text that is too long, too short or blank."""
    facts = {"minimum": str(length.minimum), "maximum": str(length.maximum)}
    if len(text) > length.maximum:
        expected = f"at most {length.maximum} characters"
        return Rejection("INPUT_TOO_LONG", expected, f"Shorten it to {length.maximum}.", got=str(len(text)), facts=facts)
    got = "an empty text" if not text else "a blank text" if text.isspace() else f"{len(text)} characters"
    expected = f"{length.minimum} to {length.maximum} characters that are not all blank"
    return Rejection("INPUT_TOO_SHORT", expected, "Fill it in, or leave it out if it is optional.", got=got, facts=facts)


def _pattern_check(pattern: Pattern | None) -> Callable[[str], None] | None:
    """A function that raises for texts that do not match as a whole."""
    if pattern is None:
        return None
    matches = re.compile(pattern.regex).fullmatch
    words = pattern.description

    def check(text: str) -> None:
        if matches(text) is None:
            raise Rejection("INPUT_BAD_FORMAT", words, "Use this form.", got=shown(text), facts={"pattern": pattern.regex})

    return check


def _choice_check(choices: Sequence[str]) -> Callable[[str], None] | None:
    """A function that raises for texts that are not in the list."""
    if not choices:
        return None
    allowed = frozenset(choices)
    words = ", ".join(f'"{choice}"' for choice in choices[:20])
    expected = f"one of {words}" + (f" and {len(choices) - 20} more" if len(choices) > 20 else "")

    def check(text: str) -> None:
        if text not in allowed:
            raise Rejection("INPUT_NOT_ALLOWED", expected, "Use one of these.", got=shown(text), facts={"allowed": words})

    return check


def _hidden(value: str) -> None:
    """What is written of a confidential text: nothing."""


def _form_scalar(parse: Callable[[str], Any], code: str, expected: str, action: str, openapi: Mapping[str, Any]) -> Scalar:
    """A text of a special form: what `parse` refuses with `ValueError` is rejected in the words given."""

    def read(value: object) -> Any:
        if not isinstance(value, str):
            raise Rejection(code, expected, action, got=shown(value), facts={"type": expected})
        try:
            return parse(value)
        except ValueError:
            raise Rejection(code, expected, action, got=shown(value), facts={"type": expected}) from None

    return Scalar(json_type="string", read=read, openapi=openapi)


def _date_scalar() -> Scalar:
    """A date of the calendar."""
    expected, action = "a date of the calendar as YYYY-MM-DD", 'Send a date such as "2026-11-21".'
    return _form_scalar(parse_date, "INPUT_NOT_A_DATE", expected, action, {"format": "date"})


def _instant_scalar() -> Scalar:
    """An instant; microseconds inside, RFC 3339 outside."""
    expected, action = "an instant with date, time with seconds, and zone (RFC 3339)", 'Send an instant such as "2026-11-21T04:57:00Z".'
    scalar = _form_scalar(parse_instant, "INPUT_NOT_AN_INSTANT", expected, action, {"format": "date-time"})
    return attrs.evolve(scalar, write=instant_text)


def _identifier_scalar() -> Scalar:
    """A UUID; capitals are accepted and made small."""
    expected, action = "an identifier of 36 characters with hyphens (UUID)", "Send the identifier as you received it."
    return _form_scalar(_identifier, "INPUT_NOT_AN_IDENTIFIER", expected, action, {"format": "uuid"})


def _identifier(text: str) -> str:
    """The canonical text of a UUID; `ValueError` for anything else."""
    if _IDENTIFIER.fullmatch(text) is None:
        raise ValueError("not the text of a UUID")
    return text.lower()


def _currency_scalar() -> Scalar:
    """A currency code that amounts can be kept in."""
    expected, action = "the code of a currency (ISO 4217) that has a minor unit", 'Send three capitals such as "EUR".'
    facts = {"format": "iso-4217", "minLength": 3, "maxLength": 3, "pattern": "^[A-Z]{3}$", "examples": ["EUR"]}
    return _form_scalar(_currency_code, "INPUT_UNKNOWN_CURRENCY", expected, action, facts)


def _currency_code(text: str) -> str:
    """The code of a known currency; `ValueError` for anything else, which is not looked up if it cannot be a code."""
    if len(text) != 3:
        raise ValueError("not three letters")
    return currency(text).code


def _amount_scalar() -> Scalar:
    """Money whose currency is known later: at most 12 digits before and 6 after the point."""
    scaled = scaled_scalar(Scaled(_AMOUNT_PLACES, -_AMOUNT_MAXIMUM, _AMOUNT_MAXIMUM))

    def read(value: object) -> Decimal:
        scaled.read(value)
        return Decimal(str(value))

    def write(value: Decimal) -> str:
        return format(value, "f")

    return Scalar(json_type="string", read=read, write=write, openapi={**scaled.openapi, "examples": ["12.50"]})


def _decimal_scalar() -> Scalar:
    """A decimal number that stays text; what views hold."""
    amount = scaled_scalar(Scaled(18, -(10**36), 10**36))

    def read(value: object) -> str:
        amount.read(value)
        return str(value)

    return Scalar(json_type="string", read=read, openapi={"format": "decimal", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "examples": ["12.50"]})


def _json_scalar() -> Scalar:
    """Any JSON value without fractions; texts in NFC, whole numbers within what every reader keeps exactly."""

    def read(value: object) -> Any:
        return _read_json(value, 0)

    return Scalar(json_type="any", read=read, write=_write_json)


def _read_json(value: object, depth: int) -> Any:
    """The value with its texts normalised; raises for what JSON or its readers cannot hold."""
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return _json_text(value, _CONTROL_BUT_LINES)
    if type(value) is int and -MAX_INTEGER <= value <= MAX_INTEGER:
        return value
    if depth < JSON_DEPTH_MAX:
        if isinstance(value, Mapping):
            members = {_read_json_key(key): _read_json(member, depth + 1) for key, member in value.items()}
            if len(members) != len(value):
                raise duplicate_keys()
            return members
        if isinstance(value, list | tuple):
            return [_read_json(item, depth + 1) for item in value]
    raise wrong_type(
        "a JSON value without fractions, with whole numbers up to 2^53, nested at most 32 deep", value, "Send fractions as text in quotes."
    )


def _read_json_key(key: object) -> str:
    """A key of an object, normalised."""
    if not isinstance(key, str):
        raise wrong_type("text as key", key, _SEND_TEXT)
    return _json_text(key, _CONTROL)


def _json_text(value: str, forbidden: re.Pattern[str]) -> str:
    """A text anywhere in a JSON value, normalised."""
    text = value if value.isascii() and value.isprintable() else _normalised(value, forbidden, _JSON_TEXT_MAX)
    if len(text) > _JSON_TEXT_MAX:
        raise _wrong_length(text, Length(0, _JSON_TEXT_MAX))
    return text


def _write_json(value: Any) -> Any:
    """The value with mappings as dictionaries and tuples as lists."""
    if isinstance(value, Mapping):
        return {key: _write_json(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_write_json(item) for item in value]
    return value


FORMS: Mapping[str, Callable[[], Scalar]] = {
    "amount": _amount_scalar,
    "currency": _currency_scalar,
    "date": _date_scalar,
    "decimal": _decimal_scalar,
    "identifier": _identifier_scalar,
    "instant": _instant_scalar,
    "json": _json_scalar,
}
