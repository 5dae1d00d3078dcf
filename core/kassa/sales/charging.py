"""Charging: what charges come to, which part of them an invoice takes, and the charge codes of a legal entity.

Percentages take net amounts before any charge, so charges never compound; they keep the sign of their base, so a percentage
of goods taken back credits the customer unless it is negative itself (RET-20). A fixed charge keeps its sign (RET-21).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa.kernel.database import Reader
from kassa.kernel.frozen import evolve
from kassa.kernel.plan import Claim
from kassa.kernel.stages import Facts
from kassa.kernel.values import Minor, Thousandths, line_amount, percent_of, share
from kassa.sales.documents import Charge, ChargeCode, InvoiceCharge, LineTax, SalesLine, SalesOrder

Quantities = Mapping[tuple[str, int], Thousandths]
"""Quantities without sign by order id and number of line."""
CODES = "SELECT code, name, account_role, tax_group, is_shipping, is_refundable, active FROM sales_charge_code WHERE legal_entity_id = ? ORDER BY code"


def charge_codes(context: Any, legal_entity_id: str) -> Mapping[str, ChargeCode]:
    """Give the charge codes of a legal entity by name: those that are contributed, and before them its own records."""
    found: dict[str, ChargeCode] = context.cached("sales", "charge_codes", legal_entity_id, _load_codes)
    return {code.name: code for code in context.registry.all(ChargeCode)} | found


def _load_codes(read: Reader, legal_entity_id: str) -> dict[str, ChargeCode]:
    return {
        code: ChargeCode(
            name=code, summary=name, account_role=role, tax_group=tax_group or "", is_shipping=bool(shipping), is_refundable=bool(refundable),
            active=bool(active),
        )
        for code, name, role, tax_group, shipping, refundable, active in read.rows(CODES, (legal_entity_id,))
    }  # fmt: skip


def amount_of(charge: Charge, order: SalesOrder) -> Minor:
    """Compute what a charge comes to, in minor units, from lines whose net is known; what is fixed, billed or overridden stays."""
    if charge.value is None or charge.category == "fixed" or charge.overridden or charge.invoiced:
        return charge.amount
    lines = [line for line in order.lines if charge.line_number in (None, line.number) and not line.gone]
    if charge.category == "percent":
        return percent_of(sum(line.net for line in lines), charge.value)
    return line_amount(sum(line.quantity for line in lines), charge.value, order.exponent)


def recomputed(order: SalesOrder) -> tuple[Charge, ...]:
    """Give the charges of an order with their amounts; one whose line is not there any more goes with it."""
    numbers = {line.number for line in order.lines if not line.gone}
    kept = (charge for charge in order.charges if charge.line_number is None or charge.line_number in numbers or charge.invoiced)
    return tuple(evolve(charge, amount=amount_of(charge, order)) for charge in kept)


def due(order: SalesOrder, taken: Mapping[int, Thousandths], parts: Mapping[int, Minor]) -> Iterable[tuple[Charge, Minor]]:
    """Give what an invoice that bills quantities (by number of line, without sign) takes of each charge, where it takes anything.

    A charge of a line divides with its line; one of the header gives what `parts` says, else all that is left of it.
    """
    lines = {line.number: line for line in order.lines}
    for charge in order.charges:
        rest = charge.amount - charge.invoiced
        if not rest:
            continue
        line = lines.get(charge.line_number) if charge.line_number is not None else None
        part = parts.get(charge.number, rest) if line is None else _line_part(charge, line, taken.get(line.number, 0))
        if part:
            yield charge, part


def _line_part(charge: Charge, line: SalesLine, quantity: Thousandths) -> Minor:
    """Give F(before + quantity) - F(before) of a line's charge; the last quantity takes the rest, whenever the charge came."""
    before, whole = line.counters.invoiced, abs(line.quantity) - line.counters.cancelled
    if before + quantity >= whole:
        return charge.amount - charge.invoiced
    return share(charge.amount, before + quantity, whole) - share(charge.amount, before, whole) if quantity else 0


