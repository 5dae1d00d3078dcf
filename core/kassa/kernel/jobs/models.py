"""Tables of jobs: what is to be done and how far it is, and what became of each item."""

from __future__ import annotations

import peewee

from kassa.kernel.tables import Flag, Id, Integer, Table, Text


class JobRow(Table):
    """One job. `chunks` counts its commits, `fence` its claims; whoever writes for it must name both as they stand.

    `lease_until` and `run_after` are microseconds of the database's clock. `attempts` counts claims since the last commit.
    """

    id = Id(primary_key=True)
    kind = Text()
    request = Text()
    state = Text()
    cursor = Text(null=True)
    done = Integer()
    total = Integer(null=True)
    summary = Text(null=True)
    chunks = Integer()
    attempts = Integer()
    fence = Integer()
    lease_owner = Text(null=True)
    lease_until = Integer()
    run_after = Integer()
    stop_requested = Flag()
    actor = Text()
    legal_entity_id = Id(null=True)
    created_at = Integer()
    started_at = Integer(null=True)
    finished_at = Integer(null=True)
    error = Text(null=True)

    class Meta:
        table_name = "kernel_job"
        constraints = [peewee.Check("state IN ('waiting', 'running', 'done', 'failed', 'stopped')")]


JobRow.add_index(JobRow.index(JobRow.id, where=peewee.SQL("state IN ('waiting', 'running')"), name="kernel_job_open"))


class JobResultRow(Table):
    """What became of one item of a job; `outcome` is done, skipped or refused."""

    job_id = Id()
    item = Text()
    outcome = Text()
    code = Text(null=True)
    message = Text(null=True)
    document_id = Id(null=True)

    class Meta:
        table_name = "kernel_job_result"
        append_only = True
        primary_key = peewee.CompositeKey("job_id", "item")
        without_rowid = True
        constraints = [
            peewee.SQL("FOREIGN KEY (job_id) REFERENCES kernel_job (id)"),
            peewee.Check("outcome IN ('done', 'skipped', 'refused')"),
        ]


JOB_TABLES: tuple[type[Table], ...] = (JobRow, JobResultRow)
