"""Workers sign in at a till: what proves who they are, what a session is worth, and when it ends."""

import pytest

from kassa.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted, Refused
from kassa.kernel.invariants import verify
from kassa.org.access import authenticate
from kassa.org.credentials import SignInLocked, SignInRefused

PIN, OTHER = "582047", "907316"
MINUTE = 60


def codes(error):
    return [(issue.code, issue.pointer) for issue in error.value.issues]


def test_a_worker_signs_in_where_the_till_stands(till, do):
    signed = till.sign_in("1042", PIN)
    actor = authenticate(do.engine, signed["token"])
    store = do("org.read_store", store="S001")
    assert (actor.id, actor.name, actor.kind) == (signed["session"]["worker_id"], "Ada Jansen", "worker")
    assert (actor.store_id, actor.register, actor.stores) == (store["id"], "T1", frozenset((store["id"],)))
    assert (actor.key_id, actor.session_id) == (till.key["id"], signed["id"])
    assert (signed["roles"], signed["worker_name"]) == (["cashier"], "Ada Jansen")
    assert set(signed["permissions"]) == actor.permissions
    assert signed["expires_at"] == "2026-03-02T10:15:00.000000Z"
    assert signed["session"]["ends_at"] == "2026-03-02T22:00:00.000000Z"


def test_a_till_alone_may_do_nothing_else(till):
    assert till.actor.permissions == {"org.sign_in"}
    with pytest.raises(NotPermitted):
        till("org.list_workers")


def test_a_password_does_it_too(till, do):
    do("org.set_credential", worker="1042", kind="password", secret="green bicycle at noon", temporary=False)
    assert till("org.sign_in", worker="1042", password="green bicycle at noon")["session"]["method"] == "password"
    with pytest.raises(SignInRefused):
        till("org.sign_in", worker="1042", password="green bicycle at one")
    with pytest.raises(SignInRefused):
        till("org.sign_in", worker="1042", pin="green bicycle at noon")


@pytest.mark.parametrize("given", [{}, {"worker": "1042"}, {"pin": PIN}, {"worker": "1042", "pin": PIN, "password": "x"}])
def test_a_request_holds_one_credential_with_a_worker(till, given):
    with pytest.raises(InvalidInput):
        till("org.sign_in", **given)


def test_wrong_unknown_inactive_and_without_pin_answer_alike(till, do):
    do("org.create_worker", number="7", name="Bob")
    do("org.grant_role", worker="7", role="cashier")
    told = set()
    for worker, pin in (("1042", "111222"), ("nobody", PIN), ("7", PIN)):
        with pytest.raises(SignInRefused) as error:
            till.sign_in(worker, pin)
        told.add(str(error.value.as_problem()))
    do("org.change_worker", worker="1042", active=False)
    with pytest.raises(SignInRefused) as error:
        till.sign_in("1042", PIN)
    told.add(str(error.value.as_problem()))
    assert len(told) == 1


def test_the_audit_trail_tells_who_was_tried_and_no_secret(till, do):
    for worker in ("1042", "nobody"):
        with pytest.raises(SignInRefused):
            till.sign_in(worker, "111222")
    till.sign_in("1042", PIN)
    with do.engine.database.snapshot() as read:
        worker = read.value("SELECT id FROM org_worker")
        rows = read.rows("SELECT outcome, code, detail, actor FROM kernel_audit WHERE operation = 'org.sign_in' ORDER BY id")
        everything = "".join(str(read.rows(f"SELECT * FROM {table}")) for table in do.engine.registry.tables)
    assert [row[:2] for row in rows] == [("refused", "SIGN_IN_REFUSED"), ("refused", "SIGN_IN_REFUSED"), ("done", None)]
    assert (worker in rows[0][2], worker in rows[1][2]) == (True, False)
    assert {row[3] for row in rows} == {till.key["id"]}
    assert PIN not in everything
    assert "111222" not in everything


def test_a_temporary_pin_is_replaced_at_the_first_sign_in(till, do):
    do("org.set_credential", worker="1042", kind="pin", secret=OTHER)
    assert do("org.read_credentials", worker="1042")["credentials"][0]["temporary"] is True
    with pytest.raises(Refused) as error:
        till.sign_in("1042", OTHER)
    assert codes(error) == [("SIGN_IN_REPLACE", "/replacement")]
    for unfit in (OTHER, "123456", "12"):
        with pytest.raises(Refused) as error:
            till.sign_in("1042", OTHER, replacement=unfit)
        assert codes(error) == [("SIGN_IN_UNFIT", "/replacement")]
    till.sign_in("1042", OTHER, replacement="640281")
    till.sign_in("1042", "640281")
    with pytest.raises(SignInRefused):
        till.sign_in("1042", OTHER)
    shown = do("org.read_credentials", worker="1042")
    assert (shown["credentials"][0]["temporary"], shown["credentials"][0]["set_by"], shown["failures"]) == (False, till.key["id"], 1)


