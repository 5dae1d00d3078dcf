"""Making, changing and ending webhooks, and showing them."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Sequence
from typing import Any

import attrs

from kassa.kernel.clock import MICROSECONDS_PER_SECOND
from kassa.kernel.context import Context
from kassa.kernel.contributions import EventType
from kassa.kernel.errors import InvalidInput, Issue, NotFound, PreconditionFailed
from kassa.kernel.events.feed import PING
from kassa.kernel.events.operations import scope
from kassa.kernel.operations import Result, page, read_cursor
from kassa.kernel.plan import Bulk, Event, Row
from kassa.kernel.values import new_id
from kassa.kernel.webhooks import messages
from kassa.kernel.webhooks.models import WebhookDeliveryRow, WebhookRow
from kassa.kernel.webhooks.patterns import matches, patterns_of
from kassa.kernel.webhooks.targets import PRIVATE, BadTarget, Target, look_at, must_be_public

SECRET_BYTES = 32
SECRET_PREFIX = "whsec_"
HOUR = 3600 * MICROSECONDS_PER_SECOND
COLUMNS = (
    "w.id, w.legal_entity_id, w.name, w.url, w.types, w.state, w.reason, w.failures, w.failing_since, w.old_secret_until, (SELECT count(*) FROM "
    "kernel_webhook_delivery d WHERE d.webhook_id = w.id AND d.state = 'waiting'), w.created_at, w.created_by, w.version"
)
NAMES = tuple(field.name for field in attrs.fields(messages.WebhookView))
GIVEN_UP = "UPDATE kernel_webhook_delivery SET state = 'failed', finished_at = ? WHERE webhook_id = ? AND state = 'waiting'"


def list_webhooks(request: messages.ListWebhooks, context: Context) -> Any:
    """Show a page of webhooks."""
    cursor = read_cursor(request.after, 1, identifiers=(0,))
    where, values = scope(context, "w.legal_entity_id")
    for condition, value in (("w.state = ?", request.state), ("w.id < ?", cursor[0] if cursor is not None else None)):
        if value is not None:
            where.append(condition)
            values.append(value)
    sql = f"SELECT {COLUMNS} FROM kernel_webhook w WHERE {' AND '.join(where)} AND w.state <> 'deleted' ORDER BY w.id DESC LIMIT ?"
    views = [_view(row) for row in context.read.rows(sql, (*values, request.limit + 1))]
    return page(request, messages.WebhookView, views, lambda view: (view.id,))


def read_webhook(request: messages.WebhookRequest, context: Context) -> messages.WebhookView:
    """Show one webhook."""
    return find(context, request.webhook)


def find(context: Context, webhook_id: str) -> messages.WebhookView:
    """Find a webhook of the caller's legal entities; NotFound where there is none."""
    where, values = scope(context, "w.legal_entity_id")
    sql = f"SELECT {COLUMNS} FROM kernel_webhook w WHERE w.id = ? AND w.state <> 'deleted' AND {' AND '.join(where)}"
    row = context.read.row(sql, (webhook_id, *values))
    if row is None:
        raise NotFound("webhook", webhook_id)
    return _view(row)


def _view(row: tuple[Any, ...]) -> messages.WebhookView:
    values = dict(zip(NAMES, row, strict=True))
    return messages.WebhookView(**values | {"types": patterns_of(values["types"])})


def look_at_target(command: Any, engine: Any, request: Any) -> Target | BadTarget | None:
    """Resolve the target of a request before a snapshot is open; whether it may lead there is judged afterwards."""
    if command.url is None:
        return None
    try:
        return look_at(command.url, private=True)
    except BadTarget as error:
        return error


def _target_issues(context: Context) -> list[Issue]:
    looked = context.prepared
    try:
        if isinstance(looked, BadTarget):
            raise looked
        if looked is not None and not context.setting(PRIVATE):
            must_be_public(looked)
    except BadTarget as error:
        return [Issue(code="WEBHOOK_TARGET", message=str(error), pointer="/url", rule="SEC-15")]
    return []


def _type_issues(context: Context, types: Sequence[str] | None) -> list[Issue]:
    known = [kind.name for kind in context.registry.all(EventType)]
    return [
        Issue(code="WEBHOOK_TYPE", message=f"No event is of the type {pattern}.", pointer=f"/types/{place}", got=pattern)
        for place, pattern in enumerate(types or ())
        if not any(matches((pattern,), name) for name in known)
    ]


def create(command: messages.CreateWebhook, context: Context) -> Result:
    """Plan a webhook; it hears of what happens from now on."""
    entity = _entity(command, context)
    context.refuse([*_target_issues(context), *_type_issues(context, command.types)])
    secret = new_secret()
    view = messages.WebhookView(
        id=new_id(), legal_entity_id=entity, name=command.name, url=command.url, types=command.types, state="active", reason=None, failures=0,
        failing_since=None, old_secret_until=None, waiting=0, created_at=context.now, created_by=context.actor.id, version=1,
    )  # fmt: skip
    kept = {name: getattr(view, name) for name in NAMES if name != "waiting"}
    row = Row(WebhookRow, {**kept, "types": json.dumps(view.types), "secret": secret, "run_after": 0})
    context.plan.add([row, _told("webhooks.created", view)], rule="webhooks.create")
    shown = messages.WebhookSecretView(id=view.id, secret=secret, webhook=view)
    return Result(view=lambda numbers: shown, version=1)


