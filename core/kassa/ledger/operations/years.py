"""Closing a year: its result goes to equity, so the next one begins with revenue and expenses at 0."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue
from kassa.kernel.operations import Result
from kassa.kernel.plan import Event, Row
from kassa.kernel.values import new_id
from kassa.ledger.documents import DimensionSet, Entry, Journal, Period
from kassa.ledger.facts import books
from kassa.ledger.messages import journals as messages
from kassa.ledger.models import PeriodRow
from kassa.ledger.operations.journals import journal_view
from kassa.org import facts as org

RESULT = (
    "SELECT e.account_id, e.dimension_set_id, s.canonical, sum(e.amount) FROM ledger_voucher v JOIN ledger_entry e ON e.document_id = v.document_id "
    "JOIN ledger_account a ON a.id = e.account_id LEFT JOIN ledger_dimension_set s ON s.id = e.dimension_set_id "
    "WHERE v.legal_entity_id = ? AND v.date BETWEEN ? AND ? AND a.type IN ('revenue', 'expense') "
    "GROUP BY e.account_id, e.dimension_set_id, s.canonical HAVING sum(e.amount) <> 0 ORDER BY e.account_id, e.dimension_set_id"
)
VERSION = "SELECT version FROM ledger_period WHERE id = ?"
LENGTH_AT_MOST = 24
"""Periods that a year may have."""


def close_year(command: messages.CloseYear, context: Context) -> Result:
    """Plan the transfer of a year's result, by account and dimensions; what was transferred before is not transferred again."""
    entity = org.legal_entity(context)
    known = books(context, entity.id)
    year = [period for period in known.periods if command.first_date <= period.first_date <= command.last_date]
    context.refuse(_unfit(command, year))
    rows = context.read.rows(RESULT, (entity.id, command.first_date, command.last_date))
    if not rows:
        message = f"Revenue and expenses from {command.first_date} to {command.last_date} are 0; there is nothing to transfer."
        context.refuse([Issue(code="LEDGER_NOTHING_TO_CLOSE", message=message, pointer="/last_date")])
    entries = [Entry(row[0], -int(row[3]), DimensionSet(row[1], row[2] or ""), known.currency, -int(row[3])) for row in rows]
    equity = known.account("retained_earnings")
    results: dict[DimensionSet, int] = {}
    for entry in entries:
        results[entry.dimensions] = results.get(entry.dimensions, 0) - entry.amount
    entries += [Entry(equity, amount, dimensions, known.currency, amount) for dimensions, amount in results.items() if amount]
    document = Journal(
        id=new_id(), type="year_end", legal_entity_id=entity.id, store_id=None, register=context.actor.register or "office", state="new",
        date=command.last_date, occurred_at=context.now, currency=known.currency,
        description=f"Result of {command.first_date} to {command.last_date}", entries=tuple(entries),
    )  # fmt: skip
    (posted,) = context.step("journal", "post", [document])
    # Two that close the same year at once both count the version of its last period up: the second plans again and finds nothing left.
    last = year[-1]
    version = context.read.value(VERSION, (last.id,))
    told = {"first_date": command.first_date, "last_date": command.last_date, "document": posted.id}
    context.plan.add(
        [Row(PeriodRow, {}, key={"id": last.id}, version=version), Event("ledger.year_closed", told)], rule="ledger.close_year"
    )
    return Result(view=lambda numbers: journal_view(posted, numbers.get(posted.id)), document_id=posted.id, version=1)


def _unfit(command: messages.CloseYear, year: Sequence[Period]) -> Iterable[Issue]:
    if not year or year[0].first_date != command.first_date or year[-1].last_date != command.last_date or len(year) > LENGTH_AT_MOST:
        message = f"Expected the first and the last date of at most {LENGTH_AT_MOST} periods that are set up."
        yield Issue(code="LEDGER_YEARS", message=message, pointer="/first_date", got=f"{command.first_date} to {command.last_date}")
        return
    for period in year[:-1]:
        if period.status == "open":
            message = f"The period from {period.first_date} is open, so its result may still change. Close all but the last period first."
            yield Issue(code="LEDGER_YEAR_OPEN", message=message, pointer="/last_date", got=period.first_date)


OPERATIONS = (
    Operation(
        name="ledger.close_year",
        summary="Close a year",
        description="Transfers revenue and expenses of a year into retained earnings, dated on its last day. All periods but the last are closed "
        "before, the last one afterwards. Done again, it transfers what was booked since.",
        effect="post",
        http=Http(method="POST", path="/ledger/years/close", status=201),
        request=messages.CloseYear,
        response=messages.JournalView,
        permission="ledger.close_period",
        handler=close_year,
        example={"first_date": "2026-01-01", "last_date": "2026-12-31"},
    ),
)