@pytest.mark.parametrize("pin", ["12345", "123456", "987654", "111111", "121212", "582582", "1042", "58204a", "５８２０４７", "5" * 13])
def test_a_pin_that_may_not_be_chosen(do, worker, pin):
    with pytest.raises(Refused) as error:
        do("org.set_credential", worker="1042", kind="pin", secret=pin)
    assert codes(error) == [("SIGN_IN_UNFIT", "/secret")]


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "abcabcabcabcabc", "I am ada jansen", "number 1042 it is"])
def test_a_password_that_may_not_be_chosen(do, worker, password):
    with pytest.raises(Refused) as error:
        do("org.set_credential", worker="1042", kind="password", secret=password)
    assert codes(error) == [("SIGN_IN_UNFIT", "/secret")]


def test_the_shortest_pin_is_a_setting(do, worker):
    do("settings.change", name="sign_in.pin_digits", level="installation", value="4")
    assert do("org.set_credential", worker="1042", kind="pin", secret="5820")["credentials"][0]["kind"] == "pin"


def test_a_pin_that_is_taken_away_counts_no_more(till, do):
    token = till.sign_in("1042", PIN)["token"]
    assert do("org.remove_credential", worker="1042", kind="pin")["credentials"] == []
    assert authenticate(do.engine, token) is None, "and the sessions end"
    with pytest.raises(SignInRefused):
        till.sign_in("1042", PIN)
    do("org.set_credential", worker="1042", kind="pin", secret=PIN, temporary=False)
    assert till.sign_in("1042", PIN)["token"]


def test_a_new_pin_ends_all_sessions(till, do):
    token = till.sign_in("1042", PIN)["token"]
    do("org.set_credential", worker="1042", kind="pin", secret=OTHER, temporary=False)
    assert authenticate(do.engine, token) is None


def test_nobody_sets_the_pin_of_somebody_with_more_power(do, worker, manager):
    do("org.create_worker", number="1", name="Boss")
    do("org.grant_role", worker="1", role="administrator")
    for operation, command in (
        ("org.set_credential", {"kind": "pin", "secret": OTHER}),
        ("org.remove_credential", {"kind": "pin"}),
        ("org.unlock_worker", {}),
    ):
        with pytest.raises(Refused) as error:
            manager(operation, worker="1", **command)
        assert codes(error) == [("ORG_BEYOND_OWN_RIGHTS", "/worker")]
    assert manager("org.set_credential", worker="1042", kind="pin", secret=OTHER)["number"] == "1042"
    do("org.grant_role", worker="1042", role="cashier")
    with pytest.raises(Refused):
        manager("org.set_credential", worker="1042", kind="pin", secret=OTHER)


def test_a_worker_without_role_here_does_not_sign_in(do, till):
    do("org.create_store", number="S002", name="Utrecht")
    elsewhere = till.at("S002")
    with pytest.raises(Refused) as error:
        elsewhere.sign_in("1042", PIN)
    assert codes(error) == [("SIGN_IN_NO_ROLE", "/worker")]


def test_workers_sign_in_through_a_key_alone(do, worker):
    with pytest.raises(Refused) as error:
        do("org.sign_in", worker="1042", pin=PIN)
    assert codes(error) == [("SIGN_IN_NO_KEY", "")]


def test_signing_out_ends_at_once(till, do):
    signed = till.sign_in("1042", PIN)
    worker = do.by(authenticate(do.engine, signed["token"]))
    assert worker("org.read_session", session="current")["id"] == signed["id"]
    ended = worker("org.sign_out", session="current")
    assert (ended["ended_by"], ended["ended_at"]) == (signed["session"]["worker_id"], "2026-03-02T10:00:00.000000Z")
    assert authenticate(do.engine, signed["token"]) is None
    assert till("org.sign_out", session=signed["id"]) == ended, "once ended it stays as it is"
    with pytest.raises(Conflict) as error:
        till("org.renew_session", session=signed["id"])
    assert error.value.code == "SESSION_ENDED"


