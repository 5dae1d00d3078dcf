"""What a search asks of scopes and decorators; whoever contributed one is named where it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kassa.catalog.documents import Product
from kassa.catalog.search import Condition, SearchDecorator, SearchScope
from kassa.kernel.context import Context
from kassa.kernel.contributions import Definition
from kassa.kernel.database import PLAN_AGAIN
from kassa.kernel.errors import Issue, KassaError, PluginError, Refused
from kassa.kernel.schema import unstructure
from kassa.org.documents import Store

RELEASED = SearchScope(
    name="released", summary="All products that are released to the legal entity", condition=lambda context, store: ("", ())
)


def scope_of(context: Context, name: str | None, store: Store | None) -> SearchScope:
    """The scope of a name, else that of the setting `catalog.search_scope`; Refused where there is none, or it lacks a store."""
    asked = name or context.setting("catalog.search_scope", store_id=store.id if store is not None else None)
    found = context.registry.find(SearchScope, asked)
    if found is None:
        known = ", ".join(scope.name for scope in context.registry.all(SearchScope))
        message = f"There is no search scope {asked}. There are: {known}."
        raise Refused((Issue(code="CATALOG_SEARCH_SCOPE_UNKNOWN", message=message, pointer="/scope", got=asked),))
    if found.needs_store and store is None:
        message = f"What the search scope {asked} holds depends on the store. Name the store."
        raise Refused((Issue(code="CATALOG_SCOPE_NEEDS_STORE", message=message, pointer="/store"),))
    return found


def condition_of(context: Context, scope: SearchScope, store: Store | None) -> Condition:
    """The condition of a scope, for one search."""
    condition: Condition = _asked(context, scope, lambda: scope.condition(context, store))
    return condition


def decorations(context: Context, store: Store | None, products: Sequence[Product]) -> dict[str, dict[str, Any]]:
    """What all decorators say of products, by product id and the decorator's name; each is asked once."""
    found: dict[str, dict[str, Any]] = {product.id: {} for product in products}
    for decorator in context.registry.all(SearchDecorator) if products else ():
        said = _asked(context, decorator, lambda asked=decorator: _said(asked, context, store, products))  # type: ignore[misc]
        for product_id, value in said.items():
            found[product_id][decorator.name] = value
    return found


def _said(decorator: SearchDecorator, context: Context, store: Store | None, products: Sequence[Product]) -> Mapping[str, Any]:
    said = decorator.decorate(context, store, products)
    known = {product.id for product in products}
    wrong = [type(value).__name__ for value in said.values() if type(value) is not decorator.value]
    if wrong or not said.keys() <= known:
        raise TypeError(
            f"expected {decorator.value.__name__} by ids of the products that were given, got {', '.join(wrong) or 'other ids'}"
        )
    return {product_id: unstructure(value) for product_id, value in said.items()}


def _asked(context: Context, who: Definition, ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except (KassaError, *PLAN_AGAIN):
        raise
    except Exception as error:
        raise PluginError(context.registry.owner(type(who), who.name).name, who.name, error) from error
