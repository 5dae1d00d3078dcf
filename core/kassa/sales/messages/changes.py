"""Requests and views of changes of confirmed orders: charges, cancelled lines, cancelled orders."""

from __future__ import annotations

from typing import Annotated

import attrs

from kassa.kernel.schema import Amount, Code, Date, Items, Text
from kassa.payments.messages import PaymentView
from kassa.sales.messages.deposits import DepositRefund
from kassa.sales.messages.fields import about
from kassa.sales.messages.listing import OrderByKey
from kassa.sales.messages.orders import ChargeRequest, OrderView
from kassa.sales.messages.posting import InvoiceView, LineQuantityOrAll


@attrs.frozen(kw_only=True)
class AddCharges(OrderByKey):
    """Adds charges to an order, once; no recalculation takes them away."""

    charges: Annotated[tuple[ChargeRequest, ...], Items(1, 100)] = attrs.field(metadata=about("What is charged."))
    reason: Code | None = attrs.field(default=None, metadata=about("Why: a reason code for charge_override."))


@attrs.frozen(kw_only=True)
class ChargeOfOrder(OrderByKey):
    """Names a charge of an order."""

    charge: Text = attrs.field(metadata=about("Number of the charge.", "1"))


@attrs.frozen(kw_only=True)
class ChangeCharge(ChargeOfOrder):
    """Gives a charge another amount; it stays so until the order is calculated anew."""

    amount: Amount = attrs.field(metadata=about("Amount without tax.", "2.50"))
    reason: Code | None = attrs.field(default=None, metadata=about("Why: a reason code for charge_override."))


@attrs.frozen(kw_only=True)
class CancelLines(OrderByKey):
    """Cancels what is open of lines: what was neither delivered nor invoiced."""

    lines: Annotated[tuple[LineQuantityOrAll, ...], Items(1, 1000)] = attrs.field(metadata=about("Which lines, and how much of each."))
    reason: Code | None = attrs.field(default=None, metadata=about("Why: a reason code for order_change."))


@attrs.frozen(kw_only=True)
class CancelOrder(OrderByKey):
    """Cancels all that is open of an order; what was invoiced stays. What is left of its deposits has to go with it."""

    reason: Code | None = attrs.field(default=None, metadata=about("Why: a reason code for order_cancellation."))
    charges: Annotated[tuple[ChargeRequest, ...], Items(0, 20)] = attrs.field(
        default=(), metadata=about("What the customer pays for the cancellation; it is invoiced at once and takes from the deposits.")
    )
    refunds: Annotated[tuple[DepositRefund, ...], Items(0, 20)] = attrs.field(default=(), metadata=about("How deposits are given back."))
    forfeit: bool = attrs.field(default=False, metadata=about("Keep what is then left of deposits; needs sales.forfeit_deposit."))
    date: Date | None = attrs.field(default=None, metadata=about("Date of that invoice; today in the store's zone where it is left out."))


@attrs.frozen(kw_only=True)
class CancellationView:
    """A cancelled order, the invoice over what the cancellation costs, and the payments by which deposits were given back."""

    order: OrderView
    invoice: InvoiceView | None
    payments: tuple[PaymentView, ...] = ()
