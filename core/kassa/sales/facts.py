"""Facts of sales: prices and tax rates of an order's products, and stored orders with what their products are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kassa.catalog import facts as catalog
from kassa.catalog.documents import TaxRate
from kassa.kernel import extensions, keys
from kassa.kernel.errors import Issue, Refused
from kassa.kernel.extensions import Extended
from kassa.kernel.frozen import evolve
from kassa.org import facts as org
from kassa.sales.documents import ChargeCode, SalesOrder
from kassa.sales.pricing import PriceFacts
from kassa.sales.store import load_orders


def load_prices(read: Any, orders: Sequence[SalesOrder], context: Any) -> Mapping[str, PriceFacts]:
    """Load prices and tax rates for orders, in one batch for each store and date."""
    found = {}
    charge_groups = {code.name: code.tax_group for code in context.registry.all(ChargeCode)}
    for order in orders:
        place = org.store(context, order.store_id or "")
        place = place if place.currency == order.currency else evolve(place, currency=order.currency, exponent=order.exponent)
        unpriced = [line.product_id for line in order.lines if line.given_price is None]
        prices = catalog.prices(context, place, catalog.products(context, unpriced).values(), order.date) if unpriced else {}
        groups = {line.tax_group: (line.tax_group, f"/lines/{line.number - 1}/product") for line in reversed(order.lines) if line.tax_group}
        for place_of, charge in enumerate(order.charges):
            group = charge_groups.get(charge.code)
            if group:
                groups[f"charge:{charge.code}"] = (group, f"/charges/{place_of}/code")
        rates = _rates(order, groups, context)
        found[order.id] = PriceFacts(prices, rates)
    return found


def _rates(order: SalesOrder, groups: Mapping[str, tuple[str, str]], context: Any) -> dict[str, tuple[TaxRate, ...]]:
    """Read the rates of tax groups, each given with the pointer to who bears it; Refused names all that have none."""
    found: dict[str, tuple[TaxRate, ...]] = {}
    issues: list[Issue] = []
    for name, (group, pointer) in groups.items():
        try:
            found[name] = catalog.tax_rates(context, order.legal_entity_id, group, order.date)
        except Refused as refused:
            issues += [evolve(issue, pointer=pointer) for issue in refused.issues]
    context.refuse(issues)
    return found


def find_document(context: Any, kind: str, reference: str) -> str:
    """Find the id of a document of the request's legal entity by any of its keys, or by its id; NotFound, AmbiguousKey."""
    return keys.find_document(context.read, kind, org.legal_entity(context).id, reference)


def orders(context: Any, ids: Sequence[str], *, every_extension: bool = False) -> dict[str, SalesOrder]:
    """Read orders by id, with what catalog says of their products and what plugins added.

    Where no plugin extends anything, the latter is not asked for, unless `every_extension` wants what plugins left behind too.
    """
    found = load_orders(context.read, ids)
    extending = every_extension or context.registry.extensions
    extended = extensions.load(context.read, context.registry, list(found)) if extending else {}
    wanted = [line.product_id for order in found.values() for line in order.lines]
    products = catalog.products(context, wanted)
    whole = {order_id: _with_products(order, products) for order_id, order in found.items()}
    return {order_id: _with_extensions(order, extended) for order_id, order in whole.items()} if extended else whole


def _with_extensions(order: SalesOrder, extended: Mapping[str, tuple[Extended, ...]]) -> SalesOrder:
    lines = tuple(evolve(line, extensions=extended[line.id]) if line.id in extended else line for line in order.lines)
    return evolve(order, lines=lines, extensions=extended.get(order.id, ()))


def _with_products(order: SalesOrder, products: Mapping[str, Any]) -> SalesOrder:
    lines = []
    for line in order.lines:
        product = products.get(line.product_id)
        if product is None:
            lines.append(line)
        else:
            lines.append(
                evolve(line, post_physical=product.post_physical, standard_cost=product.standard_cost, tax_group=product.tax_group or "")
            )
    return evolve(order, lines=tuple(lines))
