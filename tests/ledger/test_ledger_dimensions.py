"""Dimensions: registered names, recorded values, one chain of defaults, what accounts require or forbid."""

import pytest

from kassa.kernel.errors import Conflict, InvalidInput, NotFound, Refused
from kassa.ledger.dimensions import common
from kassa.ledger.documents import dimension_set
from kassa.testing.builders import Shop, line
from kassa.testing.ledger import assert_sound


def default(shop: Shop, owner: str, reference: str, dimension: str, value: str | None) -> None:
    command = {"owner": owner, "reference": reference, "dimension": dimension, "value": value}
    shop.perform("ledger.set_dimension_default", command)


def of_accounts(shop: Shop, number: str) -> dict[str, dict[str, str]]:
    return {entry["account"]: entry["dimensions"] for entry in shop.perform("ledger.read_voucher", {"voucher": number})["entries"]}


def codes(refused) -> list[str]:
    return [issue.code for issue in refused.value.issues]


@pytest.fixture
def divided(shop: Shop) -> Shop:
    """A shop with departments."""
    for value in ("D10", "D20", "D30"):
        shop.perform("ledger.create_dimension_value", {"dimension": "department", "value": value, "name": f"Department {value}"})
    shop.perform("ledger.create_dimension_value", {"dimension": "cost_centre", "value": "K1", "name": "Rent"})
    return shop


def test_names_and_values(divided: Shop):
    names = [item["name"] for item in divided.perform("ledger.list_dimensions", {})["items"]]
    assert {"store", "department", "cost_centre"} <= set(names)
    with pytest.raises(Conflict):
        divided.perform("ledger.create_dimension_value", {"dimension": "department", "value": "D10", "name": "Again"})
    with pytest.raises(NotFound):
        divided.perform("ledger.create_dimension_value", {"dimension": "colour", "value": "red", "name": "Red"})
    with pytest.raises(Refused):
        divided.perform("ledger.create_dimension_value", {"dimension": "store", "value": "S9", "name": "Known elsewhere"})
    divided.perform("ledger.change_dimension_value", {"dimension": "department", "value": "D30", "active": False})
    shown = divided.perform("ledger.list_dimension_values", {"dimension": "department", "active": True})["items"]
    assert [item["value"] for item in shown] == ["D10", "D20"]
    with pytest.raises(Refused) as refused:
        default(divided, "store", "S001", "department", "D30")
    assert codes(refused) == ["LEDGER_DIMENSION_BLOCKED"]


def test_the_chain_of_defaults(divided: Shop):
    """Line, document, place, party: who stands first answers; inventory takes its warehouse."""
    default(divided, "customer", "C0001", "department", "D10")
    default(divided, "customer", "C0001", "cost_centre", "K1")
    (invoice,) = divided.invoice(divided.order(line("LAMP"), customer="C0001")["number"], quantity_basis="all")
    party = {"store": "S001", "department": "D10", "cost_centre": "K1"}
    assert of_accounts(divided, invoice["number"]) == dict.fromkeys(("1100", "4000", "5000", "1300"), party)
    default(divided, "store", "S001", "department", "D20")
    default(divided, "warehouse", divided.warehouse, "department", "D30")
    (invoice,) = divided.invoice(divided.order(line("LAMP"), customer="C0001")["number"], quantity_basis="all")
    found = of_accounts(divided, invoice["number"])
    assert found["4000"] == found["1100"] == party | {"department": "D20"}
    assert found["1300"] == party | {"department": "D30"}
    journal = {
        "description": "Rent", "dimensions": {"department": "D20", "cost_centre": "K1"},
        "lines": [{"account": "5100", "amount": "5.00", "dimensions": {"department": "D10"}}, {"account": "3000", "amount": "-5.00"}],
    }  # fmt: skip
    found = of_accounts(divided, divided.perform("ledger.post_journal", journal)["number"])
    assert found == {"5100": {"department": "D10", "cost_centre": "K1"}, "3000": {"department": "D20", "cost_centre": "K1"}}
    default(divided, "customer", "C0001", "cost_centre", None)
    (item,) = divided.perform("ledger.list_dimension_defaults", {"owner": "customer"})["items"]
    assert (item["dimension"], item["value"]) == ("department", "D10")
    assert_sound(divided)


