"""Fields that several requests of the rooms share."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import attrs

from kassa.kernel.schema import Items, Length, Pattern, Scaled, Text
from kassa.org.editing import about

PlainCode: TypeAlias = Annotated[str, Length(1, 40), Pattern(r"[A-Za-z0-9_.\-]+", "letters A to Z, digits, underscore, point and hyphen")]
"""A code of 1 to 40 characters that can stand in a path: ASCII letters and digits, underscore, point, hyphen."""
Number: TypeAlias = Annotated[str, Length(1, 60), Pattern(r"\S(.*\S)?", "text without blanks at its ends")]
"""A number as the trade gives it, of 1 to 60 characters, case sensitive; blanks inside are kept."""
Reference: TypeAlias = Annotated[str, Length(1, 200)]
"""What names a record: its number or code, or its id."""
TimeZone: TypeAlias = Annotated[str, Length(1, 60)]
"""A time zone of the IANA list."""
CountryCode: TypeAlias = Annotated[str, Length(2, 2), Pattern(r"[A-Z]{2}", "two capitals, as in ISO 3166")]
"""A country of ISO 3166, two capitals."""

Latitude: TypeAlias = Annotated[int, Scaled(6, -90_000_000, 90_000_000)]
"""Millionths of a degree, north is positive; outside a decimal string such as "52.373080"."""
Longitude: TypeAlias = Annotated[int, Scaled(6, -180_000_000, 180_000_000)]
"""Millionths of a degree, east is positive; outside a decimal string such as "4.892453"."""


@attrs.frozen(kw_only=True)
class Coordinates:
    """A point on the globe (WGS 84)."""

    latitude: Latitude = attrs.field(metadata=about("Degrees, north is positive.", "52.37308"))
    longitude: Longitude = attrs.field(metadata=about("Degrees, east is positive.", "4.892453"))


@attrs.frozen(kw_only=True)
class Address:
    """A postal address."""

    lines: Annotated[tuple[Text, ...], Items(1, 6)] = attrs.field(
        metadata=about("Street and number, and what else stands there.", ["Damrak 1"])
    )
    postal_code: Annotated[str, Length(1, 20)] | None = None
    city: Text | None = attrs.field(default=None, metadata=about("Town or city.", "Amsterdam"))
    region: Text | None = None
    country: CountryCode = attrs.field(metadata=about("The country, ISO 3166.", "NL"))
    coordinates: Coordinates | None = attrs.field(default=None, metadata=about("Where that is, so that distances can be told."))
