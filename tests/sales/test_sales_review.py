"""Invoicing as a clerk does it: look, change, confirm; several orders on one document; settle it; skip in a batch what is not ready."""

from types import SimpleNamespace

import pytest

from kassa.kernel import contributions as give
from kassa.kernel.clock import FixedClock
from kassa.kernel.engine import Engine
from kassa.kernel.errors import Issue
from kassa.kernel.invariants import verify
from kassa.kernel.jobs.runner import Runner
from kassa.kernel.plugins import hookimpl
from kassa.sales.documents import OrderType

CORRECTIONS = "SELECT DISTINCT correction FROM ledger_entry WHERE document_id = ?"


def post(shop, *orders, **more):
    """Invoice orders by their answers; the invoices."""
    return shop.do("sales.post_invoices", orders=[{"order": order["number"]} for order in orders], **more)


def taken(shop, price="90.00", **more):
    """An order of one piece that comes back, delivered."""
    order = shop.order((shop.product(price, tax=None), "-1"), **more)
    shop.deliver(order)
    return order


def owing(shop, customer, price):
    """A customer owes an invoice; its number."""
    return shop.sell((shop.product(price, tax=None), "1"), customer=customer)["invoice"]


@pytest.mark.rule("INV-06")
def test_without_posting_the_answer_is_a_pro_forma_and_nothing_happens(shop):
    order = shop.order((shop.product("10.00"), "2"))
    known = {"kernel_idempotency"}
    before = shop.tables()
    answer = post(shop, order, quantity_basis="all", posting=False)
    assert (answer["posted"], answer["invoices"][0]["number"], answer["invoices"][0]["total"]) == (False, None, "24.20")
    assert {name for name, rows in shop.tables().items() if rows != before[name]} <= known
    answer = post(shop, order, quantity_basis="all")
    assert (answer["posted"], answer["invoices"][0]["number"]) == (True, f"INV-{shop.store}-000001")
    refusal = shop.refused("sales.post_invoices", {"orders": [{"order": taken(shop)["number"]}], "posting": False, "date": "2030-01-01"})
    assert refusal.code == "INV_PERIOD_CLOSED"


@pytest.mark.rule("INV-07", "INV-13")
def test_charges_are_seen_with_their_origin_and_changed_before_posting(shop):
    order = shop.order((shop.product("10.00"), "2"), charges=[{"code": "freight", "amount": "4.95"}, {"code": "other", "amount": "1.00"}])
    shop.deliver(order)
    command = {"orders": [{"order": order["number"], "lines": [{"line": 1, "quantity": "1"}]}], "date": "2026-03-09"}
    seen = shop.perform("sales.post_invoices", command, preview=True).body
    (invoice,) = seen["result"]["invoices"]
    assert [(charge["charge"], charge["code"], charge["amount"], charge["origin"]) for charge in invoice["charges"]] == [
        (1, "freight", "4.95", "manual"), (2, "other", "1.00", "manual"),
    ]  # fmt: skip
    assert invoice["lines"][0]["taxes"] == [{"code": "VAT21", "rate": "0.21", "amount": "2.10"}]
    assert ("4200 Charge income", "5.95") in {(posting["account"], posting["credit"]) for posting in seen["postings"]}
    command["orders"][0]["charges"] = [{"charge": 1, "amount": "2.00"}, {"charge": 2, "amount": "0"}, {"code": "handling", "amount": "-0.50"}]
    posted = shop.do("sales.post_invoices", **command)["invoices"][0]
    assert (posted["date"], posted["net"], posted["tax"], posted["total"]) == ("2026-03-09", "11.50", "2.10", "13.60")
    assert [found for found in shop.entries(posted["id"]) if found[0] == "4200"] == [("4200", -200), ("4200", 50)]
    order = shop.do("sales.read_order", order=order["number"])
    assert [(charge["code"], charge["amount"]) for charge in order["charges"]] == [("freight", "2.00"), ("other", "0.00"), ("handling", "-0.50")]
    assert (order["state"], order["net"]) == ("partly_invoiced", "21.50")
    assert shop.invoice(order)["total"] == "12.10"
    assert verify(shop.engine) == []


