"""Roles: list them; grant one to a worker, list a worker's, revoke one."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import Conflict, Issue, NotFound, Refused
from kassa.kernel.keys import NO_ID
from kassa.kernel.operations import Result, page, page_of, read_cursor
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts
from kassa.org.access import Scope, grant_scope, powers_of, roles_of, scope_of
from kassa.org.editing import listed, refusal
from kassa.org.messages import people as messages
from kassa.org.models import RoleGrantRow

SELECT = "SELECT id, worker_id, role, legal_entity_id, store_id, granted_at, granted_by, revoked_at FROM org_role_grant"
HELD = (
    "SELECT 1 FROM org_role_grant WHERE worker_id = ? AND role = ? AND revoked_at IS NULL "
    f"AND coalesce(legal_entity_id, '{NO_ID}') = ? AND coalesce(store_id, '{NO_ID}') = ?"
)


def list_roles(request: messages.ListRoles, context: Context) -> Any:
    """Show a page of the roles of this installation, sorted by name."""
    cursor = read_cursor(request.after, 1)
    found = roles_of(context.registry)
    names = [name for name in sorted(found) if cursor is None or name > str(cursor[0])][: request.limit + 1]
    views = []
    for name in names:
        powers = powers_of(context.registry, (name,))
        views.append(
            messages.RoleView(
                role=name,
                summaries=tuple(dict.fromkeys(role.summary for role in found[name])),
                permissions=tuple(sorted(powers.permissions)),
                everything=powers.everything,
            )
        )
    return page(request, messages.RoleView, views, lambda view: (view.role,))


def rights_issues(context: Context, roles: tuple[str, ...], scope: Scope, pointer: str) -> list[Issue]:
    """Issues of roles that nobody contributes, and of rights that the actor would give without holding them."""
    known = roles_of(context.registry)
    issues = [
        refusal("ORG_ROLE_UNKNOWN", f"There is no role {role}. The roles are {', '.join(sorted(known))}.", pointer, role)
        for role in dict.fromkeys(roles)
        if role not in known
    ]
    if not powers_of(context.registry, roles).within(context.actor):
        message = "You cannot give permissions that you do not hold yourself. Leave the role out, or let somebody do it who holds them."
        issues.append(refusal("ORG_BEYOND_OWN_RIGHTS", message, pointer, ", ".join(roles)))
    if not scope_of(context.actor).covers(scope):
        message = "You cannot give rights in places where you may not act yourself. Name legal entities and stores of your own scope."
        issues.append(refusal("ORG_BEYOND_OWN_RIGHTS", message, ""))
    return issues


def grant_role(command: messages.GrantRole, context: Context) -> Result:
    """Plan that a worker holds a role, everywhere or in one place."""
    worker = facts.worker(context, command.worker)
    view = new_grant(context, worker.id, command.role, command.legal_entity, command.store)
    if context.read.row(HELD, (worker.id, view.role, view.legal_entity_id or NO_ID, view.store_id or NO_ID)):
        message = f"{worker.name} already holds the role {command.role} there. Nothing needs to be done."
        raise Conflict(message, code="ORG_ROLE_HELD", issues=(refusal("ORG_ROLE_HELD", message, "/role", command.role),))
    context.plan.add([Row(RoleGrantRow, attrs.asdict(view))], rule="org.grant_role")
    return Result(view=lambda numbers: view, document_id=view.id)


def new_grant(context: Context, worker_id: str, role: str, legal_entity: str | None, store: str | None) -> messages.RoleGrantView:
    """The grant of a role at a place, everywhere where none is named; Refused beyond the actor's own permissions and places."""
    entity_id = facts.legal_entity(context, legal_entity).id if legal_entity is not None or store is not None else None
    store_id = facts.store_of(context, entity_id, store).id if entity_id is not None and store is not None else None
    issues = rights_issues(context, (role,), grant_scope(entity_id, store_id), "/role")
    if issues:
        raise Refused(issues)
    return messages.RoleGrantView(
        id=new_id(), worker_id=worker_id, role=role, legal_entity_id=entity_id, store_id=store_id, granted_at=context.now,
        granted_by=context.actor.id, revoked_at=None,
    )  # fmt: skip


