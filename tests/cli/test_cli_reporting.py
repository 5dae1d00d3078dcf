"""report: listed, explained, printed as table, CSV and JSON."""

import csv
import io

import pytest


def test_reports_are_listed(shop):
    listed = {entry["name"]: entry for entry in shop.json("report", "--format", "json")}
    assert listed["ledger.trial_balance"]["columns"][0] == "account"
    assert "ledger.trial_balance" in shop("report").stdout


def test_what_can_be_asked_is_shown(shop):
    assert "from_date" in shop("report", "ledger.trial_balance", "--parameters").stdout


def test_the_three_forms_say_the_same(shop):
    as_json = shop.json("report", "ledger.trial_balance", "date=2010-12-31", "--format", "json")
    as_csv = list(csv.DictReader(io.StringIO(shop("report", "ledger.trial_balance", "date=2010-12-31", "--format", "csv").stdout)))
    assert as_csv == as_json
    assert as_json[-1]["balance"] == "0.00"
    table = shop("report", "ledger.trial_balance", "date=2010-12-31").stdout
    for row in as_json:
        assert row["debit"] in table
    assert {row["account"]: row["credit"] for row in as_json}["4000"] == "58960.79"


def test_a_report_of_a_day_before_anything_is_empty(shop):
    rows = shop.json("report", "ledger.trial_balance", "date=2010-01-31", "--format", "json")
    assert [row["debit"] for row in rows] == ["0.00"]


@pytest.mark.parametrize("parameters, status, said", [
    (["date=yesterday"], 1, "/date"),
    (["day=2010-12-31"], 1, "/day"),
    (["2010-12-31"], 2, "no part of a request"),
])  # fmt: skip
def test_parameters_are_checked(shop, parameters, status, said):
    assert said in shop("report", "ledger.trial_balance", *parameters, status=status).stderr


def test_every_report_runs(shop):
    customer = shop.json("call", "parties.create_customer", "name=Ada Lindgren")["number"]
    vendor = shop.json("call", "parties.create_vendor", "name=Clay and Sons")["number"]
    asked = {
        "ledger.account_statement": ["account=1100"],
        "ledger.balances_by_dimension": ["dimension=store"],
        "ledger.customer_statement": [f"customer={customer}"],
        "payables.vendor_statement": [f"vendor={vendor}"],
    }
    for entry in shop.json("report", "--format", "json"):
        rows = shop.json("report", entry["name"], *asked.get(entry["name"], ()), "--format", "json")
        assert all(list(row) == entry["columns"] for row in rows), entry["name"]
