"""T-PLUG in small: each of the fourteen rogues at one place of a sale."""

from campaign import plug


def test_a_rogue_leaves_the_sale_whole_or_absent_and_harms_nobody(kassa_databases, database_kind, small, expect_clean):
    report = plug.campaign(kassa_databases, database_kind, small)
    assert report.acts == len(plug.ROGUES)
    expect_clean(report)
