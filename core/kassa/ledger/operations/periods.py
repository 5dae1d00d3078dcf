"""Periods: create, read, list, close and open again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from kassa.kernel.clock import add_days
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue, NotFound
from kassa.kernel.keys import id_or_none
from kassa.kernel.operations import Result, page, page_of
from kassa.kernel.plan import Event, Row
from kassa.kernel.values import new_id
from kassa.ledger.messages import books as messages
from kassa.ledger.models import PeriodRow
from kassa.ledger.queries import a_date, narrowed, place_after
from kassa.org import facts as org
from kassa.org.editing import change, given

SELECT = "SELECT id, first_date, last_date, status, version FROM ledger_period WHERE legal_entity_id = ?"
EARLIEST, LATEST = "1900-01-01", "9998-12-31"
SPAN = "SELECT min(first_date), max(last_date) FROM ledger_period WHERE legal_entity_id = ?"


def create_period(command: messages.CreatePeriod, context: Context) -> Result:
    """Plan a new period that joins those that are there, so there is neither gap nor overlap."""
    entity = org.legal_entity(context)
    span = context.read.row(SPAN, (entity.id,))
    context.refuse(_misplaced(command, span if span is not None and span[0] is not None else None))
    view = messages.PeriodView(id=new_id(), first_date=command.first_date, last_date=command.last_date, status="open", version=1)
    context.plan.add([Row(PeriodRow, {**attrs.asdict(view), "legal_entity_id": entity.id})], rule="ledger.create_period")
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def _misplaced(command: messages.CreatePeriod, span: Sequence[str] | None) -> Iterable[Issue]:
    if command.first_date > command.last_date:
        yield _issue("The first date is after the last. Exchange them.", "/last_date", command.last_date)
    elif not EARLIEST <= command.first_date <= command.last_date <= LATEST:
        yield _issue(f"Expected dates from {EARLIEST} to {LATEST}.", "/first_date", command.first_date)
    elif span is not None and command.first_date != add_days(span[1], 1) and command.last_date != add_days(span[0], -1):
        message = f"Expected a period from {add_days(span[1], 1)} on, or one that ends on {add_days(span[0], -1)}: periods join without gap or overlap."
        yield _issue(message, "/first_date", command.first_date)


def _issue(message: str, pointer: str, got: str) -> Issue:
    return Issue(code="LEDGER_PERIOD_MISPLACED", message=message, pointer=pointer, got=got)


def read_period(request: messages.ReadPeriod, context: Context) -> messages.PeriodView:
    """Show one period of the legal entity."""
    return _read(context, request.period)


def _read(context: Context, reference: str) -> messages.PeriodView:
    entity = org.legal_entity(context)
    if id_or_none(reference) == reference:
        rows = context.read.rows(f"{SELECT} AND id = ?", (entity.id, reference))
    else:
        rows = [row for row in context.read.rows(SELECT, (entity.id,)) if row[1] == reference]
    if not rows:
        raise NotFound("period", reference)
    return _view(rows[0])


def _view(row: Sequence[Any]) -> messages.PeriodView:
    return messages.PeriodView(id=row[0], first_date=row[1], last_date=row[2], status=row[3], version=row[4])


def list_periods(request: messages.ListPeriods, context: Context) -> Any:
    """Show a page of the periods, oldest first."""
    entity = org.legal_entity(context)
    after = place_after(request.after, a_date)
    where, values = narrowed((("status = ?", request.status), ("first_date > ?", after[0] if after else None)))
    rows = context.read.rows(f"{SELECT}{where} ORDER BY first_date LIMIT ?", [entity.id, *values, request.limit + 1])
    return page(request, messages.PeriodView, [_view(row) for row in rows], lambda view: (view.first_date,))


def change_period(command: messages.ChangePeriod, context: Context) -> Result:
    """Plan that a period closes or opens; what is being posted to it is flushed before, or planned again and refused."""
    present = _read(context, command.period)
    values = {name: value for name, value in given(command, "status").items() if value != present.status}
    what = f"The period from {present.first_date}"
    version = change(context, PeriodRow, {"id": present.id}, present.version, what, values, "ledger.change_period")
    view = attrs.evolve(present, **values, version=version)
    if values:
        told = {"period": view.id, "first_date": view.first_date, "last_date": view.last_date}
        context.plan.add([Event(f"ledger.period_{'closed' if view.status == 'closed' else 'opened'}", told)], rule="ledger.change_period")
    return Result(view=lambda numbers: view, document_id=present.id, version=version)


OPERATIONS = (
    Operation(
        name="ledger.create_period",
        announces="ledger.period_created",
        summary="Create a period",
        description="Periods join without gap or overlap, so a new one stands before the first or behind the last.",
        effect="edit",
        http=Http(method="POST", path="/ledger/periods", status=201, location="/ledger/periods/{first_date}"),
        request=messages.CreatePeriod,
        response=messages.PeriodView,
        permission="ledger.set_up",
        handler=create_period,
        example={"first_date": "2028-01-01", "last_date": "2028-01-31"},
    ),
    Operation(
        name="ledger.list_periods",
        summary="List periods",
        effect="read",
        http=Http(method="GET", path="/ledger/periods"),
        request=messages.ListPeriods,
        response=page_of(messages.PeriodView),
        permission="ledger.read",
        handler=list_periods,
        collection=True,
    ),
    Operation(
        name="ledger.read_period",
        summary="Read a period",
        effect="read",
        http=Http(method="GET", path="/ledger/periods/{period}"),
        request=messages.ReadPeriod,
        response=messages.PeriodView,
        permission="ledger.read",
        handler=read_period,
    ),
    Operation(
        name="ledger.change_period",
        summary="Close a period, or open it again",
        description="Nothing is posted to a closed period. What others are posting at the same moment is either in before it closes, or refused.",
        effect="edit",
        http=Http(method="PATCH", path="/ledger/periods/{period}"),
        request=messages.ChangePeriod,
        response=messages.PeriodView,
        permission="ledger.close_period",
        handler=change_period,
        example={"status": "closed"},
    ),
)
