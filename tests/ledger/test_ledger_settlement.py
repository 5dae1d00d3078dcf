"""The subledger: open items of a customer, settled by hand, by age, never below zero."""

import threading
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kassa.kernel.errors import Conflict, NotFound, NotPermitted, PreconditionRequired, Refused
from kassa.ledger.documents import OpenBalance
from kassa.ledger.messages.open_items import PairRequest
from kassa.ledger.settling import by_age, designated
from kassa.testing.builders import Shop, build_shop, line
from kassa.testing.ledger import assert_sound, trial_balance


def _invoice(shop: Shop, quantity: str = "1", customer: str = "C0001", date: str = "2026-11-21") -> str:
    order = shop.order(line("LAMP", quantity), customer=customer, date=date)["number"]
    (invoice,) = shop.invoice(order, quantity_basis="all", date=date)
    number: str = invoice["number"]
    return number


def _settle(shop: Shop, *pairs: dict, customer: str = "C0001", **more):
    command = {"customer": customer, **({"pairs": list(pairs)} if pairs else {}), **more}
    return shop.perform("ledger.settle", command)


def test_open_items_are_listed_oldest_first(shop: Shop):
    second = _invoice(shop, date="2026-11-20")
    first = _invoice(shop, date="2026-11-01")
    payment = shop.pay("C0001", "30.00", invoices=[first])["number"]
    answer = shop.perform("ledger.list_open_items", {"customer": "C0001"})
    assert [(item["number"], item["amount"], item["open"]) for item in answer["items"]] == [(first, "100.00", "70.00"), (second, "100.00", "100.00")]
    assert answer["balances"] == [{"currency": "EUR", "open": "170.00"}]
    assert answer["items"][0]["dimensions"] == {"store": "S001"}
    assert payment not in shop.open_items("C0001"), "it is used up"
    page = shop.perform("ledger.list_open_items", {"customer": "C0001", "limit": 1})
    rest = shop.perform("ledger.list_open_items", {"customer": "C0001", "limit": 1, "after": page["next"]})
    assert page["items"] + rest["items"] == answer["items"]
    assert rest["next"] is None
    due = shop.perform("ledger.list_open_items", {"customer": "C0001", "due_before": "2026-11-20"})["items"]
    assert [item["number"] for item in due] == [first]


def test_a_credit_note_is_settled_with_an_invoice(shop: Shop):
    invoice, note = _invoice(shop, "2"), _invoice(shop, "-1")
    before = trial_balance(shop)
    settled = _settle(shop, {"debit": invoice, "credit": note, "amount": "40.00"})
    assert settled["pairs"] == [{"debit": invoice, "credit": note, "currency": "EUR", "amount": "40.00"}]
    assert settled["number"] == "SET-office-000001"
    assert shop.open_items("C0001") == {invoice: "160.00", note: "-60.00"}
    _settle(shop, {"debit": invoice, "credit": note})
    assert shop.open_items("C0001") == {invoice: "100.00"}
    assert trial_balance(shop) == before, "a settlement books nothing"
    assert_sound(shop)


@pytest.mark.rule("INV-15")
def test_the_three_settlement_types(shop: Shop):
    """None: a credit note stays open; open transactions: oldest first; designated transactions: the pairs named."""
    old, new = _invoice(shop, date="2026-11-01"), _invoice(shop, date="2026-11-02")
    first, second = _invoice(shop, "-1"), _invoice(shop, "-1")
    assert shop.open_items("C0001") == {old: "100.00", new: "100.00", first: "-100.00", second: "-100.00"}
    _settle(shop, {"debit": new, "credit": first, "amount": "70.00"})
    assert shop.open_items("C0001") == {old: "100.00", new: "30.00", first: "-30.00", second: "-100.00"}
    answer = _settle(shop)
    assert [(pair["debit"], pair["credit"], pair["amount"]) for pair in answer["pairs"]] == [
        (old, first, "30.00"),
        (old, second, "70.00"),
        (new, second, "30.00"),
    ]
    assert shop.open_items("C0001") == {}
    assert_sound(shop)


def test_what_cannot_be_settled_is_said_all_at_once(shop: Shop):
    invoice, note, foreign = _invoice(shop), _invoice(shop, "-1"), _invoice(shop, customer="C0002")
    with pytest.raises(Refused) as refused:
        _settle(
            shop,
            {"debit": foreign, "credit": note},
            {"debit": note, "credit": invoice},
            {"debit": invoice, "credit": note, "amount": "100.01"},
            {"debit": invoice, "credit": note, "amount": "0"},
            {"debit": invoice, "credit": note, "amount": "-5"},
            {"debit": invoice, "credit": note, "amount": "1.005"},
        )
    assert [(issue.code, issue.pointer) for issue in refused.value.issues] == [
        ("LEDGER_ITEM_NOT_OPEN", "/pairs/0/debit"),
        ("LEDGER_ITEM_NOT_OPEN", "/pairs/1/debit"),
        ("LEDGER_ITEM_NOT_OPEN", "/pairs/1/credit"),
        ("LEDGER_SETTLE_AMOUNT", "/pairs/2/amount"),
        ("LEDGER_SETTLE_AMOUNT", "/pairs/3/amount"),
        ("LEDGER_SETTLE_AMOUNT", "/pairs/4/amount"),
        ("LEDGER_SETTLE_AMOUNT", "/pairs/5/amount"),
    ]
    assert refused.value.issues[3].expected == {"most": "100.00"}
    assert shop.open_items("C0001") == {invoice: "100.00", note: "-100.00"}


