"""Searching the text index: the best products for a text, among those of a scope.

A scope is a condition in SQL that stands in the same statement as the question to the index, so the best products of a scope
are found and not those of the best that happen to be in it. A decorator says something of all products that were found, at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from kassa.catalog.documents import Product
from kassa.catalog.text_index import question
from kassa.kernel.context import Context
from kassa.kernel.contributions import Definition
from kassa.kernel.database import Reader
from kassa.org.documents import Store

Condition = tuple[str, Sequence[Any]]
"""SQL on `p.product_id` with `?` for its parameters, and the parameters; an empty text holds for every product."""


@attrs.frozen(kw_only=True)
class SearchScope(Definition):
    """Where products are searched: `condition(context, store)` narrows to the products of the scope.

    Only released products that are not blocked are ever found; a scope cannot widen that. The condition is put into the
    statement of the search, so it must be fast for a few hundred products; it may read through `context`, and writes nothing.
    """

    condition: Callable[[Context, Store | None], Condition]
    needs_store: bool = False


@attrs.frozen(kw_only=True)
class SearchDecorator(Definition):
    """Says something of products that were found: `decorate(context, store, products)` gives values by product id.

    It is called once a search with all products of the answer, and reads what it needs in one batch. `value` is the frozen class
    of its values; they are shown under the name of the decorator. `store` is None where the search names none.
    """

    value: type[Any]
    decorate: Callable[[Context, Store | None, Sequence[Product]], Mapping[str, Any]]


WINDOW_AT_LEAST = 200
NO_WINDOW = 2**31 - 1

# The index ranks first and alone; only the best of what it finds are looked up. `n` is how many it gave, so that the caller
# knows whether more would have come.
_SQLITE = (
    "WITH f AS MATERIALIZED (SELECT rowid AS place, rank AS score FROM catalog_search WHERE catalog_search MATCH ? "
    "AND rank MATCH 'bm25(10.0, 2.0)' ORDER BY rank LIMIT ?) "
    "SELECT c.n, x.product_id FROM (SELECT count(*) AS n FROM f) c LEFT JOIN (SELECT p.product_id, f.score, f.place "
    "FROM f CROSS JOIN catalog_search_place p ON p.place = f.place WHERE {released}{condition} ORDER BY f.score, f.place LIMIT ?) x ON true "
    "ORDER BY x.score, x.place"
)
_POSTGRESQL = (
    "WITH f AS MATERIALIZED (SELECT p.id AS product_id, ts_rank(p.search, q, 1) AS score FROM catalog_product p, "
    "to_tsquery('simple', ?) q WHERE p.search @@ q ORDER BY 2 DESC, 1 LIMIT ?) "
    "SELECT c.n, x.product_id FROM (SELECT count(*) AS n FROM f) c LEFT JOIN (SELECT p.product_id, p.score "
    "FROM f p WHERE {released}{condition} ORDER BY p.score DESC, p.product_id LIMIT ?) x ON true "
    "ORDER BY x.score DESC, x.product_id"
)
# What a variant does not say itself its master says; the second question is only put where the first finds nothing.
_RELEASED = (
    "coalesce((SELECT NOT r.blocked FROM catalog_release r WHERE r.product_id = p.product_id AND r.legal_entity_id = ?), "
    "(SELECT NOT r.blocked FROM catalog_product v JOIN catalog_release r ON r.product_id = v.master_id "
    "WHERE v.id = p.product_id AND r.legal_entity_id = ?), false)"
)


def search(read: Reader, entity_id: str, text: str, limit: int, condition: str = "", parameters: Sequence[Any] = ()) -> list[str]:
    """The ids of the products that a text finds, the best first; those not released to the entity, or blocked, are left out.

    `condition` narrows further in the same statement: SQL on `p.product_id` with `?` for its parameters.
    """
    asked = question(text, read.dialect)
    if asked is None:
        return []
    template = _SQLITE if read.dialect == "sqlite" else _POSTGRESQL
    sql = template.format(released=_RELEASED, condition=f" AND ({condition})" if condition else "")
    window = max(WINDOW_AT_LEAST, 4 * limit)
    narrowed = (entity_id, entity_id, *parameters, limit)
    rows = read.rows(sql, (asked, window, *narrowed))
    found = [row[1] for row in rows if row[1] is not None]
    if len(found) == limit or rows[0][0] < window:
        return found
    return [row[1] for row in read.rows(sql, (asked, NO_WINDOW, *narrowed)) if row[1] is not None]


def holds(read: Reader, product_id: str, condition: str, parameters: Sequence[Any]) -> bool:
    """Whether the condition of a scope holds for one product."""
    sql = f"SELECT 1 FROM (SELECT id AS product_id FROM catalog_product WHERE id = ?) p WHERE {condition}"
    return read.row(sql, (product_id, *parameters)) is not None
