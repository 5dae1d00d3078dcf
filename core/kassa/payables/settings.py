"""Vocabulary of payables: the role of bank accounts, what can be reversed."""

from __future__ import annotations

from kassa.kernel.contributions import NumberSeries
from kassa.ledger.documents import AccountRole
from kassa.ledger.reversing import Reversible

ACCOUNT_ROLES = (AccountRole(name="bank", summary="Bank", type="asset", number="1020"),)
SERIES = (
    NumberSeries(name="vendor_invoice", summary="Vendor invoices", pattern="VIN-{register}-{number}"),
    NumberSeries(name="vendor_credit_note", summary="Vendor credit notes", pattern="VCN-{register}-{number}"),
    NumberSeries(name="vendor_payment", summary="Vendor payments", pattern="VPA-{register}-{number}"),
    NumberSeries(name="vendor_payment_run", summary="Runs of vendor payments", pattern="VPR-{register}-{number}"),
    NumberSeries(name="balance_transfer", summary="Balances moved from customers to vendors", pattern="BTR-{register}-{number}"),
)
REVERSIBLE = (
    Reversible(name="vendor_invoice", summary="Vendor invoices and vendor credit notes"),
    Reversible(name="balance_transfer", summary="Balances moved from customers to vendors"),
)
