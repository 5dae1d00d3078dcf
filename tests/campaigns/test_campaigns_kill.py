"""T-KILL in small: a process ends at some failpoints of a sale, of a job, of the outbox, and some are killed under load."""

import attrs
import pytest
from campaign import kill


@pytest.mark.parametrize("what", ["sales.sell", "jobs", "events", "load"])
def test_what_was_acknowledged_is_there_and_nothing_is_half_done(kassa_databases, database_kind, small, expect_clean, what):
    report = kill.campaign(kassa_databases, database_kind, attrs.evolve(small, only=(what,)))
    assert report.kills == small.kills
    expect_clean(report)
