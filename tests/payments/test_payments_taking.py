"""Payments on account: what a customer pays settles what is open, oldest first or as named, and never more than that."""

import threading
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kassa.kernel.errors import Conflict, NotFound, NotPermitted, PreconditionRequired, Refused
from kassa.testing.builders import Shop, build_shop, line
from kassa.testing.ledger import assert_sound, assert_voucher, postings, trial_balance

AR, BANK, CASH = "1100 Trade receivables", "1003 Clearing bank transfer", "1001 Clearing cash"


def _invoice(shop: Shop, quantity: str = "1", customer: str = "C0001", date: str = "2026-11-21") -> str:
    order = shop.order(line("LAMP", quantity), customer=customer, date=date)["number"]
    (invoice,) = shop.invoice(order, quantity_basis="all", date=date)
    number: str = invoice["number"]
    return number


def test_a_payment_settles_the_oldest_first(shop: Shop):
    new, old = _invoice(shop, date="2026-11-20"), _invoice(shop, date="2026-11-01")
    answer = shop.pay("C0001", "130.00", reference="NL-4711")
    assert answer["number"] == "PAY-S001-000001"
    assert (answer["amount"], answer["open"], answer["currency"], answer["customer"], answer["store"]) == (
        "130.00",
        "0.00",
        "EUR",
        "C0001",
        "S001",
    )
    assert answer["settled"] == [{"document": old, "amount": "100.00"}, {"document": new, "amount": "30.00"}]
    assert shop.open_items("C0001") == {new: "70.00"}
    assert_voucher(shop, answer["number"], [(BANK, "130.00", None), (AR, None, "130.00")])
    assert_sound(shop)


def test_named_invoices_are_settled_in_their_order(shop: Shop):
    first, second, third = (_invoice(shop, date=f"2026-11-0{day}") for day in (1, 2, 3))
    answer = shop.pay("C0001", "150.00", invoices=[third, first, third])
    assert answer["settled"] == [{"document": third, "amount": "100.00"}, {"document": first, "amount": "50.00"}]
    assert shop.open_items("C0001") == {first: "50.00", second: "100.00"}


def test_what_is_left_stays_as_a_credit(shop: Shop):
    first, second = _invoice(shop), _invoice(shop)
    answer = shop.pay("C0001", "120.00", invoices=[second])
    assert (answer["open"], answer["settled"]) == ("20.00", [{"document": second, "amount": "100.00"}])
    assert shop.open_items("C0001") == {first: "100.00", answer["number"]: "-20.00"}
    shop.perform("ledger.settle", {"customer": "C0001"})
    assert shop.open_items("C0001") == {first: "80.00"}
    read = shop.perform("payments.read", {"payment": answer["number"]})
    assert (read["open"], read["settled"]) == (
        "0.00",
        [{"document": second, "amount": "100.00"}, {"document": first, "amount": "20.00"}],
    )
    assert_sound(shop)


def test_a_payment_without_anything_open_is_a_credit(shop: Shop):
    answer = shop.pay("C0001", "0.01", tender="cash")
    assert (answer["open"], answer["settled"]) == ("0.01", [])
    assert trial_balance(shop)[AR] == "-0.01"
    assert_sound(shop)


def test_a_later_payment_does_not_touch_credits(shop: Shop):
    note, invoice = _invoice(shop, "-1"), _invoice(shop)
    shop.pay("C0001", "40.00")
    assert shop.open_items("C0001") == {note: "-100.00", invoice: "60.00"}


