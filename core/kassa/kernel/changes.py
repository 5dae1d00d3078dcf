"""Changes: a plan turned into rows and conditional writes, before any transaction is open.

This is pure: the same plan gives the same changes. Rooms lower their own effects (`Lowering`); those of the kernel are
lowered here. Claims on the same balance row were added up by the plan, so each row is touched once a flush.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from kassa.kernel import extensions
from kassa.kernel.claims import claim_write, together
from kassa.kernel.contributions import NumberSeries
from kassa.kernel.database import Write
from kassa.kernel.models import DocumentRow, ExtensionRow
from kassa.kernel.plan import (
    ApprovalUsed,
    Bulk,
    Claim,
    ClaimedRow,
    Document,
    Event,
    NewDocument,
    Plan,
    Require,
    Row,
    Stamped,
    StateChange,
    key_place,
)
from kassa.kernel.schema import encode
from kassa.kernel.tables import Table, columns_of, evidence_of, insert_statement, name_of, option
from kassa.kernel.values import new_id

if TYPE_CHECKING:
    from kassa.kernel.registry import Registry

STATE_CHANGE = "UPDATE kernel_document SET state = ?, version = version + 1 WHERE id = ? AND version = ?"
APPROVAL_USED = (
    "UPDATE kernel_approval SET state = 'used', used_at = ?, document_id = ? WHERE id = ? AND state = 'approved' AND expires_at > ?"
)
LATE = 100


@attrs.frozen
class Numbered:
    """A document that takes the next number of a series, as its number or as another key; `place` is where that stands in `numbers`."""

    document: Document
    key: str
    identifying: bool
    place: str


@attrs.define
class Changes:
    """What a flush will write, in the order of its statements; numbers and the chain join during the flush."""

    registry: Registry
    now: int
    created_by: str
    inserts: dict[type[Table], list[tuple[Any, ...]]] = attrs.field(factory=dict)
    state_changes: list[Write] = attrs.field(factory=list)
    updates: list[tuple[str, str, Write]] = attrs.field(factory=list)
    requirements: set[tuple[str, str, str, tuple[Any, ...]]] = attrs.field(factory=set)
    bulks: list[Write] = attrs.field(factory=list)
    claims: dict[tuple[int, str, tuple[Any, ...]], ClaimedRow] = attrs.field(factory=dict)
    numbered: dict[tuple[str, str, str], list[Numbered]] = attrs.field(factory=dict)
    keys: list[tuple[Any, ...]] = attrs.field(factory=list)
    chained: dict[tuple[str, str], list[str]] = attrs.field(factory=dict)
    events: list[tuple[Any, ...]] = attrs.field(factory=list)
    revisions: set[str] = attrs.field(factory=set)
    documents: list[Document] = attrs.field(factory=list)
    states: dict[str, str] = attrs.field(factory=dict)
    notes: dict[str, dict[Any, Any]] = attrs.field(factory=dict)
    entities: Mapping[str, str] = attrs.field(factory=dict)
    legal_entity_id: str | None = None

    def insert(self, table: type[Table], rows: Sequence[tuple[Any, ...]]) -> None:
        """Add whole rows of a table, each in the order of its columns."""
        known = self.inserts.get(table)
        if known is None:
            self.inserts[table] = list(rows)
        else:
            known += rows
        room = option(table, "reference")
        if room is not None:
            self.revisions.add(room)

    def number(self, document: Document, series: str, numbered: Numbered) -> None:
        """Let a document take the next number of a series of its register."""
        self.numbered.setdefault((document.legal_entity_id, series, document.register), []).append(numbered)

    def require(self, table: type[Table], key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Add the look at a row that must still be as it was; asked for often, it is looked at once."""
        where = " AND ".join(f"{column} = ?" for column in (*key, *values))
        sql = f"SELECT 1 FROM {name_of(table)} WHERE {where}"
        self.requirements.add((name_of(table), encode(sorted(key.items())), sql, (*key.values(), *values.values())))

    def row_writes(self, lock: str) -> list[Write]:
        """Write the changes of own rows and the looks at required ones, in one order; `lock` keeps the latter as they are."""
        looks = [
            (table, key, Write(sql + lock, parameters, returning=True, expect=1, what=(table, key)))
            for table, key, sql, parameters in self.requirements
        ]
        return [write for _, _, write in sorted([*self.updates, *looks], key=lambda found: found[:2])]

    def claim_writes(self, *, late: bool) -> list[Write]:
        """Write the conditional statements of all balance rows of a class, in the global lock order."""
        places = sorted(place for place in self.claims if (place[0] >= LATE) is late)
        return together([claim_write(self.registry.balances[place[1]], self.claims[place]) for place in places])

    def insert_writes(self, order: Mapping[type[Table], int]) -> list[Write]:
        """Write one statement for each table, tables in the order of their references."""
        writes = []
        for table in sorted(self.inserts, key=order.__getitem__):
            rows = self.inserts[table]
            if len(rows) == 1:
                writes.append(Write(insert_statement(table, option(table, "on_conflict", "")), rows[0]))
            elif rows:
                writes.append(Write(insert_statement(table, option(table, "on_conflict", "")), rows, many=True))
        return writes

    def evidence(self) -> dict[str, str]:
        """Give the canonical text of all rows of each chained document: JSON arrays of table and values, sorted."""
        wanted = {document_id for documents in self.chained.values() for document_id in documents}
        rows: dict[str, list[tuple[Any, ...]]] = {document_id: [] for document_id in wanted}
        if not wanted:
            return {}
        for table, inserted in self.inserts.items():
            found = evidence_of(table)
            if found is None:
                continue
            name, column, kept = found
            for row in inserted:
                if row[column] in wanted:
                    rows[row[column]].append((name, *(row if kept is None else [row[number] for number in kept])))
        return {document_id: canonical(its_rows) for document_id, its_rows in rows.items()}


