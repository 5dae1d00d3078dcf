"""What must hold in the catalogue of any database."""

from __future__ import annotations

from collections.abc import Iterable

from kassa.kernel.contributions import Invariant
from kassa.kernel.database import Reader

NOT_INDEXED = (
    "SELECT number FROM catalog_product p WHERE NOT EXISTS (SELECT 1 FROM catalog_search_place s JOIN catalog_search f ON f.rowid = s.place "
    "WHERE s.product_id = p.id) ORDER BY id"
)
PATHS = "SELECT c.code, c.path, p.path FROM catalog_category c LEFT JOIN catalog_category p ON p.id = c.parent_id ORDER BY c.id"


def products_not_indexed(read: Reader) -> Iterable[str]:
    """Name products that the text index lacks; PostgreSQL keeps its index itself."""
    if read.dialect != "sqlite":
        return
    for (number,) in read.rows(NOT_INDEXED):
        yield f"product {number} is not in the text index; POST /products/search-index makes it again"


def categories_with_wrong_path(read: Reader) -> Iterable[str]:
    """Name categories whose path is not that of the category above and their own code."""
    for code, path, above in read.rows(PATHS):
        if path != f"{above or '/'}{code}/":
            yield f"category {code} has the path {path}; expected {above or '/'}{code}/"


INVARIANTS = (
    Invariant(name="catalog.category_paths", summary="The path of a category leads down to it", find=categories_with_wrong_path),
    Invariant(name="catalog.search_index", summary="Every product can be found by its words", find=products_not_indexed),
)
