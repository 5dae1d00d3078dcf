"""Requests about webhooks and their deliveries, and how they are shown."""

from __future__ import annotations

from typing import Annotated, Literal

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Identifier, Instant, Items, Length, Range, Text
from kassa.kernel.webhooks.patterns import TypePattern
from kassa.kernel.webhooks.targets import URL_AT_MOST

State = Literal["active", "paused", "disabled"]
DeliveryState = Literal["waiting", "delivered", "failed"]
Url = Annotated[str, Length(1, URL_AT_MOST)]
Types = Annotated[tuple[TypePattern, ...], Items(1, 50)]
URL_FIELD = {"description": "Where events are posted to; https, on the public internet.", "examples": ["https://example.com/kassa"]}
TYPES_FIELD = {"description": "Types of events, or groups of them.", "examples": [["sales.*", "stock.adjusted"]]}


@attrs.frozen(kw_only=True)
class ListWebhooks(PageRequest):
    """Asks for webhooks, the newest first."""

    state: State | None = None


@attrs.frozen(kw_only=True)
class WebhookRequest:
    """Names one webhook."""

    webhook: Identifier


@attrs.frozen(kw_only=True)
class CreateWebhook:
    """Asks that events are sent to an address from now on."""

    name: Text = attrs.field(metadata={"description": "What it is for.", "examples": ["Web shop"]})
    url: Url = attrs.field(metadata=URL_FIELD)
    types: Types = attrs.field(metadata=TYPES_FIELD)
    everywhere: bool = attrs.field(
        default=False, metadata={"description": "Of all legal entities and of the installation itself; needs a key that is bound to none."}
    )


@attrs.frozen(kw_only=True)
class ChangeWebhook(WebhookRequest):
    """What shall be different at a webhook; what is left out stays."""

    name: Text | None = None
    url: Url | None = attrs.field(default=None, metadata=URL_FIELD)
    types: Types | None = attrs.field(default=None, metadata=TYPES_FIELD)


@attrs.frozen(kw_only=True)
class RotateSecret(WebhookRequest):
    """Asks for a new secret; the old one signs too for some hours, while the receiver changes over."""

    overlap_hours: Annotated[int, Range(0, 168)] = attrs.field(
        default=24, metadata={"description": "How long the old secret signs too; 0 ends it at once, as after a leak."}
    )


@attrs.frozen(kw_only=True)
class WebhookView:
    """A webhook. `failures` counts attempts in a row that failed; `reason` says why it is disabled."""

    id: Identifier
    legal_entity_id: Identifier | None
    name: str
    url: str
    types: tuple[str, ...]
    state: State
    reason: str | None
    failures: int
    failing_since: Instant | None
    old_secret_until: Instant | None
    waiting: int
    created_at: Instant
    created_by: str
    version: int


@attrs.frozen(kw_only=True)
class WebhookSecretView:
    """A webhook with its secret, which is shown this once."""

    id: Identifier
    secret: str = attrs.field(metadata={"description": "Signs what is sent, by the Standard Webhooks scheme; keep it where only the receiver reads it."})
    webhook: WebhookView


@attrs.frozen(kw_only=True)
class ListDeliveries(PageRequest):
    """Asks for the deliveries of a webhook, the newest event first."""

    webhook: Identifier
    state: DeliveryState | None = None


@attrs.frozen(kw_only=True)
class ReadDelivery:
    """Names one delivery of a webhook."""

    webhook: Identifier
    delivery: Identifier


@attrs.frozen(kw_only=True)
class DeliveryView:
    """An event on its way to a webhook. `attempts` counts those since it was last queued."""

    id: Identifier
    event: Identifier
    type: str
    subject: Identifier | None
    sequence: str
    state: DeliveryState
    attempts: int
    next_attempt_at: Instant | None
    finished_at: Instant | None


@attrs.frozen(kw_only=True)
class AttemptView:
    """One attempt: the status and the beginning of the answer, or what went wrong."""

    attempt: int
    at: Instant
    milliseconds: int
    outcome: Literal["delivered", "failed"]
    status: int | None
    answer: str | None
    error: str | None


@attrs.frozen(kw_only=True)
class DeliveryDetailView:
    """A delivery and its newest attempts, the newest first."""

    delivery: DeliveryView
    attempts: tuple[AttemptView, ...]


@attrs.frozen(kw_only=True)
class Redeliver(WebhookRequest):
    """Asks that events are sent to a webhook again: one event, or those since an instant that it did not get."""

    event: Identifier | None = attrs.field(default=None, metadata={"description": "This event, whether it arrived or not."})
    since: Instant | None = attrs.field(
        default=None, metadata={"description": "Every event since then that failed, or that happened before the webhook was there."}
    )
    delivered: bool = attrs.field(default=False, metadata={"description": "With `since`: also those that arrived."})


@attrs.frozen(kw_only=True)
class RedeliveryView:
    """How many deliveries were queued; with `more` there are further ones, for another request."""

    queued: int
    more: bool
