"""Refunds: bounded by the open credit and by the payment that is given back, paid as the tender says, and voids of the day."""

import threading

import pytest

from kassa.kernel.errors import KassaError, NotFound, NotPermitted, Refused
from kassa.testing.builders import line
from kassa.testing.ledger import assert_sound, assert_voucher, has_voucher, trial_balance

AR, CASH, CARD, BANK = "1100 Trade receivables", "1001 Clearing cash", "1002 Clearing card", "1003 Clearing bank transfer"
CHECK, PREPAY = "1005 Clearing check", "2300 Customer prepayments"


def refused(till, operation, command, **more):
    with pytest.raises(Refused) as caught:
        till.perform(operation, command, **more)
    return [(issue.code, issue.pointer) for issue in caught.value.issues]


def ask(tender, **more):
    return {"customer": "C0001", "tender": tender, "store": "S001", **more}


@pytest.mark.rule("INV-14")
def test_a_refund_pays_out_what_is_open(till):
    note = till.credit_note("90.00")
    answer = till.refund("bank_transfer")
    assert (answer["state"], answer["amount"]) == ("paid", "90.00")
    payment = answer["payment"]
    assert (payment["amount"], payment["open"], payment["settled"]) == ("-90.00", "0.00", [{"document": note, "amount": "90.00"}])
    assert_voucher(till, payment["number"], [(AR, "90.00", None), (BANK, None, "90.00")])
    assert till.open_items("C0001") == {}
    assert till.perform("payments.read", {"payment": payment["number"]})["open"] == "0.00"
    assert refused(till, "payments.refund", ask("bank_transfer")) == [("PAYMENT_CREDIT_EXCEEDED", "/amount")]
    assert_sound(till)


def test_credits_are_paid_out_oldest_first_or_as_named(till):
    first, second = till.credit_note("50.00"), till.credit_note("30.00")
    till.refund("cash", amount="10.00", credits=[second])
    assert till.open_items("C0001") == {first: "-50.00", second: "-20.00"}
    till.refund("cash", amount="60.00")
    assert till.open_items("C0001") == {second: "-10.00"}
    assert refused(till, "payments.refund", ask("cash", amount="10.01")) == [("PAYMENT_CREDIT_EXCEEDED", "/amount")]
    assert refused(till, "payments.refund", ask("cash", credits=[first])) == [("PAYMENT_CREDIT_NOT_OPEN", "/credits/0")]
    assert refused(till, "payments.refund", ask("gold")) == [("PAYMENT_TENDER_UNKNOWN", "/tender")]
    assert refused(till, "payments.refund", ask("cash", amount="-1.00")) == [("PAYMENT_AMOUNT", "/amount")]
    assert_sound(till)


@pytest.mark.rule("INV-16")
def test_a_refund_in_advance_needs_the_setting(till):
    advance = ask("cash", amount="40.00", advance=True)
    assert refused(till, "payments.refund", advance | {"advance": False}) == [("PAYMENT_CREDIT_EXCEEDED", "/amount")]
    assert refused(till, "payments.refund", advance) == [("PAYMENT_ADVANCE_CREDIT_OFF", "/advance")]
    till.set_setting("payments.advance_credit", "true")
    assert refused(till, "payments.refund", advance | {"advance": False}) == [("PAYMENT_CREDIT_EXCEEDED", "/amount")]
    paid = till.perform("payments.refund", advance)["payment"]["number"]
    assert till.open_items("C0001") == {paid: "40.00"}
    till.credit_note("40.00")
    till.perform("ledger.settle", {"customer": "C0001"})
    assert till.open_items("C0001") == {}
    assert_sound(till)


@pytest.mark.rule("INV-17")
def test_the_tender_decides_what_a_refund_does(till):
    """Cash pays at once; a check is paid by the run; the account does nothing at all."""
    note = till.credit_note("90.00")
    stays = till.refund("customer_account", amount="20.00")
    assert (stays["state"], stays["payment"], stays["amount"]) == ("on_account", None, "20.00")
    assert till.open_items("C0001") == {note: "-90.00"}
    cash = till.refund("cash", amount="20.00")
    assert_voucher(till, cash["payment"]["number"], [(AR, "20.00", None), (CASH, None, "20.00")])
    later = till.refund("check", amount="30.00")
    assert (later["state"], later["payment"]) == ("waiting", None)
    assert not has_voucher(till, later["refund"])
    assert till.open_items("C0001") == {note: "-70.00"}
    till.perform("payments.start_refund_run", {"tender": "check"})
    till.work()
    assert till.open_items("C0001") == {note: "-40.00"}
    balance = trial_balance(till)
    assert (balance[CASH], balance[CHECK], balance[AR]) == ("-20.00", "-30.00", "-40.00")
    assert_sound(till)


