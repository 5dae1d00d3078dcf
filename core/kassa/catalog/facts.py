"""What others ask about products, prices and tax; on the path of every sale, so answers are cached and asked for in batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kassa.catalog import store as rows
from kassa.catalog.barcodes import spelling
from kassa.catalog.dated import Dated, counting, in_force
from kassa.catalog.documents import Product, TaxRate
from kassa.kernel.context import Context
from kassa.kernel.database import Reader
from kassa.kernel.errors import Issue, NotFound, Refused
from kassa.kernel.keys import NO_ID, id_or_none
from kassa.kernel.values import Micro
from kassa.org.documents import Store
from kassa.org.facts import legal_entity


def products(context: Context, references: Sequence[str]) -> dict[str, Product]:
    """The products of numbers, barcodes or ids (looked for in this order) as the request's legal entity sees them.

    The answer is by reference; what is unknown is absent. Products that are not released are there, marked so.
    """
    entity_id = legal_entity(context).id

    def load(read: Reader, missing: list[str]) -> Mapping[str, Product]:
        return _load_products(read, entity_id, missing)

    return context.caches.get_many(context.read, "catalog", f"products/{entity_id}", list(references), load)


def product(context: Context, reference: str) -> Product:
    """The product of a number, barcode or id; NotFound where there is none."""
    found = products(context, (reference,)).get(reference)
    if found is None:
        raise NotFound("product", reference)
    return found


def _load_products(read: Reader, entity_id: str, references: Sequence[str]) -> dict[str, Product]:
    groups = rows.item_model_groups(read, entity_id)
    found = rows.products(read, groups, entity_id, "p.number", {reference: reference for reference in references})
    missing = [reference for reference in references if reference not in found]
    if missing:
        codes: dict[str, list[str]] = {}
        for reference in missing:
            codes.setdefault(spelling(reference), []).append(reference)
        by_code = rows.products(read, groups, entity_id, "b.code", {code: code for code in codes})
        found |= {reference: by_code[code] for code, asked in codes.items() if code in by_code for reference in asked}
        missing = [reference for reference in missing if reference not in found and id_or_none(reference) != NO_ID]
    if missing:
        found |= rows.products(read, groups, entity_id, "p.id", {reference: reference for reference in missing})
    return found


def prices(context: Context, store: Store, products: Iterable[Product], date: str) -> dict[str, Micro]:
    """The prices of products in a store on a date, by product id, in millionths of the store's currency per unit.

    The store's own lists go before those of the entity, among equals the list of higher priority; within a list the price
    with the latest first date that covers the date. Products without a price are absent.
    """

    def load(read: Reader, missing: list[str]) -> Mapping[str, tuple[Dated, ...]]:
        return _load_prices(read, store, missing)

    ids = [product.id for product in products]
    dated = context.caches.get_many(context.read, "catalog", f"prices/{store.id}/{store.currency}", ids, load)
    found: dict[str, Micro] = {}
    for product_id, entries in dated.items():
        price = in_force(entries, date)
        if price is not None:
            found[product_id] = price
    return found


def _load_prices(read: Reader, store: Store, product_ids: Sequence[str]) -> dict[str, tuple[Dated, ...]]:
    lists = rows.price_lists_for(read, store.legal_entity_id, store.id, store.currency)
    entries: dict[str, dict[str, list[tuple[str, str, str | None, int]]]] = {product_id: {} for product_id in product_ids}
    for list_id, product_id, *entry in rows.price_entries(read, product_ids):
        entries[product_id].setdefault(list_id, []).append((entry[0], entry[1], entry[2], entry[3]))
    return {
        product_id: tuple(dated for list_id in lists if list_id in by_list for dated in counting(by_list[list_id]))
        for product_id, by_list in entries.items()
    }


def tax_rates(context: Context, legal_entity_id: str, tax_group: str | None, date: str) -> tuple[TaxRate, ...]:
    """The rates of a tax group on a date, sorted by code; none for no group.

    Refused where a code of the group has no rate on that date: goods are never sold untaxed by oversight.
    """
    if tax_group is None:
        return ()
    found: tuple[TaxRate, ...] = context.cached("catalog", "tax_rates", (legal_entity_id, tax_group, date), _load_tax_rates)
    return found


def _load_tax_rates(read: Reader, key: tuple[str, str, str]) -> tuple[TaxRate, ...]:
    entity_id, tax_group, date = key
    entries: dict[str, list[tuple[str, str, str | None, int]]] = {}
    for code, *entry in rows.tax_entries(read, entity_id, tax_group):
        entries.setdefault(code, []).append((entry[0], entry[1], entry[2], entry[3]))
    rates: list[TaxRate] = []
    for code in sorted(entries):
        rate = in_force(counting(entries[code]), date)
        if rate is None:
            raise Refused((_no_rate(f"The tax code {code} of the tax group {tax_group}", date),))
        rates.append(TaxRate(code=code, rate=rate))
    if not rates:
        raise Refused((_no_rate(f"The tax group {tax_group}", date),))
    return tuple(rates)


def _no_rate(what: str, date: str) -> Issue:
    return Issue(
        code="CATALOG_NO_TAX_RATE",
        message=f"{what} has no rate on {date}. Enter one: POST /tax-codes; for goods without tax a rate of 0.",
        expected={"date": date},
    )
