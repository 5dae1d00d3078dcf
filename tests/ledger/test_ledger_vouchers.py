"""Looking at what is booked: vouchers, the trial balance, statements of accounts, reports."""

import pytest

from kassa.kernel.contributions import Report
from kassa.kernel.engine import Request
from kassa.kernel.errors import InvalidInput, NotFound
from kassa.kernel.operations import cursor_of
from kassa.kernel.permissions import SYSTEM
from kassa.testing.builders import Shop, build_shop, line
from kassa.testing.ledger import trial_balance


def _run(shop: Shop, name: str, **parameters: str) -> list[tuple]:
    """Run a report as its hosts do."""
    report = shop.engine.registry.get(Report, name)
    operation = shop.engine.operation("ledger.read_trial_balance")
    request = Request(
        operation=operation, command=None, actor=SYSTEM, legal_entity_id=shop.legal_entity_id, once=None, now=shop.engine.clock.now(),
        origin="live", request_id=None, if_match=None, preview=False,
    )  # fmt: skip
    with shop.engine.database.snapshot() as read:
        context = shop.engine.context(request, read, shop.engine.revisions(read))
        rows = [tuple(row) for row in report.run(read, report.parameters(**parameters), context)]
    assert all(len(row) == len(report.columns) for row in rows)
    return rows


def test_a_voucher_is_found_by_any_key_of_its_document(shop: Shop):
    sale = shop.sell(line("VASE"), payments={"cash": "121.00"})
    voucher = shop.perform("ledger.read_voucher", {"voucher": sale["invoice"]})
    assert (voucher["kind"], voucher["type"], voucher["date"], voucher["currency"]) == ("invoice", "invoice", "2026-11-21", "EUR")
    assert shop.perform("ledger.read_voucher", {"voucher": voucher["id"]}) == voucher
    receivable = voucher["entries"][0]
    assert receivable["rule"] == "sales.invoice_entries"
    assert receivable["dimensions"] == {"store": "S001"}
    assert (receivable["correction"], receivable["transaction_currency"], receivable["transaction_amount"]) == (False, None, None)
    for unknown in (sale["number"], "INV-S001-999999", voucher["id"][:-1] + ("0" if voucher["id"][-1] != "0" else "1")):
        with pytest.raises(NotFound):
            shop.perform("ledger.read_voucher", {"voucher": unknown})


def test_a_voucher_of_another_entity_is_not_found(shop: Shop):
    sale = shop.sell(line("LAMP"), payments={"cash": "100.00"})
    other = build_shop(shop.engine, code="GB01", store="S002", currency="GBP")
    voucher = shop.perform("ledger.read_voucher", {"voucher": sale["invoice"]})
    for reference in (sale["invoice"], voucher["id"]):
        with pytest.raises(NotFound):
            other.perform("ledger.read_voucher", {"voucher": reference})


def test_vouchers_are_listed_newest_date_first(shop: Shop):
    for date in ("2026-11-03", "2026-10-31", "2026-11-02"):
        shop.sell(line("LAMP"), payments={"cash": "100.00"}, date=date)
    invoices = shop.perform("ledger.list_vouchers", {"kind": "invoice"})["items"]
    assert [item["date"] for item in invoices] == ["2026-11-03", "2026-11-02", "2026-10-31"]
    assert {item["amount"] for item in invoices} == {"160.00"}
    november = shop.perform("ledger.list_vouchers", {"kind": "payment", "from_date": "2026-11-01", "to_date": "2026-11-02"})["items"]
    assert [item["date"] for item in november] == ["2026-11-02"]
    everything = shop.perform("ledger.list_vouchers", {"limit": 500})["items"]
    paged, after = [], None
    while after is not None or not paged:
        page = shop.perform("ledger.list_vouchers", {"limit": 2, **({"after": after} if after else {})})
        paged, after = [*paged, *page["items"]], page["next"]
    assert paged == everything


def test_the_trial_balance_covers_the_dates_asked(shop: Shop):
    shop.sell(line("LAMP"), payments={"cash": "100.00"}, date="2026-10-31")
    shop.sell(line("LAMP"), payments={"cash": "100.00"}, date="2026-11-01")
    assert trial_balance(shop, "2026-10-30") == {}
    assert trial_balance(shop, "2026-10-31")["4000 Revenue"] == "-100.00"
    assert trial_balance(shop)["4000 Revenue"] == "-200.00"
    november = shop.perform("ledger.read_trial_balance", {"from_date": "2026-11-01", "date": "2026-11-30"})
    revenue = next(row for row in november["accounts"] if row["account"] == "4000")
    assert (revenue["debit"], revenue["credit"], revenue["balance"], revenue["type"]) == ("0.00", "100.00", "-100.00", "revenue")
    assert november["debit"] == november["credit"]
    assert (november["date"], november["from_date"], november["currency"]) == ("2026-11-30", "2026-11-01", "EUR")


