"""Currencies of ISO 4217, money, and decimal amounts that become minor units."""

from decimal import ROUND_DOWN, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kassa.kernel.values import MAX_MINOR, DecimalTextError, Money, currency, format_minor, minor_of

PROPERTY = settings(deadline=None, max_examples=300)


@pytest.mark.parametrize("code, exponent", [("EUR", 2), ("JPY", 0), ("IQD", 3), ("CLF", 4), ("HUF", 2)])
def test_currencies_have_the_exponent_of_iso_4217(code, exponent):
    assert currency(code).code == code
    assert currency(code).exponent == exponent
    assert currency(code) is currency(code)


@pytest.mark.parametrize("code", ["XAU", "XDR", "XXX"])
def test_currencies_without_a_minor_unit_are_refused(code):
    with pytest.raises(ValueError, match=rf'"{code}" .* has no minor unit'):
        currency(code)


@pytest.mark.parametrize("code", ["", "eur", "EURO", "ZZZ", "E R"])
def test_unknown_currencies_are_refused(code):
    with pytest.raises(ValueError, match="unknown currency"):
        currency(code)


def test_money_is_read_and_written_with_the_digits_of_its_currency():
    assert Money.parse("12.34", "EUR") == Money(minor=1234, currency="EUR")
    assert str(Money.parse("12.3", "EUR")) == "12.30 EUR"
    assert str(Money(minor=-1234, currency="JPY")) == "-1234 JPY"
    assert str(Money(minor=5, currency="IQD")) == "0.005 IQD"
    assert format_minor(1250, "EUR") == "12.50"
    with pytest.raises(DecimalTextError, match="at most 0 digits"):
        Money.parse("1.5", "JPY")
    with pytest.raises(DecimalTextError, match="between"):
        Money.parse("10000000000.01", "EUR")


def test_money_of_one_currency_adds_and_compares():
    one, two = Money(minor=100, currency="EUR"), Money(minor=250, currency="EUR")
    assert one + two == Money(minor=350, currency="EUR")
    assert one - two == Money(minor=-150, currency="EUR") == -(two - one)
    assert one * 3 == 3 * one == Money(minor=300, currency="EUR")
    assert one < two
    assert two > one
    assert one <= one
    assert two >= one
    assert sorted([two, one]) == [one, two]
    assert not Money(minor=0, currency="EUR")
    assert len({one, Money(minor=100, currency="EUR")}) == 1


@pytest.mark.parametrize(
    "act",
    [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a < b,
        lambda a, b: a <= b,
        lambda a, b: a > b,
        lambda a, b: a >= b,
    ],
)
def test_mixing_currencies_names_both(act):
    euro, yen = Money(minor=100, currency="EUR"), Money(minor=100, currency="JPY")
    with pytest.raises(TypeError, match="EUR and JPY"):
        act(euro, yen)
    with pytest.raises(TypeError, match="EUR and int"):
        act(euro, 5)
    assert euro != yen


@pytest.mark.parametrize("factor", [1.5, Decimal(2), True, "2"])
def test_money_is_multiplied_by_whole_numbers_only(factor):
    with pytest.raises(TypeError, match="multiplied by an int"):
        Money(minor=100, currency="EUR") * factor


def test_decimal_amounts_become_minor_units_only_if_they_fit():
    assert minor_of(Decimal("12.5"), "EUR") == 1250
    assert minor_of(Decimal("12.500000"), "EUR") == 1250
    assert minor_of(Decimal("-100"), "JPY") == -100
    assert minor_of(Decimal("1E+2"), "EUR") == 10_000
    assert minor_of(Decimal("-0"), "EUR") == 0
    for amount in ("12.345", "1E-30", "0.001"):
        with pytest.raises(DecimalTextError, match="at most 2 digits"):
            minor_of(Decimal(amount), "EUR")
    for amount in ("NaN", "Infinity", "1E+1000000", "1E-1000000", "10000000000.01"):
        with pytest.raises(DecimalTextError):
            minor_of(Decimal(amount), "EUR")


@PROPERTY
@given(st.integers(-MAX_MINOR, MAX_MINOR), st.sampled_from(["EUR", "JPY", "IQD", "CLF"]))
def test_minor_units_survive_the_way_through_decimals(minor, code):
    amount = Decimal(format_minor(minor, code))
    assert minor_of(amount, code) == minor
    assert amount.quantize(Decimal(1), rounding=ROUND_DOWN) == int(amount)