@pytest.mark.rule("INV-17")
def test_a_gift_card_gets_its_refund_with_the_voucher(open_till, load_probe):
    till = open_till(gift=load_probe("gift"))
    sale = till.sell(line("LAMP"), customer="C0001", payments={"gift_card": "100.00"})
    till.credit_note("60.00")
    paid = sale["payments"][0]["number"]
    wrong = ask("cash", payment=paid)
    assert refused(till, "payments.refund", wrong) == [("CO_REFUND_TENDER_NOT_ALLOWED", "/tender")]
    back = till.refund("gift_card", payment=paid)["payment"]
    assert_voucher(till, back["number"], [(AR, "60.00", None), ("2350 Gift card", None, "60.00")])
    assert till.rows("SELECT amount FROM gift_movement ORDER BY document_id") == [(-10_000,), (6_000,)]
    dear = {"store": "S001", "lines": [line("LAMP", "2")], "payments": [{"tender": "gift_card", "amount": "200.00"}]}
    assert refused(till, "sales.sell", dear) == [("PAYMENT_TENDER_AMOUNT", "/payments")]
    yen = {"store": "S001", "lines": [line("LAMP")], "payments": [{"tender": "gift_yen", "amount": "100.00"}]}
    assert refused(till, "sales.sell", yen) == [("PAYMENT_CURRENCY", "/payments")]
    assert_sound(till)


def test_a_run_pays_no_credit_twice_and_says_what_is_left(till):
    till.credit_note("50.00")
    first = till.refund("bank_transfer", amount="40.00", when="run")
    second = till.refund("bank_transfer", amount="30.00", when="run")
    third = till.refund("check", amount="10.00")
    till.perform("payments.cancel_refund", {"refund": third["refund"]})
    job = till.perform("payments.start_refund_run", {})
    assert job["total"] == 2
    till.work()
    detail = till.perform("jobs.read", {"job": job["id"]})
    assert detail["results"] == {"done": 1, "skipped": 1}
    assert [(found["item"], found["code"]) for found in detail["errors"]] == [(second["refund"], "PAYMENT_CREDIT_EXCEEDED")]
    states = dict(till.rows("SELECT id, state FROM kernel_document WHERE kind = 'refund_order'"))
    assert states == {first["refund"]: "paid", second["refund"]: "waiting", third["refund"]: "cancelled"}
    assert trial_balance(till)[BANK] == "-40.00"
    till.credit_note("20.00")
    till.perform("payments.start_refund_run", {})
    till.work()
    assert till.open_items("C0001") == {}
    with pytest.raises(Refused, match="needs waiting"):
        till.perform("payments.cancel_refund", {"refund": second["refund"]})
    assert_sound(till)


@pytest.mark.rule("CO-69")
def test_no_more_is_given_back_than_a_payment_took(till):
    till.invoiced()
    paid = till.pay("C0001", "60.00", tender="card")["number"]
    till.credit_note("100.00")
    first = till.refund("card", payment=paid, amount="40.00")["payment"]
    assert first["gives_back"] == paid
    assert refused(till, "payments.refund", ask("card", payment=paid, amount="20.01")) == [("PAYMENT_REFUND_EXCEEDS", "/amount")]
    till.refund("card", payment=paid, amount="20.00")
    assert refused(till, "payments.refund", ask("card", payment=paid, amount="0.01")) == [("PAYMENT_REFUND_EXCEEDS", "/amount")]
    assert till.rows("SELECT captured, refunded FROM payments_capture") == [(6_000, 6_000)]
    other = till.pay("C0002", "5.00")["number"]
    assert refused(till, "payments.refund", ask("cash", payment=other)) == [("PAYMENT_NOT_OF_CUSTOMER", "/payment")]
    assert_sound(till)


@pytest.mark.rule("CO-68")
def test_what_was_paid_by_card_goes_back_to_the_card_or_as_cash(till):
    till.invoiced()
    paid = till.pay("C0001", "100.00", tender="card")["number"]
    till.credit_note("100.00")
    wrong = ask("bank_transfer", payment=paid, amount="10.00")
    with pytest.raises(Refused) as caught:
        till.perform("payments.refund", wrong)
    assert caught.value.issues[0].expected == {"tenders": "card, cash, customer_account"}
    till.refund("cash", payment=paid, amount="25.00")
    till.refund("card", payment=paid, amount="75.00")
    cash = till.sell(line("LAMP"), payments={"cash": "100.00"})["payments"][0]["number"]
    back = till.perform(
        "sales.sell",
        {"store": "S001", "lines": [line("LAMP", "-1")], "payments": [{"tender": "cash", "amount": "-100.00", "gives_back": cash}]},
    )
    assert back["type"] == "credit_note"
    assert_sound(till)


