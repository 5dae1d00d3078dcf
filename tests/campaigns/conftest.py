"""Lets the short forms of the campaigns import what the command uses, and makes databases for them."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from campaign.report import Size


@pytest.fixture
def small():
    """A size that fits into the ordinary suite."""
    return Size(rounds=1, racers=4, kills=4, cuts=2, steps=30, seed=7)


@pytest.fixture
def expect_clean():
    """Fails with what a campaign found and with the command that repeats it."""

    def check(report):
        if report.findings:
            pytest.fail("\n".join([*report.findings, f"repeat: {report.repeat}"]), pytrace=False)

    return check
