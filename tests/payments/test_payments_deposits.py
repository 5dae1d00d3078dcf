"""Deposits: a liability until it is used, used once, and never forgotten; the worked examples to the cent."""

import threading
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kassa.kernel.errors import KassaError, Refused
from kassa.testing.builders import line
from kassa.testing.ledger import assert_sound, assert_voucher, postings, trial_balance

AR, CASH, CARD = "1100 Trade receivables", "1001 Clearing cash", "1002 Clearing card"
PREPAY, REVENUE, CHARGES = "2300 Customer prepayments", "4000 Revenue", "4200 Charge income"
COST, INVENTORY, FORFEITED = "5000 Cost of goods sold", "1300 Inventory", "4300 Forfeited deposits"


def refused(till, operation, command):
    with pytest.raises(Refused) as caught:
        till.perform(operation, command)
    return [(issue.code, issue.pointer) for issue in caught.value.issues]


def number_of(answer, place=0):
    return answer["payments"][place]["number"]


@pytest.mark.rule("CO-19")
def test_e1_a_deposit_is_a_prepayment(till):
    order = till.two_lines()
    answer = till.deposit(order, cash="6.00", card="4.00")
    assert (answer["paid"], answer["left"], answer["order"]) == ("10.00", "10.00", order)
    assert [(payment["type"], payment["tender"], payment["order"]) for payment in answer["payments"]] == [
        ("deposit", "cash", order), ("deposit", "card", order),
    ]  # fmt: skip
    assert_voucher(till, number_of(answer), [(CASH, "6.00", None), (PREPAY, None, "6.00")])
    assert_voucher(till, number_of(answer, 1), [(CARD, "4.00", None), (PREPAY, None, "4.00")])
    read = till.perform("payments.read", {"payment": number_of(answer)})
    assert (read["type"], read["order"], read["open"]) == ("deposit", order, "6.00")
    shown = till.perform("sales.read_deposits", {"order": order})
    assert [(found["document"], found["left"]) for found in shown["open"]] == [(number_of(answer), "6.00"), (number_of(answer, 1), "4.00")]
    assert AR not in trial_balance(till)
    assert_sound(till)


@pytest.mark.rule("CO-36")
def test_e2_invoices_take_their_share_and_the_last_one_the_rest(till):
    order = till.two_lines()
    till.deposit(order, cash="10.00")
    dues = []
    for number, price, cost, applied, due in ((1, "40.00", "24.00", "4.00", "36.00"), (2, "60.00", "36.00", "6.00", "54.00")):
        till.deliver(order, {number: "1"})
        (invoice,) = till.invoice(order)
        assert (invoice["deposit"], invoice["due"]) == (applied, due)
        assert_voucher(
            till,
            invoice["number"],
            [
                (AR, price, None), (REVENUE, None, price), (COST, cost, None), (INVENTORY, None, cost),
                (PREPAY, applied, None), (AR, None, applied),
            ],
        )  # fmt: skip
        assert till.open_items("C0001").get(invoice["number"]) == due
        payment = till.pay("C0001", due, tender="cash", invoices=[invoice["number"]])
        assert_voucher(till, payment["number"], [(CASH, due, None), (AR, None, due)])
        dues.append(due)
    assert dues == ["36.00", "54.00"]
    balance = trial_balance(till)
    assert (balance[REVENUE], balance[CASH]) == ("-100.00", "100.00")
    assert not set(balance) & {AR, PREPAY}
    shown = till.perform("sales.read_deposits", {"order": order})
    assert (shown["state"], shown["applied"], shown["left"]) == ("invoiced", "10.00", "0.00")
    assert_sound(till)


def test_an_invoice_settles_with_credits_only_what_deposits_leave(till):
    note = till.credit_note("95.00")
    order = till.two_lines()
    till.deposit(order, cash="10.00")
    (invoice,) = till.perform("sales.post_invoices", {"orders": [{"order": order}], "quantity_basis": "all", "settlement": "oldest"})["invoices"]
    assert invoice["due"] == "90.00"
    assert till.open_items("C0001") == {note: "-5.00"}
    assert_sound(till)


def test_a_preview_shows_what_an_invoice_takes(till):
    order = till.two_lines()
    till.deposit(order, cash="10.00")
    command = {"orders": [{"order": order}], "quantity_basis": "all"}
    preview = till.preview("sales.post_invoices", command)
    assert (PREPAY, "10.00", None) in postings(preview)
    assert preview["result"]["invoices"][0]["due"] == "90.00"
    assert till.perform("sales.read_deposits", {"order": order})["left"] == "10.00"