def _entity(command: messages.CreateWebhook, context: Context) -> str | None:
    """Tell to which legal entity a new webhook belongs; to none where it shall hear of all."""
    if command.everywhere:
        if context.actor.legal_entities is not None:
            message = "A webhook of all legal entities needs a key that is bound to none. Leave `everywhere` out for your own."
            context.refuse([Issue(code="WEBHOOK_EVERYWHERE", message=message, pointer="/everywhere")])
        return None
    meant = context.engine.settings.scope
    entity = context.legal_entity_id or (meant.entity_of(context) if meant is not None else None)
    if entity is None:
        message = "/everywhere: it is not said of which legal entity. Name one in the request, or send true to hear of all."
        raise InvalidInput(issues=(Issue(code="INPUT_MISSING", message=message, pointer="/everywhere"),))
    return entity


def new_secret() -> str:
    """Make a secret of 256 random bits, in the form of the Standard Webhooks scheme."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _told(kind: str, view: messages.WebhookView) -> Event:
    data = {"webhook": view.id, "name": view.name, "url": view.url, "types": list(view.types), "state": view.state}
    return Event(kind, data, view.id, view.legal_entity_id, everywhere=view.legal_entity_id is None)


def change(command: messages.ChangeWebhook, context: Context) -> Result:
    """Plan what shall be different at a webhook."""
    known = find(context, command.webhook)
    context.refuse([*_target_issues(context), *_type_issues(context, command.types)])
    values = {name: getattr(command, name) for name in ("name", "url", "types") if getattr(command, name) is not None}
    return _changed(context, known, values)


def pause(command: messages.WebhookRequest, context: Context) -> Result:
    """Plan that nothing is sent to a webhook until it is resumed; what happens meanwhile waits."""
    return _changed(context, find(context, command.webhook), {"state": "paused"})


def resume(command: messages.WebhookRequest, context: Context) -> Result:
    """Plan that a paused or disabled webhook gets what waits, and what comes."""
    known = find(context, command.webhook)
    return _changed(context, known, {"state": "active", "reason": None, "failures": 0, "failing_since": None}, run_after=0)


def _changed(context: Context, known: messages.WebhookView, values: dict[str, Any], **more: Any) -> Result:
    if context.if_match is not None and context.if_match != known.version:
        raise PreconditionFailed(f"The webhook has version {known.version} by now. Read it again, then decide again.")
    changed = attrs.evolve(known, **values, version=known.version + 1)
    if any(getattr(known, name) != value for name, value in values.items()):
        kept = {name: json.dumps(value) if name == "types" else value for name, value in (values | more).items()}
        row = Row(WebhookRow, kept, key={"id": known.id}, version=known.version)
        context.plan.add([row, _told("webhooks.changed", changed)], rule=context.operation.name)
    else:
        changed = known
    return Result(view=lambda numbers: changed, version=changed.version)


def delete(command: messages.WebhookRequest, context: Context) -> Result:
    """Plan the end of a webhook: nothing more is sent, and its secret is forgotten; its log stays for its time."""
    known = find(context, command.webhook)
    values = {"state": "deleted", "secret": "", "old_secret": None}
    effects = [
        Row(WebhookRow, values, key={"id": known.id}, version=known.version),
        Bulk(WebhookDeliveryRow, GIVEN_UP, (context.now, known.id)),
        _told("webhooks.deleted", known),
    ]
    context.plan.add(effects, rule="webhooks.delete")
    return Result(view=lambda numbers: known)


def rotate(command: messages.RotateSecret, context: Context) -> Result:
    """Plan a new secret; the old one signs too for some hours."""
    known = find(context, command.webhook)
    old = context.read.value("SELECT secret FROM kernel_webhook WHERE id = ?", (known.id,))
    secret, until = new_secret(), context.now + command.overlap_hours * HOUR
    values = {"secret": secret, "old_secret": old, "old_secret_until": until}
    changed = attrs.evolve(known, old_secret_until=until, version=known.version + 1)
    row = Row(WebhookRow, values, key={"id": known.id}, version=known.version)
    context.plan.add([row, _told("webhooks.changed", changed)], rule="webhooks.rotate_secret")
    shown = messages.WebhookSecretView(id=known.id, secret=secret, webhook=changed)
    return Result(view=lambda numbers: shown, version=changed.version)


def ping(command: messages.WebhookRequest, context: Context) -> Result:
    """Plan an event that this webhook alone gets, to try it."""
    known = find(context, command.webhook)
    context.plan.add([_told(PING, known)], rule="webhooks.ping")
    return Result(view=lambda numbers: known)
