"""Scenarios of the ledger: what is booked and taken back, settled and opened again, and a year that ends."""

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


@scenario("ledger.undo_settlement")
def undo_settlement(stage: Stage) -> Case:
    """What a settlement closed is opened again once."""
    customer, invoice, payment = owing(stage)
    settled = stage.shop.perform("ledger.settle", {"customer": customer, "pairs": [{"debit": invoice, "credit": payment}]})
    return Case(command={"document": settled["number"]})


def journal(stage: Stage, date: str | None = None) -> Command:
    """A request to book a loss of 5.00."""
    lines = [{"account": "5100", "amount": "5.00"}, {"account": "3000", "amount": "-5.00"}]
    return {"description": stage.name("J"), "lines": lines, **({"date": date} if date is not None else {})}


@scenario("ledger.post_journal")
def post_journal(stage: Stage) -> Case:
    """Nothing limits what is booked between accounts that no subledger explains."""
    return Case(command=journal(stage), permitted=None)


@scenario("ledger.reverse_voucher")
def reverse_voucher(stage: Stage) -> Case:
    """A journal is taken back once."""
    booked = stage.shop.perform("ledger.post_journal", journal(stage))["id"]
    return Case(command={"voucher": booked, "description": "Booked twice"})


@scenario("ledger.close_year")
def close_year(stage: Stage) -> Case:
    """The result of a year is transferred once; what each case booked since is its own."""
    for month in range(1, 12):
        stage.shop.set_period(f"2025-{month:02d}-01", "closed")
    stage.shop.perform("ledger.post_journal", journal(stage, "2025-12-31"))
    return Case(command={"first_date": "2025-01-01", "last_date": "2025-12-31"})


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


@mix("one journal", permitted=1)
def one_journal(stage: Stage) -> list[tuple[str, Command]]:
    """A journal is reversed on its date and today, with its own signs and with the opposite ones."""
    booked = stage.shop.perform("ledger.post_journal", journal(stage, "2026-11-03"))["number"]
    return [
        ("ledger.reverse_voucher", {"voucher": booked, "description": "Booked twice"}),
        ("ledger.reverse_voucher", {"voucher": booked, "description": "Booked twice", "date": "2026-11-03", "correction": True}),
    ]


@mix("one settlement")
def one_settlement(stage: Stage) -> list[tuple[str, Command]]:
    """A settlement is undone while what it left open is settled as well."""
    customer, invoice, payment = owing(stage)
    first = {"debit": invoice, "credit": payment, "amount": "60.00"}
    settled = stage.shop.perform("ledger.settle", {"customer": customer, "pairs": [first]})["number"]
    return [
        ("ledger.undo_settlement", {"document": settled}),
        ("ledger.settle", {"customer": customer, "pairs": [first | {"amount": "40.00"}]}),
        ("ledger.settle", {"customer": customer}),
    ]
