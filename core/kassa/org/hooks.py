"""Organisation: legal entities, stores, warehouses, how they are arranged, workers and their roles, API keys, reason codes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel.contributions import Service, SettingScope, Standing, Storage
from kassa.kernel.plugins import hookimpl
from kassa.org.access import still_acts, tokens
from kassa.org.credentials import issuer
from kassa.org.errors import CODES
from kassa.org.facts import all_legal_entities, check_setting_target, only_legal_entity, profile_of
from kassa.org.invariants import INVARIANTS
from kassa.org.models import TABLES
from kassa.org.operations import OPERATIONS
from kassa.org.permissions import PERMISSIONS, ROLES
from kassa.org.settings import PURPOSES, SETTINGS


@hookimpl
def register_storage() -> Iterable[Any]:
    """Contribute the tables of the organisation and what must hold in them."""
    return [Storage(name="org", tables=TABLES), *INVARIANTS]


@hookimpl
def register_definitions() -> Iterable[Any]:
    """Contribute permissions, roles, error codes, purposes, and where settings can be given."""
    scope = SettingScope(
        name="org.places",
        summary="Settings are given to legal entities, profiles of stores, and stores",
        profile_of=profile_of,
        check=check_setting_target,
        entity_of=only_legal_entity,
        entities=all_legal_entities,
    )
    standing = Standing(
        name="org.standing", summary="Workers act as long as they are active, keys as long as they count", stands=still_acts
    )
    return [*PERMISSIONS, *ROLES, *CODES, *SETTINGS, *PURPOSES, scope, standing]


@hookimpl
def register_operations() -> Iterable[Any]:
    """Contribute the verbs of the organisation."""
    return OPERATIONS


@hookimpl
def register_services() -> Iterable[Any]:
    """Contribute the keys that sign tokens, and the external issuer that the environment names."""
    known = issuer.configured()
    return [
        Service(
            name="org.memory_keys", port=tokens.PORT, provider=tokens.MemoryKeys, summary="Keys in the memory of each process", default=True
        ),
        Service(
            name="org.openid", port=issuer.PORT, provider=lambda: known, summary="The OpenID Connect issuer of KASSA_ISSUER", default=True
        ),
    ]
