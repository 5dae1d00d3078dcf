"""Drawers: change that is put in, cash that goes to the safe, and what is bought from the drawer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.operations import Result
from kassa.kernel.stages import Facts
from kassa.kernel.values import format_minor, new_id
from kassa.payments import messages
from kassa.payments.documents import DrawerMovement
from kassa.payments.facts import acting_place, amount_of
from kassa.payments.tenders import smallest_coin, tender_type, unknown_tender

INTO = ("float_entry",)


def move(command: messages.MoveCash, context: Any) -> Result:
    """Plan a movement of cash between a drawer and the safe, or out of a drawer."""
    place = acting_place(context, command.store, command.date)
    currency = place.entity.currency
    amount = amount_of(command.amount, currency, context)
    draft = DrawerMovement(
        id=new_id(), type=command.type, **place.header, occurred_at=context.now, tender=command.tender, currency=currency,
        amount=amount if command.type in INTO else -amount, store_number=place.store_number, note=command.note,
    )  # fmt: skip
    (posted,) = context.step("drawer_movement", "post", [draft])
    return Result(
        view=lambda numbers: messages.DrawerView(
            id=posted.id, number=numbers.get(posted.id), type=posted.type, tender=posted.tender, currency=currency,
            amount=format_minor(posted.amount, currency), store=posted.store_number or None, register=posted.register, date=posted.date,
            note=posted.note,
        ),
        document_id=posted.id,
        version=1,
    )  # fmt: skip


def check(document: DrawerMovement, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that the tender lies in a drawer, in whole coins."""
    tender = tender_type(context, document.tender)
    if tender is None:
        yield unknown_tender(context, document.tender, "/tender")
        return
    if not tender.change:
        words = f"{tender.summary} does not lie in a drawer; only tenders that give change do."
        yield Issue(code="PAYMENT_TENDER_NOT_ALLOWED", message=words, pointer="/tender", got=document.tender)
    unit = smallest_coin(tender, document.currency, document.store_id, context)
    if document.amount % unit:
        coin = format_minor(unit, document.currency)
        words = f"{tender.summary} comes in multiples of {coin}."
        yield Issue(code="PAYMENT_COINS", message=words, pointer="/amount", expected={"multiple_of": coin}, got=str(document.amount))
