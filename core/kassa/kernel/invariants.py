"""Invariants: what must hold in any database, contributed by rooms and plugins, and the verifier that looks for offenders.

Nothing here trusts what the flush believes that it wrote; everything is read back from the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import attrs

from kassa.kernel.contributions import DocumentKind, Invariant, Operation
from kassa.kernel.database import Reader, Row

if TYPE_CHECKING:
    from kassa.kernel.engine import Engine
    from kassa.kernel.registry import Registry

BATCH = 500
SAMPLES = 100
# Sums over years of entries take longer than what a request may.
UNHURRIED = "SELECT set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true)"
Progress = Callable[[int, int, str], None]


@attrs.frozen(kw_only=True)
class Finding:
    """One row that breaks an invariant: the invariant's name, the row, and what is wrong with it."""

    invariant: str
    row: str
    what: str


@attrs.define
class Examined(Reader):
    """The snapshot that is verified: a reader that also knows what is registered, and reads long tables in pieces."""

    registry: Registry

    def pieces(self, sql: str, key: Sequence[int], parameters: Sequence[Any] = (), size: int = BATCH) -> Iterator[list[Row]]:
        """Read a table in pieces by its key, so that memory stays the same however long it is.

        The statement has a place `{after}` for the condition and ends in ORDER BY over the key; `key` are the places of the key's
        columns in a row, and `{after}` is written as `(a, b) > (?, ?)` by who makes the statement, in braces `{after:a, b}`.
        """
        start = sql.index("{after:")
        end = sql.index("}", start)
        columns = sql[start + len("{after:") : end]
        following = f"({columns}) > ({', '.join('?' * len(key))})"
        last: list[Any] | None = None
        while True:
            condition = following if last is not None else "1 = 1"
            rows = self.rows(f"{sql[:start]}{condition}{sql[end + 1 :]} LIMIT {size}", [*parameters, *(last or [])])
            if rows:
                yield rows
            if len(rows) < size:
                return
            last = [rows[-1][place] for place in key]


def verify(engine: Engine, progress: Progress | None = None) -> list[Finding]:
    """Run every contributed invariant, each on a snapshot, and return what breaks them; empty for a healthy database.

    `progress(done, total, name)` is called before each and at the end. An invariant that fails itself is a finding too. After
    `SAMPLES` findings the rest of an invariant is not listed.
    """
    invariants = engine.registry.all(Invariant)
    findings: list[Finding] = []
    for place, invariant in enumerate(invariants):
        if progress is not None:
            progress(place, len(invariants), invariant.name)
        findings += _run(invariant, engine)
    if progress is not None:
        progress(len(invariants), len(invariants), "")
    return findings


def _run(invariant: Invariant, engine: Engine) -> list[Finding]:
    found: list[Finding] = []
    try:
        # A snapshot of its own: where a query fails, PostgreSQL answers nothing more in the same one.
        with engine.database.snapshot() as read:
            if read.dialect == "postgresql":
                read.rows(UNHURRIED)
            examined = Examined(connection=read.connection, dialect=read.dialect, registry=engine.registry)
            for text in islice(invariant.find(examined), SAMPLES + 1):
                row, _, what = text.partition(": ")
                found.append(Finding(invariant=invariant.name, row=row, what=what or invariant.summary))
    except Exception as error:  # noqa: BLE001 - whatever a plugin's invariant raises is a finding, and the others run
        found.append(Finding(invariant=invariant.name, row="-", what=f"could not be checked: {type(error).__name__}: {error}"))
    if len(found) > SAMPLES:
        found[SAMPLES:] = [Finding(invariant=invariant.name, row="…", what=f"and more; these are the first {SAMPLES}")]
    return found


