"""Events, webhooks, schedules and evidence over HTTP, on the core alone."""

import pytest

from kassa.kernel.events import publish
from kassa.testing.builders import line
from kassa_flask import create_app

URL = "https://93.184.216.34/kassa"


@pytest.fixture
def office(core_shop, key_of, call_with):
    """An administrator of the shop."""
    return call_with(create_app(core_shop.engine), key_of("administrator"))


def test_a_webhook_is_made_changed_and_deleted(office, expect_problem):
    made = office.post("/v1/webhooks", {"name": "Shop", "url": URL, "types": ["sales.*"]})
    assert made.status_code == 201, made.text
    body = made.get_json()
    place = made.headers["Location"]
    assert place == f"/v1/webhooks/{body['id']}"
    read = office.get(place)
    assert "secret" not in read.get_json()
    changed = office.patch(place, {"types": ["stock.*"]}, headers={"If-Match": read.headers["ETag"]})
    assert (changed.status_code, changed.get_json()["types"]) == (200, ["stock.*"])
    expect_problem(office.patch(place, {"types": ["*"]}, headers={"If-Match": read.headers["ETag"]}), 412)
    assert office.post(f"{place}/pause").get_json()["state"] == "paused"
    assert office.post(f"{place}/secret", {}).get_json()["secret"] != body["secret"]
    assert office.post(f"{place}/ping").status_code == 200
    assert office.get(f"{place}/deliveries").get_json() == {"items": [], "next": None}
    assert office.send("DELETE", place).status_code == 200
    expect_problem(office.get(place), 404)
    problem = expect_problem(office.post("/v1/webhooks", {"name": "x", "url": "https://10.0.0.1/", "types": ["*"]}), 422, "WEBHOOK_TARGET")
    assert problem["issues"][0]["pointer"] == "/url"


def test_events_are_a_feed(office, core_shop):
    core_shop.order(line("LAMP", "1"), customer="C0001")
    publish(core_shop.engine)
    page = office.get("/v1/events?type=sales.*&limit=1").get_json()
    (event,) = page["items"]
    assert (event["specversion"], event["type"], event["legalentity"]) == ("1.0", "sales.order_created", core_shop.legal_entity_id)
    assert office.get(f"/v1/events/{event['id']}").get_json() == event
    assert office.get(f"/v1/events?type=sales.*&behind={event['sequence']}").get_json()["items"] == []
    assert "sales.order_created" in {item["name"] for item in office.get("/v1/events/types?limit=500").get_json()["items"]}


def test_schedules_and_workers_are_looked_at(office):
    names = [item["name"] for item in office.get("/v1/schedules").get_json()["items"]]
    assert names == ["cleaning.nightly", "sales.expire_drafts", "stock.tend_reservations"]
    assert office.post("/v1/schedules/cleaning.nightly/pause").get_json()["state"] == "paused"
    status = office.get("/v1/worker").get_json()
    assert (status["schedules"]["paused"], status["workers"]) == (1, [])


def test_a_document_and_its_proofs_are_read(office, core_shop):
    order = core_shop.order(line("LAMP", "1"), customer="C0001")["number"]
    core_shop.deliver(order)
    (invoice,) = core_shop.invoice(order)
    story = office.get(f"/v1/evidence/documents/{invoice['number']}").get_json()
    assert {document["kind"] for document in story["documents"]} == {"order", "packing_slip", "invoice"}
    assert office.get("/v1/evidence/anchor").get_json()["heads"][0]["sequence"] >= 1
