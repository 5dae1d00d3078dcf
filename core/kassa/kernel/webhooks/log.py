"""The log of deliveries: what is on its way, what came of each attempt, and sending again."""

from __future__ import annotations

from typing import Any

from kassa.kernel.context import Context
from kassa.kernel.errors import InvalidInput, Issue, NotFound
from kassa.kernel.events.feed import delivery_row
from kassa.kernel.operations import Result, page, read_cursor
from kassa.kernel.plan import Row
from kassa.kernel.webhooks import messages
from kassa.kernel.webhooks.handling import find
from kassa.kernel.webhooks.models import DELIVERY, WebhookDeliveryRow
from kassa.kernel.webhooks.patterns import conditions

ATTEMPTS_SHOWN = 100
QUEUED_AT_ONCE = 500
COLUMNS = "d.id, d.event_id, o.type, d.subject, d.sequence, d.state, d.attempts, d.run_after, d.finished_at"
FROM = "FROM kernel_webhook_delivery d JOIN kernel_outbox o ON o.id = d.event_id WHERE d.webhook_id = ?"
ATTEMPTS = (
    "SELECT attempt, at, milliseconds, outcome, status, answer, error FROM kernel_webhook_attempt WHERE delivery_id = ? ORDER BY id DESC LIMIT ?"
)
EVENTS = (
    "SELECT o.id, o.sequence, o.subject, d.id, d.state FROM kernel_outbox o LEFT JOIN kernel_webhook_delivery d ON d.webhook_id = ? "
    "AND d.sequence = o.sequence WHERE o.sequence IS NOT NULL AND "
)
MISSED = "(d.id IS NULL OR d.state = 'failed')"
ARRIVED = "(d.id IS NULL OR d.state <> 'waiting')"


def list_deliveries(request: messages.ListDeliveries, context: Context) -> Any:
    """Show a page of the deliveries of a webhook."""
    webhook = find(context, request.webhook)
    cursor = read_cursor(request.after, 1)
    sql = f"SELECT {COLUMNS} {FROM}"
    values: list[Any] = [webhook.id]
    before = cursor[0] if cursor is not None and isinstance(cursor[0], int) else None
    for condition, value in (("d.state = ?", request.state), ("d.sequence < ?", before)):
        if value is not None:
            sql, values = f"{sql} AND {condition}", [*values, value]
    rows = context.read.rows(f"{sql} ORDER BY d.sequence DESC LIMIT ?", (*values, request.limit + 1))
    return page(request, messages.DeliveryView, [_view(row) for row in rows], lambda view: (int(view.sequence),))


def _view(row: tuple[Any, ...]) -> messages.DeliveryView:
    delivery_id, event_id, kind, subject, sequence, state, attempts, run_after, finished_at = row
    return messages.DeliveryView(
        id=delivery_id, event=event_id, type=kind, subject=subject, sequence=f"{sequence:020d}", state=state, attempts=attempts,
        next_attempt_at=run_after if state == "waiting" and run_after else None, finished_at=finished_at,
    )  # fmt: skip


def read_delivery(request: messages.ReadDelivery, context: Context) -> messages.DeliveryDetailView:
    """Show one delivery with its newest attempts."""
    webhook = find(context, request.webhook)
    row = context.read.row(f"SELECT {COLUMNS} {FROM} AND d.id = ?", (webhook.id, request.delivery))
    if row is None:
        raise NotFound("delivery", request.delivery)
    names = ("attempt", "at", "milliseconds", "outcome", "status", "answer", "error")
    attempts = context.read.rows(ATTEMPTS, (request.delivery, ATTEMPTS_SHOWN))
    shown = tuple(messages.AttemptView(**dict(zip(names, attempt, strict=True))) for attempt in attempts)
    return messages.DeliveryDetailView(delivery=_view(row), attempts=shown)


def redeliver(command: messages.Redeliver, context: Context) -> Result:
    """Plan that one event, or all since an instant that did not arrive, are sent to a webhook again.

    They are delivered in the order of the feed like others: later events about the same document wait for them.
    """
    if (command.event is None) == (command.since is None):
        message = "/event: expected either one event or an instant. Send one of `event` and `since`."
        raise InvalidInput(issues=(Issue(code="INPUT_CONTRADICTORY", message=message, pointer="/event"),))
    webhook = find(context, command.webhook)
    rows = _wanted(command, webhook, context)
    effects = [_queued(webhook.id, row, context.now) for row in rows[:QUEUED_AT_ONCE]]
    context.plan.add(effects, rule="webhooks.redeliver")
    view = messages.RedeliveryView(queued=len(effects), more=len(rows) > QUEUED_AT_ONCE)
    return Result(view=lambda numbers: view)


def _wanted(command: messages.Redeliver, webhook: messages.WebhookView, context: Context) -> list[tuple[Any, ...]]:
    sql, values = EVENTS, [webhook.id]
    if webhook.legal_entity_id is not None:
        sql, values = f"{sql}o.legal_entity_id = ? AND ", [*values, webhook.legal_entity_id]
    if command.event is not None:
        rows = context.read.rows(f"{sql}o.id = ?", (*values, command.event))
        if not rows:
            raise NotFound("event", command.event)
        return rows
    matching, patterns = conditions(webhook.types, "o.type")
    which = ARRIVED if command.delivered else MISSED
    return context.read.rows(
        f"{sql}o.at >= ? AND {matching} AND {which} ORDER BY o.sequence LIMIT ?", (*values, command.since, *patterns, QUEUED_AT_ONCE + 1)
    )


def _queued(webhook_id: str, row: tuple[Any, ...], now: int) -> Row:
    event_id, sequence, subject, delivery_id, state = row
    if delivery_id is None:
        made = delivery_row(webhook_id, event_id, sequence, subject, now)
        return Row(WebhookDeliveryRow, dict(zip(DELIVERY, made, strict=True)))
    values = {"state": "waiting", "attempts": 0, "run_after": 0, "finished_at": None}
    return Row(WebhookDeliveryRow, values, key={"id": delivery_id, "state": state})
