"""A shop over HTTP, as a till and a back office call it: real keys, real scopes, a sale from preview to replay."""

import logging

import pytest

from kassa.kernel.clock import SystemClock
from kassa.kernel.contributions import Operation
from kassa.testing.builders import build_shop, line
from kassa.testing.databases import kinds
from kassa.testing.ledger import assert_sound, stock_of
from kassa_flask import HostConfig, ServerConfig, create_app
from kassa_flask.logs import Forward
from kassa_flask.server import application

SALE = {"lines": [{"product": "LAMP", "quantity": "1"}, {"product": "VASE", "quantity": "1"}], "payments": [{"tender": "cash", "amount": "250.00"}]}


@pytest.fixture(params=kinds())
def database_kind(request):
    """Both databases."""
    return request.param


@pytest.fixture
def caller(core_shop, lines, call_with):
    """Makes callers of the shop's API by their key."""
    app = create_app(core_shop.engine, HostConfig(logger=lines.logger, rate_limit="", refusal_limit=""))
    return lambda token: call_with(app, token)


def test_a_sale_from_preview_to_replay(core_shop, key_of, caller):
    till = caller(key_of("cashier", store="S001", register="T1"))
    shown = till.post("/v1/sales?preview=true", SALE).get_json()
    assert (shown["preview"], shown["issues"], shown["result"]["number"]) == (True, [], None)
    assert shown["postings"]
    assert stock_of(core_shop, "LAMP").on_hand == "10"

    sold = till.post("/v1/sales", SALE, headers={"Idempotency-Key": "T1-1"})
    assert sold.status_code == 201, sold.text
    sale = sold.get_json()
    assert (sale["total"], sale["change"]) == ("221.00", "29.00")
    assert sale["total"] == shown["result"]["total"]
    again = till.post("/v1/sales", SALE, headers={"Idempotency-Key": "T1-1"})
    assert (again.data, again.headers["Idempotent-Replayed"]) == (sold.data, "true")

    order = till.get(sold.headers["Location"])
    assert (order.status_code, order.get_json()["number"]) == (200, sale["number"])
    assert till.get(f"/v1/orders/{sale['number']}").get_json()["id"] == sale["id"]
    assert till.get(f"/v1/invoices/{sale['invoice']}").get_json()["total"] == "221.00"
    assert [item["number"] for item in till.get("/v1/orders").get_json()["items"]] == [sale["number"]]
    assert stock_of(core_shop, "LAMP").on_hand == "9"
    assert_sound(core_shop)


def test_a_sale_that_is_not_paid_is_refused_and_leaves_nothing(core_shop, key_of, caller, expect_problem):
    till = caller(key_of("cashier", store="S001", register="T1"))
    body = expect_problem(till.post("/v1/sales", {**SALE, "payments": [{"tender": "cash", "amount": "10.00"}]}), 422, "SALES_TENDER_UNBALANCED")
    assert [issue["pointer"] for issue in body["issues"]] == ["/payments"]
    assert till.get("/v1/orders").get_json() == {"items": [], "next": None}
    assert stock_of(core_shop, "LAMP").on_hand == "10"


def test_a_key_that_is_revoked_is_worth_nothing_from_the_next_request_on(core_shop, key_of, caller, expect_problem):
    made = core_shop.perform("org.create_api_key", {"name": "Key", "roles": ["cashier"], "store": "S001"})
    till = caller(made["token"])
    assert till.get("/v1/orders").status_code == 200
    core_shop.perform("org.revoke_api_key", {"api_key": made["id"]})
    expect_problem(till.get("/v1/orders"), 401, "NOT_AUTHENTICATED")