def test_an_invoice_takes_what_it_is_told_or_all_it_can(till):
    order = till.two_lines()
    till.deposit(order, cash="10.00")
    till.deliver(order, {1: "1"})
    chosen = {"orders": [{"order": order, "deposit": "12.00"}]}
    assert refused(till, "sales.post_invoices", chosen) == [("SALES_DEPOSIT_EXCEEDED", "/orders/0/deposit")]
    (invoice,) = till.perform("sales.post_invoices", {"orders": [{"order": order, "deposit": "1.00"}]})["invoices"]
    assert invoice["due"] == "39.00"
    till.set_setting("sales.deposit_application", "all")
    other = till.two_lines()
    till.deposit(other, cash="50.00")
    till.deliver(other, {1: "1"})
    (invoice,) = till.invoice(other)
    assert (invoice["deposit"], invoice["due"]) == ("40.00", "0.00")
    assert_sound(till)


def test_the_oldest_deposit_goes_first(till):
    order = till.two_lines()
    first = till.deposit(order, cash="3.00")
    till.deposit(order, card="7.00")
    till.deliver(order, {1: "1"})
    till.invoice(order)
    shown = till.perform("sales.read_deposits", {"order": order})
    assert [(found["tender"], found["left"]) for found in shown["open"]] == [("card", "6.00")]
    assert till.perform("payments.read", {"payment": number_of(first)})["open"] == "0.00"


def test_a_credit_note_and_settlement_leave_deposits_alone(till):
    order = till.two_lines()
    till.deposit(order, cash="10.00")
    invoice = till.invoiced()
    assert refused(till, "ledger.settle", {"customer": "C0001"}) == [("LEDGER_NOTHING_TO_SETTLE", "/customer")]
    assert till.open_items("C0001")[invoice] == "100.00"
    assert refused(till, "payments.refund", {"customer": "C0001", "tender": "cash", "store": "S001", "amount": "1.00"}) == [
        ("PAYMENT_CREDIT_EXCEEDED", "/amount")
    ]
    back = till.order(line("LAMP", "-1"), customer="C0001")["number"]
    (note,) = till.invoice(back, quantity_basis="all")
    assert note["deposit"] == "0.00"


@pytest.mark.rule("CO-15", "CO-16")
def test_what_is_no_deposit(till):
    order = till.two_lines()

    def take(tender="cash", amount="1.00", order=order):
        return refused(till, "sales.take_deposit", {"order": order, "payments": [{"tender": tender, "amount": amount}]})

    assert take(amount="100.01") == [("SALES_DEPOSIT_TOO_LARGE", "/payments")]
    assert take(amount="0") == take(amount="-1.00") == [("PAYMENT_AMOUNT", "/payments/0/amount")]
    assert take(tender="customer_account") == [("CO_DEPOSIT_TENDER_NOT_ALLOWED", "/payments/0/tender")]
    assert take(tender="gold") == [("PAYMENT_TENDER_UNKNOWN", "/payments/0/tender")]
    assert take(order=till.order(line("CHAIR"))["number"]) == [("SALES_DEPOSIT_NEEDS_CUSTOMER", "/order")]
    till.deposit(order, cash="100.00")
    till.invoice(order, quantity_basis="all")
    assert [code for code, _ in take()] == ["STATE_FORBIDS"]
    assert_sound(till)


def test_the_last_invoice_leaves_no_deposit(till):
    order = till.two_lines()
    till.deposit(order, cash="10.00")
    till.deliver(order)
    lowered = {"orders": [{"order": order, "deposit": "9.00"}]}
    assert refused(till, "sales.post_invoices", lowered) == [("SALES_DEPOSIT_LEFT", "/order")]
    till.give_back(order, cash="1.00")
    (invoice,) = till.invoice(order)
    assert invoice["due"] == "91.00"
    assert_sound(till)


def test_a_deposit_goes_to_another_order(till):
    first, second = till.two_lines(), till.two_lines()
    till.deposit(first, cash="10.00")
    answer = till.perform("sales.transfer_deposit", {"order": first, "to_order": second, "amount": "4.00"})
    assert (answer["transferred"], answer["left"]) == ("4.00", "6.00")
    assert trial_balance(till)[PREPAY] == "-10.00"
    till.perform("sales.transfer_deposit", {"order": first, "to_order": second})
    assert till.perform("sales.read_deposits", {"order": second})["left"] == "10.00"
    till.perform("sales.cancel_order", {"order": first})
    stranger = till.order(line("CHAIR"), customer="C0002")["number"]
    wrong = {"order": second, "to_order": stranger}
    assert refused(till, "sales.transfer_deposit", wrong) == [("SALES_DEPOSIT_OTHER_PARTY", "/to_order")]
    back = till.give_back(second, cash="2.50")
    assert_voucher(till, number_of(back), [(PREPAY, "2.50", None), (CASH, None, "2.50")])
    (invoice,) = till.invoice(second, quantity_basis="all")
    assert (invoice["deposit"], invoice["due"]) == ("7.50", "92.50")
    assert_sound(till)


