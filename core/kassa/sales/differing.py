"""What is different between an order as it is and as it shall be, and the lasting record of it."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.kernel.values import PRICE_PLACES, Minor, format_quantity, format_scaled
from kassa.sales import store
from kassa.sales.documents import Charge, SalesLine, SalesOrder

AMOUNTS = ("discount", "net", "tax", "total")


@attrs.frozen(kw_only=True)
class LineDifference:
    """A line before and after a change; None where it was not or will not be there."""

    number: int
    before: SalesLine | None
    after: SalesLine | None


@attrs.frozen(kw_only=True)
class ChargeDifference:
    """A charge before and after a change; None where it was not or will not be there."""

    number: int
    before: Charge | None
    after: Charge | None


@attrs.frozen(kw_only=True)
class Difference:
    """What a change of an order comes to: lines and charges that differ."""

    lines: tuple[LineDifference, ...]
    charges: tuple[ChargeDifference, ...]


def difference(before: SalesOrder, after: SalesOrder) -> Difference:
    """Compare an order with what it shall be; a line that is cancelled counts as gone."""
    old = {line.id: line for line in before.lines if not line.gone}
    new = {line.id: line for line in after.lines if not line.gone}
    lines = [
        LineDifference(number=(new.get(line_id) or old[line_id]).number, before=old.get(line_id), after=new.get(line_id))
        for line_id in {**old, **new}
        if line_id not in old or line_id not in new or line_values(old[line_id]) != line_values(new[line_id])
    ]
    was, shall = ({charge.number: charge for charge in order.charges} for order in (before, after))
    charges = [
        ChargeDifference(number=number, before=was.get(number), after=shall.get(number))
        for number in sorted({*was, *shall})
        if was.get(number) != shall.get(number)
    ]
    return Difference(lines=tuple(sorted(lines, key=lambda line: line.number)), charges=tuple(charges))


def line_values(line: SalesLine) -> tuple[Any, ...]:
    """Give what is stored of a line, for comparison."""
    return (*store.order_line_row("", line), line.taxes, line.extensions)


def told(before: SalesOrder, after: SalesOrder, act: str, reason: str | None, context: Any) -> dict[str, Any]:
    """Tell a change as data of its event, the lasting record of what was before: who, why, and every line and charge that differs."""
    found, places = difference(before, after), before.exponent
    return {
        "document": after.id, "act": act, "reason": reason, "by": context.actor.id, "currency": after.currency,
        "total": _change(before.total, after.total, places),
        "lines": [
            {"line": line.number, "before": _told_line(line.before, places), "after": _told_line(line.after, places)}
            for line in found.lines
        ],
        "charges": [
            {"charge": charge.number, "before": _told_charge(charge.before, places), "after": _told_charge(charge.after, places)}
            for charge in found.charges
        ],
    }  # fmt: skip


def _change(before: Minor, after: Minor, places: int) -> dict[str, str]:
    return {"before": format_scaled(before, places), "after": format_scaled(after, places)}


def _told_line(line: SalesLine | None, places: int) -> dict[str, Any] | None:
    if line is None:
        return None
    sold = {"product": line.product_number, "description": line.description, "quantity": format_quantity(line.quantity)}
    price = {"unit_price": format_scaled(line.unit_price, PRICE_PLACES, trim=True)}
    return sold | price | {name: format_scaled(getattr(line, name), places) for name in AMOUNTS}


def _told_charge(charge: Charge | None, places: int) -> dict[str, Any] | None:
    if charge is None:
        return None
    amounts = {"amount": format_scaled(charge.amount, places), "tax": format_scaled(charge.tax, places)}
    return {"code": charge.code, **amounts, "reason": charge.reason}
