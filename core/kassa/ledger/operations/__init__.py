"""The verbs of the ledger, one file for each thing they are about."""

from __future__ import annotations

from kassa.kernel.contributions import Operation
from kassa.ledger.operations import (
    accounts,
    balances,
    currencies,
    dimensions,
    journals,
    open_items,
    periods,
    roles,
    set_up,
    undoing,
    vouchers,
    years,
)

OPERATIONS: tuple[Operation, ...] = (
    *set_up.OPERATIONS,
    *accounts.OPERATIONS,
    *roles.OPERATIONS,
    *periods.OPERATIONS,
    *vouchers.OPERATIONS,
    *balances.OPERATIONS,
    *open_items.OPERATIONS,
    *undoing.OPERATIONS,
    *journals.OPERATIONS,
    *years.OPERATIONS,
    *currencies.OPERATIONS,
    *dimensions.OPERATIONS,
)
