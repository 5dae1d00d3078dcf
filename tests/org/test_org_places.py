"""Legal entities, stores and warehouses: created, found, changed, and what is refused."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from kassa.kernel.errors import Conflict, InvalidInput, NotFound, PreconditionFailed, Refused
from kassa.kernel.permissions import Actor
from kassa.org.facts import (
    acting_store,
    business_date,
    check_setting_target,
    legal_entity,
    legal_entity_by_code,
    profile_of,
    store,
    warehouse_by_code,
)


def codes(error):
    return [(issue.code, issue.pointer) for issue in error.value.issues]


def test_a_legal_entity_is_created_and_read_by_code_and_id(do):
    made = do("org.create_legal_entity", code="BE01", name="Warenhuis N.V.", currency="EUR", time_zone="Europe/Brussels")
    assert made["version"] == 1
    assert do("org.read_legal_entity", legal_entity="BE01") == made
    assert do("org.read_legal_entity", legal_entity=made["id"]) == made
    with pytest.raises(NotFound):
        do("org.read_legal_entity", legal_entity="be01")


def test_a_code_that_is_taken_is_refused_with_its_field(do):
    with pytest.raises(Conflict) as error:
        do("org.create_legal_entity", code="NL01", name="Another", currency="EUR", time_zone="UTC")
    assert codes(error) == [("KEY_TAKEN", "/code")]
    with pytest.raises(Conflict) as error:
        do("org.create_store", number="S001", name="Another")
    assert codes(error) == [("KEY_TAKEN", "/number")]
    with pytest.raises(Conflict) as error:
        do("org.create_warehouse", code="S001", name="The store's own")
    assert codes(error) == [("KEY_TAKEN", "/code")]


def test_a_time_zone_that_does_not_exist_is_refused_everywhere(do):
    for operation, command in (
        ("org.create_legal_entity", {"code": "X", "name": "X", "currency": "EUR", "time_zone": "Europe/Atlantis"}),
        ("org.change_legal_entity", {"legal_entity": "NL01", "time_zone": "../etc/passwd"}),
        ("org.create_store", {"number": "S9", "name": "X", "time_zone": "Mars"}),
        ("org.change_store", {"store": "S001", "time_zone": "Mars"}),
    ):
        with pytest.raises(Refused) as error:
            do(operation, **command)
        assert codes(error) == [("ORG_TIME_ZONE_UNKNOWN", "/time_zone")]


def test_a_store_takes_from_its_entity_what_it_is_not_given_and_gets_a_warehouse(do):
    store = do("org.read_store", store="S001")
    assert (store["currency"], store["time_zone"], store["status"], store["price_includes_tax"]) == (
        "EUR",
        "Europe/Amsterdam",
        "open",
        True,
    )
    warehouse = do("org.read_warehouse", warehouse=store["warehouse_id"])
    assert (warehouse["code"], warehouse["kind"], warehouse["store_id"]) == ("S001", "store", store["id"])


def test_a_store_can_sell_from_a_warehouse_that_is_there_but_not_from_quarantine(do):
    shared = do("org.create_warehouse", code="W01", name="Central")
    do("org.create_warehouse", code="Q01", name="Waiting", kind="quarantine")
    assert do("org.create_store", number="WEB", name="Web shop", warehouse="W01")["warehouse_id"] == shared["id"]
    for operation, command in (("org.create_store", {"number": "S2", "name": "X"}), ("org.change_store", {"store": "WEB"})):
        with pytest.raises(Refused) as error:
            do(operation, **command, warehouse="Q01")
        assert codes(error) == [("ORG_WAREHOUSE_UNFIT", "/warehouse")]


def test_a_change_touches_what_is_sent_and_null_takes_away(do):
    point = {"latitude": "52.37531", "longitude": "4.895885"}
    street = {"lines": ["Damrak 1", "2e etage"], "postal_code": "1012 LG", "city": "Amsterdam", "region": None, "country": "NL"}
    address = {**street, "coordinates": point}
    city = do("org.create_profile", code="CITY", name="Cities")["id"]
    before = do("org.read_store", store="S001")
    changed = do("org.change_store", store="S001", address=address, profile="CITY", status="closed", if_match=1)
    assert changed == {**before, "address": address, "profile_id": city, "status": "closed", "version": 2}
    assert do("org.read_store", store="S001") == changed
    assert do("org.change_store", store="S001", address=None, profile=None, if_match=2) == {
        **changed,
        "address": None,
        "profile_id": None,
        "version": 3,
    }
    assert do("org.change_store", store="S001")["version"] == 3, "nothing sent is nothing changed"


@pytest.mark.parametrize(
    "operation,command",
    [
        ("org.change_legal_entity", {"legal_entity": "NL01", "name": "New"}),
        ("org.change_store", {"store": "S001", "name": "New"}),
        ("org.change_warehouse", {"warehouse": "S001", "name": "New"}),
    ],
)
def test_a_change_made_for_another_version_is_refused(do, operation, command):
    assert do(operation, **command, if_match=1)["version"] == 2
    with pytest.raises(PreconditionFailed):
        do(operation, **command, if_match=1)
    assert do(operation, **command)["version"] == 3, "without If-Match the host has asked for none"


def test_lists_go_on_where_the_page_before_ended(do):
    for number in range(2, 8):
        do("org.create_store", number=f"S00{number}", name=f"Store {number}")
    do("org.change_store", store="S003", status="closed")
    seen, after = [], None
    while True:
        page = do("org.list_stores", limit=3, after=after)
        seen += [store["number"] for store in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == [f"S00{number}" for number in range(1, 8)]
    assert [store["number"] for store in do("org.list_stores", status="closed")["items"]] == ["S003"]
    assert [place["code"] for place in do("org.list_warehouses", kind="store", limit=2)["items"]] == ["S001", "S002"]


@pytest.mark.parametrize("after", ["nonsense", "WzFd", "WyJ4Il0", "bm90IGpzb24"])
def test_a_cursor_that_is_not_ours_is_refused(do, after):
    with pytest.raises(InvalidInput) as error:
        do("org.list_stores", after=after)
    assert codes(error) == [("INPUT_CURSOR", "/after")]


def test_with_several_legal_entities_the_request_must_say_which(do):
    other = do("org.create_legal_entity", code="BE01", name="Warenhuis N.V.", currency="EUR", time_zone="Europe/Brussels")
    with pytest.raises(Refused) as error:
        do("org.list_stores")
    assert codes(error) == [("ORG_LEGAL_ENTITY_NEEDED", "/legal_entity")]
    assert error.value.issues[0].expected == {"legal_entity": "BE01, NL01"}
    in_belgium = do.by(do.actor, other["id"])
    assert in_belgium("org.list_stores")["items"] == []
    with pytest.raises(NotFound):
        in_belgium("org.read_store", store="S001")
    assert in_belgium("org.create_store", number="S001", name="Antwerpen")["legal_entity_id"] == other["id"]


def test_what_is_outside_the_scope_is_not_there(do):
    other = do("org.create_legal_entity", code="BE01", name="Warenhuis N.V.", currency="EUR", time_zone="Europe/Brussels")
    limited = Actor(id="ann", name="Ann", permissions=frozenset(("org.read", "org.change")), legal_entities=frozenset((other["id"],)))
    as_ann = do.by(limited)
    assert [entity["code"] for entity in as_ann("org.list_legal_entities")["items"]] == ["BE01"]
    with pytest.raises(NotFound):
        as_ann("org.read_legal_entity", legal_entity="NL01")
    with pytest.raises(NotFound):
        as_ann("org.change_legal_entity", legal_entity="NL01", name="Mine")
    with pytest.raises(Refused) as error:
        as_ann("org.create_legal_entity", code="XX01", name="X", currency="EUR", time_zone="UTC")
    assert codes(error) == [("ORG_BEYOND_OWN_RIGHTS", "")]


def test_a_worker_of_other_stores_may_read_a_store_but_not_change_it(do):
    other = do("org.create_store", number="S002", name="Utrecht")
    ann = Actor(id="ann", name="Ann", permissions=frozenset(("org.read", "org.change")), stores=frozenset((other["id"],)))
    assert do.by(ann)("org.read_store", store="S001")["number"] == "S001"
    with pytest.raises(NotFound):
        do.by(ann)("org.change_store", store="S001", name="Mine")
    assert do.by(ann)("org.change_store", store="S002", name="Mine")["name"] == "Mine"


def test_reason_codes_are_unique_within_their_purpose(do):
    made = do("org.create_reason_code", code="DAMAGED", purpose="price_override", name="Damaged in the shop")
    do("org.create_reason_code", code="DAMAGED", purpose="stock_adjustment", name="Broken")
    with pytest.raises(Conflict) as error:
        do("org.create_reason_code", code="DAMAGED", purpose="price_override", name="Again")
    assert codes(error) == [("KEY_TAKEN", "/code")]
    assert do("org.change_reason_code", reason_code=made["id"], active=False, if_match=1)["active"] is False
    listed = do("org.list_reason_codes", purpose="price_override", active=False)["items"]
    assert [code["id"] for code in listed] == [made["id"]]
    with pytest.raises(NotFound):
        do("org.read_reason_code", reason_code=do("org.read_store", store="S001")["id"])


def test_a_preview_creates_nothing(do):
    shown = do("org.create_store", number="S002", name="Utrecht", preview=True)
    assert shown["preview"] is True
    assert shown["result"]["number"] == "S002"
    with pytest.raises(NotFound):
        do("org.read_store", store="S002")


def test_every_view_is_what_the_table_holds(do):
    """Columns and views are written down separately; a row read back equals what was answered."""
    warehouse = do("org.create_warehouse", code="W01", name="Central", store="S001")
    assert do("org.list_warehouses", kind="non_store")["items"] == [warehouse]
    assert do("org.change_warehouse", warehouse="W01", store=None)["store_id"] is None


def test_of_many_who_take_a_number_at_once_one_gets_it(do):
    def create(place):
        try:
            return do("org.create_store", number="RACE", name=f"Store {place}")["name"]
        except Conflict as conflict:
            return conflict.code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(create, range(16)))
    made = [answer for answer in answers if answer != "KEY_TAKEN"]
    assert len(made) == 1
    assert do("org.read_store", store="RACE")["name"] == made[0]


def test_of_many_who_change_one_version_one_succeeds(do):
    def rename(place):
        try:
            return do("org.change_store", store="S001", name=f"Name {place}", if_match=1)["name"]
        except PreconditionFailed:
            return None

    with ThreadPoolExecutor(8) as pool:
        changed = [name for name in pool.map(rename, range(16)) if name is not None]
    assert len(changed) == 1
    assert do("org.read_store", store="S001") | {"name": changed[0], "version": 2} == do("org.read_store", store="S001")


def test_settings_are_given_to_places_that_exist(do, ask):
    city = do("org.create_profile", code="CITY", name="Cities")["id"]
    store = do("org.change_store", store="S001", profile="CITY")
    other = do("org.create_legal_entity", code="BE01", name="N.V.", currency="EUR", time_zone="Europe/Brussels")
    do.entity = store["legal_entity_id"]
    assert ask(lambda context: profile_of(context, store["id"])) == city
    assert ask(lambda context: profile_of(context, other["id"])) is None
    for level, target in (("legal_entity", other["id"]), ("profile", city), ("store", store["id"])):
        ask(lambda context, level=level, target=target: check_setting_target(context, level, target))
    for level, target in (
        ("legal_entity", "NL01"),
        ("legal_entity", store["id"]),
        ("profile", "CITY"),
        ("store", other["id"]),
        ("store", "S001"),
    ):
        with pytest.raises(NotFound):
            ask(lambda context, level=level, target=target: check_setting_target(context, level, target))


def test_a_date_is_that_of_the_store(do, ask, clock):
    do("org.create_store", number="TOKYO", name="Tokyo", time_zone="Asia/Tokyo")
    instant = clock.set("2026-03-02T23:30:00Z") or clock.now()
    dates = ask(lambda context: [business_date(context, store(context, number), instant) for number in ("S001", "TOKYO")])
    assert dates == ["2026-03-03", "2026-03-03"]
    instant = clock.set("2026-03-02T15:30:00Z") or clock.now()
    dates = ask(lambda context: [business_date(context, store(context, number), instant) for number in ("S001", "TOKYO")])
    assert dates == ["2026-03-02", "2026-03-03"]


def test_the_acting_store_is_the_one_given_else_where_the_actor_stands(do, ask):
    here = do("org.read_store", store="S001")
    there = do("org.create_store", number="S002", name="Utrecht")
    with pytest.raises(Refused) as error:
        ask(lambda context: acting_store(context, None))
    assert codes(error) == [("ORG_STORE_NEEDED", "/store")]
    assert ask(lambda context: acting_store(context, "S002")).id == there["id"]
    do.actor = Actor(id="t", name="Till", stores=frozenset((here["id"],)), store_id=here["id"])
    assert ask(lambda context: acting_store(context, None)).number == "S001"
    assert ask(lambda context: store(context, "S002")).number == "S002", "seen, but not acted in"
    with pytest.raises(NotFound):
        ask(lambda context: acting_store(context, "S002"))


def test_facts_name_entities_and_warehouses(do, ask):
    entity = ask(lambda context: legal_entity_by_code(context, "NL01"))
    assert (entity.currency, entity.exponent) == ("EUR", 2)
    assert ask(lambda context: legal_entity(context, entity.id)) is ask(legal_entity) is entity, "one value until something changes"
    assert ask(lambda context: warehouse_by_code(context, "S001")).kind == "store"
    for missing in (lambda c: legal_entity_by_code(c, entity.id), lambda c: warehouse_by_code(c, "W9"), lambda c: legal_entity(c, "XX")):
        with pytest.raises(NotFound):
            ask(missing)
    do("org.change_legal_entity", legal_entity="NL01", name="New name")
    assert ask(legal_entity).name == "New name"
