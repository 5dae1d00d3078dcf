"""The outbox: business facts reach their listeners after the commit, at least once, in order for each document.

An event is given to every listener that asks for it. One that fails keeps a delivery of its own, which is tried again later;
neither the fact, nor other listeners, nor events about other documents wait for it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs
import peewee

from kassa.kernel import failpoints
from kassa.kernel.clock import MICROSECONDS_PER_SECOND
from kassa.kernel.contributions import Listener
from kassa.kernel.database import Write
from kassa.kernel.flush import write_alone
from kassa.kernel.loop import Loop
from kassa.kernel.tables import Id, Integer, Table, Text, insert_statement
from kassa.kernel.time_of_database import NOW
from kassa.kernel.values import new_id

if TYPE_CHECKING:
    from kassa.kernel.engine import Engine

BATCH = 100
LEASE = 60 * MICROSECONDS_PER_SECOND
SECONDS_OF_PAUSE_AT_MOST = 3600
ERROR_AT_MOST = 2000
logger = logging.getLogger("kassa.outbox")


class DeliveryRow(Table):
    """An event that a listener has not taken yet: it failed, or waits behind an earlier one about the same document."""

    event_id = Id()
    listener = Text()
    subject = Id(null=True)
    attempts = Integer()
    run_after = Integer()
    error = Text(null=True)
    delivered_at = Integer(null=True)

    class Meta:
        table_name = "kernel_delivery"
        primary_key = peewee.CompositeKey("event_id", "listener")
        without_rowid = True
        constraints = [peewee.SQL("FOREIGN KEY (event_id) REFERENCES kernel_outbox (id)")]


DeliveryRow.add_index(
    DeliveryRow.index(DeliveryRow.listener, DeliveryRow.event_id, where=peewee.SQL("delivered_at IS NULL"), name="kernel_delivery_open")
)


class LeaseRow(Table):
    """Who does something that only one process may do at a time, and until when (microseconds of the database's clock)."""

    name = Text(primary_key=True)
    holder = Text()
    until = Integer()

    class Meta:
        table_name = "kernel_lease"
        without_rowid = True


OUTBOX_TABLES: tuple[type[Table], ...] = (DeliveryRow, LeaseRow)


@attrs.frozen(kw_only=True)
class Delivered:
    """An event as a listener gets it; `id` stays the same when it comes again, `attempt` counts from 1."""

    id: str
    type: str
    subject: str | None
    legal_entity_id: str | None
    at: int
    data: Mapping[str, Any]
    attempt: int = 1


COLUMNS = "o.id, o.type, o.subject, o.legal_entity_id, o.at, o.data"
WAITING = f"SELECT {COLUMNS} FROM kernel_outbox o WHERE o.dispatched_at IS NULL ORDER BY o.id LIMIT ?"
OPEN = (
    f"SELECT d.listener, d.attempts, d.run_after <= {{now}}, {COLUMNS} FROM kernel_delivery d JOIN kernel_outbox o ON o.id = d.event_id "
    "WHERE d.delivered_at IS NULL ORDER BY d.event_id, d.listener"
)
DISPATCHED = "UPDATE kernel_outbox SET dispatched_at = ? WHERE id = ?"
TAKEN = "UPDATE kernel_delivery SET delivered_at = ?, attempts = ?, error = NULL WHERE event_id = ? AND listener = ?"
FAILED = "UPDATE kernel_delivery SET attempts = ?, run_after = {now} + ?, error = ? WHERE event_id = ? AND listener = ?"
HOLD = (
    "INSERT INTO kernel_lease (name, holder, until) VALUES ('outbox', ?, {now} + ?) ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, "
    "until = excluded.until WHERE kernel_lease.until < {now} OR kernel_lease.holder = excluded.holder RETURNING holder"
)
Waiting = set[tuple[str, str | None]]


def dispatch(engine: Engine, holder: str | None = None) -> int:
    """Give events to their listeners and mark them; returns how many deliveries were tried.

    First those that are due again, then a batch of new ones. Does nothing where another process is at it.
    """
    owner = holder or f"once-{new_id()}"
    hold = Write(HOLD.format(now=NOW[engine.database.dialect]), (owner, LEASE), returning=True)
    if not write_alone(engine.database, [hold])[0]:
        return 0
    try:
        again, waiting = _again(engine)
        return again + _new(engine, waiting)
    finally:
        if holder is None:
            write_alone(engine.database, [Write("UPDATE kernel_lease SET until = 0 WHERE name = 'outbox' AND holder = ?", (owner,))])


def _again(engine: Engine) -> tuple[int, Waiting]:
    """Try deliveries that failed before; gives also the listeners that still wait, each with the document about which."""
    now = NOW[engine.database.dialect]
    with engine.database.snapshot() as read:
        rows = read.rows(OPEN.format(now=now))
    listeners = {listener.name: listener for listener in engine.registry.all(Listener)}
    waiting: Waiting = set()
    tried = 0
    for name, attempts, due, *columns in rows:
        event = _event(columns, attempts + 1)
        place = (name, event.subject)
        if name not in listeners or not due or (event.subject is not None and place in waiting):
            waiting.add(place)
            continue
        tried += 1
        error = _deliver(engine, listeners[name], event)
        if error is None:
            done = Write(TAKEN, (engine.clock.now(), event.attempt, event.id, name))
        else:
            waiting.add(place)
            done = Write(FAILED.format(now=now), (event.attempt, _pause(event.attempt), error, event.id, name))
        write_alone(engine.database, [done])
    return tried, waiting


def _new(engine: Engine, waiting: Waiting) -> int:
    with engine.database.snapshot() as read:
        rows = read.rows(WAITING, (BATCH,))
    if not rows:
        return 0
    listeners = engine.registry.all(Listener)
    failed: list[tuple[Any, ...]] = []
    tried = 0
    for row in rows:
        event = _event(row, 1)
        for listener in listeners:
            if listener.event not in ("*", event.type):
                continue
            place = (listener.name, event.subject)
            if event.subject is not None and place in waiting:
                failed.append((event.id, listener.name, event.subject, 0, 0, None, None))
                continue
            tried += 1
            error = _deliver(engine, listener, event)
            if error is not None:
                waiting.add(place)
                failed.append((event.id, listener.name, event.subject, 1, 0, error, None))
    marks = Write(DISPATCHED, [(engine.clock.now(), row[0]) for row in rows], many=True)
    writes = [marks, *(Write(insert_statement(DeliveryRow), row) for row in failed)]
    pause = f"UPDATE kernel_delivery SET run_after = {NOW[engine.database.dialect]} + ? WHERE event_id = ? AND listener = ?"
    writes += [Write(pause, (_pause(1), row[0], row[1])) for row in failed if row[3]]
    write_alone(engine.database, writes)
    return max(tried, len(rows))


def _event(row: Any, attempt: int) -> Delivered:
    event_id, kind, subject, entity, at, data = row
    return Delivered(id=event_id, type=kind, subject=subject, legal_entity_id=entity, at=at, data=json.loads(data), attempt=attempt)


def _deliver(engine: Engine, listener: Listener, event: Delivered) -> str | None:
    """Call a listener; gives what went wrong, or None."""
    try:
        listener.run(event, engine)
    except Exception as error:
        owner = engine.registry.owner(Listener, listener.name).name
        logger.warning("listener %s of %s failed at %s %s", listener.name, owner, event.type, event.id, exc_info=error)
        return f"{type(error).__name__}: {error}"[:ERROR_AT_MOST]
    if failpoints.armed is not None:
        failpoints.armed("event.delivered")
    return None


def _pause(attempts: int) -> int:
    pause: int = min(1 << min(attempts, 12), SECONDS_OF_PAUSE_AT_MOST) * MICROSECONDS_PER_SECOND
    return pause


class Dispatcher(Loop):
    """Dispatches the outbox of an engine in a thread of its own."""

    def __init__(self, engine: Engine) -> None:
        holder = f"dispatcher-{new_id()}"
        super().__init__("kassa-outbox", lambda: dispatch(engine, holder) > 0)
