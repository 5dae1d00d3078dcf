"""Exchange differences: what is gained or lost where open items of one currency but of different rates settle each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from kassa.kernel.plan import Claim, Document, Stamped
from kassa.kernel.stages import Facts
from kassa.kernel.values import Minor
from kassa.ledger.documents import Books, DimensionSet, Entry, OpenItem, Settle, Voucher
from kassa.ledger.facts import books
from kassa.ledger.postings import new_dimension_sets, voucher
from kassa.ledger.rates import accounting_value, settled_value

Place = tuple[str, str, DimensionSet, bool]
"""Where a difference is booked: role of the control account, currency, dimensions, and whether a settlement is undone."""
STORED = (
    "SELECT i.id, i.party_type, i.type, i.currency, i.amount, i.date, i.dimension_set_id, s.canonical, v.rate FROM ledger_open_item i "
    "LEFT JOIN ledger_voucher v ON v.document_id = i.document_id LEFT JOIN ledger_dimension_set s ON s.id = i.dimension_set_id "
    "WHERE i.id IN {keys}"
)


@attrs.define
class Valued:
    """An open item in a foreign currency: its amounts without sign, and how much of it was settled before the document at hand."""

    id: str
    role: str
    currency: str
    dimensions: DimensionSet
    whole: Minor
    value: Minor
    settled: Minor
    stored: bool = False

    def take(self, amount: Minor) -> Minor:
        """Settle a part, and give what that part is worth in the accounting currency."""
        found = settled_value(self.value, self.settled, amount, self.whole)
        self.settled += amount
        return found


def control_role(party_type: str, item_type: str) -> str:
    """Name the role of the account on which an open item stands."""
    if party_type == "vendor":
        return "payable"
    return "prepayment" if item_type == "prepayment" else "receivable"


def differences(document: Document, facts: Facts, context: Any) -> Iterable[Any]:
    """Book what the items that a document settles gained or lost since they were booked: transaction amount 0.

    Each item was booked at the rate of its own voucher; each settled part is worth its exact share of that. Both sides must leave the
    control account with the same value, so the difference goes to exchange gain or loss.
    """
    known = books(context, document.legal_entity_id)
    if not known.rates:
        return ()
    settles = _settles_of(document.id, context.plan.effects)
    if not settles:
        return ()
    items = _items(settles, known, context)
    left: dict[Place, Minor] = {}
    for settle in settles:
        debit, credit = items.get(settle.debit_item_id), items.get(settle.credit_item_id)
        if debit is not None and credit is not None:
            # An invoice moves a deposit to receivables at its own rate, so what is left over is left on prepayments.
            owner = credit if credit.role == "prepayment" else debit
            place = (owner.role, owner.currency, owner.dimensions, settle.amount < 0)
            left[place] = left.get(place, 0) + debit.take(settle.amount) - credit.take(settle.amount)
    pinned = [_pin(item.id, context) for item in items.values() if item.stored]
    return pinned + _booked(document, {place: amount for place, amount in left.items() if amount}, known)


def _pin(item_id: str, context: Any) -> Claim:
    """Demand that an item is open at the flush as it is now: a share of its value is booked that is right for this alone."""
    key = (item_id,)
    return Claim("ledger.open_item", key, {"open": 0}, expected={"open": context.stored_balance("ledger.open_item", key)["open"]})


def _booked(document: Document, left: dict[Place, Minor], known: Books) -> list[Any]:
    effects: list[Any] = []
    if left:
        effects += [*voucher(document, known), *new_dimension_sets((place[2] for place in left), known)]
    for (role, code, dimensions, undone), amount in left.items():
        # What is undone goes back to the account on which it was booked.
        other = "exchange_loss" if (amount > 0) is not undone else "exchange_gain"
        effects += [
            Entry(known.account(role), -amount, dimensions, code, 0),
            Entry(known.account(other), amount, dimensions, code, 0),
        ]
    return effects


def _settles_of(document_id: str, effects: Sequence[Stamped]) -> list[Settle]:
    """List the settlements of the document; its effects stand together at the end of the plan while it is planned."""
    found: list[Settle] = []
    for stamped in reversed(effects):
        if stamped.document_id != document_id:
            break
        if type(stamped.effect) is Settle:
            found.append(stamped.effect)
    return found[::-1]


def _items(settles: Sequence[Settle], known: Books, context: Any) -> dict[str, Valued]:
    ids = {item_id for settle in settles for item_id in (settle.debit_item_id, settle.credit_item_id)}
    items = _planned(ids, known, context)
    stored = sorted(ids - items.keys())
    items |= _stored(stored, known, context) if stored else {}
    # What this document settles is not yet taken off: its parts are valued one after the other.
    for settle in settles:
        for item_id in (settle.debit_item_id, settle.credit_item_id):
            if item_id in items:
                items[item_id].settled -= settle.amount
    return {item_id: item for item_id, item in items.items() if item.currency != known.currency}


def _planned(ids: set[str], known: Books, context: Any) -> dict[str, Valued]:
    """Value items that come into being in this plan, with all that the plan settles of them."""
    rates: dict[str | None, int | None] = {}
    settled: dict[str, int] = {}
    opened: list[tuple[str | None, OpenItem]] = []
    for stamped in context.plan.effects:
        effect = stamped.effect
        if type(effect) is Voucher and effect.rate is not None:
            rates[stamped.document_id] = effect.rate
        elif type(effect) is OpenItem and effect.id in ids:
            opened.append((stamped.document_id, effect))
        elif type(effect) is Settle:
            for item_id in (effect.debit_item_id, effect.credit_item_id):
                settled[item_id] = settled.get(item_id, 0) + effect.amount
    return {
        item.id: _valued(
            item.id, item.party_type, item.type, item.currency, item.amount, item.date, item.dimensions, rates.get(document_id),
            settled.get(item.id, 0), known,
        )
        for document_id, item in opened
    }  # fmt: skip


def _stored(ids: Sequence[str], known: Books, context: Any) -> dict[str, Valued]:
    left = context.balance("ledger.open_item", [(item_id,) for item_id in ids])
    found = {}
    for item_id, party_type, item_type, code, amount, date, set_id, canonical, rate in context.read.rows_for(STORED, ids):
        dimensions = DimensionSet(set_id, canonical or "")
        settled = abs(amount) - abs(left[item_id,]["open"])
        found[item_id] = _valued(item_id, party_type, item_type, code, amount, date, dimensions, rate, settled, known)
        found[item_id].stored = True
    return found


def _valued(
    item_id: str, party_type: str, item_type: str, code: str, amount: Minor, date: str, dimensions: DimensionSet, rate: int | None,
    settled: Minor, known: Books,
) -> Valued:  # fmt: skip
    whole, value = abs(amount), 0
    if code != known.currency:
        value = accounting_value(whole, code, known.currency, rate or known.rate(code, date))
    return Valued(item_id, control_role(party_type, item_type), code, dimensions, whole, value, settled)
