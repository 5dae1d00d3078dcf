"""Approvals: what is beyond one's power is refused, approved by another, done once, and both stand in the audit trail."""

from types import SimpleNamespace

import attrs
import pytest

from kassa.kernel.contributions import ErrorCode, Permission, Role, Rule
from kassa.kernel.errors import Conflict, IdempotencyConflict, Issue, NotFound, NotPermitted, PluginError
from kassa.kernel.invariants import verify
from kassa.kernel.plugins import hookimpl

OTHER_ENTITY = "01a1f900-0000-7000-8000-000000000002"
OTHER_STORE = "01a1f900-0000-7000-8000-0000000000ab"


def codes_of(error):
    return [(issue.code, issue.severity, issue.permission, issue.amount, issue.limit) for issue in error.issues]


def test_what_is_beyond_ones_power_is_refused_with_everything_at_once(purse, snapshot_of):
    before = snapshot_of(purse.engine)
    error = purse.refused("80.00", rate="0.1")
    assert (error.status, error.code) == (409, "PURSE_OVERRIDE_REQUIRED")
    assert codes_of(error) == [
        ("PURSE_LIMIT", "approvable", "purse.spend", "80.00", "50.00"), ("PURSE_DISCOUNT", "approvable", "purse.discount", "0.1", "0"),
    ]  # fmt: skip
    assert error.issues[0].message == "80.00 is more than the 50.00 that you may spend."
    asked = error.as_problem()["approval"]
    assert (asked["operation"], asked["state"], asked["expires_at"]) == ("purse.spend", "waiting", "2026-11-21T09:15:00.000000Z")
    assert asked["issues"][0] == {
        "code": "PURSE_LIMIT", "permission": "purse.spend", "amount": "80.00", "currency": "EUR", "limit": "50.00", "document": None,
    }  # fmt: skip
    after = snapshot_of(purse.engine)
    assert {name for name in after if after[name] != before[name]} == {"kernel_approval", "kernel_outbox"}
    assert purse.rows("SELECT id, requester, operation, state FROM kernel_approval") == [
        (asked["token"], "clerk", "purse.spend", "waiting")
    ]
    assert purse.rows("SELECT actor, approver, outcome, code FROM kernel_audit WHERE operation = 'purse.spend'") == [
        ("clerk", None, "refused", "PURSE_OVERRIDE_REQUIRED"),
    ]  # fmt: skip
    assert purse.rows("SELECT type, subject FROM kernel_outbox WHERE type = 'approvals.requested'") == [
        ("approvals.requested", asked["token"])
    ]


def test_up_to_the_limit_nobody_is_asked(purse):
    assert purse.spend("50.00").body["amount"] == "50.00"
    assert purse.refused("50.01").issues[0].amount == "50.01"


@pytest.mark.rule("SEC-05")
def test_another_approves_it_and_the_requester_does_it_once(purse):
    token = purse.refused("80.00", key="till-1").approval["token"]
    listed = purse.engine.perform("approvals.list", {}, actor=purse.boss).body["items"]
    assert [(found["token"], found["requester_name"], found["issues"][0]["amount"]) for found in listed] == [(token, "Clerk", "80.00")]
    given = purse.approve(token, reason="Regular guest")
    assert (given["state"], given["decided_by_name"], given["reason"], given["expires_at"]) == (
        "approved", "Boss", "Regular guest", "2026-11-21T09:02:00.000000Z",
    )  # fmt: skip
    done = purse.spend("80.00", key="till-1", approval=token)
    assert (done.body["number"], done.replayed, "warnings" in done.body) == ("SPENT-000001", False, False)
    again = purse.spend("80.00", key="till-1", approval=token)
    assert (again.text, again.replayed) == (done.text, True)
    assert purse.spend("80.00", key="till-1").replayed
    seen = purse.engine.perform("approvals.read", {"token": token}, actor=purse.clerk).body
    assert (seen["state"], seen["document_id"], seen["used_at"]) == ("used", done.body["id"], "2026-11-21T09:00:00.000000Z")
    with pytest.raises(Conflict) as caught:
        purse.spend("80.00", key="till-2", approval=token)
    assert caught.value.code == "APPROVAL_USED"
    assert purse.engine.perform("approvals.list", {}, actor=purse.boss).body["items"] == []


