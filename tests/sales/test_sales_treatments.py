"""What posting a line does to money and goods is told by a plugin: each way in which goods can come back books as it should."""

from types import SimpleNamespace

import pytest

from kassa.kernel import contributions as give
from kassa.kernel.clock import FixedClock
from kassa.kernel.engine import Engine
from kassa.kernel.errors import PluginError
from kassa.kernel.invariants import verify
from kassa.kernel.plugins import hookimpl
from kassa.sales.documents import Treatment

LOSS = "stock_adjustment"
WAYS = {
    "credit": Treatment(goods="receive", cost_source="source_lot"),
    "credit_at_cost": Treatment(goods="receive", cost_source="manual"),
    "credit_only": Treatment(goods="none", cost_source="source_lot", offset_role=LOSS),
    "credit_only_now": Treatment(goods="none", offset_role=LOSS),
    "scrap": Treatment(goods="receive_and_issue", cost_source="source_lot", offset_role=LOSS),
    "send_back": Treatment(money="none", goods="receive_and_issue", cost_source="source_lot"),
    "keep_for_nothing": Treatment(money="none", goods="receive", cost_source="source_lot"),
    "leave": Treatment(money="none", goods="none"),
    "wrong": Treatment(goods="issue"),
}
STEPS = "SELECT t.from_status, t.to_status, t.quantity FROM stock_transaction t WHERE t.document_id = ? ORDER BY t.lot_id, t.sequence"
SOURCE = "SELECT s.claimed, s.valued, s.net, s.cost, b.return_claimed, b.credited FROM sales_source s JOIN sales_invoice_line l "
SOURCE += "ON l.document_id = s.document_id AND l.number = s.number JOIN sales_line_balance b ON b.line_id = l.order_line_id WHERE s.document_id = ?"
SALE = [("1100", 9000), ("1300", -6000), ("4000", -10_000), ("4100", 1000), ("5000", 6000)]
MIRROR = [("1100", -9000), ("1300", 6000), ("4000", 10_000), ("4100", -1000), ("5000", -6000)]


def told(document, facts, context, way):
    """Treat what comes back as the test says at the moment, once it says so."""
    return None if way[0] is None else {line.id: WAYS[way[0]] for line in document.lines if line.quantity < 0}


@pytest.fixture
def desk(town):
    """A shop that books packing slips, with a plugin that decides how what comes back is treated: `desk.way[0]` names the way."""
    shop, way = town.shop("NL03"), [None]
    decision = give.Decision(name="desk.treat", question="treat_lines", answer=lambda *asked: told(*asked, way), summary="As told")
    plugin = SimpleNamespace(register_decisions=hookimpl(lambda: [decision]))
    engine = Engine.open(shop.engine.database.url, modules={"desk": plugin}, clock=FixedClock(shop.engine.clock.now()))
    shop.engine, shop.way = engine, way
    yield shop
    engine.close()


def sell_one(shop, group="AVERAGE", tax=None):
    """Sell one piece for 90.00 instead of 100.00, cost 60.00; the product and the number of the invoice."""
    product = shop.product("100.00", cost="60.00", stock="5", group=group, tax=tax)
    total = "108.90" if tax else "90.00"
    return product, shop.sell({"product": product, "quantity": "1", "discount": "10.00"}, payments=[("cash", total)])["invoice"]


def coming(shop, product, invoice, way, **more):
    """An order that takes one piece back by its invoice, treated in a way."""
    shop.way[0] = way
    return shop.order({"product": product, "quantity": "-1", "source": {"invoice": invoice, "line": 1}}, **more)


def credit(shop, order, **more):
    """Invoice an order; the document and what it booked."""
    note = shop.invoice(order, **more)
    return note, shop.entries(note["id"])


@pytest.mark.rule("P3", "P13")
@pytest.mark.parametrize("tax", [None, "STANDARD"])
def test_credit_with_the_invoice_is_the_mirror_of_the_sale(desk, tax):
    product, invoice = sell_one(desk, tax=tax)
    sale = desk.entries(desk.document("invoice", invoice))
    note, booked = credit(desk, coming(desk, product, invoice, "credit"), quantity_basis="all")
    assert (note["title"], booked) == ("Credit note", sorted((account, -amount) for account, amount in sale))
    assert ("2200", 1890) in booked if tax else (sale, booked) == (SALE, MIRROR)
    assert desk.on_hand(product) == (5000, 30_000, 0)


