"""Paying credit notes of returns out: after the credit note or in advance of it, and as the tender does it."""

import pytest

from kassa.kernel.invariants import verify
from kassa.kernel.jobs import Runner
from kassa.kernel.outbox import dispatch
from kassa.payments.processor import PORT


def registered(desk, **more):
    """A piece of a sale that came back and is registered: customer, and number of the return."""
    customer, _, invoice = desk.sold_one(**more)
    rma = desk.come_back(customer, invoice)["rma_number"]
    desk.register(rma, "RS")
    return customer, rma


def left(desk, document):
    """What is open of a document, in minor units; below 0 it is owed to the customer."""
    return desk.rows('SELECT "open" FROM ledger_open_item WHERE document_id = ?', document["id"])[0][0]


def owed(desk):
    """A customer with an open credit note of 90.00 of a return: the note, and how its refunds are asked for."""
    customer, rma = registered(desk)
    (note,) = desk.credit(rma, quantity_basis="all")
    return note, {"store": desk.store, "customer": customer, "credits": [note["number"]]}


@pytest.mark.rule("INV-16", "INV-14")
def test_a_refund_is_paid_after_the_credit_note(desk):
    customer, rma = registered(desk)
    ask = {"store": desk.store, "customer": customer, "tender": "cash", "amount": "90.00"}
    assert desk.refused("/refunds", ask) == ["PAYMENT_CREDIT_EXCEEDED"]
    desk.slip(rma)
    assert desk.refused("/refunds", ask) == ["PAYMENT_CREDIT_EXCEEDED"]
    assert desk.refused("/refunds", {**ask, "advance": True}) == ["PAYMENT_ADVANCE_CREDIT_OFF"]
    (note,) = desk.credit(rma)
    paid = desk.post("/refunds", ask)
    assert (paid["state"], left(desk, note)) == ("paid", 0)
    assert desk.entries(paid["payment"]["id"]) == [("1001", -9000), ("1100", 9000)]
    assert desk.refused("/refunds", ask) == ["PAYMENT_CREDIT_EXCEEDED"]
    assert verify(desk.engine) == []


@pytest.mark.rule("INV-16")
def test_with_advance_credit_it_is_paid_when_it_is_asked_for(town, desk):
    desk.set("payments.advance_credit", "true")
    customer, rma = registered(desk)
    ask = {"store": desk.store, "customer": customer, "tender": "cash", "amount": "90.00", "advance": True}
    assert desk.refused("/refunds", {**ask, "store": town.desk().store}) == ["PAYMENT_ADVANCE_CREDIT_OFF"], "the other store does not"
    paid = desk.post("/refunds", ask)
    assert (paid["state"], desk.entries(paid["payment"]["id"])) == ("paid", [("1001", -9000), ("1100", 9000)])
    assert desk.states(rma) == ("open", ["registered"])
    (note,) = desk.credit(rma, quantity_basis="all", settlement="designated", settle=[{"document": paid["payment"]["number"]}])
    assert (left(desk, note), left(desk, paid["payment"])) == (0, 0)
    assert verify(desk.engine) == []


@pytest.mark.rule("INV-17")
def test_cash_settles_the_note_the_account_leaves_it_and_a_check_waits_for_its_run(desk):
    note, ask = owed(desk)
    stays = desk.post("/refunds", {**ask, "tender": "customer_account", "amount": "30.00"})
    assert (stays["state"], stays["payment"], left(desk, note)) == ("on_account", None, -9000)
    paid = desk.post("/refunds", {**ask, "tender": "cash", "amount": "40.00"})["payment"]
    assert (left(desk, note), desk.entries(paid["id"])) == (-5000, [("1001", -4000), ("1100", 4000)])
    waits = desk.post("/refunds", {**ask, "tender": "check", "amount": "50.00"})
    assert (waits["state"], waits["payment"], left(desk, note), desk.entries(waits["refund"])) == ("waiting", None, -5000, [])
    Runner(desk.engine).run(desk.post("/refund-runs", {"tender": "check"})["id"])
    by_check = "SELECT p.document_id FROM payments_payment p JOIN parties_customer c ON c.id = p.party_id WHERE p.tender = 'check' AND c.number = ?"
    ((posted,),) = desk.rows(by_check, ask["customer"])
    assert (left(desk, note), desk.entries(posted)) == (0, [("1005", -5000), ("1100", 5000)])
    assert verify(desk.engine) == []


@pytest.mark.rule("INV-17")
def test_a_card_gets_its_money_back_by_its_processor_after_the_note(desk):
    desk.set("payments.processor", "on")
    customer, product = desk.customer(), desk.product()
    payment = {"tender": "card_online", "amount": "100.00", "token": "sandbox"}
    sale = desk.post("/sales", {"store": desk.store, "customer": customer, "lines": [{"product": product, "quantity": "1"}], "payments": [payment]})
    sandbox = desk.engine.services.provider(PORT)
    work(desk)
    before = held(sandbox)
    rma = desk.come_back(customer, sale["invoice"])["rma_number"]
    desk.register(rma, "RS")
    ask = {"store": desk.store, "customer": customer, "tender": "card_online", "payment": sale["payments"][0]["number"]}
    assert desk.refused("/refunds", {**ask, "amount": "100.00"}) == ["PAYMENT_CREDIT_EXCEEDED"]
    (note,) = desk.credit(rma, quantity_basis="all")
    paid = desk.post("/refunds", ask)["payment"]
    assert (left(desk, note), desk.entries(paid["id"])) == (0, [("1004", -10_000), ("1100", 10_000)])
    work(desk)
    assert before - held(sandbox) == 10_000
    assert desk.refused("/refunds", {**ask, "amount": "0.01"}) == ["PAYMENT_CREDIT_EXCEEDED"]
    assert verify(desk.engine) == []


def work(desk):
    """Let the worker send what was planned, until nothing is left."""
    while dispatch(desk.engine):
        pass


def held(sandbox):
    """What the processor took less what it gave back, in minor units."""
    return sum(hold.captured - hold.refunded for hold in sandbox.holds.values())
