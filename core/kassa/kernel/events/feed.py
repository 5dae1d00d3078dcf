"""The feed: each event gets its place after its commit, and with it the webhooks that shall hear of it.

Ids of events are made before their commit, so a list by id could show an event behind one that a reader has seen. Places are
given here, one batch after another, by whoever moves the counter first; so who reads by place misses nothing. An event and
its deliveries to webhooks come out of the same transaction, so that none is missing and none is there twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kassa.kernel.database import DuplicateKey, LostRace, Retryable, Write
from kassa.kernel.flush import write_alone
from kassa.kernel.models import FeedRow
from kassa.kernel.tables import insert_statement
from kassa.kernel.values import new_id
from kassa.kernel.webhooks.models import DELIVERY, WebhookDeliveryRow
from kassa.kernel.webhooks.patterns import matches, patterns_of

if TYPE_CHECKING:
    from kassa.kernel.engine import Engine

FEED = "events"
BATCH = 500
WAITING = "SELECT id, type, subject, legal_entity_id, at FROM kernel_outbox WHERE sequence IS NULL ORDER BY id LIMIT ?"
LAST = "SELECT last FROM kernel_feed WHERE name = ?"
MOVED = "UPDATE kernel_feed SET last = ? WHERE name = ? AND last = ?"
PLACED = "UPDATE kernel_outbox SET sequence = ? WHERE id = ?"
HEARING = "SELECT id, legal_entity_id, types, created_at FROM kernel_webhook WHERE state <> 'deleted'"
PING = "webhooks.pinged"


def publish(engine: Engine) -> int:
    """Give a batch of new events their places and their deliveries; returns how many there were.

    Several processes may do so at once: the counter lets one of them through, the others find less or nothing to do.
    """
    with engine.database.snapshot() as read:
        rows = read.rows(WAITING, (BATCH,))
        last = read.value(LAST, (FEED,)) if rows else 0
        webhooks = [(row[0], row[1], patterns_of(row[2]), row[3]) for row in read.rows(HEARING)] if rows else []
    if not rows:
        return 0
    first = [Write(insert_statement(FeedRow, "ON CONFLICT (name) DO NOTHING"), (FEED, 0, 0))] if last is None else []
    last = last or 0
    places = [(last + number, row) for number, row in enumerate(rows, 1)]
    deliveries = [delivery for place, row in places for delivery in _deliveries(place, row, webhooks, engine.clock.now())]
    writes = [
        *first,
        Write(MOVED, (last + len(rows), FEED, last), expect=1),
        Write(PLACED, [(place, row[0]) for place, row in places], many=True),
        *([Write(insert_statement(WebhookDeliveryRow), deliveries, many=True)] if deliveries else []),
    ]
    try:
        write_alone(engine.database, writes)
    except (LostRace, DuplicateKey, Retryable):
        return 0
    return len(rows)


def _deliveries(place: int, event: Sequence[Any], webhooks: Sequence[tuple[Any, ...]], now: int) -> list[tuple[Any, ...]]:
    """Make the deliveries of one event: to each webhook of its legal entity, or of the installation, that was there and asks for its type."""
    event_id, kind, subject, entity, at = event
    found = []
    for webhook_id, webhook_entity, patterns, since in webhooks:
        meant = webhook_id == subject if kind == PING else matches(patterns, kind) and webhook_entity in (None, entity)
        if meant and at >= since:
            found.append(delivery_row(webhook_id, event_id, place, subject, now))
    return found


def delivery_row(webhook_id: str, event_id: str, sequence: int, subject: str | None, now: int) -> tuple[Any, ...]:
    """Make the row of a delivery that waits, in the order of the table's columns."""
    values: Mapping[str, Any] = {
        "id": new_id(), "webhook_id": webhook_id, "event_id": event_id, "sequence": sequence, "subject": subject, "state": "waiting",
        "attempts": 0, "run_after": 0, "lease_until": 0, "fence": 0, "created_at": now, "finished_at": None,
    }  # fmt: skip
    return tuple(values[column] for column in DELIVERY)
