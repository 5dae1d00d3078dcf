"""Changing orders: from what an order is and what it shall be to one plan; what was delivered or invoiced is never undercut.

Nothing of an order is deleted but charges that were not billed: a line that goes is cancelled, which leaves its quantity and
takes its amounts away. A line that is invoiced in part can end where it is, or stay; more of it is a line of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from kassa.kernel import extensions
from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.models import ExtensionRow
from kassa.kernel.plan import Bulk, Claim, Event, Row
from kassa.kernel.stages import Facts
from kassa.kernel.tables import Table, columns_of
from kassa.kernel.values import Thousandths, format_quantity, format_scaled, share
from kassa.sales import store
from kassa.sales.charging import charge_codes, refund_claims, taxes_of_part
from kassa.sales.differing import line_values, told
from kassa.sales.documents import Charge, LineCounters, LineTax, SalesLine, SalesOrder
from kassa.sales.models import OrderChargeRow, OrderChargeTaxRow, OrderLineRow, OrderRow, OrderTaxRow
from kassa.sales.ordering import header_move
from kassa.sales.pricing import FOUND, Mode, repriced
from kassa.sales.rules import check_charges
from kassa.sales.sources import released
from kassa.stock import reserving

NO_TAX = "DELETE FROM sales_order_tax WHERE line_id = ? AND code = ?"
NO_CHARGE = "DELETE FROM sales_order_charge WHERE document_id = ? AND number = ?"
NO_CHARGE_TAX = "DELETE FROM sales_order_charge_tax WHERE document_id = ? AND number = ? AND code = ?"


@attrs.frozen(kw_only=True)
class Stored:
    """The order as it stands, for the rules of its change."""

    order: SalesOrder


def cancelled(line: SalesLine) -> SalesLine:
    """Give a line of which nothing was delivered or invoiced as cancelled: its quantity stays, its amounts go."""
    counters = line.counters
    gone = LineCounters(counters.delivered, counters.invoiced, abs(line.quantity), *attrs.astuple(counters)[3:])
    return evolve(line, counters=gone, discount=0, total_share=0, net_discount=0, net=0, tax=0, total=0, taxes=())


def reduced(line: SalesLine, quantity: Thousandths) -> SalesLine:
    """Give a line with less (quantity without sign). One that is partly invoiced ends exactly on what was billed.

    One that takes goods back of a sale keeps F(quantity) of its share of that; the rest goes back to the sale.
    """
    if quantity == 0:
        return cancelled(line)
    whole = abs(line.quantity)
    given_cost, source_cost = (share(cost, quantity, whole) if cost is not None else None for cost in (line.given_cost, line.source_cost))
    if not line.counters.invoiced and line.source is None:
        return evolve(line, quantity=quantity * line.sign, given_cost=given_cost)
    taxes = tuple(LineTax(tax.code, tax.rate, share(tax.amount, quantity, whole)) for tax in line.taxes)
    net, tax = share(line.net, quantity, whole), sum(tax.amount for tax in taxes)
    discount, total_share, net_discount = (share(amount, quantity, whole) for amount in (line.discount, line.total_share, line.net_discount))
    return evolve(
        line, quantity=quantity * line.sign, discount=discount, total_share=total_share, net_discount=net_discount, net=net, tax=tax,
        total=net + tax, taxes=taxes, given_cost=given_cost, source_cost=source_cost,
    )  # fmt: skip


def ended(charge: Charge) -> Charge:
    """Give a charge that is billed in part and no further: what was billed of it."""
    return evolve(charge, amount=charge.invoiced, taxes=taxes_of_part(charge, 0, charge.invoiced))


def with_borne_discount(order: SalesOrder) -> SalesOrder:
    """Give an order of which something was cancelled the discount on its total that the rest of its lines can bear.

    An amount that only billed lines bear any more is what they bore.
    """
    sign = 1 if order.discount_amount > 0 else -1
    if not order.discount_amount or any(line.sign == sign and not line.gone and not line.counters.invoiced for line in order.lines):
        return order
    return evolve(order, discount_amount=sum(line.total_share for line in order.lines))


def end_charges(order: SalesOrder) -> SalesOrder:
    """End charges of lines that ended where they were billed, so that the order comes to what its invoices come to."""
    over = {line.number for line in order.lines if line.counters.invoiced and line.counters.invoiced == abs(line.quantity)}
    charges = tuple(
        ended(charge) if charge.line_number in over and charge.invoiced and charge.invoiced != charge.amount else charge
        for charge in order.charges
    )
    return evolve(order, charges=charges)


def check_change(after: SalesOrder, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that a change undercuts nothing that was delivered, invoiced or billed, and that its charges are sound."""
    before = facts.of(Stored).order
    shall = {line.id: line for line in after.lines}
    for line in before.lines:
        new = shall[line.id]
        if line_values(line) != line_values(new) or line.counters != new.counters:
            yield from check_line(line, new)
    kept = {charge.number: charge for charge in after.charges}
    for charge in before.charges:
        new_charge = kept.get(charge.number)
        if charge.invoiced and (new_charge is None or new_charge.amount not in (charge.amount, charge.invoiced)):
            billed = format_scaled(charge.invoiced, after.exponent)
            message = f"Of the charge {charge.code} {billed} is billed already, so it can only stay or end there."
            yield Issue(code="SALES_CHARGE_INVOICED", message=message, pointer=f"/charges/{charge.number}", got=charge.code)
    if after.charges:
        yield from check_charges(after, context)


