"""Records of customers and vendors."""

from __future__ import annotations

from campaign.authz.records import Found, Side, records

ADDRESS = {"lines": ["Damrak 1"], "city": "Amsterdam", "country": "NL"}
IBAN = "NL91 ABNA 0417 1643 00"


@records
def parties(side: Side) -> Found:
    """A customer with an address, a vendor with a bank account."""
    do = side.shop.perform
    customer = do("parties.create_customer", {"number": side.name("K"), "name": "Customer"})["id"]
    vendor = do("parties.create_vendor", {"number": side.name("V"), "name": "Vendor"})["id"]
    return {
        "customer": customer,
        "address_id": do("parties.add_address", {"customer": customer, "kind": "delivery", "address": ADDRESS})["id"],
        "vendor": vendor,
        "bank_account_id": do("parties.add_bank_account", {"vendor": vendor, "iban": IBAN})["id"],
    }
