"""The text index of products: the words of a text, the tables and statements that keep the index, the question put to it.

Words are folded in Python (no case, no accents), so that SQLite and PostgreSQL index and find the same. On PostgreSQL a
generated column keeps the index. On SQLite it is an FTS5 table beside the products: triggers may not touch one there
(`trusted_schema=OFF`), so whoever plans rows of products adds `kept(…)`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence

from kassa.kernel.plan import Bulk
from kassa.kernel.tables import Dialect, Table

WORDS_AT_MOST = 10
WORD_LENGTH_MAX = 40
PREFIX_LENGTH_MIN = 2
_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """The words of a text, folded: letters and digits alone, no case, no accents; long ones cut."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        text = "".join(character for character in decomposed if not unicodedata.combining(character))
    return [word[:WORD_LENGTH_MAX] for word in _WORD.findall(text.lower())]


def indexed(text: str) -> str:
    """What the index keeps of a text: each of its words once, in order."""
    return " ".join(dict.fromkeys(words(text)))


def words_of(name: str, number: str, keywords: str) -> dict[str, str]:
    """The columns of the index for a product: its name and number, which weigh more, and its further words."""
    return {"search_name": indexed(f"{name} {number}"), "search_more": indexed(keywords)}


def question(text: str, dialect: Dialect) -> str | None:
    """The question that a text puts to the index: all its words, the last also as the beginning of one; None without a word.

    Only letters and digits go into it, so no text can break it.
    """
    asked = list(dict.fromkeys(words(text)))[:WORDS_AT_MOST]
    if not asked:
        return None
    *whole, last = asked
    is_prefix = len(last) >= PREFIX_LENGTH_MIN
    if dialect == "sqlite":
        return " AND ".join([*(f'"{word}"' for word in whole), f'"{last}"*' if is_prefix else f'"{last}"'])
    return " & ".join([*whole, f"{last}:*" if is_prefix else last])


# A place is a row of its own because only a declared integer key keeps its value when the file is vacuumed. The index keeps no
# second copy of the texts, so what leaves it is told to it again, as it was.
_SQLITE: Sequence[str] = (
    "CREATE TABLE catalog_search_place (place INTEGER PRIMARY KEY, product_id TEXT NOT NULL UNIQUE) STRICT",
    "CREATE VIRTUAL TABLE catalog_search USING fts5 (search_name, search_more, content = '', "
    "tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3')",
)
_POSTGRESQL: Sequence[str] = (
    "ALTER TABLE catalog_product ADD COLUMN search tsvector GENERATED ALWAYS AS "
    "(setweight(to_tsvector('simple', search_name), 'A') || setweight(to_tsvector('simple', search_more), 'D')) STORED",
    # Products change rarely and are searched often: a list of rows still to be sorted in would slow every search down.
    "CREATE INDEX catalog_product_search ON catalog_product USING gin (search) WITH (fastupdate = off)",
)
STATEMENTS: Mapping[Dialect, Sequence[str]] = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}

_REMOVE = (
    "INSERT INTO catalog_search (catalog_search, rowid, search_name, search_more) "
    "SELECT 'delete', s.place, json_extract(j.value, '$[1]'), json_extract(j.value, '$[2]') "
    "FROM json_each(?) j JOIN catalog_search_place s ON s.product_id = json_extract(j.value, '$[0]')"
)
_PLACE = "INSERT INTO catalog_search_place (product_id) SELECT value FROM json_each(?)"
_ADD = (
    "INSERT INTO catalog_search (rowid, search_name, search_more) SELECT s.place, p.search_name, p.search_more FROM json_each(?) j "
    "JOIN catalog_search_place s ON s.product_id = j.value JOIN catalog_product p ON p.id = j.value"
)
REBUILD: Sequence[str] = (
    "INSERT INTO catalog_search (catalog_search) VALUES ('delete-all')",
    "INSERT INTO catalog_search_place (product_id) SELECT id FROM catalog_product WHERE true ON CONFLICT (product_id) DO NOTHING",
    "INSERT INTO catalog_search (rowid, search_name, search_more) SELECT s.place, p.search_name, p.search_more "
    "FROM catalog_search_place s JOIN catalog_product p ON p.id = s.product_id",
)
"""The statements that make the whole index again on SQLite."""


def kept(dialect: Dialect, table: type[Table], added: Sequence[str], changed: Sequence[tuple[str, str, str]]) -> list[Bulk]:
    """What keeps the index right when products are added (ids) or change (id and both columns as they were).

    `table` is that of the products; the statements run after their rows were written, in the same flush.
    """
    if dialect != "sqlite" or not (added or changed):
        return []
    bulks = []
    if changed:
        bulks.append(Bulk(table, _REMOVE, (json.dumps(changed),)))
    if added:
        bulks.append(Bulk(table, _PLACE, (json.dumps(added),)))
    return [*bulks, Bulk(table, _ADD, (json.dumps([*added, *(product_id for product_id, _, _ in changed)]),))]
