"""What must hold in the catalogue of any database."""

from __future__ import annotations

import json
from collections.abc import Iterable

from kassa.catalog.documents import DIMENSIONS
from kassa.kernel.contributions import Invariant
from kassa.kernel.database import Reader

NOT_INDEXED = (
    "SELECT number FROM catalog_product p WHERE NOT EXISTS (SELECT 1 FROM catalog_search_place s JOIN catalog_search f ON f.rowid = s.place "
    "WHERE s.product_id = p.id) ORDER BY id"
)
PATHS = "SELECT c.code, c.path, p.path FROM catalog_category c LEFT JOIN catalog_category p ON p.id = c.parent_id ORDER BY c.id"

VARIANTS = (
    "SELECT p.number, m.number, m.dimensions, p.size, p.colour, p.style, p.configuration, p.kind = m.kind FROM catalog_product p "
    "JOIN catalog_product m ON m.id = p.master_id ORDER BY p.id"
)
LISTS_OF_DISCOUNTS = (
    "SELECT d.code, l.code FROM catalog_discount d JOIN catalog_price_list l ON l.id = d.price_list_id "
    "WHERE l.legal_entity_id <> d.legal_entity_id ORDER BY d.id"
)


def products_not_indexed(read: Reader) -> Iterable[str]:
    """Name products that the text index lacks; PostgreSQL keeps its index itself."""
    if read.dialect != "sqlite":
        return
    for (number,) in read.rows(NOT_INDEXED):
        yield f"product {number}: it is not in the text index; POST /products/search-index makes it again"


def categories_with_wrong_path(read: Reader) -> Iterable[str]:
    """Name categories whose path is not that of the category above and their own code."""
    for code, path, above in read.rows(PATHS):
        if path != f"{above or '/'}{code}/":
            yield f"category {code}: it has the path {path}; expected {above or '/'}{code}/"


def unfit_variants(read: Reader) -> Iterable[str]:
    """Name variants that have not one value for each dimension of their master, or are of another kind."""
    for number, master, dimensions, size, colour, style, configuration, same in read.rows(VARIANTS):
        values = dict(zip(DIMENSIONS, (size, colour, style, configuration), strict=True))
        given = [dimension for dimension in DIMENSIONS if values[dimension] is not None]
        if dimensions is None or json.loads(dimensions) != given:
            yield f"product {number}: it has values for {given}; its master {master} asks for {dimensions}"
        if not same:
            yield f"product {number}: it is of another kind than its master {master}"


def unfit_discounts(read: Reader) -> Iterable[str]:
    """Name discounts on prices of a list of another legal entity."""
    for code, price_list in read.rows(LISTS_OF_DISCOUNTS):
        yield f"discount {code}: the price list {price_list} is of another legal entity"


INVARIANTS = (
    Invariant(name="catalog.variants_fit", summary="Variants have the dimensions of their master", find=unfit_variants),
    Invariant(name="catalog.discounts_fit", summary="Discounts are on prices of their own legal entity", find=unfit_discounts),
    Invariant(name="catalog.category_paths", summary="The path of a category leads down to it", find=categories_with_wrong_path),
    Invariant(name="catalog.search_index", summary="Every product can be found by its words", find=products_not_indexed),
)
