"""The verbs of the organisation, one file for each thing they are about."""

from __future__ import annotations

from kassa.kernel.contributions import Operation
from kassa.org.operations import (
    api_keys,
    countersigning,
    credentials,
    fulfilment,
    hierarchies,
    legal_entities,
    nearness,
    nodes,
    places,
    profiles,
    reason_codes,
    return_policies,
    role_grants,
    sessions,
    signing_keys,
    stores,
    warehouses,
    workers,
)

OPERATIONS: tuple[Operation, ...] = (
    *legal_entities.OPERATIONS,
    *stores.OPERATIONS,
    *nearness.OPERATIONS,
    *warehouses.OPERATIONS,
    *places.OPERATIONS,
    *profiles.OPERATIONS,
    *hierarchies.OPERATIONS,
    *nodes.OPERATIONS,
    *fulfilment.OPERATIONS,
    *return_policies.OPERATIONS,
    *workers.OPERATIONS,
    *role_grants.OPERATIONS,
    *api_keys.OPERATIONS,
    *credentials.OPERATIONS,
    *sessions.OPERATIONS,
    *countersigning.OPERATIONS,
    *signing_keys.OPERATIONS,
    *reason_codes.OPERATIONS,
)
