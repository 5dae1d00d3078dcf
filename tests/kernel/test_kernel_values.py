"""Identifiers, decimal text, rounding and allocation."""

import subprocess
import sys
import threading
import uuid
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kassa.kernel import values
from kassa.kernel.values import (
    MAX_MINOR,
    MAX_QUANTITY,
    DecimalTextError,
    allocate,
    format_scaled,
    line_amount,
    new_id,
    parse_scaled,
    percent_of,
    round_half_up,
    share,
)

PROPERTY = settings(deadline=None, max_examples=300)
amounts = st.integers(min_value=-(10**15), max_value=10**15)


def test_identifier_is_a_canonical_uuid_of_version_7():
    made = uuid.UUID(new_id())
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert str(made) == str(made).lower()


def test_identifier_begins_with_the_milliseconds_it_was_made_in(monkeypatch):
    source = values._IdentifierSource()
    monkeypatch.setattr(values, "unix_milliseconds", lambda: 0x0192_ABCD_1234)
    assert source.make().startswith("0192abcd-1234-7")


def test_identifiers_ascend_as_text():
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_identifiers_ascend_although_the_clock_is_put_back(monkeypatch):
    source = values._IdentifierSource()
    times = iter([5000, 4000, 4001, 5000, 5001])
    monkeypatch.setattr(values, "unix_milliseconds", lambda: next(times))
    made = [source.make() for _ in range(5)]
    assert made == sorted(made)
    assert [text[:13] for text in made] == ["00000000-1388"] * 4 + ["00000000-1389"]


def test_identifiers_ascend_when_the_counter_of_a_millisecond_is_used_up(monkeypatch):
    source = values._IdentifierSource()
    monkeypatch.setattr(values, "unix_milliseconds", lambda: 5000)
    first = source.make()
    source._counter = values._COUNTER_LIMIT - 2
    last, next_millisecond = source.make(), source.make()
    assert first < last < next_millisecond
    assert last.startswith("00000000-1388-7fff-bfff-")
    assert next_millisecond.startswith("00000000-1389-7")


def test_identifiers_of_many_threads_are_unique_and_ascend_in_each():
    made: list[list[str]] = [[] for _ in range(8)]

    def work(own: list[str]) -> None:
        own.extend(new_id() for _ in range(3000))

    threads = [threading.Thread(target=work, args=(own,)) for own in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everything = [text for own in made for text in own]
    assert len(set(everything)) == 24_000
    assert all(own == sorted(own) for own in made)


def test_forked_child_does_not_repeat_the_random_bits_of_its_parent():
    script = """
import os, sys
from kassa.kernel.values import new_id
new_id()
out, into = os.pipe()
child = os.fork()
if child == 0:
    os.write(into, " ".join(new_id()[-12:] for _ in range(50)).encode())
    os._exit(0)
os.waitpid(child, 0)
theirs = set(os.read(out, 4096).decode().split())
mine = {new_id()[-12:] for _ in range(50)}
assert len(theirs) == 50 and not theirs & mine
"""
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize(
    "text, places, expected",
    [
        ("0", 3, 0),
        ("-0", 3, 0),
        ("-0.000", 3, 0),
        ("12", 3, 12_000),
        ("12.5", 3, 12_500),
        ("-0.001", 3, -1),
        ("007.50", 2, 750),
        ("1", 0, 1),
        ("1000000000", 3, MAX_QUANTITY),
        ("-1000000000.000", 3, -MAX_QUANTITY),
    ],
)
def test_decimal_text_is_read_exactly(text, places, expected):
    assert parse_scaled(text, places, maximum=MAX_QUANTITY) == expected


@pytest.mark.parametrize(
    "text",
    ["", " ", "1 ", " 1", "+1", "1.", ".5", "-", "--1", "1,5", "1.2.3", "1e3", "1E-3", "NaN", "nan", "Infinity", "-inf", "0x10", "1_000",
     "１２", "٣", "1\n", "1\x00", "½", "1" * 41, "0" * 1_000_000, "1e1000000"],
)  # fmt: skip
def test_text_that_is_no_plain_decimal_is_refused(text):
    with pytest.raises(DecimalTextError, match="expected a decimal number") as caught:
        parse_scaled(text, 3, maximum=MAX_QUANTITY)
    assert caught.value.reason == "grammar"
    assert len(str(caught.value)) < 200


def test_more_digits_than_places_are_refused_and_never_cut_off():
    with pytest.raises(DecimalTextError, match=r"at most 3 digits after the point, got 4") as caught:
        parse_scaled("1.0000", 3, maximum=MAX_QUANTITY)
    assert caught.value.reason == "places"
    with pytest.raises(DecimalTextError, match="at most 0 digits"):
        parse_scaled("1.0", 0, maximum=10)


@pytest.mark.parametrize("text", ["1000000000.001", "-1000000000.001", "9" * 30])
def test_numbers_beyond_the_bound_are_refused_naming_it(text):
    with pytest.raises(DecimalTextError, match="between -1000000000 and 1000000000") as caught:
        parse_scaled(text, 3, maximum=MAX_QUANTITY)
    assert caught.value.reason == "range"


@pytest.mark.parametrize(
    "value, places, trim, text",
    [
        (1250, 2, False, "12.50"),
        (1250, 2, True, "12.5"),
        (2000, 3, True, "2"),
        (2000, 3, False, "2.000"),
        (-5, 2, False, "-0.05"),
        (-5, 3, True, "-0.005"),
        (0, 2, False, "0.00"),
        (0, 2, True, "0"),
        (-1250, 0, False, "-1250"),
        (7, 0, True, "7"),
    ],
)
def test_scaled_numbers_are_written_with_all_or_only_the_needed_digits(value, places, trim, text):
    assert format_scaled(value, places, trim=trim) == text


@PROPERTY
@given(amounts, st.integers(0, 9), st.booleans())
def test_written_numbers_are_read_back_as_they_were(value, places, trim):
    text = format_scaled(value, places, trim=trim)
    assert parse_scaled(text, places, maximum=10**15) == value
    assert Decimal(text) == Decimal(value).scaleb(-places)


@PROPERTY
@given(st.text(alphabet="0123456789.-+e_ ", max_size=45), st.integers(0, 6))
def test_whatever_is_read_agrees_with_exact_decimals(text, places):
    try:
        value = parse_scaled(text, places, maximum=10**18)
    except DecimalTextError:
        return
    assert Fraction(text) == Fraction(value, 10**places)
    assert set(text) <= set("0123456789.-")


@PROPERTY
@given(amounts, st.integers(-(10**9), 10**9).filter(bool))
def test_rounding_takes_halves_away_from_zero(numerator, denominator):
    exact = Fraction(numerator, denominator)
    rounded = round_half_up(numerator, denominator)
    assert abs(rounded - exact) <= Fraction(1, 2)
    if abs(rounded - exact) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)
    assert round_half_up(-numerator, denominator) == -rounded


