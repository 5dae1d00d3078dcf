"""Workers, roles and API keys: what a key is worth, when it ends, and that nobody gives what they do not hold."""

import itertools

import pytest

from kassa.kernel.contributions import Operation
from kassa.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted, Refused
from kassa.kernel.permissions import Actor
from kassa.org.access import authenticate, find_legal_entity, powers_of, token_hash

SECOND = 1_000_000


def codes(error):
    return [(issue.code, issue.pointer) for issue in error.value.issues]


@pytest.fixture
def till_key(do):
    """A key of a till in S001 that holds the role of a cashier."""
    return do("org.create_api_key", name="Till 1", roles=["cashier"], store="S001", register="T1")


def test_a_key_is_shown_once_and_kept_as_a_hash(do, till_key):
    token = till_key["token"]
    assert len(token) == 49
    assert token.startswith("kassa_")
    assert "token" not in do("org.read_api_key", api_key=till_key["id"])
    with do.engine.database.snapshot() as read:
        row = read.row("SELECT hash, roles FROM org_api_key")
        assert row == (token_hash(token), '["cashier"]')
        everything = str(read.rows("SELECT detail FROM kernel_audit")) + str(read.rows("SELECT * FROM org_api_key"))
    assert token not in everything


def test_the_actor_of_a_key_stands_where_the_key_stands(do, till_key):
    actor = authenticate(do.engine, till_key["token"])
    store = do("org.read_store", store="S001")
    assert (actor.id, actor.name, actor.kind) == (till_key["id"], "Till 1", "app")
    assert (actor.store_id, actor.register) == (store["id"], "T1")
    assert (actor.legal_entities, actor.stores) == (frozenset((store["legal_entity_id"],)), frozenset((store["id"],)))
    assert actor.all_permissions is False
    assert {"org.read", "catalog.read", "parties.change"} <= actor.permissions, "all rooms contribute to a role"
    assert "org.change" not in actor.permissions


@pytest.mark.parametrize("token", ["", "kassa_", "kassa_" + "a" * 43, "Bearer x", "kassa_" + "é" * 43, "kassa_" + "a" * 42 + "\n"])
def test_a_text_that_is_no_key_is_nobody(do, till_key, token):
    assert authenticate(do.engine, token) is None


def test_a_revoked_key_ends_at_once_and_stays_revoked(do, till_key, clock):
    assert authenticate(do.engine, till_key["token"]) is not None
    clock.advance(seconds=5)
    revoked = do("org.revoke_api_key", api_key=till_key["id"])
    assert revoked["revoked_at"] == "2026-03-02T10:00:05.000000Z"
    assert authenticate(do.engine, till_key["token"]) is None
    clock.advance(seconds=5)
    assert do("org.revoke_api_key", api_key=till_key["id"]) == revoked
    assert do("org.list_api_keys")["items"] == []
    assert [key["id"] for key in do("org.list_api_keys", revoked=True)["items"]] == [till_key["id"]]


def test_a_key_expires_to_the_microsecond(do, clock):
    made = do("org.create_api_key", name="Short", roles=["cashier"], expires_at="2026-03-02T10:00:10Z")
    clock.advance(microseconds=10 * SECOND - 1)
    assert authenticate(do.engine, made["token"]) is not None
    clock.advance(microseconds=1)
    assert authenticate(do.engine, made["token"]) is None


def test_another_process_sees_a_revocation_too(do, till_key, make_engine):
    other = make_engine(modules={}, url=do.engine.database.url)
    assert authenticate(other, till_key["token"]) is not None
    do("org.revoke_api_key", api_key=till_key["id"])
    assert authenticate(other, till_key["token"]) is None


def test_a_worker_key_follows_the_worker(do):
    worker = do("org.create_worker", number="1042", name="Ada Jansen")
    do("org.grant_role", worker="1042", role="cashier")
    token = do("org.create_api_key", name="Ada's till", worker="1042", store="S001")["token"]
    actor = authenticate(do.engine, token)
    assert (actor.id, actor.name, actor.kind) == (worker["id"], "Ada Jansen", "worker")
    assert "parties.change" in actor.permissions
    grant = do("org.grant_role", worker="1042", role="store_manager", legal_entity="NL01", store="S001")
    assert "catalog.change_prices" in authenticate(do.engine, token).permissions
    do("org.revoke_role", worker="1042", grant=grant["id"])
    assert "catalog.change_prices" not in authenticate(do.engine, token).permissions
    do("org.change_worker", worker="1042", active=False)
    assert authenticate(do.engine, token) is None
    do("org.change_worker", worker="1042", active=True)
    assert authenticate(do.engine, token) is not None


