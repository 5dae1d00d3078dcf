"""The flush: the one place that writes. One transaction, one order of statements, conditional writes.

Order: idempotency row, document versions, own rows (changed, or required as they are), claims in sorted order, inserts in
bulk, hot balances, revisions, number blocks, chain heads, then keys, chain links, outbox, audit, the stored answer, commit.
Everything that can be computed before is computed before; only numbers, hashes and the answer are made inside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from kassa.kernel.changes import Changes, key_row, number_text
from kassa.kernel.contributions import NumberSeries
from kassa.kernel.database import Database, Row, Write
from kassa.kernel.models import AuditRow, ChainLink, DocumentKey, IdempotencyRow, OutboxRow
from kassa.kernel.schema import encode
from kassa.kernel.tables import Table, insert_statement

GENESIS = "0" * 64
NUMBER_BLOCK = (
    "INSERT INTO kernel_number_series (legal_entity_id, name, register, last) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (legal_entity_id, name, register) DO UPDATE SET last = kernel_number_series.last + excluded.last RETURNING last"
)
CHAIN_HEAD = (
    "INSERT INTO kernel_chain_head (legal_entity_id, register, sequence, hash) VALUES (?, ?, 1, ?) "
    "ON CONFLICT (legal_entity_id, register) DO UPDATE SET sequence = kernel_chain_head.sequence + 1 RETURNING sequence, hash"
)
CHAIN_MOVED = "UPDATE kernel_chain_head SET hash = ? WHERE legal_entity_id = ? AND register = ?"
REVISION = "INSERT INTO kernel_revision (room, value) VALUES (?, 1) ON CONFLICT (room) DO UPDATE SET value = kernel_revision.value + 1"
ANSWER = "UPDATE kernel_idempotency SET state = ?, answer = ?, status = ?, document_id = ? WHERE principal = ? AND key = ?"

LOCK = {"sqlite": "", "postgresql": " FOR SHARE"}
"""Keeps a required row as it is until the commit; on SQLite a flush is the only writer anyway."""


@attrs.frozen
class Once:
    """The idempotency key of a write: whose it is, who acts, and what was asked under it."""

    principal: str
    key: str
    fingerprint: str
    operation: str
    actor: str


@attrs.frozen
class Answer:
    """What the caller gets: the response as JSON text, the status, and the document that it is about.

    One that is `confidential` is not kept. `text` is None where an answer of long ago is not kept any more; `at` is when it was given.
    """

    text: str | None
    status: int
    document_id: str | None = None
    confidential: bool = False
    at: int = 0


def flush(
    database: Database,
    changes: Changes,
    order: Mapping[type[Table], int],
    once: Once | None,
    audit: tuple[Any, ...] | None,
    answer: Answer,
) -> tuple[Answer, Mapping[str, str]]:
    """Write everything or nothing; returns the answer with its numbers put in, and the numbers by document.

    Raises LostRace or Retryable where the plan has to be made again, DuplicateKey where a unique key is taken, UnknownCommit
    where the connection broke in the commit; in all but the last nothing was written.
    """
    series = sorted(changes.numbered)
    registers = sorted(changes.chained)
    evidence = changes.evidence()
    first = _first(changes, order, once, LOCK[database.dialect])
    blocks = [Write(NUMBER_BLOCK, (*place, len(changes.numbered[place])), returning=True, expect=1) for place in series]
    heads = [Write(CHAIN_HEAD, (*register, GENESIS), returning=True, expect=1) for register in registers]
    with database.writer() as writer:
        writer.begin()
        try:
            results = writer.run([*first, *blocks, *heads])[len(first) :]
            numbers, keys = _numbers(changes, dict(zip(series, (rows[0][0] for rows in results), strict=False)))
            last = [_rows(DocumentKey, [*changes.keys, *keys])]
            for register, rows in zip(registers, results[len(series) :], strict=True):
                last += _link(changes, register, rows[0], numbers, evidence)
            given = numbered(answer, numbers)
            last += [_rows(OutboxRow, _dispatch(changes, numbers)), _rows(AuditRow, [audit] if audit is not None else [])]
            if once is not None:
                last.append(_kept(given, once))
            writer.commit([write for write in last if write.parameters])
        except BaseException:
            writer.rollback()
            raise
    return given, numbers


def marker(place: str) -> str:
    """Give what stands for a number (by the id of its document, or by `key_place`) in an answer that is written before there are numbers."""
    return f"@number:{place}@"


def numbered(answer: Answer, numbers: Mapping[str, str]) -> Answer:
    """Put numbers into the text of an answer; nobody else's code runs while locks are held."""
    text = answer.text or ""
    for document_id, number in numbers.items():
        text = text.replace(marker(document_id), encode(number)[1:-1])
    return attrs.evolve(answer, text=text)


