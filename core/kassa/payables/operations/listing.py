"""Looking at payables: lists of vendor invoices and payments, and what a vendor is owed."""

from __future__ import annotations

from typing import Any

from kassa.kernel import keys
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.operations import page, page_of
from kassa.kernel.values import format_minor
from kassa.ledger.operations.open_items import item_page
from kassa.ledger.queries import an_id, narrowed, place_after
from kassa.org import facts as org
from kassa.parties import facts as parties
from kassa.payables.documents import VENDOR
from kassa.payables.messages import invoices as messages
from kassa.payables.messages import payments
from kassa.payables.operations.paying import payment_view
from kassa.payables.operations.resolving import read_payment
from kassa.payables.store import load_payments

INVOICES = (
    'SELECT d.id, k.value, d.type, d.state, v.number, i.invoice_number, d.business_date, i.due_date, i.currency, i.total, o."open" '
    "FROM kernel_document d JOIN payables_vendor_invoice i ON i.document_id = d.id JOIN parties_vendor v ON v.id = i.vendor_id "
    "LEFT JOIN ledger_open_item o ON o.document_id = d.id "
    "LEFT JOIN kernel_document_key k ON k.document_id = d.id AND k.name = 'number' WHERE d.legal_entity_id = ? AND d.kind = 'vendor_invoice'"
)
PAYMENTS = "SELECT d.id FROM kernel_document d JOIN payables_vendor_payment p ON p.document_id = d.id WHERE d.legal_entity_id = ? AND d.kind = 'vendor_payment'"


def list_vendor_invoices(request: messages.ListVendorInvoices, context: Context) -> Any:
    """Show a page of vendor invoices, newest first."""
    entity = org.legal_entity(context)
    vendor_id = parties.vendor(context, request.vendor).id if request.vendor is not None else None
    after = place_after(request.after, an_id)
    where, values = narrowed((("i.vendor_id = ?", vendor_id), ("d.state = ?", request.state), ("d.id < ?", after[0] if after else None)))
    rows = context.read.rows(f"{INVOICES}{where} ORDER BY d.id DESC LIMIT ?", [entity.id, *values, request.limit + 1])
    views = [
        messages.VendorInvoiceSummaryView(
            id=row[0], number=row[1], type=row[2], state=row[3], vendor=row[4], invoice_number=row[5], date=row[6], due_date=row[7],
            currency=row[8], total=format_minor(row[9], row[8]), open=format_minor(-(row[10] or 0), row[8]),
        )
        for row in rows
    ]  # fmt: skip
    return page(request, messages.VendorInvoiceSummaryView, views, lambda view: (view.id,))


def list_open_items(request: messages.ListVendorItems, context: Context) -> messages.VendorItemPage:
    """Show a page of what a vendor is owed (negative) and owes, oldest first, and the balance of all of it."""
    vendor = parties.vendor(context, request.vendor)
    balances, items, following = item_page(request, [vendor.legal_entity_id, VENDOR, vendor.id], context)
    return messages.VendorItemPage(vendor=vendor.number, balances=balances, items=items, next=following)


def list_vendor_payments(request: payments.ListVendorPayments, context: Context) -> Any:
    """Show a page of vendor payments, newest first."""
    entity = org.legal_entity(context)
    vendor_id = parties.vendor(context, request.vendor).id if request.vendor is not None else None
    run_id = keys.find_document(context.read, "vendor_payment_run", entity.id, request.run) if request.run is not None else None
    after = place_after(request.after, an_id)
    where, values = narrowed(
        (
            ("p.vendor_id = ?", vendor_id), ("p.run_id IS NOT NULL AND p.run_id = ?", run_id), ("d.state = ?", request.state),
            ("d.id < ?", after[0] if after else None),
        )
    )  # fmt: skip
    ids = [row[0] for row in context.read.rows(f"{PAYMENTS}{where} ORDER BY d.id DESC LIMIT ?", [entity.id, *values, request.limit + 1])]
    found, numbers = load_payments(context.read, ids), keys.numbers_of(context.read, ids)
    views = [payment_view(found[document_id], numbers.get(document_id), found[document_id].version) for document_id in ids]
    return page(request, payments.VendorPaymentView, views, lambda view: (view.id,))


def read_vendor_payment(request: payments.ReadVendorPayment, context: Context) -> payments.VendorPaymentView:
    """Show one vendor payment."""
    found = read_payment(context, request.payment)
    return payment_view(found, keys.numbers_of(context.read, [found.id]).get(found.id), found.version)


OPERATIONS = (
    Operation(
        name="payables.list_vendor_invoices",
        summary="List vendor invoices",
        effect="read",
        http=Http(method="GET", path="/vendor-invoices"),
        request=messages.ListVendorInvoices,
        response=page_of(messages.VendorInvoiceSummaryView),
        permission="payables.read",
        handler=list_vendor_invoices,
        collection=True,
    ),
    Operation(
        name="payables.list_open_items",
        summary="List a vendor's open items",
        description="What the vendor is owed (negative) and owes (positive), oldest first, with the balance by currency.",
        effect="read",
        http=Http(method="GET", path="/vendors/{vendor}/open-items"),
        request=messages.ListVendorItems,
        response=messages.VendorItemPage,
        permission="payables.read",
        handler=list_open_items,
        collection=True,
    ),
    Operation(
        name="payables.list_vendor_payments",
        summary="List vendor payments",
        effect="read",
        http=Http(method="GET", path="/vendor-payments"),
        request=payments.ListVendorPayments,
        response=page_of(payments.VendorPaymentView),
        permission="payables.read",
        handler=list_vendor_payments,
        collection=True,
    ),
    Operation(
        name="payables.read_vendor_payment",
        summary="Read a vendor payment",
        effect="read",
        http=Http(method="GET", path="/vendor-payments/{payment}"),
        request=payments.ReadVendorPayment,
        response=payments.VendorPaymentView,
        permission="payables.read",
        handler=read_vendor_payment,
    ),
)
