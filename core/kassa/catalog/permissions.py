"""Permissions of the catalogue and the roles that hold them."""

from __future__ import annotations

from kassa.kernel.contributions import Permission, Role

PERMISSIONS = (
    Permission(name="catalog.read", summary="See products, categories, prices and tax codes, and search"),
    Permission(name="catalog.change_products", summary="Create, change and release products; barcodes, categories, item model groups"),
    Permission(name="catalog.change_prices", summary="Create and change price lists, enter prices"),
    Permission(name="catalog.change_taxes", summary="Enter rates of tax codes, make up tax groups"),
)
READ = ("catalog.read",)

ROLES = (
    Role(name="catalog.cashier", role="cashier", summary="Finds products", permissions=READ),
    Role(
        name="catalog.store_manager",
        role="store_manager",
        summary="Finds products, keeps prices",
        permissions=(*READ, "catalog.change_prices"),
    ),
    Role(name="catalog.returns_clerk", role="returns_clerk", summary="Finds products", permissions=READ),
    Role(name="catalog.stock_clerk", role="stock_clerk", summary="Finds products", permissions=READ),
    Role(name="catalog.accountant", role="accountant", summary="Keeps the rates of tax", permissions=(*READ, "catalog.change_taxes")),
    Role(
        name="catalog.integrator",
        role="integrator",
        summary="Loads the catalogue",
        permissions=tuple(permission.name for permission in PERMISSIONS),
    ),
)
