"""Addresses of a customer: add, list, change, retire."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import NotFound
from kassa.kernel.operations import Result, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org.editing import change, given, listed
from kassa.org.messages.scalars import Address, Coordinates
from kassa.parties import facts, messages
from kassa.parties.models import AddressRow

SELECT = (
    "SELECT id, party_id, kind, name, preferred, active, version, lines, postal_code, city, region, country, latitude_micro, longitude_micro "
    "FROM parties_address"
)
PREFERRED = f"{SELECT} WHERE party_id = ? AND kind = ? AND preferred"


def add_address(command: messages.AddAddress, context: Context) -> Result:
    """Plan a further address; the first of its kind is preferred."""
    customer = facts.customer(context, command.customer)
    view = _view(add_to_party(command, customer.id, context, "parties.add_address"))
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def add_to_party(command: Any, party_id: str, context: Context, rule: str) -> tuple[Any, ...]:
    """Plan a further address of a party and answer its row, as SELECT would; the one that was preferred before gives way."""
    preferred = [_view(row) for row in context.read.rows(PREFERRED, (party_id, command.kind))]
    values = {
        "id": new_id(),
        "party_id": party_id,
        "kind": command.kind,
        "name": command.name,
        "preferred": command.preferred or not preferred,
        "active": True,
        "version": 1,
        **columns(command.address),
    }
    if values["preferred"]:
        _no_longer_preferred(context, preferred)
    context.plan.add([Row(AddressRow, values)], rule=rule)
    return tuple(values.values())


def _no_longer_preferred(context: Context, addresses: list[messages.AddressView]) -> None:
    rows = [Row(AddressRow, {"preferred": False}, key={"id": address.id}, version=address.version) for address in addresses]
    context.plan.add(rows, rule="parties.prefer_address")


def columns(address: Address) -> dict[str, Any]:
    """The columns of an address."""
    return {
        "lines": "\n".join(address.lines),
        "postal_code": address.postal_code,
        "city": address.city,
        "region": address.region,
        "country": address.country,
        "latitude_micro": address.coordinates.latitude if address.coordinates is not None else None,
        "longitude_micro": address.coordinates.longitude if address.coordinates is not None else None,
    }


def address_fields(row: DatabaseRow) -> dict[str, Any]:
    """The fields that every view of an address has, of a row of SELECT."""
    address_id, _, kind, name, preferred, active, version, *address = row
    flags = {"preferred": bool(preferred), "active": bool(active)}
    return {"id": address_id, "kind": kind, "name": name, "address": _address(*address), **flags, "version": version}


def _view(row: DatabaseRow) -> messages.AddressView:
    return messages.AddressView(customer_id=row[1], **address_fields(row))


def _address(lines: str, postal_code: str | None, city: str | None, region: str | None, country: str, *point: int | None) -> Address:
    latitude, longitude = point
    coordinates = Coordinates(latitude=latitude, longitude=longitude) if latitude is not None and longitude is not None else None
    return Address(
        lines=tuple(lines.split("\n")), postal_code=postal_code, city=city, region=region, country=country, coordinates=coordinates
    )


def list_addresses(request: messages.ListAddresses, context: Context) -> Any:
    """Show a page of the addresses of a customer, in the order in which they were added."""
    customer = facts.customer(context, request.customer)
    return listed(context, request, SELECT, [("party_id = ?", customer.id)], messages.AddressView, _view)


def change_address(command: messages.ChangeAddress, context: Context) -> Result:
    """Plan what shall be different at an address; one that becomes preferred takes that from the one before."""
    customer = facts.customer(context, command.customer)
    row = context.read.row(f"{SELECT} WHERE party_id = ? AND id = ?", (customer.id, command.address_id))
    if row is None:
        raise NotFound("address of this customer", command.address_id)
    present = _view(row)
    shown = given(command, "name", "address", "preferred", "active")
    if shown.get("preferred"):
        others = [_view(other) for other in context.read.rows(PREFERRED, (customer.id, present.kind))]
        _no_longer_preferred(context, [other for other in others if other.id != present.id])
    values = {name: value for name, value in shown.items() if name != "address"}
    if "address" in shown:
        values |= columns(shown["address"])
    version = change(context, AddressRow, {"id": present.id}, present.version, "The address", values, "parties.change_address")
    view = attrs.evolve(present, **shown, version=version)
    return Result(view=lambda numbers: view, document_id=present.id, version=version)


OPERATIONS = (
    Operation(
        name="parties.add_address",
        announces="parties.address_added",
        summary="Add an address to a customer",
        effect="edit",
        http=Http(method="POST", path="/customers/{customer}/addresses", status=201),
        request=messages.AddAddress,
        response=messages.AddressView,
        permission="parties.change",
        handler=add_address,
        example={
            "customer": "C-1001",
            "kind": "delivery",
            "address": {"lines": ["Damrak 1"], "postal_code": "1012 LG", "city": "Amsterdam", "country": "NL"},
        },
    ),
    Operation(
        name="parties.list_addresses",
        summary="List the addresses of a customer",
        effect="read",
        http=Http(method="GET", path="/customers/{customer}/addresses"),
        request=messages.ListAddresses,
        response=page_of(messages.AddressView),
        permission="parties.read",
        handler=list_addresses,
        collection=True,
    ),
    Operation(
        name="parties.change_address",
        announces="parties.address_changed",
        summary="Change an address of a customer, or retire it",
        effect="edit",
        http=Http(method="PATCH", path="/customers/{customer}/addresses/{address_id}"),
        request=messages.ChangeAddress,
        response=messages.AddressView,
        permission="parties.change",
        handler=change_address,
    ),
)
