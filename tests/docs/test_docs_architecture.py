"""The life of one sale as ARCHITECTURE.md tells it is what happens: the rules of each step, the statements of the flush."""

import re

import pytest

from kassa.kernel.contributions import Rule
from kassa.testing.builders import line

STEP = re.compile(r"^\| `(\w+)` (\w+) \| (.*?) \|", re.MULTILINE)
TABLE = re.compile(r"(?:INSERT INTO|UPDATE|SELECT 1 FROM) (\w+)")
MARKED = re.compile(r"`((?:kernel|ledger|payments|sales|stock)_\w+)`")


@pytest.fixture(scope="module")
def life(root):
    """The part of the page about one sale."""
    text = (root / "ARCHITECTURE.md").read_text(encoding="utf-8")
    return text[text.index("## The life of one sale") : text.index("## Contributions and hooks")]


def test_the_rules_of_each_step_are_those_of_the_page(life, generate):
    registry = generate.described().registry
    told = {(kind, move): re.findall(r"`([\w.]+)`", rules) for kind, move, rules in STEP.findall(life)}
    assert list(told) == [("order", "create"), ("packing_slip", "post"), ("invoice", "post"), ("order", "invoice_all"), ("payment", "post")]
    for (kind, move), names in told.items():
        step = registry.step(kind, move)
        rules = [rule for rule, owner in (*step.shaping, *step.checks, *step.computations) if registry.plugins[owner].room]
        assert names == [rule.name for rule in rules if rule.kind != "*"], f"{kind} {move}"
    assert [rule.name for rule in registry.all(Rule) if rule.kind == "*"] == ["ledger.exchange_differences", "stock.clear_residues"]


@pytest.fixture
def statements(database_kind, monkeypatch):
    """The tables that a writer writes or requires, statement by statement."""
    if database_kind == "sqlite":
        from kassa.kernel.sqlite import SqliteWriter as Writer

        name = "run"
    else:
        from kassa.kernel.postgresql import PostgresqlWriter as Writer

        name = "_send"
    seen = []
    original = getattr(Writer, name)

    def record(self, writes, *more, **options):
        seen.extend(TABLE.match(write.sql)[1] for write in writes)
        return original(self, writes, *more, **options)

    monkeypatch.setattr(Writer, name, record)
    return seen


def test_the_statements_of_the_flush_are_those_of_the_page(life, open_shop, statements):
    shop = open_shop()
    two = [line("TEA"), line("TEA")]
    shop.sell(*two, payments={"cash": "24.20"})
    statements.clear()
    shop.sell(*two, payments={"cash": "24.20"})
    flush = life[life.index("**Flush.**") : life.index("Statements 1 to 10 travel")]
    told = [name for row in flush.split("\n") if re.match(r"\| \d", row) for name in MARKED.findall(row)]
    following = iter(statements)
    missing = [name for name in told if name not in following]
    assert missing == [], f"in this order: {', '.join(statements)}"
    assert statements[0] == statements[-1] == told[0] == "kernel_idempotency"
