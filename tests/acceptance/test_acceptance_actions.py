"""Actions of the core's documents: what is told to be impossible is refused for the same reason, and what is possible is done."""

import pytest

from kassa.kernel.clock import FixedClock
from kassa.kernel.errors import KassaError
from kassa.testing.builders import build_shop, furnish, line


@pytest.fixture
def shop(make_engine):
    """A furnished shop of the core alone with a second warehouse."""
    shop = furnish(build_shop(make_engine(modules={}, clock=FixedClock("2026-11-21T09:00:00Z"))))
    shop.perform("org.create_warehouse", {"code": "W01", "name": "Depot", "kind": "non_store"})
    return shop


def told(shop, kind, name, reference, operation):
    """What is told of an operation: whether it is possible, and the codes of what stands in the way."""
    shown = shop.perform(f"{kind}.actions", {name: reference})
    (found,) = [action for action in shown["actions"] if action["operation"] == operation]
    return found["possible"], [condition["code"] for condition in found["unmet"]]


def agrees(shop, kind, name, reference, operation, **more):
    """Perform what was asked about; fails where the answer and the act do not agree. Gives the code that stood in the way."""
    possible, codes = told(shop, kind, name, reference, operation)
    happened = "yes", []
    try:
        shop.perform(operation, {name: reference, **more})
    except KassaError as error:
        happened = "no", [issue.code for issue in error.issues]
    assert (possible, codes) == happened, operation
    return codes[0] if codes else None


def test_what_is_told_of_a_transfer_is_what_happens(shop):
    lines = [{"product": "LAMP", "quantity": "4"}]
    number = shop.perform("stock.create_transfer", {"from_warehouse": "S001", "to_warehouse": "W01", "lines": lines})["number"]
    ask = ("stock_transfer", "transfer", number)
    assert agrees(shop, *ask, "stock.receive_transfer") == "STOCK_TRANSFER_QUANTITY"
    assert agrees(shop, *ask, "stock.ship_transfer", lines=[{"line": 1, "quantity": "3"}]) is None
    assert agrees(shop, *ask, "stock.cancel_transfer") is None
    assert agrees(shop, *ask, "stock.cancel_transfer") == "STOCK_TRANSFER_QUANTITY"
    assert agrees(shop, *ask, "stock.ship_transfer") == "STOCK_TRANSFER_QUANTITY"
    assert agrees(shop, *ask, "stock.receive_transfer") is None
    assert shop.perform("stock.read_transfer", {"transfer": number})["state"] == "received"
    for operation in ("stock.ship_transfer", "stock.receive_transfer", "stock.cancel_transfer"):
        assert told(shop, *ask, operation)[0] == "no"


def test_what_is_told_of_a_payment_is_what_happens(shop):
    paid = shop.pay("C0001", "50.00", tender="cash")["number"]
    ask = ("payment", "payment", paid)
    assert agrees(shop, *ask, "payments.void") is None
    assert agrees(shop, *ask, "payments.void") == "PAYMENT_VOIDED"
    (void,) = [item["number"] for item in shop.perform("payments.list")["items"] if item["number"] != paid]
    assert agrees(shop, "payment", "payment", void, "payments.void") == "PAYMENT_VOID_OF_VOID"
    later = shop.pay("C0001", "50.00", tender="cash")["number"]
    shop.engine.clock.advance(days=1)
    assert agrees(shop, "payment", "payment", later, "payments.void") == "PAYMENT_NOT_OF_TODAY"


def test_what_is_told_of_a_count_is_what_happens(shop):
    count = shop.perform("stock.begin_count", {"warehouse": "S001", "products": ["LAMP"]})["number"]
    ask = ("stock_count", "count", count)
    assert agrees(shop, *ask, "stock.post_count") == "STOCK_NOTHING_TO_COUNT"
    shop.perform("stock.record_count", {"count": count, "lines": [{"product": "LAMP", "counted": "9"}]}, if_match=1)
    assert agrees(shop, *ask, "stock.post_count") is None
    assert told(shop, *ask, "stock.cancel_count") == ("no", ["STATE_FORBIDS"])


def test_what_is_told_of_lines_is_what_happens(shop):
    order = shop.order(line("LAMP", "2"), customer="C0001")["number"]
    ask = ("order", "order", order)
    assert agrees(shop, *ask, "sales.cancel_lines", lines=[{"line": 1, "quantity": "1"}]) is None
    shop.deliver(order)
    assert agrees(shop, *ask, "sales.cancel_lines", lines=[{"line": 1}]) == "SALES_NOTHING_OPEN"
    assert agrees(shop, *ask, "sales.cancel_order") == "SALES_CANCEL_DELIVERED"
    assert agrees(shop, *ask, "sales.post_packing_slip") == "SALES_QUANTITY_EXCEEDS_OPEN"


def test_what_is_told_of_vendor_documents_is_what_happens(shop):
    shop.perform("parties.create_vendor", {"number": "V1", "name": "Maker"})
    invoice = shop.vendor_invoice("V1", "10.00")
    ask = ("vendor_invoice", "invoice", invoice)
    assert agrees(shop, *ask, "payables.release_vendor_invoice") == "STATE_FORBIDS"
    assert agrees(shop, *ask, "payables.hold_vendor_invoice") is None
    assert agrees(shop, *ask, "payables.hold_vendor_invoice") == "STATE_FORBIDS"
    assert agrees(shop, *ask, "payables.release_vendor_invoice") is None
    shop.perform("payables.create_bank_account", {"code": "MAIN", "name": "Current account", "iban": "NL91ABNA0417164300"})
    paid = shop.perform("payables.pay_vendor", {"vendor": "V1", "bank_account": "MAIN", "amount": "10.00"})["number"]
    assert told(shop, "vendor_payment", "payment", paid, "payables.confirm_payments") == ("yes", [])
    assert agrees(shop, "vendor_payment", "payment", paid, "payables.reject_payment", reason="Closed") is None
    assert agrees(shop, "vendor_payment", "payment", paid, "payables.reject_payment", reason="Closed") == "STATE_FORBIDS"
    assert told(shop, "vendor_payment", "payment", paid, "payables.confirm_payments") == ("no", ["STATE_FORBIDS"])
