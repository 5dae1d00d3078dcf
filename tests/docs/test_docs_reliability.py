"""Every promise stands on docs/reliability.md once, with its state, and what proves it exists."""

import re

import pytest

ROW = re.compile(r"^\| `((?:REL|SEC)-\d\d)` \| (.+?) \| (.+?) \| ?(.*?) ?\|$", re.MULTILINE)
PROMISES = [*(f"REL-{number:02}" for number in range(1, 43)), *(f"SEC-{number:02}" for number in range(1, 28))]
STATES = ("kept", "in part", "not made")
CAMPAIGNS = ("state", "race", "kill", "wire", "plug", "diff", "fuzz", "authz")


@pytest.fixture
def rows(root):
    """The promises of the page: id, sentence, state, proofs."""
    return ROW.findall((root / "docs" / "reliability.md").read_text(encoding="utf-8"))


def test_every_promise_is_there_once(rows):
    assert [row[0] for row in rows] == PROMISES


def test_every_promise_has_a_state_and_no_more_is_claimed_than_is_proved(rows):
    assert [row[0] for row in rows if not row[2].startswith(STATES)] == []
    unproved = [name for name, _, state, proofs in rows if state.startswith("kept") and not proofs]
    assert unproved == [], "name the tests or campaigns that prove it, or do not call it kept"


def test_what_proves_it_exists(rows, root):
    proofs = {proof for row in rows for proof in re.findall(r"`([^`]+)`", row[3])}
    missing = [proof for proof in proofs if proof not in CAMPAIGNS and not (root / proof).is_file()]
    assert missing == []


def test_every_campaign_has_a_short_form(root):
    found = {path.stem.removeprefix("test_campaigns_") for path in (root / "tests" / "campaigns").glob("test_campaigns_*.py")}
    assert found == set(CAMPAIGNS)
