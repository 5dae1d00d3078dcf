"""The lock of migrations: a row with a lease, so that of several processes one migrates and a dead one stops nobody."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import peewee

from kassa.kernel.clock import MICROSECONDS_PER_SECOND, Clock, SystemClock
from kassa.kernel.errors import Unavailable
from kassa.kernel.migrations.statements import ask
from kassa.kernel.values import new_id

LEASE = 300 * MICROSECONDS_PER_SECOND
LOOK_AGAIN = MICROSECONDS_PER_SECOND // 5
WAIT = 600 * MICROSECONDS_PER_SECOND
TABLE = "CREATE TABLE IF NOT EXISTS kernel_migration_lock (name TEXT NOT NULL PRIMARY KEY, holder TEXT NOT NULL, until BIGINT NOT NULL)"
TAKE = (
    "INSERT INTO kernel_migration_lock (name, holder, until) VALUES ('all', ?, ?) "
    "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until "
    "WHERE kernel_migration_lock.until < ? OR kernel_migration_lock.holder = excluded.holder RETURNING holder"
)
RELEASE = "UPDATE kernel_migration_lock SET until = 0 WHERE name = 'all' AND holder = ?"


@contextmanager
def migration_lock(db: peewee.Database, clock: Clock | None = None, wait: int = WAIT) -> Iterator[Callable[[], None]]:
    """Hold the lock; gives a function that renews the lease, to be called before each migration.

    Raises Unavailable where another process holds it longer than `wait` (microseconds).
    """
    time = clock or SystemClock()
    holder = new_id()
    mark = "?" if isinstance(db, peewee.SqliteDatabase) else "%s"
    _create(db, time)

    def take() -> bool:
        now = time.now()
        return ask(db, TAKE.replace("?", mark), (holder, now + LEASE, now)).fetchone() is not None

    def renew() -> None:
        if not take():
            raise Unavailable("The lease of the migration lock ran out and another process took it. Nothing is half done; start again.")

    deadline = time.monotonic() + wait
    while not take():
        if time.monotonic() >= deadline:
            raise Unavailable(
                "Another process is migrating this database. Wait until it has finished; the lock of a dead process ends by itself."
            )
        time.sleep(LOOK_AGAIN)
    try:
        yield renew
    finally:
        ask(db, RELEASE.replace("?", mark), (holder,))


def _create(db: peewee.Database, time: Clock) -> None:
    # Two processes that create the same table at the same moment: one gets an error, and finds the table afterwards.
    for _ in range(5):
        with contextlib.suppress(peewee.IntegrityError, peewee.ProgrammingError, peewee.OperationalError):
            ask(db, TABLE)
            return
        time.sleep(LOOK_AGAIN)
    ask(db, TABLE)
