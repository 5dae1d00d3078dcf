"""The rooms of the core and the probes hold to what every plugin must hold to."""

import importlib.util
import sys
from pathlib import Path

from kassa.kernel.clock import FixedClock, date_of, instant_text
from kassa.kernel.jobs import Runner
from kassa.kernel.outbox import dispatch
from kassa.kernel.permissions import SYSTEM
from kassa.testing.builders import build_shop, furnish, line, perform
from kassa.testing.suite import plugin_suite

PROBES = Path(__file__).resolve().parents[1] / "probes"
OPEN_TO_ALL = {"permissions": "It shows what an operation is that needs no permission."}
ONE_FILE = {"readme": "A probe is one file; its docstring says what it is.", "migrations": "A probe lives as long as its test."}


def load_probe(name):
    """Import a probe by its file, once a process."""
    full = f"kassa_suite_{name}"
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, PROBES / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[full] = module
        spec.loader.exec_module(module)
    return sys.modules[full]


def trade(engine):
    """Everything that a shop does: sells, takes back, orders, delivers, invoices, takes payments, counts its stock."""
    shop = furnish(build_shop(engine))
    shop.set_setting("stock.post_packing_slip_in_ledger", "true")
    shop.add_product("CHAIR", price="75.00", cost="33.333333", stock="3", taxed=True, group="PHYSICAL")
    shop.sell(line("VASE", "2"), line("DELIVERY"), charges=[{"code": "freight", "amount": "4.95"}], payments={"cash": "300.00"})
    shop.sell(line("VASE", "-1", discount="-10.00"), payments={"card": "-108.90"})
    shop.sell(line("LAMP", "1"), customer="C0001")
    order = shop.order(line("CHAIR", "3"), line("CHALK", "1.250"), customer="C0001", charges=[{"code": "freight", "amount": "9.00"}], reference="WEB-1")
    shop.deliver("WEB-1", {1: "2"})
    shop.invoice("WEB-1", quantities={1: "1"})
    shop.invoice("WEB-1", quantity_basis="all")
    changed = shop.order(line("LAMP", "2"), customer="C0002")
    shop.perform("sales.cancel_lines", {"order": changed["number"], "lines": [{"line": 1, "quantity": "1"}]})
    shop.perform("sales.add_charges", {"order": changed["number"], "charges": [{"code": "freight", "amount": "4.95"}]})
    edit = shop.perform("sales.start_edit", {"order": changed["number"]})
    shop.perform("sales.commit_draft", {"draft": edit["id"]})
    shop.perform("sales.cancel_order", {"order": changed["number"]})
    shop.adjust({"CHALK": "-0.125"}, reason="count")
    pay(shop)
    cancelled = deposit(shop)
    give_back(shop)
    oversell(shop)
    owe(shop)
    assert shop.perform("sales.read_order", {"order": order["number"]})["state"] == "invoiced"
    return [changed["id"], cancelled]


def pay(shop):
    """Pay on account and settle by hand."""
    shop.pay("C0001", "50.00")
    taken = shop.sell(line("LAMP", "-1"), customer="C0001")
    items = shop.perform("ledger.list_open_items", {"customer": "C0001", "limit": 500})["items"]
    assert taken["invoice"] in [item["number"] for item in items]
    shop.perform("ledger.settle", {"customer": "C0001"})


def deposit(shop):
    """Take a deposit, let an invoice take of it, transfer some, and cancel the order with the rest, for which goods were kept; its id."""
    orders = [shop.order(line("CHALK", "4"), customer="C0002") for _ in range(2)]
    first, second = (order["number"] for order in orders)
    with shop.engine.database.snapshot() as read:
        lot = read.value("SELECT id FROM sales_order_line WHERE document_id = ?", (orders[1]["id"],))
    shop.perform("stock.reserve", {"store": shop.store, "lines": [{"product": "CHALK", "quantity": "4", "lot": lot}]})
    shop.perform("sales.take_deposit", {"order": first, "payments": [{"tender": "cash", "amount": "3.00"}]})
    shop.perform("sales.transfer_deposit", {"order": first, "to_order": second, "amount": "1.00"})
    shop.perform("sales.forfeit_deposit", {"order": second, "amount": "0.25"})
    shop.perform("sales.cancel_order", {"order": second, "refunds": [{"tender": "cash", "amount": "0.75"}]})
    shop.invoice(first, quantity_basis="all")
    return orders[1]["id"]


def give_back(shop):
    """Pay by a processor, void, order a refund, and bring cash to the safe."""
    shop.set_setting("payments.processor", "on")
    card = {"customer": "C0002", "tender": "card_online", "amount": "20.00", "token": "sandbox"}
    shop.perform("payments.take", card)
    shop.sell(line("CHALK", "-10"), customer="C0002")
    shop.perform("payments.refund", {"customer": "C0002", "tender": "check", "amount": "5.00"})
    shop.perform("payments.void", {"payment": shop.pay("C0002", "1.00")["number"]})
    shop.perform("payments.move_cash", {"type": "safe_drop", "amount": "10.00", "store": shop.store})


def oversell(shop):
    """Sell what comes in later, at another cost."""
    shop.set_setting("stock.negative_stock", "warn")
    shop.add_product("BULB", price="1.00", cost="0.50")
    shop.sell(line("BULB", "2"), payments={"cash": "2.00"})
    shop.adjust({"BULB": "2"}, reason="count", unit_cost="0.75")


