"""Bank accounts of the legal entity: create, list, change."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.operations import Result, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts as org
from kassa.org.editing import change, given, listed, taken
from kassa.parties.operations.bank_accounts import checked_iban
from kassa.payables.facts import BANK_ACCOUNT, bank_account, bank_account_view
from kassa.payables.messages import payments as messages
from kassa.payables.models import BankAccountRow


def create_bank_account(command: messages.CreateBankAccount, context: Context) -> Result:
    """Plan a new bank account; the ledger account that is named plays the role `bank` for it."""
    entity = org.legal_entity(context)
    if context.read.row(f"{BANK_ACCOUNT} WHERE legal_entity_id = ? AND code = ?", (entity.id, command.code)):
        raise taken("The bank account", "/code", command.code)
    view = messages.BankAccountView(
        id=new_id(), code=command.code, name=command.name, iban=checked_iban(context, command.iban), bic=command.bic,
        currency=command.currency or entity.currency, active=True, version=1,
    )  # fmt: skip
    rows = [Row(BankAccountRow, {**attrs.asdict(view), "legal_entity_id": entity.id})]
    context.plan.add(rows, rule="payables.create_bank_account")
    if command.account is not None:
        context.call("ledger.assign_account", {"role": "bank", "selector": view.code, "account": command.account})
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def list_bank_accounts(request: messages.ListBankAccounts, context: Context) -> Any:
    """Show a page of the bank accounts, in the order in which they were created."""
    entity = org.legal_entity(context)
    return listed(context, request, BANK_ACCOUNT, [("legal_entity_id = ?", entity.id)], messages.BankAccountView, bank_account_view)


def change_bank_account(command: messages.ChangeBankAccount, context: Context) -> Result:
    """Plan another name, or whether a bank account may be paid from."""
    present, values = bank_account(context, command.bank_account), given(command, "name", "active")
    what = f"The bank account {present.code}"
    version = change(context, BankAccountRow, {"id": present.id}, present.version, what, values, "payables.change_bank_account")
    view = attrs.evolve(present, **values, version=version)
    return Result(view=lambda numbers: view, document_id=view.id, version=version)


OPERATIONS = (
    Operation(
        name="payables.create_bank_account",
        announces="payables.bank_account_created",
        summary="Create a bank account of the legal entity",
        effect="edit",
        http=Http(method="POST", path="/bank-accounts", status=201),
        request=messages.CreateBankAccount,
        response=messages.BankAccountView,
        permission="payables.set_up",
        handler=create_bank_account,
        example={"code": "MAIN", "name": "Current account", "iban": "NL91 ABNA 0417 1643 00"},
    ),
    Operation(
        name="payables.list_bank_accounts",
        summary="List the bank accounts of the legal entity",
        effect="read",
        http=Http(method="GET", path="/bank-accounts"),
        request=messages.ListBankAccounts,
        response=page_of(messages.BankAccountView),
        permission="payables.read",
        handler=list_bank_accounts,
        collection=True,
    ),
    Operation(
        name="payables.change_bank_account",
        announces="payables.bank_account_changed",
        summary="Change a bank account of the legal entity, or close it",
        effect="edit",
        http=Http(method="PATCH", path="/bank-accounts/{bank_account}"),
        request=messages.ChangeBankAccount,
        response=messages.BankAccountView,
        permission="payables.set_up",
        handler=change_bank_account,
    ),
)
