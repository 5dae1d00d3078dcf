"""T-STATE in small: a short walk beside the reference model."""

from campaign import state


def test_kassa_and_the_model_agree_after_each_step(kassa_databases, database_kind, small, expect_clean):
    report = state.campaign(kassa_databases, database_kind, small)
    assert report.steps == small.steps
    expect_clean(report)
