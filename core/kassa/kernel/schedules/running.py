"""Running what is due: one worker takes a due time by a lease and performs the operation, in each legal entity where it has one."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from kassa.kernel.clock import MICROSECONDS_PER_SECOND, instant_text
from kassa.kernel.contributions import Operation, Schedule
from kassa.kernel.database import Reader, Retryable, Write
from kassa.kernel.errors import Conflict, KassaError, OutcomeUnknown, Unavailable
from kassa.kernel.flush import write_alone
from kassa.kernel.permissions import Actor
from kassa.kernel.schedules.models import ScheduleRow
from kassa.kernel.schedules.times import Times
from kassa.kernel.tables import columns_of, insert_statement
from kassa.kernel.time_of_database import NOW

if TYPE_CHECKING:
    from kassa.kernel.engine import Engine
    from kassa.kernel.registry import Registry

LEASE = 120 * MICROSECONDS_PER_SECOND
ATTEMPTS = 5
PAUSE = 60 * MICROSECONDS_PER_SECOND
DETAIL_AT_MOST = 2000
COLUMNS = columns_of(ScheduleRow)
SCHEDULES = f"SELECT {', '.join(COLUMNS)} FROM kernel_schedule"
CLAIM = (
    "UPDATE kernel_schedule SET lease_until = {now} + ?, fence = fence + 1, attempts = attempts + 1 WHERE name = ? AND next_at = ? "
    "AND state = 'active' AND lease_until < {now} AND run_after <= {now} RETURNING fence, attempts"
)
AGAIN = "UPDATE kernel_schedule SET lease_until = 0, run_after = {now} + ?, last_outcome = 'failed', last_detail = ? WHERE name = ? AND fence = ?"
DONE = (
    "UPDATE kernel_schedule SET lease_until = 0, run_after = 0, attempts = 0, last_due_at = ?, last_run_at = ?, last_outcome = ?, "
    "last_detail = ?, next_at = CASE WHEN next_at = ? THEN ? ELSE next_at END WHERE name = ? AND fence = ?"
)
logger = logging.getLogger("kassa.schedules")


@attrs.frozen(kw_only=True)
class Planned:
    """A schedule as this installation has it: its contribution, and its row as a mapping."""

    schedule: Schedule
    row: Mapping[str, Any]

    @property
    def times(self) -> Times:
        """The times that count: those that were given here, else those of the contribution."""
        return times_of(self.schedule, self.row)


def times_of(schedule: Schedule, row: Mapping[str, Any] | None) -> Times:
    """Give the times of a schedule: what its row says, else what its contribution says."""
    if row is not None and (row["cron"] is not None or row["every_seconds"] is not None):
        return Times(cron=row["cron"], every_seconds=row["every_seconds"], zone=row["zone"] or schedule.zone)
    zone = row["zone"] if row is not None and row["zone"] is not None else schedule.zone
    return Times(cron=schedule.cron, every_seconds=schedule.every_seconds, zone=zone)


def new_row(schedule: Schedule, now: int) -> dict[str, Any]:
    """Make the row of a schedule that was never looked at here."""
    empty = dict.fromkeys(COLUMNS)
    state = "paused" if schedule.paused else "active"
    counters = {"attempts": 0, "run_after": 0, "lease_until": 0, "fence": 0, "version": 1}
    return {**empty, **counters, "name": schedule.name, "state": state, "next_at": times_of(schedule, None).next_after(now)}


def possible(registry: Registry) -> list[Schedule]:
    """List the schedules whose operation is there: one that needs a plugin which is not enabled is not."""
    return [schedule for schedule in registry.all(Schedule) if registry.find(Operation, schedule.operation) is not None]


def read_rows(read: Reader) -> dict[str, Mapping[str, Any]]:
    """Read the rows of all schedules by name, also of those whose plugin is not enabled."""
    return {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in read.rows(SCHEDULES)}


def run_due(engine: Engine) -> int:
    """Perform what is due and free, the longest due first; returns how many schedules were run.

    A schedule that fails for a reason that may pass is tried again after a minute, five times, before its time counts as missed.
    """
    now = engine.clock.now()
    planned = _planned(engine, now)
    due = sorted((one for one in planned if one.row["state"] == "active" and one.row["next_at"] <= now), key=lambda one: one.row["next_at"])
    return sum(_run(engine, one) for one in due)


def _planned(engine: Engine, now: int) -> list[Planned]:
    """Read all schedules; those that are new here get their row and their first due time."""
    with engine.database.snapshot() as read:
        rows = read_rows(read)
    schedules = possible(engine.registry)
    new = [new_row(schedule, now) for schedule in schedules if schedule.name not in rows]
    if new:
        sql = insert_statement(ScheduleRow, "ON CONFLICT (name) DO NOTHING")
        write_alone(engine.database, [Write(sql, tuple(row[column] for column in COLUMNS)) for row in new])
        rows |= {row["name"]: row for row in new}
    return [Planned(schedule=schedule, row=rows[schedule.name]) for schedule in schedules]


def _run(engine: Engine, one: Planned) -> bool:
    database, name, due = engine.database, one.schedule.name, one.row["next_at"]
    now = NOW[database.dialect]
    (taken,) = write_alone(database, [Write(CLAIM.format(now=now), (LEASE, name, due), returning=True)])
    if not taken:
        return False
    fence, attempts = taken[0]
    failures, passing = _perform(engine, one.schedule, due)
    detail = "; ".join(failures)[:DETAIL_AT_MOST] or None
    if passing and attempts < ATTEMPTS:
        write_alone(database, [Write(AGAIN.format(now=now), (PAUSE, detail, name, fence))])
        return True
    at = engine.clock.now()
    values = (due, at, "failed" if failures else "done", detail, due, one.times.next_after(at, due), name, fence)
    write_alone(database, [Write(DONE, values)])
    logger.info("schedule %s, due at %s: %s", name, instant_text(due), detail or "done")
    return True


def _perform(engine: Engine, schedule: Schedule, due: int) -> tuple[list[str], bool]:
    """Perform the operation of a schedule; gives what failed, and whether all of it may pass by itself.

    The key holds the due time, so whoever performs it again after a kill gets the answer of the first.
    """
    operation = engine.operation(schedule.operation)
    actor = Actor(id=f"schedule:{schedule.name}", name=schedule.summary, kind="system", all_permissions=True)
    failures: list[str] = []
    passing = True
    for entity in _entities(engine, operation):
        try:
            engine.perform(
                operation, dict(schedule.request), actor=actor, key=f"{schedule.name} {instant_text(due)}" + (f" {entity}" if entity else ""),
                legal_entity_id=entity, origin="job",
            )  # fmt: skip
        except (KassaError, Retryable) as error:
            logger.warning("schedule %s failed", schedule.name, exc_info=error)
            where = f"legal entity {entity}: " if entity is not None else ""
            failures.append(where + (error.detail if isinstance(error, KassaError) else str(error)))
            passing = passing and _may_pass(error)
    return failures, bool(failures) and passing


def _may_pass(error: Exception) -> bool:
    return isinstance(error, Unavailable | OutcomeUnknown | Retryable) or (isinstance(error, Conflict) and error.code == "LOST_RACE")


def _entities(engine: Engine, operation: Operation) -> Sequence[str | None]:
    """List where an operation is performed: in each legal entity, or once where it has none."""
    scope = engine.settings.scope
    if operation.scope == "none" or scope is None:
        return [None]
    with engine.database.snapshot() as read:
        return list(scope.entities(read))
