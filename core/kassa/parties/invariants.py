"""What must hold of the parties in any database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel.contributions import Invariant
from kassa.kernel.invariants import SAMPLES

STRAY_VENDORS = (
    "SELECT c.id, c.vendor_id FROM parties_customer c LEFT JOIN parties_vendor v ON v.id = c.vendor_id AND v.legal_entity_id = c.legal_entity_id "
    "WHERE c.vendor_id IS NOT NULL AND v.id IS NULL LIMIT ?"
)


def stray_vendors(read: Any) -> Iterable[str]:
    """Find customers whose vendor account is no vendor of their legal entity."""
    for customer_id, vendor_id in read.rows(STRAY_VENDORS, (SAMPLES,)):
        yield f"customer {customer_id}: its vendor account {vendor_id} is no vendor of its legal entity"


INVARIANTS = (
    Invariant(
        name="parties.vendor_accounts", summary="The vendor account of a customer is a vendor of its legal entity.", find=stray_vendors
    ),
)