def test_a_role_in_one_store_gives_nothing_in_another(do):
    do("org.create_store", number="S002", name="Utrecht")
    do("org.create_worker", number="7", name="Bob")
    do("org.grant_role", worker="7", role="cashier")
    do("org.grant_role", worker="7", role="store_manager", legal_entity="NL01", store="S001")
    here, there = (do("org.create_api_key", name=number, worker="7", store=number)["token"] for number in ("S001", "S002"))
    both = do("org.create_api_key", name="both", worker="7", store="S001", stores=["S001", "S002"])["token"]
    anywhere = do("org.create_api_key", name="anywhere", worker="7")["token"]
    may = {token: authenticate(do.engine, token).may("catalog.change_prices") for token in (here, there, both, anywhere)}
    assert may == {here: True, there: False, both: False, anywhere: False}


def test_the_administrator_may_everything(do):
    token = do("org.create_api_key", name="Root", roles=["administrator"])["token"]
    actor = authenticate(do.engine, token)
    assert actor.may("whatever.comes_later")
    assert (actor.legal_entities, actor.stores) == (None, None)


def test_nobody_gives_what_they_do_not_hold(do):
    do("org.create_worker", number="7", name="Bob", role="stock_clerk", legal_entity="NL01", store="S001")
    store = do("org.read_store", store="S001")
    allowed = frozenset(("org.manage_workers", "org.manage_api_keys", "org.read", "org.read_workers", "catalog.read"))
    allowed |= powers_of(do.engine.registry, ["stock_clerk"]).permissions
    manager = do.by(
        Actor(
            id="m", name="M", permissions=allowed, legal_entities=frozenset((store["legal_entity_id"],)), stores=frozenset((store["id"],))
        )
    )
    for role in ("administrator", "integrator"):
        with pytest.raises(Refused) as error:
            manager("org.grant_role", worker="7", role=role, legal_entity="NL01", store="S001")
        assert codes(error) == [("ORG_BEYOND_OWN_RIGHTS", "/role")]
        with pytest.raises(Refused) as error:
            manager("org.create_api_key", name="Mine", roles=[role], store="S001")
        assert codes(error) == [("ORG_BEYOND_OWN_RIGHTS", "/roles")]
    with pytest.raises(Refused) as error:
        manager("org.create_api_key", name="Everywhere", roles=[], worker="7")
    assert codes(error) == [("ORG_BEYOND_OWN_RIGHTS", "")]
    grant = do("org.grant_role", worker="7", role="administrator")
    with pytest.raises(Refused) as error:
        manager("org.create_api_key", name="Borrowed", worker="7", store="S001")
    assert codes(error) == [("ORG_BEYOND_OWN_RIGHTS", "/roles")], "a key of an administrator would hold more than its maker"
    with pytest.raises(Refused):
        manager("org.revoke_role", worker="7", grant=grant["id"])


def test_keys_of_other_places_are_not_there(do, till_key):
    other = do("org.create_store", number="S002", name="Utrecht")
    elsewhere = do.by(
        Actor(id="m", name="M", permissions=frozenset(("org.read_workers", "org.manage_api_keys")), stores=frozenset((other["id"],)))
    )
    with pytest.raises(NotFound):
        elsewhere("org.read_api_key", api_key=till_key["id"])
    with pytest.raises(NotFound):
        elsewhere("org.revoke_api_key", api_key=till_key["id"])
    with pytest.raises(Refused):
        elsewhere("org.list_api_keys")


@pytest.mark.parametrize(
    "command,expected",
    [
        ({"roles": []}, ("ORG_KEY_UNFIT", "/roles")),
        ({"roles": ["cashier"], "register": "T1"}, ("ORG_KEY_UNFIT", "/store")),
        ({"roles": ["cashier"], "expires_at": "2026-03-02T10:00:00Z"}, ("ORG_KEY_UNFIT", "/expires_at")),
        ({"roles": ["cashier"], "store": "S001", "stores": ["S002"]}, ("ORG_KEY_UNFIT", "/stores")),
        ({"roles": ["king"]}, ("ORG_ROLE_UNKNOWN", "/roles")),
    ],
)
def test_a_key_whose_parts_do_not_fit_is_refused(do, command, expected):
    do("org.create_store", number="S002", name="Utrecht")
    with pytest.raises(Refused) as error:
        do("org.create_api_key", name="Odd", **command)
    assert codes(error) == [expected]


def test_a_store_number_of_two_entities_is_ambiguous_until_one_is_named(do):
    other = do("org.create_legal_entity", code="BE01", name="N.V.", currency="EUR", time_zone="Europe/Brussels")
    do.by(do.actor, other["id"])("org.create_store", number="S001", name="Antwerpen")
    with pytest.raises(Refused) as error:
        do("org.create_api_key", name="Which", roles=["cashier"], store="S001")
    assert codes(error) == [("ORG_STORE_AMBIGUOUS", "/store")]
    made = do("org.create_api_key", name="This", roles=["cashier"], store="S001", legal_entities=["BE01"])
    assert made["api_key"]["legal_entity_ids"] == [other["id"]]


