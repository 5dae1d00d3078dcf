"""Requests and views of dimensions and of exchange rates."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import CurrencyCode, Date, DecimalText, Identifier, Text
from kassa.kernel.schema.markers import Scaled
from kassa.ledger.documents import DimensionOwner
from kassa.ledger.rates import MAX_RATE, RATE_PLACES
from kassa.org.editing import about, left_out
from kassa.org.messages.scalars import PlainCode, Reference

ExchangeRate: TypeAlias = Annotated[int, Scaled(RATE_PLACES, 1, MAX_RATE)]
"""Billionths; outside a decimal string with at most 9 digits after the point, above 0."""


@attrs.frozen(kw_only=True)
class EnterExchangeRate:
    """What one of a currency is worth in the currency of the books from a date on, until a later rate counts."""

    currency: CurrencyCode = attrs.field(metadata=about("The foreign currency.", "USD"))
    from_date: Date = attrs.field(metadata=about("First date on which it counts.", "2026-11-01"))
    rate: ExchangeRate = attrs.field(metadata=about("Price of one unit in the currency of the books.", "0.917431193"))


@attrs.frozen(kw_only=True)
class ListExchangeRates(PageRequest):
    """Asks for the exchange rates of a legal entity, by currency and date."""

    currency: CurrencyCode | None = attrs.field(default=None, metadata=about("Only rates of this currency."))


@attrs.frozen(kw_only=True)
class ExchangeRateView:
    """A rate: what one of `currency` is worth in `books_currency` from a date on."""

    currency: str
    books_currency: str
    from_date: Date
    rate: DecimalText


@attrs.frozen(kw_only=True)
class ListDimensions(PageRequest):
    """Asks for the dimensions by which entries can be looked at."""


@attrs.frozen(kw_only=True)
class DimensionView:
    """A dimension; the values of a recorded one must be created before they are used."""

    name: str
    summary: str
    recorded: bool


@attrs.frozen(kw_only=True)
class CreateDimensionValue:
    """A value of a recorded dimension."""

    dimension: PlainCode = attrs.field(metadata=about("The dimension.", "department"))
    value: PlainCode = attrs.field(metadata=about("Unique within the dimension, never changed.", "D10"))
    name: Text = attrs.field(metadata=about("What it stands for.", "Garden"))


@attrs.frozen(kw_only=True)
class ChangeDimensionValue:
    """What shall be different at a value; what is left out stays."""

    dimension: PlainCode = attrs.field(metadata=about("The dimension.", "department"))
    value: PlainCode = attrs.field(metadata=about("The value.", "D10"))
    name: Text = attrs.field(factory=left_out, metadata=about("What it stands for."))
    active: bool = attrs.field(factory=left_out, metadata=about("Whether it may be booked on."))


@attrs.frozen(kw_only=True)
class ListDimensionValues(PageRequest):
    """Asks for the recorded values of a dimension."""

    dimension: PlainCode = attrs.field(metadata=about("The dimension.", "department"))
    active: bool | None = attrs.field(default=None, metadata=about("Only those that may be booked on, or only the others."))


@attrs.frozen(kw_only=True)
class DimensionValueView:
    """A recorded value of a dimension."""

    id: Identifier
    dimension: str
    value: str
    name: str
    active: bool
    version: int


@attrs.frozen(kw_only=True)
class SetDimensionDefault:
    """The value that a store, warehouse, customer or vendor gives to what says nothing itself."""

    owner: DimensionOwner = attrs.field(metadata=about("Whose default it is.", "store"))
    reference: Reference = attrs.field(metadata=about("Number, code or id of the store, warehouse, customer or vendor.", "S001"))
    dimension: PlainCode = attrs.field(metadata=about("The dimension.", "department"))
    value: PlainCode | None = attrs.field(default=None, metadata=about("The value; left out, there is no default any more.", "D10"))


@attrs.frozen(kw_only=True)
class DimensionDefaultView:
    """A default of a store, warehouse or party; `value` is null where there is none."""

    owner: DimensionOwner
    owner_id: Identifier
    dimension: str
    value: str | None


@attrs.frozen(kw_only=True)
class ListDimensionDefaults(PageRequest):
    """Asks for the defaults of dimensions."""

    owner: DimensionOwner | None = attrs.field(
        default=None, metadata=about("Only those of stores, of warehouses, of customers or of vendors.")
    )


@attrs.frozen(kw_only=True)
class SetAccountDimension:
    """Whether an account requires a dimension, forbids it, or leaves it free."""

    account: Reference = attrs.field(metadata=about("Number or id of the account.", "4000"))
    dimension: PlainCode = attrs.field(metadata=about("The dimension.", "department"))
    rule: Literal["required", "forbidden", "free"] = attrs.field(metadata=about("What holds of entries from now on.", "required"))


@attrs.frozen(kw_only=True)
class AccountDimensionView:
    """What an account says of a dimension."""

    account: str
    dimension: str
    rule: Literal["required", "forbidden", "free"]
