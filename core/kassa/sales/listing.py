"""Reading sales: the list of all sales orders, single orders, invoices."""

from __future__ import annotations

from typing import Any

from kassa.kernel.keys import id_or_none, numbers_of
from kassa.kernel.operations import page, read_cursor
from kassa.kernel.values import currency, format_scaled
from kassa.org import facts as org
from kassa.parties import facts as parties
from kassa.sales import facts
from kassa.sales.documents import LineTax
from kassa.sales.messages import (
    InvoiceByKey,
    InvoiceChargeView,
    InvoiceLineView,
    InvoiceSummaryView,
    InvoiceView,
    ListInvoices,
    ListOrders,
    OrderByKey,
    OrderSummaryView,
    OrderView,
    SourceView,
    TaxView,
)
from kassa.sales.posting import customer_number
from kassa.sales.views import TITLES, order_view, tax_view

ORDERS = (
    "SELECT d.id, k.value, d.type, d.state, s.number, d.business_date, o.currency, o.total FROM kernel_document d "
    "JOIN sales_order o ON o.document_id = d.id JOIN org_store s ON s.id = d.store_id "
    "LEFT JOIN kernel_document_key k ON k.document_id = d.id AND k.name = 'number' WHERE d.legal_entity_id = ? AND d.kind = 'order'"
)
KEYED = "SELECT document_id FROM kernel_document_key WHERE legal_entity_id = ? AND value = ? AND kind = 'order'"
INVOICES = (
    'SELECT d.id, k.value, d.type, d.business_date, i.currency, i.total, x."open" FROM kernel_document d '
    "JOIN sales_invoice i ON i.document_id = d.id LEFT JOIN ledger_open_item x ON x.document_id = d.id "
    "LEFT JOIN kernel_document_key k ON k.document_id = d.id AND k.name = 'number' WHERE d.legal_entity_id = ? AND d.kind = 'invoice'"
)
INVOICE = (
    "SELECT d.type, d.business_date, i.due_date, i.currency, i.net, i.tax, i.total FROM kernel_document d "
    "JOIN sales_invoice i ON i.document_id = d.id WHERE d.id = ?"
)
INVOICE_LINES = (
    "SELECT l.number, p.number, l.description, l.quantity, l.unit_price, l.discount, l.net, l.tax, l.total, o.source_number, k.value, "
    "o.unreferenced FROM sales_invoice_line l JOIN catalog_product p ON p.id = l.product_id JOIN sales_order_line o ON o.id = l.order_line_id "
    "LEFT JOIN kernel_document_key k ON k.document_id = o.source_document_id AND k.name = 'number' WHERE l.document_id = ? ORDER BY l.number"
)
INVOICE_CHARGES = (
    "SELECT c.number, c.code, c.amount, c.tax, c.order_number, o.origin, o.line_number FROM sales_invoice_charge c "
    "JOIN sales_order_charge o ON o.document_id = c.order_id AND o.number = c.order_number WHERE c.document_id = ? ORDER BY c.number"
)
INVOICE_TAXES = "SELECT line_number, code, rate, amount FROM sales_invoice_tax WHERE document_id = ? ORDER BY line_number, code"


def list_orders(command: ListOrders, context: Any) -> Any:
    """List orders of every type, newest first (INV-01, INV-05)."""
    entity = org.legal_entity(context)
    where, parameters = "", [entity.id]
    for column, value in (("d.type", command.type), ("d.state", command.state)):
        if value is not None:
            where, parameters = f"{where} AND {column} = ?", [*parameters, value]
    if command.customer is not None:
        where, parameters = f"{where} AND o.customer_id = ?", [*parameters, parties.customer(context, command.customer).id]
    if command.key is not None:
        where, parameters = f"{where} AND d.id IN ({KEYED})", [*parameters, entity.id, command.key]
    where += facts.listed(context)
    after = read_cursor(command.after, 1)
    if after is not None:
        where, parameters = f"{where} AND d.id < ?", [*parameters, id_or_none(str(after[0]))]
    rows = context.read.rows(f"{ORDERS}{where} ORDER BY d.id DESC LIMIT ?", [*parameters, command.limit + 1])
    items = [
        OrderSummaryView(
            id=row[0], number=row[1], type=row[2], state=row[3], store=row[4], date=row[5], currency=row[6],
            total=format_scaled(row[7], currency(row[6]).exponent),
        )
        for row in rows
    ]  # fmt: skip
    return page(command, OrderSummaryView, items, lambda item: [item.id])


def read_order(command: OrderByKey, context: Any) -> OrderView:
    """Show an order by its number or any other key."""
    order_id = facts.find_document(context, "order", command.order)
    order = facts.orders(context, [order_id], every_extension=True)[order_id]
    return order_view(order, customer_number(context, order), numbers_of(context.read, [order_id]).get(order_id))


def list_invoices(command: ListInvoices, context: Any) -> Any:
    """List invoices and credit notes, newest first."""
    entity = org.legal_entity(context)
    where, parameters = "", [entity.id]
    if command.type is not None:
        where, parameters = " AND d.type = ?", [*parameters, command.type]
    after = read_cursor(command.after, 1)
    if after is not None:
        where, parameters = f"{where} AND d.id < ?", [*parameters, id_or_none(str(after[0]))]
    rows = context.read.rows(f"{INVOICES}{where} ORDER BY d.id DESC LIMIT ?", [*parameters, command.limit + 1])
    items = [
        InvoiceSummaryView(
            id=row[0], number=row[1], type=row[2], date=row[3], currency=row[4], total=format_scaled(row[5], currency(row[4]).exponent),
            open=format_scaled(row[6] or 0, currency(row[4]).exponent),
        )
        for row in rows
    ]  # fmt: skip
    return page(command, InvoiceSummaryView, items, lambda item: [item.id])


def read_invoice(command: InvoiceByKey, context: Any) -> InvoiceView:
    """Show an invoice or credit note by its number."""
    invoice_id = facts.find_document(context, "invoice", command.invoice)
    kind, date, due_date, code, net, tax, total = context.read.row(INVOICE, (invoice_id,))
    places = currency(code).exponent
    taxes: dict[int, tuple[TaxView, ...]] = {}
    for number, *found in context.read.rows(INVOICE_TAXES, (invoice_id,)):
        taxes[number] = (*taxes.get(number, ()), tax_view(LineTax(*found), places))
    lines = tuple(
        InvoiceLineView(
            line=row[0], product=row[1], description=row[2], quantity=row[3], unit_price=row[4], discount=format_scaled(row[5], places),
            net=format_scaled(row[6], places), tax=format_scaled(row[7], places), total=format_scaled(row[8], places),
            taxes=taxes.get(row[0], ()), source=SourceView(invoice=row[10], line=row[9]) if row[9] is not None else None,
            unreferenced=bool(row[11]),
        )
        for row in context.read.rows(INVOICE_LINES, (invoice_id,))
    )  # fmt: skip
    charges = tuple(
        InvoiceChargeView(
            code=row[1], amount=format_scaled(row[2], places), tax=format_scaled(row[3], places), charge=row[4], origin=row[5], line=row[6],
            taxes=taxes.get(-row[0], ()),
        )
        for row in context.read.rows(INVOICE_CHARGES, (invoice_id,))
    )  # fmt: skip
    return InvoiceView(
        id=invoice_id, number=numbers_of(context.read, [invoice_id]).get(invoice_id), type=kind, title=TITLES[kind], date=date,
        due_date=due_date, currency=code, lines=lines, charges=charges, net=format_scaled(net, places), tax=format_scaled(tax, places),
        total=format_scaled(total, places),
    )  # fmt: skip