def test_an_anonymous_sale_stands_on_its_store(shop: Shop):
    sale = shop.sell(line("LAMP"), payments={"cash": "100.00"})
    assert set(map(str, of_accounts(shop, sale["invoice"]).values())) == {"{'store': 'S001'}"}


def test_accounts_require_and_forbid(divided: Shop):
    rule = {"account": "4000", "dimension": "department"}
    divided.perform("ledger.set_account_dimension", rule | {"rule": "required"})
    with pytest.raises(Refused) as refused:
        divided.sell(line("LAMP"), payments={"cash": "100.00"})
    assert codes(refused) == ["LEDGER_DIMENSION_REQUIRED"]
    default(divided, "store", "S001", "department", "D10")
    divided.sell(line("LAMP"), payments={"cash": "100.00"})
    divided.perform("ledger.set_account_dimension", rule | {"rule": "forbidden"})
    with pytest.raises(Refused) as refused:
        divided.sell(line("LAMP"), payments={"cash": "100.00"})
    assert codes(refused) == ["LEDGER_DIMENSION_FORBIDDEN"]
    divided.perform("ledger.set_account_dimension", rule | {"rule": "free"})
    divided.sell(line("LAMP"), payments={"cash": "100.00"})
    divided.perform("ledger.change_dimension_value", {"dimension": "department", "value": "D10", "active": False})
    with pytest.raises(Refused) as refused:
        divided.sell(line("LAMP"), payments={"cash": "100.00"})
    assert set(codes(refused)) == {"LEDGER_DIMENSION_BLOCKED"}
    assert_sound(divided)


def test_statements_by_dimension(divided: Shop):
    for department, amount, against in (("D10", "7.00", "-7.00"), ("D20", "5.00", "-5.00"), ("D10", "-2.00", "2.00")):
        lines = [{"account": "5100", "amount": amount}, {"account": "3000", "amount": against}]
        divided.perform("ledger.post_journal", {"description": "x", "lines": lines, "dimensions": {"department": department}})
    narrowed = divided.perform("ledger.read_trial_balance", {"dimension": "department=D10"})
    assert {row["account"]: row["balance"] for row in narrowed["accounts"]} == {"3000": "-5.00", "5100": "5.00"}
    page = divided.perform("ledger.list_account_entries", {"account": "5100", "dimension": "department=D10"})
    assert [row["balance"] for row in page["items"]] == ["7.00", "5.00"]
    rows = divided.report("ledger.account_statement", account="5100", dimension="department=D20", from_date="2026-11-01")
    assert [row[5] for row in rows] == ["0.00", "5.00"]
    by_department = divided.report("ledger.balances_by_dimension", dimension="department")
    assert [row[2:] for row in by_department if row[0] == "5100"] == [("D10", "5.00"), ("D20", "5.00")]
    for wrong in ("department", "=", "department=D10|store=S001"):
        with pytest.raises(InvalidInput) as wrongly:
            divided.perform("ledger.read_trial_balance", {"dimension": wrong})
        assert [issue.code for issue in wrongly.value.issues] == ["LEDGER_DIMENSION_FILTER"]


def test_what_sets_have_in_common():
    assert common(["a=1|b=2", "a=1|b=3", "a=1"]) == dimension_set(("a", "1"))
    assert common([]) == dimension_set()


def test_equal_sets_are_one_whoever_names_them_in_which_order(divided: Shop):
    """Their id is made from their values, so it is the same on every installation and both databases."""
    for dimensions in ({"department": "D10", "cost_centre": "K1"}, {"cost_centre": "K1", "department": "D10"}):
        lines = [{"account": "5100", "amount": "7.00"}, {"account": "3000", "amount": "-7.00"}]
        divided.perform("ledger.post_journal", {"description": "x", "lines": lines, "dimensions": dimensions})
    sql = "SELECT id, (SELECT count(*) FROM ledger_entry e WHERE e.dimension_set_id = s.id) FROM ledger_dimension_set s WHERE s.canonical = ?"
    with divided.engine.database.snapshot() as read:
        found = read.rows(sql, ("cost_centre=K1|department=D10",))
    assert [(str(set_id), entries) for set_id, entries in found] == [("143935e0-de7a-58db-a0b4-be9022ce3a7b", 4)]
