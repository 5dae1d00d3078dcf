"""How far somebody may pay out: limits by role, beyond which another has to approve, and refunds of credit notes that name a sale."""

import pytest

from kassa.kernel.errors import OverrideRequired, Refused
from kassa.testing.builders import line
from kassa.testing.ledger import assert_sound, assert_voucher, trial_balance

AR, BANK = "1100 Trade receivables", "1003 Clearing bank transfer"


def limit(till, permission, role, amount):
    command = {"permission": permission, "role": role, "currency": "EUR", "level": "installation", "amount": amount}
    till.perform("limits.change", command)


def asked(till, operation, command, actor):
    """What has to be approved, as (code, amount, limit), and the token by which that is asked for."""
    with pytest.raises(OverrideRequired) as caught:
        till.perform(operation, command, actor=actor)
    return [(issue.code, issue.amount, issue.limit) for issue in caught.value.issues], caught.value.approval["token"]


def returned(*amounts, tender="cash", **more):
    payments = [{"tender": tender, "amount": f"-{amount}"} | more for amount in amounts]
    return {"store": "S001", "lines": [line("LAMP", "-1")], "payments": payments}


@pytest.mark.rule("CO-68")
def test_a_manager_allows_what_is_beyond_the_cashier(till):
    cashier, manager = till.add_worker("1042", "cashier"), till.add_worker("1001", "store_manager")
    limit(till, "payments.pay_out", "cashier", "60.00")
    small = {"store": "S001", "lines": [line("LAMP", "-1", unit_price="60.00")], "payments": [{"tender": "cash", "amount": "-60.00"}]}
    till.perform("sales.sell", small)
    issues, token = asked(till, "sales.sell", returned("100.00"), cashier)
    assert issues == [("PAYMENT_REFUND_LIMIT", "100.00", "60.00")]
    till.perform("approvals.approve", {"token": token}, actor=manager)
    assert till.perform("sales.sell", returned("100.00"), actor=cashier, approval=token)["total"] == "-100.00"
    assert_sound(till)


def test_two_payments_of_one_act_count_together(till):
    cashier = till.add_worker("1042", "cashier")
    limit(till, "payments.pay_out", "cashier", "60.00")
    issues, _ = asked(till, "sales.sell", returned("50.00", "50.00"), cashier)
    assert issues == [("PAYMENT_REFUND_LIMIT", "100.00", "60.00")]


def test_cash_for_what_was_not_paid_in_cash_has_a_limit_of_its_own(till):
    cashier = till.add_worker("1042", "cashier")
    limit(till, "payments.pay_out_cash", "cashier", "25.00")
    issues, _ = asked(till, "sales.sell", returned("100.00"), cashier)
    assert issues == [("PAYMENT_CASH_REFUND_LIMIT", "100.00", "25.00")]
    cash = till.sell(line("LAMP"), payments={"cash": "100.00"})["payments"][0]["number"]
    till.perform("sales.sell", returned("100.00", gives_back=cash), actor=cashier)
    till.perform("sales.sell", returned("100.00", tender="card"), actor=cashier)
    mixed = returned("100.00") | {"payments": [{"tender": "cash", "amount": "-25.00"}, {"tender": "card", "amount": "-75.00"}]}
    till.perform("sales.sell", mixed, actor=cashier)
    assert_sound(till)


def test_refunds_and_deposits_keep_the_same_limit(till):
    manager = till.add_worker("1001", "store_manager")
    limit(till, "payments.pay_out", "store_manager", "5.00")
    till.credit_note("90.00")
    wanted = {"customer": "C0001", "tender": "bank_transfer", "store": "S001"}
    assert asked(till, "payments.refund", wanted, manager)[0] == [("PAYMENT_REFUND_LIMIT", "90.00", "5.00")]
    order = till.two_lines()
    till.deposit(order, cash="10.00")
    back = {"order": order, "payments": [{"tender": "cash", "amount": "10.00"}]}
    assert asked(till, "sales.refund_deposit", back, manager)[0] == [("PAYMENT_REFUND_LIMIT", "10.00", "5.00")]
    cancel = {"order": order, "charges": [{"code": "other", "amount": "5.00"}], "refunds": [{"tender": "cash", "amount": "5.00"}]}
    assert till.perform("sales.cancel_order", cancel, actor=manager)["order"]["state"] == "cancelled"
    paid = till.pay("C0002", "50.00")["number"]
    till.perform("payments.void", {"payment": paid}, actor=manager)
    assert_sound(till)


def test_a_refund_for_the_run_is_approved_when_it_is_ordered(till):
    clerk, manager = till.add_worker("1042", "accountant"), till.add_worker("1001", "store_manager")
    limit(till, "payments.pay_out", "accountant", "5.00")
    till.credit_note("90.00")
    check = {"customer": "C0001", "tender": "check", "store": "S001"}
    issues, token = asked(till, "payments.refund", check, clerk)
    assert issues == [("PAYMENT_REFUND_LIMIT", "90.00", "5.00")]
    till.perform("approvals.approve", {"token": token}, actor=manager)
    assert till.perform("payments.refund", check, actor=clerk, approval=token)["state"] == "waiting"
    till.perform("payments.start_refund_run", {"tender": "check"}, actor=clerk)
    till.work()
    assert till.open_items("C0001") == {}
    assert_sound(till)


@pytest.mark.rule("INV-15")
@pytest.mark.parametrize("settlement, open_credit", [("none", "75.00"), ("oldest", None)])
def test_a_credit_note_of_a_sale_is_refunded_as_far_as_it_was_not_settled(till, settlement, open_credit):
    """A lamp of 100 is owed; a credit note of 75 stands alone, or against what is owed."""
    invoice = till.invoiced()
    back = [line("LAMP", "-0.750", source={"invoice": invoice, "line": 1})]
    order = till.order(*back, customer="C0001")["number"]
    command = {"orders": [{"order": order}], "quantity_basis": "all", "settlement": settlement}
    (note,) = till.perform("sales.post_invoices", command)["invoices"]
    assert (note["type"], note["total"]) == ("credit_note", "-75.00")
    wanted = {"customer": "C0001", "tender": "bank_transfer", "store": "S001", "credits": [note["number"]]}
    if open_credit is None:
        with pytest.raises(Refused) as refused:
            till.perform("payments.refund", wanted)
        assert [issue.code for issue in refused.value.issues] == ["PAYMENT_CREDIT_NOT_OPEN"]
        assert till.open_items("C0001") == {invoice: "25.00"}
    else:
        paid = till.perform("payments.refund", wanted)["payment"]
        assert_voucher(till, paid["number"], [(AR, open_credit, None), (BANK, None, open_credit)])
        assert till.open_items("C0001") == {invoice: "100.00"}
    assert_sound(till)


def test_a_correction_pays_out_what_its_sale_took(till):
    """A sale and its return as Storno come to nothing, on each account."""
    till.set_setting("sales.credit_note_as_correction", "true")
    before = trial_balance(till)
    sale = till.sell(line("LAMP"), payments={"cash": "100.00"})
    back = {"tender": "cash", "amount": "-100.00", "gives_back": sale["payments"][0]["number"]}
    lines = [line("LAMP", "-1", source={"invoice": sale["invoice"], "line": 1})]
    till.perform("sales.sell", {"store": "S001", "lines": lines, "payments": [back]})
    assert trial_balance(till) == before
    assert till.rows("SELECT captured, refunded FROM payments_capture") == [(10_000, 10_000)]
    assert_sound(till)
