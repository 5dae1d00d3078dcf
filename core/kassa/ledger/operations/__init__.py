"""The verbs of the ledger, one file for each thing they are about."""

from __future__ import annotations

from kassa.kernel.contributions import Operation
from kassa.ledger.operations import accounts, balances, open_items, periods, roles, set_up, vouchers

OPERATIONS: tuple[Operation, ...] = (
    *set_up.OPERATIONS,
    *accounts.OPERATIONS,
    *roles.OPERATIONS,
    *periods.OPERATIONS,
    *vouchers.OPERATIONS,
    *balances.OPERATIONS,
    *open_items.OPERATIONS,
)
