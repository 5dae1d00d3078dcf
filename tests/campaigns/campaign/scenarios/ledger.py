"""Scenarios of the ledger and of payments: what is owed, paid and settled."""

from __future__ import annotations

from campaign.scenarios import Case, Command, Stage, mix, scenario


def owing(stage: Stage) -> tuple[str, str, str]:
    """A customer with an invoice of 121.00 and a payment of 100.00 that settled nothing; customer, invoice, payment."""
    shop, customer = stage.shop, stage.shop.add_customer(stage.name("C"))
    payment = shop.pay(customer, "100.00")["number"]
    order = shop.order({"product": stage.product("10"), "quantity": "10"}, customer=customer)["number"]
    invoice = shop.invoice(order, quantity_basis="all")[0]["number"]
    return customer, invoice, payment


@scenario("ledger.settle")
def settle(stage: Stage) -> Case:
    """Forty of a hundred: twice at most."""
    customer, invoice, payment = owing(stage)
    return Case(command={"customer": customer, "pairs": [{"debit": invoice, "credit": payment, "amount": "40.00"}]}, permitted=2)


@scenario("payments.take")
def take(stage: Stage) -> Case:
    """Whoever pays is welcome; what is more than was owed stays as a credit."""
    customer = stage.shop.add_customer(stage.name("C"))
    return Case(command={"customer": customer, "tender": "bank_transfer", "amount": "10.00", "store": stage.shop.store}, permitted=None)


@mix("one debt")
def debt(stage: Stage) -> list[tuple[str, Command]]:
    """Payment of an invoice, settlement of the same, and one by age."""
    customer, invoice, payment = owing(stage)
    pair = {"debit": invoice, "credit": payment, "amount": "70.00"}
    return [
        ("payments.take", {"customer": customer, "tender": "card", "amount": "60.50", "invoices": [invoice], "store": stage.shop.store}),
        ("ledger.settle", {"customer": customer, "pairs": [pair]}),
        ("ledger.settle", {"customer": customer}),
    ]