@pytest.mark.rule("SEC-22")
def test_both_people_stand_in_the_audit_trail(purse):
    token = purse.approved("80.00")
    purse.spend("80.00", approval=token)
    sql = "SELECT operation, actor, approver, outcome FROM kernel_audit WHERE operation <> 'limits.change' ORDER BY id"
    assert purse.rows(sql) == [
        ("purse.spend", "clerk", None, "refused"), ("approvals.approve", "boss", None, "done"), ("purse.spend", "clerk", "boss", "done"),
    ]  # fmt: skip
    (detail,) = purse.rows("SELECT detail FROM kernel_audit WHERE operation = 'approvals.approve'")
    assert token in detail[0]
    assert verify(purse.engine) == []


REFUSALS = {
    "APPROVAL_UNKNOWN": lambda purse, token: purse.spend("80.00", approval="01a1f900-0000-7000-8000-00000000ffff"),
    "APPROVAL_OTHER_CONTENT": lambda purse, token: purse.spend("81.00", approval=token),
    "APPROVAL_WAITING": lambda purse, token: purse.spend("80.00", approval=token),
}


@pytest.mark.parametrize("code", REFUSALS)
def test_an_approval_that_cannot_be_used_says_why(purse, code, snapshot_of):
    token = purse.refused("80.00").approval["token"]
    before = snapshot_of(purse.engine)
    with pytest.raises(Conflict) as caught:
        REFUSALS[code](purse, token)
    assert (caught.value.code, caught.value.status) == (code, 409)
    assert snapshot_of(purse.engine) == before


def test_somebody_elses_approval_is_none_of_yours(purse):
    token = purse.approved("80.00")
    with pytest.raises(Conflict) as caught:
        purse.spend("80.00", purse.person("other", "clerk"), approval=token)
    assert caught.value.code == "APPROVAL_UNKNOWN"


@pytest.mark.parametrize("place", [{"store_id": OTHER_STORE, "stores": None}, {"register": "T2"}])
def test_an_approval_counts_where_it_was_asked_for(purse, place):
    token = purse.approved("80.00")
    with pytest.raises(Conflict) as caught:
        purse.spend("80.00", attrs.evolve(purse.clerk, **place), approval=token)
    assert caught.value.code == "APPROVAL_OTHER_CONTENT"
    assert purse.spend("80.00", approval=token).body["number"] == "SPENT-000001"


@pytest.mark.parametrize("amount", ["500.01", "9000.00"])
def test_nobody_approves_beyond_the_own_limit(purse, amount):
    token = purse.refused(amount).approval["token"]
    with pytest.raises(NotPermitted) as caught:
        purse.approve(token)
    (issue,) = caught.value.issues
    assert (issue.code, issue.permission, issue.got, issue.expected) == (
        "APPROVAL_BEYOND_POWER",
        "purse.spend",
        amount,
        {"limit": "500.00"},
    )
    assert purse.engine.perform("approvals.read", {"token": token}, actor=purse.clerk).body["state"] == "waiting"


def test_every_permission_is_needed_with_its_limit(purse):
    token = purse.refused("600.00", rate="0.25").approval["token"]
    with pytest.raises(NotPermitted) as caught:
        purse.approve(token)
    assert [issue.permission for issue in caught.value.issues] == ["purse.spend", "purse.discount"]
    token = purse.refused("80.00", rate="0.2").approval["token"]
    only_spending = attrs.evolve(purse.boss, permissions=purse.boss.permissions - {"purse.discount"})
    with pytest.raises(NotPermitted, match=r"purse\.discount, which you do not hold"):
        purse.approve(token, only_spending)
    assert purse.approve(token)["state"] == "approved"


