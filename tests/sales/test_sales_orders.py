"""Orders that are delivered and invoiced later, in parts, several on one invoice, and how their header follows."""

import pytest


def state(shop, order):
    """The state of an order."""
    return shop.do("sales.read_order", order=order["number"])["state"]


def progress(shop, order):
    """What was delivered and invoiced of each line of an order."""
    return [(line["delivered"], line["invoiced"]) for line in shop.do("sales.read_order", order=order["number"])["lines"]]


def count(shop, table):
    """How many rows a table has."""
    return shop.rows(f"SELECT count(*) FROM {table}")[0][0]


def test_an_order_promises_and_books_nothing(shop):
    product = shop.product("10.00")
    before = {table: count(shop, table) for table in ("ledger_voucher", "ledger_open_item", "stock_transaction", "payments_payment")}
    order = shop.order((product, "6"), reference=f"WEB-{shop.store}")
    assert (order["state"], order["version"], order["total"]) == ("open", 1, "72.60")
    assert {table: count(shop, table) for table in before} == before
    assert shop.on_hand(product)[0] == 100_000
    assert shop.do("sales.read_order", order=f"WEB-{shop.store}")["id"] == order["id"]


def test_goods_leave_with_the_slip_and_money_is_owed_with_the_invoice(shop):
    product = shop.product("10.00", cost="6.00")
    order = shop.order((product, "6"))
    slip = shop.deliver(order, lines=[(1, "4")])
    assert (slip["number"], slip["order"], slip["lines"]) == (f"PS-{shop.store}-000001", order["number"], [{"line": 1, "product": product, "quantity": "4"}])
    assert (state(shop, order), progress(shop, order)) == ("partly_delivered", [("4", "0")])
    assert shop.on_hand(product) == (96_000, 57_600, 2400)
    assert shop.entries(slip["id"]) == []
    invoice = shop.invoice(order)
    assert (invoice["total"], [line["quantity"] for line in invoice["lines"]]) == ("48.40", ["4"])
    assert shop.entries(invoice["id"]) == [("1100", 4840), ("1300", -2400), ("2200", -840), ("4000", -4000), ("5000", 2400)]
    assert shop.open_items(invoice["id"]) == [("invoice", 4840, 4840)]
    assert shop.on_hand(product) == (96_000, 57_600, 0)
    assert (state(shop, order), progress(shop, order)) == ("partly_invoiced", [("4", "4")])
    shop.deliver(order)
    last = shop.invoice(order)
    assert (last["total"], state(shop, order), progress(shop, order)) == ("24.20", "invoiced", [("6", "6")])


def test_the_header_follows_its_lines_whatever_comes_first(shop):
    first, second = shop.product(), shop.product()
    order = shop.order((first, "2"), (second, "1"))
    states = [order["state"]]
    for act in (
        lambda: shop.deliver(order, lines=[(1, "1")]),
        lambda: shop.deliver(order),
        lambda: shop.invoice(order, lines=[(2, "1")]),
        lambda: shop.invoice(order),
    ):
        act()
        states.append(state(shop, order))
    assert states == ["open", "partly_delivered", "delivered", "partly_invoiced", "invoiced"]
    assert shop.do("sales.read_order", order=order["number"])["version"] == 5


def test_basis_all_delivers_the_rest_while_invoicing(shop):
    product = shop.product("10.00", cost="6.00")
    order = shop.order((product, "5"))
    shop.deliver(order, lines=[(1, "2")])
    invoice = shop.invoice(order, quantity_basis="all")
    assert ([line["quantity"] for line in invoice["lines"]], state(shop, order), shop.on_hand(product)[0]) == (["5"], "invoiced", 95_000)
    slips = shop.rows("SELECT d.document_id FROM sales_packing_slip d WHERE d.order_id = ?", order["id"])
    assert len(slips) == 2


def test_a_service_is_invoiced_without_a_slip(shop):
    order = shop.order((shop.product("35.00", kind="service"), "2"))
    part = shop.invoice(order, lines=[(1, "0.5")])
    assert (part["net"], state(shop, order)) == ("17.50", "partly_invoiced")
    assert (shop.invoice(order)["net"], state(shop, order)) == ("52.50", "invoiced")


@pytest.mark.rule("INV-10")
def test_only_what_was_received_is_invoiced_and_the_order_stays_open(shop):
    first, second = shop.product("90.00"), shop.product("50.00")
    order = shop.order((first, "-1"), (second, "-1"))
    shop.deliver(order, lines=[(1, "1")])
    refusal = shop.refused("sales.post_invoices", {"orders": [{"order": order["number"], "lines": [{"line": 2, "quantity": "1"}]}]})
    assert (refusal.code, refusal.issues[0].expected) == ("INV_QUANTITY_NOT_DELIVERED", {"invoiceable": "0"})
    note = shop.invoice(order)
    assert (note["type"], [(line["line"], line["product"]) for line in note["lines"]]) == ("credit_note", [(1, first)])
    assert (state(shop, order), progress(shop, order)) == ("partly_invoiced", [("-1", "-1"), ("0", "0")])
    assert shop.refused("sales.post_invoices", {"orders": [{"order": order["number"]}]}).code == "INV_NOTHING_TO_POST"


