"""Settling: which debits are set against which credits, by hand or by age. Pure functions over open items of one party."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.values import Minor, format_minor, minor_of
from kassa.ledger.documents import OpenBalance, Pair
from kassa.ledger.messages.open_items import ItemRequest, PairRequest

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
    return in_order([(item.id, item.open) for item in debits], [(item.id, -item.open) for item in credits])


def in_order(debits: Sequence[tuple[str, Minor]], credits: Sequence[tuple[str, Minor]]) -> list[Pair]:
    """Pair debits with credits in the order in which they come, until one side is used up; ids and amounts above 0."""
    pairs: list[Pair] = []
    waiting = list(reversed(credits))
    for debit_id, amount_open in debits:
        left = amount_open
        while left and waiting:
            credit_id, available = waiting.pop()
            amount = min(left, available)
            pairs.append(Pair(debit_id, credit_id, amount))
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


def chosen(asked: Sequence[ItemRequest], items: Sequence[OpenBalance]) -> tuple[list[OpenBalance], list[Issue]]:
    """Find the items that were named, each open by no more than was asked of it; they keep their order, oldest first.

    A number names all items of its document that are open.
    """
    issues: list[Issue] = []
    found: dict[str, OpenBalance] = {}
    for place, one in enumerate(asked):
        named = [item for item in items if one.item in (item.number, item.id)]
        if not named:
            issues.append(_not_open(one.item, "item", f"/items/{place}/item"))
        elif any(item.id in found for item in named):
            message = f"{one.item} stands here twice. Name each item once."
            issues.append(Issue(code="LEDGER_SETTLE_TWICE", message=message, pointer=f"/items/{place}/item", got=one.item))
        elif one.amount is not None:
            found |= _limited(one, named, place, issues)
        else:
            found |= {item.id: item for item in named}
    if len({item.currency for item in found.values()}) > 1:
        codes = ", ".join(sorted({item.currency for item in found.values()}))
        issues.append(Issue(code="LEDGER_SETTLE_CURRENCY", message=f"These items are in {codes}. Settle items of one currency.", pointer="/items"))
    return [found[item.id] for item in items if item.id in found], issues


def _limited(one: ItemRequest, named: Sequence[OpenBalance], place: int, issues: list[Issue]) -> dict[str, OpenBalance]:
    pointer = f"/items/{place}/amount"
    if len(named) > 1:
        message = f"{one.item} has {len(named)} open items; give the id of the one that is settled in part."
        issues.append(Issue(code="LEDGER_SETTLE_AMOUNT", message=message, pointer=pointer, got=str(one.amount)))
        return {}
    (item,) = named
    amount = _within(one.amount, abs(item.open), item.currency, pointer, "is open", issues)
    return {item.id: evolve(item, open=amount if item.open > 0 else -amount)} if amount else {}


def _find(number: str, items: Sequence[OpenBalance], sign: int, pointer: str, issues: list[Issue]) -> OpenBalance | None:
    found = [item for item in items if number in (item.number, item.id) and item.open * sign > 0]
    if found:
        return found[0]
    issues.append(_not_open(number, "debit" if sign > 0 else "credit", pointer))
    return None


def _not_open(number: str, what: str, pointer: str) -> Issue:
    return Issue(
        code="LEDGER_ITEM_NOT_OPEN",
        message=f"The party has no open {what} of a document {number!r}.",
        pointer=pointer,
        expected={"open": f"{what}s with something open"},
        got=number,
        action="Look at the party's open items.",
    )


def _amount(asked: Decimal | None, most: Minor, currency: str, place: int, issues: list[Issue]) -> Minor:
    if asked is None and most:
        return most
    return _within(asked, most, currency, f"/pairs/{place}/amount", "both have open", issues)


def _within(asked: Decimal | None, most: Minor, currency: str, pointer: str, what: str, issues: list[Issue]) -> Minor:
    """Read an amount above 0 and at most `most`; 0 where it is an issue."""
    try:
        amount = most if asked is None else minor_of(asked, currency)
    except ValueError as error:
        issues.append(Issue(code="LEDGER_SETTLE_AMOUNT", message=f"{error}", pointer=pointer, got=str(asked)))
        return 0
    if not 0 < amount <= most:
        shown = format_minor(most, currency)
        message = f"Expected an amount above 0 and at most {shown} {currency}, which {what}; got {format_minor(amount, currency)}."
        issues.append(Issue(code="LEDGER_SETTLE_AMOUNT", message=message, pointer=pointer, expected={"most": shown}, got=format_minor(amount, currency)))
        return 0
    return amount
