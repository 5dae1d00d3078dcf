"""The kernel's tables: documents and their keys, extension fields, numbers, the chain, idempotency, audit, outbox, revisions."""

from __future__ import annotations

import peewee

from kassa.kernel.tables import Date, Flag, Id, Integer, Table, Text

EVENTS_KEPT = 30 * 24 * 3600 * 1_000_000
"""Microseconds for which an event can be listed and sent again; the database refuses to remove it earlier."""


class DocumentRow(Table):
    """Every document of every kind: who it belongs to, where it stands, which version it has."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    kind = Text()
    type = Text()
    state = Text()
    version = Integer()
    store_id = Id(null=True)
    register = Text()
    business_date = Date()
    occurred_at = Integer()
    created_at = Integer()
    created_by = Text()
    corrects_id = Id(null=True)

    class Meta:
        table_name = "kernel_document"
        append_only = True
        evidence = "id"
        mutable = ("state", "version")
        constraints = [peewee.SQL("UNIQUE (id, legal_entity_id)"), peewee.Check("version > 0")]
        indexes = ((("legal_entity_id", "kind", "id"), False),)


class DocumentKey(Table):
    """Names by which documents are found; a number is the key `number` with its series and its place in it."""

    document_id = Id()
    legal_entity_id = Id()
    kind = Text()
    name = Text()
    value = Text()
    identifying = Flag()
    series = Text(null=True)
    register = Text(null=True)
    ordinal = Integer(null=True)

    class Meta:
        table_name = "kernel_document_key"
        append_only = True
        primary_key = peewee.CompositeKey("document_id", "name", "value")
        without_rowid = True
        constraints = [
            peewee.SQL("FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id)"),
            peewee.SQL("UNIQUE (legal_entity_id, series, register, ordinal)"),
        ]


DocumentKey.add_index(
    DocumentKey.index(
        DocumentKey.legal_entity_id, DocumentKey.value, DocumentKey.name, DocumentKey.kind, unique=True, where=peewee.SQL("identifying")
    )
)
DocumentKey.add_index(
    DocumentKey.index(
        DocumentKey.legal_entity_id, DocumentKey.value, where=peewee.SQL("NOT identifying"), name="kernel_document_key_reference"
    )
)


class NumberRow(Table):
    """The last number given in a gapless series of one legal entity and register."""

    legal_entity_id = Id()
    name = Text()
    register = Text()
    last = Integer()

    class Meta:
        table_name = "kernel_number_series"
        primary_key = peewee.CompositeKey("legal_entity_id", "name", "register")
        without_rowid = True


class Revision(Table):
    """How often the reference data of a room changed; caches of other values are stale."""

    room = Text(primary_key=True)
    value = Integer()

    class Meta:
        table_name = "kernel_revision"
        without_rowid = True


class IdempotencyRow(Table):
    """One write that happened under a key of a principal, and the answer that was given.

    The principal is the till where a worker signed in there, else who acts; `actor` is who acted. `state` is `open` within the flush
    alone. The text of an answer is kept for a time (`forgotten` after that) and never where it is `confidential`; the row stays.
    """

    principal = Text()
    key = Text()
    actor = Text()
    fingerprint = Text()
    operation = Text()
    state = Text()
    status = Integer()
    answer = Text(null=True)
    document_id = Id(null=True)
    created_at = Integer()

    class Meta:
        table_name = "kernel_idempotency"
        primary_key = peewee.CompositeKey("principal", "key")
        without_rowid = True
        constraints = [
            peewee.Check("state IN ('open', 'answered', 'confidential', 'forgotten')"),
            peewee.Check("state = 'answered' OR answer IS NULL"),
        ]


IdempotencyRow.add_index(
    IdempotencyRow.index(IdempotencyRow.created_at, where=peewee.SQL("answer IS NOT NULL"), name="kernel_idempotency_kept")
)


class AuditRow(Table):
    """Who did what, allowed or refused; never changed."""

    id = Id(primary_key=True)
    at = Integer()
    actor = Text()
    approver = Text(null=True)
    operation = Text()
    legal_entity_id = Id(null=True)
    store_id = Id(null=True)
    register = Text(null=True)
    request_id = Text(null=True)
    origin = Text()
    outcome = Text()
    code = Text(null=True)
    detail = Text(null=True)

    class Meta:
        table_name = "kernel_audit"
        append_only = True


AuditRow.add_index(AuditRow.index(AuditRow.at, name="kernel_audit_at"))
AuditRow.add_index(AuditRow.index(AuditRow.at, where=peewee.SQL("approver IS NOT NULL"), name="kernel_audit_approved"))


class OutboxRow(Table):
    """Business facts, each given to its listeners at least once after its commit.

    `sequence` is the place in the feed of events, by which they are listed and sent out; it is given after the commit. Ids are
    made before, so that an earlier one can become visible later.
    """

    id = Id(primary_key=True)
    type = Text()
    subject = Id(null=True)
    legal_entity_id = Id(null=True)
    at = Integer()
    data = Text()
    dispatched_at = Integer(null=True)
    sequence = Integer(null=True)

    class Meta:
        table_name = "kernel_outbox"
        append_only = True
        mutable = ("dispatched_at", "sequence")
        removable = f"OLD.dispatched_at IS NOT NULL AND OLD.sequence IS NOT NULL AND OLD.at < {{now}} - {EVENTS_KEPT}"
        indexes = ((("subject", "id"), False),)


OutboxRow.add_index(OutboxRow.index(OutboxRow.id, where=peewee.SQL("dispatched_at IS NULL"), name="kernel_outbox_waiting"))
OutboxRow.add_index(OutboxRow.index(OutboxRow.id, where=peewee.SQL("sequence IS NULL"), name="kernel_outbox_unpublished"))
OutboxRow.add_index(OutboxRow.index(OutboxRow.sequence, unique=True, where=peewee.SQL("sequence IS NOT NULL"), name="kernel_outbox_feed"))


class FeedRow(Table):
    """How far a feed has come: the last place that was given, and the instant up to which its events were removed."""

    name = Text(primary_key=True)
    last = Integer()
    removed_until = Integer()

    class Meta:
        table_name = "kernel_feed"
        without_rowid = True


class ChainHead(Table):
    """The newest link of a register's hash chain."""

    legal_entity_id = Id()
    register = Text()
    sequence = Integer()
    hash = Text()

    class Meta:
        table_name = "kernel_chain_head"
        primary_key = peewee.CompositeKey("legal_entity_id", "register")
        without_rowid = True


