"""A file of invoice lines as a stream of documents in chunks, with a cursor from which a stopped import goes on.

    with SalesFile(path, mapping) as file:
        for chunk in file.chunks(after_line=cursor, lines=2000):
            ...  # post chunk.values and keep chunk.last_line in one transaction

Memory holds one chunk. Resuming reads the head of the file again, only to count numbers: the part of a document depends on what
stood before it, and a compressed file cannot be entered in the middle anyway.
"""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import attrs

from kassa.kernel.errors import Conflict
from kassa.sales.importing.assemble import Assembler, ColumnIndexes
from kassa.sales.importing.cells import CellParser
from kassa.sales.importing.documents import ImportedValue
from kassa.sales.importing.grouping import PART_COLUMN, Run, RunCutter
from kassa.sales.importing.mapping import SalesMapping
from kassa.sales.importing.reader import RowReader

HEADER_LINE = 1


@attrs.frozen(kw_only=True)
class Chunk:
    """Values of whole runs, in line order. `last_line` is the cursor after them: the line where their last row begins."""

    values: tuple[ImportedValue, ...]
    rows: int
    last_line: int


class SalesFile:
    """A file with its mapping, opened as context manager; it is read once, from beginning to end."""

    def __init__(self, path: Path, mapping: SalesMapping) -> None:
        """Keep what to open; nothing is read yet."""
        self._mapping = mapping
        self._reader = RowReader(path, mapping.file)

    def __enter__(self) -> "SalesFile":
        """Open the file and find the columns; `UnreadableInput` or `InvalidInput` says what is missing."""
        self._reader.__enter__()
        try:
            for column in self._mapping.columns.named():
                self._reader.index_of(column)
        except BaseException:
            self._reader.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the file."""
        self._reader.close()

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        return self._reader.header

    @property
    def bytes_total(self) -> int:
        """The size of the file on disk."""
        return self._reader.bytes_total

    @property
    def bytes_read(self) -> int:
        """How much of it was read, for a progress bar."""
        return self._reader.bytes_read

    def chunks(self, *, lines: int, after_line: int = HEADER_LINE) -> Iterator[Chunk]:
        """Chunks of at least `lines` rows, each of whole runs; the last may be shorter, and a long document makes one longer.

        `after_line` is the `last_line` of the last chunk that was kept. `Conflict` if it lies within a document, for then
        the file or the mapping is not the one that the import began with.
        """
        cells = CellParser(self._mapping)
        assembler = Assembler(self._mapping, self._indexes(), cells)
        values: list[ImportedValue] = []
        rows = last_line = 0
        for run in self._runs(cells):
            last_line = run.rows[-1][0]
            if last_line <= after_line:
                continue
            if run.rows[0][0] <= after_line:
                raise _cursor_within(run, after_line)
            values += assembler.assemble(run)
            rows += len(run.rows)
            if rows >= lines:
                yield Chunk(values=tuple(values), rows=rows, last_line=last_line)
                values, rows = [], 0
        if values:
            yield Chunk(values=tuple(values), rows=rows, last_line=last_line)

    def _runs(self, cells: CellParser) -> Iterator[Run]:
        """The runs of the whole file."""
        columns, header = self._mapping.columns, self.header
        cutter = RunCutter(
            number=self._reader.index_of(columns.document_number),
            occurred_at=self._reader.index_of(columns.occurred_at),
            part=header.index(PART_COLUMN) if PART_COLUMN in header else None,
            lines_max=self._mapping.documents.lines_max,
            cells=cells,
        )
        return cutter.runs(self._reader)

    def _indexes(self) -> ColumnIndexes:
        """The positions of the columns."""
        columns, at = self._mapping.columns, self._reader.index_of
        optional = (columns.description, columns.customer, columns.country)
        description, customer, country = (-1 if name is None else at(name) for name in optional)
        return ColumnIndexes(
            product_code=at(columns.product_code),
            description=description,
            quantity=at(columns.quantity),
            unit_price=at(columns.unit_price),
            occurred_at=at(columns.occurred_at),
            customer=customer,
            country=country,
        )


def _cursor_within(run: Run, after_line: int) -> Conflict:
    """The error for a cursor that no chunk of this file and mapping can have given."""
    return Conflict(
        f'line {after_line} lies within document "{run.number}" (lines {run.rows[0][0]} to {run.rows[-1][0]}): the file or the '
        "mapping has changed since the import began; resume with those it began with, or begin a new import",
        code="IMPORT_CURSOR_MISPLACED",
    )