def test_rounding_of_halves_by_example():
    assert [round_half_up(n, 2) for n in (-3, -2, -1, 0, 1, 2, 3)] == [-2, -1, -1, 0, 1, 1, 2]
    with pytest.raises(ZeroDivisionError):
        round_half_up(1, 0)


@PROPERTY
@given(amounts, st.lists(st.integers(1, 10**6), min_size=1, max_size=12))
def test_shares_of_any_sequence_of_parts_end_on_the_total(total, parts):
    whole, taken, credited = sum(parts), 0, []
    for part in parts:
        credited.append(share(total, taken + part, whole) - share(total, taken, whole))
        taken += part
    assert sum(credited) == total
    assert all(amount * total >= 0 for amount in credited)


@PROPERTY
@given(amounts, st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_allocation_sums_to_the_total_and_stays_within_one_unit_of_the_exact_part(total, weights):
    parts = allocate(total, weights)
    assert sum(parts) == total
    assert allocate(-total, weights) == [-part for part in parts]
    whole = sum(weights)
    if whole:
        assert all(abs(part - Fraction(total * weight, whole)) < 1 for part, weight in zip(parts, weights, strict=True))
        assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


@pytest.mark.parametrize(
    "total, weights, parts",
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (5, [3, 2, 2], [2, 2, 1]),
        (10, [1, 2, 6], [1, 2, 7]),
        (1, [1, 3, 2], [0, 1, 0]),
        (7, [0, 0], [7, 0]),
        (0, [5, 5], [0, 0]),
        (0, [], []),
        (2, [0, 1, 1, 0], [0, 1, 1, 0]),
    ],
)
def test_allocation_gives_what_is_left_to_the_largest_fraction_then_the_earliest(total, weights, parts):
    assert allocate(total, weights) == parts


def test_allocation_refuses_nobody_and_negative_weights():
    with pytest.raises(ValueError, match="cannot allocate 5 to nobody"):
        allocate(5, [])
    with pytest.raises(ValueError, match="0 or more, got -1"):
        allocate(5, [2, -1])


@pytest.mark.parametrize(
    "quantity, price, exponent, minor",
    [
        (2_000, 9_990_000, 2, 1998),
        (-1_500, 1_250_000, 2, -188),
        (333, 1_000_000, 2, 33),
        (335, 1_000_000, 2, 34),
        (1_000, 1_000_500, 3, 1001),
        (1_000, 149_500_000, 0, 150),
        (-1_000, 149_500_000, 0, -150),
        (1, 1, 4, 0),
    ],
)
def test_line_amounts_are_rounded_once(quantity, price, exponent, minor):
    assert line_amount(quantity, price, exponent) == minor


@PROPERTY
@given(st.integers(-MAX_QUANTITY, MAX_QUANTITY), st.integers(0, 10**16), st.integers(0, 4))
def test_line_amounts_agree_with_exact_decimals(quantity, price, exponent):
    exact = Fraction(quantity, 1000) * Fraction(price, 10**6) * 10**exponent
    assert line_amount(quantity, price, exponent) == _half_up(exact)


def _half_up(exact: Fraction) -> int:
    """The nearest integer by another road: whole part and rest of the size, the sign put back at the end."""
    whole, rest = divmod(abs(exact), 1)
    size = int(whole) + (1 if rest >= Fraction(1, 2) else 0)
    return size if exact >= 0 else -size


def test_rates_are_millionths_of_one():
    assert percent_of(10_000, 210_000) == 2100
    assert percent_of(-10_000, 210_000) == -2100
    assert percent_of(50, 210_000) == 11
    assert percent_of(1, 500_000) == 1


@PROPERTY
@given(st.integers(-MAX_MINOR, MAX_MINOR), st.integers(-(10**9), 10**9))
def test_rates_agree_with_decimal_rounding(amount, rate):
    exact = Decimal(amount * rate).scaleb(-6)
    assert percent_of(amount, rate) == int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
