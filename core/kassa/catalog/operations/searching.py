"""Searching products by words, number or barcode; and making the text index again."""

from __future__ import annotations

from kassa.catalog import facts
from kassa.catalog.documents import Product
from kassa.catalog.messages import products as messages
from kassa.catalog.models import ProductRow
from kassa.catalog.search import search
from kassa.catalog.text_index import REBUILD
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.operations import Result
from kassa.kernel.plan import Bulk
from kassa.org import facts as org


def search_products(request: messages.SearchProducts, context: Context) -> messages.SearchResultView:
    """Show the best products for a text; one whose number or barcode it is stands first."""
    entity = org.legal_entity(context)
    store = org.store(context, request.store) if request.store is not None else None
    found = [product for product in _found(context, entity.id, request) if product.released and not product.blocked]
    prices = facts.prices(context, store, found, org.business_date(context, store, context.now)) if store is not None else {}
    items = tuple(
        messages.FoundProductView(
            id=product.id,
            number=product.number,
            name=product.name,
            kind=product.kind,
            unit=product.unit,
            price=prices.get(product.id),
            currency=store.currency if store is not None else None,
        )
        for product in found[: request.limit]
    )
    return messages.SearchResultView(items=items)


def _found(context: Context, entity_id: str, request: messages.SearchProducts) -> list[Product]:
    typed = request.text.strip()
    exact = facts.products(context, (typed,)).get(typed)
    ids = search(context.read, entity_id, typed, request.limit)
    by_id = facts.products(context, ids)
    first = [exact] if exact is not None else []
    return first + [by_id[product_id] for product_id in ids if exact is None or product_id != exact.id]


def rebuild_search_index(command: messages.RebuildSearchIndex, context: Context) -> Result:
    """Plan that the text index is made again; PostgreSQL keeps its own, which cannot fall behind."""
    if context.read.dialect == "sqlite":
        context.plan.add([Bulk(ProductRow, statement) for statement in REBUILD], rule="catalog.rebuild_search_index")
    view = messages.SearchIndexView(products=context.read.value("SELECT count(*) FROM catalog_product"))
    return Result(view=lambda numbers: view)


OPERATIONS = (
    Operation(
        name="catalog.search_products",
        summary="Search products",
        description=(
            "All words must be found, in any order; case and accents do not matter, the last word may be the beginning of one. Products that are "
            "not released to the legal entity, or blocked, are not found. Any text is allowed."
        ),
        effect="read",
        http=Http(method="GET", path="/products/search"),
        request=messages.SearchProducts,
        response=messages.SearchResultView,
        permission="catalog.read",
        handler=search_products,
        example={"text": "white heart", "limit": 10},
    ),
    Operation(
        name="catalog.rebuild_search_index",
        summary="Make the text index again",
        description="Needed only where `kassa verify` finds products that the index lacks.",
        effect="edit",
        http=Http(method="POST", path="/products/search-index"),
        request=messages.RebuildSearchIndex,
        response=messages.SearchIndexView,
        permission="catalog.change_products",
        handler=rebuild_search_index,
        scope="none",
    ),
)