def test_a_request_narrows_and_never_widens(core_shop, key_of, caller, expect_problem):
    second = build_shop(core_shop.engine, code="DE01", store="S900")
    core_shop.perform("org.create_store", {"number": "S002", "name": "Store S002"})
    office = caller(key_of("administrator"))
    till = caller(key_of("cashier", store="S001", register="T1"))
    both = caller(key_of("store_manager", legal_entities=["NL01", "DE01"]))

    expect_problem(both.get("/v1/stores"), 428, "PRECONDITION_REQUIRED")
    listed = both.get("/v1/stores", headers={"Kassa-Legal-Entity": "DE01"}).get_json()["items"]
    assert [store["id"] for store in listed] == [second.store_id]
    for headers in (
        {"Kassa-Legal-Entity": "DE01"}, {"Kassa-Legal-Entity": "FR01"}, {"Kassa-Store": "S002"}, {"Kassa-Store": "S900"},
        {"Kassa-Store": "S404"}, {"Kassa-Register": "T2"}, {"Kassa-Store": "two words"},
    ):  # fmt: skip
        expect_problem(till.get("/v1/orders", headers=headers), 404, "NOT_FOUND")
    assert till.get("/v1/orders", headers={"Kassa-Legal-Entity": "NL01", "Kassa-Store": "S001", "Kassa-Register": "T1"}).status_code == 200

    where = {"Kassa-Legal-Entity": "NL01", "Kassa-Store": "S001", "Kassa-Register": "T7"}
    sold = office.post("/v1/sales", SALE, headers=where)
    assert sold.status_code == 201, sold.text
    with core_shop.engine.database.snapshot() as read:
        assert read.rows("SELECT DISTINCT store_id, register FROM kernel_document WHERE kind = 'order'") == [(core_shop.store_id, "T7")]


def test_nobody_gets_anything_without_a_key(core_shop, caller):
    nobody = caller(None)
    mounted = [operation.http for operation in core_shop.engine.registry.all(Operation) if operation.http is not None]
    assert len(mounted) > 50
    for http in mounted:
        response = nobody.send(http.method, f"/v1{http.path}".replace("{", "").replace("}", ""), {} if http.method != "GET" else None)
        assert (http.path, response.status_code) == (http.path, 401)


def test_a_database_is_ready_when_its_migrations_are_applied(core_shop, caller, make_engine, new_database, lines, expect_problem):
    assert caller(None).get("/readyz").get_json() == {"status": "ready"}
    empty = make_engine(modules={}, url=new_database())
    response = create_app(empty, HostConfig(logger=lines.logger)).test_client().get("/readyz")
    assert "kassa migrate" in expect_problem(response, 503, "NOT_READY")["detail"]


def test_what_is_created_tells_where_it_is(core_shop, key_of, caller):
    office = caller(key_of("administrator"))
    where = {"Kassa-Legal-Entity": "NL01", "Kassa-Store": "S001"}
    made = office.post("/v1/stores", {"number": "S003", "name": "Third"}, headers=where)
    read = office.get(made.headers["Location"], headers=where)
    assert (made.status_code, read.status_code) == (201, 200)
    assert read.headers["ETag"].split(".")[0] == made.headers["ETag"].split(".")[0] == '"1'
    changed = office.patch(made.headers["Location"], {"name": "The third"}, headers={**where, "If-Match": read.headers["ETag"]})
    assert (changed.status_code, changed.get_json()["name"]) == (200, "The third")
    assert changed.headers["ETag"] != read.headers["ETag"]


@pytest.fixture
def served(core_shop, lines):
    """The application as a server makes it, with its threads for jobs and events."""
    host = HostConfig(logger=lines.logger)
    app = application(ServerConfig(database=core_shop.engine.database.url, application=host, open_engine=lambda config: core_shop.engine))
    yield app
    app.extensions["kassa-background"].stop()
    core = logging.getLogger("kassa")
    core.handlers = [handler for handler in core.handlers if not isinstance(handler, Forward)]


def test_what_the_core_logs_stands_in_the_same_log(served, lines):
    logging.getLogger("kassa.jobs").warning("job %s pauses", "j-1")
    logging.getLogger("kassa.jobs").info("not worth a line")
    try:
        raise ValueError("why it failed")
    except ValueError:
        logging.getLogger("kassa.loop").exception("%s failed", "kassa-jobs")
    warned, failed = lines.events
    assert warned == {"event": "job j-1 pauses", "level": "warning", "logger": "kassa.jobs"}
    assert (failed["event"], failed["level"], str(failed["exc_info"][1])) == ("kassa-jobs failed", "error", "why it failed")


def test_a_run_that_was_asked_for_is_worked_on_beside_the_requests(core_shop, key_of, served, call_with):
    core_shop.order(line("LAMP", "2"), customer="C0001")
    core_shop.deliver(core_shop.order(line("VASE", "1"), customer="C0002")["number"])
    office = call_with(served, key_of("administrator", store="S001"))
    started = office.post("/v1/invoice-runs", {})
    assert started.status_code == 202, started.text
    clock, job = SystemClock(), {}
    for _ in range(200):
        job = office.get(started.headers["Location"]).get_json()
        if job["state"] not in ("waiting", "running"):
            break
        clock.sleep(50_000)
    assert job["state"] == "done", job
    assert len(office.get("/v1/invoices").get_json()["items"]) == 1
    assert_sound(core_shop)
