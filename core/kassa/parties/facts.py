"""What others ask about the parties; every answer is a frozen value, cached until a party changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kassa.kernel.context import Context
from kassa.kernel.database import Reader
from kassa.kernel.errors import NotFound
from kassa.kernel.keys import NO_ID, id_or_none
from kassa.kernel.plan import Row
from kassa.org.facts import legal_entity
from kassa.parties import store as rows
from kassa.parties.documents import BankAccount, Customer, Vendor
from kassa.parties.models import VendorRow

BANK_ACCOUNTS = "SELECT id, party_id, iban, bic, holder FROM parties_bank_account WHERE preferred AND active AND party_id IN {keys}"


def customers(context: Context, numbers: Sequence[str]) -> dict[str, Customer]:
    """The customers of numbers or ids within the request's legal entity, by reference; what is unknown is absent."""
    entity_id = legal_entity(context).id

    def load(read: Reader, missing: list[str]) -> Mapping[str, Customer]:
        return _load(read, entity_id, missing)

    return context.caches.get_many(context.read, "parties", f"customers/{entity_id}", list(numbers), load)


def customer(context: Context, reference: str) -> Customer:
    """The customer of a number or id within the request's legal entity; NotFound where there is none."""
    found = customers(context, (reference,)).get(reference)
    if found is None:
        raise NotFound("customer", reference)
    return found


def vendors(context: Context, references: Sequence[str]) -> dict[str, Vendor]:
    """The vendors of numbers or ids within the request's legal entity, by reference; what is unknown is absent.

    Vendors that this plan creates are among them, so that an operation can create one and go on with it.
    """
    entity_id = legal_entity(context).id

    def load(read: Reader, missing: list[str]) -> Mapping[str, Vendor]:
        found = rows.vendors(read, entity_id, "number", missing)
        ids = [reference for reference in missing if reference not in found and id_or_none(reference) != NO_ID]
        return found | rows.vendors(read, entity_id, "id", ids) if ids else found

    found = context.caches.get_many(context.read, "parties", f"vendors/{entity_id}", list(references), load)
    missing = [reference for reference in references if reference not in found]
    return {**found, **_planned(context, entity_id, missing)} if missing else found


def _planned(context: Context, entity_id: str, references: Sequence[str]) -> dict[str, Vendor]:
    made = [stamped.effect.values for stamped in context.plan.of(Row) if stamped.effect.table is VendorRow and stamped.effect.key is None]
    known = [rows.vendor(tuple(values.get(name.strip()) for name in rows.VENDOR_COLUMNS.split(","))) for values in made]
    ours = [vendor for vendor in known if vendor.legal_entity_id == entity_id]
    return {reference: vendor for vendor in ours for reference in (vendor.number, vendor.id) if reference in references}


def vendor(context: Context, reference: str) -> Vendor:
    """The vendor of a number or id within the request's legal entity; NotFound where there is none."""
    found = vendors(context, (reference,)).get(reference)
    if found is None:
        raise NotFound("vendor", reference)
    return found


def bank_accounts(context: Context, vendor_ids: Sequence[str]) -> dict[str, BankAccount]:
    """The bank account to which each vendor is paid, by the vendor's id; a vendor without one is absent."""
    found = context.read.rows_for(BANK_ACCOUNTS, list(vendor_ids)) if vendor_ids else []
    return {row[1]: BankAccount(id=row[0], party_id=row[1], iban=row[2], bic=row[3], holder=row[4], preferred=True) for row in found}


def _load(read: Reader, entity_id: str, references: Sequence[str]) -> dict[str, Customer]:
    found = rows.customers(read, entity_id, "number", references)
    ids = [reference for reference in references if reference not in found and id_or_none(reference) != NO_ID]
    known = found | rows.customers(read, entity_id, "id", ids) if ids else found
    # Who found a customer by number asks by id next.
    return known | {customer.id: customer for customer in known.values()}
