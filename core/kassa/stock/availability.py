"""Availability: how much of many products can be promised at many places, from the books, or as an estimate.

Who keeps the books of stock elsewhere provides the port `stock.availability`. Where it cannot be reached, the answer is what is known
here, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import attrs

from kassa.catalog import facts as catalog
from kassa.catalog.documents import Product
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation, Service
from kassa.kernel.errors import Issue, KassaError
from kassa.kernel.values import Thousandths
from kassa.org import facts as org
from kassa.org.documents import Warehouse
from kassa.stock.messages.availability import AvailabilityView, PlaceAvailability, ProductAvailability, ReadAvailability, Source
from kassa.stock.movements import BALANCE
from kassa.stock.workflow import AVAILABLE, INBOUND, form

PORT = "stock.availability"
BUCKETS = ("on_hand", "reserved", "picked", "blocked", "ordered", "in_transit", "registered", "reserved_ordered")
WAREHOUSES = "SELECT id FROM org_warehouse WHERE legal_entity_id = ? AND kind <> 'quarantine' ORDER BY code"
OF_STORE = "SELECT id FROM org_warehouse WHERE legal_entity_id = ? AND store_id = ? AND kind <> 'quarantine' ORDER BY code"
CELLS_AT_MOST = 5_000
Levels = Mapping[tuple[str, str], Mapping[str, Thousandths]]
"""Buckets by product and warehouse: by id from the books here, by number and code from a provider."""


class AvailabilityPort(Protocol):
    """Tells what lies where by the books of stock, wherever these are kept."""

    def levels(self, products: Sequence[str], warehouses: Sequence[str]) -> Levels | None:
        """Give buckets (see BUCKETS, thousandths) by number of product and code of warehouse; what is absent is 0.

        No warehouses: all. None: the books are kept here. Any error means that they cannot be reached; the caller's patience
        is short, so it should come within a second or two.
        """


class OwnBooks:
    """The default provider: the books of stock are in this database."""

    def levels(self, products: Sequence[str], warehouses: Sequence[str]) -> Levels | None:
        """The books are kept here."""
        return None


@attrs.frozen
class Asked:
    """What a provider answered: levels, None where the books are kept here, or why it could not be reached."""

    levels: Levels | None = None
    failure: str | None = None


def ask(command: ReadAvailability, engine: Any, request: Any) -> Asked:
    """Ask whoever keeps the books, before the snapshot; a failure becomes part of the answer."""
    try:
        provider: AvailabilityPort = engine.services.provider(PORT)
        return Asked(levels=provider.levels(list(command.product), list(command.warehouse)))
    except KassaError as error:
        return Asked(failure=error.detail)
    except Exception as error:  # noqa: BLE001 - whatever is wrong out there, the answer is an estimate
        return Asked(failure=f"{type(error).__name__}: {error}")


def read_availability(request: ReadAvailability, context: Context) -> AvailabilityView:
    """Answer with the books where they can be reached, else with what is known here."""
    asked = context.prepared if isinstance(context.prepared, Asked) else Asked()
    products = catalog.products(context, request.product)
    context.refuse(_unknown(request, products))
    places = _places(request, context)
    if len(products) * len(places) > CELLS_AT_MOST:
        message = f"{len(products)} products at {len(places)} places are more than one answer holds. Ask for fewer of them."
        context.refuse([Issue(code="STOCK_TOO_MANY_PLACES", message=message, pointer="/product")])
    chosen = [products[reference] for reference in request.product]
    levels = asked.levels if asked.levels is not None else _known_here(chosen, places, context)
    source: Source = "estimate" if asked.failure is not None else "books"
    return AvailabilityView(
        source=source, reason=asked.failure, as_of=context.now, items=tuple(_item(product, places, levels) for product in chosen)
    )


def _unknown(request: ReadAvailability, products: Mapping[str, Product]) -> list[Issue]:
    return [
        Issue(
            code="STOCK_PRODUCT_UNKNOWN",
            message=f"No product has the number or barcode {reference!r}.",
            pointer=f"/product/{place}",
            got=reference,
        )
        for place, reference in enumerate(request.product)
        if reference not in products
    ]


def _places(request: ReadAvailability, context: Context) -> list[Warehouse]:
    """List the places: those of the store first, then those that are named, else all; goods that wait for a decision are for nobody."""
    entity = org.legal_entity(context)
    ids: list[str] = []
    if request.store is not None:
        store = org.store(context, request.store)
        ids = [store.warehouse_id, *(row[0] for row in context.read.rows(OF_STORE, (entity.id, store.id)))]
    ids += [org.warehouse(context, reference).id for reference in request.warehouse]
    if not ids:
        ids = [row[0] for row in context.read.rows(WAREHOUSES, (entity.id,))]
    return [org.warehouse(context, warehouse_id) for warehouse_id in dict.fromkeys(ids)]


def _known_here(products: Sequence[Product], places: Sequence[Warehouse], context: Context) -> Levels:
    found = context.balance(BALANCE, [(product.id, place.id) for product in products for place in places])
    numbers, codes = {product.id: product.number for product in products}, {place.id: place.code for place in places}
    return {(numbers[product_id], codes[warehouse_id]): row for (product_id, warehouse_id), row in found.items()}


def _item(product: Product, places: Sequence[Warehouse], levels: Levels) -> ProductAvailability:
    shown = []
    for place in places if product.stocked and product.released else ():
        row = levels.get((product.number, place.code), {})
        shown.append(
            PlaceAvailability(
                warehouse=place.code, name=place.name, kind=place.kind, on_hand=row.get("on_hand", 0), available=form(AVAILABLE, row),
                reserved=row.get("reserved", 0) + row.get("picked", 0), blocked=row.get("blocked", 0), ordered=row.get("ordered", 0),
                in_transit=row.get("in_transit", 0), inbound=form(INBOUND, row),
            )
        )  # fmt: skip
    return ProductAvailability(
        product=product.number,
        name=product.name,
        unit=product.unit,
        released=product.released,
        stocked=product.stocked,
        places=tuple(shown),
    )


SERVICES = (
    Service(name="stock.own_books", port=PORT, provider=OwnBooks, summary="The books of stock are kept in this database.", default=True),
)
OPERATIONS: tuple[Operation, ...] = (
    Operation(
        name="stock.read_availability",
        summary="Read what can be promised where",
        description="Many products at many places in one answer: what is there, what of it is available, what is on its way. A store's own "
        "warehouses come first. `source` says whether the books were asked or could not be reached.",
        effect="read",
        http=Http(method="GET", path="/stock/availability"),
        request=ReadAvailability,
        response=AvailabilityView,
        permission="stock.read",
        handler=read_availability,
        prepare=ask,
    ),
)
