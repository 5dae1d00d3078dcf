"""Rows of a CSV file, plain or gzipped, one at a time with the line where each begins; the header is line 1."""

import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

from kassa.kernel.errors import InvalidInput, Issue, UnreadableInput
from kassa.sales.importing.mapping import FileFormat
from kassa.sales.importing.reasons import Fault
from kassa.sales.importing.tables import nearest

Row: TypeAlias = tuple[int, list[str], Fault | None]
"""The line where a row begins, its cells, and why it cannot be used (`None`: it can)."""

_GZIP_MAGIC = b"\x1f\x8b"
_BLOCK_BYTES = 1 << 20


class RowReader:
    """A file of rows, opened as context manager; reads forward only, in memory that does not grow with the file.

    Bytes that are no text in the encoding are kept as lone surrogates, so that a rejected row can be written back as it came.
    """

    def __init__(self, path: Path, file_format: FileFormat) -> None:
        """Keep what to open; nothing is read yet."""
        self.path = path
        self.header: tuple[str, ...] = ()
        self.bytes_total = 0
        self._format = file_format
        self._raw: io.BufferedReader | None = None
        self._text: io.TextIOWrapper | None = None

    def __enter__(self) -> "RowReader":
        """Open the file and read its header; `UnreadableInput` if there is no file or no header."""
        try:
            self._raw = self.path.open("rb")
            self.bytes_total = self.path.stat().st_size
            compressed = self._raw.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
            self._raw.seek(0)
            stream = gzip.GzipFile(fileobj=self._raw) if compressed else self._raw
            self._text = io.TextIOWrapper(stream, encoding=self._format.encoding, errors="surrogateescape", newline="")
            self._rows = csv.reader(self._text, delimiter=self._format.delimiter, quotechar=self._format.quote)
            first = next(self._rows, None)
        except (OSError, EOFError, UnicodeError, zlib.error, csv.Error) as error:
            self.close()
            raise self._unreadable("cannot be opened", error) from error
        if not first:
            self.close()
            raise self._unreadable("is empty", "the first line must be the header with the names of the columns")
        self.header = tuple(name.strip().removeprefix("\ufeff") for name in first)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file; again does nothing."""
        if self._text is not None:
            self._text.close()
        if self._raw is not None:
            self._raw.close()

    @property
    def bytes_read(self) -> int:
        """How far into the file, in bytes of the file as it lies on disk; for a progress bar."""
        return 0 if self._raw is None or self._raw.closed else self._raw.tell()

    def index_of(self, column: str) -> int:
        """The position of a column; `InvalidInput` names the nearest column if it is missing, and says if it stands there twice."""
        found = self.header.count(column)
        if found == 1:
            return self.header.index(column)
        close = nearest(column, self.header)
        hint = f', did you mean "{close}"?' if close else ""
        columns = ", ".join(f'"{name}"' for name in self.header)
        said = f'the file "{self.path}" has {found} columns "{column}", expected one{"" if found else hint}; its columns are {columns}'
        raise InvalidInput(said, issues=[Issue(code="IMPORT_COLUMN_MISSING", message=said, pointer="/columns", got=column)])

    def __iter__(self) -> Iterator[Row]:
        """The rows after the header; blank lines are passed over. `UnreadableInput` if the file ends amid its compression."""
        rows, width = self._rows, len(self.header)
        last = rows.line_num
        try:
            while True:
                try:
                    for cells in rows:
                        # A quoted cell may hold line breaks: the row begins after the row before it.
                        begin, last = last + 1, rows.line_num
                        if len(cells) == width:
                            yield begin, cells, None
                        elif cells:
                            yield begin, cells, _wrong_width(width, len(cells), begin, last)
                    return
                except csv.Error as error:
                    begin, last = last + 1, rows.line_num
                    yield begin, [], Fault("IMPORT_ROW_UNREADABLE", f"lines {begin} to {last} are no CSV: {error}")
        except (OSError, EOFError, UnicodeError, zlib.error) as error:
            raise self._unreadable(f"is damaged after line {last}", error) from error

    def _unreadable(self, what: str, cause: object) -> UnreadableInput:
        """The error for a file that cannot be read on."""
        said = f'the file "{self.path}" {what}: {cause}; get it again, then resume'
        return UnreadableInput(said, issues=[Issue(code="IMPORT_FILE_UNREADABLE", message=said, got=str(self.path))])


def _wrong_width(expected: int, got: int, begin: int, last: int) -> Fault:
    """The fault of a row with too few or too many cells; one over several lines mostly lacks a quotation mark."""
    over = f"; the row goes from line {begin} to line {last}, look for a missing quotation mark" if last > begin else ""
    return Fault("IMPORT_COLUMN_COUNT", f"expected {expected} columns as in the header, got {got}{over}")


def file_fingerprint(path: Path) -> str:
    """The SHA-256 of a file, so that an import is resumed only on the file that it began with."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                digest.update(block)
    except OSError as error:
        raise UnreadableInput(f'the file "{path}" cannot be read: {error}') from error
    return digest.hexdigest()