def check_line(line: SalesLine, new: SalesLine) -> Iterable[Issue]:
    """Check that a line keeps what was delivered or invoiced of it, and its price where any of it was invoiced."""
    left, whole = abs(new.quantity) - new.counters.cancelled, abs(line.quantity) - line.counters.cancelled
    done = max(line.counters.delivered, line.counters.invoiced)
    pointer = f"/lines/{line.number - 1}/quantity"
    if new.sign != line.sign or left < done:
        yield Issue(
            code="SALES_LINE_UNDERCUT",
            message=f"Line {line.number}: {format_quantity(done)} were delivered or invoiced, so at least that stays.",
            pointer=pointer,
            expected={"at_least": format_quantity(done)},
            got=format_quantity(left * new.sign),
        )
    elif line.source is not None and (left > whole or new.unit_price != line.unit_price):
        yield Issue(
            code="SALES_LINE_SOURCE",
            message=f"Line {line.number} has its share of a sale: it can stay, get less or go. Take more back on a line of its own.",
            pointer=pointer,
            expected={"at_most": format_quantity(whole)},
            got=format_quantity(left),
        )
    elif line.counters.invoiced and (left not in (line.counters.invoiced, whole) or new.unit_price != line.unit_price):
        billed = format_quantity(line.counters.invoiced)
        yield Issue(
            code="SALES_LINE_INVOICED",
            message=f"Line {line.number} is invoiced in part ({billed}): it can stay as it is, or end there. Order more on a line of its own.",
            pointer=pointer,
            expected={"quantity": billed},
            got=format_quantity(left),
            action="Invoice what was delivered, then end the line; or add a line.",
        )


def write_change(after: SalesOrder, facts: Facts, context: Any) -> list[Any]:
    """Write what differs of an order: changed rows, new lines with their counters, charges; and announce it."""
    before = facts.of(Stored).order
    effects: list[Any] = [*changed_row(OrderRow, store.order_row(before), store.order_row(after), {"document_id": after.id})]
    old = {line.id: line for line in before.lines}
    for line in after.lines:
        effects += _line_effects(after, old.get(line.id), line, context)
    effects += charge_effects(before, after)
    effects += refund_claims(before.charges, after.charges, charge_codes(context, after.legal_entity_id) if after.charges else {})
    return effects


def _row(table: type[Table], values: Sequence[Any]) -> Row:
    return Row(table, dict(zip(columns_of(table), values, strict=True)))


def changed_row(table: type[Table], before: Sequence[Any], after: Sequence[Any], key: Mapping[str, Any]) -> list[Any]:
    """Change the columns of a row that differ; the version of the order guards them all."""
    columns = zip(columns_of(table), before, after, strict=True)
    values = {column: new for column, old, new in columns if old != new and column not in key}
    return [Row(table, values, key=key)] if values else []


