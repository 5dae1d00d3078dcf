"""The parties of the subledger: customers and vendors alike, as who has open items."""

from __future__ import annotations

import attrs

from kassa.kernel.context import Context
from kassa.kernel.errors import Issue
from kassa.parties import facts as parties


@attrs.frozen
class Party:
    """Who has open items: `type` is customer or vendor."""

    legal_entity_id: str
    type: str
    id: str
    number: str
    name: str
    currency: str


def party_of(customer: str | None, vendor: str | None, context: Context) -> Party:
    """Find the customer or vendor that a request names; Refused where it names none or both, NotFound where there is none."""
    if (customer is None) is (vendor is None):
        message = "Name a customer or a vendor, one of the two."
        context.refuse([Issue(code="LEDGER_PARTY_NEEDED", message=message, pointer="/customer")])
    if customer is not None:
        found = parties.customer(context, customer)
        return Party(found.legal_entity_id, "customer", found.id, found.number, found.name, found.currency)
    other = parties.vendor(context, vendor or "")
    return Party(other.legal_entity_id, "vendor", other.id, other.number, other.name, other.currency)
