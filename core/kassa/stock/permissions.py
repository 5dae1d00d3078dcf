"""Permissions of stock and the roles that hold them."""

from __future__ import annotations

from kassa.kernel.contributions import Permission, Role

PERMISSIONS = (
    Permission(name="stock.adjust", summary="Put stock in or take it out without a sale."),
    Permission(name="stock.adjust_cost", summary="Change what goods cost, after the fact."),
    Permission(name="stock.block", summary="Keep goods from being sold, and let them be sold again."),
    Permission(name="stock.close_period", summary="Close the stock of a legal entity through a date."),
    Permission(name="stock.count", summary="Count stock and post the differences."),
    Permission(name="stock.read", summary="See what lies where and how it moved."),
    Permission(name="stock.read_value", summary="See what stock is worth."),
    Permission(name="stock.reserve", summary="Keep goods for an order or a cart, and let them go."),
    Permission(name="stock.transfer", summary="Carry goods from one warehouse to another."),
)
KEEPS = (
    "stock.adjust", "stock.block", "stock.count", "stock.read", "stock.read_value", "stock.reserve", "stock.transfer",
)  # fmt: skip
ACCOUNTS = ("stock.adjust_cost", "stock.close_period", "stock.read", "stock.read_value")
ROLES = (
    Role(name="stock.stock_clerk", role="stock_clerk", summary="Keeps the stock.", permissions=KEEPS),
    Role(name="stock.cashier", role="cashier", summary="Sees stock, and keeps goods for carts.", permissions=("stock.read", "stock.reserve")),
    Role(name="stock.returns_clerk", role="returns_clerk", summary="Sees stock.", permissions=("stock.read",)),
    Role(name="stock.store_manager", role="store_manager", summary="Keeps the stock of a store.", permissions=KEEPS),
    Role(name="stock.accountant", role="accountant", summary="Sees stock and its value, and settles what goods cost.", permissions=ACCOUNTS),
    Role(name="stock.integrator", role="integrator", summary="Loads stock.", permissions=KEEPS),
)
