"""Loading many customers at once: created or brought up to date in one plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue
from kassa.kernel.operations import Result
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts as org
from kassa.org.documents import LegalEntity
from kassa.org.editing import refusal, refuse_load
from kassa.parties import messages
from kassa.parties.models import CustomerRow

FIELDS = ("name", "email", "phone", "language", "tax_number")
PRESENT = (
    "SELECT number, id, version, currency, name, email, phone, language, tax_number FROM parties_customer "
    "WHERE legal_entity_id = ? AND number IN {keys}"
)
Present = Mapping[str, Mapping[str, Any]]


def load_customers(command: messages.LoadCustomers, context: Context) -> Result:
    """Plan many customers; with any issue, nothing happens."""
    entity = org.legal_entity(context)
    names = ("number", "id", "version", "currency", *FIELDS)
    found = context.read.rows_for(PRESENT, [entry.number for entry in command.customers], (entity.id,))
    present: Present = {row[0]: dict(zip(names, row, strict=True)) for row in found}
    refuse_load(_issues(command, present))
    added = [_new(entry, entity) for entry in command.customers if entry.number not in present]
    changed = [row for entry in command.customers if entry.number in present for row in _changed(entry, present[entry.number])]
    context.plan.add([*added, *changed], rule="parties.load_customers")
    unchanged = len(command.customers) - len(added) - len(changed)
    view = messages.LoadedCustomersView(created=len(added), changed=len(changed), unchanged=unchanged)
    return Result(view=lambda numbers: view)


def _issues(command: messages.LoadCustomers, present: Present) -> list[Issue]:
    issues: list[Issue] = []
    seen: set[str] = set()
    for place, entry in enumerate(command.customers):
        pointer, known = f"/customers/{place}", present.get(entry.number)
        if entry.number in seen:
            issues.append(
                refusal("PARTIES_LISTED_TWICE", f"The customer {entry.number} stands twice here. Send it once.", pointer, entry.number)
            )
        seen.add(entry.number)
        if known is None and entry.name is None:
            message = f"The customer {entry.number} is new. Send its name."
            issues.append(refusal("PARTIES_NAME_NEEDED", message, f"{pointer}/name", entry.number))
        if known is not None and entry.currency is not None and entry.currency != known["currency"]:
            message = f"The customer {entry.number} is kept in {known['currency']}, which never changes."
            issues.append(refusal("PARTIES_CURRENCY_FIXED", message, f"{pointer}/currency", entry.currency))
    return issues


def _new(entry: messages.LoadedCustomer, entity: LegalEntity) -> Row:
    values = {name: getattr(entry, name) for name in FIELDS}
    values |= {
        "id": new_id(), "legal_entity_id": entity.id, "number": entry.number, "currency": entry.currency or entity.currency,
        "blocked": "none", "invoice_account_id": None, "tax_exempt": False, "version": 1,
    }  # fmt: skip
    return Row(CustomerRow, values)


def _changed(entry: messages.LoadedCustomer, known: Mapping[str, Any]) -> list[Row]:
    sent = {name: getattr(entry, name) for name in FIELDS}
    values = {name: value for name, value in sent.items() if value is not None and value != known[name]}
    return [Row(CustomerRow, values, key={"id": known["id"]}, version=known["version"])] if values else []


OPERATIONS = (
    Operation(
        name="parties.load_customers",
        announces="parties.customers_loaded",
        summary="Create or bring up to date up to 5,000 customers at once",
        description="Sent again, nothing changes. With any mistake nothing happens, and every mistake is named.",
        effect="edit",
        http=Http(method="POST", path="/customers/load"),
        request=messages.LoadCustomers,
        response=messages.LoadedCustomersView,
        permission="parties.load",
        handler=load_customers,
        example={"customers": [{"number": "C-1001", "name": "Ada Jansen"}]},
    ),
)
