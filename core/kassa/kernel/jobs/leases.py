"""Leases: who works on a job now. Every claim raises the fence, and only who knows the newest fence can commit for the job.

Times are those of the database, so clocks of different machines need not agree.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import attrs

from kassa.kernel.clock import MICROSECONDS_PER_SECOND
from kassa.kernel.database import Database, Reader, Write
from kassa.kernel.flush import write_alone
from kassa.kernel.permissions import Actor
from kassa.kernel.tables import Dialect
from kassa.kernel.time_of_database import NOW

LEASE = 60 * MICROSECONDS_PER_SECOND
SECONDS_BETWEEN_RENEWALS = 20
logger = logging.getLogger("kassa.jobs")
COLUMNS = (
    "id", "kind", "request", "state", "cursor", "done", "total", "summary", "chunks", "attempts", "fence", "stop_requested", "actor",
    "legal_entity_id", "created_at", "started_at", "finished_at", "error",
)  # fmt: skip


@attrs.frozen(kw_only=True)
class Job:
    """A job as it was read: where it stands, and for whom it works."""

    id: str
    kind: str
    request: Any
    state: str
    cursor: Any
    done: int
    total: int | None
    summary: Any
    chunks: int
    attempts: int
    fence: int
    stop_requested: bool
    actor: Actor
    legal_entity_id: str | None
    created_at: int
    started_at: int | None
    finished_at: int | None
    error: str | None


def job_of(row: tuple[Any, ...]) -> Job:
    """Make a job of its row."""
    values = dict(zip(COLUMNS, row, strict=True))
    for name in ("request", "cursor", "summary"):
        values[name] = json.loads(values[name]) if values[name] is not None else None
    return Job(**values | {"actor": actor_of(values["actor"]), "stop_requested": bool(values["stop_requested"])})


def read_job(read: Reader, job_id: str) -> Job | None:
    """Read a job by its id."""
    row = read.row(f"SELECT {', '.join(COLUMNS)} FROM kernel_job WHERE id = ?", (job_id,))
    return job_of(row) if row is not None else None


def actor_text(actor: Actor) -> str:
    """Write an actor down, so that its job works with the rights that it had when it asked."""
    values = attrs.asdict(actor)
    return json.dumps(
        {name: sorted(value) if isinstance(value, frozenset) else value for name, value in values.items()}, ensure_ascii=False
    )


def actor_of(text: str) -> Actor:
    """Read an actor back."""
    values: dict[str, Any] = json.loads(text)
    sets = ("permissions", "roles", "legal_entities", "stores")
    made: dict[str, Any] = {name: frozenset(value) if name in sets and value is not None else value for name, value in values.items()}
    return Actor(**made)


@cache
def _claim(dialect: Dialect, one: bool, passed_over: int) -> str:
    skip = " FOR UPDATE SKIP LOCKED" if dialect == "postgresql" else ""
    which = "id = ? AND " if one else f"kind NOT IN ({', '.join('?' * passed_over)}) AND " if passed_over else ""
    free = f"((state = 'waiting' AND run_after <= {NOW[dialect]}) OR (state = 'running' AND lease_until < {NOW[dialect]}))"
    return (
        f"UPDATE kernel_job SET state = 'running', fence = fence + 1, attempts = attempts + 1, lease_owner = ?, "
        f"lease_until = {NOW[dialect]} + ?, started_at = coalesce(started_at, ?) "
        f"WHERE id = (SELECT id FROM kernel_job WHERE {which}{free} ORDER BY id LIMIT 1{skip}) RETURNING {', '.join(COLUMNS)}"
    )


def claim(database: Database, owner: str, now: int, job_id: str | None = None, passed_over: Sequence[str] = ()) -> Job | None:
    """Take the oldest job that is free (or the given one, if it is) for the time of a lease; None where there is none.

    Free is what waits and is due, and what runs without a valid lease. Without a job, those of the kinds `passed_over` are left.
    """
    sql = _claim(database.dialect, job_id is not None, len(passed_over))
    parameters = (owner, LEASE, now, *([job_id] if job_id is not None else passed_over))
    (rows,) = write_alone(database, [Write(sql, parameters, returning=True)])
    return job_of(rows[0]) if rows else None


def renew(database: Database, job: Job) -> bool:
    """Make the lease of a job last again; False where it was lost to another."""
    sql = f"UPDATE kernel_job SET lease_until = {NOW[database.dialect]} + ? WHERE id = ? AND fence = ? AND state = 'running' RETURNING id"
    (rows,) = write_alone(database, [Write(sql, (LEASE, job.id, job.fence), returning=True)])
    return bool(rows)


@contextmanager
def kept(database: Database, job: Job) -> Iterator[None]:
    """Renew the lease of a job again and again while a chunk is worked on, however long that takes.

    A worker that is dead or frozen renews nothing; one that lost its lease learns it by the fence when it commits.
    """
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(SECONDS_BETWEEN_RENEWALS):
            try:
                if not renew(database, job):
                    return
            except Exception:
                # Such as a database that is away: the chunk itself will hear of it.
                logger.exception("the lease of job %s could not be renewed", job.id)

    thread = threading.Thread(target=beat, name="kassa-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def leave(database: Database, job: Job, state: str, *, now: int, error: str | None = None, pause: int = 0) -> bool:
    """End one's work on a job in a state: waiting (due after `pause` microseconds), stopped or failed; False where it was lost."""
    finished = now if state == "failed" else None
    sql = (
        f"UPDATE kernel_job SET state = ?, error = ?, finished_at = ?, lease_owner = NULL, lease_until = 0, run_after = {NOW[database.dialect]} + ?, "
        "stop_requested = (stop_requested AND ?) WHERE id = ? AND fence = ? AND state = 'running' RETURNING id"
    )
    # A job that goes on waiting keeps the wish that it should stop, which may have come a moment ago.
    parameters = (state, error, finished, pause, state == "waiting", job.id, job.fence)
    (rows,) = write_alone(database, [Write(sql, parameters, returning=True)])
    return bool(rows)
