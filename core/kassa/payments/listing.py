"""Looking at payments and at the ways to pay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa.kernel.context import Context
from kassa.kernel.keys import find_document
from kassa.kernel.operations import page
from kassa.kernel.values import Minor, format_minor
from kassa.ledger.facts import books
from kassa.ledger.queries import an_id, narrowed, place_after
from kassa.org import facts as org
from kassa.parties import facts as parties
from kassa.payments import messages
from kassa.payments.documents import Payment, TenderType

PAYMENTS = (
    "SELECT p.document_id, k.value, p.tender, p.currency, p.amount, c.number, s.number, d.business_date, p.reference FROM payments_payment p "
    "JOIN kernel_document d ON d.id = p.document_id LEFT JOIN kernel_document_key k ON k.document_id = p.document_id AND k.name = 'number' "
    "LEFT JOIN parties_customer c ON c.id = p.party_id LEFT JOIN org_store s ON s.id = d.store_id WHERE p.legal_entity_id = ?"
)
MORE = (
    "SELECT d.type, p.rounding, o.value, g.value, v.value FROM payments_payment p JOIN kernel_document d ON d.id = p.document_id "
    "LEFT JOIN payments_deposit_item t ON t.document_id = p.document_id "
    "LEFT JOIN kernel_document_key o ON o.document_id = t.order_id AND o.name = 'number' "
    "LEFT JOIN kernel_document_key g ON g.document_id = p.source_id AND g.name = 'number' "
    "LEFT JOIN kernel_document_key v ON v.document_id = d.corrects_id AND v.name = 'number' WHERE p.document_id = ?"
)
OPEN = 'SELECT "open" FROM ledger_open_item WHERE document_id = ?'
# A payment received is a credit and settles debits; one paid out is a debit and settles credits.
SETTLED = (
    "SELECT k.value, t.amount FROM ledger_open_item i JOIN ledger_settlement t ON t.{mine} = i.id JOIN ledger_open_item o ON o.id = t.{other} "
    "LEFT JOIN kernel_document_key k ON k.document_id = o.document_id AND k.name = 'number' WHERE i.document_id = ? "
    "ORDER BY t.document_id, t.number"
)


def list_payments(request: messages.ListPayments, context: Context) -> Any:
    """Show a page of payments, newest first."""
    entity = org.legal_entity(context)
    after = place_after(request.after, an_id)
    conditions = (
        ("p.party_id = ?", parties.customer(context, request.customer).id if request.customer is not None else None),
        ("p.tender = ?", request.tender),
        ("d.store_id = ?", org.store(context, request.store).id if request.store is not None else None),
        ("d.business_date >= ?", request.from_date),
        ("d.business_date <= ?", request.to_date),
        ("p.document_id < ?", after[0] if after is not None else None),
    )
    where, values = narrowed(conditions)
    rows = context.read.rows(f"{PAYMENTS}{where} ORDER BY p.document_id DESC LIMIT ?", [entity.id, *values, request.limit + 1])
    return page(request, messages.PaymentSummaryView, [_summary(row) for row in rows], lambda view: (view.id,))


def _summary(row: Sequence[Any]) -> messages.PaymentSummaryView:
    payment_id, number, tender, currency, amount, customer, store, date, reference = row
    return messages.PaymentSummaryView(
        id=payment_id, number=number, tender=tender, currency=currency, amount=format_minor(amount, currency), customer=customer,
        store=store, date=date, reference=reference,
    )  # fmt: skip


def read_payment(request: messages.ReadPayment, context: Context) -> messages.PaymentView:
    """Show a payment with what it settled."""
    entity = org.legal_entity(context)
    found = find_document(context.read, "payment", entity.id, request.payment)
    (row,) = context.read.rows(f"{PAYMENTS} AND p.document_id = ?", (entity.id, found))
    payment_id, number, tender, currency, amount, customer, store, date, reference = row
    mine, other = ("credit_item_id", "debit_item_id") if amount > 0 else ("debit_item_id", "credit_item_id")
    rows = context.read.rows(SETTLED.replace("{mine}", mine).replace("{other}", other), (payment_id,))
    settled: Any = tuple(messages.SettledView(document=document, amount=format_minor(part, currency)) for document, part in rows)
    left = -int(context.read.value(OPEN, (payment_id,)) or 0)
    ((kind, rounding, order, gives_back, voids),) = context.read.rows(MORE, (payment_id,))
    return messages.PaymentView(
        id=payment_id, number=number, type=kind, rounding=format_minor(rounding, currency), order=order,
        gives_back=gives_back if voids is None else None, voids=voids, tender=tender, currency=currency, amount=format_minor(amount, currency),
        open=format_minor(left, currency), customer=customer, store=store, date=date, reference=reference, settled=settled,
    )  # fmt: skip


def posted_view(
    document: Payment,
    customer: str | None,
    settled: Iterable[tuple[str | None, Minor]],
    numbers: Mapping[str, str],
    *,
    order: str | None = None,
    gives_back: str | None = None,
    voids: str | None = None,
) -> messages.PaymentView:
    """Show a payment that this plan posts, with the documents that it settles and how much of each."""
    currency = document.currency
    parts: Any = tuple(messages.SettledView(document=number, amount=format_minor(part, currency)) for number, part in settled)
    used = sum(item.amount for item in document.settles)
    left = document.total - used if document.total > 0 else document.total + used
    return messages.PaymentView(
        id=document.id, number=numbers.get(document.id), type=document.type, rounding=format_minor(document.rounding, currency), order=order,
        gives_back=gives_back, voids=voids, tender=document.tender, currency=currency, amount=format_minor(document.amount, currency),
        open=format_minor(left, currency), customer=customer, store=document.store_number or None, date=document.date,
        reference=document.reference, settled=parts,
    )  # fmt: skip


def list_tenders(request: messages.ListTenders, context: Context) -> Any:
    """Show a page of the ways to pay, by name."""
    entity = org.legal_entity(context)
    known = books(context, entity.id)
    after = place_after(request.after, str)
    tenders = [tender for tender in context.registry.all(TenderType) if after is None or tender.name > after[0]]
    views = [
        messages.TenderView(
            tender=tender.name, name=tender.summary, takes=tender.takes, refunds=tender.refunds, change=tender.change,
            reverses=tender.reverses, later=tender.later, on_account=tender.on_account, processor=tender.port is not None,
            account=None if tender.on_account else _account(known.accounts.get(("tender", tender.name)) or known.accounts.get(("tender", "")), known.names),
        )
        for tender in tenders[: request.limit + 1]
    ]  # fmt: skip
    return page(request, messages.TenderView, views, lambda view: (view.tender,))


def _account(account_id: str | None, names: Any) -> str | None:
    return names.get(account_id) if account_id is not None else None
