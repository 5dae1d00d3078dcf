"""Paying vendors: proposals, runs with one file that never changes, confirmation, rejection."""

import csv
from xml.etree import ElementTree

import pytest

from kassa.kernel.errors import Conflict, NotFound, Refused
from kassa.kernel.outbox import dispatch
from kassa.payables.banking import NAMESPACE, CommaSeparated, sepa_text
from kassa.testing.builders import Shop
from kassa.testing.ledger import assert_sound, assert_voucher

IBANS = ("NL91ABNA0417164300", "DE89370400440532013000", "GB82WEST12345698765432")


def propose(shop: Shop, **more):
    return shop.perform("payables.propose_payments", {"bank_account": "MAIN", "due_until": "2026-12-31", **more})


def pay(shop: Shop, **more):
    return shop.perform("payables.pay_vendors", {"bank_account": "MAIN", "due_until": "2026-12-31", **more})


def reasons(view) -> list[tuple[str, str | None, str]]:
    return [(found["vendor"], found["document"], found["code"]) for found in view["left_out"]]


def test_a_proposal_says_who_is_paid_and_who_is_left_out(owing: Shop):
    due = owing.vendor_invoice("V1", "100.00", due_date="2026-12-01")
    owing.vendor_invoice("V1", "70.00", due_date="2027-02-01")
    note = owing.vendor_invoice("V1", "-30.00")
    held = owing.vendor_invoice("V1", "11.00", due_date="2026-12-01", hold=True)
    owing.vendor_invoice("V2", "20.00", due_date="2026-12-01")
    owing.perform("parties.create_vendor", {"number": "V3", "name": "No bank"})
    owing.vendor_invoice("V3", "20.00", due_date="2026-12-01")
    view = propose(owing)
    assert {(p["vendor"], p["amount"], p["iban"]) for p in view["payments"]} == {("V1", "70.00", IBANS[1]), ("V2", "20.00", IBANS[2])}
    (first,) = [p for p in view["payments"] if p["vendor"] == "V1"]
    assert [(item["document"], item["amount"]) for item in first["items"]] == [(due, "100.00"), (note, "-30.00")]
    assert sorted(reasons(view), key=str) == sorted(
        [("V1", held, "PAYABLES_INVOICE_HELD"), ("V3", None, "PAYABLES_NO_BANK_ACCOUNT")], key=str
    )
    assert (view["total"], view["more"]) == ("90.00", False)
    owing.perform("parties.change_vendor", {"vendor": "V2", "on_hold": "all"})
    assert ("V2", None, "PAYABLES_VENDOR_ON_HOLD") in reasons(propose(owing))
    assert ("V1", None, "PAYABLES_BELOW_MINIMUM") in reasons(propose(owing, minimum="70.01"))
    assert [p["vendor"] for p in propose(owing, minimum="70.00", vendors=["V1"])["payments"]] == ["V1"]
    assert propose(owing, due_until="2026-11-30")["payments"] == []


def test_what_a_vendor_owes_can_cover_what_is_due(owing: Shop):
    owing.vendor_invoice("V1", "10.00", due_date="2026-12-01")
    owing.vendor_invoice("V1", "-10.00")
    assert reasons(propose(owing)) == [("V1", None, "PAYABLES_NOTHING_DUE")]
    with pytest.raises(Refused) as refused:
        pay(owing)
    assert [issue.code for issue in refused.value.issues] == ["PAYABLES_NOTHING_DUE"]


@pytest.mark.rule("RMB-14")
def test_a_run_books_settles_and_makes_one_file(owing: Shop):
    first, note = owing.vendor_invoice("V1", "100.00", due_date="2026-12-01"), owing.vendor_invoice("V1", "-30.00")
    second = owing.vendor_invoice("V2", "20.00", due_date="2026-12-01")
    run = pay(owing, execution_date="2026-11-25")
    assert (run["number"], run["total"], len(run["payments"])) == ("VPR-office-000001", "90.00", 2)
    paid = {payment["vendor"]: payment for payment in run["payments"]}
    assert_voucher(owing, paid["V1"]["number"], [("2100 Trade payables", "70.00", None), ("1020 Bank", None, "70.00")])
    assert paid["V1"]["reference"] == f"{first}, {note}"
    assert owing.vendor_items("V1") == owing.vendor_items("V2") == {}
    with pytest.raises(Conflict) as missing:
        owing.perform("payables.read_bank_file", {"run": run["number"]})
    assert missing.value.code == "PAYABLES_FILE_MISSING"
    while dispatch(owing.engine):
        pass
    file = owing.perform("payables.read_bank_file", {"run": run["number"]})
    assert file == owing.perform("payables.read_bank_file", {"run": run["id"]})
    assert file == owing.perform("payables.produce_bank_file", {"run": run["id"]}), "it is made once"
    assert (file["name"], file["media_type"]) == ("VPR-office-000001.xml", "application/xml")
    check_message(file["content"], paid, second)
    assert_sound(owing)
    with pytest.raises(Refused):
        pay(owing)


