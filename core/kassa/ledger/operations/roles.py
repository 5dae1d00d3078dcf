"""Roles of accounts: which account plays which, and assigning one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue, NotFound
from kassa.kernel.operations import Result, page, page_of, read_cursor
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.ledger.documents import BALANCE_SHEET, AccountRole
from kassa.ledger.messages import books as messages
from kassa.ledger.models import AccountRoleHistoryRow, AccountRoleRow, AccountRow
from kassa.ledger.operations.accounts import account
from kassa.org import facts as org

ASSIGNED = (
    "SELECT r.role, r.selector, a.number, a.name FROM ledger_account_role r JOIN ledger_account a ON a.id = r.account_id WHERE r.legal_entity_id = ?"
)
PLAYED = "SELECT DISTINCT role FROM ledger_account_role_history WHERE account_id = ? ORDER BY role"


def assignment(context: Context, legal_entity_id: str, role: str, selector: str, account_id: str) -> list[Row]:
    """Give the rows that let an account play a role, and the line of history that tells since when."""
    values = {"legal_entity_id": legal_entity_id, "role": role, "selector": selector, "account_id": account_id}
    history = {**values, "id": new_id(), "at": context.now, "actor": context.actor.id}
    return [Row(AccountRoleRow, values), Row(AccountRoleHistoryRow, history)]


def list_account_roles(request: messages.ListAccountRoles, context: Context) -> Any:
    """Show a page of the roles that are declared or assigned, by name, each with its account where it has one."""
    known = {(role.name, ""): role.summary for role in context.registry.all(AccountRole)}
    assigned = {(row[0], row[1]): (row[2], row[3]) for row in context.read.rows(ASSIGNED, (org.legal_entity(context).id,))}
    after = read_cursor(request.after, 2)
    places = [place for place in sorted({*known, *assigned}) if after is None or place > tuple(after)]
    views = [
        messages.AccountRoleView(
            role=role,
            summary=known.get((role, ""), ""),
            selector=selector or None,
            account=assigned.get((role, selector), (None, None))[0],
            account_name=assigned.get((role, selector), (None, None))[1],
        )
        for role, selector in places[: request.limit + 1]
    ]
    return page(request, messages.AccountRoleView, views, lambda view: (view.role, view.selector or ""))


def assign_account(command: messages.AssignAccount, context: Context) -> Result:
    """Plan that an account plays a role from now on."""
    role = context.registry.find(AccountRole, command.role)
    if role is None:
        raise NotFound("account role", command.role)
    chosen = account(context, command.account)
    context.refuse(_unfit(role, chosen, context))
    entity = org.legal_entity(context)
    # Counting the account's version up makes two assignments of one account, or one and its closing, exclude each other.
    touch = Row(AccountRow, {}, key={"id": chosen.id}, version=chosen.version)
    rows = [*assignment(context, entity.id, role.name, command.selector or "", chosen.id), touch]
    context.plan.add(rows, rule="ledger.assign_account")
    view = messages.AccountRoleView(
        role=role.name, summary=role.summary, selector=command.selector, account=chosen.number, account_name=chosen.name
    )
    return Result(view=lambda numbers: view)


def _unfit(role: AccountRole, chosen: messages.AccountView, context: Context) -> Iterable[Issue]:
    """Tell why an account cannot play a role: it is closed, of the wrong side of the books, or explained by another subledger."""
    shown = f"{chosen.number} {chosen.name}"
    if not chosen.active:
        yield _issue(f"Account {shown} may not be posted to. Open it first, or choose another.")
    if (role.type in BALANCE_SHEET) is not (chosen.type in BALANCE_SHEET):
        side = "the balance sheet (asset, liability, equity)" if role.type in BALANCE_SHEET else "the result (revenue, expense)"
        yield _issue(f"The role {role.name} needs an account of {side}; {shown} is of type {chosen.type}.")
    for (name,) in context.read.rows(PLAYED, (chosen.id,)):
        other = context.registry.find(AccountRole, name)
        if name != role.name and (role.control or (other is not None and other.control)):
            control = role.name if role.control else name
            yield _issue(f"Account {shown} plays or played the role {name}; the balance of {control} must be explained by its own accounts alone.")


def _issue(message: str) -> Issue:
    return Issue(code="LEDGER_ACCOUNT_UNFIT", message=message, pointer="/account", action="Choose or create another account (ledger.create_account).")


OPERATIONS = (
    Operation(
        name="ledger.list_account_roles",
        summary="List the roles of accounts",
        description="What postings ask for, and which account plays it; `account` is null where none does and a posting would be refused.",
        effect="read",
        http=Http(method="GET", path="/ledger/account-roles"),
        request=messages.ListAccountRoles,
        response=page_of(messages.AccountRoleView),
        permission="ledger.read",
        handler=list_account_roles,
        collection=True,
    ),
    Operation(
        name="ledger.assign_account",
        announces="ledger.account_assigned",
        summary="Let an account play a role",
        description="Counts for what is posted from now on. A selector narrows the role: a tender, a charge code, a tax code, a reason.",
        effect="edit",
        http=Http(method="PUT", path="/ledger/account-roles/{role}"),
        request=messages.AssignAccount,
        response=messages.AccountRoleView,
        permission="ledger.set_up",
        handler=assign_account,
        example={"selector": "card", "account": "1002"},
    ),
)
