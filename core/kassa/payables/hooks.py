"""Payables: what a legal entity owes to vendors, and paying it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel import contributions as give
from kassa.kernel.plugins import hookimpl
from kassa.ledger.documents import Books
from kassa.ledger.facts import load_books
from kassa.payables import banking, models, rules, store, workflow
from kassa.payables.documents import BalanceTransfer, PaymentRun, VendorInvoice, VendorPayment
from kassa.payables.errors import CODES
from kassa.payables.invariants import INVARIANTS
from kassa.payables.operations import OPERATIONS
from kassa.payables.operations.bank_files import after_commit
from kassa.payables.permissions import PERMISSIONS, ROLES
from kassa.payables.reports import REPORTS
from kassa.payables.settings import ACCOUNT_ROLES, REVERSIBLE, SERIES


@hookimpl
def register_storage() -> Iterable[Any]:
    """Contribute the tables and what must hold of them."""
    return [give.Storage(name="payables", tables=models.TABLES), *INVARIANTS]


@hookimpl
def register_documents() -> Iterable[Any]:
    """Contribute vendor invoices, payments, their runs, and transfers of balances."""
    posted: dict[str, Any] = {"states": ("posted",), "chained": True}
    return [
        give.DocumentKind(
            name="vendor_invoice", summary="A vendor invoice, or a vendor credit note", document=VendorInvoice, states=workflow.INVOICE_STATES,
            transitions=workflow.INVOICE_TRANSITIONS, rank=70, rows=store.invoice_rows, load=store.load_invoices,
            tables=(models.VendorInvoiceRow, models.VendorInvoiceLineRow),
            series={"invoice": "vendor_invoice", "credit_note": "vendor_credit_note"}, chained=True,
            shown_by="payables.read_vendor_invoice",
        ),
        give.DocumentKind(
            name="vendor_payment", summary="A payment to a vendor", document=VendorPayment, states=workflow.PAYMENT_STATES,
            transitions=workflow.PAYMENT_TRANSITIONS, rank=75, rows=store.payment_rows, load=store.load_payments,
            tables=(models.VendorPaymentRow,), series="vendor_payment", chained=True, shown_by="payables.read_vendor_payment",
        ),
        give.DocumentKind(
            name="vendor_payment_run", summary="Payments to vendors that go to the bank together", document=PaymentRun,
            transitions=workflow.RUN_TRANSITIONS, rank=74, rows=store.run_rows, load=store.load_runs, tables=(models.PaymentRunRow,),
            series="vendor_payment_run", **posted,
        ),
        give.DocumentKind(
            name="balance_transfer", summary="A balance moved from a customer to a vendor", document=BalanceTransfer,
            transitions=workflow.TRANSFER_TRANSITIONS, rank=76, rows=store.transfer_rows, load=store.load_transfers,
            tables=(models.BalanceTransferRow,), series="balance_transfer", **posted,
        ),
    ]  # fmt: skip


@hookimpl
def register_definitions() -> Iterable[Any]:
    """Contribute the role of banks, number series, what can be reversed, permissions, roles and error codes."""
    return [*ACCOUNT_ROLES, *SERIES, *REVERSIBLE, *PERMISSIONS, *ROLES, *CODES]


@hookimpl
def register_rules() -> Iterable[Any]:
    """Contribute how vendor invoices, payments and transfers are checked, booked, opened and settled."""
    return [*_posting("vendor_invoice", "invoice"), *_posting("vendor_payment", "payment"), *_posting("balance_transfer", "transfer")]


def _posting(kind: str, name: str) -> list[Any]:
    post: dict[str, Any] = {"kind": kind, "transition": "post"}
    check, book, opening = (getattr(rules, f"{act}_{name}") for act in ("check", "book", "open"))
    found: list[Any] = [
        give.Loader(name=f"payables.{name}_books", facts=Books, load=load_books, **post),
        give.Rule(
            name=f"payables.{name}_check",
            stage="check",
            run=check,
            summary="Nobody holds the vendor, and the amounts can be booked.",
            **post,
        ),
        give.Rule(name=f"payables.{name}_book", stage="entries", run=book, summary="It is booked against payables.", **post),
        give.Rule(name=f"payables.{name}_open", stage="open_items", run=opening, summary="It opens on the account of its party.", **post),
    ]
    if name != "invoice":
        found.append(
            give.Rule(
                name=f"payables.{name}_settle",
                stage="settlements",
                run=rules.settle_pairs,
                summary="It settles what it was made for.",
                **post,
            )
        )
    return found


@hookimpl
def register_operations() -> Iterable[Any]:
    """Contribute the verbs of payables."""
    return OPERATIONS


@hookimpl
def register_services() -> Iterable[Any]:
    """Contribute the formats of bank files."""
    return [
        give.Service(
            name="payables.sepa",
            port=banking.PORT,
            provider=banking.SepaCreditTransfers,
            summary="SEPA credit transfers, pain.001",
            default=True,
        ),
        give.Service(name="payables.csv", port=banking.PORT, provider=banking.CommaSeparated, summary="A table of comma-separated values"),
    ]


@hookimpl
def register_events() -> Iterable[Any]:
    """Contribute the events of payables, and the making of bank files after the commit."""
    told = [*workflow.INVOICE_TRANSITIONS, *workflow.PAYMENT_TRANSITIONS, *workflow.RUN_TRANSITIONS, *workflow.TRANSFER_TRANSITIONS]
    events = [give.EventType(name=move.event, summary=move.summary) for move in told if move.event is not None]
    return [*events, give.Listener(name="payables.bank_file", event="payables.payment_run_posted", run=after_commit)]


@hookimpl
def register_reports() -> Iterable[Any]:
    """Contribute the statement of a vendor, and vendors by age."""
    return REPORTS
