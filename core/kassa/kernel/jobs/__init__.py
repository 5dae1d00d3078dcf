"""Jobs: long work in chunks, kept in a table that is the truth.

An operation plans a job with `start`; whoever runs jobs (`Runner`) takes it by a lease, plans chunk after chunk, and commits
each together with its progress, so that a kill at any moment loses and doubles nothing.
"""

from kassa.kernel.jobs.chunks import Chunk, ChunkDone, ItemResult, each
from kassa.kernel.jobs.leases import Job, read_job
from kassa.kernel.jobs.models import JOB_TABLES, JobResultRow, JobRow
from kassa.kernel.jobs.operations import JobView, start
from kassa.kernel.jobs.runner import Runner

__all__ = [
    "JOB_TABLES",
    "Chunk",
    "ChunkDone",
    "ItemResult",
    "Job",
    "JobResultRow",
    "JobRow",
    "JobView",
    "Runner",
    "each",
    "read_job",
    "start",
]
