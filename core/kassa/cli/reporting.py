"""`kassa report`: read-only tables that rooms and plugins contribute, as table, CSV or JSON."""

from __future__ import annotations

import csv
import re
import sys
from typing import TYPE_CHECKING, Any

import attrs
import click

from kassa.cli.commands import AS_JSON, Command, pass_session
from kassa.cli.operations import fields
from kassa.cli.output import Column, print_json, print_table, say
from kassa.cli.requests import request_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kassa.cli.session import Session
    from kassa.kernel.contributions import Report

FORMATS = ("table", "csv", "json")
NUMBER = re.compile(r"(-?[0-9]+\.[0-9]+)?")


@click.command("report", cls=Command)
@click.argument("name", required=False)
@click.argument("parameters", nargs=-1, metavar="[KEY=VALUE]…")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How it is written.")
@click.option("--legal-entity", metavar="CODE", help="In which legal entity.  [default: the only one there is]")
@click.option("--parameters", "explain", is_flag=True, help="Show what can be asked, instead of the report.")
@pass_session
def report(session: Session, name: str | None, parameters: tuple[str, ...], form: str, legal_entity: str | None, explain: bool) -> None:
    """Print a report; without a name, list the reports.

    \b
    Examples:  kassa report
               kassa report ledger.trial_balance date=2010-12-31 --format csv
    """
    click.get_current_context().meta[AS_JSON] = form == "json"
    if name is None:
        _list(session, form)
        return
    found = _find(session, name)
    if explain:
        print_table(("parameter", "type", "", "what it means"), fields(found.parameters), empty="This report takes no parameters.")
        return
    rows = list(_rows(session, found, parameters, legal_entity))
    if form == "json":
        print_json([dict(zip(found.columns, row, strict=True)) for row in rows])
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(found.columns)
        writer.writerows(rows)
    else:
        print_table(_aligned(found.columns, rows), rows, title=found.summary, empty="The report has no rows.")


def _aligned(columns: tuple[str, ...], rows: list[Any]) -> list[Column]:
    """The headings, those of numbers to the right."""
    numbers = [all(NUMBER.fullmatch(str(row[place] or "")) for row in rows) for place in range(len(columns))]
    return [(name, "right") if number else name for name, number in zip(columns, numbers, strict=True)]


def _list(session: Session, form: str) -> None:
    from kassa.kernel.contributions import Report

    reports = session.registry.all(Report)
    if form == "json":
        print_json([{"name": found.name, "summary": found.summary, "columns": list(found.columns)} for found in reports])
        return
    print_table(("report", "what it shows"), [(found.name, found.summary) for found in reports], empty="Nobody contributes a report.")
    if reports:
        say("`kassa report NAME --parameters` shows what can be asked.")


def _find(session: Session, name: str) -> Report:
    from kassa.kernel.contributions import Report

    found = session.registry.find(Report, name)
    if found is None:
        known = [one.name for one in session.registry.all(Report)]
        raise click.NoSuchCommand(name, f"There is no report {name!r}.", possibilities=known)
    return found


@attrs.frozen(kw_only=True)
class Ran:
    """That a report ran; its rows go another way, for they may be many."""

    rows: int


def _rows(session: Session, found: Report, parameters: tuple[str, ...], legal_entity: str | None) -> Iterable[Any]:
    """Run the report as a read operation: on one snapshot, with its permission checked."""
    from kassa.kernel.contributions import Operation

    rows: list[Any] = []

    def handler(command: Any, context: Any) -> Ran:
        rows.extend(found.run(context.read, command, context))
        return Ran(rows=len(rows))

    operation = Operation(
        name=found.name, summary=found.summary, effect="read", request=found.parameters, response=Ran, permission=found.permission, handler=handler
    )  # fmt: skip
    engine = session.open()
    engine.perform(operation, request_of(operation, parameters), actor=session.actor, legal_entity_id=session.legal_entity_id(legal_entity))
    return rows
