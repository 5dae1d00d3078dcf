"""The table of schedules: what an installation changed, when each is due, and what came of it the last time."""

from __future__ import annotations

import peewee

from kassa.kernel.tables import Integer, Table, Text


class ScheduleRow(Table):
    """A schedule by the name of its contribution. Without times of its own those of the contribution count.

    `next_at`, `last_due_at` and `last_run_at` are instants of the application's clock; `run_after` and `lease_until` of the
    database's. `attempts` counts those at the time that is due.
    """

    name = Text(primary_key=True)
    cron = Text(null=True)
    every_seconds = Integer(null=True)
    zone = Text(null=True)
    state = Text()
    next_at = Integer()
    attempts = Integer()
    run_after = Integer()
    lease_until = Integer()
    fence = Integer()
    last_due_at = Integer(null=True)
    last_run_at = Integer(null=True)
    last_outcome = Text(null=True)
    last_detail = Text(null=True)
    version = Integer()

    class Meta:
        table_name = "kernel_schedule"
        without_rowid = True
        constraints = [
            peewee.Check("state IN ('active', 'paused')"),
            peewee.Check("last_outcome IN ('done', 'failed')"),
            peewee.Check("cron IS NULL OR every_seconds IS NULL"),
        ]


SCHEDULE_TABLES: tuple[type[Table], ...] = (ScheduleRow,)
