"""The general ledger and the subledger: accounts, vouchers, periods, open items and their settlement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel import contributions as give
from kassa.kernel.plugins import hookimpl
from kassa.ledger import models, rules, store, workflow
from kassa.ledger.documents import Entry, OpenItem, Settle, Settlement, Voucher
from kassa.ledger.errors import CODES
from kassa.ledger.invariants import INVARIANTS
from kassa.ledger.operations import OPERATIONS
from kassa.ledger.permissions import PERMISSIONS, ROLES
from kassa.ledger.reports import REPORTS
from kassa.ledger.settings import ACCOUNT_ROLES

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
            amounts=("open",),
            bounds={"debit": {"open": 1}, "credit": {"open": -1}},
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
    """Contribute the settlement of open items."""
    return [
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
    """Contribute account roles, the number series of settlements, permissions, roles and error codes."""
    series = give.NumberSeries(name="settlement", summary="Settlements of open items", pattern="SET-{register}-{number}")
    return [*ACCOUNT_ROLES, series, *PERMISSIONS, *ROLES, *CODES]


@hookimpl
def register_rules() -> Iterable[Any]:
    """Contribute how a settlement settles."""
    return [
        give.Rule(
            name="ledger.settle",
            kind="settlement",
            transition="post",
            stage="settlements",
            run=rules.settlements,
            summary="Pairs of open items are set against each other.",
            rules=("INV-15",),
        )
    ]


@hookimpl
def register_operations() -> Iterable[Any]:
    """Contribute setting up and looking at the books, and settling."""
    return OPERATIONS


@hookimpl
def register_events() -> Iterable[Any]:
    """Contribute the events of periods and settlements."""
    return [
        give.EventType(name="ledger.period_closed", summary="A period was closed for posting.", **PERIOD),
        give.EventType(name="ledger.period_opened", summary="A period was opened for posting again.", **PERIOD),
        give.EventType(name="ledger.settled", summary="Open items of a party were settled."),
    ]


@hookimpl
def register_reports() -> Iterable[Any]:
    """Contribute the trial balance and open items by age."""
    return REPORTS