@pytest.mark.parametrize(
    "change, pointer",
    [
        ({"charge": 2, "amount": "1.00"}, "/orders/0/charges/0/charge"),
        ({"code": "gold", "amount": "1.00"}, "/orders/0/charges/0/code"),
        ({"charge": 1, "code": "freight", "amount": "1.00"}, "/orders/0/charges/0"),
        ({"amount": "1.00"}, "/orders/0/charges/0"),
    ],
    ids=["no such charge", "no such code", "both", "neither"],
)
def test_a_change_of_charges_that_makes_no_sense_is_refused(shop, change, pointer):
    order = shop.order((shop.product("10.00"), "1"), charges=[{"code": "freight", "amount": "4.95"}])
    command = {"orders": [{"order": order["number"], "charges": [change]}], "quantity_basis": "all"}
    refusal = shop.refused("sales.post_invoices", command)
    assert [(issue.code, issue.pointer) for issue in refusal.issues] == [("SALES_CHARGE_UNKNOWN", pointer)]


def test_changing_how_an_invoice_is_posted_needs_a_permission(shop):
    order, clerk = taken(shop), shop.by("sales.post_invoice")
    for more in ({"correction": True}, {"orders": [{"order": order["number"], "charges": [{"code": "other", "amount": "1.00"}]}]}):
        refusal = clerk.refused("sales.post_invoices", {"orders": [{"order": order["number"]}], **more})
        assert [(issue.code, issue.permission) for issue in refusal.issues] == [("INV_EDIT_POSTING", "sales.edit_posting")]
    assert post(shop.by("sales.post_invoice", "sales.edit_posting"), order, correction=True)["invoices"][0]["type"] == "credit_note"


@pytest.mark.rule("INV-12")
def test_credit_notes_are_corrections_where_the_setting_says_so(town):
    shop = town.shop("NL02")
    town.set("sales.credit_note_as_correction", "legal_entity", shop.entity, "true")
    product = shop.product("10.00", tax=None)
    (usual,), (chosen,) = (post(shop, taken(shop), **more)["invoices"] for more in ({}, {"correction": False}))
    back = shop.sell((product, "-1"), payments=[("cash", "-10.00")])
    sale = shop.sell((product, "1"), payments=[("cash", "10.00")])
    ids = [usual["id"], chosen["id"], *(shop.document("invoice", sold["invoice"]) for sold in (back, sale))]
    town.set("sales.credit_note_as_correction", "legal_entity", shop.entity, "false")
    assert [[bool(row[0]) for row in shop.rows(CORRECTIONS, found)] for found in ids] == [[True], [False], [True], [False]]


@pytest.mark.rule("INV-11", "INV-03")
@pytest.mark.parametrize(
    "bought, brought, total, kind", [("100.00", "90.00", "10.00", "invoice"), ("90.00", "100.00", "-10.00", "credit_note"), ("90.00", "90.00", "0.00", "invoice")]
)
@pytest.mark.parametrize("orders", [1, 2])
def test_an_exchange_is_one_document_of_the_class_of_its_total(shop, bought, brought, total, kind, orders):
    customer = shop.customer()
    lines = [(shop.product(bought, tax=None), "1"), (shop.product(brought, tax=None), "-1")]
    made = [shop.order(*lines, customer=customer)] if orders == 1 else [shop.order(line, customer=customer) for line in lines]
    (document,) = post(shop, *made, quantity_basis="all", together=True)["invoices"]
    prefix, title = {"invoice": ("INV", "Invoice"), "credit_note": ("CN", "Credit note")}[kind]
    assert (document["type"], document["title"], document["total"]) == (kind, title, total)
    assert document["number"] == f"{prefix}-{shop.store}-000001"
    assert [line["quantity"] for line in document["lines"]] == ["1", "-1"]