def test_a_preview_of_a_key_shows_no_token(do):
    shown = do("org.create_api_key", name="Maybe", roles=["cashier"], preview=True)
    assert shown["result"]["token"] is None
    assert do("org.list_api_keys")["items"] == []


def test_a_role_is_granted_once_for_each_place(do):
    do("org.create_worker", number="7", name="Bob")
    grant = do("org.grant_role", worker="7", role="cashier", legal_entity="NL01")
    with pytest.raises(Conflict) as error:
        do("org.grant_role", worker="7", role="cashier", legal_entity="NL01")
    assert codes(error) == [("ORG_ROLE_HELD", "/role")]
    do("org.grant_role", worker="7", role="cashier", legal_entity="NL01", store="S001")
    do("org.revoke_role", worker="7", grant=grant["id"])
    again = do("org.grant_role", worker="7", role="cashier", legal_entity="NL01")
    assert again["id"] != grant["id"]
    held = do("org.list_role_grants", worker="7")["items"]
    assert grant["id"] not in [item["id"] for item in held]
    assert len(do("org.list_role_grants", worker="7", revoked=True)["items"]) == 3


def test_roles_are_listed_with_what_every_owner_gives_them(do):
    roles = {role["role"]: role for role in do("org.list_roles")["items"]}
    assert {"administrator", "cashier", "store_manager", "accountant", "integrator", "stock_clerk"} <= set(roles)
    assert roles["administrator"]["everything"] is True
    assert {"org.read", "catalog.read", "parties.read"} <= set(roles["cashier"]["permissions"])


def test_the_shipped_roles_are_sensible(shop):
    held = {role["role"]: set(role["permissions"]) for role in shop.perform("org.list_roles")["items"]}
    shipped = {"administrator", "cashier", "store_manager", "returns_clerk", "stock_clerk", "accountant", "payables", "integrator", "till"}
    assert shipped <= set(held)
    assert held["till"] == {"org.sign_in"}
    for role in ("cashier", "returns_clerk", "stock_clerk"):
        assert held[role] <= held["store_manager"], "who runs a store can do all that is done in it, and set the PINs of those who do"
        assert "org.read" in held[role]
    for permission in ("sales.override_price", "sales.post_invoice", "ledger.set_up", "org.manage_workers", "approvals.decide"):
        assert permission not in held["cashier"] | held["returns_clerk"] | held["payables"] | held["stock_clerk"]
    assert not held["store_manager"] & {"org.manage_api_keys", "org.manage_workers", "limits.change_installation", "ledger.close_period"}
    assert not held["accountant"] & {"sales.sell", "stock.adjust", "org.manage_workers"}


def test_workers_are_created_and_listed(do):
    made = do("org.create_worker", number="7", name="Bob")
    with pytest.raises(Conflict):
        do("org.create_worker", number="7", name="Another")
    do("org.change_worker", worker="7", name="Bobby", active=False, if_match=1)
    assert do("org.list_workers", active=True)["items"] == []
    assert do("org.list_workers", active=False)["items"] == [{**made, "name": "Bobby", "active": False, "version": 2}]


@pytest.fixture
def walls(do):
    """Administrators of the legal entities NL01 and BE01, and workers: 1 of NL01, 2 of both, 3 of neither yet, 4 of everywhere."""
    do("org.create_legal_entity", code="BE01", name="N.V.", currency="EUR", time_zone="Europe/Brussels")
    for number in "1234":
        do("org.create_worker", number=number, name=f"Worker {number}")
    do("org.grant_role", worker="1", role="cashier", legal_entity="NL01", store="S001")
    for entity in ("NL01", "BE01"):
        do("org.grant_role", worker="2", role="cashier", legal_entity=entity)
    do("org.grant_role", worker="4", role="administrator")
    keys = (do("org.create_api_key", name=code, roles=["administrator"], legal_entities=[code]) for code in ("NL01", "BE01"))
    return [do.by(authenticate(do.engine, key["token"])) for key in keys]


def seen(till):
    return "".join(worker["number"] for worker in till("org.list_workers")["items"])


