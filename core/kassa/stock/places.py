"""Places: the warehouse and the store of an act, and what every document of stock says of where and when it happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from kassa.catalog import facts as catalog
from kassa.catalog.documents import Product
from kassa.kernel.clock import date_of
from kassa.kernel.context import Context
from kassa.kernel.errors import Issue, NotFound
from kassa.kernel.plan import Key
from kassa.kernel.values import new_id
from kassa.org import facts as org
from kassa.org.documents import Store, Warehouse

# The stores whose goods lie in a warehouse; who may act in some stores only may adjust their warehouses only.
STORES_OF = "SELECT id FROM org_store WHERE legal_entity_id = ? AND (id = ? OR warehouse_id = ?) ORDER BY number"


@attrs.frozen
class Where:
    """Where stock is adjusted, and in which store that counts as done, if any."""

    warehouse: Warehouse
    store: Store | None

    @property
    def store_id(self) -> str | None:
        """Give the id of the store, if any."""
        return self.store.id if self.store is not None else None

    @property
    def store_number(self) -> str:
        """Give the number of the store, empty where there is none."""
        return self.store.number if self.store is not None else ""


def where_of(context: Context, warehouse: str | None, store: str | None) -> Where:
    """Find the warehouse of an act and the store in which it counts as done; NotFound for one out of the actor's scope."""
    if warehouse is None:
        acting = org.acting_store(context, store)
        return Where(org.warehouse(context, acting.warehouse_id), acting)
    found = org.warehouse(context, warehouse)
    chosen = org.acting_store(context, store) if store is not None else None
    rows = context.read.rows(STORES_OF, (found.legal_entity_id, found.store_id or found.id, found.id))
    scope = context.actor.stores
    mine = [row[0] for row in rows if scope is None or row[0] in scope]
    if scope is not None and not mine:
        raise NotFound("warehouse", warehouse)
    return Where(found, chosen or (org.store(context, mine[0]) if mine else None))


def header(context: Context, where: Where, kind: str, date: str | None, reference: str | None = None) -> dict[str, Any]:
    """Give what every new document of stock has: where and when it happens, by whose register, under which key of the caller."""
    entity = org.legal_entity(context)
    zone = where.store.time_zone if where.store is not None else entity.time_zone
    return {
        "id": new_id(), "type": kind, "legal_entity_id": entity.id, "store_id": where.store_id,
        "register": context.actor.register or where.store_number or "office", "state": "new", "date": date or date_of(context.now, zone),
        "occurred_at": context.now, "keys": (Key("reference", reference),) if reference is not None else (),
    }  # fmt: skip


def stocked_products(context: Context, references: list[str]) -> Mapping[str, Product]:
    """Find the products of the lines of a request; Refused names every one of which no stock can be moved."""
    products = catalog.products(context, references)
    context.refuse([issue for place, reference in enumerate(references) for issue in unfit(reference, place, products)])
    return products


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