def canonical(rows: Sequence[tuple[Any, ...]]) -> str:
    """Write rows as the text over which the chain hashes: version 1, then the rows as JSON arrays, in the order of these texts."""
    return "1" + "\n".join(sorted([encode(row) for row in rows]))


def lower(plan: Plan, registry: Registry, now: int, created_by: str, legal_entity_id: str | None = None) -> Changes:
    """Turn a plan into changes; events about nothing that has a legal entity belong to the one that is given."""
    changes = Changes(registry, now, created_by)
    changes.entities = {document.id: document.legal_entity_id for document in plan.documents.values()}
    changes.legal_entity_id = legal_entity_id
    groups: dict[type[Any], list[Stamped]] = {}
    for stamped in plan.effects:
        groups.setdefault(type(stamped.effect), []).append(stamped)
    for kind in (StateChange, NewDocument, Row, Require, ApprovalUsed, Bulk, Event):
        if kind in groups:
            KERNEL[kind](groups.pop(kind), changes)
    if groups.pop(Claim, None):
        _claims(plan, changes)
    for kind in sorted(groups, key=registry.lowering_order.__getitem__):
        registry.lowerings[kind].lower(groups[kind], changes)
    return changes


def _new_documents(group: Sequence[Stamped], changes: Changes) -> None:
    rows = []
    made = {stamped.effect.document.id for stamped in group}
    changes.state_changes = [write for write in changes.state_changes if write.parameters[1] not in made]
    for stamped in group:
        effect: NewDocument = stamped.effect
        document = effect.document
        kind = changes.registry.kind_of[type(document)]
        changes.documents.append(document)
        rows.append(
            (
                document.id, document.legal_entity_id, kind.name, document.type, changes.states.get(document.id, document.state),
                document.version, document.store_id,
                document.register, document.date, document.occurred_at, changes.now, changes.created_by, document.corrects_id,
            )
        )  # fmt: skip
        for table, row in kind.rows(document):
            changes.insert(table, [row])
        if changes.registry.extensions and (added := extensions.rows(changes.registry, document)):
            changes.insert(ExtensionRow, added)
        for key in document.keys:
            if key.series is None:
                changes.keys.append((document.id, document.legal_entity_id, kind.name, key.name, key.value, key.identifying, None, None, None))
            else:
                changes.number(document, key.series, Numbered(document, key.name, key.identifying, key_place(document.id, key.name)))
        series = kind.series if isinstance(kind.series, str | None) else kind.series[document.type]
        if series is not None:
            changes.number(document, series, Numbered(document, "number", True, document.id))
        if kind.chained:
            changes.chained.setdefault((document.legal_entity_id, document.register), []).append(document.id)
    changes.insert(DocumentRow, rows)


