"""Tries: how often somebody may be wrong, of one worker, at one till or app, and in all.

Each try is counted before it is looked at, in a transaction of its own. So a refusal or a crash takes no count back, a restart
forgets none, and of many at the same moment no more are looked at than one after the other. A right one takes its count back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kassa.kernel.clock import MICROSECONDS_PER_SECOND
from kassa.kernel.database import DuplicateKey, LostRace, Retryable, UnknownCommit, Write
from kassa.kernel.errors import Conflict, OutcomeUnknown
from kassa.kernel.flush import write_alone

if TYPE_CHECKING:
    from kassa.kernel.context import Context
    from kassa.kernel.database import Database

INSTALLATION = ""
# Of a worker: from the last permitted try on each further one is looked at after a pause, and each pause is longer than the last.
_OF_WORKER = (
    "INSERT INTO org_tries (kind, subject, failures, since, locked_until) VALUES ('worker', ?, 1, ?, CASE WHEN 1 >= ? THEN ? ELSE 0 END) "
    "ON CONFLICT (kind, subject) DO UPDATE SET failures = org_tries.failures + 1, locked_until = CASE WHEN org_tries.failures + 1 >= ? "
    "THEN ? + ? * (org_tries.failures + 2 - ?) ELSE 0 END WHERE org_tries.locked_until <= ?"
)
# Of a key and of all: so many in a window of time, then none until it is over.
_IN_WINDOW = (
    "INSERT INTO org_tries (kind, subject, failures, since, locked_until) VALUES (?, ?, 1, ?, 0) "
    "ON CONFLICT (kind, subject) DO UPDATE SET failures = CASE WHEN org_tries.since <= ? THEN 1 ELSE org_tries.failures + 1 END, "
    "since = CASE WHEN org_tries.since <= ? THEN ? ELSE org_tries.since END, "
    "locked_until = CASE WHEN org_tries.since > ? AND org_tries.failures + 1 >= ? THEN org_tries.since + ? ELSE 0 END "
    "WHERE org_tries.locked_until <= ?"
)
_RIGHT = "UPDATE org_tries SET failures = 0, locked_until = 0 WHERE kind = 'worker' AND subject = ?"
_TAKEN_BACK = "UPDATE org_tries SET failures = failures - 1, locked_until = 0 WHERE kind = ? AND subject = ? AND failures > 0"
_UNTIL = "SELECT locked_until FROM org_tries WHERE kind = ? AND subject = ?"


@attrs.frozen(kw_only=True)
class Permitted:
    """How many wrong tries are permitted; durations in microseconds."""

    of_worker: int
    lock: int
    of_key: int
    of_all: int
    window: int


def permitted(context: Context) -> Permitted:
    """What the settings permit."""
    return Permitted(
        of_worker=context.setting("sign_in.worker_tries"),
        lock=context.setting("sign_in.lock_seconds") * MICROSECONDS_PER_SECOND,
        of_key=context.setting("sign_in.till_tries"),
        of_all=context.setting("sign_in.all_tries"),
        window=context.setting("sign_in.window_seconds") * MICROSECONDS_PER_SECOND,
    )


def count(database: Database, limits: Permitted, number: str, key_id: str, now: int) -> int | None:
    """Count a try as a wrong one; None where it may be looked at, else in how many seconds the next one may be.

    Raises Conflict where the database is too busy to count; such a try is not looked at.
    """
    begun = now - limits.window
    window = (now, begun, begun, now, begun)
    worker = (number, now, limits.of_worker, now + limits.lock, limits.of_worker, now, limits.lock, limits.of_worker, now)
    writes = [Write(_OF_WORKER, worker, expect=1, what=("worker", number))]
    for kind, subject, most in (("key", key_id, limits.of_key), ("all", INSTALLATION, limits.of_all)):
        parameters = (kind, subject, *window, most, limits.window, now)
        writes.append(Write(_IN_WINDOW, parameters, expect=1, what=(kind, subject)))
    try:
        _write(database, writes)
    except LostRace as locked:
        with database.snapshot() as read:
            until = read.value(_UNTIL, locked.write.what) or now
        return max(1, -((now - until) // MICROSECONDS_PER_SECOND))
    return None


def take_back(database: Database, number: str, key_id: str) -> None:
    """Take the count of a try back that was right; the worker's wrong ones before it are forgotten too."""
    _write(database, [Write(_RIGHT, (number,)), Write(_TAKEN_BACK, ("key", key_id)), Write(_TAKEN_BACK, ("all", INSTALLATION))])


def _write(database: Database, writes: list[Write]) -> None:
    failure: Exception | None = None
    for _ in range(3):
        try:
            write_alone(database, writes)
            return
        except (Retryable, DuplicateKey) as lost:
            failure = lost
        except UnknownCommit as unknown:
            raise OutcomeUnknown("The connection was lost while a try was counted. Sign in again; it may count as one try more.") from unknown
    raise Conflict("Many sign in at this moment. Try again.", code="LOST_RACE", retry_after=1) from failure
