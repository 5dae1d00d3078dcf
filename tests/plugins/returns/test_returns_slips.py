"""Packing slips of returns: what is received as a whole, what it books, what it orders; and replacements before the goods come."""

import pytest

from kassa.kernel.invariants import verify


def registered(desk, disposition="RS", quantity="1", **more):
    """Sell pieces and register what comes back: product and RMA number."""
    customer, product, invoice = desk.sold_one(quantity, **more)
    rma = desk.come_back(customer, invoice)["rma_number"]
    desk.register(rma, disposition)
    return product, rma


@pytest.mark.rule("RET-39")
def test_a_packing_slip_takes_registered_lines_as_a_whole(desk):
    customer, product = desk.customer(), desk.product()
    invoice = desk.sell(customer, (product, "2"), (product, "3"), (product, "1"))
    rma = desk.come_back(customer, invoice)["rma_number"]
    path = f"/orders/{rma}/packing-slips"
    assert desk.refused(path, {}) == ["RET_NOT_REGISTERED"] * 3
    desk.register(rma, "RS", line=1)
    desk.register(rma, "RS", line=2)
    assert desk.refused(path, {"lines": [{"line": 3, "quantity": "1"}]}) == ["RET_NOT_REGISTERED"]
    assert desk.refused(path, {"lines": [{"line": 1, "quantity": "1"}]}) == ["RET_PARTIAL_SLIP"]
    assert desk.on_hand(product)[0] == 14_000
    desk.slip(rma, (2, "3"))
    assert (desk.on_hand(product)[0], desk.states(rma)[1]) == (17_000, ["registered", "received", "expected"])
    shown = desk.post(path, {})
    assert [w["code"] for w in shown["warnings"]] == ["RET_NOT_REGISTERED"]
    assert desk.states(rma)[1] == ["received", "received", "expected"]


@pytest.mark.rule("RET-40")
@pytest.mark.parametrize("code, group, posted", [("PLAIN", "AVERAGE", 0), ("PLAIN", "PHYSICAL", 0), ("BOOKS", "AVERAGE", 0), ("BOOKS", "PHYSICAL", 2)])
def test_a_packing_slip_books_where_product_and_setting_say_so(town, code, group, posted):
    desk = town.desk(code)
    _, rma = registered(desk, group=group)
    assert len(desk.entries(desk.slip(rma)["id"])) == posted


@pytest.mark.rule("RET-43", "S-6")
def test_goods_are_replaced_only_where_it_is_known_by_what(desk):
    product, rma = registered(desk, "EX")
    assert desk.refused(f"/orders/{rma}/packing-slips", {}) == ["RET_REPLACEMENT_ITEM_MISSING"]
    assert (desk.states(rma), desk.on_hand(product)[0], len(desk.get(f"/orders?key={rma}")["items"])) == (("open", ["registered"]), 19_000, 1)
    other = desk.product()
    desk.patch(f"/returns/{rma}/lines/1", replacement={"product": other, "quantity": "3"})
    slip = desk.slip(rma)
    assert desk.states(rma) == ("open", ["received"])
    assert desk.entries(slip["id"]) == [], "this store books nothing before the credit note"
    (made,) = (order for order in desk.get(f"/orders?key={rma}")["items"] if order["type"] == "sales")
    assert [(line["product"], line["quantity"]) for line in desk.get(f"/orders/{made['number']}")["lines"]] == [(other, "3")]


@pytest.mark.rule("RET-45")
def test_the_customers_own_packing_slip_is_kept_for_information(books):
    found = []
    for more in ({}, {"slip_reference": "PS-4711"}):
        customer, _, invoice = books.sold_one(group="PHYSICAL")
        rma = books.come_back(customer, invoice)["rma_number"]
        books.register(rma, "RS", **more)
        found.append((books.entries(books.slip(rma)["id"]), books.rma(rma)["lines"][0]["slip_reference"]))
    assert found[0][0] == found[1][0]
    assert [reference for _, reference in found] == [None, "PS-4711"]


@pytest.mark.rule("RET-46", "RET-47", "RET-48", "RET-49")
def test_a_replacement_before_the_goods_come_is_an_order_of_its_own(desk):
    customer, product, invoice = desk.sold_one("2")
    rma = desk.come_back(customer, invoice)["rma_number"]
    made = desk.post(f"/returns/{rma}/replacements", {"copy_lines": True})
    order = desk.get(f"/orders/{made['number']}")
    assert (order["customer"], [(line["product"], line["quantity"]) for line in order["lines"]]) == (customer, [(product, "2")])
    assert {found["id"] for found in desk.get(f"/orders?key={rma}")["items"]} == {made["id"]}
    assert desk.get(f"/orders/{rma}")["type"] == "returns.order"
    assert desk.refused(f"/returns/{rma}/registrations", {"lines": [{"line": 1, "disposition": "EX"}]}) == ["RET_REPLACEMENT_EXISTS"]
    desk.post(f"/orders/{made['number']}/line-cancellations", {"lines": [{"line": 1, "quantity": "1"}]})
    gone = desk.post(f"/orders/{made['number']}/cancellation", {})
    assert [w["code"] for w in gone["warnings"]] == ["RET_REPLACEMENT_CANCELLED"]
    assert desk.rma(rma)["replacements"] == []
    desk.register(rma, "EX")
    assert desk.refused(f"/returns/{rma}/replacements", {"copy_lines": True}) == ["RET_REPLACEMENT_LATE"]
    assert verify(desk.engine) == []