def taxes_of_part(charge: Charge, before: Minor, part: Minor) -> tuple[LineTax, ...]:
    """Give the taxes that belong to a part of a charge, after another part went before: exact in any sequence of parts."""
    if not before and part == charge.amount:
        return charge.taxes
    return tuple(
        LineTax(tax.code, tax.rate, share(tax.amount, before + part, charge.amount) - share(tax.amount, before, charge.amount))
        for tax in charge.taxes
    )


def invoice_charges(
    order: SalesOrder, taken: Mapping[int, Thousandths], parts: Mapping[tuple[str, int], Minor], start: int
) -> list[InvoiceCharge]:
    """Make the charges of an invoice from those of an order, numbered after `start`."""
    mine = {number: part for (order_id, number), part in parts.items() if order_id == order.id}
    return [
        InvoiceCharge(
            number=start + place, order_id=order.id, order_number=charge.number, line_number=charge.line_number, code=charge.code,
            origin=charge.origin, amount=part,
            taxes=taxes_of_part(charge, charge.invoiced, part), before=charge.invoiced,
        )
        for place, (charge, part) in enumerate(due(order, taken, mine), 1)
    ]  # fmt: skip


def parts_of(context: Any, orders: Sequence[SalesOrder], quantities: Quantities | None) -> dict[tuple[str, int], Minor]:
    """Ask which part of each header charge an invoice takes; None for the quantities means all that may be invoiced."""
    parts: dict[tuple[str, int], Minor] = {}
    for order in orders:
        if any(charge.line_number is None and charge.amount != charge.invoiced for charge in order.charges):
            taken = {
                line.number: line.invoiceable if quantities is None else quantities.get((order.id, line.number), 0) for line in order.lines
            }
            answer: Mapping[int, Minor] = context.decide("charge_part", order, Facts(), taken)
            parts |= {(order.id, number): part for number, part in answer.items()}
    return parts


def charge_part(order: SalesOrder, facts: Facts, context: Any, taken: Mapping[int, Thousandths]) -> Mapping[int, Minor]:
    """Answer the question `charge_part`: all on the first invoice, or by net amount with the rest on the last, as the setting says."""
    if context.setting("sales.header_charges", store_id=order.store_id) == "first":
        return {}
    return {charge.number: pro_rata(charge, order.lines, taken) for charge in order.charges if charge.line_number is None}


def pro_rata(charge: Charge, lines: Sequence[SalesLine], taken: Mapping[int, Thousandths]) -> Minor:
    """Give the part of a charge that belongs to the net amounts which an invoice bills; the last invoice takes the rest."""
    whole = before = after = 0
    complete = True
    for line in lines:
        open_quantity, billed = abs(line.quantity) - line.counters.cancelled, line.counters.invoiced
        net, now = abs(line.net), billed + taken.get(line.number, 0)
        complete = complete and now >= open_quantity
        whole += net
        before += share(net, billed, abs(line.quantity))
        after += share(net, now, abs(line.quantity))
    if complete or not whole:
        return charge.amount - charge.invoiced
    return share(charge.amount, after, whole) - share(charge.amount, before, whole)


def billed_claims(charges: Iterable[InvoiceCharge]) -> list[Any]:
    """Count what an invoice bills of charges; each must still be where the plan found it."""
    return [
        Claim("sales.charge", (charge.order_id, charge.order_number), {"invoiced": charge.amount}, expected={"invoiced": charge.before})
        for charge in charges
    ]


def refund_claims(before: Iterable[Charge], after: Iterable[Charge], codes: Mapping[str, ChargeCode]) -> list[Any]:
    """Count what charges of an order give back of those of other orders: no more than was billed, but for shipping (CO-62)."""
    amounts: dict[tuple[str, int], Minor] = {}
    free: set[tuple[str, int]] = set()
    for sign, charges in ((1, before), (-1, after)):
        for charge in charges:
            if charge.refund_of is not None:
                amounts[charge.refund_of] = amounts.get(charge.refund_of, 0) + sign * charge.amount
                if charge.code in codes and codes[charge.code].is_shipping:
                    free.add(charge.refund_of)
    return [
        Claim("sales.charge", place, {"refunded": amount}, None if place in free or amount < 0 else "refundable")
        for place, amount in amounts.items()
        if amount
    ]
