"""Records of payables: an invoice of a vendor, and a run that paid it from a bank account."""

from __future__ import annotations

from campaign.authz.records import Found, Side, records

OWN, THEIRS = "NL91 ABNA 0417 1643 00", "DE89 3704 0044 0532 0130 00"


@records
def owed(side: Side) -> Found:
    """Names that payments and sales use for something else are those of this room's operations alone."""
    shop, vendor, bank = side.shop, side.name("V"), side.name("B")
    shop.perform("parties.create_vendor", {"number": vendor, "name": "Vendor"})
    shop.perform("parties.add_bank_account", {"vendor": vendor, "iban": THEIRS})
    account = shop.perform("payables.create_bank_account", {"code": bank, "name": "Bank", "iban": OWN})["id"]
    lines = [{"account": "5100", "amount": "20.00"}]
    invoice = shop.perform("payables.post_vendor_invoice", {"vendor": vendor, "lines": lines, "due_date": "2026-11-22"})["id"]
    run = shop.perform("payables.pay_vendors", {"bank_account": bank, "due_until": "2026-12-31", "vendors": [vendor]})
    payment = run["payments"][0]["id"]
    return {
        "bank_account": account, "run": run["id"], "payables.invoice": invoice, "vendor_invoice.invoice": invoice, "payables.payment": payment,
        "vendor_payment.payment": payment,
    }  # fmt: skip