def test_nobody_approves_what_one_asked_for_unless_that_is_granted(purse):
    token = purse.refused("80.00").approval["token"]
    with pytest.raises(NotPermitted, match=r"approvals\.alone"):
        purse.approve(token, attrs.evolve(purse.boss, id="clerk"))
    alone = attrs.evolve(purse.boss, id="clerk", permissions=purse.boss.permissions | {"approvals.alone"})
    assert purse.approve(token, alone)["decided_by"] == "clerk"


OUTSIDE = {"another legal entity": {"legal_entities": frozenset({OTHER_ENTITY})}, "another store": {"stores": frozenset({OTHER_STORE})}}


@pytest.mark.parametrize("place", OUTSIDE)
def test_an_approver_of_another_place_does_not_see_it(purse, place):
    token = purse.refused("80.00").approval["token"]
    stranger = attrs.evolve(purse.boss, **OUTSIDE[place])
    for operation in ("approvals.approve", "approvals.decline", "approvals.read"):
        with pytest.raises(NotFound):
            purse.engine.perform(operation, {"token": token}, actor=stranger)
    assert purse.engine.perform("approvals.list", {}, actor=stranger).body["items"] == []
    colleague = purse.person("other", "clerk")
    with pytest.raises(NotFound):
        purse.engine.perform("approvals.read", {"token": token}, actor=colleague)
    assert purse.engine.perform("approvals.list", {}, actor=colleague).body["items"] == []
    assert len(purse.engine.perform("approvals.list", {}, actor=purse.clerk).body["items"]) == 1


def test_what_is_declined_is_not_done(purse):
    token = purse.refused("80.00").approval["token"]
    body = purse.engine.perform("approvals.decline", {"token": token, "reason": "Too much"}, actor=purse.boss).body
    assert (body["state"], body["decided_by"]) == ("declined", "boss")
    with pytest.raises(Conflict, match="Boss declined this: Too much") as caught:
        purse.spend("80.00", approval=token)
    assert caught.value.code == "APPROVAL_DECLINED"
    with pytest.raises(Conflict) as caught:
        purse.approve(token)
    assert caught.value.code == "APPROVAL_DECIDED"
    assert purse.refused("80.00").approval["token"] != token


def test_an_approval_is_taken_back_until_it_is_used(purse):
    token = purse.approved("80.00")
    assert purse.approve(token)["state"] == "approved"
    assert purse.engine.perform("approvals.decline", {"token": token}, actor=purse.boss).body["state"] == "declined"
    with pytest.raises(Conflict):
        purse.spend("80.00", approval=token)
    mine = purse.refused("90.00").approval["token"]
    assert purse.engine.perform("approvals.decline", {"token": mine}, actor=purse.clerk).body["state"] == "declined"


def test_time_is_up_for_answers_and_for_uses(purse):
    clock = purse.engine.clock
    late = purse.refused("80.00").approval["token"]
    clock.advance(seconds=900)
    with pytest.raises(Conflict) as caught:
        purse.approve(late)
    assert caught.value.code == "APPROVAL_EXPIRED"
    assert purse.engine.perform("approvals.read", {"token": late}, actor=purse.clerk).body["state"] == "expired"
    assert [found["token"] for found in purse.engine.perform("approvals.list", {"state": "expired"}, actor=purse.boss).body["items"]] == [
        late
    ]
    fresh = purse.approved("80.00")
    assert fresh != late
    clock.advance(seconds=119)
    purse.spend("80.00", approval=fresh)
    stale = purse.approved("80.00")
    clock.advance(seconds=120)
    with pytest.raises(Conflict) as caught:
        purse.spend("80.00", approval=stale)
    assert caught.value.code == "APPROVAL_EXPIRED"


def test_asking_twice_is_asking_once(purse):
    first = purse.refused("80.00").approval
    assert purse.refused("80.00").approval == first
    assert purse.refused("90.00").approval["token"] != first["token"]
    purse.approve(first["token"])
    assert purse.refused("80.00").approval["state"] == "approved"
    assert purse.rows("SELECT count(*) FROM kernel_approval") == [(2,)]


