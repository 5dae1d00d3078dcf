"""The file of rejected rows: where each stood, why it was rejected, what to do, and its cells as they came.

The cells keep the columns of the source, so that the repaired file is imported with the same mapping; columns that the mapping
does not name are passed over, but for `rejected_part`, which keeps a repaired part of a document that part.
"""

import csv
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING

from kassa.sales.importing.documents import Rejected
from kassa.sales.importing.grouping import PART_COLUMN
from kassa.sales.importing.mapping import FileFormat
from kassa.sales.importing.reasons import ACTIONS

if TYPE_CHECKING:
    from _csv import Writer

OWN_COLUMNS = ("rejected_line", PART_COLUMN, "rejected_code", "rejected_reason", "what_to_do")


class RejectsFile:
    """Writes rejected rows, as context manager; written like the source, with its encoding, delimiter and quotes.

    `checkpoint` must come before the cursor is kept: a resumed import drops every row after its cursor and writes it again, so
    that the file is the one of a run without interruption.
    """

    def __init__(self, path: Path, header: Sequence[str], file_format: FileFormat) -> None:
        """Keep where and how to write; columns of an earlier rejects file are not written twice."""
        self.path = path
        self._format = file_format
        self._kept = tuple(index for index, name in enumerate(header) if name not in OWN_COLUMNS)
        self._width = len(header)
        self._first = (*OWN_COLUMNS, *(header[index] for index in self._kept))
        self._file: IO[str] | None = None
        self._after_line = 0

    def resume(self, after_line: int) -> "RejectsFile":
        """Keep the rows up to a cursor when the file is opened, instead of beginning it anew."""
        self._after_line = after_line
        return self

    def __enter__(self) -> "RejectsFile":
        """Open the file: new with its header, or with the rows up to the cursor."""
        unfinished = self.path.with_name(f"{self.path.name}.unfinished")
        with self._open(unfinished, "w") as file:
            writer = self._writer(file)
            writer.writerow(self._first)
            writer.writerows(self._earlier())
        os.replace(unfinished, self.path)
        self._file = self._open(self.path, "a")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the file; what was written stays."""
        if self._file is not None:
            self._file.close()

    def write(self, rejected: Iterable[Rejected]) -> int:
        """Append rows, and tell how many."""
        rows = [self._row(one) for one in rejected]
        if rows and self._file is not None:
            self._writer(self._file).writerows(rows)
        return len(rows)

    def merge(self, rejected: Iterable[Rejected], actions: Mapping[str, str]) -> None:
        """Put further rows among those that were written, by line, durably; `actions` tell what to do about their codes."""
        self.checkpoint()
        with self._open(self.path, "r") as file:
            rows = list(csv.reader(file, delimiter=self._format.delimiter, quotechar=self._format.quote))[1:]
        found = {int(row[0]): row for row in rows} | {one.line: self._row(one, actions) for one in rejected}
        unfinished = self.path.with_name(f"{self.path.name}.unfinished")
        with self._open(unfinished, "w") as file:
            writer = self._writer(file)
            writer.writerow(self._first)
            writer.writerows(found[line] for line in sorted(found))
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, self.path)

    def checkpoint(self) -> None:
        """Bring what was written to the disk."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())

    def _row(self, one: Rejected, actions: Mapping[str, str] = ACTIONS) -> list[str]:
        """A rejected row; one with another number of cells than the header keeps all of them."""
        cells = [one.raw[index] for index in self._kept] if len(one.raw) == self._width else list(one.raw)
        return [str(one.line), str(one.part), one.code, self._encodable(one.reason), self._encodable(actions.get(one.code, "")), *cells]

    def _earlier(self) -> Iterator[list[str]]:
        """The rows that were kept up to the cursor; a row that was cut off by a kill comes after all of them."""
        if not self._after_line or not self.path.exists():
            return
        before = 0
        with self._open(self.path, "r") as file:
            rows = csv.reader(file, delimiter=self._format.delimiter, quotechar=self._format.quote)
            next(rows, None)
            for row in rows:
                line = int(row[0]) if len(row) >= len(OWN_COLUMNS) and row[0].isascii() and row[0].isdigit() else 0
                if not before < line <= self._after_line:
                    return
                before = line
                yield row

    def _open(self, path: Path, mode: str) -> IO[str]:
        """The file as text; bytes that are no text in the encoding pass through as they came."""
        return path.open(mode, encoding=self._format.encoding, errors="surrogateescape", newline="")

    def _writer(self, file: IO[str]) -> "Writer":
        """Writes rows to a file."""
        return csv.writer(file, delimiter=self._format.delimiter, quotechar=self._format.quote, lineterminator="\n")

    def _encodable(self, text: str) -> str:
        """A sentence of ours with what the encoding of the source lacks spelled out."""
        return text.encode(self._format.encoding, "backslashreplace").decode(self._format.encoding)
