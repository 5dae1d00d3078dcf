"""Paying credit notes of returns out: after the credit note or in advance, and as the tender does it."""

import pytest

from kassa.kernel.invariants import verify
from kassa.kernel.jobs import Runner


def credited(desk):
    """A return with its credit note: customer and number of the note."""
    customer, _, invoice = desk.sold_one()
    rma = desk.come_back(customer, invoice)["rma_number"]
    desk.register(rma, "RS")
    return customer, rma


@pytest.mark.rule("INV-16", "INV-14")
def test_a_refund_waits_for_the_credit_note_unless_advance_credit_is_on(desk):
    customer, rma = credited(desk)
    ask = {"store": desk.store, "customer": customer, "tender": "cash", "amount": "90.00"}
    assert desk.refused("/refunds", ask) == ["PAYMENT_CREDIT_EXCEEDED"]
    desk.credit(rma, quantity_basis="all")
    assert desk.post("/refunds", ask)["state"] == "paid"
    assert verify(desk.engine) == []


@pytest.mark.rule("INV-17")
def test_the_tender_decides_how_a_credit_note_is_paid_out(desk):
    customer, rma = credited(desk)
    (note,) = desk.credit(rma, quantity_basis="all")
    ask = {"store": desk.store, "customer": customer, "credits": [note["number"]]}

    def left():
        return desk.rows('SELECT "open" FROM ledger_open_item WHERE document_id = ?', note["id"])[0][0]

    assert desk.post("/refunds", {**ask, "tender": "customer_account", "amount": "30.00"})["state"] == "on_account"
    assert left() == -9000
    paid = desk.post("/refunds", {**ask, "tender": "cash", "amount": "40.00"})["payment"]
    assert left() == -5000
    assert sorted(amount for _, amount in desk.entries(paid["id"])) == [-4000, 4000]
    assert desk.post("/refunds", {**ask, "tender": "check", "amount": "50.00"})["state"] == "waiting"
    assert left() == -5000
    job = desk.post("/refund-runs", {"tender": "check"})
    Runner(desk.engine).run(job["id"])
    assert left() == 0
    assert verify(desk.engine) == []
