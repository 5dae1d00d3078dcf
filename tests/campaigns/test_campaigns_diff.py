"""T-DIFF in small: one script on SQLite and on PostgreSQL, and twice on SQLite."""

from campaign import diff


def test_both_databases_give_the_same_answers_and_hold_the_same_rows(kassa_databases, database_kind, small, expect_clean):
    report = diff.campaign(kassa_databases, database_kind, small)
    assert report.acts >= small.steps
    expect_clean(report)
