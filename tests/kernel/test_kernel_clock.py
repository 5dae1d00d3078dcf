"""Instants, dates, zones, and a clock that stands still for tests."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kassa.kernel.clock import (
    FixedClock,
    SystemClock,
    add_days,
    date_of,
    days_between,
    instant_text,
    parse_date,
    parse_instant,
    time_zone,
    unix_milliseconds,
)

PROPERTY = settings(deadline=None, max_examples=300)
NOON = 1_795_262_400_000_000
LOWEST, HIGHEST = parse_instant("0001-01-01T00:00:00Z"), parse_instant("9999-12-31T23:59:59.999999Z")


def test_system_clock_tells_utc_microseconds_between_two_looks_at_the_machine():
    before = unix_milliseconds() * 1000
    now = SystemClock().now()
    after = (unix_milliseconds() + 1) * 1000
    assert before <= now <= after


def test_system_clock_tells_the_date_of_the_zone():
    clock = SystemClock()
    before, today, after = date_of(clock.now(), "Asia/Tokyo"), clock.today("Asia/Tokyo"), date_of(clock.now(), "Asia/Tokyo")
    assert before <= today <= after


def test_system_clock_never_runs_backwards_for_durations():
    clock = SystemClock()
    looks = [clock.monotonic() for _ in range(1000)]
    assert looks == sorted(looks)
    start = clock.monotonic()
    clock.sleep(1000)
    assert clock.monotonic() - start >= 1000
    clock.sleep(-5)


def test_fixed_clock_moves_only_when_told():
    clock = FixedClock("2026-11-21T12:00:00Z")
    assert clock.now() == NOON == clock.now()
    assert clock.advance(days=1, hours=2, minutes=3, seconds=4, microseconds=5) == NOON + 93_784_000_005
    assert clock.monotonic() == 93_784_000_005
    clock.sleep(7)
    assert clock.now() == NOON + 93_784_000_012
    clock.sleep(-7)
    assert clock.now() == NOON + 93_784_000_012
    clock.set("2026-11-21T12:00:00Z")
    assert clock.now() == NOON
    clock.set(5)
    assert clock.now() == 5
    assert clock.monotonic() == 93_784_000_012


def test_fixed_clock_does_not_advance_backwards():
    with pytest.raises(ValueError, match=r"got -1000000; use set\(\)"):
        FixedClock(NOON).advance(seconds=-1)


def test_dates_are_those_of_the_zone():
    clock = FixedClock("2026-11-21T23:30:00Z")
    assert clock.today("UTC") == "2026-11-21"
    assert clock.today("Europe/Amsterdam") == "2026-11-22"
    assert clock.today("America/New_York") == "2026-11-21"
    assert date_of(parse_instant("2026-06-30T22:00:00Z"), "Europe/Amsterdam") == "2026-07-01"


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "Europe", "../../etc/passwd", "/etc/passwd", "CEST+1", "\x00"])
def test_unknown_zones_are_refused_by_name(name):
    with pytest.raises(ValueError, match="unknown time zone"):
        time_zone(name)


def test_zones_are_cached():
    assert time_zone("Europe/Amsterdam") is time_zone("Europe/Amsterdam")


@pytest.mark.parametrize(
    "text, micros",
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.000001Z", 1),
        ("1970-01-01T01:00:00.5+01:00", 500_000),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("2026-11-21T12:00:00Z", NOON),
        ("2026-11-21T07:00:00-05:00", NOON),
        ("2026-11-21T12:00:00.123Z", NOON + 123_000),
        ("2028-02-29T00:00:00Z", 1_835_395_200_000_000),
    ],
)
def test_instants_are_read(text, micros):
    assert parse_instant(text) == micros


@pytest.mark.parametrize(
    "text",
    ["", "2026-11-21", "2026-11-21T12:00:00", "2026-11-21 12:00:00Z", "2026-11-21T12:00Z", "2026-11-21T12:00:00z",
     "20261121T120000Z", "2026-11-21T12:00:00.1234567Z",
     "2026-11-21T12:00:00.Z", "２０２６-11-21T12:00:00Z", "2026-11-21T12:00:00Z\n", "1795262400", "9" * 100],
)  # fmt: skip
def test_texts_of_another_form_are_no_instants(text):
    with pytest.raises(ValueError, match="expected an instant such as"):
        parse_instant(text)


@pytest.mark.parametrize(
    "text",
    ["2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:01Z", "2026-01-01T23:59:60Z", "0000-01-01T00:00:00Z"],
)
def test_instants_outside_the_calendar_are_refused(text):
    with pytest.raises(ValueError, match="is not an instant of the calendar"):
        parse_instant(text)


@PROPERTY
@given(st.integers(LOWEST, HIGHEST))
def test_instants_survive_being_written(micros):
    text = instant_text(micros)
    assert parse_instant(text) == micros
    assert len(text) == 27
    assert datetime.fromisoformat(text) == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)


@PROPERTY
@given(st.integers(LOWEST, HIGHEST), st.integers(LOWEST, HIGHEST))
def test_written_instants_sort_as_they_follow_in_time(one, other):
    assert (instant_text(one) < instant_text(other)) == (one < other)


@pytest.mark.parametrize("text", ["2026-11-21", "2028-02-29", "0001-01-01", "9999-12-31"])
def test_dates_are_accepted_as_they_are(text):
    assert parse_date(text) == text


@pytest.mark.parametrize("text", ["", "2026-1-1", "20261121", "2026-W47-6", "21-11-2026", "2026-11-21 ", "2026-11-2１"])
def test_texts_of_another_form_are_no_dates(text):
    with pytest.raises(ValueError, match="expected a date such as"):
        parse_date(text)


@pytest.mark.parametrize("text", ["2026-02-29", "2026-00-01", "0000-01-01", "2026-12-32"])
def test_dates_outside_the_calendar_are_refused(text):
    with pytest.raises(ValueError, match="is not a date of the calendar"):
        parse_date(text)


def test_days_are_added_and_counted():
    assert add_days("2028-02-28", 2) == "2028-03-01"
    assert add_days("2026-01-01", -1) == "2025-12-31"
    assert days_between("2026-11-21", "2026-12-21") == 30
    assert days_between("2026-12-21", "2026-11-21") == -30


@PROPERTY
@given(st.dates(date(1900, 1, 1), date(2900, 1, 1)), st.integers(-10_000, 10_000))
def test_adding_days_is_undone_by_counting_them(day, days):
    text = day.isoformat()
    assert days_between(text, add_days(text, days)) == days