def test_several_orders_on_one_document_book_to_their_own_stores(town):
    shop, other = town.shop(), town.shop()
    customer = shop.customer()
    made = [place.order((place.product("10.00", tax=None), "1"), customer=customer) for place in (shop, other)]
    (document,) = post(shop, *made, quantity_basis="all", together=True)["invoices"]
    stores = (
        "SELECT s.canonical, e.amount FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id "
        "JOIN ledger_dimension_set s ON s.id = e.dimension_set_id WHERE e.document_id = ? AND a.number = '4000' ORDER BY s.canonical"
    )
    assert shop.rows(stores, document["id"]) == [(f"store={place.store}", -1000) for place in sorted((shop, other), key=lambda place: place.store)]


def test_an_invoice_may_consist_of_charges_alone(shop):
    order = shop.order((shop.product("10.00"), "1"))
    shop.invoice(order, quantity_basis="all")
    late = shop.order((shop.product("10.00"), "1"))
    shop.deliver(late)
    selection = {"order": late["number"], "lines": [], "charges": [{"code": "handling", "amount": "7.00"}]}
    (document,) = shop.do("sales.post_invoices", orders=[selection])["invoices"]
    assert (document["lines"], document["total"], shop.entries(document["id"])) == ([], "7.00", [("1100", 700), ("4200", -700)])
    assert shop.do("sales.read_order", order=late["number"])["state"] == "partly_invoiced"


@pytest.mark.rule("INV-15")
def test_a_credit_note_is_settled_with_nothing_the_oldest_or_what_is_named(shop):
    customer = shop.customer()
    first, second, third = (owing(shop, customer, price) for price in ("50.00", "60.00", "70.00"))
    still = lambda: {i["number"]: i["open"] for i in shop.do("ledger.list_open_items", customer=customer)["items"]}  # noqa: E731
    (none,) = post(shop, taken(shop, "10.00", customer=customer))["invoices"]
    assert still() == {first: "50.00", second: "60.00", third: "70.00", none["number"]: "-10.00"}
    post(shop, taken(shop, "80.00", customer=customer), settlement="oldest")
    assert still() == {second: "30.00", third: "70.00", none["number"]: "-10.00"}
    post(shop, taken(shop, "25.00", customer=customer), settlement="designated", settle=[{"document": third, "amount": "20.00"}, {"document": second}])
    assert still() == {second: "25.00", third: "50.00", none["number"]: "-10.00"}
    (sold,) = post(shop, shop.order((shop.product("4.00", tax=None), "1"), customer=customer), quantity_basis="all", settlement="oldest")["invoices"]
    assert still() == {second: "25.00", third: "50.00", none["number"]: "-6.00"}
    assert sold["type"] == "invoice"
    order = taken(shop, "5.00", customer=customer)
    refusal = shop.refused("sales.post_invoices", {"orders": [{"order": order["number"]}], "settlement": "designated", "settle": [{"document": first}]})
    assert [(issue.code, issue.pointer) for issue in refusal.issues] == [("LEDGER_ITEM_NOT_OPEN", "/settle/0/document")]
    post(shop, order, taken(shop, "30.00", customer=customer), settlement="oldest")
    assert still() == {third: "40.00", none["number"]: "-6.00"}
    assert verify(shop.engine) == []


@pytest.fixture
def desk(shop):
    """A shop with a plugin: orders of the type `returned`, whose lines are passed over or held back by product, as the test says."""
    reasons = {}

    def eligible(document, facts, context, transition, batch):
        return {
            line.id: Issue(code="SALES_LINE_UNKNOWN", message=f"Line {line.number} is not ready.", severity=reasons[line.product_number, transition, batch])
            for line in document.lines
            if (line.product_number, transition, batch) in reasons
        }

    plugin = SimpleNamespace(
        register_decisions=hookimpl(lambda: [give.Decision(name="desk.eligible", question="eligible", answer=eligible, summary="As told")]),
        register_documents=hookimpl(lambda: [OrderType(name="desk.returned", summary="Returned order", signs="return")]),
    )
    engine = Engine.open(shop.engine.database.url, modules={"desk": plugin}, clock=FixedClock(shop.engine.clock.now()))
    shop.engine, shop.reasons = engine, reasons
    yield shop
    engine.close()