def _line_effects(order: SalesOrder, old: SalesLine | None, line: SalesLine, context: Any) -> list[Any]:
    new = store.order_line_row(order.id, line)
    taxes = {tax.code: tax for tax in line.taxes}
    if old is None:
        rows = [_row(OrderLineRow, new), *(_row(OrderTaxRow, (line.id, tax.code, tax.rate, tax.amount)) for tax in line.taxes)]
        added = [_row(ExtensionRow, row) for row in extensions.record_rows(context.registry, order.id, line)] if line.extensions else []
        return [*rows, *added, Claim("sales.line", (line.id,), {"ordered": abs(line.quantity)}, opens=True)]
    effects = changed_row(OrderLineRow, store.order_line_row(order.id, old), new, {"id": line.id})
    known = {tax.code: tax for tax in old.taxes}
    for code in sorted({*known, *taxes}):
        if code not in taxes:
            effects.append(Bulk(OrderTaxRow, NO_TAX, (line.id, code)))
        elif code not in known:
            effects.append(_row(OrderTaxRow, (line.id, code, taxes[code].rate, taxes[code].amount)))
        elif known[code] != taxes[code]:
            effects.append(
                Row(OrderTaxRow, {"rate": taxes[code].rate, "amount": taxes[code].amount}, key={"line_id": line.id, "code": code})
            )
    counted = {"ordered": abs(line.quantity) - abs(old.quantity), "cancelled": line.counters.cancelled - old.counters.cancelled}
    if any(counted.values()):
        effects.append(Claim("sales.line", (line.id,), {name: amount for name, amount in counted.items() if amount}, "deliverable"))
    let_go = counted["cancelled"] - counted["ordered"]
    return [*effects, *released(old, let_go, context)] if let_go and old.source is not None else effects


def charge_effects(before: SalesOrder, after: SalesOrder) -> list[Any]:
    """Write the charges of an order that differ, with their taxes."""
    effects: list[Any] = []
    was, shall = ({charge.number: charge for charge in order.charges} for order in (before, after))
    for number in sorted({*was, *shall}):
        old, new = was.get(number), shall.get(number)
        key = {"document_id": after.id, "number": number}
        if new is None:
            effects.append(Bulk(OrderChargeRow, NO_CHARGE, (after.id, number)))
        elif old is None:
            effects.append(_row(OrderChargeRow, store.charge_row(after.id, new)))
        else:
            effects += changed_row(OrderChargeRow, store.charge_row(after.id, old), store.charge_row(after.id, new), key)
        known = {tax.code: tax for tax in old.taxes} if old is not None else {}
        taxes = {tax.code: tax for tax in new.taxes} if new is not None else {}
        for code in sorted({*known, *taxes}):
            if code not in taxes:
                effects.append(Bulk(OrderChargeTaxRow, NO_CHARGE_TAX, (after.id, number, code)))
            elif code not in known:
                effects.append(_row(OrderChargeTaxRow, (after.id, number, code, taxes[code].rate, taxes[code].amount)))
            elif known[code] != taxes[code]:
                values = {"rate": taxes[code].rate, "amount": taxes[code].amount}
                effects.append(Row(OrderChargeTaxRow, values, key={**key, "code": code}))
    return effects


def apply(context: Any, before: SalesOrder, after: SalesOrder, *, act: str, reason: str | None = None) -> SalesOrder:
    """Plan that an order becomes what it shall be: the change, the event that tells of it, and the state that follows from it."""
    return moved_on(context, rewrite(context, before, after, act=act, reason=reason))


def rewrite(context: Any, before: SalesOrder, after: SalesOrder, *, act: str, reason: str | None = None) -> SalesOrder:
    """Plan a change of an order without its state, and the event that tells of it; goods kept for what goes are let go.

    `after` has its amounts; lines that are not in it are cancelled. Refused where it undercuts what was delivered or invoiced.
    """
    there = {line.id for line in after.lines}
    lines = (*after.lines, *(line if line.gone else cancelled(line) for line in before.lines if line.id not in there))
    whole = added_up(evolve(after, deposit=before.deposit, lines=tuple(sorted(lines, key=lambda line: line.number))))
    (changed,) = context.step("order", "change", [whole])
    context.plan.add([Event("sales.order_changed", told(before, changed, act, reason, context), changed.id)], "sales.change", changed.id)
    _let_go(context, before, changed)
    result: SalesOrder = changed
    return result


