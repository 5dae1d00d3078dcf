"""Goods that come back name the invoice line of their sale: they get its amounts back, and no more comes back than was sold."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from kassa.kernel.clock import FixedClock
from kassa.kernel.engine import Engine
from kassa.kernel.errors import KassaError
from kassa.kernel.invariants import verify
from kassa.kernel.permissions import SYSTEM

CLAIMED = "SELECT claimed, valued, net, cost FROM sales_source WHERE document_id = ? AND number = ?"
COUNTED = (
    "SELECT b.invoiced, b.return_claimed, b.credited FROM sales_line_balance b JOIN sales_order_line l ON l.id = b.line_id "
    "WHERE l.document_id = ? AND l.number = 1"
)
MARKS = "SELECT unreferenced FROM sales_order_line WHERE document_id = ? ORDER BY number"


def back(product, quantity, invoice, line=1, **more):
    """A line that takes goods back by the line of an invoice."""
    return {"product": product, "quantity": quantity, "source": {"invoice": invoice, "line": line}, **more}


@pytest.fixture
def lamp(shop):
    """A product at 100.00 with 21 % of tax, of which a piece costs 60.00."""
    return shop.product("100.00", cost="60.00", stock="20")


@pytest.fixture
def sold(shop, lamp):
    """Five lamps less 50.01, paid by card."""
    return shop.sell({"product": lamp, "quantity": "5", "discount": "50.01"}, payments=[("card", "544.49")])


@pytest.mark.rule("RET-11", "RET-13")
def test_what_comes_back_has_the_price_the_discount_the_tax_and_the_cost_of_its_sale(shop, lamp, sold):
    shop.do("catalog.enter_prices", price_list="RETAIL", prices=[{"product": lamp, "unit_price": "333.00", "from_date": "2026-03-01"}])
    shop.stock(lamp, "35", "90.00")
    note = shop.sell(back(lamp, "-5", sold["invoice"]), payments=[("card", "-544.49")])
    assert (note["type"], note["net"], note["tax"], note["total"]) == ("credit_note", "-449.99", "-94.50", "-544.49")
    (line,) = note["lines"]
    assert (line["unit_price"], line["discount"], line["unreferenced"]) == ("100", "-50.01", False)
    assert line["source"] == {"invoice": sold["invoice"], "line": 1}
    booked = [shop.entries(shop.document("invoice", number)) for number in (sold["invoice"], note["invoice"])]
    assert booked[1] == sorted((account, -amount) for account, amount in booked[0])
    order = shop.do("sales.read_order", order=sold["number"])
    assert (order["lines"][0]["returned"], order["lines"][0]["unreferenced"]) == ("5", False)
    assert shop.do("sales.read_invoice", invoice=note["invoice"])["lines"][0]["source"] == line["source"]
    assert verify(shop.engine) == []


@pytest.mark.rule("RET-12")
def test_no_more_comes_back_than_was_sold(shop, lamp, sold):
    shop.order(back(lamp, "-3", sold["invoice"]))
    before = shop.tables()
    refusal = shop.refused("sales.create_order", {"store": shop.store, "lines": [back(lamp, "-3", sold["invoice"])]})
    (issue,) = refusal.issues
    assert (refusal.status, issue.code, issue.pointer, issue.got) == (422, "RET_QTY_EXCEEDS_RETURNABLE", "/lines/0/quantity", "3")
    assert issue.expected == {"sold": "5", "returned": "3", "returnable": "2"}
    assert issue.message.endswith("3 asked, 2 can still be returned (5 sold, 3 returned).")
    assert shop.tables() == before
    assert shop.sell(back(lamp, "-2", sold["invoice"]), payments=[("cash", "-217.80")])["type"] == "credit_note"
    assert shop.rows(COUNTED, sold["id"]) == [(5000, 3000, 2000)]
    assert verify(shop.engine) == []


def test_the_lines_of_one_order_count_together(shop, lamp, sold):
    lines = [back(lamp, quantity, sold["invoice"]) for quantity in ("-2", "-2", "-1.001")]
    (issue,) = shop.refused("sales.create_order", {"store": shop.store, "lines": lines}).issues
    assert (issue.pointer, issue.expected["returnable"]) == ("/lines/2/quantity", "1")
    order = shop.order(*lines[:2], back(lamp, "-1", sold["invoice"]))
    assert (order["net"], order["tax"], order["total"]) == ("-449.99", "-94.50", "-544.49")


def test_a_unit_comes_back_once_however_many_ask_at_the_same_moment(shop, lamp):
    sold = shop.sell((lamp, "1"), payments=[("card", "121.00")])
    command = shop.sale(back(lamp, "-1", sold["invoice"]), payments=[("cash", "-121.00")])
    rival = Engine.open(shop.engine.database.url, modules={}, clock=FixedClock(shop.engine.clock.now()))
    barrier = threading.Barrier(8)

    def act(number):
        barrier.wait(timeout=60)
        try:
            return rival.perform("sales.sell", command, actor=SYSTEM, key=f"back-{shop.store}-{number}", legal_entity_id=shop.entity).status
        except KassaError as error:
            return (error.status, error.code)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(act, range(8)))
    rival.close()
    assert answers.count(201) == 1
    assert {answer for answer in answers if answer != 201} <= {(422, "RET_QTY_EXCEEDS_RETURNABLE"), (409, "LOST_RACE"), (409, "KEY_TAKEN")}
    assert shop.rows(COUNTED, sold["id"]) == [(1000, 0, 1000)]
    assert verify(shop.engine) == []


def test_one_return_takes_back_of_several_invoices_of_several_stores_and_names_each(town, shop, lamp):
    customer, other = shop.customer(), town.shop()
    other.stock(lamp, "5", "60.00")
    invoices = [place.sell((lamp, "1"), customer=customer)["invoice"] for place in (shop, other)]
    note = shop.sell(*(back(lamp, "-1", invoice) for invoice in invoices), customer=customer)
    assert [line["source"]["invoice"] for line in note["lines"]] == invoices
    assert note["total"] == "-242.00"
    assert shop.on_hand(lamp)[0] == 21_000
    dimensions = (
        "SELECT s.canonical, sum(e.amount) FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id "
        "JOIN ledger_dimension_set s ON s.id = e.dimension_set_id WHERE e.document_id = ? AND a.number = ? GROUP BY s.canonical"
    )
    revenue, inventory = (dict(shop.rows(dimensions, shop.document("invoice", note["invoice"]), account)) for account in ("4000", "1300"))
    assert revenue == {f"store={shop.store}": 10_000, f"store={other.store}": 10_000}
    assert inventory == {f"store={shop.store}": 12_000}


def test_the_store_that_takes_back_may_bear_it(town, lamp):
    shop, other = town.shop("NL02"), town.shop("NL02")
    town.set("sales.use_return_store_dimensions", "legal_entity", shop.entity, "true")
    mug = other.product("10.00", tax=None)
    sold = other.sell((mug, "1"), payments=[("cash", "10.00")])
    note = shop.sell(back(mug, "-1", sold["invoice"]), payments=[("cash", "-10.00")])
    used = "SELECT DISTINCT s.canonical FROM ledger_entry e JOIN ledger_dimension_set s ON s.id = e.dimension_set_id WHERE e.document_id = ?"
    assert shop.rows(used, shop.document("invoice", note["invoice"])) == [(f"store={shop.store}",)]


def refusals(shop, lamp, sold):
    """Lines that cannot take back what they name, with the code and the place of the refusal."""
    vase, invoice = shop.product("5.00"), sold["invoice"]
    note = shop.sell(back(lamp, "-1", invoice), payments=[("cash", "-108.90")])
    return {
        "no invoice": (back(lamp, "-1", "INV-404"), "SALES_SOURCE_UNKNOWN", "/lines/0/source/invoice"),
        "no line": (back(lamp, "-1", invoice, 2), "SALES_SOURCE_UNKNOWN", "/lines/0/source/line"),
        "sold again": (back(lamp, "1", invoice), "SALES_SOURCE_SIGN", "/lines/0/quantity"),
        "a credit note": (back(lamp, "-1", note["invoice"]), "SALES_SOURCE_SIGN", "/lines/0/quantity"),
        "another product": (back(vase, "-1", invoice), "SALES_SOURCE_PRODUCT", "/lines/0/product"),
        "another price": (back(lamp, "-1", invoice, unit_price="7"), "SALES_SOURCE_PRICE", "/lines/0/unit_price"),
        "another discount": (back(lamp, "-1", invoice, discount="-1.00"), "SALES_SOURCE_PRICE", "/lines/0/discount"),
        "another cost": (back(lamp, "-1", invoice, unit_cost="7"), "SALES_SOURCE_PRICE", "/lines/0/unit_price"),
    }


def test_what_cannot_be_taken_back_is_refused_at_its_place(shop, lamp, sold):
    for line, code, pointer in refusals(shop, lamp, sold).values():
        refusal = shop.refused("sales.create_order", {"store": shop.store, "lines": [line]})
        assert (code, pointer) in {(issue.code, issue.pointer) for issue in refusal.issues}
        assert refusal.status == 422


def test_goods_of_a_customer_come_back_from_that_customer(shop, lamp):
    ada, bob = shop.customer(), shop.customer()
    invoice = shop.sell((lamp, "1"), customer=ada)["invoice"]
    for more in ({}, {"customer": bob}):
        refusal = shop.refused("sales.create_order", {"store": shop.store, "lines": [back(lamp, "-1", invoice)], **more})
        assert [(issue.code, issue.pointer) for issue in refusal.issues] == [("SALES_SOURCE_CUSTOMER", "/customer")]
    assert shop.order(back(lamp, "-1", invoice), customer=ada)["total"] == "-121.00"


@pytest.mark.rule("RET-13")
def test_without_its_sale_a_line_is_marked_and_comes_in_at_a_given_or_the_present_cost(shop, lamp, sold):
    order = shop.order((lamp, "-1"), {"product": lamp, "quantity": "-2", "unit_cost": "57.00"}, back(lamp, "-1", sold["invoice"]), (lamp, "1"))
    assert [line["unreferenced"] for line in order["lines"]] == [True, True, False, False]
    assert [bool(row[0]) for row in shop.rows(MARKS, order["id"])] == [True, True, False, False]
    slip = shop.deliver(order, lines=[(1, "1"), (2, "1"), (3, "1")])
    costs = shop.rows("SELECT number, cost FROM sales_packing_slip_line WHERE document_id = ? ORDER BY number", slip["id"])
    assert costs == [(1, -6000), (2, -5700), (3, -6000)]
    assert shop.do("sales.read_invoice", invoice=shop.invoice(order)["number"])["lines"][1]["unreferenced"] is True
    assert verify(shop.engine) == []


def test_the_cost_of_what_comes_back_is_given_by_who_may(shop, lamp):
    line = {"product": lamp, "quantity": "-1", "unit_cost": "57.00"}
    clerk = shop.by("sales.create_order")
    refusal = clerk.refused("sales.create_order", {"store": shop.store, "lines": [line]})
    assert [(issue.code, issue.permission) for issue in refusal.issues] == [("SALES_RETURN_COST", "sales.edit_return_cost")]
    assert clerk.refused("sales.create_order", {"store": shop.store, "lines": [line | {"quantity": "1"}]}).code == "SALES_RETURN_COST"
    assert shop.by("sales.create_order", "sales.edit_return_cost").order(line)["lines"][0]["quantity"] == "-1"


@pytest.mark.rule("RET-12")
def test_what_was_claimed_by_a_cancelled_order_may_come_back_again(shop, lamp, sold):
    invoice = shop.document("invoice", sold["invoice"])
    first, second = (shop.order(back(lamp, quantity, sold["invoice"])) for quantity in ("-1", "-2"))
    assert shop.rows(CLAIMED, invoice, 1) == [(3000, 3000, 26_999, 18_000)]
    assert shop.do("sales.cancel_order", order=first["number"])["order"]["state"] == "cancelled"
    assert shop.rows(COUNTED, sold["id"]) == [(5000, 2000, 0)]
    assert verify(shop.engine) == []
    third = shop.order(back(lamp, "-3", sold["invoice"]))
    totals = [-int(order["total"].replace(".", "")) for order in (second, third)]
    assert sum(totals) == 54_449
    assert shop.rows(CLAIMED, invoice, 1) == [(5000, 5000, 44_999, 30_000)]
    assert shop.refused("sales.create_order", {"store": shop.store, "lines": [back(lamp, "-0.001", sold["invoice"])]}).code == "RET_QTY_EXCEEDS_RETURNABLE"
    assert verify(shop.engine) == []


@pytest.mark.rule("RET-12")
def test_what_is_cancelled_of_a_line_may_come_back_again(shop, lamp, sold):
    invoice = shop.document("invoice", sold["invoice"])
    whole = shop.order(back(lamp, "-5", sold["invoice"]))
    left = shop.do("sales.cancel_lines", order=whole["number"], lines=[{"line": 1, "quantity": "2"}])
    assert left["lines"][0]["quantity"] == "-3"
    assert shop.rows(CLAIMED, invoice, 1)[0][:2] == (3000, 3000)
    assert verify(shop.engine) == []
    rest = shop.order(back(lamp, "-2", sold["invoice"]))
    assert sum(-int(order["total"].replace(".", "")) for order in (left, rest)) == 54_449
    assert shop.rows(CLAIMED, invoice, 1) == [(5000, 5000, 44_999, 30_000)]
    assert verify(shop.engine) == []


@pytest.mark.rule("RET-12")
def test_an_edit_takes_back_less_or_more_on_a_line_of_its_own(shop, lamp, sold):
    invoice = shop.document("invoice", sold["invoice"])
    order = shop.order(back(lamp, "-3", sold["invoice"]))
    edit = shop.do("sales.start_edit", order=order["number"])["id"]
    refused = shop.refused("sales.change_draft", {"draft": edit, "change_lines": [{"line": 1, "quantity": "-4"}]})
    assert refused.code == "SALES_LINE_SOURCE"
    refused = shop.refused("sales.change_draft", {"draft": edit, "change_lines": [{"line": 1, "unit_price": "1.00"}]})
    assert refused.code == "SALES_SOURCE_PRICE"
    shop.do("sales.change_draft", draft=edit, change_lines=[{"line": 1, "quantity": "-1"}], add_lines=[back(lamp, "-1", sold["invoice"])])
    between = shop.order(back(lamp, "-1", sold["invoice"]))
    after = shop.do("sales.commit_draft", draft=edit)
    last = shop.order(back(lamp, "-2", sold["invoice"]))
    assert [line["quantity"] for line in after["lines"]] == ["-1", "-1"]
    assert sum(-int(found["total"].replace(".", "")) for found in (between, after, last)) == 54_449
    assert shop.rows(CLAIMED, invoice, 1) == [(5000, 5000, 44_999, 30_000)]
    assert verify(shop.engine) == []


@pytest.mark.rule("RET-12")
@pytest.mark.parametrize("kept, anew", [(None, "-5"), ("-1", "-4"), ("-2", "-1")])
def test_an_edit_takes_back_again_what_it_lets_go_itself(shop, lamp, sold, kept, anew):
    invoice = shop.document("invoice", sold["invoice"])
    order = shop.order(back(lamp, "-3", sold["invoice"]))
    edit = shop.do("sales.start_edit", order=order["number"])["id"]
    change = {"remove_lines": [1]} if kept is None else {"change_lines": [{"line": 1, "quantity": kept}]}
    too_much = f"{int(anew) - (5 - abs(int(anew)) - abs(int(kept or 0))) - 1}"
    refused = shop.refused("sales.change_draft", {"draft": edit, **change, "add_lines": [back(lamp, too_much, sold["invoice"])]})
    assert refused.code == "RET_QTY_EXCEEDS_RETURNABLE"
    shop.do("sales.change_draft", draft=edit, **change, add_lines=[back(lamp, anew, sold["invoice"])])
    after = shop.do("sales.commit_draft", draft=edit)
    taken = [line["quantity"] for line in after["lines"] if line["cancelled"] == "0"]
    assert taken == [quantity for quantity in (kept, anew) if quantity is not None]
    left = 5 - sum(abs(int(quantity)) for quantity in taken)
    rest = [shop.order(back(lamp, f"-{left}", sold["invoice"]))] if left else []
    assert sum(-int(found["total"].replace(".", "")) for found in (after, *rest)) == 54_449
    assert shop.rows(CLAIMED, invoice, 1) == [(5000, 5000, 44_999, 30_000)]
    for found in (after, *rest):
        shop.invoice(found, quantity_basis="all")
    assert shop.on_hand(lamp) == (20_000, 120_000, 0)
    assert verify(shop.engine) == []