def _state_changes(group: Sequence[Stamped], changes: Changes) -> None:
    # Several moves of one document in one plan are one write: its version counts up once, from what was read. A document
    # that is made in the same plan is written in its last state.
    first: dict[str, Document] = {}
    for stamped in group:
        effect: StateChange = stamped.effect
        first.setdefault(effect.document.id, effect.document)
        changes.states[effect.document.id] = effect.state
    for document_id in sorted(first):
        document = first[document_id]
        changes.state_changes.append(
            Write(STATE_CHANGE, [changes.states[document_id], document_id, document.version], expect=1, what=document)
        )


def _claims(plan: Plan, changes: Changes) -> None:
    for name, rows in plan.claims.items():
        balance = changes.registry.balances[name]
        for key, row in rows.items():
            if row.opens:
                changes.insert(balance.table, [(*key, *[row.amounts.get(column, 0) for column in balance.amounts])])
            elif row.claimed:
                changes.claims[balance.rank, name, key] = row


def _rows(group: Sequence[Stamped], changes: Changes) -> None:
    for stamped in group:
        effect: Row = stamped.effect
        table, values = effect.table, effect.values
        room = option(table, "reference")
        if room is not None:
            changes.revisions.add(room)
        if effect.key is None:
            changes.insert(table, [tuple(values.get(column) for column in columns_of(table))])
            continue
        assign = [f"{column} = ?" for column in values] + (["version = version + 1"] if effect.version is not None else [])
        where = [f"{column} = ?" for column in effect.key] + (["version = ?"] if effect.version is not None else [])
        parameters = [*values.values(), *effect.key.values(), *([effect.version] if effect.version is not None else [])]
        sql = f"UPDATE {name_of(table)} SET {', '.join(assign)} WHERE {' AND '.join(where)}"
        changes.updates.append((name_of(table), encode(sorted(effect.key.items())), Write(sql, parameters, expect=1, what=effect)))


def _requirements(group: Sequence[Stamped], changes: Changes) -> None:
    for stamped in group:
        effect: Require = stamped.effect
        changes.require(effect.table, effect.key, effect.values)


def _approvals(group: Sequence[Stamped], changes: Changes) -> None:
    for stamped in group:
        used: ApprovalUsed = stamped.effect
        write = Write(APPROVAL_USED, (used.at, used.document_id, used.approval_id, used.at), expect=1, what=used)
        changes.updates.append(("kernel_approval", used.approval_id, write))


def _bulks(group: Sequence[Stamped], changes: Changes) -> None:
    changes.bulks += [Write(stamped.effect.sql, stamped.effect.parameters) for stamped in group]


def _events(group: Sequence[Stamped], changes: Changes) -> None:
    for stamped in group:
        effect: Event = stamped.effect
        entity = effect.legal_entity_id or changes.entities.get(effect.subject or "") or changes.legal_entity_id
        changes.events.append(
            event_row(effect.type, effect.data, effect.subject, None if effect.everywhere else entity, changes.now)
        )


KERNEL: dict[type[Any], Any] = {
    NewDocument: _new_documents,
    StateChange: _state_changes,
    Row: _rows,
    Require: _requirements,
    ApprovalUsed: _approvals,
    Bulk: _bulks,
    Event: _events,
}


def event_row(kind: str, data: Mapping[str, Any], subject: str | None, legal_entity_id: str | None, at: int) -> tuple[Any, ...]:
    """Make the row of an event, in the order of the columns of the outbox."""
    return (new_id(), kind, subject, legal_entity_id, at, encode(data), None, None)


def number_text(series: NumberSeries, register: str, ordinal: int) -> str:
    """Write a number by the pattern of its series, such as INV-S001-000042."""
    return series.pattern.format(register=register, number=f"{ordinal:06d}")


def key_row(numbered: Numbered, kind: str, series: str, text: str, ordinal: int) -> tuple[Any, ...]:
    """Make the row of a number that a document took."""
    document = numbered.document
    return (
        document.id, document.legal_entity_id, kind, numbered.key, text, numbered.identifying, series, document.register, ordinal,
    )  # fmt: skip