SERIES = (
    "SELECT s.legal_entity_id, s.name, s.register, s.last, count(k.ordinal), coalesce(min(k.ordinal), 0), coalesce(max(k.ordinal), 0) "
    "FROM kernel_number_series s LEFT JOIN kernel_document_key k "
    "ON k.legal_entity_id = s.legal_entity_id AND k.series = s.name AND k.register = s.register "
    "GROUP BY s.legal_entity_id, s.name, s.register, s.last "
    "HAVING count(k.ordinal) <> s.last OR (s.last > 0 AND min(k.ordinal) <> 1) OR (s.last > 0 AND max(k.ordinal) <> s.last)"
)
UNCOUNTED = (
    "SELECT DISTINCT k.legal_entity_id, k.series, k.register FROM kernel_document_key k LEFT JOIN kernel_number_series s "
    "ON s.legal_entity_id = k.legal_entity_id AND s.name = k.series AND s.register = k.register WHERE k.series IS NOT NULL AND s.name IS NULL"
)
GAP = (
    "SELECT k.ordinal + 1 FROM kernel_document_key k WHERE k.legal_entity_id = ? AND k.series = ? AND k.register = ? AND k.ordinal < ? "
    "AND NOT EXISTS (SELECT 1 FROM kernel_document_key n WHERE n.legal_entity_id = k.legal_entity_id AND n.series = k.series "
    "AND n.register = k.register AND n.ordinal = k.ordinal + 1) ORDER BY k.ordinal LIMIT 1"
)


def number_gaps(read: Examined) -> Iterable[str]:
    """Find series whose numbers are not 1 to the last one given, each once."""
    for entity, name, register, last, count, lowest, highest in read.rows(SERIES):
        gap = 1 if lowest != 1 else read.value(GAP, (entity, name, register, last))
        where = f"the first that is missing is {gap}" if gap is not None else f"the highest is {highest}"
        yield f"series {name} of register {register} of legal entity {entity}: {last} numbers were given, {count} are there; {where}"
    for entity, name, register in read.rows(UNCOUNTED):
        yield f"series {name} of register {register} of legal entity {entity}: documents have its numbers, but it has no counter"


def unnumbered(read: Examined) -> Iterable[str]:
    """Find documents of a numbered kind without a number."""
    for kind in read.registry.all(DocumentKind):
        if kind.series is None:
            continue
        sql = (
            "SELECT d.id FROM kernel_document d LEFT JOIN kernel_document_key k ON k.document_id = d.id AND k.name = 'number' "
            "WHERE d.kind = ? AND k.document_id IS NULL ORDER BY d.id LIMIT ?"
        )
        for (document_id,) in read.rows(sql, (kind.name, SAMPLES)):
            yield f"{kind.name} {document_id}: it has no number"


LOST_KEYS = (
    "SELECT k.document_id, k.name, k.value FROM kernel_document_key k LEFT JOIN kernel_document d "
    "ON d.id = k.document_id AND d.legal_entity_id = k.legal_entity_id AND d.kind = k.kind WHERE d.id IS NULL LIMIT ?"
)


def lost_keys(read: Examined) -> Iterable[str]:
    """Find keys that name no document, or one of another kind or legal entity."""
    for document_id, name, value in read.rows(LOST_KEYS, (SAMPLES,)):
        yield f"key {name} {value}: it names {document_id}, which is no document of its kind and legal entity"


UNANSWERED = (
    "SELECT principal, key, operation FROM kernel_idempotency WHERE state = 'open' OR (state = 'answered' AND answer IS NULL) LIMIT ?"
)
UNDOCUMENTED = (
    "SELECT i.principal, i.key, i.operation FROM kernel_idempotency i LEFT JOIN kernel_document d ON d.id = i.document_id "
    "WHERE i.document_id IS NOT NULL AND d.id IS NULL AND i.operation IN {keys}"
)


