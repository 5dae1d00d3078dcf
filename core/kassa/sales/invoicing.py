"""Invoicing: invoices and credit notes made from orders, their stock steps, entries and open item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.plan import Claim
from kassa.kernel.stages import Facts
from kassa.kernel.values import Minor, Thousandths, currency, format_quantity, new_id, share
from kassa.ledger.documents import Books
from kassa.sales.charging import billed_claims, invoice_charges
from kassa.sales.delivering import BACK, FIRST
from kassa.sales.documents import SALE_ROLE, Invoice, InvoiceCharge, InvoiceLine, LineTax, SalesLine, SalesOrder
from kassa.sales.sources import part, taken_back
from kassa.stock.costing import Valuation
from kassa.stock.movements import move

MOVES: dict[str, tuple[tuple[str, str, int], ...]] = {
    "issue": (("deducted", "sold", FIRST),),
    "receive": (("received", "purchased", FIRST),),
    "receive_and_issue": (("received", "purchased", FIRST), ("deducted", "sold", BACK)),
}


def invoice_line(order_id: str, line: SalesLine, quantity: Thousandths, number: int, *, store_number: str = "") -> InvoiceLine:
    """Make an invoice line of a quantity (without sign) of an order line: its exact share of every component.

    A line whose treatment has no money bills nothing, whatever the order expected.
    """
    counters, whole = line.counters, abs(line.quantity)
    before = counters.invoiced
    left = counters.delivered - counters.invoiced if line.treatment.goods != "none" else 0
    cost = share(counters.delivered_cost - counters.invoiced_cost, min(quantity, left), left) if left else _cost_unmoved(line, quantity)
    physical_cost = share(counters.physical_cost, min(quantity, left), left) if left else 0
    if line.treatment.money == "none":
        return InvoiceLine(
            number=number, order_id=order_id, store_number=store_number, order_line=line, quantity=quantity * line.sign, discount=0,
            net_discount=0, net=0, tax=0, total=0, taxes=(), cost=cost, physical_cost=physical_cost,
        )  # fmt: skip
    taxes = tuple(LineTax(tax.code, tax.rate, part(tax.amount, before, quantity, whole)) for tax in line.taxes)
    tax = sum(found.amount for found in taxes)
    net = part(line.net, before, quantity, whole)
    return InvoiceLine(
        number=number, order_id=order_id, store_number=store_number, order_line=line, quantity=quantity * line.sign,
        discount=part(line.discount, before, quantity, whole), net_discount=part(line.net_discount, before, quantity, whole),
        net=net, tax=tax, total=net + tax, taxes=taxes, cost=cost, physical_cost=physical_cost,
    )  # fmt: skip


def _cost_unmoved(line: SalesLine, quantity: Thousandths) -> Minor:
    """Give the cost of goods that are credited and never come back, where it is fixed: the loss (event P6)."""
    if line.fixed_cost is None or line.treatment.goods != "none" or line.treatment.offset_role == SALE_ROLE:
        return 0
    return part(line.fixed_cost, line.counters.invoiced, quantity, abs(line.quantity))


def value_losses(invoice: Invoice, facts: Facts, context: Any) -> Invoice:
    """Value goods that are credited and never come back at the present average, where no other cost is known (P6, RET-13)."""
    lost = [line for line in invoice.lines if _is_lost_at_average(line.order_line)]
    if not lost:
        return invoice
    places = [(line.order_line.product_id, line.order_line.warehouse_id) for line in lost]
    valuation = Valuation(context, places, currency(facts.of(Books).currency).exponent)
    costs = {
        line.number: line.order_line.sign * valuation.average(place, abs(line.quantity), line.order_line.standard_cost, line.order_line.costing)
        for line, place in zip(lost, places, strict=True)
    }
    return evolve(invoice, lines=tuple(evolve(line, cost=costs[line.number]) if line.number in costs else line for line in invoice.lines))


def _is_lost_at_average(line: SalesLine) -> bool:
    treatment = line.treatment
    return treatment.goods == "none" and treatment.offset_role != SALE_ROLE and line.fixed_cost is None and line.stocked


def invoice_of(
    orders: Sequence[SalesOrder],
    quantities: Mapping[tuple[str, int], Thousandths] | None = None,
    *,
    correction: bool = False,
    due_date: str | None = None,
    parts: Mapping[tuple[str, int], Minor] | None = None,
) -> Invoice | None:
    """Make the invoice of orders of one party: of all that may be invoiced, or of given quantities by order and line.

    `parts` are those of header charges by order and number, where an invoice does not take all that is left of them.
    Its class follows the sign of its total (INV-11). Returns None where there is nothing to invoice.
    """
    first = orders[0]
    lines: list[InvoiceLine] = []
    charges: list[InvoiceCharge] = []
    for order in orders:
        taken: dict[int, Thousandths] = {}
        for line in order.lines:
            asked = line.invoiceable if quantities is None else quantities.get((order.id, line.number), 0)
            if asked:
                taken[line.number] = asked
                lines.append(invoice_line(order.id, line, asked, len(lines) + 1, store_number=order.store_number))
        if order.charges:
            charges += invoice_charges(order, taken, parts or {}, len(charges))
    if not lines and not charges:
        return None
    net = sum(line.net for line in lines) + sum(charge.amount for charge in charges)
    tax = sum(line.tax for line in lines) + sum(charge.tax for charge in charges)
    return Invoice(
        id=new_id(), type="invoice" if net + tax >= 0 else "credit_note", legal_entity_id=first.legal_entity_id, store_id=first.store_id,
        register=first.register, state="new", date=first.date, occurred_at=first.occurred_at, party_type=first.party_type,
        party_id=first.party_id, currency=first.currency, exponent=first.exponent, store_number=first.store_number,
        open_item_id=new_id(), due_date=due_date or first.date, net=net, tax=tax, total=net + tax, correction=correction,
        lines=tuple(lines), charges=tuple(charges),
    )  # fmt: skip


def check_quantities(invoice: Invoice, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that no line bills more than was delivered and is not invoiced yet (INV-10)."""
    for line in invoice.lines:
        allowed = line.order_line.invoiceable
        if not 0 < abs(line.quantity) <= allowed:
            yield Issue(
                code="INV_QUANTITY_NOT_DELIVERED",
                message=f"Line {line.order_line.number}: {format_quantity(abs(line.quantity))} asked, {format_quantity(allowed)} delivered and not invoiced.",
                pointer=f"/lines/{line.number - 1}/quantity",
                expected={"invoiceable": format_quantity(allowed)},
                got=format_quantity(abs(line.quantity)),
                action="Post the packing slip first, or invoice less.",
            )


def move_goods(invoice: Invoice, facts: Facts, context: Any) -> list[Any]:
    """Finish each lot financially, and count what was invoiced on the order line."""
    effects: list[Any] = []
    for line in invoice.lines:
        order_line = line.order_line
        goods = order_line.treatment.goods
        counted = {"invoiced": abs(line.quantity)}
        if line.cost:
            counted["invoiced_cost"] = line.cost
        if line.physical_cost:
            counted["physical_cost"] = -line.physical_cost
        for sequence, (before, after, sign) in enumerate(MOVES.get(goods, ()), order_line.sequence + 1):
            effects += move(
                lot_id=order_line.id, sequence=sequence, legal_entity_id=invoice.legal_entity_id,
                product_id=order_line.product_id, warehouse_id=order_line.warehouse_id, from_status=before, to_status=after,
                quantity=sign * line.quantity, date=invoice.date, issued_cost=sign * line.cost,
            )  # fmt: skip
        bound = "invoiceable_goods" if goods in MOVES else "invoiceable_service"
        effects.append(Claim("sales.line", (order_line.id,), counted, bound))
        effects += taken_back(order_line, abs(line.quantity), context)
    return [*effects, *billed_claims(invoice.charges)] if invoice.charges else effects
