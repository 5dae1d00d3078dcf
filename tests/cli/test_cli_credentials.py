"""credential: PINs and passwords are set without being shown, workers unlocked, sessions listed and ended."""

import pytest


@pytest.fixture
def worker(shop):
    """A cashier of the demo with a PIN that counts."""
    shop("call", "org.create_worker", "number=4711", "name=Ada Jansen")
    shop("call", "org.grant_role", "worker=4711", "role=cashier", "legal_entity=GB01", "store=S001")
    assert "has a new PIN" in shop("credential", "set", "4711", "--stdin", "--permanent", input="582047\n").stdout


@pytest.fixture
def sign_in(shop):
    """Signs in through a new till of S001; the outcome or the error."""

    def run(pin):
        from kassa.kernel.engine import Engine
        from kassa.org.access import authenticate

        token = shop.json("token", "create", "Till 9", "--role", "till", "--store", "S001", "--register", "T9", "--json")["token"]
        engine = Engine.open(shop.url, modules={})
        try:
            return engine.perform("org.sign_in", {"worker": "4711", "pin": pin}, actor=authenticate(engine, token)).body
        finally:
            engine.close()

    return run


def test_a_pin_is_asked_for_and_never_shown(shop):
    shop("call", "org.create_worker", "number=4711", "name=Ada Jansen")
    result = shop("credential", "set", "4711", input="582047\n582047\n")
    assert "582047" not in result.output
    assert "has to be replaced" in result.stderr
    shown = shop.json("credential", "show", "4711", "--json")
    assert [(item["kind"], item["temporary"]) for item in shown["credentials"]] == [("pin", True)]
    assert "Wrong tries since the last right one: 0." in shop("credential", "show", "4711").stdout
    assert "has no PIN" in shop("credential", "remove", "4711").stdout
    assert "neither PIN nor password" in shop("credential", "show", "4711").stdout


def test_a_password_is_set_too(shop, worker):
    shop("credential", "set", "4711", "--password", "--stdin", input="green bicycle at noon\n")
    assert [item["kind"] for item in shop.json("credential", "show", "4711", "--json")["credentials"]] == ["password", "pin"]
    shop("credential", "remove", "4711", "--password")
    assert [item["kind"] for item in shop.json("credential", "show", "4711", "--json")["credentials"]] == ["pin"]


def test_what_may_not_be_chosen_is_refused_without_repeating_it(shop, worker):
    result = shop("credential", "set", "4711", "--stdin", input="123456\n", status=1)
    assert "SIGN_IN_UNFIT" in result.stderr
    assert "123456" not in result.output
    assert "NOT_FOUND" in shop("credential", "set", "nobody", "--stdin", input="582047\n", status=1).stderr


def test_who_is_signed_in_is_listed_and_signed_out(shop, worker, sign_in):
    assert "Nobody is signed in." in shop("credential", "sessions").stdout
    signed = sign_in("582047")
    listed = shop("credential", "sessions", "--worker", "4711").stdout
    assert "4711 Ada Jansen" in listed
    assert "T9" in listed
    assert "ended at" in shop("credential", "sign-out", signed["id"]).stdout
    assert shop.json("credential", "sessions", "--json") == []
    assert [item["id"] for item in shop.json("credential", "sessions", "--ended", "--json")] == [signed["id"]]


def test_a_locked_worker_is_unlocked(shop, worker, sign_in):
    from kassa.kernel.errors import KassaError

    for _ in range(5):
        with pytest.raises(KassaError, match="do not belong together"):
            sign_in("000001")
    with pytest.raises(KassaError, match="too many wrong tries"):
        sign_in("582047")
    assert "none is looked at until" in shop("credential", "show", "4711").stdout
    assert "there were 5 wrong tries" in shop("credential", "unlock", "4711").stdout
    assert sign_in("582047")["token"]
    key = next(key["id"] for key in shop.json("token", "list", "--json") if key["name"] == "Till 9")
    assert "Unlocked" in shop("credential", "unlock", "--till", key).stdout
    for arguments in ([], ["4711", "--till", key]):
        assert "either a worker or a till" in shop("credential", "unlock", *arguments, status=2).stderr