def unanswered(read: Examined) -> Iterable[str]:
    """Find idempotency rows that were committed without their answer, or of an act that posts whose document is not there."""
    for principal, key, operation in read.rows(UNANSWERED, (SAMPLES,)):
        yield f"idempotency key {key} of {principal} ({operation}): it has no answer"
    posting = [operation.name for operation in read.registry.all(Operation) if operation.effect == "post"]
    for principal, key, operation in islice(read.rows_for(UNDOCUMENTED, posting), SAMPLES):
        yield f"idempotency key {key} of {principal} ({operation}): the document of its answer is not there"


LOST_EVENTS = (
    "SELECT o.id, o.type, o.subject FROM kernel_outbox o LEFT JOIN kernel_document d ON d.id = o.subject WHERE o.type IN {keys} "
    f"AND (d.id IS NULL OR o.legal_entity_id IS NULL OR d.legal_entity_id <> o.legal_entity_id) LIMIT {SAMPLES}"
)
SILENT = (
    "SELECT d.id, d.kind FROM kernel_document d WHERE d.created_at >= ? AND NOT EXISTS (SELECT 1 FROM kernel_outbox o WHERE o.subject = d.id) "
    f"AND d.kind IN {{keys}} LIMIT {SAMPLES}"
)
REMOVED_UNTIL = "SELECT removed_until FROM kernel_feed WHERE name = 'events'"


def lost_events(read: Examined) -> Iterable[str]:
    """Find events of transitions whose document is not there, or not of the legal entity that the event names."""
    kinds = read.registry.all(DocumentKind)
    types = sorted({move.event for kind in kinds for move in kind.transitions if move.event is not None})
    for event_id, kind, subject in read.rows_for(LOST_EVENTS, types) if types else ():
        yield f"event {event_id} ({kind}): its subject {subject} is no document of its legal entity"


def silent_documents(read: Examined) -> Iterable[str]:
    """Find documents whose coming into being was not announced, as far back as events are kept."""
    kinds = [kind.name for kind in read.registry.all(DocumentKind) if all(move.event for move in kind.transitions if not move.sources)]
    since = read.value(REMOVED_UNTIL) or 0
    for document_id, kind in read.rows_for(SILENT, kinds, (since,)) if kinds else ():
        yield f"{kind} {document_id}: no event tells of it"


SETTINGS = (
    "SELECT s.name, s.level, s.target, s.value, h.new FROM kernel_setting s LEFT JOIN kernel_setting_history h ON h.id = "
    "(SELECT max(n.id{0}) FROM kernel_setting_history n WHERE n.name = s.name AND n.level = s.level AND n.target = s.target){1} "
    "WHERE h.id IS NULL OR coalesce(s.value, '') <> coalesce(h.new, '') OR (s.value IS NULL) <> (h.new IS NULL) LIMIT ?"
)


def unexplained_settings(read: Examined) -> Iterable[str]:
    """Find settings whose value is not what the newest line of their history says."""
    casts = ("::text", "::uuid") if read.dialect == "postgresql" else ("", "")
    for name, level, target, value, new in read.rows(SETTINGS.format(*casts), (SAMPLES,)):
        yield f"setting {name} at {level} {target}: it is {value}, its history says {new}"


INVARIANTS = (
    Invariant(name="kernel.numbers_gapless", summary="Numbers of a series are 1 to the last, without gap.", find=number_gaps),
    Invariant(name="kernel.documents_numbered", summary="Documents of a numbered kind have a number.", find=unnumbered),
    Invariant(name="kernel.keys_name_documents", summary="Keys name documents of their kind and legal entity.", find=lost_keys),
    Invariant(name="kernel.idempotency_answered", summary="Every idempotency key has its answer.", find=unanswered),
    Invariant(name="kernel.events_have_subjects", summary="Events of documents are about documents that are there.", find=lost_events),
    Invariant(name="kernel.documents_announced", summary="Every document that came into being was announced.", find=silent_documents),
    Invariant(name="kernel.settings_explained", summary="Settings are what their history says.", find=unexplained_settings),
)
