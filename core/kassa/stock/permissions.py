"""Permissions of stock and the roles that hold them."""

from __future__ import annotations

from kassa.kernel.contributions import Permission, Role

PERMISSIONS = (
    Permission(name="stock.adjust", summary="Put stock in or take it out without a sale."),
    Permission(name="stock.read", summary="See what lies where and how it moved."),
    Permission(name="stock.read_value", summary="See what stock is worth."),
)
KEEPS = ("stock.adjust", "stock.read", "stock.read_value")
ROLES = (
    Role(name="stock.stock_clerk", role="stock_clerk", summary="Keeps the stock.", permissions=KEEPS),
    Role(name="stock.cashier", role="cashier", summary="Sees stock.", permissions=("stock.read",)),
    Role(name="stock.store_manager", role="store_manager", summary="Keeps the stock of a store.", permissions=KEEPS),
    Role(name="stock.accountant", role="accountant", summary="Sees stock and its value.", permissions=("stock.read", "stock.read_value")),
    Role(name="stock.integrator", role="integrator", summary="Loads stock.", permissions=KEEPS),
)