@pytest.mark.rule("P2", "INV-19")
def test_goods_that_come_back_are_booked_physically_until_the_credit_note(desk):
    product, invoice = sell_one(desk, group="PHYSICAL")
    order = coming(desk, product, invoice, "credit")
    assert desk.entries(desk.deliver(order)["id"]) == [("1310", 6000), ("1320", -6000)]
    assert credit(desk, order)[1] == sorted([*MIRROR, ("1310", -6000), ("1320", 6000)])


@pytest.mark.rule("P4", "RET-13")
def test_without_the_invoice_the_discount_and_the_difference_in_cost_are_lost(desk):
    product, _ = sell_one(desk)
    desk.way[0] = "credit_at_cost"
    order = desk.order({"product": product, "quantity": "-1", "unit_cost": "57.00"})
    assert credit(desk, order, quantity_basis="all")[1] == [("1100", -10_000), ("1300", 5700), ("4000", 10_000), ("5000", -5700)]
    assert desk.on_hand(product) == (5000, 29_700, 0)


@pytest.mark.rule("P5", "RET-41")
@pytest.mark.parametrize("group", ["AVERAGE", "PHYSICAL"])
def test_scrapped_goods_come_and_are_lost(desk, group):
    product, invoice = sell_one(desk, group)
    order = coming(desk, product, invoice, "scrap")
    slip = desk.deliver(order)
    assert desk.rows(STEPS, slip["id"]) == [("none", "received", 1000), ("none", "deducted", -1000)]
    assert desk.on_hand(product) == (4000, 24_000, 0)
    lost = [("1310", -6000), ("1310", 6000), ("1320", -6000), ("5100", 6000)]
    assert desk.entries(slip["id"]) == (lost if group == "PHYSICAL" else [])
    note, booked = credit(desk, order)
    undone = [(account, -amount) for account, amount in lost] if group == "PHYSICAL" else []
    assert booked == sorted([*MIRROR, ("1300", -6000), ("5100", 6000), *undone])
    assert desk.rows(STEPS, note["id"]) == [("received", "purchased", 1000), ("deducted", "sold", -1000)]
    assert verify(desk.engine) == []


@pytest.mark.rule("P6")
@pytest.mark.parametrize("way", ["credit_only", "credit_only_now"])
def test_credit_only_credits_and_books_the_loss_of_goods_that_never_come(desk, way):
    product, invoice = sell_one(desk)
    order = coming(desk, product, invoice, way)
    before = desk.on_hand(product)
    note, booked = credit(desk, order)
    assert booked == [("1100", -9000), ("4000", 10_000), ("4100", -1000), ("5000", -6000), ("5100", 6000)]
    assert (desk.rows(STEPS, note["id"]), desk.on_hand(product)) == ([], before)
    assert desk.do("sales.read_order", order=order["number"])["state"] == "invoiced"
    assert verify(desk.engine) == []


@pytest.mark.rule("P10", "P11", "RET-20", "RET-21")
@pytest.mark.parametrize("charge, receivable, income", [({"amount": "10.00"}, -8000, -1000), ({"rate": "-0.05", "line": 1}, -8550, -450)])
def test_a_fee_for_restocking_lowers_what_is_credited(desk, charge, receivable, income):
    product, invoice = sell_one(desk)
    note, booked = credit(desk, coming(desk, product, invoice, "credit", charges=[{"code": "handling", **charge}]), quantity_basis="all")
    rest = [entry for entry in MIRROR if entry[0] != "1100"]
    assert (note["type"], booked) == ("credit_note", sorted([*rest, ("1100", receivable), ("4200", income)]))
    assert desk.on_hand(product) == (5000, 30_000, 0)
    assert verify(desk.engine) == []


