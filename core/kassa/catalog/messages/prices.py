"""Requests and views of price lists and prices."""

from __future__ import annotations

from typing import Annotated

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import CurrencyCode, Date, Identifier, Instant, Items, Range, Text, UnitPrice
from kassa.org.editing import about, left_out
from kassa.org.messages.scalars import PlainCode, Reference


@attrs.frozen(kw_only=True)
class CreatePriceList:
    """A list of prices for a legal entity or one of its stores."""

    code: PlainCode = attrs.field(metadata=about("Unique within the legal entity, never changed.", "RETAIL"))
    name: Text = attrs.field(metadata=about("Name.", "Shop prices"))
    currency: CurrencyCode | None = attrs.field(default=None, metadata=about("That of the legal entity where left out; never changed."))
    store: Reference | None = attrs.field(default=None, metadata=about("Number or id of the only store where it counts."))
    priority: Annotated[int, Range(0, 1000)] = attrs.field(
        default=0, metadata=about("Of two lists of the same reach the higher goes first.")
    )


@attrs.frozen(kw_only=True)
class ReadPriceList:
    """Names a price list."""

    price_list: Reference = attrs.field(metadata=about("Code or id.", "RETAIL"))


@attrs.frozen(kw_only=True)
class ChangePriceList(ReadPriceList):
    """What shall be different at a price list; what is left out stays."""

    name: Text = attrs.field(factory=left_out, metadata=about("Name."))
    priority: Annotated[int, Range(0, 1000)] = attrs.field(
        factory=left_out, metadata=about("Of two lists of the same reach the higher goes first.")
    )


@attrs.frozen(kw_only=True)
class PriceListView:
    """A price list."""

    id: Identifier
    legal_entity_id: Identifier
    code: str
    name: str
    currency: str
    store_id: Identifier | None
    priority: int
    version: int


@attrs.frozen(kw_only=True)
class ListPriceLists(PageRequest):
    """Asks for the price lists of the legal entity."""


@attrs.frozen(kw_only=True)
class PriceEntry:
    """A price from a date on."""

    product: Reference = attrs.field(metadata=about("Number, barcode or id.", "85123A"))
    unit_price: UnitPrice = attrs.field(metadata=about("Price of one unit in the list's currency.", "2.55"))
    from_date: Date = attrs.field(metadata=about("The first day on which it counts.", "2026-01-01"))
    to_date: Date | None = attrs.field(default=None, metadata=about("The last day; afterwards the price before counts again."))


@attrs.frozen(kw_only=True)
class EnterPrices:
    """Prices for a list. An entry for a first day that has one already takes its place; both are kept."""

    price_list: Reference = attrs.field(metadata=about("Code or id.", "RETAIL"))
    prices: Annotated[tuple[PriceEntry, ...], Items(1, 5000)]


@attrs.frozen(kw_only=True)
class EnteredPricesView:
    """What came of entering prices; those that stood like that already were not entered again."""

    price_list_id: Identifier
    entered: int
    unchanged: int


@attrs.frozen(kw_only=True)
class ListPrices(PageRequest):
    """Asks for all prices ever entered."""

    product: Reference | None = attrs.field(default=None, metadata=about("Number, barcode or id: only those of one product."))
    price_list: Reference | None = attrs.field(default=None, metadata=about("Code or id: only those of one list."))


@attrs.frozen(kw_only=True)
class PriceView:
    """A price as it was entered."""

    id: Identifier
    price_list_id: Identifier
    product_id: Identifier
    from_date: Date
    to_date: Date | None
    unit_price: UnitPrice
    entered_at: Instant
