"""The story of a document: everything that belongs to it, with the links of the chains that prove it, as one value."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import attrs

from kassa.kernel.approvals.documents import COLUMNS as APPROVAL_COLUMNS
from kassa.kernel.clock import instant_text
from kassa.kernel.context import Context
from kassa.kernel.database import Reader
from kassa.kernel.errors import AmbiguousKey, NotFound
from kassa.kernel.events.operations import scope
from kassa.kernel.evidence.chains import evidence_columns, rows_as_written
from kassa.kernel.evidence.together import Together, together
from kassa.kernel.flush import GENESIS, digest
from kassa.kernel.keys import id_or_none, numbers_of
from kassa.kernel.models import AuditRow
from kassa.kernel.schema import Identifier, Instant, JsonObject, Text, encode
from kassa.kernel.tables import Table, columns_of, name_of, option

FORMAT: Literal["kassa.evidence/1"] = "kassa.evidence/1"
NOT_PARTS = ("kernel_approval", "kernel_document_key", "kernel_idempotency", "kernel_job_result", "kernel_document")
KEY = (
    "SELECT DISTINCT d.id, d.legal_entity_id FROM kernel_document_key k JOIN kernel_document d ON d.id = k.document_id WHERE {0} AND k.value = ? "
    "AND k.identifying UNION SELECT d.id, d.legal_entity_id FROM kernel_document_key k JOIN kernel_document d ON d.id = k.document_id WHERE {0} "
    "AND k.value = ? AND NOT k.identifying UNION SELECT k.id, k.legal_entity_id FROM kernel_document k WHERE {0} AND k.id = ?"
)
HEADERS = (
    "SELECT id, kind, type, state, version, store_id, register, business_date, occurred_at, created_at, created_by, corrects_id "
    "FROM kernel_document WHERE id IN {keys}"
)
KEYS = "SELECT document_id, name, value, identifying FROM kernel_document_key WHERE document_id IN {keys}"
LINKED = (
    "SELECT legal_entity_id, register, sequence, hash, documents, at FROM kernel_chain_link WHERE legal_entity_id = ? AND register = ? AND at = ? "
    "ORDER BY sequence"
)
PREVIOUS = "SELECT hash FROM kernel_chain_link WHERE legal_entity_id = ? AND register = ? AND sequence = ?"
EVENTS = "SELECT id, type, subject, at, data FROM kernel_outbox WHERE subject IN {keys}"
AUDIT = columns_of(AuditRow)
ONE = ("store_id", "register", "business_date", "occurred_at", "created_at", "created_by", "corrects_id")


@attrs.frozen(kw_only=True)
class ReadStory:
    """Names the document whose story is asked for."""

    document: Text = attrs.field(metadata={"description": "Its number, any other key that it has, or its id.", "examples": ["INV-S001-000001"]})


@attrs.frozen(kw_only=True)
class StoryView:
    """Everything that belongs to a document: what `kassa evidence --check` verifies without a database.

    `documents` hold their rows as they are stored: money in minor units, quantities in thousandths, instants in microseconds.
    `chain` are the links by which finished ones are proved; `timeline` tells in which order things happened. `checksum` is over
    all the rest.
    """

    format: Literal["kassa.evidence/1"] = FORMAT
    made_at: Instant
    made_by: str
    asked: str
    document: Identifier
    legal_entity_id: Identifier
    truncated: bool
    documents: tuple[JsonObject, ...]
    links: tuple[JsonObject, ...]
    chain: tuple[JsonObject, ...]
    approvals: tuple[JsonObject, ...]
    audit: tuple[JsonObject, ...]
    events: tuple[JsonObject, ...]
    timeline: tuple[JsonObject, ...]
    checksum: str = ""


def read_story(request: ReadStory, context: Context) -> StoryView:
    """Show the story of a document of the caller's legal entities."""
    root, entity = _find(request.document, context)
    found = together(context.read, context.registry, entity, root)
    ids = list(found.documents)
    chain = _chain(context.read, entity, ids)
    events = _events(context.read, ids)
    approvals = _approvals(context.read, ids)
    numbers = numbers_of(context.read, ids)
    documents = _documents(context, found, numbers, chain)
    audit = _audit(context.read, entity, ids, documents, events, approvals)
    story = StoryView(
        made_at=context.now, made_by=context.actor.id, asked=request.document, document=root, legal_entity_id=entity, truncated=found.truncated,
        documents=documents, links=tuple({"document": a, "link": name, "other": b} for a, name, b in sorted(found.links)), chain=chain,
        approvals=approvals, audit=audit, events=events, timeline=_timeline(numbers, audit, events),
    )  # fmt: skip
    return attrs.evolve(story, checksum=checksum_of(attrs.asdict(story, recurse=False) | {"made_at": instant_text(context.now)}))


