"""A database server that was restarted: the sessions that lay idle are gone, and no caller notices it."""

import pytest

from kassa.kernel.permissions import SYSTEM
from kassa.kernel.postgresql import open_connection
from kassa.org import access
from kassa.testing.builders import line
from kassa.testing.databases import kinds
from kassa.testing.ledger import assert_sound
from kassa_flask import HostConfig, create_app


@pytest.fixture(params=[kind for kind in kinds() if kind != "sqlite"])
def database_kind(request):
    """Databases with a server; SQLite has none that could be restarted."""
    return request.param


@pytest.fixture
def restart(core_shop):
    """Ends every session with the database, as a restart of its server does."""

    def end():
        with open_connection(core_shop.engine.database.url, "") as owner:
            others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            assert owner.execute(f"SELECT pg_terminate_backend(pid, 5000) {others}").fetchall(), "nobody had a session"

    return end


@pytest.mark.rule("REL-26")
def test_a_request_is_answered_after_a_restart(core_shop, lines, key_of, call_with, restart):
    app = create_app(core_shop.engine, HostConfig(logger=lines.logger, rate_limit="", refusal_limit=""))
    till = call_with(app, key_of("cashier", store="S001"))
    assert till.get("/v1/products/LAMP").status_code == 200
    restart()
    assert till.get("/v1/products/LAMP").status_code == 200
    restart()
    sale = {"lines": [line("LAMP")], "payments": [{"tender": "cash", "amount": "100.00"}]}
    assert till.post("/v1/sales", sale).status_code == 201
    assert_sound(core_shop)


@pytest.mark.rule("REL-26")
def test_what_is_read_before_an_act_is_planned_is_read_again(core_shop, key_of, restart):
    """By operations that prepare something or look at a secret, and by hosts that are told a legal entity by its code."""
    shop = core_shop
    draft = shop.perform("sales.create_draft", {"store": "S001", "lines": [line("LAMP")]})["id"]
    shop.add_worker("1042", "cashier")
    shop.perform("org.set_credential", {"worker": "1042", "kind": "pin", "secret": "582047", "temporary": False})
    till = access.authenticate(shop.engine, key_of("till", store="S001", register="T1"))
    restart()
    sold = shop.perform("sales.sell_draft", {"draft": draft, "payments": [{"tender": "cash", "amount": "100.00"}]})
    assert sold["total"] == "100.00"
    restart()
    assert shop.perform("org.sign_in", {"worker": "1042", "pin": "582047"}, actor=till)["token"]
    restart()
    assert access.find_legal_entity(shop.engine, SYSTEM, "NL01") == shop.legal_entity_id
    assert_sound(shop)
