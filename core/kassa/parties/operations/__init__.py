"""The verbs of the parties, one file for each thing they are about."""

from __future__ import annotations

from kassa.kernel.contributions import Operation
from kassa.parties.operations import addresses, customers, loading

OPERATIONS: tuple[Operation, ...] = (*customers.OPERATIONS, *addresses.OPERATIONS, *loading.OPERATIONS)
