"""The tables of the organisation."""

from __future__ import annotations

from kassa.kernel.tables import Table
from kassa.org.models.credentials import CredentialRow, SessionRow, SigningKeyRow, TriesRow
from kassa.org.models.people import ApiKeyRow, ReasonCodeRow, RoleGrantRow, WorkerRow
from kassa.org.models.places import LegalEntityRow, PlaceRow, ProfileRow, StoreRow, WarehouseRow
from kassa.org.models.structure import (
    FulfilmentGroupRow,
    FulfilmentMemberRow,
    FulfilmentStoreRow,
    HierarchyRow,
    NodeRow,
    PlacementRow,
    ReturnPolicyRow,
    ReturnRuleRow,
)

TABLES: tuple[type[Table], ...] = (
    LegalEntityRow,
    WarehouseRow,
    PlaceRow,
    ProfileRow,
    StoreRow,
    WorkerRow,
    RoleGrantRow,
    ApiKeyRow,
    CredentialRow,
    SessionRow,
    SigningKeyRow,
    TriesRow,
    ReasonCodeRow,
    HierarchyRow,
    NodeRow,
    PlacementRow,
    FulfilmentGroupRow,
    FulfilmentMemberRow,
    FulfilmentStoreRow,
    ReturnPolicyRow,
    ReturnRuleRow,
)

__all__ = [
    "TABLES",
    "ApiKeyRow",
    "CredentialRow",
    "FulfilmentGroupRow",
    "FulfilmentMemberRow",
    "FulfilmentStoreRow",
    "HierarchyRow",
    "LegalEntityRow",
    "NodeRow",
    "PlaceRow",
    "PlacementRow",
    "ProfileRow",
    "ReasonCodeRow",
    "ReturnPolicyRow",
    "ReturnRuleRow",
    "RoleGrantRow",
    "SessionRow",
    "SigningKeyRow",
    "StoreRow",
    "TriesRow",
    "WarehouseRow",
    "WorkerRow",
]