def checksum_of(story: Mapping[str, Any]) -> str:
    """Hash everything of a story but its checksum, names in alphabetical order."""
    return digest(encode(_sorted({name: value for name, value in story.items() if name != "checksum"})))


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _sorted(value[name]) for name in sorted(value)}
    if isinstance(value, list | tuple):
        return [_sorted(one) for one in value]
    return value


def _find(reference: str, context: Context) -> tuple[str, str]:
    """Find a document of any kind by any of its keys; NotFound, or AmbiguousKey with the candidates."""
    where, values = scope(context, "k.legal_entity_id")
    condition = " AND ".join(where)
    rows = context.read.rows(KEY.format(condition), (*values, reference, *values, reference, *values, id_or_none(reference)))
    if not rows:
        raise NotFound("document", reference)
    if len(rows) > 1:
        numbers = numbers_of(context.read, [row[0] for row in rows])
        raise AmbiguousKey(reference, [numbers.get(row[0], row[0]) for row in rows])
    return str(rows[0][0]), str(rows[0][1])


def _documents(context: Context, found: Together, numbers: Mapping[str, str], chain: Sequence[JsonObject]) -> tuple[JsonObject, ...]:
    read, ids = context.read, list(found.documents)
    proved = {document[0]: (link["register"], link["sequence"]) for link in chain for document in json.loads(str(link["documents"]))}
    shown: dict[str, dict[str, Any]] = {}
    for document_id, kind, kind_type, state, version, *rest in read.rows_for(HEADERS, ids):
        register, sequence = proved.get(document_id, (None, None))
        shown[document_id] = {
            "id": document_id, "number": numbers.get(document_id), "kind": kind, "type": kind_type, "state": state, "version": version,
            **dict(zip(ONE, rest, strict=True)), "keys": [], "chained": None, "tables": [],
        }  # fmt: skip
        if sequence is not None:
            shown[document_id]["chained"] = {"register": register, "sequence": sequence}
    for document_id, name, value, identifying in read.rows_for(KEYS, ids):
        shown[document_id]["keys"].append({"name": name, "value": value, "identifying": bool(identifying)})
    for _, table in sorted(context.registry.tables.items()):
        _add_rows(read, table, ids, shown)
    return tuple(sorted(shown.values(), key=lambda document: (document["created_at"], document["id"])))


def _add_rows(read: Reader, table: type[Table], ids: Sequence[str], shown: Mapping[str, dict[str, Any]]) -> None:
    """Add the rows of one table to the documents whose they are; of tables that are evidence with the columns that are hashed."""
    column = option(table, "evidence") or ("document_id" if "document_id" in columns_of(table) else None)
    if column is None or (option(table, "evidence") is None and name_of(table) in NOT_PARTS):
        return
    columns = columns_of(table)
    rows: dict[str, list[list[Any]]] = {}
    for row in rows_as_written(read, table, columns, column, ids):
        rows.setdefault(row[columns.index(column)], []).append(list(row))
    for document_id, found in rows.items():
        part: dict[str, Any] = {"table": name_of(table), "columns": list(columns), "rows": sorted(found, key=encode)}
        if option(table, "evidence") is not None:
            part["evidence"] = list(evidence_columns(table))
        shown[document_id]["tables"].append(part)


