"""Reports of returns over the API and from the command line: by reason group, expired, open by age."""

import pytest
from click.testing import CliRunner

from kassa.cli.main import kassa
from kassa.testing.builders import build_shop


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


@pytest.mark.parametrize("form, shown", [("table", "has no rows"), ("csv", "rma_number,customer"), ("json", "[]")])
def test_the_command_line_writes_them_in_three_ways(make_engine, form, shown):
    engine = make_engine()
    build_shop(engine)
    result = CliRunner().invoke(kassa, ["--database", engine.database.url, "report", "returns.open", "--format", form])
    assert (result.exit_code, shown in result.output) == (0, True)
