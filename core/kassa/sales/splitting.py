"""Splitting: a line of a stored order becomes two, each with its own lot, whose amounts add up to what the line had.

Goods that are reserved or picked for the line are divided with it, and so are numbers that plugins added for all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from kassa.kernel import extensions
from kassa.kernel.database import Write
from kassa.kernel.errors import Issue, Refused
from kassa.kernel.extensions import Extended, record_rows
from kassa.kernel.frozen import evolve
from kassa.kernel.models import ExtensionChangeRow, ExtensionRow
from kassa.kernel.plan import Claim, Stamped, StateChange
from kassa.kernel.schema import encode
from kassa.kernel.values import Thousandths, allocate, format_quantity, new_id, share
from kassa.sales.documents import Charge, LineTax, SalesLine, SalesOrder
from kassa.sales.models import OrderChargeRow, OrderChargeTaxRow, OrderLineRow, OrderTaxRow
from kassa.sales.store import charge_row, order_line_row
from kassa.stock.documents import Lot
from kassa.stock.facts import moved
from kassa.stock.movements import split_lot
from kassa.stock.workflow import WAITING

AMOUNTS = ("discount", "total_share", "net_discount", "net", "tax", "total")
COSTS = ("given_cost", "source_cost")
KEEP = f"UPDATE sales_order_line SET quantity = ?, {', '.join(f'{name} = ?' for name in (*AMOUNTS, *COSTS))} WHERE id = ?"
KEEP_TAX = "UPDATE sales_order_tax SET amount = ? WHERE line_id = ? AND code = ?"
KEEP_CHARGE_TAX = "UPDATE sales_order_charge_tax SET amount = ? WHERE document_id = ? AND number = ? AND code = ?"
KEEP_CHARGE = "UPDATE sales_order_charge SET amount = ?, tax = ? WHERE document_id = ? AND number = ?"


@attrs.frozen(kw_only=True)
class SplitLine:
    """A line of an order keeps a part of its quantity, and the rest becomes a line with a lot of its own. Made by `split_line`.

    `charges` are the line's charges that were divided, each as what it keeps and what the new line gets; `divided` are the
    extension fields of which the old line keeps a part. `version` is that of the order.
    """

    order_id: str
    version: int
    kept: SalesLine
    rest: SalesLine
    charges: tuple[tuple[Charge, Charge], ...] = ()
    divided: tuple[Extended, ...] = ()


def split_line(order: SalesOrder, number: int, quantity: Thousandths, lot: Lot | None = None) -> tuple[SalesOrder, list[Any]]:
    """Split a quantity (thousandths, without sign) off a line; gives the order as it is then, and the effects that make it so.

    The new line stands at the end. Amounts, taxes and costs of the sale are divided by quantity and charges of the line by largest
    remainder, so the parts come to the whole. What was delivered, invoiced or cancelled stays with the old line. Both have the fields that
    plugins added; numbers that belong to all of the line are divided by quantity.

    `lot` is that of the line (`lots`), which has to be given once it has moved: of what is registered, reserved or picked of it
    the old line keeps as much as it can, and the rest goes on as the new lot; a reservation follows it.

    Raises ValueError without a lot that is needed, and Refused (SALES_LINE_UNKNOWN, SALES_SPLIT_QUANTITY) where there is no such
    line or no such rest: both parts must have something, and a line that is invoiced in part is split where that part ends, so that
    no amount is computed twice.
    """
    line = next((found for found in order.lines if found.number == number), None)
    if line is None:
        message = f"The order has no line {number}; its lines are 1 to {len(order.lines)}."
        raise Refused((Issue(code="SALES_LINE_UNKNOWN", message=message, pointer="/line", got=str(number)),))
    _check(line, quantity)
    if line.sequence and lot is None:
        raise ValueError(f"line {number} has moved in stock: give its lot, as read by `lots`")
    kept, rest = _divided(line, quantity, max(found.number for found in order.lines) + 1)
    steps = _lot_steps(lot, line, rest, order.date) if lot is not None else []
    kept, rest = evolve(kept, sequence=kept.sequence + len(steps) // 2), evolve(rest, sequence=len(steps) // 2)
    charges = _divided_charges(order, kept, rest)
    lines = (*(kept if found.id == kept.id else found for found in order.lines), rest)
    replaced = {old.number: old for old, _ in charges}
    after = evolve(order, lines=lines, charges=(*(replaced.get(c.number, c) for c in order.charges), *(new for _, new in charges)))
    effects: list[Any] = [
        SplitLine(order_id=order.id, version=order.version, kept=kept, rest=rest, charges=charges, divided=_changed(line, kept)),
        *steps,
        Claim("sales.line", (kept.id,), {"ordered": -quantity}, "deliverable"),
        Claim("sales.line", (kept.id,), {}, "invoiceable_service"),
        Claim("sales.line", (rest.id,), {"ordered": quantity}, opens=True),
        StateChange(after, order.state),
    ]
    return after, effects


def _check(line: SalesLine, quantity: Thousandths) -> None:
    counters, kept = line.counters, abs(line.quantity) - quantity
    most = abs(line.quantity) - counters.cancelled - max(counters.delivered, counters.invoiced)
    whole = kept - counters.cancelled
    fixed = [counters.invoiced] + ([counters.delivered] if line.fixed_cost is not None else [])
    if 0 < quantity <= most and kept > 0 and all(moved in (0, whole) for moved in fixed) and not (counters.cancelled and any(fixed)):
        return
    told = format_quantity(most)
    raise Refused(
        (
            Issue(
                code="SALES_SPLIT_QUANTITY",
                message=f"Line {line.number}: {format_quantity(quantity)} cannot be split off {format_quantity(abs(line.quantity))}; "
                f"{told} did not move yet, and a part that was invoiced stays together.",
                pointer="/quantity",
                expected={"most": told},
                got=format_quantity(quantity),
            ),
        )
    )


def _lot_steps(lot: Lot, line: SalesLine, rest: SalesLine, date: str) -> list[Any]:
    """Let what waits in stock beyond what the old line can keep go on as the lot of the new one; what came least far goes first."""
    waiting = sum(abs(there) for (_, status), there in lot.held.items() if status in WAITING)
    left = abs(rest.quantity) - max(0, line.deliverable - waiting)
    steps: list[Any] = []
    for status in reversed(WAITING):
        for warehouse_id in sorted({place[0] for place in lot.held if place[1] == status}):
            there = lot.held[warehouse_id, status]
            part = min(left, abs(there))
            if part > 0:
                signed = part if there > 0 else -part
                new = split_lot(lot, rest.id, status, signed, date, warehouse_id=warehouse_id, sequence=len(steps) // 2 + 1)
                steps, lot, left = [*steps, *new], moved(lot, new[0]), left - part
    return steps


def _changed(line: SalesLine, kept: SalesLine) -> tuple[Extended, ...]:
    return tuple(new for old, new in zip(line.extensions, kept.extensions, strict=True) if old != new)


def _divided(line: SalesLine, quantity: Thousandths, number: int) -> tuple[SalesLine, SalesLine]:
    whole = abs(line.quantity)
    left = whole - quantity
    parts = {name: share(getattr(line, name), left, whole) for name in ("discount", "total_share", "net_discount", "net")}
    taxes = tuple(LineTax(tax.code, tax.rate, share(tax.amount, left, whole)) for tax in line.taxes)
    tax = sum(found.amount for found in taxes)
    parts |= {"tax": tax, "total": parts["net"] + tax}
    costs = {name: None if getattr(line, name) is None else share(getattr(line, name), left, whole) for name in COSTS}
    extended = [extensions.divided(found, left, whole) for found in line.extensions]
    kept = evolve(
        line, quantity=left * line.sign, taxes=taxes, given_cost=costs["given_cost"], source_cost=costs["source_cost"],
        extensions=tuple(part for part, _ in extended), **parts,
    )  # fmt: skip
    rest = evolve(
        line, id=new_id(), number=number, quantity=quantity * line.sign, sequence=0, counters=type(line.counters)(),
        extensions=tuple(part for _, part in extended),
        taxes=tuple(LineTax(old.code, old.rate, old.amount - new.amount) for old, new in zip(line.taxes, taxes, strict=True)),
        **{name: getattr(line, name) - parts[name] for name in AMOUNTS},
        **{name: None if cost is None else getattr(line, name) - cost for name, cost in costs.items()},
    )  # fmt: skip
    return kept, rest


def _divided_charges(order: SalesOrder, kept: SalesLine, rest: SalesLine) -> tuple[tuple[Charge, Charge], ...]:
    """Divide the charges of a line that are not invoiced yet by the quantities of its parts."""
    weights = [abs(kept.quantity), abs(rest.quantity)]
    next_number = max((charge.number for charge in order.charges), default=0) + 1
    found = [charge for charge in order.charges if charge.line_number == kept.number and not charge.invoiced]
    pairs = []
    for place, charge in enumerate(found):
        amounts = allocate(charge.amount, weights)
        divided = [(tax, allocate(tax.amount, weights)) for tax in charge.taxes]
        taxes = [tuple(LineTax(tax.code, tax.rate, parts[part]) for tax, parts in divided) for part in (0, 1)]
        old = evolve(charge, amount=amounts[0], taxes=taxes[0])
        pairs.append((old, evolve(charge, number=next_number + place, line_number=rest.number, amount=amounts[1], taxes=taxes[1])))
    return tuple(pairs)


def lower_splits(group: Sequence[Stamped], changes: Any) -> None:
    """Write what the old lines and charges keep, and insert the new ones; the counters of both are claims."""
    kept = {
        (stamped.effect.kept.id, extended.name): (stamped.effect.version, stamped.effect.order_id, extended.text())
        for stamped in group
        for extended in stamped.effect.divided
    }
    if kept:
        changes.insert(ExtensionChangeRow, [(*place, *told) for place, told in kept.items()])
    for stamped in group:
        split: SplitLine = stamped.effect
        changes.updates += _updates(split)
        changes.insert(OrderLineRow, [order_line_row(split.order_id, split.rest)])
        changes.insert(OrderTaxRow, [(split.rest.id, tax.code, tax.rate, tax.amount) for tax in split.rest.taxes])
        if split.charges:
            changes.insert(OrderChargeRow, [charge_row(split.order_id, charge) for _, charge in split.charges])
            taxes = [(split.order_id, charge.number, tax.code, tax.rate, tax.amount) for _, charge in split.charges for tax in charge.taxes]
            changes.insert(OrderChargeTaxRow, taxes)
        if split.rest.extensions and (rows := record_rows(changes.registry, split.order_id, split.rest)):
            changes.insert(ExtensionRow, rows)


def _updates(split: SplitLine) -> Iterable[tuple[str, str, Write]]:
    """Write what changes of rows that are there, each with the table and key by which a flush sorts them."""
    kept, values = split.kept, [getattr(split.kept, name) for name in (*AMOUNTS, *COSTS)]
    yield "sales_order_line", _key(id=kept.id), Write(KEEP, [kept.quantity, *values, kept.id], expect=1, what=split)
    for tax in kept.taxes:
        key = _key(code=tax.code, line_id=kept.id)
        yield "sales_order_tax", key, Write(KEEP_TAX, [tax.amount, kept.id, tax.code], expect=1, what=split)
    for charge, _ in split.charges:
        key, place = _key(document_id=split.order_id, number=charge.number), (split.order_id, charge.number)
        yield "sales_order_charge", key, Write(KEEP_CHARGE, [charge.amount, charge.tax, *place], expect=1, what=split)
        for tax in charge.taxes:
            key = _key(code=tax.code, document_id=split.order_id, number=charge.number)
            yield "sales_order_charge_tax", key, Write(KEEP_CHARGE_TAX, [tax.amount, *place, tax.code], expect=1, what=split)


def _key(**columns: Any) -> str:
    return encode(sorted(columns.items()))
