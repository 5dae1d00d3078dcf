"""Booking an invoice: receivables, revenue, discount, tax and cost of its lines, charges, and its open item with what it settles."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from kassa.kernel.stages import Facts
from kassa.ledger.dimensions import as_booked, dimensions_of
from kassa.ledger.documents import Books, DimensionSet, OpenItem, dimension_values
from kassa.ledger.postings import Booking, settle
from kassa.sales.charging import charge_codes
from kassa.sales.delivering import book_physical
from kassa.sales.documents import SALE_ROLE, Invoice, InvoiceLine

Dimensions = Callable[..., DimensionSet]
"""Gives the dimensions of what an invoice books, for a store or warehouse, and looks each up once."""
Bookings = tuple[Booking, Booking]
"""Where the money of lines is booked, in the currency of the invoice, and where their cost, in that of the books."""


def book(invoice: Invoice, facts: Facts, context: Any) -> list[Any]:
    """Book the invoice: receivables against revenue, discount, charges and tax; cost against inventory (events of 2.7).

    As a correction what is taken back stands with negative amounts on the sides of the sale (Storno, P12). What is sold, charged
    or lost on the same document was never booked before, so it stands as ever.
    """
    books = facts.of(Books)
    dimensions_for = cache(partial(dimensions_of, invoice, context))
    dimensions = dimensions_for()
    anew = _bookings(invoice, books)
    undone = _bookings(invoice, books, correction=True) if invoice.correction else anew
    fresh = anew[0]
    reversed_total = sum([line.total for line in invoice.lines if line.quantity < 0]) if invoice.correction else 0
    undone[0].debit("receivable", reversed_total, dimensions)
    fresh.debit("receivable", invoice.total - reversed_total, dimensions)
    for line in invoice.lines:
        _book_line(line, invoice, undone if line.quantity < 0 else anew, anew, dimensions_for, context)
    codes = charge_codes(context, invoice.legal_entity_id) if invoice.charges else {}
    for charge in invoice.charges:
        fresh.credit(codes[charge.code].account_role if charge.code in codes else "charge_income", charge.amount, dimensions, charge.code)
        for tax in charge.taxes:
            fresh.credit("sales_tax", tax.amount, dimensions, tax.code)
    return [effect for booking in dict.fromkeys((*undone, *anew)) for effect in booking.effects()]


def _bookings(invoice: Invoice, books: Books, *, correction: bool = False) -> Bookings:
    money = Booking(invoice, books, correction=correction)
    if invoice.currency == books.currency:
        return money, money
    return money, Booking(invoice, books, correction=correction, currency=books.currency)


def _book_line(line: InvoiceLine, invoice: Invoice, bookings: Bookings, anew: Bookings, dimensions_for: Dimensions, context: Any) -> None:
    booking, goods = bookings
    place = _place(line, invoice, dimensions_for)
    of_sale = _dimensions_of_sale(line, place, dimensions_for, context)
    booking.credit("revenue", line.net + line.net_discount, of_sale)
    booking.debit("discount", line.net_discount, of_sale)
    for tax in line.taxes:
        booking.credit("sales_tax", tax.amount, of_sale, tax.code)
    if line.cost:
        where = dimensions_for(store=line.store_number, warehouse_id=line.order_line.warehouse_id)
        _book_cost(line, goods, anew[1], of_sale, place, where)


def _place(line: InvoiceLine, invoice: Invoice, dimensions_for: Dimensions) -> DimensionSet:
    """Give the dimensions of the store whose order a line bills; an invoice may bill orders of several."""
    return dimensions_for() if line.store_number in ("", invoice.store_number) else dimensions_for(store=line.store_number)


def _dimensions_of_sale(line: InvoiceLine, place: DimensionSet, dimensions_for: Dimensions, context: Any) -> DimensionSet:
    """Give the dimensions of the money of a line: where it names its source, those with which that was sold, or by setting its own.

    What defaults say may have changed since the sale, so the sale's own dimensions count. Of an invoice over orders of several
    stores they are kept for the first of these alone; the others are asked again.
    """
    source = line.order_line.source
    if source is None or context.setting("sales.use_return_store_dimensions"):
        return place
    sold = as_booked(source.dimensions)
    return sold if dimension_values(sold.canonical).get("store") == source.store_number else dimensions_for(store=source.store_number)


def _book_cost(
    line: InvoiceLine, booking: Booking, fresh: Booking, of_sale: DimensionSet, place: DimensionSet, where: DimensionSet
) -> None:
    """Book the cost of a line: goods against the offset role, or, where they come and are lost or never come, the loss to it.

    Inventory has the dimensions of the warehouse (`where`), whichever store sells.
    """
    goods, role = line.order_line.treatment.goods, line.order_line.treatment.offset_role
    if goods in ("issue", "receive"):
        booking.debit(role, line.cost, of_sale if role == SALE_ROLE else place)
        booking.credit("inventory", line.cost, where)
    elif role != SALE_ROLE:
        booking.debit(SALE_ROLE, line.cost, of_sale)
        fresh.credit(role, line.cost, place)
        if goods == "receive_and_issue":
            booking.credit("inventory", line.cost, where)
            fresh.debit("inventory", line.cost, where)


def reverse_physical(invoice: Invoice, facts: Facts, context: Any) -> list[Any]:
    """Take back what packing slips booked physically, now that the financial entries are made (INV-19)."""
    lines = [line for line in invoice.lines if line.physical_cost]
    if not lines:
        return []
    books = facts.of(Books)
    booking = Booking(invoice, books, currency=books.currency)
    dimensions_for = cache(partial(dimensions_of, invoice, context))
    for line in lines:
        where = dimensions_for(store=line.store_number, warehouse_id=line.order_line.warehouse_id)
        book_physical(booking, line.order_line.treatment, -line.physical_cost, _place(line, invoice, dimensions_for), where)
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
