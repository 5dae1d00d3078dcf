"""The verbs of payables, one file for each thing they are about."""

from __future__ import annotations

from kassa.kernel.contributions import Operation
from kassa.payables.operations import bank_accounts, bank_files, invoices, listing, paying, resolving, transfers

OPERATIONS: tuple[Operation, ...] = (
    *bank_accounts.OPERATIONS,
    *invoices.OPERATIONS,
    *listing.OPERATIONS,
    *paying.OPERATIONS,
    *resolving.OPERATIONS,
    *bank_files.OPERATIONS,
    *transfers.OPERATIONS,
)