def _kept(answer: Answer, once: Once) -> Write:
    state, text = ("confidential", None) if answer.confidential else ("answered", answer.text)
    return Write(ANSWER, (state, text, answer.status, answer.document_id, once.principal, once.key))


def write_alone(database: Database, writes: Sequence[Write]) -> list[list[Row]]:
    """Run statements in a transaction of their own, for the kernel's own bookkeeping: refusals, leases of jobs, deliveries.

    Raises LostRace where one hits fewer rows than it must; nothing was written then.
    """
    with database.writer() as writer:
        writer.begin()
        try:
            results: list[list[Row]] = writer.commit(writes)
            return results
        except BaseException:
            writer.rollback()
            raise


def _first(changes: Changes, order: Mapping[type[Table], int], once: Once | None, lock: str) -> list[Write]:
    writes: list[Write] = []
    if once is not None:
        row = (once.principal, once.key, once.actor, once.fingerprint, once.operation, "open", 0, None, None, changes.now)
        writes.append(Write(insert_statement(IdempotencyRow), row))
    writes += changes.state_changes
    writes += changes.row_writes(lock)
    writes += changes.claim_writes(late=False)
    writes += changes.insert_writes(order)
    writes += changes.bulks
    writes += changes.claim_writes(late=True)
    writes += [Write(REVISION, (room,)) for room in sorted(changes.revisions)]
    return writes


def _rows(table: type[Table], rows: Sequence[tuple[Any, ...]]) -> Write:
    return Write(insert_statement(table), rows, many=True) if len(rows) != 1 else Write(insert_statement(table), rows[0])


def _numbers(changes: Changes, last: Mapping[tuple[str, str, str], int]) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    numbers: dict[str, str] = {}
    rows = []
    for place, documents in changes.numbered.items():
        series = changes.registry.get(NumberSeries, place[1])
        ordinal = last[place] - len(documents)
        for numbered in documents:
            ordinal += 1
            text = numbers[numbered.place] = number_text(series, numbered.document.register, ordinal)
            rows.append(key_row(numbered, changes.registry.kind_of[type(numbered.document)].name, place[1], text, ordinal))
    return numbers, rows


def _link(changes: Changes, register: tuple[str, str], head: Row, numbers: Mapping[str, str], evidence: Mapping[str, str]) -> list[Write]:
    sequence, previous = head
    if sequence == 1:
        previous = GENESIS
    documents = [(document_id, numbers.get(document_id, ""), digest(evidence[document_id])) for document_id in changes.chained[register]]
    text = encode(documents)
    linked = link_hash(previous, *register, sequence, text)
    return [
        Write(insert_statement(ChainLink), (*register, sequence, linked, text, changes.now)),
        Write(CHAIN_MOVED, (linked, *register)),
    ]


def link_hash(previous: str, legal_entity_id: str, register: str, sequence: int, documents: str) -> str:
    """Hash a link of a chain over the hash before it, its place and its documents."""
    return digest(f"{previous}\n{legal_entity_id}\n{register}\n{sequence}\n{documents}")


def digest(text: str) -> str:
    """Hash a text with SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()


def _dispatch(changes: Changes, numbers: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """Give the rows of the events, those about documents that are numbered now with their number."""
    rows = []
    for row in changes.events:
        number = numbers.get(row[2]) if row[2] is not None else None
        data = row[5] if number is None else f'{row[5][:-1]},"number":{encode(number)}}}'
        rows.append((*row[:5], data, *row[6:]))
    return rows
