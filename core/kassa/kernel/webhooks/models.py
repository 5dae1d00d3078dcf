"""Tables of webhooks: who wants to hear of what, what is on its way to whom, and what came of each attempt."""

from __future__ import annotations

import peewee

from kassa.kernel.models import EVENTS_KEPT
from kassa.kernel.tables import Id, Integer, Table, Text, columns_of

STATES = ("active", "paused", "disabled", "deleted")
DELIVERY_STATES = ("waiting", "delivered", "failed")


class WebhookRow(Table):
    """An address that hears of events. `types` is a JSON list of patterns.

    `secret` signs; `old_secret` signs too until `old_secret_until`, while receivers change over. `failures` counts attempts that
    failed since the last one that did not, `failing_since` is the first of them; after several the webhook rests until
    `run_after`, a time of the database.
    """

    id = Id(primary_key=True)
    legal_entity_id = Id(null=True)
    name = Text()
    url = Text()
    types = Text()
    state = Text()
    reason = Text(null=True)
    secret = Text()
    old_secret = Text(null=True)
    old_secret_until = Integer(null=True)
    failures = Integer()
    failing_since = Integer(null=True)
    run_after = Integer()
    version = Integer()
    created_at = Integer()
    created_by = Text()

    class Meta:
        table_name = "kernel_webhook"
        constraints = [peewee.Check("state IN ('active', 'paused', 'disabled', 'deleted')")]


class WebhookDeliveryRow(Table):
    """One event on its way to one webhook. `attempts` counts those since it was last queued; `fence` counts its claims."""

    id = Id(primary_key=True)
    webhook_id = Id()
    event_id = Id()
    sequence = Integer()
    subject = Id(null=True)
    state = Text()
    attempts = Integer()
    run_after = Integer()
    lease_until = Integer()
    fence = Integer()
    created_at = Integer()
    finished_at = Integer(null=True)

    class Meta:
        table_name = "kernel_webhook_delivery"
        indexes = ((("event_id",), False),)
        constraints = [
            peewee.SQL("FOREIGN KEY (webhook_id) REFERENCES kernel_webhook (id)"),
            peewee.SQL("FOREIGN KEY (event_id) REFERENCES kernel_outbox (id)"),
            peewee.SQL("UNIQUE (webhook_id, sequence)"),
            peewee.Check("state IN ('waiting', 'delivered', 'failed')"),
        ]


WAITING = peewee.SQL("state = 'waiting'")
WebhookDeliveryRow.add_index(
    WebhookDeliveryRow.index(
        WebhookDeliveryRow.webhook_id, WebhookDeliveryRow.sequence, where=WAITING, name="kernel_webhook_delivery_waiting"
    )
)
WebhookDeliveryRow.add_index(
    WebhookDeliveryRow.index(
        WebhookDeliveryRow.webhook_id,
        WebhookDeliveryRow.subject,
        WebhookDeliveryRow.sequence,
        where=WAITING,
        name="kernel_webhook_delivery_subject",
    )
)


class WebhookAttemptRow(Table):
    """What came of one attempt: the status where there was an answer, its beginning, the error where there was none.

    `milliseconds` is how long it took.
    """

    id = Id(primary_key=True)
    delivery_id = Id()
    attempt = Integer()
    at = Integer()
    milliseconds = Integer()
    outcome = Text()
    status = Integer(null=True)
    answer = Text(null=True)
    error = Text(null=True)

    class Meta:
        table_name = "kernel_webhook_attempt"
        append_only = True
        removable = f"OLD.at < {{now}} - {EVENTS_KEPT}"
        indexes = ((("delivery_id", "id"), False),)
        constraints = [
            peewee.SQL("FOREIGN KEY (delivery_id) REFERENCES kernel_webhook_delivery (id)"),
            peewee.Check("outcome IN ('delivered', 'failed')"),
        ]


WEBHOOK_TABLES: tuple[type[Table], ...] = (WebhookRow, WebhookDeliveryRow, WebhookAttemptRow)
DELIVERY = columns_of(WebhookDeliveryRow)
