"""Scenario of cleaning: what was kept for its time is removed."""

from __future__ import annotations

from campaign.scenarios import Case, Stage, scenario


@scenario("cleaning.run")
def run(stage: Stage) -> Case:
    """A job each; the second finds nothing that the first one removed."""
    return Case(command={}, permitted=None)
