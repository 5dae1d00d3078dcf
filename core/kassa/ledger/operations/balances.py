"""Balances: the trial balance, and the statement of one account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kassa.kernel.clock import date_of
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Reader
from kassa.kernel.operations import cursor_of
from kassa.kernel.values import format_minor
from kassa.ledger.documents import dimension_values
from kassa.ledger.messages import vouchers as messages
from kassa.ledger.operations.accounts import account
from kassa.ledger.queries import OF_DIMENSION, OF_YEARS, a_date, a_number, an_id, dimension_pattern, narrowed, place_after
from kassa.ledger.store import sides
from kassa.org import facts as org

# A correction stands on its original side with a negative amount, so the side is that of the sign, or the other one.
TRIAL_BALANCE = (
    "SELECT a.number, a.name, a.type, t.debit, t.credit FROM ("
    "SELECT e.account_id, sum(CASE WHEN (e.amount > 0) <> e.correction THEN e.amount ELSE 0 END) AS debit, "
    "sum(CASE WHEN (e.amount > 0) <> e.correction THEN 0 ELSE -e.amount END) AS credit "
    "FROM ledger_voucher v JOIN ledger_entry e ON e.document_id = v.document_id WHERE v.legal_entity_id = ?{where} GROUP BY e.account_id"
    ") t JOIN ledger_account a ON a.id = t.account_id ORDER BY a.number"
)
STATEMENT = (
    "SELECT v.date, v.document_id, e.number, k.value, d.kind, e.amount, e.correction, s.canonical "
    "FROM ledger_voucher v JOIN ledger_entry e ON e.document_id = v.document_id AND e.account_id = ? "
    "JOIN kernel_document d ON d.id = v.document_id LEFT JOIN kernel_document_key k ON k.document_id = v.document_id AND k.name = 'number' "
    "LEFT JOIN ledger_dimension_set s ON s.id = e.dimension_set_id WHERE v.legal_entity_id = ?{where} "
    "ORDER BY v.date, v.document_id, e.number LIMIT ?"
)
BEFORE = (
    "SELECT coalesce(sum(e.amount), 0) FROM ledger_voucher v JOIN ledger_entry e ON e.document_id = v.document_id AND e.account_id = ? "
    "WHERE v.legal_entity_id = ? AND v.date < ?{where}"
)


def balances(
    read: Reader, legal_entity_id: str, from_date: str | None, to_date: str | None, dimension: str | None = None, *, before_closing: bool = False
) -> list[tuple[str, str, str, int, int]]:
    """Add up what was booked on each account between two dates: number, name, type, debits, credits (minor units).

    `dimension` narrows it to entries of one value, such as `store=S001`; `before_closing` leaves out the close of years.
    """
    pattern = dimension_pattern(dimension)
    where, values = narrowed(
        (("v.date >= ?", from_date), ("v.date <= ?", to_date), (OF_DIMENSION, pattern), (OF_YEARS, "year_end" if before_closing else None))
    )
    rows = read.rows(TRIAL_BALANCE.replace("{where}", where), [legal_entity_id, *values])
    return [(row[0], row[1], row[2], int(row[3]), int(row[4])) for row in rows]


def read_trial_balance(request: messages.ReadTrialBalance, context: Context) -> messages.TrialBalanceView:
    """Show the balance of every account up to a date."""
    entity = org.legal_entity(context)
    date = request.date or date_of(context.now, entity.time_zone)
    rows = balances(context.read, entity.id, request.from_date, date, request.dimension, before_closing=request.before_closing)

    def text(amount: int) -> str:
        return format_minor(amount, entity.currency)

    return messages.TrialBalanceView(
        date=date, from_date=request.from_date, currency=entity.currency,
        accounts=tuple(
            messages.TrialBalanceLineView(
                account=number, account_name=name, type=kind, debit=text(debit), credit=text(credit), balance=text(debit - credit),  # type: ignore[arg-type]
            )
            for number, name, kind, debit, credit in rows
        ),
        debit=text(sum(row[3] for row in rows)), credit=text(sum(row[4] for row in rows)),
    )  # fmt: skip


def list_account_entries(request: messages.ListAccountEntries, context: Context) -> messages.AccountStatementPage:
    """Show a page of an account's statement; the cursor carries the balance on, so no page adds up what was before."""
    entity = org.legal_entity(context)
    chosen = account(context, request.account)
    pattern = dimension_pattern(request.dimension)
    where, values = narrowed((("v.date >= ?", request.from_date), ("v.date <= ?", request.to_date), (OF_DIMENSION, pattern)))
    after = place_after(request.after, a_date, an_id, a_number, a_number)
    if after is not None:
        where, values = f"{where} AND (v.date, v.document_id, e.number) > (?, ?, ?)", [*values, *after[:3]]
    opening = after[3] if after is not None else opening_balance(context.read, entity.id, chosen.id, request.from_date, pattern)
    rows = context.read.rows(STATEMENT.replace("{where}", where), [chosen.id, entity.id, *values, request.limit + 1])
    balance, items = opening, []
    for row in rows[: request.limit]:
        balance += row[5]
        items.append(_line(row, balance, entity.currency))
    last = rows[request.limit - 1] if len(rows) > request.limit else None
    return messages.AccountStatementPage(
        account=chosen.number, account_name=chosen.name, currency=entity.currency, opening=format_minor(opening, entity.currency),
        items=tuple(items), next=cursor_of([*last[:3], balance]) if last is not None else None,
    )  # fmt: skip


def opening_balance(read: Reader, legal_entity_id: str, account_id: str, from_date: str | None, pattern: str | None) -> int:
    """Add up what was booked on an account before a date, where it is narrowed of one dimension value; 0 without a date."""
    if from_date is None:
        return 0
    where, values = narrowed(((OF_DIMENSION, pattern),))
    return int(read.value(BEFORE.replace("{where}", where), [account_id, legal_entity_id, from_date, *values]))


def _line(row: Sequence[Any], balance: int, currency: str) -> messages.StatementLineView:
    date, _, _, number, kind, amount, correction, canonical = row
    debit, credit = sides(amount, bool(correction), currency)
    return messages.StatementLineView(
        number=number, kind=kind, date=date, debit=debit, credit=credit, balance=format_minor(balance, currency),
        dimensions=dimension_values(canonical or ""),
    )  # fmt: skip


OPERATIONS = (
    Operation(
        name="ledger.read_trial_balance",
        summary="Read the trial balance",
        description="Debits, credits and balance of every account up to a date; both totals are equal.",
        effect="read",
        http=Http(method="GET", path="/ledger/trial-balance"),
        request=messages.ReadTrialBalance,
        response=messages.TrialBalanceView,
        permission="ledger.read",
        handler=read_trial_balance,
    ),
    Operation(
        name="ledger.list_account_entries",
        summary="Read the statement of an account",
        description="Its entries, oldest first, with the balance after each; debit positive.",
        effect="read",
        http=Http(method="GET", path="/ledger/accounts/{account}/entries"),
        request=messages.ListAccountEntries,
        response=messages.AccountStatementPage,
        permission="ledger.read",
        handler=list_account_entries,
        collection=True,
    ),
)
