"""Deposits, refunds and drawers over HTTP, as a till and a back office call them."""

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
def caller(core_shop, lines, call_with):
    """Makes callers of the shop's API by their key."""
    app = create_app(core_shop.engine, HostConfig(logger=lines.logger, rate_limit="", refusal_limit=""))
    return lambda token: call_with(app, token)


def test_a_deposit_from_taking_to_giving_back(core_shop, key_of, caller, expect_problem):
    order = core_shop.order(line("LAMP"), customer="C0001")["number"]
    till, manager = caller(key_of("cashier", store="S001", register="T1")), caller(key_of("store_manager", store="S001", register="T1"))
    deposit = {"payments": [{"tender": "cash", "amount": "10.00"}]}
    taken = till.post(f"/v1/orders/{order}/deposits", deposit, headers={"Idempotency-Key": "d-1"})
    assert taken.status_code == 201, taken.text
    again = till.post(f"/v1/orders/{order}/deposits", deposit, headers={"Idempotency-Key": "d-1"})
    assert (again.data, again.headers["Idempotent-Replayed"]) == (taken.data, "true")
    number = taken.get_json()["payments"][0]["number"]
    assert number == "PAY-T1-000001"
    assert till.get(f"/v1/orders/{order}/deposits").get_json()["left"] == "10.00"
    back = {"payments": [{"tender": "cash", "amount": "10.00"}]}
    assert till.post(f"/v1/orders/{order}/deposits/refunds", back).status_code == 403
    body = expect_problem(manager.post(f"/v1/orders/{order}/cancellation", {}), 422, "SALES_DEPOSIT_LEFT")
    assert body["issues"][0]["got"] == "10.00"
    preview = manager.post(f"/v1/orders/{order}/deposits/refunds?preview=true", back).get_json()
    assert {entry["account"] for entry in preview["postings"]} == {"1001 Clearing cash", "2300 Customer prepayments"}
    assert manager.post(f"/v1/orders/{order}/deposits/refunds", back).get_json()["left"] == "0.00"
    assert manager.post(f"/v1/orders/{order}/cancellation", {}).get_json()["order"]["state"] == "cancelled"
    assert_sound(core_shop)


def test_refunds_voids_and_drawers(core_shop, key_of, caller, expect_problem):
    manager = caller(key_of("store_manager", store="S001", register="T1"))
    paid = manager.post("/v1/payments", {"customer": "C0001", "tender": "card", "amount": "25.00"}).get_json()["number"]
    refund = {"customer": "C0001", "tender": "card", "payment": paid, "amount": "5.00"}
    answer = manager.post("/v1/refunds", refund)
    assert (answer.status_code, answer.get_json()["state"]) == (201, "paid")
    expect_problem(manager.post(f"/v1/payments/{paid}/void", {}), 422, "PAYMENT_REFUND_EXCEEDS")
    other = manager.post("/v1/payments", {"customer": "C0001", "tender": "cash", "amount": "3.00"}).get_json()["number"]
    assert manager.post(f"/v1/payments/{other}/void", {}).get_json()["voids"] == other
    moved = manager.post("/v1/drawer-movements", {"type": "float_entry", "amount": "50.00"})
    assert (moved.status_code, moved.get_json()["register"]) == (201, "T1")
    assert manager.post("/v1/refund-runs", {}).status_code == 202
    assert manager.get("/v1/payment-intents").get_json() == {"items": [], "next": None}
    assert_sound(core_shop)
