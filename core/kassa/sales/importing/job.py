"""The import as a job: products, customers and opening stock first, then the documents in the order of the file.

The cursor names the phase and the place in it. A chunk's documents, its counts and its cursor are committed together, so an
import that is killed goes on where it was, and gives what one clean run gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kassa.catalog import facts as catalog
from kassa.kernel.clock import add_days
from kassa.kernel.contributions import JobKind
from kassa.kernel.errors import ErrorCode, Issue
from kassa.kernel.jobs import Chunk as JobChunk
from kassa.kernel.jobs import ChunkDone, start
from kassa.kernel.operations import Result
from kassa.kernel.plan import Key
from kassa.kernel.values import MICRO, new_id, round_half_up
from kassa.org import facts as org
from kassa.parties import facts as parties
from kassa.sales.importing.documents import GOODS
from kassa.sales.importing.mapping import SalesMapping
from kassa.sales.importing.messages import ImportSales
from kassa.sales.importing.posting import KNOWN, SOURCE_KEY, Batch, adjust
from kassa.sales.importing.refusals import refusals
from kassa.sales.importing.session import Session, session_of
from kassa.sales.importing.summary import Summary
from kassa.sales.importing.survey import ProductFound
from kassa.stock.documents import AdjustmentLine
from kassa.stock.facts import on_hand

NAME = "sales.import"
LINES_OF_A_CHUNK = 2000
PRODUCTS_OF_A_CHUNK = 1000
UNTAXED = "none"


def prepare(chunk: JobChunk, engine: Any) -> Any:
    """Read what the next chunk needs from the file: the survey of the whole, or the next rows."""
    session = session_of(engine, chunk.job_id, chunk.request)
    phase, place = _cursor(chunk)
    if phase != "documents":
        return session, session.survey()
    return session, next_rows(chunk, engine, session, place)


def next_rows(chunk: JobChunk, engine: Any, session: Session, place: int, *, rejects: bool = True) -> Any:
    """Read the rows that follow a line of the file, None at its end, when what was refused is written down.

    Without `rejects` rows that cannot be read are left to the import of sales of the same file.
    """
    rows = session.chunk(place or None, LINES_OF_A_CHUNK if chunk.size >= LINES_OF_A_CHUNK else 1)
    if rows is not None:
        if rejects:
            session.keep_rejects(rows)
    else:
        actions = {code.code: code.action for code in engine.registry.all(ErrorCode)}
        session.keep_refused(refusals(engine, chunk.job_id), actions)
    return rows


def _cursor(chunk: JobChunk) -> tuple[str, int]:
    if chunk.cursor is None:
        return ("products", 0) if chunk.request.create else ("documents", 0)
    return chunk.cursor[0], chunk.cursor[1]


def run(chunk: JobChunk, context: Any) -> Any:
    """Plan the next chunk of an import."""
    session, found = chunk.prepared
    phase, place = _cursor(chunk)
    store = org.store(context, session.mapping.store)
    if phase == "products":
        return _products(place, session, found, context)
    if phase == "customers":
        return _customers(place, session, found, context)
    if phase == "stock":
        return _opening_stock(place, session, found, store, chunk.request.file_fingerprint, context)
    return _documents(chunk, session, found, store, context)


def _products(place: int, session: Session, found: Any, context: Any) -> ChunkDone:
    survey, rows = found
    products = survey.products()
    part = products[place : place + PRODUCTS_OF_A_CHUNK]
    known = catalog.products(context, [product.code for product in part])
    missing = [product for product in part if product.code not in known]
    if missing:
        first = min(day.local_date for day in survey.days())
        context.call("catalog.load_products", products_request(missing, session.mapping, first))
    following = place + len(part)
    cursor = ["products", following] if following < len(products) else ["customers", 0]
    return ChunkDone(cursor=cursor, done=0, total=rows)


def products_request(products: Sequence[ProductFound], mapping: SalesMapping, from_date: str) -> dict[str, Any]:
    """Ask for products to be loaded as a mapping says, with prices from a date on."""
    return {
        "products": [_product(product, mapping) for product in products],
        "price_list": mapping.price_list,
        "from_date": from_date,
        "item_model_group": mapping.item_model_group,
        "tax_group": None if mapping.tax_code == UNTAXED else mapping.tax_code,
    }


def _product(product: ProductFound, mapping: SalesMapping) -> dict[str, Any]:
    price = product.unit_price or 0
    record = {"number": product.code, "name": product.name, "kind": "goods" if product.kind == GOODS else "service"}
    if product.kind == GOODS:
        record["standard_cost"] = _decimal(round_half_up(price * mapping.cost_share, MICRO))
    if mapping.price_list is not None:
        record["price"] = _decimal(price)
    return record


def _decimal(micro: int) -> str:
    return f"{micro // MICRO}.{micro % MICRO:06d}"


def _customers(place: int, session: Session, found: Any, context: Any) -> ChunkDone:
    survey, _rows = found
    customers = list(survey.customers())
    part = customers[place : place + PRODUCTS_OF_A_CHUNK]
    known = parties.customers(context, part) if part else {}
    missing = [number for number in part if number not in known]
    if missing:
        loaded = [{"number": number, "name": f"Customer {number}"} for number in missing]
        context.call("parties.load_customers", {"customers": loaded})
    following = place + len(part)
    cursor = ["customers", following] if following < len(customers) else ["stock", 0]
    return ChunkDone(cursor=cursor, done=0)


def _opening_stock(place: int, session: Session, found: Any, store: Any, fingerprint: str, context: Any) -> ChunkDone:
    """Bring in what is missing of the least stock with which no sale of the file takes more than there is, the day before its first."""
    survey, _rows = found
    needed = [product for product in survey.products() if product.opening_quantity > 0]
    part = needed[place : place + PRODUCTS_OF_A_CHUNK]
    days = survey.days()
    key = f"{session.mapping.source}:opening:{fingerprint[:16]}:{place}"
    if part and days and not context.read.rows_for(KNOWN, [key], (store.legal_entity_id,)):
        lines = _missing_stock(part, store, context)
        if lines:
            date = add_days(min(day.local_date for day in days), -1)
            adjust(lines, "opening", date, context.now, store, context, (Key(SOURCE_KEY, key),))
    following = place + len(part)
    return ChunkDone(cursor=["stock", following] if following < len(needed) else ["documents", 0], done=0)


def _missing_stock(part: Sequence[ProductFound], store: Any, context: Any) -> tuple[AdjustmentLine, ...]:
    products = catalog.products(context, [product.code for product in part])
    places = {product.code: (products[product.code].id, store.warehouse_id) for product in part}
    present = on_hand(context, list(places.values()))
    lines: list[AdjustmentLine] = []
    for product in part:
        missing = product.opening_quantity - max(0, present[places[product.code]].available)
        if missing > 0:
            found = products[product.code]
            lines.append(
                AdjustmentLine(
                    number=len(lines) + 1, lot_id=new_id(), product_id=found.id, product_number=found.number, quantity=missing,
                    standard_cost=found.standard_cost, costing=found.costing,
                )
            )  # fmt: skip
    return tuple(lines)


def _documents(chunk: JobChunk, session: Session, rows: Any, store: Any, context: Any) -> Any:
    if rows is None:
        session.close()
        return ChunkDone(cursor=None, done=0)
    batch = Batch(rows.values, session.mapping, store, context)
    batch.post()
    before = chunk.summary or {}
    summary = Summary.from_mapping(before["read"]) if before else Summary(exponent=session.mapping.exponent)
    read = summary.plus(rows.values).as_mapping()
    posted, known = before.get("posted", 0), before.get("known", 0)

    def done(dropped: Mapping[str, Sequence[Issue]]) -> ChunkDone:
        counts = {"read": read, "posted": posted + len(batch.documents) - len(dropped), "known": known + batch.known}
        return ChunkDone(cursor=["documents", rows.last_line], done=rows.rows, summary=counts)

    return done


def start_import(command: ImportSales, context: Any) -> Result:
    """Plan the job of an import; it is run afterwards."""
    view = start(context, NAME, command)
    return Result(view=lambda numbers: view)


JOBS = (
    JobKind(
        name=NAME,
        summary="Load sales of another system from a file of invoice lines",
        request=ImportSales,
        run=run,
        prepare=prepare,
        permission="sales.import",
        size=LINES_OF_A_CHUNK,
        origin="import",
        local=True,
    ),
)