def list_role_grants(request: messages.ListRoleGrants, context: Context) -> Any:
    """Show a page of the roles that one worker holds in the caller's places, in the order in which they were granted."""
    worker = facts.worker(context, request.worker)
    meeting, places = scope_of(context.actor).meeting("org_role_grant")
    conditions: list[tuple[str, Any]] = [("worker_id = ?", worker.id), (meeting, tuple(places))]
    if not request.revoked:
        conditions.append(("coalesce(revoked_at, 0) = ?", 0))
    return listed(context, request, SELECT, conditions, messages.RoleGrantView, _view)


def revoke_role(command: messages.RevokeRole, context: Context) -> Result:
    """Plan the end of a grant; one that has ended already stays as it is."""
    worker = facts.worker(context, command.worker)
    meeting, places = scope_of(context.actor).meeting("org_role_grant")
    row = context.read.row(f"{SELECT} WHERE worker_id = ? AND id = ? AND {meeting}", (worker.id, command.grant, *places))
    if row is None:
        raise NotFound("grant of a role", command.grant)
    view = _view(row)
    scope = grant_scope(view.legal_entity_id, view.store_id)
    if not scope_of(context.actor).covers(scope) or not powers_of(context.registry, (view.role,)).within(context.actor):
        message = "You cannot take away what you could not give."
        raise Refused((refusal("ORG_BEYOND_OWN_RIGHTS", message, ""),))
    if view.revoked_at is None:
        view = attrs.evolve(view, revoked_at=context.now)
        context.plan.add([Row(RoleGrantRow, {"revoked_at": context.now}, key={"id": view.id})], rule="org.revoke_role")
    return Result(view=lambda numbers: view, document_id=view.id)


def _view(row: DatabaseRow) -> messages.RoleGrantView:
    grant_id, worker_id, role, entity_id, store_id, granted_at, granted_by, revoked_at = row
    return messages.RoleGrantView(
        id=grant_id,
        worker_id=worker_id,
        role=role,
        legal_entity_id=entity_id,
        store_id=store_id,
        granted_at=granted_at,
        granted_by=granted_by,
        revoked_at=revoked_at,
    )


OPERATIONS = (
    Operation(
        name="org.list_roles",
        summary="List the roles with their permissions",
        effect="read",
        http=Http(method="GET", path="/roles"),
        request=messages.ListRoles,
        response=page_of(messages.RoleView),
        permission="org.read_workers",
        handler=list_roles,
        scope="none",
        collection=True,
    ),
    Operation(
        name="org.grant_role",
        announces="org.role_granted",
        summary="Grant a role to a worker",
        description="Everywhere, in one legal entity, or in one store. Nobody can grant permissions or places beyond their own.",
        effect="edit",
        http=Http(method="POST", path="/workers/{worker}/roles", status=201),
        request=messages.GrantRole,
        response=messages.RoleGrantView,
        permission="org.manage_workers",
        handler=grant_role,
        scope="none",
        example={"worker": "1042", "role": "cashier", "legal_entity": "NL01", "store": "S001"},
    ),
    Operation(
        name="org.list_role_grants",
        summary="List the roles of a worker",
        effect="read",
        http=Http(method="GET", path="/workers/{worker}/roles"),
        request=messages.ListRoleGrants,
        response=page_of(messages.RoleGrantView),
        permission="org.read_workers",
        handler=list_role_grants,
        scope="none",
        collection=True,
    ),
    Operation(
        name="org.revoke_role",
        announces="org.role_revoked",
        summary="Take a role from a worker, at once",
        effect="edit",
        http=Http(method="POST", path="/workers/{worker}/roles/{grant}/revocation"),
        request=messages.RevokeRole,
        response=messages.RoleGrantView,
        permission="org.manage_workers",
        handler=revoke_role,
        scope="none",
    ),
)