def test_more_than_was_approved_is_asked_for_again(purse, open_purse):
    extra = [10]

    def check(spending, facts, context):
        amount = spending.amount * extra[0] // 10
        yield Issue(
            code="METER_OVER", message="Over.", severity="approvable", permission="purse.spend", amount=f"{amount}.00", currency="EUR"
        )

    metered = open_purse(meter=rules_of("meter", check))
    token = metered.approved("1.00")
    extra[0] = 11
    error = metered.refused("1.00", approval=token)
    assert ("covers less" in error.detail, error.approval["token"] != token) == (True, True)
    extra[0] = 9
    assert metered.spend("1.00", approval=token).body["number"] == "SPENT-000001"


def rules_of(name, check, *more):
    """A plugin with one check of spendings and codes of its own."""
    rule = Rule(name=f"{name}.check", kind="purse.spending", transition="spend", stage="check", run=check, summary="It is metered")
    codes = [ErrorCode(code=f"{name.upper()}_OVER", title="Over", meaning="It is over.", action="Ask somebody.")]
    return SimpleNamespace(register_rules=hookimpl(lambda: [rule]), register_definitions=hookimpl(lambda: [*codes, *more]))


def test_one_approval_covers_the_findings_of_two_plugins(open_purse):
    def check(spending, facts, context):
        yield from context.approve_over("meter.pass", None, code="METER_OVER", message="The meter is full.")

    granted = Role(name="meter.boss", role="boss", summary="Opens it", permissions=("meter.pass",))
    both = open_purse(meter=rules_of("meter", check, Permission(name="meter.pass", summary="Pass the meter"), granted))
    error = both.refused("80.00")
    assert [(issue.code, issue.plugin, issue.rule) for issue in error.issues] == [
        ("METER_OVER", "meter", "meter.check"), ("PURSE_LIMIT", "purse", "purse.limits"),
    ]  # fmt: skip
    both.approve(error.approval["token"])
    assert both.spend("80.00", approval=error.approval["token"]).body["number"] == "SPENT-000001"


@pytest.mark.parametrize(
    "bad",
    [
        {"permission": "meter.unknown"},
        {"permission": None},
        {"permission": "purse.spend", "amount": "much", "currency": "EUR"},
        {"permission": "purse.spend", "amount": "1"},
    ],
)
def test_a_rule_whose_finding_cannot_be_approved_is_named(open_purse, bad):
    def check(spending, facts, context):
        yield Issue(code="METER_OVER", message="Over.", severity="approvable", **bad)

    odd = open_purse(meter=rules_of("meter", check))
    with pytest.raises(PluginError, match=r'"meter" failed in "meter\.check"'):
        odd.spend("1.00")


def test_a_preview_shows_what_needs_an_approval_and_asks_for_none(purse, snapshot_of):
    before = snapshot_of(purse.engine, audit=True)
    shown = purse.spend("80.00", preview=True, key=None).body
    assert [(issue["code"], issue["approvable_by"], issue["limit"]) for issue in shown["issues"]] == [
        ("PURSE_LIMIT", "purse.spend", "50.00")
    ]
    assert shown["result"]["amount"] == "80.00"
    assert snapshot_of(purse.engine, audit=True) == before


def test_where_nothing_needs_it_an_approval_stays_unused(purse):
    token = purse.approved("80.00")
    purse.limit("purse.spend", "clerk", "100.00", "EUR")
    assert purse.spend("80.00", approval=token).body["number"] == "SPENT-000001"
    assert purse.engine.perform("approvals.read", {"token": token}, actor=purse.clerk).body["state"] == "approved"


def test_the_key_belongs_to_what_was_done_with_the_approval(purse):
    purse.spend("80.00", key="one", approval=purse.approved("80.00"))
    with pytest.raises(IdempotencyConflict):
        purse.spend("90.00", key="one", approval=purse.approved("90.00"))
    assert purse.rows("SELECT state, count(*) FROM kernel_approval GROUP BY state ORDER BY state") == [("approved", 1), ("used", 1)]