def change_order(context: Any, before: SalesOrder, wanted: SalesOrder, *, act: str, reason: str | None = None) -> SalesOrder:
    """Calculate what an order shall be and plan that it becomes so; gives it with its amounts.

    Lines that it has keep their prices, lines that are not in `wanted` are cancelled, charges that are not in it go. `before` is the
    order as it stands, with what this plan did to it. Refused where a check of an order finds something, or where what was
    delivered, invoiced or billed would be undercut. `act` and `reason` stand in the event `sales.order_changed`.
    """
    after, issues = calculated(context, before, wanted)
    context.refuse(issues)
    return apply(context, before, after, act=act, reason=reason)


def moved_on(context: Any, order: SalesOrder) -> SalesOrder:
    """Plan the state that follows from what is left of an order that was changed."""
    move = next_move(order)
    if move is None:
        return order
    (result,) = context.step("order", move, [order], gates=False)
    moved: SalesOrder = result
    return moved


def _let_go(context: Any, before: SalesOrder, after: SalesOrder) -> None:
    """Let go what is kept in stock for lines beyond what is left to deliver of them."""
    was = {line.id: line.deliverable for line in before.lines}
    left = {line.id: line.deliverable for line in after.lines if line.stocked and line.deliverable < was.get(line.id, 0)}
    if left:
        reserving.let_go_beyond(context, left, after.id)


def added_up(order: SalesOrder) -> SalesOrder:
    """Add an order up: sums of its lines and charges."""
    net = sum(line.net for line in order.lines) + sum(charge.amount for charge in order.charges)
    tax = sum(line.tax for line in order.lines) + sum(charge.tax for charge in order.charges)
    return evolve(order, net=net, tax=tax, total=net + tax)


def next_move(order: SalesOrder) -> str | None:
    """Tell by which transition the header follows a change of its lines; None where its state stays."""
    if all(line.gone for line in order.lines):
        return None if any(charge.amount != charge.invoiced for charge in order.charges) else "cancel"
    move = header_move(order, {}, {})
    delivered = any(line.counters.delivered for line in order.lines)
    if move in ("deliver_part", "deliver_all") and not delivered:
        return None
    target = {"deliver_part": "partly_delivered", "deliver_all": "delivered", "invoice_part": "partly_invoiced", "invoice_all": "invoiced"}[
        move
    ]
    return None if target == order.state else move


def calculated(context: Any, before: SalesOrder, after: SalesOrder, mode: Mode = "keep") -> tuple[SalesOrder, tuple[Issue, ...]]:
    """Calculate what an order shall be, with what the checks of an order find; lines that it has keep their prices (CO-27).

    In mode `recalculate` prices of lists and derived charges are found again, but for what is invoiced.
    """
    old = {line.id: line for line in before.lines}
    lines = tuple(_locked(line, old.get(line.id)) for line in after.lines)
    draft = repriced(evolve(after, state="draft", lines=lines, lets_go=_let_back(before, after)), mode)
    ((shaped, issues),) = context.shape("order", "create", [draft])
    lines = tuple(_unlocked(line, old.get(line.id)) for line in shaped.lines)
    return end_charges(evolve(shaped, state=after.state, lines=lines)), issues


def _let_back(before: SalesOrder, after: SalesOrder) -> tuple[tuple[SalesLine, Thousandths], ...]:
    """List lines that take goods back of a sale and shall take less, each with how much less, without sign."""
    shall = {line.id: abs(line.quantity) - line.counters.cancelled for line in after.lines}
    less = ((line, abs(line.quantity) - line.counters.cancelled - shall.get(line.id, 0)) for line in before.lines if line.source is not None)
    return tuple((line, quantity) for line, quantity in less if quantity > 0)


def _locked(line: SalesLine, old: SalesLine | None) -> SalesLine:
    """Lock a price that the order has already, whoever set it; one by hand stays beyond a recalculation too."""
    if old is None or line.source is not None or line.unit_price != old.unit_price or line.price_origin != old.price_origin:
        return line
    return evolve(line, price_origin="locked" if old.price_origin in FOUND else "given")


def _unlocked(line: SalesLine, old: SalesLine | None) -> SalesLine:
    """Give a line that kept its price the origin that it had; what was delivered stays treated as it was."""
    if old is None:
        return line
    kept = (
        evolve(line, price_origin=old.price_origin)
        if line.price_origin in ("locked", "given") and line.unit_price == old.unit_price
        else line
    )
    return evolve(kept, treatment=old.treatment) if old.counters.delivered or old.counters.invoiced else kept
