"""The worked entries of docs/ledger.md, posted: each table of the page is compared with what stands in the ledger."""

import re

import pytest

from kassa.testing.builders import line

ENTRIES = (
    "SELECT d.kind, a.number, a.name, e.amount, e.correction FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id "
    "JOIN kernel_document d ON d.id = e.document_id WHERE e.document_id > ? ORDER BY e.document_id, e.number"
)
NEWEST = "SELECT document_id FROM ledger_voucher ORDER BY document_id DESC LIMIT 1"


def tables(root):
    """The worked entries of the page by heading: rows of document, account, debit and credit."""
    text = (root / "docs" / "ledger.md").read_text(encoding="utf-8")
    found = {}
    for section in text[text.index("## Worked entries") :].split("\n### ")[1:]:
        heading, _, body = section.partition("\n")
        rows = [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in body.split("\n") if row.startswith("| ")]
        found[heading] = rows[1:]
    return found


def deliver_then_invoice(shop):
    number = shop.order(line("TEA"), customer="ADA")["number"]
    shop.deliver(number)
    shop.invoice(number)


def correct(shop):
    shop.invoice(shop.order(line("TEA", "-1"), customer="ADA")["number"], quantity_basis="all", correction=True)


def owe(shop):
    shop.invoice(shop.order(line("TEA"), customer="ADA")["number"], quantity_basis="all")


def sell_too_much(shop):
    shop.set_setting("stock.negative_stock", "allow")
    shop.sell(line("TEA", "21"), payments={"cash": "254.10"})


def adjust(reason, quantity, unit_cost=None):
    return lambda shop: shop.adjust({"TEA": quantity}, reason=reason, unit_cost=unit_cost)


def pay(shop):
    shop.pay("ADA", "12.10")


def order(shop, **more):
    return shop.order(line("TEA"), customer="ADA", **more)["number"]


def deposited(shop, **more):
    number = order(shop, **more)
    deposit = {"order": number, "payments": [{"tender": "cash", "amount": "2.00"}]}
    shop.perform("sales.take_deposit", deposit)
    return number


def newest_order(shop):
    return shop.perform("sales.list_orders", {"limit": 1})["items"][0]["number"]


def invoice_it(shop):
    shop.invoice(newest_order(shop), quantity_basis="all")


def give_back(shop):
    shop.perform("sales.refund_deposit", {"order": newest_order(shop), "payments": [{"tender": "cash", "amount": "2.00"}]})


def forfeit(shop):
    shop.perform("sales.forfeit_deposit", {"order": newest_order(shop)})


def with_a_charge(shop):
    deposited(shop, charges=[{"code": "other", "amount": "1.50"}])


def cancel(shop):
    refund = {"tender": "cash", "amount": "0.50"}
    shop.perform("sales.cancel_order", {"order": newest_order(shop), "invoice_charges": True, "refunds": [refund]})


def credit(shop):
    shop.invoice(shop.order(line("TEA", "-1"), customer="ADA")["number"], quantity_basis="all")


def refund(shop):
    shop.perform("payments.refund", {"customer": "ADA", "tender": "bank_transfer", "store": shop.store})


def void(shop):
    shop.perform("payments.void", {"payment": shop.perform("payments.list", {"limit": 1})["items"][0]["number"]})


def sell_in_coins(shop):
    shop.set_setting("payments.cash_rounding", "25")
    shop.sell(line("TEA"), payments={"cash": "12.00"})


def move_cash(kind, amount):
    return lambda shop: shop.perform("payments.move_cash", {"type": kind, "amount": amount, "store": shop.store})


def sell(cash="12.10", quantity="1", discount="0.00", **more):
    return lambda shop: shop.sell(line("TEA", quantity, discount=discount), payments={"cash": cash}, **more)


# Heading: how the shop is opened, what happens before, and what is booked.
WORKED = {
    "Sale, tax not in the price": ({}, None, sell()),
    "Sale, tax in the price": ({"price_includes_tax": True}, None, sell("10.00")),
    "Sale with a discount": ({}, None, sell("10.89", discount="1.00")),
    "Sale with a charge": ({}, None, sell("17.05", charges=[{"code": "freight", "amount": "4.95"}])),
    "Credit note": ({}, None, sell("-12.10", "-1")),
    "Credit note as correction": ({}, None, correct),
    "Physical posting": ({"physical": True}, None, deliver_then_invoice),
    "Payment on account": ({}, owe, pay),
    "Opening stock": ({}, None, adjust("opening", "20", "6.00")),
    "Lost stock": ({}, None, adjust("loss", "-2")),
    "Deposit": ({}, None, deposited),
    "Invoice that takes a deposit": ({}, deposited, invoice_it),
    "Deposit given back": ({}, deposited, give_back),
    "Deposit forfeited": ({}, deposited, forfeit),
    "Order cancelled with a deposit": ({}, with_a_charge, cancel),
    "Refund": ({}, credit, refund),
    "Payment voided": ({}, pay, void),
    "Cash rounding": ({}, None, sell_in_coins),
    "Cash to the safe": ({}, None, move_cash("safe_drop", "200.00")),
    "Petty cash": ({}, None, move_cash("petty_cash", "7.50")),
    "Rounding of stock values": ({}, sell_too_much, adjust("correction", "1", "7.00")),
}


def booked(shop, before):
    """The entries of the documents that came after one, as the page writes them."""
    with shop.engine.database.snapshot() as read:
        for kind, number, name, amount, correction in read.rows(ENTRIES, (before,)):
            debit = (amount > 0) is not bool(correction)
            text = f"{'-' if correction else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}"
            yield (kind, f"{number} {name}", text if debit else "", "" if debit else text)


def test_every_worked_entry_is_posted_here(root):
    assert set(tables(root)) == set(WORKED)


@pytest.mark.parametrize("heading", WORKED)
def test_worked_entries_are_what_is_booked(open_shop, root, heading):
    how, prepare, act = WORKED[heading]
    shop = open_shop(**how)
    if prepare is not None:
        prepare(shop)
    with shop.engine.database.snapshot() as read:
        before = read.value(NEWEST)
    act(shop)
    assert sorted(booked(shop, before)) == sorted(tables(root)[heading])


def test_the_roles_of_the_chart_stand_on_the_page(root, open_shop):
    chart = {account["number"]: account["name"] for account in open_shop().perform("ledger.list_accounts", {"limit": 500})["items"]}
    page = (root / "docs" / "ledger.md").read_text(encoding="utf-8")
    missing = [number for number in chart if not re.search(rf"\b{number}\b", page)]
    assert missing == []
