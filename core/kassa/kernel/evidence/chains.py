"""Evidence: the hash chain of each register, followed from its first link, with every digest made again from the rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kassa.kernel.changes import canonical
from kassa.kernel.contributions import DocumentKind, Invariant
from kassa.kernel.database import Reader
from kassa.kernel.flush import GENESIS, digest, link_hash
from kassa.kernel.invariants import Examined
from kassa.kernel.tables import Flag, Table, columns_of, evidence_places, name_of, option

if TYPE_CHECKING:
    from kassa.kernel.registry import Registry

LINKS_AT_ONCE = 100
DOCUMENTS_AT_ONCE = 256
HEADS = "SELECT legal_entity_id, register, sequence, hash FROM kernel_chain_head WHERE {after:legal_entity_id, register} ORDER BY legal_entity_id, register"
LINKS = "SELECT sequence, hash, documents FROM kernel_chain_link WHERE legal_entity_id = ? AND register = ? AND {after:sequence} ORDER BY sequence"
HEADLESS = (
    "SELECT DISTINCT l.legal_entity_id, l.register FROM kernel_chain_link l LEFT JOIN kernel_chain_head h "
    "ON h.legal_entity_id = l.legal_entity_id AND h.register = l.register WHERE h.register IS NULL"
)


def broken_chains(read: Examined) -> Iterable[str]:
    """Find the first bad link of each register, and documents that are not as they were when they were chained."""
    tables = evidence_tables(read.registry)
    for heads in read.pieces(HEADS, (0, 1)):
        for head in heads:
            yield from _register(read, head, tables)
    for entity, register in read.rows(HEADLESS):
        yield f"register {register} of legal entity {entity}: it has links but no head"


def evidence_tables(registry: Registry) -> list[tuple[type[Table], str]]:
    """List the tables whose rows are evidence of a document, with the column that names it."""
    return [
        (table, option(table, "evidence")) for _, table in sorted(registry.tables.items()) if option(table, "evidence") is not None
    ]


def _register(read: Examined, head: Sequence[Any], tables: list[tuple[type[Table], str]]) -> Iterator[str]:
    entity, register, last, newest = head
    where = f"register {register} of legal entity {entity}"
    previous, expected, chained = GENESIS, 1, 0
    for links in read.pieces(LINKS, (0,), (entity, register), LINKS_AT_ONCE):
        documents: list[list[str]] = []
        for sequence, found, text in links:
            if sequence != expected:
                yield f"{where}: link {expected} is missing"
                return
            if found != link_hash(previous, entity, register, sequence, text):
                yield f"{where}: link {sequence} does not follow from the link before it and its documents"
                return
            documents += json.loads(text)
            previous, expected = found, sequence + 1
        chained += len(documents)
        for start in range(0, len(documents), DOCUMENTS_AT_ONCE):
            yield from _changed(read, entity, documents[start : start + DOCUMENTS_AT_ONCE], tables)
    if expected - 1 != last or previous != newest:
        yield f"{where}: the chain ends at link {expected - 1}, its head says {last} with another hash or place"
    yield from _uncounted(read, entity, register, chained)


def _changed(read: Examined, entity: str, documents: list[list[str]], tables: list[tuple[type[Table], str]]) -> Iterator[str]:
    """Compare some chained documents with their rows and numbers as they are now."""
    ids = [document[0] for document in documents]
    numbers: dict[str, str] = dict(
        read.rows_for("SELECT document_id, value FROM kernel_document_key WHERE name = 'number' AND document_id IN {keys}", ids)
    )
    entities: dict[str, str] = dict(read.rows_for("SELECT id, legal_entity_id FROM kernel_document WHERE id IN {keys}", ids))
    texts = evidence_of(read, ids, tables)
    for document_id, number, wanted in documents:
        if entities.get(document_id) != entity:
            yield f"document {document_id} {number}: it is chained but is not there"
        elif numbers.get(document_id, "") != number:
            yield f"document {document_id} {number}: its number is now {numbers.get(document_id) or 'missing'}"
        elif digest(texts[document_id]) != wanted:
            yield f"document {document_id} {number}: its rows are not those that were chained"


def evidence_of(read: Reader, ids: Sequence[str], tables: list[tuple[type[Table], str]]) -> Mapping[str, str]:
    """Write the canonical text of documents from their rows, as the flush wrote it from what it inserted."""
    rows: dict[str, list[tuple[Any, ...]]] = {document_id: [] for document_id in ids}
    for table, column in tables:
        columns = evidence_columns(table)
        place = columns.index(column)
        for row in rows_as_written(read, table, columns, column, ids):
            rows[row[place]].append((name_of(table), *row))
    return {document_id: canonical(found) for document_id, found in rows.items()}


def evidence_columns(table: type[Table]) -> tuple[str, ...]:
    """Name the columns of a table that are evidence, in their order."""
    columns = columns_of(table)
    return tuple(columns[place] for place in evidence_places(table))


def rows_as_written(read: Reader, table: type[Table], columns: Sequence[str], column: str, ids: Sequence[str]) -> Iterator[Sequence[Any]]:
    """Read rows of some documents; flags are true and false again, which SQLite keeps as 1 and 0."""
    fields = {field.column_name: field for field in table._meta.sorted_fields}
    flags = [place for place, name in enumerate(columns) if isinstance(fields[name], Flag)]
    for row in read.rows_for(f"SELECT {', '.join(columns)} FROM {name_of(table)} WHERE {column} IN {{keys}}", ids):
        values = list(row)
        for place in flags:
            if values[place] is not None:
                values[place] = bool(values[place])
        yield values


def _uncounted(read: Examined, entity: str, register: str, chained: int) -> Iterator[str]:
    """Find registers with more or fewer documents of chained kinds than their chain has."""
    kinds = [kind.name for kind in read.registry.all(DocumentKind) if kind.chained]
    if not kinds:
        return
    sql = "SELECT count(*) FROM kernel_document WHERE legal_entity_id = ? AND register = ? AND kind IN {keys}"
    ((count,),) = read.rows_for(sql, kinds, (entity, register))
    if count != chained:
        yield f"register {register} of legal entity {entity}: {count} finished documents are there, {chained} are chained"


INVARIANTS = (Invariant(name="kernel.chain_unbroken", summary="The hash chain holds from its first link.", find=broken_chains),)