def test_what_is_wrong_is_said(shop: Shop):
    _invoice(shop, customer="C0002")
    for amount in ("0", "-1", "0.001", "10000000001"):
        with pytest.raises(Refused) as refused:
            shop.pay("C0001", amount)
        assert (refused.value.code, refused.value.issues[0].pointer) == ("PAYMENT_AMOUNT", "/amount")
    with pytest.raises(Refused) as refused:
        shop.pay("C0001", "1.00", tender="gold")
    assert (refused.value.code, refused.value.issues[0].pointer) == ("PAYMENT_TENDER_UNKNOWN", "/tender")
    assert refused.value.issues[0].expected == {"tender": "bank_transfer, card, card_online, cash, check, customer_account"}
    with pytest.raises(Refused) as refused:
        shop.pay("C0001", "1.00", invoices=["INV-S001-000001", "INV-S001-000009"])
    assert [(issue.code, issue.pointer) for issue in refused.value.issues] == [
        ("PAYMENT_INVOICE_NOT_OPEN", "/invoices/0"),
        ("PAYMENT_INVOICE_NOT_OPEN", "/invoices/1"),
    ]
    with pytest.raises(NotFound):
        shop.pay("C9999", "1.00")
    assert trial_balance(shop)[AR] == "100.00"


def test_a_paid_invoice_is_not_paid_again(shop: Shop):
    invoice = _invoice(shop)
    shop.pay("C0001", "100.00", invoices=[invoice])
    with pytest.raises(Refused) as refused:
        shop.pay("C0001", "100.00", invoices=[invoice])
    assert refused.value.code == "PAYMENT_INVOICE_NOT_OPEN"


def test_a_payment_is_a_posting(shop: Shop):
    command = {"customer": "C0001", "tender": "cash", "amount": "10.00", "store": "S001"}
    with pytest.raises(PreconditionRequired):
        shop.perform("payments.take", command, key=None)
    preview = shop.preview("payments.take", command)
    assert postings(preview) == [(CASH, "10.00", None), (AR, None, "10.00")]
    assert trial_balance(shop).get(CASH) is None
    assert shop.perform("payments.take", command, key="once") == shop.perform("payments.take", command, key="once")
    assert trial_balance(shop)[CASH] == "10.00"
    shop.set_period("2026-11-01", "closed")
    with pytest.raises(Refused) as refused:
        shop.perform("payments.take", command)
    assert refused.value.code == "INV_PERIOD_CLOSED"


def test_who_takes_payments_where(shop: Shop):
    cashier = shop.add_worker("W1", "cashier")
    command = {"customer": "C0001", "tender": "cash", "amount": "10.00"}
    at_the_till = shop.perform("payments.take", command, actor=cashier)
    assert (at_the_till["store"], at_the_till["number"]) == ("S001", "PAY-S001-000001")
    office = shop.perform("payments.take", command)
    assert (office["store"], office["number"]) == (None, "PAY-office-000001")
    with pytest.raises(NotPermitted) as refused:
        shop.perform("payments.take", command, actor=shop.actor("stock_clerk"))
    assert refused.value.permission == "payments.take"
    build_shop(shop.engine, code="GB01", store="S002", currency="GBP")
    with pytest.raises(NotFound):
        shop.perform("payments.take", command | {"store": "S002"}, actor=cashier)
    assert_sound(shop)


def test_payments_are_listed_and_read(shop: Shop):
    sale = shop.sell(line("LAMP", "2"), payments={"cash": "150.00", "card": "50.00"}, date="2026-11-20")
    paid = shop.pay("C0001", "5.00")
    back = shop.sell(line("LAMP", "-1"), payments={"cash": "-100.00"})
    everything = shop.perform("payments.list", {})["items"]
    assert [(item["tender"], item["amount"]) for item in everything] == [
        ("cash", "-100.00"),
        ("bank_transfer", "5.00"),
        ("card", "50.00"),
        ("cash", "150.00"),
    ]
    assert [item["number"] for item in shop.perform("payments.list", {"customer": "C0001"})["items"]] == [paid["number"]]
    assert [item["amount"] for item in shop.perform("payments.list", {"tender": "cash", "store": "S001"})["items"]] == ["-100.00", "150.00"]
    assert len(shop.perform("payments.list", {"from_date": "2026-11-20", "to_date": "2026-11-20"})["items"]) == 2
    first = shop.perform("payments.list", {"limit": 3})
    assert first["items"] + shop.perform("payments.list", {"after": first["next"]})["items"] == everything
    assert shop.perform("payments.read", {"payment": paid["id"]}) == paid
    anonymous = shop.perform("payments.read", {"payment": sale["payments"][0]["number"]})
    assert (anonymous["customer"], anonymous["open"]) == (None, "0.00")
    assert anonymous["settled"] == [{"document": sale["invoice"], "amount": "150.00"}]
    paid_out = shop.perform("payments.read", {"payment": back["payments"][0]["number"]})
    assert (paid_out["amount"], paid_out["open"], paid_out["settled"]) == (
        "-100.00",
        "0.00",
        [{"document": back["invoice"], "amount": "100.00"}],
    )
    other = build_shop(shop.engine, code="GB01", store="S002", currency="GBP")
    for reference in (paid["number"], paid["id"], "PAY-1"):
        with pytest.raises(NotFound):
            other.perform("payments.read", {"payment": reference})


