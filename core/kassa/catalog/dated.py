"""Dated entries that are never changed: which of them count, and which is in force on a date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

Entry = TypeVar("Entry", bound=tuple[Any, ...])
Dated = tuple[str, str | None, int]
"""First date, last date (None: no end), value."""


def counting(entries: Iterable[tuple[str, str, str | None, int]]) -> tuple[Dated, ...]:
    """Of entries (id, first date, last date, value) those that count, the latest first date first.

    Several entries of one first date are corrections of each other; the newest, which has the greatest id, counts.
    """
    newest: dict[str, tuple[str, str, str | None, int]] = {}
    for entry in entries:
        known = newest.get(entry[1])
        if known is None or known[0] < entry[0]:
            newest[entry[1]] = entry
    return tuple(newest[first][1:] for first in sorted(newest, reverse=True))


def covering(entries: Sequence[Entry], date: str) -> Entry | None:
    """The first entry that covers a date, or None; entries begin with their first and last date, the preferred stand first."""
    for entry in entries:
        if entry[0] <= date and (entry[1] is None or date <= entry[1]):
            return entry
    return None


def in_force(entries: Sequence[Dated], date: str) -> int | None:
    """The value of the first entry that covers a date, or None; entries stand in the order in which they are preferred."""
    found = covering(entries, date)
    return found[2] if found is not None else None


def endless(entries: Sequence[Dated], date: str) -> int | None:
    """The value that is in force on a date if its entry has no end, else None."""
    for first, last, value in entries:
        if first <= date and (last is None or date <= last):
            return value if last is None else None
    return None