def check_message(content: str, paid: dict, second: str) -> None:
    root = ElementTree.fromstring(content.split("\n", 1)[1])
    at = {"p": NAMESPACE}
    assert root.findtext(".//p:GrpHdr/p:CtrlSum", namespaces=at) == "90.00"
    assert root.findtext(".//p:ReqdExctnDt", namespaces=at) == "2026-11-25"
    transfers = {element.findtext("p:Cdtr/p:Nm", namespaces=at): element for element in root.iterfind(".//p:CdtTrfTxInf", at)}
    assert set(transfers) == {"Keramiek BV", "Glas Sohne"}
    one = transfers["Glas Sohne"]
    assert one.findtext("p:Amt/p:InstdAmt", namespaces=at) == "20.00"
    assert one.findtext("p:CdtrAcct/p:Id/p:IBAN", namespaces=at) == IBANS[2]
    assert one.findtext("p:RmtInf/p:Ustrd", namespaces=at) == second
    assert one.findtext("p:PmtId/p:EndToEndId", namespaces=at) == paid["V2"]["id"].replace("-", "")


def test_a_provider_that_fails_leaves_the_run_and_is_asked_again(owing: Shop):
    class Broken:
        def render(self, batch):
            raise RuntimeError("no paper")

    owing.vendor_invoice("V1", "10.00", due_date="2026-12-01")
    owing.engine.services.replace("payables.bank_file", Broken())
    run = pay(owing)
    dispatch(owing.engine)
    with pytest.raises(Conflict):
        owing.perform("payables.read_bank_file", {"run": run["id"]})
    owing.engine.services.replace("payables.bank_file", CommaSeparated())
    file = owing.perform("payables.produce_bank_file", {"run": run["id"]})
    (row,) = csv.DictReader(file["content"].splitlines())
    assert (row["iban"], row["amount"], row["currency"]) == (IBANS[1], "10.00", "EUR")
    owing.engine.services.replace("payables.bank_file", None)
    assert owing.perform("payables.read_bank_file", {"run": run["id"]}) == file, "what was made stays"
    with pytest.raises(NotFound):
        owing.perform("payables.produce_bank_file", {"run": "00000000-0000-7000-8000-000000000000"})


def test_the_bank_pays_or_does_not(owing: Shop):
    first, second = owing.vendor_invoice("V1", "10.00"), owing.vendor_invoice("V2", "20.00")
    run = pay(owing, due_until="2027-12-31")
    payments = {payment["vendor"]: payment["number"] for payment in run["payments"]}
    rejected = owing.perform("payables.reject_payment", {"payment": payments["V1"], "reason": "Account closed"})
    assert rejected["state"] == "rejected"
    assert owing.vendor_items("V1") == {first: "-10.00"}
    confirmed = owing.perform("payables.confirm_payments", {"run": run["number"]})
    assert [(payment["vendor"], payment["state"]) for payment in confirmed["payments"]] == [("V2", "confirmed")]
    for operation, command in (
        ("payables.confirm_payments", {"payments": [payments["V1"]]}),
        ("payables.reject_payment", {"payment": payments["V2"], "reason": "Late"}),
        ("payables.confirm_payments", {"run": run["number"]}),
    ):
        with pytest.raises(Refused):
            owing.perform(operation, command)
    assert owing.vendor_items("V2") == {}
    assert owing.perform("payables.read_vendor_payment", {"payment": payments["V1"]}) == rejected
    listed = owing.perform("payables.list_vendor_payments", {"run": run["number"], "state": "confirmed"})["items"]
    assert [payment["number"] for payment in listed] == [payments["V2"]]
    again = pay(owing, due_until="2027-12-31")
    assert [(payment["vendor"], payment["amount"]) for payment in again["payments"]] == [("V1", "10.00")]
    assert second
    assert_sound(owing)


def test_a_payment_by_hand_settles_what_is_named(owing: Shop):
    first = owing.vendor_invoice("V1", "30.00", due_date="2026-12-01")
    second = owing.vendor_invoice("V1", "40.00", due_date="2026-12-02")
    command = {"vendor": "V1", "bank_account": "MAIN", "amount": "50.00", "invoices": [second, first]}
    payment = owing.perform("payables.pay_vendor", command)
    assert owing.vendor_items("V1") == {first: "-20.00"}
    owing.perform("payables.pay_vendor", {"vendor": "V1", "bank_account": "MAIN", "amount": "25.00"})
    assert list(owing.vendor_items("V1").values()) == ["5.00"], "what is paid too much is open"
    assert payment["method"] == "manual"
    for wrong, code in (
        ({"invoices": [first]}, "LEDGER_ITEM_NOT_OPEN"),
        ({"amount": "0"}, "PAYABLES_AMOUNT"),
        ({"currency": "USD"}, "PAYABLES_BANK_ACCOUNT"),
    ):
        with pytest.raises(Refused) as refused:
            owing.perform("payables.pay_vendor", command | wrong)
        assert refused.value.issues[0].code == code
    assert_sound(owing)


def test_reports_of_vendors(owing: Shop):
    owing.vendor_invoice("V1", "30.00", date="2026-11-01", due_date="2026-11-10")
    owing.perform("payables.pay_vendor", {"vendor": "V1", "bank_account": "MAIN", "amount": "10.00", "date": "2026-11-15"})
    rows = owing.report("payables.vendors_by_age", date="2026-11-21")
    assert rows == [("V1", "Keramiek BV", "EUR", "0.00", "-20.00", "0.00", "0.00", "0.00", "-20.00")]
    statement = owing.report("payables.vendor_statement", vendor="V1", from_date="2026-11-10")
    assert [row[3] for row in statement] == ["opening", "vendor_payment"]
    assert [row[6] for row in statement] == ["-30.00", "-20.00"]


@pytest.mark.parametrize("text, plain", [("Café Ümlaut & Zn", "Cafe Umlaut Zn"), ("\u4e2d", "-"), ("a" * 80, "a" * 70)])
def test_banks_take_few_letters(text: str, plain: str):
    assert sepa_text(text, 70) == plain
