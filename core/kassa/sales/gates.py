"""Gates of an order: what can be told of a stored order before anybody says what shall be delivered or invoiced of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.stages import Facts
from kassa.sales.documents import SalesLine, SalesOrder

DELIVERING = ("deliver_part", "deliver_all")
INVOICING = ("invoice_part", "invoice_all")
CANCELLING = ("cancel",)


def check_deliverable(order: SalesOrder, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that goods of the order are left to move."""
    if not any(line.deliverable and line.treatment.goods != "none" for line in order.lines):
        yield _nothing(order, "SALES_QUANTITY_EXCEEDS_OPEN", "Nothing of this order is left to deliver.")


def check_invoiceable(order: SalesOrder, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that lines or charges of the order are left to invoice, delivered or not, and that not all such lines are held.

    A run leaves such an order out; whoever asks for its invoice is refused.
    """
    batch = context.origin == "job"
    left = [line for line in order.lines if line.counters.invoiced + line.counters.cancelled < abs(line.quantity)]
    found: list[Issue] = []
    if not any(charge.amount and not charge.invoiced for charge in order.charges):
        held = context.decide("eligible", order, Facts(), "invoice", batch)
        if not left:
            found.append(_nothing(order, "INV_NOTHING_TO_POST", "Nothing of this order is left to invoice."))
        elif all(line.id in held for line in left):
            found += [evolve(held[line.id], document=order.id) for line in left]
    return [evolve(issue, severity="skip") for issue in found] if batch else found


def open_quantity(line: SalesLine) -> int:
    """Tell what is open of a line, without sign: neither delivered nor invoiced nor cancelled."""
    return abs(line.quantity) - line.counters.cancelled - max(line.counters.delivered, line.counters.invoiced)


def check_open(order: SalesOrder, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that something of the order is open."""
    if not any(open_quantity(line) for line in order.lines):
        yield _nothing(order, "SALES_NOTHING_OPEN", "Nothing of the order is open: all was delivered, invoiced or cancelled.")


def check_cancellable(order: SalesOrder, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that something of the order is open, and that no goods are out that were not invoiced (CO-42)."""
    waiting = [line.number for line in order.lines if line.counters.delivered > line.counters.invoiced]
    if waiting:
        message = f"Goods of line {', '.join(map(str, waiting))} were delivered and not invoiced."
        action = "Invoice them, or take them back; then cancel the rest."
        yield Issue(code="SALES_CANCEL_DELIVERED", message=message, pointer="/order", got=order.state, action=action)
    else:
        yield from check_open(order, facts, context)


def _nothing(order: SalesOrder, code: str, message: str) -> Issue:
    return Issue(code=code, message=message, pointer="/order", got=order.state, document=order.id)
