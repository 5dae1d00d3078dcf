"""Vendors: create, read, list, change; one-time vendors from a template; their addresses."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.operations import Result, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts as org
from kassa.org.editing import change, given, listed, refusal, taken
from kassa.parties import facts
from kassa.parties import vendor_messages as messages
from kassa.parties.documents import Customer, Vendor
from kassa.parties.models import AddressRow, CustomerRow, VendorRow
from kassa.parties.operations.addresses import SELECT as SELECT_ADDRESSES
from kassa.parties.operations.addresses import add_to_party, address_fields
from kassa.parties.operations.customers import made_up_number
from kassa.parties.store import VENDOR_COLUMNS

SELECT = f"SELECT {VENDOR_COLUMNS}, version FROM parties_vendor"
TAKEN = "SELECT 1 FROM parties_vendor WHERE legal_entity_id = ? AND number = ?"
CUSTOMER_VERSION = "SELECT version FROM parties_customer WHERE id = ?"
INVOICE_ADDRESS = (
    f"{SELECT_ADDRESSES} WHERE party_id = ? AND active ORDER BY CASE kind WHEN 'invoice' THEN 0 ELSE 1 END, preferred DESC, id LIMIT 1"
)


def create_vendor(command: messages.CreateVendor, context: Context) -> Result:
    """Plan a new vendor."""
    entity = org.legal_entity(context)
    if command.number is not None and context.read.row(TAKEN, (entity.id, command.number)):
        raise taken("The vendor", "/number", command.number)
    vendor_id = new_id()
    view = messages.VendorView(
        id=vendor_id, legal_entity_id=entity.id, number=command.number or _free_number(vendor_id, entity.id, context), name=command.name,
        currency=command.currency or entity.currency, on_hold="none", one_time=False, due_days=command.due_days, email=command.email,
        phone=command.phone, language=command.language, tax_number=command.tax_number, version=1,
    )  # fmt: skip
    context.plan.add([Row(VendorRow, attrs.asdict(view))], rule="parties.create_vendor")
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def _free_number(vendor_id: str, entity_id: str, context: Context) -> str:
    number = "V" + made_up_number(vendor_id)[1:]
    while context.read.row(TAKEN, (entity_id, number)) is not None:
        number = "V" + made_up_number(new_id())[1:]
    return number


def create_one_time_vendor(command: messages.CreateOneTimeVendor, context: Context) -> Result:
    """Plan a vendor made from a template; the customer of whom it is made keeps it, so the next time it is there already."""
    entity = org.legal_entity(context)
    reference = command.template or context.setting("parties.one_time_vendor_template")
    if not reference:
        message = "No template was named, and the setting parties.one_time_vendor_template names none."
        context.refuse([refusal("PARTIES_NO_TEMPLATE", message, "/template")])
    template = facts.vendor(context, reference)
    customer = facts.customer(context, command.customer) if command.customer is not None else None
    if customer is not None and customer.vendor_id is not None:
        message = f"Customer {customer.number} has a vendor account. Use it; a second one is not made."
        context.refuse([refusal("PARTIES_HAS_VENDOR", message, "/customer", customer.number)])
    vendor_id = new_id()
    source: Any = customer if customer is not None else template
    view = messages.VendorView(
        id=vendor_id, legal_entity_id=entity.id, number=_free_number(vendor_id, entity.id, context), name=command.name or source.name,
        currency=source.currency, on_hold="none", one_time=True, due_days=template.due_days, email=source.email, phone=source.phone,
        language=source.language or template.language, tax_number=source.tax_number if customer is not None else None, version=1,
    )  # fmt: skip
    context.plan.add([Row(VendorRow, attrs.asdict(view))], rule="parties.create_one_time_vendor")
    if customer is not None:
        _link(customer, vendor_id, context)
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def _link(customer: Customer, vendor_id: str, context: Context) -> None:
    """Keep the vendor on its customer, and copy the address to which the money goes."""
    version = context.read.value(CUSTOMER_VERSION, (customer.id,))
    effects = [Row(CustomerRow, {"vendor_id": vendor_id}, key={"id": customer.id}, version=version)]
    row = context.read.row(INVOICE_ADDRESS, (customer.id,))
    if row is not None:
        names = [name.strip() for name in SELECT_ADDRESSES.removeprefix("SELECT ").partition(" FROM ")[0].split(",")]
        copied = {"id": new_id(), "party_id": vendor_id, "kind": "invoice", "preferred": True, "active": True, "version": 1}
        effects.append(Row(AddressRow, dict(zip(names, row, strict=True)) | copied))
    context.plan.add(effects, rule="parties.create_one_time_vendor")


def read_vendor(request: messages.ReadVendor, context: Context) -> messages.VendorView:
    """Show one vendor of the legal entity."""
    return _read(context, facts.vendor(context, request.vendor))


def _read(context: Context, found: Vendor) -> messages.VendorView:
    row = context.read.row(f"{SELECT} WHERE id = ?", (found.id,))
    assert row is not None, "a vendor is never deleted"
    return _view(row)


def _view(row: DatabaseRow) -> messages.VendorView:
    vendor_id, entity_id, number, name, currency, on_hold, one_time, due_days, email, phone, language, tax_number, version = row
    return messages.VendorView(
        id=vendor_id, legal_entity_id=entity_id, number=number, name=name, currency=currency, on_hold=on_hold, one_time=bool(one_time),
        due_days=due_days, email=email, phone=phone, language=language, tax_number=tax_number, version=version,
    )  # fmt: skip


def list_vendors(request: messages.ListVendors, context: Context) -> Any:
    """Show a page of the vendors of the legal entity, in the order in which they were created."""
    entity = org.legal_entity(context)
    conditions = [("legal_entity_id = ?", entity.id), ("on_hold = ?", request.on_hold), ("one_time = ?", request.one_time)]
    return listed(context, request, SELECT, conditions, messages.VendorView, _view)


def change_vendor(command: messages.ChangeVendor, context: Context) -> Result:
    """Plan what shall be different at a vendor; holding it needs a right of its own."""
    if given(command, "on_hold"):
        context.actor.require("parties.hold")
    present = _read(context, facts.vendor(context, command.vendor))
    values = given(command, "name", "due_days", "email", "phone", "language", "tax_number", "on_hold")
    version = change(
        context, VendorRow, {"id": present.id}, present.version, f"The vendor {present.number}", values, "parties.change_vendor"
    )
    view = attrs.evolve(present, **values, version=version)
    return Result(view=lambda numbers: view, document_id=present.id, version=version)


def add_vendor_address(command: messages.AddVendorAddress, context: Context) -> Result:
    """Plan a further address of a vendor; the first of its kind is preferred."""
    row = add_to_party(command, facts.vendor(context, command.vendor).id, context, "parties.add_vendor_address")
    view = _address(row)
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def _address(row: DatabaseRow) -> messages.VendorAddressView:
    return messages.VendorAddressView(vendor_id=row[1], **address_fields(row))


def list_vendor_addresses(request: messages.ListVendorAddresses, context: Context) -> Any:
    """Show a page of the addresses of a vendor, in the order in which they were added."""
    vendor = facts.vendor(context, request.vendor)
    return listed(context, request, SELECT_ADDRESSES, [("party_id = ?", vendor.id)], messages.VendorAddressView, _address)


OPERATIONS = (
    Operation(
        name="parties.create_vendor",
        announces="parties.vendor_created",
        summary="Create a vendor",
        effect="edit",
        http=Http(method="POST", path="/vendors", status=201, location="/vendors/{id}"),
        request=messages.CreateVendor,
        response=messages.VendorView,
        permission="parties.change_vendor",
        handler=create_vendor,
        example={"number": "V-2001", "name": "Keramiek BV", "due_days": 14},
    ),
    Operation(
        name="parties.create_one_time_vendor",
        announces="parties.one_time_vendor_created",
        summary="Create a one-time vendor from a template",
        description="For a customer who is to be paid and is no vendor yet: name and address are copied, and the customer keeps the vendor account.",
        effect="edit",
        http=Http(method="POST", path="/vendors/one-time", status=201, location="/vendors/{id}"),
        request=messages.CreateOneTimeVendor,
        response=messages.VendorView,
        permission="parties.one_time_vendor",
        handler=create_one_time_vendor,
        example={"template": "V-ONCE", "customer": "C-1001"},
    ),
    Operation(
        name="parties.list_vendors",
        summary="List the vendors of a legal entity",
        effect="read",
        http=Http(method="GET", path="/vendors"),
        request=messages.ListVendors,
        response=page_of(messages.VendorView),
        permission="parties.read_vendor",
        handler=list_vendors,
        collection=True,
    ),
    Operation(
        name="parties.read_vendor",
        summary="Read a vendor",
        effect="read",
        http=Http(method="GET", path="/vendors/{vendor}"),
        request=messages.ReadVendor,
        response=messages.VendorView,
        permission="parties.read_vendor",
        handler=read_vendor,
    ),
    Operation(
        name="parties.change_vendor",
        announces="parties.vendor_changed",
        summary="Change a vendor, or hold it",
        description="`on_hold` needs the permission parties.hold as well.",
        effect="edit",
        http=Http(method="PATCH", path="/vendors/{vendor}"),
        request=messages.ChangeVendor,
        response=messages.VendorView,
        permission="parties.change_vendor",
        handler=change_vendor,
    ),
    Operation(
        name="parties.add_vendor_address",
        announces="parties.vendor_address_added",
        summary="Add an address to a vendor",
        effect="edit",
        http=Http(method="POST", path="/vendors/{vendor}/addresses", status=201),
        request=messages.AddVendorAddress,
        response=messages.VendorAddressView,
        permission="parties.change_vendor",
        handler=add_vendor_address,
        example={"address": {"lines": ["Havenweg 4"], "postal_code": "3011 AA", "city": "Rotterdam", "country": "NL"}},
    ),
    Operation(
        name="parties.list_vendor_addresses",
        summary="List the addresses of a vendor",
        effect="read",
        http=Http(method="GET", path="/vendors/{vendor}/addresses"),
        request=messages.ListVendorAddresses,
        response=page_of(messages.VendorAddressView),
        permission="parties.read_vendor",
        handler=list_vendor_addresses,
        collection=True,
    ),
)
