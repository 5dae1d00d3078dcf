"""Other currencies: rates by date, vouchers that sum to 0 in both, and what settling gains or loses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kassa.kernel.errors import Refused
from kassa.ledger.documents import Books
from kassa.ledger.rates import ONE, accounting_value, settled_value
from kassa.testing.builders import Shop, line
from kassa.testing.ledger import assert_sound, assert_voucher, trial_balance


def rate(shop: Shop, value: str, from_date: str = "2026-01-01", currency: str = "USD") -> None:
    shop.perform("ledger.enter_exchange_rate", {"currency": currency, "from_date": from_date, "rate": value})


def sell_abroad(shop: Shop, date: str = "2026-11-02", price: str = "100.00", currency: str = "USD", product: str = "LAMP") -> str:
    asked = line(product, "1", unit_price=price)
    order = shop.order(asked, customer="C0001", currency=currency, date=date)["number"]
    (invoice,) = shop.invoice(order, quantity_basis="all", date=date)
    number: str = invoice["number"]
    return number


def test_an_order_in_another_currency_needs_a_rate(shop: Shop):
    with pytest.raises(Refused) as refused:
        sell_abroad(shop)
    (issue,) = refused.value.issues
    assert (issue.code, issue.pointer) == ("SALES_CURRENCY", "/currency")
    assert "no exchange rate for USD on 2026-11-02" in issue.message
    rate(shop, "0.90", from_date="2026-11-03")
    with pytest.raises(Refused):
        sell_abroad(shop, date="2026-11-02")
    sell_abroad(shop, date="2026-11-03")


def test_a_sale_in_another_currency_balances_in_both(shop: Shop):
    rate(shop, "0.912345678")
    number = sell_abroad(shop, price="33.33", product="VASE")
    voucher = shop.perform("ledger.read_voucher", {"voucher": number})
    assert voucher["rate"] == "0.912345678"
    assert voucher["debit"] == voucher["credit"]
    in_dollars = {
        entry["account_name"]: entry["transaction_amount"] for entry in voucher["entries"] if entry["transaction_currency"] == "USD"
    }
    assert in_dollars == {"Trade receivables": "40.33", "Revenue": "-33.33", "Sales tax payable": "-7.00", "Rounding of currencies": "0.00"}
    # 40.33 is 36.79 EUR, 33.33 is 30.41, 7.00 is 6.39: one cent of rounding.
    assert_voucher(
        shop,
        number,
        [
            ("1100 Trade receivables", "36.79", None),
            ("4000 Revenue", None, "30.41"),
            ("2200 Sales tax payable", None, "6.39"),
            ("5920 Rounding of currencies", "0.01", None),
            ("5000 Cost of goods sold", "60.00", None),
            ("1300 Inventory", None, "60.00"),
        ],
    )
    assert_sound(shop)


def test_a_currency_without_cents(shop: Shop):
    rate(shop, "0.0061", currency="JPY")
    number = sell_abroad(shop, price="15000", currency="JPY")
    voucher = shop.perform("ledger.read_voucher", {"voucher": number})
    receivable = next(entry for entry in voucher["entries"] if entry["account"] == "1100")
    assert (receivable["debit"], receivable["transaction_amount"]) == ("91.50", "15000")
    assert_sound(shop)


@pytest.mark.parametrize("later, account, amount", [("0.95", "4900 Exchange gains", "-5.00"), ("0.80", "5910 Exchange losses", "10.00")])
def test_a_payment_at_another_rate_gains_or_loses(shop: Shop, later: str, account: str, amount: str):
    rate(shop, "0.90")
    rate(shop, later, from_date="2026-11-10")
    invoice = sell_abroad(shop)
    payment = shop.pay("C0001", "100.00", currency="USD", date="2026-11-15")
    assert shop.open_items("C0001") == {}
    balances = trial_balance(shop)
    assert balances[account] == amount
    assert "1100 Trade receivables" not in balances, "both sides left the account"
    difference = [
        entry
        for entry in shop.perform("ledger.read_voucher", {"voucher": payment["number"]})["entries"]
        if entry["transaction_amount"] == "0.00"
    ]
    assert len(difference) == 2, "an exchange difference has no amount in dollars"
    assert invoice
    assert_sound(shop)


def test_a_settlement_by_hand_books_the_difference_and_undoing_takes_it_back(shop: Shop):
    rate(shop, "0.90")
    rate(shop, "0.87", from_date="2026-11-10")
    old = sell_abroad(shop, date="2026-11-02")
    back = shop.order(line("LAMP", "-1", unit_price="70.00"), customer="C0001", currency="USD", date="2026-11-12")["number"]
    (note,) = shop.invoice(back, quantity_basis="all", date="2026-11-12")
    before = trial_balance(shop)
    settled = shop.perform("ledger.settle", {"customer": "C0001", "pairs": [{"debit": old, "credit": note["number"], "amount": "33.33"}]})
    assert trial_balance(shop)["5910 Exchange losses"] == "1.00"
    assert_sound(shop)
    undone = shop.perform("ledger.undo_settlement", {"document": settled["number"]})
    assert [pair["amount"] for pair in undone["pairs"]] == ["-33.33"]
    assert trial_balance(shop) == before
    assert shop.open_items("C0001") == {old: "100.00", note["number"]: "-70.00"}
    assert_sound(shop)


def test_a_journal_in_another_currency(shop: Shop):
    rate(shop, "0.333333333")
    lines = [{"account": "5100", "amount": amount} for amount in ("10.00", "10.00", "-20.00")]
    journal = shop.perform("ledger.post_journal", {"description": "Abroad", "currency": "USD", "lines": lines})
    assert_voucher(
        shop,
        journal["number"],
        [
            ("5100 Stock gains and losses", "3.33", None),
            ("5100 Stock gains and losses", "3.33", None),
            ("5100 Stock gains and losses", None, "6.67"),
            ("5920 Rounding of currencies", "0.01", None),
        ],
    )
    assert_sound(shop)


def test_rates_are_listed_and_replaced(shop: Shop):
    rate(shop, "0.90")
    rate(shop, "1.15", currency="GBP")
    rate(shop, "0.91")
    page = shop.perform("ledger.list_exchange_rates", {"limit": 1})
    rest = shop.perform("ledger.list_exchange_rates", {"limit": 1, "after": page["next"]})
    assert [(row["currency"], row["rate"]) for row in (*page["items"], *rest["items"])] == [("GBP", "1.15"), ("USD", "0.91")]
    with pytest.raises(Refused) as refused:
        rate(shop, "1", currency="EUR")
    assert refused.value.issues[0].code == "LEDGER_RATE_CURRENCY"


def books_with(*dated: tuple[str, int]) -> Books:
    return Books(
        legal_entity_id="x", currency="EUR", accounts={}, names={}, inactive=frozenset(), periods=(), dimension_sets=frozenset(),
        rates={"USD": dated},
    )  # fmt: skip


def test_the_rate_of_a_date_is_the_last_one_that_counts():
    books = books_with(("2026-01-01", 2 * ONE), ("2026-02-01", 3 * ONE))
    assert [books.rate("USD", date) for date in ("2026-01-01", "2026-01-31", "2026-02-01", "2030-01-01")] == [
        2 * ONE,
        2 * ONE,
        3 * ONE,
        3 * ONE,
    ]
    assert not books.has_rate("USD", "2025-12-31")
    with pytest.raises(Refused):
        books.rate("GBP", "2026-01-01")


@given(st.integers(1, 10**12), st.integers(1, 10**6 * ONE), st.lists(st.integers(1, 100), min_size=1, max_size=8))
@settings(max_examples=200, deadline=None)
def test_parts_of_an_item_are_worth_what_the_item_is(whole: int, rate_of_item: int, weights: list[int]):
    total = accounting_value(whole, "USD", "EUR", rate_of_item)
    before, worth = 0, 0
    for place, weight in enumerate(weights):
        amount = whole - before if place == len(weights) - 1 else min(whole - before, weight)
        worth += settled_value(total, before, amount, whole)
        before += amount
    assert (before, worth) == (whole, total)
    assert accounting_value(-whole, "USD", "EUR", rate_of_item) == -total
