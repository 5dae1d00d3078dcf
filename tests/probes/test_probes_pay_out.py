"""Balances of customers are paid out by a plugin of 150 lines: -90, 0 and +10, in two dimension sets, to vendors made in the plan."""

import pytest

from kassa import Report
from kassa.testing.ledger import assert_sound

BANK, AR, AP = "1020", "1100", "2100"
RUN = {"customers": ["OWED", "EVEN", "OWING"], "template": "ONCE"}


@pytest.fixture
def office(open_place):
    """Customers at -90 (60 of it from one store, 30 from another), 0 and +10, a template of vendors, a bank account."""
    place = open_place("pay_out")
    shop = place.shop
    shop.perform("org.create_store", {"number": "S002", "name": "Second"})
    for number in ("OWED", "EVEN", "OWING"):
        shop.add_customer(number)
    for store, amount in (("S001", "60.00"), ("S002", "30.00")):
        taken = {"customer": "OWED", "tender": "cash", "amount": amount, "store": store}
        place.as_("administrator", store=store).post("/payments", taken, 201)
    place.post("/sales", {"customer": "OWING", "lines": [{"product": "DELIVERY", "quantity": "1"}]}, 201)
    place.post("/vendors", {"number": "ONCE", "name": "Once", "due_days": 0}, 201)
    place.post("/bank-accounts", {"code": "MAIN", "name": "Bank", "iban": "NL91ABNA0417164300"}, 201)
    return place


def owed(place, kind, number):
    """The balance of a party."""
    balances = place.get(f"/{kind}/{number}/open-items")["balances"]
    return balances[0]["open"] if balances else "0.00"


def transfers(place):
    """What each transfer booked: accounts with amounts and dimensions."""
    sql = (
        "SELECT d.id, a.number, e.amount, s.canonical FROM kernel_document d JOIN ledger_entry e ON e.document_id = d.id "
        "JOIN ledger_account a ON a.id = e.account_id JOIN ledger_dimension_set s ON s.id = e.dimension_set_id "
        "WHERE d.kind = 'balance_transfer' ORDER BY d.id, a.number"
    )
    with place.shop.engine.database.snapshot() as read:
        return [(number, amount, dimensions) for _, number, amount, dimensions in read.rows(sql)]


def test_who_is_owed_is_paid_by_the_dimensions_in_which_it_came(office):
    shown = office.send("POST", "/pay-out/runs?preview=true", RUN).get_json()
    assert [result["amount"] for result in shown["result"]["results"]] == ["60.00", "30.00", "0", "0"]
    assert office.get("/vendors")["items"][-1]["number"] == "ONCE"
    done = office.post("/pay-out/runs", RUN, 201)["results"]
    vendor = done[0]["vendor"]
    assert [(result["customer"], result["vendor"], result["amount"], result["dimensions"], result["note"]) for result in done] == [
        ("OWED", vendor, "60.00", "store S001", "moved"),
        ("OWED", vendor, "30.00", "store S002", "moved"),
        ("EVEN", None, "0", "", "no credit"),
        ("OWING", None, "0", "", "no credit"),
    ]
    assert sorted(transfers(office)) == sorted(
        (account, sign * amount, f"store={store}")
        for store, amount in (("S001", 6000), ("S002", 3000))
        for account, sign in ((AR, 1), (AP, -1))
    )
    assert (owed(office, "customers", "OWED"), owed(office, "vendors", vendor), owed(office, "customers", "OWING")) == (
        "0.00",
        "-90.00",
        "10.00",
    )
    known = office.get(f"/vendors/{vendor}")
    assert (known["one_time"], known["name"]) == (True, office.get("/customers/OWED")["name"])
    again = office.post("/pay-out/runs", RUN, 201)["results"]
    assert [result["note"] for result in again] == ["no credit"] * 3, "nothing is left to pay out"
    with office.shop.engine.database.snapshot() as read:
        rows = office.shop.engine.registry.get(Report, "pay_out.paid").run(read, None, None)
    assert [row for row in rows if row[2]] == [("OWED", vendor, 6000, "moved"), ("OWED", vendor, 3000, "moved")]
    assert_sound(office.shop)


def test_the_vendor_is_paid_as_any_other(office):
    vendor = office.post("/pay-out/runs", {**RUN, "together": True}, 201)["results"][0]["vendor"]
    (item,) = office.get(f"/vendors/{vendor}/open-items")["items"]
    assert (item["type"], item["open"]) == ("invoice", "-90.00")
    paid = office.post("/vendor-payments", {"vendor": vendor, "bank_account": "MAIN", "amount": "90.00", "reference": "Check 1"}, 201)
    assert office.entries(paid["id"]) == [(BANK, -9000), (AP, 9000)]
    assert (owed(office, "vendors", vendor), owed(office, "customers", "OWED")) == ("0.00", "0.00")
    assert_sound(office.shop)


def test_who_owes_something_too_is_paid_the_difference_only_when_asked(office):
    office.post("/sales", {"customer": "OWED", "lines": [{"product": "DELIVERY", "quantity": "4"}]}, 201)
    assert [result["note"] for result in office.post("/pay-out/runs", RUN, 201)["results"]] == ["owes something", "no credit", "no credit"]
    together = {**RUN, "together": True}
    below = office.post("/pay-out/runs", {**together, "minimum": "50.01"}, 201)["results"][0]
    assert (below["note"], below["amount"]) == ("below the minimum", "0")
    (first, *_) = office.post("/pay-out/runs", {**together, "minimum": "50.00"}, 201)["results"]
    assert (first["amount"], owed(office, "customers", "OWED")) == ("50.00", "0.00")
    assert office.get("/customers/OWED/open-items")["items"] == []
    assert sorted(entry[:2] for entry in transfers(office)) == [(AR, 5000), (AP, -5000)]
    assert_sound(office.shop)
