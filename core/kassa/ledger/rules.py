"""The core's check of every plan that books (vouchers balance, accounts and periods are open), and the rule of settlements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.plan import Plan, Stamped
from kassa.kernel.stages import Facts
from kassa.kernel.values import MAX_MINOR
from kassa.ledger.dimensions import entry_issues
from kassa.ledger.documents import DimensionSet, Entry, Settlement, Voucher
from kassa.ledger.facts import books
from kassa.ledger.postings import settle

Finding = tuple[str | None, Issue]


def settlements(document: Settlement, facts: Facts, context: Any) -> Iterable[Any]:
    """Set the pairs of a settlement against each other; what is open of each item is claimed, so none goes below zero (INV-15)."""
    effects: list[Any] = []
    for pair in document.pairs:
        effects += settle(
            legal_entity_id=document.legal_entity_id, debit_item_id=pair.debit_item_id, credit_item_id=pair.credit_item_id,
            amount=pair.amount, date=document.date, stored=frozenset((pair.debit_item_id, pair.credit_item_id)),
        )  # fmt: skip
    return effects


def check_vouchers(plan: Plan, context: Any) -> Iterable[Finding]:
    """Check that each voucher sums to 0 in both currencies, and that its accounts and its period are open."""
    sums: dict[str | None, list[Any]] = {}
    booked: set[str | None] = set()
    looked_at: set[tuple[str | None, str, str, str]] = set()
    for stamped in plan.effects:
        kind = type(stamped.effect)
        if kind is Entry:
            entry: Entry = stamped.effect
            found = sums.get(stamped.document_id)
            if found is None:
                found = sums[stamped.document_id] = [0, {}, stamped, set()]
            found[0] += entry.amount
            found[1][entry.currency] = found[1].get(entry.currency, 0) + entry.transaction_amount
            found[3].add((entry.account_id, entry.dimensions))
            if not -MAX_MINOR <= entry.amount <= MAX_MINOR:
                yield stamped.case, _too_large(stamped)
        elif kind is Voucher and stamped.document_id not in booked:
            booked.add(stamped.document_id)
            voucher: Voucher = stamped.effect
            # The documents of one act share a date; a period that is closed is told once.
            place = (stamped.case, voucher.legal_entity_id, voucher.date, voucher.period_id)
            if place not in looked_at:
                looked_at.add(place)
                yield from _period(stamped, context)
    for amount, by_currency, stamped, pairs in sums.values():
        if amount or any(by_currency.values()):
            yield stamped.case, _unbalanced(stamped, amount, by_currency)
        if stamped.document_id not in booked:
            yield stamped.case, _without_voucher(stamped)
        yield from _misplaced(stamped, pairs, context)


def _too_large(stamped: Stamped) -> Issue:
    return Issue(
        code="LEDGER_AMOUNT_TOO_LARGE",
        message=f"An entry of {stamped.effect.amount} minor units is larger than {MAX_MINOR}. Divide the document.",
        rule="ledger.size",
        document=stamped.document_id,
    )


def _unbalanced(stamped: Stamped, amount: int, by_currency: Mapping[str, int]) -> Issue:
    foreign = "".join(f", {left} of {code}" for code, left in sorted(by_currency.items()) if left and left != amount)
    return Issue(
        code="INV_VOUCHER_UNBALANCED",
        message=f"The voucher of {stamped.document_id} does not balance: debits less credits leave {amount} minor units{foreign}. "
        f"A rule that books it is at fault; the last was {stamped.rule}.",
        rule="ledger.balance",
        document=stamped.document_id,
        expected={"sum": "0"},
        got=str(amount),
    )


def _without_voucher(stamped: Stamped) -> Issue:
    return Issue(
        code="INV_VOUCHER_UNBALANCED",
        message=f"The rule {stamped.rule} books entries of {stamped.document_id} that belong to no voucher. Make them with Booking.effects().",
        rule="ledger.voucher",
        document=stamped.document_id,
    )


def _period(stamped: Stamped, context: Any) -> Iterable[Finding]:
    """Check the period that the flush will require; a voucher of another period than its date's is a fault of the rule."""
    voucher: Voucher = stamped.effect
    period = books(context, voucher.legal_entity_id).period(voucher.date)
    if period is not None and period.status == "open" and period.id == voucher.period_id:
        return
    told = "has not been set up" if period is None else "is closed" if period.status == "closed" else f"is not {voucher.period_id}"
    yield (
        stamped.case,
        Issue(
            code="INV_PERIOD_CLOSED",
            message=f"The period of {voucher.date} {told}.",
            pointer="/date",
            rule="ledger.period",
            expected={"period": "open"},
            got="missing" if period is None else period.status,
            action="Post on a date of an open period, or have the period opened.",
        ),
    )


def _misplaced(stamped: Stamped, pairs: set[tuple[str, DimensionSet]], context: Any) -> Iterable[Finding]:
    """Find accounts that may not be posted to, and dimensions that an account or the set-up does not allow."""
    document = context.plan.documents.get(stamped.document_id)
    if document is None:
        return
    known = books(context, document.legal_entity_id)
    if known.dimension_rules or known.dimension_values or any(dimensions.id not in known.dimension_sets for _, dimensions in pairs):
        for issue in entry_issues(sorted(pairs, key=lambda pair: (pair[0], pair[1].canonical)), known, context):
            yield stamped.case, evolve(issue, rule="ledger.dimensions", document=stamped.document_id)
    for account_id in sorted({account_id for account_id, _ in pairs}):
        if account_id in known.inactive or account_id not in known.names:
            name = known.names.get(account_id, account_id)
            yield (
                stamped.case,
                Issue(
                    code="LEDGER_ACCOUNT_CLOSED",
                    message=f"Account {name} may not be posted to. Open it, or assign another to the role.",
                    rule="ledger.account",
                    document=stamped.document_id,
                ),
            )
