"""Permissions of the organisation and the roles that hold them."""

from __future__ import annotations

from kassa.kernel.contributions import Permission, Role

ADMINISTRATOR = "administrator"
"""The role that holds every permission, also those of plugins that come later."""

PERMISSIONS = (
    Permission(name="org.read", summary="See legal entities, stores, warehouses, how they are arranged, and reason codes"),
    Permission(name="org.change", summary="Create and change legal entities, stores, warehouses, how they are arranged, and reason codes"),
    Permission(name="org.read_workers", summary="See workers, their roles and API keys"),
    Permission(name="org.manage_workers", summary="Create and change workers, grant and revoke roles"),
    Permission(name="org.manage_api_keys", summary="Create and revoke API keys"),
)

ROLES = (
    Role(name="org.administrator", role=ADMINISTRATOR, summary="May do everything", permissions=()),
    Role(name="org.cashier", role="cashier", summary="Sells in a store", permissions=("org.read",)),
    Role(name="org.store_manager", role="store_manager", summary="Runs a store", permissions=("org.read", "org.read_workers")),
    Role(name="org.accountant", role="accountant", summary="Keeps the books", permissions=("org.read",)),
    Role(name="org.stock_clerk", role="stock_clerk", summary="Keeps the stock", permissions=("org.read",)),
    Role(
        name="org.integrator",
        role="integrator",
        summary="Sets the installation up and connects other systems to it",
        permissions=tuple(permission.name for permission in PERMISSIONS),
    ),
)
