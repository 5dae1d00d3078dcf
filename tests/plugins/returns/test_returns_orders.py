"""Return orders: one record with their sales order, by RMA number; made by hand or from invoices; changed, cancelled, deleted."""

import pytest

from kassa.kernel.invariants import verify

ADDRESS = {"lines": ["Damrak 1"], "postal_code": "1012 LG", "city": "Amsterdam", "country": "NL"}


@pytest.mark.rule("RET-02", "RET-03", "INV-05")
def test_a_return_is_a_sales_order_that_its_rma_number_names_too(desk):
    customer, _, invoice = desk.sold_one()
    made = desk.come_back(customer, invoice)
    rma, number = made["rma_number"], made["number"]
    assert (rma[:4], number[:3], made["id"]) == ("RMA-", "SO-", desk.get(f"/orders/{number}")["id"])
    assert {desk.get(f"/orders/{key}")["id"] for key in (rma, number, made["id"])} == {made["id"]}
    assert {desk.get(f"/returns/{key}")["id"] for key in (rma, number, made["id"])} == {made["id"]}
    desk.patch(f"/returns/{number}", deadline="2026-12-31")
    order = desk.get(f"/orders/{rma}")
    assert (order["type"], order["extensions"]["returns.order"]["deadline"]) == ("returns.order", "2026-12-31")
    assert order["lines"][0]["extensions"]["returns.line"]["state"] == "expected"
    assert desk.send("GET", f"/returns/{desk.sold_order}").status_code == 404
    listed = [found["id"] for found in desk.get(f"/orders?type=returns.order&customer={customer}")["items"]]
    assert made["id"] not in listed
    desk.register(rma, "RS")
    assert [found["id"] for found in desk.get(f"/orders?type=returns.order&customer={customer}")["items"]] == [made["id"]]


@pytest.mark.rule("RET-04")
def test_the_deadline_follows_the_setting_and_can_be_moved(desk):
    customer, _, invoice = desk.sold_one()
    desk.set("returns.validity_days", "90")
    made = desk.come_back(customer, invoice)
    assert made["deadline"] == "2026-05-31"
    assert desk.patch(f"/returns/{made['rma_number']}", deadline="2026-03-01")["deadline"] == "2026-03-01"


@pytest.mark.rule("RET-05")
def test_a_customer_must_be_there(desk):
    line = desk.line(desk.product())
    assert desk.refused("/returns", {"store": desk.store, "lines": [line]}) == ["INPUT_MISSING"]
    assert desk.problem["issues"][0]["pointer"] == "/customer"
    assert "SALES_CUSTOMER_UNKNOWN" in desk.refused("/returns", {"store": desk.store, "customer": "NOBODY", "lines": [line]})
    assert desk.problem["issues"][0]["pointer"] == "/customer"


@pytest.mark.rule("RET-06")
def test_goods_go_to_the_organisation_the_warehouse_or_where_it_is_said(town):
    desk = town.desk(address=ADDRESS)
    place = desk.post("/warehouses", {"code": f"W{desk.store}", "name": "Returns", "kind": "non_store", "address": {**ADDRESS, "city": "Utrecht"}})
    customer, _, invoice = desk.sold_one()
    rma = desk.come_back(customer, invoice)["rma_number"]
    assert desk.rma(rma)["address"]["city"] == "Amsterdam"
    assert desk.patch(f"/returns/{rma}", warehouse=place["code"])["address"]["city"] == "Utrecht"
    assert desk.patch(f"/returns/{rma}", address={**ADDRESS, "city": "Delft"})["address"]["city"] == "Delft"
    assert desk.patch(f"/returns/{rma}", address=None)["address"]["city"] == "Utrecht"
    desk.register(rma, "RS")
    assert desk.refused(f"/returns/{rma}", {"warehouse": desk.warehouse}, method="PATCH") == ["RET_LINES_LOCKED"]


@pytest.mark.rule("RET-11", "RET-13")
def test_lines_from_invoices_of_any_store_have_what_their_sale_had(town, desk):
    other = town.desk()
    customer, product, first = desk.sold_one("2", tax="STANDARD")
    second = other.sell(customer, (other.product(), "1"))
    made = desk.come_back(customer, first, second)
    invoice = desk.get(f"/invoices/{first}")
    line = made["lines"][0]
    assert (line["product"], line["quantity"], line["unit_price"], line["discount"], line["cost"]) == (product, "-2", "100", "-20.00", "120.00")
    assert (line["net"], line["tax"], line["total"]) == tuple(f"-{invoice[name]}" for name in ("net", "tax", "total"))
    assert (line["source"], line["price_origin"], line["unreferenced"]) == ({"invoice": first, "line": 1}, "source_line", False)
    ((lot,),) = desk.rows("SELECT order_line_id FROM sales_invoice_line WHERE document_id = ?", invoice["id"])
    assert line["return_lot"] == lot
    assert made["lines"][1]["source"]["invoice"] == second


