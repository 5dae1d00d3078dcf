"""T-FUZZ in small: some hostile values in some fields; schemathesis itself runs in the tests of the host."""

import attrs
from campaign import fuzz


def test_hostile_values_are_refused_and_do_no_harm(kassa_databases, database_kind, small, expect_clean):
    report = fuzz.campaign(kassa_databases, database_kind, attrs.evolve(small, steps=250))
    assert report.acts == 250
    expect_clean(report)
