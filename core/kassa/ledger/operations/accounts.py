"""Accounts: create, read, list, change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue, NotFound
from kassa.kernel.keys import id_or_none
from kassa.kernel.operations import Result, page, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.ledger.messages import books as messages
from kassa.ledger.models import AccountRow
from kassa.ledger.queries import narrowed, place_after
from kassa.org import facts as org
from kassa.org.editing import change, given, taken

SELECT = "SELECT id, number, name, type, active, version FROM ledger_account WHERE legal_entity_id = ?"
ROLES_OF = "SELECT role, selector FROM ledger_account_role WHERE legal_entity_id = ? AND account_id = ? ORDER BY role, selector"


def create_account(command: messages.CreateAccount, context: Context) -> Result:
    """Plan a new account."""
    entity = org.legal_entity(context)
    if context.read.row(f"{SELECT} AND number = ?", (entity.id, command.number)):
        raise taken("The account", "/number", command.number)
    view = messages.AccountView(id=new_id(), number=command.number, name=command.name, type=command.type, active=True, version=1)
    context.plan.add([Row(AccountRow, {**attrs.asdict(view), "legal_entity_id": entity.id})], rule="ledger.create_account")
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def read_account(request: messages.ReadAccount, context: Context) -> messages.AccountView:
    """Show one account of the legal entity."""
    return account(context, request.account)


def account(context: Context, reference: str) -> messages.AccountView:
    """Find an account of the legal entity by its number or id; NotFound where there is none."""
    entity = org.legal_entity(context)
    row = context.read.row(f"{SELECT} AND (number = ? OR id = ?)", (entity.id, reference, id_or_none(reference)))
    if row is None:
        raise NotFound("account", reference)
    return _view(row)


def accounts(context: Context, references: Sequence[str]) -> dict[str, messages.AccountView]:
    """Find accounts of the legal entity by number or id, by reference; what is unknown is absent."""
    entity = org.legal_entity(context)
    found = {row[1]: _view(row) for row in context.read.rows_for(f"{SELECT} AND number IN {{keys}}", references, (entity.id,))}
    ids = [reference for reference in references if reference not in found and id_or_none(reference) == reference]
    by_id = {row[0]: _view(row) for row in context.read.rows_for(f"{SELECT} AND id IN {{keys}}", ids, (entity.id,))} if ids else {}
    return found | by_id


def _view(row: Sequence[Any]) -> messages.AccountView:
    return messages.AccountView(id=row[0], number=row[1], name=row[2], type=row[3], active=bool(row[4]), version=row[5])


def list_accounts(request: messages.ListAccounts, context: Context) -> Any:
    """Show a page of the chart of accounts, by number."""
    entity = org.legal_entity(context)
    after = place_after(request.after, str)
    where, values = narrowed((("type = ?", request.type), ("active = ?", request.active), ("number > ?", after[0] if after else None)))
    rows = context.read.rows(f"{SELECT}{where} ORDER BY number LIMIT ?", [entity.id, *values, request.limit + 1])
    return page(request, messages.AccountView, [_view(row) for row in rows], lambda view: (view.number,))


def change_account(command: messages.ChangeAccount, context: Context) -> Result:
    """Plan another name, or whether an account may be posted to; one that plays a role cannot be closed."""
    present = account(context, command.account)
    values = given(command, "name", "active")
    if values.get("active") is False and present.active:
        _check_unused(context, present)
    version = change(
        context, AccountRow, {"id": present.id}, present.version, f"The account {present.number}", values, "ledger.change_account"
    )
    view = attrs.evolve(present, **values, version=version)
    return Result(view=lambda numbers: view, document_id=present.id, version=version)


def _check_unused(context: Context, present: messages.AccountView) -> None:
    roles = context.read.rows(ROLES_OF, (org.legal_entity(context).id, present.id))
    if roles:
        played = ", ".join(f"{role} for {selector}" if selector else role for role, selector in roles)
        context.refuse(
            [
                Issue(
                    code="LEDGER_ACCOUNT_IN_USE",
                    message=f"Account {present.number} {present.name} plays the role {played}.",
                    pointer="/active",
                    action="Assign another account to that role first (ledger.assign_account).",
                )
            ]
        )


OPERATIONS = (
    Operation(
        name="ledger.create_account",
        announces="ledger.account_created",
        summary="Create an account",
        effect="edit",
        http=Http(method="POST", path="/ledger/accounts", status=201, location="/ledger/accounts/{number}"),
        request=messages.CreateAccount,
        response=messages.AccountView,
        permission="ledger.set_up",
        handler=create_account,
        example={"number": "1150", "name": "Receivables from staff", "type": "asset"},
    ),
    Operation(
        name="ledger.list_accounts",
        summary="List the chart of accounts",
        effect="read",
        http=Http(method="GET", path="/ledger/accounts"),
        request=messages.ListAccounts,
        response=page_of(messages.AccountView),
        permission="ledger.read",
        handler=list_accounts,
        collection=True,
    ),
    Operation(
        name="ledger.read_account",
        summary="Read an account",
        effect="read",
        http=Http(method="GET", path="/ledger/accounts/{account}"),
        request=messages.ReadAccount,
        response=messages.AccountView,
        permission="ledger.read",
        handler=read_account,
    ),
    Operation(
        name="ledger.change_account",
        announces="ledger.account_changed",
        summary="Change an account",
        description="Another name, or closed for posting. Entries stay on it for ever.",
        effect="edit",
        http=Http(method="PATCH", path="/ledger/accounts/{account}"),
        request=messages.ChangeAccount,
        response=messages.AccountView,
        permission="ledger.set_up",
        handler=change_account,
        example={"name": "Receivables from staff and owners"},
    ),
)
