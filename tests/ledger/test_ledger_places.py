"""Where things are booked: goods with the dimensions of their warehouse, returns with those of their sale, orders of another currency."""

from collections import Counter
from decimal import Decimal

import pytest

from kassa.testing.builders import PHYSICAL, Shop, line
from kassa.testing.ledger import assert_sound, assert_voucher


def default(shop: Shop, owner: str, reference: str, value: str | None) -> None:
    command = {"owner": owner, "reference": reference, "dimension": "department", "value": value}
    shop.perform("ledger.set_dimension_default", command)


def departments(shop: Shop, number: str) -> dict[str, str | None]:
    entries = shop.perform("ledger.read_voucher", {"voucher": number})["entries"]
    return {entry["account"]: entry["dimensions"].get("department") for entry in entries}


def take_back(shop: Shop, invoice: str, product: str = "LAMP", **more) -> str:
    back = shop.sell(line(product, "-1", source={"invoice": invoice, "line": 1}), **more)
    return str(back["invoice"])


@pytest.fixture
def divided(shop: Shop) -> Shop:
    """A shop with departments, of which the store gives the first."""
    for value in ("D10", "D20", "D30"):
        shop.perform("ledger.create_dimension_value", {"dimension": "department", "value": value, "name": f"Department {value}"})
    default(shop, "store", shop.store, "D10")
    return shop


@pytest.fixture
def abroad(shop: Shop) -> Shop:
    """A shop that has prices in dollars as well."""
    shop.perform("ledger.enter_exchange_rate", {"currency": "USD", "from_date": "2026-01-01", "rate": "0.9"})
    shop.perform("catalog.create_price_list", {"code": "ABROAD", "name": "Dollars", "currency": "USD"})
    prices = [{"product": "VASE", "unit_price": "120.00", "from_date": shop.since}]
    shop.perform("catalog.enter_prices", {"price_list": "ABROAD", "prices": prices})
    return shop


def test_what_comes_back_is_booked_with_the_dimensions_of_its_sale(divided: Shop):
    sold = divided.sell(line("LAMP"), payments={"cash": "100.00"})["invoice"]
    default(divided, "store", divided.store, "D20")
    found = departments(divided, take_back(divided, sold, payments={"cash": "-100.00"}))
    assert found == {"4000": "D10", "5000": "D10", "1300": "D20", "1100": "D20"}
    assert_sound(divided)


def test_by_setting_it_is_booked_with_those_of_the_store_that_takes_it_back(divided: Shop):
    sold = divided.sell(line("LAMP", "2"), payments={"cash": "200.00"})["invoice"]
    default(divided, "store", divided.store, "D20")
    divided.set_setting("sales.use_return_store_dimensions", "true")
    assert set(departments(divided, take_back(divided, sold, payments={"cash": "-100.00"})).values()) == {"D20"}


def test_goods_are_booked_with_the_dimensions_of_their_warehouse(divided: Shop):
    default(divided, "warehouse", divided.warehouse, "D30")
    sold = divided.sell(line("LAMP"), payments={"cash": "100.00"})["invoice"]
    assert departments(divided, sold) == {"4000": "D10", "5000": "D10", "1300": "D30", "1100": "D10"}
    divided.perform("org.create_warehouse", {"code": "W01", "name": "Depot", "kind": "non_store"})
    lines = [{"product": "LAMP", "quantity": "2"}]
    sent = divided.perform("stock.create_transfer", {"from_warehouse": divided.warehouse, "to_warehouse": "W01", "lines": lines})
    divided.perform("stock.ship_transfer", {"transfer": sent["id"]})
    divided.perform("stock.receive_transfer", {"transfer": sent["id"], "lines": [{"line": 1, "quantity": "1", "lost": "1"}]})
    assert divided.report("ledger.balances_by_dimension", dimension="department")
    inventory = [row[2:] for row in divided.report("ledger.balances_by_dimension", dimension="department") if row[0] == "1300"]
    # 60.00 was sold and 60.00 lost of what lay there; what arrives in the depot is inventory still.
    assert ("D30", "-120.00") in inventory
    assert_sound(divided)


