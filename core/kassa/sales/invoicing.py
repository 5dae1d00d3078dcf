"""Invoicing: invoices and credit notes made from orders, their stock steps, entries and open item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.plan import Claim
from kassa.kernel.stages import Facts
from kassa.kernel.values import MICRO, Thousandths, format_quantity, new_id, round_half_up, share
from kassa.ledger.dimensions import dimensions_of
from kassa.ledger.documents import Books, OpenItem
from kassa.ledger.postings import Booking
from kassa.sales.documents import Invoice, InvoiceCharge, InvoiceLine, LineTax, SalesLine, SalesOrder
from kassa.stock.movements import move

MOVES: dict[str, tuple[str, str]] = {"issue": ("deducted", "sold"), "receive": ("received", "purchased")}


def part(total: int, before: Thousandths, quantity: Thousandths, whole: Thousandths) -> int:
    """Give the part of a total that belongs to a quantity after `before` was used up: F(before + quantity) - F(before)."""
    if before == 0 and quantity == whole:
        return total
    return share(total, before + quantity, whole) - share(total, before, whole)


def invoice_line(order_id: str, line: SalesLine, quantity: Thousandths, number: int, *, tax_included: bool = False) -> InvoiceLine:
    """Make an invoice line of a quantity (without sign) of an order line: its exact share of every component."""
    counters, whole = line.counters, abs(line.quantity)
    before = counters.invoiced
    taxes = tuple(LineTax(tax.code, tax.rate, part(tax.amount, before, quantity, whole)) for tax in line.taxes)
    tax = sum(found.amount for found in taxes)
    net = part(line.net, before, quantity, whole)
    moved = line.treatment.goods != "none"
    left = counters.delivered - counters.invoiced if moved else 0
    without_tax = discount_without_tax(line) if tax_included else line.discount
    return InvoiceLine(
        number=number, order_id=order_id, order_line=line, quantity=quantity * line.sign,
        discount=part(line.discount, before, quantity, whole), net_discount=part(without_tax, before, quantity, whole),
        net=net, tax=tax, total=net + tax, taxes=taxes,
        cost=share(counters.delivered_cost - counters.invoiced_cost, min(quantity, left), left) if left else 0,
        physical_cost=share(counters.physical_cost, min(quantity, left), left) if left else 0,
    )  # fmt: skip


def discount_without_tax(line: SalesLine) -> int:
    """Take the tax out of a discount on a price that includes it, so that revenue and discount are both booked without tax."""
    return round_half_up(line.discount * MICRO, MICRO + sum(tax.rate for tax in line.taxes))


def invoice_of(
    orders: Sequence[SalesOrder],
    quantities: Mapping[tuple[str, int], Thousandths] | None = None,
    *,
    correction: bool = False,
    due_date: str | None = None,
) -> Invoice | None:
    """Make the invoice of orders of one party: of all that may be invoiced, or of given quantities by order and line.

    Its class follows the sign of its total (INV-11). Returns None where there is nothing to invoice.
    """
    first = orders[0]
    lines: list[InvoiceLine] = []
    charges: list[InvoiceCharge] = []
    for order in orders:
        for line in order.lines:
            asked = line.invoiceable if quantities is None else quantities.get((order.id, line.number), 0)
            if asked:
                lines.append(invoice_line(order.id, line, asked, len(lines) + 1, tax_included=order.price_includes_tax))
        for charge in order.charges:
            if not charge.invoiced and charge.amount:
                charges.append(
                    InvoiceCharge(
                        number=len(charges) + 1, order_id=order.id, order_number=charge.number, code=charge.code, amount=charge.amount,
                        tax=charge.tax, tax_code=charge.tax_code, rate=charge.rate,
                    )
                )  # fmt: skip
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
        if goods in MOVES:
            before, after = MOVES[goods]
            effects += move(
                lot_id=order_line.id, sequence=order_line.sequence + 1, legal_entity_id=invoice.legal_entity_id,
                product_id=order_line.product_id, warehouse_id=order_line.warehouse_id, from_status=before, to_status=after,
                quantity=-line.quantity, date=invoice.date, issued_cost=-line.cost,
            )  # fmt: skip
            counted["invoiced_cost"] = line.cost
            if line.physical_cost:
                counted["physical_cost"] = -line.physical_cost
        bound = "invoiceable_goods" if goods in MOVES else "invoiceable_service"
        effects.append(Claim("sales.line", (order_line.id,), counted, bound))
    for charge in invoice.charges:
        effects.append(Claim("sales.charge", (charge.order_id, charge.order_number), {"invoiced": charge.amount}))
    return effects


def book(invoice: Invoice, facts: Facts, context: Any) -> list[Any]:
    """Book the invoice: receivables against revenue, discount, charges and tax; cost against inventory (events of 2.7)."""
    dimensions, books = dimensions_of(invoice, context), facts.of(Books)
    booking = Booking(invoice, books, correction=invoice.correction)
    goods = Booking(invoice, books, correction=invoice.correction, currency=books.currency)
    booking.debit("receivable", invoice.total, dimensions)
    for line in invoice.lines:
        booking.credit("revenue", line.net + line.net_discount, dimensions)
        booking.debit("discount", line.net_discount, dimensions)
        for tax in line.taxes:
            booking.credit("sales_tax", tax.amount, dimensions, tax.code)
        if line.cost:
            goods.debit(line.order_line.treatment.offset_role, line.cost, dimensions)
            goods.credit("inventory", line.cost, dimensions_of(invoice, context, warehouse_id=line.order_line.warehouse_id))
    for charge in invoice.charges:
        booking.credit("charge_income", charge.amount, dimensions, charge.code)
        booking.credit("sales_tax", charge.tax, dimensions, charge.tax_code or "")
    return [*booking.effects(), *goods.effects()]


def reverse_physical(invoice: Invoice, facts: Facts, context: Any) -> list[Any]:
    """Take back what packing slips booked physically, now that the financial entries are made (INV-19)."""
    cost = sum(line.physical_cost for line in invoice.lines)
    if not cost:
        return []
    dimensions, books = dimensions_of(invoice, context), facts.of(Books)
    booking = Booking(invoice, books, currency=books.currency)
    booking.debit("inventory_physical", cost, dimensions)
    booking.credit("packing_slip_offset", cost, dimensions)
    return booking.effects()


def open_item(invoice: Invoice, facts: Facts, context: Any) -> list[Any]:
    """Open the invoice on the customer's account; a credit note opens with its negative total (INV-14)."""
    return [
        OpenItem(
            id=invoice.open_item_id, legal_entity_id=invoice.legal_entity_id, party_type=invoice.party_type, party_id=invoice.party_id,
            type=invoice.type, currency=invoice.currency, amount=invoice.total, date=invoice.date, due_date=invoice.due_date,
            dimensions=dimensions_of(invoice, context),
        )
    ]  # fmt: skip