class ChainLink(Table):
    """One link: the hash over the link before it and the finished documents of one flush."""

    legal_entity_id = Id()
    register = Text()
    sequence = Integer()
    hash = Text()
    documents = Text()
    at = Integer()

    class Meta:
        table_name = "kernel_chain_link"
        append_only = True
        primary_key = peewee.CompositeKey("legal_entity_id", "register", "sequence")
        without_rowid = True


class ExtensionRow(Table):
    """What an extension adds to a record, as JSON; `document_id` is null where the record is no part of a document."""

    record_id = Id()
    name = Text()
    document_id = Id(null=True)
    value = Text()

    class Meta:
        table_name = "kernel_extension"
        append_only = True
        evidence = "document_id"
        primary_key = peewee.CompositeKey("record_id", "name")
        without_rowid = True
        constraints = [peewee.SQL("FOREIGN KEY (document_id) REFERENCES kernel_document (id)")]
        indexes = ((("document_id",), False),)


class ExtensionChangeRow(Table):
    """What an extension says of a record since the core changed it, as JSON; `version` is the document's on which that was planned."""

    record_id = Id()
    name = Text()
    version = Integer()
    document_id = Id()
    value = Text()

    class Meta:
        table_name = "kernel_extension_change"
        append_only = True
        primary_key = peewee.CompositeKey("record_id", "name", "version")
        without_rowid = True
        constraints = [peewee.SQL("FOREIGN KEY (document_id) REFERENCES kernel_document (id)")]
        indexes = ((("document_id",), False),)


TABLES: tuple[type[Table], ...] = (
    DocumentRow, DocumentKey, NumberRow, Revision, IdempotencyRow, AuditRow, OutboxRow, FeedRow, ChainHead, ChainLink, ExtensionRow,
    ExtensionChangeRow,
)  # fmt: skip