def keep_stock(engine):
    """Everything that happens to stock beside trade: goods are promised, blocked, carried, counted, and cost more afterwards."""
    trade(engine)
    entity = engine.perform("org.list_legal_entities", {}, actor=SYSTEM).body["items"][0]["id"]

    def do(operation, **command):
        return perform(engine, f"stock.{operation}", command, legal_entity_id=entity)

    perform(engine, "org.create_warehouse", {"code": "W01", "name": "Depot", "kind": "non_store"}, legal_entity_id=entity)
    line_of = {"product": "CHALK", "quantity": "2"}
    engine_time = engine.clock.now()
    soon = instant_text(engine_time + 60 * 1_000_000)
    do("reserve", store="S001", lines=[line_of], expires_at=soon)
    kept = do("reserve", store="S001", lines=[line_of])
    do("release_reservation", reservation=kept["id"])
    carry(do, line_of)
    blocked = do("block", store="S001", reason="wet", lines=[line_of])
    do("unblock", block=blocked["id"], reason="dry")
    count = do("begin_count", store="S001", products=["CHALK"])
    do("record_count", count=count["id"], lines=[{"product": "CHALK", "counted": "90"}])
    do("post_count", count=count["id"])
    do("cancel_count", count=do("begin_count", store="S001", products=["CHALK"])["id"])
    steps = do("list_movements", product="CHALK", limit=500)["items"]
    lot = next(step["lot"] for step in reversed(steps) if step["to_status"] == "purchased")
    do("adjust_cost", lot=lot, amount="1.00", reason="Freight")
    engine.clock = FixedClock(engine_time)
    engine.clock.advance(days=3)
    for job in (do("tend_reservations"), do("close_period", through=date_of(engine_time, "Europe/Amsterdam"))):
        assert Runner(engine).run(job["id"]).state == "done"


def carry(do, line_of):
    """Carry goods to the depot in parts, promise them to somebody on their way, and give up some of it."""
    between = {"from_warehouse": "S001", "to_warehouse": "W01", "lines": [line_of]}
    sent = do("create_transfer", **between)["id"]
    do("reserve", store="S001", lines=[{**line_of, "warehouse": "W01", "basis": "ordered"}])
    do("ship_transfer", transfer=sent)
    do("receive_transfer", transfer=sent, lines=[{"line": 1, "quantity": "1", "lost": "1"}])
    do("cancel_transfer", transfer=do("create_transfer", **between)["id"])
    for arrived in (False, True):
        begun = do("create_transfer", **between)["id"]
        do("ship_transfer", transfer=begun, lines=[{"line": 1, "quantity": "1"}])
        if arrived:
            do("receive_transfer", transfer=begun)
        do("cancel_transfer", transfer=begun)


def owe(shop):
    """Book by hand and take it back; be invoiced, pay by a run and by hand, hear from the bank, move a balance to a vendor."""
    lines = [{"account": "5100", "amount": "1.00"}, {"account": "3000", "amount": "-1.00"}]
    journal = shop.perform("ledger.post_journal", {"description": "By hand", "lines": lines})["number"]
    shop.perform("ledger.reverse_voucher", {"voucher": journal, "description": "Taken back"})
    shop.perform("parties.create_vendor", {"number": "V1", "name": "Vendor", "due_days": 0})
    shop.perform("parties.add_bank_account", {"vendor": "V1", "iban": "DE89370400440532013000"})
    shop.perform("payables.create_bank_account", {"code": "MAIN", "name": "Main", "iban": "NL91ABNA0417164300"})
    held = shop.vendor_invoice("V1", "40.00", hold=True)
    shop.perform("payables.release_vendor_invoice", {"invoice": held})
    shop.vendor_invoice("V1", "-5.00")
    run = shop.perform("payables.pay_vendors", {"bank_account": "MAIN"})
    while dispatch(shop.engine):
        pass
    shop.perform("payables.confirm_payments", {"run": run["number"]})
    shop.vendor_invoice("V1", "12.00")
    payment = shop.perform("payables.pay_vendor", {"vendor": "V1", "bank_account": "MAIN", "amount": "12.00"})["number"]
    shop.perform("payables.reject_payment", {"payment": payment, "reason": "Not covered"})
    credit = shop.pay("C0002", "15.00")["number"]
    shop.perform("payables.transfer_balance", {"customer": "C0002", "vendor": "V1", "items": [{"item": credit}]})


def write_notes(engine):
    """Write a note and tear it out."""
    options = {"actor": SYSTEM, "legal_entity_id": "01a1f900-0000-7000-8000-000000000001"}
    engine.perform("notebook.add_paper", {"sheets": 10}, **options)
    note = engine.perform("notebook.write", {"text": "Hello"}, key="k1", **options)
    engine.perform("notebook.tear", {"note": note.document_id}, key="k2", **options)
    engine.perform("notebook.write", {"text": "Still here"}, key="k3", **options)


TestKernel = plugin_suite("kernel", {})
TestOrg = plugin_suite("org", {}, exempt={"permissions": "Whoever signed in may sign out."})
TestCatalog = plugin_suite("catalog", {})
TestParties = plugin_suite("parties", {})
TestLedger = plugin_suite("ledger", {}, story=trade)
TestStock = plugin_suite("stock", {}, story=keep_stock)
TestPayments = plugin_suite("payments", {}, story=trade)
TestSales = plugin_suite("sales", {}, story=trade)
TestPayables = plugin_suite("payables", {}, story=trade)
TestNotebook = plugin_suite("notebook", {"notebook": load_probe("notebook")}, story=write_notes, exempt=ONE_FILE)
TestShelf = plugin_suite("shelf", {"shelf": load_probe("shelf")}, exempt=ONE_FILE | OPEN_TO_ALL)
TestCourier = plugin_suite("courier", {"courier": load_probe("courier")}, exempt=ONE_FILE | OPEN_TO_ALL)