def test_a_forfeited_deposit_is_income(till):
    order = till.two_lines()
    till.deposit(order, cash="10.00")
    answer = till.perform("sales.forfeit_deposit", {"order": order, "amount": "4.00", "note": "Not picked up"})
    assert (answer["forfeited"], answer["left"]) == ("4.00", "6.00")
    balance = trial_balance(till)
    assert (balance[PREPAY], balance[FORFEITED]) == ("-6.00", "-4.00")
    assert refused(till, "sales.forfeit_deposit", {"order": order, "amount": "7.00"}) == [("SALES_DEPOSIT_EXCEEDED", "/amount")]
    assert_sound(till)


@pytest.mark.rule("CO-49")
def test_refunds_give_back_deposits_of_their_tender_first(till):
    order = till.two_lines()
    first = till.deposit(order, cash="6.00", card="4.00")
    back = till.give_back(order, card="4.00", cash="1.00")
    assert [(payment["tender"], payment["amount"]) for payment in back["payments"]] == [("card", "-4.00"), ("cash", "-1.00")]
    read = till.perform("payments.read", {"payment": number_of(back)})
    assert (read["gives_back"], read["type"]) == (number_of(first, 1), "deposit")
    wrong = {"order": order, "payments": [{"tender": "card", "amount": "1.00"}]}
    assert refused(till, "sales.refund_deposit", wrong) == [("CO_REFUND_TENDER_NOT_ALLOWED", "/payments/0/tender")]
    named = {"tender": "cash", "amount": "5.01", "gives_back": number_of(first)}
    assert refused(till, "sales.refund_deposit", {"order": order, "payments": [named]}) == [
        ("SALES_DEPOSIT_EXCEEDED", "/payments/0/amount")
    ]
    till.give_back(order, named | {"amount": "5.00"})
    assert till.perform("sales.read_deposits", {"order": order})["left"] == "0.00"
    assert_sound(till)


def test_a_plugin_decides_what_an_invoice_takes(open_till):
    from types import SimpleNamespace

    from kassa import Decision, hookimpl

    @hookimpl
    def register_decisions():
        return [Decision(name="bell.none", question="deposit_to_apply", answer=lambda order, facts, context, invoice: 150, summary="1.50")]

    till = open_till(bell=SimpleNamespace(register_decisions=register_decisions))
    order = till.two_lines()
    till.deposit(order, cash="10.00")
    till.deliver(order, {1: "1"})
    (invoice,) = till.invoice(order)
    assert invoice["deposit"] == "1.50"


def test_who_ends_an_order_sees_the_deposit_that_came_at_the_same_moment(till):
    """Eight deposits of 10.00 and one invoice over everything: whatever comes first, no deposit is left behind."""
    order = till.two_lines()
    till.deliver(order)
    begin, errors = threading.Barrier(9), []

    def act(operation, command):
        begin.wait()
        try:
            till.perform(operation, command)
        except KassaError as error:
            errors.append(error.code)

    deposit = ("sales.take_deposit", {"order": order, "payments": [{"tender": "cash", "amount": "10.00"}]})
    acts = [deposit] * 8 + [("sales.post_invoices", {"orders": [{"order": order}]})]
    threads = [threading.Thread(target=act, args=what) for what in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(errors) <= {"LOST_RACE", "STATE_FORBIDS"}
    shown = till.perform("sales.read_deposits", {"order": order})
    if shown["state"] == "invoiced":
        assert shown["left"] == "0.00"
    assert_sound(till)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.tuples(st.integers(1, 40), st.integers(1, 3)), min_size=1, max_size=4), deposit=st.integers(1, 3000))
def test_any_sequence_of_invoices_uses_the_deposit_up(till, parts, deposit):
    """Chalk at 0.99 plus tax, in any pieces: the sum of what was applied is the deposit, and every invoice is bounded."""
    total = sum(quantity for quantity, _ in parts)
    till.adjust({"CHALK": str(total)})
    order = till.order(*(line("CHALK", str(quantity)) for quantity, _ in parts), customer="C0001")
    most = int(order["total"].replace(".", ""))
    amount = min(deposit, most)
    till.deposit(order["number"], cash=f"{amount // 100}.{amount % 100:02d}")
    applied = 0
    for number, (quantity, pieces) in enumerate(parts, 1):
        for piece in range(min(pieces, quantity)):
            share = quantity // pieces if piece + 1 < min(pieces, quantity) else quantity - (quantity // pieces) * piece
            if share:
                till.deliver(order["number"], {number: str(share)})
                (invoice,) = till.invoice(order["number"])
                assert 0 <= Decimal(invoice["deposit"]) <= Decimal(invoice["total"])
                applied += int(invoice["deposit"].replace(".", ""))
    assert applied == amount
    shown = till.perform("sales.read_deposits", {"order": order["number"]})
    assert (shown["state"], shown["left"]) == ("invoiced", "0.00")
