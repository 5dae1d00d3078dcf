"""Reports of the ledger: the trial balance, and open items by age."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import attrs

from kassa.kernel.clock import add_days, date_of
from kassa.kernel.contributions import Report
from kassa.kernel.database import Reader
from kassa.kernel.schema import Date, Text
from kassa.kernel.values import format_minor
from kassa.ledger.operations.balances import balances
from kassa.ledger.operations.periods import EARLIEST
from kassa.ledger.statements import STATEMENTS
from kassa.org import facts as org
from kassa.org.editing import about

AGES = (0, 30, 60, 90)
"""Days overdue at which a new column begins."""
AGE_COLUMNS = ("party_type", "party", "name", "currency", "not_due", "days_1_30", "days_31_60", "days_61_90", "days_over_90", "total")
BY_AGE = (
    "SELECT i.party_type, coalesce(c.number, n.number, s.number), coalesce(c.name, n.name, s.name), i.currency, {columns}, sum(i.\"open\") "
    "FROM ledger_open_item i LEFT JOIN parties_customer c ON c.id = i.party_id LEFT JOIN parties_vendor n ON n.id = i.party_id "
    "LEFT JOIN org_store s ON s.id = i.party_id "
    "WHERE i.legal_entity_id = ? AND i.\"open\" <> 0 AND i.date <= ? GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 4"
)


@attrs.frozen(kw_only=True)
class TrialBalanceParameters:
    """Which dates the trial balance covers."""

    date: Date | None = attrs.field(default=None, metadata=about("Up to and with this date; today where it is left out."))
    from_date: Date | None = attrs.field(default=None, metadata=about("Only what was booked from this date on."))
    dimension: Text | None = attrs.field(default=None, metadata=about("Only entries with this value of a dimension.", "store=S001"))
    before_closing: bool = attrs.field(default=False, metadata=about("Leave out the transfer of results at the close of a year."))


@attrs.frozen(kw_only=True)
class OpenItemsParameters:
    """On which date the age of open items is taken."""

    date: Date | None = attrs.field(default=None, metadata=about("Items up to this date, overdue on it; today where it is left out."))


def trial_balance(read: Reader, parameters: TrialBalanceParameters, context: Any) -> Iterable[Sequence[Any]]:
    """Give one row for each account that was booked on, and the totals."""
    entity = org.legal_entity(context)
    until = parameters.date or date_of(context.now, entity.time_zone)
    rows = balances(read, entity.id, parameters.from_date, until, parameters.dimension, before_closing=parameters.before_closing)
    for number, name, kind, debit, credit in rows:
        yield number, name, kind, *(format_minor(amount, entity.currency) for amount in (debit, credit, debit - credit))
    debits, credits = sum(row[3] for row in rows), sum(row[4] for row in rows)
    yield "", "Total", "", *(format_minor(amount, entity.currency) for amount in (debits, credits, debits - credits))


def open_items_by_age(read: Reader, parameters: OpenItemsParameters, context: Any) -> Iterable[Sequence[Any]]:
    """Give one row for each party with open items: what is not due yet, and what is overdue by age, debit positive."""
    entity = org.legal_entity(context)
    date = max(parameters.date or date_of(context.now, entity.time_zone), EARLIEST)
    # Column n holds what was due from AGES[n] days before the date (exclusive) to AGES[n - 1] days before it.
    limits = [add_days(date, -age) for age in AGES]
    columns, values = ["sum(CASE WHEN i.due_date >= ? THEN i.\"open\" ELSE 0 END)"], [limits[0]]
    for newer, older in pairwise(limits):
        columns.append("sum(CASE WHEN i.due_date < ? AND i.due_date >= ? THEN i.\"open\" ELSE 0 END)")
        values += [newer, older]
    columns.append("sum(CASE WHEN i.due_date < ? THEN i.\"open\" ELSE 0 END)")
    sql = BY_AGE.format(columns=", ".join(columns))
    for party_type, number, name, currency, *amounts in read.rows(sql, [*values, limits[-1], entity.id, date]):
        yield party_type, number, name, currency, *(format_minor(int(amount), currency) for amount in amounts)


REPORTS = (
    Report(
        name="ledger.trial_balance",
        summary="Debits, credits and balance of every account",
        parameters=TrialBalanceParameters,
        columns=("account", "name", "type", "debit", "credit", "balance"),
        run=trial_balance,
        permission="ledger.read",
    ),
    Report(
        name="ledger.open_items_by_age",
        summary="What parties owe and are owed, by days overdue",
        parameters=OpenItemsParameters,
        columns=AGE_COLUMNS,
        run=open_items_by_age,
        permission="ledger.read",
    ),
    *STATEMENTS,
)
