"""From where goods are sent or picked up; where goods that come back go; profiles; days on which stores are open."""

import pytest

from kassa.kernel.errors import Conflict, NotFound, PreconditionFailed, Refused
from kassa.kernel.invariants import verify
from kassa.kernel.permissions import Actor
from kassa.org import facts


def codes(error):
    return [(issue.code, issue.pointer) for issue in error.value.issues]


def address(latitude, longitude):
    return {"lines": ["Street 1"], "country": "NL", "coordinates": {"latitude": latitude, "longitude": longitude}}


@pytest.fixture
def group(do):
    """S001 uses a group of S001, S002 (both ways), S003 (ships) and the warehouse W01."""
    do("org.change_store", store="S001", address=address("52.37308", "4.892453"))
    do("org.create_store", number="S002", name="Utrecht", address=address("52.090737", "5.12142"))
    do("org.create_store", number="S003", name="Nowhere")
    do("org.create_warehouse", code="W01", name="Central", address=address("52.3", "4.9"))
    members = [{"store": "S002", "picks_up": True}, {"store": "S003"}, {"warehouse": "W01"}]
    return do("org.create_fulfilment_group", code="RANDSTAD", name="Randstad", members=members, stores=["S001"])


def test_locations_are_the_store_itself_then_the_nearest(do, group):
    found = do("org.list_fulfilment_locations", store="S001")["items"]
    assert [(place["code"], place["ships"], place["picks_up"]) for place in found] == [
        ("S001", True, True),
        ("W01", True, False),
        ("S002", True, True),
        ("S003", True, False),
    ]
    assert [place["distance"] for place in found] == [0, 8_142, 35_054, None]
    assert [place["code"] for place in do("org.list_fulfilment_locations", store="S001", way="pick_up")["items"]] == ["S001", "S002"]
    first = do("org.list_fulfilment_locations", store="S001", limit=2)
    rest = do("org.list_fulfilment_locations", store="S001", limit=2, after=first["next"])
    assert first["items"] + rest["items"] == found
    assert rest["next"] is None
    assert [place["code"] for place in do("org.list_fulfilment_locations", store="S002")["items"]] == ["S002"], "it uses no group"


@pytest.mark.rule("CO-09")
def test_in_a_warehouse_of_no_store_nothing_is_picked_up(do, group):
    for operation, command in (
        ("org.create_fulfilment_group", {"code": "X", "name": "X"}),
        ("org.change_fulfilment_group", {"fulfilment_group": "RANDSTAD"}),
    ):
        with pytest.raises(Refused) as error:
            do(operation, **command, members=[{"store": "S002"}, {"warehouse": "W01", "picks_up": True}])
        assert codes(error) == [("ORG_PICK_UP_NEEDS_STORE", "/members/1/picks_up")]
    assert "W01" not in [place["code"] for place in do("org.list_fulfilment_locations", store="S001", way="pick_up")["items"]]
    assert "W01" in [place["code"] for place in do("org.list_fulfilment_locations", store="S001", way="ship")["items"]]


def test_members_that_do_not_fit_are_all_named(do, group):
    do("org.create_warehouse", code="Q01", name="Waiting", kind="quarantine")
    members = [{"store": "S002"}, {"warehouse": "Q01"}, {}, {"store": "S002"}, {"warehouse": "S001"}]
    with pytest.raises(Refused) as error:
        do("org.change_fulfilment_group", fulfilment_group="RANDSTAD", members=members)
    assert codes(error) == [
        ("ORG_WAREHOUSE_UNFIT", "/members/1/warehouse"),
        ("ORG_MEMBER_UNFIT", "/members/2"),
        ("ORG_MEMBER_UNFIT", "/members/3"),
        ("ORG_WAREHOUSE_UNFIT", "/members/4/warehouse"),
    ]


def test_a_list_that_is_sent_takes_the_place_of_the_whole(do, group):
    assert do("org.read_fulfilment_group", fulfilment_group="RANDSTAD") == group
    before = do("org.read_store", store="S002")["id"]
    changed = do("org.change_fulfilment_group", fulfilment_group="RANDSTAD", members=[{"store": "S001", "ships": False}], if_match=1)
    assert [(member["ships"], member["picks_up"]) for member in changed["members"]] == [(False, False)]
    assert changed["store_ids"] == group["store_ids"]
    shown = do("org.list_fulfilment_locations", store="S001")["items"]
    assert [(place["code"], place["ships"], place["picks_up"]) for place in shown] == [("S001", False, False)], "as the group says of it"
    again = do("org.change_fulfilment_group", fulfilment_group="RANDSTAD", members=[{"store": "S002"}], stores=["S002"])
    assert again["store_ids"] == [before]
    assert do("org.list_fulfilment_groups")["items"] == [again]
    with pytest.raises(PreconditionFailed):
        do("org.change_fulfilment_group", fulfilment_group="RANDSTAD", name="X", if_match=1)
    with pytest.raises(Conflict):
        do("org.create_fulfilment_group", code="RANDSTAD", name="X")
    assert verify(do.engine) == []


