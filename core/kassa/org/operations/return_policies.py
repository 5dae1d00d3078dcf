"""Return policies: where goods of a category go that come back for a reason; create, read, list, change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue, NotFound
from kassa.kernel.keys import id_or_none
from kassa.kernel.operations import Result, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts
from kassa.org.editing import change, check_seen, given, listed, refusal, taken
from kassa.org.messages import structure as messages
from kassa.org.models import ReturnPolicyRow, ReturnRuleRow
from kassa.org.operations.places import find_place

SELECT = "SELECT id, legal_entity_id, code, name, blocked, version FROM org_return_policy"
RULES = (
    "SELECT id, policy_id, reason_code_id, store_id, warehouse_id, place_id, blocked, active FROM org_return_rule "
    "WHERE policy_id IN {keys} ORDER BY id"
)
REASON = "SELECT 1 FROM org_reason_code WHERE legal_entity_id = ? AND id = ?"


def create_return_policy(command: messages.CreateReturnPolicy, context: Context) -> Result:
    """Plan a new return policy with its rules."""
    entity = facts.legal_entity(context)
    if context.read.row("SELECT 1 FROM org_return_policy WHERE legal_entity_id = ? AND code = ?", (entity.id, command.code)):
        raise taken("The return policy", "/code", command.code)
    view = messages.ReturnPolicyView(
        id=new_id(),
        legal_entity_id=entity.id,
        code=command.code,
        name=command.name,
        blocked=command.blocked,
        rules=_rules(command.rules, context),
        version=1,
    )
    values = {name: getattr(view, name) for name in ("id", "legal_entity_id", "code", "name", "blocked", "version")}
    context.plan.add([Row(ReturnPolicyRow, values), *_rule_rows(view, ())], rule="org.create_return_policy")
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def _rules(entries: Sequence[messages.ReturnRuleEntry], context: Context) -> tuple[messages.ReturnRuleView, ...]:
    entity = facts.legal_entity(context)
    found: dict[tuple[str, str | None], messages.ReturnRuleView] = {}
    issues: list[Issue] = []
    for number, entry in enumerate(entries):
        pointer = f"/rules/{number}"
        if context.read.row(REASON, (entity.id, entry.reason)) is None:
            issues.append(refusal("ORG_REASON_UNKNOWN", f"There is no reason code {entry.reason} here.", f"{pointer}/reason", entry.reason))
        store_id = facts.store(context, entry.store).id if entry.store is not None else None
        warehouse = facts.warehouse(context, entry.warehouse)
        if (entry.reason, store_id) in found:
            message = "Two rules count for the same reason in the same store. Send one."
            issues.append(refusal("ORG_MEMBER_UNFIT", message, pointer, entry.reason))
        found[entry.reason, store_id] = messages.ReturnRuleView(
            reason_code_id=entry.reason,
            store_id=store_id,
            warehouse_id=warehouse.id,
            place_id=find_place(context, warehouse.id, entry.place).id if entry.place is not None else None,
            blocked=entry.blocked or warehouse.kind == "quarantine",
        )
    context.refuse(issues)
    return tuple(found.values())


def _rule_rows(view: messages.ReturnPolicyView, known: Sequence[Any]) -> list[Row]:
    """Rows that make the rules of a policy those of a view; a rule that counts no more is kept, inactive."""
    wanted = {(rule.reason_code_id, rule.store_id): rule for rule in view.rules}
    rows = []
    for rule_id, _, reason, store_id, *before in known:
        rule = wanted.pop((reason, store_id), None)
        if rule is None:
            rows += [Row(ReturnRuleRow, {"active": False}, key={"id": rule_id})] if before[-1] else []
            continue
        values = {"warehouse_id": rule.warehouse_id, "place_id": rule.place_id, "blocked": rule.blocked, "active": True}
        if [*values.values()] != [before[0], before[1], bool(before[2]), bool(before[3])]:
            rows.append(Row(ReturnRuleRow, values, key={"id": rule_id}))
    for rule in wanted.values():
        values = {**attrs.asdict(rule), "id": new_id(), "legal_entity_id": view.legal_entity_id, "policy_id": view.id, "active": True}
        rows.append(Row(ReturnRuleRow, values))
    return rows


def read_return_policy(request: messages.ReadReturnPolicy, context: Context) -> messages.ReturnPolicyView:
    """Show one return policy with its rules."""
    return _read(context, request.return_policy)


def _read(context: Context, reference: str) -> messages.ReturnPolicyView:
    entity = facts.legal_entity(context)
    row = context.read.row(f"{SELECT} WHERE legal_entity_id = ? AND (code = ? OR id = ?)", (entity.id, reference, id_or_none(reference)))
    if row is None:
        raise NotFound("return policy", reference)
    return _view(context, row)


def _view(context: Context, row: Any) -> messages.ReturnPolicyView:
    policy_id, entity_id, code, name, blocked, version = row
    rules = tuple(
        messages.ReturnRuleView(reason_code_id=reason, store_id=store_id, warehouse_id=warehouse, place_id=place, blocked=bool(held))
        for _, _, reason, store_id, warehouse, place, held, active in context.read.rows_for(RULES, [policy_id])
        if active
    )
    return messages.ReturnPolicyView(
        id=policy_id, legal_entity_id=entity_id, code=code, name=name, blocked=bool(blocked), rules=rules, version=version
    )


def list_return_policies(request: messages.ListReturnPolicies, context: Context) -> Any:
    """Show a page of the return policies of the legal entity, in the order in which they were created."""
    entity = facts.legal_entity(context)
    conditions = [("legal_entity_id = ?", entity.id)]
    return listed(context, request, SELECT, conditions, messages.ReturnPolicyView, lambda row: _view(context, row))


def change_return_policy(command: messages.ChangeReturnPolicy, context: Context) -> Result:
    """Plan another name or other rules for a return policy."""
    present = _read(context, command.return_policy)
    sent = given(command, "name", "blocked", "rules")
    check_seen(context, f"The return policy {present.code}", present.version)
    if not sent:
        return Result(view=lambda numbers: present, document_id=present.id, version=present.version)
    view = attrs.evolve(present, **(sent | ({"rules": _rules(sent["rules"], context)} if "rules" in sent else {})))
    values = {"name": view.name, "blocked": view.blocked}
    what, rule = f"The return policy {present.code}", "org.change_return_policy"
    version = change(context, ReturnPolicyRow, {"id": present.id}, present.version, what, values, rule)
    context.plan.add(_rule_rows(view, context.read.rows_for(RULES, [present.id])), rule=rule)
    changed = attrs.evolve(view, version=version)
    return Result(view=lambda numbers: changed, document_id=present.id, version=version)


OPERATIONS = (
    Operation(
        name="org.create_return_policy",
        announces="org.return_policy_created",
        summary="Create a return policy",
        description=(
            "Categories name the policy of their goods. A rule for the reason and the store counts first, then one for the reason in "
            "every store; else goods go to the return place of the store's warehouse."
        ),
        effect="edit",
        http=Http(method="POST", path="/return-policies", status=201, location="/return-policies/{id}"),
        request=messages.CreateReturnPolicy,
        response=messages.ReturnPolicyView,
        permission="org.change",
        handler=create_return_policy,
        rules=("CO-59",),
        example={"code": "FRAGILE", "name": "Glass and china", "blocked": True},
    ),
    Operation(
        name="org.list_return_policies",
        summary="List the return policies of a legal entity",
        effect="read",
        http=Http(method="GET", path="/return-policies"),
        request=messages.ListReturnPolicies,
        response=page_of(messages.ReturnPolicyView),
        permission="org.read",
        handler=list_return_policies,
        collection=True,
    ),
    Operation(
        name="org.read_return_policy",
        summary="Read a return policy",
        effect="read",
        http=Http(method="GET", path="/return-policies/{return_policy}"),
        request=messages.ReadReturnPolicy,
        response=messages.ReturnPolicyView,
        permission="org.read",
        handler=read_return_policy,
    ),
    Operation(
        name="org.change_return_policy",
        announces="org.return_policy_changed",
        summary="Change a return policy or its rules",
        effect="edit",
        http=Http(method="PATCH", path="/return-policies/{return_policy}"),
        request=messages.ChangeReturnPolicy,
        response=messages.ReturnPolicyView,
        permission="org.change",
        handler=change_return_policy,
    ),
)
