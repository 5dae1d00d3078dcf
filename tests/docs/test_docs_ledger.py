"""The worked entries of docs/ledger.md, posted: each table of the page is compared with what stands in the ledger."""

import re

import pytest

from kassa.kernel.clock import add_days
from kassa.kernel.jobs import Runner
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


def sell_cheaper(shop):
    shop.sell(line("TEA", discount="1.00"), payments={"cash": "10.89"})
    shop.adjust({"TEA": "19"}, unit_cost="8.00")


def take_back(shop):
    (invoice,) = shop.perform("sales.list_invoices", {"limit": 1})["items"]
    shop.sell(line("TEA", "-1", source={"invoice": invoice["number"], "line": 1}), payments={"cash": "-10.89"})


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


def cancel(shop):
    refund = {"tender": "cash", "amount": "0.50"}
    shop.perform("sales.cancel_order", {"order": newest_order(shop), "charges": [{"code": "other", "amount": "1.50"}], "refunds": [refund]})


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


def keep_ink(shop):
    shop.perform("catalog.create_item_model_group", {"code": "STANDARD", "costing": "standard"})
    shop.add_product("INK", cost="1.50", group="STANDARD")


def send(shop):
    shop.perform("org.create_warehouse", {"code": "W01", "name": "Depot", "kind": "non_store"})
    lines = [{"product": "TEA", "quantity": "4"}]
    sent = shop.perform("stock.create_transfer", {"from_warehouse": shop.warehouse, "to_warehouse": "W01", "lines": lines})
    shop.perform("stock.ship_transfer", {"transfer": sent["id"]})


def arrive(shop):
    sent = shop.perform("stock.list_transfers")["items"][0]
    shop.perform("stock.receive_transfer", {"transfer": sent["id"], "lines": [{"line": 1, "quantity": "3", "lost": "1"}]})


def add_freight(shop):
    lot = [step["lot"] for step in shop.perform("stock.list_movements", {"product": "TEA"})["items"] if step["to_status"] == "purchased"][-1]
    shop.perform("stock.adjust_cost", {"lot": lot, "amount": "40.00", "reason": "Freight"})


def sell_coffee(shop):
    shop.perform("catalog.create_item_model_group", {"code": "FIFO", "costing": "fifo"})
    shop.add_product("COFFEE", price="10.00", group="FIFO")
    for day, cost in (("01", "6.00"), ("02", "8.00")):
        shop.adjust({"COFFEE": "10"}, unit_cost=cost, date=f"2026-01-{day}")
    shop.sell(line("COFFEE", "5"), payments={"cash": "50.00"}, date="2026-01-03")


def close_january(shop):
    Runner(shop.engine).run(shop.perform("stock.close_period", {"through": "2026-01-31"})["id"])


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
    "Credit note with a restocking fee": ({}, None, sell("-11.60", "-1", charges=[{"code": "handling", "rate": "-0.05", "line": 1}])),
    "Credit note by the invoice of the sale": ({}, sell_cheaper, take_back),
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
    "Deposit": ({}, None, deposited),
    "Invoice that takes a deposit": ({}, deposited, invoice_it),
    "Deposit given back": ({}, deposited, give_back),
    "Deposit forfeited": ({}, deposited, forfeit),
    "Order cancelled with a deposit": ({}, deposited, cancel),
    "Refund": ({}, credit, refund),
    "Payment voided": ({}, pay, void),
    "Cash rounding": ({}, None, sell_in_coins),
    "Cash to the safe": ({}, None, move_cash("safe_drop", "200.00")),
    "Petty cash": ({}, None, move_cash("petty_cash", "7.50")),
    "Rounding of stock values": ({}, sell_too_much, adjust("correction", "1", "7.00")),
    "Goods at standard cost": ({}, keep_ink, lambda shop: shop.adjust({"INK": "10"}, unit_cost="2.00")),
    "Goods lost on their way": ({}, send, arrive),
    "Cost added after the fact": ({}, sell("60.50", quantity="5"), add_freight),
    "FIFO at the close of a period": ({}, sell_coffee, close_january),
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
