"""Limits: given to roles in money or as a rate, the narrowest place counts, an equal amount is allowed, nobody gives beyond their own."""

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kassa.kernel.errors import InvalidInput, NotFound, NotPermitted, PreconditionFailed, Refused
from kassa.kernel.limits import limit_of_role, most
from kassa.kernel.permissions import SYSTEM

ENTITY, OTHER_ENTITY = "01a1f900-0000-7000-8000-000000000001", "01a1f900-0000-7000-8000-000000000002"
STORE, OTHER_STORE = "01a1f900-0000-7000-8000-0000000000aa", "01a1f900-0000-7000-8000-0000000000ab"
PLACES = (("store", STORE), ("legal_entity", ENTITY), ("installation", ""))


def spends(purse, amount, actor=None):
    """Whether somebody spends an amount without being asked for an approval."""
    return purse.spend(amount, actor, preview=True, key=None).body["issues"] == []


def read(purse, permission="purse.spend", actor=SYSTEM):
    return purse.engine.perform("limits.read", {"permission": permission}, actor=actor).body


def test_the_narrowest_place_counts(purse):
    purse.limit("purse.spend", "clerk", "70.00", "EUR", level="legal_entity", target_id=ENTITY)
    assert (spends(purse, "70.00"), spends(purse, "70.01")) == (True, False)
    purse.limit("purse.spend", "clerk", "20.00", "EUR", level="store", target_id=STORE)
    assert (spends(purse, "20.00"), spends(purse, "20.01")) == (True, False)
    elsewhere = attrs.evolve(purse.clerk, store_id=OTHER_STORE, stores=None)
    assert (spends(purse, "70.00", elsewhere), spends(purse, "70.01", elsewhere)) == (True, False)
    purse.limit("purse.spend", "clerk", None, "EUR", level="store", target_id=STORE)
    assert spends(purse, "900000.00")
    purse.limit("purse.spend", "clerk", None, "EUR", level="store", target_id=STORE, given=False)
    assert (spends(purse, "70.00"), spends(purse, "70.01")) == (True, False)


def test_without_a_limit_the_permission_says_how_far(purse):
    purse.limit("purse.spend", "clerk", None, "EUR", given=False)
    assert spends(purse, "900000.00")
    purse.limit("purse.discount", "boss", None, given=False)
    (issue,) = purse.refused("1.00", purse.boss, rate="0.000001").issues
    assert (issue.amount, issue.limit, issue.currency) == ("0.000001", "0", None)


def test_another_currency_has_limits_of_its_own(purse):
    purse.limit("purse.spend", "clerk", "1.00", "USD")
    assert (spends(purse, "50.00"), spends(purse, "50.01")) == (True, False)


def test_of_several_roles_the_most_generous_counts(purse):
    both = purse.person("both", "clerk", "boss")
    assert (spends(purse, "500.00", both), spends(purse, "500.01", both)) == (True, False)
    with_all = attrs.evolve(purse.clerk, all_permissions=True)
    assert spends(purse, "900000.00", with_all)


def test_who_does_not_hold_the_permission_may_do_nothing_of_it(purse):
    nobody = attrs.evolve(purse.clerk, permissions=frozenset({"purse.use"}), roles=frozenset())
    assert (spends(purse, "0.00", nobody), spends(purse, "0.01", nobody)) == (True, False)


def test_a_changed_limit_counts_for_other_engines_at_once(purse, make_engine):
    assert not spends(purse, "60.00")
    other = make_engine(modules={"purse": purse.module}, url=purse.engine.database.url)
    command = {"permission": "purse.spend", "role": "clerk", "amount": "60.00", "currency": "EUR", "level": "installation"}
    other.perform("limits.change", command, actor=SYSTEM)
    assert spends(purse, "60.00")


def test_limits_are_listed_and_keep_their_history(purse):
    purse.limit("purse.spend", "clerk", "55.50", "EUR")
    purse.limit("purse.spend", "clerk", None, "EUR")
    purse.limit("purse.spend", "clerk", None, "EUR", given=False)
    shown = read(purse)
    assert (shown["measured"], shown["unlimited"], shown["roles"]) == ("money", True, ["boss", "clerk", "owner"])
    assert [(found["role"], found["amount"], found["currency"]) for found in shown["limits"]] == [("boss", "500.00", "EUR")]
    assert [(change["role"], change["actor"], change["old"], change["new"]) for change in shown["history"]] == [
        ("clerk", "system", "unlimited", None), ("clerk", "system", "55.50", "unlimited"), ("clerk", "system", "50.00", "55.50"),
        ("boss", "system", None, "500.00"), ("clerk", "system", None, "50.00"),
    ]  # fmt: skip
    assert read(purse, "purse.discount")["limits"][0]["amount"] == "0.2"
    page = purse.engine.perform("limits.list", {"limit": 1}, actor=SYSTEM).body
    assert [found["permission"] for found in page["items"]] == ["purse.discount"]
    rest = purse.engine.perform("limits.list", {"limit": 5, "after": page["next"]}, actor=SYSTEM).body["items"]
    assert [(found["permission"], found["role"]) for found in rest] == [("purse.spend", "boss")]
    assert purse.engine.perform("limits.list", {"role": "clerk"}, actor=SYSTEM).body["items"] == []
    changes = purse.rows("SELECT count(*) FROM kernel_audit WHERE operation = 'limits.change'")
    assert changes == [(6,)]


