"""A probe: gift cards as a tender, with a foreign coin and a policy of its own for refunds, and no line of it in the core."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa import AllowedRefund, ChartAccount, Decision, Payment, Rule, TenderType, hookimpl
from kassa.kernel.plan import Row
from kassa.kernel.tables import Id, Integer, Table

GIFT = TenderType(name="gift_card", summary="Gift card", refund_to="gift_card", maximum=15_000, account_number="2350")
KRONA = TenderType(name="gift_coins", summary="Tokens of the fair", rounding=(("EUR", 25),), currency="EUR", account_number="1060")
YEN = TenderType(name="gift_yen", summary="Yen notes", currency="JPY", account_number="1061")


class MovementRow(Table):
    """What a gift card paid (negative) or got back, in minor units."""

    document_id = Id(primary_key=True)
    amount = Integer()

    class Meta:
        table_name = "gift_movement"
        append_only = True


def note(document: Payment, facts: Any, context: Any) -> Iterable[Any]:
    """Note what a card got or gave; an internal card increases with the voucher (INV-17)."""
    if document.tender == GIFT.name:
        yield Row(MovementRow, {"document_id": document.id, "amount": -document.amount})


def policy(document: Payment, facts: Any, context: Any) -> Any:
    """Give back to gift cards what was paid by them, and nothing else."""
    if document.source is not None and document.source.tender == GIFT.name:
        return (AllowedRefund(GIFT.name),)
    return None


@hookimpl
def register_storage() -> Iterable[Any]:
    from kassa import Storage

    return [Storage(name="gift", tables=(MovementRow,))]


@hookimpl
def register_definitions() -> Iterable[Any]:
    accounts = [
        ChartAccount(name=f"{t.name}.account", summary=t.summary, number=t.account_number, type="liability", role="tender", selector=t.name)
        for t in (GIFT, KRONA, YEN)
    ]
    return [GIFT, KRONA, YEN, *accounts]


@hookimpl
def register_rules() -> Iterable[Any]:
    return [Rule(name="gift.note", kind="payment", transition="post", stage="derived", run=note, summary="The card is charged.")]


@hookimpl
def register_decisions() -> Iterable[Any]:
    return [Decision(name="gift.policy", question="allowed_refund_tenders", answer=policy, summary="Back to the card.")]
