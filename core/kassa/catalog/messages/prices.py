"""Requests and views of price lists and prices."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import CurrencyCode, Date, Identifier, Instant, Items, Range, Scaled, Text, UnitPrice
from kassa.org.editing import about, left_out
from kassa.org.messages.scalars import PlainCode, Reference

DiscountRate: TypeAlias = Annotated[int, Scaled(6, 1, 10**6)]
DiscountAmount: TypeAlias = Annotated[int, Scaled(6, 1, 10**16)]
MinimumQuantity: TypeAlias = Annotated[int, Scaled(3, 0, 10**12)]


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
    includes_tax: bool | None = attrs.field(
        default=None,
        metadata=about("Whether its prices have tax in them: it counts in stores that say the same. Null: in every store, as it says."),
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
    includes_tax: bool | None
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


@attrs.frozen(kw_only=True)
class CreateDiscount:
    """A discount on a product, on a category with all below it, or on everything."""

    code: PlainCode = attrs.field(metadata=about("Unique within the legal entity, never changed.", "SPRING"))
    name: Text = attrs.field(metadata=about("Name.", "Spring sale"))
    product: Reference | None = attrs.field(default=None, metadata=about("Number, barcode or id; a master: all of its variants."))
    category: Reference | None = attrs.field(default=None, metadata=about("Code or id; all categories below it too.", "LIGHTS"))
    store: Reference | None = attrs.field(default=None, metadata=about("Number or id of the only store where it is given."))
    price_list: Reference | None = attrs.field(default=None, metadata=about("Code or id of the only list on whose prices it is given."))
    rate: DiscountRate | None = attrs.field(default=None, metadata=about("0.2 is 20 % off the price.", "0.2"))
    amount: DiscountAmount | None = attrs.field(default=None, metadata=about("What is taken off each unit, at most its price.", "1.50"))
    currency: CurrencyCode | None = attrs.field(default=None, metadata=about("That of the amount; of the legal entity where left out."))
    minimum_quantity: MinimumQuantity = attrs.field(default=0, metadata=about("From how many on in one line.", "3"))
    from_date: Date = attrs.field(metadata=about("The first day, in the store's time zone.", "2026-03-01"))
    to_date: Date | None = attrs.field(default=None, metadata=about("The last day; none: no end.", "2026-03-31"))


@attrs.frozen(kw_only=True)
class ReadDiscount:
    """Names a discount."""

    discount: Reference = attrs.field(metadata=about("Code or id.", "SPRING"))


@attrs.frozen(kw_only=True)
class ChangeDiscount(ReadDiscount):
    """What shall be different at a discount; what is left out stays. What it gives is never changed: end it and create another."""

    name: Text = attrs.field(factory=left_out, metadata=about("Name."))
    to_date: Date | None = attrs.field(factory=left_out, metadata=about("The last day; null: no end."))
    active: bool = attrs.field(factory=left_out, metadata=about("Whether it is given; counts at once."))


@attrs.frozen(kw_only=True)
class DiscountView:
    """A discount; `rate` or `amount` says what is taken off."""

    id: Identifier
    legal_entity_id: Identifier
    code: str
    name: str
    product_id: Identifier | None
    category_id: Identifier | None
    store_id: Identifier | None
    price_list_id: Identifier | None
    rate: DiscountRate | None
    amount: DiscountAmount | None
    currency: str | None
    minimum_quantity: MinimumQuantity
    from_date: Date
    to_date: Date | None
    active: bool
    version: int


@attrs.frozen(kw_only=True)
class ListDiscounts(PageRequest):
    """Asks for the discounts of the legal entity."""

    active: bool | None = attrs.field(default=None, metadata=about("Only those that are given, or that are not."))
    on: Date | None = attrs.field(default=None, metadata=about("Only those that count on this day."))
