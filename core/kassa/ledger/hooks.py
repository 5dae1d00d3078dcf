"""The general ledger and the subledger: accounts, vouchers, periods, open items and their settlement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel import contributions as give
from kassa.kernel.plugins import hookimpl
from kassa.ledger import exchange, journals, models, rules, store, workflow
from kassa.ledger.documents import Books, Entry, Journal, OpenItem, Settle, Settlement, Voucher
from kassa.ledger.errors import CODES
from kassa.ledger.facts import load_books
from kassa.ledger.invariants import INVARIANTS
from kassa.ledger.operations import OPERATIONS
from kassa.ledger.permissions import PERMISSIONS, ROLES
from kassa.ledger.reports import REPORTS
from kassa.ledger.reversing import DIFFERENCES, Reversible
from kassa.ledger.settings import ACCOUNT_ROLES, DIMENSIONS

PERIOD: dict[str, Any] = {
    "fields": {"period": "Id of the period.", "first_date": "Its first day.", "last_date": "Its last day."},
    "example": {"period": "0190a1b2-0000-7000-8000-000000000001", "first_date": "2026-01-01", "last_date": "2026-01-31"},
}
"""What the events of a period tell."""


@hookimpl
def register_storage() -> Iterable[Any]:
    """Contribute the tables, the balance of open items, and how effects become rows."""
    return [
        give.Storage(name="ledger", tables=models.TABLES),
        give.Balance(
            name="ledger.open_item",
            table=models.OpenItemRow,
            key=("id",),
            amounts=("open", "amount"),
            bounds={
                "debit": {"open": 1},
                "credit": {"open": -1},
                "debit_undone": {"amount": 1, "open": -1},
                "credit_undone": {"open": 1, "amount": -1},
            },
            rank=60,
            summary="What is open of an item",
            opens=False,
        ),
        give.Lowering(name="ledger.voucher", effect=Voucher, lower=store.lower_vouchers, order=10),
        give.Lowering(name="ledger.entry", effect=Entry, lower=store.lower_entries, section="postings", show=store.show_entry, order=20),
        give.Lowering(name="ledger.settlement", effect=Settle, lower=store.lower_settlements, order=30),
        give.Lowering(name="ledger.open_item", effect=OpenItem, lower=store.lower_open_items, order=40),
        give.PlanCheck(name="ledger.vouchers", summary="Vouchers balance; accounts and periods are open.", check=rules.check_vouchers),
        *INVARIANTS,
    ]


@hookimpl
def register_documents() -> Iterable[Any]:
    """Contribute the settlement of open items, and the journal."""
    return [
        give.DocumentKind(
            name="journal",
            summary="A document that books by itself: lines, the reversal of a voucher, the result of a year",
            document=Journal,
            states=("posted",),
            transitions=workflow.JOURNAL_TRANSITIONS,
            rank=65,
            rows=store.journal_rows,
            load=store.load_journals,
            tables=(models.JournalRow, models.JournalLineRow),
            series="journal",
            chained=True,
        ),
        give.DocumentKind(
            name="settlement",
            summary="A settlement of open items",
            document=Settlement,
            states=("posted",),
            transitions=workflow.SETTLEMENT_TRANSITIONS,
            rank=60,
            rows=store.no_rows,
            load=store.load_settlements,
            tables=(models.SettlementRow,),
            series="settlement",
            chained=True,
        ),
        *(
            give.Link(
                name=f"ledger.settles_{side}", summary=f"A settlement settles what is open in {side}", table=models.SettlementRow,
                other=f"{side}_item_id", through=(models.OpenItemRow, "id", "document_id"), hub=True, bridge="settlement",
            )
            for side in ("debit", "credit")
        ),
    ]  # fmt: skip


@hookimpl
def register_definitions() -> Iterable[Any]:
    """Contribute account roles, dimensions, number series, what can be reversed, permissions, roles and error codes."""
    series = (
        give.NumberSeries(name="settlement", summary="Settlements of open items", pattern="SET-{register}-{number}"),
        give.NumberSeries(name="journal", summary="Journals", pattern="JRN-{register}-{number}"),
    )
    reversible = Reversible(name="journal", summary="Journals")
    return [*ACCOUNT_ROLES, *DIMENSIONS, *series, reversible, *PERMISSIONS, *ROLES, *CODES]


@hookimpl
def register_rules() -> Iterable[Any]:
    """Contribute how a settlement settles, how a journal books, and what settling gains or loses by exchange."""
    post: dict[str, Any] = {"kind": "journal", "transition": "post"}
    return [
        give.Rule(
            name="ledger.settle",
            kind="settlement",
            transition="post",
            stage="settlements",
            run=rules.settlements,
            summary="Pairs of open items are set against each other.",
            rules=("INV-15",),
        ),
        give.Rule(
            name=DIFFERENCES, kind="*", transition="*", stage="settlements", run=exchange.differences, order=1000,
            summary="What settled items of another currency gained or lost since they were booked.",
        ),
        give.Loader(name="ledger.journal_books", facts=Books, load=load_books, **post),
        give.Rule(name="ledger.journal_lines", stage="check", run=journals.check_lines, summary="The lines of a journal balance.", **post),
        give.Rule(name="ledger.journal_entries", stage="entries", run=journals.book, summary="Each line is booked.", **post),
        give.Rule(name="ledger.journal_items", stage="open_items", run=journals.open_items, summary="A reversal opens the opposite.", **post),
        give.Rule(name="ledger.journal_settlements", stage="settlements", run=journals.settlements, summary="A reversal settles what it reverses.", **post),
    ]  # fmt: skip


@hookimpl
def register_operations() -> Iterable[Any]:
    """Contribute setting up and looking at the books, and settling."""
    return OPERATIONS


@hookimpl
def register_events() -> Iterable[Any]:
    """Contribute the events of periods, settlements and journals."""
    return [
        give.EventType(name="ledger.period_closed", summary="A period was closed for posting.", **PERIOD),
        give.EventType(name="ledger.period_opened", summary="A period was opened for posting again.", **PERIOD),
        give.EventType(name="ledger.settled", summary="Open items of a party were settled, or a settlement was undone."),
        give.EventType(name="ledger.journal_posted", summary="A journal was posted, or a voucher reversed."),
        give.EventType(name="ledger.year_closed", summary="The result of a year was transferred into equity."),
    ]


@hookimpl
def register_reports() -> Iterable[Any]:
    """Contribute balances, statements, and open items by age."""
    return REPORTS