def test_limits_of_other_places_are_not_seen(purse):
    purse.limit("purse.spend", "clerk", "1.00", "EUR", level="store", target_id=OTHER_STORE)
    purse.limit("purse.spend", "clerk", "2.00", "EUR", level="legal_entity", target_id=OTHER_ENTITY)
    reader = attrs.evolve(purse.clerk, permissions=frozenset({"limits.read"}))
    assert [found["level"] for found in read(purse, actor=reader)["limits"]] == ["installation"] * 2
    listed = purse.engine.perform("limits.list", {}, actor=reader).body["items"]
    assert {found["level"] for found in listed} == {"installation"}


def test_a_change_is_decided_on_what_was_seen(purse):
    version = read(purse)["version"]
    command = {"permission": "purse.spend", "role": "clerk", "amount": "60.00", "currency": "EUR", "level": "installation"}
    assert purse.engine.perform("limits.change", command, actor=SYSTEM, if_match=version).version == version + 1
    with pytest.raises(PreconditionFailed):
        purse.engine.perform("limits.change", command, actor=SYSTEM, if_match=version)


def test_nobody_gives_a_limit_beyond_the_own(purse):
    owner = purse.person("owner", "owner", store_id=None, stores=None)
    purse.limit("purse.spend", "owner", "200.00", "EUR")
    place = {"level": "legal_entity", "target_id": ENTITY}
    assert purse.limit("purse.spend", "clerk", "200.00", "EUR", actor=owner, **place)["amount"] == "200.00"
    for beyond in ({"amount": "200.01"}, {"amount": None}, {"amount": None, "given": False}):
        command = {"permission": "purse.spend", "role": "clerk", "currency": "EUR", **place, **beyond}
        with pytest.raises(Refused) as caught:
            purse.engine.perform("limits.change", command, actor=owner)
        assert caught.value.code == "LIMIT_BEYOND_OWN"
    with pytest.raises(NotPermitted, match=r"limits\.change_installation"):
        purse.limit("purse.spend", "clerk", "1.00", "EUR", actor=owner)
    with pytest.raises(NotFound):
        purse.limit("purse.spend", "clerk", "1.00", "EUR", actor=owner, level="legal_entity", target_id=OTHER_ENTITY)


BAD = [
    ({"permission": "purse.nothing"}, NotFound, "NOT_FOUND"),
    ({"permission": "purse.use"}, Refused, "LIMIT_NOT_MEASURED"),
    ({"role": "nobody"}, Refused, "LIMIT_ROLE"),
    ({"currency": None}, InvalidInput, "INPUT_MISSING"),
    ({"permission": "purse.discount", "role": "boss"}, InvalidInput, "INPUT_CONTRADICTORY"),
    ({"amount": "-1.00"}, InvalidInput, "INPUT_OUT_OF_RANGE"),
    ({"amount": "1.001"}, InvalidInput, "INPUT_TOO_MANY_PLACES"),
    ({"amount": "1" + "0" * 20}, InvalidInput, "INPUT_OUT_OF_RANGE"),
    ({"given": False}, InvalidInput, "INPUT_CONTRADICTORY"),
    ({"level": "store"}, InvalidInput, "INPUT_MISSING"),
    ({"target_id": STORE}, InvalidInput, "INPUT_CONTRADICTORY"),
]


@pytest.mark.parametrize("change, kind, code", BAD)
def test_a_limit_that_makes_no_sense_is_refused(purse, snapshot_of, change, kind, code):
    before = snapshot_of(purse.engine)
    command = {"permission": "purse.spend", "role": "clerk", "currency": "EUR", "level": "installation", "amount": "1.00", **change}
    with pytest.raises(kind) as caught:
        purse.engine.perform("limits.change", command, actor=SYSTEM)
    assert code in {caught.value.code, *(issue.code for issue in caught.value.issues)}
    assert snapshot_of(purse.engine) == before


limits = st.one_of(st.none(), st.integers(0, 10**12))


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(PLACES), limits), limits)
def test_a_role_has_the_limit_of_its_narrowest_place(given_at, standard):
    found = {("clerk", "EUR", level, target): amount for (level, target), amount in given_at.items()}
    expected = next((given_at[place] for place in PLACES if place in given_at), standard)
    assert limit_of_role(found, "clerk", "EUR", PLACES, standard) == expected
    assert limit_of_role(found, "boss", "EUR", PLACES, standard) == standard


@settings(max_examples=200, deadline=None)
@given(st.lists(limits, min_size=1), st.integers(0, 10**12))
def test_an_amount_is_within_the_most_generous_if_within_any(held, amount):
    within = [limit is None or amount <= limit for limit in held]
    largest = most(held)
    assert (largest is None or amount <= largest) is any(within)