@pytest.fixture
def returned(do, ask):
    """Gives where goods go that come back to a store for a reason, under a policy."""

    def look(store, reason=None, policy=None):
        found = ask(lambda context: facts.return_place(context, facts.store(context, store), reason and reason["id"], policy))
        warehouse = do("org.read_warehouse", warehouse=found.warehouse_id)
        places = {place["id"]: place["code"] for place in do("org.list_places", warehouse=found.warehouse_id)["items"]}
        return warehouse["code"], places.get(found.place_id), found.blocked

    return look


@pytest.mark.rule("CO-59")
def test_where_goods_go_that_come_back(do, returned):
    do("org.create_store", number="S002", name="Utrecht")
    do("org.create_warehouse", code="W01", name="Central")
    broken, unwanted, other = (
        do("org.create_reason_code", code=code, purpose="stock_adjustment", name=code) for code in ("BROKEN", "UNWANTED", "OTHER")
    )
    do("org.create_place", warehouse="S001", code="RETURNS", name="Came back")
    do("org.create_place", warehouse="W01", code="CAGE", name="Cage", blocked=True)
    assert returned("S001") == ("S001", None, False), "nothing is said"
    do("org.change_warehouse", warehouse="S001", return_place="RETURNS")
    rules = [
        {"reason": broken["id"], "warehouse": "W01", "place": "CAGE"},
        {"reason": broken["id"], "store": "S002", "warehouse": "S002", "blocked": True},
        {"reason": unwanted["id"], "store": "S001", "warehouse": "S001"},
    ]
    do("org.create_return_policy", code="GLASS", name="Glass", blocked=True, rules=rules)
    assert returned("S001", broken, "GLASS") == ("W01", "CAGE", True), "by reason; the place is blocked"
    assert returned("S002", broken, "GLASS") == ("S002", None, True), "by store and reason"
    assert returned("S001", unwanted, "GLASS") == ("S001", None, False), "what the rule says, whatever the policy says in general"
    assert returned("S001", other, "GLASS") == ("S001", "RETURNS", True), "the default place, blocked as the policy says"
    assert returned("S002", unwanted, "GLASS") == ("S002", None, True)
    assert returned("S001", broken) == ("S001", "RETURNS", False), "without a policy the default place alone counts"
    do("org.change_place", warehouse="S001", place="RETURNS", blocked=True)
    assert returned("S001") == ("S001", "RETURNS", True)
    do("org.change_return_policy", return_policy="GLASS", rules=[], blocked=False)
    assert returned("S002", broken, "GLASS") == ("S002", None, False)
    assert verify(do.engine) == []


def test_policies_are_read_changed_and_listed(do):
    reason = do("org.create_reason_code", code="BROKEN", purpose="stock_adjustment", name="Broken")
    rule = {"reason": reason["id"], "warehouse": "S001"}
    made = do("org.create_return_policy", code="GLASS", name="Glass", rules=[rule])
    assert do("org.read_return_policy", return_policy="GLASS") == made
    with pytest.raises(Refused) as error:
        do("org.change_return_policy", return_policy="GLASS", rules=[rule, rule, {"reason": made["id"], "warehouse": "S001"}])
    assert codes(error) == [("ORG_MEMBER_UNFIT", "/rules/1"), ("ORG_REASON_UNKNOWN", "/rules/2/reason")]
    do("org.change_return_policy", return_policy="GLASS", rules=[], if_match=1)
    again = do("org.change_return_policy", return_policy="GLASS", rules=[{**rule, "blocked": True}], if_match=2)
    assert again["rules"][0]["blocked"] is True
    assert do("org.list_return_policies")["items"] == [again]


