"""The operation on workers: who works, and how much waits."""

from __future__ import annotations

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation, Permission, Schedule
from kassa.kernel.database import Reader
from kassa.kernel.schedules.running import possible, read_rows
from kassa.kernel.schema import Instant
from kassa.kernel.time_of_database import NOW

READ = "worker.read"
WORKERS = "SELECT holder, until FROM kernel_lease WHERE substr(name, 1, 7) = 'worker:' AND until >= {now} ORDER BY name"
JOBS = "SELECT state, count(*), min(created_at) FROM kernel_job WHERE state IN ('waiting', 'running', 'failed') GROUP BY state"
EVENTS = "SELECT count(*), min(at) FROM kernel_outbox WHERE sequence IS NULL"
LISTENERS = "SELECT count(*), min(o.at) FROM kernel_delivery d JOIN kernel_outbox o ON o.id = d.event_id WHERE d.delivered_at IS NULL"
DELIVERIES = (
    "SELECT d.state, count(*), min(d.created_at) FROM kernel_webhook_delivery d JOIN kernel_webhook w ON w.id = d.webhook_id "
    "WHERE d.state IN ('waiting', 'failed') AND w.state <> 'deleted' GROUP BY d.state"
)
DISABLED = "SELECT count(*) FROM kernel_webhook WHERE state = 'disabled'"


@attrs.frozen(kw_only=True)
class ReadStatus:
    """Asks who works and how much waits."""


@attrs.frozen(kw_only=True)
class WaitingView:
    """How much of something waits or failed; `oldest_at` is since when the oldest that waits does."""

    waiting: int = 0
    running: int = 0
    failed: int = 0
    oldest_at: Instant | None = None


@attrs.frozen(kw_only=True)
class SchedulesView:
    """How many schedules there are; `overdue` are those that nobody ran for a minute, `failed` those that failed the last time."""

    active: int
    paused: int
    overdue: int
    failed: int


@attrs.frozen(kw_only=True)
class WorkerStatusView:
    """Who works (each for as long as it says so at least once a minute), and what waits."""

    workers: tuple[str, ...]
    jobs: WaitingView
    events: WaitingView
    listeners: WaitingView
    deliveries: WaitingView
    disabled_webhooks: int
    schedules: SchedulesView


def read_status(request: ReadStatus, context: Context) -> WorkerStatusView:
    """Show who works and what waits."""
    read = context.read
    return WorkerStatusView(
        workers=tuple(row[0] for row in read.rows(WORKERS.format(now=NOW[read.dialect]))),
        jobs=_by_state(read, JOBS),
        events=_waiting(read, EVENTS),
        listeners=_waiting(read, LISTENERS),
        deliveries=_by_state(read, DELIVERIES),
        disabled_webhooks=read.value(DISABLED),
        schedules=_schedules(context),
    )


def _by_state(read: Reader, sql: str) -> WaitingView:
    rows = {state: (count, oldest) for state, count, oldest in read.rows(sql)}
    counts = {state: count for state, (count, _) in rows.items()}
    return WaitingView(**counts, oldest_at=rows["waiting"][1] if "waiting" in rows else None)


def _waiting(read: Reader, sql: str) -> WaitingView:
    ((count, oldest),) = read.rows(sql)
    return WaitingView(waiting=count, oldest_at=oldest)


def _schedules(context: Context) -> SchedulesView:
    rows = read_rows(context.read)
    known: list[tuple[Schedule, bool]] = [
        (schedule, rows[schedule.name]["state"] == "paused" if schedule.name in rows else schedule.paused)
        for schedule in possible(context.registry)
    ]
    running = [rows[schedule.name] for schedule, paused in known if not paused and schedule.name in rows]
    return SchedulesView(
        active=sum(not paused for _, paused in known),
        paused=sum(paused for _, paused in known),
        overdue=sum(row["next_at"] < context.now - 60_000_000 for row in running),
        failed=sum(row["last_outcome"] == "failed" for row in running),
    )


PERMISSIONS = (Permission(name=READ, summary="See who works behind the requests, and what waits"),)
OPERATIONS = (
    Operation(
        name="worker.status",
        summary="Show who works behind the requests, and what waits",
        description="Jobs, events, listeners, webhooks and schedules of the whole installation; watch `oldest_at` and `overdue`.",
        effect="read",
        http=Http(method="GET", path="/worker"),
        request=ReadStatus,
        response=WorkerStatusView,
        permission=READ,
        handler=read_status,
        scope="none",
        example={},
    ),
)
