"""Rules of payables: what vendor invoices, payments and transfers check, book, open and settle."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.stages import Facts
from kassa.ledger.dimensions import dimensions_of
from kassa.ledger.documents import Books, OpenItem
from kassa.ledger.postings import Booking, settle
from kassa.parties import facts as parties
from kassa.parties.documents import Vendor
from kassa.payables.documents import VENDOR, BalanceTransfer, VendorInvoice, VendorPayment


def on_hold(vendor: Vendor, what: str, pointer: str) -> list[Issue]:
    """Tell that a vendor is held for `what`: invoice or payment."""
    if vendor.on_hold not in (what, "all"):
        return []
    message = f"Vendor {vendor.number} {vendor.name} is on hold for {'invoices' if what == 'invoice' else 'payments'}."
    return [Issue(code="PAYABLES_VENDOR_ON_HOLD", message=message, pointer=pointer, got=vendor.on_hold)]


def check_invoice(document: VendorInvoice, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that the vendor may send invoices, and that each line and the total come to something."""
    yield from on_hold(parties.vendor(context, document.party_id), "invoice", "/vendor")
    for line in document.lines:
        if not line.amount:
            message = f"Line {line.number} comes to 0. Give an amount, or leave the line out."
            yield Issue(code="PAYABLES_AMOUNT", message=message, pointer=f"/lines/{line.number - 1}/amount")
    if not document.total:
        yield Issue(code="PAYABLES_AMOUNT", message="The lines come to 0; an invoice asks for something.", pointer="/lines")


def book_invoice(document: VendorInvoice, facts: Facts, context: Any) -> list[Any]:
    """Book the invoice: its lines against payables."""
    booking = Booking(document, facts.of(Books))
    for line in document.lines:
        booking.debit_account(line.account_id, line.amount, line.dimensions)
    booking.credit("payable", document.total, dimensions_of(document, context))
    return booking.effects()


def open_invoice(document: VendorInvoice, facts: Facts, context: Any) -> list[Any]:
    """Open the invoice on the vendor's account: what is owed to the vendor is a credit (negative)."""
    return [
        OpenItem(
            id=document.open_item_id, legal_entity_id=document.legal_entity_id, party_type=VENDOR, party_id=document.party_id,
            type=document.type, currency=document.currency, amount=-document.total, date=document.date, due_date=document.due_date,
            dimensions=dimensions_of(document, context),
        )
    ]  # fmt: skip


def check_payment(document: VendorPayment, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that the vendor may be paid."""
    yield from on_hold(parties.vendor(context, document.party_id), "payment", "/vendor")


def book_payment(document: VendorPayment, facts: Facts, context: Any) -> list[Any]:
    """Book the payment: payables against the bank."""
    booking, dimensions = Booking(document, facts.of(Books)), dimensions_of(document, context)
    booking.debit("payable", document.amount, dimensions)
    booking.credit("bank", document.amount, dimensions, document.bank_account_code)
    return booking.effects()


def open_payment(document: VendorPayment, facts: Facts, context: Any) -> list[Any]:
    """Open the payment on the vendor's account: a debit (positive)."""
    return [
        OpenItem(
            id=document.open_item_id, legal_entity_id=document.legal_entity_id, party_type=VENDOR, party_id=document.party_id,
            type="payment", currency=document.currency, amount=document.amount, date=document.date, due_date=document.date,
            dimensions=dimensions_of(document, context),
        )
    ]  # fmt: skip


def settle_pairs(document: VendorPayment | BalanceTransfer, facts: Facts, context: Any) -> list[Any]:
    """Settle what the document was made for; items that were there before are claimed."""
    own = {document.open_item_id} if isinstance(document, VendorPayment) else {document.customer_item_id, document.vendor_item_id}
    effects: list[Any] = []
    for pair in document.pairs:
        effects += settle(
            legal_entity_id=document.legal_entity_id, debit_item_id=pair.debit_item_id, credit_item_id=pair.credit_item_id,
            amount=pair.amount, date=document.date, stored=frozenset({pair.debit_item_id, pair.credit_item_id} - own),
        )  # fmt: skip
    return effects


def check_transfer(document: BalanceTransfer, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that neither the customer nor the vendor is held back."""
    customer = parties.customer(context, document.customer_id)
    if customer.blocked == "all":
        message = f"Customer {customer.number} {customer.name} is blocked."
        yield Issue(code="SALES_CUSTOMER_BLOCKED", message=message, pointer="/customer", got=customer.blocked)
    yield from on_hold(parties.vendor(context, document.vendor_id), "invoice", "/vendor")


def book_transfer(document: BalanceTransfer, facts: Facts, context: Any) -> list[Any]:
    """Book the transfer: receivables against payables, in the dimensions of what is moved."""
    booking = Booking(document, facts.of(Books))
    booking.debit("receivable", document.amount, document.item_dimensions)
    booking.credit("payable", document.amount, document.item_dimensions)
    return booking.effects()


def open_transfer(document: BalanceTransfer, facts: Facts, context: Any) -> list[Any]:
    """Open a debit on the customer's account and a credit on the vendor's, which is paid like an invoice."""
    shared: dict[str, Any] = {
        "legal_entity_id": document.legal_entity_id, "currency": document.currency, "date": document.date, "dimensions": document.item_dimensions,
    }  # fmt: skip
    customer, vendor = (document.customer_item_id, document.customer_id), (document.vendor_item_id, document.vendor_id)
    return [
        OpenItem(
            id=customer[0],
            party_type="customer",
            party_id=customer[1],
            type="transfer",
            amount=document.amount,
            due_date=document.date,
            **shared,
        ),
        OpenItem(
            id=vendor[0],
            party_type=VENDOR,
            party_id=vendor[1],
            type="invoice",
            amount=-document.amount,
            due_date=document.due_date,
            **shared,
        ),
    ]