@pytest.mark.rule("RET-12", "S-13")
def test_no_more_comes_back_than_was_sold_by_whatever_channel(town, desk):
    customer, product, invoice = desk.sold_one("5")
    source = {"product": product, "source": {"invoice": invoice, "line": 1}}
    town.desk().post("/orders", {"store": desk.store, "customer": customer, "lines": [{**source, "quantity": "-3"}]})
    shown = desk.get(f"/orders/{desk.sold_order}/returnable-lines")["lines"]
    assert [(line["sold"], line["returned"], line["returnable"]) for line in shown] == [("5", "3", "2")]
    ask = {"store": desk.store, "customer": customer}
    assert desk.refused("/returns", {**ask, "lines": [{**source, "quantity": "-3"}]}) == ["RET_QTY_EXCEEDS_RETURNABLE"]
    assert desk.problem["issues"][0]["expected"] == {"sold": "5", "returned": "3", "returnable": "2"}
    made = desk.post("/returns", {**ask, "lines": [{**source, "quantity": "-2"}]})
    assert desk.refused("/returns", {**ask, "invoices": [{"invoice": invoice}]}) == ["RET_NO_CUSTOMER_PURCHASE"]
    desk.post(f"/returns/{made['rma_number']}/cancellation")
    assert desk.post("/returns", {**ask, "invoices": [{"invoice": invoice}]})["lines"][0]["quantity"] == "-2"


@pytest.mark.rule("RET-15")
def test_lines_are_added_while_nothing_came(desk):
    customer, product, invoice = desk.sold_one("3")
    rma = desk.come_back(customer, invoice, invoices=[{"invoice": invoice, "lines": [{"line": 1, "quantity": "1"}]}])["rma_number"]
    more = {"invoices": [{"invoice": invoice, "lines": [{"line": 1, "quantity": "1"}]}], "lines": [desk.line(product)]}
    added = desk.post(f"/returns/{rma}/lines", more)
    assert [(line["line"], line["quantity"], line["unreferenced"]) for line in added["lines"]] == [(1, "-1", False), (2, "-1", True), (3, "-1", False)]
    desk.register(rma, "RS")
    assert desk.refused(f"/returns/{rma}/lines", {"invoices": more["invoices"]}) == ["RET_LINES_LOCKED"]
    assert verify(desk.engine) == []


@pytest.mark.rule("RET-16")
def test_the_reason_changes_at_any_time(desk):
    for code in (f"A{desk.store}", f"B{desk.store}"):
        desk.post("/returns/reason-codes", {"code": code, "name": code})
    customer, _, invoice = desk.sold_one()
    rma = desk.come_back(customer, invoice, reason=f"A{desk.store}")["rma_number"]
    desk.register(rma, "RS")
    assert desk.patch(f"/returns/{rma}", reason=f"B{desk.store}")["reason"] == f"B{desk.store}"
    desk.credit(rma, quantity_basis="all")
    assert desk.patch(f"/returns/{rma}", reason=f"A{desk.store}")["reason"] == f"A{desk.store}"
    audit = desk.rows("SELECT operation FROM kernel_audit WHERE operation = 'returns.change' AND outcome = 'done'")
    assert len(audit) >= 2


@pytest.mark.rule("RET-17")
def test_quantities_are_negative(desk):
    customer, product, invoice = desk.sold_one()
    ask = {"store": desk.store, "customer": customer, "lines": [desk.line(product, "1")]}
    assert desk.refused("/returns", ask) == ["RET_POSITIVE_QTY"]
    rma = desk.come_back(customer, invoice)["rma_number"]
    assert desk.refused(f"/returns/{rma}/lines/1", {"quantity": "1"}, method="PATCH") == ["RET_POSITIVE_QTY"]


@pytest.mark.rule("RET-22")
def test_charges_of_the_sale_come_back_where_they_are_copied(desk):
    customer, product = desk.customer(), desk.product()
    charges = [{"code": "freight", "amount": "9.00"}, {"code": "handling", "amount": "4.00"}]
    invoice = desk.sell(customer, (product, "1"), charges=charges)
    assert desk.come_back(customer, invoice, invoices=[{"invoice": invoice, "lines": [{"line": 1, "quantity": "0.5"}]}])["charges"] == []
    made = desk.come_back(customer, invoice, copy_charges=True)
    rma = made["rma_number"]
    assert [(charge["code"], charge["amount"]) for charge in made["charges"]] == [("freight", "-9.00"), ("handling", "-4.00")]
    desk.post(f"/orders/{rma}/charges/1", None, method="DELETE")
    desk.patch(f"/orders/{rma}/charges/2", amount="-3.00")
    desk.register(rma, "RS")
    (note,) = desk.credit(rma, quantity_basis="all")
    assert note["total"] == "-53.00"


