"""Invoices over returns, from the list of all sales orders: singly, together, in batches; previews, classes, settlements, corrections."""

import pytest

from kassa.kernel.invariants import verify
from kassa.kernel.jobs import Runner


def received(desk, invoices=1, disposition="RS", **more):
    """Sell, take back and receive: customer, product, RMA number."""
    customer, product, invoice = desk.sold_one(**more)
    rma = desk.come_back(customer, invoice)["rma_number"]
    desk.register(rma, disposition)
    desk.slip(rma)
    return customer, product, rma


def run(desk, **more):
    """Start an invoice run over this store and work it off; results by number of the order."""
    job = desk.post("/invoice-runs", {"store": desk.store, **more})
    Runner(desk.engine).run(job["id"])
    found = desk.get(f"/jobs/{job['id']}")
    rows = desk.rows("SELECT item, outcome, code FROM kernel_job_result WHERE job_id = ?", job["id"])
    return found, {row[0]: row[1:] for row in rows}


@pytest.mark.rule("INV-01")
def test_returns_are_invoiced_from_the_list_of_all_sales_orders_alone(desk):
    operations = [operation for operation in desk.engine.registry.all(type(desk.engine.operation("returns.create"))) if operation.name.startswith("returns.")]
    assert [o.name for o in operations if "invoice" in o.name or "credit" in o.name or (o.http and "invoice" in o.http.path)] == []
    _, _, rma = received(desk)
    assert desk.get("/orders?type=returns.order&limit=1")["items"][0]["id"] == desk.get(f"/orders/{rma}")["id"]
    assert desk.credit(rma)[0]["type"] == "credit_note"


@pytest.mark.rule("INV-02", "INV-11")
def test_one_request_invoices_sales_and_returns(desk):
    customer, product, rma = received(desk)
    order = desk.post("/orders", {"store": desk.store, "customer": customer, "lines": [{"product": product, "quantity": "1"}]})["number"]
    desk.slip(order)
    first, second = desk.credit(order, rma)
    assert (first["total"], first["title"], second["total"], second["title"]) == ("100.00", "Invoice", "-90.00", "Credit note")
    for price, total, title in (("100.00", "10.00", "Invoice"), ("80.00", "-10.00", "Credit note")):
        customer, product, rma = received(desk)
        other = desk.product(price=price, cost="65.00")
        order = desk.post("/orders", {"store": desk.store, "customer": customer, "lines": [{"product": other, "quantity": "1"}]})["number"]
        (both,) = desk.credit(order, rma, together=True, quantity_basis="all")
        assert (both["total"], both["title"]) == (total, title)
        if title == "Invoice":
            assert desk.entries(both["id"]) == [
                ("1100", 1000), ("1300", -6500), ("1300", 6000), ("4000", -10_000), ("4000", 10_000), ("4100", -1000), ("5000", -6000), ("5000", 6500),
            ]  # fmt: skip


@pytest.mark.rule("INV-04", "INV-09", "INV-10", "INV-18", "S-5")
def test_a_batch_posts_what_is_received_and_leaves_the_rest_as_it_is(desk):
    customer, product, done = received(desk)
    order = desk.post("/orders", {"store": desk.store, "customer": customer, "lines": [{"product": product, "quantity": "1"}]})
    desk.slip(order["number"])
    buyer, _, invoice = desk.sold_one()
    waiting = desk.come_back(buyer, invoice)
    desk.register(waiting["rma_number"], "RS")
    other, _, only = desk.sold_one()
    unseen = desk.come_back(other, only)
    desk.patch(f"/returns/{unseen['rma_number']}/lines/1", disposition="CO")
    parts_of, thing = desk.customer(), desk.product()
    sold = desk.sell(parts_of, (thing, "1"), (thing, "1"))
    partly = desk.come_back(parts_of, sold)
    desk.register(partly["rma_number"], "RS")
    desk.slip(partly["rma_number"])
    before = desk.rma(waiting["rma_number"])
    job, outcomes = run(desk)
    assert (job["state"], outcomes[waiting["id"]]) == ("done", ("skipped", "INV_LINE_NOT_RECEIVED"))
    made = dict(desk.rows("SELECT item, document_id FROM kernel_job_result WHERE job_id = ?", job["id"]))
    assert desk.entries(made[order["id"]]) == [("1100", 10_000), ("1300", -6000), ("4000", -10_000), ("5000", 6000)]
    mirror = [("1100", -9000), ("1300", 6000), ("4000", 10_000), ("4100", -1000), ("5000", -6000)]
    assert desk.entries(made[desk.rma(done)["id"]]) == mirror
    assert made[waiting["id"]] is None
    assert desk.rma(waiting["rma_number"]) == before
    assert (desk.states(done)[0], desk.states(unseen["rma_number"])[0]) == ("closed", "closed")
    assert desk.states(partly["rma_number"]) == ("open", ["invoiced", "expected"])
    assert desk.get(f"/orders/{order['number']}")["state"] == "invoiced"
    again, outcomes = run(desk)
    assert {outcome for outcome, _ in outcomes.values()} == {"skipped"}
    assert again["state"] == "done"
    assert verify(desk.engine) == []


