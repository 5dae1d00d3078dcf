"""Each of the six dispositions end to end over HTTP: return order, registration, packing slip, credit note, every ledger entry."""

import pytest

from kassa.kernel.invariants import verify

MIRROR = [("1100", -9000), ("1300", 6000), ("4000", 10_000), ("4100", -1000), ("5000", -6000)]
LOST = [("1300", -6000), ("5150", 6000)]
IN_AND_OUT = [("none", "received", 1000), ("none", "deducted", -1000)]


def back(desk, disposition, **more):
    """Sell one piece by the worked examples and let it come back up to the packing slip: product, RMA number, slip."""
    customer, product, invoice = desk.sold_one(**more)
    rma = desk.come_back(customer, invoice)["rma_number"]
    desk.register(rma, disposition)
    return product, rma, desk.slip(rma)


@pytest.mark.rule("P1", "RET-53")
def test_registration_moves_the_status_of_the_lot_alone(books):
    customer, product, invoice = books.sold_one(group="PHYSICAL")
    made = books.come_back(customer, invoice)
    assert books.entries(made["id"]) == []
    assert books.steps(made["id"]) == []
    arrival = books.register(made["rma_number"], "RS")
    assert books.entries(arrival["id"]) == []
    assert books.steps(arrival["id"]) == [("none", "registered", 1000)]
    assert books.on_hand(product) == (19_000, 114_000)


@pytest.mark.rule("P2", "P3", "INV-03", "INV-19", "RET-38")
def test_credit_puts_goods_back_and_mirrors_the_sale(books):
    product, rma, slip = back(books, "RS", group="PHYSICAL")
    assert books.entries(slip["id"]) == [("1310", 6000), ("1320", -6000)]
    assert books.steps(slip["id"]) == [("registered", "received", 1000)]
    assert (books.on_hand(product), books.states(rma)) == ((20_000, 120_000), ("open", ["received"]))
    (note,) = books.credit(rma)
    assert (note["title"], note["number"][:3], note["total"]) == ("Credit note", "CN-", "-90.00")
    assert books.entries(note["id"]) == sorted([*MIRROR, ("1310", -6000), ("1320", 6000)])
    assert books.states(rma) == ("closed", ["invoiced"])
    assert verify(books.engine) == []


@pytest.mark.rule("P4", "RET-13")
def test_without_a_receipt_the_list_price_is_paid_back_at_the_given_or_the_present_cost(desk):
    customer, product, _ = desk.sold_one()
    for more, cost in (({"unit_cost": "57.00"}, 5700), ({}, 5985)):
        rma = desk.post("/returns", {"store": desk.store, "customer": customer, "lines": [desk.line(product, **more)]})["rma_number"]
        desk.register(rma, "RS")
        desk.slip(rma)
        (note,) = desk.credit(rma)
        assert desk.entries(note["id"]) == [("1100", -10_000), ("1300", cost), ("4000", 10_000), ("5000", -cost)]
    assert verify(desk.engine) == []


@pytest.mark.rule("P5", "RET-41")
@pytest.mark.parametrize("group", ["AVERAGE", "PHYSICAL"])
def test_scrap_takes_goods_in_and_loses_them(books, group):
    product, rma, slip = back(books, "SC", group=group)
    lost = [("1310", -6000), ("1310", 6000), ("1320", -6000), ("5150", 6000)] if group == "PHYSICAL" else []
    assert [step[1:] for step in books.steps(slip["id"])] == [("received", 1000), ("deducted", -1000)]
    assert (books.entries(slip["id"]), books.on_hand(product)) == (lost, (19_000, 114_000))
    (note,) = books.credit(rma)
    undone = [(account, -amount) for account, amount in lost]
    assert books.entries(note["id"]) == sorted([*MIRROR, *LOST, *undone])
    assert (note["total"], books.on_hand(product), books.states(rma)[0]) == ("-90.00", (19_000, 114_000), "closed")
    assert verify(books.engine) == []


@pytest.mark.rule("P6", "INV-09")
def test_credit_only_needs_no_goods_and_no_packing_slip(books):
    customer, product, invoice = books.sold_one()
    rma = books.come_back(customer, invoice)["rma_number"]
    assert books.patch(f"/returns/{rma}/lines/1", disposition="CO")["state"] == "open"
    assert books.states(rma) == ("open", ["registered"])
    assert books.refused(f"/orders/{rma}/packing-slips", {}) == ["SALES_QUANTITY_EXCEEDS_OPEN"]
    (note,) = books.credit(rma)
    assert books.entries(note["id"]) == [("1100", -9000), ("4000", 10_000), ("4100", -1000), ("5000", -6000), ("5150", 6000)]
    assert (books.on_hand(product), books.states(rma)) == ((19_000, 114_000), ("closed", ["invoiced"]))
    assert verify(books.engine) == []