def test_what_is_booked_physically_is_taken_back_with_the_same_dimensions(divided: Shop):
    divided.set_setting("stock.post_packing_slip_in_ledger", "true")
    divided.add_product("CHAIR", price="50.00", cost="20.00", stock="5", group=PHYSICAL)
    default(divided, "store", divided.store, None)
    default(divided, "customer", "C0001", "D20")
    default(divided, "warehouse", divided.warehouse, "D30")
    order = divided.order(line("CHAIR", "2"), customer="C0001")["number"]
    divided.deliver(order)
    physical = {"1310": ("D30", "-40.00"), "1320": ("D20", "40.00")}
    rows = divided.report("ledger.balances_by_dimension", dimension="department")
    assert {row[0]: row[2:] for row in rows if row[0] in physical} == physical
    divided.invoice(order)
    left: Counter[tuple[str, str]] = Counter()
    for account, _, department, balance in divided.report("ledger.balances_by_dimension", dimension="department"):
        left[account, department] += Decimal(balance)
    assert not any(left[account, value] for account in physical for value in ("D20", "D30", ""))
    assert_sound(divided)


def test_a_quote_in_another_currency_takes_the_prices_of_that_currency(abroad: Shop):
    draft = abroad.perform("sales.create_draft", {"kind": "quote", "store": abroad.store, "customer": "C0001", "currency": "USD"})
    lines = [line("VASE"), line("LAMP", unit_price="10.00")]
    changed = abroad.perform("sales.change_draft", {"draft": draft["id"], "add_lines": lines})
    assert (changed["order"]["currency"], changed["order"]["total"]) == ("USD", "155.20")


def test_goods_sold_in_another_currency_come_back_at_what_they_cost(abroad: Shop):
    abroad.set_setting("sales.credit_note_as_correction", "true")
    order = abroad.order(line("VASE"), customer="C0001", currency="USD")["number"]
    (sold,) = abroad.invoice(order, quantity_basis="all")
    back = abroad.order(line("VASE", "-1", source={"invoice": sold["number"], "line": 1}), customer="C0001", currency="USD")["number"]
    (note,) = abroad.invoice(back, quantity_basis="all", settlement="oldest")
    assert note["total"] == "-145.20"
    # 145.20 is 130.68 EUR; a correction stands with negative amounts on the sides of the sale.
    assert_voucher(
        abroad,
        note["number"],
        [
            ("1100 Trade receivables", "-130.68", None),
            ("4000 Revenue", None, "-108.00"),
            ("2200 Sales tax payable", None, "-22.68"),
            ("5000 Cost of goods sold", "-60.00", None),
            ("1300 Inventory", None, "-60.00"),
        ],
    )
    assert abroad.open_items("C0001") == {}
    assert_sound(abroad)


def test_a_cost_by_hand_is_one_of_the_books(abroad: Shop):
    abroad.perform("ledger.enter_exchange_rate", {"currency": "JPY", "from_date": "2026-01-01", "rate": "0.006"})
    back = abroad.order(line("VASE", "-1", unit_price="15000", unit_cost="61.50"), customer="C0001", currency="JPY")["number"]
    (note,) = abroad.invoice(back, quantity_basis="all")
    entries = abroad.perform("ledger.read_voucher", {"voucher": note["number"]})["entries"]
    assert [entry["debit"] for entry in entries if entry["account"] == "1300"] == ["61.50"]
    assert_sound(abroad)


def test_the_customer_of_a_draft_has_an_invoice_account_too(shop: Shop):
    shop.perform("parties.change_customer", {"customer": "C0001", "invoice_account": "C0002"})
    draft = shop.perform("sales.create_draft", {"store": shop.store, "lines": [line("LAMP")]})
    shop.perform("sales.change_draft", {"draft": draft["id"], "customer": "C0001"})
    order = shop.perform("sales.commit_draft", {"draft": draft["id"]})
    shop.invoice(order["number"], quantity_basis="all")
    assert (shop.open_items("C0001"), list(shop.open_items("C0002").values())) == ({}, ["100.00"])
