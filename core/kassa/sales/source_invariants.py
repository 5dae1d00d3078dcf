"""What must hold of goods taken back: what stands with an invoice line is what the lines that take it back have together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kassa.kernel.contributions import Invariant
from kassa.kernel.invariants import SAMPLES
from kassa.sales.sources import MONEY, ORIGIN, part

SOURCES = (
    "SELECT s.document_id, s.number, s.sold, s.claimed, s.valued, s.discount, s.net_discount, s.net, s.cost, l.quantity, l.order_line_id "
    "FROM sales_source s LEFT JOIN sales_invoice_line l ON l.document_id = s.document_id AND l.number = s.number "
    "WHERE {after:s.document_id, s.number} ORDER BY s.document_id, s.number"
)
SOURCE_TAXES = "SELECT document_id, number, code, amount FROM sales_source_tax WHERE document_id IN {keys}"
TAKING = (
    "SELECT l.source_document_id, l.source_number, l.id, l.quantity, b.cancelled, b.invoiced, l.money, l.goods, l.price_origin, l.discount, "
    "l.net_discount, l.net, l.source_cost FROM sales_order_line l JOIN sales_line_balance b ON b.line_id = l.id "
    "WHERE l.source_document_id IN {keys}"
)
TAKING_TAXES = "SELECT t.line_id, t.code, t.amount FROM sales_order_tax t JOIN sales_order_line l ON l.id = t.line_id WHERE l.source_document_id IN {keys}"
LINES = (
    "SELECT b.line_id, b.return_claimed, b.credited FROM sales_line_balance b WHERE b.return_claimed + b.credited > 0 "
    "AND {after:b.line_id} ORDER BY b.line_id"
)
CLAIMED = (
    "SELECT s.order_line_id, sum(x.claimed) FROM sales_invoice_line s JOIN sales_source x ON x.document_id = s.document_id "
    "AND x.number = s.number WHERE s.order_line_id IN {keys} GROUP BY s.order_line_id"
)
OPEN = (
    "SELECT l.source_lot_id, sum(abs(l.quantity) - b.cancelled - b.invoiced) FROM sales_order_line l "
    "JOIN sales_line_balance b ON b.line_id = l.id WHERE l.source_lot_id IN {keys} GROUP BY l.source_lot_id"
)
NAMES = ("claimed", "valued", *MONEY, "cost")
UNMARKED = (
    "SELECT document_id, number, unreferenced FROM sales_order_line WHERE (unreferenced AND (quantity >= 0 OR source_document_id IS NOT NULL)) "
    "OR (NOT unreferenced AND quantity < 0 AND source_document_id IS NULL) LIMIT ?"
)
UNCLAIMED = (
    "SELECT l.document_id, l.number FROM sales_order_line l JOIN sales_line_balance b ON b.line_id = l.id WHERE l.source_document_id IS NOT NULL "
    "AND NOT EXISTS (SELECT 1 FROM sales_source s WHERE s.document_id = l.source_document_id AND s.number = l.source_number) LIMIT ?"
)
Sums = dict[str, int]


def wrong_sources(read: Any) -> Iterator[str]:
    """Find invoice lines of which something else stands as taken back than their returns have together."""
    for rows in read.pieces(SOURCES, (0, 1)):
        ids = list(dict.fromkeys(row[0] for row in rows))
        wanted = _taken(read, ids)
        taxes = {(row[0], row[1], row[2]): int(row[3]) for row in read.rows_for(SOURCE_TAXES, ids)}
        for document_id, number, sold, *counters, quantity, _ in rows:
            where = f"line {number} of invoice {document_id}"
            if quantity != sold:
                yield f"{where}: it counts returns of {sold} thousandths, it sold {quantity}"
            told = wanted.pop((document_id, number), {})
            stands = dict(zip(NAMES, counters, strict=True))
            stands |= {
                f"tax {code}": amount for (document, line, code), amount in taxes.items() if (document, line) == (document_id, number)
            }
            for name in sorted({*told, *stands}):
                if told.get(name, 0) != stands.get(name, 0):
                    yield f"{where}: {name} is {stands.get(name, 0)}, its returns come to {told.get(name, 0)}"


def unclaimed(read: Any) -> Iterator[str]:
    """Find lines that name the invoice line that they take back, while nothing stands as taken back of it."""
    for document_id, number in read.rows(UNCLAIMED, (SAMPLES,)):
        yield f"line {number} of order {document_id}: nothing stands as taken back of the invoice line that it names"


def _taken(read: Any, ids: Sequence[str]) -> dict[tuple[str, int], Sums]:
    taxes: dict[str, Sums] = {}
    for line_id, code, amount in read.rows_for(TAKING_TAXES, ids):
        taxes.setdefault(line_id, {})[f"tax {code}"] = int(amount)
    found: dict[tuple[str, int], Sums] = {}
    for row in read.rows_for(TAKING, ids):
        sums = found.setdefault((row[0], row[1]), {})
        for name, amount in _of_line(row[3:], taxes.get(row[2], {})).items():
            sums[name] = sums.get(name, 0) + amount
    return found


def _of_line(row: Sequence[Any], taxes: Sums) -> Sums:
    """Tell what one line still takes of its source: what was cancelled or went back to the customer does not count."""
    quantity, cancelled, invoiced, money, goods, origin, discount, net_discount, net, cost = row
    whole, gone = abs(quantity), money == "none" and goods != "receive"
    first, last = (invoiced if gone else 0), abs(quantity) - cancelled
    sums = {"claimed": last - first, "cost": -part(cost, first, last - first, whole)}
    if origin == ORIGIN:
        first = invoiced if money == "none" else 0
        amounts = {**dict(zip(MONEY, (discount, net_discount, net), strict=True)), **taxes}
        sums |= {"valued": last - first, **{name: -part(amount, first, last - first, whole) for name, amount in amounts.items()}}
    return sums


def wrong_counts(read: Any) -> Iterator[str]:
    """Find sold lines whose counters of returns are not what stands with their invoice lines, or what is still open of the returns."""
    for rows in read.pieces(LINES, (0,)):
        ids = [row[0] for row in rows]
        claimed = {row[0]: int(row[1]) for row in read.rows_for(CLAIMED, ids)}
        still_open = {row[0]: int(row[1]) for row in read.rows_for(OPEN, ids)}
        for line_id, return_claimed, credited in rows:
            if return_claimed != still_open.get(line_id, 0):
                yield f"sold line {line_id}: {return_claimed} are counted as about to come back, returns have {still_open.get(line_id, 0)} open"
            if return_claimed + credited != claimed.get(line_id, 0):
                yield f"sold line {line_id}: {return_claimed + credited} are counted as returned, its invoice lines say {claimed.get(line_id, 0)}"


def unmarked(read: Any) -> Iterator[str]:
    """Find lines that take goods back and name no sale without being marked, and marked ones that do not."""
    for document_id, number, marked in read.rows(UNMARKED, (SAMPLES,)):
        yield f"line {number} of order {document_id}: it is {'' if marked else 'not '}marked as unreferenced, and should be otherwise"


SOURCE_INVARIANTS = (
    Invariant(name="sales.sources", summary="What stands as taken back of an invoice line is what returns have of it.", find=wrong_sources),
    Invariant(name="sales.sources_claimed", summary="Lines that name their sale claim it.", find=unclaimed),
    Invariant(name="sales.taken_back_counted", summary="Counters of returns are what stands with the invoice lines.", find=wrong_counts),
    Invariant(name="sales.unreferenced_marked", summary="Lines that take back without their sale are marked.", find=unmarked),
)