@pytest.mark.rule("RET-50")
def test_only_what_never_came_is_cancelled(desk):
    customer, _, invoice = desk.sold_one()
    rma = desk.come_back(customer, invoice)["rma_number"]
    gone = desk.post(f"/returns/{rma}/cancellation")
    assert (gone["state"], gone["order_state"], gone["total"]) == ("cancelled", "cancelled", "0.00")
    assert desk.rma(rma)["state"] == "cancelled"
    rma = desk.come_back(customer, invoice)["rma_number"]
    desk.register(rma, "RS")
    assert desk.refused(f"/returns/{rma}/cancellation") == ["RET_CANNOT_CANCEL"]
    assert desk.refused(f"/orders/{rma}/cancellation") == ["RET_CANNOT_CANCEL"]
    desk.credit(rma, quantity_basis="all")
    assert desk.states(rma)[0] == "closed"
    assert desk.refused(f"/returns/{rma}/cancellation") == ["RET_CANNOT_CANCEL"]
    assert verify(desk.engine) == []


@pytest.mark.rule("RET-51", "INV-10")
def test_the_header_closes_with_its_last_line(desk):
    customer, product = desk.customer(), desk.product()
    invoice = desk.sell(customer, (product, "1"), (product, "1"), (product, "1"))
    rma = desk.come_back(customer, invoice)["rma_number"]
    assert desk.post(f"/returns/{rma}/lines/3/cancellation")["lines"][2]["state"] == "cancelled"
    desk.register(rma, "RS", line=1)
    assert desk.refused(f"/returns/{rma}/lines/2/cancellation") == ["RET_CANNOT_CANCEL"]
    desk.slip(rma, (1, "1"))
    assert desk.credit(rma)[0]["total"] == "-100.00"
    assert desk.states(rma) == ("open", ["invoiced", "expected", "cancelled"])
    desk.register(rma, "RS", line=2)
    desk.slip(rma)
    desk.credit(rma)
    assert desk.states(rma) == ("closed", ["invoiced", "invoiced", "cancelled"])


@pytest.mark.rule("RET-52")
def test_deleting_shows_first_what_would_go(desk):
    customer, _, invoice = desk.sold_one("3")
    first, second = (desk.come_back(customer, invoice, invoices=[{"invoice": invoice, "lines": [{"line": 1, "quantity": "1"}]}]) for _ in "12")
    ask = {"returns": [first["rma_number"], second["number"]]}
    assert desk.post("/returns/deletions", ask) == {"returns": [first["rma_number"], second["rma_number"]], "deleted": False}
    assert desk.rma(first["rma_number"])["state"] == "created"
    assert desk.post("/returns/deletions", {**ask, "confirm": True})["deleted"] is True
    for made in (first, second):
        assert desk.send("GET", f"/returns/{made['rma_number']}").status_code == 404
    assert [found["id"] for found in desk.get(f"/returns?customer={customer}")["items"]] == []
    rma = desk.come_back(customer, invoice)["rma_number"]
    desk.register(rma, "RS")
    assert desk.refused("/returns/deletions", {"returns": [rma], "confirm": True}) == ["RET_CANNOT_CANCEL"]
    assert verify(desk.engine) == []


def test_changes_name_the_version_that_they_saw(desk):
    customer, _, invoice = desk.sold_one()
    rma = desk.come_back(customer, invoice)["rma_number"]
    stale = desk.send("GET", f"/returns/{rma}").headers["ETag"]
    desk.patch(f"/returns/{rma}", deadline="2026-12-31")
    assert desk.send("PATCH", f"/returns/{rma}", {"deadline": "2026-12-30"}, If_Match=stale).status_code == 412


def test_a_line_gets_less_and_its_sale_the_rest_back(desk):
    customer, _, invoice = desk.sold_one("3")
    rma = desk.come_back(customer, invoice)["rma_number"]
    assert desk.patch(f"/returns/{rma}/lines/1", quantity="-1")["total"] == "-90.00"
    assert desk.refused(f"/returns/{rma}/lines/1", {"quantity": "-2"}, method="PATCH") == ["RET_STATE"]
    assert desk.come_back(customer, invoice)["lines"][0]["quantity"] == "-2"
    assert verify(desk.engine) == []


def test_a_return_tells_its_actions_and_a_sale_none_of_them(desk):
    customer, _, invoice = desk.sold_one()
    rma = desk.come_back(customer, invoice)["rma_number"]
    told = {action["operation"]: action["possible"] for action in desk.get(f"/orders/{rma}/actions")["actions"]}
    assert (told["returns.register"], told["returns.cancel"]) == ("yes", "yes")
    sale = desk.get(f"/orders/{desk.sold_order}/actions")["actions"]
    assert [action for action in sale if action["plugin"] == "returns"] == []
