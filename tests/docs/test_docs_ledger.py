"""The worked entries of docs/ledger.md, posted: each table of the page is compared with what stands in the ledger."""

import re

import pytest

from kassa.kernel.clock import add_days
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


def sell(cash="12.10", quantity="1", discount="0.00", **more):
    return lambda shop: shop.sell(line("TEA", quantity, discount=discount), payments={"cash": cash}, **more)


def write_off(shop):
    lines = [{"account": "5100", "amount": "12.50"}, {"account": "3000", "amount": "-12.50"}]
    shop.perform("ledger.post_journal", {"description": "Used up", "lines": lines})


def enter_rates(shop):
    for date, rate in (("2026-01-01", "0.912345678"), (shop.today, "0.90")):
        shop.perform("ledger.enter_exchange_rate", {"currency": "USD", "from_date": date, "rate": rate})


def sell_abroad(shop):
    day = add_days(shop.today, -1)
    order = shop.order(line("TEA", unit_price="33.33"), customer="ADA", currency="USD", date=day)["number"]
    shop.invoice(order, quantity_basis="all", date=day)


def owe_abroad(shop):
    enter_rates(shop)
    sell_abroad(shop)


def pay_abroad(shop):
    shop.pay("ADA", "40.33", currency="USD")


def meet_vendor(shop):
    shop.perform("parties.create_vendor", {"number": "CLAY", "name": "Clay and Sons", "due_days": 0})
    shop.perform("parties.add_bank_account", {"vendor": "CLAY", "iban": "DE89370400440532013000"})
    shop.perform("payables.create_bank_account", {"code": "MAIN", "name": "Bank", "iban": "NL91ABNA0417164300"})


def be_invoiced(shop):
    lines = [{"account": "5100", "amount": "200.00"}, {"account": "5110", "amount": "50.00"}]
    shop.perform("payables.post_vendor_invoice", {"vendor": "CLAY", "lines": lines})


def owe_vendor(shop):
    meet_vendor(shop)
    be_invoiced(shop)


def pay_vendors(shop):
    shop.perform("payables.pay_vendors", {"bank_account": "MAIN"})


def overpay(shop):
    meet_vendor(shop)
    shop.pay("ADA", "90.00")


def move_balance(shop):
    (number,) = shop.open_items("ADA")
    shop.perform("payables.transfer_balance", {"customer": "ADA", "vendor": "CLAY", "items": [{"item": number}]})


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
    "General journal": ({}, None, write_off),
    "Sale in another currency": ({}, enter_rates, sell_abroad),
    "Payment at another rate": ({}, owe_abroad, pay_abroad),
    "Vendor invoice": ({}, meet_vendor, be_invoiced),
    "Vendor payment": ({}, owe_vendor, pay_vendors),
    "Balance moved to a vendor": ({}, overpay, move_balance),
    "Opening stock": ({}, None, adjust("opening", "20", "6.00")),
    "Lost stock": ({}, None, adjust("loss", "-2")),
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