def test_charges_are_invoiced_once_with_the_first_invoice(shop):
    product = shop.product("10.00")
    order = shop.order((product, "2"), charges=[{"code": "freight", "amount": "4.95"}])
    shop.deliver(order)
    first = shop.invoice(order, lines=[(1, "1")])
    second = shop.invoice(order)
    assert [charge["amount"] for charge in first["charges"]] == ["4.95"]
    assert (second["charges"], first["total"], second["total"], state(shop, order)) == ([], "17.05", "12.10", "invoiced")


def test_choosing_no_line_is_not_choosing_all(shop):
    order = shop.order((shop.product("10.00"), "2"), charges=[{"code": "freight", "amount": "4.95"}])
    shop.deliver(order)
    invoice = shop.invoice(order, lines=[])
    assert (invoice["lines"], invoice["total"], progress(shop, order)) == ([], "4.95", [("2", "0")])
    refusal = shop.refused("sales.post_invoices", {"orders": [{"order": order["number"], "lines": []}]})
    assert refusal.code == "INV_NOTHING_TO_POST"
    assert shop.refused("sales.post_packing_slip", {"order": shop.order((shop.product(), "1"))["number"], "lines": []}).status == 422


def test_charges_may_be_invoiced_before_anything_is_delivered(shop):
    order = shop.order((shop.product("10.00"), "2"), charges=[{"code": "freight", "amount": "4.95"}])
    assert shop.invoice(order, lines=[])["total"] == "4.95"
    assert state(shop, order) == "partly_invoiced"
    shop.deliver(order)
    assert state(shop, order) == "partly_invoiced"
    assert (shop.invoice(order)["total"], state(shop, order)) == ("24.20", "invoiced")


def test_several_orders_of_a_customer_are_one_invoice(shop):
    customer, first, second = shop.customer(), shop.product("10.00"), shop.product("20.00", tax="REDUCED")
    orders = [
        shop.order((first, "1"), customer=customer, charges=[{"code": "freight", "amount": "1.00"}]),
        shop.order((second, "2"), (first, "-1"), customer=customer),
    ]
    for order in orders:
        shop.deliver(order)
    answer = shop.do("sales.post_invoices", orders=[{"order": order["number"]} for order in orders], together=True)
    (invoice,) = answer["invoices"]
    assert [(line["line"], line["product"], line["quantity"]) for line in invoice["lines"]] == [(1, first, "1"), (2, second, "2"), (3, first, "-1")]
    assert (invoice["total"], [state(shop, order) for order in orders]) == ("44.60", ["invoiced", "invoiced"])
    assert shop.open_items(invoice["id"]) == [("invoice", 4460, 4460)]
    sql = "SELECT DISTINCT order_id FROM sales_invoice_line WHERE document_id = ?"
    assert {row[0] for row in shop.rows(sql, invoice["id"])} == {order["id"] for order in orders}


def test_several_orders_may_be_invoiced_one_by_one_in_one_act(shop):
    product = shop.product("10.00")
    orders = [shop.order((product, quantity)) for quantity in ("1", "-2", "3")]
    for order in orders:
        shop.deliver(order)
    invoices = shop.do("sales.post_invoices", orders=[{"order": order["number"]} for order in orders])["invoices"]
    assert [(invoice["type"], invoice["total"]) for invoice in invoices] == [("invoice", "12.10"), ("credit_note", "-24.20"), ("invoice", "36.30")]
    assert [invoice["number"] for invoice in invoices] == [f"INV-{shop.store}-000001", f"CN-{shop.store}-000001", f"INV-{shop.store}-000002"]


def test_all_orders_of_an_act_are_invoiced_or_none(shop):
    ready, open_order = shop.order((shop.product(), "1")), shop.order((shop.product(), "1"))
    shop.deliver(ready)
    before = shop.tables()
    refusal = shop.refused("sales.post_invoices", {"orders": [{"order": ready["number"]}, {"order": open_order["number"]}]})
    assert (refusal.code, refusal.issues[0].document) == ("INV_NOTHING_TO_POST", open_order["id"])
    assert shop.tables() == before


def test_one_invoice_has_one_customer(shop):
    orders = [shop.order((shop.product(), "1"), customer=shop.customer()) for _ in range(2)]
    for order in orders:
        shop.deliver(order)
    refusal = shop.refused("sales.post_invoices", {"orders": [{"order": order["number"]} for order in orders], "together": True})
    assert (refusal.code, refusal.issues[0].pointer) == ("INV_PARTY_MIXED", "/orders")


