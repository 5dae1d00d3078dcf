"""Carts, edits and charges over HTTP: versions as ETags, places of drafts, and answers that can be replayed."""

import pytest

from kassa.testing.builders import line
from kassa.testing.databases import kinds
from kassa.testing.ledger import assert_sound
from kassa_flask import HostConfig, create_app


@pytest.fixture(params=kinds())
def database_kind(request):
    """Both databases."""
    return request.param


@pytest.fixture
def office(core_shop, lines, call_with, key_of):
    """A caller who may do what a store manager may."""
    app = create_app(core_shop.engine, HostConfig(logger=lines.logger, rate_limit="", refusal_limit=""))
    return call_with(app, key_of("store_manager", store="S001", register="T1"))


def key(value):
    """The header of an idempotency key."""
    return {"Idempotency-Key": value}


def test_a_cart_from_its_first_line_to_the_order(core_shop, office, expect_problem):
    made = office.post("/v1/drafts", {"lines": [line("LAMP")]}, headers=key("cart-1"))
    assert made.status_code == 201, made.text
    place = made.headers["Location"]
    read = office.get(place)
    assert (read.status_code, read.get_json()["order"]["total"]) == (200, "100.00")
    expect_problem(office.patch(place, {"add_lines": [line("VASE")]}), 428, "PRECONDITION_REQUIRED")
    changed = office.patch(place, {"add_lines": [line("VASE")]}, headers={"If-Match": read.headers["ETag"]})
    assert (changed.status_code, changed.get_json()["order"]["total"]) == (200, "221.00")
    expect_problem(office.patch(place, {"remove_lines": [1]}, headers={"If-Match": read.headers["ETag"]}), 412, "PRECONDITION_FAILED")
    shown = office.post(f"{place}/confirmation?preview=true", {}).get_json()
    assert (shown["issues"], shown["result"]["total"], shown["result"]["number"]) == ([], "221.00", None)
    order = office.post(f"{place}/confirmation", {}, headers=key("cart-2"))
    assert (order.status_code, order.get_json()["state"]) == (200, "open"), order.text
    assert office.post(f"{place}/confirmation", {}, headers=key("cart-2")).headers["Idempotent-Replayed"] == "true"
    expect_problem(office.post(f"{place}/confirmation", {}, headers=key("cart-3")), 409, "SALES_DRAFT_CLOSED")
    assert [item["state"] for item in office.get("/v1/drafts").get_json()["items"]] == ["committed"]
    assert_sound(core_shop)


def test_an_edit_and_charges_of_an_order(core_shop, office, expect_problem):
    order = core_shop.order(line("LAMP", "2"), customer="C0001")["number"]
    edit = office.post(f"/v1/orders/{order}/edits", {}, headers=key("edit-1"))
    assert edit.status_code == 201, edit.text
    place = edit.headers["Location"]
    office.patch(place, {"change_lines": [{"line": 1, "quantity": "3"}]}, headers={"If-Match": office.get(place).headers["ETag"]})
    assert office.get(f"{place}/difference").get_json()["more"] == "100.00"
    assert office.post(f"{place}/confirmation", {}, headers=key("edit-2")).get_json()["total"] == "300.00"
    charged = office.post(f"/v1/orders/{order}/charges", {"charges": [{"code": "freight", "amount": "4.95"}]}, headers=key("charge-1"))
    assert (charged.status_code, charged.get_json()["total"]) == (201, "304.95")
    seen = office.get(f"/v1/orders/{order}").headers["ETag"]
    cheaper = office.patch(f"/v1/orders/{order}/charges/1", {"amount": "3.00"}, headers={"If-Match": seen})
    assert (cheaper.status_code, cheaper.get_json()["total"]) == (200, "303.00")
    assert office.send("DELETE", f"/v1/orders/{order}/charges/1").get_json()["charges"] == []
    cancelled = office.post(f"/v1/orders/{order}/cancellation", {}, headers=key("cancel-1"))
    assert cancelled.get_json()["order"]["state"] == "cancelled"
    expect_problem(office.post(f"/v1/orders/{order}/edits", {}, headers=key("edit-3")), 409, "SALES_EDIT_FORBIDDEN")
    assert_sound(core_shop)
