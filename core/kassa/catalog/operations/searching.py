"""Searching products by words, number or barcode; and making the text index again."""

from __future__ import annotations

from typing import Any

from kassa.catalog import facts
from kassa.catalog.documents import Product
from kassa.catalog.messages import products as messages
from kassa.catalog.models import ProductRow
from kassa.catalog.search import Condition, SearchScope, holds, search
from kassa.catalog.searching import condition_of, decorations, scope_of
from kassa.catalog.text_index import REBUILD
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import NotFound
from kassa.kernel.operations import Result, page, page_of, read_cursor
from kassa.kernel.plan import Bulk
from kassa.org import facts as org
from kassa.org.documents import Store


def search_products(request: messages.SearchProducts, context: Context) -> messages.SearchResultView:
    """Show the best products of a scope for a text; one whose number or barcode it is stands first."""
    entity = org.legal_entity(context)
    store = _store(request, context)
    scope = condition_of(context, scope_of(context, request.scope, store), store)
    found = [product for product in _found(context, entity.id, request, scope) if product.released and not product.blocked]
    shown = found[: request.limit]
    prices = facts.prices(context, store, shown, org.business_date(context, store, context.now)) if store is not None else {}
    said = decorations(context, store, shown)
    items = tuple(
        messages.FoundProductView(
            id=product.id,
            number=product.number,
            name=product.name,
            kind=product.kind,
            unit=product.unit,
            master_id=product.master_id,
            price=prices.get(product.id),
            currency=store.currency if store is not None else None,
            decorations=said[product.id],
        )
        for product in shown
    )
    return messages.SearchResultView(items=items)


def _store(request: messages.SearchProducts, context: Context) -> Store | None:
    """The store that is named, else where the actor stands; None for none, or for one of another legal entity than is searched."""
    if request.store is not None:
        return org.store(context, request.store)
    try:
        return org.store(context, context.actor.store_id) if context.actor.store_id is not None else None
    except NotFound:
        return None


def _found(context: Context, entity_id: str, request: messages.SearchProducts, scope: Condition) -> list[Product]:
    typed = request.text.strip()
    condition, parameters = scope
    exact = facts.products(context, (typed,)).get(typed)
    if exact is not None and condition and not holds(context.read, exact.id, condition, parameters):
        exact = None
    ids = search(context.read, entity_id, typed, request.limit, condition, parameters)
    by_id = facts.products(context, ids)
    first = [exact] if exact is not None else []
    return first + [by_id[product_id] for product_id in ids if exact is None or product_id != exact.id]


def list_search_scopes(request: messages.ListSearchScopes, context: Context) -> Any:
    """Show a page of the search scopes that there are, in the order of their names."""
    cursor = read_cursor(request.after, 1)
    found = [scope for scope in context.registry.all(SearchScope) if cursor is None or scope.name > str(cursor[0])]
    views = [
        messages.SearchScopeView(name=scope.name, summary=scope.summary, needs_store=scope.needs_store)
        for scope in found[: request.limit + 1]
    ]
    return page(request, messages.SearchScopeView, views, lambda view: (view.name,))


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
            "not released to the legal entity, or blocked, are not found; a scope narrows further. Any text is allowed."
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
        name="catalog.list_search_scopes",
        summary="List where products can be searched",
        effect="read",
        http=Http(method="GET", path="/products/search-scopes"),
        request=messages.ListSearchScopes,
        response=page_of(messages.SearchScopeView),
        permission="catalog.read",
        handler=list_search_scopes,
        scope="none",
        collection=True,
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
