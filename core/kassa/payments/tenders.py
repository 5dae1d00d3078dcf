"""Tenders: what one may be used for, the smallest coin of cash, and by which tenders a refund may be paid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from kassa.kernel.errors import Issue
from kassa.kernel.stages import Facts
from kassa.kernel.values import Minor, format_minor, round_half_up
from kassa.payments.documents import AllowedRefund, Payment, TenderType

CASH = "cash"
ACCOUNT = "customer_account"
PAY_OUT, CASH_OUT = "payments.pay_out", "payments.pay_out_cash"


def tender_type(context: Any, name: str) -> TenderType | None:
    """Find a tender by name."""
    found: TenderType | None = context.registry.find(TenderType, name)
    return found


def unknown_tender(context: Any, name: str, pointer: str, before: str = "") -> Issue:
    """Say that nobody declares a tender."""
    names = ", ".join(tender.name for tender in context.registry.all(TenderType))
    return Issue(
        code="PAYMENT_TENDER_UNKNOWN", message=f"{before}There is no tender {name!r}. Use one of {names}.", pointer=pointer,
        expected={"tender": names}, got=name,
    )  # fmt: skip


def smallest_coin(tender: TenderType, currency: str, store_id: str | None, context: Any) -> Minor:
    """Give the smallest amount that a tender comes in, in minor units; 1 where it is exact."""
    for code, coin in tender.rounding:
        if code == currency:
            return coin
    if not tender.rounds:
        return 1
    unit: Minor = context.setting("payments.cash_rounding", store_id=store_id)
    return unit


def in_coins(amount: Minor, unit: Minor) -> Minor:
    """Round an amount to a multiple of the smallest coin, halves away from zero."""
    return amount if unit == 1 else round_half_up(amount, unit) * unit


@attrs.frozen
class Settled:
    """What each tender keeps, what is handed back of what was given, and what rounding gives (positive) or takes."""

    kept: tuple[Minor, ...]
    change: Minor
    rounding: Minor


def settle_up(amounts: Sequence[Minor], units: Sequence[Minor], gives_change: Sequence[bool], total: Minor) -> Settled:
    """Divide what was given by several tenders into what is kept and what is change; minor units.

    What is left for cash is due in coins; the difference is rounding. Change is given back from the last tender that gives
    any. `kept` and `rounding` come to the total where enough was given.
    """
    unit = max(units, default=1)
    rounding = 0
    if unit > 1:
        rest = total - sum(amount for amount, coin in zip(amounts, units, strict=True) if coin == 1)
        cash = sum(amount for amount, coin in zip(amounts, units, strict=True) if coin > 1)
        due = in_coins(rest, unit)
        if rest * total > 0 and (cash >= due if total > 0 else cash == due):
            rounding = rest - due
    change = max(0, sum(amounts) + rounding - total) if total >= 0 else 0
    kept, left = list(amounts), change
    for place in reversed(range(len(kept))):
        if gives_change[place] and left and kept[place] > 0:
            back = min(left, kept[place])
            kept[place] -= back
            left -= back
    return Settled(tuple(kept), change, rounding)


def check_tender(document: Payment, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that the tender exists, may be taken, paid out or reversed, in this currency, amount and coin."""
    tender = tender_type(context, document.tender)
    if tender is None:
        yield unknown_tender(context, document.tender, document.pointer)
        return
    if document.corrects_id is not None:
        allowed, act = tender.reverses, "voided"
    else:
        allowed, act = (tender.takes, "taken") if document.amount > 0 else (tender.refunds, "paid out")
    if not allowed or tender.on_account:
        words = f"{tender.summary} cannot be {act}. Use another tender."
        yield Issue(code="PAYMENT_TENDER_NOT_ALLOWED", message=words, pointer=document.pointer, got=tender.name)
    if document.corrects_id is None:
        yield from _bounds(document, tender, context)


