"""First in, first out, at the close of a period: goods that left are matched with goods that came, and cost what those cost.

Pure arithmetic over the lots of one product. In each warehouse the first piece that left is the first that came, in the order in
which lots were settled financially; so only quantities decide what is matched with what. Costs follow: what left costs the sum of
what it is matched with; what came back, or arrived from another warehouse, costs its share of the lot that it is from (RET-14).

Where goods left before they came, which negative stock allows, the rest of an issue keeps its running cost until a later period
brings what it can be matched with. Lots whose costs hang together in a circle (sold before they came, and come back) are broken up
at the first of them that came: it keeps the cost that it has.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

import attrs

from kassa.kernel.values import Minor, Thousandths, share
from kassa.stock.documents.costs import Match


@attrs.frozen(kw_only=True)
class SettledLot:
    """A lot that is settled financially: quantity and cost signed, as it changed what is on hand.

    `matched` and `matched_cost` are what earlier periods matched of it, without sign. `order` is its place in time.
    """

    id: str
    warehouse_id: str
    quantity: Thousandths
    cost: Minor
    order: tuple[str, str]
    matched: Thousandths = 0
    matched_cost: Minor = 0
    source_lot_id: str | None = None

    @property
    def open(self) -> Thousandths:
        """Tell how much of it is not matched yet, without sign."""
        return abs(self.quantity) - self.matched

    @property
    def size(self) -> Minor:
        """Give what it costs, positive for a cost that is usual."""
        return self.cost if self.quantity > 0 else -self.cost


@attrs.frozen(kw_only=True)
class Outcome:
    """What a close comes to: the matches, and what each lot costs now (as `SettledLot.size` does), by lot."""

    matches: tuple[Match, ...]
    costs: Mapping[str, Minor]


def close(lots: Sequence[SettledLot]) -> Outcome:
    """Match the lots of one product and work out what each of them costs."""
    by_id = {lot.id: lot for lot in lots}
    pairs = _pairs(lots)
    costing = _Costing(by_id, pairs)
    return Outcome(matches=costing.matches(), costs=costing.costs)


def _pairs(lots: Iterable[SettledLot]) -> list[tuple[str, str, Thousandths]]:
    """Match what left with what came in each warehouse, the first with the first: (issue, receipt, quantity)."""
    queues: dict[str, tuple[deque[SettledLot], deque[SettledLot]]] = {}
    for lot in sorted((lot for lot in lots if lot.open > 0), key=lambda lot: (lot.order, lot.id)):
        came, left = queues.setdefault(lot.warehouse_id, (deque(), deque()))
        (came if lot.quantity > 0 else left).append(lot)
    pairs = []
    for came, left in queues.values():
        rest = {lot.id: lot.open for queue in (came, left) for lot in queue}
        while came and left:
            receipt, issue = came[0], left[0]
            quantity = min(rest[receipt.id], rest[issue.id])
            pairs.append((issue.id, receipt.id, quantity))
            for lot, queue in ((receipt, came), (issue, left)):
                rest[lot.id] -= quantity
                if not rest[lot.id]:
                    queue.popleft()
    return pairs


class _Costing:
    """Works costs out in the order in which they depend on each other."""

    def __init__(self, lots: Mapping[str, SettledLot], pairs: Sequence[tuple[str, str, Thousandths]]) -> None:
        self.lots = lots
        self.pairs = pairs
        self.costs: dict[str, Minor] = {}
        self.parts: dict[int, Minor] = {}
        self.of_issue: dict[str, list[int]] = {}
        self.of_receipt: dict[str, list[int]] = {}
        for place, (issue, receipt, _) in enumerate(pairs):
            self.of_issue.setdefault(issue, []).append(place)
            self.of_receipt.setdefault(receipt, []).append(place)
        self.followers: dict[str, list[SettledLot]] = {}
        for lot in sorted(lots.values(), key=lambda lot: (lot.order, lot.id)):
            if self._follows(lot):
                self.followers.setdefault(lot.source_lot_id or "", []).append(lot)
        self._resolve()

    def matches(self) -> tuple[Match, ...]:
        """Give the matches with their costs."""
        return tuple(Match(issue, receipt, quantity, self.parts[place]) for place, (issue, receipt, quantity) in enumerate(self.pairs))

    def _follows(self, lot: SettledLot) -> bool:
        """Tell whether a lot came from another one here; what leaves always costs what it is matched with."""
        return lot.quantity > 0 and lot.source_lot_id in self.lots

    def _waits_for(self, lot: SettledLot) -> set[str]:
        """Name the lots whose cost must be known first."""
        if self._follows(lot):
            return {lot.source_lot_id or ""}
        return {self.pairs[place][1] for place in self.of_issue.get(lot.id, ())}

    def _resolve(self) -> None:
        waits = {lot_id: self._waits_for(lot) for lot_id, lot in self.lots.items()}
        needed_by: dict[str, list[str]] = {}
        for lot_id, needed in waits.items():
            for other in needed:
                needed_by.setdefault(other, []).append(lot_id)
        ready = deque(sorted(lot_id for lot_id, needed in waits.items() if not needed))
        circles = deque(sorted((lot for lot in self.lots.values() if lot.quantity > 0), key=lambda lot: (lot.order, lot.id)))
        while len(self.costs) < len(self.lots):
            if not ready:
                while circles[0].id in self.costs:
                    circles.popleft()
                self._settle(circles[0], circles[0].size)
                ready += self._freed(circles[0].id, waits, needed_by)
                continue
            lot = self.lots[ready.popleft()]
            if lot.id not in self.costs:
                self._settle(lot, self._cost_of(lot))
                ready += self._freed(lot.id, waits, needed_by)

    @staticmethod
    def _freed(lot_id: str, waits: Mapping[str, set[str]], needed_by: Mapping[str, list[str]]) -> list[str]:
        freed = []
        for other in needed_by.get(lot_id, ()):
            waits[other].discard(lot_id)
            if not waits[other]:
                freed.append(other)
        return freed

    def _cost_of(self, lot: SettledLot) -> Minor:
        if self._follows(lot):
            return self._share_of_source(lot, self.lots[lot.source_lot_id or ""])
        places = self.of_issue.get(lot.id)
        if lot.quantity > 0 or not places:
            return lot.size
        matched = sum(self.pairs[place][2] for place in places)
        # What was not matched before carries what the matched part does not cost; its share goes, the cost of the goods comes.
        uncovered = lot.size - lot.matched_cost
        return lot.size - share(uncovered, matched, lot.open) + sum(self.parts[place] for place in places)

    def _share_of_source(self, lot: SettledLot, source: SettledLot) -> Minor:
        """Give the part of the source's cost that belongs to a lot, after those that came from the same source before it."""
        before = 0
        for other in self.followers[source.id]:
            if other.id == lot.id:
                break
            before += abs(other.quantity)
        whole, total = abs(source.quantity), self.costs[source.id]
        return share(total, before + abs(lot.quantity), whole) - share(total, before, whole)

    def _settle(self, lot: SettledLot, cost: Minor) -> None:
        """Note what a lot costs; a receipt hands the cost of what is open of it out to what is matched with it, exactly."""
        self.costs[lot.id] = cost
        taken = 0
        for place in self.of_receipt.get(lot.id, ()):
            quantity = self.pairs[place][2]
            left = cost - lot.matched_cost
            self.parts[place] = share(left, taken + quantity, lot.open) - share(left, taken, lot.open)
            taken += quantity
