"""Requests and views of drafts: carts, quotes and edits in progress."""

from __future__ import annotations

from typing import Annotated, Literal

import attrs

from kassa.kernel.extensions import Fields, asked
from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import (
    Amount,
    Code,
    CurrencyCode,
    Date,
    DecimalText,
    Identifier,
    Items,
    JsonObject,
    LongText,
    Quantity,
    Text,
    UnitPrice,
)
from kassa.org.editing import left_out
from kassa.sales.documents import SalesLine, SalesOrder
from kassa.sales.messages.fields import DiscountRate, about
from kassa.sales.messages.orders import ChargeRequest, ChargeView, CreateOrder, LineRequest, LineView, OrderView, TenderRequest

MadeKind = Literal["cart", "quote"]
DraftKind = Literal["cart", "quote", "edit"]
DraftState = Literal["open", "committed", "void", "lost", "expired"]


@attrs.frozen(kw_only=True)
class CreateDraft(CreateOrder):
    """Makes a cart or a quote: an order that has no number, takes no stock and books nothing."""

    kind: MadeKind = attrs.field(default="cart", metadata=about("cart: being put together; quote: offered until its last day.", "quote"))
    lines: Annotated[tuple[LineRequest, ...], Items(0, 1000)] = attrs.field(default=(), metadata=about("What it begins with."))
    expires_on: Date | None = attrs.field(
        default=None, metadata=about("Last day on which it counts; by setting where it is left out.", "2026-12-31")
    )


@attrs.frozen(kw_only=True)
class StartEdit:
    """Begins an edit of an open order: a draft of what the order shall be."""

    order: Text = attrs.field(metadata=about("Number or any key of the order, or its id.", "SO-S001-000001"))


@attrs.frozen(kw_only=True)
class DraftById:
    """Names a draft."""

    draft: Identifier


@attrs.frozen(kw_only=True)
class DraftLineChange:
    """What shall be different at a line of a draft; what is left out stays, null takes it away."""

    line: int = attrs.field(metadata=about("Number of the line.", "1"))
    quantity: Quantity = attrs.field(factory=left_out, metadata=about("How many.", "3"))
    unit_price: UnitPrice | None = attrs.field(factory=left_out, metadata=about("A price by hand; null takes the list's again."))
    price_reason: Code | None = attrs.field(factory=left_out, metadata=about("Why the price is another: a reason code for price_override."))
    discount: Amount | None = attrs.field(factory=left_out, metadata=about("A discount on the whole line."))
    discount_rate: DiscountRate | None = attrs.field(factory=left_out, metadata=about("A discount as a part of the price."))
    description: LongText = attrs.field(factory=left_out, metadata=about("What stands on the line."))
    warehouse: Text | None = attrs.field(
        factory=left_out, metadata=about("Code or id of the warehouse of its goods; null takes the store's again.", "W01")
    )
    extensions: Fields = attrs.field(factory=left_out, metadata=asked(SalesLine))


@attrs.frozen(kw_only=True)
class DraftChargeChange:
    """Gives a charge of a draft another amount; it stays so until the draft is calculated anew."""

    charge: int = attrs.field(metadata=about("Number of the charge.", "1"))
    amount: Amount = attrs.field(metadata=about("Amount without tax.", "2.50"))
    reason: Code | None = attrs.field(default=None, metadata=about("Why: a reason code for charge_override."))


