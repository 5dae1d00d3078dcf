"""T-RACE in small: every operation that posts, against itself and against others, by processes behind a barrier."""

import attrs
import pytest
from campaign import race, turns
from campaign.installation import registry
from campaign.scenarios import MIXES, SCENARIOS, posting


def test_every_operation_that_posts_has_a_scenario():
    assert sorted(SCENARIOS) == posting(registry()), "write scenarios under tests/campaigns/campaign/scenarios, one file a room or plugin"


def test_every_scenario_says_how_often_its_act_may_be_done(kassa_databases, database_kind, small, expect_clean):
    expect_clean(turns.campaign(kassa_databases, database_kind, small))


@pytest.mark.parametrize("name", ["sales.sell", "ledger.settle", "the last pieces"])
def test_races_have_the_permitted_effects(kassa_databases, database_kind, small, expect_clean, name):
    report = race.campaign(kassa_databases, database_kind, attrs.evolve(small, only=(name,)))
    assert report.acts == (1 if name in MIXES else 2) * small.racers
    expect_clean(report)
