"""Settlement many to many: sets of items, partial amounts, undoing; sums are kept whatever is done, on both databases."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kassa.kernel.errors import NotFound, Refused
from kassa.kernel.values import format_minor
from kassa.testing.builders import Shop, line
from kassa.testing.ledger import assert_sound, trial_balance


def invoice(shop: Shop, amount: str, customer: str = "C0001", **more) -> str:
    order = shop.order(
        line("DELIVERY", "-1" if amount.startswith("-") else "1", unit_price=amount.removeprefix("-")), customer=customer, **more
    )
    (made,) = shop.invoice(order["number"], quantity_basis="all")
    return str(made["number"])


def pay(shop: Shop, amount: str, customer: str = "C0001", **more) -> str:
    return str(shop.pay(customer, amount, **more)["number"])


def settle(shop: Shop, *items, customer: str = "C0001"):
    asked = [{"item": item} if isinstance(item, str) else {"item": item[0], "amount": item[1]} for item in items]
    return shop.perform("ledger.settle", {"customer": customer, "items": asked})


def codes(refused) -> list[tuple[str, str]]:
    return [(issue.code, issue.pointer) for issue in refused.value.issues]


@pytest.mark.rule("INV-15")
def test_a_set_of_items_is_settled_oldest_first(shop: Shop):
    credit = pay(shop, "50.00")
    first, second, third = (invoice(shop, amount) for amount in ("30.00", "40.00", "60.00"))
    note = invoice(shop, "-20.00")
    answer = settle(shop, third, (second, "15.00"), credit, note)
    pairs = [(pair["debit"], pair["credit"], pair["amount"]) for pair in answer["pairs"]]
    assert pairs == [(second, credit, "15.00"), (third, credit, "35.00"), (third, note, "20.00")]
    assert shop.open_items("C0001") == {first: "30.00", second: "25.00", third: "5.00"}
    assert_sound(shop)


def test_what_a_set_may_not_hold(shop: Shop):
    shop.perform("ledger.enter_exchange_rate", {"currency": "USD", "from_date": "2026-01-01", "rate": "0.9"})
    credit = pay(shop, "50.00")
    first, foreign = invoice(shop, "30.00"), invoice(shop, "10.00", currency="USD")
    for items, expected in (
        (("INV-nowhere", credit), ("LEDGER_ITEM_NOT_OPEN", "/items/0/item")),
        ((first, first), ("LEDGER_SETTLE_TWICE", "/items/1/item")),
        (((first, "30.01"), credit), ("LEDGER_SETTLE_AMOUNT", "/items/0/amount")),
        (((first, "0.001"), credit), ("LEDGER_SETTLE_AMOUNT", "/items/0/amount")),
        ((foreign, credit), ("LEDGER_SETTLE_CURRENCY", "/items")),
        ((first, foreign), ("LEDGER_SETTLE_CURRENCY", "/items")),
    ):
        with pytest.raises(Refused) as refused:
            settle(shop, *items)
        assert codes(refused) == [expected]
    for command in ({"customer": "C0001", "vendor": "V1"}, {}):
        with pytest.raises(Refused) as refused:
            shop.perform("ledger.settle", command)
        assert codes(refused) == [("LEDGER_PARTY_NEEDED", "/customer")]


def test_a_payment_is_undone_once(shop: Shop):
    first = invoice(shop, "30.00")
    payment = pay(shop, "20.00")
    assert shop.open_items("C0001") == {first: "10.00"}
    before = trial_balance(shop)
    undone = shop.perform("ledger.undo_settlement", {"document": payment})
    assert undone["pairs"] == [{"debit": first, "credit": payment, "currency": "EUR", "amount": "-20.00"}]
    assert shop.open_items("C0001") == {first: "30.00", payment: "-20.00"}
    assert trial_balance(shop) == before
    with pytest.raises(Refused) as refused:
        shop.perform("ledger.undo_settlement", {"document": payment})
    assert codes(refused) == [("LEDGER_SETTLEMENT_UNDONE", "/document")]
    with pytest.raises(Refused):
        shop.perform("ledger.undo_settlement", {"document": undone["number"]})
    with pytest.raises(NotFound):
        shop.perform("ledger.undo_settlement", {"document": "SET-office-000099"})
    settle(shop, first, payment)
    assert shop.open_items("C0001") == {first: "10.00"}
    assert_sound(shop)


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("invoice"), st.integers(-500, 500).filter(bool), st.booleans()),
        st.tuples(st.just("pay"), st.integers(1, 500), st.booleans()),
        st.tuples(st.just("settle"), st.integers(0, 7), st.integers(0, 7)),
        st.tuples(st.just("oldest"), st.just(0), st.just(0)),
        st.tuples(st.just("undo"), st.integers(0, 7), st.just(0)),
    ),
    min_size=4,
    max_size=10,
)
RATES = {"2026-11-01": "0.917431193", "2026-11-10": "0.899999999", "2026-11-20": "1.031000001"}


@given(acts=ACTS)
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_sums_are_kept_whatever_is_settled_and_undone(shop: Shop, acts):
    """In two currencies, at three rates: open amounts stay between 0 and the amount, and control accounts are explained to the cent."""
    customer = shop.add_customer(f"P{shop.engine.clock.now()}-{len(shop.perform('parties.list_customers', {'limit': 500})['items'])}")
    for date, rate in RATES.items():
        shop.perform("ledger.enter_exchange_rate", {"currency": "USD", "from_date": date, "rate": rate})
    dates, settlers = list(RATES), []
    for place, (act, first, second) in enumerate(acts):
        with suppress(Refused, NotFound):
            settlers += perform_act(shop, customer, act, first, second, dates[place % 3], settlers)
    assert_sound(shop)
    balances = shop.perform("ledger.list_open_items", {"customer": customer, "limit": 500})
    for item in balances["items"]:
        amount, left = item["amount"], item["open"]
        assert amount.startswith("-") == left.startswith("-")


def perform_act(shop: Shop, customer: str, act: str, first: int, second: int, date: str, settlers: list[str]) -> list[str]:
    """Do one thing with the customer's items; answers the number of the document, where it may have settled something."""
    if act == "invoice":
        invoice(shop, format_minor(first, "EUR"), customer, date=date, currency="USD" if second else "EUR")
        return []
    if act == "pay":
        return [pay(shop, format_minor(first, "EUR"), customer, date=date, currency="USD" if second else "EUR")]
    if act == "oldest":
        return [shop.perform("ledger.settle", {"customer": customer})["number"]]
    if act == "undo":
        shop.perform("ledger.undo_settlement", {"document": settlers[first % len(settlers)] if settlers else "SET-nothing"})
        return []
    items = shop.perform("ledger.list_open_items", {"customer": customer, "limit": 500})["items"]
    if not items:
        return []
    asked = [{"item": items[place % len(items)]["id"]} for place in (first, second)]
    return [shop.perform("ledger.settle", {"customer": customer, "items": asked})["number"]]
