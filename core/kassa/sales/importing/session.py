"""The open file of a running import: read once from beginning to end while the job runs in this process.

A job that is resumed, or a chunk that is planned again in smaller parts, opens the file anew and passes over what is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from kassa.kernel.errors import Conflict
from kassa.sales.importing.documents import Rejected
from kassa.sales.importing.mapping import SalesMapping
from kassa.sales.importing.mapping_file import read_mapping
from kassa.sales.importing.messages import ImportSales
from kassa.sales.importing.reader import file_fingerprint
from kassa.sales.importing.refusals import Refusal, refused_rows
from kassa.sales.importing.rejects import RejectsFile
from kassa.sales.importing.stream import HEADER_LINE, Chunk, SalesFile
from kassa.sales.importing.survey import Survey

ROWS_OF_A_SURVEY_CHUNK = 5000


class Session:
    """One import as this process works on it."""

    def __init__(self, request: ImportSales) -> None:
        self.path = Path(request.file)
        self.mapping: SalesMapping = read_mapping(Path(request.mapping))
        self._check(request)
        self._rejects_path = Path(request.rejects) if request.rejects is not None else None
        self._stack = ExitStack()
        self._survey: tuple[Survey, int] | None = None
        self._chunks: Iterator[Chunk] | None = None
        self._position: tuple[int, int] | None = None
        self._current: Chunk | None = None
        self._rejects: RejectsFile | None = None

    def _check(self, request: ImportSales) -> None:
        if self.mapping.fingerprint != request.mapping_fingerprint or file_fingerprint(self.path) != request.file_fingerprint:
            raise Conflict(
                f"{request.file} or {request.mapping} is not what this import began with. Put the files back and resume, or begin a new import: "
                "what is in already is passed over.",
                code="IMPORT_SOURCE_CHANGED",
            )

    def survey(self) -> tuple[Survey, int]:
        """Read the whole file once for its products and customers; returns them with the number of rows."""
        if self._survey is None:
            survey, rows = Survey(), 0
            with SalesFile(self.path, self.mapping) as file:
                for chunk in file.chunks(lines=ROWS_OF_A_SURVEY_CHUNK):
                    survey.add(chunk.values)
                    rows += chunk.rows
            self._survey = (survey, rows)
        return self._survey

    def chunk(self, after_line: int | None, lines: int) -> Chunk | None:
        """Give the chunk after a line of the file, None at its end; asked again for the same place, it is the same chunk."""
        place = (after_line or HEADER_LINE, lines)
        if self._position == place:
            return self._current
        if (
            self._chunks is None
            or self._current is None
            or self._current.last_line != place[0]
            or self._position is None
            or self._position[1] != lines
        ):
            self._open(place[0], lines)
        self._current = next(self._chunks, None) if self._chunks is not None else None
        self._position = place
        return self._current

    def _open(self, after_line: int, lines: int) -> None:
        self._stack.close()
        file = self._stack.enter_context(SalesFile(self.path, self.mapping))
        self._chunks = file.chunks(lines=lines, after_line=after_line)
        self._current, self._position = None, None
        if self._rejects_path is not None:
            rejects = RejectsFile(self._rejects_path, file.header, self.mapping.file).resume(after_line)
            self._rejects = self._stack.enter_context(rejects)

    def keep_rejects(self, chunk: Chunk) -> None:
        """Write the rejected rows of a chunk to the file of rejects, durably, before the cursor moves on."""
        if self._rejects is not None:
            self._rejects.write(value for value in chunk.values if isinstance(value, Rejected))
            self._rejects.checkpoint()

    def keep_refused(self, refused: Mapping[str, Refusal], actions: Mapping[str, str]) -> None:
        """Write the rows of documents that rules refused among the rejected ones, when the whole file is done."""
        if self._rejects is not None and refused:
            self._rejects.merge(refused_rows(self.path, self.mapping, refused), actions)

    def close(self) -> None:
        """Close the files."""
        self._stack.close()


def session_of(engine: Any, job_id: str, request: ImportSales) -> Session:
    """Give the session of a job in this process, opening it at first."""
    sessions: dict[str, Session] = engine.__dict__.setdefault("import_sessions", {})
    found = sessions.get(job_id)
    if found is None:
        found = sessions[job_id] = Session(request)
    return found