def run(shop, **more):
    """Run a batch over the orders of this store; results by order id."""
    job = shop.do("sales.start_invoice_run", store=shop.store, **more)
    Runner(shop.engine).run(job["id"])
    return {result["item"]: (result["outcome"], result["code"], result["message"]) for result in shop.do("jobs.results", job=job["id"], limit=500)["items"]}


@pytest.mark.rule("INV-10", "INV-18")
def test_a_batch_passes_over_what_is_not_ready_and_says_why(desk):
    ready, waiting, held = (desk.product("10.00", tax=None) for _ in range(3))
    desk.reasons |= {(waiting, "invoice", True): "skip", (held, "invoice", True): "refuse"}
    orders = [desk.order(*((product, "-1") for product in products)) for products in ((ready, waiting), (waiting,), (ready, held), (ready,))]
    for order in orders:
        desk.deliver(order)
    results = run(desk)
    assert [results[order["id"]] for order in orders] == [
        ("done", "SALES_LINE_UNKNOWN", "Line 2 is not ready."), ("skipped", "SALES_LINE_UNKNOWN", "Line 1 is not ready."),
        ("refused", "SALES_LINE_UNKNOWN", "Line 2 is not ready."), ("done", None, None),
    ]  # fmt: skip
    states = [desk.do("sales.read_order", order=order["number"])["state"] for order in orders]
    assert states == ["partly_invoiced", "delivered", "delivered", "invoiced"]
    desk.reasons.clear()
    again = run(desk)
    assert [again[order["id"]][0] for order in orders[:3]] == ["done"] * 3
    assert orders[3]["id"] not in again


@pytest.mark.rule("INV-08")
def test_what_a_batch_passes_over_a_clerk_may_invoice_and_deliver_at_once(desk):
    product = desk.product("10.00", tax=None)
    desk.reasons[product, "invoice", True] = "skip"
    order = desk.order((product, "-2"))
    assert run(desk)[order["id"]][0] == "skipped"
    assert desk.invoice(order, quantity_basis="all")["total"] == "-20.00"
    assert desk.do("sales.read_order", order=order["number"])["state"] == "invoiced"


def test_a_clerk_is_warned_of_what_is_passed_over_and_refused_what_is_asked_for(desk):
    ready, waiting = desk.product("10.00", tax=None), desk.product("10.00", tax=None)
    order = desk.order((ready, "-1"), (waiting, "-1"))
    desk.reasons |= {(waiting, "invoice", False): "skip", (waiting, "packing_slip", False): "skip"}
    assert [line["line"] for line in desk.deliver(order)["lines"]] == [1]
    assert desk.refused("sales.post_packing_slip", {"order": order["number"], "lines": [{"line": 2, "quantity": "1"}]}).code == "SALES_LINE_UNKNOWN"
    answer = post(desk, order, quantity_basis="all")
    assert (answer["invoices"][0]["total"], [found["message"] for found in answer["warnings"]]) == ("-10.00", ["Line 2 is not ready."])
    assert desk.refused("sales.post_invoices", {"orders": [{"order": order["number"]}], "quantity_basis": "all"}).code == "SALES_LINE_UNKNOWN"


@pytest.mark.rule("INV-01", "INV-02", "INV-05")
def test_orders_of_every_type_stand_in_one_list_and_are_invoiced_together(desk):
    orders = [desk.order((desk.product("10.00", tax=None), quantity)) for quantity in ("1", "-1")]
    listed = desk.do("sales.list_orders", type="sales", limit=500)["items"]
    assert {order["number"] for order in orders} <= {item["number"] for item in listed}
    assert desk.do("sales.list_orders", type="desk.returned")["items"] == []
    assert [invoice["type"] for invoice in post(desk, *orders, quantity_basis="all")["invoices"]] == ["invoice", "credit_note"]
