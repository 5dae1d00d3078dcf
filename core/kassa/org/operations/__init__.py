"""The verbs of the organisation, one file for each thing they are about."""

from __future__ import annotations

from kassa.kernel.contributions import Operation
from kassa.org.operations import api_keys, legal_entities, reason_codes, role_grants, stores, warehouses, workers

OPERATIONS: tuple[Operation, ...] = (
    *legal_entities.OPERATIONS,
    *stores.OPERATIONS,
    *warehouses.OPERATIONS,
    *workers.OPERATIONS,
    *role_grants.OPERATIONS,
    *api_keys.OPERATIONS,
    *reason_codes.OPERATIONS,
)
