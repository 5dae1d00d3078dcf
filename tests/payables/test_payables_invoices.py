"""Vendor invoices: booked by lines, open on the vendor, entered once, held, reversed."""

import pytest

from kassa.kernel.errors import Conflict, NotPermitted, Refused
from kassa.testing.builders import Shop
from kassa.testing.ledger import assert_sound, assert_voucher, trial_balance


def codes(refused) -> list[tuple[str, str]]:
    return [(issue.code, issue.pointer) for issue in refused.value.issues]


def test_an_invoice_is_booked_and_opens_on_the_vendor(owing: Shop):
    view = owing.perform(
        "payables.post_vendor_invoice",
        {
            "vendor": "V1", "invoice_number": "2026-0815", "description": "Vases", "date": "2026-11-20",
            "lines": [{"account": "5100", "amount": "200.00", "text": "Clay"}, {"account": "5110", "amount": "50.00"}],
        },
    )  # fmt: skip
    assert (view["number"], view["type"], view["state"]) == ("VIN-office-000001", "invoice", "approved")
    assert (view["due_date"], view["total"], view["open"]) == ("2026-12-04", "250.00", "250.00")
    assert_voucher(
        owing,
        view["number"],
        [
            ("5100 Stock gains and losses", "200.00", None),
            ("5110 Rounding of stock values", "50.00", None),
            ("2100 Trade payables", None, "250.00"),
        ],
    )
    assert owing.vendor_items("V1") == {view["number"]: "-250.00"}
    assert owing.perform("payables.read_vendor_invoice", {"invoice": "2026-0815"})["lines"] == view["lines"]
    listed = owing.perform("payables.list_vendor_invoices", {"vendor": "V1"})["items"]
    assert [(item["number"], item["open"]) for item in listed] == [(view["number"], "250.00")]
    assert_sound(owing)


def test_a_negative_total_is_a_credit_note(owing: Shop):
    number = owing.vendor_invoice("V1", "-40.00")
    assert number == "VCN-office-000001"
    assert owing.vendor_items("V1") == {number: "40.00"}
    invoice = owing.vendor_invoice("V1", "100.00")
    settled = owing.perform("ledger.settle", {"vendor": "V1"})
    assert (settled["vendor"], settled["customer"]) == ("V1", None)
    assert owing.vendor_items("V1") == {invoice: "-60.00"}
    assert_sound(owing)


def test_an_invoice_is_entered_once(owing: Shop):
    number = owing.vendor_invoice("V1", "10.00", invoice_number="A-1")
    with pytest.raises(Refused) as refused:
        owing.vendor_invoice("V1", "10.00", invoice_number="A-1")
    assert codes(refused) == [("PAYABLES_INVOICE_KNOWN", "/invoice_number")]
    assert number in refused.value.issues[0].message
    owing.vendor_invoice("V2", "10.00", invoice_number="A-1")


def test_what_does_not_fit_is_said_at_once(owing: Shop):
    lines = [
        {"account": "9999", "amount": "1.00"},
        {"account": "1100", "amount": "1.00"},
        {"account": "5100", "amount": "1.001"},
        {"account": "5100", "amount": "1.00", "dimensions": {"colour": "red"}},
    ]
    with pytest.raises(Refused) as refused:
        owing.perform("payables.post_vendor_invoice", {"vendor": "V1", "lines": lines})
    assert sorted(codes(refused)) == [
        ("LEDGER_ACCOUNT_CONTROLLED", "/lines/1/account"),
        ("LEDGER_ACCOUNT_UNKNOWN", "/lines/0/account"),
        ("LEDGER_DIMENSION_UNKNOWN", "/lines/3/dimensions/colour"),
        ("PAYABLES_AMOUNT", "/lines/2/amount"),
    ]
    with pytest.raises(Refused) as refused:
        owing.vendor_invoice("V1", "5.00", "-5.00")
    assert codes(refused) == [("PAYABLES_AMOUNT", "/lines")]


