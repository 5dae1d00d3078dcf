"""Several at once: nothing is paid, moved or undone twice, and nobody is paid while somebody holds the money back."""

import threading
from collections.abc import Callable

import pytest

from kassa.kernel.errors import Conflict, KassaError, Refused
from kassa.testing.builders import Shop
from kassa.testing.ledger import assert_sound


def together(*acts: Callable[[], object]) -> tuple[list[object], list[KassaError]]:
    """Do things at the same moment; what was done, and what was refused."""
    done: list[object] = []
    refused: list[KassaError] = []
    begin = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        begin.wait()
        try:
            done.append(act())
        except (Refused, Conflict) as error:
            refused.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done, refused


def test_two_runs_at_once_pay_once(owing: Shop):
    for _ in range(3):
        owing.vendor_invoice("V1", "10.00", due_date="2026-12-01")
    command = {"bank_account": "MAIN", "due_until": "2026-12-31"}
    done, refused = together(*[lambda: owing.perform("payables.pay_vendors", command)] * 4)
    assert (len(done), len(refused)) == (1, 3)
    assert owing.vendor_items("V1") == {}
    assert_sound(owing)


def test_a_payment_is_undone_and_reversed_once(owing: Shop):
    invoice = owing.vendor_invoice("V1", "10.00")
    number = owing.perform("payables.pay_vendor", {"vendor": "V1", "bank_account": "MAIN", "amount": "10.00"})["number"]
    done, _ = together(*[lambda: owing.perform("ledger.undo_settlement", {"document": number})] * 3)
    assert len(done) == 1
    done, _ = together(*[lambda: owing.perform("ledger.reverse_voucher", {"voucher": invoice, "description": "x"})] * 3)
    assert len(done) == 1
    assert owing.vendor_items("V1") == {number: "10.00"}
    assert_sound(owing)


def test_a_credit_is_moved_once(owing: Shop):
    credit = owing.pay("C0001", "90.00")["number"]
    command = {"customer": "C0001", "vendor": "V1", "items": [{"item": credit}]}
    done, refused = together(*[lambda: owing.perform("payables.transfer_balance", command)] * 4)
    assert (len(done), len(refused)) == (1, 3)
    assert list(owing.vendor_items("V1").values()) == ["-90.00"]
    assert_sound(owing)


@pytest.mark.parametrize("order", [0, 1])
def test_who_is_held_in_the_same_moment_is_not_paid_behind_it(owing: Shop, order: int):
    owing.vendor_invoice("V1", "10.00", due_date="2026-12-01")
    acts = [
        lambda: owing.perform("parties.change_vendor", {"vendor": "V1", "on_hold": "payment"}),
        lambda: owing.perform("payables.pay_vendors", {"bank_account": "MAIN", "due_until": "2026-12-31"}),
    ]
    together(*(acts if order else acts[::-1]))
    assert owing.perform("parties.read_vendor", {"vendor": "V1"})["on_hold"] == "payment"
    paid = owing.perform("payables.list_vendor_payments", {})["items"]
    assert (owing.vendor_items("V1") == {}) is bool(paid)
    assert_sound(owing)


def test_the_same_foreign_item_in_parts_at_once(owing: Shop):
    """Each part books its share of the item's value, so both must not be planned on the same state of it."""
    for date, rate in (("2026-01-01", "0.333333333"), ("2026-11-20", "0.777777777")):
        owing.perform("ledger.enter_exchange_rate", {"currency": "USD", "from_date": date, "rate": rate})
    owing.perform("payables.create_bank_account", {"code": "DOLLARS", "name": "Dollars", "iban": "NL91ABNA0417164300", "currency": "USD"})
    owing.vendor_invoice("V1", "10.01", currency="USD", date="2026-11-02")
    command = {"vendor": "V1", "bank_account": "DOLLARS", "amount": "3.33"}
    done, refused = together(*[lambda: owing.perform("payables.pay_vendor", command)] * 3)
    assert len(done) + len(refused) == 3
    assert done
    assert_sound(owing)