def test_what_changes_counts_from_the_next_request_on(till, do, clock):
    token = till.sign_in("1042", PIN)["token"]
    grant = do("org.grant_role", worker="1042", role="store_manager", legal_entity="NL01", store="S001")
    assert authenticate(do.engine, token).may("catalog.change_prices")
    do("org.revoke_role", worker="1042", grant=grant["id"])
    assert not authenticate(do.engine, token).may("catalog.change_prices")
    do("org.change_worker", worker="1042", active=False)
    assert authenticate(do.engine, token) is None
    with pytest.raises(Conflict):
        till("org.renew_session", session=do("org.list_sessions")["items"][0]["id"])
    do("org.change_worker", worker="1042", active=True)
    assert authenticate(do.engine, token) is not None
    do("org.revoke_api_key", api_key=till.key["id"])
    assert authenticate(do.engine, token) is None


def test_another_process_knows_the_session_and_its_end(till, do, make_engine):
    other = make_engine(modules={}, url=do.engine.database.url, clock=do.engine.clock)
    signed = till.sign_in("1042", PIN)
    assert authenticate(other, signed["token"]).name == "Ada Jansen"
    till("org.sign_out", session=signed["id"])
    assert authenticate(other, signed["token"]) is None


def test_a_till_renews_what_was_opened_through_it(till, do, clock):
    signed = till.sign_in("1042", PIN)
    clock.advance(seconds=14 * MINUTE)
    renewed = till("org.renew_session", session=signed["id"])
    assert renewed["expires_at"] == "2026-03-02T10:29:00.000000Z"
    clock.advance(seconds=2 * MINUTE)
    assert authenticate(do.engine, signed["token"]) is None
    assert authenticate(do.engine, renewed["token"]).session_id == signed["id"]
    with pytest.raises(NotPermitted):
        do.by(authenticate(do.engine, renewed["token"]))("org.renew_session", session="current")
    with pytest.raises(NotFound):
        till.at("S001", "T2")("org.renew_session", session=signed["id"])
    clock.advance(seconds=14 * MINUTE)
    with pytest.raises(Conflict):
        till("org.renew_session", session=signed["id"])


def test_a_session_ends_after_hours_however_often_it_is_renewed(till, do, clock):
    do("settings.change", name="sessions.hours", level="installation", value="1")
    signed = till.sign_in("1042", PIN)
    for _ in range(5):
        clock.advance(seconds=11 * MINUTE)
        signed = till("org.renew_session", session=signed["id"])
    assert signed["expires_at"] == "2026-03-02T11:00:00.000000Z"
    clock.advance(seconds=5 * MINUTE)
    assert authenticate(do.engine, signed["token"]) is None
    with pytest.raises(Conflict):
        till("org.renew_session", session=signed["id"])


def test_who_is_signed_in_is_told_in_ones_own_places(till, do, manager):
    do("org.create_store", number="S002", name="Utrecht")
    do("org.grant_role", worker="1042", role="cashier", legal_entity="NL01", store="S002")
    here, there = till.sign_in("1042", PIN), till.at("S002").sign_in("1042", PIN)
    assert [session["id"] for session in do("org.list_sessions", worker="1042")["items"]] == [there["id"], here["id"]]
    assert [session["id"] for session in manager("org.list_sessions")["items"]] == [here["id"]]
    with pytest.raises(NotFound):
        manager("org.sign_out", session=there["id"])
    manager("org.sign_out", session=here["id"])
    assert [session["id"] for session in do("org.list_sessions")["items"]] == [there["id"]]
    assert len(do("org.list_sessions", ended=True)["items"]) == 2
    assert len(do("org.list_sessions", limit=1)["items"]) == 1
    with pytest.raises(NotFound):
        do("org.read_session", session="current")


def test_a_preview_counts_tries_and_opens_nothing(till, do):
    assert till.sign_in("1042", PIN, preview=True)["result"]["token"] is None
    assert do("org.list_sessions")["items"] == []
    for _ in range(5):
        with pytest.raises(SignInRefused):
            till.sign_in("1042", OTHER, preview=True)
    with pytest.raises(SignInLocked):
        till.sign_in("1042", PIN, preview=True)
    assert verify(do.engine) == []


def test_a_key_tells_when_it_was_used_last(till, do, clock):
    def used():
        return do("org.read_api_key", api_key=till.key["id"])["last_used_at"]

    assert used() is None
    for minutes, told in ((0, "10:00"), (3, "10:00"), (3, "10:06")):
        clock.advance(seconds=minutes * MINUTE)
        authenticate(do.engine, till.key["token"])
        assert used() == f"2026-03-02T{told}:00.000000Z"
