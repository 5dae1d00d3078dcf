"""Keys: finding a document by its number, by any other name that it was given, or by its id."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kassa.kernel.database import Reader
from kassa.kernel.errors import AmbiguousKey, NotFound

NO_ID = "00000000-0000-0000-0000-000000000000"
"""An id that nothing has: it stands where a comparison needs one."""
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_HELD = (
    "SELECT k.document_id, n.value, k.identifying FROM kernel_document_key k LEFT JOIN kernel_document_key n "
    "ON n.document_id = k.document_id AND n.name = 'number' WHERE k.legal_entity_id = ? AND k.value = ? AND k.kind = ? "
)
# Identifying keys and others stand in an index each, which serves only who says which are meant.
_BY_KEY = (
    f"{_HELD} AND k.identifying UNION {_HELD} AND NOT k.identifying UNION SELECT d.id, n.value, NOT (1 = 0) FROM kernel_document d "
    "LEFT JOIN kernel_document_key n ON n.document_id = d.id AND n.name = 'number' WHERE d.legal_entity_id = ? AND d.id = ? AND d.kind = ?"
)
_NUMBERS = "SELECT document_id, value FROM kernel_document_key WHERE name = 'number' AND document_id IN {keys}"


def id_or_none(reference: str) -> str:
    """Give the reference itself where it has the form of an id, else an id that nothing has; PostgreSQL refuses other texts."""
    return reference if len(reference) == 36 and _ID.fullmatch(reference) else NO_ID


def find_document(read: Reader, kind: str, legal_entity_id: str, reference: str) -> str:
    """Find the id of a document of a legal entity by any of its keys, or by its id.

    An identifying key goes before reference keys: what has it is meant, whatever else refers to it by the same words. Raises
    NotFound, or AmbiguousKey with the candidates where a reference key names several.
    """
    key = (legal_entity_id, reference, kind)
    rows = read.rows(_BY_KEY, (*key, *key, legal_entity_id, id_or_none(reference), kind))
    if not rows:
        raise NotFound(kind.replace("_", " "), reference)
    rows = [row for row in rows if row[2]] or rows
    if len({row[0] for row in rows}) > 1:
        raise AmbiguousKey(reference, [row[1] or row[0] for row in rows])
    return str(rows[0][0])


def numbers_of(read: Reader, ids: Sequence[str]) -> Mapping[str, str]:
    """Read the numbers of documents by id; one without a number is left out."""
    return dict(read.rows_for(_NUMBERS, ids)) if ids else {}
