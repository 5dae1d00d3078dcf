"""Disabling a webhook that has failed for too long: an operation of Kassa's own, with an audit row and an event."""

from __future__ import annotations

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Operation
from kassa.kernel.operations import Result
from kassa.kernel.plan import Event, Row
from kassa.kernel.schema import Identifier, Text
from kassa.kernel.webhooks.models import WebhookRow

STATE = "SELECT state, version, name, url, legal_entity_id FROM kernel_webhook WHERE id = ?"


@attrs.frozen(kw_only=True)
class Disable:
    """Disables a webhook for a reason."""

    webhook: Identifier
    reason: Text


@attrs.frozen(kw_only=True)
class DisabledView:
    """The webhook that was disabled."""

    id: Identifier


def disable(command: Disable, context: Context) -> Result:
    """Plan that nothing is sent to a webhook any more; what waits stays there. Nothing where it is not active."""
    row = context.read.row(STATE, (command.webhook,))
    if row is not None and row[0] == "active":
        _, version, name, url, entity = row
        told = {"webhook": command.webhook, "name": name, "url": url, "reason": command.reason}
        effects = [
            Row(WebhookRow, {"state": "disabled", "reason": command.reason}, key={"id": command.webhook, "state": "active"}, version=version),
            Event("webhooks.disabled", told, command.webhook, entity, everywhere=entity is None),
        ]
        context.plan.add(effects, rule="webhooks.disable")
    view = DisabledView(id=command.webhook)
    return Result(view=lambda numbers: view)


DISABLE = Operation(
    name="webhooks.disable",
    summary="Disable a webhook that has failed for too long",
    effect="edit",
    request=Disable,
    response=DisabledView,
    permission=None,
    handler=disable,
    scope="none",
)
"""Not mounted and not registered: the delivery alone performs it."""
