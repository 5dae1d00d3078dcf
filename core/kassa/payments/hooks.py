"""Payments: tender types, tenders and the payments that customers make."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel import contributions as give
from kassa.kernel.plugins import hookimpl
from kassa.ledger.documents import Books
from kassa.ledger.facts import load_books
from kassa.payments import models, rules, store
from kassa.payments.documents import Payment
from kassa.payments.errors import CODES
from kassa.payments.invariants import INVARIANTS
from kassa.payments.operations import OPERATIONS
from kassa.payments.permissions import PERMISSIONS, ROLES
from kassa.payments.settings import TENDERS, clearing_accounts


@hookimpl
def register_storage() -> Iterable[Any]:
    """Contribute the tables and what must hold of them."""
    return [give.Storage(name="payments", tables=models.TABLES), *INVARIANTS]


@hookimpl
def register_documents() -> Iterable[Any]:
    """Contribute the payment."""
    post = give.Transition(name="post", target="posted", summary="Money is received or paid out.", event="payments.payment_posted")
    return [
        give.DocumentKind(
            name="payment",
            summary="A payment by one tender",
            document=Payment,
            states=("posted",),
            transitions=(post,),
            rank=50,
            rows=store.payment_rows,
            load=store.load_payments,
            tables=(models.PaymentRow,),
            series="payment",
            chained=True,
            shown_by="payments.read",
        )
    ]


@hookimpl
def register_definitions() -> Iterable[Any]:
    """Contribute tenders with their clearing accounts, the number series, permissions and error codes."""
    series = give.NumberSeries(name="payment", summary="Payments", pattern="PAY-{register}-{number}")
    return [*TENDERS, *clearing_accounts(), series, *PERMISSIONS, *ROLES, *CODES]


@hookimpl
def register_rules() -> Iterable[Any]:
    """Contribute how a payment is checked, booked, opened and settled."""
    kind, post = "payment", "post"
    return [
        give.Loader(name="payments.books", facts=Books, load=load_books, kind=kind),
        give.Rule(name="payments.tender", kind=kind, transition=post, stage="check", run=rules.check_tender, summary="The tender exists and may be used."),
        give.Rule(name="payments.book", kind=kind, transition=post, stage="entries", run=rules.book, summary="Tender clearing against receivables."),
        give.Rule(name="payments.open", kind=kind, transition=post, stage="open_items", run=rules.open_item, summary="The payment opens on the account."),
        give.Rule(name="payments.settle", kind=kind, transition=post, stage="settlements", run=rules.settlements, summary="It settles what it pays."),
    ]


@hookimpl
def register_operations() -> Iterable[Any]:
    """Contribute taking payments and looking at them."""
    return OPERATIONS


@hookimpl
def register_events() -> Iterable[Any]:
    """Contribute the event of a payment."""
    return [give.EventType(name="payments.payment_posted", summary="Money was received or paid out.")]
