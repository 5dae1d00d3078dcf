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
    Permission(name="org.manage_api_keys", summary="Create and revoke API keys, unlock tills and apps"),
    Permission(name="org.manage_credentials", summary="Set PINs and passwords of workers who hold no more than oneself, unlock workers"),
    Permission(name="org.sign_in", summary="Let workers sign in at this till or in this app"),
    Permission(name="org.manage_signing_keys", summary="See and revoke the keys by which tokens of workers are verified"),
)

ROLES = (
    Role(name="org.administrator", role=ADMINISTRATOR, summary="May do everything", permissions=()),
    Role(name="org.cashier", role="cashier", summary="Sells in a store", permissions=("org.read",)),
    Role(
        name="org.store_manager",
        role="store_manager",
        summary="Runs a store",
        permissions=("org.read", "org.read_workers", "org.manage_credentials"),
    ),
    Role(
        name="org.till",
        role="till",
        summary="A till or an app in which workers sign in; it may do nothing else",
        permissions=("org.sign_in",),
    ),
    Role(name="org.returns_clerk", role="returns_clerk", summary="Takes goods back", permissions=("org.read",)),
    Role(name="org.payables", role="payables", summary="Pays vendors and pays credits out", permissions=("org.read",)),
    Role(name="org.accountant", role="accountant", summary="Keeps the books", permissions=("org.read",)),
    Role(name="org.stock_clerk", role="stock_clerk", summary="Keeps the stock", permissions=("org.read",)),
    Role(
        name="org.integrator",
        role="integrator",
        summary="Sets the installation up and connects other systems to it",
        permissions=tuple(permission.name for permission in PERMISSIONS),
    ),
)
