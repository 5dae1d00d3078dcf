"""What others ask about products, prices and tax; on the path of every sale, so answers are cached and asked for in batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kassa.catalog import store as rows
from kassa.catalog.barcodes import spelling
from kassa.catalog.dated import counting, covering, in_force
from kassa.catalog.documents import Discount, OfferedDiscount, Product, TaxRate, TaxRounding
from kassa.kernel.clock import add_days
from kassa.kernel.context import Context
from kassa.kernel.database import Reader
from kassa.kernel.errors import Issue, NotFound, Refused
from kassa.kernel.keys import NO_ID, id_or_none
from kassa.kernel.values import QUANTITY_PLACES, Micro, percent_of
from kassa.org.documents import Store
from kassa.org.facts import legal_entity

ListedPrice = tuple[str, str | None, Micro, str]
"""First date, last date (None: no end), price, price list."""
Categories = Mapping[str, tuple[str, str | None]]
"""By category: its path and its return policy."""


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

    The store's own lists go before those of the entity, among equals the list of higher priority; lists whose prices have tax in
    them count where the store's have, and the other way round. Within a list a variant's own price goes before that of its
    master, and of each the price with the latest first date that covers the date. Products without a price are absent.
    """
    return {product_id: entry[2] for product_id, entry in listed_prices(context, store, products, date).items()}


def listed_prices(context: Context, store: Store, products: Iterable[Product], date: str) -> dict[str, ListedPrice]:
    """The entries behind `prices`, by product id: first date, last date, price, and the id of the list that gives it."""
    masters = {product.id: product.master_id for product in products}

    def load(read: Reader, missing: list[str]) -> Mapping[str, tuple[ListedPrice, ...]]:
        return _load_prices(read, store, {product_id: masters[product_id] for product_id in missing})

    name = f"prices/{store.id}/{store.currency}/{store.price_includes_tax}"
    dated = context.caches.get_many(context.read, "catalog", name, list(masters), load)
    found: dict[str, ListedPrice] = {}
    for product_id, entries in dated.items():
        entry = covering(entries, date)
        if entry is not None:
            found[product_id] = entry
    return found


def _load_prices(read: Reader, store: Store, masters: Mapping[str, str | None]) -> dict[str, tuple[ListedPrice, ...]]:
    lists = rows.price_lists_for(read, store)
    entries: dict[tuple[str, str], list[tuple[str, str, str | None, int]]] = {}
    asked = dict.fromkeys((*masters, *filter(None, masters.values())))
    for list_id, product_id, *entry in rows.price_entries(read, list(asked)):
        entries.setdefault((list_id, product_id), []).append((entry[0], entry[1], entry[2], entry[3]))
    return {
        product_id: tuple(
            (*dated, list_id)
            for list_id in lists
            for holder in (product_id, master_id)
            if holder is not None and (list_id, holder) in entries
            for dated in counting(entries[list_id, holder])
        )
        for product_id, master_id in masters.items()
    }


def lowest_prices(context: Context, store: Store, products: Sequence[Product], until: str, days: int) -> dict[str, Micro]:
    """The least that a piece cost in a store in so many days through a date, by product id: list prices less the best of the discounts
    that a single piece gets, in millionths. Products without a price in all of that time are absent.
    """
    lowest: dict[str, Micro] = {}
    for back in range(days):
        date = add_days(until, -back)
        offered = discounts(context, store, products, date)
        for product_id, price in prices(context, store, products, date).items():
            paid = price - max((_off_a_piece(discount, price) for discount in offered.get(product_id, ())), default=0)
            lowest[product_id] = min(paid, lowest.get(product_id, paid))
    return lowest


def _off_a_piece(discount: Discount, price: Micro) -> Micro:
    if discount.minimum > 10**QUANTITY_PLACES:
        return 0
    return percent_of(price, discount.rate) if discount.rate is not None else min(discount.amount or 0, price)


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


def discounts(context: Context, place: Store, products: Iterable[Product], date: str) -> dict[str, tuple[Discount, ...]]:
    """The discounts that can be given on products in a store on a date, by product id; products without any are absent.

    Whether the quantity of a line is enough, and which of them is best, says `kassa.catalog.discounting.best_discount`. Where no
    discount is dated that day the answer costs nothing; else nothing is read once discounts and categories are known.
    """
    known: tuple[OfferedDiscount, ...] = context.cached("catalog", "discounts", place.legal_entity_id, _load_discounts)
    counting_now = [offered for offered in known if offered.counts(place, date)]
    if not counting_now:
        return {}
    categories = _categories(context)
    asked = list(products)
    prices = listed_prices(context, place, asked, date) if any(offered.price_list_id for offered in counting_now) else {}
    found: dict[str, tuple[Discount, ...]] = {}
    for product in asked:
        entry = prices.get(product.id)
        path = categories[product.category_id][0] if product.category_id is not None else ""
        fitting = tuple(offered.discount for offered in counting_now if offered.fits(product, path, entry[3] if entry is not None else None))
        if fitting:
            found[product.id] = fitting
    return found


def _load_discounts(read: Reader, entity_id: str) -> tuple[OfferedDiscount, ...]:
    return tuple(rows.discount(row) for row in read.rows(rows.DISCOUNTS, (entity_id,)))


def _categories(context: Context) -> Categories:
    found: Categories = context.cached("catalog", "categories", None, _load_categories)
    return found


def _load_categories(read: Reader, key: None) -> Categories:
    return {category_id: (path, policy) for category_id, path, policy in read.rows("SELECT id, path, return_policy FROM catalog_category")}


def return_policy(context: Context, product: Product) -> str | None:
    """The code of the return policy of a product: that of its category, else of the nearest category above that names one."""
    categories = _categories(context)
    path = categories[product.category_id][0] if product.category_id is not None else ""
    above = [(len(found), policy) for found, policy in categories.values() if policy is not None and path.startswith(found)]
    return max(above)[1] if above else None


def tax_rounding(context: Context, store_id: str | None) -> TaxRounding:
    """Whether tax is rounded for each line or for each code of a document, in a store."""
    found: TaxRounding = context.setting("catalog.tax_rounding", store_id=store_id)
    return found
