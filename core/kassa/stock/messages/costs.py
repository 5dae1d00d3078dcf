"""Requests and views of costs after the fact, and of the closing of stock periods."""

from __future__ import annotations

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Amount, Date, DecimalText, Identifier, LongText, Text
from kassa.org.editing import about
from kassa.org.messages.scalars import Reference
from kassa.stock.messages.fields import DATE, STORE


@attrs.frozen(kw_only=True)
class AdjustCost:
    """Makes a lot dearer or cheaper than it was booked, and with it the lots that have their goods from it."""

    lot: Identifier = attrs.field(metadata=about("The lot, as the movements of its product show it."))
    amount: Amount = attrs.field(metadata=about("By how much its goods cost more; negative where they cost less.", "-5.00"))
    reason: LongText = attrs.field(metadata=about("Why.", "The freight was left out."))
    store: Reference | None = attrs.field(default=None, metadata=STORE)
    date: Date | None = attrs.field(default=None, metadata=DATE)


@attrs.frozen(kw_only=True)
class ReadCostAdjustment:
    """Names a cost adjustment."""

    adjustment: Text = attrs.field(metadata=about("Number or id.", "CST-S001-000001"))


@attrs.frozen(kw_only=True)
class ListCostAdjustments(PageRequest):
    """Asks for cost adjustments, newest first."""

    lot: Identifier | None = attrs.field(default=None, metadata=about("Only those that changed what a lot costs."))
    closing: Text | None = attrs.field(default=None, metadata=about("Only those of a closing, by its number or id."))


@attrs.frozen(kw_only=True)
class CostLayerView:
    """What was added to the cost of a lot: to the value on hand, and, where its goods are gone, as a variance; signed as a debit."""

    lot: Identifier
    product: str
    warehouse: str
    value: DecimalText
    variance: DecimalText
    role: str
    follows: Identifier | None


@attrs.frozen(kw_only=True)
class CostAdjustmentView:
    """A cost adjustment, by hand or by the closing of a period."""

    id: Identifier
    number: str | None
    type: str
    reason: str
    date: Date
    currency: str
    layers: tuple[CostLayerView, ...]


@attrs.frozen(kw_only=True)
class CostAdjustmentSummaryView:
    """A cost adjustment in a list."""

    id: Identifier
    number: str | None
    type: str
    reason: str
    date: Date


@attrs.frozen(kw_only=True)
class ClosePeriod:
    """Closes the stock of the legal entity through a date that is over; started again, it goes on where it stopped."""

    through: Date = attrs.field(metadata=about("The last date of the period.", "2026-10-31"))


@attrs.frozen(kw_only=True)
class ListClosings(PageRequest):
    """Asks for closings, newest first."""


@attrs.frozen(kw_only=True)
class ClosingView:
    """The closing of a stock period; `running` until every product was settled."""

    id: Identifier
    number: str | None
    through: Date
    state: str
