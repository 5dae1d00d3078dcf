"""What imports of other owners share with that of sales: the file and its mapping, documents of a chunk, posting to the end."""

from __future__ import annotations

from typing import Any

from kassa.kernel.jobs import Chunk
from kassa.sales.importing.documents import Cancellation as Cancellation
from kassa.sales.importing.documents import SalesLineRow as SalesLineRow
from kassa.sales.importing.job import next_rows, products_request
from kassa.sales.importing.messages import ImportSales as ImportSales
from kassa.sales.importing.posting import Batch as ImportBatch
from kassa.sales.importing.posting import post_order as post_imported_order
from kassa.sales.importing.session import session_of
from kassa.sales.importing.survey import ProductFound

__all__ = ["Cancellation", "ImportBatch", "ImportSales", "SalesLineRow", "create_missing", "post_imported_order", "read_import"]


def create_missing(batch: ImportBatch, context: Any) -> bool:
    """Plan the customers and products that documents of a batch name and that are not there yet; tells whether there are any.

    What is planned is not there yet: let the chunk end where it began, and its rows come again.
    """
    named = {value.customer for value in batch.documents if value.customer is not None}
    customers = sorted(named - set(batch.customers))
    if customers:
        context.call("parties.load_customers", {"customers": [{"number": number, "name": f"Customer {number}"} for number in customers]})
    lines = {line.product_code: line for value in batch.documents for line in value.lines if line.product_code not in batch.products}
    if lines:
        found = [
            ProductFound(code=line.product_code, name=line.description or line.product_code, kind=line.kind, unit_price=None, opening_quantity=0)
            for line in lines.values()
        ]
        first = min(value.local_date for value in batch.documents)
        context.call("catalog.load_products", products_request(found, batch.mapping, first))
    return bool(customers or lines)


def read_import(chunk: Chunk, engine: Any) -> tuple[Any, Any]:
    """Read the next rows of a file that another owner imports: the session, with its mapping, and the rows; None for those at the end.

    For `prepare` of a job. The cursor of the job is the last line of the chunk before. Rows that cannot be read belong to the import
    of sales; documents that a rule refuses go to the file of rejects at the end.
    """
    session = session_of(engine, chunk.job_id, chunk.request)
    return session, next_rows(chunk, engine, session, chunk.cursor or 0, rejects=False)
