"""Scenarios of payments: what is taken, given back and voided, cash in drawers, and what processors are to do."""

from __future__ import annotations

from typing import Any

from campaign.processes import WORK
from campaign.scenarios import Case, Command, Stage, mix, scenario


@scenario("payments.take")
def take(stage: Stage) -> Case:
    """Whoever pays is welcome; what is more than was owed stays as a credit."""
    customer = stage.shop.add_customer(stage.name("C"))
    return Case(command={"customer": customer, "tender": "bank_transfer", "amount": "10.00", "store": stage.shop.store}, permitted=None)


def credit(stage: Stage) -> tuple[str, str]:
    """A customer with a credit of 30.00, paid in cash and owed for nothing; customer and payment."""
    customer = stage.shop.add_customer(stage.name("C"))
    return customer, stage.shop.pay(customer, "30.00", tender="cash")["number"]


def refund_of(stage: Stage, customer: str, amount: str, tender: str = "cash", **more: Any) -> Command:
    """A request to pay a credit out."""
    return {"customer": customer, "tender": tender, "amount": amount, "store": stage.shop.store, **more}


@scenario("payments.refund")
def refund(stage: Stage) -> Case:
    """Ten of a credit of thirty."""
    return Case(command=refund_of(stage, credit(stage)[0], "10.00"), permitted=3)


@scenario("payments.void")
def void(stage: Stage) -> Case:
    """A payment is voided once."""
    return Case(command={"payment": credit(stage)[1], "store": stage.shop.store})


def waiting(stage: Stage, customer: str | None = None) -> str:
    """A refund of all thirty that waits for a run; its id."""
    owed = customer or credit(stage)[0]
    ordered: str = stage.shop.perform("payments.refund", refund_of(stage, owed, "30.00", when="run"))["refund"]
    return ordered


@scenario("payments.cancel_refund")
def cancel_refund(stage: Stage) -> Case:
    """A refund that waits is cancelled once."""
    return Case(command={"refund": waiting(stage)})


@scenario("payments.start_refund_run")
def start_refund_run(stage: Stage) -> Case:
    """A job each; what it pays is raced in a mix."""
    waiting(stage)
    return Case(command={}, permitted=None)


@scenario("payments.move_cash")
def move_cash(stage: Stage) -> Case:
    """Cash is counted when the day ends; until then whoever brings some to the safe may."""
    return Case(command={"type": "safe_drop", "amount": "1.00", "store": stage.shop.store}, permitted=None)


def by_processor(stage: Stage) -> None:
    """Let tenders that have a processor be used; the sandbox answers."""
    stage.shop.set_setting("payments.processor", "on")


def authorisation(stage: Stage, *, held: bool = False) -> str:
    """An authorisation of 12.10 that the processor is to be asked for, or that it answered; its id."""
    by_processor(stage)
    asked: str = stage.shop.perform("payments.authorise", asking(stage))["id"]
    if held:
        stage.shop.perform("payments.record_result", {"intent": asked, "outcome": "approved", "reference": stage.name("hold-")})
    return asked


def asking(stage: Stage) -> Command:
    """A request to hold 12.10 on a card."""
    return {"tender": "card_online", "amount": "12.10", "token": "sandbox", "store": stage.shop.store}


@scenario("payments.authorise")
def authorise(stage: Stage) -> Case:
    """A hold each: what no payment uses is given back."""
    by_processor(stage)
    return Case(command=asking(stage), permitted=None)


@scenario("payments.record_result")
def record_result(stage: Stage) -> Case:
    """The same answer of a processor changes nothing the second time."""
    return Case(command={"intent": authorisation(stage), "outcome": "approved", "reference": "ch_4711"}, permitted=None, shared=True)


@scenario("payments.release_authorisation")
def release_authorisation(stage: Stage) -> Case:
    """What a card holds is given back once, however many ask for it."""
    return Case(command={"intent": authorisation(stage, held=True)}, permitted=None, shared=True)


def taken_by_card(stage: Stage) -> tuple[str, str]:
    """A customer who paid 12.10 by a card that has a processor; the payment, and the intent that captures it."""
    by_processor(stage)
    shop, customer = stage.shop, stage.shop.add_customer(stage.name("C"))
    asked = {"customer": customer, "tender": "card_online", "amount": "12.10", "token": "sandbox", "store": shop.store}
    payment = shop.perform("payments.take", asked)["number"]
    (capture,) = shop.perform("payments.list_intents", {"payment": payment})["items"]
    return payment, capture["id"]


@mix("one card")
def one_card(stage: Stage) -> list[tuple[str, Command]]:
    """A payment is voided while its processor says that nothing was captured, and while it says that it was."""
    payment, capture = taken_by_card(stage)
    return [
        ("payments.void", {"payment": payment, "store": stage.shop.store}),
        ("payments.record_result", {"intent": capture, "outcome": "declined", "reason": "no funds"}),
        ("payments.record_result", {"intent": capture, "outcome": "approved", "reference": "ch_4711"}),
    ]


@mix("one credit")
def one_credit(stage: Stage) -> list[tuple[str, Command]]:
    """The same thirty are paid out, ordered for a run, voided, and settled."""
    customer, payment = credit(stage)
    order = stage.shop.order({"product": stage.product("1"), "quantity": "1"}, customer=customer)["number"]
    stage.shop.invoice(order, quantity_basis="all")
    return [
        ("payments.refund", refund_of(stage, customer, "20.00")),
        ("payments.refund", refund_of(stage, customer, "30.00", when="run")),
        ("payments.void", {"payment": payment, "store": stage.shop.store}),
        ("ledger.settle", {"customer": customer}),
    ]


@mix("one refund")
def one_refund(stage: Stage) -> list[tuple[str, Command]]:
    """A refund that waits is cancelled, its credit is paid out beside it, and runs are started that would pay it."""
    customer, _ = credit(stage)
    return [
        ("payments.cancel_refund", {"refund": waiting(stage, customer)}),
        ("payments.start_refund_run", {}),
        ("payments.refund", refund_of(stage, customer, "30.00")),
    ]


@mix("one refund in a run", permitted=2)
def one_refund_in_a_run(stage: Stage) -> list[tuple[str, Command]]:
    """A run pays a refund that is cancelled at that moment, and whose credit is paid out beside it: once."""
    customer, _ = credit(stage)
    refund_id = waiting(stage, customer)
    return [
        (WORK, {"job": stage.shop.perform("payments.start_refund_run", {})["id"]}),
        ("payments.cancel_refund", {"refund": refund_id}),
        ("payments.refund", refund_of(stage, customer, "30.00")),
    ]