def test_goods_of_a_warehouse_wait_in_a_quarantine(do):
    waiting = do("org.create_warehouse", code="Q01", name="Waiting", kind="quarantine")
    changed = do("org.change_warehouse", warehouse="S001", quarantine_warehouse="Q01")
    assert changed["quarantine_warehouse_id"] == waiting["id"]
    assert do("org.read_warehouse", warehouse="S001") == changed
    for warehouse, quarantine in (("Q01", "Q01"), ("S001", "S001")):
        with pytest.raises(Refused) as error:
            do("org.change_warehouse", warehouse=warehouse, quarantine_warehouse=quarantine)
        assert codes(error) == [("ORG_WAREHOUSE_UNFIT", "/quarantine_warehouse")]
    with pytest.raises(NotFound):
        do("org.change_warehouse", warehouse="S001", return_place="NOWHERE")


def test_profiles_are_records_that_stores_share(do):
    made = do("org.create_profile", code="CITY", name="Cities")
    do("org.create_store", number="S002", name="Utrecht", profile="CITY")
    do("org.change_store", store="S001", profile=made["id"])
    assert do("org.read_profile", profile="CITY") == {**made, "stores": 2}
    assert do("org.change_profile", profile="CITY", name="In cities", if_match=1)["version"] == 2
    assert [(profile["code"], profile["name"]) for profile in do("org.list_profiles")["items"]] == [("CITY", "In cities")]
    with pytest.raises(Conflict):
        do("org.create_profile", code="CITY", name="X")
    with pytest.raises(NotFound):
        do("org.create_store", number="S3", name="X", profile="VILLAGE")


def test_values_of_profiles_of_others_are_not_shown(do):
    mine = do("org.create_profile", code="CITY", name="Cities")
    other = do("org.create_legal_entity", code="DE01", name="B", currency="EUR", time_zone="Europe/Berlin", country="DE")
    theirs = do.by(do.actor, other["id"])("org.create_profile", code="CITY", name="Städte")
    for profile in (mine, theirs):
        do("settings.change", name="catalog.search_scope", level="profile", target_id=profile["id"], value="released")
    home = mine["legal_entity_id"]
    reader = Actor(id="reader", name="Rie", permissions=frozenset({"settings.read"}), legal_entities=frozenset({home}))
    for who, seen in ((do.by(reader, home), {mine["id"]}), (do.by(do.actor, home), {mine["id"], theirs["id"]})):
        shown = who("settings.read", name="catalog.search_scope")
        assert {value["target_id"] for value in shown["values"]} == {change["target_id"] for change in shown["history"]} == seen


def test_days_on_which_a_store_is_open(do, ask):
    opened = do("org.change_store", store="S001", opens_on="2026-03-01", closes_on="2026-03-31")
    store = ask(lambda context: facts.store(context, "S001"))
    assert [store.open_on(day) for day in ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01")] == [False, True, True, False]
    assert ask(lambda context: facts.acting_store(context, "S001")).id == opened["id"]
    do("org.change_store", store="S001", closes_on="2026-03-01")
    with pytest.raises(Refused) as error:
        ask(lambda context: facts.acting_store(context, "S001"))
    assert codes(error) == [("ORG_STORE_CLOSED", "/store")]
    with pytest.raises(Refused) as error:
        do("org.change_store", store="S001", opens_on="2026-03-02")
    assert codes(error) == [("ORG_DATES_CROSS", "/closes_on")]


def test_today_is_that_of_the_store_and_of_the_legal_entity(do, ask, clock):
    do("org.create_store", number="NY", name="New York", time_zone="America/New_York")
    clock.set("2026-03-02T23:30:00Z")
    assert ask(lambda context: facts.today(context, facts.store(context, "S001"))) == "2026-03-03"
    assert ask(lambda context: facts.today(context, facts.store(context, "NY"))) == "2026-03-02"
    assert ask(lambda context: facts.today(context, facts.legal_entity(context))) == "2026-03-03"


def test_a_reason_is_given_for_its_purpose_while_it_is_active(do, ask):
    with pytest.raises(Refused) as error:
        do("org.create_reason_code", code="X", purpose="boredom", name="X")
    assert codes(error) == [("ORG_PURPOSE_UNKNOWN", "/purpose")]
    assert "price_override" in [purpose["name"] for purpose in do("org.list_reason_purposes")["items"]]
    made = do("org.create_reason_code", code="DAMAGED", purpose="price_override", name="Damaged")
    for reference in ("DAMAGED", made["id"]):
        assert ask(lambda context, named=reference: facts.reason_code(context, "price_override", named)).id == made["id"]
    do("org.change_reason_code", reason_code=made["id"], active=False)
    for purpose in ("price_override", "stock_adjustment"):
        with pytest.raises(Refused) as error:
            ask(lambda context, asked=purpose: facts.reason_code(context, asked, "DAMAGED"))
        assert codes(error) == [("ORG_REASON_UNKNOWN", "/reason")]
