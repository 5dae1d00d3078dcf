"""Reports of stock: what is on hand and what it is worth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from kassa.kernel.contributions import Report
from kassa.kernel.database import Reader
from kassa.kernel.values import MICRO, PRICE_PLACES, QUANTITY_PLACES, format_minor, format_scaled, round_half_up
from kassa.org import facts as org
from kassa.org.editing import about
from kassa.org.messages.scalars import Reference

PIECE = 500
VALUES = (
    "SELECT b.product_id, b.warehouse_id, p.number, p.name, w.code, b.on_hand, b.value, b.issued_value FROM stock_balance b "
    "JOIN catalog_product p ON p.id = b.product_id JOIN org_warehouse w ON w.id = b.warehouse_id "
    "WHERE w.legal_entity_id = ? AND (b.on_hand <> 0 OR b.issued_value <> 0){where} ORDER BY b.product_id, b.warehouse_id LIMIT ?"
)


@attrs.frozen(kw_only=True)
class StockValueParameters:
    """Whose stock is valued."""

    warehouse: Reference | None = attrs.field(default=None, metadata=about("Only one warehouse, by code or id."))


def stock_value(read: Reader, parameters: StockValueParameters, context: Any) -> Iterable[Sequence[Any]]:
    """Give one row for each product in each warehouse, and the total, which is the balance of inventory in the ledger.

    `delivered` is the cost of goods that left and are not invoiced yet.
    """
    entity = org.legal_entity(context)
    value = delivered = 0
    for row in _rows(read, entity.id, parameters, context):
        on_hand, worth, issued = row[5:]
        value, delivered = value + worth, delivered + issued
        # Minor units by thousandths, as a price in millionths of the currency's unit.
        average = round_half_up(worth * 10**QUANTITY_PLACES * MICRO, on_hand * 10**entity.exponent) if on_hand > 0 else None
        yield (
            row[2], row[3], row[4], format_scaled(on_hand, QUANTITY_PLACES, trim=True), format_minor(worth, entity.currency),
            format_scaled(average, PRICE_PLACES, trim=True) if average is not None else None, format_minor(issued, entity.currency),
        )  # fmt: skip
    yield "", "Total", "", "", format_minor(value, entity.currency), None, format_minor(delivered, entity.currency)


def _rows(read: Reader, legal_entity_id: str, parameters: StockValueParameters, context: Any) -> Iterable[Sequence[Any]]:
    """Read balances in pieces, so that memory stays the same however many products there are."""
    where, values = "", [legal_entity_id]
    if parameters.warehouse is not None:
        where, values = " AND b.warehouse_id = ?", [*values, org.warehouse(context, parameters.warehouse).id]
    after: list[Any] = []
    while True:
        following = " AND (b.product_id, b.warehouse_id) > (?, ?)" if after else ""
        rows = read.rows(VALUES.replace("{where}", where + following), [*values, *after, PIECE])
        yield from rows
        if len(rows) < PIECE:
            return
        after = list(rows[-1][:2])


REPORTS = (
    Report(
        name="stock.value",
        summary="What is on hand and what it is worth",
        parameters=StockValueParameters,
        columns=("product", "name", "warehouse", "on_hand", "value", "average_cost", "delivered"),
        run=stock_value,
        permission="stock.read_value",
    ),
)
