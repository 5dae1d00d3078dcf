"""Payments: tender types, payments, deposits, refunds, drawers, and intents for processors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel import contributions as give
from kassa.kernel.plugins import hookimpl
from kassa.ledger.documents import Books
from kassa.ledger.facts import load_books
from kassa.payments import (
    carrying,
    documents,
    drawer,
    models,
    refund_run,
    reports,
    rules,
    sending,
    settings,
    store,
    tenders,
    voiding,
    workflow,
)
from kassa.payments.errors import CODES
from kassa.payments.invariants import INVARIANTS
from kassa.payments.operations import OPERATIONS
from kassa.payments.permissions import PERMISSIONS, ROLES
from kassa.payments.processor import PORT
from kassa.payments.sandbox import Sandbox


@hookimpl
def register_storage() -> Iterable[Any]:
    """Contribute the tables, the counters of deposits and of what was given back, and what must hold of them."""
    return [
        give.Storage(name="payments", tables=models.TABLES),
        give.Balance(
            name="payments.deposit",
            table=models.DepositRow,
            key=("order_id",),
            amounts=("paid", "applied", "refunded", "transferred", "forfeited"),
            bounds={"available": {"paid": 1, "applied": -1, "refunded": -1, "transferred": -1, "forfeited": -1}},
            rank=55,
            summary="What is left of the deposits of an order",
        ),
        give.Balance(
            name="payments.capture",
            table=models.CaptureRow,
            key=("payment_id",),
            amounts=("captured", "refunded"),
            bounds={"refundable": {"captured": 1, "refunded": -1}},
            rank=57,
            summary="What can still be given back of a payment",
            opens=False,
        ),
        *INVARIANTS,
    ]


def _kind(
    name: str, summary: str, document: Any, transitions: Any, rank: int, rows: Any, load: Any, tables: Any, **more: Any
) -> give.DocumentKind:
    more = {"states": ("posted",), **more}
    return give.DocumentKind(
        name=name, summary=summary, document=document, transitions=transitions, rank=rank, rows=rows, load=load, tables=tables, **more
    )


@hookimpl
def register_documents() -> Iterable[Any]:
    """Contribute payments, moves of deposits, intents, refunds that wait, and movements of drawers."""
    return [
        _kind(
            "payment", "A payment by one tender", documents.Payment, workflow.PAYMENT_TRANSITIONS, 50, store.payment_rows, store.load_payments,
            (models.PaymentRow, models.DepositItemRow), series="payment", chained=True, shown_by="payments.read",
        ),
        _kind(
            "deposit_move", "A deposit that goes to another order or is forfeited", documents.DepositMove, workflow.MOVE_TRANSITIONS, 52,
            store.move_rows, store.load_moves, (models.DepositMoveRow, models.DepositItemRow), series="deposit_move", chained=True,
        ),
        _kind(
            "payment_intent", "What a processor is to do", documents.Intent, workflow.INTENT_TRANSITIONS, 54, store.intent_rows,
            store.load_intents, (models.IntentRow,), states=workflow.INTENT_STATES, shown_by="payments.read_intent",
        ),
        _kind(
            "refund_order", "A refund that waits for a run", documents.RefundOrder, workflow.REFUND_ORDER_TRANSITIONS, 56,
            store.refund_order_rows, store.load_refund_orders, (models.RefundOrderRow,), states=workflow.REFUND_ORDER_STATES,
        ),
        _kind(
            "drawer_movement", "Cash that comes into a drawer or leaves it", documents.DrawerMovement, workflow.DRAWER_TRANSITIONS, 58,
            store.drawer_rows, store.load_drawer, (models.DrawerRow,), series="drawer_movement", chained=True,
        ),
    ]  # fmt: skip


@hookimpl
def register_definitions() -> Iterable[Any]:
    """Contribute tenders with their clearing accounts, account roles, settings, number series, permissions and error codes."""
    series = (
        give.NumberSeries(name="payment", summary="Payments", pattern="PAY-{register}-{number}"),
        give.NumberSeries(name="deposit_move", summary="Moves of deposits", pattern="DM-{register}-{number}"),
        give.NumberSeries(name="drawer_movement", summary="Movements of drawers", pattern="DR-{register}-{number}"),
    )
    definitions = (*settings.TENDERS, *settings.clearing_accounts(), *settings.ACCOUNT_ROLES, *settings.SETTINGS)
    return [*definitions, *series, *PERMISSIONS, *ROLES, *CODES]


@hookimpl
def register_decisions() -> Iterable[Any]:
    """Ask by which tenders a refund may be paid."""
    return [
        give.Question(
            name="allowed_refund_tenders",
            summary="By which tenders a refund may be paid, each up to a limit; the document is the payment that pays it.",
            default=tenders.allowed_refund_tenders,
        )
    ]


def _rule(name: str, kind: str, stage: give.Stage, run: Any, summary: str, transition: str = "post", **more: Any) -> give.Rule:
    return give.Rule(name=f"payments.{name}", kind=kind, transition=transition, stage=stage, run=run, summary=summary, **more)


@hookimpl
def register_rules() -> Iterable[Any]:
    """Contribute how payments, moves of deposits and drawers are checked, booked, opened, settled and counted."""
    return [
        give.Loader(name="payments.books", facts=Books, load=load_books, kind="payment"),
        give.Loader(name="payments.move_books", facts=Books, load=load_books, kind="deposit_move"),
        give.Loader(name="payments.drawer_books", facts=Books, load=load_books, kind="drawer_movement"),
        _rule("voidable", "payment", "check", voiding.check_voidable, "It is of today and stands.", transition="void", gate=True),
        _rule("tender", "payment", "check", tenders.check_tender, "The tender exists and may be used."),
        _rule("refund_tender", "payment", "check", tenders.check_refund_tender, "The tender of a refund is allowed.", rules=("CO-68",)),
        _rule("refund_limits", "payment", "check", tenders.check_refund_limits, "No more is paid out than the actor may.", rules=("CO-68",)),
        _rule("processor", "payment", "check", carrying.check_processor, "The processor of the tender is in use."),
        _rule("book", "payment", "entries", rules.book, "Tender clearing against receivables or prepayments."),
        _rule("open", "payment", "open_items", rules.open_item, "The payment opens on the account."),
        _rule("settle", "payment", "settlements", rules.settlements, "It settles what it pays."),
        _rule("count_refund", "payment", "derived", rules.count_refund, "No more is given back than was taken.", rules=("CO-69",)),
        _rule("count_deposit", "payment", "derived", rules.count_deposit, "Deposits of the order are counted."),
        _rule("book_move", "deposit_move", "entries", rules.book_move, "A forfeited deposit is income."),
        _rule("open_move", "deposit_move", "open_items", rules.open_move, "It leaves one order and comes to another."),
        _rule("settle_move", "deposit_move", "settlements", rules.settle_move, "The oldest deposits go first."),
        _rule("count_move", "deposit_move", "derived", rules.count_move, "Deposits of both orders are counted."),
        _rule("announce", "payment_intent", "derived", carrying.announce, "Whoever sends it is told.", transition="plan"),
        _rule("drawer", "drawer_movement", "check", drawer.check, "The tender lies in the drawer."),
        _rule("book_drawer", "drawer_movement", "entries", rules.book_drawer, "Drawer against safe or expenses."),
    ]


@hookimpl
def register_operations() -> Iterable[Any]:
    """Contribute taking, refunding and voiding payments, drawers, and intents."""
    return OPERATIONS


@hookimpl
def register_services() -> Iterable[Any]:
    """Contribute the port of processors and the sandbox, which stands back where another provider is the default."""
    return [give.Service(name="payments.sandbox", port=PORT, provider=Sandbox, summary="A processor for trying, which moves no money")]


@hookimpl
def register_events() -> Iterable[Any]:
    """Contribute the events of payments, and who sends intents."""
    return [
        give.EventType(name="payments.payment_posted", summary="Money was received or paid out."),
        give.EventType(name="payments.deposit_moved", summary="A deposit went to another order, or was forfeited."),
        give.EventType(name="payments.drawer_moved", summary="Cash came into a drawer or left it."),
        give.EventType(name="payments.refund_planned", summary="A refund waits for the next run."),
        give.EventType(name=carrying.PLANNED, summary="A processor is to do something."),
        give.EventType(name="payments.intent_done", summary="A processor did what it was to do."),
        give.EventType(name="payments.intent_declined", summary="A processor declined what it was to do."),
        give.Listener(name="payments.send", event=carrying.PLANNED, run=sending.send),
    ]


@hookimpl
def register_jobs() -> Iterable[Any]:
    """Contribute the refund run."""
    return refund_run.JOBS


@hookimpl
def register_reports() -> Iterable[Any]:
    """Contribute the totals of a day."""
    return reports.REPORTS
