"""Journals, reversals and the close of a year."""

import pytest

from kassa.kernel.errors import NotFound, NotPermitted, Refused
from kassa.testing.builders import Shop, line
from kassa.testing.ledger import assert_sound, assert_voucher, trial_balance

RENT = [{"account": "5100", "amount": "125.00", "text": "Rent"}, {"account": "3000", "amount": "-125.00"}]


def post(shop: Shop, lines=RENT, **more):
    return shop.perform("ledger.post_journal", {"description": "Rent", "lines": list(lines), **more})


def codes(refused) -> list[tuple[str, str]]:
    return [(issue.code, issue.pointer) for issue in refused.value.issues]


def test_a_journal_books_its_lines(shop: Shop):
    view = post(shop, date="2026-11-03")
    assert (view["number"], view["amount"], view["date"], view["currency"]) == ("JRN-office-000001", "125.00", "2026-11-03", "EUR")
    assert_voucher(shop, view["number"], [("5100 Stock gains and losses", "125.00", None), ("3000 Opening balance", None, "125.00")])
    assert_sound(shop)


def test_what_a_journal_may_not_book(shop: Shop):
    before = trial_balance(shop)
    with pytest.raises(Refused) as refused:
        post(shop, [{"account": "1100", "amount": "1.00"}, {"account": "1300", "amount": "-1.001"}, {"account": "9999", "amount": "1"}])
    assert codes(refused) == [
        ("LEDGER_ACCOUNT_CONTROLLED", "/lines/0/account"),
        ("LEDGER_ACCOUNT_CONTROLLED", "/lines/1/account"),
        ("LEDGER_JOURNAL_LINE", "/lines/1/amount"),
        ("LEDGER_ACCOUNT_UNKNOWN", "/lines/2/account"),
    ]
    with pytest.raises(Refused) as refused:
        post(shop, [*RENT, {"account": "5100", "amount": "0"}, {"account": "5100", "amount": "0.01"}])
    assert codes(refused) == [("LEDGER_JOURNAL_LINE", "/lines/2/amount"), ("LEDGER_JOURNAL_UNBALANCED", "/lines")]
    shop.set_period("2026-11-01", "closed")
    with pytest.raises(Refused) as refused:
        post(shop, date="2026-11-03")
    assert codes(refused) == [("INV_PERIOD_CLOSED", "/date")]
    with pytest.raises(NotPermitted):
        shop.perform("ledger.post_journal", {"description": "Rent", "lines": RENT}, actor=shop.actor("store_manager"))
    assert trial_balance(shop) == before


@pytest.mark.parametrize("correction", [False, True])
def test_a_reversal_takes_back_a_voucher(shop: Shop, correction: bool):
    before = trial_balance(shop)
    number = post(shop)["number"]
    reversal = shop.perform("ledger.reverse_voucher", {"voucher": number, "description": "Twice", "correction": correction})
    expected = [("5100 Stock gains and losses", "-125.00", None), ("3000 Opening balance", None, "-125.00")]
    turned = [("5100 Stock gains and losses", None, "125.00"), ("3000 Opening balance", "125.00", None)]
    assert_voucher(shop, reversal["number"], expected if correction else turned)
    assert trial_balance(shop) == before
    with pytest.raises(Refused) as refused:
        shop.perform("ledger.reverse_voucher", {"voucher": number, "description": "Again"})
    assert codes(refused) == [("LEDGER_NOT_REVERSIBLE", "/voucher")]
    assert_sound(shop)


def test_what_did_more_than_book_is_not_reversed(shop: Shop):
    sale = shop.sell(line("LAMP"), payments={"cash": "100.00"})
    for number in (sale["invoice"], sale["payments"][0]["number"]):
        with pytest.raises(Refused) as refused:
            shop.perform("ledger.reverse_voucher", {"voucher": number, "description": "No"})
        assert codes(refused) == [("LEDGER_NOT_REVERSIBLE", "/voucher")]
    with pytest.raises(NotFound):
        shop.perform("ledger.reverse_voucher", {"voucher": "JRN-office-000099", "description": "No"})


def close_months(shop: Shop, year: int, last: int = 11) -> None:
    for month in range(1, last + 1):
        shop.set_period(f"{year}-{month:02d}-01", "closed")


def test_a_year_is_closed_into_equity(shop: Shop):
    shop.sell(line("LAMP"), payments={"cash": "100.00"})
    post(shop)
    year = {"first_date": "2026-01-01", "last_date": "2026-12-31"}
    with pytest.raises(Refused) as refused:
        shop.perform("ledger.close_year", year)
    assert {code for code, _ in codes(refused)} == {"LEDGER_YEAR_OPEN"}
    close_months(shop, 2026)
    before = trial_balance(shop, "2026-12-31")
    closed = shop.perform("ledger.close_year", year)
    assert (closed["type"], closed["date"]) == ("year_end", "2026-12-31")
    after = trial_balance(shop, "2026-12-31")
    assert not [account for account in after if account[0] in "45"], "revenue and expenses begin at 0"
    assert after["3100 Retained earnings"] == "85.00", "100.00 less cost of 60.00 and rent of 125.00 is a loss"
    assert {account: after[account] for account in after if account != "3100 Retained earnings"}.items() <= before.items()
    without = shop.perform("ledger.read_trial_balance", {"date": "2026-12-31", "before_closing": True})
    assert {f"{row['account']} {row['account_name']}": row["balance"] for row in without["accounts"] if row["balance"] != "0.00"} == before
    with pytest.raises(Refused) as refused:
        shop.perform("ledger.close_year", year)
    assert codes(refused) == [("LEDGER_NOTHING_TO_CLOSE", "/last_date")]
    post(shop, [{"account": "5100", "amount": "1.00"}, {"account": "3000", "amount": "-1.00"}], date="2026-12-31")
    assert shop.perform("ledger.close_year", year)["amount"] == "1.00", "only what was booked since"
    assert_sound(shop)


def test_a_year_begins_and_ends_with_a_period(shop: Shop):
    for first, last in (("2026-01-02", "2026-12-31"), ("2026-01-01", "2026-12-30"), ("2031-01-01", "2031-12-31")):
        with pytest.raises(Refused) as refused:
            shop.perform("ledger.close_year", {"first_date": first, "last_date": last})
        assert codes(refused) == [("LEDGER_YEARS", "/first_date")]