@pytest.mark.rule("P9", "RET-42")
def test_goods_that_go_back_to_the_customer_cost_a_fee_and_may_come_again(desk):
    product, invoice = sell_one(desk, group="PHYSICAL")
    order = coming(desk, product, invoice, "send_back", charges=[{"code": "handling", "amount": "15.00"}])
    slip = desk.deliver(order)
    assert desk.rows(STEPS, slip["id"]) == [("none", "received", 1000), ("none", "deducted", -1000)]
    assert desk.entries(slip["id"]) == []
    note, booked = credit(desk, order)
    assert (note["type"], note["total"], booked) == ("invoice", "15.00", [("1100", 1500), ("4200", -1500)])
    assert desk.on_hand(product) == (4000, 24_000, 0)
    assert desk.rows(SOURCE, desk.document("invoice", invoice)) == [(0, 0, 0, 0, 0, 0)]
    assert credit(desk, coming(desk, product, invoice, "credit"), quantity_basis="all")[0]["total"] == "-90.00"
    assert desk.rows(SOURCE, desk.document("invoice", invoice)) == [(1000, 1000, 9000, 6000, 0, 1000)]
    assert verify(desk.engine) == []


def test_goods_kept_for_nothing_do_not_come_again(desk):
    product, invoice = sell_one(desk)
    note, booked = credit(desk, coming(desk, product, invoice, "keep_for_nothing"), quantity_basis="all")
    assert (note["total"], booked) == ("0.00", [("1300", 6000), ("5000", -6000)])
    assert desk.rows(SOURCE, desk.document("invoice", invoice)) == [(1000, 0, 0, 6000, 0, 1000)]
    assert verify(desk.engine) == []


def test_a_line_that_nothing_is_done_with_gives_its_claim_back(desk):
    product, invoice = sell_one(desk)
    note, booked = credit(desk, coming(desk, product, invoice, "leave", charges=[{"code": "handling", "amount": "1.00"}]))
    assert (note["total"], booked) == ("1.00", [("1100", 100), ("4200", -100)])
    assert desk.rows(SOURCE, desk.document("invoice", invoice)) == [(0, 0, 0, 0, 0, 0)]


@pytest.mark.rule("P12", "INV-12")
def test_a_correction_stands_on_the_sides_of_the_sale_and_a_loss_does_not(desk):
    sides = "SELECT a.number, e.amount, e.correction FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id WHERE e.document_id = ? "
    sides += "ORDER BY a.number, e.amount"
    product, invoice = sell_one(desk)
    note, booked = credit(desk, coming(desk, product, invoice, "credit"), quantity_basis="all", correction=True)
    assert booked == MIRROR
    assert {bool(row[2]) for row in desk.rows(sides, note["id"])} == {True}
    product, invoice = sell_one(desk)
    note, booked = credit(desk, coming(desk, product, invoice, "scrap"), quantity_basis="all", correction=True)
    fresh = [(account, amount) for account, amount, correction in desk.rows(sides, note["id"]) if not correction]
    assert fresh == [("1300", -6000), ("5100", 6000)]
    assert sorted(booked) == sorted([*MIRROR, *fresh])


def test_what_happens_to_goods_may_be_decided_after_their_order_was_made(desk):
    product, invoice = sell_one(desk)
    order = coming(desk, product, invoice, "credit")
    desk.way[0] = "scrap"
    slip = desk.deliver(order)
    desk.way[0] = "credit"
    assert [row[1] for row in desk.rows(STEPS, slip["id"])] == ["received", "deducted"]
    assert ("5100", 6000) in credit(desk, order)[1]
    product, invoice = sell_one(desk)
    order = coming(desk, product, invoice, "credit")
    desk.way[0] = "send_back"
    note, booked = credit(desk, order, quantity_basis="all")
    assert (note["total"], booked) == ("0.00", [])
    assert desk.rows(SOURCE, desk.document("invoice", invoice)) == [(0, 0, 0, 0, 0, 0)]
    assert verify(desk.engine) == []


def test_a_treatment_that_does_not_fit_its_line_is_a_fault_of_the_plugin(desk):
    product, _ = sell_one(desk)
    desk.way[0] = "wrong"
    with pytest.raises(PluginError, match="ValueError"):
        desk.order((product, "-1"))