def test_tenders_tell_what_they_are_for(shop: Shop):
    tenders = shop.perform("payments.list_tenders", {})["items"]
    assert [(tender["tender"], tender["change"], tender["account"]) for tender in tenders] == [
        ("bank_transfer", False, BANK),
        ("card", False, "1002 Clearing card"),
        ("card_online", False, "1004 Clearing card by processor"),
        ("cash", True, CASH),
        ("check", False, "1005 Clearing check"),
        ("customer_account", False, None),
    ]
    assert [tender["tender"] for tender in tenders if tender["later"]] == ["check"]
    assert [tender["tender"] for tender in tenders if tender["processor"]] == ["card_online"]
    assert [tender["tender"] for tender in tenders if tender["on_account"]] == ["customer_account"]
    first = shop.perform("payments.list_tenders", {"limit": 2})
    assert first["items"] + shop.perform("payments.list_tenders", {"after": first["next"]})["items"] == tenders


def test_eight_people_pay_the_same_invoice_at_once(shop: Shop):
    """The invoice is settled once; what is paid beyond it is the customer's credit, and no cent is lost."""
    invoice = _invoice(shop)
    done, refused = [], []
    begin = threading.Barrier(8)

    def pay():
        begin.wait()
        try:
            done.append(shop.pay("C0001", "100.00")["number"])
        except Conflict as error:
            refused.append(error.code)

    threads = [threading.Thread(target=pay) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) + len(refused) == 8
    assert set(refused) <= {"LOST_RACE"}
    items = shop.open_items("C0001")
    assert invoice not in items
    assert sum(map(Decimal, items.values())) == 100 - 100 * len(done)
    assert_sound(shop)


CENTS = st.integers(min_value=1, max_value=30_000).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=st.lists(st.tuples(st.sampled_from(("invoice", "credit", "pay", "settle")), CENTS), min_size=1, max_size=8))
def test_open_amounts_stay_within_their_items(shop: Shop, acts: list):
    """Whatever is invoiced, credited, paid and settled: no item goes past zero, and the account is the sum of it all."""
    expected = sum(map(Decimal, shop.open_items("C0002").values()))
    for act, amount in acts:
        if act == "pay":
            shop.pay("C0002", amount)
            expected -= Decimal(amount)
        elif act == "settle":
            _settle_if_possible(shop)
        else:
            sign = 1 if act == "invoice" else -1
            given_price = {**line("DELIVERY", str(sign)), "unit_price": amount}
            shop.invoice(shop.order(given_price, customer="C0002")["number"])
            expected += sign * Decimal(amount)
    items = shop.perform("ledger.list_open_items", {"customer": "C0002", "limit": 500})["items"]
    assert all(0 < Decimal(item["open"]) * (1 if Decimal(item["amount"]) > 0 else -1) <= abs(Decimal(item["amount"])) for item in items)
    assert sum(Decimal(item["open"]) for item in items) == expected
    assert_sound(shop)


def _settle_if_possible(shop: Shop) -> None:
    open_ = [Decimal(amount) for amount in shop.open_items("C0002").values()]
    if any(amount > 0 for amount in open_) and any(amount < 0 for amount in open_):
        shop.perform("ledger.settle", {"customer": "C0002"})
