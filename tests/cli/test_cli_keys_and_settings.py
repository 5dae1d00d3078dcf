"""token and settings: made, shown, taken back."""

import re

import pytest


def test_a_key_is_shown_once_and_can_be_revoked(shop):
    made = shop("token", "create", "Till 1", "--worker", "1001", "--store", "S001", "--register", "T1", "--expires", "12h")
    token = made.stdout.strip()
    assert re.fullmatch(r"kassa_[A-Za-z0-9_-]{43}", token)
    listed = {key["name"]: key for key in shop.json("token", "list", "--json")}
    assert listed["Till 1"]["register"] == "T1"
    assert listed["Till 1"]["expires_at"] is not None
    shown = shop("token", "list").stdout
    assert token not in shown
    assert any("Till 1" in line and "S001" in line for line in shown.splitlines())
    assert "ends at" in shop("token", "revoke", listed["Till 1"]["id"]).stdout
    assert "Till 1" not in [key["name"] for key in shop.json("token", "list", "--json")]
    assert "Till 1" in [key["name"] for key in shop.json("token", "list", "--revoked", "--json")]


def test_a_key_lets_its_bearer_in(shop):
    from kassa.kernel.engine import Engine
    from kassa.org.access import authenticate

    token = shop.json("token", "create", "Web shop", "--role", "integrator", "--legal-entity", "GB01", "--json")["token"]
    engine = Engine.open(shop.url, modules={})
    try:
        actor = authenticate(engine, token)
        assert actor is not None
        assert (actor.kind, actor.name) == ("app", "Web shop")
        assert len(actor.legal_entities) == 1
    finally:
        engine.close()


@pytest.mark.parametrize("arguments, status, said", [
    (["--role", "cashier", "--expires", "soon"], 2, "no duration"),
    (["--role", "pirate"], 1, "pirate"),
    ([], 1, "/roles"),
    (["--role", "cashier", "--register", "T1"], 1, "/store"),
])  # fmt: skip
def test_a_key_that_makes_no_sense_is_refused(shop, arguments, status, said):
    assert said in shop("token", "create", "Odd", *arguments, status=status).stderr


def test_an_unknown_key_cannot_be_revoked(shop):
    assert "NOT_FOUND" in shop("token", "revoke", "0190a000-0000-7000-8000-000000000001", status=1).stderr


def test_settings_are_listed_with_what_they_may_be(shop):
    shown = shop("settings", "list").stdout
    assert "stock.negative_stock" in shown
    assert "refuse | warn | allow" in shown
    assert {entry["name"] for entry in shop.json("settings", "list", "--store", "S001", "--json")} >= {"stock.negative_stock"}


def test_a_setting_is_given_at_a_level_and_taken_back(shop):
    name = "stock.negative_stock"
    shop("settings", "set", name, "warn")
    shop("settings", "set", name, "allow", "--store", "S001")
    (at_store,) = [entry for entry in shop.json("settings", "list", "--store", "S001", "--json") if entry["name"] == name]
    assert (at_store["value"], at_store["level"]) == ("allow", "store")
    (elsewhere,) = [entry for entry in shop.json("settings", "list", "--store", "S002", "--json") if entry["name"] == name]
    assert (elsewhere["value"], elsewhere["level"]) == ("warn", "installation")
    shown = shop("settings", "show", name, "--store", "S001").stdout
    assert "It is allow (given at store)" in shown
    assert "local-administrator" in shown
    shop("settings", "set", name, "--unset", "--store", "S001")
    assert shop.json("settings", "show", name, "--store", "S001", "--json")["setting"]["value"] == "warn"
    shop("settings", "set", name, "refuse", "--legal-entity", "GB01")
    assert shop.json("settings", "show", name, "--json")["setting"]["level"] == "legal_entity"


def test_a_setting_decides_what_happens(shop):
    assert "/lines/0/quantity" in shop.sell("100", "255.00", status=1).stderr
    shop("settings", "set", "stock.negative_stock", "allow", "--store", "S001")
    assert shop.sell("100", "255.00").exit_code == 0
    assert "All is well" in shop("verify").stdout


@pytest.mark.parametrize("arguments, status, said", [
    (["stock.negative_stock", "perhaps"], 1, "/value"),
    (["stock.no_such", "1"], 1, "stock.no_such"),
    (["stock.negative_stock"], 2, "--unset"),
    (["stock.negative_stock", "warn", "--unset"], 2, "--unset"),
])  # fmt: skip
def test_a_setting_that_makes_no_sense_is_refused(shop, arguments, status, said):
    assert said in shop("settings", "set", *arguments, status=status).stderr
