"""Booking an invoice: receivables, revenue, discount, tax and cost of its lines, charges, and its open item with what it settles."""

from __future__ import annotations

from typing import Any

from kassa.kernel.stages import Facts
from kassa.ledger.documents import Books, DimensionSet, OpenItem, dimension_set
from kassa.ledger.postings import Booking, settle
from kassa.sales.charging import charge_codes
from kassa.sales.delivering import book_physical
from kassa.sales.documents import SALE_ROLE, Invoice, InvoiceLine


def book(invoice: Invoice, facts: Facts, context: Any) -> list[Any]:
    """Book the invoice: receivables against revenue, discount, charges and tax; cost against inventory (events of 2.7).

    As a correction what is taken back stands with negative amounts on the sides of the sale (Storno, P12). What is sold, charged
    or lost on the same document was never booked before, so it stands as ever.
    """
    books = facts.of(Books)
    fresh = Booking(invoice, books)
    back = Booking(invoice, books, correction=True) if invoice.correction else fresh
    dimensions = dimension_set(("store", invoice.store_number))
    reversed_total = sum([line.total for line in invoice.lines if line.quantity < 0]) if invoice.correction else 0
    back.debit("receivable", reversed_total, dimensions)
    fresh.debit("receivable", invoice.total - reversed_total, dimensions)
    for line in invoice.lines:
        _book_line(line, invoice, back if line.quantity < 0 else fresh, fresh, context)
    codes = charge_codes(context, invoice.legal_entity_id) if invoice.charges else {}
    for charge in invoice.charges:
        fresh.credit(codes[charge.code].account_role if charge.code in codes else "charge_income", charge.amount, dimensions, charge.code)
        for tax in charge.taxes:
            fresh.credit("sales_tax", tax.amount, dimensions, tax.code)
    return [*back.effects(), *fresh.effects()] if invoice.correction else fresh.effects()


def _book_line(line: InvoiceLine, invoice: Invoice, booking: Booking, fresh: Booking, context: Any) -> None:
    place = dimension_set(("store", line.store_number or invoice.store_number))
    of_sale = _dimensions_of_sale(line, place, context)
    booking.credit("revenue", line.net + line.net_discount, of_sale)
    booking.debit("discount", line.net_discount, of_sale)
    for tax in line.taxes:
        booking.credit("sales_tax", tax.amount, of_sale, tax.code)
    if line.cost:
        _book_cost(line, booking, fresh, of_sale, place)


def _dimensions_of_sale(line: InvoiceLine, place: DimensionSet, context: Any) -> DimensionSet:
    """Give the dimensions of the money of a line: those of the sale where it takes back a sale of another store (domain 2.10)."""
    source = line.order_line.source
    if source is None or context.setting("sales.use_return_store_dimensions"):
        return place
    return dimension_set(("store", source.store_number))


def _book_cost(line: InvoiceLine, booking: Booking, fresh: Booking, of_sale: DimensionSet, place: DimensionSet) -> None:
    """Book the cost of a line: goods against the offset role, or, where they come and are lost or never come, the loss to it."""
    goods, role = line.order_line.treatment.goods, line.order_line.treatment.offset_role
    if goods in ("issue", "receive"):
        booking.debit(role, line.cost, of_sale if role == SALE_ROLE else place)
        booking.credit("inventory", line.cost, place)
    elif role != SALE_ROLE:
        booking.debit(SALE_ROLE, line.cost, of_sale)
        fresh.credit(role, line.cost, place)
        if goods == "receive_and_issue":
            booking.credit("inventory", line.cost, place)
            fresh.debit("inventory", line.cost, place)


def reverse_physical(invoice: Invoice, facts: Facts, context: Any) -> list[Any]:
    """Take back what packing slips booked physically, now that the financial entries are made (INV-19)."""
    booking = Booking(invoice, facts.of(Books))
    for line in invoice.lines:
        if line.physical_cost:
            place = dimension_set(("store", line.store_number or invoice.store_number))
            book_physical(booking, line.order_line.treatment, -line.physical_cost, place)
    return booking.effects()


def open_item(invoice: Invoice, facts: Facts, context: Any) -> list[Any]:
    """Open the invoice on the customer's account; a credit note opens with its negative total (INV-14)."""
    return [
        OpenItem(
            id=invoice.open_item_id, legal_entity_id=invoice.legal_entity_id, party_type=invoice.party_type, party_id=invoice.party_id,
            type=invoice.type, currency=invoice.currency, amount=invoice.total, date=invoice.date, due_date=invoice.due_date,
            dimensions=dimension_set(("store", invoice.store_number)),
        )
    ]  # fmt: skip


def settle_items(invoice: Invoice, facts: Facts, context: Any) -> list[Any]:
    """Settle the invoice with open items that are there already: none, the oldest, or those that were named (INV-15)."""
    effects: list[Any] = []
    for item in invoice.settles:
        debit, credit = (invoice.open_item_id, item.open_item_id) if invoice.total > 0 else (item.open_item_id, invoice.open_item_id)
        effects += settle(
            legal_entity_id=invoice.legal_entity_id, debit_item_id=debit, credit_item_id=credit, amount=item.amount, date=invoice.date,
            stored=frozenset((item.open_item_id,)),
        )  # fmt: skip
    return effects
