"""Consecutive rows of one document number as runs: a run becomes one document, or is rejected.

A document number that is met again after another number stood between, or that goes on on another day, or after `lines_max`
rows, begins a new part: the parts are documents of their own. A change of time within the day does not divide a document.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kassa.sales.importing.cells import CellParser
from kassa.sales.importing.parts import PartRegister
from kassa.sales.importing.reader import Row
from kassa.sales.importing.reasons import CellRefused, Fault

PART_COLUMN = "rejected_part"
"""The column of a rejects file that tells which part a row belongs to, so that a repaired second part stays the second part."""

NO_NUMBER = Fault("IMPORT_DOCUMENT_NUMBER_MISSING", "expected a document number, got none")


class Run(NamedTuple):
    """The rows of one part of a document number, in the order of the file; an empty number says that the rows have none.

    `divided` says that rows of this very part stood elsewhere before, which only a rejects file that was sorted can bring about.
    """

    number: str
    part: int
    rows: list[Row]
    divided: bool = False


class RunCutter:
    """Cuts rows into runs; holds the rows of one document at a time, and how often each number was met."""

    def __init__(self, *, number: int, occurred_at: int, part: int | None, lines_max: int, cells: CellParser) -> None:
        """Take the positions of the columns that decide; `part` is that of a rejects file, `None` for any other file."""
        self._number = number
        self._occurred_at = occurred_at
        self._part = part
        self._lines_max = lines_max
        self._cells = cells
        self._register = PartRegister()

    def runs(self, rows: Iterable[Row]) -> Iterator[Run]:
        """All runs of the rows. A row without a number waits: it belongs to the document that goes on after it, else to none."""
        number_at, moment_at, part_at, lines_max = self._number, self._occurred_at, self._part, self._lines_max
        current: str | None = None
        current_part, moment = "", ""
        held: list[Row] = []
        waiting: list[Row] = []
        for row in rows:
            cells = row[1]
            number = cells[number_at].strip() if len(cells) > number_at else ""
            if not number:
                waiting.append((row[0], cells, row[2] or NO_NUMBER))
                if len(waiting) >= lines_max:
                    yield from self._flushed(current, held, waiting)
                    current, held, waiting = None, [], []
                continue
            usable = row[2] is None
            part = cells[part_at] if part_at is not None and len(cells) > part_at else current_part
            goes_on = number == current and part == current_part and len(held) + len(waiting) < lines_max
            if goes_on and usable and cells[moment_at] != moment:
                goes_on = self._same_day(moment, cells[moment_at])
            if not goes_on:
                if current is not None or waiting:
                    yield from self._flushed(current, held, waiting)
                current, current_part, held, waiting, moment = number, part, [], [], ""
            elif waiting:
                held += waiting
                waiting = []
            held.append(row)
            if usable:
                moment = cells[moment_at]
        if current is not None or waiting:
            yield from self._flushed(current, held, waiting)

    def _same_day(self, before: str, now: str) -> bool:
        """Whether two instants lie on one day; where one cannot be read the document is rejected anyway and stays together."""
        instants = self._cells.instants
        try:
            return not before or instants[before].local_date == instants[now].local_date
        except CellRefused:
            return True

    def _flushed(self, number: str | None, held: list[Row], waiting: list[Row]) -> Iterator[Run]:
        """The run that has ended, and each row that had no number as a run of its own."""
        if number is not None:
            yield self._run(number, held)
        for row in waiting:
            yield Run("", 1, [row])

    def _run(self, number: str, held: list[Row]) -> Run:
        """The run of these rows; its part is as a rejects file tells, else as often as the number was met."""
        if self._part is not None:
            told = next((cells[self._part] for _, cells, _ in held if len(cells) > self._part), "")
            if told.isascii() and told.isdigit() and int(told) > 0:
                return Run(number, int(told), held, divided=self._register.next_part(f"{told}:{number}") > 1)
        return Run(number, self._register.next_part(number), held)
