"""Actions: what can be done with a document is told by the states, permissions and gates that the acts keep."""

from types import SimpleNamespace

import attrs
import pytest

from kassa.kernel import contributions as give
from kassa.kernel import registry
from kassa.kernel.errors import NotFound, OverrideRequired, Refused, StartupError
from kassa.kernel.plugins import hookimpl


def spent(purse, amount, purpose="bread"):
    """Spend something whoever may; its id."""
    return purse.spend(amount, attrs.evolve(purse.clerk, all_permissions=True), purpose=purpose).body["id"]


def action(purse, spending, actor=None):
    """The only action of a spending."""
    shown = purse.engine.perform("purse.spending.actions", {"spending": spending}, actor=actor or purse.clerk).body
    (found,) = shown["actions"]
    return found


def take_back(purse, spending, actor=None, **options):
    return purse.engine.perform("purse.take_back", {"spending": spending}, actor=actor or purse.clerk, key=f"back-{spending}", **options)


def test_what_is_possible_can_be_done(purse):
    spending = spent(purse, "99.99")
    shown = purse.engine.perform("purse.spending.actions", {"spending": spending}, actor=purse.clerk).body
    assert (shown["id"], shown["kind"], shown["state"], shown["version"]) == (spending, "purse.spending", "spent", 1)
    found = action(purse, spending)
    assert (found["operation"], found["method"], found["path"]) == ("purse.take_back", "POST", "/purse/spendings/{spending}/return")
    assert (found["possible"], found["unmet"], found["warnings"]) == ("yes", [], [])
    assert found["depends_on_input"] == [
        {"step": "purse.spending.take_back", "rule": "purse.reason", "rules": [], "plugin": "purse", "summary": "There is a reason"}
    ]
    assert take_back(purse, spending).body["state"] == "taken_back"


def test_the_state_stands_in_the_way(purse):
    spending = spent(purse, "10.00")
    take_back(purse, spending)
    found = action(purse, spending)
    assert (found["possible"], [(unmet["kind"], unmet["code"]) for unmet in found["unmet"]]) == ("no", [("state", "STATE_FORBIDS")])
    assert (found["unmet"][0]["rule"], found["unmet"][0]["plugin"]) == ("purse.spending.take_back", "purse")


def test_a_missing_permission_names_the_roles_that_hold_it(purse):
    watcher = attrs.evolve(purse.clerk, permissions=frozenset({"purse.see"}), roles=frozenset())
    found = action(purse, spent(purse, "10.00"), watcher)
    (unmet,) = found["unmet"]
    assert (found["possible"], unmet["kind"], unmet["code"], unmet["permission"]) == ("no", "permission", "NOT_PERMITTED", "purse.use")
    assert [approver["role"] for approver in unmet["approvers"]] == ["boss", "clerk", "owner"]
    assert (unmet["rule"], unmet["plugin"]) == ("purse.take_back", "purse")


def test_a_gate_that_refuses_is_the_one_of_the_act(purse):
    spending = spent(purse, "10.00", "gold")
    (unmet,) = action(purse, spending)["unmet"]
    assert action(purse, spending)["possible"] == "no"
    assert (unmet["kind"], unmet["code"], unmet["severity"], unmet["rule"], unmet["plugin"]) == (
        "gate",
        "PURSE_GOLD",
        "refuse",
        "purse.large",
        "purse",
    )
    with pytest.raises(Refused) as caught:
        take_back(purse, spending)
    assert [(issue.code, issue.message, issue.rule) for issue in caught.value.issues] == [(unmet["code"], unmet["message"], unmet["rule"])]


def test_a_gate_that_warns_does_not_stand_in_the_way(purse):
    found = action(purse, spent(purse, "10.00", "rent"))
    assert (found["possible"], [warning["code"] for warning in found["warnings"]]) == ("yes", ["PURSE_RENT"])


def test_what_needs_an_approval_names_the_roles_whose_limits_suffice(purse):
    purse.limit("purse.take_back", "boss", "300.00", "EUR")
    spending = spent(purse, "200.00")
    found = action(purse, spending)
    (unmet,) = found["unmet"]
    assert (found["possible"], unmet["severity"], unmet["permission"]) == ("with_approval", "approvable", "purse.take_back")
    assert (unmet["amount"], unmet["currency"], unmet["limit"]) == ("200.00", "EUR", "0.00")
    assert unmet["approvers"] == [{"role": "boss", "limit": "300.00"}]
    assert action(purse, spending, purse.boss)["possible"] == "yes"
    with pytest.raises(OverrideRequired) as caught:
        take_back(purse, spending)
    token = caught.value.approval["token"]
    purse.approve(token)
    assert take_back(purse, spending, approval=token).body["state"] == "taken_back"
    purse.limit("purse.take_back", "boss", "100.00", "EUR")
    (unmet,) = action(purse, spent(purse, "200.00"))["unmet"]
    assert unmet["approvers"] == []


def test_actions_of_what_is_not_ones_own_are_not_found(purse):
    spending = spent(purse, "10.00")
    stranger = attrs.evolve(purse.clerk, legal_entities=frozenset({"01a1f900-0000-7000-8000-000000000002"}))
    with pytest.raises(NotFound):
        action(purse, spending, stranger)


WRONG = {
    "a step that nobody declares": ("steps", ("purse.spending.melt",), "names the step 'purse.spending.melt'"),
    "a kind that nobody declares": ("on", "purse.coin", "acts on 'purse.coin'"),
    "an operation that cannot show it": ("shown_by", "purse.spend", "is shown by 'purse.spend'"),
    "a gate in another stage": ("stage", "derived", "gates stand in check"),
}


HOOKS = ("register_storage", "register_documents", "register_definitions", "register_rules", "register_operations")
KINDS = {"steps": give.Operation, "on": give.Operation, "shown_by": give.DocumentKind, "stage": give.Rule}


@pytest.mark.parametrize("what", WRONG)
def test_start_up_refuses(purse, what):
    place, value, words = WRONG[what]
    changed = SimpleNamespace(**{name: changing(getattr(purse.module, name), place, value) for name in HOOKS})
    with pytest.raises(StartupError, match=words):
        registry.build({"purse": changed})


def changing(function, place, value):
    """A hook that gives what another does, one field changed where it fits."""

    def change(found):
        wanted = getattr(found, "gate" if place == "stage" else place, None)
        return attrs.evolve(found, **{place: value}) if type(found) is KINDS[place] and wanted else found

    return hookimpl(lambda: [change(found) for found in function()])
