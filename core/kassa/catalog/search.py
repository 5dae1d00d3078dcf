"""Searching the text index: the best products for a text, among those that can be sold in a legal entity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kassa.catalog.text_index import question
from kassa.kernel.database import Reader

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
_RELEASED = "EXISTS (SELECT 1 FROM catalog_release r WHERE r.product_id = p.product_id AND r.legal_entity_id = ? AND NOT r.blocked)"


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
    rows = read.rows(sql, (asked, window, entity_id, *parameters, limit))
    found = [row[1] for row in rows if row[1] is not None]
    if len(found) == limit or rows[0][0] < window:
        return found
    return [row[1] for row in read.rows(sql, (asked, NO_WINDOW, entity_id, *parameters, limit)) if row[1] is not None]
