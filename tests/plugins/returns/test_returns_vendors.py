"""What follows from goods that came back: they go to their vendor, and count off the sales agreement that they left by."""

import pytest

from kassa.kernel.invariants import verify


@pytest.mark.rule("RET-55")
def test_only_goods_on_the_shelf_go_back_to_their_vendor_once(desk):
    customer, product = desk.customer(), desk.product()
    invoice = desk.sell(customer, *((product, "1") for _ in range(3)))
    rma = desk.come_back(customer, invoice)["rma_number"]
    path = f"/returns/{rma}/vendor-returns"
    assert desk.get(f"/returns/{rma}/vendor-returnable-lines")["lines"] == []
    desk.register(rma, "RS", line=1)
    desk.register(rma, "SC", line=2)
    desk.slip(rma)
    offered = desk.get(f"/returns/{rma}/vendor-returnable-lines")["lines"]
    assert offered == [{"line": 1, "product": product, "quantity": "1"}]
    assert desk.refused(path, {"vendor": "V1", "lines": [2]}) == ["RET_NOT_FOR_VENDOR"]
    before = desk.on_hand(product)
    sent = desk.post(path, {"vendor": "V1"})
    assert (sent["lines"], desk.on_hand(product)[0]) == (offered, before[0] - 1000)
    assert desk.refused(path, {"vendor": "V1"}) == ["RET_NOT_FOR_VENDOR"]
    assert verify(desk.engine) == []


@pytest.mark.rule("RET-56")
def test_goods_that_come_back_count_off_the_agreement_that_they_left_by(desk):
    customer, product = desk.customer(), desk.product()
    code = f"A{desk.store}"
    desk.post("/returns/agreements", {"code": code, "customer": customer, "product": product, "committed": "100"})
    link = {"extensions": {"returns.agreement": {"agreement": code}}}
    lines = [{"product": product, "quantity": "5", **link}]
    assert desk.refused("/orders", {"store": desk.store, "customer": desk.customer(), "lines": lines}) == ["RET_AGREEMENT_UNKNOWN"]
    order = desk.post("/orders", {"store": desk.store, "customer": customer, "lines": lines})
    (invoice,) = desk.credit(order["number"], quantity_basis="all")
    assert desk.get(f"/returns/agreements/{code}")["fulfilled"] == "5"

    def back(quantity):
        return desk.come_back(customer, None, invoices=[{"invoice": invoice["number"], "lines": [{"line": 1, "quantity": quantity}]}])

    made = back("2")
    assert made["lines"][0]["agreement"] == code
    desk.register(made["rma_number"], "RS")
    assert desk.get(f"/returns/agreements/{code}")["fulfilled"] == "5"
    desk.slip(made["rma_number"])
    assert desk.get(f"/returns/agreements/{code}")["fulfilled"] == "3"
    free = back("1")["rma_number"]
    assert desk.patch(f"/returns/{free}/lines/1", agreement=None)["lines"][0]["agreement"] is None
    desk.register(free, "RS")
    desk.slip(free)
    assert desk.get(f"/returns/agreements/{code}")["fulfilled"] == "3"
    assert verify(desk.engine) == []
