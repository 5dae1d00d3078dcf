"""Reports of returns over the API and from the command line: by reason group, expired, open by age."""

import csv
import json

import pytest
from click.testing import CliRunner

from kassa.cli.main import kassa


@pytest.mark.rule("RET-10")
def test_returns_add_up_by_group_reason_disposition_and_store(desk):
    code = f"GR{desk.store}"
    desk.post("/returns/reason-groups", {"code": code, "name": "Group"})
    desk.post("/returns/reason-codes", {"code": code, "name": "Reason", "group": code})
    for disposition in ("RS", "RS", "SC"):
        customer, _, invoice = desk.sold_one()
        rma = desk.come_back(customer, invoice, reason=code)["rma_number"]
        desk.register(rma, disposition)
    rows = desk.get(f"/reports/returns.by_reason?store={desk.store}&from_date=2026-03-01")["rows"]
    assert [(row["group"], row["reason"], row["disposition"], row["lines"], row["quantity"], row["total"]) for row in rows] == [
        (code, code, "RS", 2, "2", "180.00"), (code, code, "SC", 1, "1", "90.00"),
    ]  # fmt: skip
    assert desk.get(f"/reports/returns.by_reason?store={desk.store}&to_date=2026-01-01")["rows"] == []


@pytest.mark.rule("RET-54")
def test_expired_and_open_returns_by_age(desk):
    customer, _, invoice = desk.sold_one()
    rma = desk.come_back(customer, invoice, deadline="2026-02-20")["rma_number"]
    (late,) = desk.get(f"/reports/returns.expired?store={desk.store}")["rows"]
    assert (late["rma_number"], late["days_late"], late["age_days"]) == (rma, 10, 0)
    (waiting,) = desk.get(f"/reports/returns.open?store={desk.store}")["rows"]
    assert (waiting["rma_number"], waiting["total"]) == (rma, "90.00")
    desk.patch(f"/returns/{rma}/lines/1", disposition="CO")
    assert desk.get(f"/reports/returns.expired?store={desk.store}")["rows"] == []
    desk.credit(rma)
    assert desk.get(f"/reports/returns.open?store={desk.store}")["rows"] == []


def test_reports_need_their_permission(desk):
    clerk = desk.by("cashier")
    assert clerk.send("GET", "/reports/returns.open").status_code == 403


@pytest.mark.parametrize("name", ["by_reason", "expired", "open", "unreferenced"])
def test_the_command_line_writes_them_as_table_csv_and_json_as_the_api_shows_them(desk, name):
    customer, product, _ = desk.sold_one()
    desk.post("/returns", {"store": desk.store, "customer": customer, "deadline": "2026-02-20", "lines": [desk.line(product)]})
    (row,) = desk.get(f"/reports/returns.{name}?store={desk.store}")["rows"]

    def written(form):
        ask = ("--database", desk.engine.database.url, "report", f"returns.{name}", f"store={desk.store}", "--legal-entity", desk.code)
        result = CliRunner().invoke(kassa, [*ask, "--format", form])
        assert result.exit_code == 0, result.output
        return result.output

    (shown,) = json.loads(written("json"))
    heading, values = csv.reader(written("csv").splitlines())
    assert list(shown) == heading == list(row)
    assert values == ["" if value is None else str(value) for value in shown.values()]
    # The command line goes by the clock on the wall.
    assert {**shown, **{days: row[days] for days in ("age_days", "days_late") if days in row}} == row
    assert all(str(row[column]) in written("table") for column in ("store", "quantity", "total", "currency"))