def _chain(read: Reader, entity: str, ids: Sequence[str]) -> tuple[JsonObject, ...]:
    """Find the links that hold the documents: those of their registers, made at the instant at which the documents were."""
    wanted = set(ids)
    places = sorted({(row[6], row[9]) for row in read.rows_for(HEADERS, ids)})
    found: list[JsonObject] = []
    for register, at in places:
        for _, _, sequence, linked, documents, made in read.rows(LINKED, (entity, register, at)):
            if not wanted & {document[0] for document in json.loads(documents)}:
                continue
            previous = read.value(PREVIOUS, (entity, register, sequence - 1)) if sequence > 1 else GENESIS
            found.append(
                {"legal_entity_id": entity, "register": register, "sequence": sequence, "previous": previous, "hash": linked, "documents": documents, "at": made}
            )
    return tuple(sorted(found, key=lambda link: (str(link["register"]), int(str(link["sequence"])))))


def _events(read: Reader, ids: Sequence[str]) -> tuple[JsonObject, ...]:
    rows = sorted(read.rows_for(EVENTS, ids), key=lambda row: (row[3], row[0]))
    return tuple({"id": row[0], "type": row[1], "subject": row[2], "at": row[3], "data": json.loads(row[4])} for row in rows)


def _approvals(read: Reader, ids: Sequence[str]) -> tuple[JsonObject, ...]:
    rows = read.rows_for(f"SELECT {', '.join(APPROVAL_COLUMNS)} FROM kernel_approval WHERE document_id IN {{keys}}", ids)
    shown = [dict(zip(APPROVAL_COLUMNS, row, strict=True)) for row in rows]
    return tuple(approval | {"issues": json.loads(approval["issues"])} for approval in sorted(shown, key=lambda found: found["id"]))


def _audit(
    read: Reader, entity: str, ids: Sequence[str], documents: Sequence[JsonObject], events: Sequence[JsonObject], approvals: Sequence[JsonObject]
) -> tuple[JsonObject, ...]:
    """Find who did what about the documents: rows of the audit trail from the instants at which something happened to them.

    Also what was refused before somebody approved it.
    """
    named = {*ids, *(str(approval["id"]) for approval in approvals)}
    asked = {int(str(approval["created_at"])) for approval in approvals}
    instants = {int(str(document["created_at"])) for document in documents} | {int(str(event["at"])) for event in events} | asked
    instants |= {int(str(approval[name])) for approval in approvals for name in ("decided_at", "used_at") if approval[name] is not None}
    found = []
    for row in read.rows_for(f"SELECT {', '.join(AUDIT)} FROM kernel_audit WHERE at IN {{keys}}", sorted(instants)):
        shown = dict(zip(AUDIT, row, strict=True))
        shown["detail"] = json.loads(shown["detail"]) if shown["detail"] is not None else None
        touched = shown["outcome"] == "done" and named & set(shown["detail"] or ())
        refused = shown["outcome"] == "refused" and shown["at"] in asked and shown["legal_entity_id"] == entity
        if touched or refused:
            found.append(shown)
    return tuple(sorted(found, key=lambda shown: (shown["at"], shown["id"])))


def _timeline(numbers: Mapping[str, str], audit: Sequence[JsonObject], events: Sequence[JsonObject]) -> tuple[JsonObject, ...]:
    """Tell what happened in its order: who did or was refused what, and the events that followed."""
    told = [
        (int(str(row["at"])), 0, {"what": row["operation"], "outcome": row["outcome"], "code": row["code"], "by": row["actor"], "approver": row["approver"]})
        for row in audit
    ]
    told += [
        (int(str(event["at"])), 1, {"what": event["type"], "document": numbers.get(str(event["subject"]), event["subject"])}) for event in events
    ]
    return tuple({"at": instant_text(at), **line} for at, _, line in sorted(told, key=lambda line: line[:2]))
