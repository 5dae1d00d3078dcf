"""Adjusting: from a request to an adjustment that is checked, valued, moved and booked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from kassa.catalog import facts as catalog
from kassa.catalog.documents import Product
from kassa.kernel.clock import date_of
from kassa.kernel.context import Context
from kassa.kernel.errors import Issue, NotFound
from kassa.kernel.operations import Result
from kassa.kernel.plan import Key
from kassa.kernel.values import format_minor, new_id
from kassa.org import facts as org
from kassa.org.documents import Store, Warehouse
from kassa.stock import messages
from kassa.stock.documents import Adjustment, AdjustmentLine

# The stores whose goods lie in a warehouse; who may act in some stores only may adjust their warehouses only.
STORES_OF = "SELECT id FROM org_store WHERE legal_entity_id = ? AND (id = ? OR warehouse_id = ?) ORDER BY number"


@attrs.frozen
class Where:
    """Where stock is adjusted, and in which store that counts as done, if any."""

    warehouse: Warehouse
    store: Store | None


def adjust(command: messages.Adjust, context: Context) -> Result:
    """Plan a stock adjustment."""
    entity = org.legal_entity(context)
    where = _where(command, context)
    store = where.store
    policy = context.setting("stock.negative_stock", store_id=store.id if store is not None else None)
    zone = store.time_zone if store is not None else entity.time_zone
    draft = Adjustment(
        id=new_id(), type=command.reason, legal_entity_id=entity.id, store_id=store.id if store is not None else None,
        register=context.actor.register or (store.number if store is not None else "office"), state="new",
        date=command.date or date_of(context.now, zone), occurred_at=context.now,
        keys=(Key("reference", command.reference),) if command.reference is not None else (),
        warehouse_id=where.warehouse.id, store_number=store.number if store is not None else "", exponent=entity.exponent,
        reason=command.reason, note=command.note, allow_negative=policy != "refuse", warn_negative=policy == "warn",
        lines=_lines(command.lines, context),
    )  # fmt: skip
    (posted,) = context.step("stock_adjustment", "post", [draft])
    return Result(
        view=lambda numbers: adjustment_view(posted, where.warehouse.code, entity.currency, numbers.get(posted.id)),
        document_id=posted.id,
        version=1,
    )


def _where(command: messages.Adjust, context: Context) -> Where:
    if command.warehouse is None:
        store = org.acting_store(context, command.store)
        return Where(org.warehouse(context, store.warehouse_id), store)
    warehouse = org.warehouse(context, command.warehouse)
    acting = org.acting_store(context, command.store) if command.store is not None else None
    rows = context.read.rows(STORES_OF, (warehouse.legal_entity_id, warehouse.store_id or warehouse.id, warehouse.id))
    scope = context.actor.stores
    mine = [row[0] for row in rows if scope is None or row[0] in scope]
    if scope is not None and not mine:
        raise NotFound("warehouse", command.warehouse)
    return Where(warehouse, acting or (org.store(context, mine[0]) if mine else None))


def _lines(asked: Sequence[messages.AdjustmentLineRequest], context: Context) -> tuple[AdjustmentLine, ...]:
    """Make the lines; every product that cannot be adjusted is reported at once."""
    products = catalog.products(context, [line.product for line in asked])
    context.refuse([issue for place, line in enumerate(asked) for issue in unfit(line.product, place, products)])
    return tuple(
        AdjustmentLine(
            number=place + 1, lot_id=new_id(), product_id=products[line.product].id, product_number=products[line.product].number,
            quantity=line.quantity, standard_cost=products[line.product].standard_cost, unit_cost=line.unit_cost,
            costing=products[line.product].costing, negative_stock=products[line.product].negative_stock,
        )
        for place, line in enumerate(asked)
    )  # fmt: skip


def unfit(reference: str, place: int, products: Mapping[str, Product]) -> list[Issue]:
    """Tell why no stock of a product can be moved: it is unknown, not released here, or of it none is kept."""
    product, pointer = products.get(reference), f"/lines/{place}/product"
    if product is None:
        message = f"Line {place + 1}: no product has the number or barcode {reference!r}."
        return [Issue(code="STOCK_PRODUCT_UNKNOWN", message=message, pointer=pointer, got=reference)]
    if not product.released:
        message = f"Line {place + 1}: {product.number} is not released to this legal entity."
        return [Issue(code="STOCK_PRODUCT_NOT_RELEASED", message=message, pointer=pointer, got=reference)]
    if not product.stocked:
        message = f"Line {place + 1}: of {product.number} no stock is kept."
        return [Issue(code="STOCK_NOT_STOCKED", message=message, pointer=pointer, got=reference)]
    return []


def adjustment_view(document: Adjustment, warehouse: str, currency: str, number: str | None) -> messages.AdjustmentView:
    """Show an adjustment."""
    lines: list[Any] = [
        messages.AdjustmentLineView(line=x.number, product=x.product_number, quantity=x.quantity, cost=format_minor(x.cost, currency))
        for x in document.lines
    ]
    return messages.AdjustmentView(
        id=document.id, number=number, reason=document.reason, warehouse=warehouse, store=document.store_number or None,  # type: ignore[arg-type]
        date=document.date, note=document.note, currency=currency, lines=tuple(lines),
        cost=format_minor(sum(line.cost for line in document.lines), currency),
    )  # fmt: skip
