"""Dimensions: their values, defaults by owner, and what accounts say of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue, NotFound
from kassa.kernel.operations import Result, page, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.ledger.dimensions import value_issues
from kassa.ledger.documents import DimensionName, DimensionOwner
from kassa.ledger.facts import books
from kassa.ledger.messages import dimensions as messages
from kassa.ledger.models import AccountDimensionRow, DimensionDefaultRow, DimensionValueRow
from kassa.ledger.operations.accounts import account
from kassa.ledger.queries import an_id, narrowed, place_after
from kassa.org import facts as org
from kassa.org.editing import change, given, taken
from kassa.parties import facts as parties

SELECT = "SELECT id, dimension, value, name, active, version FROM ledger_dimension_value WHERE legal_entity_id = ? AND dimension = ?"
DEFAULTS = "SELECT owner, owner_id, dimension, value FROM ledger_dimension_default WHERE legal_entity_id = ? AND value <> ''"


def _declared(context: Context, name: str) -> DimensionName:
    found = context.registry.find(DimensionName, name)
    if found is None:
        raise NotFound("dimension", name)
    return found


def list_dimensions(request: messages.ListDimensions, context: Context) -> Any:
    """Show the dimensions that are declared, by name."""
    after = place_after(request.after, str)
    views = [
        messages.DimensionView(name=found.name, summary=found.summary, recorded=found.recorded)
        for found in context.registry.all(DimensionName)
        if after is None or found.name > after[0]
    ]
    return page(request, messages.DimensionView, views[: request.limit + 1], lambda view: (view.name,))


def create_dimension_value(command: messages.CreateDimensionValue, context: Context) -> Result:
    """Plan a new value of a recorded dimension."""
    entity = org.legal_entity(context)
    if not _declared(context, command.dimension).recorded:
        message = f"The values of {command.dimension} are known elsewhere and are not created here."
        context.refuse([Issue(code="LEDGER_DIMENSION_UNKNOWN", message=message, pointer="/dimension", got=command.dimension)])
    if context.read.row(f"{SELECT} AND value = ?", (entity.id, command.dimension, command.value)):
        raise taken("The value", "/value", command.value)
    view = messages.DimensionValueView(
        id=new_id(), dimension=command.dimension, value=command.value, name=command.name, active=True, version=1
    )
    context.plan.add([Row(DimensionValueRow, {**attrs.asdict(view), "legal_entity_id": entity.id})], rule="ledger.create_dimension_value")
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def change_dimension_value(command: messages.ChangeDimensionValue, context: Context) -> Result:
    """Plan another name, or whether a value may be booked on."""
    entity = org.legal_entity(context)
    row = context.read.row(f"{SELECT} AND value = ?", (entity.id, command.dimension, command.value))
    if row is None:
        raise NotFound(f"value of {command.dimension}", command.value)
    present, values = _view(row), given(command, "name", "active")
    what = f"The value {present.value} of {present.dimension}"
    version = change(context, DimensionValueRow, {"id": present.id}, present.version, what, values, "ledger.change_dimension_value")
    view = attrs.evolve(present, **values, version=version)
    return Result(view=lambda numbers: view, document_id=view.id, version=version)


def _view(row: Sequence[Any]) -> messages.DimensionValueView:
    return messages.DimensionValueView(id=row[0], dimension=row[1], value=row[2], name=row[3], active=bool(row[4]), version=row[5])


def list_dimension_values(request: messages.ListDimensionValues, context: Context) -> Any:
    """Show a page of the recorded values of a dimension, by value."""
    entity = org.legal_entity(context)
    name = _declared(context, request.dimension).name
    after = place_after(request.after, str)
    where, values = narrowed((("active = ?", request.active), ("value > ?", after[0] if after else None)))
    rows = context.read.rows(f"{SELECT}{where} ORDER BY value LIMIT ?", [entity.id, name, *values, request.limit + 1])
    return page(request, messages.DimensionValueView, [_view(row) for row in rows], lambda view: (view.value,))


def set_dimension_default(command: messages.SetDimensionDefault, context: Context) -> Result:
    """Plan the value that an owner gives from now on, or that it gives none."""
    entity = org.legal_entity(context)
    owner_id = _owner(command.owner, command.reference, context)
    name = _declared(context, command.dimension).name
    if command.value is not None:
        context.refuse(value_issues({name: command.value}, books(context, entity.id), context))
    values = {"legal_entity_id": entity.id, "owner": command.owner, "owner_id": owner_id, "dimension": name, "value": command.value or ""}
    context.plan.add([Row(DimensionDefaultRow, values)], rule="ledger.set_dimension_default")
    view = messages.DimensionDefaultView(owner=command.owner, owner_id=owner_id, dimension=name, value=command.value)
    return Result(view=lambda numbers: view)


def _owner(owner: DimensionOwner, reference: str, context: Context) -> str:
    if owner == "store":
        return org.store(context, reference).id
    if owner == "warehouse":
        return org.warehouse(context, reference).id
    return parties.customer(context, reference).id if owner == "customer" else parties.vendor(context, reference).id


def list_dimension_defaults(request: messages.ListDimensionDefaults, context: Context) -> Any:
    """Show a page of the defaults, by owner and dimension."""
    entity = org.legal_entity(context)
    where, values = narrowed((("owner = ?", request.owner),))
    after = place_after(request.after, str, an_id, str)
    if after is not None:
        where, values = f"{where} AND (owner, owner_id, dimension) > (?, ?, ?)", [*values, *after]
    sql = f"{DEFAULTS}{where} ORDER BY owner, owner_id, dimension LIMIT ?"
    views = [
        messages.DimensionDefaultView(owner=row[0], owner_id=row[1], dimension=row[2], value=row[3])
        for row in context.read.rows(sql, [entity.id, *values, request.limit + 1])
    ]
    return page(request, messages.DimensionDefaultView, views, lambda view: (view.owner, view.owner_id, view.dimension))


def set_account_dimension(command: messages.SetAccountDimension, context: Context) -> Result:
    """Plan whether entries of an account must have a dimension, or must not."""
    chosen = account(context, command.account)
    name = _declared(context, command.dimension).name
    entity = org.legal_entity(context)
    values = {"legal_entity_id": entity.id, "account_id": chosen.id, "dimension": name, "rule": command.rule}
    context.plan.add([Row(AccountDimensionRow, values)], rule="ledger.set_account_dimension")
    view = messages.AccountDimensionView(account=chosen.number, dimension=name, rule=command.rule)
    return Result(view=lambda numbers: view)


OPERATIONS = (
    Operation(
        name="ledger.list_dimensions",
        summary="List dimensions",
        effect="read",
        http=Http(method="GET", path="/ledger/dimensions"),
        request=messages.ListDimensions,
        response=page_of(messages.DimensionView),
        permission="ledger.read",
        handler=list_dimensions,
        collection=True,
    ),
    Operation(
        name="ledger.create_dimension_value",
        announces="ledger.dimension_value_created",
        summary="Create a value of a dimension",
        effect="edit",
        http=Http(method="POST", path="/ledger/dimensions/{dimension}/values", status=201),
        request=messages.CreateDimensionValue,
        response=messages.DimensionValueView,
        permission="ledger.set_up",
        handler=create_dimension_value,
        example={"value": "D10", "name": "Garden"},
    ),
    Operation(
        name="ledger.change_dimension_value",
        announces="ledger.dimension_value_changed",
        summary="Change a value of a dimension, or block it",
        effect="edit",
        http=Http(method="PATCH", path="/ledger/dimensions/{dimension}/values/{value}"),
        request=messages.ChangeDimensionValue,
        response=messages.DimensionValueView,
        permission="ledger.set_up",
        handler=change_dimension_value,
        example={"active": False},
    ),
    Operation(
        name="ledger.list_dimension_values",
        summary="List the values of a dimension",
        effect="read",
        http=Http(method="GET", path="/ledger/dimensions/{dimension}/values"),
        request=messages.ListDimensionValues,
        response=page_of(messages.DimensionValueView),
        permission="ledger.read",
        handler=list_dimension_values,
        collection=True,
    ),
    Operation(
        name="ledger.set_dimension_default",
        announces="ledger.dimension_default_set",
        summary="Set the default of a dimension",
        description="A line goes before the document, the document before its store or warehouse, these before the party.",
        effect="edit",
        http=Http(method="PUT", path="/ledger/dimension-defaults"),
        request=messages.SetDimensionDefault,
        response=messages.DimensionDefaultView,
        permission="ledger.set_up",
        handler=set_dimension_default,
        example={"owner": "store", "reference": "S001", "dimension": "department", "value": "D10"},
    ),
    Operation(
        name="ledger.list_dimension_defaults",
        summary="List the defaults of dimensions",
        effect="read",
        http=Http(method="GET", path="/ledger/dimension-defaults"),
        request=messages.ListDimensionDefaults,
        response=page_of(messages.DimensionDefaultView),
        permission="ledger.read",
        handler=list_dimension_defaults,
        collection=True,
    ),
    Operation(
        name="ledger.set_account_dimension",
        announces="ledger.account_dimension_set",
        summary="Require or forbid a dimension on an account",
        effect="edit",
        http=Http(method="PUT", path="/ledger/accounts/{account}/dimensions/{dimension}"),
        request=messages.SetAccountDimension,
        response=messages.AccountDimensionView,
        permission="ledger.set_up",
        handler=set_account_dimension,
        example={"rule": "required"},
    ),
)
