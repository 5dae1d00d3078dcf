"""T-WIRE in small: answers of commits are lost, between PostgreSQL and the application and between the application and a till."""

import attrs
import pytest
from campaign import wire


@pytest.mark.parametrize("place", ["client", "server"])
def test_a_lost_answer_is_one_effect_and_no_failure(kassa_databases, database_kind, small, expect_clean, place):
    report = wire.campaign(kassa_databases, database_kind, attrs.evolve(small, only=(place,), cuts=4))
    assert report.cuts >= 4
    expect_clean(report)