def _bounds(document: Payment, tender: TenderType, context: Any) -> Iterable[Issue]:
    if tender.currency is not None and tender.currency != document.currency:
        words = f"{tender.summary} comes in {tender.currency} alone; this is in {document.currency}."
        yield Issue(
            code="PAYMENT_CURRENCY", message=words, pointer=document.pointer, expected={"currency": tender.currency}, got=document.currency
        )
    size = abs(document.amount)
    shown = format_minor(size, document.currency)
    if size < tender.minimum or (tender.maximum is not None and size > tender.maximum):
        least = format_minor(tender.minimum, document.currency)
        most = format_minor(tender.maximum, document.currency) if tender.maximum is not None else "any amount"
        words = f"{tender.summary}: from {least} to {most} at once; this is {shown}."
        yield Issue(code="PAYMENT_TENDER_AMOUNT", message=words, pointer=document.pointer, expected={"from": least, "to": most}, got=shown)
    unit = smallest_coin(tender, document.currency, document.store_id, context)
    if unit > 1 and document.amount % unit:
        coin = format_minor(unit, document.currency)
        words = f"{tender.summary} comes in multiples of {coin}; {shown} is none."
        yield Issue(code="PAYMENT_COINS", message=words, pointer=document.pointer, expected={"multiple_of": coin}, got=shown)


def check_refund_tender(document: Payment, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that what is paid out is paid by a tender that the policy allows, and up to its limit (CO-68)."""
    if document.amount >= 0 or document.corrects_id is not None or tender_type(context, document.tender) is None:
        return
    allowed: Sequence[AllowedRefund] = context.decide("allowed_refund_tenders", document, facts)
    shown = ", ".join(_shown(found, document.currency) for found in allowed)
    found = next((found for found in allowed if found.tender == document.tender), None)
    if found is None or (found.limit is not None and -document.amount > found.limit):
        yield Issue(
            code="CO_REFUND_TENDER_NOT_ALLOWED",
            message=f"This refund cannot be paid by {document.tender}. Allowed are: {shown}.",
            pointer=document.pointer,
            expected={"tenders": shown},
            got=document.tender,
        )


def check_refund_limits(document: Payment, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check how far the actor may pay out: with what this plan pays out already, and in cash what was not paid in cash.

    A job pays what was asked for, and so was allowed, before.
    """
    if document.amount >= 0 or document.corrects_id is not None or context.origin != "live":
        return
    planned = [found for found in context.plan.documents.values() if isinstance(found, Payment) and found.corrects_id is None]
    paid_out = [*(found for found in planned if found.amount < 0 and found.currency == document.currency), document]
    yield from _over(PAY_OUT, "PAYMENT_REFUND_LIMIT", "{amount} would be paid out; you may pay out {limit}.", paid_out, document, context)
    if _other_cash(document):
        message = "{amount} that was not paid in cash would be paid out in cash; you may pay out {limit} so."
        in_cash = [found for found in paid_out if _other_cash(found)]
        yield from _over(CASH_OUT, "PAYMENT_CASH_REFUND_LIMIT", message, in_cash, document, context)


def _over(permission: str, code: str, message: str, paid_out: Sequence[Payment], document: Payment, context: Any) -> Iterable[Issue]:
    issues: Iterable[Issue] = context.approve_over(
        permission, -sum(found.amount for found in paid_out), code=code, message=message, currency=document.currency,
        pointer=document.pointer, store_id=document.store_id,
    )  # fmt: skip
    return issues


def _other_cash(document: Payment) -> bool:
    return document.tender == CASH and (document.source is None or document.source.tender != CASH)


def _shown(allowed: AllowedRefund, currency: str) -> str:
    return allowed.tender if allowed.limit is None else f"{allowed.tender} up to {format_minor(allowed.limit, currency)}"


def allowed_refund_tenders(document: Payment, facts: Facts, context: Any) -> tuple[AllowedRefund, ...]:
    """Answer by which tenders a refund may be paid where no plugin does: the one it was paid by, cash, or account.

    Where no payment is named, every tender that pays out is allowed but those of a processor, which gives back only what it took.
    """
    cash, account = AllowedRefund(CASH), AllowedRefund(ACCOUNT)
    if document.source is not None:
        paid_by = tender_type(context, document.source.tender)
        same = (paid_by.refund_to or paid_by.name) if paid_by is not None else CASH
        first = () if same == CASH else (AllowedRefund(same),)
        return (*first, cash, account)
    known: Iterable[TenderType] = context.registry.all(TenderType)
    others = [
        AllowedRefund(tender.name) for tender in known if tender.refunds and not (tender.port or tender.on_account or tender.name == CASH)
    ]
    return (*others, cash, account)
