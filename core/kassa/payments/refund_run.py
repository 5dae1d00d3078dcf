"""Refund runs: every refund that waits is paid, each by itself, as a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kassa.kernel.contributions import JobKind
from kassa.kernel.errors import Issue
from kassa.kernel.jobs import Chunk, ChunkDone, JobView, each, start
from kassa.kernel.keys import NO_ID
from kassa.kernel.operations import Result
from kassa.ledger.queries import narrowed
from kassa.org import facts as org
from kassa.payments.messages import RefundRun
from kassa.payments.refunding import orders_of, pay_order

NAME = "payments.refund_run"
WAITING = (
    "FROM kernel_document d JOIN payments_refund_order r ON r.document_id = d.id WHERE d.legal_entity_id = ? AND d.kind = 'refund_order' "
    "AND d.state = 'waiting' AND d.id > ?"
)


def start_run(command: RefundRun, context: Any) -> Result:
    """Make the job of a run; it is worked on afterwards."""
    entity = org.legal_entity(context)
    where, values = _filters(command)
    total = context.read.value(f"SELECT count(*) {WAITING}{where}", [entity.id, NO_ID, *values])
    view: JobView = start(context, NAME, command, total=total)
    return Result(view=lambda numbers: view)


def run(chunk: Chunk, context: Any) -> Any:
    """Pay the next refunds; one whose credit is not open any more is left as it is, with the reason."""
    command: RefundRun = chunk.request
    entity = org.legal_entity(context)
    where, values = _filters(command)
    rows = context.read.rows(f"SELECT d.id {WAITING}{where} ORDER BY d.id LIMIT ?", [entity.id, chunk.cursor or NO_ID, *values, chunk.size])
    ids = [row[0] for row in rows]
    orders = orders_of(context, ids)
    results = each(context, ids, str, lambda order_id: pay_order(orders[order_id], command.date, context).id)
    cursor = ids[-1] if len(ids) == chunk.size else None
    before = chunk.summary.get("paid", 0)

    def done(dropped: Mapping[str, Sequence[Issue]]) -> ChunkDone:
        return ChunkDone(cursor=cursor, done=len(ids), results=results, summary={"paid": before + len(ids) - len(dropped)})

    return done


def _filters(command: RefundRun) -> tuple[str, list[Any]]:
    return narrowed((("r.tender = ?", command.tender), ("d.business_date <= ?", command.until)))


JOBS = (
    JobKind(
        name=NAME,
        summary="Pay all refunds that wait",
        request=RefundRun,
        run=run,
        permission="payments.refund",
        size=100,
    ),
)
