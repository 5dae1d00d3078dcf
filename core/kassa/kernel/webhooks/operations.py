"""The operations on webhooks, their permissions, events and error codes."""

from __future__ import annotations

from typing import Any, Literal

from kassa.kernel.contributions import EventType, Http, Operation, Permission
from kassa.kernel.errors import ErrorCode
from kassa.kernel.events.feed import PING
from kassa.kernel.operations import page_of
from kassa.kernel.webhooks import handling, log, messages

READ, MANAGE = "webhooks.read", "webhooks.manage"
ONE = "/webhooks/{webhook}"
EXAMPLE = {"name": "Web shop", "url": "https://example.com/kassa", "types": ["sales.*", "stock.adjusted"]}

PERMISSIONS = (
    Permission(name=READ, summary="See webhooks and what came of their deliveries"),
    Permission(name=MANAGE, summary="Make, change and end webhooks of one's legal entities, and send events again"),
)

FIELDS = {
    "webhook": "Id of the webhook.",
    "name": "What it is for.",
    "url": "Where it leads.",
    "types": "The types of events that it asks for.",
    "state": "active, paused or disabled.",
}
SHOWN = {"webhook": "0190a1b2-0000-7000-8000-000000000001", **EXAMPLE, "state": "active"}
EVENTS = (
    EventType(name="webhooks.created", summary="Somebody asked that events are sent to an address.", fields=FIELDS, example=SHOWN),
    EventType(name="webhooks.changed", summary="A webhook leads elsewhere, asks for other events, has another secret or state.", fields=FIELDS, example=SHOWN),
    EventType(name="webhooks.deleted", summary="A webhook was ended.", fields=FIELDS, example=SHOWN),
    EventType(
        name="webhooks.disabled",
        summary="A webhook failed for so long that nothing is sent to it any more, or its receiver said that it is gone.",
        fields={name: FIELDS[name] for name in ("webhook", "name", "url")} | {"reason": "Why."},
        example={name: SHOWN[name] for name in ("webhook", "name", "url")} | {"reason": "the receiver answered 410"},
    ),
    EventType(name=PING, summary="Somebody tries a webhook; that webhook alone gets it.", fields=FIELDS, example=SHOWN),
)

CODES = (
    ErrorCode(
        code="WEBHOOK_TARGET",
        title="A webhook must not lead there",
        meaning="The URL is malformed, not https, its host is not found, or it leads into a private network.",
        action="Give an https address on the public internet. For development the setting webhooks.private_targets allows others.",
    ),
    ErrorCode(
        code="WEBHOOK_TYPE",
        title="No such type of events",
        meaning="No room and no enabled plugin announces an event of this type or group.",
        action="Use a type of the catalogue of events, a group such as sales.*, or *.",
    ),
    ErrorCode(
        code="WEBHOOK_EVERYWHERE",
        title="Not for all legal entities",
        meaning="A webhook of all legal entities was asked for with a key that is bound to some.",
        action="Leave `everywhere` out for your own legal entity, or use a key that is bound to none.",
    ),
)


def _operation(name: str, summary: str, handler: Any, request: type[Any], method: Any, path: str, **more: Any) -> Operation:
    effect: Literal["read", "edit"] = "read" if method == "GET" else "edit"
    given: dict[str, Any] = {"response": messages.WebhookView, "permission": READ if method == "GET" else MANAGE, **more}
    http = Http(method=method, path=path, status=given.pop("status", 200), location=given.pop("location", None))
    return Operation(name=f"webhooks.{name}", summary=summary, effect=effect, handler=handler, request=request, http=http, **given)


OPERATIONS = (
    _operation(
        "list", "List webhooks, the newest first", handling.list_webhooks, messages.ListWebhooks, "GET", "/webhooks",
        response=page_of(messages.WebhookView), collection=True, example={"limit": 20},
    ),
    _operation("read", "Read a webhook", handling.read_webhook, messages.WebhookRequest, "GET", ONE),
    _operation(
        "create", "Let events be sent to an address", handling.create, messages.CreateWebhook, "POST", "/webhooks",
        response=messages.WebhookSecretView, status=201, location="/webhooks/{id}", prepare=handling.look_at_target, example=EXAMPLE,
        rules=("REL-22", "SEC-15", "SEC-16"),
        description="Each event from now on is posted as a CloudEvent, signed by the Standard Webhooks scheme, at least once; its id stays "
        "the same. The secret is shown in this answer alone.",
    ),
    _operation(
        "change", "Change a webhook", handling.change, messages.ChangeWebhook, "PATCH", ONE, prepare=handling.look_at_target, rules=("SEC-15",)
    ),
    _operation(
        "pause", "Pause a webhook", handling.pause, messages.WebhookRequest, "POST", f"{ONE}/pause",
        description="What happens meanwhile waits for it, for 30 days.",
    ),
    _operation(
        "resume", "Let a paused or disabled webhook go on", handling.resume, messages.WebhookRequest, "POST", f"{ONE}/resumption"
    ),
    _operation("delete", "Delete a webhook", handling.delete, messages.WebhookRequest, "DELETE", ONE),
    _operation(
        "rotate_secret", "Give a webhook a new secret", handling.rotate, messages.RotateSecret, "POST", f"{ONE}/secret",
        response=messages.WebhookSecretView, rules=("SEC-16",),
        description="For some hours each request carries a signature of both secrets, so that the receiver can change over meanwhile.",
    ),
    _operation(
        "ping", "Try a webhook", handling.ping, messages.WebhookRequest, "POST", f"{ONE}/ping",
        description="An event that this webhook alone gets, whatever it asks for.",
    ),
    _operation(
        "deliveries", "List the deliveries of a webhook", log.list_deliveries, messages.ListDeliveries, "GET", f"{ONE}/deliveries",
        response=page_of(messages.DeliveryView), collection=True,
    ),
    _operation(
        "delivery", "Read a delivery and what came of its attempts", log.read_delivery, messages.ReadDelivery, "GET",
        f"{ONE}/deliveries/{{delivery}}", response=messages.DeliveryDetailView,
    ),
    _operation(
        "redeliver", "Send events to a webhook again", log.redeliver, messages.Redeliver, "POST", f"{ONE}/redeliveries",
        response=messages.RedeliveryView, rules=("REL-22",),
        example={"webhook": "01a1f900-0000-7000-8000-000000000007", "since": "2026-11-21T00:00:00Z"},
        description="One event, or all since an instant that did not arrive; at most 500 at once. They keep their ids and their order.",
    ),
)  # fmt: skip
