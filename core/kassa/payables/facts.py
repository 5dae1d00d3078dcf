"""Reading payables: the bank accounts of the legal entity, and what a bank file is made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kassa.kernel.context import Context
from kassa.kernel.database import Reader
from kassa.kernel.errors import Issue, NotFound
from kassa.kernel.keys import id_or_none
from kassa.org import facts as org
from kassa.payables.documents import BankBatch, BankPayment
from kassa.payables.messages.payments import BankAccountView

BANK_ACCOUNT = "SELECT id, code, name, iban, bic, currency, active, version FROM payables_bank_account"
BATCH = (
    "SELECT r.document_id, k.value, d.occurred_at, r.execution_date, e.name, b.iban, b.bic, r.currency FROM payables_payment_run r "
    "JOIN kernel_document d ON d.id = r.document_id JOIN payables_bank_account b ON b.id = r.bank_account_id "
    "JOIN org_legal_entity e ON e.id = r.legal_entity_id "
    "LEFT JOIN kernel_document_key k ON k.document_id = r.document_id AND k.name = 'number' WHERE r.document_id = ?"
)
PAYMENTS = "SELECT document_id, amount, holder, iban, bic, reference FROM payables_vendor_payment WHERE run_id IS NOT NULL AND run_id = ? ORDER BY document_id"


def bank_account(context: Context, reference: str) -> BankAccountView:
    """Find a bank account of the legal entity by its code or id; NotFound where there is none."""
    entity = org.legal_entity(context)
    row = context.read.row(
        f"{BANK_ACCOUNT} WHERE legal_entity_id = ? AND (code = ? OR id = ?)", (entity.id, reference, id_or_none(reference))
    )
    if row is None:
        raise NotFound("bank account", reference)
    return bank_account_view(row)


def bank_account_view(row: Any) -> BankAccountView:
    """Show a bank account, of a row of BANK_ACCOUNT."""
    account_id, code, name, iban, bic, currency, active, version = row
    return BankAccountView(id=account_id, code=code, name=name, iban=iban, bic=bic, currency=currency, active=bool(active), version=version)


def paying_account(context: Context, reference: str, currency: str | None = None) -> BankAccountView:
    """Find a bank account that can be paid from, in a currency; Refused where it is closed or in another."""
    found = bank_account(context, reference)
    if not found.active:
        _unfit(context, f"The bank account {found.code} is closed.", found.code)
    if currency is not None and currency != found.currency:
        _unfit(context, f"The bank account {found.code} is in {found.currency}; the payment is in {currency}.", currency)
    return found


def _unfit(context: Context, message: str, got: str) -> None:
    context.refuse([Issue(code="PAYABLES_BANK_ACCOUNT", message=message, pointer="/bank_account", got=got)])


def batch(read: Reader, run_id: str) -> BankBatch | None:
    """Read what the file of a run is made from; None where there is no such run."""
    row = read.row(BATCH, (run_id,))
    if row is None:
        return None
    payments = [
        BankPayment(id=found[0], amount=found[1], holder=found[2], iban=found[3], bic=found[4], reference=found[5])
        for found in read.rows(PAYMENTS, (run_id,))
    ]
    return BankBatch(
        id=row[0], number=row[1] or row[0], created_at=row[2], execution_date=row[3], debtor=row[4], iban=row[5], bic=row[6], currency=row[7],
        payments=tuple(payments),
    )  # fmt: skip


def dimension_items(dimensions: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    """Give dimension values of a request as pairs."""
    return tuple((dimensions or {}).items())
