"""What must hold of payables in any database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from kassa.kernel.contributions import Invariant
from kassa.kernel.invariants import SAMPLES
from kassa.ledger.invariants import ACCOUNTS_OF_ROLE

INVOICES = (
    "SELECT document_id, total, lines, items, booked FROM (SELECT i.document_id, i.total, "
    "(SELECT coalesce(sum(l.amount), 0) FROM payables_vendor_invoice_line l WHERE l.document_id = i.document_id) AS lines, "
    "(SELECT coalesce(sum(o.amount), 0) FROM ledger_open_item o WHERE o.document_id = i.document_id AND o.party_type = 'vendor' "
    "AND o.party_id = i.vendor_id AND o.currency = i.currency) AS items, "
    "(SELECT coalesce(sum(e.transaction_amount), 0) FROM ledger_entry e WHERE e.document_id = i.document_id AND e.currency = i.currency "
    f"AND e.account_id IN ({ACCOUNTS_OF_ROLE})) AS booked FROM payables_vendor_invoice i) t "
    "WHERE lines <> total OR items <> -total OR booked <> -total LIMIT ?"
)
PAYMENTS = (
    "SELECT document_id, amount, items, booked FROM (SELECT p.document_id, p.amount, "
    "(SELECT coalesce(sum(o.amount), 0) FROM ledger_open_item o WHERE o.document_id = p.document_id AND o.party_type = 'vendor' "
    "AND o.party_id = p.vendor_id AND o.currency = p.currency) AS items, "
    "(SELECT coalesce(sum(e.transaction_amount), 0) FROM ledger_entry e WHERE e.document_id = p.document_id AND e.currency = p.currency "
    f"AND e.account_id IN ({ACCOUNTS_OF_ROLE})) AS booked FROM payables_vendor_payment p) t WHERE items <> amount OR booked <> -amount LIMIT ?"
)
RUNS = (
    "SELECT document_id, payments, total, paid, sum_paid FROM (SELECT r.document_id, r.payments, r.total, "
    "(SELECT count(*) FROM payables_vendor_payment p WHERE p.run_id IS NOT NULL AND p.run_id = r.document_id) AS paid, "
    "(SELECT coalesce(sum(p.amount), 0) FROM payables_vendor_payment p WHERE p.run_id IS NOT NULL AND p.run_id = r.document_id) AS sum_paid "
    "FROM payables_payment_run r) t WHERE payments <> paid OR total <> sum_paid LIMIT ?"
)
TRANSFERS = (
    "SELECT t.document_id, t.amount FROM payables_balance_transfer t LEFT JOIN ledger_open_item c ON c.id = t.customer_item_id "
    "LEFT JOIN ledger_open_item v ON v.id = t.vendor_item_id WHERE c.id IS NULL OR v.id IS NULL OR c.amount <> t.amount OR v.amount <> -t.amount "
    "OR c.party_id <> t.customer_id OR v.party_id <> t.vendor_id OR c.document_id <> t.document_id OR v.document_id <> t.document_id LIMIT ?"
)


def wrong_invoices(read: Any) -> Iterable[str]:
    """Find vendor invoices that are not the sum of their lines, not on their vendor's account, or not booked."""
    for document_id, total, lines, items, booked in read.rows(INVOICES, ("payable", SAMPLES)):
        yield f"vendor invoice {document_id}: total {total}, lines {int(lines)}, open items {int(items)}, payables {int(booked)} minor units"


def wrong_payments(read: Any) -> Iterable[str]:
    """Find vendor payments that are not on their vendor's account or not booked to a bank."""
    for document_id, amount, items, booked in read.rows(PAYMENTS, ("bank", SAMPLES)):
        yield f"vendor payment {document_id}: amount {amount}, open items {int(items)}, bank {int(booked)} minor units"


def rows_of(sql: str, what: str) -> Callable[[Any], Iterable[str]]:
    """Make the search for documents that a query finds wrong."""

    def found(read: Any) -> Iterable[str]:
        for document_id, *values in read.rows(sql, (SAMPLES,)):
            yield f"{what} {document_id}: it does not agree with its payments or open items: {', '.join(str(value) for value in values)}"

    return found


INVARIANTS = (
    Invariant(name="payables.invoices_booked", summary="Vendor invoices are their lines, on their vendor's account.", find=wrong_invoices),
    Invariant(
        name="payables.payments_booked", summary="Vendor payments are on their vendor's account and out of a bank.", find=wrong_payments
    ),
    Invariant(name="payables.runs_add_up", summary="Runs are the sum of their payments.", find=rows_of(RUNS, "payment run")),
    Invariant(
        name="payables.transfers_opened", summary="Transfers opened both of their items.", find=rows_of(TRANSFERS, "balance transfer")
    ),
)
