"""Payables over HTTP: a clerk enters, an accountant pays, the file is fetched; who may not is told so."""

import pytest

from kassa.kernel.outbox import dispatch
from kassa.testing.databases import kinds
from kassa.testing.ledger import assert_sound
from kassa_flask import HostConfig, create_app


@pytest.fixture(params=kinds())
def database_kind(request):
    """Both databases."""
    return request.param


@pytest.fixture
def caller(core_shop, lines, call_with):
    """Makes callers of the shop's API by their key."""
    app = create_app(core_shop.engine, HostConfig(logger=lines.logger, rate_limit="", refusal_limit=""))
    return lambda token: call_with(app, token)


def test_from_the_vendor_to_the_bank(core_shop, key_of, caller, expect_problem):
    clerk, accountant = caller(key_of("payables_clerk")), caller(key_of("accountant"))
    made = clerk.post("/v1/vendors", {"number": "V-1", "name": "Keramiek BV"})
    assert (made.status_code, made.headers["Location"].endswith(made.get_json()["id"])) == (201, True)
    expect_problem(clerk.post("/v1/vendors/V-1/bank-accounts", {"iban": "NL00"}), 422, "INPUT_INVALID")
    expect_problem(clerk.post("/v1/vendors/V-1/bank-accounts", {"iban": "NL91ABNA0417164301"}), 422, "PARTIES_IBAN")
    assert clerk.post("/v1/vendors/V-1/bank-accounts", {"iban": "DE89370400440532013000"}).status_code == 201
    assert accountant.post("/v1/bank-accounts", {"code": "MAIN", "name": "Main", "iban": "NL91ABNA0417164300"}).status_code == 201
    asked = {"vendor": "V-1", "invoice_number": "A-1", "due_date": "2026-01-31", "hold": True, "lines": [{"account": "5100", "amount": "12.50"}]}
    invoice = clerk.post("/v1/vendor-invoices", asked)
    assert (invoice.status_code, invoice.get_json()["state"]) == (201, "held")
    number = invoice.get_json()["number"]
    expect_problem(clerk.post("/v1/vendor-invoices", asked), 422, "PAYABLES_INVOICE_KNOWN")
    expect_problem(clerk.post(f"/v1/vendor-invoices/{number}/release", {}), 403, "NOT_PERMITTED")
    proposal = clerk.get("/v1/vendor-payments/proposal?bank_account=MAIN").get_json()
    assert [found["code"] for found in proposal["left_out"]] == ["PAYABLES_INVOICE_HELD"]
    assert accountant.post(f"/v1/vendor-invoices/{number}/release", {}).get_json()["state"] == "approved"
    run = accountant.post("/v1/vendor-payment-runs", {"bank_account": "MAIN"})
    assert (run.status_code, run.get_json()["total"]) == (201, "12.50")
    at = f"/v1/vendor-payment-runs/{run.get_json()['number']}/file"
    expect_problem(accountant.get(at), 409, "PAYABLES_FILE_MISSING")
    while dispatch(core_shop.engine):
        pass
    file = accountant.get(at).get_json()
    assert "<InstdAmt Ccy=\"EUR\">12.50</InstdAmt>" in file["content"]
    expect_problem(clerk.get(at), 403, "NOT_PERMITTED")
    confirmed = accountant.post("/v1/vendor-payments/confirm", {"run": run.get_json()["number"]}).get_json()
    assert [payment["state"] for payment in confirmed["payments"]] == ["confirmed"]
    assert clerk.get("/v1/vendors/V-1/open-items").get_json()["items"] == []
    assert_sound(core_shop)


def test_the_books_over_http(core_shop, key_of, caller, expect_problem):
    accountant = caller(key_of("accountant"))
    rate = accountant.send("PUT", "/v1/ledger/exchange-rates", {"currency": "USD", "from_date": "2026-01-01", "rate": "0.917431193"})
    assert (rate.status_code, rate.get_json()["rate"]) == (200, "0.917431193")
    lines = [{"account": "5100", "amount": "10.00"}, {"account": "3000", "amount": "-10.00"}]
    journal = accountant.post("/v1/ledger/journals", {"description": "Abroad", "currency": "USD", "lines": lines})
    assert journal.status_code == 201, journal.text
    number = journal.get_json()["number"]
    assert accountant.get(f"/v1/ledger/vouchers/{number}").get_json()["debit"] == "9.17"
    assert accountant.post(f"/v1/ledger/vouchers/{number}/reverse", {"description": "Twice"}).status_code == 201
    expect_problem(accountant.get("/v1/ledger/trial-balance?dimension=store"), 422, "INPUT_INVALID")
    assert accountant.get("/v1/ledger/trial-balance?dimension=store=S001").status_code == 200
    assert_sound(core_shop)
