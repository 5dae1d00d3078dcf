"""plugins, hooks, rules, operations: what is there, without any database."""

import importlib.util
from pathlib import Path

import pytest

from kassa.kernel import plugins as kernel_plugins
from kassa.kernel import registry

SHELF = Path(__file__).resolve().parents[1] / "probes" / "shelf.py"


class Point:
    """An entry point that leads to a module that is loaded already."""

    def __init__(self, name, module):
        self.name, self.value, self._module = name, module.__name__, module

    def load(self):
        """Give the module."""
        return self._module


@pytest.fixture
def shelf(monkeypatch):
    """The probe plugin, as if it were installed."""
    spec = importlib.util.spec_from_file_location("probe_of_the_command_line", SHELF)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(kernel_plugins, "entry_points", lambda group: [Point("shelf", module)])
    monkeypatch.delenv("KASSA_BLOCK_PLUGINS", raising=False)


def test_plugins(kassa, shelf):
    shown = kassa("plugins").stdout
    assert shown.index("kernel") < shown.index("sales") < shown.index("shelf")
    listed = {entry["name"]: entry for entry in kassa.json("plugins", "--json")}
    assert listed["sales"]["room"] is True
    assert listed["shelf"]["room"] is False
    assert listed["sales"]["contributes"]["DocumentKind"] == 3


def test_a_blocked_plugin_is_named(kassa, shelf):
    shown = kassa("--block", "shelf", "plugins").stdout
    assert "Installed and blocked: shelf" in shown
    assert "shelf" not in [entry["name"] for entry in kassa.json("--block", "*", "plugins", "--json")]


def test_hooks_are_listed_with_what_they_are_for(kassa):
    listed = {entry["name"]: entry for entry in kassa.json("hooks", "--json")}
    assert list(listed) == list(kernel_plugins.HOOKS)
    assert listed["register_rules"]["summary"].startswith("Contribute loaders, checks and computations")
    assert {"stock", "payments", "sales"} <= set(listed["register_rules"]["implemented_by"])
    assert listed["register_rules"]["summary"] in kassa("hooks").stdout


def test_a_hook_shows_its_contract_and_who_implements_it(kassa, shelf):
    shown = kassa("hooks", "register_operations").stdout
    assert "A handler plans and returns; it never writes." in shown
    assert "Iterable[Operation | Definition]" in shown
    assert any(line.startswith("shelf") and "Operation" in line for line in shown.splitlines())
    found = kassa.json("hooks", "register_rules", "--json")
    assert found["implemented_by"]["sales"]["Rule"] > 10


def test_rules_of_one_transition_stand_in_the_order_of_the_stages(kassa):
    (found,) = kassa.json("rules", "invoice", "post", "--json")["transitions"]
    assert (found["kind"], found["transition"], found["to"], found["event"]) == ("invoice", "post", "posted", "sales.invoice_posted")
    stages = [item["stage"] for item in found["stages"]]
    order = ["facts", "check", "stock", "entries", "open_items"]
    assert [stage for stage in dict.fromkeys(stages) if stage in order] == order
    names = {item["name"]: item for item in found["stages"]}
    assert names["sales.invoice_entries"]["owner"] == "sales"
    assert names["sales.invoice_entries"]["rules"] == ["INV-12"]


def test_the_whole_scheme_names_kinds_rules_and_decisions(kassa):
    shown = kassa("rules").stdout
    for words in ("order create", "packing_slip post", "payment post", "stock_adjustment post", "sales.slip_stock", "Questions with one"):
        assert words in shown
    decisions = {entry["question"]: entry for entry in kassa.json("rules", "--json")["decisions"]}
    assert decisions["price"]["asked_by"] == "sales"


def test_operations_are_listed_and_narrowed(kassa):
    everything = {entry["name"]: entry for entry in kassa.json("operations", "--json")}
    assert everything["sales.sell"]["route"] == "POST /v1/sales"
    assert everything["sales.sell"]["effect"] == "post"
    narrowed = [entry["name"] for entry in kassa.json("operations", "org.create", "--json")]
    assert narrowed
    assert all(name.startswith("org.create") for name in narrowed)
    assert "POST /v1/sales" in kassa("operations").stdout


def test_an_operation_shows_what_it_takes_and_answers(kassa):
    shown = kassa("operations", "sales.sell").stdout
    for words in (
        "lines[].quantity",
        "payments[].tender",
        "wants an idempotency key",
        "sales.sell",
        "POST /v1/sales",
        "Idempotency-Key",
        "| kassa call",
    ):
        assert words in shown
    whole = kassa.json("operations", "sales.sell", "--json")
    schemas = whole["components"]["schemas"]
    assert whole["request"] == {"$ref": "#/components/schemas/Sell"}
    assert schemas["Sell"]["additionalProperties"] is False
    assert schemas["LineRequest"]["required"] == ["product", "quantity"]
    assert "kassa call org.read_store store=S001" in kassa("operations", "org.read_store").stdout


def test_every_operation_can_be_shown(kassa, monkeypatch):
    known = registry.build(kernel_plugins.load(kernel_plugins.discover()))
    monkeypatch.setattr(registry, "build", lambda modules: known)
    for entry in kassa.json("operations", "--json"):
        assert entry["name"] in kassa("operations", entry["name"]).stdout
