"""Bank accounts of vendors: add, list, prefer, retire."""

from __future__ import annotations

from typing import Any

import attrs
from stdnum import iban
from stdnum.exceptions import ValidationError

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import NotFound
from kassa.kernel.operations import Result, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org.editing import change, given, listed, refusal
from kassa.parties import facts
from kassa.parties import vendor_messages as messages
from kassa.parties.models import BankAccountRow

SELECT = "SELECT id, party_id, iban, bic, holder, preferred, active, version FROM parties_bank_account"
PREFERRED = f"{SELECT} WHERE party_id = ? AND preferred"


def checked_iban(context: Context, text: str, pointer: str = "/iban") -> str:
    """Give an IBAN without blanks; Refused (PARTIES_IBAN) where its length, its country or its check digits are wrong."""
    try:
        return str(iban.validate(text))
    except ValidationError as error:
        message = f"{text} is no IBAN: {error}"
        context.refuse([refusal("PARTIES_IBAN", message, pointer, text)])
        raise AssertionError("an issue that refuses stops the planning") from error


def add_bank_account(command: messages.AddBankAccount, context: Context) -> Result:
    """Plan a further bank account; the first is preferred."""
    vendor = facts.vendor(context, command.vendor)
    number = checked_iban(context, command.iban)
    preferred = [_view(row) for row in context.read.rows(PREFERRED, (vendor.id,))]
    view = messages.BankAccountView(
        id=new_id(), vendor_id=vendor.id, iban=number, bic=command.bic, holder=command.holder or vendor.name,
        preferred=command.preferred or not preferred, active=True, version=1,
    )  # fmt: skip
    if view.preferred:
        _no_longer_preferred(context, preferred)
    values = attrs.asdict(view)
    context.plan.add([Row(BankAccountRow, values | {"party_id": values.pop("vendor_id")})], rule="parties.add_bank_account")
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def _no_longer_preferred(context: Context, accounts: list[messages.BankAccountView]) -> None:
    rows = [Row(BankAccountRow, {"preferred": False}, key={"id": found.id}, version=found.version) for found in accounts]
    context.plan.add(rows, rule="parties.prefer_bank_account")


def _view(row: DatabaseRow) -> messages.BankAccountView:
    return messages.BankAccountView(
        id=row[0], vendor_id=row[1], iban=row[2], bic=row[3], holder=row[4], preferred=bool(row[5]), active=bool(row[6]), version=row[7]
    )


def list_bank_accounts(request: messages.ListBankAccounts, context: Context) -> Any:
    """Show a page of the bank accounts of a vendor, in the order in which they were added."""
    vendor = facts.vendor(context, request.vendor)
    return listed(context, request, SELECT, [("party_id = ?", vendor.id)], messages.BankAccountView, _view)


def change_bank_account(command: messages.ChangeBankAccount, context: Context) -> Result:
    """Plan what shall be different at a bank account; its number never changes, another one is another account."""
    vendor = facts.vendor(context, command.vendor)
    row = context.read.row(f"{SELECT} WHERE party_id = ? AND id = ?", (vendor.id, command.bank_account_id))
    if row is None:
        raise NotFound("bank account of this vendor", command.bank_account_id)
    present, values = _view(row), given(command, "preferred", "active")
    if values.get("preferred"):
        others = [_view(other) for other in context.read.rows(PREFERRED, (vendor.id,))]
        _no_longer_preferred(context, [other for other in others if other.id != present.id])
    version = change(
        context, BankAccountRow, {"id": present.id}, present.version, "The bank account", values, "parties.change_bank_account"
    )
    view = attrs.evolve(present, **values, version=version)
    return Result(view=lambda numbers: view, document_id=present.id, version=version)


OPERATIONS = (
    Operation(
        name="parties.add_bank_account",
        announces="parties.bank_account_added",
        summary="Add a bank account to a vendor",
        description="The check digits of the IBAN are verified. Payments go to the preferred account.",
        effect="edit",
        http=Http(method="POST", path="/vendors/{vendor}/bank-accounts", status=201),
        request=messages.AddBankAccount,
        response=messages.BankAccountView,
        permission="parties.change_vendor",
        handler=add_bank_account,
        example={"iban": "NL91 ABNA 0417 1643 00", "bic": "ABNANL2A"},
    ),
    Operation(
        name="parties.list_bank_accounts",
        summary="List the bank accounts of a vendor",
        effect="read",
        http=Http(method="GET", path="/vendors/{vendor}/bank-accounts"),
        request=messages.ListBankAccounts,
        response=page_of(messages.BankAccountView),
        permission="parties.read_vendor",
        handler=list_bank_accounts,
        collection=True,
    ),
    Operation(
        name="parties.change_bank_account",
        announces="parties.bank_account_changed",
        summary="Prefer a bank account of a vendor, or retire it",
        effect="edit",
        http=Http(method="PATCH", path="/vendors/{vendor}/bank-accounts/{bank_account_id}"),
        request=messages.ChangeBankAccount,
        response=messages.BankAccountView,
        permission="parties.change_vendor",
        handler=change_bank_account,
    ),
)
