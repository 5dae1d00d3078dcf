"""The vocabulary of messages: markers for `Annotated`, and the ready-made aliases that requests, views and events use.

An alias is an ordinary type for the type checker and carries what is accepted outside: `quantity: Quantity` is an `int` of
thousandths in Python and a decimal string such as "2.5" in JSON.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

import attrs

from kassa.kernel.values import MAX_QUANTITY, PRICE_PLACES, QUANTITY_PLACES, RATE_PLACES

MAX_UNIT_PRICE = 10**16
MAX_RATE = 10**12
MAX_INTEGER = 2**53
MAX_ITEMS_DEFAULT = 1000
MAX_KEYS_DEFAULT = 100
MAX_TEXT_DEFAULT = 2000


@attrs.frozen
class Scaled:
    """An `int` in units of 10^-places, a decimal string outside; bounded by `minimum` and `maximum` in those units."""

    places: int
    minimum: int = -MAX_QUANTITY
    maximum: int = MAX_QUANTITY


@attrs.frozen
class Length:
    """A text of so many characters, counted after normalisation (NFC); with a minimum of 1 or more it may not be blank."""

    minimum: int
    maximum: int


@attrs.frozen
class Pattern:
    """A text that matches a regular expression as a whole; `description` says in words what it must look like."""

    regex: str
    description: str


@attrs.frozen
class OneOf:
    """A text out of a list that is only known at run time; where it is known before, `Literal` is better."""

    values: tuple[str, ...] = attrs.field(converter=tuple)


@attrs.frozen
class Range:
    """An `int` between two bounds, both included."""

    minimum: int
    maximum: int


@attrs.frozen
class Items:
    """A tuple of so many items, or a mapping of so many keys."""

    minimum: int
    maximum: int


@attrs.frozen
class Multiline:
    """A text that may hold line feeds and tabs."""


@attrs.frozen
class Confidential:
    """A text that no error may repeat and no answer may show, such as a password."""


@attrs.frozen
class Form:
    """A value of a special form, which is checked as such and documented by its `format`."""

    name: Literal["amount", "currency", "date", "decimal", "identifier", "instant", "json"]


Quantity: TypeAlias = Annotated[int, Scaled(QUANTITY_PLACES)]
"""Thousandths of the unit; outside a decimal string with at most 3 digits after the point. Negative where goods come back."""
UnitPrice: TypeAlias = Annotated[int, Scaled(PRICE_PLACES, 0, MAX_UNIT_PRICE)]
"""Millionths of the currency's unit; outside a decimal string with at most 6 digits after the point. Never negative."""
Rate: TypeAlias = Annotated[int, Scaled(RATE_PLACES, -MAX_RATE, MAX_RATE)]
"""Millionths of one, 0.21 being 21 %; outside a decimal string with at most 6 digits after the point."""
Amount: TypeAlias = Annotated[Decimal, Form("amount")]
"""Money in a request, where only the currency of the document decides how many digits it may have: `values.minor_of`."""
DecimalText: TypeAlias = Annotated[str, Form("decimal")]
"""A decimal number as text, in views: already formatted, with the digits of its currency or unit."""
Text: TypeAlias = Annotated[str, Length(1, 200)]
"""One line of 1 to 200 characters."""
LongText: TypeAlias = Annotated[str, Length(0, 2000), Multiline()]
"""Up to 2000 characters, with line feeds and tabs."""
Code: TypeAlias = Annotated[
    str, Length(1, 40), Pattern(r"[A-Za-z0-9_.\-/]+", "letters A to Z, digits, underscore, point, hyphen and slash")
]
"""A code of 1 to 40 characters: ASCII letters and digits, underscore, point, hyphen, slash."""
CurrencyCode: TypeAlias = Annotated[str, Form("currency")]
"""A currency of ISO 4217 that has a minor unit."""
Date: TypeAlias = Annotated[str, Form("date")]
"""A date of the calendar as YYYY-MM-DD."""
Instant: TypeAlias = Annotated[int, Form("instant")]
"""Microseconds since the epoch, UTC; outside RFC 3339 text with seconds and a zone, answered in UTC."""
Identifier: TypeAlias = Annotated[str, Form("identifier")]
"""A UUID as canonical text of 36 characters."""
Secret: TypeAlias = Annotated[str, Length(1, 1000), Confidential()]
"""A password, PIN or key: never repeated in errors or answers."""
JsonValue: TypeAlias = Annotated[object, Form("json")]
"""Any JSON value without fractions, such as a setting's value or what an event carries."""
JsonObject: TypeAlias = Mapping[str, JsonValue]
"""A JSON object of any content without fractions."""