def test_a_correction_counts_on_its_original_side(shop: Shop):
    order = shop.order(line("LAMP", "-1"), customer="C0001")["number"]
    shop.invoice(order, quantity_basis="all", correction=True)
    balance = shop.perform("ledger.read_trial_balance", {})
    revenue = next(row for row in balance["accounts"] if row["account"] == "4000")
    assert (revenue["debit"], revenue["credit"], revenue["balance"]) == ("0.00", "-100.00", "100.00")


def test_a_statement_carries_the_balance_on(shop: Shop):
    for day, tender in ((1, "60.00"), (2, "100.00"), (3, "100.00")):
        shop.sell(line("LAMP"), payments={"cash": tender}, customer="C0001", date=f"2026-11-0{day}")
    statement = shop.perform("ledger.list_account_entries", {"account": "1100", "limit": 500})
    assert (statement["account"], statement["opening"], statement["next"]) == ("1100", "0.00", None)
    assert [line["balance"] for line in statement["items"]] == ["100.00", "40.00", "140.00", "40.00", "140.00", "40.00"]
    assert [(line["debit"], line["credit"]) for line in statement["items"][:2]] == [("100.00", None), (None, "60.00")]
    since = shop.perform("ledger.list_account_entries", {"account": "1100", "from_date": "2026-11-02", "to_date": "2026-11-02"})
    assert (since["opening"], [line["balance"] for line in since["items"]]) == ("40.00", ["140.00", "40.00"])
    paged, after, openings = [], None, []
    while after is not None or not paged:
        asked = {"account": "1100", "limit": 4, "from_date": "2026-11-01", **({"after": after} if after else {})}
        page = shop.perform("ledger.list_account_entries", asked)
        paged, after = [*paged, *page["items"]], page["next"]
        openings.append(page["opening"])
    assert paged == statement["items"]
    assert openings == ["0.00", "40.00"]


AN_ID = "01a1fcc0-3fcc-7391-9ddd-23b516330d37"


def test_a_made_up_cursor_is_refused(shop: Shop):
    named = {"ledger.list_account_entries": {"account": "1100"}, "ledger.list_open_items": {"customer": "C0001"}}
    for operation, values in (
        ("ledger.list_vouchers", ["2026-13-01", AN_ID]),
        ("ledger.list_vouchers", ["2026-11-01", "no id"]),
        ("ledger.list_vouchers", ["2026-11-01"]),
        ("ledger.list_periods", [7]),
        ("ledger.list_periods", ["'; DROP TABLE ledger_period"]),
        ("ledger.list_account_entries", ["2026-11-01", AN_ID, 2**63, 0]),
        ("ledger.list_account_entries", ["2026-11-01", AN_ID, 1, "0"]),
        ("ledger.list_open_items", ["2026-11-01", ""]),
    ):
        with pytest.raises(InvalidInput) as refused:
            shop.perform(operation, {**named.get(operation, {}), "after": cursor_of(values)})
        assert refused.value.issues[0].pointer == "/after"


def test_the_trial_balance_as_a_report(shop: Shop):
    shop.sell(line("VASE"), payments={"cash": "121.00"})
    rows = _run(shop, "ledger.trial_balance")
    assert ("4000", "Revenue", "revenue", "0.00", "100.00", "-100.00") in rows
    number, name, _, debit, credit, difference = rows[-1]
    assert (number, name, difference) == ("", "Total", "0.00")
    assert debit == credit


def test_open_items_by_age(shop: Shop):
    shop.adjust({"LAMP": "20"})
    for date, due_date in (
        ("2026-11-21", "2026-11-21"),
        ("2026-10-22", "2026-10-22"),
        ("2026-09-01", "2026-09-22"),
        ("2026-08-01", "2026-08-23"),
        ("2026-01-05", "2026-01-31"),
    ):
        order = shop.order(line("LAMP"), customer="C0001", date=date)["number"]
        shop.invoice(order, quantity_basis="all", date=date, due_date=due_date)
    shop.pay("C0002", "25.00")
    assert _run(shop, "ledger.open_items_by_age") == [
        ("customer", "C0001", "Customer C0001", "EUR", "100.00", "100.00", "100.00", "100.00", "100.00", "500.00"),
        ("customer", "C0002", "Customer C0002", "EUR", "-25.00", "0.00", "0.00", "0.00", "0.00", "-25.00"),
    ]
    assert _run(shop, "ledger.open_items_by_age", date="2026-01-31") == [
        ("customer", "C0001", "Customer C0001", "EUR", "100.00", "0.00", "0.00", "0.00", "0.00", "100.00")
    ]
    assert _run(shop, "ledger.open_items_by_age", date="0001-01-01") == []
