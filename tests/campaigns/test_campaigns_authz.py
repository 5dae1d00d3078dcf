"""T-AUTHZ in small: each operation as some roles and strangers, and foreign things in some paths and fields, all answers and acts."""

import attrs
import pytest
from campaign import authz


@pytest.mark.parametrize("what", ["matrix", "foreign"])
def test_who_may_do_what_is_what_is_declared_and_what_is_foreign_is_not_there(kassa_databases, database_kind, small, expect_clean, what):
    report = authz.campaign(kassa_databases, database_kind, attrs.evolve(small, only=(what,)))
    assert report.acts > 0
    expect_clean(report)
