"""Accounts and their roles: the chart, what may be changed of it, and which account plays which role."""

import pytest

from kassa.kernel.errors import Conflict, NotFound, NotPermitted, PreconditionFailed, Refused
from kassa.testing.builders import Shop, build_shop, line, perform
from kassa.testing.ledger import assert_sound, assert_voucher, trial_balance


def _codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [issue.code for issue in refused.value.issues]


def test_the_shipped_chart_plays_every_role(shop: Shop):
    roles = shop.perform("ledger.list_account_roles", {"limit": 500})["items"]
    assert {role["role"] for role in roles} >= {"receivable", "inventory", "revenue", "cost_of_goods_sold", "tender", "stock_rounding"}
    assert [role["role"] for role in roles if role["account"] is None] == []
    by_tender = {role["selector"]: role["account"] for role in roles if role["role"] == "tender"}
    assert by_tender == {None: "1000", "bank_transfer": "1003", "card": "1002", "card_online": "1004", "cash": "1001", "check": "1005"}


def test_the_chart_is_read_page_by_page(shop: Shop):
    numbers, after = [], None
    while True:
        page = shop.perform("ledger.list_accounts", {"limit": 5, **({"after": after} if after else {})})
        numbers += [account["number"] for account in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert numbers == sorted(numbers)
    assert len(numbers) == len(set(numbers)) > 15
    expenses = shop.perform("ledger.list_accounts", {"type": "expense", "limit": 500})["items"]
    assert {account["type"] for account in expenses} == {"expense"}


def test_roles_are_read_page_by_page(shop: Shop):
    everything = shop.perform("ledger.list_account_roles", {"limit": 500})["items"]
    first = shop.perform("ledger.list_account_roles", {"limit": 7})
    second = shop.perform("ledger.list_account_roles", {"limit": 500, "after": first["next"]})
    assert first["items"] + second["items"] == everything
    assert second["next"] is None


def test_an_account_is_created_once(shop: Shop):
    created = shop.perform("ledger.create_account", {"number": "1150", "name": "Staff", "type": "asset"})
    assert (created["number"], created["active"], created["version"]) == ("1150", True, 1)
    assert shop.perform("ledger.read_account", {"account": "1150"}) == created
    assert shop.perform("ledger.read_account", {"account": created["id"]}) == created
    with pytest.raises(Conflict) as taken:
        shop.perform("ledger.create_account", {"number": "1150", "name": "Others", "type": "asset"})
    assert taken.value.issues[0].pointer == "/number"
    with pytest.raises(NotFound):
        shop.perform("ledger.read_account", {"account": "9999"})


def test_a_change_needs_the_version_that_was_seen(shop: Shop):
    shop.perform("ledger.create_account", {"number": "1150", "name": "Staff", "type": "asset"})
    changed = shop.perform("ledger.change_account", {"account": "1150", "name": "Staff and owners"}, if_match=1)
    assert (changed["name"], changed["version"]) == ("Staff and owners", 2)
    with pytest.raises(PreconditionFailed):
        shop.perform("ledger.change_account", {"account": "1150", "name": "Nobody"}, if_match=1)
    assert shop.perform("ledger.change_account", {"account": "1150"}, if_match=2)["version"] == 2


def test_an_account_that_plays_a_role_stays_open(shop: Shop):
    with pytest.raises(Refused) as refused:
        shop.perform("ledger.change_account", {"account": "4000", "active": False})
    assert _codes(refused) == ["LEDGER_ACCOUNT_IN_USE"]
    shop.perform("ledger.create_account", {"number": "4001", "name": "New revenue", "type": "revenue"})
    shop.perform("ledger.assign_account", {"role": "revenue", "account": "4001"})
    assert shop.perform("ledger.change_account", {"account": "4000", "active": False})["active"] is False
    sale = shop.sell(line("LAMP"), payments={"cash": "100.00"})
    assert trial_balance(shop)["4001 New revenue"] == "-100.00"
    assert sale["total"] == "100.00"


def test_a_selector_narrows_a_role(shop: Shop):
    shop.perform("ledger.create_account", {"number": "1010", "name": "Safe", "type": "asset"})
    shop.perform("ledger.assign_account", {"role": "tender", "selector": "cash", "account": "1010"})
    sale = shop.sell(line("LAMP"), payments={"cash": "60.00", "card": "40.00"})
    first, second = (payment["number"] for payment in sale["payments"])
    assert_voucher(shop, first, [("1010 Safe", "60.00", None), ("1100 Trade receivables", None, "60.00")])
    assert_voucher(shop, second, [("1002 Clearing card", "40.00", None), ("1100 Trade receivables", None, "40.00")])
    assert_sound(shop)


def test_receivables_stay_explained_when_their_account_changes(shop: Shop):
    first = shop.order(line("LAMP"), customer="C0001")["number"]
    shop.invoice(first, quantity_basis="all")
    shop.perform("ledger.create_account", {"number": "1101", "name": "New receivables", "type": "asset"})
    shop.perform("ledger.assign_account", {"role": "receivable", "account": "1101"})
    second = shop.order(line("LAMP"), customer="C0001")["number"]
    shop.invoice(second, quantity_basis="all")
    balance = trial_balance(shop)
    assert (balance["1100 Trade receivables"], balance["1101 New receivables"]) == ("100.00", "100.00")
    assert_sound(shop)


def test_an_unfit_account_is_refused(shop: Shop):
    for role, account, words in (
        ("revenue", "1100", "of the result"),
        ("receivable", "4000", "of the balance sheet"),
        ("tender", "1100", "plays or played the role receivable"),
        ("inventory", "1310", "plays or played the role inventory_physical"),
    ):
        with pytest.raises(Refused) as refused:
            shop.perform("ledger.assign_account", {"role": role, "account": account})
        assert set(_codes(refused)) == {"LEDGER_ACCOUNT_UNFIT"}
        assert words in refused.value.detail
        assert refused.value.issues[0].pointer == "/account"


def test_a_closed_account_plays_no_role(shop: Shop):
    shop.perform("ledger.create_account", {"number": "4001", "name": "Old revenue", "type": "revenue"})
    shop.perform("ledger.change_account", {"account": "4001", "active": False})
    with pytest.raises(Refused) as refused:
        shop.perform("ledger.assign_account", {"role": "revenue", "account": "4001"})
    assert "Open it first" in refused.value.detail
    with pytest.raises(NotFound):
        shop.perform("ledger.assign_account", {"role": "luck", "account": "4000"})


def test_books_are_set_up_once(shop: Shop):
    with pytest.raises(Refused) as refused:
        shop.perform("ledger.set_up_books", {"first_year": 2026, "last_year": 2026})
    assert _codes(refused) == ["LEDGER_BOOKS_EXIST"]


def test_years_out_of_bounds_are_refused(make_engine):
    engine = make_engine()
    perform(engine, "org.create_legal_entity", {"code": "X", "name": "X", "currency": "EUR", "time_zone": "UTC"})
    for first, last in ((2027, 2026), (1899, 1900), (2000, 2050), (9998, 9999)):
        with pytest.raises(Refused) as refused:
            perform(engine, "ledger.set_up_books", {"first_year": first, "last_year": last})
        assert _codes(refused) == ["LEDGER_YEARS"]


def test_books_of_two_entities_are_apart(shop: Shop):
    other = build_shop(shop.engine, code="GB01", store="S002", currency="GBP")
    shop.sell(line("LAMP"), payments={"cash": "100.00"})
    assert trial_balance(other) == {}
    account = shop.perform("ledger.read_account", {"account": "1100"})
    with pytest.raises(NotFound):
        other.perform("ledger.read_account", {"account": account["id"]})
    with pytest.raises(NotFound):
        other.perform("ledger.assign_account", {"role": "receivable", "account": account["id"]})
    assert_sound(shop)


def test_only_who_sets_up_the_books_changes_them(shop: Shop):
    manager, cashier = shop.add_worker("W1", "store_manager"), shop.add_worker("W2", "cashier")
    assert shop.perform("ledger.read_account", {"account": "1100"}, actor=manager)["number"] == "1100"
    with pytest.raises(NotPermitted) as refused:
        shop.perform("ledger.create_account", {"number": "1", "name": "Mine", "type": "asset"}, actor=manager)
    assert refused.value.permission == "ledger.set_up"
    with pytest.raises(NotPermitted):
        shop.perform("ledger.read_trial_balance", {}, actor=cashier)
    accountant = shop.actor("accountant")
    assert shop.perform("ledger.create_account", {"number": "1", "name": "Mine", "type": "asset"}, actor=accountant)["number"] == "1"
