"""T-KILL: processes end at every failpoint, and at random under load; what was acknowledged is there, and nothing is half done."""

from __future__ import annotations

from campaign.kill import load, sweep
from campaign.report import Report, Size, measured
from kassa.testing.databases import Databases, Kind

JOBS, EVENTS, LOAD = "jobs", "events", "load"


def campaign(databases: Databases, kind: Kind, size: Size) -> Report:
    """Sweep every failpoint of every operation that posts, of a job and of the outbox, then kill at random."""
    with measured("kill", kind, size) as report:
        sweep.operations(databases, kind, size, report)
        if size.wants(JOBS):
            sweep.jobs(databases, kind, size, report)
        if size.wants(EVENTS):
            sweep.events(databases, kind, size, report)
        if size.wants(LOAD):
            load.kill_at_random(databases, kind, size, report)
    return report
