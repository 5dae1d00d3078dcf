"""Looking at stock: what lies where, how it moved, and past adjustments."""

from __future__ import annotations

from typing import Any

from kassa.catalog import facts as catalog
from kassa.kernel.context import Context
from kassa.kernel.keys import find_document, numbers_of
from kassa.kernel.operations import cursor_of, page, page_of
from kassa.ledger.queries import a_number, an_id, narrowed, place_after
from kassa.org import facts as org
from kassa.stock import messages
from kassa.stock.adjusting import adjustment_view
from kassa.stock.store import load_adjustments

STOCK = (
    "SELECT b.product_id, b.warehouse_id, p.number, p.name, p.unit, w.code, b.on_hand, b.on_hand - b.reserved - b.picked - b.blocked, b.reserved, "
    "b.blocked, b.picked, b.on_order, b.ordered, b.registered, b.in_transit, b.reserved_ordered FROM stock_balance b JOIN catalog_product p ON p.id = b.product_id "
    "JOIN org_warehouse w ON w.id = b.warehouse_id WHERE w.legal_entity_id = ?"
)
MOVEMENTS = (
    "SELECT t.lot_id, t.sequence, p.number, w.code, t.from_status, t.to_status, t.quantity, t.date, k.value, d.kind FROM stock_transaction t "
    "JOIN catalog_product p ON p.id = t.product_id JOIN org_warehouse w ON w.id = t.warehouse_id JOIN kernel_document d ON d.id = t.document_id "
    "LEFT JOIN kernel_document_key k ON k.document_id = t.document_id AND k.name = 'number' WHERE t.legal_entity_id = ?"
)
ADJUSTMENTS = (
    "SELECT a.document_id, k.value, a.reason, w.code, d.business_date, "
    "(SELECT count(*) FROM stock_adjustment_line l WHERE l.document_id = a.document_id) "
    "FROM stock_adjustment a JOIN kernel_document d ON d.id = a.document_id JOIN org_warehouse w ON w.id = a.warehouse_id "
    "LEFT JOIN kernel_document_key k ON k.document_id = a.document_id AND k.name = 'number' WHERE a.legal_entity_id = ?"
)


def read_stock(request: messages.ReadStock, context: Context) -> Any:
    """Show a page of what lies where in the legal entity."""
    entity = org.legal_entity(context)
    store = org.store(context, request.store).warehouse_id if request.store is not None else None
    conditions = (
        ("b.product_id = ?", _product_id(request.product, context)),
        ("b.warehouse_id = ?", _warehouse_id(request.warehouse, context)),
        ("b.warehouse_id = ?", store),
    )
    where, values = narrowed(conditions)
    after = place_after(request.after, an_id, an_id)
    if after is not None:
        where, values = f"{where} AND (b.product_id, b.warehouse_id) > (?, ?)", [*values, *after]
    sql = f"{STOCK}{where} ORDER BY b.product_id, b.warehouse_id LIMIT ?"
    rows = context.read.rows(sql, [entity.id, *values, request.limit + 1])
    last = rows[request.limit - 1] if len(rows) > request.limit else None
    items = tuple(
        messages.StockView(
            product=row[2], name=row[3], unit=row[4], warehouse=row[5], on_hand=row[6], available=row[7], reserved=row[8], blocked=row[9],
            picked=row[10], on_order=row[11], ordered=row[12], registered=row[13], in_transit=row[14], reserved_ordered=row[15],
        )
        for row in rows[: request.limit]
    )  # fmt: skip
    return page_of(messages.StockView)(items=items, next=cursor_of(last[:2]) if last is not None else None)


def _product_id(reference: str | None, context: Context) -> str | None:
    return catalog.product(context, reference).id if reference is not None else None


def _warehouse_id(reference: str | None, context: Context) -> str | None:
    return org.warehouse(context, reference).id if reference is not None else None


def list_movements(request: messages.ListMovements, context: Context) -> Any:
    """Show a page of the steps of a product's lots, newest lots first, each lot's last step first."""
    entity = org.legal_entity(context)
    conditions = (("t.product_id = ?", _product_id(request.product, context)), ("t.warehouse_id = ?", _warehouse_id(request.warehouse, context)))
    where, values = narrowed(conditions)
    after = place_after(request.after, an_id, a_number)
    if after is not None:
        where, values = f"{where} AND (t.lot_id, t.sequence) < (?, ?)", [*values, *after]
    sql = f"{MOVEMENTS}{where} ORDER BY t.lot_id DESC, t.sequence DESC LIMIT ?"
    items = [
        messages.MovementView(
            lot=row[0], step=row[1], product=row[2], warehouse=row[3], from_status=row[4], to_status=row[5], quantity=row[6], date=row[7],
            document=row[8], kind=row[9],
        )
        for row in context.read.rows(sql, [entity.id, *values, request.limit + 1])
    ]  # fmt: skip
    return page(request, messages.MovementView, items, lambda view: (view.lot, view.step))


def list_adjustments(request: messages.ListAdjustments, context: Context) -> Any:
    """Show a page of adjustments, newest first."""
    entity = org.legal_entity(context)
    after = place_after(request.after, an_id)
    conditions = (
        ("a.reason = ?", request.reason),
        ("a.warehouse_id = ?", _warehouse_id(request.warehouse, context)),
        ("a.document_id < ?", after[0] if after is not None else None),
    )
    where, values = narrowed(conditions)
    sql = f"{ADJUSTMENTS}{where} ORDER BY a.document_id DESC LIMIT ?"
    items = [
        messages.AdjustmentSummaryView(id=row[0], number=row[1], reason=row[2], warehouse=row[3], date=row[4], lines=row[5])
        for row in context.read.rows(sql, [entity.id, *values, request.limit + 1])
    ]
    return page(request, messages.AdjustmentSummaryView, items, lambda view: (view.id,))


def read_adjustment(request: messages.ReadAdjustment, context: Context) -> messages.AdjustmentView:
    """Show one adjustment, found by its number, its reference or its id."""
    entity = org.legal_entity(context)
    adjustment_id = find_document(context.read, "stock_adjustment", entity.id, request.adjustment)
    found = load_adjustments(context.read, [adjustment_id])[adjustment_id]
    number = numbers_of(context.read, [adjustment_id]).get(adjustment_id)
    return adjustment_view(found, org.warehouse(context, found.warehouse_id).code, entity.currency, number)
