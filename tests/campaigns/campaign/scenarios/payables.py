"""Scenarios of payables: invoices of vendors, what is paid to them and what the bank tells of it, balances that move to them."""

from __future__ import annotations

from campaign.scenarios import Case, Command, Stage, mix, scenario

IBAN = "NL91ABNA0417164300"


def vendor(stage: Stage) -> str:
    """A vendor with a bank account; the number."""
    number = stage.name("V")
    stage.shop.perform("parties.create_vendor", {"number": number, "name": f"Vendor {number}"})
    stage.shop.perform("parties.add_bank_account", {"vendor": number, "iban": "DE89370400440532013000", "bic": "COBADEFFXXX"})
    return number


def bank(stage: Stage) -> str:
    """A bank account of the shop to pay from; its code."""
    code = stage.name("B")
    stage.shop.perform("payables.create_bank_account", {"code": code, "name": "Current account", "iban": IBAN, "bic": "ABNANL2A"})
    return code


def owed(stage: Stage, **more: object) -> tuple[str, str]:
    """A vendor that is owed 30.00 since today; vendor and invoice."""
    number = vendor(stage)
    return number, stage.shop.vendor_invoice(number, "30.00", due_date=stage.shop.today, **more)


@scenario("payables.post_vendor_invoice")
def post_vendor_invoice(stage: Stage) -> Case:
    """An invoice is entered once by the number that its vendor gave it."""
    lines = [{"account": "5100", "amount": "30.00"}]
    return Case(command={"vendor": vendor(stage), "invoice_number": "2026-0815", "lines": lines})


@scenario("payables.hold_vendor_invoice")
def hold_vendor_invoice(stage: Stage) -> Case:
    """An invoice that is held cannot be held again."""
    return Case(command={"invoice": owed(stage)[1]})


@scenario("payables.release_vendor_invoice")
def release_vendor_invoice(stage: Stage) -> Case:
    """An invoice is released once."""
    return Case(command={"invoice": owed(stage, hold=True)[1]})


@scenario("payables.pay_vendor")
def pay_vendor(stage: Stage) -> Case:
    """Ten of the thirty of an invoice that is named."""
    number, invoice = owed(stage)
    return Case(command={"vendor": number, "bank_account": bank(stage), "amount": "10.00", "invoices": [invoice]}, permitted=3)


@scenario("payables.pay_vendors")
def pay_vendors(stage: Stage) -> Case:
    """What one run has paid is not due any more."""
    return Case(command={"bank_account": bank(stage), "vendors": [owed(stage)[0]]})


def run(stage: Stage, number: str | None = None) -> tuple[str, str]:
    """A run that paid one vendor; its id, and the number of the payment."""
    command = {"bank_account": bank(stage), "vendors": [number or owed(stage)[0]]}
    made = stage.shop.perform("payables.pay_vendors", command)
    return made["id"], made["payments"][0]["number"]


@scenario("payables.produce_bank_file")
def produce_bank_file(stage: Stage) -> Case:
    """A run has one file, whoever asks for it."""
    return Case(command={"run": run(stage)[0]}, permitted=None, shared=True)


@scenario("payables.confirm_payments")
def confirm_payments(stage: Stage) -> Case:
    """The bank has paid once."""
    return Case(command={"run": run(stage)[0]})


@scenario("payables.reject_payment")
def reject_payment(stage: Stage) -> Case:
    """A payment is reversed once."""
    return Case(command={"payment": run(stage)[1], "reason": "Account closed"})


def moving(stage: Stage) -> tuple[str, Command]:
    """A customer with a credit of 30.00, and the request to owe it to a vendor instead."""
    customer = stage.shop.add_customer(stage.name("C"))
    credit = stage.shop.pay(customer, "30.00")["number"]
    return customer, {"customer": customer, "vendor": vendor(stage), "items": [{"item": credit}]}


@scenario("payables.transfer_balance")
def transfer_balance(stage: Stage) -> Case:
    """A credit is moved once."""
    return Case(command=moving(stage)[1])


@mix("one vendor invoice", permitted=3)
def one_vendor_invoice(stage: Stage) -> list[tuple[str, Command]]:
    """An invoice is paid by hand and by a run, held, and reversed."""
    number, invoice = owed(stage)
    account = bank(stage)
    return [
        ("payables.pay_vendor", {"vendor": number, "bank_account": account, "amount": "20.00", "invoices": [invoice]}),
        ("payables.pay_vendors", {"bank_account": account, "vendors": [number]}),
        ("payables.hold_vendor_invoice", {"invoice": invoice}),
        ("ledger.reverse_voucher", {"voucher": invoice, "description": "Sent back"}),
    ]


@mix("one vendor invoice held")
def one_vendor_invoice_held(stage: Stage) -> list[tuple[str, Command]]:
    """An invoice is released and held while it is to be paid."""
    number, invoice = owed(stage, hold=True)
    account = bank(stage)
    return [
        ("payables.release_vendor_invoice", {"invoice": invoice}),
        ("payables.hold_vendor_invoice", {"invoice": invoice}),
        ("payables.pay_vendor", {"vendor": number, "bank_account": account, "amount": "30.00", "invoices": [invoice]}),
        ("payables.pay_vendors", {"bank_account": account, "vendors": [number]}),
    ]


@mix("one vendor payment")
def one_vendor_payment(stage: Stage) -> list[tuple[str, Command]]:
    """The bank tells that it has paid and that it has not, while the payment is taken off its invoice."""
    paid_by, payment = run(stage)
    return [
        ("payables.confirm_payments", {"run": paid_by}),
        ("payables.confirm_payments", {"payments": [payment]}),
        ("payables.reject_payment", {"payment": payment, "reason": "Account closed"}),
        ("ledger.undo_settlement", {"document": payment}),
    ]


@mix("one credit of a customer", permitted=3)
def one_credit(stage: Stage) -> list[tuple[str, Command]]:
    """A credit is moved to a vendor, paid out, and voided."""
    customer, command = moving(stage)
    return [
        ("payables.transfer_balance", command),
        ("payments.refund", {"customer": customer, "tender": "bank_transfer", "amount": "20.00", "store": stage.shop.store}),
        ("payments.void", {"payment": command["items"][0]["item"], "store": stage.shop.store}),
    ]
