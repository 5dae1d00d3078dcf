"""Delivering: takes deliveries that are due by a lease, sends them, writes down what came of it and when to try again.

Any number of processes do so at once. Of the deliveries about one document to one webhook only the first that waits is taken,
so their order holds; others do not wait for it. A webhook that keeps failing rests, and is probed by one delivery at a time.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import attrs

from kassa.kernel.clock import MICROSECONDS_PER_SECOND
from kassa.kernel.database import LostRace, Write
from kassa.kernel.errors import KassaError
from kassa.kernel.events.envelope import COLUMNS, SOURCE, view_of
from kassa.kernel.flush import write_alone
from kassa.kernel.schema import encode, unstructure
from kassa.kernel.settings import INSTALLATION_TARGET
from kassa.kernel.tables import insert_statement
from kassa.kernel.time_of_database import NOW, Dialect
from kassa.kernel.values import new_id
from kassa.kernel.webhooks.ending import DISABLE, Disable
from kassa.kernel.webhooks.models import WebhookAttemptRow
from kassa.kernel.webhooks.sending import Sent, headers_of, send
from kassa.kernel.webhooks.targets import PRIVATE, BadTarget, look_at

if TYPE_CHECKING:
    from kassa.kernel.engine import Engine

LEASE = 90 * MICROSECONDS_PER_SECOND
FIRST_PAUSE = 5
LONGEST_PAUSE = 8 * 3600
ATTEMPTS = 22
"""With pauses that double from 5 seconds to 8 hours, the last attempt is made more than three days after the first."""
JITTER_PERCENT = 25
RESTS_AFTER = 5
LONGEST_REST = 300
DISABLED_AFTER = 5 * 24 * 3600 * MICROSECONDS_PER_SECOND
BODY_AT_MOST = 256 * 1024
GONE = 410
logger = logging.getLogger("kassa.webhooks")


@attrs.frozen(kw_only=True)
class Due:
    """A delivery that was taken, with what it needs of its webhook."""

    id: str
    webhook_id: str
    event_id: str
    attempts: int
    fence: int


DUE = (
    "d.state = 'waiting' AND d.run_after <= {now} AND d.lease_until < {now} AND (d.subject IS NULL OR NOT EXISTS (SELECT 1 FROM "
    "kernel_webhook_delivery e WHERE e.webhook_id = d.webhook_id AND e.subject = d.subject AND e.state = 'waiting' AND e.sequence < d.sequence))"
)
"""A delivery that can be tried now: none about the same document waits before it."""
READY = (
    "SELECT w.id, w.failures FROM kernel_webhook w WHERE w.state = 'active' AND w.run_after <= {now} AND EXISTS (SELECT 1 FROM "
    f"kernel_webhook_delivery d WHERE d.webhook_id = w.id AND {DUE}) ORDER BY w.id"
)
WEBHOOK = "SELECT url, secret, old_secret, old_secret_until, legal_entity_id, failing_since FROM kernel_webhook WHERE id = ?"
EVENT = f"SELECT {COLUMNS} FROM kernel_outbox o WHERE o.id = ?"
GIVEN = "SELECT name, value FROM kernel_setting WHERE level = 'installation' AND target = ? AND name IN (?, ?) AND value IS NOT NULL"
ENDED = "UPDATE kernel_webhook_delivery SET state = ?, run_after = {now} + ?, lease_until = 0, finished_at = ? WHERE id = ? AND fence = ? AND state = 'waiting'"
WELL = "UPDATE kernel_webhook SET failures = 0, failing_since = NULL, run_after = 0 WHERE id = ? AND failures > 0"
ILL = (
    "UPDATE kernel_webhook SET failures = failures + 1, failing_since = coalesce(failing_since, ?), "
    "run_after = CASE WHEN failures + 1 >= ? THEN {now} + ? ELSE 0 END WHERE id = ?"
)


def ready(engine: Engine) -> list[tuple[str, int]]:
    """List the webhooks that have something due, each with its count of failures in a row."""
    with engine.database.snapshot() as read:
        return [(row[0], row[1]) for row in read.rows(READY.format(now=NOW[engine.database.dialect]))]


@cache
def _claim(dialect: Dialect) -> str:
    now, skip = NOW[dialect], " FOR UPDATE OF d SKIP LOCKED" if dialect == "postgresql" else ""
    return (
        f"UPDATE kernel_webhook_delivery SET lease_until = {now} + ?, fence = fence + 1, attempts = attempts + 1 WHERE id = (SELECT d.id "
        f"FROM kernel_webhook_delivery d WHERE d.webhook_id = ? AND {DUE.format(now=now)} AND EXISTS (SELECT 1 FROM kernel_webhook w "
        f"WHERE w.id = d.webhook_id AND w.state = 'active' AND w.run_after <= {now}) ORDER BY d.sequence LIMIT 1{skip}) "
        "RETURNING id, webhook_id, event_id, attempts, fence"
    )


def take(engine: Engine, webhook_id: str) -> Due | None:
    """Take the first delivery of a webhook that is due and free, for the time of a lease; None where there is none."""
    sql = _claim(engine.database.dialect)
    (rows,) = write_alone(engine.database, [Write(sql, (LEASE, webhook_id), returning=True)])
    return Due(**dict(zip(("id", "webhook_id", "event_id", "attempts", "fence"), rows[0], strict=True))) if rows else None


def deliver(engine: Engine, due: Due) -> bool:
    """Send one delivery that was taken and write down what came of it; tells whether the receiver took it."""
    begun, at = engine.clock.monotonic(), engine.clock.now()
    with engine.database.snapshot() as read:
        url, secret, old, until, entity, failing_since = read.row(WEBHOOK, (due.webhook_id,)) or ("", "", None, None, None, None)
        event = read.row(EVENT, (due.event_id,))
        given = dict(read.rows(GIVEN, (INSTALLATION_TARGET, PRIVATE, SOURCE)))
    assert event is not None
    secrets = [secret, *([old] if old is not None and at < (until or 0) else [])]
    body = _body(event, given.get(SOURCE, engine.settings.definition(SOURCE).default))
    sent = _send(url, body, headers_of(due.event_id, body, at, secrets), private=given.get(PRIVATE) == "true")
    taken = (engine.clock.monotonic() - begun) // 1000
    try:
        write_alone(engine.database, _told(engine, due, sent, at, taken))
    except LostRace:
        # The lease ran out and another process has it: it will send it again, and the receiver knows it by its id.
        logger.warning("delivery %s was taken over by another process", due.id)
        return sent.delivered
    if not sent.delivered:
        since = failing_since if failing_since is not None else at
        logger.info("webhook %s: attempt %s at event %s failed: %s", due.webhook_id, due.attempts, due.event_id, sent.error or sent.status)
        if sent.status == GONE or at - since >= DISABLED_AFTER:
            _disable(engine, due, entity, sent)
    return sent.delivered


def _body(event: Sequence[Any], source: str) -> bytes:
    view = unstructure(view_of(tuple(event), source))
    body = encode(view).encode()
    if len(body) > BODY_AT_MOST:
        # CloudEvents: data that is too large is told by a reference, by which the receiver reads it.
        kept = {name: value for name, value in view.items() if name != "data"}
        body = encode({**kept, "dataref": f"/v1/events/{event[0]}"}).encode()
    return body


def _send(url: str, body: bytes, headers: dict[str, str], *, private: bool) -> Sent:
    try:
        target = look_at(url, private=private)
    except BadTarget as error:
        return Sent(error=str(error))
    return send(target, body, headers)


def _told(engine: Engine, due: Due, sent: Sent, at: int, milliseconds: int) -> list[Write]:
    now = NOW[engine.database.dialect]
    outcome = "delivered" if sent.delivered else "failed"
    row = (new_id(), due.id, due.attempts, at, milliseconds, outcome, sent.status, sent.answer, sent.error)
    attempt = Write(insert_statement(WebhookAttemptRow), row)
    if sent.delivered:
        ended = Write(ENDED.format(now=now), ("delivered", 0, engine.clock.now(), due.id, due.fence), expect=1)
        return [ended, attempt, Write(WELL, (due.webhook_id,))]
    over = due.attempts >= ATTEMPTS
    values = ("failed" if over else "waiting", pause(due.attempts), engine.clock.now() if over else None, due.id, due.fence)
    rest = _jittered(min(1 << min(due.attempts + 2, 16), LONGEST_REST))
    return [Write(ENDED.format(now=now), values, expect=1), attempt, Write(ILL.format(now=now), (at, RESTS_AFTER, rest, due.webhook_id))]


def pause(attempts: int) -> int:
    """Give the microseconds until the next attempt: they double, up to 8 hours, and a part at random keeps receivers apart."""
    return _jittered(min(FIRST_PAUSE << (attempts - 1), LONGEST_PAUSE))


def _jittered(seconds: int) -> int:
    microseconds = seconds * MICROSECONDS_PER_SECOND
    return microseconds + random.randint(0, microseconds * JITTER_PERCENT // 100)


def _disable(engine: Engine, due: Due, entity: str | None, sent: Sent) -> None:
    """Disable a webhook that has failed for too long, or whose receiver says that it is gone, and announce it."""
    from kassa.kernel.permissions import Actor

    actor = Actor(id="webhooks", name="Delivery of webhooks", kind="system", all_permissions=True)
    reason = f"the receiver answered {GONE}" if sent.status == GONE else f"no attempt succeeded for {DISABLED_AFTER // 86400 // MICROSECONDS_PER_SECOND} days"
    try:
        engine.perform(DISABLE, Disable(webhook=due.webhook_id, reason=reason), actor=actor, legal_entity_id=entity)
    except KassaError as error:
        logger.warning("webhook %s could not be disabled: %s", due.webhook_id, error.detail)
    else:
        logger.warning("webhook %s is disabled: %s", due.webhook_id, reason)
