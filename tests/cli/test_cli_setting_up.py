"""init and migrate: from nothing to an installation that can sell; done again, nothing is made twice."""

from pathlib import Path

import pytest

from kassa.cli import setting_up
from kassa.cli.migrating import create_database
from kassa.cli.session import hidden_password
from kassa.testing.databases import kinds, server_url


def test_init_makes_what_selling_needs(kassa):
    shown = kassa("init", "--yes", "--name", "Warenhuis B.V.", "--tax", "21", "--first-year", "2024")
    assert "newly created" in shown.stdout
    (token,) = [word for word in shown.stdout.split() if word.startswith("kassa_")]
    (entity,) = kassa.json("call", "org.list_legal_entities")["items"]
    assert (entity["code"], entity["name"], entity["currency"]) == ("MAIN", "Warenhuis B.V.", "EUR")
    (store,) = kassa.json("call", "org.list_stores")["items"]
    assert store["number"] == "S001"
    (rate,) = kassa.json("call", "catalog.list_tax_codes")["items"]
    assert (rate["code"], rate["rate"], rate["from_date"]) == ("VAT", "0.21", "2024-01-01")
    periods = kassa.json("call", "ledger.list_periods", "limit=500")["items"]
    assert min(period["first_date"] for period in periods) == "2024-01-01"
    (key,) = kassa.json("token", "list", "--json")
    assert key["roles"] == ["administrator"]
    assert token not in str(key)


def test_what_is_there_stays_as_it_is(kassa):
    kassa("init", "--yes", "--currency", "GBP", "--store", "A1")
    again = kassa("init", "--yes").stdout
    assert "kassa_" not in again
    assert again.count("there already") == 6
    assert kassa.json("init", "--yes", "--json")["made"] == []
    assert len(kassa.json("call", "org.list_stores")["items"]) == 1
    assert kassa.json("init", "--yes", "--new-key", "--json")["token"].startswith("kassa_")


def test_a_second_legal_entity_and_store_can_be_added(kassa):
    kassa("init", "--yes")
    made = kassa.json("init", "--yes", "--legal-entity", "GB01", "--currency", "GBP", "--store", "ONLINE", "--json")
    assert (made["legal_entity"], made["store"], made["token"]) == ("GB01", "ONLINE", None)
    assert len(kassa.json("call", "org.list_legal_entities")["items"]) == 2
    kassa("init", "--yes", "--legal-entity", "GB01", "--store", "S002")
    stores = kassa.json("call", "org.list_stores", "--legal-entity", "GB01")["items"]
    assert sorted(store["number"] for store in stores) == ["ONLINE", "S002"]


def test_init_asks_on_a_terminal(kassa, monkeypatch):
    monkeypatch.setattr(setting_up, "on_terminal", lambda: True)
    shown = kassa("init", "--currency", "JPY", input="JP01\nShop\nAsia/Tokyo\n\n\n10\n")
    assert "Code of the legal entity [MAIN]" in shown.output
    (entity,) = kassa.json("call", "org.list_legal_entities")["items"]
    assert (entity["code"], entity["currency"], entity["time_zone"]) == ("JP01", "JPY", "Asia/Tokyo")


@pytest.mark.parametrize("rate", ["a lot", "-5", "21.12345"])
def test_a_rate_of_tax_is_checked(kassa, rate):
    shown = kassa("init", "--yes", "--tax", rate, status=0 if rate == "-5" else 2)
    assert ("--tax" in shown.stderr) is (rate != "-5")


def test_a_wrong_time_zone_is_refused_with_the_field(kassa):
    shown = kassa("init", "--yes", "--time-zone", "Europe/Atlantis", status=1)
    assert "/time_zone" in shown.stderr
    assert "Traceback" not in shown.output


def test_the_configuration_is_written_once(kassa, tmp_path):
    kassa("init", "--yes")
    text = Path("kassa.toml").read_text()
    assert f'database = "{kassa.url}"' in text
    Path("kassa.toml").write_text(text + "# mine\n")
    kassa("init", "--yes")
    assert Path("kassa.toml").read_text().endswith("# mine\n")


def test_the_environment_speaks_for_itself(kassa):
    kassa("init", "--yes", env={"KASSA_DATABASE": kassa.url})
    assert not Path("kassa.toml").exists()


def test_init_makes_the_folder_of_the_database(kassa, tmp_path):
    kassa.url = f"sqlite:///{tmp_path}/var/lib/kassa.db"
    kassa("init", "--yes")
    assert (tmp_path / "var" / "lib" / "kassa.db").is_file()


def test_migrate_shows_its_plan_then_applies_it(kassa):
    planned = kassa("migrate", "--plan").stdout
    assert "core:0001_" in planned
    kassa("verify", status=3)
    assert "applied to" in kassa("migrate").stdout
    assert "nothing to do" in kassa("migrate").stdout
    assert "as the models say" in kassa("migrate", "--check").stdout
    assert "All is well" in kassa("verify").stdout


def test_a_database_that_is_missing_or_empty_is_said_so(kassa, tmp_path):
    assert "There is no database" in kassa("verify", status=3).stderr
    assert not (tmp_path / "kassa.db").exists()
    (tmp_path / "kassa.db").touch()
    assert "Run `kassa migrate`" in kassa("call", "org.list_stores", status=3).stderr


def test_what_is_no_database_is_said_so(kassa, tmp_path):
    (tmp_path / "kassa.db").write_text("this is no database, but it is long enough to be read as one" * 20)
    shown = kassa("verify", status=3)
    assert "Cannot start" in shown.stderr
    assert "Traceback" not in shown.output
    kassa.url = "mysql://root@localhost/kassa"
    assert "Expected a database URL" in kassa("verify", status=3).stderr


def test_a_server_that_does_not_answer_is_unavailable(kassa):
    kassa.url = "postgresql://kassa:secret@127.0.0.1:1/kassa"
    shown = kassa("verify", status=4)
    assert "does not answer" in shown.stderr
    assert "secret" not in shown.output


@pytest.mark.skipif("postgresql" not in kinds(), reason="PostgreSQL is left out on purpose")
def test_a_postgresql_database_is_created(kassa, kassa_databases):
    base = server_url().rpartition("/")[0]
    url = f"{base}/kassa_test_created"
    kassa_databases._execute("DROP DATABASE IF EXISTS {}", "kassa_test_created")
    try:
        kassa.url = url
        assert "newly created" in kassa("init", "--yes").stdout
        assert create_database(url) is False
        assert "newly created" not in kassa("init", "--yes").stdout
    finally:
        kassa_databases._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", "kassa_test_created")


def test_passwords_are_not_shown():
    assert hidden_password("postgresql://me:secret@host:5432/name") == "postgresql://me@host:5432/name"
    assert hidden_password("sqlite:///kassa.db") == "sqlite:///kassa.db"
