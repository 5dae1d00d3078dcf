"""Cleaning: a job that removes what was kept for its time: events and their deliveries, answers, jobs that told of no item.

Documents, ledger, audit trail and evidence are never removed. Of an old answer the key stays for ever: repeated by then, a request
does nothing and shows the document as it stands.
"""

from __future__ import annotations

import attrs

from kassa.kernel.clock import MICROSECONDS_PER_SECOND
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, JobKind, Operation, Permission, Schedule, SettingDefinition
from kassa.kernel.events.feed import FEED
from kassa.kernel.idempotency import ANSWERS_KEPT_DAYS
from kassa.kernel.jobs import Chunk, ChunkDone, JobRow, JobView, start
from kassa.kernel.models import FeedRow, IdempotencyRow, OutboxRow
from kassa.kernel.operations import Result
from kassa.kernel.outbox import DeliveryRow
from kassa.kernel.plan import Bulk
from kassa.kernel.tables import Table
from kassa.kernel.webhooks.models import WebhookAttemptRow, WebhookDeliveryRow

RUN, KIND = "cleaning.run", "cleaning.run"
EVENT_DAYS = "cleaning.event_days"
DAY = 24 * 3600 * MICROSECONDS_PER_SECOND
SIZE = 500


@attrs.frozen(kw_only=True)
class Clean:
    """Removes what was kept for its time."""


def start_cleaning(command: Clean, context: Context) -> Result:
    """Plan the job; what is kept belongs to all legal entities."""
    context.actor.require_everywhere("This removes what is kept")
    view: JobView = start(context, KIND, command)
    return Result(view=lambda numbers: view)


def clean(chunk: Chunk, context: Context) -> ChunkDone:
    """Remove the next rows of the stage at hand; the cursor is the stage."""
    stage = chunk.cursor or 0
    name, days, find, table, statement = STAGES[stage]
    before = context.now - (context.setting(days) if isinstance(days, str) else days) * DAY
    found = context.read.rows(find, (before, SIZE))
    if found:
        keys = ", ".join(["?" if len(found[0]) == 1 else "(?, ?)"] * len(found))
        values = tuple(value for row in found for value in row)
        context.plan.add([Bulk(table, statement.replace("{keys}", keys), values)], rule=RUN)
    counted = dict(chunk.summary) | {name: chunk.summary.get(name, 0) + len(found)}
    following: int | None = stage if len(found) == SIZE else stage + 1
    if following == len(STAGES):
        following = None
        until = context.now - context.setting(EVENT_DAYS) * DAY
        moved = "UPDATE kernel_feed SET removed_until = ? WHERE name = ? AND removed_until < ?"
        context.plan.add([Bulk(FeedRow, moved, (until, FEED, until))], rule=RUN)
    return ChunkDone(cursor=following, done=len(found), summary=counted)


STAGES: tuple[tuple[str, str | int, str, type[Table], str], ...] = (
    (
        "attempts", EVENT_DAYS, "SELECT id FROM kernel_webhook_attempt WHERE at < ? ORDER BY id LIMIT ?", WebhookAttemptRow,
        "DELETE FROM kernel_webhook_attempt WHERE id IN ({keys})",
    ),
    (
        "deliveries", EVENT_DAYS,
        "SELECT d.id FROM kernel_webhook_delivery d JOIN kernel_outbox o ON o.id = d.event_id WHERE o.at < ? "
        "AND NOT EXISTS (SELECT 1 FROM kernel_webhook_attempt a WHERE a.delivery_id = d.id) ORDER BY d.event_id LIMIT ?",
        WebhookDeliveryRow, "DELETE FROM kernel_webhook_delivery WHERE id IN ({keys})",
    ),
    (
        "heard", EVENT_DAYS,
        "SELECT DISTINCT d.event_id FROM kernel_delivery d JOIN kernel_outbox o ON o.id = d.event_id WHERE o.at < ? "
        "AND d.delivered_at IS NOT NULL ORDER BY d.event_id LIMIT ?",
        DeliveryRow, "DELETE FROM kernel_delivery WHERE event_id IN ({keys}) AND delivered_at IS NOT NULL",
    ),
    (
        "events", EVENT_DAYS,
        "SELECT o.id FROM kernel_outbox o WHERE o.at < ? AND o.dispatched_at IS NOT NULL AND o.sequence IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM kernel_delivery d WHERE d.event_id = o.id) "
        "AND NOT EXISTS (SELECT 1 FROM kernel_webhook_delivery d WHERE d.event_id = o.id) ORDER BY o.id LIMIT ?",
        OutboxRow, "DELETE FROM kernel_outbox WHERE id IN ({keys})",
    ),
    (
        "jobs", EVENT_DAYS,
        "SELECT j.id FROM kernel_job j WHERE j.finished_at < ? AND j.state = 'done' "
        "AND NOT EXISTS (SELECT 1 FROM kernel_job_result r WHERE r.job_id = j.id) ORDER BY j.id LIMIT ?",
        JobRow, "DELETE FROM kernel_job WHERE id IN ({keys})",
    ),
    (
        "answers", ANSWERS_KEPT_DAYS,
        "SELECT principal, key FROM kernel_idempotency WHERE answer IS NOT NULL AND created_at <= ? ORDER BY created_at LIMIT ?",
        IdempotencyRow,
        "UPDATE kernel_idempotency SET state = 'forgotten', answer = NULL WHERE state = 'answered' AND (principal, key) IN (VALUES {keys})",
    ),
)  # fmt: skip
"""In this order: what points to something goes before it. Each is told by a name in the summary, for how many days it is kept or the
setting that says so, the query that finds the next rows, and the statement that removes them."""

SETTINGS = (
    SettingDefinition(
        name=EVENT_DAYS,
        summary="For how many days events, what came of their deliveries, and jobs that told of no item are kept.",
        type="int",
        default=31,
        minimum=31,
        maximum=3650,
        levels=("installation",),
    ),
)
PERMISSIONS = (Permission(name=RUN, summary="Remove what was kept for its time"),)
JOB = JobKind(
    name=KIND, summary="Remove events, deliveries and answers that were kept for their time", request=Clean, run=clean, permission=RUN, size=SIZE
)
OPERATIONS = (
    Operation(
        name=RUN,
        summary="Remove what was kept for its time",
        description="Events and their deliveries, answers to requests, jobs that told of no item; never documents, postings, the audit trail or evidence.",
        effect="post",
        http=Http(method="POST", path="/cleaning-runs", status=202, location="/jobs/{id}"),
        request=Clean,
        response=JobView,
        permission=RUN,
        handler=start_cleaning,
        scope="none",
    ),
)
SCHEDULES = (Schedule(name="cleaning.nightly", summary="Remove what was kept for its time", operation=RUN, cron="30 3 * * *"),)