def test_the_same_credit_is_used_once_within_a_request(shop: Shop):
    first, second, note = _invoice(shop), _invoice(shop), _invoice(shop, "-1")
    with pytest.raises(Refused) as refused:
        _settle(shop, {"debit": first, "credit": note, "amount": "80.00"}, {"debit": second, "credit": note, "amount": "30.00"})
    assert refused.value.issues[0].expected == {"most": "20.00"}
    with pytest.raises(Refused):
        _settle(shop, {"debit": first, "credit": note}, {"debit": second, "credit": note})


def test_nothing_to_settle(shop: Shop):
    _invoice(shop)
    with pytest.raises(Refused) as refused:
        _settle(shop)
    assert refused.value.code == "LEDGER_NOTHING_TO_SETTLE"
    with pytest.raises(NotFound):
        _settle(shop, customer="C9999")


def test_settling_is_a_posting(shop: Shop):
    invoice, note = _invoice(shop), _invoice(shop, "-1")
    command = {"customer": "C0001", "pairs": [{"debit": invoice, "credit": note, "amount": "10.00"}]}
    with pytest.raises(PreconditionRequired):
        shop.perform("ledger.settle", command, key=None)
    with pytest.raises(NotPermitted):
        shop.perform("ledger.settle", command, actor=shop.actor("cashier"))
    preview = shop.preview("ledger.settle", command)
    assert preview["result"]["pairs"][0]["amount"] == "10.00"
    assert preview["result"]["number"] is None
    assert shop.open_items("C0001") == {invoice: "100.00", note: "-100.00"}
    first = shop.perform("ledger.settle", command, key="once", actor=(manager := shop.actor("store_manager")))
    again = shop.perform("ledger.settle", command, key="once", actor=manager)
    assert first == again
    assert shop.open_items("C0001") == {invoice: "90.00", note: "-90.00"}


def test_items_of_two_entities_are_apart(shop: Shop):
    other = build_shop(shop.engine, code="GB01", store="S002", currency="GBP")
    _invoice(shop)
    with pytest.raises(NotFound):
        other.open_items("C0001")


def test_two_settlements_of_one_credit_at_once(shop: Shop):
    """Eight people settle the same credit note with eight invoices: what is settled is exactly what it had."""
    shop.adjust({"LAMP": "20"})
    invoices, note = [_invoice(shop) for _ in range(8)], _invoice(shop, "-1")
    done, refused = [], []
    begin = threading.Barrier(8)

    def settle(invoice: str):
        begin.wait()
        try:
            done.append(_settle(shop, {"debit": invoice, "credit": note, "amount": "30.00"}))
        except (Refused, Conflict) as error:
            refused.append(error.code)

    threads = [threading.Thread(target=settle, args=(invoice,)) for invoice in invoices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= len(done) <= 3
    assert set(refused) <= {"LEDGER_SETTLE_AMOUNT", "LOST_RACE"}
    assert sum(Decimal(amount) for amount in shop.open_items("C0001").values()) == 700
    assert Decimal(shop.open_items("C0001")[note]) == -100 + 30 * len(done)
    assert_sound(shop)


AMOUNTS = st.integers(min_value=-10_000, max_value=10_000).filter(bool)


@given(st.lists(st.tuples(AMOUNTS, st.sampled_from(("EUR", "USD")), st.sampled_from(("invoice", "payment", "prepayment"))), max_size=12))
@settings(max_examples=300)
def test_settling_by_age_uses_one_side_up(found):
    items = [OpenBalance(f"item{n}", kind, currency, amount, "2026-11-21") for n, (amount, currency, kind) in enumerate(found)]
    left = {item.id: item.open for item in items}
    of = {item.id: item for item in items}
    for pair in by_age(items):
        assert pair.amount > 0
        assert of[pair.debit_item_id].currency == of[pair.credit_item_id].currency
        left[pair.debit_item_id] -= pair.amount
        left[pair.credit_item_id] += pair.amount
    for item in items:
        assert 0 <= left[item.id] * (1 if item.open > 0 else -1) <= abs(item.open), "never past zero"
        assert item.type != "prepayment" or left[item.id] == item.open
    for currency in ("EUR", "USD"):
        rest = [left[item.id] for item in items if item.currency == currency and item.type != "prepayment"]
        assert not (any(amount > 0 for amount in rest) and any(amount < 0 for amount in rest)), "one side is used up"
        assert sum(rest) == sum(item.open for item in items if item.currency == currency and item.type != "prepayment")


def test_the_oldest_go_first():
    items = [OpenBalance(name, "invoice", "EUR", amount, "") for name, amount in (("a", 50), ("x", -70), ("b", 50), ("y", -10))]
    assert [(pair.debit_item_id, pair.credit_item_id, pair.amount) for pair in by_age(items)] == [("a", "x", 50), ("b", "x", 20), ("b", "y", 10)]


def test_two_currencies_are_not_settled():
    items = [OpenBalance("a", "invoice", "EUR", 50, "", "INV-1"), OpenBalance("b", "payment", "USD", -50, "", "PAY-1")]
    pairs, issues = designated([PairRequest(debit="INV-1", credit="PAY-1")], items)
    assert pairs == []
    assert [issue.code for issue in issues] == ["LEDGER_SETTLE_CURRENCY"]