def test_sixteen_refunds_of_one_payment_never_exceed_it(till):
    till.invoiced()
    paid = till.pay("C0001", "100.00", tender="card")["number"]
    for _ in range(3):
        till.credit_note("100.00")
    begin, done, codes = threading.Barrier(16), [], []

    def act():
        begin.wait()
        try:
            done.append(till.refund("card", payment=paid, amount="30.00"))
        except KassaError as error:
            codes.append(error.code)

    threads = [threading.Thread(target=act) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= len(done) <= 3
    assert set(codes) <= {"PAYMENT_REFUND_EXCEEDS", "LOST_RACE", "KEY_TAKEN"}
    while len(done) < 3:
        done.append(till.refund("card", payment=paid, amount="30.00"))
    assert till.rows("SELECT captured, refunded FROM payments_capture") == [(10_000, 9_000)]
    assert refused(till, "payments.refund", ask("card", payment=paid, amount="30.00")) == [("PAYMENT_REFUND_EXCEEDS", "/amount")]
    assert_sound(till)


def test_a_payment_of_the_day_is_voided(till, clock):
    invoice = till.invoiced()
    paid = till.pay("C0001", "130.00", tender="card")["number"]
    void = till.perform("payments.void", {"payment": paid, "reference": "Wrong tender"})
    assert (void["amount"], void["voids"]) == ("-130.00", paid)
    assert_voucher(till, void["number"], [(AR, "130.00", None), (CARD, None, "130.00")])
    assert till.open_items("C0001") == {void["number"]: "100.00"}
    assert till.perform("payments.read", {"payment": void["number"]})["voids"] == paid
    assert refused(till, "payments.void", {"payment": paid}) == [("PAYMENT_VOIDED", "/payment")]
    assert refused(till, "payments.void", {"payment": void["number"]}) == [("PAYMENT_VOID_OF_VOID", "/payment")]
    again = till.pay("C0001", "100.00", tender="cash")
    assert again["settled"][0]["document"] == void["number"]
    clock.advance(days=1)
    assert refused(till, "payments.void", {"payment": again["number"]}) == [("PAYMENT_NOT_OF_TODAY", "/payment")]
    assert invoice not in till.open_items("C0001")
    assert_sound(till)


def test_deposits_and_refunds_are_voided_too(till):
    order = till.two_lines()
    paid = till.deposit(order, cash="10.00")["payments"][0]["number"]
    back = till.give_back(order, cash="4.00")["payments"][0]["number"]
    both = [("SALES_DEPOSIT_EXCEEDED", "/amount"), ("PAYMENT_REFUND_EXCEEDS", "/amount")]
    assert refused(till, "payments.void", {"payment": paid}) == both, "4.00 of it was given back"
    void = till.perform("payments.void", {"payment": back})
    assert_voucher(till, void["number"], [(CASH, "4.00", None), (PREPAY, None, "4.00")])
    assert till.perform("sales.read_deposits", {"order": order})["left"] == "10.00"
    till.perform("payments.void", {"payment": paid})
    shown = till.perform("sales.read_deposits", {"order": order})
    assert (shown["paid"], shown["refunded"], shown["left"]) == ("14.00", "14.00", "0.00")
    assert not set(trial_balance(till)) & {CASH, PREPAY, AR}
    assert_sound(till)


def test_a_void_of_a_refund_frees_what_it_took(till):
    till.invoiced()
    paid = till.pay("C0001", "60.00", tender="card")["number"]
    till.credit_note("100.00")
    back = till.refund("card", payment=paid, amount="60.00")["payment"]["number"]
    till.perform("payments.void", {"payment": back})
    assert till.rows(
        "SELECT refunded FROM payments_capture c JOIN kernel_document_key k ON k.document_id = c.payment_id WHERE k.value = ?", paid
    ) == [(0,)]
    till.refund("card", payment=paid, amount="60.00")
    assert_sound(till)


def test_who_may_give_back(till):
    till.credit_note("10.00")
    cashier, manager = till.add_worker("W1", "cashier"), till.add_worker("W2", "store_manager")
    with pytest.raises(NotPermitted):
        till.perform("payments.refund", ask("cash"), actor=cashier)
    till.perform("payments.refund", ask("cash"), actor=manager)
    with pytest.raises(NotFound):
        till.perform("payments.void", {"payment": "PAY-S001-000099"}, actor=manager)
    assert_sound(till)
