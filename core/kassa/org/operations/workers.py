"""Workers: create, read, list, change."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import InvalidInput, Refused
from kassa.kernel.operations import Result, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts
from kassa.org.access import grants_of, scope_of
from kassa.org.editing import change, given, listed, refusal, taken
from kassa.org.messages import people as messages
from kassa.org.models import RoleGrantRow, WorkerRow
from kassa.org.operations.role_grants import new_grant

SELECT = "SELECT id, number, name, active, version FROM org_worker"


def create_worker(command: messages.CreateWorker, context: Context) -> Result:
    """Plan a new worker, with the first role where one is named; without it the worker is there only for who may act everywhere."""
    _check_role(command, context)
    if context.read.row("SELECT 1 FROM org_worker WHERE number = ?", (command.number,)):
        raise taken("The worker", "/number", command.number)
    view = messages.WorkerView(id=new_id(), number=command.number, name=command.name, active=True, version=1)
    context.plan.add([Row(WorkerRow, attrs.asdict(view))], rule="org.create_worker")
    if command.role is not None:
        grant = new_grant(context, view.id, command.role, command.legal_entity, command.store)
        context.plan.add([Row(RoleGrantRow, attrs.asdict(grant))], rule="org.create_worker")
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def _check_role(command: messages.CreateWorker, context: Context) -> None:
    if command.role is not None:
        return
    if command.legal_entity is not None or command.store is not None:
        message = "A place was named, but no role that counts there. Name the role too, or leave the place out."
        raise InvalidInput(issues=(refusal("INPUT_MISSING", message, "/role"),))
    if not context.actor.everywhere:
        message = "Without a role the worker would be there only for who may act everywhere. Name the first role, and where it counts."
        raise Refused((refusal("ORG_BEYOND_OWN_RIGHTS", message, "/role"),))


def read_worker(request: messages.ReadWorker, context: Context) -> messages.WorkerView:
    """Show one worker."""
    return _read(context, request.worker)


def _read(context: Context, reference: str) -> messages.WorkerView:
    found = facts.worker(context, reference)
    row = context.read.row(f"{SELECT} WHERE id = ?", (found.id,))
    assert row is not None, "a worker is never deleted"
    return _view(row)


def _view(row: DatabaseRow) -> messages.WorkerView:
    worker_id, number, name, active, version = row
    return messages.WorkerView(id=worker_id, number=number, name=name, active=bool(active), version=version)


def list_workers(request: messages.ListWorkers, context: Context) -> Any:
    """Show a page of the workers in the caller's places, in the order in which they were created."""
    conditions = [("active = ?", request.active), facts.seen_workers(context.actor)]
    return listed(context, request, SELECT, conditions, messages.WorkerView, _view)


def change_worker(command: messages.ChangeWorker, context: Context) -> Result:
    """Plan another name for a worker, or that the worker is no longer active; both count everywhere, so nobody does it from one place alone."""
    present = _read(context, command.worker)
    own = scope_of(context.actor)
    if not all(own.covers(place) for _, place in grants_of(context.read, present.id)):
        message = f"{present.name} holds roles in other places too. Let somebody do this who may act in all of them, or revoke the roles in yours."
        raise Refused((refusal("ORG_BEYOND_OWN_RIGHTS", message, "/worker", present.number),))
    values = given(command, "name", "active")
    version = change(context, WorkerRow, {"id": present.id}, present.version, f"The worker {present.number}", values, "org.change_worker")
    view = attrs.evolve(present, **values, version=version)
    return Result(view=lambda numbers: view, document_id=present.id, version=version)


OPERATIONS = (
    Operation(
        name="org.create_worker",
        announces="org.worker_created",
        summary="Create a worker",
        description="With the first role, if one is named. Who may not act everywhere has to name one, and where it counts.",
        effect="edit",
        http=Http(method="POST", path="/workers", status=201, location="/workers/{id}"),
        request=messages.CreateWorker,
        response=messages.WorkerView,
        permission="org.manage_workers",
        handler=create_worker,
        scope="none",
        example={"number": "1042", "name": "Ada Jansen"},
    ),
    Operation(
        name="org.list_workers",
        summary="List workers",
        effect="read",
        http=Http(method="GET", path="/workers"),
        request=messages.ListWorkers,
        response=page_of(messages.WorkerView),
        permission="org.read_workers",
        handler=list_workers,
        scope="none",
        collection=True,
    ),
    Operation(
        name="org.read_worker",
        summary="Read a worker",
        effect="read",
        http=Http(method="GET", path="/workers/{worker}"),
        request=messages.ReadWorker,
        response=messages.WorkerView,
        permission="org.read_workers",
        handler=read_worker,
        scope="none",
    ),
    Operation(
        name="org.change_worker",
        announces="org.worker_changed",
        summary="Change a worker, or take all power from the worker at once",
        effect="edit",
        http=Http(method="PATCH", path="/workers/{worker}"),
        request=messages.ChangeWorker,
        response=messages.WorkerView,
        permission="org.manage_workers",
        handler=change_worker,
        scope="none",
    ),
)
