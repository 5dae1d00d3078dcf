"""SQLite has no wire; there COMMIT itself fails, before or after the file has it, and the application cannot know which."""

from __future__ import annotations

import sqlite3
from itertools import count, cycle

from campaign.counting import unsound
from campaign.installation import install, open_engine, remove
from campaign.report import Report, Size
from campaign.scenarios import Stage
from campaign.wire.disturbing import disturbed, operations
from kassa.kernel import failpoints
from kassa.testing.databases import Databases, Kind

ACKNOWLEDGEMENT = "acknowledgement"


class Failure:
    """Lets the acknowledgement of a commit fail, once."""

    def __init__(self) -> None:
        self.failed = False

    def arm(self, kind: str, left: int) -> None:
        """Fail the next time that COMMIT was answered."""
        self.failed = False
        failpoints.armed = self

    def disarm(self) -> bool:
        """Fail no more; answers whether it failed."""
        failpoints.armed = None
        return self.failed

    def __call__(self, name: str) -> None:
        """Raise what SQLite raises where the disk does not answer."""
        if name == "write.committed" and not self.failed:
            self.failed = True
            raise sqlite3.OperationalError("disk I/O error")


def cut(databases: Databases, kind: Kind, size: Size, report: Report) -> None:
    """Lose so many acknowledgements of commits."""
    installation = install(databases, kind)
    engine, numbers, failure = open_engine(installation.url), count(1), Failure()
    try:
        for _, operation in zip(range(size.cuts), cycle(operations(size)), strict=False):
            disturbed(engine, Stage(installation, next(numbers)), operation, failure, (ACKNOWLEDGEMENT, 1), report)
    finally:
        failpoints.armed = None
        engine.close()
    for found in unsound(installation.engine):
        report.find(found)
    remove(databases, installation)
