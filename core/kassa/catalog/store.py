"""Rows of the catalogue to values: the queries of the facts, each for a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kassa.catalog.documents import Costing, Discount, NegativeStock, OfferedDiscount, Product
from kassa.kernel.database import Reader, Row
from kassa.org.documents import Store

Groups = Mapping[str, tuple[Costing, bool, bool, bool, NegativeStock | None]]
"""By code: costing, stocked, physical movements posted, received by way of quarantine, policy of negative stock."""

SELECT_PRODUCT = (
    "SELECT {key}, p.id, p.number, p.name, p.kind, p.unit, p.item_model_group, coalesce(p.category_id, m.category_id), p.master_id, "
    "p.dimensions IS NOT NULL FROM catalog_product p LEFT JOIN catalog_product m ON m.id = p.master_id {join}WHERE {key} IN {{keys}}"
)
RELEASES = (
    "SELECT product_id, tax_group, standard_cost_micro, blocked FROM catalog_release WHERE legal_entity_id = ? AND product_id IN {keys}"
)
BY_BARCODE = "JOIN catalog_barcode b ON b.product_id = p.id AND b.active "
PRICES = "SELECT price_list_id, product_id, id, from_date, to_date, unit_price_micro FROM catalog_price WHERE product_id IN {keys}"
PRICE_LISTS = (
    "SELECT id FROM catalog_price_list WHERE legal_entity_id = ? AND currency = ? AND (store_id IS NULL OR store_id = ?) "
    "AND (includes_tax IS NULL OR includes_tax = ?) "
    "ORDER BY CASE WHEN store_id IS NULL THEN 1 ELSE 0 END, priority DESC, code"
)
DISCOUNTS = (
    "SELECT d.id, d.code, d.name, d.rate_micro, d.amount_micro, d.minimum_quantity, d.product_id, c.path, d.store_id, d.price_list_id, "
    "d.currency, d.from_date, d.to_date FROM catalog_discount d LEFT JOIN catalog_category c ON c.id = d.category_id "
    "WHERE d.legal_entity_id = ? AND d.active ORDER BY d.code"
)
TAX_RATES = (
    "SELECT g.tax_code, c.id, c.from_date, c.to_date, c.rate_micro FROM catalog_tax_group g "
    "JOIN catalog_tax_code c ON c.legal_entity_id = g.legal_entity_id AND c.code = g.tax_code "
    "WHERE g.legal_entity_id = ? AND g.tax_group = ? AND g.active"
)
GROUPS = (
    "SELECT code, costing, stocked, post_physical, quarantine_management, negative_stock FROM catalog_item_model_group "
    "WHERE legal_entity_id IS NULL OR legal_entity_id = ? "
    "ORDER BY CASE WHEN legal_entity_id IS NULL THEN 0 ELSE 1 END"
)


def item_model_groups(read: Reader, entity_id: str) -> Groups:
    """The item model groups that hold in a legal entity, by code; its own go before those of all."""
    found = read.rows(GROUPS, (entity_id,))
    return {code: (costing, bool(stocked), bool(physical), bool(quarantine), negative) for code, costing, stocked, physical, quarantine, negative in found}


def products(read: Reader, groups: Groups, entity_id: str, key: str, wanted: Mapping[str, str]) -> dict[str, Product]:
    """The products whose key (`p.number`, `b.code` or `p.id`) is wanted, by that key.

    Releases are a query of their own: joined, PostgreSQL would rather read all of them than look up a few hundred. Where a variant
    has none, that of its master counts.
    """
    sql = SELECT_PRODUCT.format(key=key, join=BY_BARCODE if key == "b.code" else "")
    found = read.rows_for(sql, list(wanted))
    releasing = [*(row[1] for row in found), *(row[8] for row in found if row[8] is not None)]
    releases = {row[0]: row[1:] for row in read.rows_for(RELEASES, releasing, (entity_id,))}
    return {row[0]: product(row[1:], releases.get(row[1]) or releases.get(row[8]), groups) for row in found}


def product(row: Row, release: Row | None, groups: Groups) -> Product:
    """The product of a row of SELECT_PRODUCT without its key, and of its release to the legal entity if there is one."""
    product_id, number, name, kind, unit, group, category_id, master_id, is_master = row
    tax_group, cost, blocked = release if release is not None else (None, 0, False)
    costing, stocked, post_physical, quarantine, negative_stock = groups.get(group, ("moving_average", False, False, False, None))
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
        released=release is not None and not is_master,
        blocked=bool(blocked),
        category_id=category_id,
        master_id=master_id,
        is_master=bool(is_master),
        quarantine_management=quarantine,
        negative_stock=negative_stock,
    )


def price_lists_for(read: Reader, store: Store) -> list[str]:
    """The ids of the price lists that count in a store, the preferred first."""
    return [row[0] for row in read.rows(PRICE_LISTS, (store.legal_entity_id, store.currency, store.id, store.price_includes_tax))]


def price_entries(read: Reader, product_ids: Sequence[str]) -> list[Row]:
    """All price entries of products: list, product, entry, first date, last date, price."""
    return read.rows_for(PRICES, product_ids)


def discount(row: Row) -> OfferedDiscount:
    """The discount of a row of DISCOUNTS."""
    discount_id, code, name, rate, amount, minimum, product_id, path, store_id, list_id, currency, first, last = row
    given = Discount(id=discount_id, code=code, name=name, rate=rate, amount=amount, minimum=minimum)
    return OfferedDiscount(
        discount=given, product_id=product_id, path=path, store_id=store_id, price_list_id=list_id, currency=currency, from_date=first,
        to_date=last,
    )  # fmt: skip


def tax_entries(read: Reader, entity_id: str, tax_group: str) -> list[Row]:
    """All rate entries of the codes of a tax group: code, entry, first date, last date, rate."""
    return read.rows(TAX_RATES, (entity_id, tax_group))