@attrs.frozen(kw_only=True)
class ChangeDraft(DraftById):
    """What shall be different at a draft; what is left out stays."""

    customer: Text | None = attrs.field(factory=left_out, metadata=about("Number of the customer."))
    reference: Text | None = attrs.field(factory=left_out, metadata=about("The caller's own key of the order to be."))
    expires_on: Date = attrs.field(factory=left_out, metadata=about("Last day on which it counts."))
    discount: Amount | None = attrs.field(factory=left_out, metadata=about("A discount on the total."))
    discount_rate: DiscountRate | None = attrs.field(factory=left_out, metadata=about("A discount on the total as a part of it."))
    extensions: Fields = attrs.field(factory=left_out, metadata=asked(SalesOrder))
    add_lines: Annotated[tuple[LineRequest, ...], Items(0, 1000)] = attrs.field(default=(), metadata=about("Lines that are new."))
    change_lines: Annotated[tuple[DraftLineChange, ...], Items(0, 1000)] = attrs.field(
        default=(), metadata=about("Lines that become others.")
    )
    remove_lines: Annotated[tuple[int, ...], Items(0, 1000)] = attrs.field(default=(), metadata=about("Numbers of lines that go."))
    add_charges: Annotated[tuple[ChargeRequest, ...], Items(0, 100)] = attrs.field(default=(), metadata=about("Charges that are new."))
    change_charges: Annotated[tuple[DraftChargeChange, ...], Items(0, 100)] = attrs.field(
        default=(), metadata=about("Charges that become others.")
    )
    remove_charges: Annotated[tuple[int, ...], Items(0, 100)] = attrs.field(default=(), metadata=about("Numbers of charges that go."))


@attrs.frozen(kw_only=True)
class SellDraft(DraftById):
    """Sells a cart or a quote and hands it over: the goods leave now, are paid now, and are invoiced now."""

    payments: Annotated[tuple[TenderRequest, ...], Items(0, 20)] = attrs.field(
        default=(), metadata=about("How it is paid; must add up to the total.")
    )


@attrs.frozen(kw_only=True)
class VoidDraft(DraftById):
    """Drops a draft; a quote is lost. No order is changed."""

    note: Text | None = attrs.field(default=None, metadata=about("Why.", "Bought elsewhere"))


@attrs.frozen(kw_only=True)
class ListDrafts(PageRequest):
    """Asks for drafts, newest first."""

    kind: DraftKind | None = None
    state: DraftState | None = attrs.field(
        default=None, metadata=about("One that is open and past its last day counts as expired.", "open")
    )
    customer: Text | None = attrs.field(default=None, metadata=about("Only those of this customer, by its number."))
    order: Text | None = attrs.field(default=None, metadata=about("Only edits of this order, by any of its keys."))


@attrs.frozen(kw_only=True)
class ExpireDrafts:
    """Closes every open draft of the legal entity that is past its last day."""


@attrs.frozen(kw_only=True)
class ExpiredView:
    """How many drafts were closed."""

    expired: int


@attrs.frozen(kw_only=True)
class DraftView:
    """A draft: the order that it would become, and what stands against that so far."""

    id: Identifier
    kind: DraftKind
    state: DraftState
    version: int
    expires_on: Date
    reference: str | None
    of: str | None
    of_version: int | None
    stale: bool = attrs.field(metadata=about("The order is not any more as it was when its edit began."))
    order: OrderView
    issues: tuple[JsonObject, ...] = attrs.field(
        default=(), metadata=about("What would be refused, or need approval, when it is committed.")
    )


@attrs.frozen(kw_only=True)
class DraftSummaryView:
    """A draft in a list."""

    id: Identifier
    kind: DraftKind
    state: DraftState
    store: str
    expires_on: Date
    currency: CurrencyCode
    total: DecimalText


@attrs.frozen(kw_only=True)
class LineDifferenceView:
    """A line that an edit adds, changes or removes: as it is, and as it shall be."""

    line: int
    before: LineView | None
    after: LineView | None


@attrs.frozen(kw_only=True)
class ChargeDifferenceView:
    """A charge that an edit adds, changes or removes: as it is, and as it shall be."""

    charge: int
    before: ChargeView | None
    after: ChargeView | None


@attrs.frozen(kw_only=True)
class AmountsView:
    """Net, tax and total."""

    net: DecimalText
    tax: DecimalText
    total: DecimalText


@attrs.frozen(kw_only=True)
class DifferenceView:
    """What committing an edit would change of its order."""

    draft: Identifier
    order: str
    stale: bool
    customer_before: str | None
    customer_after: str | None
    lines: tuple[LineDifferenceView, ...]
    charges: tuple[ChargeDifferenceView, ...]
    before: AmountsView
    after: AmountsView
    more: DecimalText = attrs.field(metadata=about("By how much the total grows; negative where it shrinks.", "10.00"))