@pytest.mark.rule("INV-06", "INV-07", "INV-13")
def test_a_credit_note_is_looked_at_changed_and_then_posted(desk):
    customer, _, invoice = desk.sold_one("2")
    desk.post("/returns/reason-codes", {"code": f"Z{desk.store}", "name": "Z", "charges": [{"code": "handling", "amount": "10"}]})
    rma = desk.come_back(customer, invoice, reason=f"Z{desk.store}")["rma_number"]
    desk.register(rma, "RS")
    desk.slip(rma)
    ask = {"orders": [{"order": rma}]}
    shown = desk.post("/invoices?preview=true", ask)
    assert (shown["preview"], shown["result"]["invoices"][0]["charges"][0]["origin"], shown["result"]["invoices"][0]["total"]) == (True, "act", "-170.00")
    assert desk.post("/invoices", {**ask, "posting": False})["posted"] is False
    assert desk.states(rma) == ("open", ["received"])
    change = [{"order": rma, "charges": [{"charge": 1, "amount": "4.00"}], "lines": [{"line": 1, "quantity": "1"}]}]
    (note,) = desk.post("/invoices", {"orders": change, "date": "2026-03-03"})["invoices"]
    assert (note["total"], note["date"]) == ("-86.00", "2026-03-03")
    assert ("4200", -400) in desk.entries(note["id"])
    assert desk.states(rma) == ("open", ["received"])
    assert desk.credit(rma)[0]["total"] == "-90.00"
    assert desk.states(rma) == ("closed", ["invoiced"])


@pytest.mark.rule("INV-08")
def test_a_person_may_skip_the_packing_slip(desk):
    customer, product, invoice = desk.sold_one()
    rma = desk.come_back(customer, invoice)["rma_number"]
    ask = {"orders": [{"order": rma}], "quantity_basis": "all"}
    assert desk.refused("/invoices", ask) == ["INV_LINE_NOT_RECEIVED"]
    desk.register(rma, "EX", replacement={})
    (note,) = desk.post("/invoices", ask)["invoices"]
    assert (note["total"], desk.states(rma), desk.on_hand(product)[0]) == ("-90.00", ("closed", ["invoiced"]), 20_000)
    assert len(desk.rma(rma)["replacements"]) == 1
    assert desk.refused("/invoices", ask) == ["INV_NOTHING_TO_POST"]
    assert verify(desk.engine) == []


@pytest.mark.rule("INV-14", "INV-15")
@pytest.mark.parametrize("settlement", ["none", "oldest", "designated"])
def test_a_credit_note_stands_open_or_is_settled(desk, settlement):
    customer, product, rma = received(desk)
    other = desk.sell(customer, (product, "1"))
    settle = {"settle": [{"document": other}]} if settlement == "designated" else {}
    (note,) = desk.credit(rma, settlement=settlement, **settle)
    ((amount, left),) = desk.rows('SELECT amount, "open" FROM ledger_open_item WHERE document_id = ?', note["id"])
    assert (amount, left) == (-9000, -9000 if settlement == "none" else 0)
    opened = {item["number"]: item["open"] for item in desk.get(f"/customers/{customer}/open-items")["items"]}
    assert opened.get(other, "0.00") == ("10.00" if settlement == "designated" else "100.00")


@pytest.mark.rule("INV-12")
def test_the_setting_makes_credit_notes_corrections(town):
    desk = town.desk()
    notes = []
    try:
        for value, more in (("false", {}), ("true", {}), ("true", {"correction": False})):
            desk.set("sales.credit_note_as_correction", value, level="legal_entity")
            _, _, rma = received(desk)
            notes += desk.credit(rma, **more)
    finally:
        desk.set("sales.credit_note_as_correction", "false", level="legal_entity")
    plain, storno, said = notes
    assert desk.entries(plain["id"]) == desk.entries(storno["id"]) == desk.entries(said["id"])
    told = "SELECT correction FROM sales_invoice WHERE document_id = ?"
    assert [bool(desk.rows(told, note["id"])[0][0]) for note in notes] == [False, True, False]


def test_a_credit_note_over_several_invoices_names_each(town, desk):
    customer = desk.customer()
    invoices = [place.sell(customer, (place.product(), "1")) for place in (desk, town.desk(), town.desk())]
    rma = desk.come_back(customer, *invoices)["rma_number"]
    for line in (1, 2, 3):
        desk.register(rma, "RS", line=line)
    (note,) = desk.credit(rma, quantity_basis="all")
    assert [line["source"]["invoice"] for line in note["lines"]] == invoices
    assert note["total"] == "-300.00"
