"""Rows of payables to values and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa.kernel.database import Reader
from kassa.kernel.tables import Table
from kassa.ledger.documents import DimensionSet
from kassa.payables.documents import BalanceTransfer, PaymentRun, VendorInvoice, VendorInvoiceLine, VendorPayment
from kassa.payables.models import BalanceTransferRow, PaymentRunRow, VendorInvoiceLineRow, VendorInvoiceRow, VendorPaymentRow

HEAD = "d.id, d.type, d.legal_entity_id, d.store_id, d.register, d.state, d.version, d.business_date, d.occurred_at"
FIELDS = ("id", "type", "legal_entity_id", "store_id", "register", "state", "version", "date", "occurred_at")
INVOICES = (
    f"SELECT {HEAD}, i.vendor_id, v.number, i.currency, i.invoice_number, i.description, i.due_date, i.total, coalesce(o.id, d.id) "
    "FROM kernel_document d JOIN payables_vendor_invoice i ON i.document_id = d.id JOIN parties_vendor v ON v.id = i.vendor_id "
    "LEFT JOIN ledger_open_item o ON o.document_id = d.id WHERE d.id IN {keys}"
)
INVOICE_LINES = (
    "SELECT l.document_id, l.number, l.account_id, a.number, l.amount, l.dimension_set_id, s.canonical, l.text FROM payables_vendor_invoice_line l "
    "JOIN ledger_account a ON a.id = l.account_id LEFT JOIN ledger_dimension_set s ON s.id = l.dimension_set_id "
    "WHERE l.document_id IN {keys} ORDER BY l.document_id, l.number"
)
PAYMENTS = (
    f"SELECT {HEAD}, p.vendor_id, v.number, p.run_id, p.bank_account_id, b.code, p.method, p.currency, p.amount, p.iban, p.bic, p.holder, "
    "p.reference, coalesce(o.id, d.id) FROM kernel_document d JOIN payables_vendor_payment p ON p.document_id = d.id "
    "JOIN parties_vendor v ON v.id = p.vendor_id JOIN payables_bank_account b ON b.id = p.bank_account_id "
    "LEFT JOIN ledger_open_item o ON o.document_id = d.id WHERE d.id IN {keys}"
)
RUNS = (
    f"SELECT {HEAD}, r.bank_account_id, r.currency, r.execution_date, r.payments, r.total FROM kernel_document d "
    "JOIN payables_payment_run r ON r.document_id = d.id WHERE d.id IN {keys}"
)
TRANSFERS = (
    f"SELECT {HEAD}, t.customer_id, t.vendor_id, t.currency, t.amount, t.description, t.due_date, t.customer_item_id, t.vendor_item_id, "
    "o.dimension_set_id, s.canonical FROM kernel_document d JOIN payables_balance_transfer t ON t.document_id = d.id "
    "JOIN ledger_open_item o ON o.id = t.vendor_item_id LEFT JOIN ledger_dimension_set s ON s.id = o.dimension_set_id WHERE d.id IN {keys}"
)


def _head(row: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(FIELDS, row, strict=False))


def invoice_rows(document: VendorInvoice) -> Iterable[tuple[type[Table], tuple[Any, ...]]]:
    """Turn a vendor invoice into its rows."""
    yield (
        VendorInvoiceRow,
        (
            document.id, document.legal_entity_id, document.party_id, document.currency, document.invoice_number, document.description,
            document.due_date, document.total,
        ),
    )  # fmt: skip
    for line in document.lines:
        yield VendorInvoiceLineRow, (document.id, line.number, line.account_id, line.amount, line.dimensions.id, line.text)


def load_invoices(read: Reader, ids: Sequence[str]) -> Mapping[str, VendorInvoice]:
    """Read vendor invoices by id, with their lines."""
    lines: dict[str, list[VendorInvoiceLine]] = {}
    for document_id, number, account_id, account, amount, set_id, canonical, text in read.rows_for(INVOICE_LINES, ids):
        lines.setdefault(document_id, []).append(
            VendorInvoiceLine(
                number=number, account_id=account_id, account_number=account, amount=amount,
                dimensions=DimensionSet(set_id, canonical or ""), text=text,
            )
        )  # fmt: skip
    return {
        row[0]: VendorInvoice(
            **_head(row), party_id=row[9], party_number=row[10], currency=row[11], invoice_number=row[12], description=row[13],
            due_date=row[14], total=row[15], open_item_id=row[16], lines=tuple(lines.get(row[0], ())),
        )
        for row in read.rows_for(INVOICES, ids)
    }  # fmt: skip


def payment_rows(document: VendorPayment) -> Iterable[tuple[type[Table], tuple[Any, ...]]]:
    """Turn a vendor payment into its row."""
    yield (
        VendorPaymentRow,
        (
            document.id, document.legal_entity_id, document.party_id, document.run_id, document.bank_account_id, document.method,
            document.currency, document.amount, document.iban, document.bic, document.holder, document.reference,
        ),
    )  # fmt: skip


def load_payments(read: Reader, ids: Sequence[str]) -> Mapping[str, VendorPayment]:
    """Read vendor payments by id; what they settled stands in the ledger."""
    return {
        row[0]: VendorPayment(
            **_head(row), party_id=row[9], party_number=row[10], run_id=row[11], bank_account_id=row[12], bank_account_code=row[13],
            method=row[14], currency=row[15], amount=row[16], iban=row[17], bic=row[18], holder=row[19], reference=row[20],
            open_item_id=row[21],
        )
        for row in read.rows_for(PAYMENTS, ids)
    }  # fmt: skip


def run_rows(document: PaymentRun) -> Iterable[tuple[type[Table], tuple[Any, ...]]]:
    """Turn a run of payments into its row."""
    yield (
        PaymentRunRow,
        (
            document.id, document.legal_entity_id, document.bank_account_id, document.currency, document.execution_date, document.payments,
            document.total,
        ),
    )  # fmt: skip


def load_runs(read: Reader, ids: Sequence[str]) -> Mapping[str, PaymentRun]:
    """Read runs of payments by id."""
    return {
        row[0]: PaymentRun(**_head(row), bank_account_id=row[9], currency=row[10], execution_date=row[11], payments=row[12], total=row[13])
        for row in read.rows_for(RUNS, ids)
    }


def transfer_rows(document: BalanceTransfer) -> Iterable[tuple[type[Table], tuple[Any, ...]]]:
    """Turn a transfer of a balance into its row."""
    yield (
        BalanceTransferRow,
        (
            document.id, document.legal_entity_id, document.customer_id, document.vendor_id, document.currency, document.amount,
            document.description, document.due_date, document.customer_item_id, document.vendor_item_id,
        ),
    )  # fmt: skip


def load_transfers(read: Reader, ids: Sequence[str]) -> Mapping[str, BalanceTransfer]:
    """Read transfers of balances by id; what they settled stands in the ledger."""
    return {
        row[0]: BalanceTransfer(
            **_head(row), customer_id=row[9], vendor_id=row[10], currency=row[11], amount=row[12], description=row[13], due_date=row[14],
            customer_item_id=row[15], vendor_item_id=row[16], item_dimensions=DimensionSet(row[17], row[18] or ""), pairs=(),
        )
        for row in read.rows_for(TRANSFERS, ids)
    }  # fmt: skip
