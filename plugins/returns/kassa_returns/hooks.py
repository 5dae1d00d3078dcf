"""Returns: returned goods, what becomes of them, and the credit notes for them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kassa import Balance, Decision, DocumentKind, EventType, Extension, SalesLine, SalesOrder, Storage, hookimpl
from kassa_returns import __version__ as __version__
from kassa_returns import agreements, arriving, documents, receipts, rules, settings, store, treating, workflow
from kassa_returns.errors import CODES
from kassa_returns.importing import JOBS
from kassa_returns.models import TABLES, AgreementRow, ArrivalLineRow, ArrivalRow, QuarantineRow
from kassa_returns.operations import OPERATIONS
from kassa_returns.permissions import PERMISSIONS, ROLES
from kassa_returns.reports import REPORTS

MIGRATIONS = Path(__file__).parent / "migrations"


@hookimpl
def register_storage() -> Iterable[Any]:
    """Contribute the tables of returns."""
    return [
        Storage(name="returns", tables=TABLES, migrations=MIGRATIONS),
        Balance(
            name=agreements.BALANCE, table=AgreementRow, key=("id",), amounts=("fulfilled",), rank=71, opens=False,
            summary="What left of what a sales agreement commits to",
        ),
    ]  # fmt: skip


@hookimpl
def register_documents() -> Iterable[Any]:
    """Contribute the type of return orders, what it adds to orders and lines, arrivals and quarantine orders."""
    return [
        *settings.ORDER_TYPES,
        Extension(
            name=documents.TYPE, summary="What a return order adds to an order", of=SalesOrder, value=documents.ReturnOrder,
            load=store.load_headers,
        ),
        Extension(
            name=documents.LINE, summary="What a return line adds to an order line", of=SalesLine, value=documents.ReturnLine,
            load=store.load_lines,
        ),
        Extension(
            name=agreements.LINK, summary="The sales agreement that a line belongs to", of=SalesLine, value=agreements.AgreementLink,
        ),
        DocumentKind(
            name="returns.arrival", summary="An arrival of returned goods", document=documents.Arrival, states=workflow.ARRIVAL_STATES,
            transitions=workflow.ARRIVAL_TRANSITIONS, rank=12, rows=arriving.arrival_rows, load=arriving.load_arrivals,
            tables=(ArrivalRow, ArrivalLineRow), series="returns.arrival", shown_by="returns.read_arrival",
        ),
        DocumentKind(
            name="returns.quarantine_order", summary="A quarantine order", document=documents.QuarantineOrder,
            states=workflow.QUARANTINE_STATES, transitions=workflow.QUARANTINE_TRANSITIONS, rank=13, rows=arriving.quarantine_rows,
            load=arriving.load_quarantine, tables=(QuarantineRow,), series="returns.quarantine_order",
            shown_by="returns.read_quarantine_order",
        ),
    ]  # fmt: skip


@hookimpl
def register_definitions() -> Iterable[Any]:
    """Contribute settings, number series, the purpose of reasons, the account of losses, permissions, roles and error codes."""
    return [*settings.VOCABULARY, *settings.SETTINGS, *PERMISSIONS, *ROLES, *CODES]


@hookimpl
def register_rules() -> Iterable[Any]:
    """Contribute how returns follow their orders, packing slips and invoices, and what arrivals check and move."""
    return [*rules.RULES, *receipts.RULES, *arriving.RULES, *agreements.RULES]


@hookimpl
def register_decisions() -> Iterable[Any]:
    """Answer how return lines are treated, and which of them may be posted now."""
    return [
        Decision(name="returns.treat", question="treat_lines", answer=treating.treat_lines, summary="The six dispositions."),
        Decision(name="returns.eligible", question="eligible", answer=treating.eligible, summary="Received lines, by hand registered ones too."),
    ]


@hookimpl
def register_operations() -> Iterable[Any]:
    """Contribute return orders, their codes, arrivals and quarantine orders."""
    return OPERATIONS


@hookimpl
def register_events() -> Iterable[Any]:
    """Contribute the events of arrivals and inspections."""
    return [
        EventType(name="returns.arrived", summary="Returned goods were registered, or sent to quarantine."),
        EventType(name="returns.inspected", summary="Goods in quarantine were decided about and registered."),
    ]


@hookimpl
def register_jobs() -> Iterable[Any]:
    """Contribute the import of cancellations."""
    return JOBS


@hookimpl
def register_reports() -> Iterable[Any]:
    """Contribute the reports of returns."""
    return REPORTS
