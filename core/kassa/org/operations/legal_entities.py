"""Legal entities: create, read, list, change."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.kernel.clock import time_zone
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import Issue, Refused
from kassa.kernel.operations import PageRequest, Result, page, page_of, read_cursor
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts
from kassa.org.editing import change, given, refusal, taken
from kassa.org.messages import places as messages
from kassa.org.models import LegalEntityRow

SELECT = "SELECT id, code, name, currency, time_zone, country, version FROM org_legal_entity"


def time_zone_issues(name: str | None, pointer: str = "/time_zone") -> list[Issue]:
    """The issue of a time zone that does not exist; none for no time zone."""
    if name is None:
        return []
    try:
        time_zone(name)
    except ValueError as error:
        return [refusal("ORG_TIME_ZONE_UNKNOWN", str(error), pointer, name)]
    return []


def create_legal_entity(command: messages.CreateLegalEntity, context: Context) -> Result:
    """Plan a new legal entity; only who may act in all of them may add one."""
    issues = time_zone_issues(command.time_zone)
    if context.actor.legal_entities is not None:
        message = "A new legal entity would be outside your own scope. Let somebody create it who may act in all of them."
        issues.append(refusal("ORG_BEYOND_OWN_RIGHTS", message, ""))
    context.refuse(issues)
    if context.read.row("SELECT 1 FROM org_legal_entity WHERE code = ?", (command.code,)):
        raise taken("The legal entity", "/code", command.code)
    view = messages.LegalEntityView(
        id=new_id(),
        code=command.code,
        name=command.name,
        currency=command.currency,
        time_zone=command.time_zone,
        country=command.country,
        version=1,
    )
    values = {
        "id": view.id, "code": view.code, "name": view.name, "currency": view.currency, "time_zone": view.time_zone,
        "country": view.country, "version": 1,
    }  # fmt: skip
    context.plan.add([Row(LegalEntityRow, values)], rule="org.create_legal_entity")
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def read_legal_entity(request: messages.ReadLegalEntity, context: Context) -> messages.LegalEntityView:
    """Show one legal entity."""
    return _read(context, request.legal_entity)


def _read(context: Context, reference: str) -> messages.LegalEntityView:
    found = facts.legal_entity(context, reference)
    row = context.read.row(f"{SELECT} WHERE id = ?", (found.id,))
    assert row is not None, "a legal entity is never deleted"
    return _view(row)


def _view(row: DatabaseRow) -> messages.LegalEntityView:
    entity_id, code, name, currency, zone, country, version = row
    return messages.LegalEntityView(id=entity_id, code=code, name=name, currency=currency, time_zone=zone, country=country, version=version)


def list_legal_entities(request: PageRequest, context: Context) -> Any:
    """Show a page of the legal entities in the caller's scope, in the order of their codes."""
    cursor = read_cursor(request.after, 1)
    scope = context.actor.legal_entities
    rows = context.read.rows(f"{SELECT} ORDER BY code")
    seen = [row for row in rows if (scope is None or row[0] in scope) and (cursor is None or row[1] > str(cursor[0]))]
    return page(request, messages.LegalEntityView, [_view(row) for row in seen[: request.limit + 1]], lambda view: (view.code,))


def change_legal_entity(command: messages.ChangeLegalEntity, context: Context) -> Result:
    """Plan other words, another time zone or country for a legal entity."""
    present = _read(context, command.legal_entity)
    values = given(command, "name", "time_zone", "country")
    issues = time_zone_issues(values.get("time_zone"))
    if issues:
        raise Refused(issues)
    what = f"The legal entity {present.code}"
    version = change(context, LegalEntityRow, {"id": present.id}, present.version, what, values, "org.change_legal_entity")
    view = attrs.evolve(present, **values, version=version)
    return Result(view=lambda numbers: view, document_id=present.id, version=version)


OPERATIONS = (
    Operation(
        name="org.create_legal_entity",
        announces="org.legal_entity_created",
        summary="Create a legal entity",
        description="A company with books, customers and released products of its own. Its code and currency never change.",
        effect="edit",
        http=Http(method="POST", path="/legal-entities", status=201, location="/legal-entities/{id}"),
        request=messages.CreateLegalEntity,
        response=messages.LegalEntityView,
        permission="org.change",
        handler=create_legal_entity,
        scope="none",
        example={"code": "NL01", "name": "Warenhuis B.V.", "currency": "EUR", "time_zone": "Europe/Amsterdam", "country": "NL"},
    ),
    Operation(
        name="org.list_legal_entities",
        summary="List the legal entities that the caller can see",
        effect="read",
        http=Http(method="GET", path="/legal-entities"),
        request=messages.ListLegalEntities,
        response=page_of(messages.LegalEntityView),
        permission="org.read",
        handler=list_legal_entities,
        scope="none",
        collection=True,
    ),
    Operation(
        name="org.read_legal_entity",
        summary="Read a legal entity",
        effect="read",
        http=Http(method="GET", path="/legal-entities/{legal_entity}"),
        request=messages.ReadLegalEntity,
        response=messages.LegalEntityView,
        permission="org.read",
        handler=read_legal_entity,
        scope="none",
    ),
    Operation(
        name="org.change_legal_entity",
        announces="org.legal_entity_changed",
        summary="Change a legal entity",
        effect="edit",
        http=Http(method="PATCH", path="/legal-entities/{legal_entity}"),
        request=messages.ChangeLegalEntity,
        response=messages.LegalEntityView,
        permission="org.change",
        handler=change_legal_entity,
        scope="none",
    ),
)
