"""The texts of cells as values: integers, instants, codes; texts that come again are looked up instead of parsed again."""

import re
from collections.abc import Callable, Hashable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, TypeVar

from kassa.kernel.clock import time_zone
from kassa.kernel.values import PRICE_PLACES, QUANTITY_PLACES, DecimalTextError, Micro, Thousandths, parse_scaled
from kassa.sales.importing.mapping import KEEP, SalesMapping
from kassa.sales.importing.reasons import CellRefused

MAX_QUANTITY_READ: Thousandths = 10**12
MAX_PRICE_READ: Micro = 10**16
_CACHE_LIMIT = 1 << 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LINE_BREAKS = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Cache(dict[Key, Value]):
    """Answers of a function by its argument; forgets all of them when there are too many, so that memory stays bounded.

    What the function raises is not kept.
    """

    def __init__(self, function: Callable[[Key], Value], limit: int = _CACHE_LIMIT) -> None:
        """Wrap a function."""
        super().__init__()
        self._function = function
        self._limit = limit

    def __missing__(self, key: Key) -> Value:
        """Ask the function, and keep its answer."""
        value = self._function(key)
        if len(self) >= self._limit:
            self.clear()
        self[key] = value
        return value


class Instant(NamedTuple):
    """When something happened: microseconds since the epoch, UTC, and the date in the zone of the source."""

    occurred_at: int
    local_date: str


class Product(NamedTuple):
    """A product as a row names it; `kind` is `goods` or a service of the mapping."""

    code: str
    kind: str


def clean_text(cell: str) -> str:
    """A text without space around it, line breaks and tabs within it as one space; `CellRefused` for what is no text."""
    text = _LINE_BREAKS.sub(" ", cell.strip())
    if _NOT_TEXT.search(text):
        raise CellRefused("IMPORT_TEXT_UNREADABLE", f"expected text, got control characters or bytes of another encoding: {text!r}")
    return text


def shown(text: str) -> str:
    """A text for a message, with what is no text spelled out."""
    return _NOT_TEXT.sub(lambda found: repr(found[0])[1:-1], text)


class CellParser:
    """Parses the cells of one mapping; every method raises `CellRefused` with the reason."""

    def __init__(self, mapping: SalesMapping) -> None:
        """Read the mapping once."""
        self._mapping = mapping
        self._zone = time_zone(mapping.columns.zone)
        self._comma = mapping.file.decimal_mark == ","
        self.instants: Cache[str, Instant] = Cache(self.instant)
        self.products: Cache[str, Product] = Cache(self.product)
        self.texts: Cache[str, str] = Cache(clean_text)

    def quantity(self, cell: str) -> Thousandths:
        """A quantity in thousandths, of either sign."""
        return self._decimal(cell, QUANTITY_PLACES, MAX_QUANTITY_READ, "QUANTITY")

    def unit_price(self, cell: str) -> Micro:
        """A unit price in millionths, of either sign."""
        return self._decimal(cell, PRICE_PLACES, MAX_PRICE_READ, "PRICE")

    def _decimal(self, cell: str, places: int, maximum: int, what: str) -> int:
        """A decimal with the decimal mark of the file."""
        text = cell.strip()
        if self._comma:
            # A point would be a thousands separator here; swapping the two makes the parser refuse it as such.
            text = text.translate({ord(","): ".", ord("."): ","})
        try:
            return parse_scaled(text, places, maximum=maximum)
        except DecimalTextError as error:
            suffix = {"grammar": "NOT_A_NUMBER", "places": "TOO_FINE", "range": "TOO_LARGE"}[error.reason]
            raise CellRefused(f"IMPORT_{what}_{suffix}", shown(str(error))) from error

    def instant(self, cell: str) -> Instant:
        """An instant by format and zone of the mapping; of a time that the clocks showed twice the earlier is meant."""
        columns = self._mapping.columns
        try:
            local = datetime.strptime(cell.strip(), columns.occurred_at_format)  # noqa: DTZ007 - the zone follows
        except ValueError as error:
            said = f'expected a date in the format "{columns.occurred_at_format}", got {cell!r}'
            raise CellRefused("IMPORT_DATE_UNREADABLE", said) from error
        in_zone = local.replace(tzinfo=self._zone) if local.tzinfo is None else local.astimezone(self._zone)
        try:
            universal = in_zone.astimezone(UTC)
            exists = universal.astimezone(self._zone).replace(tzinfo=None) == in_zone.replace(tzinfo=None)
        except OverflowError as error:
            raise CellRefused("IMPORT_DATE_UNREADABLE", f"expected a date of the calendar, got {cell!r}") from error
        if not exists:
            said = f"expected a time that exists in {columns.zone}, got {cell!r}, which the clocks jumped over"
            raise CellRefused("IMPORT_DATE_NOT_IN_ZONE", said)
        return Instant((universal - _EPOCH) // _MICROSECOND, in_zone.date().isoformat())

    def product(self, cell: str) -> Product:
        """The product of a cell in the letter case of the mapping, and its kind."""
        code = self._mapping.product_code(clean_text(cell))
        if not code:
            raise CellRefused("IMPORT_PRODUCT_CODE_MISSING", "expected a product code, got an empty cell")
        return Product(code, self._mapping.kind_of(code))

    def customer(self, cell: str) -> str | None:
        """The code of a customer, `None` for an empty cell."""
        return clean_text(cell).removesuffix(self._mapping.columns.customer_remove_suffix) or None

    def country(self, cell: str) -> str | None:
        """The code of a country, `None` for an empty cell or a name that the mapping gives no code."""
        name = clean_text(cell)
        countries = self._mapping.countries
        if not name or name in countries.codes:
            return countries.codes.get(name) or None
        if countries.unlisted == KEEP:
            return name
        raise CellRefused("IMPORT_COUNTRY_UNKNOWN", f'expected a country that the mapping lists, got "{name}"')
