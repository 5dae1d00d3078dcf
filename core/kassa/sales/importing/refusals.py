"""Documents that rules refused: found again in the file, so that their rows stand among the rejected ones with the reason."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kassa.sales.importing.documents import Cancellation, Rejected, SalesDocument, SourceDocument, StockCorrection
from kassa.sales.importing.mapping import SalesMapping
from kassa.sales.importing.reader import RowReader
from kassa.sales.importing.stream import SalesFile

ROWS_AT_ONCE = 5000
REFUSED = "SELECT item, code, message FROM kernel_job_result WHERE job_id = ? AND outcome <> 'done'"


class Refusal(NamedTuple):
    """Why a document was refused: the code of the first finding and its words."""

    code: str
    reason: str


def refusals(engine: Any, job_id: str) -> dict[str, Refusal]:
    """Read which documents of an import were refused, by natural key."""
    with engine.database.snapshot() as read:
        return {item: Refusal(code or "", message or "") for item, code, message in read.rows(REFUSED, (job_id,))}


def refused_rows(path: Path, mapping: SalesMapping, refused: Mapping[str, Refusal]) -> Iterator[Rejected]:
    """Give the rows of refused documents as they came, in the order of the file; it is read twice, in constant memory."""
    wanted: dict[int, tuple[SourceDocument, Refusal]] = {}
    with SalesFile(path, mapping) as file:
        for chunk in file.chunks(lines=ROWS_AT_ONCE):
            for value in chunk.values:
                if isinstance(value, SalesDocument | Cancellation | StockCorrection) and value.natural_key in refused:
                    wanted |= {line.line_number: (value, refused[value.natural_key]) for line in value.lines}
    with RowReader(path, mapping.file) as rows:
        for line, cells, _fault in rows:
            if line in wanted:
                document, (code, reason) = wanted[line]
                yield Rejected(
                    line=line, number=document.number, part=document.part, code=code, reason=reason, raw=tuple(cells), quantity=None, exact=None
                )
