"""Facts of sales: prices and tax rates of an order's products, and stored orders with what their products are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kassa.catalog import facts as catalog
from kassa.catalog.documents import Product, TaxRate
from kassa.kernel import extensions, keys
from kassa.kernel.errors import Issue, Refused
from kassa.kernel.extensions import Extended
from kassa.kernel.frozen import evolve
from kassa.kernel.values import MICRO, Micro, round_half_up
from kassa.org import facts as org
from kassa.org.documents import Store
from kassa.parties import facts as parties
from kassa.sales.changing import Stored
from kassa.sales.charging import charge_codes
from kassa.sales.documents import OrderType, SalesOrder
from kassa.sales.pricing import Discounts, Offers, PriceFacts
from kassa.sales.store import load_orders


def load_prices(read: Any, orders: Sequence[SalesOrder], context: Any) -> Mapping[str, PriceFacts]:
    """Load prices, discounts and tax rates for orders, in one batch for each store and date.

    Who is exempt bears no tax: no rates, and prices with tax in them without it.
    """
    found = {}
    for order in orders:
        priced = [line for line in reversed(order.lines) if line.tax_group and line.source is None]
        groups = {line.tax_group: (line.tax_group, f"/lines/{line.number - 1}/product") for line in priced}
        codes = charge_codes(context, order.legal_entity_id) if order.charges else {}
        for place, charge in enumerate(order.charges):
            if charge.code in codes and codes[charge.code].tax_group:
                groups[f"charge:{charge.code}"] = (codes[charge.code].tax_group, f"/charges/{place}/code")
        rates = _rates(order, groups, context)
        exempt = order.customer_id is not None and parties.customer(context, order.customer_id).tax_exempt
        offered = offers(context, order, rates if exempt else None)
        borne = dict.fromkeys(rates, ()) if exempt else rates
        found[order.id] = PriceFacts(offered, borne, catalog.tax_rounding(context, order.store_id))
    return found


def selling_store(context: Any, order: SalesOrder) -> Store:
    """Give the store of an order with the currency in which it sells there."""
    place = org.store(context, order.store_id or "")
    return place if place.currency == order.currency else evolve(place, currency=order.currency, exponent=order.exponent)


def offers(context: Any, order: SalesOrder, exempt_from: Mapping[str, tuple[TaxRate, ...]] | None = None) -> Offers:
    """Give what the order's channel asks for the products that have no price yet, on its date: the one place of list prices and discounts.

    `exempt_from` are the rates that the customer does not bear: what contains them is given without them.
    """
    unpriced = [line.product_id for line in order.lines if line.given_price is None and line.source is None and line.price_origin == "unpriced"]
    if not unpriced:
        return Offers()
    place = selling_store(context, order)
    products = list(catalog.products(context, unpriced).values())
    prices = catalog.prices(context, place, products, order.date)
    discounts: Discounts = catalog.discounts(context, place, products, order.date)
    if exempt_from is not None and place.price_includes_tax:
        prices, discounts = without_tax(products, prices, discounts, exempt_from)
    return Offers(prices, discounts)


def without_tax(
    products: Sequence[Product], prices: Mapping[str, Micro], discounts: Discounts, rates: Mapping[str, tuple[TaxRate, ...]]
) -> tuple[dict[str, Micro], Discounts]:
    """Prices and amounts off a unit without the tax that they contain, each in millionths, half away from zero."""
    net_prices: dict[str, Micro] = {}
    net_discounts = dict(discounts)
    for product in products:
        together = MICRO + sum(rate.rate for rate in rates.get(product.tax_group or "", ()))
        if product.id in prices:
            net_prices[product.id] = round_half_up(prices[product.id] * MICRO, together)
        net_discounts[product.id] = tuple(
            offered if offered.amount is None else evolve(offered, amount=round_half_up(offered.amount * MICRO, together))
            for offered in discounts.get(product.id, ())
        )
    return net_prices, net_discounts


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


def load_stored(read: Any, orders_: Sequence[SalesOrder], context: Any) -> Mapping[str, Stored]:
    """Load orders as they stand, for the rules of their change; what this plan did to one before counts."""
    planned = {order.id: context.plan.documents.get(order.id) for order in orders_}
    known = {order_id: order for order_id, order in planned.items() if isinstance(order, SalesOrder)}
    known |= orders(context, [order_id for order_id in planned if order_id not in known])
    return {order_id: Stored(order=order) for order_id, order in known.items()}


def find_document(context: Any, kind: str, reference: str) -> str:
    """Find the id of a document of the request's legal entity by any of its keys, or by its id; NotFound, AmbiguousKey.

    A document that this plan makes is found by its id alone.
    """
    planned = context.plan.documents.get(reference)
    if planned is not None and planned.kind == kind:
        return reference
    return keys.find_document(context.read, kind, org.legal_entity(context).id, reference)


def listed(context: Any) -> str:
    """Give the condition by which orders stand in the list of all sales orders, as a part of a query on `kernel_document d`."""
    own = [(kind.name, kind.listed) for kind in context.registry.all(OrderType) if kind.listed is not None]
    return "".join(f" AND (d.type <> '{name}' OR {condition})" for name, condition in own)


def orders(context: Any, ids: Sequence[str], *, every_extension: bool = False) -> dict[str, SalesOrder]:
    """Read orders by id, with what catalog says of their products and what plugins added; those of this plan as it leaves them.

    Where no plugin extends anything, the latter is not asked for, unless `every_extension` wants what plugins left behind too.
    """
    planned = {order_id: context.plan.documents.get(order_id) for order_id in ids} if context.plan.documents else {}
    ours = {order_id: order for order_id, order in planned.items() if isinstance(order, SalesOrder)}
    return _read(context, [order_id for order_id in ids if order_id not in ours], every_extension) | ours


def _read(context: Any, ids: Sequence[str], every_extension: bool) -> dict[str, SalesOrder]:
    found = load_orders(context.read, ids) if ids else {}
    extending = every_extension or context.registry.extensions
    extended = extensions.load(context.read, context.registry, list(found)) if extending else {}
    if context.registry.extensions and found:
        for record_id, values in extensions.load_kept(context.read, context.registry, list(found.values())).items():
            extended[record_id] = (*extended.get(record_id, ()), *values)
    wanted = [line.product_id for order in found.values() for line in order.lines]
    products = catalog.products(context, wanted)
    whole = {order_id: with_products(order, products) for order_id, order in found.items()}
    return {order_id: _with_extensions(order, extended) for order_id, order in whole.items()} if extended else whole


def _with_extensions(order: SalesOrder, extended: Mapping[str, tuple[Extended, ...]]) -> SalesOrder:
    lines = tuple(evolve(line, extensions=extended[line.id]) if line.id in extended else line for line in order.lines)
    return evolve(order, lines=lines, extensions=extended.get(order.id, ()))


def with_products(order: SalesOrder, products: Mapping[str, Any]) -> SalesOrder:
    """Give an order with what the catalogue says of its products by now; lines of unknown ones stay as they are."""
    lines = []
    for line in order.lines:
        product = products.get(line.product_id)
        if product is None:
            lines.append(line)
        else:
            lines.append(
                evolve(
                    line,
                    post_physical=product.post_physical,
                    standard_cost=product.standard_cost,
                    tax_group=product.tax_group or "",
                    stocked=product.stocked,
                    costing=product.costing,
                    negative_stock=product.negative_stock,
                )
            )
    return evolve(order, lines=tuple(lines))
