"""Settling: which debits are set against which credits, by hand or by age. Pure functions over open items of one party."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kassa.kernel.errors import Issue
from kassa.kernel.values import Minor, format_minor, minor_of
from kassa.ledger.documents import OpenBalance, Pair
from kassa.ledger.messages.open_items import PairRequest

PREPAYMENT = "prepayment"


def by_age(items: Sequence[OpenBalance]) -> list[Pair]:
    """Pair the oldest debits with the oldest credits of each currency, until one side is used up; prepayments stay out.

    Items come oldest first.
    """
    pairs: list[Pair] = []
    for currency in sorted({item.currency for item in items}):
        ours = [item for item in items if item.currency == currency and item.type != PREPAYMENT]
        pairs += _by_age([item for item in ours if item.open > 0], [item for item in ours if item.open < 0])
    return pairs


def _by_age(debits: Sequence[OpenBalance], credits: Sequence[OpenBalance]) -> list[Pair]:
    pairs: list[Pair] = []
    waiting = [(credit.id, -credit.open) for credit in reversed(credits)]
    for debit in debits:
        left = debit.open
        while left and waiting:
            credit_id, available = waiting.pop()
            amount = min(left, available)
            pairs.append(Pair(debit.id, credit_id, amount))
            left -= amount
            if available > amount:
                waiting.append((credit_id, available - amount))
    return pairs


def designated(asked: Sequence[PairRequest], items: Sequence[OpenBalance]) -> tuple[list[Pair], list[Issue]]:
    """Turn the pairs that were asked for into pairs of items; what one pair uses is gone for the next."""
    issues: list[Issue] = []
    pairs: list[Pair] = []
    left = {item.id: abs(item.open) for item in items}
    for place, pair in enumerate(asked):
        debit = _find(pair.debit, items, 1, f"/pairs/{place}/debit", issues)
        credit = _find(pair.credit, items, -1, f"/pairs/{place}/credit", issues)
        if debit is None or credit is None:
            continue
        if debit.currency != credit.currency:
            message = f"{pair.debit} is in {debit.currency}, {pair.credit} in {credit.currency}. Settle items of one currency."
            issues.append(Issue(code="LEDGER_SETTLE_CURRENCY", message=message, pointer=f"/pairs/{place}"))
            continue
        most = min(left[debit.id], left[credit.id])
        amount = _amount(pair.amount, most, debit.currency, place, issues)
        if amount:
            pairs.append(Pair(debit.id, credit.id, amount))
            left[debit.id] -= amount
            left[credit.id] -= amount
    return pairs, issues


def _find(number: str, items: Sequence[OpenBalance], sign: int, pointer: str, issues: list[Issue]) -> OpenBalance | None:
    found = [item for item in items if item.number == number and item.open * sign > 0]
    if found:
        return found[0]
    what = "debit" if sign > 0 else "credit"
    issues.append(
        Issue(
            code="LEDGER_ITEM_NOT_OPEN",
            message=f"The customer has no open {what} of a document {number!r}.",
            pointer=pointer,
            expected={"open": f"{what}s with something open"},
            got=number,
            action="Look at the customer's open items (ledger.list_open_items).",
        )
    )
    return None


def _amount(asked: Decimal | None, most: Minor, currency: str, place: int, issues: list[Issue]) -> Minor:
    pointer = f"/pairs/{place}/amount"
    if asked is None and most:
        return most
    try:
        amount = most if asked is None else minor_of(asked, currency)
    except ValueError as error:
        issues.append(Issue(code="LEDGER_SETTLE_AMOUNT", message=f"{error}", pointer=pointer, got=str(asked)))
        return 0
    if not 0 < amount <= most:
        shown = format_minor(most, currency)
        message = f"Expected an amount above 0 and at most {shown} {currency}, which both have open; got {format_minor(amount, currency)}."
        issues.append(Issue(code="LEDGER_SETTLE_AMOUNT", message=message, pointer=pointer, expected={"most": shown}, got=format_minor(amount, currency)))
        return 0
    return amount
