"""Rows of the catalogue to values: the queries of the facts, each for a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kassa.catalog.documents import Costing, NegativeStock, Product
from kassa.kernel.database import Reader, Row

Groups = Mapping[str, tuple[Costing, bool, bool, NegativeStock | None]]
"""By code: costing, stocked, physical movements posted, policy of negative stock."""

SELECT_PRODUCT = "SELECT {key}, p.id, p.number, p.name, p.kind, p.unit, p.item_model_group, p.category_id FROM catalog_product p {join}WHERE {key} IN {{keys}}"
RELEASES = (
    "SELECT product_id, tax_group, standard_cost_micro, blocked FROM catalog_release WHERE legal_entity_id = ? AND product_id IN {keys}"
)
BY_BARCODE = "JOIN catalog_barcode b ON b.product_id = p.id AND b.active "
PRICES = "SELECT price_list_id, product_id, id, from_date, to_date, unit_price_micro FROM catalog_price WHERE product_id IN {keys}"
PRICE_LISTS = (
    "SELECT id FROM catalog_price_list WHERE legal_entity_id = ? AND currency = ? AND (store_id IS NULL OR store_id = ?) "
    "ORDER BY CASE WHEN store_id IS NULL THEN 1 ELSE 0 END, priority DESC, code"
)
TAX_RATES = (
    "SELECT g.tax_code, c.id, c.from_date, c.to_date, c.rate_micro FROM catalog_tax_group g "
    "JOIN catalog_tax_code c ON c.legal_entity_id = g.legal_entity_id AND c.code = g.tax_code "
    "WHERE g.legal_entity_id = ? AND g.tax_group = ? AND g.active"
)
GROUPS = (
    "SELECT code, costing, stocked, post_physical, negative_stock FROM catalog_item_model_group WHERE legal_entity_id IS NULL OR legal_entity_id = ? "
    "ORDER BY CASE WHEN legal_entity_id IS NULL THEN 0 ELSE 1 END"
)


def item_model_groups(read: Reader, entity_id: str) -> Groups:
    """The item model groups that hold in a legal entity, by code; its own go before those of all."""
    found = read.rows(GROUPS, (entity_id,))
    return {code: (costing, bool(stocked), bool(post_physical), negative) for code, costing, stocked, post_physical, negative in found}


def products(read: Reader, groups: Groups, entity_id: str, key: str, wanted: Mapping[str, str]) -> dict[str, Product]:
    """The products whose key (`p.number`, `b.code` or `p.id`) is wanted, by that key.

    Releases are a query of their own: joined, PostgreSQL would rather read all of them than look up a few hundred.
    """
    sql = SELECT_PRODUCT.format(key=key, join=BY_BARCODE if key == "b.code" else "")
    found = read.rows_for(sql, list(wanted))
    releases = {row[0]: row[1:] for row in read.rows_for(RELEASES, [row[1] for row in found], (entity_id,))}
    return {row[0]: product(row[1:], releases.get(row[1]), groups) for row in found}


def product(row: Row, release: Row | None, groups: Groups) -> Product:
    """The product of a row of SELECT_PRODUCT without its key, and of its release to the legal entity if there is one."""
    product_id, number, name, kind, unit, group, category_id = row
    tax_group, cost, blocked = release if release is not None else (None, 0, False)
    costing, stocked, post_physical, negative_stock = groups.get(group, ("moving_average", False, False, None))
    return Product(
        id=product_id,
        number=number,
        name=name,
        kind=kind,
        unit=unit,
        stocked=stocked and kind == "goods",
        costing=costing,
        post_physical=post_physical,
        tax_group=tax_group,
        standard_cost=cost,
        released=release is not None,
        blocked=bool(blocked),
        category_id=category_id,
        negative_stock=negative_stock,
    )


def price_lists_for(read: Reader, entity_id: str, store_id: str, currency: str) -> list[str]:
    """The ids of the price lists that count in a store, the preferred first."""
    return [row[0] for row in read.rows(PRICE_LISTS, (entity_id, currency, store_id))]


def price_entries(read: Reader, product_ids: Sequence[str]) -> list[Row]:
    """All price entries of products: list, product, entry, first date, last date, price."""
    return read.rows_for(PRICES, product_ids)


def tax_entries(read: Reader, entity_id: str, tax_group: str) -> list[Row]:
    """All rate entries of the codes of a tax group: code, entry, first date, last date, rate."""
    return read.rows(TAX_RATES, (entity_id, tax_group))