@pytest.mark.rule("P7", "P8", "RET-43", "RET-44", "RET-49")
@pytest.mark.parametrize("code, lost, left", [("EX", [], 20_000), ("DX", LOST, 19_000)])
def test_a_replacement_is_ordered_by_the_packing_slip_and_invoiced_by_itself(desk, code, lost, left):
    customer, product, invoice = desk.sold_one()
    rma = desk.come_back(customer, invoice)["rma_number"]
    desk.register(rma, code, replacement={})
    desk.slip(rma)
    assert desk.on_hand(product)[0] == left
    found = desk.get(f"/orders?key={rma}")["items"]
    assert sorted(order["type"] for order in found) == ["returns.order", "sales"]
    (replacement,) = (order for order in found if order["type"] == "sales")
    shown = desk.get(f"/orders/{replacement['number']}")
    assert (shown["customer"], [(line["product"], line["quantity"]) for line in shown["lines"]]) == (customer, [(product, "1")])
    (note,) = desk.credit(rma)
    assert desk.entries(note["id"]) == sorted([*MIRROR, *lost])
    (sold,) = desk.credit(replacement["number"], quantity_basis="all")
    assert desk.entries(sold["id"]) == [("1100", 10_000), ("1300", -6000), ("4000", -10_000), ("5000", 6000)]
    assert verify(desk.engine) == []


@pytest.mark.rule("P9", "RET-42", "S-12")
def test_goods_that_go_back_to_the_customer_cost_a_fee(desk):
    customer, product, invoice = desk.sold_one()
    fee = [{"code": "handling", "amount": "15"}]
    desk.post("/returns/disposition-codes", {"code": f"F{product}", "name": "Repair", "action": "return_to_customer", "charges": fee})
    rma = desk.come_back(customer, invoice)["rma_number"]
    desk.register(rma, f"F{product}")
    slip = desk.slip(rma)
    assert [step[1:] for step in desk.steps(slip["id"])] == [("received", 1000), ("deducted", -1000)]
    assert (desk.entries(slip["id"]), desk.on_hand(product)) == ([], (19_000, 114_000))
    (bill,) = desk.credit(rma)
    assert (bill["type"], bill["title"], bill["total"], desk.entries(bill["id"])) == ("invoice", "Invoice", "15.00", [("1100", 1500), ("4200", -1500)])
    assert desk.states(rma) == ("closed", ["invoiced"])
    assert desk.come_back(customer, invoice)["total"] == "-90.00"
    assert verify(desk.engine) == []


@pytest.mark.rule("P10", "P11", "RET-18", "RET-20", "RET-21", "S-11")
@pytest.mark.parametrize(
    "charge, total, receivable, income",
    [({"amount": "10"}, "-80.00", -8000, -1000), ({"rate": "-0.05"}, "-85.50", -8550, -450), ({"rate": "0.05"}, "-94.50", -9450, 450)],
)
def test_a_disposition_charges_for_handling(desk, charge, total, receivable, income):
    customer, product, invoice = desk.sold_one()
    code = f"H{product}"
    desk.post("/returns/disposition-codes", {"code": code, "name": "Restock", "action": "credit", "charges": [{"code": "handling", **charge}]})
    rma = desk.come_back(customer, invoice)["rma_number"]
    desk.register(rma, code)
    desk.slip(rma)
    (note,) = desk.credit(rma)
    assert (note["total"], note["charges"][0]["origin"]) == (total, "act")
    assert desk.entries(note["id"]) == sorted([("1100", receivable), *MIRROR[1:], ("4200", income)])
    assert desk.rma(rma)["charges"][0]["brought_by"] == code
    assert verify(desk.engine) == []


@pytest.mark.rule("P12", "INV-12")
def test_a_correction_stands_on_the_sides_of_the_sale(desk):
    sides = "SELECT a.number, e.amount, e.correction FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id WHERE e.document_id = ?"
    _product, rma, _ = back(desk, "RS")
    (note,) = desk.credit(rma, correction=True)
    found = desk.rows(sides, note["id"])
    assert sorted((account, amount) for account, amount, _ in found) == MIRROR
    assert {bool(correction) for _, _, correction in found} == {True}
    shown = desk.get(f"/ledger/vouchers/{note['number']}")["entries"]
    assert sorted((entry["account"], entry["debit"], entry["credit"]) for entry in shown) == [
        ("1100", "-90.00", None), ("1300", None, "-60.00"), ("4000", None, "-100.00"), ("4100", "-10.00", None), ("5000", "-60.00", None),
    ]  # fmt: skip
    assert verify(desk.engine) == []


@pytest.mark.rule("P13")
def test_taxes_come_back_as_they_were_paid(desk):
    customer, product = desk.customer(), desk.product(tax="STANDARD")
    invoice = desk.sell(customer, (product, "1", "10.00"))
    rma = desk.come_back(customer, invoice)["rma_number"]
    desk.register(rma, "RS")
    desk.slip(rma)
    (note,) = desk.credit(rma)
    assert (note["total"], desk.entries(note["id"])) == ("-108.90", sorted([("1100", -10_890), ("2200", 1890), *MIRROR[1:]]))


@pytest.mark.rule("RET-08")
def test_the_three_model_outcomes_of_a_disposition(desk):
    for code, goods, credited, replaced in (("DX", 19_000, "-90.00", 1), ("RS", 20_000, "-90.00", 0), ("RP", 19_000, "0.00", 0)):
        customer, product, invoice = desk.sold_one()
        rma = desk.come_back(customer, invoice)["rma_number"]
        desk.register(rma, code, replacement={})
        desk.slip(rma)
        (document,) = desk.credit(rma)
        assert (desk.on_hand(product)[0], document["total"], len(desk.rma(rma)["replacements"])) == (goods, credited, replaced)