def test_workers_are_there_where_they_hold_a_role(do, walls):
    dutch, belgian = walls
    assert (seen(do), seen(dutch), seen(belgian)) == ("1234", "124", "24")
    pin = {"kind": "pin", "secret": "582047"}
    acts = {
        "org.read_worker": {}, "org.change_worker": {"active": False}, "org.list_role_grants": {}, "org.grant_role": {"role": "cashier", "legal_entity": "BE01"},
        "org.read_credentials": {}, "org.set_credential": pin, "org.remove_credential": {"kind": "pin"}, "org.unlock_worker": {}, "org.list_sessions": {},
        "org.create_api_key": {"name": "Borrowed", "legal_entities": ["BE01"]},
    }  # fmt: skip
    for worker, (operation, command) in itertools.product("13", acts.items()):
        with pytest.raises(NotFound) as error:
            belgian(operation, worker=worker, **command)
        assert error.value.detail == f'There is no worker "{worker}" that you can see.', operation


@pytest.mark.rule("SEC-01", "SEC-23")
def test_who_acts_in_some_places_alone_creates_workers_with_a_role_there(do, walls):
    dutch, belgian = walls
    for command, pointer in (({}, "/role"), ({"role": "cashier"}, ""), ({"role": "cashier", "legal_entity": "BE01", "store": None}, None)):
        with pytest.raises(Refused if pointer is not None else NotFound) as error:
            dutch("org.create_worker", number="5", name="Worker 5", **command)
        assert pointer is None or codes(error) == [("ORG_BEYOND_OWN_RIGHTS", pointer)]
    with pytest.raises(InvalidInput) as error:
        dutch("org.create_worker", number="5", name="Worker 5", store="S001")
    assert codes(error) == [("INPUT_MISSING", "/role")]
    assert seen(do) == "1234", "nothing was written"
    dutch("org.create_worker", number="5", name="Worker 5", role="cashier", legal_entity="NL01", store="S001")
    (grant,) = dutch("org.list_role_grants", worker="5")["items"]
    assert (grant["role"], grant["store_id"]) == ("cashier", dutch("org.read_store", store="S001")["id"])
    assert (seen(dutch), seen(belgian)) == ("1245", "24")


def test_a_worker_of_several_places_is_changed_by_who_may_act_in_all_of_them(do, walls):
    for till in walls:
        for worker in "24":
            with pytest.raises(Refused) as error:
                till("org.change_worker", worker=worker, active=False)
            assert codes(error) == [("ORG_BEYOND_OWN_RIGHTS", "/worker")]
    assert do("org.change_worker", worker="2", active=False)["active"] is False


def test_the_roles_of_a_worker_elsewhere_are_not_there(do, walls):
    (dutch, belgian), (there, here) = walls, do("org.list_role_grants", worker="2")["items"]
    assert [grant["id"] for grant in belgian("org.list_role_grants", worker="2")["items"]] == [here["id"]]
    with pytest.raises(NotFound):
        belgian("org.revoke_role", worker="2", grant=there["id"])
    belgian("org.revoke_role", worker="2", grant=here["id"])
    assert (seen(dutch), seen(belgian)) == ("124", "4")


def test_who_holds_no_role_any_more_is_there_for_the_last_places(do, walls):
    dutch, belgian = walls
    (grant,) = dutch("org.list_role_grants", worker="1")["items"]
    dutch("org.revoke_role", worker="1", grant=grant["id"])
    assert (seen(dutch), seen(belgian)) == ("124", "24")


def test_the_host_finds_a_legal_entity_by_code_within_the_scope(do, till_key):
    actor = authenticate(do.engine, till_key["token"])
    (own,) = actor.legal_entities
    assert find_legal_entity(do.engine, actor, "NL01") == own
    assert find_legal_entity(do.engine, actor, own) == own
    do("org.create_legal_entity", code="BE01", name="N.V.", currency="EUR", time_zone="Europe/Brussels")
    for reference in ("BE01", "XX", ""):
        with pytest.raises(NotFound):
            find_legal_entity(do.engine, actor, reference)


def test_a_cashier_may_not_make_keys(do, till_key):
    with pytest.raises(NotPermitted) as error:
        do.by(authenticate(do.engine, till_key["token"]))("org.create_api_key", name="More", roles=["cashier"])
    assert error.value.permission == "org.manage_api_keys"


def test_what_needs_no_permission_is_ones_own_session_alone(shop):
    free = [operation.name for operation in shop.engine.registry.all(Operation) if operation.permission is None]
    assert free == ["org.read_session", "org.sign_out"]
    nobody = Actor(id="nobody", name="Nobody")
    for operation in free:
        with pytest.raises(NotFound):
            shop.engine.perform(operation, {"session": "current"}, actor=nobody)
    for operation in shop.engine.registry.all(Operation):
        if operation.permission is not None and not operation.request.__attrs_attrs__:
            with pytest.raises(NotPermitted):
                shop.engine.perform(operation, {}, actor=nobody, key="k")
