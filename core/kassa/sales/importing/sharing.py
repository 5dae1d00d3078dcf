"""What imports of other owners share with that of sales: the file and its mapping, documents of a chunk, posting to the end."""

from __future__ import annotations

from typing import Any

from kassa.kernel.jobs import Chunk
from kassa.sales.importing.documents import Cancellation as Cancellation
from kassa.sales.importing.documents import SalesLineRow as SalesLineRow
from kassa.sales.importing.job import next_rows
from kassa.sales.importing.messages import ImportSales as ImportSales
from kassa.sales.importing.posting import Batch as ImportBatch
from kassa.sales.importing.posting import post_order as post_imported_order
from kassa.sales.importing.session import session_of

__all__ = ["Cancellation", "ImportBatch", "ImportSales", "SalesLineRow", "post_imported_order", "read_import"]


def read_import(chunk: Chunk, engine: Any) -> tuple[Any, Any]:
    """Read the next rows of a file that another owner imports: the session, with its mapping, and the rows; None for those at the end.

    For `prepare` of a job. The cursor of the job is the last line of the chunk before. Rows that cannot be read belong to the import
    of sales; documents that a rule refuses go to the file of rejects at the end.
    """
    session = session_of(engine, chunk.job_id, chunk.request)
    return session, next_rows(chunk, engine, session, chunk.cursor or 0, rejects=False)
