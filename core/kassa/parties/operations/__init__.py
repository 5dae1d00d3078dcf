"""The verbs of the parties, one file for each thing they are about."""

from __future__ import annotations

from kassa.kernel.contributions import Operation
from kassa.parties.operations import addresses, bank_accounts, customers, loading, vendors

OPERATIONS: tuple[Operation, ...] = (*customers.OPERATIONS, *addresses.OPERATIONS, *loading.OPERATIONS, *vendors.OPERATIONS, *bank_accounts.OPERATIONS)