@pytest.mark.parametrize("together", [False, True])
def test_an_order_that_is_named_twice_is_not_invoiced_twice(shop, together):
    order = shop.order((shop.product("10.00"), "1"), charges=[{"code": "freight", "amount": "1.00"}])
    shop.deliver(order)
    before = shop.tables()
    refusal = shop.refused("sales.post_invoices", {"orders": [{"order": order["number"]}, {"order": order["id"]}], "together": together})
    assert (refusal.status, refusal.issues[0].pointer) == (422, "/orders/1/order")
    assert shop.tables() == before


def test_a_line_that_is_named_twice_is_refused(shop):
    order = shop.order((shop.product(), "3"))
    twice = [{"line": 1, "quantity": "1"}, {"line": 1, "quantity": "2"}]
    refusal = shop.refused("sales.post_packing_slip", {"order": order["number"], "lines": twice})
    assert (refusal.status, refusal.issues[0].pointer) == (422, "/lines/1/line")
    shop.deliver(order)
    refusal = shop.refused("sales.post_invoices", {"orders": [{"order": order["number"], "lines": twice}]})
    assert (refusal.status, refusal.issues[0].pointer) == (422, "/orders/0/lines/1/line")


def test_a_line_that_is_not_there_is_named(shop):
    order = shop.order((shop.product(), "3"))
    lines = [{"line": 1, "quantity": "1"}, {"line": 2, "quantity": "1"}]
    refusal = shop.refused("sales.post_packing_slip", {"order": order["number"], "lines": lines})
    assert [(issue.code, issue.pointer, issue.got) for issue in refusal.issues] == [("SALES_LINE_UNKNOWN", "/lines/1/line", "2")]
    refusal = shop.refused("sales.post_invoices", {"orders": [{"order": order["number"], "lines": lines}]})
    assert [(issue.code, issue.pointer) for issue in refusal.issues] == [("SALES_LINE_UNKNOWN", "/orders/0/lines/1/line")]


@pytest.mark.parametrize("quantity", ["-1", "0"])
def test_quantities_of_lines_are_positive(shop, quantity):
    order = shop.order((shop.product(), "3"))
    refusal = shop.refused("sales.post_packing_slip", {"order": order["number"], "lines": [{"line": 1, "quantity": quantity}]})
    assert (refusal.status, refusal.issues[0].pointer) == (422, "/lines/0/quantity")


def test_no_more_is_delivered_or_invoiced_than_there_is(shop):
    order = shop.order((shop.product(), "3"))
    refusal = shop.refused("sales.post_packing_slip", {"order": order["number"], "lines": [{"line": 1, "quantity": "3.001"}]})
    assert (refusal.code, refusal.issues[0].pointer, refusal.issues[0].expected) == ("SALES_QUANTITY_EXCEEDS_OPEN", "/lines/0/quantity", {"deliverable": "3"})
    shop.deliver(order, lines=[(1, "2")])
    lines = [{"line": 1, "quantity": "2.5"}]
    refusal = shop.refused("sales.post_invoices", {"orders": [{"order": order["number"], "lines": lines}]})
    assert (refusal.code, refusal.issues[0].expected, refusal.issues[0].got) == ("INV_QUANTITY_NOT_DELIVERED", {"invoiceable": "2"}, "2.5")


def test_what_is_finished_cannot_be_delivered_or_invoiced_again(shop):
    order = shop.order((shop.product(), "1"))
    shop.invoice(order, quantity_basis="all")
    assert shop.refused("sales.post_packing_slip", {"order": order["number"]}).code == "SALES_QUANTITY_EXCEEDS_OPEN"
    assert shop.refused("sales.post_invoices", {"orders": [{"order": order["number"]}]}).code == "INV_NOTHING_TO_POST"


def test_an_order_of_another_legal_entity_is_not_found(town, shop):
    foreign = town.shop("NL02")
    order = foreign.order((foreign.product(), "1"))
    for operation, command in (
        ("sales.read_order", {"order": order["number"]}),
        ("sales.post_packing_slip", {"order": order["id"]}),
        ("sales.post_invoices", {"orders": [{"order": order["number"]}]}),
    ):
        assert shop.refused(operation, command).status == 404


def test_the_invoice_takes_its_own_date_and_due_date(shop):
    order = shop.order((shop.product(), "1"), date="2026-02-27")
    shop.deliver(order, date="2026-02-28")
    invoice = shop.invoice(order, date="2026-03-01", due_date="2026-03-31")
    assert (invoice["date"], invoice["due_date"]) == ("2026-03-01", "2026-03-31")
    assert shop.rows("SELECT date FROM ledger_voucher WHERE document_id = ?", invoice["id"]) == [("2026-03-01",)]
