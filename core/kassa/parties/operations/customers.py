"""Customers: create, read, list, change."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import Issue, Refused
from kassa.kernel.operations import Result, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts as org
from kassa.org.editing import change, given, listed, refusal, taken
from kassa.parties import facts, messages
from kassa.parties.documents import Customer
from kassa.parties.models import CustomerRow
from kassa.parties.store import COLUMNS

SELECT = f"SELECT {COLUMNS}, version FROM parties_customer"
TAKEN = "SELECT 1 FROM parties_customer WHERE legal_entity_id = ? AND number = ?"
BILLED_FOR = "SELECT 1 FROM parties_customer WHERE invoice_account_id = ?"
GUARDED = ("blocked", "invoice_account")
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and capitals that nobody takes for each other."""


def create_customer(command: messages.CreateCustomer, context: Context) -> Result:
    """Plan a new customer."""
    entity = org.legal_entity(context)
    customer_id = new_id()
    if command.number is not None and context.read.row(TAKEN, (entity.id, command.number)):
        raise taken("The customer", "/number", command.number)
    number = command.number or _free_number(context, entity.id)
    if command.tax_exempt:
        context.actor.require("parties.exempt")
    billed = None
    if command.invoice_account is not None:
        context.actor.require("parties.block")
        billed = facts.customer(context, command.invoice_account)
    issues = invoice_account_issues(context, customer_id, billed)
    if issues:
        raise Refused(issues)
    view = messages.CustomerView(
        id=customer_id,
        legal_entity_id=entity.id,
        number=number,
        name=command.name,
        currency=command.currency or entity.currency,
        blocked="none",
        invoice_account_id=billed.id if billed is not None else None,
        vendor_id=_vendor_id(context, command.vendor_account),
        email=command.email,
        phone=command.phone,
        language=command.language,
        tax_number=command.tax_number,
        tax_exempt=command.tax_exempt,
        version=1,
    )
    context.plan.add([Row(CustomerRow, attrs.asdict(view))], rule="parties.create_customer")
    return Result(view=lambda numbers: view, document_id=customer_id, version=1)


def _vendor_id(context: Context, reference: str | None) -> str | None:
    """The id of the vendor that a customer is as well; money can be paid out there, so it needs a right of its own."""
    if reference is None:
        return None
    context.actor.require("parties.change_vendor")
    return facts.vendor(context, reference).id


def _free_number(context: Context, entity_id: str) -> str:
    while True:
        number = made_up_number(new_id())
        if context.read.row(TAKEN, (entity_id, number)) is None:
            return number


def made_up_number(customer_id: str) -> str:
    """A number of eight letters from the random end of an id: short enough to read out, and not to be guessed by counting."""
    bits = int(customer_id[-12:], 16)
    return "C" + "".join(LETTERS[(bits >> shift) & 31] for shift in range(35, -1, -5))


def invoice_account_issues(context: Context, customer_id: str, billed: Customer | None) -> list[Issue]:
    """The issue of an invoice account that is the customer itself or would make a chain; none for none."""
    if billed is None:
        return []
    if billed.id != customer_id and billed.invoice_account_id is None and context.read.row(BILLED_FOR, (customer_id,)) is None:
        return []
    message = "Invoices go to one other customer, who gets its own itself and whose invoices go to nobody else. Name such a one."
    return [refusal("PARTIES_INVOICE_ACCOUNT", message, "/invoice_account", billed.number)]


def read_customer(request: messages.ReadCustomer, context: Context) -> messages.CustomerView:
    """Show one customer of the legal entity."""
    return _read(context, request.customer)


def _read(context: Context, reference: str) -> messages.CustomerView:
    found = facts.customer(context, reference)
    row = context.read.row(f"{SELECT} WHERE id = ?", (found.id,))
    assert row is not None, "a customer is never deleted"
    return _view(row)


def _view(row: DatabaseRow) -> messages.CustomerView:
    customer_id, entity_id, number, name, currency, blocked, billed_id, email, phone, language, tax_number, tax_exempt, vendor_id, version = row
    return messages.CustomerView(
        id=customer_id,
        legal_entity_id=entity_id,
        number=number,
        name=name,
        currency=currency,
        blocked=blocked,
        invoice_account_id=billed_id,
        vendor_id=vendor_id,
        email=email,
        phone=phone,
        language=language,
        tax_number=tax_number,
        tax_exempt=bool(tax_exempt),
        version=version,
    )


def list_customers(request: messages.ListCustomers, context: Context) -> Any:
    """Show a page of the customers of the legal entity, in the order in which they were created."""
    entity = org.legal_entity(context)
    conditions = [("legal_entity_id = ?", entity.id), ("email = ?", request.email), ("blocked = ?", request.blocked)]
    return listed(context, request, SELECT, conditions, messages.CustomerView, _view)


def change_customer(command: messages.ChangeCustomer, context: Context) -> Result:
    """Plan what shall be different at a customer; blocking and invoice account need a right of their own."""
    if given(command, *GUARDED):
        context.actor.require("parties.block")
    if given(command, "tax_exempt"):
        context.actor.require("parties.exempt")
    present = _read(context, command.customer)
    values = given(command, "name", "email", "phone", "language", "tax_number", "tax_exempt", "blocked")
    for reference in given(command, "invoice_account").values():
        billed = facts.customer(context, reference) if reference is not None else None
        issues = invoice_account_issues(context, present.id, billed)
        if issues:
            raise Refused(issues)
        values["invoice_account_id"] = billed.id if billed is not None else None
    for reference in given(command, "vendor_account").values():
        context.actor.require("parties.change_vendor")
        values["vendor_id"] = _vendor_id(context, reference)
    what = f"The customer {present.number}"
    version = change(context, CustomerRow, {"id": present.id}, present.version, what, values, "parties.change_customer")
    view = attrs.evolve(present, **values, version=version)
    return Result(view=lambda numbers: view, document_id=present.id, version=version)


OPERATIONS = (
    Operation(
        name="parties.create_customer",
        announces="parties.customer_created",
        summary="Create a customer",
        effect="edit",
        http=Http(method="POST", path="/customers", status=201, location="/customers/{id}"),
        request=messages.CreateCustomer,
        response=messages.CustomerView,
        permission="parties.change",
        handler=create_customer,
        example={"number": "C-1001", "name": "Ada Jansen", "email": "ada@example.com", "language": "nl"},
    ),
    Operation(
        name="parties.list_customers",
        summary="List the customers of a legal entity",
        effect="read",
        http=Http(method="GET", path="/customers"),
        request=messages.ListCustomers,
        response=page_of(messages.CustomerView),
        permission="parties.read",
        handler=list_customers,
        collection=True,
    ),
    Operation(
        name="parties.read_customer",
        summary="Read a customer",
        effect="read",
        http=Http(method="GET", path="/customers/{customer}"),
        request=messages.ReadCustomer,
        response=messages.CustomerView,
        permission="parties.read",
        handler=read_customer,
    ),
    Operation(
        name="parties.change_customer",
        announces="parties.customer_changed",
        summary="Change a customer, or block it",
        description="`blocked` and `invoice_account` need the permission parties.block as well, `vendor_account` parties.change_vendor.",
        effect="edit",
        http=Http(method="PATCH", path="/customers/{customer}"),
        request=messages.ChangeCustomer,
        response=messages.CustomerView,
        permission="parties.change",
        handler=change_customer,
    ),
)
