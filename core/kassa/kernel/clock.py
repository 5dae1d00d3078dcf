"""The one source of time: instants are integer microseconds since 1970-01-01T00:00:00Z, dates are ISO text.

No other module of Kassa reads the time, so a test that gives the engine a `FixedClock` controls every instant, date and
waiting time of it. Zones are IANA names such as "Europe/Amsterdam".
"""

import re
import time
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

MICROSECONDS_PER_SECOND = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Clock(Protocol):
    """Whatever tells the time: the system's clock, or a fixed one in tests."""

    def now(self) -> int:
        """The present instant in microseconds since the epoch, UTC."""

    def today(self, zone: str) -> str:
        """The present date in a zone as `YYYY-MM-DD`; `ValueError` names an unknown zone."""

    def monotonic(self) -> int:
        """Microseconds that never run backwards, for durations and deadlines; the origin means nothing."""

    def sleep(self, microseconds: int) -> None:
        """Wait; a fixed clock moves on instead of waiting."""


class SystemClock:
    """The clock of the machine."""

    __slots__ = ()

    def now(self) -> int:
        """The present instant in microseconds since the epoch, UTC."""
        return time.time_ns() // 1000

    def today(self, zone: str) -> str:
        """The present date in a zone as `YYYY-MM-DD`; `ValueError` names an unknown zone."""
        return date_of(self.now(), zone)

    def monotonic(self) -> int:
        """Microseconds that never run backwards, for durations and deadlines; the origin means nothing."""
        return time.monotonic_ns() // 1000

    def sleep(self, microseconds: int) -> None:
        """Wait that long; nothing happens for zero or less."""
        if microseconds > 0:
            time.sleep(microseconds / MICROSECONDS_PER_SECOND)


class FixedClock:
    """A clock that stands still until it is told to move; for tests and reproducible demos."""

    __slots__ = ("_elapsed", "_now")

    def __init__(self, now: int | str) -> None:
        """Stand at an instant, given in microseconds or as RFC 3339 text."""
        self._now = parse_instant(now) if isinstance(now, str) else now
        self._elapsed = 0

    def now(self) -> int:
        """The instant it stands at, in microseconds since the epoch, UTC."""
        return self._now

    def today(self, zone: str) -> str:
        """The date in a zone at the instant it stands at; `ValueError` names an unknown zone."""
        return date_of(self._now, zone)

    def monotonic(self) -> int:
        """Microseconds it was moved forward since it was made."""
        return self._elapsed

    def sleep(self, microseconds: int) -> None:
        """Move on by that long at once; nothing happens for zero or less."""
        self.advance(microseconds=max(microseconds, 0))

    def advance(self, *, days: int = 0, hours: int = 0, minutes: int = 0, seconds: int = 0, microseconds: int = 0) -> int:
        """Move forward and answer the new instant; `ValueError` if that would be backwards (use `set` for it)."""
        step = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds, microseconds=microseconds) // _MICROSECOND
        if step < 0:
            raise ValueError(f"a clock advances by zero or more microseconds, got {step}; use set() to go back")
        self._now += step
        self._elapsed += step
        return self._now

    def set(self, now: int | str) -> None:
        """Stand at another instant, also an earlier one, as when the clock of a machine is put right."""
        self._now = parse_instant(now) if isinstance(now, str) else now


def unix_milliseconds() -> int:
    """Milliseconds since the epoch from the machine's clock: the time part of identifiers, never a business date."""
    return time.time_ns() // 1_000_000


@cache
def time_zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name, cached; `ValueError` names an unknown one."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f'unknown time zone "{name}"; use an IANA name such as "Europe/Amsterdam" or "UTC"') from error


def date_of(micros: int, zone: str) -> str:
    """The calendar date of an instant in a zone, as `YYYY-MM-DD`."""
    return _date_of(micros // MICROSECONDS_PER_SECOND, zone)


@lru_cache(maxsize=1024)
def _date_of(seconds: int, zone: str) -> str:
    """The same of a whole second: one operation asks for its date again and again."""
    return (_EPOCH + timedelta(seconds=seconds)).astimezone(time_zone(zone)).date().isoformat()


def instant_text(micros: int) -> str:
    """An instant as RFC 3339 text in UTC with six decimals: `2026-11-21T04:57:00.000000Z`."""
    return (_EPOCH + timedelta(microseconds=micros)).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def parse_instant(text: str) -> int:
    """Microseconds since the epoch of an RFC 3339 text with seconds and a zone; `ValueError` says what was expected."""
    if len(text) > 32 or _INSTANT.fullmatch(text) is None:
        raise ValueError('expected an instant such as "2026-11-21T04:57:00Z" (date, T, time with seconds, then Z or an offset)')
    try:
        return (datetime.fromisoformat(text) - _EPOCH) // _MICROSECOND
    except (ValueError, OverflowError) as error:
        raise ValueError(f'"{text}" is not an instant of the calendar: {error}') from error


def parse_date(text: str) -> str:
    """The same text if it is a date of the calendar as `YYYY-MM-DD`; `ValueError` says what was expected."""
    if len(text) != 10 or _DATE.fullmatch(text) is None:
        raise ValueError('expected a date such as "2026-11-21" (YYYY-MM-DD)')
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f'"{text}" is not a date of the calendar: {error}') from error
    return text


def add_days(day: str, days: int) -> str:
    """The date that many days after (negative: before) a date; both as `YYYY-MM-DD`."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def days_between(start: str, end: str) -> int:
    """How many days the second date is after the first; negative if it is before."""
    return (date.fromisoformat(end) - date.fromisoformat(start)).days
