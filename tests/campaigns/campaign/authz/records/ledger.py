"""Records of the ledger."""

from __future__ import annotations

from campaign.authz.records import Found, Side, records, shared

shared("role", "roles of accounts are declared by their owners; the account that is assigned is that of the request's legal entity")
shared("dimension", "dimensions are declared by their owners; their values belong to legal entities", "department")


@records
def books(side: Side) -> Found:
    """An account, a period, a value of a dimension, a journal, and a payment that settled an invoice."""
    shop, code = side.shop, side.name("D")
    shop.perform("ledger.create_dimension_value", {"dimension": "department", "value": code, "name": "Garden"})
    lines = [{"account": "5100", "amount": "5.00"}, {"account": "3000", "amount": "-5.00"}]
    voucher = shop.perform("ledger.post_journal", {"description": "Differences", "lines": lines})
    (invoice,) = shop.invoice(side.order(), quantity_basis="all")
    paid = shop.pay("C0001", "1.00", invoices=[invoice["number"]])
    return {
        "account": shop.perform("ledger.create_account", {"number": "1150", "name": "Staff", "type": "asset"})["id"],
        "period": shop.perform("ledger.create_period", {"first_date": "2028-01-01", "last_date": "2028-01-31"})["id"],
        "value": code, "voucher": voucher["id"], "document": paid["id"],
    }  # fmt: skip
