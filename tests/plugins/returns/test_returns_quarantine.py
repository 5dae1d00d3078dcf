"""Inspection in quarantine: one order for each line, splits, codes that stay, and goods that go back to receiving."""

import pytest

from kassa.kernel.invariants import verify

ORDERS = "/returns/quarantine-orders"


def waiting(desk, quantity="1", **more):
    """Let goods come back and wait in quarantine: product, RMA number, number of the quarantine order."""
    desk.quarantine()
    customer, product, invoice = desk.sold_one(quantity)
    rma = desk.come_back(customer, invoice)["rma_number"]
    made = desk.post("/returns/arrivals", {"store": desk.store, "lines": [{"rma": rma, "line": 1, "quarantine": True}], **more})
    return product, rma, made["lines"][0]["quarantine_order"]


@pytest.mark.rule("RET-32")
def test_each_product_has_a_quarantine_order_of_its_own(desk):
    desk.quarantine()
    customer = desk.customer()
    invoice = desk.sell(customer, *((desk.product(), "1") for _ in range(10)))
    rma = desk.come_back(customer, invoice)["rma_number"]
    desk.post("/returns/arrivals", {"store": desk.store, "lines": [{"rma": rma, "line": n, "quarantine": True} for n in range(1, 11)]})
    found = desk.get(f"{ORDERS}?rma={rma}")["items"]
    assert (len(found), len({order["product"] for order in found}), {order["state"] for order in found}) == (10, 10, {"started"})


@pytest.mark.rule("RET-33", "S-4")
def test_a_quarantine_order_is_split_with_its_return_line(desk):
    desk.quarantine()
    customer, product, invoice = desk.sold_one("2")
    rma = desk.come_back(customer, invoice)["rma_number"]
    made = desk.post("/returns/arrivals", {"store": desk.store, "lines": [{"rma": rma, "line": 1, "quarantine": True}]})
    first = made["lines"][0]["quarantine_order"]
    second = desk.post(f"{ORDERS}/{first}/split", {"quantity": "1"})
    assert (second["quantity"], second["line"], desk.get(f"{ORDERS}/{first}")["quantity"]) == ("1", 2, "1")
    desk.post(f"{ORDERS}/{first}/ending", {"disposition": "RS"})
    desk.post(f"{ORDERS}/{second['number']}/ending", {"disposition": "SC"})
    desk.slip(rma)
    (note,) = desk.credit(rma)
    assert note["total"] == "-180.00"
    assert desk.entries(note["id"]) == [
        ("1100", -18_000), ("1300", -6000), ("1300", 12_000), ("4000", 20_000), ("4100", -2000), ("5000", -12_000), ("5150", 6000),
    ]  # fmt: skip
    assert desk.on_hand(product) == (19_000, 114_000)
    assert desk.states(rma) == ("closed", ["invoiced", "invoiced"])
    assert verify(desk.engine) == []


def test_ten_become_seven_and_three(desk):
    _, rma, order = waiting(desk, "10")
    other = desk.post(f"{ORDERS}/{order}/split", {"quantity": "3"})
    desk.post(f"{ORDERS}/{order}/ending", {"disposition": "RS"})
    desk.post(f"{ORDERS}/{other['number']}/ending", {"disposition": "SC"})
    assert [(line["quantity"], line["disposition"]) for line in desk.rma(rma)["lines"]] == [("-7", "RS"), ("-3", "SC")]
    assert desk.refused(f"{ORDERS}/{order}/split", {"quantity": "1"}) == ["STATE_FORBIDS"]


@pytest.mark.rule("RET-34", "RET-35", "RET-36", "RET-38")
def test_what_is_reported_as_finished_waits_for_a_new_arrival_with_the_code_that_was_decided(desk):
    product, rma, order = waiting(desk)
    arrival = desk.post(f"{ORDERS}/{order}/report", {"disposition": "RS"})
    assert (arrival["state"], arrival["type"], desk.get(f"{ORDERS}/{order}")["state"]) == ("open", "inspected", "reported")
    assert desk.states(rma) == ("open", ["quarantine"])
    path = f"/returns/arrivals/{arrival['number']}/posting"
    assert desk.refused(path, {"disposition": "SC"}) == ["RET_CODE_FROZEN"]
    assert desk.refused(f"{ORDERS}/{order}/ending", {"disposition": "SC"}) == ["RET_CODE_FROZEN"]
    assert desk.post(path, {"disposition": "RS"})["state"] == "posted"
    assert (desk.states(rma)[1], desk.get(f"{ORDERS}/{order}")["state"]) == (["registered"], "ended")
    assert desk.on_hand(product)[0] == 19_000
    desk.slip(rma)
    assert desk.on_hand(product) == (20_000, 120_000)
    desk.credit(rma)
    assert verify(desk.engine) == []


@pytest.mark.rule("RET-34")
def test_what_is_ended_is_registered_at_once(desk):
    _, rma, order = waiting(desk)
    assert desk.post(f"{ORDERS}/{order}/ending", {"disposition": "RP"})["state"] == "ended"
    assert desk.states(rma) == ("open", ["registered"])
    assert desk.refused(f"/returns/{rma}/lines/1", {"disposition": "SC"}, method="PATCH") == ["RET_STATE"]


def test_an_inspection_can_be_begun_later_or_not_at_all(desk):
    _, rma, order = waiting(desk, start_inspection=False)
    assert desk.get(f"{ORDERS}/{order}")["state"] == "created"
    assert desk.refused(f"{ORDERS}/{order}/ending", {"disposition": "RS"}) == ["STATE_FORBIDS"]
    desk.post(f"{ORDERS}/{order}", None, method="DELETE")
    assert desk.send("GET", f"{ORDERS}/{order}").status_code == 404
    assert desk.states(rma) == ("created", ["expected"])
    made = desk.post("/returns/arrivals", {"store": desk.store, "lines": [{"rma": rma, "line": 1, "quarantine": True}], "start_inspection": False})
    order = made["lines"][0]["quarantine_order"]
    assert desk.post(f"{ORDERS}/{order}/start")["state"] == "started"
    assert desk.refused(f"{ORDERS}/{order}", None, method="DELETE") == ["STATE_FORBIDS"]
    desk.post(f"{ORDERS}/{order}/ending", {"disposition": "RS"})
    desk.post(f"{ORDERS}/{order}", None, method="DELETE")
    assert verify(desk.engine) == []
