"""Vouchers: list them, and read one with its entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import AmbiguousKey, NotFound
from kassa.kernel.keys import id_or_none
from kassa.kernel.operations import page, page_of
from kassa.kernel.values import format_minor, format_scaled
from kassa.ledger.documents import dimension_values
from kassa.ledger.messages import vouchers as messages
from kassa.ledger.queries import a_date, an_id, narrowed, place_after
from kassa.ledger.rates import RATE_PLACES
from kassa.ledger.store import sides
from kassa.org import facts as org

VOUCHERS = (
    "SELECT v.document_id, k.value, d.kind, d.type, v.date, v.currency, "
    "(SELECT coalesce(sum(e.amount), 0) FROM ledger_entry e WHERE e.document_id = v.document_id AND (e.amount > 0) <> e.correction), v.rate "
    "FROM ledger_voucher v JOIN kernel_document d ON d.id = v.document_id "
    "LEFT JOIN kernel_document_key k ON k.document_id = v.document_id AND k.name = 'number' WHERE v.legal_entity_id = ?"
)
_HELD = "SELECT n.document_id FROM kernel_document_key n WHERE n.legal_entity_id = ? AND n.value = ?"
BY_KEY = f" AND v.document_id IN ({_HELD} AND n.identifying UNION {_HELD} AND NOT n.identifying)"
ENTRIES = (
    "SELECT e.number, a.number, a.name, e.amount, e.currency, e.transaction_amount, e.correction, s.canonical, e.rule FROM ledger_entry e "
    "LEFT JOIN ledger_account a ON a.id = e.account_id LEFT JOIN ledger_dimension_set s ON s.id = e.dimension_set_id "
    "WHERE e.document_id = ? ORDER BY e.number"
)


def list_vouchers(request: messages.ListVouchers, context: Context) -> Any:
    """Show a page of vouchers, newest date first."""
    entity = org.legal_entity(context)
    where, values = narrowed((("d.kind = ?", request.kind), ("v.date >= ?", request.from_date), ("v.date <= ?", request.to_date)))
    after = place_after(request.after, a_date, an_id)
    if after is not None:
        where, values = f"{where} AND (v.date, v.document_id) < (?, ?)", [*values, *after]
    sql = f"{VOUCHERS}{where} ORDER BY v.date DESC, v.document_id DESC LIMIT ?"
    rows = context.read.rows(sql, [entity.id, *values, request.limit + 1])
    views = [
        messages.VoucherSummaryView(
            id=row[0], number=row[1], kind=row[2], type=row[3], date=row[4], currency=row[5], amount=format_minor(int(row[6]), row[5])
        )
        for row in rows
    ]
    return page(request, messages.VoucherSummaryView, views, lambda view: (view.date, view.id))


def read_voucher(request: messages.ReadVoucher, context: Context) -> messages.VoucherView:
    """Show the voucher of a document, found by any key of the document or by its id."""
    entity = org.legal_entity(context)
    if id_or_none(request.voucher) == request.voucher:
        rows = context.read.rows(f"{VOUCHERS} AND v.document_id = ?", (entity.id, request.voucher))
    else:
        rows = context.read.rows(f"{VOUCHERS}{BY_KEY}", (entity.id, *(entity.id, request.voucher) * 2))
    if not rows:
        raise NotFound("voucher", request.voucher)
    if len(rows) > 1:
        raise AmbiguousKey(request.voucher, [row[1] or row[0] for row in rows])
    document_id, number, kind, document_type, date, currency, total, rate = rows[0]
    amount = format_minor(int(total), currency)
    return messages.VoucherView(
        id=document_id, number=number, kind=kind, type=document_type, date=date, currency=currency,
        rate=format_scaled(rate, RATE_PLACES, trim=True) if rate is not None else None,
        entries=tuple(_entry(row, currency) for row in context.read.rows(ENTRIES, (document_id,))), debit=amount, credit=amount,
    )  # fmt: skip


def _entry(row: Sequence[Any], books_currency: str) -> messages.EntryView:
    number, account, name, amount, currency, transaction_amount, correction, canonical, rule = row
    debit, credit = sides(amount, bool(correction), books_currency)
    foreign = currency != books_currency
    return messages.EntryView(
        entry=number, account=account, account_name=name, debit=debit, credit=credit,
        transaction_currency=currency if foreign else None,
        transaction_amount=format_minor(transaction_amount, currency) if foreign else None,
        correction=bool(correction), dimensions=dimension_values(canonical or ""), rule=rule,
    )  # fmt: skip


OPERATIONS = (
    Operation(
        name="ledger.list_vouchers",
        summary="List vouchers",
        effect="read",
        http=Http(method="GET", path="/ledger/vouchers"),
        request=messages.ListVouchers,
        response=page_of(messages.VoucherSummaryView),
        permission="ledger.read",
        handler=list_vouchers,
        collection=True,
    ),
    Operation(
        name="ledger.read_voucher",
        summary="Read a voucher",
        description="The entries of a document, found by its number: account, debit or credit, dimensions, and the rule that booked it.",
        effect="read",
        http=Http(method="GET", path="/ledger/vouchers/{voucher}"),
        request=messages.ReadVoucher,
        response=messages.VoucherView,
        permission="ledger.read",
        handler=read_voucher,
    ),
)