def test_a_vendor_on_hold_sends_no_invoices(owing: Shop):
    owing.perform("parties.change_vendor", {"vendor": "V1", "on_hold": "payment"})
    owing.vendor_invoice("V1", "10.00")
    owing.perform("parties.change_vendor", {"vendor": "V1", "on_hold": "invoice"})
    with pytest.raises(Refused) as refused:
        owing.vendor_invoice("V1", "10.00")
    assert codes(refused) == [("PAYABLES_VENDOR_ON_HOLD", "/vendor")]


def test_an_invoice_is_held_and_released(owing: Shop):
    number = owing.vendor_invoice("V1", "10.00", hold=True)
    held = owing.perform("payables.read_vendor_invoice", {"invoice": number})
    assert held["state"] == "held"
    with pytest.raises(Refused):
        owing.perform("payables.hold_vendor_invoice", {"invoice": number})
    released = owing.perform("payables.release_vendor_invoice", {"invoice": number})
    assert (released["state"], released["version"]) == ("approved", held["version"] + 1)
    assert released == owing.perform("payables.read_vendor_invoice", {"invoice": number})
    assert_sound(owing)


def test_an_invoice_is_reversed_once(owing: Shop):
    number = owing.vendor_invoice("V1", "10.00")
    before = trial_balance(owing)
    assert before["2100 Trade payables"] == "-10.00"
    reversal = owing.perform("ledger.reverse_voucher", {"voucher": number, "description": "Not ours"})
    assert reversal["type"] == "reversal"
    assert owing.vendor_items("V1") == {}
    assert "2100 Trade payables" not in trial_balance(owing)
    with pytest.raises(Refused) as refused:
        owing.perform("ledger.reverse_voucher", {"voucher": number, "description": "Again"})
    assert codes(refused) == [("LEDGER_NOT_REVERSIBLE", "/voucher")]
    assert reversal["number"] in refused.value.issues[0].message
    assert_sound(owing)


def test_a_paid_invoice_is_not_reversed_before_its_settlement_is_undone(owing: Shop):
    number = owing.vendor_invoice("V1", "10.00")
    payment = owing.perform("payables.pay_vendor", {"vendor": "V1", "bank_account": "MAIN", "amount": "10.00"})["number"]
    with pytest.raises(Refused) as refused:
        owing.perform("ledger.reverse_voucher", {"voucher": number, "description": "Not ours"})
    assert codes(refused) == [("LEDGER_ITEM_SETTLED", "/voucher")]
    owing.perform("ledger.undo_settlement", {"document": payment})
    owing.perform("ledger.reverse_voucher", {"voucher": number, "description": "Not ours"})
    assert owing.vendor_items("V1") == {payment: "10.00"}
    assert_sound(owing)


def test_who_enters_invoices_does_not_pay_them(owing: Shop):
    clerk = owing.actor("payables_clerk")
    lines = [{"account": "5100", "amount": "10.00"}]
    owing.perform("payables.post_vendor_invoice", {"vendor": "V1", "lines": lines}, actor=clerk)
    owing.perform("payables.propose_payments", {"bank_account": "MAIN", "due_until": "2027-01-01"}, actor=clerk)
    for operation, command in (
        ("payables.pay_vendors", {"bank_account": "MAIN"}),
        ("payables.pay_vendor", {"bank_account": "MAIN", "vendor": "V1", "amount": "10.00"}),
        ("payables.release_vendor_invoice", {"invoice": "VIN-office-000001"}),
        ("payables.confirm_payments", {"run": "VPR-office-000001"}),
    ):
        with pytest.raises(NotPermitted):
            owing.perform(operation, command, actor=clerk)


def test_a_bank_account_has_one_code(owing: Shop):
    with pytest.raises(Conflict):
        owing.perform("payables.create_bank_account", {"code": "MAIN", "name": "Again", "iban": "NL91ABNA0417164300"})
    with pytest.raises(Refused) as refused:
        owing.perform("payables.create_bank_account", {"code": "OTHER", "name": "Other", "iban": "NL91ABNA0417164301"})
    assert codes(refused) == [("PARTIES_IBAN", "/iban")]
